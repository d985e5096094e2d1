//! A force beside others of its own mix of offences, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, integers, numbers, texts};
use super::comparison::{Comparator, ComparatorVariant, ComparisonMethod};
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Level, PeriodType, Scope};
use crate::statistics::comparison::Verdict;
use crate::statistics::{Estimate, Interval};

/// What a mix is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strata {
    OffenceSubgroup,
    OffenceGroup,
}

impl Strata {
    /// The finest first.
    pub const ALL: [Self; 2] = [Self::OffenceSubgroup, Self::OffenceGroup];

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OffenceSubgroup => "offence_subgroup",
            Self::OffenceGroup => "offence_group",
        }
    }
}

/// A force's figure beside what the forces of its comparator would have had with its offences.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseMix {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub period_type: PeriodType,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub numerator: f64,
    pub denominator: f64,
    pub value: f64,
    pub comparator: Comparator,
    pub comparator_variant: ComparatorVariant,
    /// The comparator's events over its denominator.
    pub comparator_value: f64,
    pub strata: Strata,
    /// Strata of the force with anything in them.
    pub strata_used: usize,
    /// Part of the denominator that is in no stratum of the comparator, expected at its crude rate.
    pub unclassed: f64,
    pub expected: f64,
    /// Observed over expected.
    pub ratio: f64,
    /// The ratio times the comparator's crude value.
    pub adjusted: Estimate,
    pub method: Option<ComparisonMethod>,
    pub p_value: Option<f64>,
    pub verdict_95: Verdict,
    pub verdict_998: Verdict,
    pub verdict_sampling: Verdict,
    /// τ² of adjusted values, in the square of the value's unit.
    pub variance_between_forces: Option<f64>,
    /// Forces in the comparator, the own one among them.
    pub forces: usize,
    pub basis: Option<Basis>,
}

impl CaseMix {
    /// Value less comparator.
    pub fn difference(&self) -> f64 {
        self.value - self.comparator_value
    }

    /// Adjusted value less comparator.
    pub fn adjusted_difference(&self) -> f64 {
        self.adjusted.value - self.comparator_value
    }

    /// What of the difference the mix alone makes: value less adjusted value.
    pub fn mix_difference(&self) -> f64 {
        self.value - self.adjusted.value
    }

    /// The same as a share of the difference; `None` where it is no part of it: where mix and work pull apart, or there is
    /// no difference.
    pub fn mix_share(&self) -> Option<f64> {
        let share = self.mix_difference() / self.difference();
        (0.0..=1.0).contains(&share).then_some(share)
    }
}

const KEY: &[ColumnSpec] = METRIC_VALUES.columns;

