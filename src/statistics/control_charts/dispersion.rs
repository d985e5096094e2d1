//! Whether points vary as counting alone makes them: the chi-square test of the dispersion of binomial or Poisson counts.
//!
//! Fisher RA (1925), *Statistical Methods for Research Workers*, section 19; Cochran WG (1954), *Biometrics* 10:417-451.
//! With x events of n at each of k points and the pooled value c = Σx / Σn,
//!
//! ```text
//! X² = Σ (x - n·c)² / (n·v)        v = c(1 - c) for a proportion, c for a rate
//! ```
//!
//! is chi-square with k - 1 degrees of freedom where one c holds for all points. The p-value is two-sided: points may
//! vary less than counts do, where a figure is smoothed or capped. A trend, a shift and a season are dispersion too.

use super::super::Undefined;
use super::Baseline;
use super::count_kind::{CountKind, pooled};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The least number of events expected at every point, and of non-events of a proportion, for the test to hold
/// (Cochran 1954).
const LEAST_EXPECTED: f64 = 1.0;

/// The dispersion of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// X².
    pub chi_squared: f64,
    /// Points less one.
    pub degrees_of_freedom: usize,
    /// X² over its degrees of freedom: 1 where counting alone makes the points vary, above 1 for over-dispersion.
    pub ratio: f64,
    /// Two-sided p-value.
    pub p_value: f64,
}

