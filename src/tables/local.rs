//! Figures of areas, departments and teams beside the force, and shrunken ones of supervisors and officers.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, flags, integers, numbers, texts};
use super::comparison::ComparisonMethod;
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Date, Flag, Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Level, PeriodType};
use crate::statistics::comparison::Verdict;
use crate::statistics::shrinkage::Model;

/// An estimate of less is not shown of an officer: so much of the spread of such values is chance.
pub const LEAST_RELIABILITY: f64 = 0.7;

/// What a unit's figure is tested against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalComparator {
    /// The force without the unit: a part is not set beside a whole that holds it.
    RestOfForce,
    /// The unit itself in the same period a year before.
    SamePeriodLastYear,
}

impl LocalComparator {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RestOfForce => "rest_of_force",
            Self::SamePeriodLastYear => super::comparison::Comparator::SamePeriodLastYear.name(),
        }
    }
}

/// A figure beside one comparator, and the test between them.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalTest {
    pub comparator_value: f64,
    /// `None` where there is no test.
    pub method: Option<ComparisonMethod>,
    pub p_value: Option<f64>,
    /// Of `p_value`, over the unit's family of tests.
    pub q_value: Option<f64>,
    pub flagged: Option<bool>,
    pub verdict_95: Verdict,
}

/// A unit's value drawn towards the mean of its level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalEstimate {
    pub model: Model,
    /// Pooled value of the units of the level.
    pub mean: f64,
    pub estimate: f64,
    /// 0 to 1.
    pub reliability: f64,
}

/// One metric of one unit in the force's headline period, scope `all`.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalFigure {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub period_type: PeriodType,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub basis: Option<Basis>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub lower_95: Option<f64>,
    pub upper_95: Option<f64>,
    pub force_value: Option<f64>,
    /// Units of the level that were shrunk together.
    pub units: usize,
    /// Or why there is none.
    pub estimate: Result<LocalEstimate, Arc<str>>,
    pub rest: Option<LocalTest>,
    pub last_year: Option<LocalTest>,
}

/// The name written in tables.
pub const fn model_name(model: Model) -> &'static str {
    match model {
        Model::BetaBinomial => "beta_binomial_moments",
        Model::GammaPoisson => "gamma_poisson_moments",
    }
}

/// `metric` to `unit`, and the period, as in metric_values.
const KEY: &[ColumnSpec] = METRIC_VALUES.columns;
const SHRINKAGE: &str = "how the estimate was made: beta_binomial_moments for shares, gamma_poisson_moments for ratios and rates; null without one";
const MEAN: &str = "pooled value of the units of the level, towards which the estimate is drawn";
const RELIABILITY: &str = "share of the variance of values like this one that is not chance";
const UNITS: ColumnSpec =
    column("units", Integer, "units of the level that were shrunk together; unallocated is none").in_unit("units");
const BASIS: ColumnSpec = optional("basis", Text, "recorded or closed; null where outcomes play no part");
const FORCE_VALUE: ColumnSpec =
    optional("force_value", Number, "the force's figure in the period").in_unit("of the value");

pub const LOCAL_FIGURES: TableSpec = TableSpec {
    name: "local_figures",
    description: "Shares, ratios and rates of areas, departments and teams beside the force, in the newest final period of the force's headline type, scope all. Departments and teams do different work: see docs/methods.md, Local figures.",
    restricted: false,
    columns: &[
        KEY[0],
        KEY[1],
        column("level", Text, "area, department or team"),
        KEY[3],
        KEY[5],
        KEY[6],
        KEY[7],
        BASIS,
        optional("numerator", Number, "events counted"),
        optional("denominator", Number, "what they are a share of"),
        optional("value", Number, "the unit's own figure, as in metric_values")
            .in_unit("of the metric, as in dim_metric"),
        optional("lower_95", Number, "lower end of its 95% interval").in_unit("of the value"),
        optional("upper_95", Number, "upper end of its 95% interval").in_unit("of the value"),
        FORCE_VALUE,
        UNITS,
        optional("shrinkage", Text, SHRINKAGE),
        optional("level_mean", Number, MEAN).in_unit("of the value"),
        optional("estimate", Number, "the unit's value drawn towards level_mean as far as it is not reliable")
            .in_unit("of the value"),
        optional("reliability", Number, RELIABILITY).in_unit("0 to 1"),
        optional("reason", Text, "why there is no value or no estimate"),
        optional("comparator", Text, "rest_of_force: the force without the unit; null where it is not known"),
        optional("comparator_value", Number, "the rest of the force").in_unit("of the value"),
        optional(
            "method",
            Text,
            "the test between value and comparator_value: normal_sampling, fisher_exact or poisson_exact",
        ),
        optional("p_value", Number, "two-sided, unadjusted").in_unit("probability"),
        optional(
            "q_value",
            Number,
            "p_value adjusted by Benjamini and Hochberg over all tests of the unit in this table",
        )
        .in_unit("probability"),
        optional("flagged", Flag, "q_value is 0.05 or less"),
        column(
            "verdict_95",
            Text,
            "better, similar, worse; higher, similar, lower; or not_available; at 95%, unadjusted",
        ),
        optional(
            "last_year_comparator",
            Text,
            "same_period_last_year; null where that has no figure, or is of a cohort that has been followed for a year longer",
        ),
        optional("last_year_period_end", Date, "last day of the same period a year before"),
        optional("last_year_value", Number, "the unit's figure in it").in_unit("of the value"),
        optional("last_year_method", Text, "as method, between value and last_year_value"),
        optional("last_year_p_value", Number, "two-sided, unadjusted").in_unit("probability"),
        optional("last_year_q_value", Number, "as q_value, in the same family").in_unit("probability"),
        optional("last_year_flagged", Flag, "last_year_q_value is 0.05 or less"),
        column("last_year_verdict_95", Text, "as verdict_95, beside the same period a year before"),
    ],
};

