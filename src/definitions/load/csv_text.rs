//! A small reader for reference tables: comma-separated, UTF-8, quotes as in RFC 4180. Every cell knows its place.

use std::ops::Range;

use super::fault::{DefinitionFault, SourceFile};

/// One cell, trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub text: String,
    pub span: Range<usize>,
}

/// A table whose rows all have the header's number of cells.
pub(super) struct Table {
    header: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
}

/// One row of a table.
pub(super) struct Row<'t> {
    header: &'t [Cell],
    cells: &'t [Cell],
}

impl<'t> Row<'t> {
    /// The cell of a column that the table was asked to have.
    pub fn cell(&self, column: &str) -> &'t Cell {
        let place = self.header.iter().position(|name| name.text == column).unwrap_or_default();
        &self.cells[place]
    }

    pub fn text(&self, column: &str) -> &'t str {
        &self.cell(column).text
    }
}

impl Table {
    /// Reads a file that has at least these columns; rows of another length are faults and left out.
    pub fn read(file: &SourceFile, columns: &[&str], faults: &mut Vec<DefinitionFault>) -> Option<Self> {
        let mut records = records(file, faults);
        if records.is_empty() {
            faults.push(DefinitionFault::of_file(&file.path, "the table is empty"));
            return None;
        }
        let header = records.remove(0);
        let before = faults.len();
        let names: Vec<&str> = header.iter().map(|cell| cell.text.as_str()).collect();
        let whole = header[0].span.start..header[header.len() - 1].span.end;
        for &column in columns.iter().filter(|column| !names.contains(column)) {
            let mut fault = DefinitionFault::at(file, whole.clone(), format!("column `{column}` is missing"));
            fault.did_you_mean(column, names.iter().copied());
            faults.push(fault);
        }
        if records.is_empty() {
            faults.push(DefinitionFault::at(file, whole, "the table has a header and no row".to_owned()));
        }
        if faults.len() > before {
            return None;
        }
        records.retain(|cells| {
            let fits = cells.len() == header.len();
            if !fits {
                let span = cells[0].span.start..cells[cells.len() - 1].span.end;
                let message = format!("this row has {} cells", cells.len());
                let mut fault = DefinitionFault::at(file, span, message);
                fault.expected(format!("the header has {}", header.len()));
                fault.hint("a text with a comma in it is put in double quotes");
                faults.push(fault);
            }
            fits
        });
        Some(Self { header, rows: records })
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { header: &self.header, cells })
    }
}

/// All records that are not blank, each with one cell at least.
fn records(file: &SourceFile, faults: &mut Vec<DefinitionFault>) -> Vec<Vec<Cell>> {
    let text = file.text.as_ref();
    let mut records = Vec::new();
    // Excel writes a byte order mark.
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < text.len() {
        let mut record = Vec::new();
        loop {
            let (cell, end) = cell(file, at, faults);
            record.push(cell);
            at = end + 1;
            if text.as_bytes().get(end) != Some(&b',') {
                break;
            }
        }
        let blank = record.len() == 1 && record[0].text.is_empty();
        if !blank {
            records.push(record);
        }
    }
    records
}

/// The cell that starts at `start`, and where the comma, the line or the text ends after it.
fn cell(file: &SourceFile, start: usize, faults: &mut Vec<DefinitionFault>) -> (Cell, usize) {
    let text = file.text.as_ref();
    let rest = &text[start..];
    if let Some(inside) = rest.strip_prefix('"') {
        if let Some((content, length)) = quoted(inside) {
            let closed = start + 1 + length;
            let end = closed + unquoted_length(&text[closed..]);
            let stray = text[closed..end].trim();
            if !stray.is_empty() {
                let mut fault = DefinitionFault::at(file, closed..end, "text after a closing quote");
                fault.expected("a comma or the end of the line").hint("a quote within quotes is written twice");
                faults.push(fault);
            }
            return (Cell { text: content.trim().to_owned(), span: start..closed }, end);
        }
        let mut fault = DefinitionFault::at(file, start..text.len(), "this quote is never closed");
        fault.expected("opened here");
        faults.push(fault);
        return (Cell { text: String::new(), span: start..text.len() }, text.len());
    }
    let end = start + unquoted_length(rest);
    (Cell { text: text[start..end].trim().to_owned(), span: start..start + text[start..end].trim_end().len() }, end)
}

/// Bytes up to the next comma or line end.
fn unquoted_length(rest: &str) -> usize {
    rest.find([',', '\n']).unwrap_or(rest.len())
}

/// The content of a cell after its opening quote, and the bytes up to and with the closing one.
fn quoted(inside: &str) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut letters = inside.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' if letters.next_if(|&(_, next)| next == '"').is_none() => return Some((content, place + 1)),
            other => content.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { name: "t.csv".into(), path: "t.csv".into(), text: text.into() }
    }

    #[test]
    fn quotes_marks_and_line_ends_are_read() {
        let file = file("\u{feff}a,b\r\n\"x, \"\"y\"\"\", 2 \r\n\r\n\"two\nlines\",\n");
        let mut faults = Vec::new();
        let table = Table::read(&file, &["a", "b"], &mut faults).unwrap();
        assert!(faults.is_empty());
        let rows: Vec<(&str, &str)> =
            table.rows.iter().map(|row| (row[0].text.as_str(), row[1].text.as_str())).collect();
        assert_eq!(rows, [("x, \"y\"", "2"), ("two\nlines", "")]);
    }

    #[test]
    fn faults_name_the_line() {
        for (text, line, message) in [
            ("a,b\n1,2\n3\n", 3, "this row has 1 cells"),
            ("a,b\n1,2,3\n", 2, "this row has 3 cells"),
            ("a,b\n1,\"2\n", 2, "this quote is never closed"),
            ("a,b\n\"1\"x,2\n", 2, "text after a closing quote"),
            ("a,bb\n1,2\n", 1, "column `b` is missing"),
            ("a,b\n", 1, "the table has a header and no row"),
        ] {
            let (file, mut faults) = (file(text), Vec::new());
            Table::read(&file, &["a", "b"], &mut faults);
            assert_eq!(faults.first().map(|f| (f.line(), f.message())), Some((Some(line), message)), "{text}");
        }
    }
}
