//! Figures beside the same period last year.

use super::sample::{Changed, compared, definitions, figure, find, month};
use super::*;
use crate::statistics::comparison::Verdict;
use crate::tables::comparison::ComparisonMethod;

fn ratio(numerator: f64, denominator: f64) -> Figure {
    figure(Kind::Ratio, numerator, Some(denominator))
}

/// Worked by hand: (1200 - 1000)/10000 over sqrt(1200 + 1000)/10000 is z = 4.264; 3 of 4 against 1 of 4 is Fisher's tea
/// tasting, 34/70; 5 events against none are 1 in 16; 40 against 20 are z = 20/sqrt(60) = 2.58.
#[test]
fn last_year_is_tested_exactly_where_counts_are_small() {
    let definitions = definitions();
    for (metric, now, then, p_value, method, verdict) in [
        (
            "charge_rate_closed",
            (1_200.0, 10_000.0),
            (1_000.0, 10_000.0),
            2.007e-5,
            ComparisonMethod::NormalSampling,
            Verdict::Better,
        ),
        ("crimes_cancelled", (3.0, 4.0), (1.0, 4.0), 34.0 / 70.0, ComparisonMethod::FisherExact, Verdict::Similar),
        ("charge_rate_closed", (5.0, 10.0), (0.0, 10.0), 0.0625, ComparisonMethod::PoissonExact, Verdict::Similar),
        (
            "charge_rate_closed",
            (40.0, 100.0),
            (20.0, 100.0),
            0.009_823,
            ComparisonMethod::NormalSampling,
            Verdict::Better,
        ),
        ("charge_rate_closed", (0.0, 100.0), (9.0, 100.0), 1.0 / 256.0, ComparisonMethod::PoissonExact, Verdict::Worse),
    ] {
        let metric = definitions.metric(metric).unwrap();
        let of = |(n, d): (f64, f64)| figure(metric.kind, n, Some(d)).of_unit(Level::Area, "Stroud");
        let found = compared(&definitions, metric, &[of(now), of(then).in_month("2025-03")], &[]);
        let [row] = &found.comparisons[..] else { panic!("{found:?}") };
        assert!((row.p_value.unwrap() / p_value - 1.0).abs() < 1e-3, "{row:?}");
        assert_eq!((row.method, row.verdict_95, row.verdict_sampling), (Some(method), verdict, verdict));
        assert_eq!(row.comparator_period_end, Some(month("2025-03").last_day()));
        assert_eq!((row.difference * 1e9).round(), ((now.0 / now.1 - then.0 / then.1) * 1e9).round());
    }
}

/// The crimes of a year ago have had a year longer to come to an outcome.
#[test]
fn crimes_that_are_followed_without_end_are_not_tested_against_last_year() {
    let definitions = definitions();
    for (metric, tested) in [
        ("charge_rate_recorded", false),
        ("not_assigned_rate", false),
        ("charge_rate_closed", true),
        ("crimes_cancelled", true),
    ] {
        let metric = definitions.metric(metric).unwrap();
        let of = |numerator| figure(metric.kind, numerator, Some(10_000.0));
        let found = compared(&definitions, metric, &[of(900.0), of(1_500.0).in_month("2025-03")], &[]);
        let [row] = find(&found, Comparator::SamePeriodLastYear)[..] else { panic!("{found:?}") };
        assert_eq!((row.value, row.comparator_value), (0.09, 0.15));
        assert_eq!((row.method.is_some(), row.verdict_95 != Verdict::NotAvailable), (tested, tested), "{row:?}");
    }
}

/// Years to date share their first day and differ in their last.
#[test]
fn a_year_to_date_meets_the_same_months_of_last_year() {
    let definitions = definitions();
    let metric = definitions.metric("charge_rate_closed").unwrap();
    let to = |year: &str, last: &str, n| ratio(n, 100.0).over(PeriodType::FinancialYearToDate, year, last);
    let own = [to("2025-04", "2025-05", 30.0), to("2024-04", "2024-04", 7.0), to("2024-04", "2024-05", 20.0)];
    let found = compared(&definitions, metric, &own, &[]);
    let values: Vec<_> = found.comparisons.iter().map(|r| (r.value, r.comparator_value)).collect();
    assert_eq!(values, [(0.3, 0.2)]);
}

#[test]
fn a_count_without_a_row_last_year_was_0_if_the_unit_was_there() {
    let definitions = definitions();
    let metric = definitions.metric("crimes_recorded").unwrap();
    let of = |n, scope, month| figure(Kind::Count, n, None).in_scope(scope).in_month(month);
    let mut own = vec![of(900.0, "all", "2025-03"), of(900.0, "all", "2026-03"), of(6.0, "Robbery", "2026-03")];
    let robbery = |own: &[Figure]| {
        let found = compared(&definitions, metric, own, &[]);
        let row = found.comparisons.into_iter().find(|r| &*r.scope == "Robbery");
        row.map(|row| (row.comparator_value, row.verdict_95, row.p_value))
    };
    // 6 against 0 is 2 in 64.
    let (value, verdict, p_value) = robbery(&own).unwrap();
    assert!((p_value.unwrap() - 0.031_25).abs() < 1e-12);
    assert_eq!((value, verdict), (0.0, Verdict::Worse));
    // A month that the data do not cover, or cover in part, is not known to have been without.
    own[0] = own[0].clone().provisional();
    assert_eq!(robbery(&own), None);
    // A team that is not seen before March 2026 may not have been there.
    own[0] = of(900.0, "all", "2025-03");
    own[2] = own[2].clone().of_unit(Level::Team, "Proactive");
    assert_eq!(robbery(&own), None);
    own.push(of(1.0, "all", "2025-02").of_unit(Level::Team, "Proactive"));
    assert_eq!(robbery(&own).map(|(value, ..)| value), Some(0.0));
}

/// The extract begins in October 2023: half of that year is there, final and with its reason.
#[test]
fn a_period_that_the_extract_covers_in_part_is_compared_with_nothing() {
    let definitions = definitions();
    let metric = definitions.metric("crimes_recorded").unwrap();
    let year = |n, first, last| figure(Kind::Count, n, None).over(PeriodType::FinancialYear, first, last);
    let whole = year(24_000.0, "2024-04", "2025-03");
    let mut part = year(12_000.0, "2023-04", "2024-03");
    assert_eq!(compared(&definitions, metric, &[whole.clone(), part.clone()], &[]).comparisons.len(), 1);
    part.reason = Some("the extract begins on 2023-10-01".into());
    assert_eq!(compared(&definitions, metric, &[whole, part], &[]).comparisons, []);
}
