//! What falls due in a build of small extracts: days at both ends of the window, and what is not there.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::built::{self, Row};
use super::command::{Succeeds, scorecard};
use super::made::{AS_AT, Made};

const DATES: [&str; 3] = ["review_due_at", "bail_until", "limit_at"];

/// Crime, column, what stands in it. Crimes 0, 3, 6 and so on have an outcome.
const WRITTEN: [(usize, &str, &str); 10] = [
    (3, "review_due_at", "2025-04-01"), // solved
    (4, "review_due_at", "2025-03-30"),
    (5, "bail_until", "2025-03-29 23:59:59"),
    (7, "limit_at", "2025-04-13 23:59:59"),
    (8, "limit_at", "2025-04-14 00:00:00"),
    // The clock went forward on the data date at 01:00: no clock showed 01:30, and 23:30 by UTC is the next day.
    (10, "review_due_at", "2025-03-30T23:30:00Z"),
    (11, "review_due_at", "next week"),
    (13, "bail_until", "2025-03-30 01:30:00"),
    (14, "review_due_at", "2025-03-02"),
    (16, "review_due_at", "2025-03-01 23:59:59"),
];

fn extracts(dates: &[&str]) -> Made {
    let mut made = Made::new();
    let header = made.record("crimes", 1);
    header.extend(dates.iter().flat_map(|name| format!(",{name}").into_bytes()));
    header.extend(b",department");
    for number in 0..240 {
        let cell = |name: &&str| {
            let found = WRITTEN.iter().find(|(crime, column, _)| *crime == number && column == name);
            format!(",{}", found.map_or("", |(_, _, text)| text)).into_bytes()
        };
        let mut cells: Vec<u8> = dates.iter().flat_map(cell).collect();
        cells.extend(if number % 2 == 1 { &b",CID"[..] } else { b",Response" });
        made.record("crimes", number + 2).extend(cells);
    }
    // Recorded on Sunday 2 March with enhanced rights, on Saturday 29 March without, on 5 March and told on the 31st.
    *made.record("victim_contacts", 3) = b"C001,Y,,".to_vec();
    *made.record("victim_contacts", 30) = b"C028,N,,".to_vec();
    *made.record("victim_contacts", 6) = b"C004,N,,2025-03-31 09:00:00".to_vec();
    made
}

/// The tables of a build of them, `due` first.
fn built(extracts: &Made, without: Option<&str>) -> (Vec<Row>, Vec<Row>) {
    let folder = tempfile::tempdir().unwrap();
    let (from, out) = (folder.path().join("extracts"), folder.path().join("out"));
    extracts.write(&from);
    if let Some(extract) = without {
        fs::remove_file(from.join(format!("{extract}.csv"))).unwrap();
    }
    let arguments = ["build", "--only", "tables", "--as-at", AS_AT, "--extracts"];
    let mut command = scorecard(Path::new(env!("CARGO_MANIFEST_DIR")), &arguments);
    command.args([&from, Path::new("--out"), &out]).succeeds();
    let build = out.join("current");
    (built::rows(&build, "../restricted/due"), built::rows(&build, "due_counts"))
}

#[test]
fn what_falls_due_of_small_extracts() {
    let (due, counts) = built(&extracts(&DATES), None);
    let mut found: Vec<[&str; 5]> =
        due.iter().map(|r| ["crime_ref", "kind", "due_on", "days_left", "state"].map(|c| &*r[c])).collect();
    found.sort_unstable();
    let expected = [
        ["C001", "victim_update", "2025-03-03", "-27", "overdue"],
        ["C004", "review", "2025-03-30", "0", "due"],
        // Told after the data date: not yet.
        ["C004", "victim_update", "2025-03-12", "-18", "overdue"],
        ["C005", "bail", "2025-03-29", "-1", "overdue"],
        ["C007", "time_limit", "2025-04-13", "14", "due"],
        ["C010", "review", "2025-03-31", "1", "due"],
        ["C013", "bail", "2025-03-30", "0", "due"],
        ["C014", "review", "2025-03-02", "-28", "overdue"],
        ["C028", "victim_update", "2025-04-04", "5", "due"],
    ];
    assert_eq!(found, expected);
    let c005 = due.iter().find(|r| r["crime_ref"] == "C005").unwrap();
    assert_eq!(["area", "team", "officer", "supervisor"].map(|c| &*c005[c]), ["North", "T1", "PC5", "PS1"]);

    let numbers = |level: &str, unit: &str, kind: &str| {
        let is = |r: &&Row| r["level"] == level && r["unit"] == unit && r["kind"] == kind;
        let row = counts.iter().find(is).unwrap();
        ["open", "dated", "overdue_longer", "overdue", "within_7_days", "within_period"].map(|c| row[c].clone())
    };
    // 160 of 240 crimes have no outcome.
    for (kind, expected) in [
        ("review", ["160", "4", "1", "1", "2", "2"]),
        ("bail", ["160", "2", "0", "1", "1", "1"]),
        ("time_limit", ["160", "2", "0", "0", "0", "1"]),
        ("victim_update", ["160", "3", "0", "2", "1", "1"]),
    ] {
        assert_eq!(numbers("force", "gloucestershire", kind), expected, "{kind}");
        assert_eq!(numbers("area", "North", kind), expected, "{kind}");
    }
    assert_eq!(numbers("team", "T1", "bail"), ["40", "2", "0", "1", "1", "1"]);
    // Odd crimes are the CID's: 80 of them are open, and all of T1's are odd.
    assert_eq!(numbers("department", "CID", "bail"), ["80", "2", "0", "1", "1", "1"]);
    assert_eq!(numbers("department", "CID", "review"), ["80", "0", "0", "0", "0", "0"]);
    assert_eq!(numbers("department", "Response", "review"), ["80", "4", "1", "1", "2", "2"]);
    assert_eq!(numbers("team_in_department", "T1", "bail"), ["40", "2", "0", "1", "1", "1"]);
    let t1 = counts.iter().filter(|r| r["level"] == "team_in_department" && r["unit"] == "T1");
    assert!(t1.map(|r| &r["department"]).all(|department| department == "CID"));
}

#[test]
fn what_is_not_there_is_not_nothing_due() {
    let (due, counts) = built(&extracts(&["review_due_at", "limit_at"]), Some("victim_contacts"));
    assert!(due.iter().all(|r| r["kind"] == "review" || r["kind"] == "time_limit") && due.len() == 4, "{due:?}");
    let of = |kind: &str| {
        let row = counts.iter().find(|r| r["level"] == "team" && r["unit"] == "T1" && r["kind"] == kind).unwrap();
        (row["open"].clone(), row["overdue"].clone(), row["reason"].clone())
    };
    let none = |reason: &str| (String::new(), String::new(), reason.to_owned());
    assert_eq!(of("bail"), none("the crimes extract has no column bail_until"));
    assert_eq!(of("victim_update"), none("there is no extract of victim_contacts"));
    assert_eq!(of("time_limit"), ("40".to_owned(), "0".to_owned(), String::new()));
}
