//! Units of a group: funnel positions and limits, and over-dispersion.

use super::case_file::{Case, Folder, Row, Table};
use scorecard::statistics::between_forces::{self, BetweenForces};
use scorecard::statistics::funnel::{self, Position};
use scorecard::statistics::quantile_groups::{self, GroupOne};
use scorecard::statistics::shrinkage::{Model, UnitCount, shrink};
use scorecard::statistics::{Confidence, Interval, UnitValue, poisson, wilson};
use std::collections::BTreeMap;
use std::num::NonZeroU32;

const CLOSED_FORM: f64 = 1e-9;
const ITERATIVE: f64 = 1e-6;
/// Limits published to six to nine figures.
const PUBLISHED: f64 = 5e-6;
/// The source of the expected events stops its search at this absolute distance.
const SEARCH_STEP: f64 = 1e-7;

pub fn funnel_proportion_units(_: &Folder, table: &Table) -> Vec<Case> {
    let pooled = sum(table, "numerator") / sum(table, "denominator");
    units(table, |row, level| wilson::interval(row.given("numerator"), row.given("denominator"), level), pooled)
}

pub fn funnel_rate_units(_: &Folder, table: &Table) -> Vec<Case> {
    let pooled = sum(table, "count") / sum(table, "population");
    let interval = |row: &Row, level| poisson_over(row.given("count"), row.given("population"), level);
    units(table, interval, pooled)
}

pub fn funnel_ratio_units(_: &Folder, table: &Table) -> Vec<Case> {
    units(table, |row, level| poisson_over(row.given("observed"), row.given("expected"), level), 1.0)
}

/// Positions of all units; a row without an expected code is only part of the comparator.
fn units(table: &Table, interval: impl Fn(&Row, Confidence) -> Option<Interval>, comparator: f64) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "unit");
        let inner = interval(row, Confidence::P95).unwrap();
        let outer = interval(row, Confidence::P998).unwrap();
        let code = match funnel::position(inner, outer, comparator) {
            Position::Above998 => "2",
            Position::Above95 => "1",
            Position::Within => "0",
            Position::Below95 => "-1",
            Position::Below998 => "-2",
        };
        case.text("exp_significance_code", code);
        case
    };
    table.rows().filter(|row| !row.text("exp_significance_code").is_empty()).map(work).collect()
}

fn poisson_over(count: f64, denominator: f64, level: Confidence) -> Option<Interval> {
    let estimate = poisson::rate(count, denominator).ok()?;
    estimate.interval(level)
}

fn sum(table: &Table, column: &str) -> f64 {
    table.rows().map(|row| row.given(column)).sum()
}

pub fn funnel_proportion_limits(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "denominator");
        let comparator = row.given("exp_baseline_pct") / 100.0;
        for (confidence, columns) in [
            (Confidence::P95, ["exp_lower95_pct", "exp_upper95_pct"]),
            (Confidence::P998, ["exp_lower998_pct", "exp_upper998_pct"]),
        ] {
            let limits = funnel::proportion_limits(comparator, row.given("denominator"), confidence);
            let percent = limits.map(|limits| Interval { lower: limits.lower * 100.0, upper: limits.upper * 100.0 });
            check_limits(&mut case, columns, percent, PUBLISHED);
        }
        case
    };
    table.rows().map(work).collect()
}

/// The expected number at which an observed one lies on a limit is an end of the observed number's exact interval.
pub fn funnel_ratio_limits(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "observed");
        let observed = row.given("observed");
        for (confidence, level) in [(Confidence::P95, "95"), (Confidence::P998, "998")] {
            let ends = poisson::exact_interval(observed, confidence).unwrap();
            for (side, expected) in [("lower", ends.upper), ("upper", ends.lower)] {
                let tolerance = PUBLISHED.max(SEARCH_STEP / expected);
                case.number(&format!("exp_{side}{level}_expected"), Some(expected), tolerance);
                case.number(&format!("exp_{side}{level}_isr"), Some(100.0 * observed / expected), tolerance);
            }
        }
        case
    };
    table.rows().map(work).collect()
}

pub fn funnel_poisson_limits(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "expected_events");
        for (confidence, columns) in LIMITS {
            let limits = funnel::ratio_limits(row.given("expected_events"), confidence);
            check_limits(&mut case, columns, limits, ITERATIVE);
        }
        case
    };
    table.rows().map(work).collect()
}

const LIMITS: [(Confidence, [&str; 2]); 2] =
    [(Confidence::P95, ["exp_ll95", "exp_ul95"]), (Confidence::P998, ["exp_ll998", "exp_ul998"])];
const OVERDISPERSED_LIMITS: [(Confidence, [&str; 2]); 2] =
    [(Confidence::P95, ["exp_odll95", "exp_odul95"]), (Confidence::P998, ["exp_odll998", "exp_odul998"])];

