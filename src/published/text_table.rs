//! A published CSV file as text rows, each with its place. The records are counted without the parser.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{
    CsvReadOptions, DataFrame, DataType, Field, PolarsResult, Schema, SchemaRef, SerReader, StringChunked,
};

use super::error::Fault;
use crate::files::records::{Dialect, fields, value, walk, write_plainly};
use crate::files::{Encoding, file_name, fingerprint, open};
use crate::tables::raw::{Form, Place, Places, RaggedRecord, Span};

/// A file as it lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileMark {
    /// File name, without its folder.
    pub file: Arc<str>,
    pub bytes: u64,
    /// BLAKE3, hexadecimal.
    pub blake3: String,
}

impl FileMark {
    fn of(name: &str, stored: &[u8]) -> Self {
        Self { file: name.into(), bytes: stored.len() as u64, blake3: blake3::hash(stored).to_hex().to_string() }
    }
}

/// A file with the columns that its shape has, and no other.
pub(super) struct TextTable {
    pub mark: FileMark,
    /// Records below the header, ragged ones included, blank lines not.
    pub records: u64,
    /// Records with more or fewer fields than the header.
    pub ragged: Vec<RaggedRecord>,
    /// A text column for each column of the header; a row for each record that is not ragged.
    frame: DataFrame,
    places: Places,
}

impl TextTable {
    /// Reads a file, plain or `.gz`, comma-separated and UTF-8.
    ///
    /// # Errors
    /// A file that cannot be read to its end, is no such text, or has another header.
    pub fn read(path: &Path, columns: &[&str]) -> Result<Self, Fault> {
        let fault = |error: std::io::Error| Fault::of_path(path, format!("cannot be read: {error}"));
        let (bytes, blake3) = fingerprint(path).map_err(fault)?;
        let name = file_name(path);
        let mut text = Vec::new();
        open(path).and_then(|mut file| file.read_to_end(&mut text)).map_err(fault)?;
        let mark = FileMark { file: name.as_str().into(), bytes, blake3 };
        Ok(Self { mark, ..Self::parse(&name, text, columns)? })
    }

    /// The table that `text` is, whose name is for faults.
    pub fn parse(name: &str, text: Vec<u8>, columns: &[&str]) -> Result<Self, Fault> {
        let of_file = |problem: &str| Fault::of_file(name, problem);
        let shown = std::str::from_utf8(&text).map_err(|_| of_file("is not UTF-8 text"))?;
        let (mut header, mut wrong_header) = (Vec::new(), None);
        let (mut records, mut spans, mut ragged, mut body) =
            (0, Vec::new(), Vec::new(), Vec::with_capacity(text.len()));
        let walked = walk(&text, Dialect::CSV, true, |record, ends| {
            if record.is_blank_line(&text) {
                return;
            }
            if header.is_empty() {
                header = fields(&text, &record, ends).map(header_name).collect();
                wrong_header = check_header(name, &header, columns).err();
                return;
            }
            records += 1;
            let (number, raw) = (records + 1, record.start..record.end);
            if record.fields as usize != header.len() {
                let (byte_offset, raw) = (Some(record.start as u64), shown[raw].to_owned());
                let fields = record.fields;
                ragged.push(RaggedRecord { record: number, byte_offset, raw, fields, unclosed_quote: false });
                return;
            }
            spans.push(Span { record: number, start: record.start as u32, end: record.end as u32 });
            if record.awkward {
                write_plainly(fields(&text, &record, ends), false, &mut body);
            } else {
                body.extend_from_slice(&text[record.start..record.end]);
                body.push(b'\n');
            }
        });
        if let Some(fault) = wrong_header {
            return Err(fault);
        }
        if walked.broken {
            let line = 1 + memchr::memchr_iter(b'\n', &text[..walked.used]).count();
            return Err(of_file(&format!("opens a quote in the record on line {line} that is never closed")));
        }
        if header.is_empty() {
            return Err(of_file("is empty, without even a header"));
        }
        let frame = parsed(&header, &body).map_err(|error| of_file(&format!("cannot be parsed: {error}")))?;
        if frame.height() != spans.len() {
            return Err(of_file(&format!(
                "holds {} records where the parser found {} rows",
                spans.len(),
                frame.height()
            )));
        }
        let mark = FileMark::of(name, &text);
        Ok(Self {
            mark,
            records,
            ragged,
            frame,
            places: Places::Text { text, offset: 0, form: Form::Text(Encoding::Utf8), spans },
        })
    }

