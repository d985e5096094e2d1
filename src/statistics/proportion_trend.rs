//! A straight-line trend in a proportion over equal steps (Armitage P 1955, *Biometrics* 11:375-386; Cochran WG 1954,
//! *Biometrics* 10:417-451).

use super::normal;

/// The test for a linear trend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionTrend {
    /// Standardised slope: above zero where the proportion rises. Its square is chi-square with one degree of freedom.
    pub z: f64,
    /// Two-sided p-value.
    pub p_value: f64,
}

/// Tests for a linear trend in (numerator, denominator) pairs at scores 1, 2, 3 and so on.
///
/// `None` where a pair is no proportion, or there is no variation to test.
pub fn proportion_trend(counts: &[(f64, f64)]) -> Option<ProportionTrend> {
    let valid = |(x, n): &(f64, f64)| *n > 0.0 && n.is_finite() && (0.0..=*n).contains(x);
    if !counts.iter().all(valid) {
        return None;
    }
    let events: f64 = counts.iter().map(|(x, _)| x).sum();
    let trials: f64 = counts.iter().map(|(_, n)| n).sum();
    let pooled = events / trials;
    let scored = || counts.iter().enumerate().map(|(step, (x, n))| (step as f64, *x, *n));
    let mean_score = scored().map(|(step, _, n)| step * n).sum::<f64>() / trials;
    let slope: f64 = scored().map(|(step, x, n)| (step - mean_score) * (x - n * pooled)).sum();
    let spread: f64 = scored().map(|(step, _, n)| n * (step - mean_score).powi(2)).sum();
    let variance = pooled * (1.0 - pooled) * spread;
    (variance > 0.0)
        .then(|| slope / variance.sqrt())
        .map(|z| ProportionTrend { z, p_value: normal::two_sided_p_value(z) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two groups: the trend test is Pearson's chi-square, here 10/20 against 5/20: 40·(10·15 - 10·5)²/(20·20·15·25).
    #[test]
    fn two_groups_are_a_two_by_two_table() {
        let trend = proportion_trend(&[(10.0, 20.0), (5.0, 20.0)]).unwrap();
        assert!((trend.z * trend.z - 40.0 * 10_000.0 / 150_000.0).abs() < 1e-12, "{trend:?}");
        assert!(trend.z < 0.0);
    }

    #[test]
    fn without_variation_there_is_no_test() {
        for counts in
            [&[][..], &[(3.0, 9.0)], &[(0.0, 9.0), (0.0, 5.0)], &[(9.0, 9.0), (5.0, 5.0)], &[(3.0, 0.0), (1.0, 2.0)]]
        {
            assert_eq!(proportion_trend(counts), None, "{counts:?}");
        }
        for bad in
            [(0.0, 0.0), (0.0, -5.0), (10.0, 9.0), (-1.0, 9.0), (f64::NAN, 9.0), (3.0, f64::INFINITY), (3.0, f64::NAN)]
        {
            assert_eq!(proportion_trend(&[(1.0, 4.0), bad, (3.0, 4.0)]), None, "{bad:?}");
        }
    }
}
