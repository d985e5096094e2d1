//! Finding and opening files, plain or compressed.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

/// Endings of an extract's file, in the order in which they are looked for.
pub const EXTENSIONS: [&str; 6] = ["csv", "csv.gz", "csv.zst", "parquet", "xlsx", "ods"];

/// The canonically named files of an extract in a folder. More than one leaves a doubt which is meant.
pub fn canonical_files(extract: &str, folder: &Path) -> Vec<PathBuf> {
    EXTENSIONS.iter().map(|end| folder.join(format!("{extract}.{end}"))).filter(|path| path.is_file()).collect()
}

/// The name under which tables speak of a file: without its folder, so that a build does not depend on where it stood.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"))
}

/// Opens a file for reading, decompressing by its ending.
///
/// # Errors
/// A file that is not there or cannot be opened. One that is cut off shows only when it is read.
pub fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let file = File::open(path)?;
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    Ok(match ending.as_deref() {
        Some("gz") => Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 18, file))),
        Some("zst") => Box::new(zstd::Decoder::new(file)?),
        _ => Box::new(file),
    })
}

/// Length and BLAKE3 of a file as it lies on the disk.
pub fn fingerprint(path: &Path) -> io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    let bytes = io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok((bytes, hasher.finalize().to_hex().to_string()))
}
