//! Student's t interval of a mean: mean ± t(1 - α/2; n - 1)·s/√n ("Student" 1908, *Biometrika* 6:1-25).

use super::{Confidence, Estimate, Interval, Method, Undefined};
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta;

/// Degrees of freedom from which four terms of the expansion are exact to 1e-13.
const EXPANSION_FROM: f64 = 1_000.0;

/// The interval of a mean of `observations` values with sample standard deviation `standard_deviation` (divisor n - 1).
///
/// `None` below two observations, which give no standard deviation, or for a negative or infinite input.
pub fn interval(observations: u64, mean: f64, standard_deviation: f64, confidence: Confidence) -> Option<Interval> {
    let finite = mean.is_finite() && standard_deviation.is_finite();
    if observations < 2 || !finite || standard_deviation < 0.0 {
        return None;
    }
    let half_width = t((observations - 1) as f64, confidence)? * standard_deviation / (observations as f64).sqrt();
    Some(Interval { lower: mean - half_width, upper: mean + half_width })
}

/// A mean with its t intervals; a single observation is a value without intervals.
///
/// # Errors
/// [`Undefined::NoObservations`], or [`Undefined::NotFinite`] for a mean that is no number.
pub fn mean(observations: u64, mean: f64, standard_deviation: f64) -> Result<Estimate, Undefined> {
    if observations == 0 {
        return Err(Undefined::NoObservations);
    }
    if !mean.is_finite() {
        return Err(Undefined::NotFinite);
    }
    Ok(Estimate::with(mean, Method::StudentT, |confidence| {
        interval(observations, mean, standard_deviation, confidence)
    }))
}

/// The t quantile at 1 - α/2.
///
/// From [`EXPANSION_FROM`] degrees of freedom on by expansion about the normal quantile (Abramowitz M, Stegun IA 1964,
/// *Handbook of Mathematical Functions*, 26.7.5), as the inversion of the distribution loses digits there.
pub(super) fn t(degrees_of_freedom: f64, confidence: Confidence) -> Option<f64> {
    if degrees_of_freedom < EXPANSION_FROM {
        return quantile(degrees_of_freedom, confidence.alpha() / 2.0);
    }
    let z = confidence.z();
    let s = z * z;
    let terms = [
        z,
        z * (s + 1.0) / 4.0,
        z * ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        z * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        z * ((((79.0 * s + 776.0) * s + 1_482.0) * s - 1_920.0) * s - 945.0) / 92_160.0,
    ];
    Some(terms.iter().rev().fold(0.0, |sum, term| sum / degrees_of_freedom + term))
}

/// The t quantile that leaves `upper_tail` above it. `None` for degrees of freedom not above zero.
pub(super) fn quantile(degrees_of_freedom: f64, upper_tail: f64) -> Option<f64> {
    // The lower tail has more digits than 1 - upper_tail; the distribution is symmetric.
    Some(-StudentsT::new(0.0, 1.0, degrees_of_freedom).ok()?.inverse_cdf(upper_tail))
}

