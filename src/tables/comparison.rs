//! A figure beside a comparator, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, flags, integers, numbers, texts};
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Date, Flag, Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Level, PeriodType};
use crate::statistics::comparison::{Variance, Variant, Verdict};

/// What a figure is set beside, in the order in which a headline is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    MostSimilarGroup,
    National,
    Target,
    SamePeriodLastYear,
}

impl Comparator {
    pub const ALL: [Self; 4] = [Self::MostSimilarGroup, Self::National, Self::Target, Self::SamePeriodLastYear];

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MostSimilarGroup => "most_similar_group",
            Self::National => "national",
            Self::Target => "target",
            Self::SamePeriodLastYear => "same_period_last_year",
        }
    }
}

/// How several forces became one comparator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComparatorVariant {
    /// A most similar group.
    Group(Variant),
    /// All 43 forces of England and Wales.
    National,
    /// The same without City of London, whose residents are few; per-head rates only.
    NationalWithoutCityOfLondon,
}

impl ComparatorVariant {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Group(variant) => variant.name(),
            Self::National => "pooled",
            Self::NationalWithoutCityOfLondon => "pooled_without_city_of_london",
        }
    }
}

/// The test behind a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComparisonMethod {
    /// Normal test, sampling variance alone.
    NormalSampling,
    /// Normal test, sampling variance and the variance between forces (tau squared).
    NormalSamplingAndBetweenForces,
    /// Normal test, the whole variance of the forces' values, which holds their sampling error: for means and quantiles
    /// of forces that give no spread.
    NormalTotalBetweenForces,
    /// Whether the figure's own interval excludes the comparator.
    IntervalExcludesTarget,
    /// Fisher's exact test of two proportions, where an expected count is below 5.
    FisherExact,
    /// Exact conditional test of two Poisson counts, where an expected count is below 5.
    PoissonExact,
}

impl ComparisonMethod {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NormalSampling => Variance::Sampling.name(),
            Self::NormalSamplingAndBetweenForces => Variance::SamplingAndBetween { tau_squared: 0.0 }.name(),
            Self::NormalTotalBetweenForces => "normal_total_between_forces",
            Self::IntervalExcludesTarget => "interval_excludes_target",
            Self::FisherExact => "fisher_exact",
            Self::PoissonExact => "poisson_exact",
        }
    }
}

/// Whether `verdict_95` hangs on how the group was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sensitivity {
    /// The same under every variant, and whichever one member is left out.
    None,
    /// It differs between variants.
    Variant,
    /// It changes when one of the members is left out.
    Member,
    /// Both.
    VariantAndMember,
}

impl Sensitivity {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Variant => "variant",
            Self::Member => "member",
            Self::VariantAndMember => "variant_and_member",
        }
    }
}

/// A figure beside one comparator.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub scope: Arc<str>,
    pub period_type: PeriodType,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub value: f64,
    pub comparator: Comparator,
    pub comparator_variant: Option<ComparatorVariant>,
    pub comparator_period_end: Option<NaiveDate>,
    pub comparator_value: f64,
    /// Value less comparator.
    pub difference: f64,
    pub method: Option<ComparisonMethod>,
    pub basis: Option<Basis>,
    pub comparator_basis: Option<Basis>,
    pub p_value: Option<f64>,
    pub q_value: Option<f64>,
    pub flagged: Option<bool>,
    pub verdict_95: Verdict,
    pub verdict_998: Verdict,
    pub verdict_sampling: Verdict,
    pub sensitivity: Option<Sensitivity>,
    pub rank: Option<usize>,
    pub rank_lower: Option<usize>,
    pub rank_upper: Option<usize>,
    pub group_size: Option<usize>,
}

/// `metric` to `period_end`, as in metric_values.
const KEY: &[ColumnSpec] = METRIC_VALUES.columns;

