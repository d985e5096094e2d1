//! A small file of two forces and a fraud body, worked by hand.

use std::path::Path;

use polars::prelude::DataType;

use super::*;
use crate::published::home_office::FORCE_CRIME;
use crate::published::text_table::Columns;

const HEADER: &str = "12 months ending,PFA,Region,Offence,Rolling year total number of offences\r\n";

fn add(rows: &str) -> (RecordedCrime, Vec<String>) {
    let forces = crate::definitions::load(Path::new("pipelines/published.toml")).unwrap().references.forces;
    let text = format!("{HEADER}{rows}");
    let table = TextTable::parse("pfa.csv", text.into_bytes(), None, Columns::Exactly(&COLUMNS)).unwrap();
    let (mut crime, mut faults) = (RecordedCrime::default(), Vec::new());
    crime.add(&table, &forces, &mut faults).unwrap();
    (crime, faults.iter().map(ToString::to_string).collect())
}

fn years() -> YearTable {
    let mut years = YearTable::empty(FORCE_CRIME);
    for (force, year, count) in [("kent", "2017/18", 105), ("essex", "2017/18", 7)] {
        let row = crate::published::year_table::YearRow {
            file: "years.csv".into(),
            record: 2,
            names: FORCE_CRIME.counts,
            counts: vec![Some(count)],
        };
        let key = (ForceId::new(force).unwrap(), FinancialYear::parse(year).unwrap());
        years.insert(key, row, &mut Vec::new());
    }
    years
}

const ROWS: &str = "31-03-2018,Kent,South East,Robbery,100\r\n31-03-2018,Kent,South East,Fraud offences,-3\r\n\
    30-12-2017,Kent,South East,Robbery,90\r\n30-12-2017,Essex,East,Robbery,5\r\n31-03-2018,Essex,East,Robbery,7\r\n\
    31-03-2018,CIFAS,Fraud: CIFAS,CIFAS,50\r\n";

#[test]
fn totals_stand_beside_those_of_the_financial_years() {
    let (mut crime, faults) = add(ROWS);
    assert_eq!(faults, [""; 0]);
    let frame = crime.frame(&years()).unwrap().unwrap();
    let columns = [
        "force",
        "period_start",
        "period_end",
        "recorded_crime",
        "fraud",
        "counts_below_zero",
        "in_financial_years",
        "difference",
    ];
    let cell = |name: &str, row: usize| {
        let text = frame.column(name).unwrap().cast(&DataType::String).unwrap();
        text.str().unwrap().get(row).unwrap_or("-").to_owned()
    };
    let rows: Vec<String> = (0..frame.height()).map(|row| columns.map(|name| cell(name, row)).join(" | ")).collect();
    assert_eq!(
        rows,
        [
            "essex | 2017-01-01 | 2017-12-31 | 5 | 0 | 0 | - | -",
            "essex | 2017-04-01 | 2018-03-31 | 7 | 0 | 0 | 7 | 0",
            "kent | 2017-01-01 | 2017-12-31 | 90 | 0 | 0 | - | -",
            "kent | 2017-04-01 | 2018-03-31 | 97 | -3 | 1 | 105 | -8",
        ]
    );
    let (fates, left_out) = crime.up_to("2018-03-30".parse().unwrap());
    assert_eq!((fates[0].records_read, fates[0].accepted, fates[0].out_of_window), (6, 2, 4));
    assert!(left_out.is_empty() && fates[0].balances());
    assert_eq!(add(ROWS).0.up_to("2018-03-31".parse().unwrap()).1[0].rows, 1);
}

#[test]
fn the_faults_of_the_file_are_named() {
    let (crime, _) = add(ROWS);
    let mut found = Vec::new();
    crime.findings(&years(), &mut found);
    let words: Vec<(u64, Option<u64>, &str)> = found.iter().map(|f| (f.affected, f.of, f.words.as_str())).collect();
    assert_eq!(
        words,
        [
            (
                2,
                Some(6),
                "records give the period as `30-12-2017`, which ends no month; no record gives 31-12-2017, so it is read as that"
            ),
            (
                1,
                Some(6),
                "counts below zero, down to -3: crimes recorded earlier and cancelled since, kept in the totals"
            ),
            (
                1,
                Some(2),
                "totals differ from the table of financial years, most of all kent in the year to 2018-03: 97 here, 105 there; revised since, so the two are not mixed"
            ),
        ]
    );
}

#[test]
fn every_wrong_record_is_a_fault_with_its_place() {
    for (rows, fault) in [
        (
            "2018-03-31,Kent,x,Robbery,1\n",
            "pfa.csv, record 2, 12 months ending: `2018-03-31` is no day, such as 31-03-2018",
        ),
        (
            "15-03-2018,Kent,x,Robbery,1\n",
            "pfa.csv, record 2, 12 months ending: `15-03-2018` is not the end of a month",
        ),
        ("31-03-2018,Kant,x,Robbery,1\n", "pfa.csv, record 2, PFA: `Kant` is no force of references/forces.csv"),
        (
            "31-03-2018,Kent,x,Robbery,..\n",
            "pfa.csv, record 2, Rolling year total number of offences: `..` is no whole number",
        ),
        (
            "31-03-2018,Kent,x,Robbery,1\n31-03-2018,Kent,x,Robbery,1\n",
            "pfa.csv, record 3, Offence: `Robbery` stands in the file already, for this area and period",
        ),
        (
            "30-12-2017,Kent,x,Robbery,1\n31-12-2017,Essex,x,Robbery,1\n",
            "pfa.csv: gives `30-12-2017` beside 31-12-2017 as the end of twelve months",
        ),
        ("31-03-2018,Kent\n", "pfa.csv, record 2: has 2 fields where the header has 5"),
    ] {
        assert_eq!(add(rows).1, [fault]);
    }
}
