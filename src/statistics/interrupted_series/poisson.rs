//! Segmented regression of a count by Poisson regression with a log link and an offset, and as quasi-Poisson.
//!
//! The mean is μ(t) = exposure(t)·exp(η(t)), fitted by iteratively reweighted least squares (McCullagh P, Nelder JA 1989,
//! *Generalized Linear Models*, 2nd edition, sections 2.5 and 6.2). Quasi-Poisson keeps the estimates and multiplies
//! the variances by the dispersion φ = Σ(y - μ)²/μ / (n - p) (Wedderburn RWM 1974, *Biometrika* 61:439-447), which is
//! taken as it is, below 1 too.

use super::super::{Confidence, Interval, Undefined, orthogonal, student_t};
use super::{Design, Term};
use nalgebra::{DMatrix, DVector};

/// The fit has converged when no month's η moves by more than this, relative to the largest.
const PRECISION: f64 = 1e-10;

/// Steps after which an estimate that still moves has no finite value; a regular fit takes under ten.
const MOST_STEPS: usize = 100;

/// A fitted series of counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PoissonFit {
    /// The coefficients in the order of [`Design::terms`].
    pub coefficients: Vec<Coefficient>,
    /// Residual deviance.
    pub deviance: f64,
    /// φ, Pearson's statistic over n - p: about 1 for Poisson counts, 0 where the line goes through every count.
    pub dispersion: f64,
    /// n - p.
    pub residual_degrees_of_freedom: usize,
    unscaled_covariance: DMatrix<f64>,
}

/// A coefficient on the scale of the logarithm of the rate (a month, for slopes).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// What it is of.
    pub term: Term,
    /// The estimate.
    pub estimate: f64,
    /// Standard error for Poisson counts.
    pub standard_error: f64,
    /// Quasi-Poisson standard error: times √φ.
    pub quasi_standard_error: f64,
}

/// The rate over what it would have been without the interruption, quasi-Poisson.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    /// The ratio: 0.9 is a tenth fewer.
    pub ratio: f64,
    /// Two-sided p-value of t with n - p degrees of freedom; `None` where the dispersion is zero.
    pub p_value: Option<f64>,
    /// Interval by t with n - p degrees of freedom on the scale of the logarithm; `None` as above, or where its upper
    /// end is too large for a number.
    pub interval: Option<Interval>,
}

