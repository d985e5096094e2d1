//! Fortnightly briefings: every number a cell of a table, and nothing in them that their audience may not see.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use scorecard::definitions::{self, Definitions};
use scorecard::domain::Audience;
use scorecard::publish::briefing::{BriefingFacts, BriefingInput, BriefingUnit, briefing, html, units};

use super::built::{self, Row};
use super::command::{Succeeds, scorecard};
use super::page::is_shown_as;
use super::page::scan::{Cell, beside_numbers, cells};

const FORCE: &str = "gloucestershire";

fn definitions() -> Definitions {
    let pipeline = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml");
    definitions::load(&pipeline).unwrap()
}

/// Every unit's briefing as a page.
fn pages(build: &Path, definitions: &Definitions) -> BTreeMap<BriefingUnit, String> {
    let facts = BriefingFacts::read(build, FORCE).unwrap().unwrap();
    let input = BriefingInput {
        definitions,
        force: FORCE,
        force_name: "Gloucestershire",
        synthetic: true,
        source: "Synthetic extracts.",
        facts: &facts,
    };
    units(&facts).into_iter().map(|unit| (unit.clone(), html(&briefing(&input, &unit)).unwrap())).collect()
}

fn table(build: &Path, name: &str) -> Vec<Row> {
    let place = if name == "due" { "../restricted/due" } else { name };
    built::rows(build, place).into_iter().filter(|row| row["force"] == FORCE).collect()
}

/// The cell's text in its table, whose key tells one row; or how many rows have it.
fn look_up(tables: &BTreeMap<String, Vec<Row>>, cell: &Cell) -> String {
    let key: BTreeMap<String, String> = serde_json::from_str(&cell.place["data-k"]).unwrap();
    let rows =
        tables[&cell.place["data-t"]].iter().filter(|row| key.iter().all(|(column, value)| row[column] == *value));
    let rows: Vec<&Row> = rows.collect();
    if cell.column == "rows" {
        return rows.len().to_string();
    }
    assert_eq!(rows.len(), 1, "{cell:?}");
    rows[0][&cell.column].clone()
}

#[test]
fn every_number_is_a_cell_and_nobody_sees_too_much() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let (extracts, out) = (folder.path().join("extracts"), folder.path().join("out"));
    scorecard(root, &["synth", "--faults", "--crimes", "9000"]).arg(&extracts).succeeds();
    scorecard(root, &["build", "--only", "tables", "--extracts"])
        .args([&extracts, Path::new("--out"), &out])
        .succeeds();
    let build = out.join("current");
    let definitions = definitions();
    let pages = pages(&build, &definitions);
    assert!(pages.len() > 40, "{}", pages.len());
    let departments = pages.keys().filter(|unit| matches!(unit, BriefingUnit::Department(_))).count();
    assert!(departments > 3, "{departments}");
    let names = ["due", "due_counts", "local_figures", "data_quality", "attention"];
    let tables: BTreeMap<String, Vec<Row>> =
        names.iter().map(|name| ((*name).to_owned(), table(&build, name))).collect();
    let (mut looked_at, mut differ) = (BTreeMap::<String, usize>::new(), Vec::new());
    for (unit, page) in &pages {
        for cell in cells(page) {
            *looked_at.entry(cell.place["data-t"].clone()).or_default() += 1;
            let stands = look_up(&tables, &cell);
            let same = match (cell.value.parse::<f64>(), stands.parse::<f64>()) {
                (Ok(value), Ok(stands)) => {
                    (value - stands).abs() <= stands.abs() * f64::EPSILON && is_shown_as(value, &cell.shown)
                }
                _ => cell.value == stands,
            };
            if !same {
                differ.push(format!("{unit:?} {cell:?}: {stands}"));
            }
        }
        // A number in a column of numbers that is not marked would not have been compared.
        let unmarked: Vec<String> =
            beside_numbers(page).into_iter().filter(|text| text.chars().any(|c| c.is_ascii_digit())).collect();
        assert!(unmarked.is_empty(), "{unit:?}: {unmarked:?}");
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ[..differ.len().min(10)].join("\n"));
    assert!(looked_at.len() >= 4 && looked_at.values().sum::<usize>() > 4_000, "{looked_at:?}");
    println!("{} briefings, numbers by table: {looked_at:?}", pages.len());
    outsiders_see_nothing(&pages, &tables["due"]);
}

/// No reference and no officer in an area's briefing; of a team's rows in a team's alone.
fn outsiders_see_nothing(pages: &BTreeMap<BriefingUnit, String>, due: &[Row]) {
    let mut references = 0;
    for (unit, page) in pages {
        for row in due {
            let shown = page.contains(&format!(">{}<", row["crime_ref"]));
            assert!(!shown || unit.audience() == Audience::Team && row["team"] == unit.name(), "{unit:?} {row:?}");
            references += usize::from(shown);
        }
        if unit.audience() == Audience::Supervisor {
            let officers: BTreeSet<String> = due.iter().map(|row| format!("<td>{}</td>", row["officer"])).collect();
            assert!(officers.iter().all(|officer| !page.contains(officer)), "{unit:?}");
            assert!(!page.contains("CR2"), "{unit:?} has a crime reference");
        }
    }
    assert!(references > 100, "{references}");
}

/// The briefings of a build as files, to be looked at: `BRIEFING_BUILD=output/current cargo test --test suite
/// briefing::to_look_at -- --ignored`.
#[test]
#[ignore = "writes files to be looked at"]
fn to_look_at() {
    let build = PathBuf::from(std::env::var("BRIEFING_BUILD").unwrap());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/briefings");
    fs::create_dir_all(&folder).unwrap();
    for (unit, page) in pages(&build, &definitions()) {
        let name = format!("{}-{}.html", unit.level(), scorecard::domain::slug(unit.name()));
        fs::write(folder.join(name), page).unwrap();
    }
}