pub const OFFICER_LOCAL: TableSpec = TableSpec {
    name: "officer_local",
    description: "Shrunken shares, ratios and rates of supervisors and officers with their reliability, none where that is below 0.7. Never a league table: see docs/caveats.md.",
    restricted: true,
    columns: &[
        KEY[0],
        KEY[1],
        column("level", Text, "supervisor or officer"),
        KEY[3],
        KEY[5],
        KEY[6],
        KEY[7],
        BASIS,
        optional("denominator", Number, "what the figure is a share of"),
        FORCE_VALUE,
        UNITS,
        optional("shrinkage", Text, SHRINKAGE),
        optional("level_mean", Number, MEAN).in_unit("of the value"),
        optional("estimate", Number, "the value drawn towards level_mean; null where reliability is below 0.7")
            .in_unit("of the value"),
        optional("reliability", Number, RELIABILITY).in_unit("0 to 1"),
        optional("reason", Text, "why there is no estimate"),
    ],
};

fn estimate(row: &LocalFigure) -> Option<&LocalEstimate> {
    row.estimate.as_ref().ok()
}

/// The estimate that may be shown of an officer.
fn reliable(row: &LocalFigure) -> Option<&LocalEstimate> {
    estimate(row).filter(|e| e.reliability >= LEAST_RELIABILITY)
}

fn officer_reason(row: &LocalFigure) -> Option<&str> {
    match &row.estimate {
        Err(reason) => Some(reason),
        Ok(_) => reliable(row).is_none().then_some("the reliability is below 0.7"),
    }
}

impl LocalFigure {
    fn key_arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            texts(rows, |r| Some(r.period_type.name())),
            dates(rows, |r| Some(r.period_start)),
            dates(rows, |r| Some(r.period_end)),
            texts(rows, |r| r.basis.map(Basis::name)),
        ]
    }

    fn estimate_arrays(rows: &[Self], shown: fn(&Self) -> Option<&LocalEstimate>) -> Vec<ArrayRef> {
        vec![
            numbers(rows, |r| r.force_value),
            integers(rows, |r| Some(r.units)),
            texts(rows, |r| estimate(r).map(|e| model_name(e.model))),
            numbers(rows, |r| estimate(r).map(|e| e.mean)),
            numbers(rows, |r| shown(r).map(|e| e.estimate)),
            numbers(rows, |r| estimate(r).map(|e| e.reliability)),
        ]
    }

    /// The rows as columns of [`LOCAL_FIGURES`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        let mut columns = Self::key_arrays(rows);
        columns.extend([
            numbers(rows, |r| r.numerator),
            numbers(rows, |r| r.denominator),
            numbers(rows, |r| r.value),
            numbers(rows, |r| r.lower_95),
            numbers(rows, |r| r.upper_95),
        ]);
        columns.extend(Self::estimate_arrays(rows, estimate));
        columns.push(texts(rows, |r| r.estimate.as_ref().err().map(|reason| &**reason)));
        columns.push(texts(rows, |r| r.rest.as_ref().map(|_| LocalComparator::RestOfForce.name())));
        columns.extend(test_arrays(rows, |r| r.rest.as_ref()));
        columns.push(texts(rows, |r| r.last_year.as_ref().map(|_| LocalComparator::SamePeriodLastYear.name())));
        columns.push(dates(rows, |r| r.last_year.as_ref().and_then(|_| r.last_year_end())));
        columns.extend(test_arrays(rows, |r| r.last_year.as_ref()));
        columns
    }

    /// The rows as columns of [`OFFICER_LOCAL`].
    pub fn officer_arrays(rows: &[Self]) -> Vec<ArrayRef> {
        let mut columns = Self::key_arrays(rows);
        columns.push(numbers(rows, |r| r.denominator));
        columns.extend(Self::estimate_arrays(rows, reliable));
        columns.push(texts(rows, officer_reason));
        columns
    }

    /// The last day of the same period a year before.
    fn last_year_end(&self) -> Option<NaiveDate> {
        Some(crate::domain::Month::of(self.period_end).plus(-12).last_day())
    }
}

/// Value of the comparator, method, p, q, flag and verdict.
fn test_arrays(rows: &[LocalFigure], of: fn(&LocalFigure) -> Option<&LocalTest>) -> Vec<ArrayRef> {
    vec![
        numbers(rows, |r| of(r).map(|t| t.comparator_value)),
        texts(rows, |r| of(r).and_then(|t| t.method).map(ComparisonMethod::name)),
        numbers(rows, |r| of(r).and_then(|t| t.p_value)),
        numbers(rows, |r| of(r).and_then(|t| t.q_value)),
        flags(rows, |r| of(r).and_then(|t| t.flagged)),
        texts(rows, |r| Some(of(r).map_or(Verdict::NotAvailable, |t| t.verdict_95).name())),
    ]
}
