//! The monthly outcome mix by force, from the street files of data.police.uk.
//!
//! Rules, in this order:
//!
//! - Anti-social behaviour is counted apart. Its rows have no Crime ID and no outcome, and those that are alike are
//!   separate incidents, so none is ever taken for a repetition.
//! - Rows of one force's month with the same Crime ID are one crime, whatever place they name, and the first row counts.
//!   A further row with the same crime type and outcome is a duplicate; one that differs in either goes to quarantine,
//!   which lists it beside what the first row says. A crime without an id is always counted.
//! - A month that a force did not report whole, by `references/not_reported.csv`, is missing from the mix, and so is one
//!   with under half the rows of the force's first month: forces have submitted parts. What the file held stands in
//!   `street_months`. The first month has nothing to be measured against.
//! - Every figure is provisional: the outcome is the last that was known when the files were made, so recent months hold
//!   more crimes under investigation.

mod file;
mod frames;
mod outcome_names;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::error::{Fault, PublishedError};
use super::findings::PublishedFinding;
use super::text_table::FileMark;
use crate::definitions::{Force, PublishedShape, References};
use crate::domain::{ForceId, Month};
use crate::tables::accepted::{Finding, Findings, Quarantined, Reconciliation};
use crate::tables::quality::Dimension;
use file::StreetMonth;
use frames::Judged;

/// A month with a smaller share of the rows of the force's first month is marked.
const LEAST_SHARE_OF_FIRST_MONTH: f64 = 0.5;

/// What the street files say.
#[derive(Clone, Debug)]
pub struct Street {
    /// Columns of [`super::OUTCOME_MIX`], sorted by them.
    pub outcome_mix: DataFrame,
    /// Columns of [`super::STREET_MONTHS`], sorted by them.
    pub street_months: DataFrame,
}

/// The months read, and where every record is.
pub(super) struct StreetFiles {
    /// By force, then month.
    months: BTreeMap<(ForceId, Month), StreetMonth>,
    pub marks: Vec<FileMark>,
}

impl StreetFiles {
    /// Reads every file; those that cannot be used are faults.
    pub fn read(paths: &[PathBuf], forces: &BTreeMap<ForceId, Force>, faults: &mut Vec<Fault>) -> Self {
        let read: Vec<_> = paths.par_iter().map(|path| StreetMonth::read(path, forces)).collect();
        let mut files = Self { months: BTreeMap::new(), marks: Vec::new() };
        let mut reporters: BTreeMap<String, ForceId> = BTreeMap::new();
        for one in read {
            let (month, mark) = match one {
                Ok(read) => read,
                Err(found) => {
                    faults.extend(found);
                    continue;
                }
            };
            for reporter in &month.reported_by {
                let force = reporters.entry(reporter.clone()).or_insert_with(|| month.force.clone());
                if *force != month.force {
                    let problem =
                        format!("is named after {}, but {reporter} reports as {force} elsewhere", month.force);
                    faults.push(Fault::of_file(&month.file, problem));
                }
            }
            let key = (month.force.clone(), month.month);
            if let Some(known) = files.months.get(&key) {
                let problem = format!("is of {} in {}, as {} is", key.0, key.1, known.file);
                faults.push(Fault::of_file(&month.file, problem));
            } else {
                files.months.insert(key, month);
            }
            files.marks.push(mark);
        }
        files
    }

    pub fn newest_month(&self) -> Option<Month> {
        self.months.keys().map(|(_, month)| *month).max()
    }

    /// The tables of the months that are over on the data date, and the account of every record.
    pub fn tables(
        mut self,
        data_date: NaiveDate,
        references: &References,
    ) -> Result<(Street, Account), PublishedError> {
        let names = outcome_names::outcome_names()?;
        let mut account = Account::default();
        for month in self.months.values_mut() {
            let (accepted, quarantined) =
                (month.crimes() + month.antisocial_behaviour, std::mem::take(&mut month.quarantined));
            let in_window = month.month.last_day() <= data_date;
            account.reconciliation.push(Reconciliation {
                extract: PublishedShape::PoliceUkStreet.name().to_owned(),
                file: month.file.to_string(),
                records_read: month.records,
                accepted: if in_window { accepted } else { 0 },
                out_of_window: if in_window { 0 } else { accepted },
                quarantined: quarantined.len() as u64,
                duplicates: month.repeated,
            });
            account.quarantined.extend(quarantined);
        }
        self.months.retain(|(_, month), _| month.last_day() <= data_date);
        let months: Vec<&StreetMonth> = self.months.values().collect();
        for month in &months {
            let unmapped =
                month.mix.iter().filter(|((_, outcome), _)| outcome.as_ref().is_some_and(|o| !names.contains_key(o)));
            let rows = unmapped.map(|(_, crimes)| crimes).sum();
            account.findings.add(
                Finding::UnmappedOutcome,
                PublishedShape::PoliceUkStreet.name(),
                "Last outcome category",
                rows,
            );
        }
        let rows = frames::with_completeness(&months, references);
        account.noted = rows.iter().flat_map(noted).collect();
        let street =
            Street { outcome_mix: frames::outcome_mix(&rows, &names)?, street_months: frames::street_months(&rows)? };
        Ok((street, account))
    }
}

/// What a file says of itself that its figures do not show.
fn noted(judged: &Judged<'_>) -> Vec<PublishedFinding> {
    let month = judged.month;
    let finding = |column: &str, dimension, affected, words: &str| PublishedFinding {
        extract: PublishedShape::PoliceUkStreet.name(),
        file: month.file.to_string(),
        column: column.to_owned(),
        dimension,
        force: Some(month.force.clone()),
        affected,
        of: Some(month.records),
        words: words.to_owned(),
    };
    let repeated = month.repeated + month.conflicting;
    let rows = "rows with a Crime ID that stands above them: each crime is counted once";
    let nowhere = "rows at `No Location`, without place and LSOA: in the force's counts, in no area's";
    let mut found = Vec::new();
    if let Some(why) = &judged.incomplete {
        found.push(finding("", Dimension::Completeness, month.records, why));
    }
    if repeated > 0 {
        found.push(finding("Crime ID", Dimension::Uniqueness, repeated, rows));
    }
    if month.without_place > 0 {
        found.push(finding("Location", Dimension::Completeness, month.without_place, nowhere));
    }
    found
}

/// Where every record of the street files ended up.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub reconciliation: Vec<Reconciliation>,
    pub quarantined: Vec<Quarantined>,
    pub findings: Findings,
    pub noted: Vec<PublishedFinding>,
}
