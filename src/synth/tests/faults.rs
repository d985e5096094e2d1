//! What is listed is what was planted, and nothing else.

use std::collections::BTreeMap;

use super::super::faults::{Fate, KINDS};
use super::super::parameters::{DEFAULT_PARAMETERS, Parameters};
use super::*;

/// How many times each record stands in a file.
fn counted(records: &[Vec<String>]) -> BTreeMap<&Vec<String>, i64> {
    let mut counts = BTreeMap::new();
    records.iter().for_each(|record| *counts.entry(record).or_default() += 1);
    counts
}

#[test]
fn every_fault_of_the_parameters_is_planted_and_listed_where_it_is() {
    let made = made(SynthOptions { faults: 1, ..options(12_000) });
    // Few rows fall in the one hour of the year that can hold this one.
    assert!(
        made.report.not_planted.iter().all(|name| name.ends_with("_in_spring_gap")),
        "{:?}",
        made.report.not_planted
    );
    let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
    for kind in KINDS {
        let planted = made.report.planted.iter().filter(|p| p.kind == kind).count();
        let left_out = made.report.not_planted.iter().filter(|name| **name == kind.full_name()).count();
        let stated = parameters.faults[kind.extract.name()][kind.name] as usize - left_out;
        // Both rows of a pair that cannot be told apart go.
        let pairs = kind.rule == "conflicting_duplicate" && kind.fate == Fate::Quarantined;
        assert_eq!(planted, if pairs { 2 * stated } else { stated }, "{}", kind.full_name());
    }
    let listed = named(&records(&made.text("planted_faults.csv")));
    assert_eq!(listed.len(), made.report.planted.len());
    for extract in Extract::ALL {
        let records = made.records(extract);
        for fault in listed.iter().filter(|fault| fault["extract"] == extract.name()) {
            let record: usize = fault["record"].parse().unwrap();
            assert!(holds(extract, &records, record - 1, fault), "{fault:?}\n{:?}", records[record - 1]);
        }
    }
}

/// Whether the record breaks the rule it is listed for, told from the text alone.
fn holds(extract: Extract, records: &[Vec<String>], at: usize, fault: &BTreeMap<String, String>) -> bool {
    let row = &records[at];
    let field = |column: &str| row[extract.column(column).unwrap()].as_str();
    let value = || field(&fault["column"]);
    let same_key = |other: &[String]| other[0] == row[0] && other != row;
    match fault["rule"].as_str() {
        "ragged_row" => row.len() != records[0].len(),
        "missing_key" => row[0].is_empty(),
        "unparsable_time" | "unparsable_optional_time" => {
            chrono::NaiveDateTime::parse_from_str(value(), "%Y-%m-%d %H:%M:%S").is_err()
        }
        "future_time" => value().starts_with("2099"),
        "exact_duplicate" => records[at - 1] == *row,
        "conflicting_duplicate" => same_key(&records[at - 1]) || same_key(&records[at + 1]),
        "nonexistent_local_time" => {
            let spring = ["2024-03-31 01", "2025-03-30 01", "2026-03-29 01"];
            spring.contains(&&value()[..13])
        }
        "unknown_grade" => !["immediate", "priority", "scheduled", "no attendance"].contains(&value()),
        "unknown_line" => !["999", "101"].contains(&value()),
        "unmapped_offence_code" => ["", "999X", "8ZZ", "GLOS12"].contains(&value()),
        "unmapped_outcome_type" => ["77", "NFA"].contains(&value()),
        "outcome_without_time" => value().is_empty() && !field("outcome_type").is_empty(),
        "outcome_before_recording" | "cancelled_before_recording" => value() < field("recorded_at"),
        "arrival_before_opening" | "arrival_before_opening_within_60_minutes" | "closed_before_opening" => {
            value() < field("opened_at")
        }
        "dispatch_after_arrival" => value() > field("first_arrived_at"),
        "answered_before_received" => value() < field("received_at"),
        "update_before_recording" => value() < "2025-10",
        "orphan_link" => value().contains("9901-"),
        "no_link" => value().is_empty(),
        "spelling" => value().trim() != value() || value().starts_with('0'),
        "unreadable_flag" | "unknown_code" | "unreadable_number" | "invalid_answer" => {
            !["", "Y", "N", "person", "urban", "1", "2", "3", "4", "5", "6", "7"].contains(&value())
        }
        "text_like_a_formula" => value().starts_with(['=', '+', '-', '@']),
        "text_like_markup" => value().contains(['<', '&']),
        "text_with_line_break" => value().contains('\n') && value().contains('"') && value().contains(','),
        other => panic!("no check for {other}"),
    }
}

/// The same run without faults differs in the listed records only.
#[test]
fn nothing_is_changed_that_is_not_listed() {
    let (clean, faulty) = (made(options(8_000)), made(SynthOptions { faults: 1, ..options(8_000) }));
    for extract in Extract::ALL {
        let (before, after) = (clean.records(extract), faulty.records(extract));
        let (before, after) = (counted(&before), counted(&after));
        let added: i64 = after.iter().map(|(row, n)| (n - before.get(row).copied().unwrap_or(0)).max(0)).sum();
        let removed: i64 = before.iter().map(|(row, n)| (n - after.get(row).copied().unwrap_or(0)).max(0)).sum();
        let planted: Vec<_> = faulty.report.planted.iter().filter(|p| p.kind.extract == extract).collect();
        let listed = |of: fn(Fate, &str) -> bool| planted.iter().filter(|p| of(p.fate, p.kind.rule)).count() as i64;
        // A copy adds a row; a pair without a winner is listed twice.
        let copies = listed(|fate, _| fate == Fate::Duplicate)
            + listed(|fate, rule| fate == Fate::Quarantined && rule == "conflicting_duplicate") / 2;
        let changes = listed(|_, rule| rule != "exact_duplicate" && rule != "conflicting_duplicate");
        assert_eq!((added, removed), (copies + changes, changes), "{}", extract.name());
    }
}

#[test]
fn a_quarantined_share_stays_below_the_warning_of_half_a_percent() {
    // The counts stand for runs of a force's real size.
    let real = BTreeMap::from([
        (Extract::Crimes, 136_000.0),
        (Extract::Incidents, 190_000.0),
        (Extract::Calls, 408_000.0),
        (Extract::Surveys, 4_600.0),
        (Extract::VictimContacts, 86_000.0),
    ]);
    let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
    for (extract, rows) in real {
        let of_extract = KINDS.iter().filter(|k| k.extract == extract && k.fate == Fate::Quarantined);
        let quarantined: u32 = of_extract.map(|k| parameters.faults[extract.name()][k.name] * 2).sum();
        assert!(f64::from(quarantined) / rows < 0.005, "{}", extract.name());
    }
}

#[test]
fn a_run_too_small_for_a_fault_says_so() {
    let made = made(SynthOptions { faults: 1, months: 2, ..options(200) });
    assert!(made.report.not_planted.contains(&"calls.received_in_spring_gap".to_owned()));
}

#[test]
fn an_unknown_kind_of_fault_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parameters.toml");
    std::fs::write(&file, DEFAULT_PARAMETERS.replacen("line_blank = 3", "line_blanc = 3", 1)).unwrap();
    let options = SynthOptions { out: folder.path().join("out"), parameters: Some(file), faults: 1, ..options(100) };
    let error = run(&options, &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("line_blanc"), "{error}");
}
