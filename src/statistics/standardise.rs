//! Standardisation: a unit is not judged by its mix.
//!
//! **Indirect.** What a unit would have had if each of its strata had behaved as the reference's (Breslow NE, Day NE
//! 1987, *Statistical Methods in Cancer Research* II, IARC, chapter 2). A unit whose mix is known in part is expected the
//! reference's crude rate on the rest: what has no stratum moves nothing by mix.
//!
//! **Direct.** What rate a standard population would have if each of its strata had the unit's rate, with the interval
//! of Dobson AJ, Kuulasmaa K, Eberle E, Scherer J (1991), *Statistics in Medicine* 10:457-462. With x events of n and
//! weight w in each stratum, O = Σx,
//!
//! ```text
//! rate = Σ(w·x/n) / Σw        variance = Σ(w²·x/n²) / (Σw)²
//! limits = rate + √(variance / O) · (Byar's limit of O - O)
//! ```
//!
//! Below 10 events there is no directly standardised rate, as in England's public health figures: its interval does
//! not hold there.

use super::estimate::check_count_over_denominator;
use super::poisson::BYAR_FROM_COUNT;
use super::{Estimate, Interval, Method, Undefined, byars, poisson};

/// One stratum (an offence subgroup, an age band) of a unit and of the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    /// Events of the unit.
    pub count: f64,
    /// Denominator of the unit.
    pub denominator: f64,
    /// Events of the reference.
    pub reference_count: f64,
    /// Denominator of the reference.
    pub reference_denominator: f64,
}

/// A unit's observed events against those expected of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standardised {
    /// Observed events.
    pub observed: f64,
    /// Expected events: Σ denominator × reference rate.
    pub expected: f64,
    /// Part of the unit's denominator in no stratum of the reference, expected at its crude rate.
    pub unclassed: f64,
    /// Crude rate of the reference, its events over its denominator.
    pub reference_rate: f64,
    /// Observed over expected, the observed taken as a Poisson count.
    pub ratio: Estimate,
    /// The ratio times the reference's crude rate.
    pub rate: Estimate,
}

/// Standardises a unit indirectly.
///
/// # Errors
/// [`Undefined::ZeroDenominator`] where a stratum of the unit has no reference, or nothing is expected;
/// [`Undefined::NegativeCount`] or [`Undefined::NotFinite`] for a count that is none.
pub fn indirect(strata: &[Stratum]) -> Result<Standardised, Undefined> {
    for stratum in strata.iter().filter(|stratum| stratum.denominator != 0.0) {
        check_count_over_denominator(stratum.reference_count, stratum.reference_denominator)?;
    }
    let sum = |part: fn(&Stratum) -> f64| strata.iter().map(part).sum::<f64>();
    let whole = Stratum {
        count: sum(|stratum| stratum.count),
        denominator: sum(|stratum| stratum.denominator),
        reference_count: sum(|stratum| stratum.reference_count),
        reference_denominator: sum(|stratum| stratum.reference_denominator),
    };
    indirect_in_part(strata, whole)
}

/// Standardises a unit indirectly, of whose `whole` the strata are parts. What of the unit is in none of them, or in one
/// that the reference lacks, is expected at the reference's crude rate.
///
/// # Errors
/// [`Undefined::ZeroDenominator`] where nothing is expected; [`Undefined::NegativeCount`] or [`Undefined::NotFinite`] for
/// a count that is none, or where the strata hold more than the whole.
pub fn indirect_in_part(strata: &[Stratum], whole: Stratum) -> Result<Standardised, Undefined> {
    let reference = poisson::rate(whole.reference_count, whole.reference_denominator)?.value;
    let (mut expected, mut classed) = (0.0, 0.0);
    for stratum in strata.iter().filter(|s| s.denominator != 0.0 && s.reference_denominator > 0.0) {
        expected += stratum.denominator * poisson::rate(stratum.reference_count, stratum.reference_denominator)?.value;
        classed += stratum.denominator;
    }
    let unclassed = whole.denominator - classed;
    if unclassed < 0.0 {
        return Err(Undefined::NegativeCount);
    }
    expected += unclassed * reference;
    let ratio = poisson::rate(whole.count, expected)?;
    let rate = poisson::rate(whole.count, expected / reference)?;
    Ok(Standardised { observed: whole.count, expected, unclassed, reference_rate: reference, ratio, rate })
}

/// One stratum (an age band, an offence subgroup) of a unit, with its share of the standard population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedStratum {
    /// Events of the unit.
    pub count: f64,
    /// Denominator of the unit.
    pub denominator: f64,
    /// Size of the stratum in the standard population, in any unit that all strata share.
    pub weight: f64,
}

