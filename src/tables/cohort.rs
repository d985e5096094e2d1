//! What became of the crimes of a month, by day of age: what the curves of maturity are read from.

use std::sync::Arc;

use crate::domain::{Level, Month};

/// How a crime can end, in the order of [`CohortDay::ended`].
pub const SOLVED: usize = 0;
pub const VICTIM_NOT_SUPPORTING: usize = 1;
pub const OTHERWISE: usize = 2;
/// How many ways there are.
pub const CAUSES: usize = 3;

/// The crimes of one unit and scope that were recorded in one month, cancelled ones apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CohortMonth {
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub scope: Arc<str>,
    pub month: Month,
    /// Ascending, days with something alone.
    pub days: Vec<CohortDay>,
    /// Crimes with an outcome of which no day is known: they are in `days` nowhere.
    pub undated: u64,
    /// Of them, solved.
    pub undated_solved: u64,
}

/// Crimes by whole days from the civil day of recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohortDay {
    pub day: u32,
    /// Ended on the day, by cause.
    pub ended: [u64; CAUSES],
    /// Of that age on the data date and still open.
    pub open: u64,
    /// Of that age on the data date and ended by then.
    pub ended_of_age: u64,
}

impl CohortDay {
    /// Of that age on the data date, open or not.
    pub const fn reached(&self) -> u64 {
        self.open + self.ended_of_age
    }
}

impl CohortMonth {
    /// Crimes that are on the curve.
    pub fn dated(&self) -> u64 {
        self.days.iter().map(CohortDay::reached).sum()
    }
}
