//! What the published pipeline says of Gloucestershire, and the page that tells it.
//!
//! `published_results.csv` is the answer of tests/independent/published_results.py (NumPy, SciPy) from the shipped Home
//! Office tables alone. Its ranks were drawn 400,000 times; a build draws 2,000 times, so an end may differ by one.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::built::{Row, rows};
use crate::command::{Succeeds, scorecard};

const NUMBERS: [&str; 6] = ["numerator", "denominator", "value", "comparator_value", "difference", "p_value"];
const WORDS: [&str; 6] = ["verdict_95", "verdict_998", "verdict_sampling", "sensitivity", "rank", "group_size"];
const FUNNEL_NUMBERS: [&str; 4] = ["centre", "lower_95", "upper_998", "wide_lower_95"];
const FUNNEL_WORDS: [&str; 3] = ["position", "wide_position", "forces"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The tables of one build of the published pipeline.
static BUILT: LazyLock<BTreeMap<&str, Vec<Row>>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    scorecard(&root(), &["build", "pipelines/published.toml", "--only", "tables", "--out"])
        .arg(folder.path())
        .succeeds();
    let build = folder.path().join("current");
    ["metric_values", "comparisons", "funnel", "scorecard", "case_mix"].map(|table| (table, rows(&build, table))).into()
});

fn expected() -> Vec<Row> {
    let text = std::fs::read_to_string(root().join("tests/suite/published_results.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
}

/// The own force's rows of a table in a year, on a basis.
fn own(table: &str, basis: &str, year: &str) -> Vec<&'static Row> {
    let (metric, start) = (format!("solved_rate_{basis}"), format!("{}-04-01", &year[..4]));
    let of = |row: &&Row| row["metric"] == metric && row["force"] == "gloucestershire" && row["period_start"] == start;
    BUILT[table].iter().filter(of).collect()
}

fn only(found: Vec<&'static Row>) -> &'static Row {
    let [row] = found[..] else { panic!("{found:?}") };
    row
}

fn beside(row: &Row) -> &'static Row {
    let mut found = own("comparisons", &row["basis"], &row["year"]);
    found.retain(|r| r["comparator"] == row["comparator"]);
    only(found)
}

fn assert_near(found: &Row, expected: &Row, columns: &[&str]) {
    for column in columns {
        let [found, expected]: [f64; 2] = [found, expected].map(|row| row[*column].parse().unwrap());
        assert!((found / expected - 1.0).abs() < 1e-9, "{column}: {found} {expected}");
    }
}

#[test]
fn every_result_equals_the_second_engines() {
    let expected = expected();
    assert_eq!(expected.len(), 6);
    for row in &expected {
        let (found, value, point) = (
            beside(row),
            only(own("metric_values", &row["basis"], &row["year"])),
            only(own("funnel", &row["basis"], &row["year"])),
        );
        assert_near(value, row, &NUMBERS[..3]);
        assert_near(found, row, &NUMBERS[2..]);
        assert_near(point, row, &FUNNEL_NUMBERS);
        assert_eq!(value["status"], "final");
        for (table, columns) in [(found, &WORDS[..]), (point, &FUNNEL_WORDS[..])] {
            columns.iter().for_each(|column| assert_eq!(table[*column], row[*column], "{column} {row:?}"));
        }
        for end in ["rank_lower", "rank_upper"] {
            let [found, drawn]: [i32; 2] = [found, row].map(|row| row[end].parse().unwrap());
            assert!((found - drawn).abs() <= 1, "{end} {row:?}");
        }
        assert_eq!((&found["basis"], &found["comparator_basis"]), (&row["basis"], &row["basis"]));
        assert_eq!(found["method"], "normal_sampling_and_between_forces");
    }
}

/// The cohort of 2025/26 has had less than its time: a figure, marked, and no judgement of it.
#[test]
fn recorded_2025_26_is_provisional_and_judged_by_nothing() {
    let figure = only(own("metric_values", "recorded", "2025/26"));
    assert_eq!((&*figure["status"], &*figure["numerator"]), ("provisional", "4665.0"));
    assert_eq!(figure["reason"], "the cohort has had less than its time");
    assert!(own("comparisons", "recorded", "2025/26").is_empty() && own("funnel", "recorded", "2025/26").is_empty());
    let line =
        BUILT["scorecard"].iter().find(|r| r["metric"] == "solved_rate_recorded" && r["force"] == "gloucestershire");
    assert_eq!(line.unwrap()["period_end"], "2025-03-31");
}

/// Yearly totals have no offences, so no mix can be taken out of them.
#[test]
fn yearly_totals_have_no_case_mix() {
    assert!(BUILT["case_mix"].is_empty());
}

/// Every row of the page's table is what the build says; to write it anew, take the lines from the failure.
#[test]
fn the_page_says_what_the_build_says() {
    let page = std::fs::read_to_string(root().join("docs/published_results.md")).unwrap();
    let lines: Vec<String> = expected().iter().map(line).collect();
    let there: Vec<&str> = page.lines().filter(|l| l.starts_with("| closed") || l.starts_with("| recorded")).collect();
    assert!(there == lines, "the page has to say\n{}", lines.join("\n"));
}

fn line(row: &Row) -> String {
    let (value, found) = (only(own("metric_values", &row["basis"], &row["year"])), beside(row));
    let point = only(own("funnel", &row["basis"], &row["year"]));
    let percent = |row: &Row, column: &str| format!("{:.1}", 100.0 * row[column].parse::<f64>().unwrap());
    let whole = |column: &str| {
        let count = value[column].trim_end_matches(".0");
        let (thousands, rest) = count.split_at(count.len() - 3);
        format!("{thousands},{rest}")
    };
    let comparator = if row["comparator"] == "national" { "nation" } else { "group" };
    let hangs_on = if found["sensitivity"].is_empty() { "" } else { &found["sensitivity"] };
    let cells = [
        row["basis"].clone(),
        row["year"].clone(),
        format!("{} of {}", whole("numerator"), whole("denominator")),
        format!("{}% ({} to {})", percent(value, "value"), percent(value, "lower_95"), percent(value, "upper_95")),
        format!("{comparator}, {}%", percent(found, "comparator_value")),
        percent(found, "difference"),
        format!("{:.2}", found["p_value"].parse::<f64>().unwrap()),
        found["verdict_95"].clone(),
        found["verdict_sampling"].clone(),
        format!("{} ({} to {}) of {}", found["rank"], found["rank_lower"], found["rank_upper"], found["group_size"]),
        hangs_on.to_owned(),
        format!("{}, {}", point["position"], point["wide_position"]),
    ];
    format!("| {} |", cells.join(" | "))
}

/// A page for readers: each year's verdict that it names in words stands in the table of the build too.
#[test]
fn a_known_group_is_named_as_illustrative() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/published_results.md")).unwrap();
    assert!(page.contains("illustrative") && page.contains("Open Government Licence"));
}
