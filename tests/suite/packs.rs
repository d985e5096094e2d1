//! Packs of a build: every number in the list beside a document is the cell that it names, the document shows it, and no part
//! of the file holds what its audience may not see.
//!
//! tests/independent/packs.py does the same with other libraries, in reading order and with the charts' workbooks.

#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::process::Command;

use quick_xml::events::Event;

use super::built::{self, Row};
use super::command::{Succeeds, scorecard};
use super::page::is_shown_as;

const FORCE: &str = "gloucestershire";

struct Built {
    _folder: tempfile::TempDir,
    out: PathBuf,
}

impl Built {
    fn build(&self) -> PathBuf {
        self.out.join("current")
    }

    fn pack(&self, arguments: &[&str], to: &Path) -> Command {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = scorecard(root, &["pack"]);
        command.args(arguments).arg("--build").arg(self.build()).arg("--to").arg(to);
        command.arg("--disclosed").arg(self.out.join("disclosed/public.json"));
        command
    }
}

/// A small force of which the data date may be said.
fn built() -> Built {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let (extracts, out) = (folder.path().join("extracts"), folder.path().join("out"));
    scorecard(root, &["synth", "--faults", "--crimes", "6000"]).arg(&extracts).succeeds();
    for as_at in ["2026-08-31", "2026-09-30"] {
        scorecard(root, &["build", "--only", "tables", "--allow", "quarantined_share", "--as-at", as_at, "--extracts"])
            .args([&extracts, Path::new("--out"), &out])
            .succeeds();
    }
    Built { _folder: folder, out }
}

/// Files below a folder by their path there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Every part of an Office file, the parts of the workbooks in it among them.
fn parts(bytes: impl Read + Seek) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(bytes).unwrap();
    let mut found = BTreeMap::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        if name.ends_with(".xlsx") {
            let inner = parts(Cursor::new(&bytes));
            found.extend(inner.into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        }
        found.insert(name, bytes);
    }
    found
}

/// All text of an XML part and all alternative texts, one after another.
fn text(part: &[u8]) -> String {
    let mut reader = quick_xml::Reader::from_reader(part);
    let (mut said, mut buffer) = (String::new(), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Eof => return said,
            Event::Text(text) => said += &text.xml_content(quick_xml::XmlVersion::Implicit1_0),
            Event::GeneralRef(name) => said += if &*name == "amp" { "&" } else { "?" },
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes().flatten().filter(|a| a.key.as_ref() == "descr") {
                    said += &attribute.value;
                }
            }
            _ => {}
        }
        buffer.clear();
    }
}

/// A row of a list of cells: place, shown, table, key, column, value.
fn listed(csv: &[u8]) -> Vec<[String; 6]> {
    let text = std::str::from_utf8(csv).unwrap();
    let (mut rows, mut fields, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, quoted) {
            ('"', true) if letters.peek() == Some(&'"') => field.push(letters.next().unwrap()),
            ('"', _) => quoted = !quoted,
            (',', false) => fields.push(std::mem::take(&mut field)),
            ('\n', false) => {
                fields.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut fields).try_into().unwrap());
            }
            (letter, _) => field.push(letter),
        }
    }
    rows.remove(0);
    rows
}

/// Tables of the build, read once each.
struct Tables<'b> {
    build: &'b Path,
    read: BTreeMap<String, Vec<Row>>,
}

impl Tables<'_> {
    fn rows(&mut self, table: &str, key: &BTreeMap<String, String>) -> Vec<Row> {
        let build = self.build;
        let rows = self.read.entry(table.to_owned()).or_insert_with(|| {
            let open = build.join(format!("tables/{table}.parquet")).exists();
            let place = if open { table.to_owned() } else { format!("../restricted/{table}") };
            let own = |row: &Row| {
                let is = |column: &str, wanted: &str| row.get(column).is_none_or(|text| text == wanted);
                let set = row.get("solved_set").is_none_or(|set| set.is_empty() || set == "positive_excluding_tic");
                is("force", FORCE) && is("scope", "all") && set
            };
            built::rows(build, &place).into_iter().filter(own).collect()
        });
        rows.iter().filter(|row| key.iter().all(|(column, value)| row[column] == *value)).cloned().collect()
    }
}

