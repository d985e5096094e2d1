//! XmR (individuals and moving range) charts by the rules of NHS England's *Making Data Count*.
//!
//! Limits: Wheeler DJ (2000), *Understanding Variation*; the mean plus and minus 2.66 mean moving ranges, moving ranges
//! of 3.267 times their mean or more screened out once. Rules: *Making data count: strengthening your decisions* (NHS
//! England), in the reading of the NHSRplotthedots package, which fixes every tie; they stand in their order at `rules`.
//!
//! A chart is one or more phases. Nothing crosses from one phase to the next: neither a moving range, nor a run, nor a
//! trend. The values of a phase are its final points in time order, without gaps; provisional points are left out.

mod rules;

pub use rules::{Class, Rule, rules};

use super::Polarity;

/// With fewer points than this a chart is a line without limits.
pub const MINIMUM_POINTS_FOR_LIMITS: usize = 13;

/// Mean moving ranges from the centre to a limit: 3 / d2, d2 = 1.128 for two points, as rounded in the sources.
const LIMIT_FACTOR: f64 = 2.66;
/// A moving range from this many mean moving ranges on is screened out (D4 for two points).
pub(super) const SCREENING_FACTOR: f64 = 3.267;
/// A point is near a limit beyond this part of the way from the centre.
const NEAR_LIMIT: f64 = 2.0 / 3.0;

/// Whether extreme moving ranges are left out of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screening {
    /// Moving ranges of 3.267 times their mean or more are dropped, once.
    On,
    /// All moving ranges count.
    Off,
}

/// Centre and limits of a phase, in the unit of its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Mean of the baseline.
    pub centre: f64,
    /// Lower process limit.
    pub lower: f64,
    /// Upper process limit.
    pub upper: f64,
    /// A point below this and not below `lower` is near the lower limit.
    pub near_lower: f64,
    /// A point above this and not above `upper` is near the upper limit.
    pub near_upper: f64,
}

impl Limits {
    /// False for a constant baseline, whose limits equal its mean: the chart then says "no variation".
    pub fn has_variation(&self) -> bool {
        self.lower < self.upper
    }
}

/// A phase with its limits and, for every point, the rule that fired.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// Limits, the same for every point of the phase.
    pub limits: Limits,
    /// One rule a point, in the order of the values.
    pub rules: Vec<Rule>,
}

/// Charts one phase.
///
/// `baseline_points`: how many of its first points make the limits; `None`, or more than there are, takes them all.
/// Returns `None` where the baseline has fewer than two points or a value is not finite. Whether there are
/// [`MINIMUM_POINTS_FOR_LIMITS`] is the caller's to check.
pub fn phase(values: &[f64], baseline_points: Option<usize>, screening: Screening) -> Option<Phase> {
    if values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let baseline = values.get(..baseline_points.unwrap_or(values.len())).unwrap_or(values);
    let limits = limits(baseline, screening)?;
    Some(Phase { limits, rules: rules(values, &vec![limits; values.len()]) })
}

/// Whether the process, left as it is, passes the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// The limits lie wholly on the better side of the target.
    AlwaysPassed,
    /// The limits lie wholly on the worse side of the target.
    NeverPassed,
    /// The target is between the limits or on one: it is passed or missed by chance.
    HitAndMiss,
}

impl Assurance {
    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AlwaysPassed => "always_passed",
            Self::NeverPassed => "never_passed",
            Self::HitAndMiss => "hit_and_miss",
        }
    }
}

/// The assurance of the latest phase against the target. `None` for a neutral metric.
pub fn assurance(limits: &Limits, target: f64, polarity: Polarity) -> Option<Assurance> {
    let (below, above) = match polarity {
        Polarity::HigherIsBetter => (Assurance::AlwaysPassed, Assurance::NeverPassed),
        Polarity::LowerIsBetter => (Assurance::NeverPassed, Assurance::AlwaysPassed),
        Polarity::Neutral => return None,
    };
    Some(if target < limits.lower {
        below
    } else if target > limits.upper {
        above
    } else {
        Assurance::HitAndMiss
    })
}

