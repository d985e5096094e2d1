//! What is wrong with a comparator table.

use std::fmt;

use crate::domain::visible;

/// How many faults are told one by one.
const MOST_TOLD: usize = 10;

/// One fault, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparatorFault {
    /// Number of the record in the file; the header is 1. `None` for the file as a whole.
    pub record: Option<u64>,
    /// Empty for the record as a whole.
    pub column: &'static str,
    pub expected: String,
    pub found: String,
}

/// Every fault of a table, in the order of the file where they have a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ComparatorFaults {
    pub file: String,
    /// Never empty.
    pub faults: Vec<ComparatorFault>,
}

impl fmt::Display for ComparatorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(record) = self.record {
            write!(f, "record {record}: ")?;
        }
        if !self.column.is_empty() {
            write!(f, "{}: ", self.column)?;
        }
        write!(f, "expected {}, found {}", self.expected, visible(&self.found))
    }
}

impl fmt::Display for ComparatorFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the comparator table {} cannot be used", self.file)?;
        for fault in self.faults.iter().take(MOST_TOLD) {
            write!(f, "\n{}, {fault}", self.file)?;
        }
        match self.faults.len().saturating_sub(MOST_TOLD) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}
