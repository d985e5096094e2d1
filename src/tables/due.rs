//! What falls due for open crimes: the rows, and how many of them there are by area, department and team.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::NaiveDate;

use super::columns::{dates, integers, texts, times};
use super::spec::ColumnType::{Date, Integer, Text, Time};
use super::spec::{TableSpec, column, optional};
use crate::domain::{Level, civil_date};

/// What falls due, in the order in which it is listed: what cannot be made good comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueKind {
    /// The time limit for a prosecution.
    TimeLimit,
    /// The end of police bail.
    Bail,
    /// The first update of a victim under the Victims' Code.
    VictimUpdate,
    /// The next review of the investigation.
    Review,
}

impl DueKind {
    pub const ALL: [Self; 4] = [Self::TimeLimit, Self::Bail, Self::VictimUpdate, Self::Review];

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TimeLimit => "time_limit",
            Self::Bail => "bail",
            Self::VictimUpdate => "victim_update",
            Self::Review => "review",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Extract and column without which nobody knows when it is due.
    pub const fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::TimeLimit => ("crimes", "limit_at"),
            Self::Bail => ("crimes", "bail_until"),
            Self::VictimUpdate => ("victim_contacts", "first_update_at"),
            Self::Review => ("crimes", "review_due_at"),
        }
    }
}

/// One thing that falls due for one open crime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRow {
    pub force: Arc<str>,
    pub area: Arc<str>,
    pub department: Arc<str>,
    pub team: Arc<str>,
    pub supervisor: Arc<str>,
    pub officer: Arc<str>,
    pub crime_ref: Arc<str>,
    pub kind: DueKind,
    /// Days since 1970-01-01.
    pub due_day: i32,
    /// Civil microseconds; `None` where a day alone is known.
    pub due_micros: Option<i64>,
    /// Civil days from the data date, negative when overdue.
    pub days_left: i32,
}

impl DueRow {
    pub const fn state(&self) -> &'static str {
        if self.days_left < 0 { "overdue" } else { "due" }
    }

    /// The order of the table.
    pub fn key(&self) -> (&str, &str, &str, DueKind, i32, &str) {
        (&self.force, &self.area, &self.team, self.kind, self.due_day, &self.crime_ref)
    }
}

/// Whose crimes a row of `due_counts` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueLevel {
    Force,
    Area,
    Department,
    Team,
    /// A team's crimes of one area.
    TeamInArea,
    /// A team's crimes of one department.
    TeamInDepartment,
}

impl DueLevel {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Force => Level::Force.name(),
            Self::Area => Level::Area.name(),
            Self::Department => Level::Department.name(),
            Self::Team => Level::Team.name(),
            Self::TeamInArea => "team_in_area",
            Self::TeamInDepartment => "team_in_department",
        }
    }

    /// Whether [`DueCount::within`] is an area.
    const fn is_of_area(self) -> bool {
        matches!(self, Self::Area | Self::TeamInArea)
    }
}

/// How many open crimes of a unit have something of one kind due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueNumbers {
    /// Open crimes of the unit.
    pub open: u64,
    /// Of them, with a day on which it is due, however far off.
    pub dated: u64,
    /// Due before the first day that is listed.
    pub overdue_longer: u64,
    /// Due before the data date, and listed.
    pub overdue: u64,
    /// Due on the data date or up to 7 days after it.
    pub within_7_days: u64,
    /// Due on the data date or up to as many days after it as are listed; those within 7 days among them.
    pub within_period: u64,
}

impl DueNumbers {
    pub const fn add(&mut self, other: &Self) {
        self.open += other.open;
        self.dated += other.dated;
        self.overdue_longer += other.overdue_longer;
        self.overdue += other.overdue;
        self.within_7_days += other.within_7_days;
        self.within_period += other.within_period;
    }
}

/// A row of [`DUE_COUNTS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCount {
    pub force: Arc<str>,
    pub level: DueLevel,
    pub unit: Arc<str>,
    /// The area or the department, at levels area, department, team in area and team in department.
    pub within: Option<Arc<str>>,
    pub kind: DueKind,
    pub days: DueDays,
    /// Or why nothing is known.
    pub numbers: Result<DueNumbers, Arc<str>>,
}

/// The days that are listed, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDays {
    pub data_day: i32,
    /// The first day of what is overdue and listed.
    pub overdue_from: i32,
    /// The last day that is listed.
    pub last: i32,
}

impl DueDays {
    pub fn new(data_day: i32, ahead: u16, overdue: u16) -> Self {
        Self { data_day, overdue_from: data_day - i32::from(overdue), last: data_day + i32::from(ahead) }
    }
}

