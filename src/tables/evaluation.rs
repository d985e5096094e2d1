//! What an intervention did to a metric, as a row, and the months behind it.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, flags, integers, numbers, texts};
use super::spec::ColumnType::{Date, Flag, Integer, Number, Text};
use super::spec::{TableSpec, column, optional};
use crate::domain::{Basis, Level, Month};
use crate::statistics::Interval;

/// What the effect was estimated by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvaluationMethod {
    /// Of the value, or its difference from the comparison areas', with months that hang together.
    Autoregressive,
    /// The same of the logarithm of events a day, or of events for each in the comparison areas.
    AutoregressiveLog,
    /// Of few events a month.
    QuasiPoisson,
}

impl EvaluationMethod {
    /// The method of that name in tables.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Autoregressive, Self::AutoregressiveLog, Self::QuasiPoisson].into_iter().find(|m| m.name() == name)
    }

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Autoregressive => "segmented_autoregressive",
            Self::AutoregressiveLog => "segmented_autoregressive_log",
            Self::QuasiPoisson => "segmented_quasi_poisson",
        }
    }

    /// As a sentence says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Autoregressive => "Segmented regression with autoregressive errors",
            Self::AutoregressiveLog => "Segmented regression of the logarithm with autoregressive errors",
            Self::QuasiPoisson => "Segmented quasi-Poisson regression",
        }
    }
}

/// What is said of an intervention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvaluationVerdict {
    Better,
    Worse,
    /// Neither direction is better.
    Higher,
    Lower,
    /// Any change for the better is smaller than one worth having.
    NoWorthwhileChange,
    /// Both no change and one worth having agree with the months so far.
    CannotTellYet,
}

impl EvaluationVerdict {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NoWorthwhileChange => "no_worthwhile_change",
            Self::CannotTellYet => "cannot_tell_yet",
        }
    }
}

/// The effect and the test of it, in the unit of the metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    pub method: EvaluationMethod,
    /// Mean of the months since.
    pub observed: f64,
    /// What it would have been without the change.
    pub expected: f64,
    pub change: f64,
    pub interval_95: Option<Interval>,
    pub p_value: Option<f64>,
    /// 0 to 1: how much of a month's error is in the next; `None` for quasi-Poisson.
    pub autocorrelation: Option<f64>,
    /// What the change grows by a month, where the months since are enough to ask; with its p-value.
    pub slope_change: Option<(f64, Option<f64>)>,
    pub seasonal: bool,
}

/// How many more months are needed, and for what power.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthsNeeded {
    /// `None`: more than five years would not do.
    pub months: Option<usize>,
    /// `None`: that many before anything can be estimated at all.
    pub power: Option<f64>,
}

/// An intervention and one metric that it is meant to move.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    pub intervention: Arc<str>,
    pub name: Arc<str>,
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub level: Level,
    /// The areas where it was done, together, or the force.
    pub unit: Arc<str>,
    pub comparison_unit: Option<Arc<str>>,
    pub date: NaiveDate,
    /// First and last month that were used.
    pub months: Option<(Month, Month)>,
    pub months_before: usize,
    pub months_after: usize,
    /// The smallest change worth having, in the unit of the metric.
    pub worthwhile: f64,
    pub basis: Option<Basis>,
    /// `None` where it is too early, or `reason` says why not.
    pub effect: Option<Effect>,
    pub verdict: Option<EvaluationVerdict>,
    pub needed: Option<MonthsNeeded>,
    /// Other entries of the register that moved the same figures in the same months.
    pub others: Option<Arc<str>>,
    /// Metrics that the intervention is held against, each tested at 95% by itself.
    pub tests: usize,
    /// Why there is no verdict.
    pub reason: Option<Arc<str>>,
}

/// The name of the chart of an intervention and metric, without the ending of its file.
pub fn chart_name(metric: &str, intervention: &str) -> String {
    format!("{metric}_evaluation_{intervention}")
}

/// A month of an evaluation, in the unit of the metric.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationMonth {
    pub month: Month,
    pub value: f64,
    pub comparison: Option<f64>,
    /// On the fitted line, and on what it would have been without the change.
    pub fitted: f64,
    pub without: f64,
    pub is_after: bool,
}

/// An evaluation with its months; there are none where there is no estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    pub row: Evaluation,
    pub months: Vec<EvaluationMonth>,
}

