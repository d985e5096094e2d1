//! Control charts beside XmR: Shewhart's charts, Laney's for uneven dispersion, and the run chart.
//!
//! | function | plotted | centre | sigma of point i |
//! |---|---|---|---|
//! | [`run`] | value | median | none: no limits |
//! | [`individuals`] | value | mean | mean moving range / 1.128 |
//! | [`moving_range`] | range to the point before | mean range | 0.756 mean range, so that 3 sigma end at 3.267 |
//! | [`time_between`] | days between events | see there | that of I on y^(1/3.6), transformed back |
//! | [`c`] | count | mean c | √c |
//! | [`p`] | numerator / denominator | pooled p | √(p(1 - p)/nᵢ) |
//! | [`u`] | numerator / denominator | pooled u | √(u/nᵢ) |
//! | [`p_prime`], [`u_prime`] | as p, u | as p, u | sigma of p or u times sigma z |
//!
//! Montgomery DC (2013), *Introduction to Statistical Quality Control*, 7th ed., chapters 6 and 7; the settings (freeze,
//! excluded points, screening) as in the qicharts2 package. [`choose`] says which chart a series of counts asks for.
//!
//! A chart is one or more phases, and a function here charts one: nothing crosses from one phase to the next. Centre,
//! limits and values of a phase are in the unit of its values; [`Phase::times`] gives per cent or per 1,000.

mod attributes;
mod choice;
mod count_kind;
mod dispersion;
mod individuals;
mod laney;
mod moving_range;
mod run_chart;
mod runs;
#[cfg(test)]
mod tests;
mod time_between;

pub use attributes::{c, p, u};
pub use choice::{Chart, Choice, RARE_BELOW_MEDIAN_EVENTS, Reason, choose};
pub use count_kind::CountKind;
pub use dispersion::{Dispersion, dispersion};
pub use individuals::individuals;
pub use laney::{p_prime, u_prime};
pub use moving_range::moving_range;
pub use run_chart::run;
pub use runs::Runs;
pub use time_between::time_between;

use super::xmr::Limits;
use super::{Interval, Undefined};

/// Mean moving range of two normal values, in standard deviations (d2), as rounded in the sources.
const D2: f64 = 1.128;
/// Where values of any size and sign can be.
const ANYWHERE: Interval = Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY };
/// Where counts, rates and ranges can be.
const NOT_NEGATIVE: Interval = Interval { lower: 0.0, upper: f64::INFINITY };

/// Which points of a phase make its centre and limits. The default takes them all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Baseline<'a> {
    /// The limits are frozen after this many points of the phase, excluded ones counted; `None`, or more than there
    /// are, freezes nothing.
    pub freeze_after: Option<usize>,
    /// Positions, counted from 0 in the phase, of points that are in no centre, limit or run. They are plotted, and
    /// held against the limits. A position past the end names no point.
    pub excluded: &'a [usize],
}

impl Baseline<'_> {
    fn includes(&self, position: usize) -> bool {
        !self.excluded.contains(&position)
    }

    fn makes_limits(&self, position: usize) -> bool {
        self.includes(position) && self.freeze_after.is_none_or(|points| position < points)
    }

    /// The items that make the limits, gaps left out.
    fn of<T: Copy>(&self, items: &[Option<T>]) -> Vec<T> {
        items.iter().enumerate().filter(|(position, _)| self.makes_limits(*position)).filter_map(|(_, x)| *x).collect()
    }
}

/// A point of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The value plotted; `None` for a gap: a denominator of zero, or no point before to have a range to.
    pub value: Option<f64>,
    /// Centre ± 2 sigma, cut where no value can be; `None` for a gap and on a run chart.
    pub limits_2_sigma: Option<Interval>,
    /// Centre ± 3 sigma, cut where no value can be; `None` as above.
    pub limits_3_sigma: Option<Interval>,
    /// True where the value is strictly outside the 3-sigma limits.
    pub is_outside: bool,
}

/// A charted phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// The centre line.
    pub centre: f64,
    /// One point for each input, in their order.
    pub points: Vec<Point>,
    /// Runs and crossings; `None` where every point lies on the centre line.
    pub runs: Option<Runs>,
    /// Laney's sigma z: above 1 for over-dispersion, below 1 for under-dispersion. `None` on the other charts, and
    /// where the centre leaves no variation to compare with.
    pub sigma_z: Option<f64>,
}

impl Phase {
    /// The phase in another unit: values, centre and limits times a positive `multiplier`, such as 100 for per cent.
    #[must_use]
    pub fn times(self, multiplier: f64) -> Self {
        self.map(|number| number * multiplier)
    }

    /// The limits that [`super::xmr::rules`] holds each point against: near a limit is beyond 2 sigma. `None` for a gap
    /// and on a run chart.
    pub fn limits(&self) -> Vec<Option<Limits>> {
        let of = |point: &Point| {
            let (near, outer) = (point.limits_2_sigma?, point.limits_3_sigma?);
            Some(Limits {
                centre: self.centre,
                lower: outer.lower,
                upper: outer.upper,
                near_lower: near.lower,
                near_upper: near.upper,
            })
        };
        self.points.iter().map(of).collect()
    }

    /// Values, centre and limits through a function that keeps their order.
    fn map(mut self, change: impl Fn(f64) -> f64) -> Self {
        let ends = |limits: Interval| Interval { lower: change(limits.lower), upper: change(limits.upper) };
        for point in &mut self.points {
            point.value = point.value.map(&change);
            point.limits_2_sigma = point.limits_2_sigma.map(ends);
            point.limits_3_sigma = point.limits_3_sigma.map(ends);
        }
        self.centre = change(self.centre);
        self
    }
}

/// Draws a phase: limits at centre ± 2 and 3 sigma within `range`, points outside, runs.
///
/// `values` and `sigmas` have one item a point; a value that is `None` is a gap, a sigma that is `None` gives no limits.
fn draw(
    values: &[Option<f64>],
    centre: f64,
    sigmas: &[Option<f64>],
    range: Interval,
    baseline: &Baseline,
) -> Result<Phase, Undefined> {
    let furthest = |sigma: &Option<f64>| sigma.map_or(centre, |sigma| centre.abs() + 3.0 * sigma);
    if !values.iter().flatten().copied().chain(sigmas.iter().map(furthest)).all(f64::is_finite) {
        return Err(Undefined::NotFinite);
    }
    let limits = |sigma: f64, sigmas: f64| Interval {
        lower: (centre - sigmas * sigma).max(range.lower),
        upper: (centre + sigmas * sigma).min(range.upper),
    };
    let point = |(value, sigma): (&Option<f64>, &Option<f64>)| {
        let sigma = sigma.filter(|_| value.is_some());
        let limits_3_sigma = sigma.map(|sigma| limits(sigma, 3.0));
        let is_outside = value.zip(limits_3_sigma).is_some_and(|(value, limits)| !limits.contains(value));
        Point { value: *value, limits_2_sigma: sigma.map(|sigma| limits(sigma, 2.0)), limits_3_sigma, is_outside }
    };
    let included = values.iter().enumerate().filter(|(position, _)| baseline.includes(*position));
    Ok(Phase {
        centre,
        points: values.iter().zip(sigmas).map(point).collect(),
        runs: Runs::about(centre, included.filter_map(|(_, value)| *value)),
        sigma_z: None,
    })
}

/// Values as points without gaps.
fn finite(values: &[f64]) -> Result<Vec<Option<f64>>, Undefined> {
    values.iter().map(|value| value.is_finite().then_some(Some(*value)).ok_or(Undefined::NotFinite)).collect()
}
