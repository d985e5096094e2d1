//! Workbooks of which one part is damaged, and whole ones: a sheet or a refusal.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

use scorecard::files::workbook::{Limits, read_sheet, sheets};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::super::strict_csv;
use super::files;

/// Stands for the whole archive where the name of a part is expected.
const WHOLE: &str = "-";
/// Small, so that a number of repetitions that was changed costs no time.
const LIMITS: Limits = Limits {
    entries: 100,
    unpacked_bytes: 1 << 20,
    shared_text_bytes: 1 << 18,
    sheet_text_bytes: 1 << 20,
    cell_bytes: 1 << 16,
    rows: 1 << 20,
    columns: 1 << 14,
};

type Parts = BTreeMap<String, Vec<u8>>;

/// The parts of each workbook of the tests, by its path.
static BOOKS: LazyLock<BTreeMap<String, Parts>> = LazyLock::new(|| {
    let all = ["xlsx", "ods"].into_iter().flat_map(|ending| files(&["tests/cases/workbooks"], ending));
    all.map(|(path, bytes)| {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut parts = Parts::new();
        for i in 0..archive.len() {
            let mut entry = archive.by_index(i).unwrap();
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            parts.insert(entry.name().unwrap().into_owned(), text);
        }
        (path, parts)
    })
    .collect()
});

thread_local! {
    static FOLDER: LazyCell<tempfile::TempDir> = LazyCell::new(|| tempfile::tempdir().unwrap());
}

/// Each part, and each archive as it is, below a line that names them.
pub fn corpus() -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for (book, parts) in BOOKS.iter() {
        let part = |name: &str, bytes: &[u8]| [format!("{book} {name}\n").as_bytes(), bytes].concat();
        inputs.push(part(WHOLE, &packed(parts)));
        inputs.extend(parts.iter().filter(|(_, text)| text.len() > 100).map(|(name, text)| part(name, text)));
    }
    inputs
}

fn packed(parts: &Parts) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in parts {
        archive.start_file(name, stored).unwrap();
        archive.write_all(text).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub fn read(bytes: &[u8]) {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let named = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let (book, part) = named.split_once(' ').filter(|(book, _)| BOOKS.contains_key(*book)).unwrap_or_else(|| {
        let first = BOOKS.keys().next().unwrap();
        (first.as_str(), WHOLE)
    });
    let damaged = &bytes[(end + 1).min(bytes.len())..];
    let archive = if part == WHOLE {
        damaged.to_vec()
    } else {
        let mut parts = BOOKS[book].clone();
        parts.insert(part.to_owned(), damaged.to_vec());
        packed(&parts)
    };
    let ending = book.rsplit('.').next().unwrap();
    let path: PathBuf = FOLDER.with(|folder| folder.path().join("book").with_extension(ending));
    fs::write(&path, archive).unwrap();
    let Ok(names) = sheets(&path, &LIMITS) else { return };
    for sheet in names {
        let Ok(read) = read_sheet(&path, &sheet.name, &LIMITS) else { continue };
        assert!(read.text.len() as u64 <= LIMITS.sheet_text_bytes, "{} bytes of text", read.text.len());
        let records = strict_csv::read(&read.text).unwrap_or_else(|| panic!("a sheet is no CSV"));
        assert!(records.len() as u64 <= read.rows, "{} records of {} rows", records.len(), read.rows);
        assert!(records.iter().all(|record| record.len() == read.columns as usize), "a row of another length");
    }
}
