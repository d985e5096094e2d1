//! Every file of a folder of real published data, where one is given: `SHARED_DIR` names the folder that holds `real_data`.
//!
//! The files that are small enough are in sample_data/published too, and `published` holds their figures; here it is shown
//! that the whole folder is read as it lies there, and accounted for. Two files are lookups and no tables of figures: their
//! content is held against the references that were made from them.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use scorecard::definitions::{self, Definitions, PublishedInput, PublishedShape};
use scorecard::files::records;
use scorecard::pipeline::{self, BuildRequest, Forces, Silent, Until};
use scorecard::published;

/// The folder, if there is one.
fn real_data() -> Option<PathBuf> {
    let folder = std::env::var_os("SHARED_DIR").map(|shared| Path::new(&shared).join("real_data"));
    let found = folder.filter(|folder| folder.is_dir());
    if found.is_none() {
        println!("real data from outside the tree: not run");
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "csv") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn shape(path: &Path) -> Option<PublishedShape> {
    let name = path.file_name().unwrap().to_str().unwrap();
    let starts = [
        ("force_outcomes_by_year", PublishedShape::HomeOfficeForceOutcomes),
        ("gloucestershire_outcomes_by_year", PublishedShape::HomeOfficeForceOutcomes),
        ("national_outcomes_by_year", PublishedShape::HomeOfficeNationalOutcomes),
        ("force_recorded_crime_by_year", PublishedShape::HomeOfficeRecordedCrime),
        ("rec-crime-pfa", PublishedShape::HomeOfficeRecordedCrimePfa),
        ("population_policeforces", PublishedShape::OnsPopulationByForce),
    ];
    if name.ends_with("-street.csv") {
        return Some(PublishedShape::PoliceUkStreet);
    }
    starts.iter().find(|(start, _)| name.starts_with(start)).map(|(_, shape)| *shape)
}

#[test]
fn every_file_of_the_folder_is_read_and_accounted_for() {
    let Some(folder) = real_data() else { return };
    let mut definitions = definitions::load(Path::new("pipelines/published.toml")).unwrap();
    let all = files(&folder);
    let read = all.iter().filter_map(|file| Some((shape(file)?, file.clone())));
    definitions.pipeline.published =
        read.map(|(shape, file)| PublishedInput { shape, files: vec![file], source: "a source".to_owned() }).collect();
    let build = published::run(&definitions, None).unwrap();
    let names: BTreeSet<&str> = build.files.iter().map(|file| &*file.file).collect();
    let unread: Vec<&str> =
        all.iter().map(|f| f.file_name().unwrap().to_str().unwrap()).filter(|name| !names.contains(name)).collect();
    assert_eq!(unread, ["policeuk-ons-code-join.csv", "lad_csp_pfa_dec2016_lookup.csv"]);
    assert!(build.reconciliation.iter().all(|row| row.balances()));
    for row in &build.reconciliation {
        let path = all.iter().find(|f| f.file_name().unwrap().to_str() == Some(&row.file)).unwrap();
        // No record of these files holds a line break.
        let lines = std::fs::read_to_string(path).unwrap().lines().count() as u64;
        assert_eq!(row.records_read, lines - 1, "{}", row.file);
    }
    for fault in [
        "`30-12-2017`",
        "counts below zero, down to -120",
        "the same recorded crime, 86228",
        "the file has 164 rows against 1187",
        "rows with a Crime ID that stands above them",
        "rows at `No Location`",
        "marks this force as suspect",
    ] {
        assert!(build.noted.iter().any(|found| found.words.contains(fault)), "{fault}");
    }
    the_report_names_what_is_wrong(&definitions);
}

/// What `real_data/README.md` lists, on the page of a whole build.
fn the_report_names_what_is_wrong(definitions: &Definitions) {
    let folder = tempfile::tempdir().unwrap();
    let forces = Forces::One("gloucestershire".to_owned());
    let (out, until) = (folder.path().to_owned(), Until::Tables);
    let request = BuildRequest { extracts: None, out, as_at: None, forces, until, allow: Vec::new() };
    pipeline::run(definitions, &request, &Silent).unwrap();
    let page = std::fs::read_to_string(folder.path().join("current/data_quality.html")).unwrap();
    let text = page.replace("<br>", " ").replace("<code>", "").replace("</code>", "");
    for fault in [
        "whole table Dyfed-Powys",
        "a part of the month was sent; the file has 164 rows against 1187 in 2024-01: the force may have sent a part",
        "Crime ID North Yorkshire",
        "Rows with a Crime ID that stands above them",
        "Records give the period as `30-12-2017`, which ends no month",
        "25 of 46,469",
        "Counts below zero, down to -120",
        "whole table Nottinghamshire",
        "add up to 150503 more than the region",
    ] {
        assert!(text.contains(fault), "{fault}");
    }
}

/// Rows of a file as cells by header. The lookups have no quoted line breaks.
fn lookup(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.trim_start_matches('\u{feff}').as_bytes();
    let mut rows: Vec<Vec<String>> = Vec::new();
    records::walk(text, records::Dialect::CSV, true, |record, ends| {
        let cells = (0..ends.len()).map(|i| records::field_value(text, &record, ends, i).into_owned());
        rows.push(cells.collect());
    });
    let header = rows.remove(0);
    rows.into_iter().map(|row| header.iter().cloned().zip(row).collect()).collect()
}

/// districts and areas: the 43 codes are those of references/forces.csv.
#[test]
fn the_lookups_agree_with_the_references() {
    let Some(folder) = real_data() else { return };
    let references = definitions::load(Path::new("pipelines/published.toml")).unwrap().references;
    let areas: BTreeSet<String> = lookup(&folder.join("ons_geography/lad_csp_pfa_dec2016_lookup.csv"))
        .into_iter()
        .map(|row| row["PFA16CD"].clone())
        .collect();
    let forces = references.forces.values().filter(|force| force.territorial).map(|force| force.ons_code.clone());
    assert_eq!(areas, forces.collect());
    let codes = lookup(&folder.join("home_office/policeuk-ons-code-join.csv"));
    let missing: Vec<&str> = codes
        .iter()
        .map(|row| row["ONS_COUNTS_code"].as_str())
        .filter(|code| !code.is_empty() && !references.offences.contains_key(&code.to_uppercase()))
        .collect();
    assert_eq!(missing, [""; 0]);
}
