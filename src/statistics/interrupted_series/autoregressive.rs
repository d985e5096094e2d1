//! Segmented regression of a value whose months hang together: first-order autoregressive errors by restricted maximum
//! likelihood (REML), tested with Satterthwaite's degrees of freedom.
//!
//! On the two to four years that a force's extract holds, Newey and West's standard errors call 12 to 30 changes in 100
//! where there is none at a nominal 5, and independent months 10 to 20 where neighbours resemble each other. This stays
//! near 5 (Turner SL, Forbes AB, Karahalios A, Taljaard M, McKenzie JE 2021, *BMC Medical Research Methodology* 21:181,
//! and `docs/decisions/0009-evaluation.md`).
//!
//! With e(t) = ρe(t-1) + w(t), w of variance σ², X* and y* are the regressors and values with ρ times the month before
//! taken off, the first month times √(1 - ρ²) (Prais SJ, Winsten CB 1954, Cowles Commission paper 383). For a given ρ
//! least squares on them gives β and RSS, and
//!
//! ```text
//! 2·l(ρ) = -(n - p)·ln RSS + ln(1 - ρ²) - ln|X*ᵀX*|        0 ≤ ρ ≤ 0.95        σ² = RSS/(n - p)
//! ```
//!
//! is the restricted likelihood up to a constant (Harville DA 1977, *Journal of the American Statistical Association*
//! 72:320-338). ρ is not let below 0: months that seem to alternate would make the errors too small. The variance v of
//! an estimate has 2v²/Var(v) degrees of freedom, Var(v) by the observed information on (ln σ², ρ) (Satterthwaite FE
//! 1946, *Biometrics Bulletin* 2:110-114), between 1 and n - p.

use super::super::{Confidence, Interval, Undefined, orthogonal, student_t};
use super::ordinary::{Effect, OrdinaryFit};
use super::{Design, Term};
use nalgebra::{DMatrix, DVector};

/// The largest autocorrelation that is looked for; nearer to 1 a level is not to be told from a drift.
const LARGEST_AUTOCORRELATION: f64 = 0.95;
/// Places that are tried first, so that of several maxima the highest is found.
const FIRST_STEPS: usize = 95;
/// Halvings by the golden section: 0.02 · 0.618⁴⁰ is 1e-10.
const HALVINGS: usize = 40;
/// Half a step of the numerical derivatives in ρ.
const STEP: f64 = 1e-3;
/// The golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// A fitted series.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoregressiveFit {
    /// β in the order of [`Design::terms`].
    pub coefficients: Vec<f64>,
    /// ρ: how much of a month's error is in the next.
    pub autocorrelation: f64,
    /// Standard deviation of w, in the unit of the value; 0 where the line goes through every value.
    pub innovation_standard_deviation: f64,
    /// The same regression for independent months.
    pub independent: OrdinaryFit,
    terms: Vec<Term>,
    /// At ρ - step, ρ and ρ + step.
    near: [Likelihood; 3],
}

/// Least squares for a given ρ.
#[derive(Debug, Clone, PartialEq)]
struct Likelihood {
    coefficients: Vec<f64>,
    /// (X*ᵀX*)⁻¹.
    unscaled_covariance: DMatrix<f64>,
    residual_sum_of_squares: f64,
    /// What the likelihood adds to -(n - p)·ln RSS, halved.
    of_design: f64,
}

impl Likelihood {
    fn at(values: &[f64], regressors: &DMatrix<f64>, autocorrelation: f64) -> Result<Self, Undefined> {
        let first = (1.0 - autocorrelation * autocorrelation).sqrt();
        let taken_off = |now: f64, before: Option<f64>| match before {
            Some(before) => now - autocorrelation * before,
            None => first * now,
        };
        let columns = DMatrix::from_fn(regressors.nrows(), regressors.ncols(), |t, column| {
            taken_off(regressors[(t, column)], t.checked_sub(1).map(|before| regressors[(before, column)]))
        });
        let response =
            DVector::from_fn(values.len(), |t, _| taken_off(values[t], t.checked_sub(1).map(|before| values[before])));
        let solution = orthogonal::solve(columns.clone(), &response)?;
        let fitted = &columns * DVector::from_column_slice(&solution.coefficients);
        let determinant = solution.unscaled_covariance.determinant();
        let likelihood = Self {
            residual_sum_of_squares: (response - fitted).norm_squared(),
            of_design: 0.5 * ((1.0 - autocorrelation * autocorrelation).ln() + determinant.ln()),
            coefficients: solution.coefficients,
            unscaled_covariance: solution.unscaled_covariance,
        };
        likelihood.of_design.is_finite().then_some(likelihood).ok_or(Undefined::NotFinite)
    }

    /// l(ρ), with σ² at its best.
    fn profile(&self, degrees_of_freedom: f64) -> f64 {
        self.of_design - 0.5 * degrees_of_freedom * self.residual_sum_of_squares.ln()
    }
}

