//! A figure over time, with its limits and what its latest months say, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::columns::{dates, integers, numbers, texts};
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Date, Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Level, Month};
use crate::statistics::control_charts::{Chart, Reason};
use crate::statistics::xmr::{Assurance, Class, Rule};

/// What a month of a chart is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PointClass {
    /// Final, and judged by the rules.
    Tested(Class),
    /// Drawn hollow, in no limit and no rule.
    Provisional,
}

impl PointClass {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tested(class) => class.name(),
            Self::Provisional => "provisional",
        }
    }
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChartType {
    /// Values, or events per day, with limits from their moving ranges.
    Xmr,
    /// Proportions, with binomial limits.
    P,
    /// The same, with limits as wide as the months in fact vary.
    PPrime,
    /// Ratios and rates, with Poisson limits.
    U,
    /// The same, with limits as wide as the months in fact vary.
    UPrime,
    /// A plain line.
    Line,
}

impl ChartType {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xmr => "xmr",
            Self::P => Chart::P.name(),
            Self::PPrime => Chart::PPrime.name(),
            Self::U => Chart::U.name(),
            Self::UPrime => Chart::UPrime.name(),
            Self::Line => Chart::Line.name(),
        }
    }
}

/// Why a series is drawn as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChartReason {
    /// By the number of months, the number of events, or the test of their dispersion.
    Counts(Reason),
    /// Values without a count of events: means, quantiles, and shares of weights.
    NotCounts,
    /// Counts over months of different length.
    EventsPerDay,
    /// What stands open at a month's end, most of which stood open a month before.
    Stock,
    /// Crimes counted by what became of them up to the data date: older months have had longer.
    FollowedWithoutEnd,
}

impl ChartReason {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counts(reason) => reason.name(),
            Self::NotCounts => "not_counts",
            Self::EventsPerDay => "events_per_day",
            Self::Stock => "stock",
            Self::FollowedWithoutEnd => "followed_without_end",
        }
    }
}

/// Centre and limits of a month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProcessLimits {
    pub centre: f64,
    pub lower: f64,
    pub upper: f64,
}

/// A month of one unit over time.
#[derive(Clone, Debug, PartialEq)]
pub struct SpcPoint {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub scope: Arc<str>,
    pub month: Month,
    /// `None` is a gap.
    pub value: Option<f64>,
    /// From 1.
    pub phase: u32,
    /// Id of the register entry that began the phase; `None` in the first.
    pub began_by: Option<Arc<str>>,
    /// Id of the register entry since which months are held against limits that they do not make.
    pub held_since: Option<Arc<str>>,
    /// What the calendar month adds (proportions, means, quantiles) or multiplies by (counts, ratios, rates); `None` where
    /// no season was taken out.
    pub season: Option<f64>,
    /// Of the test whether calendar months differ; `None` where there are too few to ask.
    pub season_p_value: Option<f64>,
    pub limits: Option<ProcessLimits>,
    pub rule: Option<Rule>,
    pub class: Option<PointClass>,
    pub chart_type: ChartType,
    pub chart_reason: ChartReason,
    /// Variance of the months over that of counting alone, where it was tested.
    pub dispersion_ratio: Option<f64>,
    pub basis: Option<Basis>,
    pub assurance: Option<Assurance>,
}

/// `metric` to `scope`, as in metric_values.
const KEY: &[ColumnSpec] = METRIC_VALUES.columns;

pub const SPC: TableSpec = TableSpec {
    name: "spc",
    description: "Months of a unit with process limits and the rule that each final month fires.",
    restricted: false,
    columns: &[
        KEY[0],
        KEY[1],
        KEY[2],
        KEY[3],
        KEY[4],
        column("month", Date, "first day of the month"),
        optional("value", Number, "the figure of the month; null is a gap").in_unit("of the metric, as in dim_metric"),
        column("phase", Integer, "from 1; limits never cross from one phase to the next"),
        optional("began_by", Text, "entry of the register of interventions that began the phase; null in the first"),
        optional(
            "held_since",
            Text,
            "entry of the register since which the month is held against the limits of before, as the entry has fewer than 13 final months of its own",
        ),
        optional(
            "season",
            Number,
            "what the calendar month adds (proportion, mean, quantile) or multiplies by (count, ratio, rate); limits follow it, and rules are of the value without it; null where no season was taken out",
        )
        .in_unit("of the value; or factor"),
        optional(
            "season_p_value",
            Number,
            "of the F test whether calendar months differ; a season is taken out below 0.01; null below 36 final months in the phase",
        )
        .in_unit("probability"),
        optional("centre", Number, "mean of the phase's final months; null without limits").in_unit("of the value"),
        optional("lower", Number, "lower process limit of the month; may lie below what the metric can reach")
            .in_unit("of the value"),
        optional("upper", Number, "upper process limit of the month; may lie above what the metric can reach")
            .in_unit("of the value"),
        optional(
            "rule",
            Text,
            "above_upper_limit, below_lower_limit, rising, falling, near_upper_limit, near_lower_limit, shift_above, shift_below or common_cause; null where no rule is applied",
        ),
        optional(
            "class",
            Text,
            "common_cause, improving, concerning, high, low, or provisional (in no limit and no rule); null for a gap, and for a final month of a line",
        ),
        column(
            "chart_type",
            Text,
            "p or u (limits of counting), p_prime or u_prime (limits as wide as the months vary), xmr, or line (no limits)",
        ),
        column(
            "chart_reason",
            Text,
            "few_months (fewer than 13), rare_events (fewer than 2 in the median month), dispersion_of_counts, over_dispersed, under_dispersed or dispersion_untested by the test of dispersion; not_counts (a mean, quantile or share of weights), events_per_day, stock or followed_without_end (older months have had longer to come to an outcome)",
        ),
        optional(
            "dispersion_ratio",
            Number,
            "variance of the phase's months over that of counting alone; null where not tested",
        )
        .in_unit("ratio"),
        optional("basis", Text, "recorded or closed; null where outcomes play no part"),
        optional(
            "assurance",
            Text,
            "always_passed, never_passed or hit_and_miss against the target of the last final month; null without target or limits",
        ),
    ],
};

impl SpcPoint {
    /// The rows as columns of [`SPC`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            texts(rows, |r| Some(&r.scope)),
            dates(rows, |r| Some(r.month.first_day())),
            numbers(rows, |r| r.value),
            integers(rows, |r| Some(r.phase as usize)),
            texts(rows, |r| r.began_by.as_deref()),
            texts(rows, |r| r.held_since.as_deref()),
            numbers(rows, |r| r.season),
            numbers(rows, |r| r.season_p_value),
            numbers(rows, |r| r.limits.map(|l| l.centre)),
            numbers(rows, |r| r.limits.map(|l| l.lower)),
            numbers(rows, |r| r.limits.map(|l| l.upper)),
            texts(rows, |r| r.rule.map(Rule::name)),
            texts(rows, |r| r.class.map(PointClass::name)),
            texts(rows, |r| Some(r.chart_type.name())),
            texts(rows, |r| Some(r.chart_reason.name())),
            numbers(rows, |r| r.dispersion_ratio),
            texts(rows, |r| r.basis.map(Basis::name)),
            texts(rows, |r| r.assurance.map(Assurance::name)),
        ]
    }
}

#[cfg(test)]
mod tests;
