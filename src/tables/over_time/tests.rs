use super::*;
use arrow::array::RecordBatch;

#[test]
fn columns_are_those_that_others_rely_on() {
    let names = SPC.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(" ");
    assert_eq!(
        names,
        "metric force level unit scope month value phase began_by held_since season season_p_value centre lower upper rule class chart_type chart_reason \
         dispersion_ratio basis assurance"
    );
}

/// `RecordBatch` refuses another number of columns, another type, and a null in a column that may hold none.
#[test]
fn rows_fit_their_table() {
    let point = SpcPoint {
        metric: "m".into(),
        force: "kent".into(),
        level: Level::Force,
        unit: "kent".into(),
        scope: "all".into(),
        month: Month::parse("2026-03").unwrap(),
        value: Some(1.0),
        phase: 2,
        began_by: Some("new-rota".into()),
        held_since: None,
        season: Some(1.1),
        season_p_value: Some(0.002),
        limits: Some(ProcessLimits { centre: 2.0, lower: 1.0, upper: 3.0 }),
        rule: None,
        class: Some(PointClass::Provisional),
        chart_type: ChartType::PPrime,
        chart_reason: ChartReason::Counts(Reason::OverDispersed),
        dispersion_ratio: Some(3.5),
        basis: Some(Basis::Closed),
        assurance: None,
    };
    let batch = RecordBatch::try_new(SPC.arrow_schema(), SpcPoint::arrays(&[point])).unwrap();
    let column = |name: &str| arrow::util::display::array_value_to_string(batch.column_by_name(name).unwrap(), 0);
    for (name, text) in [
        ("month", "2026-03-01"),
        ("phase", "2"),
        ("began_by", "new-rota"),
        ("season", "1.1"),
        ("centre", "2.0"),
        ("upper", "3.0"),
        ("class", "provisional"),
        ("chart_type", "p_prime"),
        ("chart_reason", "over_dispersed"),
        ("dispersion_ratio", "3.5"),
    ] {
        assert_eq!(column(name).unwrap(), text, "{name}");
    }
}
