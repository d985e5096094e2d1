//! Reading a comparator table: lines in, checked series out, or every fault.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

use super::csv_line::cells;
use super::fault::{ComparatorFault, ComparatorFaults};
use super::row_checks::RowChecks;
use super::{ComparatorTable, Counts, ForceSeries};
use crate::definitions::{Definitions, OthersTable};
use crate::domain::{Month, Scope};

/// Columns of the table. Others may stand beside them and are not read.
pub(super) const COLUMNS: [&str; 7] = ["metric", "force", "scope", "month", "numerator", "denominator", "value"];

/// Reading stops after so many.
const MOST_FAULTS: usize = 1_000;

/// One record, its cells by the places of [`COLUMNS`].
pub(super) struct Record<'a> {
    pub number: u64,
    pub cells: [&'a str; 7],
}

/// Metric, force, scope, month.
type Rows = BTreeMap<(String, Arc<str>, Arc<str>), BTreeMap<Month, Counts>>;

impl ComparatorTable {
    /// Reads the table from decompressed text; `file` is the name that faults speak of.
    ///
    /// # Errors
    /// All faults together: a column, metric, force or scope that is not known, a number that is none or that its kind
    /// of metric cannot have, a row that stands twice; and, once there is none of these, a month that is left out
    /// between two others.
    pub fn read(file: &str, input: impl BufRead, definitions: &Definitions) -> Result<Self, ComparatorFaults> {
        let fail = |faults| Err(ComparatorFaults { file: file.to_owned(), faults });
        let mut faults = Vec::new();
        let rows = rows(input, definitions, &mut faults);
        if !faults.is_empty() {
            // Rows that are not there for their own faults would look like holes.
            return fail(faults);
        }
        let table = Self::series(rows, definitions, &mut faults);
        faults.sort_by_key(|fault| fault.record);
        if faults.is_empty() { Ok(table) } else { fail(faults) }
    }

    fn series(rows: Rows, definitions: &Definitions, faults: &mut Vec<ComparatorFault>) -> Self {
        let mut table = Self::default();
        for ((metric, force, scope), months) in rows {
            let forces = table.metrics.entry(metric).or_default();
            let (Some((first, _)), Some((last, _))) = (months.first_key_value(), months.last_key_value()) else {
                continue;
            };
            let new = || ForceSeries {
                first: *first,
                last: *last,
                not_reported: not_reported(definitions, &force),
                scopes: BTreeMap::new(),
            };
            forces.entry(force.clone()).or_insert_with(new).scopes.insert(scope, months);
        }
        for series in table.metrics.values_mut().flat_map(BTreeMap::values_mut) {
            span(series, faults);
        }
        table
    }
}

/// The spans that a force did not report.
fn not_reported(definitions: &Definitions, force: &str) -> Vec<(Month, Month)> {
    let rows = definitions.references.not_reported.iter();
    let of = rows.filter(|row| row.table == OthersTable::Comparators && row.force.as_str() == force);
    of.map(|row| (row.first, row.last)).collect()
}

/// Sets a force's first and last month by its rows in scope `all`, which must follow one another without a hole but for
/// what the force is known not to have reported.
fn span(series: &mut ForceSeries, faults: &mut Vec<ComparatorFault>) {
    let Some(all) = series.scopes.get(Scope::all().as_str()) else {
        let record = series.scopes.values().flat_map(|months| months.values().map(|c| c.record)).min();
        let expected = "rows of the metric and force in scope all".to_owned();
        faults.push(ComparatorFault { record, column: "scope", expected, found: "none".to_owned() });
        return;
    };
    for ((before, _), (month, counts)) in all.iter().zip(all.iter().skip(1)) {
        let mut between = (before.serial() + 1..month.serial()).map(Month::from_serial);
        let known = |month: Month| series.not_reported.iter().any(|(from, to)| *from <= month && month <= *to);
        if !between.all(known) {
            let expected = format!("{}, the month after {before}", before.plus(1));
            let record = Some(counts.record);
            faults.push(ComparatorFault { record, column: "month", expected, found: format!("{month}") });
        }
    }
    let covered: Vec<Month> = all.keys().copied().collect();
    if let (Some(first), Some(last)) = (covered.first(), covered.last()) {
        (series.first, series.last) = (*first, *last);
    }
    let outside = series.scopes.values().flatten().filter(|(month, _)| !covered.contains(month));
    for (month, counts) in outside {
        let expected = format!("a row in scope all for {month} too");
        let (record, found) = (Some(counts.record), "none".to_owned());
        faults.push(ComparatorFault { record, column: "scope", expected, found });
    }
}

fn rows(input: impl BufRead, definitions: &Definitions, faults: &mut Vec<ComparatorFault>) -> Rows {
    let mut checks = RowChecks::new(definitions);
    let mut places = None;
    let mut rows = Rows::new();
    for (line, number) in input.lines().zip(1..) {
        if faults.len() == MOST_FAULTS {
            break;
        }
        let line = match line {
            Ok(line) => line,
            Err(error) => {
                faults.push(of_record(number, "text that can be read", error.to_string()));
                return rows;
            }
        };
        // Excel writes a byte order mark.
        let line = if number == 1 { line.trim_start_matches('\u{feff}') } else { &line };
        let Some(cells) = cells(line.trim_end_matches('\r')) else {
            faults.push(of_record(number, "quotes that are closed on the line", line.to_owned()));
            continue;
        };
        let Some(places) = &places else {
            match header(&cells, faults) {
                Some(found) => places = Some(found),
                None => return rows,
            }
            continue;
        };
        if line.is_empty() {
            continue;
        }
        if cells.len() != places.cells {
            faults.push(of_record(number, &format!("{} cells", places.cells), cells.len().to_string()));
            continue;
        }
        let record = Record { number, cells: places.columns.map(|place| cells[place].as_str()) };
        match checks.row(&record) {
            Ok(Some(row)) => insert(&mut rows, row, faults),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    if places.is_none() {
        faults.push(of_record(1, &format!("the header {}", COLUMNS.join(",")), "an empty file".to_owned()));
    }
    rows
}

/// A row that passed every check of its own.
pub(super) struct Row {
    pub metric: String,
    pub force: Arc<str>,
    pub scope: Arc<str>,
    pub month: Month,
    pub counts: Counts,
}

fn insert(rows: &mut Rows, row: Row, faults: &mut Vec<ComparatorFault>) {
    let months = rows.entry((row.metric, row.force, row.scope)).or_default();
    if let Some(before) = months.insert(row.month, row.counts) {
        let found = format!("those of record {}", before.record);
        faults.push(of_record(row.counts.record, "a metric, force, scope and month of its own", found));
    }
}

struct Places {
    columns: [usize; 7],
    cells: usize,
}

fn header(cells: &[String], faults: &mut Vec<ComparatorFault>) -> Option<Places> {
    let before = faults.len();
    let columns = COLUMNS.map(|column| {
        cells.iter().position(|cell| cell == column).unwrap_or_else(|| {
            let found = format!("`{}`", cells.join(","));
            faults.push(ComparatorFault { record: Some(1), column, expected: "the column".to_owned(), found });
            0
        })
    });
    (faults.len() == before).then_some(Places { columns, cells: cells.len() })
}

fn of_record(number: u64, expected: &str, found: String) -> ComparatorFault {
    ComparatorFault { record: Some(number), column: "", expected: expected.to_owned(), found }
}
