//! Variance between units beyond sampling error, τ², by the method of moments.
//!
//! With y a unit's value, s² its sampling variance, w = 1/s², θ the centre and n units (DerSimonian R, Laird N 1986,
//! *Controlled Clinical Trials* 7:177-188; as over-dispersion of funnel plots, Spiegelhalter DJ 2005, *Quality & Safety
//! in Health Care* 14:347-351):
//!
//! ```text
//! z = (y - θ)/s, winsorised      φ = Σ z² / n      τ² = max(0, (n·φ - (n - 1)) / (Σw - Σw²/Σw))
//! ```
//!
//! Winsorising draws the extreme z-scores in to their 10th and 90th percentiles (type 7), so that a few exceptional
//! units, which the test is there to find, do not widen the limits that judge them.

use super::{UnitValue, quantile};

/// Share of the z-scores drawn in at each end, as published funnel plots of the NHS do.
pub const WINSORISED_SHARE: f64 = 0.1;

/// Spread of a group of units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetweenForces {
    /// Variance between units, in the square of the value's unit; 0 where sampling error explains the spread.
    pub tau_squared: f64,
    /// φ, the mean squared z-score: about 1 where sampling error explains the spread.
    pub dispersion: f64,
    /// Units that entered.
    pub units: usize,
}

/// Estimates τ² about `centre`, the value the units are compared with, such as the national pooled value.
///
/// `winsorised_share` is the share of z-scores drawn in at each end, 0 for none; see [`WINSORISED_SHARE`].
/// `None` for fewer than two units, a sampling variance that is not above zero, or an input that is not finite.
pub fn between_forces(units: &[UnitValue], centre: f64, winsorised_share: f64) -> Option<BetweenForces> {
    let scores = winsorise(z_scores(units, centre)?, winsorised_share)?;
    let number = units.len() as f64;
    let sum_of_squares: f64 = scores.iter().map(|z| z * z).sum();
    let weights = || units.iter().map(|unit| 1.0 / unit.sampling_variance);
    let sum: f64 = weights().sum();
    let scale = sum - weights().map(|weight| weight * weight).sum::<f64>() / sum;
    let tau_squared = ((sum_of_squares - (number - 1.0)) / scale).max(0.0);
    (units.len() >= 2 && tau_squared.is_finite()).then(|| BetweenForces {
        tau_squared,
        dispersion: sum_of_squares / number,
        units: units.len(),
    })
}

/// Each unit's distance from the centre in standard errors.
fn z_scores(units: &[UnitValue], centre: f64) -> Option<Vec<f64>> {
    let score = |unit: &UnitValue| {
        let z = (unit.value - centre) / unit.sampling_variance.sqrt();
        (unit.sampling_variance > 0.0 && z.is_finite()).then_some(z)
    };
    units.iter().map(score).collect()
}

/// Draws z-scores in to their quantiles at `share` and 1 - `share`. The order is kept.
pub fn winsorise(scores: Vec<f64>, share: f64) -> Option<Vec<f64>> {
    let mut sorted = scores.clone();
    sorted.sort_by(f64::total_cmp);
    let low = quantile::type_7(&sorted, share)?;
    let high = quantile::type_7(&sorted, 1.0 - share)?;
    (low <= high).then(|| scores.into_iter().map(|z| z.clamp(low, high)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(values: &[(f64, f64)]) -> Vec<UnitValue> {
        values
            .iter()
            .map(|(value, variance)| UnitValue { value: *value, sampling_variance: *variance, denominator: 1.0 })
            .collect()
    }

    /// Values 1 2 3 4 5 about 3, s² = 0.5: z² = 8 2 0 2 8, Σ = 20, φ = 4. w = 2 each: Σw - Σw²/Σw = 10 - 20/10 = 8;
    /// τ² = (20 - 4)/8 = 2, which is the sample variance 2.5 less the sampling variance 0.5.
    #[test]
    fn equal_weights_give_sample_variance_less_sampling_variance() {
        let group = units(&[(1.0, 0.5), (2.0, 0.5), (3.0, 0.5), (4.0, 0.5), (5.0, 0.5)]);
        let found = between_forces(&group, 3.0, 0.0).unwrap();
        assert!((found.tau_squared - 2.0).abs() < 1e-12 && (found.dispersion - 4.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found.units, 5);
    }

    /// Winsorised at a quarter the outer values move to 2 and 4: z² = 2 2 0 2 2, Σ = 8, τ² = (8 - 4)/8.
    #[test]
    fn winsorising_draws_in_the_extremes() {
        let group = units(&[(1.0, 0.5), (2.0, 0.5), (3.0, 0.5), (4.0, 0.5), (5.0, 0.5)]);
        let found = between_forces(&group, 3.0, 0.25).unwrap();
        assert!((found.tau_squared - 0.5).abs() < 1e-12, "{found:?}");
        assert_eq!(winsorise(vec![9.0, 0.0, 5.0, 1.0, 4.0], 0.25), Some(vec![5.0, 1.0, 5.0, 1.0, 4.0]));
    }

    /// Unequal weights by hand: w = 1, 4; y = 0, 3; θ = 2: Q = 4 + 4 = 8; scale 5 - 17/5 = 1.6; τ² = (8 - 1)/1.6.
    #[test]
    fn unequal_weights() {
        let found = between_forces(&units(&[(0.0, 1.0), (3.0, 0.25)]), 2.0, 0.0).unwrap();
        assert!((found.tau_squared - 4.375).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn spread_within_sampling_error_is_zero() {
        let found = between_forces(&units(&[(1.0, 4.0), (1.5, 4.0), (0.5, 4.0)]), 1.0, 0.0).unwrap();
        assert_eq!(found.tau_squared, 0.0);
    }

    #[test]
    fn too_little_is_none() {
        assert_eq!(between_forces(&[], 1.0, 0.1), None);
        assert_eq!(between_forces(&units(&[(1.0, 1.0)]), 1.0, 0.1), None);
        assert_eq!(between_forces(&units(&[(1.0, 1.0), (2.0, 0.0)]), 1.0, 0.1), None);
        assert_eq!(between_forces(&units(&[(1.0, 1.0), (f64::NAN, 1.0)]), 1.0, 0.1), None);
        assert_eq!(between_forces(&units(&[(1.0, 1.0), (2.0, 1.0)]), 1.0, 0.6), None);
    }
}
