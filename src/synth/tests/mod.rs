//! Whole runs, small ones, read back from disk.

mod bytes;
mod comparators;
mod faults;
mod people;
mod rows;

use std::collections::BTreeMap;
use std::path::Path;

use super::extract::Extract;
use super::{Compression, Forces, SynthOptions, SynthReport, run};

/// A folder made by one run.
struct Made {
    folder: tempfile::TempDir,
    report: SynthReport,
}

/// Plain files of Gloucestershire over three years.
fn options(crimes: u64) -> SynthOptions {
    SynthOptions { crimes: Some(crimes), compression: Compression::None, comparators: false, ..SynthOptions::default() }
}

fn two_forces(crimes: u64) -> SynthOptions {
    SynthOptions {
        forces: Forces::Named(vec!["wiltshire".to_owned(), "gloucestershire".to_owned()]),
        ..options(crimes)
    }
}

fn made(options: SynthOptions) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let options = SynthOptions { out: folder.path().to_owned(), ..options };
    let report = run(&options, &mut |_| {}).unwrap();
    Made { folder, report }
}

impl Made {
    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(file)).unwrap()
    }

    /// Records of an extract with the header, fields unquoted.
    fn records(&self, extract: Extract) -> Vec<Vec<String>> {
        records(&self.text(&format!("{}.csv", extract.name())))
    }

    /// Rows of an extract by column name.
    fn rows(&self, extract: Extract) -> Vec<BTreeMap<String, String>> {
        named(&self.records(extract))
    }

    /// Every file's bytes by name.
    fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        bytes(self.folder.path())
    }
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

fn named(records: &[Vec<String>]) -> Vec<BTreeMap<String, String>> {
    let header = &records[0];
    records[1..].iter().map(|row| header.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

/// CSV by RFC 4180.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut row));
            }
            _ => field.push(c),
        }
    }
    assert!(row.is_empty() && field.is_empty(), "the last record has no end");
    records
}
