//! What differs from force to force and month to month: levels, areas, interventions and special causes.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What differs between forces and months, and what an event may change. A factor, unless stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Charge,
    /// Cautions, community resolutions, diversions.
    OutOfCourt,
    NoSuspect,
    NoSupport,
    #[serde(rename = "answer_wait_999")]
    AnswerWait999,
    #[serde(rename = "answer_wait_101")]
    AnswerWait101,
    #[serde(rename = "abandoned_999")]
    Abandoned999,
    #[serde(rename = "abandoned_101")]
    Abandoned101,
    AttendanceTime,
    Unattended,
    RecordingDelay,
    Cancelled,
    /// On the odds.
    UpdateOnTime,
    /// On the odds.
    NeedsAssessed,
    /// Added, in standard deviations of an answer.
    Satisfaction,
    OffenceMix,
    /// Of events only: recorded crimes.
    Demand,
    /// Of events only; added, in standard deviations of an answer.
    SatisfactionInformed,
}

impl Measure {
    /// Those drawn for each force and month, in the order in which they are drawn.
    pub const DRAWN: [Self; 15] = [
        Self::Charge,
        Self::OutOfCourt,
        Self::NoSuspect,
        Self::NoSupport,
        Self::AnswerWait999,
        Self::AnswerWait101,
        Self::Abandoned999,
        Self::Abandoned101,
        Self::AttendanceTime,
        Self::Unattended,
        Self::RecordingDelay,
        Self::Cancelled,
        Self::UpdateOnTime,
        Self::NeedsAssessed,
        Self::Satisfaction,
    ];

    /// Whether a change is added rather than multiplied.
    pub const fn is_added(self) -> bool {
        matches!(self, Self::Satisfaction | Self::SatisfactionInformed)
    }
}

/// A force with levels and areas of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForceLevels {
    pub slug: String,
    pub levels: BTreeMap<Measure, f64>,
    pub areas: Vec<Area>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub name: String,
    pub share: f64,
    /// Share of its incidents in a rural setting.
    pub rural: f64,
}

/// An intervention or special cause.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub force: String,
    pub name: String,
    pub what: String,
    /// Counted back from the last month of the period, which is 1.
    pub first_month: Option<i32>,
    pub months: Option<i32>,
    /// A calendar month, 1 to 12, of each year.
    pub every_year_in: Option<u32>,
    /// All areas if empty.
    #[serde(default)]
    pub areas: Vec<String>,
    /// All subgroups if empty.
    #[serde(default)]
    pub subgroups: Vec<String>,
    pub effects: Vec<Effect>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    pub measure: Measure,
    pub factor: f64,
}
