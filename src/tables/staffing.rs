//! How many call handlers the 999 calls of a half hour need, as a row and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::columns::{dates, integers, numbers, texts};
use super::demand::HALF_HOURS_OF_DAY;
use super::spec::ColumnType::{Date, Integer, Number, Text};
use super::spec::{TableSpec, column, optional};
use crate::domain::{Period, Status};

/// How long the calls of a line took over a period, and how long callers waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallTimes {
    pub force: Arc<str>,
    pub line: Arc<str>,
    /// Calls with a known time from answer to end, and those times added up.
    pub talked: u64,
    pub talk_micros: i64,
    /// Known waits of answered and of abandoned calls, added up.
    pub wait_micros: i64,
    /// Abandoned calls with a known wait.
    pub abandoned: u64,
}

/// Where a figure is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// From the extract.
    Measured,
    /// From the extract, with the work after a call from the pipeline.
    MeasuredAndStated,
    /// From the pipeline.
    Stated,
}

impl Basis {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::MeasuredAndStated => "measured_and_stated",
            Self::Stated => "stated",
        }
    }
}

/// What all half hours of a force are worked with.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    pub handling_seconds: f64,
    pub handling_basis: Basis,
    /// Mean time that callers wait before giving up, or why it is not known.
    pub patience: Result<(f64, Basis), Arc<str>>,
    pub target_share: f64,
    pub target_seconds: f64,
    pub shrinkage: Option<f64>,
}

/// Handlers needed by one model, and what they bring about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needed {
    pub handlers: u32,
    /// Share of all calls answered in time.
    pub service_level: f64,
    pub abandoned_share: f64,
    pub occupancy: f64,
}

/// A half hour of a weekday of one force.
#[derive(Clone, Debug, PartialEq)]
pub struct Staffing {
    pub force: Arc<str>,
    pub period: Option<Period>,
    /// What could be worked out; else why nothing could, of the force as a whole.
    pub half_hour: Result<HalfHour, Arc<str>>,
    pub assumptions: Option<Arc<Assumptions>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct HalfHour {
    /// Position in the week, from Monday's first half hour on.
    pub slot: usize,
    pub calls: u64,
    pub half_hours: u64,
    pub calls_an_hour: f64,
    pub erlangs: f64,
    pub erlang_c: Needed,
    /// `None` where patience is not known.
    pub erlang_a: Option<Needed>,
}

/// How it is made.
pub const STAFFING_METHOD: &str = "erlang_c_and_erlang_a";

pub const STAFFING: TableSpec = TableSpec {
    name: "staffing",
    description: "How many call handlers the 999 calls of each half hour of the week need for the answering target: an estimate, by Erlang C and Erlang A. See docs/methods.md, Handlers needed.",
    restricted: false,
    columns: &[
        column("force", Text, "force id, as in dim_force"),
        optional("weekday", Integer, "1 is Monday, 7 Sunday; null where there is no estimate"),
        optional("half_hour", Text, "its start by the London clock, such as 07:30"),
        optional("period_start", Date, "first day of the calls that the load is taken from"),
        optional("period_end", Date, "last day of them"),
        optional("half_hours", Integer, "how many such half hours the period has").in_unit("half hours"),
        optional("calls", Integer, "999 calls received in them").in_unit("calls"),
        optional("calls_an_hour", Number, "their mean").in_unit("calls an hour"),
        optional("handling_seconds", Number, "mean handling time of a 999 call").in_unit("seconds"),
        optional(
            "handling_basis",
            Text,
            "measured: answer to end; measured_and_stated: with the work after it that the pipeline states; stated: by the pipeline",
        ),
        optional("patience_seconds", Number, "mean time that a caller waits before giving up").in_unit("seconds"),
        optional("patience_basis", Text, "measured or stated"),
        optional("erlangs", Number, "load: calls an hour times handling time").in_unit("erlangs"),
        optional("target_share", Number, "share of calls to be answered in time").in_unit("0 to 1"),
        optional("target_seconds", Number, "what in time is").in_unit("seconds"),
        optional("handlers_erlang_c", Integer, "least handlers answering, where nobody gives up").in_unit("handlers"),
        optional("service_level_erlang_c", Number, "share of calls that they answer in time").in_unit("0 to 1"),
        optional("occupancy_erlang_c", Number, "share of their time that they are on a call").in_unit("0 to 1"),
        optional("handlers_erlang_a", Integer, "least handlers answering, where callers give up").in_unit("handlers"),
        optional("service_level_erlang_a", Number, "share of all calls that they answer in time; one given up is not")
            .in_unit("0 to 1"),
        optional("occupancy_erlang_a", Number, "share of their time that they are on a call").in_unit("0 to 1"),
        optional("abandoned_share_erlang_a", Number, "share of calls that are given up").in_unit("0 to 1"),
        optional("shrinkage", Number, "share of paid time away from the line, as the pipeline states")
            .in_unit("0 to 1"),
        optional("rostered_erlang_c", Integer, "handlers_erlang_c over 1 less shrinkage, rounded up")
            .in_unit("handlers"),
        optional("rostered_erlang_a", Integer, "handlers_erlang_a over 1 less shrinkage, rounded up")
            .in_unit("handlers"),
        optional("method", Text, "how it was made"),
        column("status", Text, "provisional: an estimate; or not_available"),
        optional("reason", Text, "why there is no estimate, or none by Erlang A"),
    ],
};

impl Staffing {
    fn needed(&self, erlang_a: bool) -> Option<Needed> {
        let half_hour = self.half_hour.as_ref().ok()?;
        if erlang_a { half_hour.erlang_a } else { Some(half_hour.erlang_c) }
    }