/// Standardises a unit directly: events per one of the denominator, with intervals.
///
/// # Errors
/// [`Undefined::ZeroDenominator`] where a stratum of the standard has no denominator in the unit, or the weights sum to
/// zero or one is below it; [`Undefined::TooFewEvents`] below 10 events; [`Undefined::NegativeCount`] or
/// [`Undefined::NotFinite`] for a count that is none.
pub fn direct(strata: &[WeightedStratum]) -> Result<Estimate, Undefined> {
    let (mut events, mut weights, mut rate, mut variance) = (0.0, 0.0, 0.0, 0.0);
    for stratum in strata {
        let WeightedStratum { count, denominator, weight } = *stratum;
        check_count_over_denominator(count, denominator)?;
        check_count_over_denominator(0.0, if weight == 0.0 { 1.0 } else { weight })?;
        events += count;
        weights += weight;
        rate += weight * count / denominator;
        variance += weight * weight * count / (denominator * denominator);
    }
    if weights <= 0.0 {
        return Err(Undefined::ZeroDenominator);
    }
    if events < BYAR_FROM_COUNT {
        return Err(Undefined::TooFewEvents);
    }
    let value = rate / weights;
    let standard_error_of_an_event = (variance / events).sqrt() / weights;
    let at = |limit: f64| value + standard_error_of_an_event * (limit - events);
    Ok(Estimate::with(value, Method::DobsonByar, |confidence| {
        byars::interval(events, confidence).map(|ends| Interval { lower: at(ends.lower), upper: at(ends.upper) })
    }))
}

