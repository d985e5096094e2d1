//! The one-stop page: every number on it is a cell of the build's tables, and is written as that cell is.

#![allow(clippy::unwrap_used, clippy::panic)]

pub(super) mod scan;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use scorecard::definitions;
use scorecard::publish::facts::Facts;
use scorecard::publish::page::{PageInput, page};
use serde_json::Value;

use super::built::{self, Row};
use super::command::{Succeeds, scorecard};
use scan::{Cell, cells, plain_parts};

const FORCE: &str = "gloucestershire";

/// A table that the page names: its key beside the force, and the rows by it.
struct Keyed {
    columns: &'static [&'static str],
    rows: BTreeMap<Vec<String>, Row>,
}

/// A table, its key, and what its rows must hold.
type Asked<'a> = (&'static str, &'static [&'static str], &'a [(&'a str, &'a str)]);

/// The tables that the page names.
struct Tables(BTreeMap<&'static str, Keyed>);

impl Tables {
    fn of(build: &Path) -> Self {
        let force = ("force", FORCE);
        let all = [force, ("scope", "all")];
        let last_year = [force, ("scope", "all"), ("comparator", "same_period_last_year")];
        let figure: &'static [&'static str] = &["metric", "level", "unit", "period_type", "period_start", "period_end"];
        let tables: [Asked<'_>; 8] = [
            ("scorecard", &["metric"], &[force]),
            ("attention", &[], &[force]),
            ("gates", &["extract"], &[]),
            ("journey_year", &["step"], &[force]),
            ("staffing", &["weekday", "half_hour"], &[force]),
            ("evaluation", &["metric", "intervention"], &[force]),
            ("metric_values", figure, &all),
            ("comparisons", figure, &last_year),
        ];
        let keyed = |(name, columns, wanted): Asked<'_>| {
            let own_set =
                |row: &Row| row.get("solved_set").is_none_or(|set| set.is_empty() || set == "positive_excluding_tic");
            let rows = built::rows_with(build, name, wanted).into_iter().filter(own_set);
            let key = |row: &Row| columns.iter().map(|column| row[*column].clone()).collect();
            (name, Keyed { columns, rows: rows.map(|row| (key(&row), row)).collect() })
        };
        Self(tables.into_iter().map(keyed).collect())
    }

    /// The cell's text in its table.
    fn look_up(&self, cell: &Cell) -> &str {
        let (table, column) = match (cell.place["data-t"].as_str(), cell.column.as_str()) {
            (_, "last_year") => ("comparisons", "comparator_value"),
            named => named,
        };
        let part = |column: &&str| {
            let (attribute, else_wise) = match (*column, table) {
                ("period_start", _) => ("data-s", ""),
                ("period_end", _) => ("data-e", ""),
                ("period_type", _) => ("data-p", ""),
                // A caption is of every unit of its table; so is that of the journey of every step.
                ("level", _) => ("data-l", "force"),
                ("unit", _) => ("data-u", FORCE),
                ("step", _) => ("data-m", "call_to_incident"),
                ("intervention" | "weekday", _) => ("data-u", ""),
                _ => ("data-m", ""),
            };
            cell.place.get(attribute).map_or(else_wise, String::as_str).to_owned()
        };
        let Keyed { columns, rows } = &self.0[table];
        let key: Vec<String> = columns.iter().map(part).collect();
        &rows.get(&key).unwrap_or_else(|| panic!("{table} has no row {key:?}: {cell:?}"))[column]
    }
}

/// Whether `shown` is how a reader writes `value`: rounded to the decimals shown, times 100 before a `%` or points.
pub(super) fn is_shown_as(value: f64, shown: &str) -> bool {
    if shown.starts_with("below 0.001") {
        return value < 0.001;
    }
    let digits: String = shown.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let digits = digits.trim_end_matches('.');
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let factor = if shown.contains('%') || shown.contains("point") { 100.0 } else { 1.0 };
    let negative = shown.contains('\u{2212}') || shown.ends_with("lower");
    let number: f64 = digits.parse().unwrap();
    let number = if negative { -number } else { number };
    (value * factor - number).abs() <= 0.5 * 10_f64.powi(-(decimals as i32)) * (1.0 + 1e-9)
}

#[test]
fn a_number_is_shown_by_its_rounding() {
    for (value, shown, expected) in [
        (0.8398, "84.0%", true),
        (0.8398, "83.9%", false),
        (-0.0602, "6.0 points lower", true),
        (0.0602, "6.0 points lower", false),
        (-12.5, "\u{2212}12.5", true),
        (1234.0, "1,234", true),
        (3.0, "3rd", true),
        (0.0004, "below 0.001", true),
        (0.01, "below 0.001", false),
        (134.83, "135 minutes", true),
    ] {
        assert_eq!(is_shown_as(value, shown), expected, "{value} {shown}");
    }
}

