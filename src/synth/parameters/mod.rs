//! The rates, mixes and lags that rows are drawn from: `pipelines/synth.toml`, read and checked.

mod levels;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::SynthError;
use super::random::Duration;
pub use levels::{Area, Effect, Event, ForceLevels, Measure};

/// The text of `pipelines/synth.toml` that the program was built with.
pub const DEFAULT_PARAMETERS: &str = include_str!("../../../pipelines/synth.toml");

/// Relative frequencies by name.
pub type Weights = BTreeMap<String, f64>;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    pub volumes: Volumes,
    pub seasons: Seasons,
    pub calls: Calls,
    pub incidents: Incidents,
    pub crimes: Crimes,
    pub outcomes: Outcomes,
    pub contacts: Contacts,
    pub surveys: Surveys,
    pub organisation: Organisation,
    pub comparators: Comparators,
    pub between_forces: BTreeMap<Measure, f64>,
    pub between_months: BTreeMap<Measure, f64>,
    #[serde(default)]
    pub force: Vec<ForceLevels>,
    #[serde(default)]
    pub event: Vec<Event>,
    /// Extract, then kind of fault: how many.
    pub faults: BTreeMap<String, BTreeMap<String, u32>>,
    pub subgroup: Vec<Subgroup>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volumes {
    pub calls_per_crime: f64,
    pub incidents_per_crime: f64,
    pub day_spread: f64,
    pub month_spread: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seasons {
    pub crime_weekday: [f64; 7],
    pub incident_weekday: [f64; 7],
    pub call_weekday: [f64; 7],
    pub emergency_hour: [f64; 24],
    pub office_hour: [f64; 24],
    pub weekend_night_factor: f64,
    pub incident_summer_amplitude: f64,
    pub call_summer_amplitude: f64,
}

/// A share or count for each grade of incident.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByGrade {
    pub immediate: f64,
    pub priority: f64,
    pub scheduled: f64,
    pub no_attendance: f64,
}

