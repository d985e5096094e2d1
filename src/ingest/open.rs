//! Finding and opening extract files, plain or compressed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::IngestError;

/// The endings that `--extracts` looks for, in this order.
pub const EXTENSIONS: [&str; 4] = ["csv", "csv.gz", "csv.zst", "parquet"];

/// The canonically named file of an extract in a folder.
pub fn canonical_file(extract: &str, folder: &Path) -> Option<PathBuf> {
    EXTENSIONS.iter().map(|end| folder.join(format!("{extract}.{end}"))).find(|path| path.is_file())
}

/// The name under which tables speak of a file: without its folder, so that a build does not depend on where it stood.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub(super) fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"))
}

/// Opens a file for reading as text, decompressing by its ending.
pub fn open_text(extract: &str, path: &Path) -> Result<Box<dyn Read + Send>, IngestError> {
    let io = |source| IngestError::Io { extract: extract.to_owned(), path: path.to_owned(), source };
    let file = File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => IngestError::Missing { extract: extract.to_owned(), path: path.to_owned() },
        _ => io(source),
    })?;
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    Ok(match ending.as_deref() {
        Some("gz") => Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 18, file))),
        Some("zst") => Box::new(zstd::Decoder::new(file).map_err(io)?),
        _ => Box::new(file),
    })
}

/// Length and BLAKE3 of a file as it lies on the disk.
pub fn fingerprint(path: &Path) -> std::io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    let bytes = std::io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok((bytes, hasher.finalize().to_hex().to_string()))
}
