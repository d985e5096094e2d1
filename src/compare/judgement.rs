//! What a test says of a figure beside its comparator.

use crate::statistics::comparison::{Comparison, Test, Variance, Verdict};
use crate::statistics::{Confidence, Polarity};
use crate::tables::comparison::ComparisonMethod;

use super::forces::Slice;

/// A figure beside one comparator, judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Judgement {
    pub value: f64,
    pub comparator: f64,
    pub difference: f64,
    pub method: Option<ComparisonMethod>,
    pub p_value: Option<f64>,
    pub verdict_95: Verdict,
    pub verdict_998: Verdict,
    pub verdict_sampling: Verdict,
}

impl Judgement {
    /// Two figures without a test.
    pub fn untested(value: f64, comparator: f64) -> Self {
        Self {
            value,
            comparator,
            difference: value - comparator,
            method: None,
            p_value: None,
            verdict_95: Verdict::NotAvailable,
            verdict_998: Verdict::NotAvailable,
            verdict_sampling: Verdict::NotAvailable,
        }
    }

    /// Two figures and one test by sampling variance alone.
    pub fn by_sampling(
        value: f64,
        comparator: f64,
        method: ComparisonMethod,
        test: Option<Test>,
        polarity: Polarity,
    ) -> Self {
        let verdict = |confidence| Verdict::of_test(test, polarity, confidence);
        Self {
            method: test.map(|_| method),
            p_value: test.map(|test| test.p_value),
            verdict_95: verdict(Confidence::P95),
            verdict_998: verdict(Confidence::P998),
            verdict_sampling: verdict(Confidence::P95),
            ..Self::untested(value, comparator)
        }
    }

    /// A force beside other forces.
    pub fn among_forces(value: f64, comparison: &Comparison, slice: &Slice<'_>, polarity: Polarity) -> Self {
        let (test, method) = headline_test(comparison, slice);
        let sampling = slice.sampling_known.then(|| comparison.test(Variance::Sampling)).flatten();
        let verdict = |confidence| Verdict::of_test(test, polarity, confidence);
        Self {
            difference: comparison.difference,
            method,
            p_value: test.map(|test| test.p_value),
            verdict_95: verdict(Confidence::P95),
            verdict_998: verdict(Confidence::P998),
            verdict_sampling: Verdict::of_test(sampling, polarity, Confidence::P95),
            ..Self::untested(value, comparison.comparator)
        }
    }
}

/// The test with the variance between forces, and its name; none where that variance is not known.
pub(super) fn headline_test(comparison: &Comparison, slice: &Slice<'_>) -> (Option<Test>, Option<ComparisonMethod>) {
    let test = slice.between.and_then(|tau_squared| comparison.test(Variance::SamplingAndBetween { tau_squared }));
    let method = match slice.sampling_known {
        true => ComparisonMethod::NormalSamplingAndBetweenForces,
        false => ComparisonMethod::NormalTotalBetweenForces,
    };
    (test, test.map(|_| method))
}
