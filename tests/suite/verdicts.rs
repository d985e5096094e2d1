//! No verdict without what it was made by: method, comparator, period and basis stand in the same row.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::util::display::array_value_to_string;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::command::{Succeeds, scorecard};

/// Table, column of verdicts, what must stand beside one.
const RULES: &[(&str, &str, &[&str])] = &[
    ("comparisons", "verdict_95", &["comparator", "method", "period_start", "period_end"]),
    ("comparisons", "verdict_998", &["comparator", "method", "period_start", "period_end"]),
    ("comparisons", "verdict_sampling", &["comparator", "period_start", "period_end"]),
    ("case_mix", "verdict_95", &["comparator", "method", "period_start", "period_end", "strata"]),
    ("case_mix", "verdict_998", &["comparator", "method", "period_start", "period_end", "strata"]),
    ("case_mix", "verdict_sampling", &["comparator", "period_start", "period_end", "strata"]),
    ("funnel", "position", &["comparator", "method", "period_start", "period_end"]),
    ("funnel", "wide_position", &["comparator", "method", "period_start", "period_end"]),
    ("spc", "rule", &["chart_type", "chart_reason", "month", "centre"]),
    ("spc", "class", &["chart_type", "chart_reason", "month"]),
    ("spc", "assurance", &["chart_type", "chart_reason", "month", "centre"]),
    (
        "evaluation",
        "verdict",
        &["comparator", "method", "period_start", "period_end", "months_before", "months_after", "worthwhile", "tests"],
    ),
    (
        "maturity",
        "verdict_95",
        &[
            "comparator",
            "comparator_period_end",
            "comparator_value",
            "test_method",
            "p_value",
            "period_start",
            "period_end",
        ],
    ),
    (
        "local_figures",
        "verdict_95",
        &["comparator", "comparator_value", "method", "p_value", "q_value", "period_start", "period_end"],
    ),
    ("local_figures", "flagged", &["comparator", "method", "q_value"]),
    (
        "local_figures",
        "last_year_verdict_95",
        &["last_year_comparator", "last_year_value", "last_year_method", "last_year_q_value", "last_year_period_end"],
    ),
    ("local_figures", "last_year_flagged", &["last_year_comparator", "last_year_method", "last_year_q_value"]),
    ("attention", "verdict_95", &["comparator", "method", "period_start", "period_end"]),
    ("attention", "flagged", &["comparator", "method", "q_value", "tests"]),
    ("attention", "variation", &["chart_type", "rule", "month"]),
    ("attention", "assurance", &["chart_type", "month"]),
    ("attention", "partner_variation", &["partner", "month"]),
    ("scorecard", "group_verdict", &["group_variant", "group_method", "group_period_end", "period_end"]),
    ("scorecard", "group_verdict_998", &["group_variant", "group_method", "group_period_end", "period_end"]),
    ("scorecard", "group_verdict_sampling", &["group_variant", "group_period_end", "period_end"]),
    ("scorecard", "national_verdict", &["national_method", "national_period_end", "period_end"]),
    ("scorecard", "national_adjusted_verdict", &["national_adjusted_method", "national_adjusted_value", "period_end"]),
    ("scorecard", "last_year_verdict", &["last_year_method", "last_year_period_end", "period_end"]),
    ("scorecard", "variation", &["variation_chart", "variation_rule", "variation_month"]),
    ("scorecard", "assurance", &["variation_chart", "variation_month"]),
];
/// A limit of the chart names no month of its own where a month has no value.
const NO_VERDICT: &[&str] = &["", "not_available", "provisional"];
const WORDS_OF_VERDICTS: &[&str] = &["verdict", "position", "variation", "class", "assurance", "flagged"];
/// Columns that such a word is in, and that are none: places in an order, and what a verdict was made by.
const NO_VERDICTS: &[(&str, &str)] = &[
    ("scorecard", "position"),
    ("scorecard", "flagged"),
    ("scorecard", "variation_chart"),
    ("scorecard", "variation_rule"),
    ("scorecard", "variation_month"),
    ("comparisons", "flagged"),
    ("case_mix", "unclassed"),
    ("attention", "position"),
    ("dim_metric", "position"),
];

fn tables(build: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = build.join("tables").read_dir().unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// Metrics that have a basis, from the build's own table of them.
fn with_a_basis(build: &Path) -> BTreeSet<String> {
    let metrics = batches(&build.join("tables/dim_metric.parquet"));
    let of = |batch: &RecordBatch| {
        let text = |name: &str, row: usize| array_value_to_string(batch.column_by_name(name).unwrap(), row).unwrap();
        (0..batch.num_rows()).filter(|row| !text("basis", *row).is_empty()).map(|row| text("metric", row)).collect()
    };
    metrics.iter().map(of).fold(BTreeSet::new(), |mut all, some: BTreeSet<String>| {
        all.extend(some);
        all
    })
}

/// Holds one table to its rules, and says how many verdicts it looked at.
fn held(table: &str, batch: &RecordBatch, with_a_basis: &BTreeSet<String>) -> usize {
    let mut looked_at = 0;
    for (_, verdict, beside) in RULES.iter().filter(|(of, _, _)| *of == table) {
        let verdicts = batch.column_by_name(verdict).unwrap();
        let metrics = batch.column_by_name("metric").unwrap().as_string::<i32>();
        for row in 0..batch.num_rows() {
            let text = array_value_to_string(verdicts, row).unwrap();
            if NO_VERDICT.contains(&text.as_str()) {
                continue;
            }
            looked_at += 1;
            let metric = metrics.value(row);
            let basis = with_a_basis.contains(metric).then_some(&"basis");
            for column in beside.iter().chain(basis) {
                let is_there = batch.column_by_name(column).unwrap().is_valid(row);
                assert!(is_there, "{table}, {metric}, row {row}: {verdict} is {text}, and {column} is missing");
            }
        }
    }
    looked_at
}

/// Holds every table of a build to its rules; the tables named must have verdicts.
pub fn check(build: &Path, with_verdicts: &[&str]) {
    let with_a_basis = with_a_basis(build);
    for path in tables(build) {
        let table = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let batches = batches(&path);
        let looked_at: usize = batches.iter().map(|batch| held(&table, batch, &with_a_basis)).sum();
        assert!(looked_at > 0 || !with_verdicts.contains(&table.as_str()), "{table} has no verdict to look at");
        let Some(schema) = batches.first().map(|batch| batch.schema()) else { continue };
        for field in schema.fields() {
            let name = field.name().as_str();
            let is_one =
                WORDS_OF_VERDICTS.iter().any(|word| name.contains(word)) && !NO_VERDICTS.contains(&(&table, name));
            let has_a_rule = RULES.iter().any(|(of, verdict, _)| (*of, *verdict) == (&table, name));
            assert!(!is_one || has_a_rule, "{table}.{name} looks like a verdict: say what must stand beside it");
        }
    }
}

#[test]
fn none_stands_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    scorecard(root, &["synth", "--crimes", "2500", "--months", "15"]).arg(at("extracts")).succeeds();
    scorecard(root, &["build", "--only", "tables", "--extracts"])
        .args([at("extracts"), "--out".into(), at("own")])
        .succeeds();
    check(&at("own").join("current"), &["comparisons", "case_mix", "spc", "attention", "scorecard", "funnel"]);
    scorecard(root, &["build", "pipelines/published.toml", "--only", "tables", "--out"])
        .arg(at("published"))
        .succeeds();
    check(&at("published").join("current"), &["comparisons", "attention", "scorecard", "funnel"]);
}
