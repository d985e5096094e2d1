//! Awkward files: each folder of `tests/cases/ingest` is built as it stands, and `case.toml` says what must come of it.
//!
//! Record counts and places there were counted by hand, or by the program that made the file, and not by this code.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, DataType, LazyFrame, PlRefPath, ScanArgsParquet};
use scorecard::definitions;
use scorecard::pipeline::{self, BuildRequest, Forces, Silent, Until};
use serde::Deserialize;

use super::cli::{copy_definitions, owners};

/// A case as its file states it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What is awkward about it.
    what: String,
    #[serde(default)]
    extract: String,
    #[serde(default = "last_of_march")]
    as_at: String,
    /// The data date comes from the file itself.
    #[serde(default)]
    own_data_date: bool,
    /// The files are published ones of this shape, not extracts.
    published: Option<String>,
    /// Goes into the pipeline file as it stands, below `[inputs.<extract>]`.
    #[serde(default)]
    input: String,
    #[serde(default)]
    expect: Expected,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The build stops, or the definitions are refused, and this is what is said.
    stops: Option<String>,
    data_date: Option<String>,
    /// By file: records read, accepted, out of window, quarantined, duplicates.
    #[serde(default)]
    fates: BTreeMap<String, [i64; 5]>,
    #[serde(default)]
    quarantined: Vec<Place>,
    /// By column, the conformed values in the order of the key; blank is null.
    #[serde(default)]
    conformed: BTreeMap<String, Vec<String>>,
    /// Parts of what the build says of its tables.
    #[serde(default)]
    notes: Vec<String>,
    /// `finding extract.column`: rows.
    #[serde(default)]
    findings: BTreeMap<String, u64>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    #[serde(default)]
    file: String,
    record: i64,
    rule: String,
    /// Where the record begins in the file after decompression.
    byte_offset: Option<i64>,
    #[serde(default)]
    column: String,
    /// A part of the record as it stands.
    #[serde(default)]
    raw: String,
}

