//! Empirical-Bayes shrinkage of unit values towards their mean, with the reliability of each.
//!
//! A unit's own value is y = x/n, the mean of all units μ = Σx/Σn, and τ² the variance between units beyond chance. A
//! unit keeps its own value as far as it is reliable (Morris CN 1983, *Journal of the American Statistical Association*
//! 78:47-55):
//!
//! ```text
//! estimate = μ + reliability·(y - μ)        reliability = τ² / (τ² + chance variance of y given the unit's own mean)
//! ```
//!
//! With k units, N = Σn, Q = Σ n(y - μ)² and D = N - Σn²/N, τ² comes from moments:
//!
//! ```text
//! beta-binomial   γ = (Q - v(k - 1)) / (v(D - (k - 1))), v = μ(1 - μ)    τ² = γv    reliability = nγ/(nγ + 1 - γ)
//! gamma-Poisson   τ² = (Q - μ(k - 1)) / D                                           reliability = nτ²/(nτ² + μ)
//! ```
//!
//! Beta-binomial after Kleinman JC 1973, *Journal of the American Statistical Association* 68:46-54, weights n;
//! gamma-Poisson after Marshall RJ 1991, *Applied Statistics* 40:283-294, with the unbiased divisor of DerSimonian R,
//! Laird N 1986, *Controlled Clinical Trials* 7:177-188. γ is kept from 0 to 1 and τ² from falling below 0, where
//! chance alone explains the spread and no unit has any reliability.

use super::Undefined;
use super::estimate::check_count_over_denominator;

/// What the counts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// Events out of a number that could have been, such as crimes solved out of crimes.
    BetaBinomial,
    /// Events over an exposure, such as incidents over days on duty.
    GammaPoisson,
}

/// A unit's events over its denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitCount {
    /// Events.
    pub events: f64,
    /// What they are out of or over.
    pub denominator: f64,
}

/// A group of units, shrunk.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrinkage {
    /// μ, the pooled value of all units.
    pub mean: f64,
    /// τ², in the square of the value's unit.
    pub between_variance: f64,
    /// The units, in the order given.
    pub units: Vec<Shrunk>,
}

/// A unit, shrunk. Values are in events by unit of the denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrunk {
    /// Its own value; `None` for a denominator of zero.
    pub own: Option<f64>,
    /// The shrunken estimate: between its own value and the mean.
    pub estimate: f64,
    /// The share of the variance of values like this one that is not chance, 0 to 1; 0 for a denominator of zero.
    pub reliability: f64,
}

/// Shrinks a group of units. A unit with neither events nor denominator stands at the mean and tells nothing of it.
///
/// # Errors
/// [`Undefined::TooFewObservations`] below two units with a denominator, or where no unit has more than one trial;
/// [`Undefined::ProportionAboveOne`], [`Undefined::NegativeCount`], [`Undefined::ZeroDenominator`] (events over
/// nothing) and [`Undefined::NotFinite`] for a unit that is no count over a denominator.
pub fn shrink(units: &[UnitCount], model: Model) -> Result<Shrinkage, Undefined> {
    let empty = |unit: &UnitCount| unit.events == 0.0 && unit.denominator == 0.0;
    for unit in units.iter().filter(|unit| !empty(unit)) {
        check_count_over_denominator(unit.events, unit.denominator)?;
        if model == Model::BetaBinomial && unit.events > unit.denominator {
            return Err(Undefined::ProportionAboveOne);
        }
    }
    let moments = Moments::of(units)?;
    let mean = moments.mean;
    let between_variance = match model {
        Model::BetaBinomial => moments.intra_class_correlation()? * mean * (1.0 - mean),
        Model::GammaPoisson => moments.variance_between_rates(),
    };
    let chance_variance = match model {
        Model::BetaBinomial => mean * (1.0 - mean) - between_variance,
        Model::GammaPoisson => mean,
    };
    let shrunk = |unit: &UnitCount| {
        let signal = unit.denominator * between_variance;
        let reliability = if signal > 0.0 { signal / (signal + chance_variance) } else { 0.0 };
        let own = (unit.denominator > 0.0).then(|| unit.events / unit.denominator);
        let estimate = own.map_or(mean, |own| mean + reliability * (own - mean));
        Shrunk { own, estimate, reliability }
    };
    let units: Vec<Shrunk> = units.iter().map(shrunk).collect();
    let finite = units.iter().all(|unit| unit.estimate.is_finite() && unit.reliability.is_finite());
    if finite { Ok(Shrinkage { mean, between_variance, units }) } else { Err(Undefined::NotFinite) }
}