#[cfg(test)]
mod tests {
    use super::super::Confidence;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The interval holds the rate, whatever the size of the counts; neither the size of the standard nor the order of
        /// strata matters, and a rate lies among those of its strata.
        #[test]
        fn a_direct_rate_is_sound(strata in prop::collection::vec((0_u32..2_000_000_000, 1_u32..2_000_000_000, 1_u32..9_000), 1..20)) {
            let weighted = |factor: f64| -> Vec<WeightedStratum> {
                strata.iter().map(|(x, n, w)| weighted((*x).into(), (*n).into(), f64::from(*w) * factor)).collect()
            };
            let mut turned = weighted(0.001);
            turned.reverse();
            let (Ok(found), Ok(turned)) = (direct(&weighted(1.0)), direct(&turned)) else {
                prop_assert!(strata.iter().map(|(x, ..)| u64::from(*x)).sum::<u64>() < 10);
                return Ok(());
            };
            for confidence in Confidence::BOTH {
                let (ends, others) = (found.interval(confidence).unwrap(), turned.interval(confidence).unwrap());
                prop_assert!(ends.contains(found.value), "{found:?}");
                prop_assert!((ends.upper - others.upper).abs() <= 1e-9 * ends.upper);
            }
            let rates = || strata.iter().map(|(x, n, _)| f64::from(*x) / f64::from(*n));
            let (least, most) = (rates().fold(f64::INFINITY, f64::min), rates().fold(0.0, f64::max));
            prop_assert!(found.value >= least * (1.0 - 1e-9) && found.value <= most * (1.0 + 1e-9));
        }
    }

    fn stratum(count: f64, denominator: f64, reference_count: f64, reference_denominator: f64) -> Stratum {
        Stratum { count, denominator, reference_count, reference_denominator }
    }

    /// Expected 100 × 50/1000 + 300 × 20/2000 = 5 + 3 = 8; observed 12; ratio 1.5; reference 70/3000.
    #[test]
    fn two_strata_by_hand() {
        let found = indirect(&[stratum(7.0, 100.0, 50.0, 1000.0), stratum(5.0, 300.0, 20.0, 2000.0)]).unwrap();
        assert_eq!((found.observed, found.expected, found.ratio.value), (12.0, 8.0, 1.5));
        assert!((found.rate.value - 1.5 * 70.0 / 3000.0).abs() < 1e-15);
    }

    #[test]
    fn a_stratum_without_reference_is_refused_unless_empty() {
        let with = |denominator| indirect(&[stratum(1.0, 10.0, 1.0, 10.0), stratum(0.0, denominator, 0.0, 0.0)]);
        assert_eq!(with(4.0), Err(Undefined::ZeroDenominator));
        assert!(with(0.0).is_ok());
        assert_eq!(indirect(&[]), Err(Undefined::ZeroDenominator));
    }

    /// As above, and 100 crimes of no stratum with 3 events: expected 8 + 100 × 80/3200 = 10.5, of 15. A stratum that the
    /// reference lacks is expected at the crude rate too: 8 + 10 × 80/3200 of 12 events.
    #[test]
    fn what_is_in_no_stratum_is_expected_at_the_crude_rate() {
        let strata = [stratum(7.0, 100.0, 50.0, 1000.0), stratum(5.0, 300.0, 20.0, 2000.0)];
        let found = indirect_in_part(&strata, stratum(15.0, 500.0, 80.0, 3200.0)).unwrap();
        assert_eq!((found.expected, found.unclassed, found.reference_rate), (10.5, 100.0, 0.025));
        assert!((found.rate.value - 15.0 / 10.5 * 0.025).abs() < 1e-15);
        let lacking = [strata[0], strata[1], stratum(0.0, 10.0, 0.0, 0.0)];
        let found = indirect_in_part(&lacking, stratum(12.0, 410.0, 80.0, 3200.0)).unwrap();
        assert_eq!((found.expected, found.unclassed), (8.25, 10.0));
        for (whole, expected) in [
            (stratum(12.0, 399.0, 80.0, 3200.0), Undefined::NegativeCount),
            (stratum(12.0, 400.0, 0.0, 0.0), Undefined::ZeroDenominator),
        ] {
            assert_eq!(indirect_in_part(&strata, whole), Err(expected));
        }
        let nothing = indirect_in_part(&[stratum(1.0, 9.0, 0.0, 20.0)], stratum(1.0, 9.0, 0.0, 20.0));
        assert_eq!(nothing, Err(Undefined::ZeroDenominator));
    }

    fn weighted(count: f64, denominator: f64, weight: f64) -> WeightedStratum {
        WeightedStratum { count, denominator, weight }
    }

    /// (2,000 × 12/400 + 3,000 × 5/1,000 + 1,000 × 30/1,500) / 6,000 = 95/6,000; limits worked in NumPy 2.4.6 from the
    /// formula.
    #[test]
    fn three_weighted_strata() {
        let strata =
            [weighted(12.0, 400.0, 2_000.0), weighted(5.0, 1_000.0, 3_000.0), weighted(30.0, 1_500.0, 1_000.0)];
        let found = direct(&strata).unwrap();
        let (inner, outer) = (found.interval_95.unwrap(), found.interval_998.unwrap());
        for (found, expected) in [
            (found.value, 95.0 / 6_000.0),
            (inner.lower, 0.01009507620350689),
            (inner.upper, 0.02296704594189331),
            (outer.lower, 0.007364871165661056),
            (outer.upper, 0.027481718754181414),
        ] {
            assert!((found / expected - 1.0_f64).abs() < 1e-12, "{found} {expected}");
        }
        assert_eq!(found.method, Method::DobsonByar);
    }

    /// With one stratum the standard does not matter and the interval is Byar's.
    #[test]
    fn one_stratum_is_its_crude_rate() {
        for weight in [0.01, 1.0, 1e6] {
            let (direct, crude) =
                (direct(&[weighted(40.0, 250.0, weight)]).unwrap(), poisson::rate(40.0, 250.0).unwrap());
            assert!((direct.value - crude.value).abs() < 1e-15);
            assert!((direct.interval_998.unwrap().upper - crude.interval_998.unwrap().upper).abs() < 1e-15);
        }
    }

    #[test]
    fn what_has_no_direct_rate_says_why() {
        let full = weighted(40.0, 250.0, 1.0);
        for (other, expected) in [
            (weighted(0.0, 0.0, 1.0), Undefined::ZeroDenominator),
            (weighted(1.0, 10.0, -1.0), Undefined::ZeroDenominator),
            (weighted(-1.0, 10.0, 1.0), Undefined::NegativeCount),
            (weighted(1.0, 10.0, f64::NAN), Undefined::NotFinite),
        ] {
            assert_eq!(direct(&[full, other]), Err(expected), "{other:?}");
        }
        assert!(direct(&[full, weighted(3.0, 10.0, 0.0)]).is_ok());
        assert_eq!(direct(&[weighted(40.0, 250.0, 0.0)]), Err(Undefined::ZeroDenominator));
        assert!(direct(&[weighted(10.0, 250.0, 1.0)]).is_ok());
        assert_eq!(direct(&[weighted(9.0, 250.0, 1.0)]), Err(Undefined::TooFewEvents));
        assert_eq!(direct(&[]), Err(Undefined::ZeroDenominator));
    }
}