fn check_limits(case: &mut Case, [lower, upper]: [&str; 2], limits: Option<Interval>, tolerance: f64) {
    case.number(lower, limits.map(|limits| limits.lower), tolerance);
    case.number(upper, limits.map(|limits| limits.upper), tolerance);
}

/// The scale on which a reference set is judged, and back.
struct Scale {
    unit: fn(f64, f64) -> (f64, f64),
    centre: f64,
    /// Standard error and centre of the limits, where the source takes others than for the z-scores.
    limit_error: fn(f64) -> f64,
    limit_centre: f64,
    back: fn(f64) -> f64,
    exact_limits: bool,
}

fn scale(data_type: &str, sr_method: &str, target: f64) -> Scale {
    let half = |n: f64| 0.5 / n.sqrt();
    match (data_type, sr_method) {
        ("SR", "SHMI") => Scale {
            unit: |x, n| ((x / n).ln(), 1.0 / n.sqrt()),
            centre: 0.0,
            limit_error: |n| 1.0 / n.sqrt(),
            limit_centre: 0.0,
            back: f64::exp,
            exact_limits: true,
        },
        ("SR", _) => Scale {
            unit: |x, n| ((x / n).sqrt(), 0.5 / n.sqrt()),
            centre: 1.0,
            limit_error: half,
            limit_centre: 1.0,
            back: |y| y,
            exact_limits: true,
        },
        ("PR", _) => Scale {
            unit: |x, n| ((x / n).sqrt().asin(), 0.5 / n.sqrt()),
            centre: target.sqrt().asin(),
            limit_error: half,
            limit_centre: target.sqrt().asin(),
            back: |y| y.sin().powi(2),
            exact_limits: false,
        },
        ("RC", _) => Scale {
            unit: |x, n| {
                let error = (x / (x + 0.5).powi(2) + n / (n + 0.5).powi(2)).sqrt();
                (((x + 0.5) / (n + 0.5)).ln(), error)
            },
            centre: target.ln(),
            limit_error: half,
            limit_centre: target.ln(),
            back: f64::exp,
            exact_limits: false,
        },
        other => panic!("no such set: {other:?}"),
    }
}

pub fn funnel_overdispersion(folder: &Folder, table: &Table) -> Vec<Case> {
    let points = folder.table("funnel_overdispersion_points").unwrap();
    table.rows().map(|row| overdispersed_set(row, &points)).collect()
}

fn overdispersed_set(row: &Row, points: &Table) -> Case {
    let mut case = Case::new(row, "case_id");
    let rows: Vec<&Row> = points.rows().filter(|point| point.text("case_id") == row.text("case_id")).collect();
    let total = |column: &str| rows.iter().map(|point| point.given(column)).sum::<f64>();
    let is_standardised = row.text("data_type") == "SR";
    let target = if is_standardised { 1.0 } else { total("numerator") / total("denominator") };
    let scale = scale(row.text("data_type"), row.text("sr_method"), target);
    let unit = |point: &&Row| {
        let (value, error) = (scale.unit)(point.given("numerator"), point.given("denominator"));
        UnitValue { value, sampling_variance: error * error, denominator: point.given("denominator") }
    };
    let units: Vec<UnitValue> = rows.iter().map(unit).collect();
    let scores: Vec<f64> =
        units.iter().map(|unit| (unit.value - scale.centre) / unit.sampling_variance.sqrt()).collect();

    let share = row.given("trim_by");
    let (trimmed, spread) = if row.text("trim_method") == "winsorise" {
        let trimmed = between_forces::winsorise(scores.clone(), share).unwrap().into_iter().map(Some).collect();
        (trimmed, between_forces::between_forces(&units, scale.centre, share).unwrap())
    } else {
        truncated(&units, &scores, scale.centre, share)
    };
    case.number("n_units", Some(units.len() as f64), 0.0);
    case.number("exp_target", Some(target), CLOSED_FORM);
    case.number("exp_phi", Some(spread.dispersion), CLOSED_FORM);
    case.number("exp_tau2", Some(spread.tau_squared), CLOSED_FORM);
    for (index, point) in rows.iter().enumerate() {
        let mut part = Case::new(point, "group");
        part.number("exp_zscore", Some(scores[index]), CLOSED_FORM);
        part.number("exp_zscore_trimmed", trimmed[index], CLOSED_FORM);
        check_point(&mut part, &scale, target, spread.tau_squared, row.given("multiplier"));
        case.absorb(part);
    }
    case
}

