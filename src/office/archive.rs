//! The zip archive that a package is. Reading is bounded, as a template comes from anywhere; every entry is written with the same time
//! stamp, so that the same parts are the same bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::OfficeError;

/// How old Office files and those with a password begin.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// What an archive may be at most; sizes are counted while unpacking, whatever it says of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub entries: usize,
    /// Of one entry, in bytes.
    pub entry: u64,
    /// Of all.
    pub whole: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 4_000, entry: 64 << 20, whole: 256 << 20 }
    }
}

/// Every file of an archive by its name.
pub(super) fn unpacked(bytes: &[u8], limits: Limits) -> Result<BTreeMap<String, Vec<u8>>, OfficeError> {
    if bytes.starts_with(&COMPOUND_FILE) {
        return Err(OfficeError::Protected);
    }
    let not_zip = |error: ZipError| OfficeError::NotAPackage(error.to_string());
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(not_zip)?;
    if zip.len() > limits.entries {
        return Err(OfficeError::TooLarge {
            what: "archive".to_owned(),
            limit: limits.entries as u64,
            unit: "entries",
        });
    }
    if zip.has_duplicate_names() {
        return Err(OfficeError::NotAPackage("its archive names a part twice".to_owned()));
    }
    let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut left = limits.whole;
    for index in 0..zip.len() {
        let file = zip.by_index(index).map_err(not_zip)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(not_zip)?.into_owned();
        if !is_part_name(&name) {
            let shown: String = name.chars().take(80).flat_map(char::escape_default).collect();
            return Err(OfficeError::part(&shown, "has a name that no part may have"));
        }
        let limit = limits.entry.min(left);
        let mut content = Vec::new();
        let read = file.take(limit + 1).read_to_end(&mut content);
        read.map_err(|error| OfficeError::part(&name, format!("cannot be unpacked ({error})")))?;
        if content.len() as u64 > limit {
            let what = format!("part {name}, unpacked,");
            return Err(OfficeError::TooLarge { what, limit: limit >> 20, unit: "MB" });
        }
        left -= content.len() as u64;
        found.insert(name, content);
    }
    Ok(found)
}

/// Segments that are neither empty nor dots, without a backslash or a control character.
fn is_part_name(name: &str) -> bool {
    let odd = |c: char| c.is_control() || c == '\\' || c == ':';
    !name.contains(odd) && name.split('/').all(|segment| !segment.is_empty() && !matches!(segment, "." | ".."))
}

/// An archive of files in the order given. What is packed already is stored.
pub(super) fn packed(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, OfficeError> {
    let failed = |error: ZipError| OfficeError::Zip(error.to_string());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let is_packed = [".png", ".jpeg", ".jpg", ".xlsx"].iter().any(|end| name.ends_with(end));
        let method = if is_packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        zip.start_file(name.as_str(), options).map_err(failed)?;
        zip.write_all(bytes).map_err(|error| OfficeError::Zip(error.to_string()))?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_part_may_have() {
        for (name, may) in [
            ("ppt/slides/slide1.xml", true),
            ("../evil.xml", false),
            ("ppt/../../evil.xml", false),
            ("/etc/x", false),
            ("c:\\x", false),
            ("a\\b", false),
            ("a//b", false),
        ] {
            assert_eq!(is_part_name(name), may, "{name}");
        }
    }

    #[test]
    fn sizes_are_counted_while_unpacking() {
        let files = [("a.xml", 3 << 20), ("b.xml", 3 << 20)].map(|(name, size)| (name.to_owned(), vec![0; size]));
        let bytes = packed(&files).unwrap();
        assert!(bytes.len() < 20_000);
        let plain = Limits::default();
        for (limits, says) in [
            (plain, None),
            (Limits { entry: 2 << 20, ..plain }, Some("part a.xml, unpacked, is beyond 2 MB")),
            (Limits { whole: 4 << 20, ..plain }, Some("part b.xml, unpacked, is beyond 1 MB")),
            (Limits { entries: 1, ..plain }, Some("archive is beyond 1 entries")),
        ] {
            match (unpacked(&bytes, limits), says) {
                (Ok(found), None) => assert_eq!(found.len(), 2),
                (Err(error), Some(says)) => assert!(error.to_string().contains(says), "{error}"),
                (result, says) => panic!("{says:?}: {:?}", result.map(|f| f.len())),
            }
        }
    }
}
