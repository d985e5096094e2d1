//! What must hold of every fit, on drawn series.

use super::super::{Confidence, Undefined};
use super::{Design, Term, ordinary, poisson};
use proptest::prelude::*;

fn designs() -> impl Strategy<Value = Design> {
    (3_usize..30, any::<bool>(), 0_u32..3).prop_map(|(months_before, slope_change, seasonal_pairs)| Design {
        months_before,
        slope_change,
        seasonal_pairs,
    })
}

fn near(found: f64, expected: f64, size: f64) -> bool {
    (found - expected).abs() <= 1e-7 * (expected.abs() + size)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn an_ordinary_fit_scales_and_shifts_with_its_values(
        values in prop::collection::vec(-50.0..50.0_f64, 12..60),
        design in designs(),
        scale in prop::sample::select(vec![-3.0, 1e-6, 0.5, 1e9]),
        shift in -1e3..1e3_f64,
        tilt in -5.0..5.0_f64,
    ) {
        let moved: Vec<f64> = values.iter().enumerate().map(|(t, y)| scale * (y + shift + tilt * t as f64)).collect();
        match (ordinary::fit(&values, &design), ordinary::fit(&moved, &design)) {
            (Ok(before), Ok(after)) => {
                let size = scale.abs() * (shift.abs() + tilt.abs() * 60.0 + 50.0);
                for (before, after) in before.coefficients.iter().zip(&after.coefficients) {
                    let added = match before.term { Term::Intercept => shift, Term::Time => tilt, _ => 0.0 };
                    prop_assert!(near(after.estimate, scale * (before.estimate + added), size));
                    prop_assert!(near(after.standard_error, scale.abs() * before.standard_error, size));
                    let newey_west = scale.abs() * before.newey_west_standard_error;
                    prop_assert!(near(after.newey_west_standard_error, newey_west, size));
                }
                let (before, after) = (before.durbin_watson.unwrap(), after.durbin_watson.unwrap());
                prop_assert!(near(after, before, 1.0) && (0.0..=4.0).contains(&before));
            }
            (before, after) => prop_assert_eq!(before.err(), after.err()),
        }
    }

    #[test]
    fn every_fit_is_finite_or_has_a_reason(
        values in prop::collection::vec(prop::num::f64::ANY, 0..20),
        counts in prop::collection::vec(prop::sample::select(vec![0_u64, 1, 7, 1_000_000_000]), 0..20),
        design in (0_usize..22, any::<bool>(), 0_u32..8).prop_map(|(months_before, slope_change, seasonal_pairs)| {
            Design { months_before, slope_change, seasonal_pairs }
        }),
    ) {
        if let Ok(fit) = ordinary::fit(&values, &design) {
            let effect = fit.effect(1, Confidence::P998);
            prop_assert!(effect.estimate.is_finite() && effect.standard_error.is_finite());
            prop_assert!(effect.p_value.is_none_or(|p_value| (0.0..=1.0).contains(&p_value)));
            prop_assert!(fit.durbin_watson.is_none_or(|found| (0.0..=4.0 + 1e-9).contains(&found)));
        }
        match poisson::fit(&counts, &vec![30.0; counts.len()], &design) {
            Ok(fit) => {
                prop_assert!(fit.dispersion.is_finite() && fit.deviance.is_finite());
                for coefficient in &fit.coefficients {
                    prop_assert!(coefficient.estimate.is_finite() && coefficient.quasi_standard_error.is_finite());
                }
                if let Some(found) = fit.rate_ratio(1, Confidence::P998) {
                    prop_assert!(found.p_value.is_none_or(|p_value| (0.0..=1.0).contains(&p_value)));
                    prop_assert!(found.interval.is_none_or(|ends| ends.contains(found.ratio) && ends.upper.is_finite()));
                }
            }
            Err(reason) => prop_assert!(reason != Undefined::NotFinite),
        }
    }

    /// Exposure in other units moves the intercept alone; the fitted total is the total counted.
    #[test]
    fn a_poisson_fit_scales_with_its_exposure(
        counts in prop::collection::vec(1_u64..200, 12..50),
        months_before in 3_usize..9,
        scale in prop::sample::select(vec![0.01, 24.0, 1e6]),
    ) {
        let design = Design { months_before, slope_change: true, seasonal_pairs: 0 };
        let days: Vec<f64> = (0..counts.len()).map(|t| 28.0 + (t % 4) as f64).collect();
        let scaled: Vec<f64> = days.iter().map(|day| day * scale).collect();
        let (before, after) = (poisson::fit(&counts, &days, &design).unwrap(), poisson::fit(&counts, &scaled, &design).unwrap());
        prop_assert!(near(after.deviance, before.deviance, 1.0) && near(after.dispersion, before.dispersion, 1.0));
        for (before, after) in before.coefficients.iter().zip(&after.coefficients) {
            let added = if before.term == Term::Intercept { scale.ln() } else { 0.0 };
            prop_assert!(near(after.estimate, before.estimate - added, 1.0));
            prop_assert!(near(after.standard_error, before.standard_error, 0.0));
        }
    }
}