/// The sums that τ² is made of.
struct Moments {
    mean: f64,
    /// k - 1.
    free: f64,
    /// Q.
    spread: f64,
    /// D.
    divisor: f64,
}

impl Moments {
    fn of(units: &[UnitCount]) -> Result<Self, Undefined> {
        let counted = || units.iter().filter(|unit| unit.denominator > 0.0);
        let number = counted().count();
        if number < 2 {
            return Err(Undefined::TooFewObservations);
        }
        let total: f64 = counted().map(|unit| unit.denominator).sum();
        let mean = counted().map(|unit| unit.events).sum::<f64>() / total;
        let spread = counted().map(|unit| unit.denominator * (unit.events / unit.denominator - mean).powi(2)).sum();
        let divisor = counted().map(|unit| unit.denominator * (1.0 - unit.denominator / total)).sum();
        Ok(Self { mean, free: (number - 1) as f64, spread, divisor })
    }

    /// γ, from 0 to 1. With one trial a unit, units cannot be told from chance.
    fn intra_class_correlation(&self) -> Result<f64, Undefined> {
        let variance = self.mean * (1.0 - self.mean);
        let beyond_one_trial = self.divisor - self.free;
        if beyond_one_trial <= 1e-9 * self.divisor {
            return Err(Undefined::TooFewObservations);
        }
        if variance <= 0.0 {
            return Ok(0.0);
        }
        Ok(((self.spread - variance * self.free) / (variance * beyond_one_trial)).clamp(0.0, 1.0))
    }

