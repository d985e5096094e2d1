//! What a numerator is to its denominator, and what follows for its variance.

use super::super::Interval;
use super::super::Undefined;
use super::super::estimate::check_count_over_denominator;
use super::{Baseline, NOT_NEGATIVE};

/// What the numerators of a series are to their denominators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountKind {
    /// Those of the denominator that have a property: binomial.
    Proportion,
    /// Events over an exposure (residents, officers, days) or a closed-basis ratio: Poisson.
    Rate,
}

impl CountKind {
    /// The variance of numerator / denominator about `centre`, at a denominator of one.
    pub(super) fn variance(self, centre: f64) -> f64 {
        match self {
            // Rounding may carry a pooled proportion of fractional counts past 1.
            Self::Proportion => (centre * (1.0 - centre)).max(0.0),
            Self::Rate => centre,
        }
    }

    /// Where values can be.
    pub(super) fn range(self) -> Interval {
        match self {
            Self::Proportion => Interval { lower: 0.0, upper: 1.0 },
            Self::Rate => NOT_NEGATIVE,
        }
    }

    /// The (numerator, denominator) pairs of a series, one a point; `None`, a gap, for nothing of nothing.
    ///
    /// # Errors
    /// [`Undefined::NegativeCount`], [`Undefined::NotFinite`], [`Undefined::ProportionAboveOne`] of a proportion, and
    /// [`Undefined::ZeroDenominator`] where there are events over no denominator, or a denominator is below zero.
    pub(super) fn check(self, counts: &[(f64, f64)]) -> Result<Vec<Option<(f64, f64)>>, Undefined> {
        let check = |(numerator, denominator): &(f64, f64)| {
            if *numerator == 0.0 && *denominator == 0.0 {
                return Ok(None);
            }
            check_count_over_denominator(*numerator, *denominator)?;
            if self == Self::Proportion && numerator > denominator {
                return Err(Undefined::ProportionAboveOne);
            }
            Ok(Some((*numerator, *denominator)))
        };
        counts.iter().map(check).collect()
    }
}

/// Numerators over denominators, both summed over the points that make the limits; of points that all have one value,
/// exactly that value, which sums of fractions can miss.
///
/// # Errors
/// [`Undefined::NoObservations`] where no point does.
pub(super) fn pooled(pairs: &[Option<(f64, f64)>], baseline: &Baseline) -> Result<f64, Undefined> {
    let pairs = baseline.of(pairs);
    let (numerator, denominator) = *pairs.first().ok_or(Undefined::NoObservations)?;
    let first = numerator / denominator;
    if pairs.iter().all(|(numerator, denominator)| numerator / denominator == first) {
        return Ok(first);
    }
    let numerators: f64 = pairs.iter().map(|(numerator, _)| numerator).sum();
    let denominators: f64 = pairs.iter().map(|(_, denominator)| denominator).sum();
    Ok(numerators / denominators)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_nothing_is_a_gap_and_the_rest_has_a_reason() {
        for (pair, proportion, rate) in [
            ((3.0, 4.0), Ok(Some((3.0, 4.0))), Ok(Some((3.0, 4.0)))),
            ((0.0, 0.0), Ok(None), Ok(None)),
            ((5.0, 4.0), Err(Undefined::ProportionAboveOne), Ok(Some((5.0, 4.0)))),
            ((5.0, 0.0), Err(Undefined::ZeroDenominator), Err(Undefined::ZeroDenominator)),
            ((5.0, -1.0), Err(Undefined::ZeroDenominator), Err(Undefined::ZeroDenominator)),
            ((-1.0, 4.0), Err(Undefined::NegativeCount), Err(Undefined::NegativeCount)),
            ((f64::NAN, 4.0), Err(Undefined::NotFinite), Err(Undefined::NotFinite)),
        ] {
            assert_eq!(CountKind::Proportion.check(&[pair]).map(|pairs| pairs[0]), proportion, "{pair:?}");
            assert_eq!(CountKind::Rate.check(&[pair]).map(|pairs| pairs[0]), rate, "{pair:?}");
        }
    }

    #[test]
    fn the_pooled_value_weighs_by_denominator() {
        let pairs = [Some((1.0, 10.0)), None, Some((9.0, 30.0)), Some((40.0, 40.0))];
        let pooled = |baseline| pooled(&pairs, &baseline);
        assert_eq!(pooled(Baseline::default()), Ok(50.0 / 80.0));
        assert_eq!(pooled(Baseline { freeze_after: Some(3), excluded: &[] }), Ok(0.25));
        assert_eq!(pooled(Baseline { freeze_after: Some(3), excluded: &[0] }), Ok(0.3));
        assert_eq!(pooled(Baseline { freeze_after: Some(0), excluded: &[] }), Err(Undefined::NoObservations));
    }

    /// Python: 0.1 + 0.1 + 0.1 over 0.3 + 0.3 + 0.3 is 0.3333333333333334, and 0.1 over 0.3 is 0.33333333333333337.
    #[test]
    fn the_pooled_value_of_equal_points_is_theirs_to_the_last_digit() {
        assert_eq!(pooled(&[Some((0.1, 0.3)); 3], &Baseline::default()), Ok(0.333_333_333_333_333_37));
    }

    #[test]
    fn the_variance_of_one() {
        assert_eq!(CountKind::Proportion.variance(0.2), 0.2 * 0.8);
        assert_eq!(CountKind::Proportion.variance(1.0 + 1e-16), 0.0);
        assert_eq!(CountKind::Rate.variance(1.7), 1.7);
        assert_eq!((CountKind::Proportion.range().upper, CountKind::Rate.range().upper), (1.0, f64::INFINITY));
    }
}
