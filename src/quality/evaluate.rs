//! What a check says of each row that it asks.

use polars::prelude::{BooleanChunked, DataFrame, DataType, Float64Chunked, PolarsResult, TimeUnit};

use super::checks::{Check, Checks, Test};
use crate::definitions::{ColumnKind, Expected, Extract, Order, Timely};
use crate::domain::clock::MICROS_PER_DAY;
use crate::tables::accepted::{Cell, Cells, INVALID_CODE, Rows, TimeCell};

const MICROS_PER_MINUTE: i64 = 60_000_000;
/// Home Office Counting Rules: a crime is recorded within 24 hours of the report.
const RECORDED_WITHIN_HOURS: f64 = 24.0;
/// Forces interview victims 6 to 12 weeks after the report.
const SURVEYED_WITHIN_DAYS: i64 = 84;

/// Typed rows, and the same rows conformed.
pub(super) struct Block<'b> {
    pub rows: &'b Rows,
    pub frame: &'b DataFrame,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Blank,
    Invalid,
    Valid,
}

/// A column's cells and how they are read.
struct Column<'b> {
    cells: &'b Cells,
    is_code: bool,
}

impl Column<'_> {
    fn state(&self, row: usize) -> State {
        fn of<T>(cell: &Cell<T>) -> State {
            match cell {
                Cell::Blank => State::Blank,
                Cell::Invalid => State::Invalid,
                Cell::At(_) => State::Valid,
            }
        }
        match self.cells {
            Cells::Text(cells) => match cells.get(row) {
                None => State::Blank,
                Some(INVALID_CODE) if self.is_code => State::Invalid,
                Some(_) => State::Valid,
            },
            Cells::Times(cells) => of(&cells[row]),
            Cells::Flags(cells) => of(&cells[row]),
            Cells::Numbers(cells) => of(&cells[row]),
        }
    }

    fn text(&self, row: usize) -> Option<&str> {
        match self.cells {
            Cells::Text(cells) => cells.get(row),
            _ => None,
        }
    }
}

impl Checks<'_> {
    /// Calls `tell` with each row that the check asks, and whether it is as it should be.
    pub(super) fn evaluate(
        &self,
        check: &Check,
        block: &Block<'_>,
        mut tell: impl FnMut(usize, bool),
    ) -> PolarsResult<()> {
        let rows = 0..block.rows.len();
        match &check.test {
            Test::Filled(expected) => {
                let column = self.column(block, &check.column)?;
                let other = match expected {
                    Expected::Always => None,
                    Expected::Where { column, any_of } => Some((self.column(block, column)?, any_of)),
                };
                let asked = |row: usize| match &other {
                    None => true,
                    Some((other, any_of)) if any_of.is_empty() => other.state(row) != State::Blank,
                    Some((other, any_of)) => other.text(row).is_some_and(|text| any_of.iter().any(|a| a == text)),
                };
                rows.filter(|row| asked(*row)).for_each(|row| tell(row, column.state(row) != State::Blank));
            }
            Test::Readable => {
                let column = self.column(block, &check.column)?;
                let filled = rows.filter(|row| column.state(*row) != State::Blank);
                filled.for_each(|row| tell(row, column.state(row) == State::Valid));
            }
            Test::ListedOffence => {
                let group = block.frame.column("offence_group")?.str()?;
                let codes = block.rows.text(&check.column)?;
                let filled = rows.filter(|row| codes.get(*row).is_some());
                filled.for_each(|row| tell(row, group.get(row) != Some(crate::domain::UNMAPPED)));
            }
            Test::ListedOutcome => {
                let types = block.rows.text(&check.column)?;
                let listed = |code: &str| self.definitions.references.outcome_types.iter().any(|t| t.code == code);
                rows.for_each(|row| types.get(row).into_iter().for_each(|code| tell(row, listed(code))));
            }
            Test::InOrder(order) => self.in_order(&check.column, order, block, tell)?,
            Test::Linked(link) => {
                let found = block.frame.column(link.found)?.bool()?;
                let references = block.rows.text(&check.column)?;
                let filled = rows.filter(|row| references.get(*row).is_some());
                filled.for_each(|row| tell(row, found.get(row) == Some(true)));
            }
            Test::Timely(timely) => timely_rows(*timely, block, tell)?,
        }
        Ok(())
    }

    fn column<'b>(&self, block: &Block<'b>, name: &str) -> PolarsResult<Column<'b>> {
        let cells = block.rows.columns.get(name);
        let cells = cells.ok_or_else(|| polars::prelude::polars_err!(ColumnNotFound: "{name}"))?;
        let is_code = self.extract.column(name).is_some_and(|c| matches!(c.kind, ColumnKind::Code(_)));
        Ok(Column { cells, is_code })
    }

    fn in_order(
        &self,
        column: &str,
        order: &Order,
        block: &Block<'_>,
        mut tell: impl FnMut(usize, bool),
    ) -> PolarsResult<()> {
        let (earlier, later, early_minutes) = match order {
            Order::NotBefore { column: other, early_minutes } => (other.as_str(), column, *early_minutes),
            Order::NotAfter { column: other } => (column, other.as_str(), 0),
        };
        let allowed = i64::from(early_minutes) * MICROS_PER_MINUTE;
        let (first, second) = (block.rows.times(earlier)?, block.rows.times(later)?);
        let start = self.extract.time.as_deref().map(|time| block.rows.times(time)).transpose()?;
        let resolved = on_the_time_line(self.extract, earlier) && on_the_time_line(self.extract, later);
        for row in 0..block.rows.len() {
            let known = |cells: &[TimeCell]| cells[row].by(self.data_day).at();
            let (Some(first), Some(second)) = (known(first), known(second)) else { continue };
            let start = start.and_then(|cells| cells[row].at()).filter(|_| resolved);
            let (first, second) = match start.map(|start| start.first_instant()) {
                Some(start) => (first.instant_after(start), second.instant_after(start)),
                None => (first.civil_micros, second.civil_micros),
            };
            tell(row, second >= first - allowed);
        }
        Ok(())
    }
}

