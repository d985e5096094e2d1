//! Rows of `staffing`. A build from published tables alone has none.

use std::path::Path;

use chrono::NaiveDate;

use crate::tables::reading::{ReadingError, Row, each_row};
use crate::tables::staffing::STAFFING;

const BLOCK: usize = 1024;

/// A half hour of the week, under the names of the table's columns; or the one row that says why there is no estimate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StaffingLine {
    /// 1 is Monday.
    pub weekday: Option<u64>,
    pub half_hour: Option<String>,
    pub period_end: Option<NaiveDate>,
    pub handling_seconds: Option<f64>,
    pub handling_basis: Option<String>,
    pub patience_seconds: Option<f64>,
    pub patience_basis: Option<String>,
    pub target_share: Option<f64>,
    pub target_seconds: Option<f64>,
    pub handlers_erlang_c: Option<u64>,
    pub handlers_erlang_a: Option<u64>,
    pub shrinkage: Option<f64>,
    pub rostered_erlang_c: Option<u64>,
    pub reason: Option<String>,
}

pub(super) fn staffing(build: &Path, force: &str) -> Result<Vec<StaffingLine>, ReadingError> {
    let path = build.join(STAFFING.path());
    let mut lines = Vec::new();
    if !path.exists() {
        return Ok(lines);
    }
    each_row(&path, BLOCK, |row| {
        if row.text("force")? == force {
            lines.push(line(&row)?);
        }
        Ok::<(), ReadingError>(())
    })?;
    Ok(lines)
}

fn line(row: &Row<'_>) -> Result<StaffingLine, ReadingError> {
    let some = |column| Ok::<_, ReadingError>(row.optional_text(column)?.map(str::to_owned));
    Ok(StaffingLine {
        weekday: row.count("weekday")?,
        half_hour: some("half_hour")?,
        period_end: row.date("period_end")?,
        handling_seconds: row.number("handling_seconds")?,
        handling_basis: some("handling_basis")?,
        patience_seconds: row.number("patience_seconds")?,
        patience_basis: some("patience_basis")?,
        target_share: row.number("target_share")?,
        target_seconds: row.number("target_seconds")?,
        handlers_erlang_c: row.count("handlers_erlang_c")?,
        handlers_erlang_a: row.count("handlers_erlang_a")?,
        shrinkage: row.number("shrinkage")?,
        rostered_erlang_c: row.count("rostered_erlang_c")?,
        reason: some("reason")?,
    })
}
