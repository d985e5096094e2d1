//! Two independent proportions: difference, test and intervals.

use super::{Confidence, Interval, binomial, normal, wilson};

/// Events out of trials, `successes <= trials`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Events of interest.
    pub successes: f64,
    /// All trials, above zero.
    pub trials: f64,
}

impl Sample {
    fn proportion(self) -> f64 {
        self.successes / self.trials
    }

    fn is_valid(self) -> bool {
        self.trials > 0.0 && self.trials.is_finite() && (0.0..=self.trials).contains(&self.successes)
    }
}

/// First minus second, with the pooled test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// First proportion minus second, -1 to 1.
    pub difference: f64,
    /// Difference over its standard error under a common proportion; `None` when no trial or every trial succeeded.
    pub z: Option<f64>,
    /// Two-sided p-value of `z`.
    pub p_value: Option<f64>,
}

/// The difference of two proportions with the pooled z test (the square root of Pearson's chi-square without
/// continuity correction; Fleiss, Levin, Paik 2003, *Statistical Methods for Rates and Proportions*, section 3.1).
///
/// `None` where either sample is no proportion.
pub fn difference(first: Sample, second: Sample) -> Option<Difference> {
    if !(first.is_valid() && second.is_valid()) {
        return None;
    }
    let difference = first.proportion() - second.proportion();
    let pooled = (first.successes + second.successes) / (first.trials + second.trials);
    let standard_error = (pooled * (1.0 - pooled) * (1.0 / first.trials + 1.0 / second.trials)).sqrt();
    let z = (standard_error > 0.0).then(|| difference / standard_error);
    Some(Difference { difference, z, p_value: z.map(normal::two_sided_p_value) })
}

/// Newcombe's hybrid score interval of the difference first minus second (Newcombe RG 1998, *Statistics in Medicine*
/// 17:873-890, method 10). `None` where either sample is no proportion.
pub fn newcombe_interval(first: Sample, second: Sample, confidence: Confidence) -> Option<Interval> {
    let ends_1 = wilson::interval(first.successes, first.trials, confidence)?;
    let ends_2 = wilson::interval(second.successes, second.trials, confidence)?;
    let (p1, p2) = (first.proportion(), second.proportion());
    let difference = p1 - p2;
    Some(Interval {
        lower: difference - (p1 - ends_1.lower).hypot(ends_2.upper - p2),
        upper: difference + (ends_1.upper - p1).hypot(p2 - ends_2.lower),
    })
}

/// A ratio with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// First over second.
    pub ratio: f64,
    /// Its interval; `None` where the method gives none.
    pub interval: Option<Interval>,
}

/// The ratio of two proportions with Katz's log interval (Katz D et al. 1978, *Biometrics* 34:469-474), which does not
/// exist where the first sample has no success. `None` where the ratio is undefined.
pub fn risk_ratio(first: Sample, second: Sample, confidence: Confidence) -> Option<Ratio> {
    if !(first.is_valid() && second.is_valid() && second.successes > 0.0) {
        return None;
    }
    let ratio = first.proportion() / second.proportion();
    let variance = 1.0 / first.successes - 1.0 / first.trials + 1.0 / second.successes - 1.0 / second.trials;
    let factor = (confidence.z() * variance.sqrt()).exp();
    let interval = (first.successes > 0.0).then(|| Interval { lower: ratio / factor, upper: ratio * factor });
    Some(Ratio { ratio, interval })
}

/// Fisher's exact test of a 2 × 2 table of whole counts, two-sided: the probability of all tables with the same
/// margins that are no more probable than the one seen (Agresti 2013, *Categorical Data Analysis*, section 3.5).
///
/// Arguments are successes and trials. `None` where successes exceed trials or a sample has no trial.
pub fn fisher_exact_p_value(first: (u64, u64), second: (u64, u64)) -> Option<f64> {
    let ((x1, n1), (x2, n2)) = (first, second);
    if x1 > n1 || x2 > n2 || n1 == 0 || n2 == 0 {
        return None;
    }
    let successes = x1 + x2;
    // Given the margins the first cell is hypergeometric, which is two binomial terms over a third; any chance will do.
    let chance = (successes as f64 / (n1 + n2) as f64).clamp(1e-9, 1.0 - 1e-9);
    let whole = binomial::ln_probability_of(successes, n1 + n2, chance);
    let probability = |k: u64| {
        let first = binomial::ln_probability_of(k, n1, chance);
        (first + binomial::ln_probability_of(successes - k, n2, chance) - whole).exp()
    };
    let seen = probability(x1) * (1.0 + binomial::SAME_PROBABILITY);
    let cells = successes.saturating_sub(n2)..=successes.min(n1);
    Some(cells.map(probability).filter(|p| *p <= seen).sum::<f64>().min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(successes: f64, trials: f64) -> Sample {
        Sample { successes, trials }
    }

    /// Newcombe 1998, table II, method 10, printed to four places.
    #[test]
    fn newcombe_table_2() {
        for (x1, n1, x2, n2, lower, upper) in [
            (56.0, 70.0, 48.0, 80.0, 0.0524, 0.3339),
            (9.0, 10.0, 3.0, 10.0, 0.1705, 0.8090),
            (10.0, 10.0, 0.0, 20.0, 0.6791, 1.0),
        ] {
            let ends = newcombe_interval(sample(x1, n1), sample(x2, n2), Confidence::P95).unwrap();
            assert!((ends.lower - lower).abs() < 5e-5 && (ends.upper - upper).abs() < 5e-5, "{ends:?}");
        }
    }

    /// Fisher's tea tasting: 3 of 4 against 1 of 4 has p = 34/70.
    #[test]
    fn tea_tasting() {
        let p_value = fisher_exact_p_value((3, 4), (1, 4)).unwrap();
        assert!((p_value - 34.0 / 70.0).abs() < 1e-12, "{p_value}");
        assert_eq!(fisher_exact_p_value((0, 5), (0, 9)), Some(1.0));
        // All of one side and none of the other: two tables of 252.
        for (first, second) in [((5, 5), (0, 5)), ((0, 5), (5, 5))] {
            assert!((fisher_exact_p_value(first, second).unwrap() - 2.0 / 252.0).abs() < 1e-12);
        }
        for (first, second) in [((6, 5), (0, 9)), ((0, 9), (6, 5)), ((0, 0), (1, 2)), ((1, 2), (0, 0))] {
            assert_eq!(fisher_exact_p_value(first, second), None, "{first:?} {second:?}");
        }
    }

    #[test]
    fn without_variation_there_is_no_test() {
        let none = difference(sample(0.0, 5.0), sample(0.0, 9.0)).unwrap();
        assert_eq!((none.difference, none.z, none.p_value), (0.0, None, None));
        assert_eq!(difference(sample(6.0, 5.0), sample(0.0, 9.0)), None);
        assert_eq!(difference(sample(1.0, 5.0), sample(0.0, 0.0)), None);
        assert_eq!(risk_ratio(sample(1.0, 5.0), sample(0.0, 9.0), Confidence::P95), None);
        let zero = risk_ratio(sample(0.0, 5.0), sample(3.0, 9.0), Confidence::P95).unwrap();
        assert_eq!((zero.ratio, zero.interval), (0.0, None));
    }
}
