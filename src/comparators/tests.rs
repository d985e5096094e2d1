//! Tables are written here as text; the metrics, forces and residents are those of the Gloucestershire pipeline.

use std::path::Path;

use super::*;
use crate::definitions::{Definitions, NotReported, OthersTable, load};
use crate::domain::{Basis, ENGLAND_AND_WALES, Level, PeriodType, SolvedSet, Status};
use crate::tables::figure::Figure;
use chrono::NaiveDate;

const HEADER: &str = "metric,force,scope,month,numerator,denominator,value\n";

fn definitions() -> Definitions {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml")).unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A table's rows of one metric and scope, from a month on.
fn rows(metric: &str, force: &str, scope: &str, from: &str, counts: &[(&str, &str, &str)]) -> String {
    let row = |(i, (n, d, v)): (usize, &(&str, &str, &str))| {
        format!("{metric},{force},{scope},{},{n},{d},{v}\n", month(from).plus(i as i32))
    };
    counts.iter().enumerate().map(row).collect()
}

fn read(definitions: &Definitions, rows: &str) -> ComparatorTable {
    ComparatorTable::read("c.csv", format!("{HEADER}{rows}").as_bytes(), definitions).unwrap()
}

/// The metric's figures with nothing measured by the pipeline itself.
fn figures(table: &ComparatorTable, definitions: &Definitions, metric: &str, data_date: &str) -> Vec<Figure> {
    table.figures(definitions, definitions.metric(metric).unwrap(), date(data_date), &[])
}

fn found<'f>(figures: &'f [Figure], force: &str, scope: &str, period: PeriodType, end: &str) -> Option<&'f Figure> {
    figures
        .iter()
        .find(|f| &*f.force == force && &*f.scope == scope && f.period_type == period && f.period_end == date(end))
}

#[test]
fn faults_name_the_record_and_the_column() {
    let definitions = definitions();
    for (rows, expected) in [
        ("solved,kent,all,2026-01,1,2,", "record 2: metric: expected a metric of pipelines/metrics, found `solved`"),
        (
            "calls_999,kentt,all,2026-01,1,,",
            "record 2: force: expected a territorial force of references/forces.csv, found `kentt`",
        ),
        (
            "calls_999,kent,Theft,2026-01,1,,",
            "record 2: scope: expected all, domestic_abuse, hate_crime, an offence group or `subgroup: ` and its name, found `Theft`",
        ),
        ("calls_999,kent,all,2026-1,1,,", "record 2: month: expected a month such as 2026-03, found `2026-1`"),
        ("calls_999,kent,all,2026-01,1.5,,", "record 2: numerator: expected a whole number of 0 or more, found `1.5`"),
        ("calls_999,kent,all,2026-01,-1,,", "record 2: numerator: expected a whole number of 0 or more, found `-1`"),
        ("calls_999,kent,all,2026-01,NaN,,", "record 2: numerator: expected a whole number of 0 or more, found `NaN`"),
        (
            "solved_rate_closed,kent,all,2026-01,1,,",
            "record 2: denominator: expected a whole number of 0 or more, found a blank",
        ),
        (
            "charge_rate_recorded,kent,all,2026-01,3,2,",
            "record 2: numerator: expected at most the denominator, 2, found `3`",
        ),
        (
            "charge_rate_recorded,kent,all,2026-01,1,2,50",
            "record 2: value: expected numerator over denominator, 0.5, found `50`",
        ),
        (
            "days_to_solved_median,kent,all,2026-01,,9,",
            "record 2: value: expected a number of 0 or more, found a blank",
        ),
        ("calls_999,kent,all,2026-01,1,", "record 2: expected 7 cells, found 6"),
        ("calls_999,\"kent,all,2026-01,1,,", "record 2: expected quotes that are closed on the line"),
        (
            "calls_999,kent,all,2026-01,1,,\ncalls_999,kent,all,2026-01,1,,",
            "record 3: expected a metric, force, scope and month of its own, found those of record 2",
        ),
        (
            "calls_999,kent,all,2026-01,1,,\ncalls_999,kent,all,2026-03,1,,",
            "record 3: month: expected 2026-02, the month after 2026-01, found 2026-03",
        ),
        (
            "crimes_recorded,kent,Robbery,2026-01,1,,",
            "record 2: scope: expected rows of the metric and force in scope all, found none",
        ),
        (
            "crimes_recorded,kent,all,2026-01,1,,\ncrimes_recorded,kent,Robbery,2026-02,1,,",
            "record 3: scope: expected a row in scope all for 2026-02 too, found none",
        ),
    ] {
        let text = format!("{HEADER}{rows}\n");
        let faults = ComparatorTable::read("c.csv.gz", text.as_bytes(), &definitions).unwrap_err();
        assert!(faults.to_string().contains(&format!("\nc.csv.gz, {expected}")), "{faults}");
        assert_eq!(faults.faults.len(), 1, "{faults}");
    }
    let faults = ComparatorTable::read("c.csv", "metric,force,scope,month,numerator,value\n".as_bytes(), &definitions);
    assert!(faults.unwrap_err().to_string().contains("c.csv, record 1: denominator: expected the column"));
    let faults = ComparatorTable::read("c.csv", "".as_bytes(), &definitions).unwrap_err();
    assert!(faults.to_string().contains("found an empty file"));
}

