//! A look at a file's header and at nothing below it.

use std::io::Read;
use std::path::Path;

use super::IngestError;
use super::header;
use super::survey::Wanted;
use super::text::{form, text};
use crate::files::{Encoding, is_parquet};
use crate::tables::raw::Form;

/// Whether a survey would find the extract's columns in a file.
///
/// # Errors
/// As [`super::survey`], of the header alone.
pub fn check_header(wanted: Wanted<'_>, path: &Path) -> Result<(), IngestError> {
    let Wanted { extract, others, input, .. } = wanted;
    let names = if is_parquet(path) { super::parquet::names(&wanted, path)? } else { names(&wanted, path)? };
    header::columns(extract, others, input, &names, path).map(drop)
}

fn names(wanted: &Wanted<'_>, path: &Path) -> Result<Vec<String>, IngestError> {
    let (form, certain) = form(wanted, path)?;
    let start = start(wanted, path, &form)?;
    let whole = start.len() < header::BYTES_SEARCHED;
    let found = header::find(&start, whole, wanted.extract, wanted.input, &form);
    let found =
        found.ok_or_else(|| IngestError::Empty { extract: wanted.extract.id.clone(), path: path.to_owned() })?;
    if certain || std::str::from_utf8(&start[..found.end]).is_ok() {
        return Ok(found.names);
    }
    let form = Form::Text(Encoding::Windows1252);
    let start = self::start(wanted, path, &form)?;
    Ok(header::find(&start, whole, wanted.extract, wanted.input, &form).map_or(found.names, |header| header.names))
}

fn start(wanted: &Wanted<'_>, path: &Path, form: &Form) -> Result<Vec<u8>, IngestError> {
    let mut start = Vec::new();
    let read = text(path, form).and_then(|text| text.take(header::BYTES_SEARCHED as u64).read_to_end(&mut start));
    read.map(|_| start).map_err(|error| IngestError::of_read(&wanted.extract.id, path, error, 0))
}
