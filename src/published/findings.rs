//! What the published tables say of themselves that a reader of their figures has to know. The rows stay in the figures.

use std::collections::BTreeMap;

use super::home_office::RECORDED_CRIME;
use super::year_table::{YearTable, name};
use crate::domain::ForceId;

/// The dimension of data quality that a finding belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    Completeness,
    Validity,
    Uniqueness,
    Consistency,
}

impl Dimension {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completeness => "completeness",
            Self::Validity => "validity",
            Self::Uniqueness => "uniqueness",
            Self::Consistency => "consistency",
        }
    }
}

/// One fault of one file that stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublishedFinding {
    /// Name of the table's shape.
    pub extract: &'static str,
    pub file: String,
    /// Empty for the record as a whole.
    pub column: String,
    pub dimension: Dimension,
    /// `None` where it is of no one force.
    pub force: Option<ForceId>,
    /// Records, or cells of the column, that it is about.
    pub affected: u64,
    /// Out of how many.
    pub of: Option<u64>,
    /// A sentence, without the file and the force.
    pub words: String,
}

/// Forces whose yearly count is exactly that of the year before.
pub(super) fn repeated_years(crime: &YearTable, found: &mut Vec<PublishedFinding>) {
    let mut before: BTreeMap<&ForceId, (String, u64)> = BTreeMap::new();
    for ((force, year), row) in &crime.rows {
        let Some(count) = row.count(RECORDED_CRIME) else { continue };
        if let Some((last, same)) = before.insert(force, (year.to_string(), count))
            && same == count
        {
            found.push(PublishedFinding {
                extract: name(crime.layout.shape),
                file: row.file.to_string(),
                column: RECORDED_CRIME.to_owned(),
                dimension: Dimension::Consistency,
                force: Some(force.clone()),
                affected: 2,
                of: None,
                words: format!(
                    "the same recorded crime, {count}, in {last} and {year}: one of them may stand for both"
                ),
            });
        }
    }
}
