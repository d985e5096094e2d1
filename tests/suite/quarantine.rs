//! `scorecard quarantine` on a build, as its reader uses it.

#![allow(clippy::unwrap_used)]

use std::fs;

use super::cli::Sandbox;
use super::command::Succeeds;

fn said(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = sandbox.command(&[&["quarantine"], arguments].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Counted by hand from `tests/independent/cases/tiny`; `expected_fates.csv` has the totals.
#[test]
fn records_are_counted_and_shown_as_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.build(&[]).succeeds();
    let all = said(&sandbox, &[]);
    assert!(all.starts_with("output/current: 14 records in quarantine\n"), "{all}");
    assert!(all.contains("\nincidents.csv, record "), "{all}");
    let ragged = said(&sandbox, &["--rule", "ragged_row"]);
    let blocks = |text: &str| text.lines().filter(|l| l.starts_with("  raw ")).count();
    assert!(0 < blocks(&ragged) && blocks(&ragged) < blocks(&all) && blocks(&all) == 14, "{ragged}");
    assert_eq!(blocks(&said(&sandbox, &["--extract", "calls"])), 6);
    assert_eq!(blocks(&said(&sandbox, &["--file", "crimes.csv"])), 6);
    let few = said(&sandbox, &["--extract", "calls", "--limit", "2"]);
    assert!(blocks(&few) == 2 && few.contains("\n4 more: "), "{few}");
    assert_eq!(said(&sandbox, &["--extract", "surveys"]), "output/current: 0 records in quarantine\n");
}

#[test]
fn the_file_for_a_spreadsheet_has_every_record_and_column() {
    let sandbox = Sandbox::new();
    sandbox.build(&[]).succeeds();
    let told = said(&sandbox, &["--csv", "mend.csv"]);
    assert!(told.ends_with("\n14 records written to mend.csv\n"), "{told}");
    let text = fs::read_to_string(sandbox.path("mend.csv")).unwrap();
    assert!(text.starts_with("\u{feff}\"extract\",\"file\",\"record\",\"byte_offset\",\"raw\",\"rule\""), "{text}");
    assert_eq!(text.matches("\r\n").count(), 15);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(sandbox.path("mend.csv")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let one = said(&sandbox, &["--csv", "mend.csv", "--rule", "missing_key", "--limit", "1"]);
    assert!(one.ends_with("\n1 record written to mend.csv\n"), "{one}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let sandbox = Sandbox::new();
    let wrong = sandbox.fails(sandbox.command(&["quarantine", "--rule", "raged_row"]), 2);
    assert!(wrong.contains("[possible values: ragged_row, missing_key, unparsable_time, future_time,"), "{wrong}");
    let none = sandbox.fails(sandbox.command(&["quarantine"]), 1);
    assert!(none.contains("cannot read output/current/restricted/quarantine.parquet"), "{none}");
    assert!(none.contains("Name the folder of a build"), "{none}");
    sandbox.build(&[]).succeeds();
    fs::write(sandbox.path("output/current/restricted/quarantine.parquet"), "PAR1").unwrap();
    let spoilt = sandbox.fails(sandbox.command(&["quarantine"]), 1);
    assert!(spoilt.contains("`scorecard verify` says whether the build is whole"), "{spoilt}");
}

#[test]
fn a_stopped_run_can_be_read_and_is_mentioned() {
    let sandbox = Sandbox::new();
    sandbox.build(&[]).succeeds();
    fs::create_dir_all(sandbox.path("output/stopped")).unwrap();
    // The table of a run that stopped is a table like any other.
    sandbox.build(&["--as-at", "2025-03-15", "--out", "other"]).succeeds();
    fs::copy(
        sandbox.path("other/current/restricted/quarantine.parquet"),
        sandbox.path("output/stopped/quarantine.parquet"),
    )
    .unwrap();
    let output = sandbox.command(&["quarantine"]).output().unwrap();
    let noted = String::from_utf8(output.stderr).unwrap();
    assert!(noted.starts_with("note: the last run was stopped; add --stopped"), "{noted}");
    assert!(said(&sandbox, &["--stopped"]).starts_with("the run that was stopped: "));
    let builds = sandbox.path("output/builds");
    let named = fs::read_dir(builds).unwrap().next().unwrap().unwrap().path();
    assert!(said(&sandbox, &[&named.to_string_lossy(), "--stopped"]).starts_with("the run that was stopped: "));
    // A build that was made current after it makes no mention of it.
    sandbox.build(&["--as-at", "2025-03-20"]).succeeds();
    assert!(sandbox.command(&["quarantine"]).output().unwrap().stderr.is_empty());
}
