//! The readers, and what each promises of any bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use scorecard::definitions::{self, Definitions};
use scorecard::files::records::{Dialect, Record, fields, unquote, walk, write_plainly};

use super::driver::Target;
use super::strict_csv;

pub mod extract_file;
mod mapped;
mod settings;
mod times;
mod workbooks;

/// Every reader. A line here is all that a new one needs. What costs most to read is drawn least.
pub fn all() -> Vec<Target> {
    let target = |name, weight, corpus, read| Target { name, corpus, weight, read };
    vec![
        target("records", 500, lines_of("csv"), records),
        target("times", 200, times::corpus(), times::one),
        target("dates", 160, times::written_corpus(), times::as_written),
        target("workbooks", 80, workbooks::corpus(), workbooks::read),
        target("calls", 18, extract_file::corpus("calls"), |bytes| _ = extract_file::read("calls", bytes)),
        target("incidents", 18, extract_file::corpus("incidents"), |bytes| _ = extract_file::read("incidents", bytes)),
        target("crimes", 18, extract_file::corpus("crimes"), |bytes| _ = extract_file::read("crimes", bytes)),
        target("surveys", 6, extract_file::corpus("surveys"), |bytes| _ = extract_file::read("surveys", bytes)),
        target("contacts", 6, extract_file::corpus("victim_contacts"), |bytes| {
            _ = extract_file::read("victim_contacts", bytes);
        }),
        target("people", 6, extract_file::corpus("people"), |bytes| _ = extract_file::read("people", bytes)),
        target("mapped", 4, extract_file::corpus("niche"), mapped::read),
        target("definitions", 2, settings::corpus(), settings::read),
    ]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of these folders with this ending, each with its path from the root, in the order of their names.
fn files(folders: &[&str], ending: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The header and a few lines, for every few lines of each file: what is wrong shows in a few.
fn lines_of(ending: &str) -> Vec<Vec<u8>> {
    let files = files(&["tests/cases", "tests/independent/cases"], ending);
    files.values().flat_map(|text| pieces(text)).collect()
}

fn pieces(text: &[u8]) -> Vec<Vec<u8>> {
    let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').filter(|line| line.len() < 2_000).collect();
    let Some((header, rest)) = lines.split_first() else { return vec![text[..text.len().min(2_000)].to_vec()] };
    let piece = |lines: &[&[u8]]| [header.to_vec(), lines.concat()].concat();
    if rest.is_empty() { vec![header.to_vec()] } else { rest.chunks(5).map(piece).collect() }
}

fn walked(text: &[u8], whole: bool) -> (Vec<(Record, Vec<usize>)>, usize) {
    let mut found = Vec::new();
    let walked = walk(text, Dialect::CSV, whole, |record, ends| found.push((record, ends.to_vec())));
    (found, walked.used)
}

fn values(text: &[u8], found: &[(Record, Vec<usize>)]) -> Vec<Vec<Vec<u8>>> {
    let kept = found.iter().filter(|(record, _)| !record.is_blank_line(text));
    kept.map(|(record, ends)| fields(text, record, ends).map(|f| unquote(f).into_owned()).collect()).collect()
}

/// Every byte is in one record or ends one; a cut anywhere gives the same records; well-formed text has the fields that a
/// strict reader finds; written plainly it reads the same.
fn records(text: &[u8]) {
    let (found, used) = walked(text, true);
    let mut at = 0;
    for (record, ends) in &found {
        assert_eq!((at, record.fields as usize), (record.start, ends.len()));
        assert!(record.start <= record.end && ends.is_sorted() && *ends.last().unwrap() == record.end);
        let end = &text[record.end..];
        at = record.end + if end.starts_with(b"\r\n") { 2 } else { usize::from(!end.is_empty()) };
        // At the end of the text a carriage return alone ends a record too.
        assert!(end.is_empty() || end == b"\r" || end.starts_with(b"\n") || end.starts_with(b"\r\n"));
    }
    assert_eq!(at, used, "bytes between the last record and what was used");
    assert!(used == text.len() || text[used..].contains(&b'"'), "only an open quote leaves text over");

    let middle = text.len() / 2;
    let (mut in_parts, first) = walked(&text[..middle], false);
    let moved = |(mut record, ends): (Record, Vec<usize>)| {
        (record.start, record.end) = (record.start + first, record.end + first);
        (record, ends.into_iter().map(|end| end + first).collect())
    };
    let (rest, second) = walked(&text[first..], true);
    in_parts.extend(rest.into_iter().map(moved));
    assert_eq!((&in_parts, first + second), (&found, used), "cut at {middle}");

    if let Some(expected) = strict_csv::read(text) {
        assert_eq!((values(text, &found), used), (expected, text.len()));
        assert!(found.iter().all(|(record, _)| !record.awkward));
    }
    let mut plain = Vec::new();
    for (record, ends) in found.iter().filter(|(record, _)| !record.is_blank_line(text)) {
        write_plainly(fields(text, record, ends), false, &mut plain);
    }
    assert_eq!(strict_csv::read(&plain), Some(values(text, &found)), "written plainly it reads otherwise");
}

pub static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| definitions::load(&root().join("pipelines/gloucestershire.toml")).unwrap());
