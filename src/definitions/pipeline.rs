//! What one nightly build reads and whom it is for: `pipelines/*.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;

use super::{Input, Packs, PeerGroup, References};
use crate::domain::{ForceId, SolvedSet};

#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// File stem: `gloucestershire`.
    pub id: String,
    pub title: String,
    pub force: ForceId,
    pub solved_set: SolvedSet,
    /// Record-level extracts by extract id. Paths are absolute or relative to the working directory.
    pub inputs: BTreeMap<String, Input>,
    /// Published tables, read as they are published.
    pub published: Vec<PublishedInput>,
    pub comparators: Comparators,
    pub control_room: ControlRoom,
    pub packs: Packs,
    /// By the metric's `owner`.
    pub owners: BTreeMap<String, Owner>,
    /// Builds that stay when a new one is published, that one among them.
    pub keep_builds: usize,
    /// Metric ids left out of this pipeline's scorecard, charts and tables. Empty: all are in.
    pub leave_out: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PublishedInput {
    pub shape: PublishedShape,
    pub files: Vec<PathBuf>,
    /// Attribution that the licence asks for.
    pub source: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedShape {
    /// `force_outcomes_by_year_*.csv`: a row per force and financial year, both bases.
    HomeOfficeForceOutcomes,
    /// `national_outcomes_by_year_*.csv`: a check on the sum over forces.
    HomeOfficeNationalOutcomes,
    /// `force_recorded_crime_by_year_*.csv`.
    HomeOfficeRecordedCrime,
    /// The Home Office outcomes workbook as published: a row per force, quarter, offence and outcome type.
    HomeOfficeOutcomesOpenData,
    /// `rec-crime-pfa.csv`: twelve-month totals by police force area and offence.
    HomeOfficeRecordedCrimePfa,
    /// Mid-year populations, a column per force.
    OnsPopulationByForce,
    /// data.police.uk street files, `YYYY-MM-<force>-street.csv`.
    PoliceUkStreet,
}

impl PublishedShape {
    pub const ALL: [Self; 7] = [
        Self::HomeOfficeForceOutcomes,
        Self::HomeOfficeNationalOutcomes,
        Self::HomeOfficeRecordedCrime,
        Self::HomeOfficeOutcomesOpenData,
        Self::HomeOfficeRecordedCrimePfa,
        Self::OnsPopulationByForce,
        Self::PoliceUkStreet,
    ];

    /// The word of a pipeline file, which stands for the extract in the tables of a build.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HomeOfficeForceOutcomes => "home_office_force_outcomes",
            Self::HomeOfficeNationalOutcomes => "home_office_national_outcomes",
            Self::HomeOfficeRecordedCrime => "home_office_recorded_crime",
            Self::HomeOfficeOutcomesOpenData => "home_office_outcomes_open_data",
            Self::HomeOfficeRecordedCrimePfa => "home_office_recorded_crime_pfa",
            Self::OnsPopulationByForce => "ons_population_by_force",
            Self::PoliceUkStreet => "police_uk_street",
        }
    }

    /// As a heading has it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::HomeOfficeForceOutcomes => "Home Office: outcomes by force and year",
            Self::HomeOfficeNationalOutcomes => "Home Office: outcomes of the nation by year",
            Self::HomeOfficeRecordedCrime => "Home Office: recorded crime by force and year",
            Self::HomeOfficeOutcomesOpenData => "Home Office: outcomes open data",
            Self::HomeOfficeRecordedCrimePfa => "Home Office: recorded crime by police force area",
            Self::OnsPopulationByForce => "ONS: population by force",
            Self::PoliceUkStreet => "data.police.uk: street-level crime",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Comparators {
    /// Monthly counts of other forces, for record-level pipelines.
    pub table: Option<Input>,
    /// Id of the peer group in references/peer_groups.csv.
    pub peer_group: String,
    pub variant: Variant,
}

/// How a most similar group is made into one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// The inspectorate's old comparator.
    MeanOfRatesIncludingSelf,
    Pooled,
    ExcludingSelf,
}

impl Variant {
    pub const ALL: [Self; 3] = [Self::MeanOfRatesIncludingSelf, Self::Pooled, Self::ExcludingSelf];

    pub const fn name(self) -> &'static str {
        match self {
            Self::MeanOfRatesIncludingSelf => "mean_of_rates_including_self",
            Self::Pooled => "pooled",
            Self::ExcludingSelf => "excluding_self",
        }
    }
}

/// What the force states of its control room, where its extract does not show it. `None` is not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ControlRoom {
    /// Mean handling time of a 999 call, in the place of what the extract shows.
    pub handling_seconds: Option<f64>,
    /// Mean work after a 999 call, which no extract shows: added to the time from answer to end.
    pub after_call_seconds: Option<f64>,
    /// Mean time that a 999 caller waits before giving up, in the place of what the extract shows.
    pub patience_seconds: Option<f64>,
    /// Share of their paid time that handlers are not there to answer, 0 to below 1.
    pub shrinkage: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Owner {
    /// Accountable.
    pub strategic_lead: String,
    /// The analyst to ask.
    pub analyst_spoc: String,
}

impl Pipeline {
    /// The members of the pipeline's most similar group on a day; the force itself is not among them.
    pub fn peers_on<'r>(&self, references: &'r References, date: NaiveDate) -> Vec<&'r PeerGroup> {
        let group = &self.comparators.peer_group;
        let holds = |p: &&PeerGroup| {
            p.group == *group && p.force == self.force && p.valid_from <= date && p.valid_to.is_none_or(|to| date <= to)
        };
        references.peer_groups.iter().filter(holds).collect()
    }
}
