//! The sheets of figures: what each holds, and its columns. A column is a column of one table, so a number is the table's.

mod demand;
mod explained;
mod figures;
mod scorecard;

use super::columns::Shown::{Count, Day, Status, Text, Value, Words};
use super::columns::{Column, shows};
use super::notes::Note;

/// What of a build a sheet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    Scorecard,
    Lists,
    Months,
    Units,
    Comparisons,
    OffenceGroups,
    CaseMix,
    Journey,
    Demand,
    Forecast,
    Handlers,
    Limits,
    Interventions,
    Nowcast,
    DataQuality,
    Measures,
}

/// One sheet with one table.
pub(super) struct Sheet {
    pub subject: Subject,
    /// On its tab.
    pub name: &'static str,
    /// Of the table in the workbook: one word.
    pub table: &'static str,
    pub title: &'static str,
    /// What a row is.
    pub holds: &'static str,
    pub notes: &'static [Note],
    /// Columns of the table that order the rows; none where they stand as in the table.
    pub order: &'static [&'static str],
    pub columns: &'static [Column],
}

const MEASURE: Column = shows("measure", "Measure", Text);
const UNIT: Column = shows("measure_unit", "Unit", Words);
const ID: Column = shows("metric", "Measure id", Text);
const BASIS: Column = shows("basis", "Basis", Words);
const PERIOD: Column = shows("period_type", "Kind of period", Words);
const START: Column = shows("period_start", "First day of the period", Day);
const END: Column = shows("period_end", "Last day of the period", Day);
const NUMERATOR: Column = shows("numerator", "Numerator (events, or sum of a quantity)", Count);
const DENOMINATOR: Column = shows("denominator", "Denominator (events, or residents in thousands)", Count);
const VALUE: Column = shows("value", "Value (in the unit of the row)", Value);
const LOWER: Column = shows("lower_95", "95% interval, lower end (in the unit of the row)", Value);
const UPPER: Column = shows("upper_95", "95% interval, upper end (in the unit of the row)", Value);
const STATUS: Column = shows("status", "Status", Status);
const REASON: Column = shows("reason", "Reason", Text);

/// In the order of the workbook.
pub(super) const SHEETS: &[&Sheet] = &[
    &scorecard::SCORECARD,
    &scorecard::LISTS,
    &figures::MONTHS,
    &figures::UNITS,
    &scorecard::COMPARISONS,
    &figures::OFFENCE_GROUPS,
    &scorecard::CASE_MIX,
    &explained::JOURNEY,
    &demand::DEMAND,
    &demand::FORECAST,
    &demand::HANDLERS,
    &figures::LIMITS,
    &explained::INTERVENTIONS,
    &figures::NOWCAST,
    &explained::DATA_QUALITY,
    &explained::MEASURES,
];
