//! The readers, and what each promises of any bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use scorecard::definitions::{self, Definitions};
use scorecard::domain::clock::{MICROS_PER_SECOND, civil_at, parse_day, parse_time};
use scorecard::domain::days_since_epoch;
use scorecard::files::records::{Record, fields, unquote, walk, write_plainly};

use super::driver::Target;
use super::strict_csv;

pub mod extract_file;

/// Every reader. A line here is all that a new one needs.
pub fn all() -> Vec<Target> {
    let target = |name, weight, corpus, read| Target { name, corpus, weight, read };
    vec![
        target("records", 61, lines_of("csv"), records),
        target("times", 29, times(), one_time),
        target("calls", 3, extract_file::corpus("calls"), |bytes| _ = extract_file::read("calls", bytes)),
        target("incidents", 3, extract_file::corpus("incidents"), |bytes| _ = extract_file::read("incidents", bytes)),
        target("crimes", 3, extract_file::corpus("crimes"), |bytes| _ = extract_file::read("crimes", bytes)),
        target("definitions", 1, definition_files(), definition),
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
    let used = walk(text, whole, false, |record, ends| found.push((record, ends.to_vec())));
    (found, used)
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

fn times() -> Vec<Vec<u8>> {
    [
        "2026-03-14",
        "2026-03-14 09:30",
        "2026-03-14T09:30:15",
        "2026-03-14 09:30:15.250",
        "2026-03-14T09:30:15Z",
        "2026-03-29 01:30:00+01:00",
        "2026-10-25 01:30:00",
        "2024-02-29 23:59:59",
        "1900-01-01 00:00+14:00",
        "2199-12-31T23:59:59.999999-1400",
        "14/03/2026 09:30",
        "45000.39583",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// Digits where the shape has 0, and else what it has.
fn shaped(text: &str, shape: &str) -> bool {
    let fits = |(b, s): (u8, u8)| if s == b'0' { b.is_ascii_digit() } else { b == s };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

/// A time is read as the calendar crate reads it, or not at all.
fn one_time(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let known = |date: &NaiveDate| (1900..=2199).contains(&date.year());
    let head = text.get(..10).filter(|head| shaped(head, "0000-00-00"));
    let expected = head.and_then(|head| NaiveDate::parse_from_str(head, "%Y-%m-%d").ok()).filter(known);
    let day = parse_day(text.as_bytes());
    assert_eq!(day, expected.map(days_since_epoch), "{text:?}");

    let read = parse_time(&text);
    if let Some(time) = read {
        assert!((time.day() - day.unwrap()).abs() <= 1, "{text:?}: an offset moves a day at most");
        assert!(time.stated_instant_micros.is_none_or(|instant| civil_at(instant) == time.civil_micros));
        assert!(time.instant_after(i64::MAX) >= time.first_instant());
        assert!((time.first_instant() - time.civil_micros).abs() <= 2 * 3600 * MICROS_PER_SECOND, "{text:?}");
    }
    if shaped(&text, "0000-00-00 00:00:00") && !text.ends_with(":60") {
        let expected = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok().filter(|t| known(&t.date()));
        assert_eq!(read.is_some(), expected.is_some(), "{text:?}");
        if let (Some(read), Some(expected)) = (read, expected) {
            assert!(read.never_shown || read.civil_micros == expected.and_utc().timestamp_micros(), "{text:?}");
        }
    }
}

pub static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| definitions::load(&root().join("pipelines/gloucestershire.toml")).unwrap());

/// Definition files by name, as they are shipped.
static SHIPPED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let name = |path: String| path.trim_start_matches("pipelines/").to_owned();
    let all = files(&["pipelines"], "toml").into_iter().chain(files(&["pipelines"], "csv"));
    all.map(|(path, text)| (name(path), String::from_utf8(text).unwrap())).collect()
});

/// Each file under a first line that names it, so that it is known which one was damaged.
fn definition_files() -> Vec<Vec<u8>> {
    SHIPPED.iter().map(|(name, text)| format!("{name}\n{text}").into_bytes()).collect()
}

/// Damaged definitions are definitions, or faults that can be read; never half of them.
fn definition(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (name, text) = text.split_once('\n').unwrap_or(("gloucestershire.toml", &text));
    let name = if SHIPPED.contains_key(name) { name } else { "gloucestershire.toml" };
    let mut texts = SHIPPED.clone();
    texts.insert(name.to_owned(), text.to_owned());
    let pipeline = if name == "published.toml" { name } else { "gloucestershire.toml" };
    match definitions::load_texts(pipeline, texts) {
        Ok(read) => assert_eq!(read.hash.len(), 64),
        Err(faults) => {
            assert!(!faults.faults().is_empty());
            for fault in faults.faults() {
                assert!(!fault.message().is_empty() && fault.line().is_none_or(|line| line > 0), "{fault:?}");
            }
        }
    }
}
