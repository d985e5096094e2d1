//! The I chart: single values with no distribution assumed, sigma from the ranges between neighbours.
//!
//! Montgomery DC (2013), *Introduction to Statistical Quality Control*, 7th ed., section 6.4: centre the mean, sigma the
//! mean moving range over d2 = 1.128. Its 3-sigma limits lie 2.6596 mean moving ranges from the centre where
//! [`super::super::xmr`], after its own source, has 2.66.

use super::super::xmr::{self, Screening};
use super::super::{Interval, Undefined};
use super::{ANYWHERE, Baseline, D2, Phase, draw, finite};

/// Charts one phase of values.
///
/// # Errors
/// [`Undefined::TooFewPoints`] where fewer than two points make the limits; [`Undefined::NotFinite`].
pub fn individuals(values: &[f64], baseline: &Baseline, screening: Screening) -> Result<Phase, Undefined> {
    within(ANYWHERE, values, baseline, screening)
}

/// The chart with its limits cut to a range.
pub(super) fn within(
    range: Interval,
    values: &[f64],
    baseline: &Baseline,
    screening: Screening,
) -> Result<Phase, Undefined> {
    let values = finite(values)?;
    let makes_limits = baseline.of(&values);
    let sigma = xmr::mean_moving_range(&makes_limits, screening).ok_or(Undefined::TooFewPoints)? / D2;
    let centre = xmr::mean(&makes_limits).ok_or(Undefined::TooFewPoints)?;
    draw(&values, centre, &vec![Some(sigma); values.len()], range, baseline)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 4 3 6 5: moving ranges 2 1 3 1, mean 1.75; centre 4; sigma 1.75/1.128.
    #[test]
    fn limits_worked_by_hand() {
        let values = [2.0, 4.0, 3.0, 90.0, 6.0, 5.0, -1.0];
        let baseline = Baseline { freeze_after: Some(6), excluded: &[3] };
        let phase = individuals(&values, &baseline, Screening::On).unwrap();
        let sigma = 1.75 / 1.128;
        assert_eq!(phase.centre, 4.0);
        for point in &phase.points {
            let (two, three) = (point.limits_2_sigma.unwrap(), point.limits_3_sigma.unwrap());
            assert!((two.lower - 4.0 + 2.0 * sigma).abs() < 1e-12 && (two.upper - 4.0 - 2.0 * sigma).abs() < 1e-12);
            assert!((three.lower - 4.0 + 3.0 * sigma).abs() < 1e-12 && (three.upper - 4.0 - 3.0 * sigma).abs() < 1e-12);
        }
        let outside: Vec<bool> = phase.points.iter().map(|point| point.is_outside).collect();
        assert_eq!(outside, [false, false, false, true, false, false, true]);
    }

    #[test]
    fn too_little_has_no_limits() {
        let none = Baseline::default();
        assert_eq!(individuals(&[], &none, Screening::On), Err(Undefined::TooFewPoints));
        assert_eq!(individuals(&[1.0], &none, Screening::On), Err(Undefined::TooFewPoints));
        assert_eq!(individuals(&[1.0, f64::NAN], &none, Screening::On), Err(Undefined::NotFinite));
        let frozen = Baseline { freeze_after: Some(1), excluded: &[] };
        assert_eq!(individuals(&[1.0, 2.0], &frozen, Screening::On), Err(Undefined::TooFewPoints));
    }
}
