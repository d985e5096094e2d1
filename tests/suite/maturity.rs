//! Nowcasts made as at an earlier date, against what the same crimes came to a year on.
//!
//! Synthetic crimes of four years, built as at September 2025 and September 2026: every crime of the earlier nowcasts is a
//! year old by then. What they came to is counted from the later build's conformed crimes, by no code of the nowcast.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use polars::prelude::{DataFrame, LazyFrame, PlRefPath, ScanArgsParquet};

use crate::cli::copy_definitions;
use crate::command::{Succeeds, scorecard};

const HORIZON_DAYS: i64 = 365;
const MICROS_PER_DAY: i64 = 86_400_000_000;
/// The default set, from its line in docs/methods.md; 1A, 2A and 3A count with 1, 2 and 3.
const SOLVED: [&str; 10] = ["1", "1A", "2", "2A", "3", "3A", "6", "7", "8", "22"];
const METRICS: [&str; 2] = ["solved_rate_recorded", "victim_not_supporting_rate"];

fn table(build: &Path, name: &str) -> DataFrame {
    let path = PlRefPath::new(build.join("current").join(name).to_string_lossy());
    LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap().collect().unwrap()
}

/// The two metrics alone, at force level: a build of them is quick.
fn definitions(folder: &Path) {
    copy_definitions(folder);
    for entry in fs::read_dir(folder.join("metrics")).unwrap() {
        let path = entry.unwrap().path();
        if !METRICS.contains(&path.file_stem().unwrap().to_str().unwrap()) {
            fs::remove_file(path).unwrap();
        }
    }
    let edit = |name: &str, change: &dyn Fn(&str) -> String| {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.lines().map(|line| change(line) + "\n").collect::<String>()).unwrap();
    };
    edit("quality.toml", &|line| match line.starts_with("moves = ") {
        true => "moves = [\"solved_rate_recorded\"]".to_owned(),
        false => line.to_owned(),
    });
    edit("extracts/crimes.toml", &|line| match line.split(" = ").next() {
        Some("area" | "department" | "team" | "supervisor" | "officer") => String::new(),
        Some("force") => "force = [\"all\"]".to_owned(),
        _ => line.to_owned(),
    });
    // It names metrics that are gone.
    fs::remove_file(folder.join("interventions.toml")).unwrap();
    let surveys = ["[inputs.surveys]", "[inputs.victim_contacts]"];
    let text = fs::read_to_string(folder.join("gloucestershire.toml")).unwrap();
    // Its public pack names metrics that are gone as well.
    let (before, after) = text.split_once("[[packs.public]]").unwrap();
    let text = before.to_owned() + &after[after.find("[packs.briefing]").unwrap()..];
    let kept = text.split("\n\n").filter(|part| !surveys.iter().any(|s| part.starts_with(s)));
    fs::write(folder.join("gloucestershire.toml"), kept.collect::<Vec<_>>().join("\n\n")).unwrap();
}

/// Crimes of a force and month, and how many were solved within the horizon: (force, first day of the month).
fn truth(build: &Path) -> BTreeMap<(String, i32), (u64, u64)> {
    let crimes = table(build, "restricted/conformed/crimes.parquet");
    let text = |name: &str| crimes.column(name).unwrap().str().unwrap();
    let flag = |name: &str| crimes.column(name).unwrap().bool().unwrap();
    let day = |name: &str| {
        let physical = crimes.column(name).unwrap().to_physical_repr();
        let micros: Vec<Option<i64>> = physical.i64().unwrap().iter().collect();
        micros.into_iter().map(|m| m.map(|m| m.div_euclid(MICROS_PER_DAY))).collect::<Vec<_>>()
    };
    let (recorded, ended) = (day("recorded_at"), day("outcome_at"));
    let mut found: BTreeMap<(String, i32), (u64, u64)> = BTreeMap::new();
    for row in 0..crimes.height() {
        if flag("cancelled").get(row) != Some(false) || flag("in_window").get(row) != Some(true) {
            continue;
        }
        let date = scorecard::domain::civil_date(recorded[row].unwrap() as i32);
        let month = scorecard::domain::Month::of(date).first_day();
        let solved = text("outcome_type").get(row).is_some_and(|outcome| SOLVED.contains(&outcome))
            && ended[row].is_some_and(|ended| ended - recorded[row].unwrap() <= HORIZON_DAYS);
        let key = (text("force").get(row).unwrap().to_owned(), scorecard::domain::days_since_epoch(month));
        let counts = found.entry(key).or_default();
        (counts.0, counts.1) = (counts.0 + 1, counts.1 + u64::from(solved));
    }
    found
}

#[test]
fn nowcasts_cover_what_their_months_came_to() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    definitions(&at("pipelines"));
    let drawn =
        ["synth", "--forces", "gloucestershire,wiltshire,dorset,cumbria", "--crimes", "36000", "--months", "48"];
    let few =
        ["--calls-per-crime", "0.02", "--incidents-per-crime", "0.02", "--no-comparators", "--compression", "none"];
    scorecard(root, &drawn).args(few).arg(at("extracts")).succeeds();
    for (until, as_at, out) in [("tables", "2025-09-30", "early"), ("tallies", "2026-09-30", "late")] {
        let build =
            ["build", "pipelines/gloucestershire.toml", "--extracts", "extracts", "--force", "all", "--only", until];
        // Seen from the earlier date a fourth of the rows are of the future.
        scorecard(folder.path(), &build)
            .args(["--as-at", as_at, "--allow", "quarantined_share", "--out", out])
            .succeeds();
    }
    let truth = truth(&at("late"));
    let nowcasts = table(&at("early"), "tables/nowcast.parquet");
    let number = |name: &str, row: usize| nowcasts.column(name).unwrap().f64().unwrap().get(row);
    let (mut made, mut covered, mut error, mut raw_error) = (0, 0, 0.0, 0.0);
    for row in 0..nowcasts.height() {
        let text = |name: &str| nowcasts.column(name).unwrap().str().unwrap().get(row).unwrap().to_owned();
        if text("level") != "force" || text("scope") != "all" {
            continue;
        }
        let physical = nowcasts.column("period_start").unwrap().to_physical_repr();
        let start = physical.i32().unwrap().get(row).unwrap();
        let (crimes, solved) = truth[&(text("force"), start)];
        let came_to = solved as f64 / crimes as f64;
        let [value, lower, upper] = ["value", "lower_95", "upper_95"].map(|name| number(name, row).unwrap());
        made += 1;
        covered += i32::from((lower - 1e-12..=upper + 1e-12).contains(&came_to));
        error += value - came_to;
        raw_error += number("share_to_date", row).unwrap() - came_to;
    }
    let (bias, raw_bias) = (error / f64::from(made), raw_error / f64::from(made));
    println!("{covered} of {made} covered, mean error {bias:.4}, of the share to date {raw_bias:.4}");
    // Nine months of four forces. Of 36 at 95% fewer than 32 would be covered once in 31 times (binomial, SciPy).
    assert_eq!(made, 36);
    assert!(covered >= 32, "{covered} of {made} are covered");
    assert!(bias.abs() < 0.006 && raw_bias < -0.02, "mean error {bias}, of the share to date {raw_bias}");
}