    fn variance_between_rates(&self) -> f64 {
        ((self.spread - self.mean * self.free) / self.divisor).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(counts: &[(f64, f64)]) -> Vec<UnitCount> {
        counts.iter().map(|(events, denominator)| UnitCount { events: *events, denominator: *denominator }).collect()
    }

    /// 2 and 8 of 10: μ = 0.5, v = 0.25, Q = 2·10·0.09 = 1.8, k - 1 = 1, D = 20 - 200/20 = 10:
    /// γ = (1.8 - 0.25)/(0.25·9) = 31/45, reliability 310/45/(310/45 + 14/45) = 310/324.
    #[test]
    fn two_proportions_by_hand() {
        let found = shrink(&units(&[(2.0, 10.0), (8.0, 10.0)]), Model::BetaBinomial).unwrap();
        let reliability = 310.0 / 324.0;
        assert!((found.between_variance - 31.0 / 180.0).abs() < 1e-15, "{found:?}");
        for (unit, own) in found.units.iter().zip([0.2, 0.8]) {
            assert_eq!(unit.own, Some(own));
            assert!((unit.reliability - reliability).abs() < 1e-15, "{unit:?}");
            assert!((unit.estimate - (0.5 + reliability * (own - 0.5))).abs() < 1e-15, "{unit:?}");
        }
    }

    /// 2 and 8 over 2 days each: μ = 2.5, Q = 2·2·2.25 = 9, D = 4 - 8/4 = 2: τ² = 6.5/2, reliability 6.5/9.
    #[test]
    fn two_rates_by_hand() {
        let counts = units(&[(2.0, 2.0), (0.0, 0.0), (8.0, 2.0)]);
        let found = shrink(&counts, Model::GammaPoisson).unwrap();
        assert!((found.between_variance - 3.25).abs() < 1e-15, "{found:?}");
        assert!((found.units[0].reliability - 6.5 / 9.0).abs() < 1e-15, "{found:?}");
        assert_eq!(found.units[1], Shrunk { own: None, estimate: 2.5, reliability: 0.0 });
    }

    #[test]
    fn units_alike_are_all_at_the_mean() {
        for (counts, mean) in [([(0.0, 9.0); 5], 0.0), ([(9.0, 9.0); 5], 1.0), ([(5e8, 1e9); 5], 0.5)] {
            for model in [Model::BetaBinomial, Model::GammaPoisson] {
                let found = shrink(&units(&counts), model).unwrap();
                assert_eq!(found.between_variance, 0.0, "{model:?} {counts:?}");
                assert!(found.units.iter().all(|unit| unit.estimate == mean && unit.reliability == 0.0));
            }
        }
    }

    #[test]
    fn what_cannot_be_shrunk_has_a_reason() {
        use Model::{BetaBinomial, GammaPoisson};
        for (counts, model, expected) in [
            (vec![], GammaPoisson, Undefined::TooFewObservations),
            (vec![(1.0, 2.0)], BetaBinomial, Undefined::TooFewObservations),
            (vec![(1.0, 2.0), (0.0, 0.0)], GammaPoisson, Undefined::TooFewObservations),
            (vec![(1.0, 1.0), (0.0, 1.0), (1.0, 1.0)], BetaBinomial, Undefined::TooFewObservations),
            (vec![(1.0, 2.0), (1.0, 0.0)], GammaPoisson, Undefined::ZeroDenominator),
            (vec![(1.0, 2.0), (3.0, 2.0)], BetaBinomial, Undefined::ProportionAboveOne),
            (vec![(1.0, 2.0), (-1.0, 2.0)], GammaPoisson, Undefined::NegativeCount),
            (vec![(1.0, 2.0), (f64::NAN, 2.0)], GammaPoisson, Undefined::NotFinite),
            (vec![(1.0, 2.0), (1e308, 1e-10)], GammaPoisson, Undefined::NotFinite),
            (vec![(1e300, 1e-10), (1e300, 1e-10)], GammaPoisson, Undefined::NotFinite),
        ] {
            assert_eq!(shrink(&units(&counts), model), Err(expected), "{counts:?}");
        }
        assert!(shrink(&units(&[(1.0, 2.0), (3.0, 2.0)]), GammaPoisson).is_ok());
        // Of so many units with one trial, rounding leaves a little beyond one.
        for number in [3_001, 10_007, 70_001, 99_999] {
            let counts: Vec<(f64, f64)> = (0..number).map(|unit| (f64::from(unit % 2), 1.0)).collect();
            assert_eq!(shrink(&units(&counts), BetaBinomial), Err(Undefined::TooFewObservations), "{number}");
        }
    }

    fn groups() -> impl Strategy<Value = Vec<UnitCount>> {
        let denominator = prop_oneof![8 => 0_u32..200, 1 => Just(1_000_000_000)];
        let unit = (denominator, 0.0..=1.0_f64).prop_map(|(denominator, share)| {
            let denominator = f64::from(denominator);
            UnitCount { events: (denominator * share).floor(), denominator }
        });
        prop::collection::vec(unit, 0..30)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn an_estimate_lies_between_the_unit_and_the_mean(group in groups()) {
            for model in [Model::BetaBinomial, Model::GammaPoisson] {
                let Ok(found) = shrink(&group, model) else { continue };
                for unit in &found.units {
                    let own = unit.own.unwrap_or(found.mean);
                    let rounding = 1e-12 * found.mean.max(own);
                    prop_assert!(unit.estimate >= own.min(found.mean) - rounding);
                    prop_assert!(unit.estimate <= own.max(found.mean) + rounding);
                    prop_assert!((0.0..=1.0).contains(&unit.reliability));
                }
            }
        }

        #[test]
        fn the_order_of_units_does_not_matter_and_larger_ones_are_more_reliable(group in groups()) {
            let mut ordered = group.clone();
            ordered.sort_by(|a, b| a.denominator.total_cmp(&b.denominator));
            for model in [Model::BetaBinomial, Model::GammaPoisson] {
                let (Ok(before), Ok(after)) = (shrink(&group, model), shrink(&ordered, model)) else { continue };
                prop_assert!((before.mean - after.mean).abs() <= 1e-12 * before.mean);
                prop_assert!((before.between_variance - after.between_variance).abs() <= 1e-9);
                prop_assert!(after.units.is_sorted_by(|a, b| a.reliability <= b.reliability));
            }
        }
    }
}
