//! The curves of one unit and scope, and each newer quarter beside the reference at equal age.

use std::sync::Arc;

use super::reference::{Reference, ReferencePeriod};
use super::{MaturityInput, Pool};
use crate::domain::{Month, Status, civil_date, days_since_epoch};
use crate::statistics::between_cohorts::{BetweenCohorts, CohortShare};
use crate::statistics::comparison::Verdict;
use crate::statistics::cumulative_incidence::{Curve, Day, Incidence, aalen_johansen};
use crate::statistics::{Confidence, Polarity};
use crate::tables::cohort::{CAUSES, CohortMonth, OTHERWISE, SOLVED, VICTIM_NOT_SUPPORTING};
use crate::tables::maturity::{AtEqualAge, CohortKind, MaturityPoint, MaturityTest};

/// Days of age that have a row.
const GRID: [u32; 28] = [
    0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 75, 90, 105, 120, 135, 150, 180, 210, 240, 270, 300, 330, 365, 450, 540,
    730,
];
/// Before this age a curve says how fast the easy crimes were closed, and no more.
const TESTED_FROM_DAY: u32 = 30;

pub(super) fn of_series(
    input: &MaturityInput<'_>,
    months: &[CohortMonth],
    period: Option<ReferencePeriod>,
) -> Vec<MaturityPoint> {
    let reference = period.and_then(|period| Reference::of(months, period));
    let mut rows = Vec::new();
    for quarter in months.chunk_by(|a, b| a.month.quarter_start() == b.month.quarter_start()) {
        let first = quarter[0].month.quarter_start();
        let mut points = points(input, &quarter[0], Pool::of(quarter.iter()), Span { first, last: first.plus(2) });
        if let Some(reference) = reference.as_ref().filter(|reference| first > reference.period.last) {
            set_beside(&mut points, reference, super::super::polarity(input.metric, &quarter[0].scope));
        }
        rows.extend(points.into_iter().map(|(point, _)| point));
    }
    if let Some(reference) = &reference {
        let span = Span { first: reference.period.first, last: reference.period.last };
        let points = points(input, &months[0], reference.pool.clone(), span);
        rows.extend(points.into_iter().map(|(point, _)| MaturityPoint {
            cohort: CohortKind::Reference,
            ordinary: between(reference, point.day).and_then(|between| between.ordinary(Confidence::P95)),
            ..point
        }));
    }
    rows
}

/// Months of recording.
#[derive(Clone, Copy)]
struct Span {
    first: Month,
    last: Month,
}

/// A row for each day of the grid up to the last that half of the crimes have been followed to, each with the state.
fn points(
    input: &MaturityInput<'_>,
    series: &CohortMonth,
    pool: Pool,
    span: Span,
) -> Vec<(MaturityPoint, Incidence<CAUSES>)> {
    let Some(curve) = curve(&pool) else { return Vec::new() };
    let (status, reason) = status(input, span);
    let states = GRID.into_iter().map_while(|day| {
        let followed = pool.dated - pool.days.iter().take_while(|d| d.day < day).map(|d| d.reached()).sum::<u64>();
        let state = curve.by(day)?;
        (2 * followed >= pool.dated).then_some((day, followed, state))
    });
    states
        .map(|(day, followed, state)| {
            let solved = state.ended[SOLVED];
            let point = MaturityPoint {
                metric: input.metric.id.as_str().into(),
                force: series.force.clone(),
                level: series.level,
                unit: series.unit.clone(),
                scope: series.scope.clone(),
                cohort: CohortKind::Quarter,
                period_start: span.first.first_day(),
                period_end: span.last.last_day().min(input.data_date),
                day,
                crimes: pool.crimes(),
                followed,
                at_risk: state.at_risk,
                solved: solved.value,
                interval: solved.interval(Confidence::P95),
                victim_not_supporting: state.ended[VICTIM_NOT_SUPPORTING].value,
                closed_otherwise: state.ended[OTHERWISE].value,
                still_open: state.still_open.value,
                undated: pool.undated,
                undated_solved: pool.undated_solved,
                ordinary: None,
                at_equal_age: None,
                basis: input.metric.basis,
                solved_set: input.definitions.pipeline.solved_set,
                status,
                reason: reason.clone(),
            };
            (point, state)
        })
        .collect()
}

/// `None` where no crime is on it.
fn curve(pool: &Pool) -> Option<Curve<CAUSES>> {
    let days: Vec<Day<CAUSES>> =
        pool.days.iter().map(|day| Day { day: day.day, ended: day.ended, censored: day.open }).collect();
    aalen_johansen(&days).ok()
}

fn status(input: &MaturityInput<'_>, span: Span) -> (Status, Option<Arc<str>>) {
    if span.last.last_day() > input.data_date {
        return (Status::Provisional, Some("the period is not over".into()));
    }
    if span.first < input.first_whole_month() {
        let first_day = civil_date(days_since_epoch(input.first_day));
        return (Status::Provisional, Some(format!("the extract begins on {first_day}").into()));
    }
    (Status::Final, None)
}

/// How the reference's quarters differ in what was solved by a day that all were followed to.
fn between(reference: &Reference, day: u32) -> Option<BetweenCohorts> {
    if day > reference.period.horizon {
        return None;
    }
    let share = |quarter: &Pool| {
        let size = quarter.dated as f64;
        let share = quarter.solved_by(day) as f64 / size;
        CohortShare { size, share, variance: share * (1.0 - share) / size }
    };
    BetweenCohorts::new(&reference.quarters.iter().map(share).collect::<Vec<_>>()).ok()
}

/// Sets the days of a newer quarter beside the reference; the last of them is tested.
fn set_beside(points: &mut [(MaturityPoint, Incidence<CAUSES>)], reference: &Reference, polarity: Polarity) {
    let period = reference.period;
    let last = points.iter().map(|(point, _)| point.day).take_while(|day| *day <= period.horizon).last();
    for (point, state) in points {
        let Some(between) = between(reference, point.day) else { continue };
        let is_tested = Some(point.day) == last && point.day >= TESTED_FROM_DAY;
        let variance = state.ended[SOLVED].standard_error.powi(2);
        let test = is_tested.then(|| between.test(point.solved, variance)).flatten();
        point.at_equal_age = Some(AtEqualAge {
            reference_start: period.first.first_day(),
            reference_end: period.last.last_day(),
            cohorts: between.cohorts,
            reference_solved: between.centre,
            difference: point.solved - between.centre,
            test: test.map(|test| MaturityTest {
                interval: test.interval,
                p_value: test.p_value,
                verdict: Verdict::of_interval(Some(test.interval), 0.0, polarity),
            }),
        });
    }
}
