//! Home Office tables with a row per financial year, and per force where the table is by force.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::PolarsResult;

use super::FinancialYear;
use super::error::Fault;
use super::text_table::{Columns, FileMark, TextTable};
use crate::definitions::{Force, PublishedShape};
use crate::domain::{ENGLAND_AND_WALES, ForceId};
use crate::tables::accepted::Reconciliation;

/// Slugs of the tables that differ from references/forces.csv.
const OTHER_SLUGS: [(&str, &str); 2] = [("metropolitan-police", "metropolitan"), ("british-transport-police", "btp")];

/// What one shape of table holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub shape: PublishedShape,
    /// With columns `force` and `slug`; without them every row is England and Wales.
    pub by_force: bool,
    /// Columns of yearly counts.
    pub counts: &'static [&'static str],
    /// What must hold within a row; says which counts do not add up.
    pub check: fn(&YearRow) -> Option<String>,
}

impl Layout {
    fn columns(&self) -> Vec<&'static str> {
        let key: &[&str] = if self.by_force { &["force", "slug", "fy"] } else { &["fy"] };
        key.iter().chain(self.counts).copied().collect()
    }
}

/// One row: counts of one force, or of England and Wales, in one year.
#[derive(Clone, Debug)]
pub(super) struct YearRow {
    pub file: Arc<str>,
    pub record: u64,
    pub names: &'static [&'static str],
    /// In the order of the layout; `None` where the table says that it has none (`N/A`).
    pub counts: Vec<Option<u64>>,
}

impl YearRow {
    /// A count by the name of its column; `None` where the table has no such count or no value.
    pub fn count(&self, column: &str) -> Option<u64> {
        self.counts[self.names.iter().position(|name| *name == column)?]
    }
}

/// All files of one shape, each force and year once.
pub(super) struct YearTable {
    pub layout: Layout,
    pub rows: BTreeMap<(ForceId, FinancialYear), YearRow>,
    /// The file of every row that repeats a row of another file.
    repeated: Vec<Arc<str>>,
    records: BTreeMap<Arc<str>, u64>,
}

impl YearTable {
    pub const fn empty(layout: Layout) -> Self {
        Self { layout, rows: BTreeMap::new(), repeated: Vec::new(), records: BTreeMap::new() }
    }

    /// Reads files in the order of their names. A file that cannot be used, and every wrong row, is a fault.
    pub fn read(
        layout: Layout,
        files: &[PathBuf],
        forces: &BTreeMap<ForceId, Force>,
        faults: &mut Vec<Fault>,
    ) -> PolarsResult<(Self, Vec<FileMark>)> {
        let mut table = Self::empty(layout);
        let mut read = Vec::new();
        for path in files {
            match TextTable::read(path, "", Columns::Exactly(&layout.columns())) {
                Ok(text) => {
                    table.add(&text, forces, faults)?;
                    read.push(text.mark);
                }
                Err(fault) => faults.push(fault),
            }
        }
        Ok((table, read))
    }

    /// Adds the rows of one file.
    pub fn add(
        &mut self,
        text: &TextTable,
        forces: &BTreeMap<ForceId, Force>,
        faults: &mut Vec<Fault>,
    ) -> PolarsResult<()> {
        if self.records.insert(text.mark.file.clone(), text.records).is_some() {
            faults.push(Fault::of_file(&text.mark.file, "is read twice"));
        }
        let expected = self.layout.columns().len();
        faults.extend(text.ragged.iter().map(|ragged| {
            Fault::of_record(
                &text.mark.file,
                ragged.record,
                format!("has {} fields where the header has {expected}", ragged.fields),
            )
        }));
        for row in 0..text.height() {
            let before = faults.len();
            let key = self.key(text, row, forces, faults)?;
            let counts = self.counts(text, row, faults)?;
            let new =
                YearRow { file: text.mark.file.clone(), record: text.record(row), names: self.layout.counts, counts };
            if let Some(problem) = (self.layout.check)(&new) {
                faults.push(Fault::of_record(&new.file, new.record, problem));
            }
            if let (Some(key), true) = (key, faults.len() == before) {
                self.insert(key, new, faults);
            }
        }
        Ok(())
    }

    fn key(
        &self,
        text: &TextTable,
        row: usize,
        forces: &BTreeMap<ForceId, Force>,
        faults: &mut Vec<Fault>,
    ) -> PolarsResult<Option<(ForceId, FinancialYear)>> {
        let fault = |column, problem| Fault::of_cell(&text.mark.file, text.record(row), column, problem);
        let written = text.column("fy")?.get(row).unwrap_or_default().trim();
        let year = FinancialYear::parse(written);
        if year.is_none() {
            faults.push(fault("fy", format!("`{written}` is no financial year, such as 2024/25")));
        }
        let force = if self.layout.by_force {
            let slug = text.column("slug")?.get(row).unwrap_or_default().trim();
            let force = known_force(slug, forces);
            if force.is_none() {
                faults.push(fault("slug", format!("`{slug}` is no force of references/forces.csv")));
            }
            force
        } else {
            ForceId::new(ENGLAND_AND_WALES)
        };
        Ok(force.zip(year))
    }

