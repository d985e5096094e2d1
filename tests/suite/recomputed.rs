//! Every figure of a small build against what a second engine made of the same extracts.
//!
//! `recomputed.csv.gz` of a folder of `tests/independent/cases` is the answer of `tests/independent/recompute.py`, kept so
//! that the comparison needs no Python. How to make it anew: tests/independent/README.md.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use scorecard::domain::civil_date;

use crate::command::{Succeeds, scorecard};

const KEY: [&str; 9] =
    ["metric", "force", "level", "unit", "scope", "period_type", "period_start", "period_end", "solved_set"];
const NUMBERS: [&str; 3] = ["numerator", "denominator", "value"];

#[derive(Debug, PartialEq)]
struct Cells {
    numbers: [Option<f64>; 3],
    basis: String,
    status: String,
}

impl Cells {
    /// Counts must be equal; a value may differ in its last digits, as sums are taken in another order.
    fn agree(&self, other: &Self) -> bool {
        let close = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs(),
            (None, None) => true,
            _ => false,
        };
        self.numbers.iter().zip(&other.numbers).all(close) && self.basis == other.basis && self.status == other.status
    }
}

type Figures = BTreeMap<Vec<String>, Cells>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(batch: &RecordBatch, name: &str, row: usize) -> String {
    let column = batch.column_by_name(name).unwrap();
    match name {
        "period_start" | "period_end" => civil_date(column.as_primitive::<Date32Type>().value(row)).to_string(),
        _ if column.is_null(row) => String::new(),
        _ => column.as_string::<i32>().value(row).to_owned(),
    }
}

fn read_table(path: &Path, figures: &mut Figures) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    for batch in reader {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let number = |name: &str| {
                let column = batch.column_by_name(name).unwrap().as_primitive::<Float64Type>();
                column.is_valid(row).then(|| column.value(row))
            };
            let cells = Cells {
                numbers: NUMBERS.map(number),
                basis: text(&batch, "basis", row),
                status: text(&batch, "status", row),
            };
            let key = KEY.iter().map(|k| text(&batch, k, row)).collect();
            assert!(figures.insert(key, cells).is_none(), "a key stands twice in {}", path.display());
        }
    }
}

/// The recomputation's rows. Its names hold neither quotes nor commas, so a split is enough.
fn recomputed(case: &str) -> Figures {
    let path = root().join("tests/independent/cases").join(case).join("recomputed.csv.gz");
    let mut content = String::new();
    flate2::read::GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut content).unwrap();
    assert!(!content.contains('"'));
    let mut lines = content.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let key = KEY.iter().map(|k| cells[at(k)].to_owned()).collect();
            let numbers = NUMBERS.map(|n| cells[at(n)].parse().ok());
            (key, Cells { numbers, basis: cells[at("basis")].to_owned(), status: cells[at("status")].to_owned() })
        })
        .collect()
}

#[test]
fn every_figure_equals_the_second_engines() {
    equals_the_second_engines("tiny", &[], 14_000);
}

/// Crimes whose units are blank: officers who move, gaps, overlaps, contradictions.
#[test]
fn every_figure_of_units_by_posts_equals_the_second_engines() {
    equals_the_second_engines("people", &["--as-at", "2025-03-31"], 9_900);
}

fn equals_the_second_engines(case: &str, more: &[&str], least: usize) {
    let out = tempfile::tempdir().unwrap();
    let extracts = format!("tests/independent/cases/{case}");
    let arguments = ["build", "--extracts", &extracts, "--force", "all", "--only", "tables", "--out"];
    // A fifth of their rows are bad on purpose.
    let lifted = ["--allow", "quarantined_share"];
    scorecard(&root(), &arguments).arg(out.path()).args(lifted).args(more).succeeds();
    let mut figures = Figures::new();
    read_table(&out.path().join("current/tables/metric_values.parquet"), &mut figures);
    read_table(&out.path().join("current/restricted/officer_values.parquet"), &mut figures);
    let expected = recomputed(case);
    assert!(expected.len() > least, "{} rows are kept", expected.len());
    let missing: Vec<_> = expected.keys().filter(|k| !figures.contains_key(*k)).take(5).collect();
    let extra: Vec<_> = figures.keys().filter(|k| !expected.contains_key(*k)).take(5).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing {missing:#?}\nextra {extra:#?}");
    let differ: Vec<_> = expected
        .iter()
        .filter(|(k, cells)| !figures[*k].agree(cells))
        .map(|(k, c)| (k, c, &figures[k]))
        .take(5)
        .collect();
    assert!(differ.is_empty(), "key, expected, found: {differ:#?}");
}
