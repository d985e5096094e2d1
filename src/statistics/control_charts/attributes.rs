//! p, u and c charts: binomial or Poisson counts, and no other variation between points.
//!
//! Montgomery DC (2013), *Introduction to Statistical Quality Control*, 7th ed., sections 7.2 and 7.3. With x events of
//! n at each point, the centre is Σx / Σn, and sigma of point i
//!
//! ```text
//! p: √(p(1 - p) / nᵢ)        u: √(u / nᵢ)        c: √c
//! ```
//!
//! Limits of p are cut at 0 and 1, those of u and c at 0.

use super::super::Undefined;
use super::count_kind::{CountKind, pooled};
use super::{Baseline, Phase, draw};

/// Charts one phase of proportions from (numerator, denominator) pairs; values are between 0 and 1.
///
/// # Errors
/// [`Undefined::NoObservations`] where no point makes the limits; [`Undefined::ProportionAboveOne`],
/// [`Undefined::ZeroDenominator`] (events of nothing; none of nothing is a gap), [`Undefined::NegativeCount`] or
/// [`Undefined::NotFinite`] for a pair that is no proportion.
pub fn p(counts: &[(f64, f64)], baseline: &Baseline) -> Result<Phase, Undefined> {
    chart(CountKind::Proportion, counts, baseline, 1.0)
}

/// Charts one phase of rates from (count, denominator) pairs; values are in events per one of the denominator.
///
/// # Errors
/// As [`p`], but a rate may pass 1.
pub fn u(counts: &[(f64, f64)], baseline: &Baseline) -> Result<Phase, Undefined> {
    chart(CountKind::Rate, counts, baseline, 1.0)
}

/// Charts one phase of counts over equal steps of an equal exposure.
///
/// # Errors
/// [`Undefined::NoObservations`], [`Undefined::NegativeCount`] or [`Undefined::NotFinite`].
pub fn c(counts: &[f64], baseline: &Baseline) -> Result<Phase, Undefined> {
    let counts: Vec<(f64, f64)> = counts.iter().map(|count| (*count, 1.0)).collect();
    u(&counts, baseline)
}

/// The chart with its sigma `widened` by a factor, 1 for the plain chart.
pub(super) fn chart(
    kind: CountKind,
    counts: &[(f64, f64)],
    baseline: &Baseline,
    widened: f64,
) -> Result<Phase, Undefined> {
    let pairs = kind.check(counts)?;
    let centre = pooled(&pairs, baseline)?;
    let values: Vec<Option<f64>> = pairs.iter().map(|pair| pair.map(|(x, n)| x / n)).collect();
    let sigma = |n: f64| (kind.variance(centre) / n).sqrt() * widened;
    let sigmas: Vec<Option<f64>> = pairs.iter().map(|pair| pair.map(|(_, n)| sigma(n))).collect();
    draw(&values, centre, &sigmas, kind.range(), baseline)
}

#[cfg(test)]
mod tests {
    use super::super::super::Interval;
    use super::*;

    fn assert_limits(found: Option<Interval>, lower: f64, upper: f64) {
        let found = found.unwrap();
        assert!((found.lower - lower).abs() < 1e-12 && (found.upper - upper).abs() < 1e-12, "{found:?}");
    }

    /// p = 50/250 = 0.2; sigma at n = 100: √(0.16/100) = 0.04, at n = 25: 0.08, whose lower limits are cut.
    #[test]
    fn proportions_by_hand() {
        let phase = p(&[(20.0, 100.0), (12.0, 25.0), (18.0, 125.0)], &Baseline::default()).unwrap();
        assert_eq!((phase.centre, phase.sigma_z), (0.2, None));
        assert_limits(phase.points[0].limits_3_sigma, 0.08, 0.32);
        assert_limits(phase.points[0].limits_2_sigma, 0.12, 0.28);
        assert_limits(phase.points[1].limits_3_sigma, 0.0, 0.44);
        assert_eq!(phase.points.iter().map(|point| point.is_outside).collect::<Vec<_>>(), [false, true, false]);
        let high = p(&[(96.0, 100.0), (96.0, 100.0)], &Baseline::default()).unwrap();
        assert_eq!(high.points[0].limits_3_sigma.unwrap().upper, 1.0);
    }

    /// u = 12/3 = 4; sigma at n = 4: 1, at n = 1: 2; c = 9, sigma 3.
    #[test]
    fn rates_and_counts_by_hand() {
        let baseline = Baseline { freeze_after: Some(2), excluded: &[] };
        let phase = u(&[(8.0, 2.0), (4.0, 1.0), (32.0, 4.0)], &baseline).unwrap();
        assert_limits(phase.points[2].limits_3_sigma, 1.0, 7.0);
        assert_limits(phase.points[1].limits_3_sigma, 0.0, 10.0);
        assert!(phase.points[2].is_outside && phase.points[2].value == Some(8.0));
        let phase = c(&[6.0, 12.0, 9.0, 19.0], &Baseline { freeze_after: None, excluded: &[3] }).unwrap();
        assert_eq!(phase.centre, 9.0);
        assert_limits(phase.points[0].limits_3_sigma, 0.0, 18.0);
        assert_limits(phase.points[0].limits_2_sigma, 3.0, 15.0);
        assert!(phase.points[3].is_outside);
    }

    #[test]
    fn a_month_of_nothing_is_a_gap() {
        let phase = p(&[(2.0, 10.0), (0.0, 0.0), (4.0, 10.0)], &Baseline::default()).unwrap();
        assert!((phase.centre - 0.3).abs() < 1e-15);
        let gap = phase.points[1];
        assert_eq!((gap.value, gap.limits_3_sigma, gap.limits_2_sigma, gap.is_outside), (None, None, None, false));
    }

    #[test]
    fn the_unit_is_changed_without_changing_what_is_outside() {
        let phase = p(&[(20.0, 100.0), (12.0, 25.0), (18.0, 125.0)], &Baseline::default()).unwrap();
        let percent = phase.clone().times(100.0);
        assert_eq!((percent.centre, percent.points[0].value), (20.0, Some(20.0)));
        assert_limits(percent.points[0].limits_3_sigma, 8.0, 32.0);
        assert!(percent.points[1].is_outside && percent.runs == phase.runs);
    }

    #[test]
    fn what_is_no_chart_says_why() {
        assert_eq!(p(&[], &Baseline::default()), Err(Undefined::NoObservations));
        assert_eq!(u(&[(0.0, 0.0)], &Baseline::default()), Err(Undefined::NoObservations));
        assert_eq!(c(&[1.0, -1.0], &Baseline::default()), Err(Undefined::NegativeCount));
        assert_eq!(p(&[(2.0, 1.0)], &Baseline::default()), Err(Undefined::ProportionAboveOne));
    }
}
