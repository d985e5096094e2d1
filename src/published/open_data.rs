//! The Home Office outcomes workbook as it is published: cover and notes sheets, and a sheet with a row for each force,
//! quarter, offence and outcome type, on both bases.
//!
//! Its rows are added up to the yearly counts that the processed tables hold, so either gives the same figures, and where
//! a build reads both they must agree.
//!
//! - Type 0 (not yet assigned) and the rows "of which" (1A, 2A, 3A) are in no count.
//! - A count below zero is a correction of an earlier quarter: it stays in the sum, which may not fall below zero.
//! - `N/A - Offence code expired` counts nothing: there was no such offence. Any other `N/A` is a count that was not
//!   provided, and the year's sum is missing, never less.
//! - A year without all four quarters gives no yearly count.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::PolarsResult;

use super::FinancialYear;
use super::error::Fault;
use super::findings::PublishedFinding;
use super::force_names::{Body, ForceNames};
use super::home_office::{FORCE_OUTCOMES, OUTCOME_COLUMNS, OUTCOME_TYPES};
use super::left_out::LeftOut;
use super::text_table::{Named, TextTable};
use super::year_table::{YearRow, YearTable};
use crate::definitions::{PublishedShape, References};
use crate::domain::ForceId;
use crate::tables::accepted::Reconciliation;
use crate::tables::quality::Dimension;

/// How the sheet with the figures is named.
pub(super) const SHEET: &str = "Outcomes_open_data";

const fn needed(name: &'static str, written: &'static [&'static str]) -> Named {
    Named { name, written, needed: true }
}

const fn optional(name: &'static str, written: &'static [&'static str]) -> Named {
    Named { name, written, needed: false }
}

/// Headers of the releases up to March 2026, those of the files by subcode among them.
pub(super) const COLUMNS: [Named; 14] = [
    needed("year", &["Financial Year"]),
    needed("quarter", &["Financial Quarter"]),
    needed("force", &["Force Name", "Police Force"]),
    needed("offence", &["Offence Code"]),
    optional("subcode", &["Offence Subcode"]),
    optional("offence_name", &["Offence Description"]),
    optional("offence_group", &["Offence Group"]),
    optional("offence_subgroup", &["Offence Subgroup"]),
    optional("expired", &["Offence code expired"]),
    needed("outcome_type", &["Outcome Type"]),
    optional("outcome_name", &["Outcome Description"]),
    optional("outcome_group", &["Outcome Group"]),
    needed(
        "recorded",
        &[
            "Outcomes for offences that were recorded in the quarter",
            "Force outcomes for offences recorded in quarter",
            "Outcomes for offences recorded in the quarter",
        ],
    ),
    needed(
        "closed",
        &[
            "Outcomes for investigations closed in the quarter",
            "Force outcomes recorded in quarter",
            "Outcomes recorded in the quarter",
        ],
    ),
];

const BASES: [&str; 2] = ["closed", "recorded"];
/// Behind the types that have a column: every outcome assigned.
const ASSIGNED: usize = OUTCOME_TYPES.len();

const NOT_ASSIGNED: &str = "outcome type 0, not yet assigned: in no total";
const OF_WHICH: &str = "a row \"of which\" (1A, 2A, 3A): inside types 1, 2 and 3";
const FRAUD_BODY: &str = "a national body for fraud: no force";
const PART_YEAR: &str = "the file does not hold all four quarters of the force's year";

/// A count as the sheet writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Of(i64),
    /// There was no such offence.
    Expired,
    NotProvided,
}

/// A sum that is missing as soon as one of its counts is.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    total: i64,
    missing: bool,
}

/// One force's year in one file.
#[derive(Clone, Debug, Default)]
struct ForceYear {
    first_record: u64,
    rows: u64,
    quarters: BTreeSet<u8>,
    /// By basis, then type.
    sums: [[Sum; ASSIGNED + 1]; 2],
    not_provided: u64,
}

/// One workbook.
pub(super) struct OpenData {
    file: Arc<str>,
    years: BTreeMap<(ForceId, FinancialYear), ForceYear>,
    /// Rows of each year, of forces or not.
    records: BTreeMap<FinancialYear, u64>,
    /// Rows that are in no count, by year and reason.
    aside: BTreeMap<(FinancialYear, &'static str), u64>,
    below_zero: u64,
}

/// Year, quarter, force or body, outcome type, offence: a row has them to itself.
type Key<'t> = (FinancialYear, u8, String, String, (&'t str, &'t str));

/// What a row's key says.
struct Row<'t> {
    year: FinancialYear,
    quarter: u8,
    body: Body,
    outcome_type: String,
    offence: (&'t str, &'t str),
    /// As written.
    force: &'t str,
}

impl Row<'_> {
    /// One name for each force or body.
    fn unit(&self) -> String {
        match &self.body {
            Body::Force(force) => force.to_string(),
            Body::NationalFraudBody => self.force.to_lowercase(),
        }
    }
}

