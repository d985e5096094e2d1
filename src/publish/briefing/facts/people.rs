//! Rows of `officer_local` and `organisation`: supervisors and officers.

use chrono::NaiveDate;

use super::owned;
use crate::tables::reading::{ReadingError, Row};

/// A row of `officer_local`.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonLine {
    pub metric: String,
    pub level: String,
    pub unit: String,
    pub period_type: String,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub force_value: Option<f64>,
    /// `None` where its reliability is too small.
    pub estimate: Option<f64>,
    pub reliability: Option<f64>,
}

/// A row of `organisation`.
#[derive(Clone, Debug, PartialEq)]
pub struct Post {
    pub area: String,
    pub department: String,
    pub team: String,
    pub supervisor: String,
    pub officer: String,
    pub valid_from: NaiveDate,
}

pub(super) const PERSON_COLUMNS: [&str; 10] = [
    "metric",
    "force",
    "level",
    "unit",
    "period_type",
    "period_start",
    "period_end",
    "force_value",
    "estimate",
    "reliability",
];

pub(super) fn person(row: &Row<'_>) -> Result<Option<PersonLine>, ReadingError> {
    let Some((period_start, period_end)) = row.date("period_start")?.zip(row.date("period_end")?) else {
        return Ok(None);
    };
    Ok(Some(PersonLine {
        metric: owned(row, "metric")?,
        level: owned(row, "level")?,
        unit: owned(row, "unit")?,
        period_type: owned(row, "period_type")?,
        period_start,
        period_end,
        force_value: row.number("force_value")?,
        estimate: row.number("estimate")?,
        reliability: row.number("reliability")?,
    }))
}

pub(super) const POST_COLUMNS: [&str; 7] =
    ["force", "area", "department", "team", "supervisor", "officer", "valid_from"];

pub(super) fn post(row: &Row<'_>) -> Result<Option<Post>, ReadingError> {
    let Some(valid_from) = row.date("valid_from")? else { return Ok(None) };
    Ok(Some(Post {
        area: owned(row, "area")?,
        department: owned(row, "department")?,
        team: owned(row, "team")?,
        supervisor: owned(row, "supervisor")?,
        officer: owned(row, "officer")?,
        valid_from,
    }))
}
