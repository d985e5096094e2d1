//! A unit set beside a comparator: the difference, its variance, the test and the verdict.
//!
//! Every comparator here is a weighted sum of units' values, and so is the difference own minus comparator:
//! d = Σ aᵢ yᵢ, the own unit among them. Units are independent, so with s²ᵢ the sampling variance of unit i
//!
//! ```text
//! sampling only:                     Var(d) = Σ aᵢ² s²ᵢ
//! sampling and between units:        Var(d) = Σ aᵢ² (s²ᵢ + τ²)
//! ```
//!
//! | variant, M units with the own one    | a of the own unit | a of another unit | Σ aᵢ²         |
//! |--------------------------------------|-------------------|-------------------|---------------|
//! | mean of rates, own unit included     | 1 - 1/M           | -1/M              | (M - 1)/M     |
//! | mean of rates, own unit left out     | 1                 | -1/(M - 1)        | M/(M - 1)     |
//! | pooled, own included, wᵢ = nᵢ/Σn     | 1 - w             | -wᵢ               | (1-w)² + Σwᵢ² |
//! | target or standard, known            | 1                 |                   | 1             |
//! | own past, the same unit              | 1                 | -1 (its past)     | 0, it cancels |
//!
//! The coefficient 1 - 1/M carries the covariance of the own unit with a mean that contains it: it is
//! Var(y) + Var(mean) - 2·Cov(y, mean), with Cov(y, mean) = s²/M, written as one square. Because the difference from a
//! mean that contains the own unit is (M - 1)/M times the difference from the others' mean, and so is its standard
//! error, both variants give the same z: the choice moves the figure, never the verdict.
//!
//! τ² enters as another variance of each unit's value: true values are taken as normal about a common level
//! (random effects; DerSimonian R, Laird N 1986, *Controlled Clinical Trials* 7:177-188; Higgins JPT, Thompson SG,
//! Spiegelhalter DJ 2009, *JRSS A* 172:137-159). Against a known target it is the s² + τ² of the over-dispersed funnel
//! (Spiegelhalter DJ 2005, *Quality & Safety in Health Care* 14:347-351). Pooled weights are taken as fixed.

use super::{Confidence, Interval, Polarity, UnitValue, normal};

/// How a group of units becomes one comparator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// Unweighted mean of the units' values, the own unit among them.
    MeanOfRatesIncludingSelf,
    /// All numerators over all denominators, the own unit among them.
    Pooled,
    /// Unweighted mean of the other units' values.
    ExcludingSelf,
}

impl Variant {
    /// Every variant, the default first.
    pub const ALL: [Self; 3] = [Self::MeanOfRatesIncludingSelf, Self::Pooled, Self::ExcludingSelf];

    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MeanOfRatesIncludingSelf => "mean_of_rates_including_self",
            Self::Pooled => "pooled",
            Self::ExcludingSelf => "excluding_self",
        }
    }
}

/// Own value minus comparator, before any test. All in the unit of the value (variances in its square).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The comparator's value.
    pub comparator: f64,
    /// Own value minus the comparator.
    pub difference: f64,
    /// Sampling variance of the difference, covariance included.
    pub sampling_variance: f64,
    /// Σ aᵢ² over units: how often τ² enters the variance of the difference.
    pub between_weight: f64,
}

/// What the difference is measured against. The name tells the two kinds of verdict apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Variance {
    /// Sampling error alone: is the difference real?
    Sampling,
    /// Sampling error and the variance between units: is it beyond how units ordinarily differ?
    SamplingAndBetween {
        /// Variance between units, see [`super::between_forces`].
        tau_squared: f64,
    },
}

impl Variance {
    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sampling => "normal_sampling",
            Self::SamplingAndBetween { .. } => "normal_sampling_and_between_forces",
        }
    }
}

/// The normal test of a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// Difference over its standard error.
    pub z: f64,
    /// Two-sided p-value, unadjusted.
    pub p_value: f64,
}