fn limits(baseline: &[f64], screening: Screening) -> Option<Limits> {
    let mean_moving_range = mean_moving_range(baseline, screening)?;
    let centre = mean(baseline)?;
    let half_width = LIMIT_FACTOR * mean_moving_range;
    Some(Limits {
        centre,
        lower: centre - half_width,
        upper: centre + half_width,
        near_lower: centre - NEAR_LIMIT * half_width,
        near_upper: centre + NEAR_LIMIT * half_width,
    })
}

/// The mean of the ranges between neighbours. `None` for fewer than two values.
pub(super) fn mean_moving_range(values: &[f64], screening: Screening) -> Option<f64> {
    let moving_ranges: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let unscreened = mean(&moving_ranges)?;
    Some(match screening {
        Screening::Off => unscreened,
        Screening::On => screened_mean(&moving_ranges, unscreened),
    })
}

/// The mean of the moving ranges below the screen.
///
/// Where only zeros would be left the screen is not applied: limits without width would call every point of a sparse
/// but varying series exceptional. For a constant series both means are zero.
fn screened_mean(moving_ranges: &[f64], unscreened: f64) -> f64 {
    let screen = SCREENING_FACTOR * unscreened;
    let kept: Vec<f64> = moving_ranges.iter().copied().filter(|range| *range < screen).collect();
    mean(&kept).filter(|mean| *mean > 0.0).unwrap_or(unscreened)
}

