//! Where a table's header stands, and which column of the extract each of its names is.

use std::collections::BTreeSet;

use super::IngestError;
use super::dates::Formats;
use super::error::names_shown;
use crate::definitions::{ColumnKind, Extract, Input, Mapping};
use crate::files::records::{Dialect, fields, value, walk};
use crate::tables::raw::Form;
use crate::tables::source_column::{Rewrite, SourceColumn};

/// Rows looked at for a header.
const ROWS_SEARCHED: u64 = 50;
/// Text looked at for a header.
pub(super) const BYTES_SEARCHED: usize = 1 << 20;
/// What may stand between fields, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// A header, and the rows above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub delimiter: u8,
    pub names: Vec<String>,
    /// Bytes of text up to the end of its row.
    pub end: usize,
    pub title_rows: u64,
}

/// The row that names every required column, among the first ones and under each delimiter; without such a row the one
/// that names most columns, or else the first, so that what is missing can be said. `None` for text without a row.
///
/// `whole` says that nothing follows `text`.
pub(super) fn find(text: &[u8], whole: bool, extract: &Extract, input: &Input, form: &Form) -> Option<Header> {
    let searched = &text[..text.len().min(BYTES_SEARCHED)];
    let whole = whole && searched.len() == text.len();
    let delimiters = match (form, input.layout.delimiter) {
        (Form::Sheet(_), _) => vec![b','],
        (_, Some(stated)) => vec![stated],
        (_, None) => DELIMITERS.to_vec(),
    };
    let candidates = delimiters.into_iter().flat_map(|delimiter| rows(searched, whole, delimiter));
    let stated = input.layout.header_row;
    let mut best: Option<(Known, Header)> = None;
    for (row, header) in candidates.filter(|(row, _)| stated.is_none_or(|stated| stated == *row)) {
        let known = Known::of(extract, &input.mapping, &header.names);
        if best.as_ref().is_none_or(|(other, _)| known > *other) {
            best = Some((known, Header { title_rows: row - 1, ..header }));
        }
    }
    best.map(|(_, header)| header)
}

/// The first rows of a text with their numbers, as a spreadsheet counts them.
fn rows(text: &[u8], whole: bool, delimiter: u8) -> Vec<(u64, Header)> {
    let (mut found, mut row) = (Vec::new(), 0);
    walk(text, Dialect { delimiter, bare_quotes: false }, whole, |record, ends| {
        row += 1;
        if row > ROWS_SEARCHED || record.is_blank_line(text) {
            return;
        }
        let names = fields(text, &record, ends).map(|name| value(name).trim().to_owned()).collect();
        let newline = memchr::memchr(b'\n', &text[record.end..]);
        let end = newline.map_or(text.len(), |at| record.end + at + 1);
        found.push((row, Header { delimiter, names, end, title_rows: 0 }));
    });
    found
}

/// How much of an extract a header names; what names more is greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Known {
    /// Every required column.
    pub complete: bool,
    pub columns: usize,
}

impl Known {
    pub fn of(extract: &Extract, mapping: &Mapping, names: &[String]) -> Self {
        let named = |column: &str| headers_of(mapping, column).iter().all(|header| position(names, header).is_some());
        let columns = extract.columns.iter().filter(|c| named(&c.name)).count();
        let complete = columns > 0 && extract.columns.iter().filter(|c| c.required).all(|c| named(&c.name));
        Self { complete, columns }
    }
}

/// The file's headers for a column.
fn headers_of(mapping: &Mapping, column: &str) -> Vec<String> {
    mapping.columns.get(column).cloned().unwrap_or_else(|| vec![column.to_owned()])
}

/// Where a header stands: the very name, or one that differs in case, spaces and punctuation.
fn position(names: &[String], header: &str) -> Option<usize> {
    let exact = names.iter().position(|name| name == header);
    exact.or_else(|| names.iter().position(|name| plain(name) == plain(header)))
}

/// Letters and digits in lower case, with `_` for anything between them.
fn plain(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_").to_lowercase()
}

