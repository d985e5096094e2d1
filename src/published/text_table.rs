//! A published table as text rows, each with its place, from a CSV file or a workbook. The records are counted without
//! the parser.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{
    CsvReadOptions, DataFrame, DataType, Field, PolarsResult, Schema, SchemaRef, SerReader, StringChunked,
};

use super::error::Fault;
use crate::files::records::{Dialect, fields, value, walk, write_plainly};
use crate::files::workbook::{self, Limits, Sheet, WorkbookError, is_workbook};
use crate::files::{Encoding, file_name, fingerprint, open};
use crate::tables::raw::{Place, Places, RaggedRecord, Span};

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

/// Which columns a table has, and where its header stands.
#[derive(Clone, Copy)]
pub(super) enum Columns<'c> {
    /// These and no other; the header is the first record.
    Exactly(&'c [&'c str]),
    /// Each by any of its names; titles may stand above the header.
    Named(&'c [Named]),
    /// This one first, then any others, each once; the header is the first record.
    Wide(&'c str),
}

/// A column by the names that releases have given it.
pub(super) struct Named {
    /// Under which the column is asked for.
    pub name: &'static str,
    /// As published. Case, blanks and punctuation do not count.
    pub written: &'static [&'static str],
    pub needed: bool,
}

impl TextTable {
    /// Reads a file that has one table: CSV, plain or `.gz`, comma-separated and UTF-8, or a workbook. Of a workbook's
    /// sheets, that one is read whose name starts with `sheet`, whatever the case; only one may.
    ///
    /// # Errors
    /// A file that cannot be read to its end, is no such text, or has another header.
    pub fn read(path: &Path, sheet: &str, columns: Columns<'_>) -> Result<Self, Fault> {
        let fault = |error: std::io::Error| Fault::of_path(path, format!("cannot be read: {error}"));
        let (bytes, blake3) = fingerprint(path).map_err(fault)?;
        let name = file_name(path);
        let (text, first_row) = if is_workbook(path) {
            let sheet = sheet_of(path, sheet)?;
            (sheet.text, Some(u64::from(sheet.first_row)))
        } else {
            let mut text = Vec::new();
            open(path).and_then(|mut file| file.read_to_end(&mut text)).map_err(fault)?;
            (text, None)
        };
        let mark = FileMark { file: name.as_str().into(), bytes, blake3 };
        Ok(Self { mark, ..Self::parse(&name, text, first_row, columns)? })
    }