/// Fits `counts` over `exposures`, such as days, one each a month without a gap.
///
/// # Errors
/// As [`super::ordinary::fit`]; [`Undefined::LengthsDiffer`]; [`Undefined::ZeroDenominator`] for an exposure not above
/// zero; [`Undefined::NoFiniteEstimate`] where the likelihood has no maximum, as when a phase has no event.
pub fn fit(counts: &[u64], exposures: &[f64], design: &Design) -> Result<PoissonFit, Undefined> {
    if counts.len() != exposures.len() {
        return Err(Undefined::LengthsDiffer);
    }
    if !exposures.iter().all(|exposure| exposure.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    if exposures.iter().any(|exposure| *exposure <= 0.0) {
        return Err(Undefined::ZeroDenominator);
    }
    let regressors = design.regressors(counts.len())?;
    orthogonal::solve(regressors.clone(), &DVector::zeros(counts.len()))?;
    let counts: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
    let (solution, means) = reweighted(&counts, exposures, &regressors)?;
    let degrees_of_freedom = counts.len() - regressors.ncols();
    let pearson: f64 = counts.iter().zip(&means).map(|(count, mean)| (count - mean).powi(2) / mean).sum();
    let rounding = PRECISION * PRECISION * means.iter().sum::<f64>();
    let dispersion = if pearson <= rounding { 0.0 } else { pearson / degrees_of_freedom as f64 };
    let coefficient = |(index, term): (usize, Term)| {
        let standard_error = solution.unscaled_covariance[(index, index)].sqrt();
        let quasi_standard_error = standard_error * dispersion.sqrt();
        Coefficient { term, estimate: solution.coefficients[index], standard_error, quasi_standard_error }
    };
    Ok(PoissonFit {
        coefficients: design.terms().into_iter().enumerate().map(coefficient).collect(),
        deviance: counts.iter().zip(&means).map(|(count, mean)| deviance(*count, *mean)).sum::<f64>().max(0.0),
        dispersion,
        residual_degrees_of_freedom: degrees_of_freedom,
        unscaled_covariance: solution.unscaled_covariance,
    })
}

impl PoissonFit {
    /// The coefficient of a term; `None` where the design has no such term.
    pub fn coefficient(&self, term: Term) -> Option<&Coefficient> {
        self.coefficients.iter().find(|coefficient| coefficient.term == term)
    }

    /// The rate ratio `months_after` months after the first month of the new phase: exp(b2 + b3·months).
    /// `None` where it is too large for a number.
    pub fn rate_ratio(&self, months_after: usize, confidence: Confidence) -> Option<RateRatio> {
        self.rate_ratio_with(self.dispersion, months_after, confidence)
    }

    /// The same with a dispersion of 1 at least: months that happen to vary less than counting makes them do not show that
    /// they would go on so.
    pub fn careful_rate_ratio(&self, months_after: usize, confidence: Confidence) -> Option<RateRatio> {
        self.rate_ratio_with(self.dispersion.max(1.0), months_after, confidence)
    }

    fn rate_ratio_with(&self, dispersion: f64, months_after: usize, confidence: Confidence) -> Option<RateRatio> {
        let terms = self.coefficients.iter().map(|coefficient| (coefficient.term, coefficient.estimate));
        let (estimate, variance) = super::effect(terms, &self.unscaled_covariance, months_after);
        let standard_error = (variance * dispersion).sqrt();
        let degrees_of_freedom = self.residual_degrees_of_freedom as f64;
        let tested = standard_error > 0.0;
        let half_width = student_t::t(degrees_of_freedom, confidence).filter(|_| tested).map(|t| t * standard_error);
        let ends = |half: f64| Interval { lower: (estimate - half).exp(), upper: (estimate + half).exp() };
        let p_value = || student_t::two_sided_p_value(estimate / standard_error, degrees_of_freedom);
        let ratio = RateRatio {
            ratio: estimate.exp(),
            p_value: tested.then(p_value).flatten(),
            interval: half_width.map(ends).filter(|ends| ends.upper.is_finite()),
        };
        ratio.ratio.is_finite().then_some(ratio)
    }
}

/// The coefficients and the means they give.
fn reweighted(
    counts: &[f64],
    exposures: &[f64],
    regressors: &DMatrix<f64>,
) -> Result<(orthogonal::Solution, Vec<f64>), Undefined> {
    let mut logs: Vec<f64> =
        counts.iter().zip(exposures).map(|(count, exposure)| ((count + 0.1) / exposure).ln()).collect();
    for _ in 0..MOST_STEPS {
        let means: Vec<f64> = logs.iter().zip(exposures).map(|(log, exposure)| exposure * log.exp()).collect();
        if !means.iter().all(|mean| mean.is_normal()) {
            break;
        }
        let weighted =
            DMatrix::from_fn(regressors.nrows(), regressors.ncols(), |t, term| means[t].sqrt() * regressors[(t, term)]);
        let response =
            DVector::from_fn(counts.len(), |t, _| means[t].sqrt() * (logs[t] + (counts[t] - means[t]) / means[t]));
        // The design itself can be solved: what is singular here are weights that run off to zero.
        let solution = orthogonal::solve(weighted, &response).map_err(|_| Undefined::NoFiniteEstimate)?;
        let fitted =
            |t: usize| solution.coefficients.iter().zip(regressors.row(t).iter()).map(|(b, x)| b * x).sum::<f64>();
        let next: Vec<f64> = (0..counts.len()).map(fitted).collect();
        let moved = next.iter().zip(&logs).map(|(next, log)| (next - log).abs()).fold(0.0, f64::max);
        let largest = next.iter().fold(1.0, |largest: f64, log| largest.max(log.abs()));
        logs = next;
        if moved <= PRECISION * largest {
            let means = logs.iter().zip(exposures).map(|(log, exposure)| exposure * log.exp()).collect();
            return Ok((solution, means));
        }
    }
    Err(Undefined::NoFiniteEstimate)
}

/// A month's share of the deviance: 2·(y·ln(y/μ) - (y - μ)).
fn deviance(count: f64, mean: f64) -> f64 {
    let log_part = if count > 0.0 { count * (count / mean).ln() } else { 0.0 };
    2.0 * (log_part - (count - mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Design = Design { months_before: 4, slope_change: false, seasonal_pairs: 0 };

    /// Four months of 8 or 12 and four of 16 or 24 in the pattern + - - +: the rate doubles, without a trend. φ by hand:
    /// (4·4/10 + 4·16/20)/5.
    #[test]
    fn a_doubling_by_hand() {
        let fit = fit(&[12, 8, 8, 12, 24, 16, 16, 24], &[1.0; 8], &STEP).unwrap();
        for (coefficient, expected) in fit.coefficients.iter().zip([10.0_f64.ln(), 0.0, 2.0_f64.ln()]) {
            assert!((coefficient.estimate - expected).abs() < 1e-12, "{coefficient:?}");
        }
        assert!((fit.dispersion - 0.96).abs() < 1e-12, "{fit:?}");
        let found = fit.rate_ratio(2, Confidence::P95).unwrap();
        assert!((found.ratio - 2.0).abs() < 1e-12 && found.interval.unwrap().contains(2.0), "{found:?}");
        // With a dispersion of 1 the interval is wider by √(1/0.96) on the scale of the logarithm.
        let careful = fit.careful_rate_ratio(2, Confidence::P95).unwrap();
        let width = |ends: Interval| (ends.upper / ends.lower).ln();
        let wider = width(careful.interval.unwrap()) / width(found.interval.unwrap());
        assert!((wider - (1.0_f64 / 0.96).sqrt()).abs() < 1e-12 && careful.p_value > found.p_value, "{wider}");
    }

    /// statsmodels 0.15.0 `GLM(..., Poisson()).fit(scale="X2")`; a month without an event is a part of the deviance as any other.
    #[test]
    fn a_month_without_an_event() {
        let fit = fit(&[12, 8, 8, 12, 24, 16, 0, 24], &[1.0; 8], &STEP).unwrap();
        assert!(
            (fit.deviance / 40.042_919_340_091_36 - 1.0).abs() < 1e-9
                && (fit.dispersion / 5.171_782_392_519_08 - 1.0).abs() < 1e-9,
            "{fit:?}"
        );
    }

    /// A billion and one more by turns: the squares left over by a line and a step in NumPy 2.4.6 `linalg.lstsq`, over 10⁹ · 5.
    #[test]
    fn a_difference_of_one_in_a_billion_is_no_rounding() {
        let counts = [1_000_000_000, 1_000_000_001].repeat(4);
        let fit = fit(&counts, &[1.0; 8], &STEP).unwrap();
        assert!((fit.dispersion / 3.2e-10 - 1.0).abs() < 1e-3, "{fit:?}");
    }

    /// Ten times the rate each month: after 400 months it is past the largest number.
    #[test]
    fn a_ratio_too_large_for_a_number_is_none() {
        let design = Design { slope_change: true, ..STEP };
        let fit = fit(&[9, 11, 10, 10, 10, 100, 1_000, 10_001], &[1.0; 8], &design).unwrap();
        assert!((fit.rate_ratio(3, Confidence::P95).unwrap().ratio / 1e3 - 1.0).abs() < 0.5);
        assert_eq!(fit.rate_ratio(400, Confidence::P95), None);
    }

    #[test]
    fn a_constant_series_has_a_ratio_of_one_and_no_test() {
        for count in [3, 1_000_000_000] {
            let fit = fit(&[count; 12], &[31.0; 12], &STEP).unwrap();
            let found = fit.rate_ratio(0, Confidence::P998).unwrap();
            assert!((found.ratio - 1.0).abs() < 1e-12, "{found:?}");
            assert_eq!((fit.dispersion, found.p_value, found.interval), (0.0, None, None), "{fit:?}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_has_a_reason() {
        let (few, days) = ([5, 3, 4, 6, 2, 7, 5, 4], [30.0; 8]);
        for (counts, exposures, design, expected) in [
            (&few[..3], &days[..3], STEP, Undefined::TooFewObservations),
            (&few, &days[..7], STEP, Undefined::LengthsDiffer),
            (&few, &[0.0; 8], STEP, Undefined::ZeroDenominator),
            (&few, &[f64::NAN; 8], STEP, Undefined::NotFinite),
            (&few, &days, Design { months_before: 8, ..STEP }, Undefined::SingularDesign),
            (&[0; 8], &days, STEP, Undefined::NoFiniteEstimate),
            (&[5, 3, 4, 6, 0, 0, 0, 0], &days, STEP, Undefined::NoFiniteEstimate),
            (&[5, 3, 4, 6, 0, 0, 0, 0], &days, Design { slope_change: true, ..STEP }, Undefined::NoFiniteEstimate),
            (&[0, 0, 0, 0, 5, 3, 4, 6], &days, Design { slope_change: true, ..STEP }, Undefined::NoFiniteEstimate),
            (&[0, 0, 0, 9, 5, 3, 4, 6], &days, Design { slope_change: true, ..STEP }, Undefined::NoFiniteEstimate),
        ] {
            assert_eq!(fit(counts, exposures, &design), Err(expected), "{counts:?} {exposures:?}");
        }
    }
}
