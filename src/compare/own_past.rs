//! A figure beside the same period a year earlier.

use std::collections::HashMap;
use std::f64::consts::SQRT_2;

use statrs::function::erf;

use super::judgement::Judgement;
use super::{Comparer, period_of, unit_value};
use crate::domain::{Kind, Level, Month, Period, Scope};
use crate::statistics::comparison::{Test, Variance, against_own_past};
use crate::statistics::two_poisson_rates::{self, Events};
use crate::statistics::two_proportions;
use crate::tables::comparison::{Comparator, Comparison, ComparisonMethod};
use crate::tables::figure::Figure;

/// Below this expected count a normal test is not relied on (Cochran WG 1954, *Biometrics* 10:417-451).
const SMALL_EXPECTED: f64 = 5.0;

type Unit<'a> = (Level, &'a str, &'a str);

/// Final figures by unit, scope and period.
pub(super) struct Past<'a> {
    figures: HashMap<(Unit<'a>, &'a str, Period), &'a Figure>,
    /// The first month of each unit's figures.
    first_seen: HashMap<Unit<'a>, Month>,
}

/// What a figure was a year ago.
enum Earlier<'a> {
    Figure(&'a Figure),
    /// A count of a period that the data cover, without an event and so without a row.
    NoEvent,
}

fn unit(figure: &Figure) -> Unit<'_> {
    (figure.level, &figure.force, &figure.unit)
}

impl<'a> Past<'a> {
    pub fn new(subjects: &[&'a Figure]) -> Self {
        let mut past = Self { figures: HashMap::with_capacity(subjects.len()), first_seen: HashMap::new() };
        for figure in subjects {
            let period = period_of(figure);
            past.figures.insert((unit(figure), &figure.scope, period), figure);
            let first = past.first_seen.entry(unit(figure)).or_insert(period.first);
            *first = period.first.min(*first);
        }
        past
    }

    fn earlier(&self, kind: Kind, figure: &'a Figure) -> Option<(Period, Earlier<'a>)> {
        let now = period_of(figure);
        let then = Period { first: now.first.plus(-12), last: now.last.plus(-12), ..now };
        if let Some(found) = self.figures.get(&(unit(figure), &figure.scope, then)) {
            return Some((then, Earlier::Figure(found)));
        }
        let force = (
            if figure.level == Level::National { Level::National } else { Level::Force },
            &*figure.force,
            &*figure.force,
        );
        let covered = self.figures.contains_key(&(force, Scope::all().as_str(), then));
        let existed = self.first_seen.get(&unit(figure)).is_some_and(|first| *first <= then.first);
        (kind == Kind::Count && covered && existed).then_some((then, Earlier::NoEvent))
    }
}

impl<'a> Comparer<'a> {
    /// By sampling variance alone, as what sets a unit apart from others is in both periods and cancels. Small counts
    /// are tested exactly. Two month ends of a stock share the records that are still open a year later, which the test
    /// does not know: it errs towards similar. Of crimes that are followed without end, those of a year ago have had a year
    /// longer: both values are shown, and nothing is said of their difference.
    pub(super) fn own_past(&self, figure: &'a Figure) -> Option<Comparison> {
        let kind = self.metric.kind;
        let (then, earlier) = self.past.earlier(kind, figure)?;
        let value = figure.value?;
        let (past_value, basis) = match earlier {
            Earlier::Figure(past) => (past.value?, past.basis),
            Earlier::NoEvent => (0.0, figure.basis),
        };
        let tested = match earlier {
            _ if self.metric.is_followed_without_end() => None,
            Earlier::Figure(past) => tested(kind, figure, past),
            Earlier::NoEvent => poisson_exact((figure.numerator?, 1.0), (0.0, 1.0)),
        };
        let polarity = self.polarity(&figure.scope);
        let judgement = match tested {
            Some((method, test)) => Judgement::by_sampling(value, past_value, method, Some(test), polarity),
            None => Judgement::untested(value, past_value),
        };
        Some(Comparison {
            comparator_period_end: Some(then.last.last_day()),
            comparator_basis: basis,
            ..self.row(figure, Comparator::SamePeriodLastYear, judgement)
        })
    }
}

/// The test of two independent figures of one kind: exact where counts are small.
pub(super) fn tested(kind: Kind, own: &Figure, other: &Figure) -> Option<(ComparisonMethod, Test)> {
    exact(kind, own, other).or_else(|| normal(kind, own, other))
}

fn normal(kind: Kind, own: &Figure, past: &Figure) -> Option<(ComparisonMethod, Test)> {
    let comparison = against_own_past(unit_value::unit_value(kind, own)?, unit_value::unit_value(kind, past)?)?;
    Some((ComparisonMethod::NormalSampling, comparison.test(Variance::Sampling)?))
}

/// The exact test where an expected count is small; `None` where none is, or the figures are no counts.
fn exact(kind: Kind, own: &Figure, past: &Figure) -> Option<(ComparisonMethod, Test)> {
    let counts = |f: &Figure| Some((f.numerator?, f.denominator.unwrap_or(1.0)));
    match kind {
        Kind::Proportion | Kind::Stock if !unit_value::is_weighted(own) && !unit_value::is_weighted(past) => {
            fisher_exact(counts(own)?, counts(past)?)
        }
        Kind::Count | Kind::Ratio | Kind::Rate => poisson_exact(counts(own)?, counts(past)?),
        _ => None,
    }
}

fn fisher_exact(own: (f64, f64), past: (f64, f64)) -> Option<(ComparisonMethod, Test)> {
    let (successes, trials) = (own.0 + past.0, own.1 + past.1);
    let rarer = successes.min(trials - successes);
    if rarer * own.1.min(past.1) / trials >= SMALL_EXPECTED {
        return None;
    }
    let whole = |counts: (f64, f64)| Some((whole(counts.0)?, whole(counts.1)?));
    let p_value = two_proportions::fisher_exact_p_value(whole(own)?, whole(past)?)?;
    Some((ComparisonMethod::FisherExact, test(p_value, own.0 / own.1 - past.0 / past.1)))
}

fn poisson_exact(own: (f64, f64), past: (f64, f64)) -> Option<(ComparisonMethod, Test)> {
    let (events, exposure) = (own.0 + past.0, own.1 + past.1);
    if events * own.1.min(past.1) / exposure >= SMALL_EXPECTED {
        return None;
    }
    let events = |(count, exposure): (f64, f64)| Some(Events { count: whole(count)?, exposure });
    let found = two_poisson_rates::compare(events(own)?, events(past)?)?;
    Some((ComparisonMethod::PoissonExact, test(found.p_value_exact, own.0 / own.1 - past.0 / past.1)))
}

fn whole(count: f64) -> Option<u64> {
    (count >= 0.0 && count.fract() == 0.0).then_some(count as u64)
}

/// An exact p-value as the normal score that has it, in the direction of the difference.
fn test(p_value: f64, difference: f64) -> Test {
    let z = SQRT_2 * erf::erfc_inv(p_value.clamp(0.0, 1.0));
    Test { z: if difference < 0.0 { -z } else { z }, p_value }
}