    /// The table that `text` is, whose name is for faults. Records have the numbers of a sheet's rows where its first row
    /// is given, else they are counted without blank lines, from 1.
    pub fn parse(name: &str, text: Vec<u8>, first_row: Option<u64>, columns: Columns<'_>) -> Result<Self, Fault> {
        let of_file = |problem: &str| Fault::of_file(name, problem);
        let shown = std::str::from_utf8(&text).map_err(|_| of_file("is not UTF-8 text"))?;
        let (mut header, mut wrong_header, mut nearest) = (Vec::new(), None, String::new());
        let (mut number, mut records, mut spans, mut ragged, mut body) =
            (first_row.map_or(0, |row| row - 1), 0, Vec::new(), Vec::new(), Vec::with_capacity(text.len()));
        let walked = walk(&text, Dialect::CSV, true, |record, ends| {
            let blank = record.is_blank_line(&text);
            number += u64::from(!blank || first_row.is_some());
            if blank {
                return;
            }
            if header.is_empty() {
                let written: Vec<String> = fields(&text, &record, ends).map(header_name).collect();
                match columns.header(&written) {
                    Ok(found) => header = found,
                    Err(Missing::NoHeader { lacking }) => nearest = lacking,
                    Err(Missing::Wrong(problem)) => {
                        wrong_header.get_or_insert(Fault::of_record(name, number, problem));
                        header = written;
                    }
                }
                return;
            }
            records += 1;
            let raw = record.start..record.end;
            if record.fields as usize != header.len() {
                let (byte_offset, raw) = (first_row.is_none().then_some(record.start as u64), shown[raw].to_owned());
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
            let why = if nearest.is_empty() { "is empty, without even a header" } else { nearest.as_str() };
            return Err(of_file(why));
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
        let start = first_row.is_none().then_some((0, Encoding::Utf8));
        Ok(Self { mark, records, ragged, frame, places: Places::Text { text, start, spans } })
    }

    /// The columns' names, in their order.
    pub fn columns(&self) -> Vec<String> {
        self.frame.get_column_names().into_iter().map(|name| name.to_string()).collect()
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

/// Why a record is no header.
enum Missing {
    /// It may be a title.
    NoHeader {
        lacking: String,
    },
    Wrong(String),
}

impl Columns<'_> {
    /// The columns' names in the order of a header. A release with a column more may count something twice, so only the
    /// very columns known are read.
    fn header(&self, written: &[String]) -> Result<Vec<String>, Missing> {
        match self {
            Self::Exactly(columns) => exactly(written, columns).map(|()| written.to_vec()).map_err(Missing::Wrong),
            Self::Named(columns) => named(written, columns),
            Self::Wide(first) => wide(written, first).map(|()| written.to_vec()).map_err(Missing::Wrong),
        }
    }
}

fn exactly(header: &[String], columns: &[&str]) -> Result<(), String> {
    if let Some(missing) = columns.iter().find(|column| !header.iter().any(|name| name == *column)) {
        return Err(format!("the header has no column `{missing}`; it has {}", header.join(", ")));
    }
    if let Some(new) = header.iter().find(|column| !columns.contains(&column.as_str())) {
        return Err(format!("the header has a column `{new}` that is not known"));
    }
    if header.len() > columns.len() {
        return Err("the header names a column twice".to_owned());
    }
    Ok(())
}

fn wide(header: &[String], first: &str) -> Result<(), String> {
    if header.first().is_none_or(|name| name != first) {
        return Err(format!("the header does not begin with a column `{first}`"));
    }
    let again = |(i, name): &(usize, &String)| name.is_empty() || header[..*i].contains(name);
    match header.iter().enumerate().find(again) {
        Some((_, name)) => Err(format!("the header has a column `{name}` without a name, or names it twice")),
        None => Ok(()),
    }
}

fn named(written: &[String], columns: &[Named]) -> Result<Vec<String>, Missing> {
    let column = |text: &String| columns.iter().find(|c| c.written.iter().any(|name| letters(name) == letters(text)));
    let found: Vec<Option<&Named>> = written.iter().map(column).collect();
    let there = |wanted: &&Named| found.iter().flatten().any(|c| c.name == wanted.name);
    if let Some(missing) = columns.iter().filter(|c| c.needed).find(|c| !there(c)) {
        let lacking = format!("has no header: no record holds a column `{}` beside the others", missing.written[0]);
        return Err(Missing::NoHeader { lacking });
    }
    if let Some((text, _)) = written.iter().zip(&found).find(|(_, found)| found.is_none()) {
        return Err(Missing::Wrong(format!("the header has a column `{text}` that is not known")));
    }
    let names: Vec<String> = found.iter().flatten().map(|c| c.name.to_owned()).collect();
    let mut sorted = names.clone();
    sorted.sort();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Missing::Wrong(format!("the header names the column `{}` twice", pair[0]))),
        None => Ok(names),
    }
}

/// Letters and digits alone, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The one sheet of a workbook whose name starts with `start`; a hidden one is not looked at.
fn sheet_of(path: &Path, start: &str) -> Result<Sheet, Fault> {
    let fault =
        |error: WorkbookError| Fault::of_path(path, format!("{}. {}", error.problem, error.problem.next_step()));
    let limits = Limits::default();
    let all: Vec<String> =
        workbook::sheets(path, &limits).map_err(fault)?.into_iter().filter(|s| !s.hidden).map(|s| s.name).collect();
    let fits = |name: &&String| name.to_lowercase().starts_with(&start.to_lowercase());
    match all.iter().filter(fits).collect::<Vec<_>>()[..] {
        [one] => workbook::read_sheet(path, one, &limits).map_err(fault),
        ref several => Err(Fault::of_path(
            path,
            format!("has {} sheets named `{start}*` where one is read; it has {}", several.len(), all.join(", ")),
        )),
    }
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
        TextTable::parse("t.csv", text.as_bytes().to_vec(), None, Columns::Exactly(&["a", "b"]))
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
        let latin = TextTable::parse("t.csv", b"a,b\n\xe9,1\n".to_vec(), None, Columns::Exactly(&["a", "b"]));
        assert_eq!(latin.err().map(|fault| fault.problem).as_deref(), Some("is not UTF-8 text"));
    }

    #[test]
    fn a_table_without_rows_is_a_table() {
        let table = table("a,b\n").unwrap();
        assert_eq!((table.records, table.height()), (0, 0));
    }

    #[test]
    fn a_header_below_titles_is_found_by_any_of_its_names() {
        let columns = [
            Named { name: "force", written: &["Force Name", "Police Force"], needed: true },
            Named { name: "count", written: &["Number of Offences"], needed: true },
            Named { name: "note", written: &["Note"], needed: false },
        ];
        let read = |text: &str, first_row| {
            TextTable::parse("t.csv", text.as_bytes().to_vec(), first_row, Columns::Named(&columns))
        };
        let titled = "Outcomes,\n,\n\nPOLICE FORCE,Number of  offences\nKent,5\n\nEssex,6\n";
        let table = read(titled, Some(3)).unwrap();
        let counts: Vec<Option<&str>> = table.column("count").unwrap().iter().collect();
        assert_eq!((counts, table.records), (vec![Some("5"), Some("6")], 2));
        // Rows of the sheet: the title is row 3, the header row 6.
        assert_eq!((table.record(0), table.record(1)), (7, 9));
        assert_eq!(read(titled, None).unwrap().record(1), 5);
        for (text, problem) in [
            ("", "is empty, without even a header"),
            ("a\nForce Name\n", "has no header: no record holds a column `Number of Offences` beside the others"),
            ("Force Name,Number of Offences,Rate\n", "the header has a column `Rate` that is not known"),
            ("Force Name,Number of Offences,Police Force\n", "the header names the column `force` twice"),
        ] {
            assert_eq!(read(text, None).err().map(|fault| fault.problem).as_deref(), Some(problem));
        }
    }
}
