//! Power: the probability that a test finds a difference of a given size, and how much data that takes (Cohen J 1988,
//! *Statistical Power Analysis for the Behavioral Sciences*, 2nd edition).

pub mod level_change;
pub mod two_proportions;

use super::{Confidence, Undefined, normal, student_t};
use statrs::function::gamma::ln_gamma;

/// Steps of Simpson's rule, even.
const STEPS: usize = 4_000;

/// Standard deviations to each side that hold all of the distribution of a standard deviation that matters.
const REACH: f64 = 10.0;

/// The power that is asked for must lie above the chance of a false alarm and below certainty.
fn check_power(power: f64, confidence: Confidence) -> Result<(), Undefined> {
    if power > confidence.alpha() && power < 1.0 { Ok(()) } else { Err(Undefined::OutOfRange) }
}

/// The power of a two-sided t-test where the true value is `standard_errors` away from the one tested.
///
/// The statistic is non-central t. Given the estimated standard deviation over the true one, s = √(χ²(ν)/ν), the test
/// rejects with probability Φ(δ - ts) + Φ(-δ - ts), t being the quantile; this is averaged over s by Simpson's rule.
/// `None` for degrees of freedom not above zero.
fn t_test_power(standard_errors: f64, degrees_of_freedom: f64, confidence: Confidence) -> Option<f64> {
    let critical = student_t::t(degrees_of_freedom, confidence)?;
    let rejects = |s: f64| {
        normal::lower_tail(standard_errors - critical * s) + normal::lower_tail(-standard_errors - critical * s)
    };
    let half = degrees_of_freedom / 2.0;
    let ln_scale = std::f64::consts::LN_2 + half * half.ln() - ln_gamma(half);
    let density = |s: f64| {
        if s > 0.0 {
            (ln_scale + (degrees_of_freedom - 1.0) * s.ln() - half * s * s).exp()
        } else if degrees_of_freedom == 1.0 {
            ln_scale.exp()
        } else {
            0.0
        }
    };
    let reach = REACH / (2.0 * degrees_of_freedom).sqrt();
    let (from, to) = ((1.0 - reach).max(0.0), 1.0 + reach);
    let width = (to - from) / STEPS as f64;
    let weighted = |step: usize| {
        let s = from + width * step as f64;
        let weight = if step == 0 || step == STEPS { 1.0 } else { f64::from(2 * (step % 2) as u8 + 2) };
        weight * density(s) * rejects(s)
    };
    let power = (0..=STEPS).map(weighted).sum::<f64>() * width / 3.0;
    // The rule's own error may pass certainty.
    power.is_finite().then(|| power.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17.1 `nct.sf(t.isf(a, df), df, d) + nct.cdf(-t.isf(a, df), df, d)`.
    #[test]
    fn agrees_with_the_non_central_t_of_scipy() {
        for (standard_errors, df, at_95, at_998) in [
            (0.5, 4.0, 0.06785559010015242, 0.0029715910172389316),
            (2.8, 10.0, 0.7138940486020395, 0.18035767813298403),
            (1.0, 20.0, 0.15866371369340912, 0.013864520875513927),
            (2.8, 32.0, 0.7749219204534779, 0.30983716133740946),
            (4.0, 44.0, 0.9744895217308338, 0.7555022509508973),
            (6.0, 15.0, 0.999855158222023, 0.9722483150852996),
            (2.0, 500.0, 0.5144741639131847, 0.13571675776416547),
        ] {
            for (confidence, expected) in [(Confidence::P95, at_95), (Confidence::P998, at_998)] {
                let found = t_test_power(standard_errors, df, confidence).unwrap();
                assert!((found / expected - 1.0_f64).abs() < 1e-9, "{standard_errors} {df}: {found} {expected}");
            }
        }
    }

    /// As above. Far out, with few degrees of freedom, what is averaged changes within a few steps of the rule: three digits.
    #[test]
    fn one_and_two_degrees_of_freedom() {
        for (standard_errors, df, at_95, at_998) in [
            (0.5, 1.0, 0.05609625683164432, 0.002244917311502),
            (5.0, 1.0, 0.3051601027351557, 0.01253260564182986),
            (0.5, 2.0, 0.061507856556025045, 0.002498376520102016),
            (5.0, 2.0, 0.7191805363914981, 0.05062556681332635),
        ] {
            for (confidence, expected) in [(Confidence::P95, at_95), (Confidence::P998, at_998)] {
                let found = t_test_power(standard_errors, df, confidence).unwrap();
                assert!((found / expected - 1.0_f64).abs() < 1e-3, "{standard_errors} {df}: {found} {expected}");
            }
        }
    }

    #[test]
    fn the_power_asked_for_is_between_a_false_alarm_and_certainty() {
        for (power, expected) in
            [(0.04, false), (0.05, false), (0.051, true), (0.999, true), (1.0, false), (1.1, false), (f64::NAN, false)]
        {
            assert_eq!(check_power(power, Confidence::P95).is_ok(), expected, "{power}");
        }
    }

    #[test]
    fn no_difference_is_found_as_often_as_a_false_alarm() {
        for confidence in Confidence::BOTH {
            for df in [2.0, 3.0, 11.0, 200.0, 1e6] {
                let found = t_test_power(0.0, df, confidence).unwrap();
                assert!((found / confidence.alpha() - 1.0).abs() < 1e-8, "{df}: {found}");
            }
        }
        assert_eq!(t_test_power(1.0, 0.0, Confidence::P95), None);
        assert!((t_test_power(1e9, 20.0, Confidence::P95).unwrap() - 1.0).abs() < 1e-12);
    }
}
