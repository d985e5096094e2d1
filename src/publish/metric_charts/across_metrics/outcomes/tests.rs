use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;

use super::super::AcrossMetrics;
use super::*;
use crate::definitions::{Definitions, Measure, Rows, Test, load};
use crate::domain::{Level, PeriodType};

fn definitions() -> Definitions {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml")).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn figure(year: i32, numerator: f64, denominator: f64) -> Figure {
    Figure {
        force: "gloucestershire".into(),
        level: Level::Force,
        unit: "gloucestershire".into(),
        scope: "all".into(),
        period_type: PeriodType::Rolling12Months,
        period_start: date(&format!("{}-07-01", year - 1)),
        period_end: date(&format!("{year}-06-30")),
        numerator: Some(numerator),
        denominator: Some(denominator),
        value: Some(numerator / denominator),
        lower_95: None,
        upper_95: None,
        lower_998: None,
        upper_998: None,
        method: None,
        basis: None,
        solved_set: None,
        status: Status::Final,
        reason: None,
    }
}

/// Of 1,000 crimes of each year: 70 charged, 50 out of court, 300 without the victim's support, 393 without a suspect, 80
/// without an outcome: 893, which leaves 107.
fn mix() -> BTreeMap<String, Vec<Figure>> {
    let counts = [70.0, 50.0, 300.0, 393.0, 80.0];
    let of = |(outcome, count): (&Outcome, f64)| {
        (outcome.metric.to_owned(), vec![figure(2025, count, 1000.0), figure(2026, count, 1000.0)])
    };
    OUTCOMES.iter().zip(counts).map(of).collect()
}

fn drawn(definitions: &Definitions, figures: &BTreeMap<String, Vec<Figure>>) -> Option<OutcomeMixChart> {
    let data_date = date("2026-09-30");
    input(&AcrossMetrics {
        definitions,
        force: "gloucestershire",
        data_date,
        synthetic: true,
        source: "Sample.",
        figures,
    })
}

fn numerator(definitions: &Definitions, id: &str) -> (Rows, Rows) {
    match &definitions.metric(id).unwrap().measure {
        Measure::Share { numerator, denominator, weight: None } => (numerator.clone(), denominator.clone()),
        other => panic!("{id} is no plain share: {other:?}"),
    }
}

#[test]
fn no_outcome_type_is_counted_twice_and_all_shares_are_of_the_same_crimes() {
    let definitions = definitions();
    let (mut seen, mut denominators) = (BTreeSet::new(), Vec::new());
    for outcome in &OUTCOMES {
        let (numerator, denominator) = numerator(&definitions, outcome.metric);
        let asked: Vec<_> = numerator.conditions.iter().filter(|c| c.field == "outcome_type").collect();
        assert_eq!(asked.len(), 1, "{}", outcome.metric);
        let types = match &asked[0].test {
            Test::AnyOf(types) => types.clone(),
            Test::Present(false) => vec!["none".to_owned()],
            other => panic!("{}: {other:?}", outcome.metric),
        };
        for code in types {
            assert!(seen.insert(code.clone()), "outcome {code} is counted twice");
        }
        denominators.push(denominator);
    }
    assert!(denominators.windows(2).all(|pair| pair[0] == pair[1]), "{denominators:?}");
}

#[test]
fn what_is_left_over_is_named_and_the_largest_share_is_the_title() {
    let definitions = definitions();
    let chart = drawn(&definitions, &mix()).unwrap();
    assert_eq!(chart.periods.len(), 2);
    assert_eq!(chart.periods[1].name, "12 months to June 2026");
    let expected = [0.07, 0.05, 0.3, 0.393, 0.107, 0.08];
    for (share, expected) in chart.periods[1].shares.iter().zip(expected) {
        assert!((share.unwrap() - expected).abs() < 1e-12, "{:?}", chart.periods[1].shares);
    }
    assert_eq!(chart.outcomes[4], "Any other outcome");
    assert_eq!(chart.title, "39.3% of crimes closed with no suspect identified");
}

#[test]
fn a_year_that_does_not_add_up_is_left_out() {
    let definitions = definitions();
    let spoilt: [fn(&mut Figure); 5] = [
        |f| f.denominator = Some(999.0),
        |f| f.numerator = Some(188.0),
        |f| f.numerator = None,
        |f| f.reason = Some("the extract begins on 2024-10-01".into()),
        |f| f.period_start = "2024-08-01".parse().unwrap(),
    ];
    for (i, spoil) in spoilt.iter().enumerate() {
        let mut figures = mix();
        spoil(&mut figures.get_mut("not_assigned_rate").unwrap()[0]);
        let chart = drawn(&definitions, &figures).unwrap();
        let names: Vec<&str> = chart.periods.iter().map(|period| period.name.as_str()).collect();
        assert_eq!(names, ["12 months to June 2026"], "{i}");
    }
    let mut figures = mix();
    figures.remove("no_suspect_rate");
    assert_eq!(drawn(&definitions, &figures), None);
    assert_eq!(drawn(&definitions, &BTreeMap::new()), None);
}
