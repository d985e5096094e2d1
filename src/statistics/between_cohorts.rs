//! How much the shares of cohorts vary beyond chance, what that lets a further cohort be, and whether one lies outside.
//!
//! m cohorts of N_i, w_i = N_i/ΣN, shares y_i with sampling variance v_i, pooled share y = Σ w_i y_i. By moments, since
//! E(y_i - y)² = v_i(1 - 2w_i) + Σ w_j² v_j + τ²(1 - 2w_i + Σ w_j²),
//!
//! ```text
//! τ² = max(0, (Σ(y_i - y)² - Σ v_i(1 - 2w_i) - m·Σ w_i² v_i) / (m - 2 + m·Σ w_i²))
//! ```
//!
//! which for cohorts of one size is their variance less the mean sampling variance (Cochran WG 1954, *Biometrics*
//! 10:101-129). A further cohort with sampling variance v differs from y by variance
//!
//! ```text
//! v + Σ w_i² v_i + τ²(1 + Σ w_i²)
//! ```
//!
//! and its distance in standard errors is read off Student's t with m - 1 degrees of freedom, as τ² is estimated from m
//! cohorts (Higgins JPT, Thompson SG, Spiegelhalter DJ 2009, *JRSS A* 172:137-159, prediction).

use super::cumulative_incidence::Share;
use super::{Confidence, Interval, Undefined, student_t};

/// A cohort's share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CohortShare {
    /// How many it is a share of.
    pub size: f64,
    /// From 0 to 1.
    pub share: f64,
    /// Of the share, by sampling.
    pub variance: f64,
}

/// What cohorts have in common and how far they differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetweenCohorts {
    /// Pooled share.
    pub centre: f64,
    /// τ², beyond sampling; 0 where sampling explains the spread.
    pub tau_squared: f64,
    /// How many cohorts.
    pub cohorts: usize,
    /// Σ w_i² v_i.
    pub centre_variance: f64,
    /// Σ w_i².
    pub concentration: f64,
    /// Mean sampling variance of a cohort.
    pub mean_variance: f64,
}

/// A further cohort's distance from the centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CohortTest {
    /// Its share less the centre.
    pub difference: f64,
    /// Two-sided, from t with one degree of freedom fewer than cohorts.
    pub p_value: f64,
    /// Of the difference, at 95%, by the same t.
    pub interval: Interval,
}

impl BetweenCohorts {
    /// Estimates from two cohorts or more.
    ///
    /// # Errors
    /// [`Undefined::TooFewObservations`], [`Undefined::ZeroDenominator`] for a cohort of none, [`Undefined::NotFinite`].
    pub fn new(cohorts: &[CohortShare]) -> Result<Self, Undefined> {
        if cohorts.len() < 2 {
            return Err(Undefined::TooFewObservations);
        }
        if cohorts.iter().any(|c| !(c.share.is_finite() && c.variance.is_finite() && c.size.is_finite())) {
            return Err(Undefined::NotFinite);
        }
        if cohorts.iter().any(|c| c.size <= 0.0) {
            return Err(Undefined::ZeroDenominator);
        }
        let number = cohorts.len() as f64;
        let all: f64 = cohorts.iter().map(|c| c.size).sum();
        let sum = |of: &dyn Fn(f64, &CohortShare) -> f64| cohorts.iter().map(|c| of(c.size / all, c)).sum::<f64>();
        let centre = sum(&|weight, c| weight * c.share);
        let concentration = sum(&|weight, _| weight * weight);
        let centre_variance = sum(&|weight, c| weight * weight * c.variance);
        let spread = sum(&|_, c| (c.share - centre).powi(2));
        let chance = sum(&|weight, c| c.variance * (1.0 - 2.0 * weight)) + number * centre_variance;
        Ok(Self {
            centre,
            tau_squared: ((spread - chance) / (number - 2.0 + number * concentration)).max(0.0),
            cohorts: cohorts.len(),
            centre_variance,
            concentration,
            mean_variance: sum(&|_, c| c.variance) / number,
        })
    }

    /// Variance of a further cohort's share about the centre, given its own sampling variance.
    pub fn variance_of_another(&self, sampling: f64) -> f64 {
        sampling + self.centre_variance + self.tau_squared * (1.0 + self.concentration)
    }

    /// How much wider an interval by t is than one by z.
    pub fn widening(&self, confidence: Confidence) -> Option<f64> {
        Some(student_t::t(self.cohorts as f64 - 1.0, confidence)? / confidence.z())
    }

    /// Where a further cohort of ordinary size is expected; `None` where the centre is 0 or 1.
    pub fn ordinary(&self, confidence: Confidence) -> Option<Interval> {
        let standard_error = self.variance_of_another(self.mean_variance).sqrt() * self.widening(confidence)?;
        Share { value: self.centre, standard_error }.interval(confidence)
    }

