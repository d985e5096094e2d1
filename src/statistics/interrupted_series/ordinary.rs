//! Segmented regression of a value by ordinary least squares, its standard errors by Newey and West.
//!
//! Months of a series resemble their neighbours, so the usual standard errors are too small. With e the residuals and
//! u(t) = (XᵀX)⁻¹x(t)e(t), the covariance of the coefficients is taken as (Newey WK, West KD 1987, *Econometrica*
//! 55:703-708), with Bartlett weights, lag L = 3 and no small-sample correction:
//!
//! ```text
//! V = Σ u(t)u(t)ᵀ + Σ_l (1 - l/(L + 1))·Σ_t (u(t)u(t-l)ᵀ + u(t-l)u(t)ᵀ)        l = 1 .. L
//! ```

use super::super::{Confidence, Interval, Undefined, orthogonal, student_t};
use super::{Design, Term};
use nalgebra::{DMatrix, DVector};

/// Months over which residuals may hang together.
pub const NEWEY_WEST_LAG: usize = 3;

/// A fitted series.
#[derive(Debug, Clone, PartialEq)]
pub struct OrdinaryFit {
    /// The coefficients in the order of [`Design::terms`].
    pub coefficients: Vec<Coefficient>,
    /// Standard deviation of the residuals (divisor n - p), in the unit of the value.
    pub residual_standard_deviation: f64,
    /// Durbin and Watson's statistic: about 2 for independent months, below 2 where neighbours resemble each other
    /// (Durbin J, Watson GS 1950, *Biometrika* 37:409-428). `None` where the line goes through every point.
    pub durbin_watson: Option<f64>,
    /// n - p.
    pub residual_degrees_of_freedom: usize,
    newey_west: DMatrix<f64>,
}

/// A coefficient with both of its standard errors, in the unit of the value (a month, for slopes).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// What it is of.
    pub term: Term,
    /// The estimate.
    pub estimate: f64,
    /// Standard error for independent months.
    pub standard_error: f64,
    /// Two-sided p-value of t with n - p degrees of freedom; `None` where the standard error is zero.
    pub p_value: Option<f64>,
    /// Newey and West's standard error.
    pub newey_west_standard_error: f64,
    /// Two-sided p-value by Newey and West's standard error, of t with n - p degrees of freedom; `None` as above.
    pub newey_west_p_value: Option<f64>,
}

/// How far the series lies from where it would have been without the interruption, by Newey and West's standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// The difference, in the unit of the value.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Two-sided p-value; `None` where the standard error is zero.
    pub p_value: Option<f64>,
    /// Interval by t with n - p degrees of freedom; `None` where the standard error is zero.
    pub interval: Option<Interval>,
}

/// Fits `values`, one a month without a gap.
///
/// # Errors
/// [`Undefined::TooFewObservations`] where there are no more months than terms, [`Undefined::SingularDesign`] where the
/// interruption leaves a phase without the months its terms need, [`Undefined::OutOfRange`] for more than five
/// seasonal pairs, [`Undefined::NotFinite`] for a value that is no finite number or too large to square.
pub fn fit(values: &[f64], design: &Design) -> Result<OrdinaryFit, Undefined> {
    let regressors = design.regressors(values.len())?;
    let response = DVector::from_column_slice(values);
    if !response.norm_squared().is_finite() {
        return Err(Undefined::NotFinite);
    }
    let solution = orthogonal::solve(regressors.clone(), &response)?;
    let residuals = residuals(&regressors, &solution.coefficients, values);
    let degrees_of_freedom = values.len() - solution.coefficients.len();
    let sum_of_squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let variance = sum_of_squares / degrees_of_freedom as f64;
    let newey_west = newey_west(&regressors, &solution.unscaled_covariance, &residuals);
    let coefficient = |(index, term): (usize, Term)| {
        let estimate = solution.coefficients[index];
        let standard_error = (variance * solution.unscaled_covariance[(index, index)]).sqrt();
        let newey_west_standard_error = newey_west[(index, index)].max(0.0).sqrt();
        Coefficient {
            term,
            estimate,
            standard_error,
            p_value: p_value(estimate, standard_error, degrees_of_freedom),
            newey_west_standard_error,
            newey_west_p_value: p_value(estimate, newey_west_standard_error, degrees_of_freedom),
        }
    };
    let coefficients: Vec<Coefficient> = design.terms().into_iter().enumerate().map(coefficient).collect();
    if !(variance.is_finite() && newey_west.iter().all(|value| value.is_finite())) {
        return Err(Undefined::NotFinite);
    }
    Ok(OrdinaryFit {
        coefficients,
        residual_standard_deviation: variance.sqrt(),
        durbin_watson: durbin_watson(&residuals, sum_of_squares),
        residual_degrees_of_freedom: degrees_of_freedom,
        newey_west,
    })
}

