//! What can be wrong with a whole file. Each message names the file and says what to do next.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::visible_start;
use crate::files::workbook::{Problem, WorkbookError};

/// Characters shown of one column name, and of all names together.
const NAME_SHOWN: usize = 60;
const NAMES_SHOWN: usize = 600;

#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("{extract}: there is no file {path}")]
    Missing { extract: String, path: PathBuf },
    #[error("{extract}: no {extract}.csv, .csv.gz, .csv.zst, .parquet, .xlsx or .ods in {folder}")]
    NotInFolder { extract: String, folder: PathBuf },
    #[error("{extract}: {path} is empty, without even a header")]
    Empty { extract: String, path: PathBuf },
    #[error("{extract}: {path} holds a header and no record")]
    NoRecords { extract: String, path: PathBuf },
    #[error("{extract}: {path} has no column {column}, which every {extract} extract needs; it has: {found}")]
    MissingColumn { extract: String, path: PathBuf, column: String, found: String },
    #[error("{extract}: {path} has two columns named {column}")]
    DoubleColumn { extract: String, path: PathBuf, column: String },
    #[error("{extract}: {column} of {path} is written in {}, as in record {record}", ways(*.both))]
    AmbiguousDates { extract: String, path: PathBuf, column: String, record: u64, both: bool },
    #[error("{extract}: {path} is partly UTF-8 and partly Windows-1252")]
    MixedEncodings { extract: String, path: PathBuf },
    #[error("{extract}: record {record} of {path} does not end within 64 MB")]
    LongLine { extract: String, path: PathBuf, record: u64 },
    #[error("{extract}: {path} has the extract on more than one sheet: {}", sheets.join(", "))]
    SeveralSheets { extract: String, path: PathBuf, sheets: Vec<String> },
    #[error("{extract}: {} {problem}", path.display())]
    Workbook { extract: String, path: PathBuf, problem: Problem },
    #[error("{extract}: there are two files for it, {first} and {second}")]
    TwoFiles { extract: String, first: PathBuf, second: PathBuf },
    #[error("{extract}: {path} is an extract of {other}, not of {extract}")]
    OtherExtract { extract: String, path: PathBuf, other: String },
    #[error("{extract}: {path} is cut off after {bytes} bytes of text: {source}")]
    CutOff { extract: String, path: PathBuf, bytes: u64, source: io::Error },
    #[error("{extract}: cannot read {path}: {source}")]
    Io { extract: String, path: PathBuf, source: io::Error },
    #[error("{extract}: cannot read {path}: {reason}")]
    Unreadable { extract: String, path: PathBuf, reason: String },
    #[error(
        "{extract}: {path}: the parser found {parsed} rows from record {first_record} on where there are {counted} records"
    )]
    CountsDiffer { extract: String, path: PathBuf, first_record: u64, counted: u64, parsed: u64 },
}

impl IngestError {
    /// The error of a file that cannot be read, or is not there.
    pub fn of_io(extract: &str, path: &Path, source: io::Error) -> Self {
        let (extract, path) = (extract.to_owned(), path.to_owned());
        match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { extract, path },
            _ => Self::Io { extract, path, source },
        }
    }

    /// The error of a file that cannot be read on after so many bytes of text.
    pub(super) fn of_read(extract: &str, path: &Path, source: io::Error, bytes: u64) -> Self {
        use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
        match source.kind() {
            UnexpectedEof | InvalidInput | InvalidData | Other => {
                Self::CutOff { extract: extract.to_owned(), path: path.to_owned(), bytes, source }
            }
            _ => Self::of_io(extract, path, source),
        }
    }

    pub(super) fn of_workbook(extract: String, WorkbookError { path, problem }: WorkbookError) -> Self {
        match problem {
            Problem::Io(source) => Self::of_io(&extract, &path, source),
            problem => Self::Workbook { extract, path, problem },
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
                "Has the export's layout changed? Export it as before, or say under columns of the extract's [inputs] in the \
                 pipeline file which of its headers is which."
            }
            Self::DoubleColumn { .. } => "Remove or rename one of the two in the export.",
            Self::AmbiguousDates { .. } => {
                "Say how its dates are written: date_format = \"day_first\" or \"month_first\" under the extract's [inputs] in \
                 the pipeline file."
            }
            Self::MixedEncodings { .. } => {
                "Say encoding = \"utf-8\" or \"windows-1252\" under the extract's [inputs] in the pipeline file, or export it again."
            }
            Self::LongLine { .. } => "Is this a text file with a record on each line?",
            Self::SeveralSheets { .. } => {
                "Say which: sheet = \"...\" under the extract's [inputs] in the pipeline file."
            }
            Self::Workbook { problem, .. } => problem.next_step(),
            Self::TwoFiles { .. } => "Remove the one that is not tonight's.",
            Self::OtherExtract { .. } => "Two exports may have been saved under each other's names.",
            Self::CutOff { .. } => "The file was not written to its end. Copy or export it again.",
            Self::Io { .. } | Self::Unreadable { .. } => "Can the file be opened on this machine by this user?",
            Self::CountsDiffer { .. } => {
                "This is a fault of the reader, not of the file. Please report it with the file."
            }
        }
    }
}

/// How dates that leave a doubt are written.
const fn ways(both: bool) -> &'static str {
    if both { "more than one way" } else { "dates that can be read with the day or the month in front" }
}

/// The names of a header for a message. Where none is a column of the extract the line may be a record, and nothing of it
/// is repeated: a message goes to logs, and a record may not.
pub(super) fn names_shown(names: &[String], is_column: impl Fn(&str) -> bool) -> String {
    if !names.iter().any(|name| is_column(name)) {
        return format!("{} fields, none named as a column", names.len());
    }
    let names: Vec<String> = names.iter().map(|name| visible_start(name, NAME_SHOWN)).collect();
    visible_start(&names.join(", "), NAMES_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_in_the_place_of_a_header_is_not_repeated() {
        let is_column = |name: &str| name == "line";
        for (line, shown) in [
            ("Crime No|line|\u{1b}[2J", "Crime No, line, \\u{1b}[2J"),
            ("a\nb|line", "a\\nb, line"),
            ("C01|Smith|999", "3 fields, none named as a column"),
        ] {
            let header: Vec<String> = line.split('|').map(str::to_owned).collect();
            assert_eq!(names_shown(&header, is_column), shown);
        }
        let mut long = vec!["x".repeat(100_000); 300];
        long.push("line".to_owned());
        assert_eq!(names_shown(&long, is_column).chars().count(), NAMES_SHOWN);
    }
}
