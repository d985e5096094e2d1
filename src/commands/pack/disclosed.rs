//! The record of all that public packs have disclosed: what was published can never be unpublished.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::Failure;
use crate::pipeline::Disclosed;

/// The record; `None` before the first public pack.
pub(super) fn read(path: &Path) -> Result<Option<Disclosed>, Failure> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Failure::Record { path: path.to_owned(), reason: source.to_string() }),
    };
    let failed = |error: serde_json::Error| Failure::Record { path: path.to_owned(), reason: error.to_string() };
    serde_json::from_slice(&bytes).map(Some).map_err(failed)
}

/// Writes the record whole or not at all, where only its owner can open it: it holds the withheld counts.
pub(super) fn write(path: &Path, disclosed: &Disclosed) -> Result<(), Failure> {
    let failed = |source| Failure::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
        super::keep_private(folder).map_err(failed)?;
    }
    let bytes = serde_json::to_vec_pretty(disclosed).map_err(|error| failed(io::Error::other(error)))?;
    let new = path.with_extension("new");
    let file = fs::write(&new, bytes).and_then(|()| fs::File::options().read(true).open(&new));
    file.and_then(|file| file.sync_all()).and_then(|()| fs::rename(&new, path)).map_err(failed)
}
