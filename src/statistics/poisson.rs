//! Intervals of counts, rates and ratios whose numerator is a Poisson count.
//!
//! The exact interval (Garwood 1936, *Biometrika* 28:437-442) of a count x, through the chi-square distribution, is
//!
//! ```text
//! χ²(α/2; 2x) / 2   to   χ²(1 - α/2; 2x + 2) / 2
//! ```
//!
//! It is used below 10 events and Byar's approximation from 10 on, as public health in England does
//! (Eayres D, *Commonly used public health statistics and their confidence intervals*, APHO Technical Briefing 3, 2008).
//! Counts may be fractional.

use super::estimate::check_count_over_denominator;
use super::{Confidence, Estimate, Interval, Method, Undefined, byars};
use statrs::function::gamma;
use std::sync::LazyLock;

/// Counts from here on take Byar's approximation.
pub const BYAR_FROM_COUNT: f64 = 10.0;

/// Whole counts below this are answered from a table, as most small counts are whole.
const TABLED_COUNTS: usize = BYAR_FROM_COUNT as usize;

/// Below this ln x the first term of the series for P is P itself, to the last digit.
const LN_NEGLIGIBLE: f64 = -40.0;
/// Newton steps in ln x below this change nothing that matters; a handful reach it.
const STEP_PRECISION: f64 = 1e-14;
const MOST_STEPS: usize = 50;

static TABLE: LazyLock<[Vec<Option<Interval>>; 2]> = LazyLock::new(|| {
    Confidence::BOTH.map(|confidence| (0_u8..TABLED_COUNTS as u8).map(|x| garwood(x.into(), confidence)).collect())
});

/// The exact Poisson interval of a count of any size. `None` for a negative or infinite count.
pub fn exact_interval(count: f64, confidence: Confidence) -> Option<Interval> {
    if !(count.is_finite() && count >= 0.0) {
        return None;
    }
    if count < BYAR_FROM_COUNT && count.fract() == 0.0 {
        let row = match confidence {
            Confidence::P95 => &TABLE[0],
            Confidence::P998 => &TABLE[1],
        };
        return row.get(count as usize).copied().flatten();
    }
    garwood(count, confidence)
}

/// The interval of a count: exact below 10 events, Byar from 10 on. `None` for a negative or infinite count.
pub fn interval(count: f64, confidence: Confidence) -> Option<Interval> {
    if count < BYAR_FROM_COUNT { exact_interval(count, confidence) } else { byars::interval(count, confidence) }
}

/// A count with its intervals.
///
/// # Errors
/// [`Undefined::NegativeCount`] or [`Undefined::NotFinite`].
pub fn count(count: f64) -> Result<Estimate, Undefined> {
    over_fixed_denominator(count, 1.0, Method::ExactPoisson, Method::ByarPoisson)
}

/// A rate: a count of events over a denominator taken as known, such as residents / 1000.
///
/// # Errors
/// [`Undefined::ZeroDenominator`], [`Undefined::NegativeCount`] or [`Undefined::NotFinite`].
pub fn rate(count: f64, denominator: f64) -> Result<Estimate, Undefined> {
    over_fixed_denominator(count, denominator, Method::ExactPoisson, Method::ByarPoisson)
}

/// A ratio on the closed basis: outcomes given in a period over crimes recorded in it.
///
/// The numerator is no subset of the denominator, so the ratio may pass 1 and no binomial holds: the numerator is
/// taken as a Poisson count and the denominator as fixed.
///
/// # Errors
/// As [`rate`].
pub fn ratio(numerator: f64, denominator: f64) -> Result<Estimate, Undefined> {
    over_fixed_denominator(
        numerator,
        denominator,
        Method::ExactPoissonOverFixedDenominator,
        Method::ByarPoissonOverFixedDenominator,
    )
}

fn over_fixed_denominator(count: f64, denominator: f64, exact: Method, byar: Method) -> Result<Estimate, Undefined> {
    check_count_over_denominator(count, denominator)?;
    let method = if count < BYAR_FROM_COUNT { exact } else { byar };
    Ok(Estimate::with(count / denominator, method, |confidence| {
        interval(count, confidence).map(|limits| limits.divided_by(denominator))
    }))
}

/// Garwood's limits; a chi-square with 2x degrees of freedom, halved, is a gamma of shape x and rate 1.
fn garwood(count: f64, confidence: Confidence) -> Option<Interval> {
    let tail = confidence.alpha() / 2.0;
    let lower = if count == 0.0 { 0.0 } else { gamma_quantile(count, tail, -confidence.z())? };
    Some(Interval { lower, upper: gamma_quantile(count + 1.0, 1.0 - tail, confidence.z())? })
}

