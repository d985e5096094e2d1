use super::*;
use arrow::array::RecordBatch;

#[test]
fn columns_are_those_that_others_rely_on() {
    let names = |spec: TableSpec| spec.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(" ");
    assert_eq!(
        names(COMPARISONS),
        "metric force level unit scope period_type period_start period_end value comparator comparator_variant \
         comparator_period_end comparator_value difference method basis comparator_basis p_value q_value flagged \
         verdict_95 verdict_998 verdict_sampling sensitivity rank rank_lower rank_upper group_size"
    );
}

/// `RecordBatch` refuses another number of columns, another type, and a null in a column that may hold none.
#[test]
fn rows_fit_their_tables() {
    let comparison = Comparison {
        metric: "m".into(),
        force: "kent".into(),
        level: Level::Force,
        unit: "kent".into(),
        scope: "all".into(),
        period_type: PeriodType::Month,
        period_start: NaiveDate::default(),
        period_end: NaiveDate::default(),
        value: 0.5,
        comparator: Comparator::Target,
        comparator_variant: None,
        comparator_period_end: None,
        comparator_value: 0.25,
        difference: 0.25,
        method: None,
        basis: None,
        comparator_basis: None,
        p_value: None,
        q_value: None,
        flagged: None,
        verdict_95: Verdict::NotAvailable,
        verdict_998: Verdict::NotAvailable,
        verdict_sampling: Verdict::NotAvailable,
        sensitivity: None,
        rank: Some(3),
        rank_lower: None,
        rank_upper: None,
        group_size: None,
    };
    let batch = RecordBatch::try_new(COMPARISONS.arrow_schema(), Comparison::arrays(&[comparison])).unwrap();
    let column = |name: &str| arrow::util::display::array_value_to_string(batch.column_by_name(name).unwrap(), 0);
    for (name, text) in [("comparator", "target"), ("difference", "0.25"), ("rank", "3"), ("rank_lower", "")] {
        assert_eq!(column(name).unwrap(), text, "{name}");
    }
}