/// The two-sided p-value of a `statistic` that follows t: the regularised incomplete beta function I(ν/(ν + t²); ν/2, 1/2)
/// (Abramowitz M, Stegun IA 1964, *Handbook of Mathematical Functions*, 26.7.1). It keeps its digits far in the tail.
///
/// `None` for degrees of freedom not above zero or a statistic that is no number.
pub(super) fn two_sided_p_value(statistic: f64, degrees_of_freedom: f64) -> Option<f64> {
    let share = degrees_of_freedom / (degrees_of_freedom + statistic * statistic);
    beta::checked_beta_reg(degrees_of_freedom / 2.0, 0.5, share).ok().filter(|p_value| p_value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With one degree of freedom t is Cauchy: t(p) = tan(π(p - 1/2)); with two, t = a·sqrt(2/(1 - a²)), a = 2p - 1.
    #[test]
    fn one_and_two_degrees_of_freedom_have_closed_forms() {
        for confidence in Confidence::BOTH {
            let inside = confidence.level();
            let cauchy = (std::f64::consts::FRAC_PI_2 * inside).tan();
            let two = inside * (2.0 / (1.0 - inside * inside)).sqrt();
            for (n, expected) in [(2_u64, cauchy), (3, two)] {
                let limits = interval(n, 0.0, (n as f64).sqrt(), confidence).unwrap();
                assert!((limits.upper / expected - 1.0).abs() < 1e-9, "{n}: {limits:?} {expected}");
                assert_eq!(limits.lower, -limits.upper);
            }
        }
    }

    /// scipy 1.17.1 `stats.t.isf(alpha / 2, df)`, on both sides of the change of method.
    #[test]
    fn agrees_with_scipy_at_many_degrees_of_freedom() {
        for (df, at_95, at_998) in [
            (7.0, 2.3646242515927844, 4.785289628638334),
            (120.0, 1.9799304050824411, 3.15953874331711),
            (999.0, 1.9623414611334498, 3.0984103617533125),
            (1000.0, 1.9623390808264085, 3.0984021639129233),
            (5000.0, 1.9604385517065075, 3.0918631199609825),
            (100000.0, 1.95998770753461, 3.090313809427238),
            (50000000.0, 1.9599640319854799, 3.090232469170402),
        ] {
            // The expansion is exact to 1e-13; the inversion below it to 1e-11.
            let precision = if df < EXPANSION_FROM { 1e-11 } else { 1e-13 };
            assert!((t(df, Confidence::P95).unwrap() / at_95 - 1.0).abs() < precision, "{df}");
            assert!((t(df, Confidence::P998).unwrap() / at_998 - 1.0).abs() < precision, "{df}");
        }
    }

    /// scipy 1.17.1 `2 * stats.t.sf(t, df)`.
    #[test]
    fn p_values_agree_with_scipy_far_into_the_tail() {
        for (statistic, df, expected) in [
            (1.0, 1.0, 0.5000000000000001),
            (0.5, 20.0, 0.6225318422810237),
            (2.1, 44.0, 0.04149623961209901),
            (50.35, 44.0, 1.5307162240001233e-40),
            (31.6, 32.0, 1.060818194927201e-25),
            (4.5, 1000.0, 7.593071026498249e-06),
        ] {
            let found = two_sided_p_value(statistic, df).unwrap();
            assert!((found / expected - 1.0).abs() < 1e-10, "{statistic} {df}: {found}");
            assert_eq!(two_sided_p_value(-statistic, df), Some(found));
        }
        assert_eq!(two_sided_p_value(0.0, 5.0), Some(1.0));
        assert_eq!(two_sided_p_value(1.0, 0.0), None);
        assert_eq!(two_sided_p_value(f64::NAN, 5.0), None);
    }

    #[test]
    fn t_falls_to_z_without_a_gap() {
        for confidence in Confidence::BOTH {
            let mut last = f64::INFINITY;
            for df in (1..1_500).chain([10_000, 1_000_000, 1_000_000_000]) {
                let next = t(f64::from(df), confidence).unwrap();
                assert!(confidence.z() < next && next < last, "{df}: {next}");
                last = next;
            }
        }
    }

    /// t(0.975; 3) = 3.182446305284263 (scipy 1.17.1); of four values with s = 2 the half width is t.
    #[test]
    fn an_interval_needs_two_observations_and_finite_numbers() {
        let of = |observations, mean, deviation| interval(observations, mean, deviation, Confidence::P95);
        let found = of(4, 7.0, 2.0).unwrap();
        assert!(
            (found.upper - 7.0 - 3.182_446_305_284_263).abs() < 1e-9
                && (found.upper + found.lower - 14.0).abs() < 1e-12
        );
        assert_eq!(of(4, 7.0, 0.0), Some(Interval { lower: 7.0, upper: 7.0 }));
        assert!(of(2, 7.0, 1.0).is_some());
        for (observations, mean, deviation) in [
            (0, 7.0, 2.0),
            (1, 7.0, 2.0),
            (4, f64::INFINITY, 2.0),
            (4, f64::NAN, 2.0),
            (4, 7.0, f64::INFINITY),
            (4, 7.0, f64::NAN),
            (4, 7.0, -1.0),
        ] {
            assert_eq!(of(observations, mean, deviation), None, "{observations} {mean} {deviation}");
        }
    }

    #[test]
    fn too_few_observations() {
        assert_eq!(mean(0, f64::NAN, f64::NAN), Err(Undefined::NoObservations));
        let single = mean(1, 12.5, f64::NAN).unwrap();
        assert_eq!((single.value, single.interval_95, single.interval_998), (12.5, None, None));
        assert_eq!(mean(5, f64::INFINITY, 1.0), Err(Undefined::NotFinite));
    }
}