    fn counts(&self, text: &TextTable, row: usize, faults: &mut Vec<Fault>) -> PolarsResult<Vec<Option<u64>>> {
        let mut counts = Vec::with_capacity(self.layout.counts.len());
        for name in self.layout.counts {
            let written = text.column(name)?.get(row).unwrap_or_default().trim();
            counts.push(count(written).unwrap_or_else(|problem| {
                faults.push(Fault::of_cell(&text.mark.file, text.record(row), name, problem));
                None
            }));
        }
        Ok(counts)
    }

    /// A force's year may stand in two files, and must then say the same; in one file it stands once.
    pub fn insert(&mut self, key: (ForceId, FinancialYear), new: YearRow, faults: &mut Vec<Fault>) {
        let Some(known) = self.rows.get(&key) else {
            self.rows.insert(key, new);
            return;
        };
        let (force, year) = &key;
        if known.file == new.file {
            let problem = format!("{force} in {year} stands in record {} already", known.record);
            faults.push(Fault::of_record(&new.file, new.record, problem));
            return;
        }
        let shown = |count: Option<u64>| count.map_or_else(|| "N/A".to_owned(), |count| count.to_string());
        for (name, (old, count)) in new.names.iter().zip(known.counts.iter().zip(&new.counts)) {
            if old != count {
                let (file, record) = (&known.file, known.record);
                let (here, there) = (shown(*count), shown(*old));
                let problem = format!("{force} in {year} has {here} here and {there} in {file}, record {record}");
                faults.push(Fault::of_cell(&new.file, new.record, name, problem));
            }
        }
        self.repeated.push(new.file);
    }

    /// Whether a row is a record of one of the table's own files, and not a sum over another table.
    pub fn holds(&self, row: &YearRow) -> bool {
        self.records.contains_key(&row.file)
    }

    /// The years that any row is of.
    pub fn years(&self) -> BTreeSet<FinancialYear> {
        self.rows.keys().map(|(_, year)| *year).collect()
    }

    /// The newest year that any row is of.
    pub fn newest_year(&self) -> Option<FinancialYear> {
        self.rows.keys().map(|(_, year)| *year).max()
    }

    /// Takes out the years that are not over on the data date, and says where every record of every file is.
    pub fn up_to(&mut self, data_date: NaiveDate) -> Vec<Reconciliation> {
        let over = |year: FinancialYear| year.last_day() <= data_date;
        let mut fates: BTreeMap<Arc<str>, Reconciliation> = BTreeMap::new();
        for (file, records) in &self.records {
            let (extract, file_name) = (self.layout.shape.name().to_owned(), file.to_string());
            let fate = Reconciliation { extract, file: file_name, records_read: *records, ..Reconciliation::default() };
            fates.insert(file.clone(), fate);
        }
        for ((_, year), row) in &self.rows {
            if let Some(fate) = fates.get_mut(&row.file) {
                if over(*year) { fate.accepted += 1 } else { fate.out_of_window += 1 }
            }
        }
        for file in &self.repeated {
            fates.get_mut(file).into_iter().for_each(|fate| fate.duplicates += 1);
        }
        self.rows.retain(|(_, year), _| over(*year));
        fates.into_values().collect()
    }
}

/// A force by the slug of a published table or file.
pub(super) fn known_force(slug: &str, forces: &BTreeMap<ForceId, Force>) -> Option<ForceId> {
    let slug = OTHER_SLUGS.iter().find(|(other, _)| *other == slug).map_or(slug, |(_, ours)| ours);
    ForceId::new(slug).filter(|id| forces.contains_key(id))
}

/// A yearly count: `N/A`, whatever follows it, is no count and never 0.
///
/// # Errors
/// Anything else that is no whole number, and a number below zero: corrections make quarterly counts negative, never yearly ones.
fn count(text: &str) -> Result<Option<u64>, String> {
    if text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("n/a")) {
        return Ok(None);
    }
    match text.parse::<i64>() {
        _ if text.is_empty() => Err("is blank: neither a number nor N/A".to_owned()),
        Ok(number) => {
            u64::try_from(number).map(Some).map_err(|_| format!("`{text}` is below zero, which no year's count is"))
        }
        Err(_) => Err(format!("`{text}` is no whole number")),
    }
}
