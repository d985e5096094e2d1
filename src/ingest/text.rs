//! The text of an extract's file, whatever it is stored as.

use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use crate::files::open;
use crate::tables::raw::Form;

/// Bytes of a sheet, shared rather than copied.
struct SharedText(Arc<[u8]>);

impl AsRef<[u8]> for SharedText {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A file's text in UTF-8, without a byte order mark.
pub(super) fn text(path: &Path, form: &Form) -> io::Result<Box<dyn Read + Send>> {
    match form {
        Form::Text(encoding) => encoding.decode(open(path)?),
        Form::Sheet(text) => Ok(Box::new(Cursor::new(SharedText(text.clone())))),
        Form::Parquet => Ok(Box::new(io::empty())),
    }
}

/// The sheet of a workbook that holds the extract, as CSV; `None` for a file that is no workbook.
pub(super) fn sheet(_wanted: super::survey::Wanted<'_>, _path: &Path) -> Result<Option<Arc<[u8]>>, super::IngestError> {
    Ok(None)
}
