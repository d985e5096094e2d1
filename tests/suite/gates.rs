//! What stops a build because of its extracts: exit code 3, each reason at once, a report that needs no build, and the last
//! good build as it was.
//!
//! The extracts are made here: every day from 1 August 2026 holds two rows of calls, incidents and crimes.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use scorecard::domain::civil_date;

use super::cli::Sandbox;
use super::command::Succeeds;

const ROWS_A_DAY: usize = 2;

fn days(to: &str) -> Vec<String> {
    let first = chrono::NaiveDate::from_ymd_opt(2026, 8, 1).unwrap();
    let last: chrono::NaiveDate = to.parse().unwrap();
    first.iter_days().take_while(|day| *day <= last).map(|day| day.to_string()).collect()
}

/// Rows of an extract to a day; every time is on the hour, so that a row typed otherwise is a change.
fn extract(header: &str, row: impl Fn(&str, usize) -> String, to: &str) -> String {
    let days = days(to);
    let rows = days.iter().flat_map(|day| (0..ROWS_A_DAY).map(move |i| (day, i)));
    let rows: String = rows.map(|(day, i)| row(day, i) + "\n").collect();
    format!("{header}\n{rows}")
}

fn write_calls(folder: &Path, to: &str) {
    let row = |day: &str, i| format!("K{day}-{i},999,{day} 0{i}:00:00,{day} 0{i}:00:05,");
    fs::write(folder.join("calls.csv"), extract("call_ref,line,received_at,answered_at,force", row, to)).unwrap();
}

fn write_crimes(folder: &Path, to: &str) {
    let row = |day: &str, i| format!("C{day}-{i},{day} 0{i}:00:00,North,");
    fs::write(folder.join("crimes.csv"), extract("crime_ref,recorded_at,area,force", row, to)).unwrap();
}

fn write_incidents(folder: &Path, to: &str) {
    let row = |day: &str, i| format!("I{day}-{i},{day} 0{i}:00:00,priority,");
    fs::write(folder.join("incidents.csv"), extract("incident_ref,opened_at,grade,force", row, to)).unwrap();
}

/// A sandbox whose extracts end on a day.
fn sandbox(to: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = sandbox.path("extracts");
    fs::remove_file(folder.join("surveys.csv")).unwrap();
    fs::remove_file(folder.join("victim_contacts.csv")).unwrap();
    write_all(&sandbox, to);
    sandbox
}

fn write_all(sandbox: &Sandbox, to: &str) {
    let folder = sandbox.path("extracts");
    write_calls(&folder, to);
    write_incidents(&folder, to);
    write_crimes(&folder, to);
}

fn build(sandbox: &Sandbox, more: &[&str]) -> Command {
    let mut command = sandbox.command(&["build", "pipelines/small.toml", "--only", "tallies"]);
    command.args(more);
    command
}

/// Builds, and gives what it warned of.
fn passes(sandbox: &Sandbox, more: &[&str]) -> String {
    let output = build(sandbox, more).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!sandbox.path("output/stopped").exists(), "a good build removes the report");
    said
}