/// Whether a time is placed after the row's first event: it is that event, or has it as predecessor. The order of any two
/// others is that of their clock readings.
fn on_the_time_line(extract: &Extract, column: &str) -> bool {
    let Some(time) = extract.time.as_deref() else { return false };
    column == time || extract.predecessors.iter().any(|p| p.event == column && p.after == time)
}

fn timely_rows(timely: Timely, block: &Block<'_>, mut tell: impl FnMut(usize, bool)) -> PolarsResult<()> {
    let flag = |name: &str| -> PolarsResult<BooleanChunked> { Ok(block.frame.column(name)?.bool()?.clone()) };
    match timely {
        Timely::Within24HoursOfTheIncident => {
            let delays: &Float64Chunked = block.frame.column("recording_delay_hours")?.f64()?;
            let asked = delays.iter().enumerate().filter_map(|(row, delay)| Some((row, delay?)));
            asked.for_each(|(row, delay)| tell(row, delay <= RECORDED_WITHIN_HOURS));
        }
        Timely::Within12WeeksOfRecording => {
            let recorded = block.frame.column("recorded_at")?;
            let recorded = recorded.cast(&DataType::Datetime(TimeUnit::Microseconds, None))?.to_physical_repr();
            let surveyed = block.rows.times("surveyed_at")?;
            for (row, recorded) in recorded.i64()?.iter().enumerate() {
                if let (Some(recorded), Some(surveyed)) = (recorded, surveyed[row].at()) {
                    tell(row, surveyed.civil_micros - recorded <= SURVEYED_WITHIN_DAYS * MICROS_PER_DAY);
                }
            }
        }
        Timely::ByTheDayItIsDue => {
            let (counts, due, on_time) = (flag("counts")?, flag("update_due")?, flag("updated_on_time")?);
            for row in 0..block.rows.len() {
                if let (Some(true), Some(true), Some(on_time)) = (counts.get(row), due.get(row), on_time.get(row)) {
                    tell(row, on_time);
                }
            }
        }
    }
    Ok(())
}