impl OrdinaryFit {
    /// The coefficient of a term; `None` where the design has no such term.
    pub fn coefficient(&self, term: Term) -> Option<&Coefficient> {
        self.coefficients.iter().find(|coefficient| coefficient.term == term)
    }

    /// The effect `months_after` months after the first month of the new phase: b2 + b3·months.
    pub fn effect(&self, months_after: usize, confidence: Confidence) -> Effect {
        let terms = self.coefficients.iter().map(|coefficient| (coefficient.term, coefficient.estimate));
        let (estimate, variance) = super::effect(terms, &self.newey_west, months_after);
        let standard_error = variance.sqrt();
        let degrees_of_freedom = self.residual_degrees_of_freedom;
        let half_width = student_t::t(degrees_of_freedom as f64, confidence).map(|t| t * standard_error);
        Effect {
            estimate,
            standard_error,
            p_value: p_value(estimate, standard_error, degrees_of_freedom),
            interval: half_width
                .filter(|half| *half > 0.0)
                .map(|half| Interval { lower: estimate - half, upper: estimate + half }),
        }
    }

    /// Newey and West's variance of a coefficient over that for independent months: how much longer a series must be
    /// because its months hang together. `None` where the design has no such term or the standard error is zero.
    pub fn variance_ratio(&self, term: Term) -> Option<f64> {
        let found = self.coefficient(term).filter(|found| found.standard_error > 0.0)?;
        Some((found.newey_west_standard_error / found.standard_error).powi(2))
    }
}

/// Observed less fitted. Where all of them are rounding errors they are zero, and no test is made of them.
fn residuals(regressors: &DMatrix<f64>, coefficients: &[f64], values: &[f64]) -> Vec<f64> {
    let fitted = |t: usize| coefficients.iter().zip(regressors.row(t).iter()).map(|(b, x)| b * x).sum::<f64>();
    let residuals: Vec<f64> = values.iter().enumerate().map(|(t, value)| value - fitted(t)).collect();
    let length = |numbers: &[f64]| DVector::from_column_slice(numbers).norm();
    let rounding = values.len() as f64 * f64::EPSILON * length(values);
    if length(&residuals) <= rounding { vec![0.0; values.len()] } else { residuals }
}

fn newey_west(regressors: &DMatrix<f64>, unscaled_covariance: &DMatrix<f64>, residuals: &[f64]) -> DMatrix<f64> {
    let number = regressors.ncols();
    // Months by terms: what each month's residual moves each coefficient by.
    let moves = DMatrix::from_fn(regressors.nrows(), number, |t, term| {
        unscaled_covariance.row(term).iter().zip(regressors.row(t).iter()).map(|(c, x)| c * x).sum::<f64>()
            * residuals[t]
    });
    DMatrix::from_fn(number, number, |row, column| {
        let lagged = |lag: usize| {
            let pair =
                |t: usize| moves[(t, row)] * moves[(t - lag, column)] + moves[(t - lag, row)] * moves[(t, column)];
            (lag..moves.nrows()).map(pair).sum::<f64>()
        };
        let weight = |lag: usize| 1.0 - lag as f64 / (NEWEY_WEST_LAG + 1) as f64;
        lagged(0) / 2.0 + (1..=NEWEY_WEST_LAG).map(|lag| weight(lag) * lagged(lag)).sum::<f64>()
    })
}

fn durbin_watson(residuals: &[f64], sum_of_squares: f64) -> Option<f64> {
    let steps: f64 = residuals.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    (sum_of_squares > 0.0).then(|| steps / sum_of_squares)
}

