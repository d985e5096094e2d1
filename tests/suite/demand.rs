//! Demand and handlers needed where there are no calls: the tables say why, and so do page and workbook.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;

use calamine::{Reader, Xlsx, open_workbook};
use scorecard::definitions;
use scorecard::domain::{Provenance, parse_iso_date};
use scorecard::publish::facts::Facts;
use scorecard::publish::page::{PageInput, page};
use scorecard::publish::{self, WorkbookInput};

use super::built::{self, Row};
use super::cli::Sandbox;
use super::command::Succeeds;

const FORCE: &str = "gloucestershire";
const REASON: &str = "there is no extract of calls";

#[test]
fn without_calls_the_reason_is_said_wherever_they_would_be() {
    let sandbox = Sandbox::new();
    sandbox.edit("pipelines/small.toml", |text| {
        let (before, after) = text.split_once("[inputs.calls]").unwrap();
        let after = &after[after.find("[inputs.crimes]").unwrap()..];
        before.replacen("solved_set", "only = [\"calls_999\", \"crimes_recorded\"]\nsolved_set", 1) + after
    });
    sandbox.build(&["--as-at", "2025-03-31"]).succeeds();
    let built = sandbox.current();
    let cells = |table: &str, columns: &[&str]| -> Vec<String> {
        let joined = |row: &Row| columns.iter().map(|column| row[*column].as_str()).collect::<Vec<_>>().join("|");
        built::rows(&built, table).iter().map(joined).collect()
    };
    assert_eq!(
        cells("demand", &["subject", "level", "unit", "weekday", "count", "reason"]),
        [
            "calls|force|gloucestershire|||there is no extract of calls",
            "incidents|force|gloucestershire|||the incidents extract does not cover 12 whole months"
        ]
    );
    assert_eq!(
        cells("staffing", &["force", "half_hour", "handlers_erlang_c", "status", "reason"]),
        ["gloucestershire|||not_available|there is no extract of calls"]
    );

    let definitions = definitions::load(&sandbox.path("pipelines/small.toml")).unwrap();
    let data_date = parse_iso_date("2025-03-31").unwrap();
    let html = page(&PageInput {
        definitions: &definitions,
        force: FORCE,
        force_name: "Gloucestershire",
        data_date,
        synthetic: false,
        source: "Made by hand",
        facts: &Facts::read(&built, FORCE, definitions.pipeline.solved_set).unwrap().unwrap(),
        charts: &BTreeMap::new(),
    });
    let says = format!("Call handlers needed: no estimate, as <span data-c=\"reason\">{REASON}</span>.");
    assert!(html.unwrap().contains(&says));

    let input = WorkbookInput {
        definitions: &definitions,
        data_date,
        provenance: Provenance::Force,
        sources: &["Made by hand.".to_owned()],
        build: &built,
    };
    let path = sandbox.path("made.xlsx");
    fs::write(&path, publish::workbook(&input).unwrap().unwrap()).unwrap();
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    for (sheet, rows) in [("Demand", 2), ("Call handlers", 1)] {
        let range = book.worksheet_range(sheet).unwrap();
        let table: Vec<_> = range.rows().skip(4).collect();
        assert_eq!(table.len(), rows, "{sheet}");
        assert!(table[0].iter().any(|cell| *cell == REASON), "{sheet}");
    }
}
