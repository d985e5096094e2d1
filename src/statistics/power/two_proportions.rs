//! Trials needed to tell two proportions apart by the pooled test (Fleiss JL, Levin B, Paik MC 2003, *Statistical Methods
//! for Rates and Proportions*, 3rd edition, section 4.2, without the correction for continuity).
//!
//! With n trials on the first side, rn on the second, p̄ = (p1 + r·p2)/(1 + r) and d = |p1 - p2|:
//!
//! ```text
//! s0² = p̄(1 - p̄)(1 + 1/r)     s1² = p1(1 - p1) + p2(1 - p2)/r
//! power = Φ((d√n - z·s0)/s1) + Φ((-d√n - z·s0)/s1)
//! ```

use super::super::{Confidence, Undefined, normal};
use super::check_power;

/// Trials above which the search for a number of them stops; counts are exact to here.
const MOST_TRIALS: u64 = 1 << 53;

/// Two proportions that a test should tell apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The first proportion.
    pub first: f64,
    /// The second proportion.
    pub second: f64,
    /// Trials on the second side for each on the first, above zero.
    pub trials_ratio: f64,
}

/// The power with `trials` on the first side.
///
/// # Errors
/// [`Undefined::OutOfRange`] for what is no proportion, a ratio not above zero or no trial.
pub fn power(plan: &Plan, trials: u64, confidence: Confidence) -> Result<f64, Undefined> {
    let proportion = |value: f64| (0.0..=1.0).contains(&value);
    let ratio = plan.trials_ratio;
    if !(proportion(plan.first) && proportion(plan.second) && ratio > 0.0 && ratio.is_finite()) || trials == 0 {
        return Err(Undefined::OutOfRange);
    }
    let variance = |chance: f64| chance * (1.0 - chance);
    let pooled = (plan.first + ratio * plan.second) / (1.0 + ratio);
    let cut = confidence.z() * (variance(pooled) * (1.0 + 1.0 / ratio)).sqrt();
    let shift = (plan.first - plan.second).abs() * (trials as f64).sqrt();
    let spread = (variance(plan.first) + variance(plan.second) / ratio).sqrt();
    if spread == 0.0 {
        // None and all: the difference seen is always the same one.
        return Ok(if shift > cut { 1.0 } else { 0.0 });
    }
    Ok(normal::lower_tail((shift - cut) / spread) + normal::lower_tail((-shift - cut) / spread))
}

/// The fewest trials on the first side that give the power asked for (0.8 is usual). `None` where 2⁵³ are not enough, as
/// for two equal proportions.
///
/// # Errors
/// As [`power`], and [`Undefined::OutOfRange`] for a power asked for that is not between α and 1.
pub fn trials_needed(plan: &Plan, power_asked: f64, confidence: Confidence) -> Result<Option<u64>, Undefined> {
    check_power(power_asked, confidence)?;
    let (mut too_few, mut enough) = (0, 1);
    while power(plan, enough, confidence)? < power_asked {
        if enough >= MOST_TRIALS {
            return Ok(None);
        }
        (too_few, enough) = (enough, 2 * enough);
    }
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if power(plan, middle, confidence)? < power_asked {
            too_few = middle;
        } else {
            enough = middle;
        }
    }
    Ok(Some(enough))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ends_of_the_range() {
        let plan = |first, second| Plan { first, second, trials_ratio: 1.0 };
        // None against all: d√n > z·√(1/2) from n = 2 on.
        assert_eq!(trials_needed(&plan(0.0, 1.0), 0.8, Confidence::P95), Ok(Some(2)));
        assert_eq!(trials_needed(&plan(0.3, 0.3), 0.8, Confidence::P95), Ok(None));
        assert_eq!(trials_needed(&plan(0.0, 0.0), 0.8, Confidence::P95), Ok(None));
        for (plan, trials) in [
            (plan(-0.1, 0.5), 10),
            (plan(0.1, 1.5), 10),
            (plan(f64::NAN, 0.5), 10),
            (plan(0.1, 0.5), 0),
            (Plan { trials_ratio: 0.0, ..plan(0.1, 0.5) }, 10),
        ] {
            assert_eq!(power(&plan, trials, Confidence::P95), Err(Undefined::OutOfRange), "{plan:?}");
        }
        assert_eq!(trials_needed(&plan(0.1, 0.5), 1.0, Confidence::P95), Err(Undefined::OutOfRange));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn power_grows_with_trials_and_the_number_needed_is_the_first_enough(
            first in 0.0..=1.0_f64,
            second in 0.0..=1.0_f64,
            trials in 1_u64..2_000_000_000,
        ) {
            let plan = Plan { first, second, trials_ratio: 1.0 };
            let found = power(&plan, trials, Confidence::P95).unwrap();
            prop_assert!((0.0..=1.0 + 1e-12).contains(&found));
            prop_assert!(power(&plan, trials + 1, Confidence::P95).unwrap() >= found - 1e-12);
            // Either side may be named first, and failures counted for successes.
            let turned = Plan { first: 1.0 - second, second: 1.0 - first, trials_ratio: 1.0 };
            prop_assert!((power(&turned, trials, Confidence::P95).unwrap() - found).abs() < 1e-9);
            if let Some(needed) = trials_needed(&plan, 0.8, Confidence::P95).unwrap() {
                prop_assert!(power(&plan, needed, Confidence::P95).unwrap() >= 0.8);
                prop_assert!(needed == 1 || power(&plan, needed - 1, Confidence::P95).unwrap() < 0.8);
            }
        }
    }
}