/// One source drops units of the extreme ranks instead of winsorising; our method is then run on those that stay.
fn truncated(units: &[UnitValue], scores: &[f64], centre: f64, share: f64) -> (Vec<Option<f64>>, BetweenForces) {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let groups = 1.0 / share;
    let stays = |score: f64| {
        let rank = sorted.partition_point(|other| *other < score) as f64 + 1.0;
        let group = (rank * groups / (sorted.len() as f64 + 1.0)).floor();
        group > 0.0 && group < groups - 1.0
    };
    let kept: Vec<UnitValue> = units.iter().zip(scores).filter(|(_, z)| stays(**z)).map(|(unit, _)| *unit).collect();
    let trimmed = scores.iter().map(|score| stays(*score).then_some(*score)).collect();
    (trimmed, between_forces::between_forces(&kept, centre, 0.0).unwrap())
}

/// Ratio and both kinds of limits. The source rounds z to seven figures, hence the tolerance.
fn check_point(part: &mut Case, scale: &Scale, target: f64, tau_squared: f64, multiplier: f64) {
    let denominator = part.row().given("denominator");
    let ratio = part.row().given("numerator") / denominator;
    part.number("exp_ratio", Some(ratio * multiplier), CLOSED_FORM);
    let variance = (scale.limit_error)(denominator).powi(2);
    let limits = |tau_squared: f64, confidence| {
        let limits = funnel::overdispersed_limits(scale.limit_centre, variance, tau_squared, confidence)?;
        Some(Interval { lower: (scale.back)(limits.lower), upper: (scale.back)(limits.upper) })
    };
    let times = |limits: Option<Interval>, by: f64| {
        limits.map(|limits| Interval { lower: limits.lower * by, upper: limits.upper * by })
    };
    for (confidence, columns) in LIMITS {
        let plain = if scale.exact_limits {
            times(funnel::ratio_limits(denominator, confidence), target * multiplier)
        } else {
            times(limits(0.0, confidence), multiplier)
        };
        check_limits(part, columns, plain, ITERATIVE);
    }
    for (confidence, columns) in OVERDISPERSED_LIMITS {
        check_limits(part, columns, times(limits(tau_squared, confidence), multiplier), ITERATIVE);
    }
}

/// Rows of one set, indicator and, where the set says so, parent are grouped together.
pub fn quantile_groups(_: &Folder, table: &Table) -> Vec<Case> {
    let mut together: BTreeMap<[&str; 3], Vec<&Row>> = BTreeMap::new();
    for row in table.rows() {
        let (set, indicator, parent) = (row.text("group_set"), row.text("indicator_sex"), row.text("parent_code"));
        let key = match set {
            "None" => [set, "", ""],
            "IndSexReg" => [set, indicator, parent],
            _ => [set, indicator, ""],
        };
        together.entry(key).or_default().push(row);
    }
    together.values().flat_map(|rows| quantile_group(rows)).collect()
}

fn quantile_group(rows: &[&Row]) -> Vec<Case> {
    let groups = NonZeroU32::new(u32::try_from(rows[0].whole("n_quantiles")).unwrap()).unwrap();
    let highest_first = rows[0].text("lowest_quantile_is_highest_value") == "1";
    let group_one = if highest_first { GroupOne::Highest } else { GroupOne::Lowest };
    let values: Vec<Option<f64>> = rows.iter().map(|row| row.number("value")).collect();
    let found = quantile_groups::quantile_groups(&values, groups, group_one).unwrap();
    let check = |(row, found): (&&Row, Option<u32>)| {
        let mut case = Case::new(row, "row");
        case.number("exp_quantile", found.map(f64::from), 0.0);
        case
    };
    rows.iter().zip(found).map(check).collect()
}

pub fn shrinkage(_: &Folder, table: &Table) -> Vec<Case> {
    let work = |row: &Row| {
        let mut case = Case::new(row, "case_id");
        let model = match row.text("model") {
            "beta_binomial" => Model::BetaBinomial,
            "gamma_poisson" => Model::GammaPoisson,
            other => panic!("no such model: {other}"),
        };
        let counts = row.numbers("events").into_iter().zip(row.numbers("denominators"));
        let units: Vec<UnitCount> = counts.map(|(events, denominator)| UnitCount { events, denominator }).collect();
        let found = shrink(&units, model).unwrap();
        case.number("exp_mean", Some(found.mean), CLOSED_FORM);
        case.number("exp_between_variance", Some(found.between_variance), CLOSED_FORM);
        for (column, found) in [
            ("exp_reliability", found.units.iter().map(|unit| unit.reliability).collect::<Vec<_>>()),
            ("exp_estimate", found.units.iter().map(|unit| unit.estimate).collect()),
        ] {
            let expected = row.numbers(column);
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.into_iter().zip(expected) {
                case.numbers_agree(column, Some(found), Some(expected), CLOSED_FORM);
            }
        }
        case
    };
    table.rows().map(work).collect()
}
