//! The season of a phase, taken out before its chart is made and put back into its limits.
//!
//! | kind | season |
//! |---|---|
//! | count (of events a day), ratio, rate | a factor of each calendar month |
//! | proportion, mean, quantile | what each calendar month adds |
//!
//! It is looked for in the months that make the limits, from 36 final ones on, and taken out where calendar months differ
//! beyond chance (`statistics::seasonality`).

use super::super::monthly::Point;
use crate::domain::Kind;
use crate::statistics::seasonality::{Adjustment, Model, seasonality};
use crate::statistics::xmr::Limits;

/// What was looked for, and found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Season {
    /// Of the test whether calendar months differ.
    pub p_value: f64,
    adjustment: Option<Adjustment>,
    /// Counts of events: their season is that of events a day, as months differ in length.
    per_day: bool,
}

/// The season of the months before `baseline`; `None` where there are too few to ask, or no such season can be.
pub(super) fn season(kind: Kind, months: &[Point], baseline: usize) -> Option<Season> {
    let per_day = kind == Kind::Count;
    let model = match kind {
        Kind::Count | Kind::Ratio | Kind::Rate => Model::Multiplicative,
        Kind::Proportion | Kind::Mean | Kind::Quantile => Model::Additive,
        Kind::Stock => return None,
    };
    let value = |point: &Point| {
        let value = point.value.filter(|_| point.is_judged())?;
        Some(if per_day { value / point.days() } else { value })
    };
    let values: Vec<Option<f64>> = months.iter().take(baseline).map(value).collect();
    let found = seasonality(&values, months.first()?.month.number(), model).ok()?;
    Some(Season { p_value: found.test.p_value, adjustment: found.adjustment, per_day })
}

impl Season {
    /// What a month adds, or multiplies by; `None` where no season was found.
    pub fn effect(&self, point: &Point) -> Option<f64> {
        let adjustment = self.adjustment.as_ref()?;
        Some(adjustment.effects[point.month.number() as usize - 1])
    }

    /// The months without it. `None` where none was found, or counts cannot be had without it.
    pub fn without(&self, months: &[Point]) -> Option<Vec<Point>> {
        const GAP: (f64, f64) = (0.0, 0.0);
        let adjustment = self.adjustment.as_ref()?;
        let first = months.first()?.month.number();
        let counts: Vec<(f64, f64)> = months.iter().map(|m| m.value.and(m.counts).unwrap_or(GAP)).collect();
        let counts = if self.per_day { counts } else { adjustment.counts(&counts, first)? };
        let without = |(point, counts): (&Point, (f64, f64))| {
            let effect = self.effect(point)?;
            let value = point.value.map(|value| match adjustment.model {
                Model::Additive => value - effect,
                Model::Multiplicative => value / effect,
            });
            Some(Point { value, counts: point.counts.map(|_| counts), ..*point })
        };
        months.iter().zip(counts).map(without).collect()
    }

    /// Limits of a month with it.
    pub fn with(&self, point: &Point, limits: Limits) -> Limits {
        let (Some(effect), Some(adjustment)) = (self.effect(point), &self.adjustment) else { return limits };
        let back = |limit: f64| match adjustment.model {
            Model::Additive => limit + effect,
            Model::Multiplicative => limit * effect,
        };
        Limits {
            centre: back(limits.centre),
            lower: back(limits.lower),
            upper: back(limits.upper),
            near_lower: back(limits.near_lower),
            near_upper: back(limits.near_upper),
        }
    }
}
