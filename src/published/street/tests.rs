//! Small street files of two forces.

use std::fmt::Write as _;
use std::path::Path;

use polars::prelude::DataType;

use super::*;
use crate::definitions::{NotReported, OthersTable};

const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,\
                      Last outcome category,Context";
const THEFT: &str = "Other theft";
const OPEN: &str = "Under investigation";
const NO_SUSPECT: &str = "Investigation complete; no suspect identified";
const GLOS: &str = "Gloucestershire Constabulary";

/// A row by id, month, reporter, place, crime type and outcome.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

fn file(rows: &[Row<'_>]) -> String {
    let mut text = format!("{HEADER}\r\n");
    for (id, month, by, place, crime_type, outcome) in rows {
        write!(text, "{id},{month},{by},{by},-2.1,51.9,{place},E01,\"Bristol, City of 1\",{crime_type},{outcome},\r\n")
            .unwrap();
    }
    text
}

fn read(files: &[(&str, String)]) -> Result<StreetFiles, Vec<String>> {
    let forces = crate::definitions::load(Path::new("pipelines/published.toml")).unwrap().references.forces;
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, text)) in paths.iter().zip(files) {
        std::fs::write(path, text).unwrap();
    }
    let mut faults = Vec::new();
    let read = StreetFiles::read(&paths, &forces, &mut faults);
    if faults.is_empty() { Ok(read) } else { Err(faults.iter().map(Fault::to_string).collect()) }
}