    /// Whether a further cohort differs from the centre. `None` where nothing varies.
    pub fn test(&self, share: f64, sampling_variance: f64) -> Option<CohortTest> {
        let difference = share - self.centre;
        let standard_error = self.variance_of_another(sampling_variance).sqrt();
        let p_value = student_t::two_sided_p_value(difference / standard_error, self.cohorts as f64 - 1.0)?;
        let half_width = student_t::t(self.cohorts as f64 - 1.0, Confidence::P95)? * standard_error;
        let interval = Interval { lower: difference - half_width, upper: difference + half_width };
        (standard_error > 0.0).then_some(CohortTest { difference, p_value, interval })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P_VALUE: f64 = 0.127_247_605_995_273_4;
    /// Centre, τ², and the ends of the ordinary range at 95%.
    const UNEQUAL: [f64; 4] =
        [0.236_842_105_263_157_9, 0.002_028_522_578_024_006, 0.050_771_328_577_924_37, 0.498_531_003_006_810_64];

    fn cohort(size: f64, share: f64) -> CohortShare {
        CohortShare { size, share, variance: share * (1.0 - share) / size }
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{found} {expected}");
    }

    /// Cohorts that neither differ nor vary leave no error to test by, however far another one lies.
    #[test]
    fn without_an_error_there_is_no_test() {
        let found = BetweenCohorts::new(&[CohortShare { size: 10.0, share: 0.2, variance: 0.0 }; 3]).unwrap();
        assert_eq!((found.tau_squared, found.test(0.3, 0.0), found.test(0.2, 0.0)), (0.0, None, None));
    }

    /// Four cohorts of 1,000 with shares .10, .12, .14, .16: mean .13, variance of the shares .002/3, and a mean sampling
    /// variance of (.09 + .1056 + .1204 + .1344)/4,000 = .0001126. τ² is the difference of the two.
    #[test]
    fn cohorts_of_one_size_by_hand() {
        let cohorts = [0.10, 0.12, 0.14, 0.16].map(|share| cohort(1_000.0, share));
        let found = BetweenCohorts::new(&cohorts).unwrap();
        close(found.centre, 0.13);
        close(found.tau_squared, 0.002 / 3.0 - 0.000_112_6);
        close(found.concentration, 0.25);
        close(found.centre_variance, 0.000_112_6 / 4.0);
        let variance = 0.0001 + 0.000_028_15 + 1.25 * (0.002 / 3.0 - 0.000_112_6);
        close(found.variance_of_another(0.0001), variance);
        // SciPy 1.17.1: 2 * t.sf(.06 / sqrt(variance), 3).
        let test = found.test(0.19, 0.0001).unwrap();
        close(test.difference, 0.06);
        assert!((test.p_value - P_VALUE).abs() < 1e-12, "{}", test.p_value);
        // t(3, .975) = 3.182446305284263.
        close(test.interval.lower, 0.06 - 3.182_446_305_284_263 * variance.sqrt());
        close(test.interval.upper, 0.06 + 3.182_446_305_284_263 * variance.sqrt());
    }

    /// Worked with NumPy 2 from the formula at the top.
    #[test]
    fn cohorts_of_unequal_size() {
        let cohorts = [(400.0, 0.20), (900.0, 0.30), (2_500.0, 0.22)].map(|(size, share)| cohort(size, share));
        let found = BetweenCohorts::new(&cohorts).unwrap();
        close(found.centre, UNEQUAL[0]);
        close(found.tau_squared, UNEQUAL[1]);
        let ordinary = found.ordinary(Confidence::P95).unwrap();
        close(ordinary.lower, UNEQUAL[2]);
        close(ordinary.upper, UNEQUAL[3]);
    }

    #[test]
    fn cohorts_alike_have_no_variance_between_them() {
        let found = BetweenCohorts::new(&[cohort(100.0, 0.2), cohort(100.0, 0.2)]).unwrap();
        assert_eq!(found.tau_squared, 0.0);
        let none = CohortShare { size: 5.0, share: 0.0, variance: 0.0 };
        let found = BetweenCohorts::new(&[none, none]).unwrap();
        assert_eq!((found.ordinary(Confidence::P95), found.test(0.0, 0.0)), (None, None));
        for (cohorts, expected) in [
            (vec![none], Undefined::TooFewObservations),
            (vec![none, CohortShare { size: 0.0, ..none }], Undefined::ZeroDenominator),
            (vec![none, CohortShare { share: f64::NAN, ..none }], Undefined::NotFinite),
        ] {
            assert_eq!(BetweenCohorts::new(&cohorts), Err(expected), "{cohorts:?}");
        }
    }
}
