//! Who holds which post, and which team belongs where, by date: as rows and as tables.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, flags, texts};
use super::spec::ColumnType::{Date, Flag, Text};
use super::spec::{TableSpec, column, optional};
use crate::domain::civil_date;

/// Where a post lies; `unallocated` where it names no unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostUnits {
    pub area: Arc<str>,
    pub department: Arc<str>,
    pub team: Arc<str>,
    pub supervisor: Arc<str>,
}

/// Days on which an officer's units are the same, overlaps of posts resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldPost {
    pub force: Arc<str>,
    pub units: PostUnits,
    pub officer: Arc<str>,
    /// Days since 1970-01-01, both among them; `None` has no end.
    pub first_day: i32,
    pub last_day: Option<i32>,
}

impl HeldPost {
    pub fn is_on(&self, day: i32) -> bool {
        is_on(self.first_day, self.last_day, day)
    }
}

/// Days on which somebody held a post of a team that belongs to this department and area.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TeamSpan {
    pub force: Arc<str>,
    pub area: Arc<str>,
    pub department: Arc<str>,
    pub team: Arc<str>,
    /// Days since 1970-01-01, both among them; `None` has no end.
    pub first_day: i32,
    pub last_day: Option<i32>,
}

fn is_on(first_day: i32, last_day: Option<i32>, day: i32) -> bool {
    first_day <= day && last_day.is_none_or(|last| day <= last)
}

fn date(day: i32) -> Option<NaiveDate> {
    Some(civil_date(day))
}

/// Without the extract `people` there is no such table.
pub const ORGANISATION: TableSpec = TableSpec {
    name: "organisation",
    description: "Who held which post on the data date, by supervisor: a row for each officer with a post. Never a league table: see docs/caveats.md.",
    restricted: true,
    columns: &[
        column("force", Text, "force id, as in dim_force"),
        column(
            "area",
            Text,
            "area of the post; unallocated where it names none, or where posts contradict one another",
        ),
        column("department", Text, "department of the post; unallocated likewise"),
        column("team", Text, "team of the post; unallocated likewise"),
        column("supervisor", Text, "supervisor of the post, as in officer_values; unallocated likewise"),
        column("officer", Text, "who holds it, as in officer_values"),
        column("valid_from", Date, "first day on which the officer had these units"),
        optional("valid_to", Date, "last day, after the data date or on it; null where none is stated"),
    ],
};

/// Without the extract `people` there is no such table.
pub const DIM_TEAM: TableSpec = TableSpec {
    name: "dim_team",
    description: "Which team belonged to which department and area, from when to when, by the posts of its officers.",
    restricted: false,
    columns: &[
        column("force", Text, "force id, as in dim_force"),
        column("area", Text, "area; unallocated where the team serves the whole force"),
        column("department", Text, "department; unallocated where posts name none"),
        column("team", Text, "team, as in metric_values"),
        column("valid_from", Date, "first day on which somebody held such a post"),
        optional("valid_to", Date, "last day; null where none is stated"),
        column("current", Flag, "somebody held one on the data date"),
    ],
};

/// The columns of [`ORGANISATION`], of posts held on the data date.
pub fn organisation_arrays(rows: &[&HeldPost]) -> Vec<ArrayRef> {
    let text = |of: fn(&HeldPost) -> &str| texts(rows, move |row| Some(of(row)));
    vec![
        text(|r| &r.force),
        text(|r| &r.units.area),
        text(|r| &r.units.department),
        text(|r| &r.units.team),
        text(|r| &r.units.supervisor),
        text(|r| &r.officer),
        dates(rows, |r| date(r.first_day)),
        dates(rows, |r| r.last_day.and_then(date)),
    ]
}

/// The columns of [`DIM_TEAM`]; `data_day` in days since 1970-01-01.
pub fn team_arrays(rows: &[&TeamSpan], data_day: i32) -> Vec<ArrayRef> {
    let text = |of: fn(&TeamSpan) -> &str| texts(rows, move |row| Some(of(row)));
    vec![
        text(|r| &r.force),
        text(|r| &r.area),
        text(|r| &r.department),
        text(|r| &r.team),
        dates(rows, |r| date(r.first_day)),
        dates(rows, |r| r.last_day.and_then(date)),
        flags(rows, |r| Some(is_on(r.first_day, r.last_day, data_day))),
    ]
}
