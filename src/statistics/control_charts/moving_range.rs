//! The moving range chart, the lower half of XmR: how far each point lies from the one before.
//!
//! Montgomery DC (2013), *Introduction to Statistical Quality Control*, 7th ed., section 6.4: centre the mean moving
//! range, 3-sigma limits 0 and D4 = 3.267 times it. No range is screened out.

use super::super::Undefined;
use super::super::xmr::{SCREENING_FACTOR as D4, mean};
use super::{Baseline, NOT_NEGATIVE, Phase, draw, finite};

/// Charts the moving ranges of one phase of values.
///
/// A range runs from one included point to the next. The first point and excluded ones have none and are gaps.
///
/// # Errors
/// [`Undefined::TooFewPoints`] where fewer than two points make the limits; [`Undefined::NotFinite`].
pub fn moving_range(values: &[f64], baseline: &Baseline) -> Result<Phase, Undefined> {
    let mut before = None;
    let range_to = |(position, value): (usize, Option<f64>)| {
        let included = value.filter(|_| baseline.includes(position))?;
        before.replace(included).map(|before: f64| (included - before).abs())
    };
    let ranges: Vec<Option<f64>> = finite(values)?.into_iter().enumerate().map(range_to).collect();
    let centre = mean(&baseline.of(&ranges)).ok_or(Undefined::TooFewPoints)?;
    let sigma = centre * (D4 - 1.0) / 3.0;
    draw(&ranges, centre, &vec![Some(sigma); ranges.len()], NOT_NEGATIVE, baseline)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 4 3 6 5: moving ranges 2 1 3 1, mean 1.75, upper limit 5.71725; the range of 9 is outside it.
    #[test]
    fn ranges_worked_by_hand() {
        let baseline = Baseline { freeze_after: Some(6), excluded: &[3] };
        let phase = moving_range(&[2.0, 4.0, 3.0, 90.0, 6.0, 5.0, -4.0], &baseline).unwrap();
        let ranges: Vec<Option<f64>> = phase.points.iter().map(|point| point.value).collect();
        assert_eq!(ranges, [None, Some(2.0), Some(1.0), None, Some(3.0), Some(1.0), Some(9.0)]);
        assert_eq!(phase.centre, 1.75);
        let last = phase.points[6];
        let (two, three) = (last.limits_2_sigma.unwrap(), last.limits_3_sigma.unwrap());
        assert!((three.upper - 5.717_25).abs() < 1e-12 && three.lower == 0.0, "{three:?}");
        assert!((two.upper - 1.75 * (1.0 + 2.0 * 2.267 / 3.0)).abs() < 1e-12 && two.lower == 0.0, "{two:?}");
        assert!(last.is_outside && !phase.points[4].is_outside && phase.points[0].limits_3_sigma.is_none());
    }

    #[test]
    fn a_constant_series_has_no_range() {
        let phase = moving_range(&[0.1; 5], &Baseline::default()).unwrap();
        assert_eq!((phase.centre, phase.runs), (0.0, None));
        assert!(phase.points.iter().all(|point| !point.is_outside));
        assert_eq!(moving_range(&[0.1], &Baseline::default()), Err(Undefined::TooFewPoints));
    }
}