fn last_of_march() -> String {
    "2026-03-31".to_owned()
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/ingest");
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

/// The definitions of the tree with a pipeline that reads one case.
fn pipeline_file(folder: &Path, case: &Case, files: &Path) -> PathBuf {
    copy_definitions(folder);
    let mut text =
        "title = \"Case\"\nforce = \"gloucestershire\"\nsolved_set = \"positive_excluding_tic\"\n\n".to_owned();
    match &case.published {
        Some(shape) => writeln!(text, "[[published]]\nshape = \"{shape}\"\nsource = \"made up\"").unwrap(),
        None => writeln!(text, "[inputs.{}]\nprovenance = \"force\"", case.extract).unwrap(),
    }
    if !case.input.contains("files =") {
        writeln!(text, "files = [\"IN/*\"]").unwrap();
    }
    text = text + &case.input + "\n[comparators]\npeer_group = \"illustrative\"\n";
    text = text + "variant = \"mean_of_rates_including_self\"\n\n" + &owners();
    let path = folder.join("case.toml");
    fs::write(&path, text.replace("IN/", &format!("{}/", files.display()))).unwrap();
    path
}

/// What came of a case; the message of a build that stopped.
fn build(case: &Case, folder: &Path, files: &Path) -> Result<pipeline::Summary, String> {
    let definitions = definitions::load(&pipeline_file(folder, case, files)).map_err(|faults| {
        faults.faults().iter().map(|fault| format!("{} {}\n", fault.message(), fault.hint_text())).collect::<String>()
    })?;
    let as_at = (!case.own_data_date).then(|| case.as_at.parse().unwrap());
    let out = folder.join("output");
    let forces = Forces::One("gloucestershire".to_owned());
    // A case is a handful of rows, most of them bad, and of a few days.
    let allow = ["quarantined_share", "newest_too_old"].map(|rule| rule.parse().unwrap()).to_vec();
    let request = BuildRequest { extracts: None, out, as_at, forces, until: Until::Tallies, allow };
    pipeline::run(&definitions, &request, &Silent).map_err(|error| format!("{error}\n{}", error.hint().unwrap_or("")))
}

fn table(folder: &Path, name: &str) -> DataFrame {
    let path = folder.join("output/current").join(name);
    let path = PlRefPath::new(path.to_string_lossy());
    LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap().collect().unwrap()
}

fn texts(frame: &DataFrame, column: &str) -> Vec<String> {
    let column = frame.column(column).unwrap().cast(&DataType::String).unwrap();
    column.str().unwrap().iter().map(|text| text.unwrap_or("").to_owned()).collect()
}

fn integers(frame: &DataFrame, column: &str) -> Vec<Option<i64>> {
    frame.column(column).unwrap().i64().unwrap().iter().collect()
}

fn fates(folder: &Path) -> BTreeMap<String, [i64; 5]> {
    let rows = table(folder, "tables/reconciliation.parquet");
    let names = ["records_read", "accepted", "out_of_window", "quarantined", "duplicates"];
    let counts = names.map(|name| integers(&rows, name));
    let of = |row: usize| [0, 1, 2, 3, 4].map(|count: usize| counts[count][row].unwrap());
    texts(&rows, "file").into_iter().enumerate().map(|(row, file)| (file, of(row))).collect()
}

/// The quarantine, told as much of as the case tells.
fn quarantined(folder: &Path, expected: &[Place]) -> Vec<Place> {
    let rows = table(folder, "restricted/quarantine.parquet");
    let (files, rules, columns, raws) =
        (texts(&rows, "file"), texts(&rows, "rule"), texts(&rows, "column"), texts(&rows, "raw"));
    let (records, offsets) = (integers(&rows, "record"), integers(&rows, "byte_offset"));
    let mut found = Vec::new();
    for row in 0..rows.height() {
        let record = records[row].unwrap();
        let told = expected.iter().find(|p| p.record == record && (p.file.is_empty() || p.file == files[row]));
        let keep = |told: Option<&String>, text: &str| told.filter(|t| !t.is_empty()).map_or("", |_| text).to_owned();
        let raw = told.map_or("", |p| p.raw.as_str());
        found.push(Place {
            file: keep(told.map(|p| &p.file), &files[row]),
            record,
            rule: rules[row].clone(),
            byte_offset: offsets[row].filter(|_| told.is_some_and(|p| p.byte_offset.is_some())),
            column: keep(told.map(|p| &p.column), &columns[row]),
            raw: if raws[row].contains(raw) { raw.to_owned() } else { raws[row].clone() },
        });
    }
    found.sort();
    found
}

/// Everything about a case that is not as it should be.
fn wrong(path: &Path) -> Vec<String> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(path.join("case.toml")).unwrap();
    let mut case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let mut check = |what: &str, found: String, expected: String| {
        if found != expected {
            wrong.push(format!("{name} ({}): {what}\n  found    {found}\n  expected {expected}", case.what));
        }
    };
    let built = build(&case, folder.path(), &path.join("in"));
    let expect = &mut case.expect;
    let summary = match (&built, &expect.stops) {
        (Err(said), Some(stops)) if said.contains(stops.as_str()) => return wrong,
        (Err(said), stops) => {
            check("stops", said.clone(), stops.clone().unwrap_or_default());
            return wrong;
        }
        (Ok(summary), stops) => {
            check("stops", String::new(), stops.clone().unwrap_or_default());
            summary
        }
    };
    for note in &expect.notes {
        let said = summary.notes.iter().any(|line| line.contains(note.as_str()));
        check("note", if said { note.clone() } else { summary.notes.join("; ") }, note.clone());
    }
    if let Some(data_date) = &expect.data_date {
        check("data date", summary.data_date.to_string(), data_date.clone());
    }
    let found = fates(folder.path());
    for (file, [read, accepted, out, quarantined, duplicates]) in &found {
        check(&format!("{file} adds up"), (accepted + out + quarantined + duplicates).to_string(), read.to_string());
    }
    check("fates", format!("{found:?}"), format!("{:?}", expect.fates));
    expect.quarantined.sort();
    check(
        "quarantined",
        format!("{:?}", quarantined(folder.path(), &expect.quarantined)),
        format!("{:?}", expect.quarantined),
    );
    if !expect.conformed.is_empty() {
        // Conformed tables stand in the order of their key.
        let rows = table(folder.path(), &format!("restricted/conformed/{}.parquet", case.extract));
        for (column, expected) in &expect.conformed {
            check(column, format!("{:?}", texts(&rows, column)), format!("{expected:?}"));
        }
    }
    let findings = summary
        .findings
        .iter()
        .map(|(finding, extract, column, rows)| (format!("{finding} {extract}.{column}"), *rows));
    check("findings", format!("{:?}", findings.collect::<BTreeMap<_, _>>()), format!("{:?}", expect.findings));
    wrong
}

#[test]
fn every_awkward_file_comes_to_what_its_case_says() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|case| wrong(case)).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
