//! Replay: a file that was wrong and is put right gives what it would have given if it had been right from the first.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use scorecard::tables::accepted::{Quarantined, Rule};
use scorecard::tables::quarantine::{QuarantineError, read};

use super::cli::Sandbox;
use super::command::Succeeds;
use super::made::{AS_AT, Made};

/// A rule, the record that is spoilt so that it breaks it, how, and the records that then go to quarantine.
type Spoilt = (Rule, &'static str, usize, fn(&str) -> String, &'static [usize]);

const SPOILT: &[Spoilt] = &[
    (Rule::RaggedRow, "calls", 12, |r| format!("{r},one more"), &[12]),
    (Rule::RaggedRow, "incidents", 40, |r| r.replacen(',', " ", 1), &[40]),
    (Rule::MissingKey, "crimes", 7, |r| r.replacen("C005", " ", 1), &[7]),
    (Rule::UnparsableTime, "incidents", 31, |r| r.replacen("2025-03-30", "30 March", 1), &[31]),
    (Rule::FutureTime, "crimes", 100, |r| r.replacen("2025-", "2031-", 1), &[100]),
    (Rule::UnknownGrade, "incidents", 3, |r| r.replacen("priority", "\"prio\nrity\"", 1), &[3]),
    (Rule::UnknownLine, "calls", 121, |r| r.replacen("101", "112", 1), &[121]),
    (Rule::ConflictingDuplicate, "crimes", 241, |r| r.replacen("C239", "C000", 1), &[2, 241]),
];

/// Every file of a build but its log, with its bytes.
fn files(build: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![build.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(build).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                open.push(path);
            } else if name != "log.jsonl" {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn quarantined(build: &Path) -> Vec<Quarantined> {
    let mut records = Vec::new();
    read::<QuarantineError>(&build.join("restricted/quarantine.parquet"), |record| {
        records.push(record);
        Ok(())
    })
    .unwrap();
    records
}

fn build(sandbox: &Sandbox, extracts: &str, out: &str) {
    sandbox.build(&["--extracts", extracts, "--out", out, "--as-at", AS_AT]).succeeds();
}

/// The quarantine names the records, says which rule they broke, and gives their bytes and where they start.
fn assert_named(found: &[Quarantined], spoilt: &Made, expected: &[(&str, Rule, usize)]) {
    let mut named: Vec<_> = found.iter().map(|q| (q.extract.as_str(), q.rule, q.record as usize)).collect();
    let mut expected = expected.to_vec();
    named.sort();
    expected.sort();
    assert_eq!(named, expected);
    for q in found {
        let (text, record) = (spoilt.text(&q.extract), &spoilt.0[q.extract.as_str()][q.record as usize - 1]);
        let start = q.byte_offset.unwrap() as usize;
        assert_eq!(&text[start..start + record.len()], record, "{}, record {}", q.file, q.record);
        assert_eq!(q.raw.as_bytes(), record, "{}, record {}", q.file, q.record);
        assert!(!q.expected.is_empty() && !q.hint.is_empty(), "{q:?}");
    }
}

#[test]
fn a_corrected_file_gives_what_a_right_one_gives() {
    let sandbox = Sandbox::new();
    let made = Made::new();
    made.write(&sandbox.path("right"));
    build(&sandbox, "right", "from_the_first");
    let right = files(&sandbox.path("from_the_first/current"));
    assert!(right.len() > 12 && quarantined(&sandbox.path("from_the_first/current")).is_empty());

    let all: Vec<&[Spoilt]> = SPOILT.iter().map(std::slice::from_ref).chain([SPOILT]).collect();
    for faults in all {
        let (mut spoilt, mut expected) = (made.clone(), Vec::new());
        for (rule, extract, number, spoil, quarantined) in faults {
            let record = spoilt.record(extract, *number);
            let after = spoil(std::str::from_utf8(record).unwrap());
            assert_ne!(record, after.as_bytes(), "{rule:?}: nothing was spoilt");
            *record = after.into_bytes();
            expected.extend(quarantined.iter().map(|q| (*extract, *rule, *q)));
        }
        spoilt.write(&sandbox.path("tonight"));
        build(&sandbox, "tonight", "output");
        let wrong = sandbox.path("output/current");
        assert_named(&quarantined(&wrong), &spoilt, &expected);
        assert_ne!(files(&wrong), right);

        made.write(&sandbox.path("tonight"));
        build(&sandbox, "tonight", "output");
        let again = files(&sandbox.path("output/current"));
        assert_eq!(again.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
        for (name, bytes) in &right {
            assert!(again[name] == *bytes, "{:?}: {name} is not what it would have been", faults[0].0);
        }
    }
    assert!(Rule::ALL.iter().all(|rule| SPOILT.iter().any(|(spoilt, ..)| spoilt == rule)), "a rule is not shown");
}
