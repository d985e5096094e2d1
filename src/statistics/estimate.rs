//! A value together with its intervals and the method that made them, so that no figure can lose its method.

use super::{Confidence, Interval};
use std::fmt;

/// How an interval was made. [`Method::name`] is the text of the `method` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Wilson score interval of a proportion.
    Wilson,
    /// Wilson score interval of a weighted proportion on its effective base.
    WilsonEffectiveBase,
    /// Exact Poisson interval (chi-square) of a count or rate below 10 events.
    ExactPoisson,
    /// Byar's approximation to the Poisson interval, count or rate of 10 events or more.
    ByarPoisson,
    /// A ratio whose numerator is no subset of its denominator: exact Poisson numerator, denominator taken as fixed.
    ExactPoissonOverFixedDenominator,
    /// As above with Byar's approximation.
    ByarPoissonOverFixedDenominator,
    /// Student's t interval of a mean.
    StudentT,
    /// Distribution-free order-statistic interval of a median or percentile.
    OrderStatistic,
    /// Dobson's interval of a directly standardised rate, from Byar's approximation for its events.
    DobsonByar,
    /// No interval is made, such as for a stock.
    None,
}

impl Method {
    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::WilsonEffectiveBase => "wilson_effective_base",
            Self::ExactPoisson => "exact_poisson",
            Self::ByarPoisson => "byar_poisson",
            Self::ExactPoissonOverFixedDenominator => "exact_poisson_over_fixed_denominator",
            Self::ByarPoissonOverFixedDenominator => "byar_poisson_over_fixed_denominator",
            Self::StudentT => "student_t",
            Self::OrderStatistic => "order_statistic",
            Self::DobsonByar => "dobson_byar",
            Self::None => "none",
        }
    }
}

/// Why a value does not exist. The text is fit for the `reason` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Undefined {
    /// The denominator is zero or below.
    ZeroDenominator,
    /// There is no observation to take a mean or percentile of.
    NoObservations,
    /// The numerator of a proportion is greater than its denominator.
    ProportionAboveOne,
    /// A count is below zero.
    NegativeCount,
    /// A time is below zero.
    NegativeTime,
    /// There are fewer events than the method holds for.
    TooFewEvents,
    /// There are fewer than two points, so no moving range.
    TooFewPoints,
    /// An input is infinite or not a number, or too large to calculate with.
    NotFinite,
    /// There are too few observations for the method.
    TooFewObservations,
    /// Two series that belong together differ in length.
    LengthsDiffer,
    /// Points in time do not ascend.
    NotAscending,
    /// A parameter of the method lies outside the range it can take.
    OutOfRange,
    /// The regressors of a model cannot be told apart, such as a level change with no month after it.
    SingularDesign,
    /// The estimate runs off to infinity, such as the log of a rate where a phase has no event.
    NoFiniteEstimate,
    /// More work comes in than can be done, so that the queue has no limit.
    QueueGrows,
}

impl Undefined {
    /// The reason in words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::ZeroDenominator => "the denominator is zero",
            Self::NoObservations => "there are no observations",
            Self::ProportionAboveOne => "the numerator is greater than the denominator",
            Self::NegativeCount => "a count is below zero",
            Self::NegativeTime => "a time is below zero",
            Self::TooFewEvents => "there are too few events for the method",
            Self::TooFewPoints => "there are fewer than two points to make limits from",
            Self::NotFinite => "an input is not a finite number",
            Self::TooFewObservations => "there are too few observations",
            Self::LengthsDiffer => "two series differ in length",
            Self::NotAscending => "points in time do not ascend",
            Self::OutOfRange => "a parameter is outside its range",
            Self::SingularDesign => "the terms of the model cannot be told apart",
            Self::NoFiniteEstimate => "the estimate has no finite value",
            Self::QueueGrows => "the load is no less than the handlers, so the queue grows without end",
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for Undefined {}

/// A value, its intervals and their method. All three are in the unit of the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The 95% interval; `None` where the method gives none, for instance too few observations for the level.
    pub interval_95: Option<Interval>,
    /// The 99.8% interval; `None` as above.
    pub interval_998: Option<Interval>,
    /// How the intervals were made. It is named even where too few observations left them empty.
    pub method: Method,
}

impl Estimate {
    /// A value that carries no interval, such as a stock.
    pub const fn without_interval(value: f64) -> Self {
        Self { value, interval_95: None, interval_998: None, method: Method::None }
    }

    /// The interval at a level.
    pub const fn interval(&self, confidence: Confidence) -> Option<Interval> {
        match confidence {
            Confidence::P95 => self.interval_95,
            Confidence::P998 => self.interval_998,
        }
    }

    /// A value with the intervals that `interval` gives at each level.
    pub(crate) fn with(value: f64, method: Method, interval: impl Fn(Confidence) -> Option<Interval>) -> Self {
        Self { value, interval_95: interval(Confidence::P95), interval_998: interval(Confidence::P998), method }
    }
}

/// Refuses what no count over a denominator can be.
pub(crate) fn check_count_over_denominator(count: f64, denominator: f64) -> Result<(), Undefined> {
    if !count.is_finite() || !denominator.is_finite() {
        Err(Undefined::NotFinite)
    } else if count < 0.0 {
        Err(Undefined::NegativeCount)
    } else if denominator <= 0.0 {
        Err(Undefined::ZeroDenominator)
    } else {
        Ok(())
    }
}
