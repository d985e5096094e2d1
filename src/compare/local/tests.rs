//! Expected tests by SciPy 1.x (`norm`, `fisher_exact`, `false_discovery_control`), estimates from the formulas of
//! `statistics::shrinkage` worked in Python.

use super::super::sample::{self, Changed};
use super::*;
use crate::definitions::Definitions;
use crate::domain::PeriodType;
use crate::statistics::comparison::Verdict;
use crate::tables::comparison::ComparisonMethod;

const YEAR: (&str, &str) = ("2025-04", "2026-03");

fn of(kind: Kind, level: Level, unit: &str, (events, denominator): (f64, f64)) -> Figure {
    let figure = sample::figure(kind, events, Some(denominator)).of_unit(level, unit);
    figure.over(PeriodType::Rolling12Months, YEAR.0, YEAR.1)
}

fn year_before(figure: Figure) -> Figure {
    figure.over(PeriodType::Rolling12Months, "2024-04", "2025-03")
}

fn metric<'d>(definitions: &'d Definitions, id: &str) -> &'d Metric {
    definitions.metric(id).unwrap()
}

/// Three teams and what has none: 5 of 100, 80 of 200, 25 of 100, 2 of 4.
fn teams(kind: Kind) -> Vec<Figure> {
    let team = |unit, counts| of(kind, Level::Team, unit, counts);
    vec![
        of(kind, Level::Force, sample::OWN, (112.0, 404.0)),
        team("B", (80.0, 200.0)),
        team("A", (5.0, 100.0)),
        team("C", (25.0, 100.0)),
        team(UNALLOCATED, (2.0, 4.0)),
        year_before(team("A", (12.0, 110.0))),
    ]
}

fn rows(metric: &Metric, figures: &[Figure]) -> Vec<LocalFigure> {
    let period = local_period(metric, figures).unwrap();
    let mut rows = local_figures(metric, period, figures);
    adjust_local(&mut rows);
    rows
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{found}, not {expected}");
}

#[test]
fn teams_are_shrunk_together_and_tested_against_the_rest() {
    let definitions = sample::definitions();
    let rows = rows(metric(&definitions, "recorded_within_24h"), &teams(Kind::Proportion));
    let units: Vec<&str> = rows.iter().map(|r| &*r.unit).collect();
    assert_eq!(units, ["A", "B", "C", UNALLOCATED]);
    assert!(rows.iter().all(|r| r.units == 3 && r.force_value == Some(112.0 / 404.0)));
    for (row, reliability, estimate) in [
        (&rows[0], 0.949_688_149_688_149_7, 0.061_320_166_320_166_29),
        (&rows[1], 0.974_194_924_290_893_7, 0.396_774_365_536_361_75),
        (&rows[2], 0.949_688_149_688_149_7, 0.251_257_796_257_796_26),
    ] {
        let found = row.estimate.as_ref().unwrap();
        near(found.mean, 0.275);
        near(found.reliability, reliability);
        near(found.estimate, estimate);
    }
    assert_eq!(rows[3].estimate.as_ref().unwrap_err().as_ref(), "unallocated is no unit");

    let rest = rows[0].rest.as_ref().unwrap();
    near(rest.comparator_value, 107.0 / 304.0);
    assert_eq!((rest.method, rest.verdict_95), (Some(ComparisonMethod::NormalSampling), Verdict::Worse));
    near(rest.p_value.unwrap(), 6.309_352_063_438_348e-18);
    // Benjamini and Hochberg of this test and the one against last year.
    near(rest.q_value.unwrap(), 2.0 * 6.309_352_063_438_348e-18);
    assert_eq!(rest.flagged, Some(true));
    let last_year = rows[0].last_year.as_ref().unwrap();
    near(last_year.comparator_value, 12.0 / 110.0);
    near(last_year.p_value.unwrap(), 0.108_893_959_749_732_36);
    assert_eq!((last_year.flagged, last_year.verdict_95), (Some(false), Verdict::Similar));
    near(last_year.q_value.unwrap(), 0.108_893_959_749_732_36);

    // Two of four: an expected count is below 5.
    let few = rows[3].rest.as_ref().unwrap();
    assert_eq!((few.method, few.verdict_95), (Some(ComparisonMethod::FisherExact), Verdict::Similar));
    assert!(rows[1].last_year.is_none());
}

