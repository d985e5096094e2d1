//! Wilson score interval of a proportion.
//!
//! Wilson EB (1927), *JASA* 22:209-212; form of Newcombe RG (1998), *Statistics in Medicine* 17:857-872, method 3:
//!
//! ```text
//! (2x + z² ± z·sqrt(z² + 4x(1 - x/n))) / (2(n + z²))
//! ```
//!
//! The interval is the set of proportions that the score test does not reject, so it stays inside 0 to 1 and is not
//! empty at 0 or n events.

use super::estimate::check_count_over_denominator;
use super::{Confidence, Estimate, Interval, Method, Undefined};

/// The Wilson interval of `numerator` out of `denominator`; both may be fractional.
///
/// `None` when the denominator is not above zero, or the numerator is negative or greater than the denominator.
pub fn interval(numerator: f64, denominator: f64, confidence: Confidence) -> Option<Interval> {
    check(numerator, denominator).ok()?;
    let z_squared = confidence.z() * confidence.z();
    let proportion = numerator / denominator;
    let root = confidence.z() * (z_squared + 4.0 * numerator * (1.0 - proportion)).sqrt();
    let sum = 2.0 * numerator + z_squared + root;
    // The lower end as product of the two roots over the upper one: no cancellation when x/n is small, exactly 0 at x = 0.
    let lower = 2.0 * numerator * proportion / sum;
    // At x = n the upper end is exactly 1, which rounding may miss by one unit in the last place.
    let upper = if numerator == denominator { 1.0 } else { sum / (2.0 * (denominator + z_squared)) };
    Some(Interval { lower, upper: upper.min(1.0) })
}

/// A proportion (0 to 1) with its Wilson intervals.
///
/// # Errors
/// [`Undefined::ZeroDenominator`], [`Undefined::ProportionAboveOne`], [`Undefined::NegativeCount`] or
/// [`Undefined::NotFinite`].
pub fn proportion(numerator: f64, denominator: f64) -> Result<Estimate, Undefined> {
    check(numerator, denominator)?;
    let value = numerator / denominator;
    Ok(Estimate::with(value, Method::Wilson, |confidence| interval(numerator, denominator, confidence)))
}

/// The effective base of a weighted sample: (Σw)² / Σw² (Kish 1965, *Survey Sampling*, section 11.7).
///
/// It is the size of the unweighted sample with the same precision. `None` when no weight is above zero.
pub fn effective_base(sum_of_weights: f64, sum_of_squared_weights: f64) -> Option<f64> {
    (sum_of_weights > 0.0 && sum_of_squared_weights > 0.0)
        .then(|| sum_of_weights * sum_of_weights / sum_of_squared_weights)
        .filter(|base| base.is_finite())
}

/// A weighted proportion (`share`, 0 to 1) with Wilson intervals on its [`effective_base`].
///
/// # Errors
/// As [`proportion`].
pub fn weighted_proportion(share: f64, effective_base: f64) -> Result<Estimate, Undefined> {
    let numerator = share * effective_base;
    check(numerator, effective_base)?;
    Ok(Estimate::with(share, Method::WilsonEffectiveBase, |confidence| interval(numerator, effective_base, confidence)))
}

fn check(numerator: f64, denominator: f64) -> Result<(), Undefined> {
    check_count_over_denominator(numerator, denominator)?;
    if numerator > denominator { Err(Undefined::ProportionAboveOne) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe 1998, table I, method 3, printed to four places.
    #[test]
    fn newcombe_table_1() {
        for (x, n, lower, upper) in [
            (81.0, 263.0, 0.2553, 0.3662),
            (15.0, 148.0, 0.0624, 0.1605),
            (0.0, 20.0, 0.0, 0.1611),
            (1.0, 29.0, 0.0061, 0.1718),
        ] {
            let interval = interval(x, n, Confidence::P95).unwrap();
            assert!((interval.lower - lower).abs() < 5e-5, "{x}/{n}: {interval:?}");
            assert!((interval.upper - upper).abs() < 5e-5, "{x}/{n}: {interval:?}");
        }
    }

    #[test]
    fn ends_are_exact_at_none_and_all() {
        for confidence in Confidence::BOTH {
            for n in [1.0, 7.0, 50.0, 12_345.0, 1e7] {
                assert_eq!(interval(0.0, n, confidence).unwrap().lower, 0.0);
                assert_eq!(interval(n, n, confidence).unwrap().upper, 1.0);
            }
        }
    }

    #[test]
    fn an_end_is_where_the_score_test_just_rejects() {
        for (x, n) in [(1.0, 10.0), (37.5, 92.0), (9_000.0, 10_000.0), (0.445, 1.0)] {
            for confidence in Confidence::BOTH {
                let ends = interval(x, n, confidence).unwrap();
                for end in [ends.lower, ends.upper] {
                    let z = (x / n - end) / (end * (1.0 - end) / n).sqrt();
                    assert!((z.abs() - confidence.z()).abs() < 1e-9, "{x}/{n} {end}: {z}");
                }
            }
        }
    }

    #[test]
    fn intervals_hold_the_value_and_widen_with_the_level() {
        for n in [1.0, 3.5, 40.0, 25_000.0] {
            for step in 0..=100 {
                let estimate = proportion(n * f64::from(step) / 100.0, n).unwrap();
                let (inner, outer) = (estimate.interval_95.unwrap(), estimate.interval_998.unwrap());
                assert!(inner.contains(estimate.value), "{n} {step} {estimate:?}");
                assert!(outer.lower <= inner.lower && inner.upper <= outer.upper, "{n} {step} {estimate:?}");
                assert!(0.0 <= outer.lower && outer.upper <= 1.0, "{n} {step} {estimate:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_a_proportion_says_why() {
        for (x, n, reason) in [
            (0.0, 0.0, Undefined::ZeroDenominator),
            (1.0, 0.0, Undefined::ZeroDenominator),
            (11.0, 10.0, Undefined::ProportionAboveOne),
            (-1.0, 10.0, Undefined::NegativeCount),
            (f64::NAN, 10.0, Undefined::NotFinite),
            (1.0, f64::INFINITY, Undefined::NotFinite),
        ] {
            assert_eq!(proportion(x, n), Err(reason), "{x}/{n}");
        }
    }

    #[test]
    fn effective_base_of_equal_weights_is_their_number() {
        assert_eq!(effective_base(5.0 * 0.3, 5.0 * 0.09).map(|base| (base * 1e9).round() / 1e9), Some(5.0));
        // weights 1, 1, 2: 16 / 6
        assert_eq!(effective_base(4.0, 6.0), Some(16.0 / 6.0));
        for nothing in [(0.0, 0.0), (0.0, 1.0), (-1.0, 1.0), (1.0, 0.0), (1.0, -1.0)] {
            assert_eq!(effective_base(nothing.0, nothing.1), None, "{nothing:?}");
        }
        let weighted = weighted_proportion(0.75, 16.0 / 6.0).unwrap();
        assert_eq!((weighted.value, weighted.method), (0.75, Method::WilsonEffectiveBase));
        assert_eq!(weighted.interval_95, interval(2.0, 16.0 / 6.0, Confidence::P95));
    }
}
