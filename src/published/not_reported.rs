//! Years that forces did not report whole: missing, whatever a table gives for them, and the nation with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::FinancialYear;
use super::findings::PublishedFinding;
use super::year_table::YearTable;
use crate::definitions::{OthersTable, References};
use crate::domain::{ForceId, Month};
use crate::tables::quality::Dimension;

const FILE: &str = "references/not_reported.csv";

/// What was taken out of one table.
#[derive(Clone, Debug, Default)]
pub(super) struct Withheld {
    /// Why, by force and year: of the table's years, whether or not it had a row.
    pub reasons: BTreeMap<(ForceId, FinancialYear), String>,
    /// The file of every row that was there.
    pub files: Vec<Arc<str>>,
}

/// Takes the years out of a table that a force did not report whole.
pub(super) fn withhold(references: &References, of: OthersTable, table: &mut YearTable) -> Withheld {
    let mut withheld = Withheld::default();
    let years: Vec<FinancialYear> = table.years().into_iter().collect();
    for row in references.not_reported.iter().filter(|row| row.table == of) {
        for year in years.iter().copied() {
            let (first, last) = (Month::of(year.first_day()), Month::of(year.last_day()));
            if row.first <= last && first <= row.last {
                withheld.reasons.insert((row.force.clone(), year), format!("not reported whole: {}", row.what));
            }
        }
    }
    for key in withheld.reasons.keys() {
        withheld.files.extend(table.rows.remove(key).map(|row| row.file));
    }
    withheld
}

impl Withheld {
    /// A line for the page of data quality for each force that is missing.
    pub fn findings(&self, table: &YearTable, references: &References, found: &mut Vec<PublishedFinding>) {
        for ((force, year), why) in &self.reasons {
            let (first, last) = (Month::of(year.first_day()), Month::of(year.last_day()));
            let source = references
                .not_reported
                .iter()
                .find(|row| row.force == *force && row.first <= last && first <= row.last);
            let source = source.map_or("", |row| &row.source);
            found.push(PublishedFinding {
                extract: table.layout.shape.name(),
                file: FILE.to_owned(),
                column: String::new(),
                dimension: Dimension::Completeness,
                force: Some(force.clone()),
                affected: 1,
                of: None,
                words: format!("{year} is {why}. So neither the force nor the nation has a figure for it ({source})"),
            });
        }
    }
}