    /// Number of rows, ragged records not among them.
    pub fn height(&self) -> usize {
        self.frame.height()
    }

    /// The cells of a column that the table was asked to have. A blank cell is null or empty.
    ///
    /// # Errors
    /// A column that it was not asked to have.
    pub fn column(&self, name: &str) -> PolarsResult<&StringChunked> {
        self.frame.column(name)?.str()
    }

    /// Where row `row` stands in its file.
    pub fn place(&self, row: usize) -> Place {
        self.places.place(row, &self.frame)
    }

    /// Number of the record that row `row` is.
    pub fn record(&self, row: usize) -> u64 {
        match &self.places {
            Places::Text { spans, .. } => spans[row].record,
            Places::Rows { first_record } => first_record + row as u64,
        }
    }
}

fn header_name(field: &[u8]) -> String {
    value(field).trim_start_matches('\u{feff}').trim().to_owned()
}

/// A release with a column more may count something twice, so only the very columns known are read.
fn check_header(name: &str, header: &[String], columns: &[&str]) -> Result<(), Fault> {
    let fault = |problem: String| Err(Fault::of_record(name, 1, problem));
    if let Some(missing) = columns.iter().find(|column| !header.iter().any(|name| name == *column)) {
        return fault(format!("the header has no column `{missing}`; it has {}", header.join(", ")));
    }
    if let Some(new) = header.iter().find(|column| !columns.contains(&column.as_str())) {
        return fault(format!("the header has a column `{new}` that is not known"));
    }
    if header.len() > columns.len() {
        return fault("the header names a column twice".to_owned());
    }
    Ok(())
}

fn parsed(header: &[String], body: &[u8]) -> PolarsResult<DataFrame> {
    let fields = header.iter().map(|name| Field::new(name.as_str().into(), DataType::String));
    let schema: SchemaRef = Arc::new(Schema::from_iter(fields));
    if body.is_empty() {
        return Ok(DataFrame::empty_with_schema(&schema));
    }
    let options = CsvReadOptions::default().with_has_header(false).with_schema(Some(schema)).with_n_threads(Some(1));
    options.with_rechunk(true).into_reader_with_file_handle(Cursor::new(body)).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<TextTable, Fault> {
        TextTable::parse("t.csv", text.as_bytes().to_vec(), &["a", "b"])
    }

    fn rows(table: &TextTable) -> Vec<(String, String)> {
        let cells = |name: &str| table.column(name).unwrap().clone();
        let (a, b) = (cells("a"), cells("b"));
        let shown = |cell: Option<&str>| cell.filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
        (0..table.height()).map(|i| (shown(a.get(i)), shown(b.get(i)))).collect()
    }

    #[test]
    fn records_are_read_with_their_places() {
        let text = "\u{feff}b,a\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\nonly\r\n2,\r\n,5\"\" pipe";
        let table = table(text).unwrap();
        let expected = [("x, \"y\"\nz", "1"), ("-", "2"), ("5\"\" pipe", "-")];
        assert_eq!(rows(&table), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(table.records, 4);
        let place = table.place(1);
        assert_eq!(
            (place.record, place.raw.as_str(), place.byte_offset),
            (4, "2,", text.find("2,").map(|at| at as u64))
        );
        assert_eq!(table.ragged.len(), 1);
        assert_eq!((table.ragged[0].record, table.ragged[0].raw.as_str(), table.ragged[0].fields), (3, "only", 1));
    }

    #[test]
    fn another_header_is_refused() {
        for (text, problem) in [
            ("", "is empty, without even a header"),
            ("a\n1\n", "the header has no column `b`; it has a"),
            ("a,b,c\n1,2,3\n", "the header has a column `c` that is not known"),
            ("a,b,a\n1,2,3\n", "the header names a column twice"),
            ("a,b\n1,\"2\n3,4\n", "opens a quote in the record on line 2 that is never closed"),
        ] {
            assert_eq!(table(text).err().map(|fault| fault.problem).as_deref(), Some(problem));
        }
        let latin = TextTable::parse("t.csv", b"a,b\n\xe9,1\n".to_vec(), &["a", "b"]);
        assert_eq!(latin.err().map(|fault| fault.problem).as_deref(), Some("is not UTF-8 text"));
    }

    #[test]
    fn a_table_without_rows_is_a_table() {
        let table = table("a,b\n").unwrap();
        assert_eq!((table.records, table.height()), (0, 0));
    }
}