/// Sets `own` beside a group. `others` are the other units of the group, never the own one.
///
/// `None` where there is no other unit, an input is not finite, or a pooled comparator lacks a denominator above zero.
pub fn against_group(own: UnitValue, others: &[UnitValue], variant: Variant) -> Option<Comparison> {
    if others.is_empty() {
        return None;
    }
    let units = others.len() as f64 + 1.0;
    let total: f64 = own.denominator + others.iter().map(|unit| unit.denominator).sum::<f64>();
    let weight = |unit: &UnitValue| match variant {
        Variant::MeanOfRatesIncludingSelf => Some(1.0 / units),
        Variant::ExcludingSelf => Some(1.0 / (units - 1.0)),
        Variant::Pooled => (unit.denominator > 0.0).then(|| unit.denominator / total),
    };
    let own_weight = if variant == Variant::ExcludingSelf { 0.0 } else { weight(&own)? };
    let mut comparison = Comparison {
        comparator: own_weight * own.value,
        difference: 0.0,
        sampling_variance: (1.0 - own_weight).powi(2) * own.sampling_variance,
        between_weight: (1.0 - own_weight).powi(2),
    };
    for unit in others {
        let weight = weight(unit)?;
        comparison.comparator += weight * unit.value;
        comparison.sampling_variance += weight * weight * unit.sampling_variance;
        comparison.between_weight += weight * weight;
    }
    comparison.difference = own.value - comparison.comparator;
    comparison.checked()
}

/// Sets `own` beside a target or standard, which has no error. `None` where an input is not finite.
pub fn against_target(own: UnitValue, target: f64) -> Option<Comparison> {
    Comparison {
        comparator: target,
        difference: own.value - target,
        sampling_variance: own.sampling_variance,
        between_weight: 1.0,
    }
    .checked()
}

/// Sets `own` beside the same unit in another period that shares no event with this one. What sets the unit apart from
/// other units is in both periods and cancels, so τ² has no part in it. `None` where an input is not finite.
pub fn against_own_past(own: UnitValue, past: UnitValue) -> Option<Comparison> {
    Comparison {
        comparator: past.value,
        difference: own.value - past.value,
        sampling_variance: own.sampling_variance + past.sampling_variance,
        between_weight: 0.0,
    }
    .checked()
}

impl Comparison {
    /// Tests the difference. `None` where its variance is 0 and it is not, or an input is not usable.
    pub fn test(&self, variance: Variance) -> Option<Test> {
        let total = match variance {
            Variance::Sampling => self.sampling_variance,
            Variance::SamplingAndBetween { tau_squared } => self.sampling_variance + self.between_weight * tau_squared,
        };
        let z = if self.difference == 0.0 { 0.0 } else { self.difference / total.sqrt() };
        (total >= 0.0 && z.is_finite()).then(|| Test { z, p_value: normal::two_sided_p_value(z) })
    }

    fn checked(self) -> Option<Self> {
        let finite = self.difference.is_finite() && self.sampling_variance.is_finite();
        (finite && self.sampling_variance >= 0.0).then_some(self)
    }
}

/// What a test or an interval says of a unit against its comparator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Different, on the better side.
    Better,
    /// Not shown to be different.
    Similar,
    /// Different, on the worse side.
    Worse,
    /// Different and above, where neither direction is better.
    Higher,
    /// Different and below, where neither direction is better.
    Lower,
    /// There is no test.
    NotAvailable,
}

impl Verdict {
    /// The verdict of a test at a level. `None` for a test gives [`Verdict::NotAvailable`].
    pub fn of_test(test: Option<Test>, polarity: Polarity, confidence: Confidence) -> Self {
        match test {
            None => Self::NotAvailable,
            Some(test) if test.z > confidence.z() => Self::above(polarity),
            Some(test) if test.z < -confidence.z() => Self::below(polarity),
            Some(_) => Self::Similar,
        }
    }

    /// The verdict of the interval shown beside a value against a fixed comparator, so that figure and verdict agree.
    /// `None` for an interval gives [`Verdict::NotAvailable`].
    pub fn of_interval(interval: Option<Interval>, comparator: f64, polarity: Polarity) -> Self {
        match interval {
            None => Self::NotAvailable,
            Some(interval) if interval.lower > comparator => Self::above(polarity),
            Some(interval) if interval.upper < comparator => Self::below(polarity),
            Some(_) => Self::Similar,
        }
    }

    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Similar => "similar",
            Self::Worse => "worse",
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NotAvailable => "not_available",
        }
    }

    const fn above(polarity: Polarity) -> Self {
        match polarity {
            Polarity::HigherIsBetter => Self::Better,
            Polarity::LowerIsBetter => Self::Worse,
            Polarity::Neutral => Self::Higher,
        }
    }

    const fn below(polarity: Polarity) -> Self {
        match polarity {
            Polarity::HigherIsBetter => Self::Worse,
            Polarity::LowerIsBetter => Self::Better,
            Polarity::Neutral => Self::Lower,
        }
    }
}

#[cfg(test)]
mod tests;