#[test]
fn many_faults_are_told_in_the_order_of_the_file() {
    let text = format!("{HEADER}{}", "calls_999,kentt,all,2026-01,1,,\n".repeat(12));
    let faults = ComparatorTable::read("c.csv", text.as_bytes(), &definitions()).unwrap_err();
    let told = faults.to_string();
    assert!(told.contains("record 2:") && told.contains("record 11:") && !told.contains("record 12:"), "{told}");
    assert!(told.ends_with("and 2 more"), "{told}");
}

/// Kent from April 2025 to March 2026: 10, 11, ... 21 of 100 each month; 186 of 1,200 in all.
fn a_year_of_kent() -> String {
    let numerators: Vec<String> = (10..22).map(|n| n.to_string()).collect();
    let counts: Vec<(&str, &str, &str)> = numerators.iter().map(|n| (n.as_str(), "100", "")).collect();
    rows("charge_rate_closed", "kent", "all", "2025-04", &counts)
}

#[test]
fn longer_periods_are_sums_of_counts() {
    let definitions = definitions();
    let table = read(&definitions, &a_year_of_kent());
    let figures = figures(&table, &definitions, "charge_rate_closed", "2026-03-31");
    for (period, end, numerator, denominator) in [
        (PeriodType::Month, "2025-04-30", 10.0, 100.0),
        (PeriodType::Quarter, "2025-06-30", 33.0, 300.0),
        (PeriodType::FinancialYearToDate, "2025-05-31", 21.0, 200.0),
        (PeriodType::FinancialYear, "2026-03-31", 186.0, 1200.0),
        (PeriodType::Rolling12Months, "2026-03-31", 186.0, 1200.0),
    ] {
        let figure = found(&figures, "kent", "all", period, end).unwrap();
        assert_eq!((figure.numerator, figure.denominator), (Some(numerator), Some(denominator)), "{period:?}");
        assert_eq!(figure.value, Some(numerator / denominator));
        assert_eq!((figure.status, figure.basis, figure.solved_set), (Status::Final, Some(Basis::Closed), None));
        assert!(figure.lower_95 < figure.value && figure.value < figure.upper_95);
    }
    // 12 months, 4 quarters, 12 years to date, a year and a rolling year.
    assert_eq!(figures.len(), 30);
}