fn p_value(estimate: f64, standard_error: f64, degrees_of_freedom: usize) -> Option<f64> {
    if standard_error <= 0.0 {
        return None;
    }
    student_t::two_sided_p_value(estimate / standard_error, degrees_of_freedom as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Design = Design { months_before: 4, slope_change: false, seasonal_pairs: 0 };

    /// Four months at 10 ± 1 and four at 20 ± 1, in the pattern + - - +: no trend in either phase, a step of 10, and
    /// residuals of ±1: Σe² = 8, Σ(Δe)² = 4·4 = 16.
    #[test]
    fn a_step_by_hand() {
        let fit = fit(&[11.0, 9.0, 9.0, 11.0, 21.0, 19.0, 19.0, 21.0], &PLAIN).unwrap();
        for (coefficient, expected) in fit.coefficients.iter().zip([10.0, 0.0, 10.0]) {
            assert!((coefficient.estimate - expected).abs() < 1e-12, "{coefficient:?}");
        }
        assert!((fit.durbin_watson.unwrap() - 2.0).abs() < 1e-12);
        assert!((fit.residual_standard_deviation - 1.6_f64.sqrt()).abs() < 1e-12);
        assert_eq!(fit.residual_degrees_of_freedom, 5);
        let effect = fit.effect(3, Confidence::P95);
        assert!(effect.interval.unwrap().contains(10.0) && (effect.estimate - 10.0).abs() < 1e-12);
        assert_eq!(effect.p_value, fit.coefficient(Term::LevelChange).unwrap().newey_west_p_value);
        assert_eq!(fit.coefficient(Term::SlopeChange), None);
    }

    /// The same series in statsmodels 0.15.0: `OLS`, and `cov_type="HAC"` with `maxlags=3, use_correction=False, use_t=True`.
    #[test]
    fn errors_of_the_step() {
        let fit = fit(&[11.0, 9.0, 9.0, 11.0, 21.0, 19.0, 19.0, 21.0], &PLAIN).unwrap();
        let step = fit.coefficient(Term::LevelChange).unwrap();
        let (at_95, at_998) = (fit.effect(3, Confidence::P95), fit.effect(3, Confidence::P998));
        for (found, expected) in [
            (step.standard_error, 1.8330302779823366),
            (fit.variance_ratio(Term::LevelChange).unwrap(), 0.1867559523809517),
            (at_95.interval.unwrap().lower, 7.963716231465055),
            (at_95.interval.unwrap().upper, 12.03628376853493),
            (at_998.interval.unwrap().lower, 5.331525832269756),
            (at_998.interval.unwrap().upper, 14.66847416773023),
        ] {
            assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        }
        assert_eq!(fit.variance_ratio(Term::SlopeChange), None);
    }

    #[test]
    fn a_constant_series_has_no_error_and_no_test() {
        for value in [0.0, 0.1, 1e9, -3.7e-12] {
            let fit = fit(&[value; 30], &Design { slope_change: true, seasonal_pairs: 2, ..PLAIN }).unwrap();
            let step = fit.coefficient(Term::LevelChange).unwrap();
            assert!(step.estimate.abs() <= 1e-12 * value.abs(), "{step:?}");
            assert_eq!((step.standard_error, step.newey_west_standard_error, step.p_value), (0.0, 0.0, None));
            assert_eq!((fit.durbin_watson, fit.variance_ratio(Term::LevelChange)), (None, None));
            assert_eq!(fit.effect(2, Confidence::P95).interval, None);
        }
    }

    #[test]
    fn what_cannot_be_fitted_has_a_reason() {
        let with = |months_before| Design { months_before, slope_change: true, seasonal_pairs: 0 };
        let values: Vec<f64> = (0..12).map(|t| f64::from(t * t)).collect();
        for (values, design, expected) in [
            (&values[..0], PLAIN, Undefined::TooFewObservations),
            (&values[..1], PLAIN, Undefined::TooFewObservations),
            (&values[..3], PLAIN, Undefined::TooFewObservations),
            (&values, with(0), Undefined::SingularDesign),
            (&values, with(1), Undefined::SingularDesign),
            (&values, with(11), Undefined::SingularDesign),
            (&values, with(12), Undefined::SingularDesign),
            (&values, with(99), Undefined::SingularDesign),
            (&[f64::NAN; 12], PLAIN, Undefined::NotFinite),
            (&[f64::INFINITY; 12], PLAIN, Undefined::NotFinite),
            (&[0.0, 1e300, 0.0, 0.0, 0.0, 1e300, 0.0, 0.0], PLAIN, Undefined::NotFinite),
        ] {
            assert_eq!(fit(values, &design), Err(expected), "{values:?} {design:?}");
        }
    }
}