fn made(build: &Path) -> String {
    let pipeline = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml");
    let definitions = definitions::load(&pipeline).unwrap();
    let facts = Facts::read(build, FORCE, definitions.pipeline.solved_set).unwrap().unwrap();
    page(&PageInput {
        definitions: &definitions,
        force: FORCE,
        force_name: "Gloucestershire",
        data_date: NaiveDate::from_ymd_opt(2026, 9, 30).unwrap(),
        synthetic: true,
        source: "Synthetic extracts",
        facts: &facts,
        charts: &BTreeMap::new(),
    })
    .unwrap()
}

/// The figures that the filters put into the page.
fn views(html: &str) -> Value {
    let (_, rest) = html.split_once("id=\"views\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// Each as a marked cell would stand there.
fn viewed(views: &Value) -> Vec<Cell> {
    let mut found = Vec::new();
    for (metric, cells) in views["cells"].as_object().unwrap() {
        for (place, cell) in cells.as_object().unwrap() {
            let (unit, period) = place.split_once('.').unwrap();
            let unit = &views["units"][unit.parse::<usize>().unwrap()];
            let period = &views["periods"][period.parse::<usize>().unwrap()]["name"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let place: BTreeMap<String, String> = [
                ("data-t", "metric_values".to_owned()),
                ("data-m", metric.clone()),
                ("data-l", text(&unit["level"])),
                ("data-u", text(&unit["unit"])),
                ("data-p", text(period)),
                ("data-s", text(&cell[1])),
                ("data-e", text(&cell[2])),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
            let mut add = |column: &str, value: &Value, shown: String| {
                if let Some(value) = value.as_f64() {
                    let (column, value) = (column.to_owned(), value.to_string());
                    found.push(Cell { place: place.clone(), column, value, shown });
                }
            };
            add("value", &cell[3], text(&cell[4]));
            let part = |cell: &Value, by: &str, at: usize| {
                cell.as_str().map_or(String::new(), |words| words.split(by).nth(at).unwrap_or_default().to_owned())
            };
            add("lower_95", &cell[5], part(&cell[7], " to ", 0));
            add("upper_95", &cell[6], part(&cell[7], " to ", 1));
        }
    }
    found
}

#[test]
fn every_number_is_a_cell_of_a_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let (extracts, out) = (folder.path().join("extracts"), folder.path().join("out"));
    scorecard(root, &["synth", "--faults", "--crimes", "9000"]).arg(&extracts).succeeds();
    scorecard(root, &["build", "--only", "tables", "--extracts"])
        .args([&extracts, Path::new("--out"), &out])
        .succeeds();
    let build = out.join("current");
    let html = made(&build);
    assert_eq!(html, made(&build), "the same bytes");
    let tables = Tables::of(&build);

    let mut on_page = cells(&html);
    let of_filters = viewed(&views(&html));
    let counts = (on_page.len(), of_filters.len());
    assert!(counts.0 > 2_000 && counts.1 > 1_000, "{counts:?}");
    on_page.extend(of_filters);
    let mut differ = Vec::new();
    for cell in &on_page {
        let stands = tables.look_up(cell);
        let same = match (cell.value.parse::<f64>(), stands.parse::<f64>()) {
            // The reader of JSON is off by the last bit at times.
            (Ok(value), Ok(stands)) => {
                (value - stands).abs() <= stands.abs() * f64::EPSILON && is_shown_as(value, &cell.shown)
            }
            _ => cell.value == stands,
        };
        if !same {
            differ.push(format!("{cell:?}: {stands}"));
        }
    }
    assert!(
        differ.is_empty(),
        "{} of {} differ:\n{}",
        differ.len(),
        on_page.len(),
        differ[..differ.len().min(10)].join("\n")
    );
    let handlers = on_page.iter().filter(|cell| cell.column == "handlers_erlang_c").count();
    assert_eq!(handlers, 7 * 48 + 2, "each half hour of the week, and the most of them twice");
    println!("{} numbers on the page and {} of its filters: none differs from its table", counts.0, counts.1);

    // A number that is not marked would not have been compared.
    for part in plain_parts(&html) {
        assert!(
            !part
                .replace("95%", "")
                .replace("12 months", "")
                .replace("999 calls", "")
                .chars()
                .any(|c| c.is_ascii_digit()),
            "a number without its cell: {part}"
        );
    }
    scripts_are_its_own(&html);
}

/// The page's script and the figures of its filters are the two scripts on it.
fn scripts_are_its_own(html: &str) {
    let scripts = html.matches("<script").count();
    assert_eq!((scripts, html.matches("</script>").count()), (2, 2));
}
