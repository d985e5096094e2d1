//! p' and u' charts: p and u whose points vary more, or less, than counting alone makes them.
//!
//! Laney DB (2002), *Quality Engineering* 14:531-537. Each point's distance from the centre in sigmas of the plain chart,
//! zᵢ = (yᵢ - centre)/σᵢ, is charted as individuals, and the plain sigma is multiplied by
//!
//! ```text
//! σz = mean |zᵢ - zᵢ₋₁| / 1.128
//! ```
//!
//! Moving ranges run over the points that make the limits, across gaps and excluded points. Limits are cut at 0, and
//! those of p' at 1.

use super::super::Undefined;
use super::super::xmr::{Screening, mean_moving_range};
use super::attributes::chart;
use super::count_kind::{CountKind, pooled};
use super::{Baseline, D2, Phase};

/// Charts one phase of proportions from (numerator, denominator) pairs; values are between 0 and 1.
///
/// # Errors
/// As [`super::p`], and [`Undefined::TooFewPoints`] where fewer than two points make the limits.
pub fn p_prime(counts: &[(f64, f64)], baseline: &Baseline, screening: Screening) -> Result<Phase, Undefined> {
    widened(CountKind::Proportion, counts, baseline, screening)
}

/// Charts one phase of rates from (count, denominator) pairs; values are in events per one of the denominator.
///
/// # Errors
/// As [`super::u`], and [`Undefined::TooFewPoints`] where fewer than two points make the limits.
pub fn u_prime(counts: &[(f64, f64)], baseline: &Baseline, screening: Screening) -> Result<Phase, Undefined> {
    widened(CountKind::Rate, counts, baseline, screening)
}

fn widened(
    kind: CountKind,
    counts: &[(f64, f64)],
    baseline: &Baseline,
    screening: Screening,
) -> Result<Phase, Undefined> {
    let pairs = kind.check(counts)?;
    let centre = pooled(&pairs, baseline)?;
    let baseline_pairs = baseline.of(&pairs);
    if baseline_pairs.len() < 2 {
        return Err(Undefined::TooFewPoints);
    }
    let variance = kind.variance(centre);
    if variance == 0.0 {
        // None or all at every point: the limits are the centre, however wide sigma z would make them.
        return chart(kind, counts, baseline, 1.0);
    }
    let scores: Vec<f64> = baseline_pairs.iter().map(|(x, n)| (x / n - centre) / (variance / n).sqrt()).collect();
    let sigma_z = mean_moving_range(&scores, screening).ok_or(Undefined::TooFewPoints)? / D2;
    Ok(Phase { sigma_z: Some(sigma_z), ..chart(kind, counts, baseline, sigma_z)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Baseline = Baseline { freeze_after: None, excluded: &[] };

    /// p = 0.5, sigma 0.05 at n = 100; z = 2, -2, 2, -2, so the ranges are 4 and sigma z 4/1.128.
    #[test]
    fn proportions_by_hand() {
        let counts = [(60.0, 100.0), (40.0, 100.0), (60.0, 100.0), (40.0, 100.0)];
        let phase = p_prime(&counts, &NONE, Screening::On).unwrap();
        let sigma_z = 4.0 / 1.128;
        assert!((phase.sigma_z.unwrap() - sigma_z).abs() < 1e-12);
        let limits = phase.points[0].limits_2_sigma.unwrap();
        assert!((limits.lower - (0.5 - 0.1 * sigma_z)).abs() < 1e-12, "{limits:?}");
        let limits = phase.points[0].limits_3_sigma.unwrap();
        assert_eq!((limits.lower, limits.upper), (0.0, 1.0));
    }

    /// u = 4; the z of 8, 0, 8 and 0 events over 1 are ±2. A point left out or a gap is stepped over.
    #[test]
    fn rates_by_hand() {
        let counts = [(8.0, 1.0), (0.0, 0.0), (0.0, 1.0), (99.0, 1.0), (8.0, 1.0), (0.0, 1.0)];
        let phase = u_prime(&counts, &Baseline { freeze_after: None, excluded: &[3] }, Screening::On).unwrap();
        assert_eq!(phase.centre, 4.0);
        assert!((phase.sigma_z.unwrap() - 4.0 / 1.128).abs() < 1e-12);
        let upper = phase.points[0].limits_3_sigma.unwrap().upper;
        assert!((upper - (4.0 + 3.0 * 2.0 * 4.0 / 1.128)).abs() < 1e-12);
        assert_eq!((phase.points[1].value, phase.points[3].is_outside), (None, true));
    }

    /// As worked for XmR: of the ranges 1 × 8 and 20 × 2 in the plotted value, screening drops the twenties.
    #[test]
    fn an_extreme_range_is_screened_out() {
        let counts = [5.0, 6.0, 5.0, 6.0, 5.0, 25.0, 5.0, 6.0, 5.0, 6.0, 5.0].map(|x| (x, 1.0));
        let sigma_z = |screening| u_prime(&counts, &NONE, screening).unwrap().sigma_z.unwrap();
        let sigma = (79.0_f64 / 11.0).sqrt();
        assert!((sigma_z(Screening::On) - 1.0 / sigma / 1.128).abs() < 1e-12);
        assert!((sigma_z(Screening::Off) - 4.8 / sigma / 1.128).abs() < 1e-12);
    }

    #[test]
    fn without_variation_the_limits_are_the_centre() {
        for (counts, centre, sigma_z) in [
            ([(0.0, 7.0), (0.0, 9.0), (0.0, 3.0)], 0.0, None),
            ([(7.0, 7.0), (9.0, 9.0), (3.0, 3.0)], 1.0, None),
            ([(1.0, 3.0), (2.0, 6.0), (3.0, 9.0)], 1.0 / 3.0, Some(0.0)),
        ] {
            let phase = p_prime(&counts, &NONE, Screening::On).unwrap();
            assert_eq!((phase.centre, phase.sigma_z, phase.runs), (centre, sigma_z, None), "{counts:?}");
            for point in phase.points {
                let limits = point.limits_3_sigma.unwrap();
                assert_eq!((limits.lower, limits.upper, point.is_outside), (centre, centre, false));
            }
        }
    }

    #[test]
    fn one_point_has_no_range() {
        assert_eq!(p_prime(&[(0.0, 2.0)], &NONE, Screening::On), Err(Undefined::TooFewPoints));
        assert_eq!(p_prime(&[(1.0, 2.0)], &NONE, Screening::On), Err(Undefined::TooFewPoints));
        assert_eq!(u_prime(&[], &NONE, Screening::On), Err(Undefined::NoObservations));
    }
}
