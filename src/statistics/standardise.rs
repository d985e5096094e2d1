//! Indirect standardisation: what a unit would have had if each of its strata had behaved as the reference's, so that a
//! unit is not judged by its mix (Breslow NE, Day NE 1987, *Statistical Methods in Cancer Research* II, IARC, chapter 2).

use super::{Estimate, Undefined, poisson};

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
    let mut expected = 0.0;
    for stratum in strata.iter().filter(|stratum| stratum.denominator != 0.0) {
        let reference = poisson::rate(stratum.reference_count, stratum.reference_denominator)?;
        expected += stratum.denominator * reference.value;
    }
    let sum = |part: fn(&Stratum) -> f64| strata.iter().map(part).sum::<f64>();
    let observed = sum(|stratum| stratum.count);
    let reference =
        poisson::rate(sum(|stratum| stratum.reference_count), sum(|stratum| stratum.reference_denominator))?;
    let ratio = poisson::rate(observed, expected)?;
    let rate = poisson::rate(observed, expected / reference.value)?;
    Ok(Standardised { observed, expected, reference_rate: reference.value, ratio, rate })
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
