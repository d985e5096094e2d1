use super::super::super::sample::{definitions, month};
use super::*;
use ChartType::{Line, P, PPrime, U, UPrime, Xmr};

const SHARE: &str = "answered_999_under_10_seconds";

/// Final months from April 2024 on, a value and its counts each.
fn months(counts: &[(f64, f64)]) -> Vec<Point> {
    let of = |(i, counts): (usize, &(f64, f64))| Point {
        month: month("2024-04").plus(i as i32),
        value: Some(counts.0 / counts.1),
        counts: Some(*counts),
        is_final: true,
    };
    counts.iter().enumerate().map(of).collect()
}

/// So many final months without a value.
fn months_of(count: usize) -> Vec<Point> {
    let mut points = months(&vec![(0.0, 1.0); count]);
    points.iter_mut().for_each(|point| (point.value, point.counts) = (None, None));
    points
}

/// All months may make the limits.
fn charted(metric: &Metric, months: &[Point]) -> Charted {
    super::charted(metric, months, months.len())
}

fn alternating(months: usize, low: f64, high: f64, denominator: f64) -> Vec<(f64, f64)> {
    (0..months).map(|i| (if i % 2 == 0 { low } else { high }, denominator)).collect()
}

/// X² of 14 months about a mean m, each 10 away: 1,400/m of a rate, 13 degrees of freedom: 5.01 and 24.7 bound the
/// middle 95%.
#[test]
fn each_kind_has_its_chart() {
    let definitions = definitions();
    for (metric, low, high, denominator, count, chart, reason) in [
        (SHARE, 90.0, 110.0, 1000.0, 14, P, "dispersion_of_counts"),
        (SHARE, 50.0, 150.0, 1000.0, 14, PPrime, "over_dispersed"),
        (SHARE, 100.0, 101.0, 1000.0, 14, PPrime, "under_dispersed"),
        (SHARE, 50.0, 150.0, 1000.0, 12, Line, "few_months"),
        (SHARE, 1.0, 1.0, 1000.0, 14, Line, "rare_events"),
        ("crimes_per_1000", 90.0, 110.0, 640.0, 14, U, "dispersion_of_counts"),
        ("crimes_per_1000", 50.0, 150.0, 640.0, 14, UPrime, "over_dispersed"),
        ("solved_rate_closed", 90.0, 110.0, 640.0, 14, U, "dispersion_of_counts"),
        ("crimes_recorded", 90.0, 110.0, 1.0, 14, Xmr, "events_per_day"),
        ("crimes_recorded", 0.0, 3.0, 1.0, 13, Line, "rare_events"),
        ("crimes_recorded", 90.0, 110.0, 1.0, 12, Line, "few_months"),
        ("answer_time_999_mean_seconds", 900.0, 1100.0, 100.0, 14, Xmr, "not_counts"),
        ("answer_time_999_mean_seconds", 900.0, 1100.0, 100.0, 12, Line, "few_months"),
        ("satisfied_overall", 50.0, 150.0, 1000.0, 14, Xmr, "not_counts"),
        ("open_over_90_days", 50.0, 150.0, 1000.0, 14, Line, "stock"),
        ("charge_rate_recorded", 90.0, 110.0, 1000.0, 14, Line, "followed_without_end"),
    ] {
        let series = months(&alternating(count, low, high, denominator));
        let found = charted(definitions.metric(metric).unwrap(), &series);
        assert_eq!((found.chart_type, found.reason.name()), (chart, reason), "{metric} {low} {high}");
        assert!(found.limits.iter().all(|limits| limits.is_some() == (chart != Line)), "{metric} {low} {high}");
        assert!(found.rules.iter().all(|rule| rule.is_some() == (chart != Line)), "{metric} {low} {high}");
        let tested = matches!(chart, P | PPrime | U | UPrime);
        assert_eq!(found.dispersion_ratio.is_some(), tested, "{metric} {low} {high}");
    }
}

