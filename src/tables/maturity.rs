//! How far a cohort of crimes has been dealt with by a day of age, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, integers, numbers, texts};
use super::published::METRIC_VALUES;
use super::spec::ColumnType::{Date, Integer, Number, Text};
use super::spec::{ColumnSpec, TableSpec, column, optional};
use crate::domain::{Basis, Level, SolvedSet, Status};
use crate::statistics::Interval;
use crate::statistics::comparison::Verdict;

/// Whose curve it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CohortKind {
    /// Crimes recorded in a quarter of the financial year.
    Quarter,
    /// Those of several earlier quarters, pooled, all followed to the horizon.
    Reference,
}

impl CohortKind {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quarter => "quarter",
            Self::Reference => "reference",
        }
    }
}

/// A cohort beside the reference at equal age.
#[derive(Clone, Debug, PartialEq)]
pub struct AtEqualAge {
    pub reference_start: NaiveDate,
    pub reference_end: NaiveDate,
    /// Quarters in the reference.
    pub cohorts: usize,
    pub reference_solved: f64,
    pub difference: f64,
    /// At the cohort's last day alone: one test a cohort.
    pub test: Option<MaturityTest>,
}

/// Whether a cohort differs from the reference by more than chance and the difference between cohorts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaturityTest {
    /// Of the difference, at 95%.
    pub interval: Interval,
    pub p_value: f64,
    pub verdict: Verdict,
}

/// The state of a cohort at the end of a day of age.
#[derive(Clone, Debug, PartialEq)]
pub struct MaturityPoint {
    pub metric: Arc<str>,
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub scope: Arc<str>,
    pub cohort: CohortKind,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    /// Days since the day of recording.
    pub day: u32,
    pub crimes: u64,
    /// Of those with a day, recorded this many days before the data date or more.
    pub followed: u64,
    pub at_risk: u64,
    pub solved: f64,
    pub interval: Option<Interval>,
    pub victim_not_supporting: f64,
    pub closed_otherwise: f64,
    pub still_open: f64,
    pub undated: u64,
    pub undated_solved: u64,
    /// Of the reference: where a further quarter is expected.
    pub ordinary: Option<Interval>,
    pub at_equal_age: Option<AtEqualAge>,
    pub basis: Option<Basis>,
    pub solved_set: SolvedSet,
    pub status: Status,
    pub reason: Option<Arc<str>>,
}

/// How the curves and their intervals are made.
pub const CURVE_METHOD: &str = "aalen_johansen_log_log";
/// How a cohort is tested.
pub const TEST_METHOD: &str = "t_sampling_and_between_cohorts";

const KEY: &[ColumnSpec] = METRIC_VALUES.columns;

