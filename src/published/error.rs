//! What is wrong with published data. Faults of all tables are collected and reported together.

use std::fmt;
use std::path::Path;

use polars::prelude::PolarsError;

use crate::domain::visible;

/// One fault of one published file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// File name; the whole path where the file cannot be read.
    pub file: String,
    /// Number of the record in its file, the header being 1; `None` for the file as a whole.
    pub record: Option<u64>,
    /// `None` for the record as a whole.
    pub column: Option<String>,
    /// What was found, and what was expected.
    pub problem: String,
}

impl Fault {
    pub(super) fn of_path(path: &Path, problem: impl Into<String>) -> Self {
        Self { file: path.display().to_string(), record: None, column: None, problem: problem.into() }
    }

    pub(super) fn of_file(file: &str, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), record: None, column: None, problem: problem.into() }
    }

    pub(super) fn of_record(file: &str, record: u64, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), record: Some(record), column: None, problem: problem.into() }
    }

    pub(super) fn of_cell(file: &str, record: u64, column: &str, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), record: Some(record), column: Some(column.to_owned()), problem: problem.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(record) = self.record {
            write!(f, ", record {record}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", visible(&self.problem))
    }
}

/// What stops the published pipeline.
#[derive(Debug, thiserror::Error)]
pub enum PublishedError {
    #[error("the published data cannot be used:{}", listed(.0))]
    Faults(Vec<Fault>),
    #[error("cannot tell the data date: the published tables hold no year and no month")]
    NoDataDate,
    #[error("the published tables could not be computed: {0}")]
    Frames(#[from] PolarsError),
}

impl PublishedError {
    /// What the analyst can do about it.
    pub const fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Faults(_) => {
                "Nothing was published. Has the release's layout changed? Compare each record named with the release itself."
            }
            Self::NoDataDate => "Say which day the data stand on with --as-at YYYY-MM-DD.",
            Self::Frames(_) => return None,
        })
    }
}

fn listed(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_with_its_place() {
        let faults = vec![
            Fault::of_file("a.csv", "is empty"),
            Fault::of_record("a.csv", 7, "is short"),
            Fault::of_cell("a.csv", 7, "recorded_crime", "`-1` is below zero"),
        ];
        assert_eq!(
            PublishedError::Faults(faults).to_string(),
            "the published data cannot be used:\n  a.csv: is empty\n  a.csv, record 7: is short\n  \
             a.csv, record 7, recorded_crime: `-1` is below zero"
        );
    }
}
