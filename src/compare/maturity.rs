//! How fast crimes are dealt with, and what a fresh month is expected to come to.
//!
//! In: the crimes of each month of recording by day of age ([`CohortMonth`]). Out: for each unit and scope a curve for each
//! quarter and one for the reference, earlier quarters together, and a nowcast for each recent month. Quarters are long
//! enough to be read by area and offence group, and short enough that the newest says something of now; months are
//! what the solved rate is shown by.

mod curves;
mod expected;
mod reference;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::definitions::{Definitions, Metric};
use crate::domain::Month;
use crate::tables::cohort::{CAUSES, CohortDay, CohortMonth};
use crate::tables::maturity::MaturityPoint;
use crate::tables::nowcast::Nowcast;
use reference::ReferencePeriod;

/// The cohorts of a build.
#[derive(Clone, Copy)]
pub struct MaturityInput<'a> {
    pub definitions: &'a Definitions,
    /// The share of recorded crimes that the curves are of.
    pub metric: &'a Metric,
    /// By force, level, unit, scope and month.
    pub cohorts: &'a [CohortMonth],
    /// Of the extract.
    pub first_day: NaiveDate,
    pub data_date: NaiveDate,
}

/// What the cohorts show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Maturity {
    /// By force, level, unit and scope; quarters by date, then the reference; then by day.
    pub curves: Vec<MaturityPoint>,
    /// By force, level, unit, scope and month.
    pub nowcasts: Vec<Nowcast>,
}

/// Curves and nowcasts of every unit and scope.
pub fn maturity(input: &MaturityInput<'_>) -> Maturity {
    let period = ReferencePeriod::choose(input.first_whole_month(), input.data_date);
    let mut made = Maturity::default();
    let same = |a: &CohortMonth, b: &CohortMonth| {
        (&a.force, a.level, &a.unit, &a.scope) == (&b.force, b.level, &b.unit, &b.scope)
    };
    for months in input.cohorts.chunk_by(same) {
        made.curves.extend(curves::of_series(input, months, period));
        made.nowcasts.extend(expected::of_series(input, months, period));
    }
    made
}

impl MaturityInput<'_> {
    /// The first month that the extract covers from its first day.
    fn first_whole_month(&self) -> Month {
        let month = Month::of(self.first_day);
        if month.first_day() == self.first_day { month } else { month.plus(1) }
    }
}

/// The crimes of several months together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Pool {
    days: Vec<CohortDay>,
    dated: u64,
    undated: u64,
    undated_solved: u64,
}

impl Pool {
    fn of<'c>(months: impl Iterator<Item = &'c CohortMonth>) -> Self {
        let mut pool = Self::default();
        for month in months {
            pool.undated += month.undated;
            pool.undated_solved += month.undated_solved;
            pool.dated += month.dated();
            pool.days.extend(&month.days);
        }
        pool.days.sort_by_key(|day| day.day);
        pool.days = pool.days.chunk_by(|a, b| a.day == b.day).map(sum).collect();
        pool
    }

    fn crimes(&self) -> u64 {
        self.dated + self.undated
    }
}

fn sum(days: &[CohortDay]) -> CohortDay {
    days.iter().fold(CohortDay::default(), |all, day| CohortDay {
        day: day.day,
        ended: std::array::from_fn::<u64, CAUSES, _>(|cause| all.ended[cause] + day.ended[cause]),
        open: all.open + day.open,
        ended_of_age: all.ended_of_age + day.ended_of_age,
    })
}