pub const MATURITY: TableSpec = TableSpec {
    name: "maturity",
    description: "Share of recorded crimes solved, closed otherwise and still open by days since recording, by quarter of recording and for earlier quarters together. See docs/methods.md, Maturity.",
    restricted: false,
    columns: &[
        KEY[0],
        KEY[1],
        KEY[2],
        KEY[3],
        KEY[4],
        column("cohort", Text, "quarter, or reference: earlier quarters pooled, all followed to the horizon"),
        column("period_start", Date, "first day of recording"),
        column("period_end", Date, "last day of recording, or the data date if that is earlier"),
        column("day", Integer, "civil days since the day of recording; the state at the end of it").in_unit("days"),
        column("crimes", Integer, "crimes recorded, cancelled ones apart").in_unit("crimes"),
        column(
            "followed",
            Integer,
            "of those with a day, recorded this many days before the data date or more; a curve ends where they are fewer than half",
        )
        .in_unit("crimes"),
        column("at_risk", Integer, "open at the start of the day and followed on it").in_unit("crimes"),
        column("solved", Number, "share solved by the end of the day, other ends competing").in_unit("0 to 1"),
        optional("lower_95", Number, "lower end of its 95% interval; null for a share of 0 or 1").in_unit("0 to 1"),
        optional("upper_95", Number, "upper end").in_unit("0 to 1"),
        column("victim_not_supporting", Number, "share closed as the victim does not support action")
            .in_unit("0 to 1"),
        column("closed_otherwise", Number, "share closed with any other outcome").in_unit("0 to 1"),
        column("still_open", Number, "share without an outcome").in_unit("0 to 1"),
        column(
            "undated",
            Integer,
            "crimes with an outcome whose day is blank or cannot be read: they are in `crimes`, and on no curve",
        )
        .in_unit("crimes"),
        column("undated_solved", Integer, "of them, solved").in_unit("crimes"),
        optional("ordinary_lower_95", Number, "of the reference: where 95 of 100 further quarters are expected, from")
            .in_unit("0 to 1"),
        optional("ordinary_upper_95", Number, "to").in_unit("0 to 1"),
        optional(
            "comparator",
            Text,
            "reference_cohorts; null for the reference, quarters in it or before it, and days past the horizon",
        ),
        optional("comparator_period_start", Date, "first day of the reference"),
        optional("comparator_period_end", Date, "last day of the reference"),
        optional("comparator_cohorts", Integer, "quarters in the reference").in_unit("quarters"),
        optional("comparator_value", Number, "share of the reference solved by the same day").in_unit("0 to 1"),
        optional("difference", Number, "solved less comparator_value").in_unit("0 to 1"),
        optional("difference_lower_95", Number, "lower end of its 95% interval, where it is tested").in_unit("0 to 1"),
        optional("difference_upper_95", Number, "upper end").in_unit("0 to 1"),
        optional("test_method", Text, "how the p-value was made"),
        optional("p_value", Number, "unadjusted; on a quarter's last day alone, from day 30 on"),
        optional("verdict_95", Text, "better, similar or worse at equal age; higher or lower where neither is better"),
        column("method", Text, "how curve and interval were made"),
        optional("basis", Text, "recorded"),
        column("solved_set", Text, "outcome types that count as solved; none is an official label"),
        column("status", Text, "final or provisional"),
        optional("reason", Text, "why the status is not final"),
    ],
};

impl MaturityPoint {
    /// The rows as columns of [`MATURITY`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        let beside = |row: &Self| row.at_equal_age.clone();
        let test = |row: &Self| row.at_equal_age.as_ref().and_then(|beside| beside.test);
        vec![
            texts(rows, |r| Some(&r.metric)),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            texts(rows, |r| Some(&r.scope)),
            texts(rows, |r| Some(r.cohort.name())),
            dates(rows, |r| Some(r.period_start)),
            dates(rows, |r| Some(r.period_end)),
            integers(rows, |r| Some(r.day)),
            integers(rows, |r| Some(r.crimes)),
            integers(rows, |r| Some(r.followed)),
            integers(rows, |r| Some(r.at_risk)),
            numbers(rows, |r| Some(r.solved)),
            numbers(rows, |r| r.interval.map(|i| i.lower)),
            numbers(rows, |r| r.interval.map(|i| i.upper)),
            numbers(rows, |r| Some(r.victim_not_supporting)),
            numbers(rows, |r| Some(r.closed_otherwise)),
            numbers(rows, |r| Some(r.still_open)),
            integers(rows, |r| Some(r.undated)),
            integers(rows, |r| Some(r.undated_solved)),
            numbers(rows, |r| r.ordinary.map(|i| i.lower)),
            numbers(rows, |r| r.ordinary.map(|i| i.upper)),
            texts(rows, |r| r.at_equal_age.as_ref().map(|_| "reference_cohorts")),
            dates(rows, |r| beside(r).map(|b| b.reference_start)),
            dates(rows, |r| beside(r).map(|b| b.reference_end)),
            integers(rows, |r| beside(r).map(|b| b.cohorts)),
            numbers(rows, |r| beside(r).map(|b| b.reference_solved)),
            numbers(rows, |r| beside(r).map(|b| b.difference)),
            numbers(rows, |r| test(r).map(|t| t.interval.lower)),
            numbers(rows, |r| test(r).map(|t| t.interval.upper)),
            texts(rows, |r| test(r).map(|_| TEST_METHOD)),
            numbers(rows, |r| test(r).map(|t| t.p_value)),
            texts(rows, |r| test(r).map(|t| t.verdict.name())),
            texts(rows, |_| Some(CURVE_METHOD)),
            texts(rows, |r| r.basis.map(Basis::name)),
            texts(rows, |r| Some(r.solved_set.name())),
            texts(rows, |r| Some(r.status.name())),
            texts(rows, |r| r.reason.as_deref()),
        ]
    }
}