pub const EVALUATION: TableSpec = TableSpec {
    name: "evaluation",
    description: "What each entry of the register of interventions did to each metric that it is meant to move, against the trend of before and, where areas are named to compare with, against theirs.",
    restricted: false,
    columns: &[
        column("intervention", Text, "id in the register of interventions"),
        column("name", Text, "its name"),
        column("metric", Text, "metric id"),
        column("force", Text, "force id"),
        column("level", Text, "force or area"),
        column("unit", Text, "the force, or the areas where it was done, taken together"),
        column("scope", Text, "all"),
        column("date", Date, "first day on which it is in force"),
        column(
            "comparator",
            Text,
            "own_trend: what the months before lead to; comparison_areas: the same of the difference from areas that were left as they were",
        ),
        optional("comparison_unit", Text, "those areas, taken together"),
        optional("period_start", Date, "first day of the months that were used"),
        optional("period_end", Date, "last day of them; only final months are used"),
        column("months_before", Integer, "months used up to the change; one in which it began is among them")
            .in_unit("months"),
        column("months_after", Integer, "months used after it").in_unit("months"),
        optional(
            "method",
            Text,
            "segmented_autoregressive, segmented_autoregressive_log or segmented_quasi_poisson; null like all to seasonal where there is no estimate",
        ),
        optional("observed", Number, "mean of the months after").in_unit("of the metric, as in dim_metric"),
        optional("expected", Number, "what that mean would have been without the change").in_unit("of the metric"),
        optional("effect", Number, "observed less expected, as the regression estimates it").in_unit("of the metric"),
        optional("effect_lower_95", Number, "of the effect; null where nothing varies").in_unit("of the metric"),
        optional("effect_upper_95", Number, "likewise").in_unit("of the metric"),
        optional("p_value", Number, "two-sided, of no effect; for this metric by itself").in_unit("probability"),
        optional("autocorrelation", Number, "how much of a month's error is in the next, 0 to 1").in_unit("correlation"),
        optional("slope_change", Number, "what the effect grows by, each month after; null below six months after")
            .in_unit("of the metric, a month; of its logarithm for the log methods"),
        optional("slope_change_p_value", Number, "two-sided, of an effect that does not grow").in_unit("probability"),
        optional("seasonal", Flag, "whether the months of the year were allowed for"),
        column("worthwhile", Number, "smallest change worth having, from the register").in_unit("of the metric"),
        optional(
            "verdict",
            Text,
            "better, worse, higher, lower (the interval leaves out no effect); no_worthwhile_change (it leaves out a change worth having); cannot_tell_yet; null with a reason",
        ),
        optional(
            "more_months",
            Integer,
            "months still needed to see a worthwhile change; null where it can be told, or five more years would not do",
        )
        .in_unit("months"),
        optional("power", Number, "probability of seeing one with so many more; null where they are needed to estimate at all").in_unit("probability"),
        optional("others", Text, "other entries that moved the same figures in the same months, with semicolons"),
        column("tests", Integer, "metrics that the intervention is held against").in_unit("tests"),
        optional("basis", Text, "recorded or closed; null where outcomes play no part"),
        optional("reason", Text, "why there is no verdict"),
        column("finding", Text, "all of this in a sentence or two"),
    ],
};

pub const EVALUATION_MONTHS: TableSpec = TableSpec {
    name: "evaluation_months",
    description: "The months behind each evaluation: observed, fitted, and what would have been without the change.",
    restricted: false,
    columns: &[
        column("intervention", Text, "id in the register of interventions"),
        column("metric", Text, "metric id"),
        column("month", Date, "first day of the month"),
        column("value", Number, "the figure of the unit").in_unit("of the metric, as in dim_metric"),
        optional("comparison_value", Number, "of the comparison areas").in_unit("of the value"),
        column("fitted", Number, "the regression's").in_unit("of the value"),
        column("without", Number, "the regression's, had nothing been changed").in_unit("of the value"),
        column("after", Flag, "whether the change was in force from the month's first day on"),
    ],
};

impl Evaluation {
    /// The row, with what it says in words, as columns of [`EVALUATION`].
    pub fn arrays(&self, finding: &str) -> Vec<ArrayRef> {
        let rows = std::slice::from_ref(self);
        let effect = |of: fn(&Effect) -> Option<f64>| numbers(rows, move |r| r.effect.as_ref().and_then(of));
        vec![
            texts(rows, |r| Some(&r.intervention)),
            texts(rows, |r| Some(&r.name)),
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            texts(rows, |_| Some("all")),
            dates(rows, |r| Some(r.date)),
            texts(rows, |r| Some(if r.comparison_unit.is_some() { "comparison_areas" } else { "own_trend" })),
            texts(rows, |r| r.comparison_unit.as_deref()),
            dates(rows, |r| r.months.map(|(first, _)| first.first_day())),
            dates(rows, |r| r.months.map(|(_, last)| last.last_day())),
            integers(rows, |r| Some(r.months_before)),
            integers(rows, |r| Some(r.months_after)),
            texts(rows, |r| r.effect.as_ref().map(|e| e.method.name())),
            effect(|e| Some(e.observed)),
            effect(|e| Some(e.expected)),
            effect(|e| Some(e.change)),
            effect(|e| e.interval_95.map(|i| i.lower)),
            effect(|e| e.interval_95.map(|i| i.upper)),
            effect(|e| e.p_value),
            effect(|e| e.autocorrelation),
            effect(|e| e.slope_change.map(|(slope, _)| slope)),
            effect(|e| e.slope_change.and_then(|(_, p)| p)),
            flags(rows, |r| r.effect.as_ref().map(|e| e.seasonal)),
            numbers(rows, |r| Some(r.worthwhile)),
            texts(rows, |r| r.verdict.map(EvaluationVerdict::name)),
            integers(rows, |r| r.needed.and_then(|n| n.months)),
            numbers(rows, |r| r.needed.and_then(|n| n.power)),
            texts(rows, |r| r.others.as_deref()),
            integers(rows, |r| Some(r.tests)),
            texts(rows, |r| r.basis.map(Basis::name)),
            texts(rows, |r| r.reason.as_deref()),
            texts(rows, |_| Some(finding)),
        ]
    }
}

impl EvaluationMonth {
    /// The months of one evaluation as columns of [`EVALUATION_MONTHS`].
    pub fn arrays(of: &Evaluation, months: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(months, |_| Some(&of.intervention)),
            texts(months, |_| Some(&of.metric)),
            dates(months, |m| Some(m.month.first_day())),
            numbers(months, |m| Some(m.value)),
            numbers(months, |m| m.comparison),
            numbers(months, |m| Some(m.fitted)),
            numbers(months, |m| Some(m.without)),
            flags(months, |m| Some(m.is_after)),
        ]
    }
}
