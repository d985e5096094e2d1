//! An interval of a count to come that varies by more than chance: quantiles of the beta-binomial with a given mean and
//! variance (Skellam JG 1948, *Journal of the Royal Statistical Society B* 10:257-261).
//!
//! Of n trials with mean nπ and variance V
//!
//! ```text
//! ρ = (V/(nπ(1 - π)) - 1)/(n - 1)      α = π(1/ρ - 1)      β = (1 - π)(1/ρ - 1)
//! P(k + 1)/P(k) = (n - k)/(k + 1) · (α + k)/(β + n - k - 1)
//! ```
//!
//! and with V no greater than the binomial variance the plain binomial. Whole numbers from 0 to n: an interval never
//! leaves what can be, and holds at least its level.

use super::{Confidence, Undefined};

/// The ratio P(k + 1)/P(k).
#[derive(Debug, Clone, Copy)]
enum Steps {
    /// π/(1 - π).
    Binomial(f64),
    BetaBinomial {
        alpha: f64,
        beta: f64,
    },
}

/// Least and greatest number of `trials`: the quantiles at α/2 and 1 - α/2. `mean` and `variance` are of the number.
///
/// # Errors
/// [`Undefined::OutOfRange`] for a mean outside 0 to `trials`, [`Undefined::NotFinite`].
pub fn interval(trials: u64, mean: f64, variance: f64, confidence: Confidence) -> Result<(u64, u64), Undefined> {
    let number = trials as f64;
    if !mean.is_finite() || !variance.is_finite() {
        return Err(Undefined::NotFinite);
    }
    if !(0.0..=number).contains(&mean) {
        return Err(Undefined::OutOfRange);
    }
    if mean == 0.0 || mean == number {
        return Ok((mean as u64, mean as u64));
    }
    let share = mean / number;
    let chance = mean * (1.0 - share);
    let steps = if variance <= chance || trials == 1 {
        Steps::Binomial(share / (1.0 - share))
    } else {
        let correlation = (variance / chance - 1.0) / (number - 1.0);
        if correlation >= 1.0 {
            // As far apart as can be: none or all.
            return Ok((0, trials));
        }
        let size = 1.0 / correlation - 1.0;
        Steps::BetaBinomial { alpha: share * size, beta: (1.0 - share) * size }
    };
    quantiles(&weights(trials, mean, steps), confidence).ok_or(Undefined::NotFinite)
}

/// Weights proportional to the probabilities of 0 to `trials`, from the mean outwards, where they are far from underflow.
fn weights(trials: u64, mean: f64, steps: Steps) -> Vec<f64> {
    let start = mean as usize;
    let last = trials as usize;
    let ratio = |k: usize| {
        let (done, left) = (k as f64, (last - k) as f64);
        let choices = left / (done + 1.0);
        match steps {
            Steps::Binomial(odds) => choices * odds,
            Steps::BetaBinomial { alpha, beta } => choices * (alpha + done) / (beta + left - 1.0),
        }
    };
    let mut weights = vec![0.0; last + 1];
    weights[start] = 1.0;
    for k in start..last {
        weights[k + 1] = weights[k] * ratio(k);
    }
    for k in (0..start).rev() {
        weights[k] = weights[k + 1] / ratio(k);
    }
    weights
}

/// `None` where a weight is no number.
fn quantiles(weights: &[f64], confidence: Confidence) -> Option<(u64, u64)> {
    let total: f64 = weights.iter().sum();
    let tail = confidence.alpha() / 2.0 * total;
    let mut below = 0.0;
    let lower = weights.iter().position(|weight| {
        below += weight;
        below >= tail
    });
    // The first k with no more than the tail above it, from above.
    let mut above = 0.0;
    let upper = weights.iter().rposition(|weight| {
        above += weight;
        above > tail
    });
    Some((lower? as u64, upper? as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Ends = (u64, u64);

    /// Trials, mean, variance; the ends at 95% and at 99.8%.
    const SCIPY: [(u64, f64, f64, Ends, Ends); 8] = [
        (100, 20.0, 30.0, (10, 31), (6, 39)),
        (1, 0.3, 0.21, (0, 1), (0, 1)),
        (40, 2.5, 9.0, (0, 11), (0, 19)),
        (5000, 400.0, 2500.0, (307, 503), (261, 569)),
        (5000, 400.0, 100.0, (363, 438), (342, 460)),
        (12, 6.0, 30.0, (0, 12), (0, 12)),
        (60000, 9000.0, 250000.0, (8042, 10001), (7520, 10608)),
        (7, 0.2, 0.6, (0, 3), (0, 7)),
    ];

    /// SciPy 1.17.1: `betabinom.ppf([.025, .975], n, a, b)` with a and b of the moments, `binom.ppf` for the others.
    #[test]
    fn intervals_of_scipy() {
        for (trials, mean, variance, expected, wider) in SCIPY {
            assert_eq!(interval(trials, mean, variance, Confidence::P95), Ok(expected), "{trials} {mean} {variance}");
            assert_eq!(interval(trials, mean, variance, Confidence::P998), Ok(wider), "{trials} {mean} {variance}");
        }
    }

    #[test]
    fn what_cannot_vary_has_no_width_and_what_cannot_be_has_a_reason() {
        for (trials, mean, expected) in [
            (10, 0.0, Ok((0, 0))),
            (10, 10.0, Ok((10, 10))),
            (0, 0.0, Ok((0, 0))),
            (10, 10.5, Err(Undefined::OutOfRange)),
            (10, -0.1, Err(Undefined::OutOfRange)),
            (10, f64::NAN, Err(Undefined::NotFinite)),
        ] {
            assert_eq!(interval(trials, mean, 3.0, Confidence::P95), expected, "{trials} {mean}");
        }
        assert_eq!(interval(10, 5.0, 25.0, Confidence::P95), Ok((0, 10)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn an_interval_holds_the_mean_and_grows_with_the_variance(
            trials in 1_u64..3_000, share in 0.0_f64..=1.0, factor in 1.0_f64..500.0,
        ) {
            let mean = share * trials as f64;
            let chance = mean * (1.0 - share);
            let (lower, upper) = interval(trials, mean, chance, Confidence::P95).unwrap();
            prop_assert!(lower as f64 <= mean.ceil() && mean.floor() <= upper as f64 && upper <= trials);
            let (lower_wide, upper_wide) = interval(trials, mean, chance, Confidence::P998).unwrap();
            prop_assert!(lower_wide <= lower && upper <= upper_wide);
            let (low, high) = interval(trials, mean, factor * chance, Confidence::P95).unwrap();
            prop_assert!(high <= trials && low <= high);
            // With a mean in the middle more variance is more width.
            if (0.4..0.6).contains(&share) {
                prop_assert!(low <= lower && upper <= high);
            }
        }
    }
}
