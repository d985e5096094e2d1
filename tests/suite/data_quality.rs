//! The data-quality report of the small extracts of `tests/independent/cases/tiny`, counted by hand.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, LazyFrame, PlRefPath, ScanArgsParquet};

use super::command::{Succeeds, scorecard};

const EXTRACTS: [&str; 5] = ["incidents", "calls", "crimes", "surveys", "victim_contacts"];

struct Built {
    folder: tempfile::TempDir,
}

impl Built {
    /// The small extracts, one file of them changed.
    fn new(file: &str, change: impl Fn(&str) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent/cases/tiny");
        fs::create_dir(folder.path().join("extracts")).unwrap();
        for extract in EXTRACTS {
            let name = format!("{extract}.csv");
            let text = fs::read_to_string(tiny.join(&name)).unwrap();
            let text = if extract == file { change(&text) } else { text };
            fs::write(folder.path().join("extracts").join(name), text).unwrap();
        }
        let built = Self { folder };
        built.build(&[]);
        built
    }

    fn build(&self, more: &[&str]) {
        let mut command = scorecard(Path::new(env!("CARGO_MANIFEST_DIR")), &["build", "--only", "tables"]);
        let (extracts, out) = (self.folder.path().join("extracts"), self.folder.path().join("output"));
        command.arg("--extracts").arg(extracts).arg("--out").arg(out).args(more);
        command.args(["--allow", "quarantined_share"]).succeeds();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("output/current").join(name)
    }

    fn table(&self, name: &str) -> DataFrame {
        let path = PlRefPath::new(self.path(name).to_string_lossy());
        LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap().collect().unwrap()
    }

    fn page(&self) -> String {
        fs::read_to_string(self.path("data_quality.html")).unwrap()
    }
}

fn text<'f>(frame: &'f DataFrame, name: &str, row: usize) -> &'f str {
    frame.column(name).unwrap().str().unwrap().get(row).unwrap_or("")
}

/// Numerator and denominator of a row, and its grade or the reason why there is none.
fn found(frame: &DataFrame, key: [&str; 5]) -> (Option<i64>, Option<i64>, String) {
    let names = ["extract", "column", "dimension", "level", "unit"];
    let is = |row: &usize| names.iter().zip(key).all(|(name, wanted)| text(frame, name, *row) == wanted);
    let rows: Vec<usize> = (0..frame.height()).filter(is).collect();
    assert_eq!(rows.len(), 1, "{key:?}");
    let row = &rows[0];
    let number = |name: &str| frame.column(name).unwrap().i64().unwrap().get(*row);
    let told = format!("{}{}", text(frame, "grade", *row), text(frame, "reason", *row));
    (number("numerator"), number("denominator"), told)
}

