//! Stage 3: typed rows in, conformed frames out: classified, placed on the time line, linked.
//!
//! The columns of a conformed frame are those of its table in [`crate::tables::conformed`]; metrics read nothing else.

mod calls;
mod crimes;
mod frame;
mod incidents;
mod links;
mod posts;
mod victims;
mod working_days;

pub use links::IncidentIndex;
pub use posts::Posts;

use polars::prelude::{DataFrame, LazyFrame, PolarsResult};

use crate::definitions::References;
use crate::tables::accepted::{Findings, Rows};

/// What every row is conformed against.
#[derive(Clone, Copy)]
pub struct Conformer<'a> {
    pub references: &'a References,
    /// The data date, days since 1970-01-01.
    pub data_day: i32,
}

/// A conformed frame and what was noticed on the way.
pub struct Conformed {
    pub frame: DataFrame,
    pub findings: Findings,
}

impl Conformer<'_> {
    /// Incidents: attendance and its minutes. The pairs are for the [`IncidentIndex`].
    pub fn incidents(self, rows: &Rows) -> PolarsResult<(Conformed, Vec<(u128, i64)>)> {
        incidents::conform(self, rows)
    }

    /// Calls: answer and its seconds, link to the incident.
    pub fn calls(self, rows: &Rows, incidents: &IncidentIndex) -> PolarsResult<Conformed> {
        calls::conform(self, rows, incidents)
    }

    /// Posts of officers and staff, and who held which on which day.
    pub fn people(self, rows: &Rows) -> PolarsResult<(Conformed, Posts)> {
        posts::conform(rows)
    }

    /// Crimes: offence class, outcome by the data date, link to the incident; units that a crime does not name are those
    /// of its officer's post on the day of recording.
    pub fn crimes(self, rows: &Rows, incidents: &IncidentIndex, posts: &Posts) -> PolarsResult<Conformed> {
        crimes::conform(self, rows, incidents, posts)
    }

    /// Survey responses, with units and classes of their crime from the conformed crimes.
    pub fn surveys(self, rows: &Rows, crimes: LazyFrame) -> PolarsResult<Conformed> {
        victims::surveys(self, rows, crimes)
    }

    /// Victims' Code contacts, with units and classes of their crime, and what was due by the data date.
    pub fn victim_contacts(self, rows: &Rows, crimes: LazyFrame) -> PolarsResult<Conformed> {
        victims::contacts(self, rows, crimes)
    }
}