/// Builds, is stopped by these rules of these extracts, and leaves a report that names each.
fn stops(sandbox: &Sandbox, more: &[&str], reasons: &[(&str, &str)]) -> String {
    let current = sandbox.path("output/current").exists().then(|| sandbox.current());
    let said = sandbox.fails(build(sandbox, more), 3);
    assert_eq!(said.matches("stopped: ").count(), reasons.len(), "{said}");
    assert_eq!(said.matches("next: ").count(), reasons.len(), "{said}");
    assert!(said.contains("Why: output/stopped/report.html"), "{said}");
    let json = fs::read_to_string(sandbox.path("output/stopped/report.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let page = fs::read_to_string(sandbox.path("output/stopped/report.html")).unwrap();
    let told: Vec<(&str, &str)> = json["stops"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            assert!(page.contains(&format!("<code>{}</code>", s["rule"].as_str().unwrap())), "{page}");
            (s["extract"].as_str().unwrap(), s["rule"].as_str().unwrap())
        })
        .collect();
    assert_eq!(told, reasons, "{said}");
    if let Some(good) = current {
        assert!(said.contains("The last good build is untouched: output/current"), "{said}");
        assert_eq!(sandbox.current(), good);
        sandbox.command(&["verify"]).succeeds();
        assert!(page.contains(good.file_name().unwrap().to_str().unwrap()), "{page}");
    } else {
        assert!(page.contains("There is no earlier build."), "{page}");
    }
    assert!(!sandbox.path("output/builds/.unfinished").exists(), "the stopped build is taken down");
    said
}

#[test]
fn a_stale_extract_stops_and_the_next_good_build_clears_up() {
    let sandbox = sandbox("2026-09-30");
    write_crimes(&sandbox.path("extracts"), "2026-09-25");
    let said = stops(&sandbox, &[], &[("crimes", "newest_too_old")]);
    assert!(
        said.contains(
            "crimes: the newest row is of 25 September 2026, 4 days before 29 September 2026; more than 3 days"
        ),
        "{said}"
    );
    let let_pass = passes(&sandbox, &["--allow", "newest_too_old:crimes"]);
    assert!(let_pass.contains("more than 3 days is not allowed (let pass by --allow)"), "{let_pass}");
    let manifest = fs::read_to_string(sandbox.path("output/current/manifest.json")).unwrap();
    assert!(manifest.contains("\"allow newest_too_old:crimes\""), "{manifest}");
    assert_eq!(gates_row(&sandbox, "crimes"), ("let_pass".into(), Some("2026-09-25".into()), Some(4)));

    write_crimes(&sandbox.path("extracts"), "2026-09-27");
    let warned = passes(&sandbox, &[]);
    assert!(warned.contains("warning: crimes: the newest row is of 27 September 2026, 2 days before"), "{warned}");
    assert_eq!(gates_row(&sandbox, "crimes"), ("warned".into(), Some("2026-09-27".into()), Some(2)));
    assert_eq!(gates_row(&sandbox, "calls"), ("good".into(), Some("2026-09-30".into()), Some(0)));
    assert_eq!(gates_row(&sandbox, "surveys"), ("absent".into(), None, None));
}

/// State, newest row and days behind of an extract in the table `gates`.
fn gates_row(sandbox: &Sandbox, extract: &str) -> (String, Option<String>, Option<i64>) {
    let file = fs::File::open(sandbox.path("output/current/tables/gates.parquet")).unwrap();
    let batch = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().next().unwrap().unwrap();
    let text = |name: &str, row| batch.column_by_name(name).unwrap().as_string::<i32>().value(row).to_owned();
    let row = (0..batch.num_rows()).find(|row| text("extract", *row) == extract).unwrap();
    let newest = batch.column_by_name("newest_row").unwrap().as_primitive::<Date32Type>();
    let behind = batch.column_by_name("days_behind").unwrap().as_primitive::<Int64Type>();
    (
        text("state", row),
        newest.is_valid(row).then(|| civil_date(newest.value(row)).to_string()),
        behind.is_valid(row).then(|| behind.value(row)),
    )
}

#[test]
fn calls_that_stop_do_not_make_everything_else_look_fresh() {
    let sandbox = sandbox("2026-09-30");
    write_calls(&sandbox.path("extracts"), "2026-09-20");
    let said = stops(&sandbox, &[], &[("calls", "newest_too_old")]);
    assert!(said.contains("20 September 2026, 9 days before 29 September 2026"), "{said}");
}

#[test]
fn a_half_written_export_stops() {
    let sandbox = sandbox("2026-09-30");
    passes(&sandbox, &[]);
    // The newest half: fresh to the day.
    sandbox.edit("extracts/incidents.csv", |text| {
        let (header, rows) = text.split_once('\n').unwrap();
        let rows: Vec<&str> = rows.lines().collect();
        format!("{header}\n{}\n", rows[rows.len() / 2..].join("\n"))
    });
    let said = stops(&sandbox, &[], &[("incidents", "fewer_rows")]);
    assert!(said.contains("incidents: 61 records, 50.0% fewer than the 122 of the last good build"), "{said}");
    // Another source is another thing: the same files by folder were never built.
    passes(&sandbox, &["--extracts", "extracts"]);
}

#[test]
fn a_file_of_the_night_before_stops_and_a_replay_does_not() {
    let sandbox = sandbox("2026-09-30");
    passes(&sandbox, &[]);
    passes(&sandbox, &[]);
    // A corrected file beside the others as they were.
    sandbox.edit("extracts/crimes.csv", |text| text.replacen("North", "South", 1));
    passes(&sandbox, &[]);
    // A look back, and tonight again.
    passes(&sandbox, &["--as-at", "2026-09-10"]);
    passes(&sandbox, &[]);

    // The next night: incidents were not exported.
    write_calls(&sandbox.path("extracts"), "2026-10-01");
    write_crimes(&sandbox.path("extracts"), "2026-10-01");
    let said = stops(&sandbox, &[], &[("incidents", "same_file_again")]);
    assert!(said.contains("which stood at 29 September 2026; it ought to reach 30 September 2026"), "{said}");
    write_incidents(&sandbox.path("extracts"), "2026-10-01");
    passes(&sandbox, &[]);

    // A night without any export, and the day stated: nothing but the files can tell.
    let again = [("incidents", "same_file_again"), ("calls", "same_file_again"), ("crimes", "same_file_again")];
    stops(&sandbox, &["--as-at", "2026-10-01"], &again);
    let warned = passes(&sandbox, &["--as-at", "2026-10-01", "--allow", "same_file_again"]);
    assert_eq!(warned.matches("(let pass by --allow)").count(), 3, "{warned}");
}

#[test]
fn another_forces_file_stops_and_says_whose_it_is() {
    let sandbox = sandbox("2026-09-30");
    sandbox.edit("extracts/calls.csv", |text| text.replace(":05,", ":05,Wiltshire"));
    let said = stops(&sandbox, &[], &[("calls", "other_force")]);
    assert!(said.contains("calls: no row is of gloucestershire; there are 122 of wiltshire"), "{said}");
    let said = stops(&sandbox, &["--force", "wiltshire"], &[("incidents", "other_force"), ("crimes", "other_force")]);
    assert!(said.contains("crimes: no row is of wiltshire; there are 122 of gloucestershire"), "{said}");
    passes(&sandbox, &["--force", "all"]);
}

#[test]
fn a_data_date_that_no_extract_reaches_stops() {
    let sandbox = sandbox("2026-09-30");
    let old = [("incidents", "newest_too_old"), ("calls", "newest_too_old"), ("crimes", "newest_too_old")];
    stops(&sandbox, &["--as-at", "2027-09-30"], &old);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let sandbox = sandbox("2026-09-30");
    passes(&sandbox, &[]);
    fs::write(sandbox.path("extracts/calls.csv"), "").unwrap();
    // A file without its header: its first record stands there, and is repeated nowhere.
    fs::write(sandbox.path("extracts/incidents.csv"), "Jane Doe,2026-09-30,priority\nJohn Doe,2026-09-30,priority\n")
        .unwrap();
    write_crimes(&sandbox.path("extracts"), "2026-08-20");
    let reasons = [("incidents", "missing_column"), ("calls", "empty_file"), ("crimes", "fewer_rows")];
    let said = stops(&sandbox, &[], &reasons);
    let page = fs::read_to_string(sandbox.path("output/stopped/report.html")).unwrap();
    for text in [said, page] {
        assert!(text.contains("it has: 3 fields, none named as a column"), "{text}");
        assert!(!text.contains("Doe"), "{text}");
    }
    let json = fs::read_to_string(sandbox.path("output/stopped/report.json")).unwrap();
    assert!(json.contains("\"data_date\": null"), "two of three extracts are gone, so nobody knows the day: {json}");
    let said = sandbox.fails(build(&sandbox, &["--allow", "empty_file:calls"]), 2);
    assert!(said.contains("empty_file cannot be let pass"), "{said}");
    let said = sandbox.fails(build(&sandbox, &["--allow", "fewer_rows:crime"]), 2);
    assert!(said.contains("--allow fewer_rows:crime: this pipeline has no extract of that name"), "{said}");
    // Without the ones that cannot be read, the rest is judged anew.
    write_all(&sandbox, "2026-09-30");
    let said = passes(&sandbox, &["--allow", "fewer_rows:crimes"]);
    assert!(said.contains("--allow fewer_rows:crimes was not needed"), "{said}");
}

#[test]
fn records_in_quarantine_stop_with_their_places() {
    let sandbox = sandbox("2026-09-30");
    for extract in ["crimes", "calls"] {
        let own = format!("[inputs.{extract}.thresholds]\nstop_quarantined_share = 1.0\n");
        sandbox.edit("pipelines/small.toml", |text| text.replace(&own, ""));
    }
    sandbox.edit("extracts/crimes.csv", |text| text.replace("2026-09-1", "2026-13-1"));
    sandbox.edit("extracts/calls.csv", |text| {
        ["K2026-08-01-0", "K2026-08-01-1", "K2026-08-02-0"].iter().fold(text.to_owned(), |t, key| t.replace(key, " "))
    });
    stops(&sandbox, &[], &[("calls", "quarantined_share"), ("crimes", "quarantined_share")]);
    let stopped = sandbox.path("output/stopped");
    let page = fs::read_to_string(stopped.join("report.html")).unwrap();
    assert!(page.contains("calls: 3 of 122 records (2.5%) are in quarantine, more than the 2.0% allowed"), "{page}");
    assert!(page.contains("crimes, unparsable time: 20 records"), "{page}");
    // Record 80 is the first of 10 September; five places of each rule are shown.
    assert_eq!(page.matches("<td>recorded_at</td>").count(), 5, "{page}");
    assert!(!page.contains("2026-13-1") && !page.contains("North"), "{page}");
    let table = fs::File::open(stopped.join("quarantine.parquet")).unwrap();
    let rows = ParquetRecordBatchReaderBuilder::try_new(table).unwrap().metadata().file_metadata().num_rows();
    assert_eq!(rows, 23);
    let mut names: Vec<String> =
        fs::read_dir(&stopped).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["quarantine.parquet", "report.html", "report.json"]);
    only_its_owner_can_open(&stopped);
}