/// Tests the dispersion of (numerator, denominator) pairs, one a point, in any order; gaps, 0 of 0, are left out.
///
/// # Errors
/// [`Undefined::TooFewPoints`] below two points; [`Undefined::TooFewEvents`] where fewer than one event, or non-event
/// of a proportion, is expected at a point; and as [`super::p`] or [`super::u`] for a pair that is none.
pub fn dispersion(kind: CountKind, counts: &[(f64, f64)]) -> Result<Dispersion, Undefined> {
    let pairs = kind.check(counts)?;
    let centre = pooled(&pairs, &Baseline::default())?;
    let pairs: Vec<(f64, f64)> = pairs.into_iter().flatten().collect();
    let degrees_of_freedom = pairs.len() - 1;
    let Ok(distribution) = ChiSquared::new(degrees_of_freedom as f64) else { return Err(Undefined::TooFewPoints) };
    let rarer = match kind {
        CountKind::Proportion => centre.min(1.0 - centre),
        CountKind::Rate => centre,
    };
    if pairs.iter().any(|(_, n)| n * rarer < LEAST_EXPECTED) {
        return Err(Undefined::TooFewEvents);
    }
    let variance = kind.variance(centre);
    let chi_squared: f64 = pairs.iter().map(|(x, n)| (x - n * centre).powi(2) / (n * variance)).sum();
    if !chi_squared.is_finite() {
        return Err(Undefined::NotFinite);
    }
    let tail = distribution.cdf(chi_squared).min(distribution.sf(chi_squared));
    let ratio = chi_squared / degrees_of_freedom as f64;
    Ok(Dispersion { chi_squared, degrees_of_freedom, ratio, p_value: (2.0 * tail).min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Poisson};

    const DENOMINATORS: [f64; 6] = [100.0, 90.0, 110.0, 105.0, 98.0, 97.0];

    fn over<const N: usize>(numerators: [f64; N], denominators: [f64; N]) -> Vec<(f64, f64)> {
        numerators.into_iter().zip(denominators).collect()
    }

    /// scipy 1.17.1: the sum, and `2 * min(chi2.cdf, chi2.sf)`.
    #[test]
    fn agrees_with_scipy() {
        let even = [20.0, 12.0, 18.0, 25.0, 22.0, 15.0];
        let alternating: Vec<(f64, f64)> = (0..12).map(|i| (10.0 + f64::from(i % 2), 5.0)).collect();
        for (kind, counts, chi_squared, p_value) in [
            (CountKind::Proportion, over(even, DENOMINATORS), 5.595570647065304, 0.6951599532952769),
            (
                CountKind::Proportion,
                over([20.0, 42.0, 18.0, 5.0, 22.0, 35.0], DENOMINATORS),
                59.47519617333032,
                3.120286709687269e-11,
            ),
            (CountKind::Rate, over(even, DENOMINATORS.map(|n| n / 10.0)), 4.551064126279778, 0.9461608825546666),
            (CountKind::Rate, alternating, 0.2857142857142857, 1.384687281367185e-07),
        ] {
            let found = dispersion(kind, &counts).unwrap();
            assert!((found.chi_squared / chi_squared - 1.0).abs() < 1e-9, "{found:?}");
            assert!((found.p_value / p_value - 1.0).abs() < 1e-9, "{found:?}");
            assert_eq!(found.degrees_of_freedom, counts.len() - 1);
            assert_eq!(found.ratio, found.chi_squared / found.degrees_of_freedom as f64);
        }
    }

    /// Σ (10⁶)² · 2 / (2·10⁹ · ¼) = 4,000: a twentieth of a per cent of a billion is far beyond counting.
    #[test]
    fn counts_of_a_billion() {
        let counts = over([1e9, 1e9 + 1e6, 1e9 - 1e6], [2e9; 3]);
        let found = dispersion(CountKind::Proportion, &counts).unwrap();
        assert!((found.chi_squared - 4_000.0).abs() < 1e-6, "{found:?}");
        assert!(found.p_value < 1e-300);
    }

    #[test]
    fn a_constant_series_is_under_dispersed() {
        let found = dispersion(CountKind::Rate, &[(10.0, 5.0); 12]).unwrap();
        assert_eq!((found.chi_squared, found.ratio, found.p_value), (0.0, 0.0, 0.0));
    }

    /// 4,000 series of 24 Poisson counts: about 5% are rejected, at a mean of 3 events as at one of 50.
    #[test]
    fn series_that_only_count_are_rejected_as_often_as_stated() {
        for mean in [3.0, 50.0] {
            let mut random = ChaCha8Rng::seed_from_u64(7);
            let poisson = Poisson::new(mean).unwrap();
            let series = 4_000;
            let rejected = (0..series).filter(|_| {
                let counts: Vec<(f64, f64)> = (0..24).map(|_| (poisson.sample(&mut random), 1.0)).collect();
                dispersion(CountKind::Rate, &counts).unwrap().p_value < 0.05
            });
            let share = rejected.count() as f64 / f64::from(series);
            assert!((0.04..0.06).contains(&share), "{mean}: {share}");
        }
    }

    #[test]
    fn one_event_expected_at_a_point_is_enough() {
        assert_eq!(dispersion(CountKind::Rate, &[(0.0, 1.0), (2.0, 1.0)]).unwrap().chi_squared, 2.0);
        assert_eq!(dispersion(CountKind::Proportion, &[(0.0, 2.0), (2.0, 2.0)]).unwrap().chi_squared, 4.0);
    }

    #[test]
    fn what_cannot_be_tested_says_why() {
        for (kind, counts, reason) in [
            (CountKind::Rate, vec![], Undefined::NoObservations),
            (CountKind::Rate, vec![(0.0, 0.0)], Undefined::NoObservations),
            (CountKind::Rate, vec![(5.0, 1.0), (0.0, 0.0)], Undefined::TooFewPoints),
            (CountKind::Rate, vec![(0.0, 1.0), (1.0, 1.0)], Undefined::TooFewEvents),
            (CountKind::Proportion, vec![(9.0, 9.0), (9.0, 9.0)], Undefined::TooFewEvents),
            (CountKind::Proportion, vec![(9.0, 8.0), (9.0, 9.0)], Undefined::ProportionAboveOne),
        ] {
            assert_eq!(dispersion(kind, &counts), Err(reason), "{counts:?}");
        }
    }
}
