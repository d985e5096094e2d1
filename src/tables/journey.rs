//! From call to victim: the steps, and what the newest twelve final months came to, as rows and as a table.

use std::sync::Arc;

use arrow::array::ArrayRef;

use super::columns::{dates, integers, numbers, texts};
use super::published::JOURNEY;
use super::spec::ColumnType::Date;
use super::spec::{ColumnSpec, TableSpec, column};
use crate::domain::Month;

/// A step, in the order of the journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JourneyStep {
    CallToIncident,
    IncidentToCrime,
    CrimeToSolved,
    /// From the same crimes as the step before.
    CrimeToSurvey,
    SurveyToSatisfied,
}

impl JourneyStep {
    pub const ALL: [Self; 5] = [
        Self::CallToIncident,
        Self::IncidentToCrime,
        Self::CrimeToSolved,
        Self::CrimeToSurvey,
        Self::SurveyToSatisfied,
    ];

    /// The step of that name in tables.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// As a chart and the page name it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::CallToIncident => "Calls that led to an incident",
            Self::IncidentToCrime => "Incidents that led to a crime",
            Self::CrimeToSolved => "Crimes that were solved",
            Self::CrimeToSurvey => "Crimes whose victim was surveyed",
            Self::SurveyToSatisfied => "Surveyed crimes with a satisfied victim",
        }
    }

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CallToIncident => "call_to_incident",
            Self::IncidentToCrime => "incident_to_crime",
            Self::CrimeToSolved => "crime_to_solved",
            Self::CrimeToSurvey => "crime_to_survey",
            Self::SurveyToSatisfied => "survey_to_satisfied",
        }
    }

    /// In minutes, else in days.
    pub const fn is_timed_in_minutes(self) -> bool {
        matches!(self, Self::CallToIncident | Self::IncidentToCrime)
    }

    /// The unit of its times, as in tables.
    pub const fn time_unit(self) -> &'static str {
        if self.is_timed_in_minutes() { "minutes" } else { "days" }
    }
}

/// A step over the months from `first` to `last`.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyYear {
    pub force: Arc<str>,
    pub first: Month,
    pub last: Month,
    pub step: JourneyStep,
    /// Distinct records that it starts from, and those of them that lead on.
    pub upstream: u64,
    pub linked: u64,
    /// To the earliest link, over all that lead on, in the step's unit.
    pub median_time: Option<f64>,
}

/// `force`, `step` to `time_unit`, as in the table of months.
const MONTHS: &[ColumnSpec] = JOURNEY.columns;

pub const JOURNEY_YEAR: TableSpec = TableSpec {
    name: "journey_year",
    description: "From the call to the victim, of the calls of the newest twelve final months together.",
    restricted: false,
    columns: &[
        MONTHS[0],
        column("first_month", Date, "first day of the first month of the calls"),
        column("last_month", Date, "first day of the last month of the calls"),
        MONTHS[2],
        MONTHS[3],
        MONTHS[4],
        MONTHS[5],
        MONTHS[6],
        MONTHS[7],
        MONTHS[8],
    ],
};

impl JourneyYear {
    /// Share that leads on; `None` where there is nothing to start from.
    pub fn rate(&self) -> Option<f64> {
        (self.upstream > 0).then(|| self.linked as f64 / self.upstream as f64)
    }

    /// Rows in the columns of [`JOURNEY_YEAR`].
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        vec![
            texts(rows, |r| Some(&r.force)),
            dates(rows, |r| Some(r.first.first_day())),
            dates(rows, |r| Some(r.last.first_day())),
            texts(rows, |r| Some(r.step.name())),
            integers(rows, |r| Some(r.upstream)),
            integers(rows, |r| Some(r.linked)),
            integers(rows, |r| Some(r.upstream.saturating_sub(r.linked))),
            numbers(rows, Self::rate),
            numbers(rows, |r| r.median_time),
            texts(rows, |r| Some(r.step.time_unit())),
        ]
    }
}