pub const CASE_MIX: TableSpec = TableSpec {
    name: "case_mix",
    description: "Shares and ratios of crimes beside the nation and the most similar group, with the force's mix of offences taken out: indirect standardisation.",
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
        column("numerator", Number, "the force's events, as in metric_values"),
        column("denominator", Number, "as in metric_values"),
        column("value", Number, "the figure as it is").in_unit("of the metric, as in dim_metric"),
        column("comparator", Text, "most_similar_group or national"),
        column("comparator_variant", Text, "pooled: the forces' events over their denominators, the own force among them"),
        column("comparator_value", Number, "the comparator over all offences").in_unit("of the value"),
        column("difference", Number, "value less comparator_value").in_unit("of the value"),
        column("strata", Text, "what the mix is told by: offence_subgroup, or offence_group where the forces give no subgroups"),
        column("strata_used", Integer, "strata in which the force has a denominator").in_unit("strata"),
        column("unclassed", Number, "part of the denominator in no stratum of the comparator: expected at comparator_value"),
        column("expected", Number, "events that the force would have with the comparator's value in each stratum").in_unit("events"),
        column("ratio", Number, "numerator over expected").in_unit("ratio"),
        column("adjusted_value", Number, "ratio times comparator_value").in_unit("of the value"),
        optional("adjusted_lower_95", Number, "lower end of its 95% interval: the numerator a Poisson count, expected fixed").in_unit("of the value"),
        optional("adjusted_upper_95", Number, "upper end of it").in_unit("of the value"),
        optional("adjusted_lower_998", Number, "lower end of its 99.8% interval").in_unit("of the value"),
        optional("adjusted_upper_998", Number, "upper end of it").in_unit("of the value"),
        column("interval_method", Text, "exact_poisson below 10 events, byar_poisson from 10"),
        column("adjusted_difference", Number, "adjusted_value less comparator_value").in_unit("of the value"),
        column("mix_difference", Number, "value less adjusted_value: what of the difference the mix of offences alone makes").in_unit("of the value"),
        optional("mix_share", Number, "mix_difference over difference, where it is a part of it; null where the mix works against the rest or makes more than all of it, and without a difference").in_unit("share"),
        optional("method", Text, "the test of adjusted_difference behind p_value, verdict_95 and verdict_998: normal_sampling_and_between_forces; null where fewer than ten forces give strata"),
        optional("p_value", Number, "two-sided, unadjusted; in no family").in_unit("probability"),
        column("verdict_95", Text, "of the adjusted value: better, similar, worse; higher, similar, lower where neither is better; or not_available"),
        column("verdict_998", Text, "the same at 99.8%"),
        column("verdict_sampling", Text, "the same at 95% by sampling variance alone"),
        optional("variance_between_forces", Number, "of adjusted values beyond sampling, by moments, winsorised at a tenth").in_unit("of the value, squared"),
        column("forces", Integer, "forces in the comparator, the own one among them").in_unit("forces"),
        optional("basis", Text, "recorded or closed, of both sides"),
    ],
};

impl CaseMix {
    /// The rows as columns of [`CASE_MIX`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        let end = |of: fn(&Estimate) -> Option<Interval>, end: fn(Interval) -> f64| {
            numbers(rows, move |r: &Self| of(&r.adjusted).map(end))
        };
        vec![
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |_| Some(Level::Force.name())),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |_| Some(Scope::ALL)),
            texts(rows, |r| Some(r.period_type.name())),
            dates(rows, |r| Some(r.period_start)),
            dates(rows, |r| Some(r.period_end)),
            numbers(rows, |r| Some(r.numerator)),
            numbers(rows, |r| Some(r.denominator)),
            numbers(rows, |r| Some(r.value)),
            texts(rows, |r| Some(r.comparator.name())),
            texts(rows, |r| Some(r.comparator_variant.name())),
            numbers(rows, |r| Some(r.comparator_value)),
            numbers(rows, |r| Some(r.difference())),
            texts(rows, |r| Some(r.strata.name())),
            integers(rows, |r| Some(r.strata_used)),
            numbers(rows, |r| Some(r.unclassed)),
            numbers(rows, |r| Some(r.expected)),
            numbers(rows, |r| Some(r.ratio)),
            numbers(rows, |r| Some(r.adjusted.value)),
            end(|e| e.interval_95, |i| i.lower),
            end(|e| e.interval_95, |i| i.upper),
            end(|e| e.interval_998, |i| i.lower),
            end(|e| e.interval_998, |i| i.upper),
            texts(rows, |r| Some(r.adjusted.method.name())),
            numbers(rows, |r| Some(r.adjusted_difference())),
            numbers(rows, |r| Some(r.mix_difference())),
            numbers(rows, Self::mix_share),
            texts(rows, |r| r.method.map(ComparisonMethod::name)),
            numbers(rows, |r| r.p_value),
            texts(rows, |r| Some(r.verdict_95.name())),
            texts(rows, |r| Some(r.verdict_998.name())),
            texts(rows, |r| Some(r.verdict_sampling.name())),
            numbers(rows, |r| r.variance_between_forces),
            integers(rows, |r| Some(r.forces)),
            texts(rows, |r| r.basis.map(Basis::name)),
        ]
    }
}
