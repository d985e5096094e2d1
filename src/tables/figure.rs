//! One metric value as a plain row: what the stages after measuring read.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, numbers, texts};
use crate::domain::{Basis, Level, PeriodType, SolvedSet, Status};

/// A row of `metric_values` of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub scope: Arc<str>,
    pub period_type: PeriodType,
    pub period_start: NaiveDate,
    /// The period's last day, or the data date if that is earlier.
    pub period_end: NaiveDate,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub lower_95: Option<f64>,
    pub upper_95: Option<f64>,
    pub lower_998: Option<f64>,
    pub upper_998: Option<f64>,
    /// Name of the interval's method, as in [`crate::statistics::Method`].
    pub method: Option<Arc<str>>,
    pub basis: Option<Basis>,
    pub solved_set: Option<SolvedSet>,
    pub status: Status,
    pub reason: Option<Arc<str>>,
}

/// The rows of one metric in the columns of `metric_values`.
pub fn arrays(metric: &str, figures: &[Figure]) -> Vec<ArrayRef> {
    vec![
        texts(figures, |_| Some(metric)),
        texts(figures, |f| Some(&f.force)),
        texts(figures, |f| Some(f.level.name())),
        texts(figures, |f| Some(&f.unit)),
        texts(figures, |f| Some(&f.scope)),
        texts(figures, |f| Some(f.period_type.name())),
        dates(figures, |f| Some(f.period_start)),
        dates(figures, |f| Some(f.period_end)),
        numbers(figures, |f| f.numerator),
        numbers(figures, |f| f.denominator),
        numbers(figures, |f| f.value),
        numbers(figures, |f| f.lower_95),
        numbers(figures, |f| f.upper_95),
        numbers(figures, |f| f.lower_998),
        numbers(figures, |f| f.upper_998),
        texts(figures, |f| f.method.as_deref()),
        texts(figures, |f| f.basis.map(Basis::name)),
        texts(figures, |f| f.solved_set.map(SolvedSet::name)),
        texts(figures, |f| Some(f.status.name())),
        texts(figures, |f| f.reason.as_deref()),
    ]
}
