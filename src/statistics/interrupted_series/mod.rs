//! Segmented regression of an interrupted series: did the level or the slope change when something was done?
//!
//! With t = 0, 1, ... the month and k the first month after the interruption (Wagner AK and others 2002, *Journal of
//! Clinical Pharmacy and Therapeutics* 27:299-309; Bernal JL, Cummins S, Gasparrini A 2017, *International Journal of
//! Epidemiology* 46:348-355):
//!
//! ```text
//! η(t) = b0 + b1·t + b2·[t ≥ k] + b3·max(0, t - k) + Σ (c_j·cos(2πjt/12) + s_j·sin(2πjt/12))
//! ```
//!
//! [`ordinary`] and [`autoregressive`] take η as the mean of the value, [`poisson`] as the logarithm of the rate of a count.
//! For a controlled series, pass the differences between the area and its comparison area.

pub mod autoregressive;
pub mod ordinary;
pub mod poisson;
#[cfg(test)]
mod properties;

use super::Undefined;
use nalgebra::DMatrix;

/// Months in a season.
const MONTHS: f64 = 12.0;

/// Pairs of waves that monthly data can carry: the sixth sine is zero in every month.
const MOST_SEASONAL_PAIRS: u32 = 5;

/// Which terms a segmented regression has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Design {
    /// k: months before the interruption, and so the index of the first month after it.
    pub months_before: usize,
    /// Whether the slope may change, too.
    pub slope_change: bool,
    /// Pairs of cosine and sine waves a year, 0 (no season) to 5; two pairs are usual.
    pub seasonal_pairs: u32,
}

/// A term of the regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// b0: the level at the first month.
    Intercept,
    /// b1: change a month before the interruption.
    Time,
    /// b2: step at the first month after the interruption.
    LevelChange,
    /// b3: what is added to the change a month after the interruption.
    SlopeChange,
    /// c_j of the j-th wave.
    Cosine(u32),
    /// s_j of the j-th wave.
    Sine(u32),
}

impl Term {
    /// The regressor at month `t`.
    fn at(self, t: usize, months_before: usize) -> f64 {
        let angle = |wave: u32| std::f64::consts::TAU * f64::from(wave) * t as f64 / MONTHS;
        match self {
            Self::Intercept => 1.0,
            Self::Time => t as f64,
            Self::LevelChange => f64::from(u8::from(t >= months_before)),
            Self::SlopeChange => t.saturating_sub(months_before) as f64,
            Self::Cosine(wave) => angle(wave).cos(),
            Self::Sine(wave) => angle(wave).sin(),
        }
    }

    /// How much of this term is in the effect `months_after` months after the first month of the new phase.
    fn share_of_effect(self, months_after: usize) -> f64 {
        match self {
            Self::LevelChange => 1.0,
            Self::SlopeChange => months_after as f64,
            _ => 0.0,
        }
    }
}

/// The effect `months_after` months after the first month of the new phase, b2 + b3·months, and its variance, from the
/// estimates of `terms` and their covariance.
fn effect(terms: impl Iterator<Item = (Term, f64)>, covariance: &DMatrix<f64>, months_after: usize) -> (f64, f64) {
    let (shares, parts): (Vec<f64>, Vec<f64>) = terms
        .map(|(term, estimate)| (term.share_of_effect(months_after), estimate))
        .map(|(share, estimate)| (share, share * estimate))
        .unzip();
    let mut variance = 0.0;
    for (row, of_row) in shares.iter().enumerate() {
        for (column, of_column) in shares.iter().enumerate() {
            variance += of_row * of_column * covariance[(row, column)];
        }
    }
    // A variance that should be zero may be a rounding error below it.
    (parts.iter().sum(), variance.max(0.0))
}

impl Design {
    /// The terms in the order of the coefficients.
    pub fn terms(&self) -> Vec<Term> {
        let mut terms = vec![Term::Intercept, Term::Time, Term::LevelChange];
        terms.extend(self.slope_change.then_some(Term::SlopeChange));
        terms.extend((1..=self.seasonal_pairs).flat_map(|wave| [Term::Cosine(wave), Term::Sine(wave)]));
        terms
    }

    /// η at month `t` for coefficients in the order of [`Self::terms`], and what it would have been without the interruption.
    pub fn with_and_without(&self, coefficients: &[f64], t: usize) -> (f64, f64) {
        let parts = self.terms().into_iter().zip(coefficients);
        parts.fold((0.0, 0.0), |(with, without), (term, estimate)| {
            let part = estimate * term.at(t, self.months_before);
            let is_effect = matches!(term, Term::LevelChange | Term::SlopeChange);
            (with + part, if is_effect { without } else { without + part })
        })
    }

    /// The regressors, months by terms. More months than terms are needed, so that something is left to judge by.
    pub(super) fn regressors(&self, months: usize) -> Result<DMatrix<f64>, Undefined> {
        if self.seasonal_pairs > MOST_SEASONAL_PAIRS {
            return Err(Undefined::OutOfRange);
        }
        let terms = self.terms();
        if months <= terms.len() {
            return Err(Undefined::TooFewObservations);
        }
        Ok(DMatrix::from_fn(months, terms.len(), |t, column| terms[column].at(t, self.months_before)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regressors_by_hand() {
        let design = Design { months_before: 3, slope_change: true, seasonal_pairs: 1 };
        let found = design.regressors(7).unwrap();
        let half = 0.75_f64.sqrt();
        for (t, expected) in [
            (0, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
            (2, [1.0, 2.0, 0.0, 0.0, 0.5, half]),
            (3, [1.0, 3.0, 1.0, 0.0, 0.0, 1.0]),
            (5, [1.0, 5.0, 1.0, 2.0, -half, 0.5]),
        ] {
            for (found, expected) in found.row(t).iter().zip(expected) {
                assert!((found - expected).abs() < 1e-15, "{t}: {found} {expected}");
            }
        }
    }

    /// 1 + 2t, and from month 3 on 10 more and 5 more each month; the cosine adds 4 where it is 1.
    #[test]
    fn with_and_without_by_hand() {
        let design = Design { months_before: 3, slope_change: true, seasonal_pairs: 1 };
        for (t, expected) in
            [(0, (5.0, 5.0)), (2, (7.0, 7.0)), (3, (17.0, 7.0)), (5, (31.0 - 12.0_f64.sqrt(), 11.0 - 12.0_f64.sqrt()))]
        {
            let (with, without) = design.with_and_without(&[1.0, 2.0, 10.0, 5.0, 4.0, 0.0], t);
            assert!((with - expected.0).abs() < 1e-12 && (without - expected.1).abs() < 1e-12, "{t}: {with} {without}");
        }
    }

    #[test]
    fn what_is_no_design_is_refused() {
        let design = Design { months_before: 3, slope_change: true, seasonal_pairs: 1 };
        assert_eq!(design.regressors(6), Err(Undefined::TooFewObservations));
        assert_eq!(Design { seasonal_pairs: 6, ..design }.regressors(40), Err(Undefined::OutOfRange));
    }
}
