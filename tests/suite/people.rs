//! Posts of officers and staff: where their records end, and what a build says of the organisation by them.
//!
//! The case is `tests/independent/cases/people`; its figures are in `recomputed`. What is expected here is worked by hand.

#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow::util::display::array_value_to_string;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::command::{Succeeds, scorecard};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds the extracts of a folder; its path, and what was said.
fn built(extracts: &Path, out: &Path) -> (PathBuf, String) {
    let arguments = ["build", "--as-at", "2025-03-31", "--only", "tables", "--allow", "quarantined_share", "--out"];
    let output = scorecard(root(), &arguments).arg(out).arg("--extracts").arg(extracts).succeeds();
    (out.join("current"), String::from_utf8(output.stdout).unwrap())
}

/// Rows of a table, these columns joined by a blank; what is null is empty.
fn rows(build: &Path, table: &str, columns: &[&str]) -> Vec<String> {
    let file = File::open(build.join(table).with_extension("parquet")).unwrap();
    let mut found = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().map(Result::unwrap) {
        let text = |name: &str, row| array_value_to_string(batch.column_by_name(name).unwrap(), row).unwrap();
        found.extend(
            (0..batch.num_rows()).map(|row| columns.iter().map(|c| text(c, row)).collect::<Vec<_>>().join(" ")),
        );
    }
    found
}

#[test]
fn posts_have_their_places_and_make_up_the_organisation() {
    let out = tempfile::tempdir().unwrap();
    let (build, said) = built(&root().join("tests/independent/cases/people"), out.path());

    let fates = ["extract", "records_read", "accepted", "out_of_window", "quarantined", "duplicates"];
    assert!(rows(&build, "tables/reconciliation", &fates).contains(&"people 33 26 0 6 1".to_owned()));
    let held = rows(&build, "restricted/quarantine", &["record", "rule", "column"]);
    let expected = [
        "22 conflicting_duplicate valid_from",
        "23 conflicting_duplicate valid_from",
        "30 missing_key officer",
        "31 missing_key valid_from",
        "32 unparsable_time valid_from",
        "33 ragged_row ",
    ];
    let mut sorted = held;
    sorted.sort();
    assert_eq!(sorted, expected);

    let team = ["team", "department", "area", "valid_from", "valid_to", "current"];
    assert_eq!(
        rows(&build, "tables/dim_team", &team),
        [
            "T1 Investigations North 2024-01-01  true",
            "T3 Investigations North 2024-01-01 2024-12-31 false",
            "T3 Neighbourhoods South 2025-01-01  true",
            "T2 Response South 2025-01-01  true",
        ]
    );
    // 0005 has T1 once the post that contradicts it has ended; of 0006 and 0007 nobody knows; 0015 has no post but in 2031.
    let post = ["supervisor", "team", "officer", "valid_from"];
    assert_eq!(
        rows(&build, "restricted/organisation", &post),
        [
            "S1 T1 0003 2025-02-10",
            "S1 T1 0004 2025-02-11",
            "S1 T1 0005 2025-02-01",
            "S1 T1 0011 2024-01-01",
            "S1 T1 0014 2024-01-01",
            "unallocated unallocated 0008 2024-01-01",
            "S3 T3 0013 2025-01-01",
            "S2 T2 0001 2025-01-01",
            "S2 T2 0002 2025-01-15",
            "S2 T2 0009 2025-01-20",
            "S2 T2 0010 2025-03-31",
            "unallocated unallocated 0006 2025-01-20",
            "unallocated unallocated 0007 2025-01-20",
        ]
    );
    for finding in [
        "6  people.valid_from: posts overlap", // of 0004, 0005, 0006, 0007, 0009 and 0010
        "1  people.valid_to: post ends before it begins",
        "1  people.valid_to: invalid time",
        "8  crimes.officer: officer without post", // C06, C23, C27, C28, C29, C31, C35, C36
    ] {
        assert!(said.contains(finding), "{finding} in {said}");
    }
    let open = fs::read_dir(build.join("tables")).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let names_an_officer = |bytes: Vec<u8>| bytes.windows(4).any(|w| w == b"0011");
    assert!(!open.into_iter().any(names_an_officer), "an officer stands in a table that everybody sees");
}

#[test]
fn without_posts_nothing_is_made_of_them() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let case = root().join("tests/independent/cases/people");
    for extract in ["calls", "incidents", "crimes", "surveys", "victim_contacts"] {
        let file = format!("{extract}.csv");
        fs::copy(case.join(&file), folder.path().join(&file)).unwrap();
    }
    let (build, said) = built(folder.path(), out.path());
    assert!(said.contains("not available") && !said.contains("people"), "{said}");
    assert!(!build.join("tables/dim_team.parquet").exists());
    assert!(!build.join("restricted/organisation.parquet").exists());
    let mut teams = rows(&build, "restricted/conformed/crimes", &["team"]);
    teams.sort();
    teams.dedup();
    assert_eq!(teams, ["T7", "unallocated"]);
}
