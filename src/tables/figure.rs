//! One metric value as a plain row: what the stages after measuring read.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{DataFrame, DataType, PolarsResult};

use crate::domain::{Basis, Level, PeriodType, SolvedSet, Status, civil_date};

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

/// Keeps one copy of each text.
#[derive(Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn one(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.0.insert(new.clone());
        new
    }
}

impl Figure {
    /// The rows of a frame with the columns of `metric_values`, in its order.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Vec<Self>> {
        if frame.height() == 0 {
            return Ok(Vec::new());
        }
        let text = |name: &str| frame.column(name)?.str().cloned();
        let number = |name: &str| -> PolarsResult<Vec<Option<f64>>> {
            Ok(frame.column(name)?.cast(&DataType::Float64)?.f64()?.iter().collect())
        };
        let date = |name: &str| -> PolarsResult<Vec<NaiveDate>> {
            let days = frame.column(name)?.to_physical_repr();
            Ok(days.i32()?.iter().map(|d| civil_date(d.unwrap_or_default())).collect())
        };
        let (force, level, unit, scope) = (text("force")?, text("level")?, text("unit")?, text("scope")?);
        let (period_type, status) = (text("period_type")?, text("status")?);
        let (method, basis, set, reason) = (text("method")?, text("basis")?, text("solved_set")?, text("reason")?);
        let (start, end) = (date("period_start")?, date("period_end")?);
        let names = ["numerator", "denominator", "value", "lower_95", "upper_95", "lower_998", "upper_998"];
        let numbers = names.iter().map(|n| number(n)).collect::<PolarsResult<Vec<_>>>()?;
        let mut texts = Texts::default();
        let figures = (0..frame.height()).map(|row| Self {
            force: texts.one(force.get(row).unwrap_or_default()),
            level: word(Level::ALL, level.get(row), Level::name).unwrap_or(Level::Force),
            unit: texts.one(unit.get(row).unwrap_or_default()),
            scope: texts.one(scope.get(row).unwrap_or_default()),
            period_type: word(PeriodType::ALL, period_type.get(row), PeriodType::name).unwrap_or(PeriodType::Month),
            period_start: start[row],
            period_end: end[row],
            numerator: numbers[0][row],
            denominator: numbers[1][row],
            value: numbers[2][row],
            lower_95: numbers[3][row],
            upper_95: numbers[4][row],
            lower_998: numbers[5][row],
            upper_998: numbers[6][row],
            method: method.get(row).map(|m| texts.one(m)),
            basis: word(Basis::ALL.iter().copied(), basis.get(row), Basis::name),
            solved_set: word(SolvedSet::ALL.iter().copied(), set.get(row), SolvedSet::name),
            status: word(Status::ALL.iter().copied(), status.get(row), Status::name).unwrap_or(Status::NotAvailable),
            reason: reason.get(row).map(|r| texts.one(r)),
        });
        Ok(figures.collect())
    }
}

fn word<T: Copy>(all: impl IntoIterator<Item = T>, text: Option<&str>, name: impl Fn(T) -> &'static str) -> Option<T> {
    let text = text?;
    all.into_iter().find(|one| name(*one) == text)
}