/// Fits `values`, one a month without a gap.
///
/// # Errors
/// As [`super::ordinary::fit`].
pub fn fit(values: &[f64], design: &Design) -> Result<AutoregressiveFit, Undefined> {
    // Says what is wrong with the series, and whether there is anything left to explain.
    let ordinary = super::ordinary::fit(values, design)?;
    let regressors = design.regressors(values.len())?;
    let at = |autocorrelation: f64| Likelihood::at(values, &regressors, autocorrelation);
    let degrees_of_freedom = ordinary.residual_degrees_of_freedom;
    let is_exact = ordinary.residual_standard_deviation == 0.0;
    let autocorrelation = if is_exact { 0.0 } else { likeliest(&at, degrees_of_freedom as f64)? };
    let best = at(autocorrelation)?;
    let variance = if is_exact { 0.0 } else { best.residual_sum_of_squares / degrees_of_freedom as f64 };
    Ok(AutoregressiveFit {
        coefficients: best.coefficients.clone(),
        autocorrelation,
        innovation_standard_deviation: variance.sqrt(),
        independent: ordinary,
        terms: design.terms(),
        near: [at(autocorrelation - STEP)?, best, at(autocorrelation + STEP)?],
    })
}

/// The ρ of the highest likelihood: the best of even steps, then by the golden section between its neighbours.
fn likeliest(at: &impl Fn(f64) -> Result<Likelihood, Undefined>, degrees_of_freedom: f64) -> Result<f64, Undefined> {
    let profile = |autocorrelation: f64| at(autocorrelation).map(|found| found.profile(degrees_of_freedom));
    let step = LARGEST_AUTOCORRELATION / FIRST_STEPS as f64;
    let mut best = (f64::NEG_INFINITY, 0);
    for place in 0..=FIRST_STEPS {
        let found = profile(step * place as f64)?;
        if found > best.0 {
            best = (found, place);
        }
    }
    let (mut low, mut high) =
        (step * best.1.saturating_sub(1) as f64, (step * (best.1 + 1) as f64).min(LARGEST_AUTOCORRELATION));
    for _ in 0..HALVINGS {
        let (left, right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        if profile(left)? >= profile(right)? {
            high = right;
        } else {
            low = left;
        }
    }
    // At an end of the range the section only comes near it.
    let middle = (low + high) / 2.0;
    let end = step * best.1 as f64;
    Ok(if profile(end)? >= profile(middle)? { end } else { middle })
}

impl AutoregressiveFit {
    /// The effect `months_after` months after the first month of the new phase: b2 + b3·months.
    pub fn effect(&self, months_after: usize, confidence: Confidence) -> Effect {
        self.tested(|term| term.share_of_effect(months_after), confidence)
    }

    /// What the slope changes by, a month. `None` where the design lets it not change.
    pub fn slope_change(&self, confidence: Confidence) -> Option<Effect> {
        let has_one = self.terms.contains(&Term::SlopeChange);
        has_one.then(|| self.tested(|term| f64::from(u8::from(term == Term::SlopeChange)), confidence))
    }

    /// How much longer the series must be because its months hang together and how much they do is not known: the level
    /// change's interval over that of independent months, squared. For [`super::super::power::level_change::Plan`]. `None`
    /// where nothing varies.
    pub fn variance_ratio(&self, confidence: Confidence) -> Option<f64> {
        let independent = self.independent.coefficient(Term::LevelChange)?.standard_error;
        let t = student_t::t(self.independent.residual_degrees_of_freedom as f64, confidence)?;
        let ends = self.effect(0, confidence).interval?;
        Some(((ends.upper - ends.lower) / (2.0 * t * independent)).powi(2)).filter(|ratio| ratio.is_finite())
    }

    /// A sum of shares of the coefficients, tested.
    fn tested(&self, share: impl Fn(Term) -> f64, confidence: Confidence) -> Effect {
        let shares = DVector::from_iterator(self.terms.len(), self.terms.iter().map(|term| share(*term)));
        let estimate = shares.iter().zip(&self.coefficients).map(|(share, estimate)| share * estimate).sum();
        let [before, unscaled, after] =
            [0, 1, 2].map(|at| (self.near[at].unscaled_covariance.clone() * &shares).dot(&shares).max(0.0));
        let standard_error = self.innovation_standard_deviation * unscaled.sqrt();
        let degrees_of_freedom = self.satterthwaite((after / before).ln() / (2.0 * STEP));
        let tested = standard_error > 0.0;
        let half_width = student_t::t(degrees_of_freedom, confidence).filter(|_| tested).map(|t| t * standard_error);
        Effect {
            estimate,
            standard_error,
            p_value: tested
                .then(|| student_t::two_sided_p_value(estimate / standard_error, degrees_of_freedom))
                .flatten(),
            interval: half_width.map(|half| Interval { lower: estimate - half, upper: estimate + half }),
        }
    }

    /// The degrees of freedom of an estimate the logarithm of whose variance grows by `slope` in ρ.
    fn satterthwaite(&self, slope: f64) -> f64 {
        let most = self.independent.residual_degrees_of_freedom as f64;
        let [before, at, after] = &self.near;
        let variance = self.innovation_standard_deviation.powi(2);
        // Of -l in (ln σ², ρ), σ² held for the second derivative in ρ.
        let fixed = |near: &Likelihood| near.of_design - 0.5 * near.residual_sum_of_squares / variance;
        let of_both = -0.5 * (after.residual_sum_of_squares - before.residual_sum_of_squares) / (2.0 * STEP) / variance;
        let of_scale = most / 2.0;
        let of_correlation = -(fixed(after) - 2.0 * fixed(at) + fixed(before)) / (STEP * STEP);
        let determinant = of_scale * of_correlation - of_both * of_both;
        let relative_variance = (of_correlation - 2.0 * slope * of_both + slope * slope * of_scale) / determinant;
        // Where the likelihood is no hill at ρ, as little is known as can be. On a hill the relative variance is above 0.
        if determinant > 0.0 { (2.0 / relative_variance).clamp(1.0, most) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ordinary;
    use super::*;

    const PLAIN: Design = Design { months_before: 4, slope_change: false, seasonal_pairs: 0 };

    /// Months by turns above and below: the autocorrelation is estimated below 0 and taken as 0, and least squares for
    /// independent months is left. Tested with fewer degrees of freedom, as that was not known.
    #[test]
    fn independent_months_are_left_to_least_squares() {
        let values = [11.0, 9.0, 11.0, 9.0, 21.0, 19.0, 21.0, 19.0];
        let fit = fit(&values, &PLAIN).unwrap();
        assert_eq!(fit.autocorrelation, 0.0);
        let ordinary = ordinary::fit(&values, &PLAIN).unwrap();
        let effect = fit.effect(0, Confidence::P95);
        let step = ordinary.coefficient(Term::LevelChange).unwrap();
        assert!((effect.estimate / step.estimate - 1.0).abs() < 1e-12);
        assert!((effect.standard_error / step.standard_error - 1.0).abs() < 1e-12);
        assert!(effect.p_value.unwrap() > step.p_value.unwrap());
        assert!(effect.interval.unwrap().contains(effect.estimate));
        assert_eq!(fit.slope_change(Confidence::P95), None);
        // The same standard error, so the ratio is that of the t quantiles squared: what is left of 5 degrees of freedom.
        let ratio = fit.variance_ratio(Confidence::P95).unwrap();
        let half = |ends: Interval| (ends.upper - ends.lower) / 2.0;
        let plain = student_t::t(5.0, Confidence::P95).unwrap() * step.standard_error;
        assert!(ratio > 1.0 && (ratio.sqrt() * plain / half(effect.interval.unwrap()) - 1.0).abs() < 1e-12, "{ratio}");
    }

    #[test]
    fn a_series_without_error_has_no_test() {
        for values in [[0.3; 12], std::array::from_fn(|t| t as f64 + if t >= 4 { 5.0 } else { 0.0 })] {
            let fit = fit(&values, &Design { slope_change: true, ..PLAIN }).unwrap();
            let effect = fit.effect(3, Confidence::P95);
            assert_eq!((fit.autocorrelation, fit.innovation_standard_deviation), (0.0, 0.0));
            assert_eq!((effect.standard_error, effect.p_value, effect.interval), (0.0, None, None));
            assert_eq!(fit.variance_ratio(Confidence::P95), None);
        }
    }

    #[test]
    fn what_cannot_be_fitted_has_a_reason() {
        let values: Vec<f64> = (0..12).map(|t| f64::from(t * t)).collect();
        for (values, months_before, expected) in [
            (&values[..3], 2, Undefined::TooFewObservations),
            (&values, 0, Undefined::SingularDesign),
            (&values, 12, Undefined::SingularDesign),
            (&[f64::NAN; 12], 4, Undefined::NotFinite),
        ] {
            assert_eq!(fit(values, &Design { months_before, ..PLAIN }), Err(expected), "{values:?} {months_before}");
        }
    }

    /// In another unit, from another zero, every number follows.
    #[test]
    fn shift_and_scale_change_nothing() {
        let values = [5.0, 7.0, 6.5, 8.0, 7.5, 9.5, 9.0, 8.0, 12.0, 13.0, 12.5, 11.0, 12.0, 14.0, 13.5, 12.0];
        let design = Design { months_before: 8, ..PLAIN };
        let plain = fit(&values, &design).unwrap();
        let changed = fit(&values.map(|value| 1e6 - 250.0 * value), &design).unwrap();
        let (own, other) = (plain.effect(0, Confidence::P95), changed.effect(0, Confidence::P95));
        assert!((plain.autocorrelation - changed.autocorrelation).abs() < 1e-6, "{plain:?} {changed:?}");
        for (found, expected) in [
            (other.estimate, -250.0 * own.estimate),
            (other.standard_error, 250.0 * own.standard_error),
            (other.interval.unwrap().lower, -250.0 * own.interval.unwrap().upper),
            (other.p_value.unwrap(), own.p_value.unwrap()),
        ] {
            assert!((found / expected - 1.0).abs() < 1e-5, "{found} {expected}");
        }
    }
}
