//! The nowcasts of one unit and scope.

use std::sync::Arc;

use super::MaturityInput;
use super::reference::{FEWEST_CRIMES, Reference, ReferencePeriod, reached};
use crate::domain::{Month, Status};
use crate::statistics::nowcast::{Chances, Followed, StillOpen};
use crate::statistics::{Confidence, Interval};
use crate::tables::cohort::{CohortMonth, OTHERWISE, SOLVED, VICTIM_NOT_SUPPORTING};
use crate::tables::figure_rules::Timing;
use crate::tables::nowcast::{self, Expected, Nowcast};

/// Months with a nowcast before the oldest that is still provisional.
const FURTHER_MONTHS: i32 = 6;
/// Of the reference, solved after an age such as the month's youngest crime has: fewer give no chance to rely on.
const FEWEST_TO_COME: u64 = 10;
/// Share of the reference's outcomes that may lack a day: what cannot be placed is left out of the chances.
const MOST_UNDATED: f64 = 0.1;

pub(super) fn of_series(
    input: &MaturityInput<'_>,
    months: &[CohortMonth],
    period: Option<ReferencePeriod>,
) -> Vec<Nowcast> {
    let source = Source::of(months, period);
    let first = oldest_provisional(input).plus(-FURTHER_MONTHS);
    let at_horizon = |month: Month| period.is_some_and(|p| reached(month, p.horizon) <= input.data_date);
    let wanted = months.iter().filter(|m| m.month >= first && !at_horizon(m.month));
    wanted.map(|month| row(input, month, period, &source)).collect()
}

fn oldest_provisional(input: &MaturityInput<'_>) -> Month {
    let timing = Timing {
        data_date: input.data_date,
        matures_after_days: input.metric.matures_after_days,
        complete_after_days: None,
    };
    let newest = Month::of(input.data_date);
    let back = (1..).map(|n| newest.plus(-n)).take_while(|month| timing.status(*month).0 == Status::Provisional);
    back.last().unwrap_or(newest)
}

/// The chances, with what they are read from; or why there are none.
struct Source(Result<(Chances, nowcast::Reference), Arc<str>>);

impl Source {
    fn of(months: &[CohortMonth], period: Option<ReferencePeriod>) -> Self {
        let Some(period) = period else {
            return Self(Err("no four whole quarters in a row have been followed for 90 days".into()));
        };
        let Some(reference) = Reference::of(months, period) else {
            let why = format!(
                "the reference has fewer than {FEWEST_CRIMES} crimes, or crimes in fewer than four of its quarters"
            );
            return Self(Err(why.into()));
        };
        let pool = &reference.pool;
        let ended: u64 = pool.days.iter().flat_map(|day| day.ended).sum();
        if pool.undated as f64 > MOST_UNDATED * (pool.undated + ended) as f64 {
            return Self(Err("more than a tenth of the outcomes in the reference have no day".into()));
        }
        let cohorts: Vec<Followed> = months
            .iter()
            .filter(|m| period.holds(m.month) && m.dated() > 0)
            .map(|month| followed(month, period.horizon))
            .collect();
        let described = nowcast::Reference {
            horizon_days: period.horizon,
            start: period.first.first_day(),
            end: period.last.last_day(),
            cohorts: cohorts.len(),
            crimes: pool.dated,
        };
        let chances = Chances::new(period.horizon, &cohorts).map_err(|why| why.reason().into());
        Self(chances.map(|chances| (chances, described)))
    }
}

/// A month all of whose crimes have been followed to the horizon, cut there.
fn followed(month: &CohortMonth, horizon: u32) -> Followed {
    let days = horizon as usize + 1;
    let mut followed = Followed { members: month.dated(), by_cause: vec![0; days], otherwise: vec![0; days] };
    for day in month.days.iter().take_while(|day| day.day <= horizon) {
        followed.by_cause[day.day as usize] += day.ended[SOLVED];
        followed.otherwise[day.day as usize] += day.ended[VICTIM_NOT_SUPPORTING] + day.ended[OTHERWISE];
    }
    followed
}

fn row(input: &MaturityInput<'_>, month: &CohortMonth, period: Option<ReferencePeriod>, source: &Source) -> Nowcast {
    let horizon = period.map_or(u32::MAX, |period| period.horizon);
    let solved: u64 = month.days.iter().take_while(|d| d.day <= horizon).map(|d| d.ended[SOLVED]).sum();
    let open: Vec<StillOpen> = month
        .days
        .iter()
        .filter(|day| day.open > 0 && day.day < horizon)
        .map(|day| StillOpen { age: day.day, number: day.open })
        .collect();
    let crimes = month.dated() + month.undated;
    let solved = solved + month.undated_solved;
    let expected = match &source.0 {
        Err(why) => Err(why.clone()),
        Ok((chances, _)) => expected(chances, &open, solved, crimes),
    };
    Nowcast {
        metric: input.metric.id.as_str().into(),
        force: month.force.clone(),
        level: month.level,
        unit: month.unit.clone(),
        scope: month.scope.clone(),
        period_start: month.month.first_day(),
        period_end: month.month.last_day().min(input.data_date),
        crimes,
        solved,
        still_open: open.iter().map(|still| still.number).sum(),
        undated: month.undated,
        undated_solved: month.undated_solved,
        reference: source.0.as_ref().ok().map(|(_, reference)| *reference),
        expected,
        basis: input.metric.basis,
        solved_set: input.definitions.pipeline.solved_set,
    }
}

fn expected(chances: &Chances, open: &[StillOpen], solved: u64, crimes: u64) -> Result<Expected, Arc<str>> {
    let youngest = open.first().and_then(|still| chances.open_and_to_come(still.age));
    if youngest.is_some_and(|(_, to_come)| to_come < FEWEST_TO_COME) {
        return Err(format!("of the reference fewer than {FEWEST_TO_COME} crimes were solved at such an age").into());
    }
    let prediction = chances.predict(open, Confidence::P95).map_err(|why| Arc::<str>::from(why.reason()))?;
    let share = |further: f64| (solved as f64 + further) / crimes as f64;
    let (lower, upper) = prediction.interval;
    Ok(Expected {
        value: share(prediction.expected),
        interval: Interval { lower: share(lower as f64), upper: share(upper as f64) },
        further_solved: prediction.expected,
        by_chance: prediction.chance.sqrt(),
        by_estimate: prediction.reference.sqrt(),
        between_cohorts: prediction.between.sqrt(),
    })
}
