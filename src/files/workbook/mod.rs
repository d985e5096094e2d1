//! Sheets of XLSX and ODS workbooks as CSV text.
//!
//! A sheet is read as a stream: memory is its text, whatever the workbook unpacks to. Every size is counted while it is
//! unpacked, never believed. What cannot be read exactly is refused with the place; nothing is guessed and nothing cut.
//!
//! | a cell that holds | is the text |
//! |---|---|
//! | a date with or without a time of day, whatever its format | `2026-03-14 09:30:00`, `2026-03-14`, to the nearest second |
//! | a time without a date, or a length of time | `09:30:00`, `36:30:00`: hours, minutes, seconds |
//! | a number | the shortest decimal that reads back the same, without `.0` and without exponent |
//! | true or false | `TRUE`, `FALSE` |
//! | an error | its text, such as `#N/A` |
//! | a formula | the value stored with it |
//! | a merged area | the value in its first cell, blanks in the others |
//! | rich text, several paragraphs | the text joined; line breaks are kept |
//!
//! Docs: `docs/decisions/0008-workbooks.md` says why no library reads them.

mod archive;
mod cell_text;
mod error;
mod number_format;
mod ods;
mod sheet_text;
mod xlsx;
mod xlsx_parts;
mod xml;

#[cfg(test)]
mod tests;

use std::path::Path;

use archive::Archive;
pub use error::{Problem, WorkbookError};

/// What a workbook may be at most. Figures beyond these are refused with a message, before they take memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of the ZIP archive.
    pub entries: u64,
    /// What one entry may unpack to, counted while unpacking.
    pub unpacked_bytes: u64,
    /// Texts that cells share, in all.
    pub shared_text_bytes: u64,
    /// The sheet as text.
    pub sheet_text_bytes: u64,
    pub cell_bytes: u64,
    pub rows: u32,
    pub columns: u32,
}

impl Default for Limits {
    /// Rows and columns are Excel's own. A sheet of a million rows and 25 columns fits.
    fn default() -> Self {
        Self {
            entries: 10_000,
            unpacked_bytes: 2 << 30,
            shared_text_bytes: 256 << 20,
            sheet_text_bytes: 512 << 20,
            cell_bytes: 1 << 20,
            rows: 1_048_576,
            columns: 16_384,
        }
    }
}

/// A sheet's name, as in the workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetName {
    pub name: String,
    /// Nobody who opens the workbook sees it.
    pub hidden: bool,
}

/// A sheet as CSV text: UTF-8, comma, LF, fields quoted where they need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// A line for each row from the first used to the last used, padded to the same number of fields from column A. A row
    /// without a value is an empty line, which is no record; so line `n`, counted from 0 and with line breaks inside
    /// quotes left out, is row `first_row + n` of the sheet.
    pub text: Vec<u8>,
    /// Lines of `text`; 0 for a sheet without a value.
    pub rows: u64,
    /// Number of the first used row as the workbook shows it, from 1.
    pub first_row: u32,
    /// Fields of each record, up to the last used column.
    pub columns: u32,
}

/// The kinds of workbook, by the ending of the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Xlsx,
    Ods,
    /// Known, and not read: `.xls`, `.xlsb`.
    Old,
}

fn kind(path: &Path) -> Option<Kind> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match ending.as_str() {
        "xlsx" | "xlsm" => Kind::Xlsx,
        "ods" => Kind::Ods,
        "xls" | "xlsb" => Kind::Old,
        _ => return None,
    })
}

/// Whether a file is a workbook by the ending of its name: `.xlsx`, `.xlsm`, `.ods`; also `.xls` and `.xlsb`, which the
/// other functions refuse with what to do.
pub fn is_workbook(path: &Path) -> bool {
    kind(path).is_some()
}

/// The sheets of a workbook in its order, hidden ones among them.
///
/// # Errors
/// A file that cannot be read, is protected, damaged or beyond the limits.
pub fn sheets(path: &Path, limits: &Limits) -> Result<Vec<SheetName>, WorkbookError> {
    let read = || match kind(path) {
        Some(Kind::Xlsx) => xlsx::Xlsx::open(Archive::open(path, limits)?).map(xlsx::Xlsx::into_sheets),
        Some(Kind::Ods) => ods::Ods::open(Archive::open(path, limits)?)?.sheets(),
        Some(Kind::Old) => Err(Problem::OldFormat),
        None => Err(Problem::NoWorkbook),
    };
    read().map_err(|problem| WorkbookError::new(path, problem))
}

/// Reads one sheet.
///
/// # Errors
/// As [`sheets`], and a sheet that is not there.
pub fn read_sheet(path: &Path, sheet: &str, limits: &Limits) -> Result<Sheet, WorkbookError> {
    let read = || match kind(path) {
        Some(Kind::Xlsx) => xlsx::Xlsx::open(Archive::open(path, limits)?)?.sheet(sheet),
        Some(Kind::Ods) => ods::Ods::open(Archive::open(path, limits)?)?.sheet(sheet),
        Some(Kind::Old) => Err(Problem::OldFormat),
        None => Err(Problem::NoWorkbook),
    };
    read().map_err(|problem| WorkbookError::new(path, problem))
}