    fn rostered(&self, erlang_a: bool) -> Option<u32> {
        let there = 1.0 - self.assumptions.as_ref()?.shrinkage?;
        // Rounding must not roster one more where the quotient is whole.
        Some((f64::from(self.needed(erlang_a)?.handlers) / there - 1e-9).ceil() as u32)
    }

    fn reason(&self) -> Option<&str> {
        match (&self.half_hour, &self.assumptions) {
            (Err(reason), _) => Some(reason),
            (Ok(_), Some(assumptions)) => assumptions.patience.as_ref().err().map(|reason| &**reason),
            (Ok(_), None) => None,
        }
    }
}

/// Start of a slot on the clock.
pub fn clock(slot: usize) -> String {
    let half_hour = slot % HALF_HOURS_OF_DAY;
    format!("{:02}:{:02}", half_hour / 2, half_hour % 2 * 30)
}

/// The rows as columns of [`STAFFING`].
pub fn arrays(rows: &[Staffing]) -> Vec<ArrayRef> {
    let half = |row: &Staffing| row.half_hour.as_ref().ok().cloned();
    let with = |row: &Staffing| row.assumptions.clone().filter(|_| row.half_hour.is_ok());
    let clocks: Vec<Option<String>> = rows.iter().map(|r| half(r).map(|h| clock(h.slot))).collect();
    let patience = |row: &Staffing| with(row).and_then(|a| a.patience.clone().ok());
    vec![
        texts(rows, |r| Some(&r.force)),
        integers(rows, |r| half(r).map(|h| h.slot / HALF_HOURS_OF_DAY + 1)),
        texts(&clocks, |c| c.as_deref()),
        dates(rows, |r| r.period.map(|p| p.first.first_day())),
        dates(rows, |r| r.period.map(|p| p.last.last_day())),
        integers(rows, |r| half(r).map(|h| h.half_hours)),
        integers(rows, |r| half(r).map(|h| h.calls)),
        numbers(rows, |r| half(r).map(|h| h.calls_an_hour)),
        numbers(rows, |r| with(r).map(|a| a.handling_seconds)),
        texts(rows, |r| with(r).map(|a| a.handling_basis.name())),
        numbers(rows, |r| patience(r).map(|(seconds, _)| seconds)),
        texts(rows, |r| patience(r).map(|(_, basis)| basis.name())),
        numbers(rows, |r| half(r).map(|h| h.erlangs)),
        numbers(rows, |r| with(r).map(|a| a.target_share)),
        numbers(rows, |r| with(r).map(|a| a.target_seconds)),
        integers(rows, |r| r.needed(false).map(|n| n.handlers)),
        numbers(rows, |r| r.needed(false).map(|n| n.service_level)),
        numbers(rows, |r| r.needed(false).map(|n| n.occupancy)),
        integers(rows, |r| r.needed(true).map(|n| n.handlers)),
        numbers(rows, |r| r.needed(true).map(|n| n.service_level)),
        numbers(rows, |r| r.needed(true).map(|n| n.occupancy)),
        numbers(rows, |r| r.needed(true).map(|n| n.abandoned_share)),
        numbers(rows, |r| with(r).and_then(|a| a.shrinkage)),
        integers(rows, |r| r.rostered(false)),
        integers(rows, |r| r.rostered(true)),
        texts(rows, |r| r.half_hour.is_ok().then_some(STAFFING_METHOD)),
        texts(rows, |r| Some(if r.half_hour.is_ok() { Status::Provisional } else { Status::NotAvailable }.name())),
        texts(rows, Staffing::reason),
    ]
}
