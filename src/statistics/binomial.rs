//! Tails of the binomial distribution, by summing its terms.
//!
//! Terms are summed from the cut outwards and stop when they no longer change the sum, so the cost grows with the
//! square root of the number of trials and large numbers of trials stay exact to rounding.

use statrs::function::factorial::ln_binomial;

/// Two probabilities nearer than this, relatively, are the same one apart from rounding.
pub(super) const SAME_PROBABILITY: f64 = 1e-7;

/// The logarithm of the probability of exactly `successes` out of `trials`, each with chance `probability` strictly
/// between 0 and 1.
pub(super) fn ln_probability_of(successes: u64, trials: u64, probability: f64) -> f64 {
    let failures = (trials - successes) as f64;
    ln_binomial(trials, successes) + successes as f64 * probability.ln() + failures * (-probability).ln_1p()
}

/// The probability of `successes` or fewer.
pub(super) fn lower_tail(successes: u64, trials: u64, probability: f64) -> f64 {
    if successes >= trials {
        return 1.0;
    }
    if successes as f64 > trials as f64 * probability {
        return 1.0 - lower_tail(trials - successes - 1, trials, 1.0 - probability);
    }
    let odds = (1.0 - probability) / probability;
    let mut term = ln_probability_of(successes, trials, probability).exp();
    let mut sum = term;
    for k in (1..=successes).rev() {
        term *= k as f64 / (trials - k + 1) as f64 * odds;
        sum += term;
        if term < sum * f64::EPSILON / 4.0 {
            break;
        }
    }
    sum.min(1.0)
}

/// The probability of `successes` or more.
pub(super) fn upper_tail(successes: u64, trials: u64, probability: f64) -> f64 {
    if successes > trials { 0.0 } else { lower_tail(trials - successes, trials, 1.0 - probability) }
}

/// The quantile of `share`: the least number of successes with at least that probability of it or fewer.
pub(super) fn quantile(share: f64, trials: u64, probability: f64) -> u64 {
    first_where(0, trials, |k| lower_tail(k, trials, probability) >= share)
}

/// The exact two-sided p-value: the probability of every outcome no more probable than the one seen.
pub(super) fn two_sided_p_value(successes: u64, trials: u64, probability: f64) -> f64 {
    let ln_seen = ln_probability_of(successes, trials, probability) + SAME_PROBABILITY;
    let as_rare = |k: u64| ln_probability_of(k, trials, probability) <= ln_seen;
    let mode = ((trials + 1) as f64 * probability).floor().min(trials as f64) as u64;
    if successes == mode {
        return 1.0;
    }
    // Probabilities fall from the mode to either end, so the far side is found by halving.
    let tails = if successes < mode {
        let above = first_where(mode, trials + 1, as_rare);
        lower_tail(successes, trials, probability) + upper_tail(above, trials, probability)
    } else {
        // Counted from the top, so that the outcomes as rare again come last.
        let from_top = first_where(trials - mode, trials + 1, |k| as_rare(trials - k));
        upper_tail(successes, trials, probability) + upper_tail(from_top, trials, 1.0 - probability)
    };
    tails.min(1.0)
}

/// The first number of `from..end` where `holds` becomes and stays true; `end` where it never does.
fn first_where(from: u64, end: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (from, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four coins: 1, 4, 6, 4, 1 sixteenths.
    #[test]
    fn four_coins() {
        for (k, below, above) in [(0, 1.0, 16.0), (1, 5.0, 15.0), (2, 11.0, 11.0), (3, 15.0, 5.0), (4, 16.0, 1.0)] {
            assert!((lower_tail(k, 4, 0.5) * 16.0 - below).abs() < 1e-12, "{k}");
            assert!((upper_tail(k, 4, 0.5) * 16.0 - above).abs() < 1e-12, "{k}");
        }
        assert_eq!(upper_tail(5, 4, 0.5), 0.0);
    }

    /// scipy 1.17.1, `scipy.stats.binom.cdf(k, n, p)`.
    #[test]
    fn agrees_with_scipy() {
        for (k, n, p, expected) in [
            (3, 10, 0.1, 0.987_204_801_6),
            (870, 1_000, 0.9, 0.001_341_398_370_873_421),
            (480, 1_000, 0.5, 0.108_724_146_602_070_75),
            (95, 100, 0.9, 0.976_288_917_336_523_2),
            (499_000, 1_000_000, 0.5, 0.022_804_149_932_694_8),
            (899_000, 1_000_000, 0.9, 0.000_438_619_976_294_834_64),
        ] {
            let tail = lower_tail(k, n, p);
            assert!((tail / expected - 1.0).abs() < 1e-8, "{k} of {n}: {tail}");
            assert!((upper_tail(k + 1, n, p) - (1.0 - expected)).abs() < 1e-9, "{k} of {n}");
        }
    }

    /// scipy 1.17.1, `scipy.stats.binom.ppf(share, n, p)`.
    #[test]
    fn quantiles_agree_with_scipy() {
        for (share, n, p, expected) in [
            (0.05, 0, 0.5, 0),
            (0.05, 4, 0.5, 0),
            (0.05, 5, 0.5, 1),
            (0.05, 23, 0.5, 8),
            (0.5, 10, 0.3, 3),
            (0.95, 10, 0.3, 5),
            (0.99, 1_000, 0.01, 18),
            (0.05, 99_999, 0.5, 49_739),
        ] {
            assert_eq!(quantile(share, n, p), expected, "{share} {n} {p}");
        }
    }

    /// scipy 1.17.1, `scipy.stats.binomtest(k, n, p).pvalue`.
    #[test]
    fn two_sided_agrees_with_scipy() {
        for (k, n, p, expected) in [
            (0, 10, 0.1, 0.6125795109999999),
            (1, 10, 0.1, 1.0),
            (4, 10, 0.1, 0.0127951984),
            (2, 4, 0.5, 1.0),
            (0, 4, 0.5, 0.125),
            (10, 10, 0.3, 5.9048999999999975e-06),
            (180, 300, 0.5, 0.0006342200069283566),
            (95, 100, 0.9, 0.13014985175191457),
            (600, 100000, 0.005, 1.3500753773282133e-05),
            // The mode is 3 and not 10p rounded down; nothing on the far side is as rare.
            (2, 10, 0.28, 0.7357695799958437),
            (0, 5, 0.9, 9.999999999999989e-06),
            (5, 5, 0.1, 1.0000000000000003e-05),
        ] {
            let p_value = two_sided_p_value(k, n, p);
            assert!((p_value / expected - 1.0_f64).abs() < 1e-9, "{k} of {n}: {p_value}");
        }
    }
}