pub const COMPARISONS: TableSpec = TableSpec {
    name: "comparisons",
    description: "Final figures beside the most similar forces, the nation, a target and the same period last year.",
    restricted: false,
    columns: &[
        KEY[0],
        KEY[1],
        KEY[2],
        KEY[3],
        KEY[4],
        KEY[5],
        KEY[6],
        KEY[7],
        column("value", Number, "the figure, as in metric_values").in_unit("of the metric, as in dim_metric"),
        column("comparator", Text, "most_similar_group, national, target or same_period_last_year"),
        optional("comparator_variant", Text, "how several forces became one figure: mean_of_rates_including_self, pooled, excluding_self or pooled_without_city_of_london"),
        optional("comparator_period_end", Date, "last day of the comparator's period; null for a target"),
        column("comparator_value", Number, "the comparator").in_unit("of the value"),
        column("difference", Number, "value less comparator_value").in_unit("of the value"),
        optional("method", Text, "the test behind p_value, verdict_95 and verdict_998: normal_sampling_and_between_forces, normal_total_between_forces (the forces gave no sampling error), normal_sampling, interval_excludes_target, fisher_exact or poisson_exact; null where there is none"),
        optional("basis", Text, "basis of the value: recorded or closed"),
        optional("comparator_basis", Text, "basis of the comparator"),
        optional("p_value", Number, "two-sided, unadjusted").in_unit("probability"),
        optional("q_value", Number, "p_value adjusted by Benjamini and Hochberg over the force's headline comparisons, one a metric; null for all others").in_unit("probability"),
        optional("flagged", Flag, "q_value is 0.05 or less; null where there is no q_value"),
        column("verdict_95", Text, "better, similar, worse; higher, similar, lower where neither is better; or not_available; at 95%, unadjusted"),
        column("verdict_998", Text, "the same at 99.8%"),
        column("verdict_sampling", Text, "the same at 95% by sampling variance alone: is the difference real, however ordinary"),
        optional("sensitivity", Text, "what verdict_95 hangs on: none, variant, member (it changes when one is left out) or variant_and_member; null outside a most similar group"),
        optional("rank", Integer, "place in the most similar group, or among all forces that reported where the comparator is national (years in scope all); 1 the best, the highest where neither is better; latest period of each type, and every financial year").in_unit("rank"),
        optional("rank_lower", Integer, "lower end of its simulated 95% interval; null where the forces gave no sampling error").in_unit("rank"),
        optional("rank_upper", Integer, "upper end of its simulated 95% interval; null likewise").in_unit("rank"),
        optional("group_size", Integer, "forces in the comparator and the own one; null for a target or last year").in_unit("forces"),
    ],
};

impl Comparison {
    /// The rows as columns of [`COMPARISONS`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            texts(rows, |r| Some(&r.scope)),
            texts(rows, |r| Some(r.period_type.name())),
            dates(rows, |r| Some(r.period_start)),
            dates(rows, |r| Some(r.period_end)),
            numbers(rows, |r| Some(r.value)),
            texts(rows, |r| Some(r.comparator.name())),
            texts(rows, |r| r.comparator_variant.map(ComparatorVariant::name)),
            dates(rows, |r| r.comparator_period_end),
            numbers(rows, |r| Some(r.comparator_value)),
            numbers(rows, |r| Some(r.difference)),
            texts(rows, |r| r.method.map(ComparisonMethod::name)),
            texts(rows, |r| r.basis.map(Basis::name)),
            texts(rows, |r| r.comparator_basis.map(Basis::name)),
            numbers(rows, |r| r.p_value),
            numbers(rows, |r| r.q_value),
            flags(rows, |r| r.flagged),
            texts(rows, |r| Some(r.verdict_95.name())),
            texts(rows, |r| Some(r.verdict_998.name())),
            texts(rows, |r| Some(r.verdict_sampling.name())),
            texts(rows, |r| r.sensitivity.map(Sensitivity::name)),
            integers(rows, |r| r.rank),
            integers(rows, |r| r.rank_lower),
            integers(rows, |r| r.rank_upper),
            integers(rows, |r| r.group_size),
        ]
    }
}

#[cfg(test)]
mod tests;