#[test]
fn counts_by_hand() {
    let built = Built::new("", str::to_owned);
    let table = built.table("tables/data_quality.parquet");
    let own = "gloucestershire";
    let few = "fewer than 20 rows";
    for (key, met, asked, told) in [
        // 17 crimes of the force: C01 to C16 and the newer C18. C10 has no code, C09 one that is not listed.
        (["crimes", "offence_code", "completeness", "force", own], 16, 17, few),
        (["crimes", "offence_code", "validity", "force", own], 15, 16, few),
        // 13 have an outcome; C07 has no time for it. C08 has type 99.
        (["crimes", "outcome_at", "completeness", "force", own], 12, 13, few),
        (["crimes", "outcome_type", "validity", "force", own], 12, 13, few),
        // C14's outcome came an hour before the recording; C13's is after the data date, C09's is type 0 with a time.
        (["crimes", "outcome_at", "consistency", "force", own], 11, 12, few),
        // C05 and C10 have no officer. South has C04, C05, C09, C11, C12, C15 and C16; C10 alone is unallocated.
        (["crimes", "officer", "completeness", "force", own], 15, 17, few),
        (["crimes", "officer", "completeness", "area", "South"], 6, 7, few),
        (["crimes", "officer", "completeness", "area", "unallocated"], 0, 1, few),
        (["crimes", "officer", "completeness", "team", "T1"], 9, 9, few),
        // K13's answer is no time, K04's is before its receipt, K07's is after the data date.
        (["calls", "answered_at", "validity", "force", own], 9, 10, few),
        (["calls", "answered_at", "consistency", "force", own], 7, 8, few),
        // Whole files: one of 21 calls has no reference, one no receipt, one a line 112, one is of 2031.
        (["calls", "call_ref", "completeness", "extract", "calls"], 20, 21, "B"),
        (["calls", "received_at", "completeness", "extract", "calls"], 20, 21, "B"),
        (["calls", "received_at", "validity", "extract", "calls"], 19, 20, "C"),
        (["calls", "line", "validity", "extract", "calls"], 20, 21, "C"),
        // K14 twice in conflict, K15 twice the same.
        (["calls", "", "uniqueness", "extract", "calls"], 18, 21, "D"),
        // 6 of 21 quarantined; one ragged crime is asked for nothing.
        (["calls", "", "validity", "extract", "calls"], 15, 21, "D"),
        (["crimes", "recorded_at", "validity", "extract", "crimes"], 26, 28, "D"),
        // S04 has no crime, S05 one that is not there.
        (["surveys", "crime_ref", "completeness", "force", own], 6, 7, few),
        (["surveys", "crime_ref", "link_rate", "force", own], 5, 6, few),
        (["victim_contacts", "crime_ref", "link_rate", "force", own], 10, 11, few),
        // Of three crimes with an incident one was recorded within 24 hours.
        (["crimes", "recorded_at", "timeliness", "force", own], 1, 3, few),
        (["victim_contacts", "first_update_at", "timeliness", "force", own], 4, 6, few),
        // 26 cells, and still of 13 rows.
        (["incidents", "", "completeness", "force", own], 24, 26, few),
    ] {
        assert_eq!(found(&table, key), (Some(met), Some(asked), told.to_owned()), "{key:?}");
    }
    let lacking = found(&table, ["calls", "incident_ref", "link_rate", "force", own]);
    assert_eq!(lacking, (None, None, "the calls extract has no column incident_ref".to_owned()));
    // The worst measure of calls is D; it is named.
    assert_eq!(found(&table, ["calls", "", "overall", "force", own]).2, "D");
    let lines = built.table("tables/scorecard.parquet");
    let line = (0..lines.height()).find(|row| text(&lines, "metric", *row) == "calls_999").unwrap();
    assert_eq!(text(&lines, "data_quality", line), "D");
    assert_eq!(text(&lines, "data_quality_basis", line), "validity of calls, 71.4%");
}

#[test]
fn the_page_shows_places_and_no_row() {
    let built = Built::new("", str::to_owned);
    let page = built.page();
    assert!(page.contains("Data as at 31 March 2025"), "{page}");
    assert!(page.contains("<small class=\"once\">first build</small>"), "{page}");
    let examples = built.table("restricted/data_quality_examples.parquet");
    let keys: Vec<&str> = (0..examples.height()).map(|row| text(&examples, "key", row)).collect();
    assert!(keys.contains(&"C14") && keys.contains(&"K04") && keys.contains(&"S05"), "{keys:?}");
    for key in keys {
        assert!(!page.contains(&format!(">{key}<")), "{key} is a row's reference");
    }
    assert!(page.contains("<th scope=\"row\">calls.csv</th>"), "places of quarantined records");
    assert!(!page.contains("yesterday"), "what a quarantined record holds");
}

#[test]
fn a_name_in_an_extract_is_never_a_tag() {
    let built = Built::new("crimes", |text| text.replace(",North,", ",<script>alert(1)</script>,"));
    let page = built.page();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"), "{page}");
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn a_trend_runs_over_builds_of_earlier_data_dates() {
    let built = Built::new("", str::to_owned);
    let first = built.page();
    built.build(&["--as-at", "2025-03-30"]);
    assert!(built.page().contains("the first build with a report"), "31 March is not before 30 March");
    built.build(&[]);
    let second = built.page();
    assert!(second.contains("Trends run over 1 earlier build and this one."), "{second}");
    // 20 of 21 calls had a reference on both days.
    assert!(second.contains("aria-label=\"30 March 2025 95.2%, 31 March 2025 95.2%\""), "{second}");
    assert_ne!(first, second);
    built.build(&[]);
    assert_eq!(built.page(), second, "the same inputs and the same earlier builds");
}
