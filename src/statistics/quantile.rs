//! Medians and percentiles, with a distribution-free interval.
//!
//! **Value.** Linear interpolation between order statistics at position 1 + (n - 1)q: type 7 of Hyndman RJ, Fan Y
//! (1996), *The American Statistician* 50:361-365, the default of R and NumPy.
//!
//! **Interval.** From one order statistic to another, X(l) to X(u), ranks counted from 1 (Conover WJ 1999, *Practical
//! Nonparametric Statistics*, 3rd ed., section 3.2; Hahn GJ, Meeker WQ 1991, *Statistical Intervals*, section 5.2).
//! The number B of observations below the true quantile is binomial (n, q), so
//!
//! ```text
//! l = the greatest rank with P(B <= l - 1) <= α/2        u = the least rank with P(B >= u) <= α/2
//! ```
//!
//! The tails are exact at every n, and each side holds at most α/2, so the coverage is never below the level; ties
//! only raise it. Where n is too small to have such a rank on both sides the interval is missing.

use super::{Confidence, Estimate, Interval, Method, Undefined, binomial};

/// The quantile `probability` (0 to 1) of values in ascending order, type 7.
///
/// `None` for no values or a probability outside 0 to 1.
pub fn type_7(sorted: &[f64], probability: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let position = sorted.len().checked_sub(1)? as f64 * probability;
    let below = *sorted.get(position.floor() as usize)?;
    let above = *sorted.get(position.ceil() as usize)?;
    Some(below + (above - below) * position.fract())
}

/// The ranks, counted from 1, of the two order statistics that bound a quantile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankInterval {
    /// Rank of the lower end.
    pub lower: u64,
    /// Rank of the upper end.
    pub upper: u64,
}

/// The ranks that bound the quantile `probability` among `observations` values.
///
/// `None` where there are too few observations for the level, or the probability is not strictly between 0 and 1.
pub fn rank_interval(observations: u64, probability: f64, confidence: Confidence) -> Option<RankInterval> {
    if !(probability > 0.0 && probability < 1.0) {
        return None;
    }
    let lower = lower_rank(observations, probability, confidence)?;
    // Counted from the top, the upper rank is the lower rank of the opposite quantile.
    let from_top = lower_rank(observations, 1.0 - probability, confidence)?;
    Some(RankInterval { lower, upper: observations + 1 - from_top })
}

/// The interval of the quantile `probability` of values in ascending order.
///
/// `None` where there are too few values for the level, or the probability is not strictly between 0 and 1.
pub fn interval(sorted: &[f64], probability: f64, confidence: Confidence) -> Option<Interval> {
    let ranks = rank_interval(sorted.len() as u64, probability, confidence)?;
    let at = |rank: u64| sorted.get(usize::try_from(rank).ok()?.checked_sub(1)?).copied();
    Some(Interval { lower: at(ranks.lower)?, upper: at(ranks.upper)? })
}

/// The quantile `probability` of finite values in ascending order, with its order-statistic intervals.
///
/// # Errors
/// [`Undefined::NoObservations`] for an empty slice; [`Undefined::NotFinite`] where an end of the slice is no finite
/// number or the probability is not between 0 and 1.
pub fn quantile(sorted: &[f64], probability: f64) -> Result<Estimate, Undefined> {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return Err(Undefined::NoObservations);
    };
    if !first.is_finite() || !last.is_finite() {
        return Err(Undefined::NotFinite);
    }
    let value = type_7(sorted, probability).ok_or(Undefined::NotFinite)?;
    Ok(Estimate::with(value, Method::OrderStatistic, |confidence| interval(sorted, probability, confidence)))
}

