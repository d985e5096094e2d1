//! What the published tables say of themselves that a reader of their figures has to know. The rows stay in the figures.

use std::collections::BTreeMap;

use super::home_office::RECORDED_CRIME;
use super::year_table::YearTable;
use crate::domain::ForceId;
use crate::tables::quality::Dimension;

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

/// The same fault of the same force in several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFiles {
    /// Counts are those of all the files; the file is the first.
    pub finding: PublishedFinding,
    pub files: u64,
}

/// Findings that say the same of the same force and column, added up, in the order in which they come first.
pub fn in_files(found: &[PublishedFinding]) -> Vec<InFiles> {
    let mut kinds: Vec<InFiles> = Vec::new();
    for one in found {
        let of = |f: &PublishedFinding| (f.extract, f.column.clone(), f.dimension, f.force.clone(), f.words.clone());
        match kinds.iter_mut().find(|known| of(&known.finding) == of(one)) {
            Some(known) => {
                known.finding.affected += one.affected;
                known.finding.of = known.finding.of.zip(one.of).map(|(a, b)| a + b);
                known.files += 1;
            }
            None => kinds.push(InFiles { finding: one.clone(), files: 1 }),
        }
    }
    kinds
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
                extract: crime.layout.shape.name(),
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
