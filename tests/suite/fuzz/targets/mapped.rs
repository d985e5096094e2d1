//! An extract under headers, codes and dates of its own, with a totals row below it.

use std::collections::BTreeMap;

use scorecard::definitions::{Input, Layout, Mapping};
use scorecard::domain::{DateFormat, Provenance};

use super::extract_file;

/// What tests/cases/ingest/mapping says of its file, and a footer.
fn input() -> Input {
    let texts = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    };
    let columns = [
        ("crime_ref", &["Crime No"][..]),
        ("recorded_at", &["Date", "Time"]),
        ("offence_code", &["Code"]),
        ("area", &["LPA"]),
        ("officer", &["OIC"]),
        ("outcome_type", &["Result"]),
    ];
    let mapping = Mapping {
        columns: columns
            .map(|(column, headers)| (column.to_owned(), headers.iter().map(|h| (*h).to_owned()).collect()))
            .into(),
        date_format: Some(DateFormat::DayFirst),
        values: [
            ("area".to_owned(), texts(&[("str", "Stroud"), ("cot", "Cotswold")])),
            ("outcome_type".to_owned(), texts(&[("charged", "1"), ("nfa 18", "18")])),
        ]
        .into(),
        digits: [("officer".to_owned(), 4)].into(),
        ..Mapping::default()
    };
    let layout = Layout { delimiter: Some(b';'), footer: vec!["total".to_owned()], ..Layout::default() };
    Input { layout, mapping, ..Input::canonical(Vec::new(), Provenance::Force) }
}

pub fn read(bytes: &[u8]) {
    extract_file::read_as("crimes", input(), bytes);
}