impl OpenData {
    /// Adds up the rows of a table; every row that cannot be read is a fault.
    pub fn read(table: &TextTable, references: &References, faults: &mut Vec<Fault>) -> PolarsResult<Self> {
        let names = ForceNames::new(&references.forces);
        let types: BTreeSet<&str> = references.outcome_types.iter().map(|t| t.code.as_str()).chain(["0"]).collect();
        let mut data = Self {
            file: table.mark.file.clone(),
            years: BTreeMap::new(),
            records: BTreeMap::new(),
            aside: BTreeMap::new(),
            below_zero: 0,
        };
        faults.extend(table.ragged.iter().map(|r| {
            Fault::of_record(&data.file, r.record, format!("has {} fields, another number than the header", r.fields))
        }));
        let column = |name: &str| table.column(name);
        let cells =
            [column("year")?, column("quarter")?, column("force")?, column("outcome_type")?, column("offence")?];
        let (subcodes, counts) = (column("subcode").ok(), [column("closed")?, column("recorded")?]);
        let mut seen: HashSet<Key<'_>> = HashSet::new();
        for at in 0..table.height() {
            let record = table.record(at);
            let cell = |i: usize| cells[i].get(at).unwrap_or_default().trim();
            let subcode = subcodes.and_then(|cells| cells.get(at)).unwrap_or_default().trim();
            let key = [cell(0), cell(1), cell(2), cell(3), cell(4), subcode];
            let row = match row(key, &names, &types) {
                Ok(row) => row,
                Err((column, problem)) => {
                    faults.push(Fault::of_cell(&data.file, record, column, problem));
                    continue;
                }
            };
            if !seen.insert((row.year, row.quarter, row.unit(), row.outcome_type.clone(), row.offence)) {
                let problem = "stands in the file already: the same force, quarter, offence and outcome type";
                faults.push(Fault::of_record(&data.file, record, problem));
                continue;
            }
            let mut read = [Count::NotProvided; 2];
            for (basis, read) in read.iter_mut().enumerate() {
                *read = count(counts[basis].get(at).unwrap_or_default().trim()).unwrap_or_else(|problem| {
                    faults.push(Fault::of_cell(&data.file, record, BASES[basis], problem));
                    Count::Expired
                });
            }
            data.add(&row, record, read);
        }
        Ok(data)
    }

    fn add(&mut self, row: &Row<'_>, record: u64, counts: [Count; 2]) {
        *self.records.entry(row.year).or_default() += 1;
        let Body::Force(force) = &row.body else {
            *self.aside.entry((row.year, FRAUD_BODY)).or_default() += 1;
            return;
        };
        let year = self.years.entry((force.clone(), row.year)).or_default();
        if year.rows == 0 {
            year.first_record = record;
        }
        year.rows += 1;
        year.quarters.insert(row.quarter);
        let reason = match row.outcome_type.as_str() {
            "0" => Some(NOT_ASSIGNED),
            of_which if of_which.ends_with('A') => Some(OF_WHICH),
            _ => None,
        };
        if let Some(reason) = reason {
            *self.aside.entry((row.year, reason)).or_default() += 1;
            return;
        }
        self.below_zero += counts.iter().filter(|count| matches!(count, Count::Of(n) if *n < 0)).count() as u64;
        year.not_provided += counts.iter().filter(|count| **count == Count::NotProvided).count() as u64;
        let own = OUTCOME_TYPES.iter().position(|code| *code == row.outcome_type);
        for (sums, count) in year.sums.iter_mut().zip(counts) {
            for at in own.into_iter().chain([ASSIGNED]) {
                match count {
                    Count::Of(n) => sums[at].total = sums[at].total.saturating_add(n),
                    Count::Expired => {}
                    Count::NotProvided => sums[at].missing = true,
                }
            }
        }
    }

    /// Puts the yearly counts among those of the processed tables, which must say the same.
    pub fn add_to(&self, outcomes: &mut YearTable, faults: &mut Vec<Fault>) {
        for (key, year) in self.years.iter().filter(|(_, year)| year.quarters.len() == 4) {
            let mut counts = Vec::with_capacity(OUTCOME_COLUMNS.len());
            for (basis, sums) in BASES.iter().zip(&year.sums) {
                counts.extend(in_order(sums).into_iter().map(|sum| {
                    let sum = sum?;
                    u64::try_from(sum)
                        .map_err(|_| {
                            let problem = format!("the {basis} counts of {} in {} add up to {sum}", key.0, key.1);
                            faults.push(Fault::of_record(&self.file, year.first_record, problem));
                        })
                        .ok()
                }));
            }
            let row = YearRow { file: self.file.clone(), record: year.first_record, names: &OUTCOME_COLUMNS, counts };
            match (FORCE_OUTCOMES.check)(&row) {
                Some(problem) => faults.push(Fault::of_record(&self.file, row.record, problem)),
                None => outcomes.insert(key.clone(), row, faults),
            }
        }
    }