/// 100 and 101 events a day by turns: the count of February is no low month.
#[test]
fn a_short_month_is_not_a_low_one() {
    let definitions = definitions();
    let mut series = months(&alternating(14, 1.0, 1.0, 1.0));
    for (i, point) in series.iter_mut().enumerate() {
        point.counts = None;
        point.value = Some(point.days() * (100.0 + (i % 2) as f64));
    }
    let found = charted(definitions.metric("crimes_recorded").unwrap(), &series);
    assert!(found.rules.iter().all(|rule| *rule == Some(Rule::CommonCause)), "{:?}", found.rules);
    // February 2025: 28 days at a mean of 100.5; ranges of 1, so 2.66 to either side a day.
    let february = found.limits[10].unwrap();
    assert!((february.centre - 28.0 * 100.5).abs() < 1e-9, "{february:?}");
    assert!((february.upper - 28.0 * 103.16).abs() < 1e-9, "{february:?}");
}

/// About 15%: 20% of 400 is 2.8 sigma away, 20% of 10,000 is 14.
#[test]
fn limits_follow_the_denominator() {
    let definitions = definitions();
    for (last, chart, rule) in
        [((80.0, 400.0), P, Rule::CommonCause), ((2_000.0, 10_000.0), PPrime, Rule::AboveUpperLimit)]
    {
        let mut counts = alternating(14, 1_480.0, 1_520.0, 10_000.0);
        counts[13] = last;
        let found = charted(definitions.metric(SHARE).unwrap(), &months(&counts));
        assert_eq!((found.chart_type, found.rules[13]), (chart, Some(rule)), "{last:?}");
    }
}

/// A value whose counts are not known, as of some published figures, is charted as a value.
#[test]
fn without_counts_there_is_nothing_to_test() {
    let definitions = definitions();
    let mut series = months(&alternating(14, 50.0, 150.0, 1_000.0));
    series[3].counts = None;
    let found = charted(definitions.metric(SHARE).unwrap(), &series);
    assert_eq!((found.chart_type, found.reason.name()), (Xmr, "not_counts"));
}

/// A provisional month has limits at its own denominator, and no part in them.
#[test]
fn a_provisional_month_is_in_no_limit() {
    let definitions = definitions();
    let mut series = months(&alternating(15, 90.0, 110.0, 1_000.0));
    let without = charted(definitions.metric(SHARE).unwrap(), &series[..14]);
    series[14] = Point { value: Some(0.9), counts: Some((225.0, 250.0)), is_final: false, ..series[14] };
    let with = charted(definitions.metric(SHARE).unwrap(), &series);
    assert_eq!((&with.limits[..14], &with.rules[..14]), (&without.limits[..], &without.rules[..]));
    // A quarter of the cases: twice as wide.
    let (own, before) = (with.limits[14].unwrap(), with.limits[13].unwrap());
    assert!((own.upper - own.centre - 2.0 * (before.upper - before.centre)).abs() < 1e-12);
    assert_eq!((own.centre, with.rules[14]), (before.centre, None));
}

/// Thirteen months of 88% and 92% by turns, then fourteen of 96% and 97%: on their own they are quiet, against the limits of
/// before every one is outside or part of a shift. Each kind of chart leaves them out of its limits.
#[test]
fn months_past_the_baseline_are_held_against_it() {
    let definitions = definitions();
    let counts = [alternating(13, 880.0, 920.0, 1_000.0), alternating(14, 960.0, 970.0, 1_000.0)].concat();
    for metric in [SHARE, "crimes_per_1000", "satisfied_overall", "crimes_recorded"] {
        let metric = definitions.metric(metric).unwrap();
        let mut series = months(&counts);
        if metric.id.as_str() == "crimes_recorded" {
            series.iter_mut().for_each(|point| point.value = point.value.map(|v| v * 1_000.0 * point.days()));
        }
        let before = charted(metric, &series[..13]);
        let held = super::charted(metric, &series, 13);
        let of_limits = |found: &Charted, at: usize| found.limits[at].map(|l| (l.centre, l.lower, l.upper));
        assert_eq!((held.chart_type, held.reason), (before.chart_type, before.reason), "{}", metric.id);
        assert_eq!(of_limits(&held, 0), of_limits(&before, 0), "{}", metric.id);
        assert!(held.limits[20].is_some());
        let above =
            |rule: &Option<Rule>| matches!(rule, Some(Rule::AboveUpperLimit | Rule::NearUpperLimit | Rule::ShiftAbove));
        assert!(held.rules[13..].iter().all(above), "{} {:?}", metric.id, &held.rules[13..]);
        let few = super::charted(metric, &series, 12);
        assert_eq!((few.chart_type, few.reason.name()), (Line, "few_months"), "{}", metric.id);
    }
}