#[test]
fn a_period_with_a_missing_month_has_no_figure() {
    let definitions = definitions();
    let table = read(&definitions, &a_year_of_kent());
    // As at 28 February: that month is not over, the quarter and the year lack March.
    let figures = figures(&table, &definitions, "charge_rate_closed", "2026-02-27");
    let february = found(&figures, "kent", "all", PeriodType::Month, "2026-02-27").unwrap();
    assert_eq!((february.status, february.reason.as_deref()), (Status::Provisional, Some("the period is not over")));
    assert_eq!(found(&figures, "kent", "all", PeriodType::Month, "2026-01-31").unwrap().status, Status::Final);
    let count = |period| figures.iter().filter(|f| f.period_type == period).count();
    assert_eq!(count(PeriodType::Quarter), 3);
    assert_eq!((count(PeriodType::FinancialYear), count(PeriodType::Rolling12Months)), (0, 0));
    assert!(found(&figures, ENGLAND_AND_WALES, "all", PeriodType::Month, "2026-01-31").is_none());
}

#[test]
fn a_month_without_events_in_a_scope_is_no_hole() {
    let definitions = definitions();
    let mut text = rows("crimes_recorded", "kent", "all", "2025-04", &[("900", "", ""); 3]);
    text +=
        "crimes_recorded,kent,subgroup: Homicide,2025-04,2,,2\ncrimes_recorded,kent,subgroup: Homicide,2025-06,1,,1\n";
    let figures = figures(&read(&definitions, &text), &definitions, "crimes_recorded", "2025-06-30");
    let homicide = |period, end| found(&figures, "kent", "subgroup: Homicide", period, end).map(|f| f.value);
    assert_eq!(homicide(PeriodType::Quarter, "2025-06-30"), Some(Some(3.0)));
    assert_eq!(homicide(PeriodType::Month, "2025-05-31"), None);
}

#[test]
fn quantiles_stand_by_month_alone() {
    let definitions = definitions();
    let text =
        rows("days_to_solved_median", "kent", "all", "2025-04", &[("", "90", "12.5"), ("", "0", ""), ("", "80", "13")]);
    let figures = figures(&read(&definitions, &text), &definitions, "days_to_solved_median", "2025-06-30");
    let values: Vec<_> = figures.iter().map(|f| (f.period_type, f.numerator, f.denominator, f.value)).collect();
    assert_eq!(
        values,
        [(PeriodType::Month, None, Some(90.0), Some(12.5)), (PeriodType::Month, None, Some(80.0), Some(13.0))]
    );
    assert_eq!(figures[0].solved_set, Some(SolvedSet::PositiveExcludingTic));
    assert_eq!((figures[0].lower_95, figures[0].method.as_deref()), (None, Some("none")));
}

/// A stock is the value at the end of a period, however few of its months the table holds.
#[test]
fn a_stock_is_read_at_the_end() {
    let definitions = definitions();
    let text = rows("open_over_90_days", "kent", "all", "2025-05", &[("30", "90", ""), ("20", "80", "")]);
    let figures = figures(&read(&definitions, &text), &definitions, "open_over_90_days", "2025-06-30");
    let quarter = found(&figures, "kent", "all", PeriodType::Quarter, "2025-06-30").unwrap();
    assert_eq!((quarter.numerator, quarter.denominator), (Some(20.0), Some(80.0)));
    assert_eq!(
        found(&figures, "kent", "all", PeriodType::Rolling12Months, "2025-05-31").unwrap().value,
        Some(30.0 / 90.0)
    );
}

#[test]
fn cohorts_wait_for_their_time() {
    let definitions = definitions();
    let counts = [("1", "10", ""); 6];
    let text = rows("solved_rate_recorded", "kent", "all", "2026-01", &counts)
        + &rows("solved_within_90_days", "kent", "all", "2026-01", &counts);
    let table = read(&definitions, &text);
    // 31 March and 90 days are 29 June.
    for (data_date, status) in [("2026-06-28", Status::Provisional), ("2026-06-29", Status::Final)] {
        let figures = figures(&table, &definitions, "solved_rate_recorded", data_date);
        let march = found(&figures, "kent", "all", PeriodType::Month, "2026-03-31").unwrap();
        assert_eq!(march.status, status, "{data_date}");
    }
    let complete = figures(&table, &definitions, "solved_within_90_days", "2026-06-28");
    assert!(found(&complete, "kent", "all", PeriodType::Month, "2026-02-28").is_some());
    assert!(found(&complete, "kent", "all", PeriodType::Month, "2026-03-31").is_none());
}

