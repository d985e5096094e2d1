//! What stands in the rows.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Required columns of the extracts.
#[test]
fn every_required_column_is_there_and_filled() {
    let made = made(two_forces(2_000));
    for (extract, required) in [
        (Extract::Crimes, ["crime_ref", "recorded_at", "crime_ref"]),
        (Extract::Incidents, ["incident_ref", "opened_at", "grade"]),
        (Extract::Calls, ["call_ref", "line", "received_at"]),
        (Extract::Surveys, ["response_ref", "surveyed_at", "response_ref"]),
        (Extract::VictimContacts, ["crime_ref", "crime_ref", "crime_ref"]),
    ] {
        let rows = made.rows(extract);
        assert!(!rows.is_empty());
        for column in required {
            assert!(rows.iter().all(|row| !row[column].is_empty()), "{} {column}", extract.name());
        }
        let keys: BTreeSet<(&str, &str)> = rows.iter().map(|r| (&*r["force"], &*r[required[0]])).collect();
        assert_eq!(keys.len(), rows.len(), "{} keys", extract.name());
    }
}

#[test]
fn the_stated_number_of_crimes_is_shared_by_size() {
    let crimes = made(two_forces(3_001)).rows(Extract::Crimes);
    assert_eq!(crimes.len(), 3_001);
    let own = crimes.iter().filter(|row| row["force"] == "gloucestershire").count() as f64;
    // Means of the recorded crimes of 2024/25 and 2025/26: 45,430 and 41,675.
    assert!((own / 3_001.0 - 45_430.0 / (45_430.0 + 41_675.0)).abs() < 0.001);
}

#[test]
fn links_resolve_within_the_force() {
    let made = made(SynthOptions { months: 3, ..two_forces(2_000) });
    let keys = |extract, column: &str| -> BTreeSet<(String, String)> {
        made.rows(extract).into_iter().map(|row| (row["force"].clone(), row[column].clone())).collect()
    };
    let (incidents, crimes) = (keys(Extract::Incidents, "incident_ref"), keys(Extract::Crimes, "crime_ref"));
    for (extract, column, targets, low, high) in [
        (Extract::Calls, "incident_ref", &incidents, 0.3, 0.5),
        (Extract::Crimes, "incident_ref", &incidents, 0.6, 0.85),
        (Extract::Surveys, "crime_ref", &crimes, 1.0, 1.0),
        (Extract::VictimContacts, "crime_ref", &crimes, 1.0, 1.0),
    ] {
        let rows = made.rows(extract);
        let linked: Vec<_> = rows.iter().filter(|row| !row[column].is_empty()).collect();
        for row in &linked {
            assert!(targets.contains(&(row["force"].clone(), row[column].clone())), "{row:?}");
        }
        let share = linked.len() as f64 / rows.len() as f64;
        assert!((low..=high).contains(&share), "{} {share}", extract.name());
    }
}

#[test]
fn both_autumn_readings_fill_and_the_spring_hour_stays_empty() {
    let to = chrono::NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
    let many = SynthOptions { calls_per_crime: Some(0.0), incidents_per_crime: Some(100.0), ..options(2_000) };
    let text = made(SynthOptions { months: 6, to, ..many }).text("incidents.csv");
    let hours = |days: &[&str], hour: &str| -> usize {
        let opened = |line: &str| line.split(',').nth(1).map(|at| at[..at.len().min(13)].to_owned());
        let hours: Vec<String> = days.iter().map(|day| format!("{day} {hour}")).collect();
        text.lines().filter_map(opened).filter(|at| hours.contains(at)).count()
    };
    // The nights of the change, both Sundays, and other Sundays of that autumn.
    assert_eq!(hours(&["2026-03-29"], "01"), 0);
    assert!(hours(&["2026-03-29"], "02") > 10);
    let others = hours(&["2025-10-05", "2025-10-12", "2025-10-19", "2025-11-02", "2025-11-09", "2025-11-16"], "01");
    let ratio = 6.0 * hours(&["2025-10-26"], "01") as f64 / others as f64;
    // With one reading it would be 1, give or take 0.2.
    assert!((1.4..2.7).contains(&ratio), "{ratio}");
}

#[test]
fn nothing_has_happened_after_the_extract_was_taken() {
    let made = made(options(3_000));
    let still_to_come = ["review_due_at", "bail_until", "limit_at"];
    let mut half_day = 0;
    for extract in Extract::ALL {
        for row in made.rows(extract) {
            for (column, value) in row.iter().filter(|(column, _)| column.ends_with("_at")) {
                let known = still_to_come.contains(&column.as_str()) || value.as_str() <= "2026-10-01 12:00:00";
                assert!(known, "{} {row:?}", extract.name());
            }
            half_day += usize::from(row.get("received_at").is_some_and(|at| at.starts_with("2026-10-01")));
        }
    }
    assert!(half_day > 0, "the half day after the last is empty");
    let first = made.rows(Extract::Calls)[0]["received_at"].clone();
    assert!(first.as_str() >= "2023-10-01 00:00:00");
}

#[test]
fn events_of_a_row_follow_each_other() {
    let made = made(options(5_000));
    let ordered = |extract, earlier: &str, later: &str| {
        for row in made.rows(extract) {
            // Readings of the autumn hour cannot be told apart.
            let in_order = row[later].is_empty() || row[later] >= row[earlier] || row[earlier][..7].ends_with("-10");
            assert!(in_order, "{later} {row:?}");
        }
    };
    ordered(Extract::Calls, "received_at", "answered_at");
    ordered(Extract::Calls, "received_at", "ended_at");
    ordered(Extract::Incidents, "opened_at", "first_dispatched_at");
    ordered(Extract::Incidents, "opened_at", "first_arrived_at");
    ordered(Extract::Incidents, "opened_at", "closed_at");
    for column in ["cancelled_at", "outcome_at", "updated_at"] {
        ordered(Extract::Crimes, "recorded_at", column);
    }
}

/// Home Office, July 2026: of the crimes Gloucestershire recorded in 2024/25, 3,095 of 45,840 charged and 2,762 with an
/// out-of-court outcome.
#[test]
fn outcomes_of_gloucestershire_come_near_the_published_ones() {
    let crimes = made(options(15_000)).rows(Extract::Crimes);
    let in_2024_25 = |row: &&BTreeMap<String, String>| {
        row["cancelled_at"].is_empty() && ("2024-04".."2025-04").contains(&&row["recorded_at"][..7])
    };
    let cohort: Vec<_> = crimes.iter().filter(in_2024_25).collect();
    let share = |types: &[&str]| {
        cohort.iter().filter(|row| types.contains(&&*row["outcome_type"])).count() as f64 / cohort.len() as f64
    };
    assert!((share(&["1", "1A"]) - 3_095.0 / 45_840.0).abs() < 0.01);
    assert!((share(&["2", "2A", "3", "3A", "6", "7", "8", "22"]) - 2_762.0 / 45_840.0).abs() < 0.01);
    assert!((0.25..0.35).contains(&share(&["14", "16"])));
    assert!((0.34..0.44).contains(&share(&["18"])));
    let flagged = cohort.iter().filter(|row| row["domestic_abuse"] == "Y").count() as f64 / cohort.len() as f64;
    assert!((0.15..0.20).contains(&flagged), "{flagged}");
}