#[cfg(unix)]
fn only_its_owner_can_open(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
}

#[cfg(not(unix))]
fn only_its_owner_can_open(_: &Path) {}

#[test]
fn street_files_that_are_cut_off_stop_the_published_pipeline() {
    let sandbox = Sandbox::new();
    let street = sandbox.path("street");
    fs::create_dir(&street).unwrap();
    let header = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,\
                  Last outcome category,Context\n";
    let force = "Gloucestershire Constabulary";
    let row = format!(",2024-01,{force},{force},,,Park,,,Drugs,Local resolution,\n");
    let file = street.join("2024-01-gloucestershire-street.csv");
    fs::write(&file, format!("{header}{}cut,2024-01\n", row.repeat(40))).unwrap();
    sandbox.edit("pipelines/published.toml", |text| {
        let start = text.find("[[published]]").unwrap();
        let street = text.find("[[published]]\nshape = \"police_uk_street\"").unwrap();
        format!("{}{}", &text[..start], &text[street..])
            .replace("../sample_data/published/street/*-street.csv.gz", "../street/*.csv")
    });
    let published = |more: &[&str]| {
        let mut command = sandbox.command(&["build", "pipelines/published.toml", "--only", "tables"]);
        command.args(more);
        command
    };
    let said = sandbox.fails(published(&[]), 3);
    assert!(said.contains("police_uk_street: 1 of 41 records (2.4%) are in quarantine, more than the 2.0%"), "{said}");
    let page = fs::read_to_string(sandbox.path("output/stopped/report.html")).unwrap();
    assert!(page.contains("2024-01-gloucestershire-street.csv") && page.contains("ragged row: 1 record<"), "{page}");
    published(&["--allow", "quarantined_share:police_uk_street"]).succeeds();
    assert!(!sandbox.path("output/stopped").exists());
}

/// As a build would stop, and nothing is written.
#[test]
fn a_check_looks_at_every_header() {
    let sandbox = sandbox("2026-09-30");
    let said = sandbox.command(&["check", "pipelines/small.toml"]).succeeds().stdout;
    assert!(String::from_utf8(said).unwrap().ends_with("3 files with the columns that are asked for: no fault\n"));
    fs::write(sandbox.path("extracts/calls.csv"), "").unwrap();
    fs::write(sandbox.path("extracts/crimes.csv"), "crime_ref;offence_code\nC1;105A\n").unwrap();
    let check = || sandbox.command(&["check", "pipelines/small.toml"]).output().unwrap();
    let output = check();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    for part in ["[empty_file]", "has no column recorded_at", "it has: crime_ref, offence_code [missing_column]"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    fs::remove_file(sandbox.path("extracts/incidents.csv")).unwrap();
    let output = check();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("incidents: there is no file") && said.contains("[empty_file]"), "{said}");
    sandbox.command(&["check", "pipelines/small.toml", "--definitions-only"]).succeeds();
    assert!(!sandbox.path("output").exists());
}
