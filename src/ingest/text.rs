//! The text of an extract's file, whatever it is stored as.

use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use super::IngestError;
use super::header::{self, Known};
use super::survey::Wanted;
use crate::files::workbook::{self, Limits, Sheet, SheetName, WorkbookError, is_workbook};
use crate::files::{Encoding, open};
use crate::tables::raw::Form;

const BYTES_SNIFFED: u64 = 4096;

/// Bytes of a sheet, shared rather than copied.
struct SharedText(Arc<[u8]>);

impl AsRef<[u8]> for SharedText {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// What a file's rows are taken from, and whether that is certain: stated, or shown by the file's first bytes. Else it is
/// UTF-8 until the text says otherwise.
pub(super) fn form(wanted: &Wanted<'_>, path: &Path) -> Result<(Form, bool), IngestError> {
    if is_workbook(path) {
        return Ok((Form::Sheet(sheet(wanted, path)?), true));
    }
    let stated = wanted.input.layout.encoding;
    let shown = stated.map_or_else(|| sniff(path), |encoding| Ok(Some(encoding)));
    let shown = shown.map_err(|source| IngestError::of_read(&wanted.extract.id, path, source, 0))?;
    Ok((Form::Text(shown.unwrap_or(Encoding::Utf8)), shown.is_some()))
}

fn sniff(path: &Path) -> io::Result<Option<Encoding>> {
    let mut start = Vec::new();
    open(path)?.take(BYTES_SNIFFED).read_to_end(&mut start)?;
    Ok(Encoding::sniff(&start))
}

/// A file's text in UTF-8, without a byte order mark.
pub(super) fn text(path: &Path, form: &Form) -> io::Result<Box<dyn Read + Send>> {
    match form {
        Form::Text(encoding) => encoding.decode(open(path)?),
        Form::Sheet(text) => Ok(Box::new(Cursor::new(SharedText(text.clone())))),
        Form::Parquet => Ok(Box::new(io::empty())),
    }
}

/// The sheet of a workbook that holds the extract, as CSV whose lines are the sheet's rows.
///
/// That is the stated sheet, else the only visible one with every required column, else, so that what is missing can be
/// said, the one with most columns.
///
/// # Errors
/// A workbook that is refused, without a visible sheet, or with the extract on several sheets.
fn sheet(wanted: &Wanted<'_>, path: &Path) -> Result<Arc<[u8]>, IngestError> {
    let limits = Limits::default();
    let extract = || wanted.extract.id.clone();
    let refused = |error: WorkbookError| IngestError::of_workbook(extract(), error);
    if let Some(stated) = &wanted.input.layout.sheet {
        return workbook::read_sheet(path, stated, &limits).map(rows).map_err(refused);
    }
    let names = workbook::sheets(path, &limits).map_err(refused)?;
    let (mut complete, mut best) = (Vec::new(), None);
    for SheetName { name, .. } in names.into_iter().filter(|sheet| !sheet.hidden) {
        let text = workbook::read_sheet(path, &name, &limits).map(rows).map_err(refused)?;
        let found = header::find(&text, true, wanted.extract, wanted.input, &Form::Sheet(text.clone()));
        let known =
            found.map_or_else(Known::default, |header| Known::of(wanted.extract, &wanted.input.mapping, &header.names));
        if known.complete {
            complete.push(name);
        }
        if best.as_ref().is_none_or(|(other, _)| known > *other) {
            best = Some((known, text));
        }
    }
    match best {
        _ if complete.len() > 1 => {
            Err(IngestError::SeveralSheets { extract: extract(), path: path.to_owned(), sheets: complete })
        }
        Some((_, text)) => Ok(text),
        None => Err(IngestError::Empty { extract: extract(), path: path.to_owned() }),
    }
}

/// A sheet's text from its first row on, used or not.
fn rows(sheet: Sheet) -> Arc<[u8]> {
    let mut text = sheet.text;
    text.splice(0..0, (1..sheet.first_row).map(|_| b'\n'));
    text.into()
}
