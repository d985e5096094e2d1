//! `scorecard.xlsx` as calamine reads it: every number is a cell of the build's Parquet tables, and text is text.
//!
//! tests/independent/workbook.py does the same for every cell, with openpyxl and DuckDB.

#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use scorecard::definitions::{self, Definitions};
use scorecard::domain::{ForceId, Provenance, civil_date, parse_iso_date};
use scorecard::publish::{self, WorkbookInput};

use super::built::{self, Row};
use super::cli::Sandbox;
use super::command::{Succeeds, scorecard};
use super::made::{Made, quoted};
use sources::{SOURCES, Source};

/// Row of the headers, from 0.
const HEADER_ROW: usize = 3;
const SHORTHAND: [&str; 4] = ["[c]", "[p]", "[x]", "[z]"];

/// Words as a reader has them.
fn words(text: &str) -> String {
    if SHORTHAND.contains(&text) { String::new() } else { text.replace('_', " ") }
}

/// A cell as a key has it: words, a whole number, or a day.
fn key_cell(cell: &Data) -> String {
    match cell {
        Data::String(text) => words(text),
        Data::Float(whole) => whole.to_string(),
        // 25,569 days lie between the day 0 of a spreadsheet and that of a table.
        Data::DateTime(day) => civil_date(day.as_f64() as i32 - 25_569).to_string(),
        other => panic!("{other:?} in a key"),
    }
}

fn number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        _ => None,
    }
}

/// One sheet with a table: headers, rows.
struct Sheet {
    name: String,
    headers: Vec<String>,
    rows: Vec<Vec<Data>>,
}

impl Sheet {
    fn column(&self, header: &str) -> usize {
        self.headers.iter().position(|h| h == header).unwrap_or_else(|| panic!("{} has no {header}", self.name))
    }
}

/// The sheets of a workbook, each looked at for what none may have.
fn sheets(path: &Path) -> Vec<Sheet> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        assert!(name.chars().count() <= 31 && !name.contains(['[', ']', ':', '*', '?', '/', '\\']), "{name:?}");
        assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0, "a formula in {name}");
        assert!(book.merge_cells_by_sheet_name(&name).unwrap().is_empty(), "merged cells in {name}");
        if name == "Cover" {
            continue;
        }
        let range = book.worksheet_range(&name).unwrap();
        let mut rows = range.rows().skip(HEADER_ROW).map(<[Data]>::to_vec);
        let headers: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
        assert!(headers.iter().all(|h| !h.trim().is_empty()), "a blank header in {name}: {headers:?}");
        assert_eq!(headers.iter().map(|h| h.to_lowercase()).collect::<BTreeSet<_>>().len(), headers.len(), "{name}");
        let rows: Vec<Vec<Data>> = rows.collect();
        assert!(rows.iter().flatten().all(|cell| !cell.to_string().is_empty()), "a blank cell in {name}");
        assert!(!rows.is_empty(), "{name} has no row");
        sheets.push(Sheet { name, headers, rows });
    }
    sheets
}

/// Compares a sheet's numbers with one of its sources, and says how many there are.
fn compare(sheet: &Sheet, source: &Source, table: &[Row]) -> usize {
    let holds = |row: &&Row| source.rows.iter().all(|(column, value)| row[*column] == *value);
    let own_set =
        |row: &&Row| row.get("solved_set").is_none_or(|set| set.is_empty() || set == "positive_excluding_tic");
    let key = |row: &Row| source.key.iter().map(|(_, column)| words(&row[*column])).collect::<Vec<_>>();
    let mut beside: BTreeMap<Vec<String>, Vec<&Row>> = BTreeMap::new();
    for row in table.iter().filter(holds).filter(own_set) {
        beside.entry(key(row)).or_default().push(row);
    }
    let keys: Vec<usize> = source.key.iter().map(|(header, _)| sheet.column(header)).collect();
    let columns: Vec<(usize, &str)> = source.numbers.iter().map(|(h, column)| (sheet.column(h), *column)).collect();
    let mut compared = 0;
    for cells in &sheet.rows {
        let key: Vec<String> = keys.iter().map(|&at| key_cell(&cells[at])).collect();
        let rows = beside.get(&key).map_or(&[][..], Vec::as_slice);
        assert!(rows.len() <= 1, "{}: {key:?} is not one row of {}", sheet.name, source.table);
        for &(at, column) in &columns {
            let expected = rows.first().and_then(|row| row[column].parse::<f64>().ok());
            assert_eq!(number(&cells[at]), expected, "{}: {key:?}: {column}", sheet.name);
            if expected.is_none() {
                assert!(SHORTHAND.contains(&cells[at].to_string().as_str()), "{}: {key:?}: {column}", sheet.name);
            }
            compared += usize::from(expected.is_some());
        }
    }
    compared
}

/// Every number of the workbook is a number of a table of the build; says how many.
fn check(build: &Path, workbook: &Path, expected_sheets: &[&str]) -> usize {
    let sheets = sheets(workbook);
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    for expected in expected_sheets {
        assert!(names.contains(expected), "{expected} is not among {names:?}");
    }
    let mut tables: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    let (mut compared, mut there) = (0, 0);
    for sheet in &sheets {
        for source in SOURCES.iter().filter(|source| source.sheet == sheet.name) {
            let table = tables.entry(source.table).or_insert_with(|| built::rows(build, source.table));
            compared += compare(sheet, source, table);
        }
        there += sheet.rows.iter().flatten().filter(|cell| number(cell).is_some()).count();
        if let Some(level) = sheet.headers.iter().position(|header| header == "Level") {
            let restricted =
                sheet.rows.iter().find(|row| ["officer", "supervisor"].contains(&row[level].to_string().as_str()));
            assert_eq!(restricted, None, "{}", sheet.name);
        }
    }
    assert_eq!(compared, there, "numbers that no table was asked for");
    compared
}

