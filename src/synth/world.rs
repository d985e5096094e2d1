//! Everything that is fixed before the first row is drawn: parameters, reference tables, the period, the forces.

use chrono::{Datelike, Months, NaiveDate};

use super::clock::{self, DAY, HOUR};
use super::error::SynthError;
use super::organisation::Roster;
use super::outcomes::{OutcomeTypes, days_to_outcome, outcome_types};
use super::parameters::{Area, ForceLevels, Measure, Parameters, Weights};
use super::random::{Choice, Duration, Purpose, normal, stream};
use super::reference::{Force, Reference};
use crate::domain::{Month, civil_date, days_since_epoch};

#[derive(Clone, Debug)]
pub struct World {
    pub seed: u64,
    pub parameters: Parameters,
    pub reference: Reference,
    pub period: Period,
    /// In the order of the parameters.
    pub subgroups: Vec<SubgroupChoices>,
    pub outcome_types: [OutcomeTypes; 9],
    pub hate_strands: Named,
    pub opening_codes: Named,
    pub no_answers: Named,
}

/// The days that rows are drawn for, and the moment at which the extracts were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Days since 1970-01-01.
    pub first_day: i32,
    /// The last whole day; rows follow until noon of the next.
    pub last_day: i32,
    /// Instant after which nothing has happened yet: noon of the day after the last.
    pub taken_at: i64,
}

impl Period {
    pub fn first_month(self) -> Month {
        Month::of(civil_date(self.first_day))
    }

    pub fn last_month(self) -> Month {
        Month::of(civil_date(self.last_day))
    }

    /// Calendar months touched, the half day's left out.
    pub fn months(self) -> impl Iterator<Item = Month> + Clone {
        (self.first_month().serial()..=self.last_month().serial()).map(Month::from_serial)
    }

    pub fn years(self) -> f64 {
        f64::from(self.last_day - self.first_day + 1) / 365.25
    }

    /// The event's instant, if it has happened by the time of the extract.
    pub fn seen(self, instant: i64) -> Option<i64> {
        (instant <= self.taken_at).then_some(instant)
    }
}

/// Names with a choice among them.
#[derive(Clone, Debug)]
pub struct Named {
    pub names: Vec<String>,
    pub choice: Choice,
}

impl Named {
    fn new(weights: &Weights) -> Self {
        Self { names: weights.keys().cloned().collect(), choice: Choice::new(weights.values().copied()) }
    }
}

#[derive(Clone, Debug)]
pub struct SubgroupChoices {
    pub codes: Named,
    /// Over the departments.
    pub allocation: Choice,
    /// Days from recording to outcome, by class.
    pub days: [Duration; 9],
    pub group: String,
}

/// One force: its size, areas, people and levels.
#[derive(Clone, Debug)]
pub struct ForceSetting {
    /// Row of the force in the reference table: the key of its streams.
    pub ordinal: usize,
    pub slug: String,
    pub crimes_per_year: f64,
    pub residents: Option<f64>,
    pub areas: Vec<Area>,
    pub roster: Roster,
    /// By [`Measure::DRAWN`]: factor, or what is added.
    pub levels: [f64; 15],
    /// Factor on each subgroup's share of crime.
    pub mix: Vec<f64>,
}

impl World {
    /// `months` months up to `to`, its last whole day.
    pub fn new(seed: u64, parameters: Parameters, months: u32, to: NaiveDate) -> Result<Self, SynthError> {
        let outside = || SynthError::Options(format!("a period of {months} months to {to} cannot be made"));
        let to_is_usable = (2010..=2060).contains(&to.year()) && (1..=240).contains(&months);
        let next = to.succ_opt().filter(|_| to_is_usable).ok_or_else(outside)?;
        let from = next.checked_sub_months(Months::new(months)).ok_or_else(outside)?;
        let last_day = days_since_epoch(to);
        let taken_at = clock::instant(last_day + 1, DAY / 2);
        let period = Period { first_day: days_since_epoch(from), last_day, taken_at };
        let reference = Reference::load()?;
        Ok(Self {
            seed,
            period,
            subgroups: subgroup_choices(&parameters, &reference)?,
            outcome_types: outcome_types_of(&parameters, &reference)?,
            hate_strands: Named::new(&parameters.crimes.hate_strands),
            opening_codes: Named::new(&parameters.incidents.opening_codes),
            no_answers: Named::new(&parameters.surveys.no_answer),
            reference,
            parameters,
        })
    }

    /// The setting of the force in row `ordinal` of the reference table.
    pub fn force(&self, ordinal: usize, force: &Force) -> ForceSetting {
        let own = self.parameters.force.iter().find(|f| f.slug == force.slug);
        let areas = own.map_or_else(|| self.areas_of_size(force.crimes_per_year), |f| f.areas.clone());
        let (levels, mix) = self.levels(ordinal, own);
        let months = self.period.last_month().serial() - self.period.first_month().serial() + 1;
        let roster = Roster::new(&self.parameters, &areas, force.crimes_per_year, self.seed, ordinal, months);
        ForceSetting {
            ordinal,
            slug: force.slug.clone(),
            crimes_per_year: force.crimes_per_year,
            residents: force.residents,
            areas,
            roster,
            levels,
            mix,
        }
    }

