//! A sheet of two forces, worked by hand.

use std::path::Path;

use super::*;
use crate::definitions;
use crate::published::home_office::column;
use crate::published::text_table::Columns;

const HEADER: &str = "Financial Year,Financial Quarter,Force Name,Offence Code,Outcome Type,\
    Outcomes for offences that were recorded in the quarter,Outcomes for investigations closed in the quarter";

fn references() -> References {
    definitions::load(Path::new("pipelines/published.toml")).unwrap().references
}

fn read(rows: &str) -> (OpenData, Vec<String>) {
    let text = format!("Outcomes open data,,,,,,\n,,,,,,\n{HEADER}\n{rows}");
    let table = TextTable::parse("o.csv", text.into_bytes(), None, Columns::Named(&COLUMNS)).unwrap();
    let mut faults = Vec::new();
    let data = OpenData::read(&table, &references(), &mut faults).unwrap();
    let mut outcomes = YearTable::empty(FORCE_OUTCOMES);
    data.add_to(&mut outcomes, &mut faults);
    (data, faults.iter().map(ToString::to_string).collect())
}

/// Counts of a force's year, by the names of their columns.
fn counts(data: &OpenData, force: &str, columns: &[&str]) -> Vec<Option<u64>> {
    let mut outcomes = YearTable::empty(FORCE_OUTCOMES);
    let mut faults = Vec::new();
    data.add_to(&mut outcomes, &mut faults);
    assert_eq!(faults, []);
    let key = (ForceId::new(force).unwrap(), FinancialYear::parse("2024/25").unwrap());
    columns.iter().map(|name| outcomes.rows[&key].count(name)).collect()
}

/// The same row in all four quarters.
fn all_quarters(row: &str) -> String {
    (1..=4).map(|quarter| format!("2024/25,{quarter},{row}\n")).collect()
}

#[test]
fn rows_are_added_up_over_offence_and_quarter() {
    let rows = all_quarters("Kent,8N,1,10,20")
        + &all_quarters("Kent,8P,1,1,2")
        + &all_quarters("Kent,8N,8,5,6")
        + &all_quarters("Kent,8N,18,100,200")
        // In no count: not assigned, of which, a body that is no force.
        + &all_quarters("Kent,8N,0,40,N/A")
        + &all_quarters("Kent,8N,1a,3,3")
        + &all_quarters("Action Fraud,NFIB,18,9,9")
        + &all_quarters("CIFAS,NFIB,18,9,9")
        // A correction, and an offence that there was not.
        + "2024/25,Q1,Kent,30C,8,-2,-1\n2024/25,Q1,Kent,4.1,2,N/A - Offence code expired,N/A - Offence code expired\n";
    let (data, faults) = read(&rows);
    assert_eq!(faults, [""; 0]);
    let columns = [
        "closed_all_t1",
        "closed_all_t2",
        "closed_all_t8",
        "closed_all_oocd",
        "closed_all_positive",
        "closed_all_assigned",
    ];
    assert_eq!(counts(&data, "kent", &columns), [88, 0, 23, 23, 111, 911].map(Some));
    let columns = columns.map(column_of_recorded);
    assert_eq!(counts(&data, "kent", &columns.each_ref().map(String::as_str)), [44, 0, 18, 18, 62, 462].map(Some));
    let left: Vec<(&str, u64)> =
        data.left_out("2025-03-31".parse().unwrap()).iter().map(|l| (l.reason, l.rows)).collect();
    assert_eq!(left, [(FRAUD_BODY, 8), (OF_WHICH, 4), (NOT_ASSIGNED, 4)]);
    let fate = data.account("2025-03-31".parse().unwrap());
    assert_eq!((fate.records_read, fate.accepted, fate.balances()), (34, 34, true));
    assert_eq!(data.account("2025-03-30".parse().unwrap()).out_of_window, 34);
    let mut found = Vec::new();
    data.findings(&mut found);
    assert_eq!(found[0].words, "counts below zero: corrections of earlier quarters, kept in the sums");
    assert_eq!((found.len(), found[0].affected, found[0].of), (1, 2, Some(68)));
}

fn column_of_recorded(closed: &str) -> String {
    closed.replace("closed", "recorded")
}

