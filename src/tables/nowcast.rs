//! What a fresh month is expected to come to, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, integers, numbers, texts};
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Date, Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Level, PeriodType, SolvedSet, Status};
use crate::statistics::Interval;

/// Earlier crimes that the chances are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Days that every crime of it has been followed.
    pub horizon_days: u32,
    pub start: NaiveDate,
    pub end: NaiveDate,
    /// Months of recording.
    pub cohorts: usize,
    /// Crimes of them on the curve.
    pub crimes: u64,
}

/// An estimate with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Share solved at the horizon.
    pub value: f64,
    pub interval: Interval,
    /// Crimes still to be solved.
    pub further_solved: f64,
    /// Standard deviations of that number: by chance, by the estimate of the chances, between cohorts.
    pub by_chance: f64,
    pub by_estimate: f64,
    pub between_cohorts: f64,
}

/// A month of recording of one unit and scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Nowcast {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub scope: Arc<str>,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub crimes: u64,
    /// By the data date, and by the horizon.
    pub solved: u64,
    /// Without an outcome and younger than the horizon.
    pub still_open: u64,
    pub undated: u64,
    pub undated_solved: u64,
    pub reference: Option<Reference>,
    /// The estimate, or why there is none.
    pub expected: Result<Expected, Arc<str>>,
    pub basis: Option<Basis>,
    pub solved_set: SolvedSet,
}

/// How it is made.
pub const NOWCAST_METHOD: &str = "conditional_incidence_beta_binomial";

impl Nowcast {
    /// Solved to date over crimes.
    pub fn share_to_date(&self) -> Option<f64> {
        (self.crimes > 0).then(|| self.solved as f64 / self.crimes as f64)
    }
}

const KEY: &[ColumnSpec] = METRIC_VALUES.columns;

pub const NOWCAST: TableSpec = TableSpec {
    name: "nowcast",
    description: "Share of the crimes of recent months that is expected to be solved once every crime is as old as the horizon, beside the share solved to date. See docs/methods.md, Maturity.",
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
        column("crimes", Integer, "crimes recorded in the month, cancelled ones apart").in_unit("crimes"),
        column("solved", Integer, "of them, solved by the data date and by the horizon").in_unit("crimes"),
        optional("share_to_date", Number, "solved over crimes: the raw share").in_unit("0 to 1"),
        column("still_open", Integer, "of them, without an outcome and younger than the horizon").in_unit("crimes"),
        optional("further_solved", Number, "of those still open, expected to be solved by the horizon")
            .in_unit("crimes"),
        optional("value", Number, "expected share solved at the horizon").in_unit("0 to 1"),
        optional("lower_95", Number, "lower end of the 95% prediction interval").in_unit("0 to 1"),
        optional("upper_95", Number, "upper end").in_unit("0 to 1"),
        optional("sd_chance", Number, "standard deviation of further_solved by chance alone").in_unit("crimes"),
        optional("sd_estimate", Number, "by the estimate of the chances from the reference").in_unit("crimes"),
        optional("sd_between_cohorts", Number, "by how months of recording differ").in_unit("crimes"),
        column("undated", Integer, "crimes with an outcome whose day is blank or cannot be read; they are not open")
            .in_unit("crimes"),
        column("undated_solved", Integer, "of them, solved: they are in `solved`").in_unit("crimes"),
        optional("horizon_days", Integer, "age in civil days at which the share is stated; null without a reference")
            .in_unit("days"),
        optional("reference_start", Date, "first day of recording of the crimes that the chances are read from"),
        optional("reference_end", Date, "last day"),
        optional("reference_cohorts", Integer, "months of recording in the reference").in_unit("months"),
        optional("reference_crimes", Integer, "crimes in the reference, those without a day apart").in_unit("crimes"),
        optional("method", Text, "how value and interval were made"),
        optional("basis", Text, "recorded"),
        column("solved_set", Text, "outcome types that count as solved; none is an official label"),
        column("status", Text, "provisional: an estimate; or not_available"),
        column("reason", Text, "what it is an estimate of, or why there is none"),
    ],
};

impl Nowcast {
    /// The rows as columns of [`NOWCAST`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        let of = |row: &Self| row.expected.as_ref().ok().copied();
        vec![
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            texts(rows, |r| Some(&r.scope)),
            texts(rows, |_| Some(PeriodType::Month.name())),
            dates(rows, |r| Some(r.period_start)),
            dates(rows, |r| Some(r.period_end)),
            integers(rows, |r| Some(r.crimes)),
            integers(rows, |r| Some(r.solved)),
            numbers(rows, Self::share_to_date),
            integers(rows, |r| Some(r.still_open)),
            numbers(rows, |r| of(r).map(|e| e.further_solved)),
            numbers(rows, |r| of(r).map(|e| e.value)),
            numbers(rows, |r| of(r).map(|e| e.interval.lower)),
            numbers(rows, |r| of(r).map(|e| e.interval.upper)),
            numbers(rows, |r| of(r).map(|e| e.by_chance)),
            numbers(rows, |r| of(r).map(|e| e.by_estimate)),
            numbers(rows, |r| of(r).map(|e| e.between_cohorts)),
            integers(rows, |r| Some(r.undated)),
            integers(rows, |r| Some(r.undated_solved)),
            integers(rows, |r| r.reference.map(|x| x.horizon_days)),
            dates(rows, |r| r.reference.map(|x| x.start)),
            dates(rows, |r| r.reference.map(|x| x.end)),
            integers(rows, |r| r.reference.map(|x| x.cohorts)),
            integers(rows, |r| r.reference.map(|x| x.crimes)),
            texts(rows, |r| of(r).map(|_| NOWCAST_METHOD)),
            texts(rows, |r| r.basis.map(Basis::name)),
            texts(rows, |r| Some(r.solved_set.name())),
            texts(rows, |r| Some(if r.expected.is_ok() { Status::Provisional } else { Status::NotAvailable }.name())),
            texts(rows, |r| Some(r.expected.as_ref().map_or_else(|why| &**why, |_| ESTIMATE))),
        ]
    }
}

const ESTIMATE: &str = "an estimate: crimes still open may yet be solved";