/// Compares a document's list with the tables, and the document with its list. Gives how many numbers.
fn compared(name: &str, document: &[u8], list: &[u8], tables: &mut Tables<'_>) -> usize {
    let said: String = parts(Cursor::new(document))
        .iter()
        .filter(|(part, _)| part.ends_with(".xml") && !part.contains(".xlsx/") && !part.contains("/charts/"))
        .map(|(_, bytes)| text(bytes) + "\n")
        .collect();
    let listed = listed(list);
    let mut numbers = 0;
    for [place, shown, table, key, column, value] in &listed {
        if place.starts_with("chart on ") || column == "rows_shown" {
            continue;
        }
        let key: BTreeMap<String, String> = serde_json::from_str(key).unwrap();
        let rows = tables.rows(table, &key);
        let stands: BTreeSet<String> = match column.as_str() {
            "rows" => [rows.len().to_string()].into(),
            column => rows.iter().map(|row| row[column].clone()).collect(),
        };
        let cell = format!("{name}: {table} {key:?} {column}");
        let [stands] = <[String; 1]>::try_from(Vec::from_iter(stands)).unwrap_or_else(|all| panic!("{cell}: {all:?}"));
        match (stands.parse::<f64>(), value.parse::<f64>()) {
            (Ok(stands), Ok(value)) => {
                assert!((stands - value).abs() <= stands.abs() * f64::EPSILON, "{cell}: {stands}, listed {value}");
                assert!(is_shown_as(stands, shown), "{cell}: {stands}, shown {shown}");
            }
            _ => assert_eq!(stands, *value, "{cell}"),
        }
        assert!(said.contains(shown.as_str()), "{name} does not show {shown}");
        numbers += 1;
    }
    numbers
}

#[test]
fn every_number_is_its_cell_and_nothing_is_outside_its_audience() {
    let built = built();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    built.pack(&[], &first).succeeds();
    built.pack(&[], &second).succeeds();
    let made = files(&first);
    assert!(made == files(&second), "the same build gives the same packs");
    let build = built.build();
    let mut tables = Tables { build: &build, read: BTreeMap::new() };
    let mut counted = BTreeMap::<&str, (usize, usize)>::new();
    for (name, bytes) in made.iter().filter(|(name, _)| name.ends_with(".docx") || name.ends_with(".pptx")) {
        let numbers = compared(name, bytes, &made[&format!("{name}.cells.csv")], &mut tables);
        let kind = if name.contains("board") { "board" } else { name.split('/').next().unwrap() };
        let entry = counted.entry(kind).or_default();
        *entry = (entry.0 + 1, entry.1 + numbers);
    }
    println!("documents and numbers: {counted:?}");
    assert!(counted["board"].1 > 1_000 && counted["packs"].1 > 300 && counted["restricted"].1 > 3_000, "{counted:?}");
    outsiders_see_nothing(&made, &mut tables);
    people_see_themselves(&built, &folder.path().join("person"), &mut tables);
    the_public_sees_less(&built, &folder.path().join("public"), &mut tables);
    preflight_says_what_is_new(&built);
}

/// No part of a pack outside `restricted/` holds a crime's reference or an officer's collar number.
fn outsiders_see_nothing(made: &BTreeMap<String, Vec<u8>>, tables: &mut Tables<'_>) {
    let due = tables.rows("due", &BTreeMap::new());
    let references: BTreeSet<&str> = due.iter().map(|row| row["crime_ref"].as_str()).collect();
    let officers: BTreeSet<&str> =
        due.iter().map(|row| row["officer"].as_str()).filter(|o| *o != "unallocated").collect();
    assert!(references.len() > 50 && officers.len() > 20, "{} {}", references.len(), officers.len());
    let (mut looked_at, mut of_teams) = (0, 0);
    for (name, bytes) in made {
        let held = match name.rsplit_once('.').unwrap().1 {
            "docx" | "pptx" => parts(Cursor::new(bytes)).into_values().collect(),
            _ => vec![bytes.clone()],
        };
        let held: Vec<String> = held.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        let has = |text: &str| held.iter().any(|part| part.contains(text));
        if name.starts_with("restricted/") {
            of_teams += references.iter().filter(|reference| has(reference)).count();
            continue;
        }
        looked_at += held.len();
        assert!(!references.iter().any(|reference| has(reference)), "{name} names a crime");
        assert!(!officers.iter().any(|officer| has(&format!(">{officer}<"))), "{name} names an officer");
    }
    assert!(looked_at > 100 && of_teams > 50, "{looked_at} parts, {of_teams} references of teams");
}

