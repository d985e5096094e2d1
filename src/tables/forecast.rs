//! What the months ahead are expected to bring, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, integers, numbers, texts};
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Date, Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Month};
use crate::statistics::Interval;

/// How it is made.
pub const FORECAST_METHOD: &str = "seasonal_naive_of_events_a_day";

/// A month ahead of one metric of one force, in scope `all`.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub month: Month,
    /// First and last month that it is made from, without a gap between them.
    pub made_from: Option<(Month, Month)>,
    /// What is expected, or why nothing can be said.
    pub expected: Result<ExpectedMonth, Arc<str>>,
    pub basis: Option<Basis>,
}

/// Events of the whole month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedMonth {
    pub value: f64,
    pub interval_80: Interval,
    pub interval_95: Interval,
}

impl Forecast {
    fn months(&self) -> Option<i32> {
        self.made_from.map(|(first, last)| last.serial() - first.serial() + 1)
    }
}

/// A force's forecast, and the months that it is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasted {
    /// Sorted by month.
    pub rows: Vec<Forecast>,
    /// Newest last: month and count.
    pub history: Vec<(Month, f64)>,
    /// The month of the largest expected count, where calendar months differ beyond chance.
    pub peak: Option<Month>,
}

const KEY: &[ColumnSpec] = METRIC_VALUES.columns;

pub const FORECAST: TableSpec = TableSpec {
    name: "forecast",
    description: "What the next 12 months are expected to bring, for counts of the force in scope all, with prediction intervals. See docs/methods.md, Demand.",
    restricted: false,
    columns: &[
        KEY[0],
        KEY[1],
        column("month", Date, "first day of the month ahead"),
        optional("value", Number, "expected count; null with a reason where there is none").in_unit("events"),
        optional("lower_80", Number, "lower end of the 80% prediction interval; it is not cut at 0").in_unit("events"),
        optional("upper_80", Number, "upper end").in_unit("events"),
        optional("lower_95", Number, "lower end of the 95% prediction interval; it is not cut at 0").in_unit("events"),
        optional("upper_95", Number, "upper end").in_unit("events"),
        optional("made_from_start", Date, "first day of the months that it is made from"),
        optional("made_from_end", Date, "last day of them"),
        optional("made_from_months", Integer, "how many they are, all final").in_unit("months"),
        optional("method", Text, "how value and intervals were made"),
        optional("basis", Text, "recorded, where the metric has a basis"),
        optional("reason", Text, "why there is no forecast"),
    ],
};

/// The rows as columns of [`FORECAST`].
pub fn arrays(rows: &[Forecast]) -> Vec<ArrayRef> {
    let of = |row: &Forecast| row.expected.as_ref().ok().copied();
    let from = |row: &Forecast, end: fn((Month, Month)) -> NaiveDate| row.made_from.map(end);
    vec![
        texts(rows, |r| Some(&r.metric)),
        texts(rows, |r| Some(&r.force)),
        dates(rows, |r| Some(r.month.first_day())),
        numbers(rows, |r| of(r).map(|e| e.value)),
        numbers(rows, |r| of(r).map(|e| e.interval_80.lower)),
        numbers(rows, |r| of(r).map(|e| e.interval_80.upper)),
        numbers(rows, |r| of(r).map(|e| e.interval_95.lower)),
        numbers(rows, |r| of(r).map(|e| e.interval_95.upper)),
        dates(rows, |r| from(r, |(first, _)| first.first_day())),
        dates(rows, |r| from(r, |(_, last)| last.last_day())),
        integers(rows, Forecast::months),
        texts(rows, |r| of(r).map(|_| FORECAST_METHOD)),
        texts(rows, |r| r.basis.map(Basis::name)),
        texts(rows, |r| r.expected.as_ref().err().map(|why| &**why)),
    ]
}