/// The columns that a header gives: those of the extract under their names, the others under theirs.
///
/// # Errors
/// A required column, or one that the mapping names, that is not there; one that is there twice; a header of another
/// extract.
pub(super) fn columns(
    extract: &Extract,
    others: &[Extract],
    input: &Input,
    names: &[String],
    path: &std::path::Path,
) -> Result<Vec<SourceColumn>, IngestError> {
    let mut columns: Vec<SourceColumn> = Vec::with_capacity(names.len());
    let mut taken = vec![false; names.len()];
    let mut joined = Vec::new();
    for column in &extract.columns {
        let wanted = headers_of(&input.mapping, &column.name);
        let found: Vec<usize> = wanted.iter().filter_map(|header| position(names, header)).collect();
        if found.len() < wanted.len() {
            if column.required || input.mapping.columns.contains_key(&column.name) {
                let lost = wanted.iter().find(|header| position(names, header).is_none());
                return Err(missing(extract, others, names, path, &column.name, lost));
            }
            continue;
        }
        for index in &found {
            if let Some(name) = doubled(names, *index) {
                let (extract, path) = (extract.id.clone(), path.to_owned());
                return Err(IngestError::DoubleColumn { extract, path, column: name });
            }
        }
        let rewrite = rewrite(&input.mapping, &column.name, column.kind == ColumnKind::Time);
        let source = SourceColumn { name: column.name.clone(), fields: found, rewrite };
        match source.fields.as_slice() {
            [only] if !taken[*only] => {
                taken[*only] = true;
                columns.push(source);
            }
            _ => joined.push(source),
        }
    }
    let mut used: BTreeSet<String> = columns.iter().chain(&joined).map(|column| column.name.clone()).collect();
    for (index, name) in names.iter().enumerate().filter(|(index, _)| !taken[*index]) {
        columns.push(SourceColumn::plain(unique(name, index, &mut used), index));
    }
    columns.sort_by_key(|column| column.fields.first().copied());
    columns.extend(joined);
    Ok(columns)
}

fn rewrite(mapping: &Mapping, column: &str, is_time: bool) -> Rewrite {
    Rewrite {
        values: mapping.values.get(column).cloned().unwrap_or_default(),
        date_format: if is_time { mapping.date_format(column).cloned() } else { None },
        digits: mapping.digits.get(column).copied(),
    }
}

/// The columns with the formats that their own texts were found to have.
pub(super) fn with_formats(mut columns: Vec<SourceColumn>, formats: &Formats) -> Vec<SourceColumn> {
    for column in &mut columns {
        if let Some(format) = formats.get(&column.name) {
            column.rewrite.date_format = Some(format.clone());
        }
    }
    columns
}

fn doubled(names: &[String], index: usize) -> Option<String> {
    let again = names.iter().enumerate().any(|(i, name)| i != index && plain(name) == plain(&names[index]));
    again.then(|| names[index].clone())
}

/// A name that no other column has.
fn unique(name: &str, index: usize, used: &mut BTreeSet<String>) -> String {
    let base = if name.is_empty() { format!("column_{}", index + 1) } else { name.to_owned() };
    let numbered = (2..).map(|n| format!("{base} ({n})"));
    let free = std::iter::once(base.clone()).chain(numbered).find(|candidate| !used.contains(candidate));
    let name = free.unwrap_or(base);
    used.insert(name.clone());
    name
}

fn missing(
    extract: &Extract,
    others: &[Extract],
    names: &[String],
    path: &std::path::Path,
    column: &str,
    header: Option<&String>,
) -> IngestError {
    let (id, path) = (extract.id.clone(), path.to_owned());
    let plainly = Mapping::default();
    let mine = Known::of(extract, &plainly, names).columns;
    let fits = |other: &&Extract| {
        let known = Known::of(other, &plainly, names);
        other.id != extract.id && known.complete && known.columns > mine
    };
    if let Some(other) = others.iter().find(fits) {
        return IngestError::OtherExtract { extract: id, path, other: other.id.clone() };
    }
    let is_column = |name: &str| extract.columns.iter().any(|column| plain(&column.name) == plain(name));
    let found = names_shown(names, is_column);
    let column = match header.filter(|header| *header != column) {
        Some(header) => format!("`{header}` for {column}"),
        None => column.to_owned(),
    };
    IngestError::MissingColumn { extract: id, path, column, found }
}