/// The rows, and some more of one kind.
fn padded(rows: &[Row<'static>], crimes: usize) -> String {
    let mut all = rows.to_vec();
    all.extend(std::iter::repeat_n(("", "2024-01", GLOS, "Park", "Drugs", "Local resolution"), crimes));
    file(&all)
}

fn tables(files: &[(&str, String)]) -> (Street, Account) {
    read(files).unwrap().tables("2026-03-31".parse().unwrap(), &References::default()).unwrap()
}

/// Cells of a row as text.
fn cells(frame: &DataFrame, columns: &[&str]) -> Vec<String> {
    let cell = |name: &str, row: usize| {
        frame.column(name).unwrap().cast(&DataType::String).unwrap().str().unwrap().get(row).unwrap_or("-").to_owned()
    };
    (0..frame.height()).map(|row| columns.iter().map(|name| cell(name, row)).collect::<Vec<_>>().join(" | ")).collect()
}

#[test]
fn crimes_are_counted_once_and_incidents_every_time() {
    let rows = [
        ("a", "2024-01", GLOS, "Park", THEFT, OPEN),
        ("b", "2024-01", GLOS, "Park", THEFT, NO_SUSPECT),
        ("b", "2024-01", GLOS, "Shop", THEFT, NO_SUSPECT), // the same crime at another place
        ("a", "2024-01", GLOS, "Park", THEFT, NO_SUSPECT), // it differs from the first row
        ("a", "2024-01", GLOS, "Park", "Robbery", OPEN),
        ("", "2024-01", GLOS, "Park", "Anti-social behaviour", ""),
        ("", "2024-01", GLOS, "Park", "Anti-social behaviour", ""),
        ("", "2024-01", GLOS, "Park", THEFT, OPEN), // two crimes without an id may be one, which nothing can show
        ("", "2024-01", GLOS, "Park", THEFT, OPEN),
        ("c", "2024-01", GLOS, "Park", THEFT, ""),
        ("d", "2024-01", GLOS, "Park", THEFT, "Offender sent to prison"),
        ("e", "2024-01", GLOS, "Park", "", OPEN),
    ];
    let (street, account) = tables(&[("2024-01-gloucestershire-street.csv", padded(&rows, 200))]);
    assert_eq!(
        cells(
            &street.outcome_mix,
            &["crime_type", "outcome", "outcome_group", "outcome_types", "crimes", "status", "complete"]
        ),
        [
            "Drugs | Local resolution | Out-of-court (informal) | 8 | 200 | provisional | true",
            "Other theft | - | No outcome published | - | 1 | provisional | true",
            "Other theft | Investigation complete; no suspect identified | Investigation complete – no suspect identified | 18 | 1 | provisional | true",
            "Other theft | Offender sent to prison | unmapped | - | 1 | provisional | true",
            "Other theft | Under investigation | Not yet assigned an outcome | 0 | 3 | provisional | true",
        ]
    );
    let counts =
        ["records", "crimes", "antisocial_behaviour", "crimes_without_id", "repeated_rows", "conflicting_rows"];
    assert_eq!(cells(&street.street_months, &counts), ["212 | 206 | 2 | 202 | 1 | 2"]);
    assert_eq!(account.findings.0.values().collect::<Vec<_>>(), [&1]);
    let fate = &account.reconciliation[0];
    assert!(fate.balances());
    assert_eq!((fate.records_read, fate.accepted, fate.quarantined, fate.duplicates), (212, 208, 3, 1));
    let listed: Vec<(u64, &str, &str, &str, &str)> = account
        .quarantined
        .iter()
        .map(|q| (q.record, q.rule.name(), q.column.as_str(), q.expected.as_str(), q.found.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            (5, "conflicting_duplicate", "Last outcome category", OPEN, NO_SUSPECT),
            (6, "conflicting_duplicate", "Crime type", THEFT, "Robbery"),
            (13, "missing_key", "Crime type", "a crime type", ""),
        ]
    );
    assert!(account.quarantined[0].raw.starts_with("a,2024-01,"));
}

#[test]
fn a_ragged_row_is_set_aside() {
    let text = padded(&[], 100) + "cut,2024-01\r\n";
    let (_, account) = tables(&[("2024-01-gloucestershire-street.csv", text)]);
    let quarantined = &account.quarantined[0];
    assert_eq!(
        (quarantined.record, quarantined.rule.name(), quarantined.found.as_str()),
        (102, "ragged_row", "2 fields")
    );
    assert_eq!((account.reconciliation[0].records_read, account.reconciliation[0].quarantined), (101, 1));
}

#[test]
fn a_month_with_under_half_the_rows_is_marked() {
    let month = |month: &'static str, rows: usize| file(&vec![("", month, GLOS, "Park", THEFT, OPEN); rows]);
    let (street, _) = tables(&[
        ("2024-01-gloucestershire-street.csv", month("2024-01", 10)),
        ("2024-02-gloucestershire-street.csv", month("2024-02", 5)),
        ("2024-03-gloucestershire-street.csv", month("2024-03", 4)),
    ]);
    assert_eq!(
        cells(&street.street_months, &["month", "records", "complete", "reason"]),
        [
            "2024-01-01 | 10 | true | -",
            "2024-02-01 | 5 | true | -",
            "2024-03-01 | 4 | false | the file has 4 rows against 10 in 2024-01: the force may have sent a part",
        ]
    );
    assert_eq!(
        cells(&street.outcome_mix, &["complete", "crimes", "status", "reason"])[2],
        "false | - | not_available | the file has 4 rows against 10 in 2024-01: the force may have sent a part"
    );
}

/// The first month too, and whatever the file holds: no rule over rows could tell.
#[test]
fn a_month_known_not_to_be_reported_whole_is_missing() {
    let row = ("", "2024-01", GLOS, "Park", THEFT, OPEN);
    let files = read(&[("2024-01-gloucestershire-street.csv", file(&[row; 10]))]).unwrap();
    let known = NotReported {
        force: ForceId::new("gloucestershire").unwrap(),
        table: OthersTable::Street,
        first: Month::parse("2023-12").unwrap(),
        last: Month::parse("2024-01").unwrap(),
        what: "the system was changed".to_owned(),
        source: "a letter".to_owned(),
    };
    let references = References { not_reported: vec![known], ..References::default() };
    let (street, _) = files.tables("2026-03-31".parse().unwrap(), &references).unwrap();
    let reason = "not reported whole: the system was changed";
    assert_eq!(
        cells(&street.outcome_mix, &["crimes", "status", "complete", "reason"]),
        [format!("- | not_available | false | {reason}")]
    );
    assert_eq!(cells(&street.street_months, &["crimes", "complete", "reason"]), [format!("10 | false | {reason}")]);
}

#[test]
fn a_month_after_the_data_date_is_read_and_left_out() {
    let rows = [("", "2024-02", GLOS, "Park", THEFT, OPEN)];
    let files = read(&[("2024-02-gloucestershire-street.csv", file(&rows))]).unwrap();
    let (street, account) = files.tables("2024-02-28".parse().unwrap(), &References::default()).unwrap();
    assert_eq!((street.outcome_mix.height(), street.street_months.height()), (0, 0));
    assert_eq!((account.reconciliation[0].accepted, account.reconciliation[0].out_of_window), (0, 1));
}

#[test]
fn a_file_that_is_not_what_it_is_named_is_a_fault() {
    let row = ("", "2024-01", GLOS, "Park", THEFT, OPEN);
    let february = ("", "2024-02", GLOS, "Park", THEFT, OPEN);
    let kent = ("", "2024-01", "Kent Police", "Park", THEFT, OPEN);
    let name = "2024-01-gloucestershire-street.csv";
    for (files, fault) in [
        (
            vec![(name, file(&[row, february]))],
            "2024-01-gloucestershire-street.csv, record 3, Month: `2024-02` in the file of 2024-01",
        ),
        (
            vec![(name, file(&[row, kent]))],
            "2024-01-gloucestershire-street.csv: has rows reported by Gloucestershire Constabulary and by Kent Police",
        ),
        (
            vec![(name, file(&[row])), ("2024-01-kent-street.csv", file(&[row]))],
            "2024-01-kent-street.csv: is named after kent, but Gloucestershire Constabulary reports as gloucestershire elsewhere",
        ),
        (
            vec![("2024-01-avon-street.csv", file(&[row]))],
            "2024-01-avon-street.csv: is named after `avon`, no force of references/forces.csv",
        ),
        (
            vec![("january.csv", file(&[row]))],
            "january.csv: is not named after its month and force, such as 2024-01-gloucestershire-street.csv.gz",
        ),
        (
            vec![(name, file(&[row]).replace("Context", "Extra"))],
            "2024-01-gloucestershire-street.csv, record 1: the header has no column `Context`; it has Crime ID, Month",
        ),
    ] {
        let faults = read(&files).err().unwrap();
        assert!(faults.len() == 1 && faults[0].starts_with(fault), "{faults:?}");
    }
}