impl ByGrade {
    pub fn shares(self) -> [f64; 4] {
        [self.immediate, self.priority, self.scheduled, self.no_attendance]
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    pub second_caller: f64,
    pub emergency_line: ByGrade,
    pub emergency_line_unlinked: f64,
    pub answer_999_seconds: Duration,
    pub answer_101_seconds: Duration,
    pub abandoned_999: f64,
    pub abandoned_101: f64,
    pub patience_seconds: Duration,
    pub talk_seconds: Duration,
    pub log_opening_seconds: Duration,
}

/// The grades of a crime's incident that is not immediate.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherGrades {
    pub priority: f64,
    pub scheduled: f64,
    pub no_attendance: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incidents {
    pub from_a_call: f64,
    pub without_crime: ByGrade,
    pub with_crime: OtherGrades,
    pub immediate_urban_minutes: Duration,
    pub immediate_rural_minutes: Duration,
    pub priority_minutes: Duration,
    pub scheduled_minutes: Duration,
    pub unattended: ByGrade,
    pub dispatch_share: [f64; 2],
    pub on_scene_minutes: Duration,
    pub desk_minutes: Duration,
    pub domestic_abuse_without_crime: f64,
    pub opening_codes: Weights,
    pub reclassified: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crimes {
    pub from_an_incident: f64,
    pub second_crime_of_an_incident: f64,
    pub recording_prompt_hours: Duration,
    pub recording_late_hours: Duration,
    pub recorded_late: f64,
    pub cancelled: f64,
    pub cancelled_days: Duration,
    pub occurred_hours: Duration,
    pub blank_organisation: f64,
    pub blank_domestic_abuse: f64,
    pub blank_hate_crime: f64,
    pub blank_repeat_victim: f64,
    pub repeat_victim: f64,
    pub victims_per_crime: f64,
    pub hate_strands: Weights,
    pub review_every_days: i64,
    pub bail_of_suspects: f64,
    pub bail_days: i64,
    pub summary_only_codes: Vec<String>,
}

/// A value for each class of outcome.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByClass<T> {
    pub charge: T,
    pub caution: T,
    pub community_resolution: T,
    pub diversion: T,
    pub no_suspect: T,
    pub no_support_no_suspect: T,
    pub no_support: T,
    pub evidential: T,
    pub other: T,
}

impl<T> ByClass<T> {
    /// In the order of [`super::outcomes::OutcomeClass`].
    pub fn in_order(self) -> [T; 9] {
        [
            self.charge,
            self.caution,
            self.community_resolution,
            self.diversion,
            self.no_suspect,
            self.no_support_no_suspect,
            self.no_support,
            self.evidential,
            self.other,
        ]
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    pub charge: Weights,
    pub caution: Weights,
    pub community_resolution: Weights,
    pub diversion: Weights,
    pub no_suspect: Weights,
    pub no_support_no_suspect: Weights,
    pub no_support: Weights,
    pub evidential: Weights,
    pub other: Weights,
    pub days: ByClass<Duration>,
}

impl Outcomes {
    /// Types of each class, in the order of [`super::outcomes::OutcomeClass`].
    pub fn types(&self) -> [&Weights; 9] {
        [
            &self.charge,
            &self.caution,
            &self.community_resolution,
            &self.diversion,
            &self.no_suspect,
            &self.no_support_no_suspect,
            &self.no_support,
            &self.evidential,
            &self.other,
        ]
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    pub kept: f64,
    pub enhanced: f64,
    pub enhanced_domestic_abuse: f64,
    pub updated_on_time: f64,
    pub never_updated: f64,
    pub late_days: Duration,
    pub needs_assessed: f64,
    pub needs_hours: Duration,
    pub statement_offered: f64,
    pub outcome_informed: f64,
    pub outcome_informed_days: Duration,
}

/// A value for each question of the survey.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByQuestion {
    pub contact: f64,
    pub action: f64,
    pub informed: f64,
    pub treatment: f64,
    pub overall: f64,
}

impl ByQuestion {
    pub fn in_order(self) -> [f64; 5] {
        [self.contact, self.action, self.informed, self.treatment, self.overall]
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surveys {
    pub answered: f64,
    pub domestic_abuse_factor: f64,
    pub weight: f64,
    pub days: [f64; 2],
    pub satisfied: ByQuestion,
    pub solved_shift: f64,
    pub updated_shift: f64,
    pub common_share: f64,
    pub no_answer: Weights,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub officers_per_crime: f64,
    pub officers_per_supervisor: usize,
    pub officers_per_team: usize,
    pub moving: f64,
    pub areas: Vec<String>,
    pub crimes_per_area: f64,
    pub rural: Vec<f64>,
    pub departments: ByDepartment<Department>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparators {
    pub without_residents: Vec<String>,
}

/// A value for each department that holds crimes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByDepartment<T> {
    pub response: T,
    pub neighbourhood: T,
    pub investigations: T,
    pub protection: T,
    pub desk: T,
}

impl<T> ByDepartment<T> {
    pub fn in_order(&self) -> [&T; 5] {
        [&self.response, &self.neighbourhood, &self.investigations, &self.protection, &self.desk]
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    pub name: String,
    pub share: f64,
    pub per_area: bool,
}

/// What is drawn for crimes of one offence subgroup.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subgroup {
    pub name: String,
    /// England and Wales, financial year 2024/25.
    pub recorded_2024_25: f64,
    pub codes: Weights,
    pub trend_per_year: f64,
    pub summer_amplitude: f64,
    pub night_factor: f64,
    pub victim_person: f64,
    pub victim_business: f64,
    pub domestic_abuse: f64,
    pub hate_crime: f64,
    pub immediate: f64,
    pub occurred_over_a_span: f64,
    pub opening_code: String,
    pub allocation: ByDepartment<f64>,
    pub days_factor: f64,
    pub outcomes: ByClass<f64>,
}

impl Parameters {
    /// Reads and checks the text of a parameters file; `origin` names it in errors.
    pub fn parse(text: &str, origin: &str) -> Result<Self, SynthError> {
        let fault = |reason| SynthError::Parameters { origin: origin.to_owned(), reason };
        let parameters: Self = toml::from_str(text).map_err(|e| fault(e.to_string()))?;
        match parameters.first_fault() {
            Some(reason) => Err(fault(reason)),
            None => Ok(parameters),
        }
    }

    fn first_fault(&self) -> Option<String> {
        let shares = self.subgroup.iter().map(|s| (s, s.outcomes.in_order().iter().sum::<f64>()));
        if let Some((subgroup, sum)) = shares.into_iter().find(|(_, sum)| (sum - 1.0).abs() > 1e-6) {
            return Some(format!("outcomes of subgroup `{}` add up to {sum}, not 1", subgroup.name));
        }
        if let Some(subgroup) = self.subgroup.iter().find(|s| s.victim_person + s.victim_business > 1.0) {
            return Some(format!("victims of subgroup `{}` are more than its crimes", subgroup.name));
        }
        if let Some(force) = self.force.iter().find(|f| f.areas.is_empty()) {
            return Some(format!("force `{}` has no areas", force.slug));
        }
        if let Some(event) = self.event.iter().find(|e| e.first_month.is_some() == e.every_year_in.is_some()) {
            return Some(format!("event `{}` needs either first_month or every_year_in", event.name));
        }
        let organisation = &self.organisation;
        if organisation.areas.len() < 3 || organisation.areas.len() != organisation.rural.len() {
            return Some("organisation: areas and rural need the same length, 3 or more".to_owned());
        }
        if organisation.officers_per_team == 0 || organisation.officers_per_supervisor == 0 {
            return Some("organisation: a team and a supervisor need at least one officer".to_owned());
        }
        self.subgroup.is_empty().then(|| "no subgroup".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_parameters_are_sound() {
        let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
        assert_eq!(parameters.subgroup.len(), 23);
    }

    /// England and Wales recorded 5,225,477 crimes in 2024/25 by subgroup; of the crimes of that year, 465,904 were
    /// charged and 242,397 had an out-of-court outcome by July 2026. No suspect and victim does not support: near the
    /// Home Office's bulletins.
    #[test]
    fn the_national_mix_of_outcomes_is_near_the_published_one() {
        let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
        let total: f64 = parameters.subgroup.iter().map(|s| s.recorded_2024_25).sum();
        assert_eq!(total, 5_225_477.0);
        let share = |of: fn(ByClass<f64>) -> f64| {
            parameters.subgroup.iter().map(|s| s.recorded_2024_25 * of(s.outcomes)).sum::<f64>() / total
        };
        assert!((share(|o| o.charge) - 465_904.0 / total).abs() < 0.005);
        assert!((share(|o| o.caution + o.community_resolution + o.diversion) - 242_397.0 / total).abs() < 0.003);
        assert!((share(|o| o.no_suspect) - 0.38).abs() < 0.02);
        assert!((share(|o| o.no_support + o.no_support_no_suspect) - 0.30).abs() < 0.02);
    }

    #[test]
    fn faults_in_the_parameters_are_named() {
        for (from, to, expected) in [
            ("calls_per_crime", "calls_per_crimes", "calls_per_crimes"),
            ("charge = 0.19,", "charge = 0.29,", "Shoplifting"),
            ("every_year_in = 3\n", "", "Race week"),
        ] {
            let text = DEFAULT_PARAMETERS.replacen(from, to, 1);
            let error = Parameters::parse(&text, "synth.toml").unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