/// Departments among themselves, teams among themselves.
#[test]
fn each_level_is_shrunk_by_itself() {
    let definitions = sample::definitions();
    let department = |unit, counts| of(Kind::Proportion, Level::Department, unit, counts);
    let mut figures = teams(Kind::Proportion);
    figures.extend([department("CID", (30.0, 200.0)), department("Response", (82.0, 204.0))]);
    let rows = rows(metric(&definitions, "recorded_within_24h"), &figures);
    let numbers = |level| rows.iter().filter(|r| r.level == level).map(|r| (&*r.unit, r.units)).collect::<Vec<_>>();
    assert_eq!(numbers(Level::Department), [("CID", 2), ("Response", 2)]);
    assert_eq!(numbers(Level::Team), [("A", 3), ("B", 3), ("C", 3), (UNALLOCATED, 3)]);
    let cid = rows.iter().find(|r| &*r.unit == "CID").unwrap();
    near(cid.rest.as_ref().unwrap().comparator_value, 82.0 / 204.0);
}

/// Crimes of a year before have had a year longer to be solved; within 90 days they have had as long.
#[test]
fn a_cohort_has_no_past_unless_it_is_followed_for_as_long() {
    let definitions = sample::definitions();
    for (id, expected) in [
        ("recorded_within_24h", true),
        ("solved_rate_recorded", false),
        ("not_assigned_rate", false),
        ("solved_within_90_days", true),
        ("open_over_90_days", true),
    ] {
        let rows = rows(metric(&definitions, id), &teams(Kind::Proportion));
        assert_eq!(rows[0].last_year.is_some(), expected, "{id}");
    }
}

#[test]
fn a_ratio_is_a_poisson_count_over_its_denominator() {
    let definitions = sample::definitions();
    let rows = rows(metric(&definitions, "solved_rate_closed"), &teams(Kind::Ratio));
    let found = rows[1].estimate.as_ref().unwrap();
    assert_eq!(found.model, Model::GammaPoisson);
    near(found.reliability, 0.957_264_957_264_957_2);
    near(found.estimate, 0.394_658_119_658_119_7);
    near(rows[0].rest.as_ref().unwrap().p_value.unwrap(), 1.202_100_380_392_890_7e-13);
}

#[test]
fn supervisors_and_officers_are_tested_against_nobody() {
    let definitions = sample::definitions();
    let mut figures = teams(Kind::Proportion);
    figures.push(of(Kind::Proportion, Level::Officer, "0042", (60.0, 202.0)));
    figures.push(of(Kind::Proportion, Level::Officer, "0043", (52.0, 202.0)));
    let rows = rows(metric(&definitions, "solved_rate_recorded"), &figures);
    let officers: Vec<&LocalFigure> = rows.iter().filter(|r| r.level == Level::Officer).collect();
    assert!(officers.len() == 2 && officers.iter().all(|r| r.rest.is_none() && r.last_year.is_none()));
    // Chance alone explains the difference between the two.
    assert!(officers.iter().all(|r| r.estimate.as_ref().unwrap().reliability == 0.0));
}

#[test]
fn without_two_units_or_a_final_figure_there_is_a_reason() {
    let definitions = sample::definitions();
    let metric = metric(&definitions, "solved_rate_recorded");
    let one = |unit: &str| of(Kind::Proportion, Level::Area, unit, (5.0, 100.0));
    let force = of(Kind::Proportion, Level::Force, sample::OWN, (5.0, 100.0));
    let alone = rows(metric, &[force.clone(), one("A")]);
    assert_eq!(alone[0].estimate.as_ref().unwrap_err().as_ref(), "there are too few observations");
    // There is no rest of the force.
    assert!(alone[0].rest.is_none());
    let provisional = rows(metric, &[force.clone(), one("A").provisional(), one("B"), one("C")]);
    assert_eq!(provisional[0].estimate.as_ref().unwrap_err().as_ref(), "there is no final figure");
    assert!(provisional[0].rest.is_none() && provisional[1].units == 2);
    assert_eq!(local_period(metric, &[force.provisional()]), None);
}

/// The newest rolling year before any month, however new, and no metric without a count over a denominator.
#[test]
fn the_period_is_the_headlines() {
    let definitions = sample::definitions();
    let force = sample::figure(Kind::Proportion, 5.0, Some(100.0));
    let rolling = force.clone().over(PeriodType::Rolling12Months, YEAR.0, YEAR.1);
    let newer = force.clone().in_month("2026-05");
    let solved = metric(&definitions, "solved_rate_recorded");
    let found = |figures: &[Figure]| local_period(solved, figures).map(|p| (p.period_type, p.last.to_string()));
    let months = [force, newer.clone()];
    assert_eq!(found(&months), Some((PeriodType::Month, "2026-05".to_owned())));
    assert_eq!(found(&[newer.clone(), rolling.clone()]), Some((PeriodType::Rolling12Months, "2026-03".to_owned())));
    assert_eq!(local_period(metric(&definitions, "crimes_recorded"), &[rolling]), None);
}