    /// Where the rows are: accepted, or of a year that is not over on the data date.
    pub fn account(&self, data_date: NaiveDate) -> Reconciliation {
        let over = |year: &FinancialYear| year.last_day() <= data_date;
        let sum = |keep: bool| self.records.iter().filter(|(y, _)| over(y) == keep).map(|(_, rows)| rows).sum::<u64>();
        Reconciliation {
            extract: PublishedShape::HomeOfficeOutcomesOpenData.name().to_owned(),
            file: self.file.to_string(),
            records_read: self.records.values().sum(),
            accepted: sum(true),
            out_of_window: sum(false),
            ..Reconciliation::default()
        }
    }

    /// Accepted rows that are in no count, and why.
    pub fn left_out(&self, data_date: NaiveDate) -> Vec<LeftOut> {
        let mut rows: BTreeMap<&'static str, u64> = BTreeMap::new();
        for ((year, reason), count) in &self.aside {
            if year.last_day() <= data_date {
                *rows.entry(reason).or_default() += count;
            }
        }
        for ((_, year), force_year) in &self.years {
            if year.last_day() <= data_date && force_year.quarters.len() < 4 {
                *rows.entry(PART_YEAR).or_default() += force_year.rows;
            }
        }
        let extract = PublishedShape::HomeOfficeOutcomesOpenData.name();
        rows.into_iter().map(|(reason, rows)| LeftOut { extract, file: self.file.clone(), reason, rows }).collect()
    }

    pub fn findings(&self, found: &mut Vec<PublishedFinding>) {
        let finding = |column: &str, dimension, force, affected, of, words| PublishedFinding {
            extract: PublishedShape::HomeOfficeOutcomesOpenData.name(),
            file: self.file.to_string(),
            column: column.to_owned(),
            dimension,
            force,
            affected,
            of,
            words,
        };
        if self.below_zero > 0 {
            let cells = 2 * self.records.values().sum::<u64>();
            let words = "counts below zero: corrections of earlier quarters, kept in the sums".to_owned();
            found.push(finding("closed, recorded", Dimension::Validity, None, self.below_zero, Some(cells), words));
        }
        for ((force, year), of) in &self.years {
            if of.not_provided > 0 {
                let words = format!("counts of {year} not provided: the year's sums are missing, not lower");
                let cells = Some(2 * of.rows);
                found.push(finding(
                    "closed, recorded",
                    Dimension::Completeness,
                    Some(force.clone()),
                    of.not_provided,
                    cells,
                    words,
                ));
            }
            if of.quarters.len() < 4 {
                let words = format!("{} of 4 quarters of {year}: no yearly figure", of.quarters.len());
                let (affected, force) = (4 - of.quarters.len() as u64, Some(force.clone()));
                found.push(finding("quarter", Dimension::Completeness, force, affected, Some(4), words));
            }
        }
    }
}

/// The sums of one basis in the order of the columns: the types, those out of court together, positive, assigned.
fn in_order(sums: &[Sum; ASSIGNED + 1]) -> Vec<Option<i64>> {
    let value = |sum: &Sum| (!sum.missing).then_some(sum.total);
    let types: Vec<Option<i64>> = sums[..ASSIGNED].iter().map(value).collect();
    let out_of_court: Option<i64> = types[1..].iter().copied().sum();
    let positive = types[0].zip(out_of_court).map(|(charged, other)| charged + other);
    types.into_iter().chain([out_of_court, positive, value(&sums[ASSIGNED])]).collect()
}

fn row<'t>(key: [&'t str; 6], names: &ForceNames, types: &BTreeSet<&str>) -> Result<Row<'t>, (&'static str, String)> {
    let [year, quarter, force, outcome_type, offence, subcode] = key;
    let wrong = |column, text: &str, what: &str| (column, format!("`{text}` is no {what}"));
    let year = FinancialYear::parse(year).ok_or_else(|| wrong("year", year, "financial year, such as 2024/25"))?;
    let digit = quarter.strip_prefix(['Q', 'q']).unwrap_or(quarter);
    let number = digit.parse().ok().filter(|n| (1..=4).contains(n));
    let number: u8 = number.ok_or_else(|| wrong("quarter", quarter, "quarter, such as Q1 or 1"))?;
    let body = names.get(force).ok_or_else(|| wrong("force", force, "force of references/forces.csv"))?;
    let code = outcome_type.to_uppercase();
    let code = match code.trim_start_matches('0') {
        "" if !code.is_empty() => "0",
        code => code,
    };
    if !types.contains(code) {
        return Err(wrong("outcome_type", outcome_type, "outcome type of references/outcome_types.csv"));
    }
    Ok(Row { year, quarter: number, body, outcome_type: code.to_owned(), offence: (offence, subcode), force })
}

/// # Errors
/// What is neither a whole number nor `N/A`.
fn count(text: &str) -> Result<Count, String> {
    if text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("n/a")) {
        let expired = text.to_lowercase().contains("expired");
        return Ok(if expired { Count::Expired } else { Count::NotProvided });
    }
    match text.replace(',', "").parse() {
        Ok(number) => Ok(Count::Of(number)),
        Err(_) if text.is_empty() => Err("is blank: neither a number nor N/A".to_owned()),
        Err(_) => Err(format!("`{text}` is no whole number")),
    }
}

#[cfg(test)]
mod tests;
