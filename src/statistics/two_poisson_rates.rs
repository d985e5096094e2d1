//! Two independent Poisson rates, compared given their total: the first count out of both is binomial with chance
//! t1 / (t1 + t2) when the rates are equal (Przyborowski J, Wilenski H 1940, *Biometrika* 31:313-323).

use super::{Confidence, Interval, binomial, normal};

/// Relative precision of the ends of an exact interval.
const ODDS_PRECISION: f64 = 1e-12;

/// Whole events over an exposure (days, residents) above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Events {
    /// Number of events.
    pub count: u64,
    /// Exposure, in the same unit on both sides.
    pub exposure: f64,
}

/// The comparison of two rates, first over second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateComparison {
    /// First rate over second; `None` where the second has no event.
    pub ratio: Option<f64>,
    /// Conditional score statistic; `None` where neither side has an event.
    pub z: Option<f64>,
    /// Two-sided normal p-value of `z`.
    pub p_value_score: Option<f64>,
    /// Exact conditional p-value, two-sided: all splits no more probable than the one seen.
    pub p_value_exact: f64,
}

/// Compares two rates. `None` where an exposure is not above zero.
pub fn compare(first: Events, second: Events) -> Option<RateComparison> {
    let chance = chance_of_first(first, second)?;
    let total = first.count + second.count;
    let expected = total as f64 * chance;
    let z = (total > 0).then(|| (first.count as f64 - expected) / (expected * (1.0 - chance)).sqrt());
    let rate = |events: Events| events.count as f64 / events.exposure;
    Some(RateComparison {
        ratio: (second.count > 0).then(|| rate(first) / rate(second)),
        z,
        p_value_score: z.map(normal::two_sided_p_value),
        p_value_exact: binomial::two_sided_p_value(first.count, total, chance),
    })
}

/// The exact interval of the ratio of two rates, from the Clopper-Pearson interval of the binomial chance.
///
/// `None` where an exposure is not above zero or the second side has no event, so that no upper end exists.
pub fn ratio_interval(first: Events, second: Events, confidence: Confidence) -> Option<Interval> {
    chance_of_first(first, second)?;
    if second.count == 0 {
        return None;
    }
    let exposures = second.exposure / first.exposure;
    let lower = lower_odds(first.count, second.count, confidence) * exposures;
    // Seen from the other side the upper end is a lower one.
    Some(Interval { lower, upper: exposures / lower_odds(second.count, first.count, confidence) })
}

/// Clopper and Pearson's lower end for `successes` against `failures` as odds: the odds at which so many successes or
/// more have probability α/2. Found by halving on the logarithm of the odds; 0 without a success.
fn lower_odds(successes: u64, failures: u64, confidence: Confidence) -> f64 {
    if successes == 0 {
        return 0.0;
    }
    let trials = successes + failures;
    let too_low = |ln_odds: f64| {
        let chance = 1.0 / (1.0 + (-ln_odds).exp());
        binomial::upper_tail(successes, trials, chance) < confidence.alpha() / 2.0
    };
    // With no failure the end is (α/2)^(1/n), near odds of n; one more than n bounds it.
    let mut high = (successes as f64 / (failures as f64).max(1.0 / (successes as f64 + 1.0))).ln();
    let mut low = high - 1.0;
    while !too_low(low) {
        low -= 1.0;
    }
    while high - low > ODDS_PRECISION {
        let middle = 0.5 * (low + high);
        if too_low(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (0.5 * (low + high)).exp()
}

/// The chance that an event falls on the first side when the rates are equal.
fn chance_of_first(first: Events, second: Events) -> Option<f64> {
    let valid = |exposure: f64| exposure.is_finite() && exposure > 0.0;
    (valid(first.exposure) && valid(second.exposure)).then(|| first.exposure / (first.exposure + second.exposure))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(count: u64, exposure: f64) -> Events {
        Events { count, exposure }
    }

    /// One event against three over equal exposure: every split of four but 2-2 is as improbable, p = 10/16.
    #[test]
    fn one_against_three() {
        let comparison = compare(events(1, 2.0), events(3, 2.0)).unwrap();
        assert_eq!(comparison.ratio, Some(1.0 / 3.0));
        assert_eq!(comparison.z, Some(-1.0));
        assert!((comparison.p_value_exact - 0.625).abs() < 1e-12);
    }

    /// No event on the first side: the upper end solves (1 - p)^n = α/2, and p / (1 - p) is the ratio.
    /// With n events on the second side alone, the chance of one there has the lower end (α/2)^(1/n) (Clopper and Pearson).
    #[test]
    fn no_event_against_many_has_a_closed_form() {
        for number in [1_u64, 2, 100, 10_000] {
            let ends = ratio_interval(events(0, 2.0), events(number, 3.0), Confidence::P95).unwrap();
            let ln_end = 0.025_f64.ln() / number as f64;
            let upper = 1.5 * -ln_end.exp_m1() / ln_end.exp();
            assert!(ends.lower == 0.0 && (ends.upper / upper - 1.0).abs() < 1e-9, "{number}: {ends:?} {upper}");
        }
    }

    #[test]
    fn no_event_on_a_side() {
        let interval = ratio_interval(events(0, 1.0), events(4, 1.0), Confidence::P95).unwrap();
        let chance = 1.0 - 0.025_f64.powf(0.25);
        assert_eq!(interval.lower, 0.0);
        assert!((interval.upper / (chance / (1.0 - chance)) - 1.0).abs() < 1e-9, "{interval:?}");
        assert_eq!(ratio_interval(events(4, 1.0), events(0, 1.0), Confidence::P95), None);
        let comparison = compare(events(0, 1.0), events(0, 3.0)).unwrap();
        assert_eq!((comparison.ratio, comparison.z, comparison.p_value_exact), (None, None, 1.0));
        assert_eq!(compare(events(1, 0.0), events(1, 1.0)), None);
    }
}
