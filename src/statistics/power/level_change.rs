//! Months still needed to see a level change in a segmented series.
//!
//! The change is tested by t with n - p degrees of freedom; its standard error after m months of the new phase is
//! σ·√(r·C), with C the diagonal element of (XᵀX)⁻¹ for the level change and r how much of the variance the months'
//! hanging together adds (the variance ratio of [`super::super::interrupted_series::ordinary::OrdinaryFit`]).
//!
//! Where the slope may change too, C has a floor: the line before the interruption is known only so well where it ends, and
//! no number of months after it mends that.

use super::super::interrupted_series::{Design, Term};
use super::super::{Confidence, Undefined, orthogonal};
use super::{check_power, t_test_power};
use nalgebra::DVector;

/// A series and the change looked for in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The regression that will be fitted.
    pub design: Design,
    /// The level change to be seen, in the unit of the value; its sign does not matter.
    pub change: f64,
    /// Standard deviation of the residuals, in the unit of the value.
    pub residual_standard_deviation: f64,
    /// Newey and West's variance of the level change over that for independent months; 1 for independent months.
    pub variance_ratio: f64,
}

/// The power to see the change after `months_after` months of the new phase.
///
/// # Errors
/// As [`super::super::interrupted_series::ordinary::fit`] for a series of that length, and [`Undefined::OutOfRange`]
/// for a standard deviation or variance ratio not above zero, [`Undefined::NotFinite`] for a number that is not finite.
pub fn power(plan: &Plan, months_after: usize, confidence: Confidence) -> Result<f64, Undefined> {
    let numbers = [plan.change, plan.residual_standard_deviation, plan.variance_ratio];
    if !numbers.iter().all(|number| number.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    if plan.residual_standard_deviation <= 0.0 || plan.variance_ratio <= 0.0 {
        return Err(Undefined::OutOfRange);
    }
    let months = plan.design.months_before.checked_add(months_after).ok_or(Undefined::OutOfRange)?;
    let regressors = plan.design.regressors(months)?;
    let degrees_of_freedom = (months - regressors.ncols()) as f64;
    let level =
        plan.design.terms().iter().position(|term| *term == Term::LevelChange).ok_or(Undefined::SingularDesign)?;
    let unscaled = orthogonal::solve(regressors, &DVector::zeros(months))?.unscaled_covariance[(level, level)];
    let standard_error = plan.residual_standard_deviation * (plan.variance_ratio * unscaled).sqrt();
    t_test_power(plan.change.abs() / standard_error, degrees_of_freedom, confidence).ok_or(Undefined::NotFinite)
}

/// The fewest months beyond `months_after`, at most `most`, that give the power asked for (0.8 is usual); 0 where it is
/// there already. `None` where `most` are not enough.
///
/// # Errors
/// As [`power`] where no number of months up to `most` can be fitted; [`Undefined::OutOfRange`] for a power asked for
/// that is not between α and 1.
pub fn months_still_needed(
    plan: &Plan,
    months_after: usize,
    power_asked: f64,
    confidence: Confidence,
    most: usize,
) -> Result<Option<usize>, Undefined> {
    check_power(power_asked, confidence)?;
    let mut last = Err(Undefined::TooFewObservations);
    for more in 0..=most {
        match power(plan, months_after.saturating_add(more), confidence) {
            Ok(found) if found >= power_asked => return Ok(Some(more)),
            Ok(_) => last = Ok(None),
            // A phase that is still too short; more months may mend it.
            Err(reason @ (Undefined::SingularDesign | Undefined::TooFewObservations)) if last.is_err() => {
                last = Err(reason);
            }
            Err(reason) => return Err(reason),
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAN: Plan = Plan {
        design: Design { months_before: 24, slope_change: false, seasonal_pairs: 0 },
        change: 10.0,
        residual_standard_deviation: 8.0,
        variance_ratio: 1.0,
    };

    #[test]
    fn a_change_too_small_is_never_seen() {
        let slope = Plan { design: Design { slope_change: true, ..PLAN.design }, change: 2.0, ..PLAN };
        assert_eq!(months_still_needed(&slope, 6, 0.8, Confidence::P95, 300), Ok(None));
        assert_eq!(months_still_needed(&PLAN, 60, 0.8, Confidence::P95, 300), Ok(Some(0)));
        assert_eq!(months_still_needed(&Plan { change: 0.0, ..PLAN }, 6, 0.8, Confidence::P95, 24), Ok(None));
    }

    #[test]
    fn what_cannot_be_planned_has_a_reason() {
        let short = Plan { design: Design { months_before: 0, ..PLAN.design }, ..PLAN };
        let needed = |plan: &Plan, asked| months_still_needed(plan, 0, asked, Confidence::P95, 12);
        for (found, expected) in [
            (power(&PLAN, 0, Confidence::P95), Undefined::SingularDesign),
            (power(&Plan { variance_ratio: 0.0, ..PLAN }, 6, Confidence::P95), Undefined::OutOfRange),
            (power(&Plan { residual_standard_deviation: 0.0, ..PLAN }, 6, Confidence::P95), Undefined::OutOfRange),
            (power(&Plan { change: f64::NAN, ..PLAN }, 6, Confidence::P95), Undefined::NotFinite),
            (power(&PLAN, usize::MAX, Confidence::P95), Undefined::OutOfRange),
        ] {
            assert_eq!(found, Err(expected));
        }
        assert_eq!(needed(&short, 0.8), Err(Undefined::SingularDesign));
        assert_eq!(needed(&PLAN, 1.0), Err(Undefined::OutOfRange));
        assert_eq!(needed(&PLAN, 0.01), Err(Undefined::OutOfRange));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

        #[test]
        fn power_grows_with_months_and_change_and_not_with_the_unit(
            months_before in 6_usize..60,
            months_after in 2_usize..40,
            slope_change: bool,
            change in -30.0..30.0_f64,
            scale in prop::sample::select(vec![1e-9, 2.0, 1e9]),
        ) {
            let design = Design { months_before, slope_change, seasonal_pairs: 0 };
            let plan = Plan { design, change, ..PLAN };
            let at = |plan: &Plan, months| power(plan, months, Confidence::P95).unwrap();
            let found = at(&plan, months_after);
            prop_assert!((0.05 - 1e-9..=1.0).contains(&found));
            prop_assert!(at(&plan, months_after + 1) >= found - 1e-9);
            let (larger, correlated) = (Plan { change: 1.2 * change, ..plan }, Plan { variance_ratio: 1.5, ..plan });
            prop_assert!(at(&larger, months_after) >= found - 1e-9);
            prop_assert!(at(&correlated, months_after) <= found + 1e-9);
            let scaled = Plan { change: scale * change, residual_standard_deviation: scale * 8.0, ..plan };
            prop_assert!((at(&scaled, months_after) - found).abs() < 1e-9);
        }
    }
}