/// The year's count is missing, and so is every total that it is in; never a part of it, never 0.
#[test]
fn a_count_that_was_not_provided_leaves_the_sum_missing() {
    let rows = all_quarters("Kent,8N,1,10,20")
        + &all_quarters("Kent,8N,8,5,6")
        + "2024/25,2,Kent,8P,8,N/A - data not provided,3\n";
    let (data, faults) = read(&rows);
    assert_eq!(faults, [""; 0]);
    let columns = [
        "recorded_all_t1",
        "recorded_all_t8",
        "recorded_all_oocd",
        "recorded_all_positive",
        "recorded_all_assigned",
        "closed_all_assigned",
    ];
    assert_eq!(counts(&data, "kent", &columns), [Some(40), None, None, None, None, Some(107)]);
    let mut found = Vec::new();
    data.findings(&mut found);
    assert_eq!(found[0].words, "counts of 2024/25 not provided: the year's sums are missing, not lower");
    assert_eq!(found[0].force.as_ref().map(ForceId::as_str), Some("kent"));
}

#[test]
fn a_part_of_a_year_gives_no_yearly_count() {
    let (data, faults) = read("2024/25,Q1,Kent,8N,1,10,20\n2024/25,Q2,Kent,8N,1,10,20\n");
    let mut outcomes = YearTable::empty(FORCE_OUTCOMES);
    data.add_to(&mut outcomes, &mut Vec::new());
    assert_eq!((faults.len(), outcomes.rows.len()), (0, 0));
    let left = data.left_out("2025-03-31".parse().unwrap());
    assert_eq!((left[0].reason, left[0].rows), (PART_YEAR, 2));
    let mut found = Vec::new();
    data.findings(&mut found);
    assert_eq!(found[0].words, "2 of 4 quarters of 2024/25: no yearly figure");
}

#[test]
fn every_wrong_row_is_a_fault_with_its_place() {
    for (row, fault) in [
        ("2024,Q1,Kent,8N,1,1,1", "o.csv, record 4, year: `2024` is no financial year, such as 2024/25"),
        ("2024/25,Q5,Kent,8N,1,1,1", "o.csv, record 4, quarter: `Q5` is no quarter, such as Q1 or 1"),
        ("2024/25,Q1,Kant,8N,1,1,1", "o.csv, record 4, force: `Kant` is no force of references/forces.csv"),
        (
            "2024/25,Q1,Kent,8N,23,1,1",
            "o.csv, record 4, outcome_type: `23` is no outcome type of references/outcome_types.csv",
        ),
        (
            "2024/25,Q1,Kent,8N,,1,1",
            "o.csv, record 4, outcome_type: `` is no outcome type of references/outcome_types.csv",
        ),
        ("2024/25,Q1,Kent,8N,1,many,1", "o.csv, record 4, recorded: `many` is no whole number"),
        ("2024/25,Q1,Kent,8N,1,1,", "o.csv, record 4, closed: is blank: neither a number nor N/A"),
        ("2024/25,Q1,Kent,8N,1,1", "o.csv, record 4: has 6 fields, another number than the header"),
        (
            "2024/25,Q1,Kent,8N,1,1,1\n2024/25,1,Kent,8N,01,1,1",
            "o.csv, record 5: stands in the file already: the same force, quarter, offence and outcome type",
        ),
    ] {
        assert_eq!(read(&format!("{row}\n")).1, [fault]);
    }
    let below = all_quarters("Kent,8N,1,10,20") + "2024/25,1,Kent,8P,1,-50,1\n";
    assert_eq!(read(&below).1, ["o.csv, record 4: the recorded counts of kent in 2024/25 add up to -10"; 3]);
}

/// `closed` before `recorded`, each basis with its types in the order of the columns.
#[test]
fn sums_stand_in_the_order_of_the_columns() {
    let named: Vec<String> = BASES
        .iter()
        .flat_map(|basis| {
            let types = OUTCOME_TYPES.iter().map(move |code| format!("{basis}_all_t{code}"));
            types.chain(["oocd", "positive", "assigned"].map(|total| format!("{basis}_all_{total}")))
        })
        .collect();
    assert_eq!(named, OUTCOME_COLUMNS);
    assert_eq!(column(crate::domain::Basis::Closed, "1"), Some("closed_all_t1"));
}