/// The mean, corrected once for rounding so that a constant series has exactly its value as mean, and a point on the
/// mean is on it.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    if values.iter().all(|value| *value == first) {
        return Some(first);
    }
    let count = values.len() as f64;
    let rough = values.iter().sum::<f64>() / count;
    Some(rough + values.iter().map(|value| value - rough).sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 4 3 6 5: moving ranges 2 1 3 1, mean 1.75; centre 4; half width 2.66 × 1.75 = 4.655.
    #[test]
    fn limits_worked_by_hand() {
        let limits = limits(&[2.0, 4.0, 3.0, 6.0, 5.0], Screening::On).unwrap();
        for (found, expected) in [
            (limits.centre, 4.0),
            (limits.lower, -0.655),
            (limits.upper, 8.655),
            (limits.near_lower, 4.0 - 4.655 * 2.0 / 3.0),
            (limits.near_upper, 4.0 + 4.655 * 2.0 / 3.0),
        ] {
            assert!((found - expected).abs() < 1e-12, "{limits:?}");
        }
    }

    /// Moving ranges 1 × 8 and 20 × 2: mean 4.8, screen 15.68, so the twenties go and the mean is 1.
    #[test]
    fn an_extreme_moving_range_is_screened_out_once() {
        let values = [5.0, 6.0, 5.0, 6.0, 5.0, 25.0, 5.0, 6.0, 5.0, 6.0, 5.0];
        let on = limits(&values, Screening::On).unwrap();
        let off = limits(&values, Screening::Off).unwrap();
        assert!((on.upper - on.centre - 2.66).abs() < 1e-12, "{on:?}");
        assert!((off.upper - off.centre - 2.66 * 4.8).abs() < 1e-12, "{off:?}");
    }

    /// Ten ranges of mean 1: one of 3.267, eight of 0.75 and one of 0.733. A range on the screen is dropped.
    #[test]
    fn a_range_on_the_screen_is_screened_out() {
        let values = [3.267, 0.0, 0.75, 0.0, 0.75, 0.0, 0.75, 0.0, 0.75, 0.0, 0.733];
        assert_eq!(mean_moving_range(&values, Screening::Off), Some(1.0));
        assert!((mean_moving_range(&values, Screening::On).unwrap() - 6.733 / 9.0).abs() < 1e-15);
    }

    /// The screen is 3.267 times the mean at any size: of ranges of 1 (eight) and 10 (two), mean 2.8, screen 9.15.
    #[test]
    fn the_screen_is_a_multiple_of_the_mean() {
        for size in [1e-6, 1.0, 1e6] {
            let values = [0.0, 1.0, 0.0, 1.0, 0.0, 10.0, 0.0, 1.0, 0.0, 1.0, 0.0].map(|value| value * size);
            let found = mean_moving_range(&values, Screening::On).unwrap();
            assert!((found / size - 1.0).abs() < 1e-12, "{found}");
            // Mean 2.6 of eight of 1 and two of 9, screen 8.49; of 8, mean 2.4 and screen 7.84; of 7, 2.2 and 7.19.
            let values = [0.0, 1.0, 0.0, 1.0, 0.0, 7.0, 0.0, 1.0, 0.0, 1.0, 0.0].map(|value| value * size);
            let found = mean_moving_range(&values, Screening::On).unwrap();
            assert!((found / size - 2.2).abs() < 1e-12, "{found}");
        }
    }

    /// Python `float(sum(map(Fraction, values)) / len(values))`: the nearest number to the mean, where a sum over its
    /// number is one digit off or runs over.
    #[test]
    fn the_mean_is_exact() {
        for (values, expected) in [
            (&[0.1, 0.2, 0.3][..], 0.2),
            (&[0.1, 0.3, 0.2], 0.2),
            (&[1.1, 2.2, 3.3], 2.2),
            (&[0.7, 0.1, 0.1, 0.3], 0.3),
            (&[1e9, 1e9 + 1.0, 1e9 + 3.0], 1_000_000_001.333_333_4),
            (&[1e308; 24], 1e308),
        ] {
            assert_eq!(mean(values), Some(expected), "{values:?}");
        }
    }

    #[test]
    fn a_constant_series_has_limits_at_its_mean_and_no_rule() {
        for value in [0.0, 0.1, 1.0 / 3.0, 17.0] {
            for screening in [Screening::On, Screening::Off] {
                let phase = phase(&[value; 24], None, screening).unwrap();
                let limits = phase.limits;
                assert_eq!((limits.lower, limits.centre, limits.upper), (value, value, value));
                assert!(!limits.has_variation());
                assert_eq!(phase.rules, vec![Rule::CommonCause; 24]);
            }
        }
    }

    #[test]
    fn a_sparse_series_keeps_its_limits() {
        let mut values = [0.0; 24];
        values[10] = 2.0;
        let phase = phase(&values, None, Screening::On).unwrap();
        assert!(phase.limits.has_variation());
        assert!(phase.limits.contains_all_but_one(&values), "{:?}", phase.limits);
    }

    impl Limits {
        fn contains_all_but_one(&self, values: &[f64]) -> bool {
            values.iter().filter(|value| **value < self.lower || **value > self.upper).count() == 1
        }
    }

    #[test]
    fn limits_come_from_the_baseline_alone() {
        let values = [2.0, 4.0, 3.0, 6.0, 5.0, 100.0];
        let fixed = phase(&values, Some(5), Screening::On).unwrap();
        assert_eq!(fixed.limits, limits(&values[..5], Screening::On).unwrap());
        assert_eq!(fixed.rules[5], Rule::AboveUpperLimit);
        assert_eq!(phase(&values, Some(60), Screening::On), phase(&values, None, Screening::On));
    }

    #[test]
    fn too_little_has_no_limits() {
        assert_eq!(phase(&[], None, Screening::On), None);
        assert_eq!(phase(&[1.0], None, Screening::On), None);
        assert_eq!(phase(&[1.0, 2.0], Some(1), Screening::On), None);
        assert_eq!(phase(&[1.0, f64::NAN, 2.0], None, Screening::On), None);
    }

    #[test]
    fn a_target_on_a_limit_is_hit_and_miss() {
        let limits = Limits { centre: 4.0, lower: 2.0, upper: 6.0, near_lower: 3.0, near_upper: 5.0 };
        use Assurance::{AlwaysPassed, HitAndMiss, NeverPassed};
        for (target, higher, lower) in [
            (1.9, AlwaysPassed, NeverPassed),
            (2.0, HitAndMiss, HitAndMiss),
            (4.0, HitAndMiss, HitAndMiss),
            (6.0, HitAndMiss, HitAndMiss),
            (6.1, NeverPassed, AlwaysPassed),
        ] {
            assert_eq!(assurance(&limits, target, Polarity::HigherIsBetter), Some(higher), "{target}");
            assert_eq!(assurance(&limits, target, Polarity::LowerIsBetter), Some(lower), "{target}");
            assert_eq!(assurance(&limits, target, Polarity::Neutral), None);
        }
    }
}
