//! What can be wrong with a whole file. Each message names the file and says what to do next.

use std::path::{Path, PathBuf};

use crate::domain::visible_start;

/// Characters shown of one column name, and of all names together.
const NAME_SHOWN: usize = 60;
const NAMES_SHOWN: usize = 600;
/// A name with so many digits is a reference or a time: the file has no header, and its first line is a record.
const DIGITS_OF_A_VALUE: usize = 4;

#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("{extract}: there is no file {path}")]
    Missing { extract: String, path: PathBuf },
    #[error("{extract}: no {extract}.csv, .csv.gz, .csv.zst or .parquet in {folder}")]
    NotInFolder { extract: String, folder: PathBuf },
    #[error("{extract}: {path} is empty, without even a header")]
    Empty { extract: String, path: PathBuf },
    #[error("{extract}: {path} holds a header and no record")]
    NoRecords { extract: String, path: PathBuf },
    #[error("{extract}: {path} has no column {column}, which every {extract} extract needs; it has: {found}")]
    MissingColumn { extract: String, path: PathBuf, column: String, found: String },
    #[error("{extract}: {path} has two columns named {column}")]
    DoubleColumn { extract: String, path: PathBuf, column: String },
    #[error("{extract}: {path} is an extract of {other}, not of {extract}")]
    OtherExtract { extract: String, path: PathBuf, other: String },
    #[error("{extract}: {path} is cut off after {bytes} bytes of text: {source}")]
    CutOff { extract: String, path: PathBuf, bytes: u64, source: std::io::Error },
    #[error("{extract}: cannot read {path}: {source}")]
    Io { extract: String, path: PathBuf, source: std::io::Error },
    #[error("{extract}: cannot read {path}: {reason}")]
    Unreadable { extract: String, path: PathBuf, reason: String },
    #[error(
        "{extract}: {path}: the parser found {parsed} rows from record {first_record} on where there are {counted} records"
    )]
    CountsDiffer { extract: String, path: PathBuf, first_record: u64, counted: u64, parsed: u64 },
}

impl IngestError {
    /// The error of a file that cannot be read, or is not there.
    pub fn of_io(extract: &str, path: &Path, source: std::io::Error) -> Self {
        let (extract, path) = (extract.to_owned(), path.to_owned());
        match source.kind() {
            std::io::ErrorKind::NotFound => Self::Missing { extract, path },
            _ => Self::Io { extract, path, source },
        }
    }

    /// What the analyst can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } | Self::NotInFolder { .. } => {
                "Check the path in the pipeline file or after --extracts, and that last night's export ran."
            }
            Self::Empty { .. } | Self::NoRecords { .. } => "The export wrote nothing. Run it again, and build again.",
            Self::MissingColumn { .. } => {
                "Has the export's layout changed? Compare the header with docs/definitions.md, and export again."
            }
            Self::DoubleColumn { .. } => "Remove or rename one of the two in the export.",
            Self::OtherExtract { .. } => "Two exports may have been saved under each other's names.",
            Self::CutOff { .. } => "The file was not written to its end. Copy or export it again.",
            Self::Io { .. } | Self::Unreadable { .. } => "Can the file be opened on this machine by this user?",
            Self::CountsDiffer { .. } => {
                "This is a fault of the reader, not of the file. Please report it with the file."
            }
        }
    }
}

/// The names of a header for a message. Where the first line seems to be a record, nothing of it is repeated: a message
/// goes to logs, and a record may not.
pub(super) fn names_shown(header: &[String]) -> String {
    let is_value = |name: &String| name.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_OF_A_VALUE;
    if header.iter().any(is_value) {
        return format!("{} fields that look like a record's and not like a header's", header.len());
    }
    let names: Vec<String> = header.iter().map(|name| visible_start(name, NAME_SHOWN)).collect();
    visible_start(&names.join(", "), NAMES_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_in_the_place_of_a_header_is_not_repeated() {
        for (line, shown) in [
            ("Crime No|Recorded|\u{1b}[2J", "Crime No, Recorded, \\u{1b}[2J"),
            ("a\nb", "a\\nb"),
            ("C01|PC 1|2026-03-14 09:30", "3 fields that look like a record's and not like a header's"),
        ] {
            let header: Vec<String> = line.split('|').map(str::to_owned).collect();
            assert_eq!(names_shown(&header), shown);
        }
        let long = names_shown(&vec!["x".repeat(100_000); 300]);
        assert_eq!(long.chars().count(), NAMES_SHOWN);
    }
}