/// An officer's own briefing, on request, with nobody else's crimes; a board is refused it.
fn people_see_themselves(built: &Built, to: &Path, tables: &mut Tables<'_>) {
    let due = tables.rows("due", &BTreeMap::new());
    let officer = due.iter().map(|row| row["officer"].clone()).find(|officer| officer != "unallocated").unwrap();
    built.pack(&["briefing", "--unit", &officer], to).succeeds();
    let made = files(to);
    let name = format!("restricted/packs/officer-{}.docx", scorecard::domain::slug(&officer));
    assert!(compared(&name, &made[&name], &made[&format!("{name}.cells.csv")], tables) > 4);
    let page = String::from_utf8(made[&name.replace(".docx", ".html")].clone()).unwrap();
    for row in &due {
        let shown = page.contains(&format!(">{}<", row["crime_ref"]));
        assert!(!shown || row["officer"] == officer, "{row:?}");
    }
    let refused = built.pack(&["briefing", "--unit", &officer, "--audience", "board"], to).output().unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("no such pack") && said.contains("audience board"), "{said}");
}

/// No count under five and no share of fewer than fifty; and the next pack withholds what this one did.
fn the_public_sees_less(built: &Built, to: &Path, tables: &mut Tables<'_>) {
    let first = built.pack(&["public"], to).succeeds();
    assert!(String::from_utf8_lossy(&first.stderr).contains("taken for the first"));
    let made = files(to);
    let (document, list) = (&made["public/public.docx"], &made["public/public.docx.cells.csv"]);
    assert!(compared("public.docx", document, list, tables) > 20);
    let mut shares = 0;
    for [_, _, _, key, column, value] in listed(list) {
        let key: BTreeMap<String, String> = serde_json::from_str(&key).unwrap();
        match column.as_str() {
            "numerator" | "denominator" => assert!(value.parse::<f64>().unwrap() >= 5.0, "{key:?} {column} {value}"),
            "value" => {
                let rows = tables.rows("metric_values", &key);
                assert!(rows[0]["denominator"].parse::<f64>().unwrap() >= 50.0, "{key:?}");
                shares += 1;
            }
            _ => {}
        }
    }
    let said = text(&parts(Cursor::new(document))["word/document.xml"]);
    assert!(shares > 5 && said.matches("[c]").count() > 5, "{shares} shares, {said}");
    let record = fs::read_to_string(built.out.join("disclosed/public.json")).unwrap();
    let second = built.pack(&["public"], to).succeeds();
    assert!(second.stderr.is_empty());
    assert_eq!(files(to)["public/public.docx"], *document);
    assert_eq!(fs::read_to_string(built.out.join("disclosed/public.json")).unwrap(), record);
}

/// The later of the two builds beside the earlier one.
fn preflight_says_what_is_new(built: &Built) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let said = scorecard(root, &["preflight", "--out"]).arg(&built.out).output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(matches!(said.status.code(), Some(0 | 3)), "{text}{}", String::from_utf8_lossy(&said.stderr));
    assert!(text.starts_with("2026-09-30-") && text.contains(", beside 2026-08-31-"), "{text}");
    assert!(text.contains("\nNew\n"), "{text}");
    let held = scorecard(root, &["preflight", "--hold", "a look first", "--out"]).arg(&built.out).succeeds();
    assert!(String::from_utf8_lossy(&held.stdout).contains("Packs are held"));
    let said = scorecard(root, &["preflight", "--out"]).arg(&built.out).output().unwrap();
    assert!(String::from_utf8_lossy(&said.stdout).contains("Held: a look first"));
    scorecard(root, &["preflight", "--release", "--out"]).arg(&built.out).succeeds();
    assert!(File::open(built.out.join("issued.hold")).is_err());
}