fn only(sandbox: &Sandbox, pipeline: &str, metrics: &str) {
    sandbox.edit(pipeline, |text| text.replacen("solved_set", &format!("only = [{metrics}]\nsolved_set"), 1));
}

#[test]
fn every_number_is_a_cell_of_a_table() {
    let sandbox = Sandbox::new();
    // Measures that have sheets of their own.
    only(
        &sandbox,
        "pipelines/gloucestershire.toml",
        "\"solved_rate_recorded\", \"answered_999_under_10_seconds\", \"calls_999\"",
    );
    let sample = format!("{}/sample_data/", env!("CARGO_MANIFEST_DIR"));
    sandbox.edit("pipelines/gloucestershire.toml", |text| text.replace("../sample_data/", &sample));
    sandbox.command(&["synth", "made", "--crimes", "2500", "--months", "26"]).succeeds();
    // What a build calls for itself is called here: each chart of a build costs seconds where nothing is optimised.
    let build = ["build", "pipelines/gloucestershire.toml", "--only", "tables", "--extracts", "made"];
    sandbox.command(&build).succeeds();
    let built = sandbox.current();
    let sheets = [
        "Contents",
        "Notes",
        "Scorecard",
        "Four lists",
        "Months",
        "Areas and teams",
        "Comparisons",
        "Offence groups",
        "Case mix",
        "Journey",
        "Demand",
        "Forecast",
        "Call handlers",
        "Limits",
        "Interventions",
        "Nowcast",
        "Data quality",
        "Metrics",
        "Charts",
    ];
    let mut definitions = definitions::load(&sandbox.path("pipelines/gloucestershire.toml")).unwrap();
    let made = |definitions: &Definitions| {
        let input = WorkbookInput {
            definitions,
            data_date: parse_iso_date("2026-09-30").unwrap(),
            provenance: Provenance::Synthetic,
            sources: &["Made up.".to_owned()],
            build: &built,
        };
        publish::workbook(&input).unwrap()
    };
    let workbook = sandbox.path("made.xlsx");
    fs::write(&workbook, made(&definitions).unwrap()).unwrap();
    let numbers = check(&built, &workbook, &sheets);
    println!("{numbers} numbers, none differs");
    assert!(numbers > 1_000, "{numbers}");
    assert_eq!(fs::read(&workbook).ok(), made(&definitions), "the same tables, other bytes");
    assert!(!built.join("scorecard.xlsx").exists(), "a build of tables alone has none");
    // Without a line of the pipeline's own force there is nothing to show.
    definitions.pipeline.force = ForceId::new("wiltshire").unwrap();
    assert_eq!(made(&definitions), None);
}

#[test]
fn the_published_pipeline_has_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    scorecard(root, &["build", "pipelines/published.toml", "--out"]).arg(folder.path()).succeeds();
    let built = folder.path().join("current");
    let numbers = check(
        &built,
        &built.join("scorecard.xlsx"),
        &["Contents", "Notes", "Scorecard", "Four lists", "Comparisons", "Data quality", "Metrics", "Charts"],
    );
    println!("{numbers} numbers, none differs");
    assert!(numbers > 200, "{numbers}");
}

#[test]
fn names_that_look_like_formulas_stay_text() {
    const NAMES: [&str; 8] = [
        "=HYPERLINK(\"file:x\",\"click\")",
        "=1+1",
        "+44 1452",
        "-2+3",
        "@SUM(A1)",
        "_x0041_rea",
        "Area\tof\nlines",
        "\u{202E}turned\u{1b}[2J\u{FFFE}",
    ];
    let sandbox = Sandbox::new();
    only(&sandbox, "pipelines/small.toml", "\"crimes_recorded\"");
    let mut made = Made::new();
    for (n, name) in NAMES.iter().enumerate() {
        let record = |k: usize| {
            let named = String::from_utf8(quoted(name.as_bytes())).unwrap();
            format!("F{n}-{k},2025-03-{:02} 10:00:00,8N,,{named},{named},PC1,PS1,,", 1 + k).into_bytes()
        };
        made.0.get_mut("crimes").unwrap().extend((0..3).map(record));
    }
    let long = format!("=long{}", "x".repeat(40_000));
    made.0.get_mut("crimes").unwrap().push(format!("FL,2025-03-09 10:00:00,8N,,{long},T1,PC1,PS1,,").into_bytes());
    made.write(&sandbox.path("named"));
    let build = ["build", "pipelines/small.toml", "--extracts", "named", "--as-at", "2025-03-31"];
    sandbox.command(&build).succeeds();
    let sheets = sheets(&sandbox.current().join("scorecard.xlsx"));
    let sheet = sheets.iter().find(|sheet| sheet.name == "Areas and teams").unwrap();
    let at = sheet.column("Area, department or team");
    let found: BTreeSet<String> = sheet.rows.iter().map(|row| row[at].to_string()).collect();
    for name in NAMES {
        let shown = name.replace('\u{202E}', "\\u{202e}").replace('\u{1b}', "\\u{1b}");
        assert!(found.contains(&shown), "{shown:?} is not among {found:?}");
    }
    let cut = found.iter().find(|name| name.starts_with("=long")).unwrap();
    assert_eq!((cut.encode_utf16().count(), cut.ends_with('…')), (32_767, true));
}