/// Kent's mid-2019 estimate is the latest in references/populations.csv; Nottinghamshire's is known to look wrong.
#[test]
fn a_rate_is_over_residents() {
    let definitions = definitions();
    let counts = [("15000", "", "")];
    let text = rows("crimes_per_1000", "kent", "all", "2026-01", &counts)
        + &rows("crimes_per_1000", "nottinghamshire", "all", "2026-01", &counts);
    let figures = figures(&read(&definitions, &text), &definitions, "crimes_per_1000", "2026-01-31");
    let residents = definitions.references.populations[&crate::domain::ForceId::new("kent").unwrap()].last().unwrap();
    let month = |force| found(&figures, force, "all", PeriodType::Month, "2026-01-31").unwrap();
    assert_eq!(month("kent").denominator, Some(residents.residents as f64 / 1000.0));
    assert_eq!(month("kent").value, Some(15_000_000.0 / residents.residents as f64));
    assert_eq!((month("nottinghamshire").value, month("nottinghamshire").status), (None, Status::NotAvailable));
}

fn own_figure(metric: &crate::definitions::Metric, status: Status, counts: (f64, f64)) -> Figure {
    Figure {
        force: "gloucestershire".into(),
        level: Level::Force,
        unit: "gloucestershire".into(),
        scope: "all".into(),
        period_type: PeriodType::Month,
        period_start: date("2026-01-01"),
        period_end: date("2026-01-31"),
        numerator: Some(counts.0),
        denominator: Some(counts.1),
        value: Some(counts.0 / counts.1),
        lower_95: None,
        upper_95: None,
        lower_998: None,
        upper_998: None,
        method: None,
        basis: metric.basis,
        solved_set: None,
        status,
        reason: None,
    }
}

/// 42 forces of 10 out of 100 in the table, and the own one of 70 out of 200 measured: 490 of 4,400. The table's own
/// view of the force, 99 out of 100, is not read.
#[test]
fn the_nation_holds_the_own_force_as_measured() {
    let definitions = definitions();
    let forces = || definitions.references.forces.values().filter(|f| f.territorial).map(|f| f.id.as_str());
    let row = |force: &str| {
        let numerator = if force == "gloucestershire" { "99" } else { "10" };
        rows("charge_rate_closed", force, "all", "2026-01", &[(numerator, "100", "")])
    };
    let text: String = forces().map(row).collect();
    let metric = definitions.metric("charge_rate_closed").unwrap();
    let table = read(&definitions, &text);
    let with = |own: &[Figure]| table.figures(&definitions, metric, date("2026-01-31"), own);

    let figures = with(&[own_figure(metric, Status::Final, (70.0, 200.0))]);
    assert_eq!(figures.len(), 43);
    assert!(figures.iter().all(|f| &*f.force != "gloucestershire"));
    let nation = found(&figures, ENGLAND_AND_WALES, "all", PeriodType::Month, "2026-01-31").unwrap();
    assert_eq!((nation.level, nation.numerator, nation.denominator), (Level::National, Some(490.0), Some(4400.0)));

    // A period that the own extract covers in part would count too little, be it provisional or final.
    for status in [Status::Provisional, Status::Final] {
        let reason = Some("the extract begins on 2026-01-10".into());
        let part = Figure { reason, ..own_figure(metric, status, (70.0, 200.0)) };
        assert!(with(&[part]).iter().all(|f| f.level != Level::National), "{status:?}");
    }
    // Without a measured force the table's row stands.
    let nation = with(&[]).into_iter().find(|f| f.level == Level::National).unwrap();
    assert_eq!(nation.numerator, Some(519.0));
}