    fn areas_of_size(&self, crimes_per_year: f64) -> Vec<Area> {
        let organisation = &self.parameters.organisation;
        let count = (crimes_per_year / organisation.crimes_per_area).round() as usize;
        let count = count.clamp(3, organisation.areas.len());
        let names = organisation.areas.iter().zip(&organisation.rural).take(count);
        // The first areas are the larger ones: shares fall evenly, the first twice the last.
        let weight = |at: usize| 2.0 - at as f64 / (count - 1) as f64;
        let total: f64 = (0..count).map(weight).sum();
        let area = |(at, (name, rural)): (usize, (&String, &f64))| Area {
            name: name.clone(),
            share: weight(at) / total,
            rural: *rural,
        };
        names.enumerate().map(area).collect()
    }

    fn levels(&self, ordinal: usize, own: Option<&ForceLevels>) -> ([f64; 15], Vec<f64>) {
        let mut rng = stream(self.seed, Purpose::Force, ordinal, 0);
        let spreads = &self.parameters.between_forces;
        let levels = Measure::DRAWN.map(|measure| {
            let drawn = normal(&mut rng) * spreads.get(&measure).copied().unwrap_or(0.0);
            let stated = own.map(|f| f.levels.get(&measure).copied());
            match (stated, measure.is_added()) {
                (Some(level), added) => level.unwrap_or(if added { 0.0 } else { 1.0 }),
                (None, true) => drawn,
                (None, false) => drawn.exp(),
            }
        });
        let spread = spreads.get(&Measure::OffenceMix).copied().unwrap_or(0.0);
        let mix = self.parameters.subgroup.iter().map(|_| (spread * normal(&mut rng)).exp());
        (levels, mix.collect())
    }
}

fn subgroup_choices(parameters: &Parameters, reference: &Reference) -> Result<Vec<SubgroupChoices>, SynthError> {
    let days = days_to_outcome(parameters);
    let choices = parameters.subgroup.iter().zip(days).map(|(subgroup, days)| {
        let known = reference.subgroups.get(&subgroup.name);
        let known = known.ok_or_else(|| unknown("offence_groups.csv", "subgroup", &subgroup.name))?;
        if let Some(code) = subgroup.codes.keys().find(|code| !known.codes.contains(*code)) {
            return Err(unknown("offence_groups.csv", "offence code", code));
        }
        Ok(SubgroupChoices {
            codes: Named::new(&subgroup.codes),
            allocation: Choice::new(subgroup.allocation.in_order().map(|share| *share)),
            days,
            group: known.group.clone(),
        })
    });
    choices.collect()
}

fn outcome_types_of(parameters: &Parameters, reference: &Reference) -> Result<[OutcomeTypes; 9], SynthError> {
    let types = outcome_types(&parameters.outcomes);
    let mut codes = types.iter().flat_map(|t| &t.codes);
    match codes.find(|code| !reference.outcome_types.contains(*code)) {
        Some(code) => Err(unknown("outcome_types.csv", "outcome type", code)),
        None => Ok(types),
    }
}

fn unknown(table: &'static str, what: &str, name: &str) -> SynthError {
    SynthError::Reference { table, reason: format!("the parameters name the {what} `{name}`, which it does not hold") }
}

/// The part of a day's demand that falls before noon, when the extracts are taken.
pub fn morning_share(hours: &[f64; 24]) -> f64 {
    hours[..12].iter().sum::<f64>() / hours.iter().sum::<f64>()
}

/// Instants at which the hours of a day start, with the local hour of each, up to `taken_at`: 23 or 25 of them when
/// clocks change.
pub fn hours_of_day(day: i32, taken_at: i64) -> Vec<(i64, usize)> {
    let (start, end) = (clock::instant(day, 0), clock::instant(day + 1, 0).min(taken_at));
    let starts = (0..).map(|n| start + n * HOUR).take_while(|at| *at < end);
    starts.map(|at| (at, clock::hour(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::parameters::DEFAULT_PARAMETERS;

    fn world() -> World {
        let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
        World::new(1, parameters, 36, NaiveDate::from_ymd_opt(2026, 9, 30).unwrap()).unwrap()
    }

    #[test]
    fn the_period_starts_whole_months_before_its_end() {
        let period = world().period;
        assert_eq!(civil_date(period.first_day).to_string(), "2023-10-01");
        assert_eq!(period.months().count(), 36);
    }

    #[test]
    fn days_have_23_24_or_25_hours_and_the_last_has_half() {
        let world = world();
        let day = |y, m, d| days_since_epoch(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        for (at, hours) in
            [(day(2026, 3, 29), 23), (day(2025, 10, 26), 25), (day(2026, 6, 1), 24), (day(2026, 10, 1), 12)]
        {
            assert_eq!(hours_of_day(at, world.period.taken_at).len(), hours);
        }
        let spring = hours_of_day(day(2026, 3, 29), world.period.taken_at);
        assert!(spring.iter().all(|(_, hour)| *hour != 1));
    }

    #[test]
    fn a_stated_level_is_kept_and_others_are_drawn() {
        let world = world();
        let setting = |slug: &str| {
            let at = world.reference.forces.iter().position(|f| f.slug == slug).unwrap();
            world.force(at, &world.reference.forces[at])
        };
        assert_eq!(setting("gloucestershire").levels[0], 0.74);
        assert_eq!(setting("gloucestershire").levels[2], 1.0);
        assert_ne!(setting("wiltshire").levels[2], setting("dorset").levels[2]);
        assert_eq!(setting("wiltshire").levels, setting("wiltshire").levels);
        let areas = setting("metropolitan").areas;
        assert!((areas.iter().map(|a| a.share).sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_period_that_cannot_be_made_is_refused() {
        let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
        assert!(World::new(1, parameters, 0, NaiveDate::from_ymd_opt(2026, 9, 30).unwrap()).is_err());
    }
}
