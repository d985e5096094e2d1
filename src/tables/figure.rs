//! One metric value as a plain row: what the stages after measuring read.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, StringArray};
use chrono::NaiveDate;

use crate::domain::{Basis, Level, PeriodType, SolvedSet, Status, days_since_epoch};

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
    let text =
        |of: fn(&Figure) -> Option<&str>| -> ArrayRef { Arc::new(figures.iter().map(of).collect::<StringArray>()) };
    let number =
        |of: fn(&Figure) -> Option<f64>| -> ArrayRef { Arc::new(figures.iter().map(of).collect::<Float64Array>()) };
    let date = |of: fn(&Figure) -> NaiveDate| -> ArrayRef {
        Arc::new(figures.iter().map(|f| Some(days_since_epoch(of(f)))).collect::<Date32Array>())
    };
    vec![
        Arc::new(figures.iter().map(|_| Some(metric)).collect::<StringArray>()),
        text(|f| Some(&f.force)),
        text(|f| Some(f.level.name())),
        text(|f| Some(&f.unit)),
        text(|f| Some(&f.scope)),
        text(|f| Some(f.period_type.name())),
        date(|f| f.period_start),
        date(|f| f.period_end),
        number(|f| f.numerator),
        number(|f| f.denominator),
        number(|f| f.value),
        number(|f| f.lower_95),
        number(|f| f.upper_95),
        number(|f| f.lower_998),
        number(|f| f.upper_998),
        text(|f| f.method.as_deref()),
        text(|f| f.basis.map(Basis::name)),
        text(|f| f.solved_set.map(SolvedSet::name)),
        text(|f| Some(f.status.name())),
        text(|f| f.reason.as_deref()),
    ]
}