pub const DUE: TableSpec = TableSpec {
    name: "due",
    description: "What falls due for open crimes from the data date on, and what is overdue, a row for each. See docs/methods.md, What falls due.",
    restricted: true,
    columns: &[
        column("force", Text, "force id"),
        column("area", Text, "area; unallocated where blank"),
        column("department", Text, "department that holds the investigation; unallocated where blank"),
        column("team", Text, "team; unallocated where blank"),
        column("supervisor", Text, "collar number of the supervisor; unallocated where blank"),
        column("officer", Text, "collar number of the officer in the case; unallocated where blank"),
        column("crime_ref", Text, "the crime's reference"),
        column("kind", Text, "time_limit, bail, victim_update or review"),
        column("due_on", Date, "the civil day on which it is due"),
        optional("due_at", Time, "the civil London time on it; null for a victim's update, due by the end of the day"),
        column("days_left", Integer, "civil days from the data date to due_on; negative when overdue").in_unit("days"),
        column("state", Text, "due, or overdue where days_left is negative"),
    ],
};

pub const DUE_COUNTS: TableSpec = TableSpec {
    name: "due_counts",
    description: "How many open crimes have something due or overdue, by kind, area, department and team. See docs/methods.md, What falls due.",
    restricted: false,
    columns: &[
        column("force", Text, "force id"),
        column(
            "level",
            Text,
            "force, area, department, team; team_in_area or team_in_department: a team's crimes of one area or department",
        ),
        column(
            "unit",
            Text,
            "name of the unit at that level; the team at team_in_area and team_in_department; the force's id at force level",
        ),
        optional("area", Text, "the area, at levels area and team_in_area"),
        optional("department", Text, "the department, at levels department and team_in_department"),
        column("kind", Text, "time_limit, bail, victim_update or review"),
        column("data_date", Date, "the data date"),
        column("overdue_from", Date, "the first day of what counts as overdue and not as overdue_longer"),
        column("period_end", Date, "the last day of within_period"),
        optional("open", Integer, "open crimes of the unit; null, like the numbers that follow, with a reason")
            .in_unit("crimes"),
        optional("dated", Integer, "of them, with a day on which it is due, however far off").in_unit("crimes"),
        optional("overdue_longer", Integer, "due before overdue_from: counted, and not listed in due")
            .in_unit("crimes"),
        optional("overdue", Integer, "due from overdue_from to the day before the data date").in_unit("crimes"),
        optional("within_7_days", Integer, "due on the data date or in the 7 days after it").in_unit("crimes"),
        optional("within_period", Integer, "due on the data date or later, to period_end").in_unit("crimes"),
        optional("reason", Text, "why nothing is known: the extract or column that is not there"),
    ],
};

impl DueRow {
    /// The rows as columns of [`DUE`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(&r.area)),
            texts(rows, |r| Some(&r.department)),
            texts(rows, |r| Some(&r.team)),
            texts(rows, |r| Some(&r.supervisor)),
            texts(rows, |r| Some(&r.officer)),
            texts(rows, |r| Some(&r.crime_ref)),
            texts(rows, |r| Some(r.kind.name())),
            dates(rows, |r| Some(civil_date(r.due_day))),
            times(rows, |r| r.due_micros),
            integers(rows, |r| Some(r.days_left)),
            texts(rows, |r| Some(r.state())),
        ]
    }
}

impl DueCount {
    /// The rows as columns of [`DUE_COUNTS`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        let day = |of: fn(DueDays) -> i32| dates(rows, move |r| -> Option<NaiveDate> { Some(civil_date(of(r.days))) });
        let number = |of: fn(&DueNumbers) -> u64| integers(rows, move |r| r.numbers.as_ref().ok().map(of));
        vec![
            texts(rows, |r| Some(&r.force)),
            texts(rows, |r| Some(r.level.name())),
            texts(rows, |r| Some(&r.unit)),
            texts(rows, |r| r.within.as_deref().filter(|_| r.level.is_of_area())),
            texts(rows, |r| r.within.as_deref().filter(|_| !r.level.is_of_area())),
            texts(rows, |r| Some(r.kind.name())),
            day(|d| d.data_day),
            day(|d| d.overdue_from),
            day(|d| d.last),
            number(|n| n.open),
            number(|n| n.dated),
            number(|n| n.overdue_longer),
            number(|n| n.overdue),
            number(|n| n.within_7_days),
            number(|n| n.within_period),
            texts(rows, |r| r.numbers.as_ref().err().map(|reason| &**reason)),
        ]
    }
}
