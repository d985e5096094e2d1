//! Raw rows: every field text, with file and record.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::DataFrame;

use super::source_column::SourceColumn;
use crate::files::Encoding;

/// Raw text kept of a record: more is no record that anybody mends by reading it.
pub const RAW_BYTES_KEPT: usize = 64 << 10;

/// What the structural pass found in one file.
#[derive(Clone, Debug)]
pub struct FileStructure {
    pub path: PathBuf,
    /// The name in tables.
    pub name: Arc<str>,
    /// Names of `columns`.
    pub header: Vec<String>,
    pub columns: Vec<SourceColumn>,
    pub form: Form,
    /// Between the fields.
    pub delimiter: u8,
    /// Fields of the header as the file has it.
    pub width: usize,
    /// Rows above the header that belong to no table.
    pub title_rows: u64,
    /// Records below the header, by count of records and not by the parser.
    pub records: u64,
    /// Bytes of UTF-8 text before the first record below the header; 0 for Parquet.
    pub body_offset: u64,
    pub blocks: Vec<Block>,
    /// Records with more or fewer fields than the header.
    pub ragged: Vec<RaggedRecord>,
    /// Numbers of the rows that the definition puts below the table: they are no records.
    pub footers: Vec<u64>,
    /// Records with bytes that are no letters in the file's encoding.
    pub undecodable: u64,
    /// BLAKE3 of the file as it lies on the disk, hexadecimal.
    pub hash: String,
    pub bytes: u64,
}

/// What a file's rows are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    Text(Encoding),
    /// The chosen sheet of a workbook, as CSV.
    Sheet(Arc<[u8]>),
    Parquet,
}

impl Form {
    /// Where the text after `start` stands in the file, given where `start` does.
    pub fn offset_after(&self, start: u64, text: &[u8]) -> Option<u64> {
        match self {
            Self::Text(encoding) => Some(start + encoding.source_len(text)),
            Self::Sheet(_) | Self::Parquet => None,
        }
    }

    /// Number of the header as a record: in a workbook its row in the sheet, elsewhere 1, whatever stands above it.
    pub fn header_record(&self, title_rows: u64) -> u64 {
        if self.numbers_blank_rows() { title_rows + 1 } else { 1 }
    }

    /// Whether records have the numbers of rows, so that blank rows are counted too.
    pub fn numbers_blank_rows(&self) -> bool {
        matches!(self, Self::Sheet(_))
    }
}

/// A run of whole records that is parsed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// In the file after decompression; for Parquet, the first row.
    pub offset: u64,
    /// Bytes of UTF-8 text; for Parquet, rows.
    pub length: usize,
    /// Number of the first record or row; see [`Form::header_record`].
    pub first_record: u64,
    /// Records in the block, ragged ones included, blank lines not.
    pub records: u32,
    /// Every record has the header's number of fields, ordinary quotes, and no blank line between.
    pub clean: bool,
    /// An unclosed quote was found: quotes are letters in this block.
    pub bare_quotes: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaggedRecord {
    pub record: u64,
    /// `None` for workbooks.
    pub byte_offset: Option<u64>,
    pub raw: String,
    pub fields: u32,
    pub unclosed_quote: bool,
}

/// What the structural pass found in all files of one extract.
#[derive(Clone, Debug, Default)]
pub struct ExtractStructure {
    pub files: Vec<FileStructure>,
    /// Hashes of keys that stand, or seem to stand, more than once.
    pub repeated_keys: HashSet<u64>,
    /// Records by civil day of the required time, days since 1970-01-01.
    pub rows_by_day: BTreeMap<i32, u64>,
    /// Well-formed records with a key by force id, in lower case; blank is the pipeline's own force. See [`note_force`].
    pub rows_by_force: BTreeMap<String, u64>,
}

/// Forces told apart in one extract. There are 45; a column that is no force at all may hold as many texts as rows.
const MOST_FORCES: usize = 200;
/// Where further ones are counted.
const FURTHER_FORCES: &str = "further forces";

/// Counts rows of a force. The pipeline's own force is always told apart.
pub fn note_force(rows_by_force: &mut BTreeMap<String, u64>, force: &str, own: &str, rows: u64) {
    let full = rows_by_force.len() >= MOST_FORCES && force != own && !rows_by_force.contains_key(force);
    let force = if full { FURTHER_FORCES } else { force };
    match rows_by_force.get_mut(force) {
        Some(count) => *count += rows,
        None => {
            rows_by_force.insert(force.to_owned(), rows);
        }
    }
}

impl ExtractStructure {
    pub fn records(&self) -> u64 {
        self.files.iter().map(|f| f.records).sum()
    }

    /// Whether every file has the column.
    pub fn has_column(&self, name: &str) -> bool {
        self.files.iter().all(|f| f.header.iter().any(|h| h == name))
    }
}

/// Parsed rows of one block: a text column for each header column.
pub struct RawBatch {
    pub file: Arc<str>,
    /// Position of the file among the extract's files, sorted by name.
    pub file_index: u32,
    pub frame: DataFrame,
    pub places: Places,
}

/// Where a row of a batch stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub record: u64,
    /// `None` for workbooks and Parquet.
    pub byte_offset: Option<u64>,
    pub raw: String,
}

/// The places of a batch's rows, worked out only when asked for: most rows are never quarantined.
pub enum Places {
    /// CSV: the block's text and, row by row, where its record lies; where it begins in the file, and how it is written
    /// there, unless the file is a workbook.
    Text { text: Vec<u8>, start: Option<(u64, Encoding)>, spans: Vec<Span> },
    /// Parquet: rows have a number alone.
    Rows { first_record: u64 },
}

/// One record in a block's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub record: u64,
    pub start: u32,
    pub end: u32,
}

impl Places {
    /// The place of row `row`; the frame gives Parquet's raw text.
    pub fn place(&self, row: usize, frame: &DataFrame) -> Place {
        match self {
            Self::Text { text, start, spans } => {
                let span = spans[row];
                let before = &text[..span.start as usize];
                let byte_offset = start.map(|(offset, encoding)| offset + encoding.source_len(before));
                Place { record: span.record, byte_offset, raw: raw(&text[span.start as usize..span.end as usize]) }
            }
            Self::Rows { first_record } => {
                let cells = frame.columns().iter().map(|c| c.str().ok().and_then(|s| s.get(row)).unwrap_or(""));
                Place { record: first_record + row as u64, byte_offset: None, raw: cells.collect::<Vec<_>>().join(",") }
            }
        }
    }
}

/// A record as text for people to read, cut where it is too long for that.
pub fn raw(record: &[u8]) -> String {
    String::from_utf8_lossy(&record[..record.len().min(RAW_BYTES_KEPT)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_is_no_force_fills_no_memory_and_hides_no_own_force() {
        let mut rows = BTreeMap::new();
        for i in 0..10 * MOST_FORCES {
            note_force(&mut rows, &format!("text {i}"), "kent", 1);
        }
        note_force(&mut rows, "kent", "kent", 2);
        note_force(&mut rows, "text 0", "kent", 3);
        assert_eq!(rows.len(), MOST_FORCES + 2);
        assert_eq!((rows["kent"], rows["text 0"], rows[FURTHER_FORCES]), (2, 4, 9 * MOST_FORCES as u64));
    }
}
