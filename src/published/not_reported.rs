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
    pub reasons: BTreeMap<(ForceId, FinancialYear), Reason>,
    /// The file of every row that was there.
    pub files: Vec<Arc<str>>,
}

/// What a force did not report, as `references/not_reported.csv` has it.
#[derive(Clone, Debug)]
pub(super) struct Reason {
    pub words: String,
    source: String,
}

/// Takes the years out of a table that a force did not report whole.
pub(super) fn withhold(references: &References, of: OthersTable, table: &mut YearTable) -> Withheld {
    let mut withheld = Withheld::default();
    for year in table.years() {
        let (first, last) = (Month::of(year.first_day()), Month::of(year.last_day()));
        for force in references.forces.keys() {
            if let Some(row) = references.not_reported(force.as_str(), of, first, last) {
                let words = format!("not reported whole: {}", row.what);
                withheld.reasons.insert((force.clone(), year), Reason { words, source: row.source.clone() });
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
    pub fn findings(&self, table: &YearTable, found: &mut Vec<PublishedFinding>) {
        for ((force, year), Reason { words: why, source }) in &self.reasons {
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