/// Three years of 5 and 15 events a day about a mean of 10, by half years, and a last month as in the half that it is not of:
/// within the limits without a season, far outside with one. What is added back is the month's own.
#[test]
fn limits_follow_a_season() {
    let definitions = definitions();
    let metric = definitions.metric("crimes_recorded").unwrap();
    let high = |i: usize| i % 12 < 6;
    let series = |months: usize, last_daily: f64| {
        let mut points = months_of(months);
        for (i, point) in points.iter_mut().enumerate() {
            let daily = if high(i) { 15.0 } else { 5.0 } + 0.1 * f64::from(i as u8 % 3);
            point.value = Some(point.days() * if i + 1 == months { last_daily } else { daily });
        }
        points
    };
    // Months of 2026-03 are of the low half.
    let ordinary = charted(metric, &series(36, 5.2));
    assert!(ordinary.season_p_value.unwrap() < 1e-6);
    assert!(ordinary.rules.iter().all(|rule| *rule == Some(Rule::CommonCause)), "{:?}", ordinary.rules);
    let centre = |at: usize| ordinary.limits[at].unwrap().centre / months_of(36)[at].days();
    assert!((14.0..16.0).contains(&centre(24)) && (4.0..6.0).contains(&centre(35)), "{} {}", centre(24), centre(35));
    let factors: Vec<f64> = ordinary.season.iter().flatten().copied().collect();
    assert_eq!(factors.len(), 36);
    assert!((factors[..12].iter().sum::<f64>() - 12.0).abs() < 1e-9, "{factors:?}");
    let odd = charted(metric, &series(36, 9.0));
    assert_eq!(odd.rules[35], Some(Rule::AboveUpperLimit));
    // A month less is too few to ask: each half is then taken for a change.
    let short = charted(metric, &series(35, 5.2));
    assert_eq!((short.season_p_value, short.season[20]), (None, None));
    assert!(short.rules.iter().all(|rule| *rule != Some(Rule::CommonCause)), "{:?}", short.rules);
}

/// A share's season adds: 80% and 90% by half years; the limits of a binomial about 85% move up and down by 5 points.
#[test]
fn a_share_keeps_its_limits_of_counting_about_its_season() {
    let definitions = definitions();
    let wave = |i: usize| if i % 12 < 6 { 0.05 } else { -0.05 };
    let noise = |i: usize| 10.0 * [0.5, -1.0, 0.8, -0.3][i % 4];
    let counts: Vec<(f64, f64)> = (0..36).map(|i| (1_000.0 * (0.85 + wave(i)) + noise(i), 1_000.0)).collect();
    let found = charted(definitions.metric(SHARE).unwrap(), &months(&counts));
    assert!(matches!(found.chart_type, P | PPrime), "{:?}", found.chart_type);
    let (high, low) = (found.limits[12].unwrap(), found.limits[18].unwrap());
    let apart = (high.centre - low.centre, high.upper - low.upper, high.lower - low.lower);
    for apart in [apart.0, apart.1, apart.2] {
        assert!((0.09..0.11).contains(&apart), "{apart}");
    }
    assert!(found.rules.iter().all(|rule| *rule == Some(Rule::CommonCause)), "{:?}", found.rules);
    let effect = found.season[12].unwrap();
    assert!((0.04..0.06).contains(&effect), "{effect}");
}