#[test]
fn the_nation_needs_every_force() {
    let definitions = definitions();
    let forces = definitions.references.forces.values().filter(|f| f.territorial).skip(1);
    let text: String =
        forces.map(|f| rows("charge_rate_closed", f.id.as_str(), "all", "2026-01", &[("10", "100", "")])).collect();
    let figures = figures(&read(&definitions, &text), &definitions, "charge_rate_closed", "2026-01-31");
    assert_eq!((figures.len(), figures.iter().filter(|f| f.level == Level::National).count()), (42, 0));
}

/// A month that a force did not report, by references/not_reported.csv, is no hole and no 0; and what the table gives for it
/// is not read.
#[test]
fn what_was_not_reported_is_missing() {
    let mut definitions = definitions();
    let table_rows = [
        rows("calls_999", "kent", "all", "2026-01", &[("10", "", "")]),
        rows("calls_999", "kent", "all", "2026-03", &[("12", "", "")]),
        rows("calls_999", "essex", "all", "2026-01", &[("20", "", ""), ("1", "", ""), ("22", "", "")]),
    ]
    .concat();
    let read = |definitions: &Definitions| {
        ComparatorTable::read("c.csv", format!("{HEADER}{table_rows}").as_bytes(), definitions)
    };
    assert!(read(&definitions).is_err());
    for force in ["kent", "essex"] {
        definitions.references.not_reported.push(NotReported {
            force: crate::domain::ForceId::new(force).unwrap(),
            table: OthersTable::Comparators,
            first: month("2026-02"),
            last: month("2026-02"),
            what: "the system was changed".to_owned(),
            source: "a letter".to_owned(),
        });
    }
    let figures = figures(&read(&definitions).unwrap(), &definitions, "calls_999", "2026-03-31");
    for (force, january, march) in [("kent", 10.0, 12.0), ("essex", 20.0, 22.0)] {
        let value = |period, end| found(&figures, force, "all", period, end).and_then(|f| f.value);
        assert_eq!(value(PeriodType::Month, "2026-01-31"), Some(january));
        assert_eq!(value(PeriodType::Month, "2026-02-28"), None);
        assert_eq!(value(PeriodType::Month, "2026-03-31"), Some(march));
        assert_eq!(value(PeriodType::Quarter, "2026-03-31"), None);
    }
}

/// What police.uk publishes of 999 calls, typed in by hand: calls, those under 10 seconds, and the mean answer as a sum of
/// seconds. 81% of 20,000; 6.2 seconds.
#[test]
fn answering_999_can_be_typed_in() {
    let definitions = definitions();
    let typed = [
        rows(
            "answered_999_under_10_seconds",
            "kent",
            "all",
            "2026-02",
            &[("16200", "20000", "0.81"), ("9000", "10000", "")],
        ),
        rows(
            "answer_time_999_mean_seconds",
            "kent",
            "all",
            "2026-02",
            &[("124000", "20000", "6.2"), ("45000", "10000", "")],
        ),
    ];
    let table = read(&definitions, &typed.concat());
    for (metric, february, year_to_date) in
        [("answered_999_under_10_seconds", 0.81, 0.84), ("answer_time_999_mean_seconds", 6.2, 169.0 / 30.0)]
    {
        let figures = figures(&table, &definitions, metric, "2026-03-31");
        let value = |end| found(&figures, "kent", "all", PeriodType::Month, end).and_then(|f| f.value);
        assert_eq!(value("2026-02-28"), Some(february));
        let counts: Vec<f64> = figures.iter().filter_map(|f| f.denominator).collect();
        assert_eq!(counts.iter().sum::<f64>(), 30_000.0, "months alone: January is not there");
        let both =
            figures.iter().fold((0.0, 0.0), |sum, f| (sum.0 + f.numerator.unwrap(), sum.1 + f.denominator.unwrap()));
        assert!((both.0 / both.1 - year_to_date).abs() < 1e-12);
    }
}
