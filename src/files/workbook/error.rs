//! Why a workbook is not read, with the figure, the limit and the next step.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A workbook that is refused.
#[derive(Debug)]
pub struct WorkbookError {
    pub path: PathBuf,
    pub problem: Problem,
}

impl WorkbookError {
    pub(super) fn new(path: &Path, problem: Problem) -> Self {
        Self { path: path.to_owned(), problem }
    }
}

impl fmt::Display for WorkbookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}", self.path.display(), self.problem, self.problem.next_step())
    }
}

impl std::error::Error for WorkbookError {}

/// What is wrong with a workbook.
#[derive(Debug)]
pub enum Problem {
    /// `.xls` or `.xlsb`.
    OldFormat,
    /// No ending that is known.
    NoWorkbook,
    Io(io::Error),
    NotZip(String),
    Protected,
    /// A part is not as the format asks.
    Damaged {
        part: String,
        what: String,
    },
    TooLarge {
        what: &'static str,
        /// What was found, or counted before counting stopped.
        found: u64,
        limit: u64,
        unit: &'static str,
    },
    NoSheet {
        asked: String,
        known: Vec<String>,
    },
}

impl Problem {
    pub(super) fn damaged(part: &str, what: impl Into<String>) -> Self {
        Self::Damaged { part: part.to_owned(), what: what.into() }
    }

    /// What the analyst can do about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::OldFormat => "Save it as .xlsx, or the sheet as CSV.",
            Self::NoWorkbook => "Give a file that ends in .xlsx, .xlsm or .ods.",
            Self::Io(_) => "Check that the file is there, whole and readable.",
            Self::NotZip(_) | Self::Damaged { .. } => {
                "Copy it again; if it is the same, open it in Excel or LibreOffice and save the sheet as CSV."
            }
            Self::Protected => "Save it without a password.",
            Self::TooLarge { .. } => "Save the sheet as CSV.",
            Self::NoSheet { .. } => "Name one of its sheets.",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OldFormat => f.write_str("is a workbook of an old format, which is not read"),
            Self::NoWorkbook => f.write_str("is no workbook by its name"),
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::NotZip(why) => write!(f, "is no whole workbook: {why}"),
            Self::Protected => f.write_str("is protected with a password, or an old workbook under a new name"),
            Self::Damaged { part, what } => write!(f, "is damaged: {part} {what}"),
            Self::TooLarge { what, found, limit, unit } => {
                write!(f, "has {what} of {found} {unit} or more, beyond the limit of {limit}")
            }
            Self::NoSheet { asked, known } => {
                write!(f, "has no sheet `{asked}`; it has {}", quoted(known))
            }
        }
    }
}

fn quoted(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(30).map(|name| format!("`{name}`")).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}