/// The greatest rank l with P(B <= l - 1) <= α/2, from a normal first guess put right by the exact tail.
fn lower_rank(observations: u64, probability: f64, confidence: Confidence) -> Option<u64> {
    let limit = confidence.alpha() / 2.0;
    let fits = |rank: u64| binomial::lower_tail(rank - 1, observations, probability) <= limit;
    let mean = observations as f64 * probability;
    let guess = mean - confidence.z() * (mean * (1.0 - probability)).sqrt();
    let mut rank = (guess.max(1.0) as u64).min(observations);
    while rank > 0 && !fits(rank) {
        rank -= 1;
    }
    while rank > 0 && rank < observations && fits(rank + 1) {
        rank += 1;
    }
    (rank > 0).then_some(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_7_interpolates_between_neighbours() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (q, expected) in [(0.0, 1.0), (0.25, 2.0), (0.5, 4.0), (0.6, 5.6), (0.9, 12.8), (1.0, 16.0)] {
            assert!((type_7(&values, q).unwrap() - expected).abs() < 1e-12, "{q}");
        }
        assert_eq!(type_7(&[], 0.5), None);
        assert_eq!(type_7(&values, 1.5), None);
        assert_eq!(type_7(&[7.0], 0.9), Some(7.0));
    }

    /// The median's ranks as printed in statistical tables of the sign test (Conover 1999, table A3, n up to 20; Hahn
    /// and Meeker 1991). Five observations cannot bound a median at 95%: 2·(1/2)^5 = 0.0625; six can.
    #[test]
    fn ranks_of_a_median() {
        for (n, lower, upper) in [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (15, 4, 12), (20, 6, 15), (25, 8, 18)] {
            assert_eq!(rank_interval(n, 0.5, Confidence::P95), Some(RankInterval { lower, upper }), "{n}");
        }
        for n in 0..=5 {
            assert_eq!(rank_interval(n, 0.5, Confidence::P95), None, "{n}");
        }
        assert_eq!(rank_interval(9, 0.5, Confidence::P998), None);
        assert_eq!(rank_interval(10, 0.5, Confidence::P998), Some(RankInterval { lower: 1, upper: 10 }));
    }

    #[test]
    fn an_interval_runs_from_one_rank_to_the_other() {
        let values: Vec<f64> = (1..=15).map(|rank| f64::from(rank * rank)).collect();
        assert_eq!(interval(&values, 0.5, Confidence::P95), Some(Interval { lower: 16.0, upper: 144.0 }));
        assert_eq!(interval(&values[..5], 0.5, Confidence::P95), None);
        for probability in [-0.1, 0.0, 1.0, 1.1, f64::NAN] {
            assert_eq!(rank_interval(1_000, probability, Confidence::P95), None, "{probability}");
        }
    }

    /// The upper side of a 90th percentile needs 0.9^n <= 0.025: 36 observations.
    #[test]
    fn a_90th_percentile_needs_36_observations() {
        assert_eq!(rank_interval(35, 0.9, Confidence::P95), None);
        assert_eq!(rank_interval(36, 0.9, Confidence::P95).map(|ranks| ranks.upper), Some(36));
    }

    #[test]
    fn every_rank_is_the_last_that_holds_the_tail() {
        for n in [40, 101, 1_000, 54_321] {
            for q in [0.1, 0.5, 0.9, 0.95] {
                for confidence in Confidence::BOTH {
                    let Some(ranks) = rank_interval(n, q, confidence) else { continue };
                    let tail = confidence.alpha() / 2.0;
                    assert!(binomial::lower_tail(ranks.lower - 1, n, q) <= tail);
                    assert!(binomial::lower_tail(ranks.lower, n, q) > tail);
                    assert!(binomial::upper_tail(ranks.upper, n, q) <= tail);
                    assert!(binomial::upper_tail(ranks.upper - 1, n, q) > tail);
                }
            }
        }
    }

    #[test]
    fn the_value_lies_in_its_interval() {
        for n in 1..400_u32 {
            let values: Vec<f64> = (0..n).map(|i| f64::from(i * i)).collect();
            for q in [0.1, 0.25, 0.5, 0.9, 0.95] {
                let estimate = quantile(&values, q).unwrap();
                for interval in [estimate.interval_95, estimate.interval_998].into_iter().flatten() {
                    assert!(interval.contains(estimate.value), "{n} {q} {estimate:?}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_quantile_says_why() {
        assert_eq!(quantile(&[], 0.5), Err(Undefined::NoObservations));
        assert_eq!(quantile(&[1.0, f64::INFINITY], 0.5), Err(Undefined::NotFinite));
        assert_eq!(quantile(&[1.0, 2.0], f64::NAN), Err(Undefined::NotFinite));
        let two = quantile(&[3.0, 5.0], 0.5).unwrap();
        assert_eq!((two.value, two.interval_95, two.method), (4.0, None, Method::OrderStatistic));
    }
}