/// The quantile of a gamma distribution with rate 1; `z` is the normal quantile of the same probability.
///
/// Newton's method on ln P against ln x: P is log-concave in ln x, so from either side the steps close in on the root
/// without a bracket, and the smallest quantiles keep their relative precision.
fn gamma_quantile(shape: f64, probability: f64, z: f64) -> Option<f64> {
    let wilson_hilferty = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
    // P is x^shape / Γ(shape + 1) for small x, and never above it.
    let small = (probability.ln() + gamma::ln_gamma(shape + 1.0)) / shape;
    let mut ln_x = if wilson_hilferty > 0.0 && shape > 1.0 { shape.ln() + 3.0 * wilson_hilferty.ln() } else { small };
    if ln_x < LN_NEGLIGIBLE {
        return Some(ln_x.exp());
    }
    for _ in 0..MOST_STEPS {
        let below = gamma::checked_gamma_lr(shape, ln_x.exp()).ok()?;
        let slope = (shape * ln_x - ln_x.exp() - gamma::ln_gamma(shape)).exp() / below;
        let step = (below.ln() - probability.ln()) / slope;
        ln_x -= step;
        if step.abs() < STEP_PRECISION {
            break;
        }
    }
    Some(ln_x.exp()).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() <= 1e-9 * right.abs()
    }

    /// No event seen: the upper limit solves exp(-u) = α/2.
    #[test]
    fn no_event_has_a_closed_form() {
        for confidence in Confidence::BOTH {
            let limits = exact_interval(0.0, confidence).unwrap();
            assert_eq!(limits.lower, 0.0);
            assert!(close(limits.upper, -(confidence.alpha() / 2.0).ln()));
        }
    }

    /// The lower limit of one event solves 1 - exp(-l) = α/2.
    #[test]
    fn one_event_has_a_closed_form_below() {
        for confidence in Confidence::BOTH {
            let limits = exact_interval(1.0, confidence).unwrap();
            assert!(close(limits.lower, -(-confidence.alpha() / 2.0).ln_1p()));
        }
    }

    /// scipy 1.17.1 `gammaincinv(x, 0.001)`, `gammainccinv(x + 1, 0.001)`: fractional counts, whose lower limits are
    /// minute, and large ones.
    #[test]
    fn agrees_with_scipy_far_out() {
        for (x, lower, upper) in [
            (0.1, 6.073048362407869e-31, 7.167038857067781),
            (0.3, 6.972699096783344e-11, 7.662362885177724),
            (0.95, 0.0006807152380930817, 9.12733789495503),
            (1.5, 0.012148792907846366, 10.257502826216438),
            (2.75, 0.14474071328751406, 12.615027460339304),
            (123.5, 91.98481609773741, 161.8470766727436),
            (100000.0, 99025.63189050092, 100981.07267802989),
            (10000000.0, 9990230.677189464, 10009776.022989536),
        ] {
            let limits = exact_interval(x, Confidence::P998).unwrap();
            assert!(close(limits.lower, lower) && close(limits.upper, upper), "{x}: {limits:?}");
        }
    }

    #[test]
    fn the_table_equals_the_formula() {
        for confidence in Confidence::BOTH {
            for x in 0_u8..12 {
                assert_eq!(exact_interval(x.into(), confidence), garwood(x.into(), confidence), "{x}");
            }
        }
    }

    #[test]
    fn the_method_changes_at_ten_events() {
        for (x, method) in [(0.0, Method::ExactPoisson), (9.99, Method::ExactPoisson), (10.0, Method::ByarPoisson)] {
            assert_eq!(rate(x, 4.0).unwrap().method, method);
            assert_eq!(count(x).unwrap().method, method);
        }
        assert_eq!(ratio(9.0, 4.0).unwrap().method, Method::ExactPoissonOverFixedDenominator);
        assert_eq!(ratio(10.0, 4.0).unwrap().method, Method::ByarPoissonOverFixedDenominator);
    }

    #[test]
    fn a_ratio_may_pass_one_and_keeps_its_interval_round_it() {
        let estimate = ratio(30.0, 20.0).unwrap();
        assert_eq!(estimate.value, 1.5);
        for confidence in Confidence::BOTH {
            assert!(estimate.interval(confidence).unwrap().contains(1.5));
        }
    }

    #[test]
    fn intervals_hold_the_value_and_widen_with_the_level() {
        for quarter in 0..800 {
            let x = f64::from(quarter) / 4.0;
            let estimate = rate(x, 3.7).unwrap();
            let (inner, outer) = (estimate.interval_95.unwrap(), estimate.interval_998.unwrap());
            assert!(inner.contains(estimate.value), "{x} {inner:?}");
            assert!(outer.lower <= inner.lower && inner.upper < outer.upper, "{x} {inner:?} {outer:?}");
        }
    }

    /// Weighted counts, down to a lower limit too small for a number: scipy 1.17.1 `gammaincinv(a, 0.025)` and
    /// `gammaincinv(a + 1, 0.975)`.
    #[test]
    fn less_than_one_event() {
        for (count, lower, upper) in [
            (0.3, 3.185_679_031_739_169_3e-6, 4.293_777_110_863_577),
            (0.05, 5.315_661_889_914_36e-33, 3.793_225_256_088_418),
            (0.001, 0.0, 3.690_982_558_821_381_6),
        ] {
            let found = exact_interval(count, Confidence::P95).unwrap();
            assert!((found.lower - lower).abs() <= 1e-9 * lower, "{count}: {found:?}");
            assert!((found.upper / upper - 1.0).abs() < 1e-9, "{count}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_count_has_no_interval() {
        for count in [-1.0, -0.5, f64::NEG_INFINITY, f64::INFINITY, f64::NAN] {
            for confidence in Confidence::BOTH {
                assert_eq!((exact_interval(count, confidence), interval(count, confidence)), (None, None), "{count}");
            }
        }
    }

    #[test]
    fn what_is_no_rate_says_why() {
        assert_eq!(rate(3.0, 0.0), Err(Undefined::ZeroDenominator));
        assert_eq!(ratio(0.0, 0.0), Err(Undefined::ZeroDenominator));
        assert_eq!(count(-1.0), Err(Undefined::NegativeCount));
        assert_eq!(count(f64::NAN), Err(Undefined::NotFinite));
        assert_eq!(interval(-0.5, Confidence::P95), None);
        assert_eq!(interval(f64::NAN, Confidence::P95), None);
    }
}
