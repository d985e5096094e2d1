//! What holds in one force in one month: its own levels, the month's variation, and interventions and special causes.
//!
//! Rows and the comparator table are both drawn from these, so that they agree.

use super::outcomes::OutcomeClass;
use super::parameters::{Area, Effect, Event, Measure, Subgroup};
use super::random::{Duration, Purpose, normal, normal_quantile, stream};
use super::world::{ForceSetting, World};
use crate::domain::Month;

#[derive(Clone, Debug)]
pub struct Conditions {
    pub answer_999_seconds: Duration,
    pub answer_101_seconds: Duration,
    pub abandoned_999: f64,
    pub abandoned_101: f64,
    pub recording_delay: f64,
    pub cancelled: f64,
    pub needs_assessed: f64,
    /// Standard deviations of an answer at which each question's satisfied answers end.
    pub satisfied_below: [f64; 5],
    /// In the order of the force's areas.
    pub areas: Vec<AreaConditions>,
}

#[derive(Clone, Debug)]
pub struct AreaConditions {
    /// Daily demand by subgroup; 1 over all areas and subgroups is an average day of an average month.
    pub demand: Vec<f64>,
    /// Shares of the classes of outcome in the end, by subgroup; they add up to 1.
    pub outcomes: Vec<[f64; 9]>,
    /// Factor on the minutes to attend.
    pub attendance_time: f64,
    /// Factor on the share never attended.
    pub unattended: f64,
    pub updated_on_time: f64,
    /// Added to `satisfied_below` of the question on being kept informed.
    pub informed_shift: f64,
}

/// Position of the question on being kept informed.
pub const INFORMED: usize = 2;

impl Conditions {
    pub fn new(world: &World, force: &ForceSetting, month: Month) -> Self {
        let draft = Draft::new(world, force, month);
        let calls = &world.parameters.calls;
        let everywhere = |measure| draft.level(measure, None, None);
        let satisfaction = everywhere(Measure::Satisfaction);
        Self {
            answer_999_seconds: calls.answer_999_seconds.times(everywhere(Measure::AnswerWait999)),
            answer_101_seconds: calls.answer_101_seconds.times(everywhere(Measure::AnswerWait101)),
            abandoned_999: (calls.abandoned_999 * everywhere(Measure::Abandoned999)).min(0.5),
            abandoned_101: (calls.abandoned_101 * everywhere(Measure::Abandoned101)).min(0.5),
            recording_delay: everywhere(Measure::RecordingDelay),
            cancelled: (world.parameters.crimes.cancelled * everywhere(Measure::Cancelled)).min(0.5),
            needs_assessed: on_the_odds(world.parameters.contacts.needs_assessed, everywhere(Measure::NeedsAssessed)),
            satisfied_below: world
                .parameters
                .surveys
                .satisfied
                .in_order()
                .map(|share| normal_quantile(share) + satisfaction),
            areas: force.areas.iter().map(|area| draft.area(area)).collect(),
        }
    }

    /// Crimes a day, relative to an average day of the force.
    pub fn demand(&self) -> f64 {
        self.areas.iter().flat_map(|area| &area.demand).sum()
    }
}

/// Relative demand of a month, highest in July, by the amplitude of its yearly wave.
pub fn season(month: Month, summer_amplitude: f64) -> f64 {
    let from_july = f64::from(month.number()) - 7.0;
    1.0 + summer_amplitude * (std::f64::consts::TAU * from_july / 12.0).cos()
}

fn on_the_odds(share: f64, factor: f64) -> f64 {
    let odds = share / (1.0 - share) * factor;
    odds / (1.0 + odds)
}

/// A month's conditions in the making.
struct Draft<'a> {
    world: &'a World,
    month: Month,
    /// Force's level and month's variation together.
    levels: [f64; 15],
    /// Share of crime by subgroup before season and trend.
    mix: Vec<f64>,
    events: Vec<&'a Event>,
}

impl<'a> Draft<'a> {
    fn new(world: &'a World, force: &ForceSetting, month: Month) -> Self {
        let mut rng = stream(world.seed, Purpose::Month, force.ordinal, month.serial());
        let spread_of = |measure| world.parameters.between_months.get(&measure).copied().unwrap_or(0.0);
        let mut levels = force.levels;
        for (level, measure) in levels.iter_mut().zip(Measure::DRAWN) {
            let drawn = spread_of(measure) * normal(&mut rng);
            *level = if measure.is_added() { *level + drawn } else { *level * drawn.exp() };
        }
        let spread = spread_of(Measure::OffenceMix);
        let recorded = || world.parameters.subgroup.iter().map(|s| s.recorded_2024_25);
        let total: f64 = recorded().zip(&force.mix).map(|(crimes, mix)| crimes * mix).sum();
        let own = recorded().zip(&force.mix).map(|(crimes, mix)| crimes * mix / total);
        let mix = own.map(|share| share * (spread * normal(&mut rng)).exp()).collect();
        let events = world.parameters.event.iter().filter(|event| event.force == force.slug);
        let events = events.filter(|event| holds(event, month, world.period.last_month())).collect();
        Self { world, month, levels, mix, events }
    }

    /// The level of a measure in one area and subgroup, or in all.
    fn level(&self, measure: Measure, area: Option<&Area>, subgroup: Option<&Subgroup>) -> f64 {
        let start = Measure::DRAWN.iter().position(|m| *m == measure).map(|at| self.levels[at]);
        let start = start.unwrap_or(if measure.is_added() { 0.0 } else { 1.0 });
        let reaches = |event: &&&Event| {
            let area = event.areas.is_empty() || area.is_some_and(|a| event.areas.contains(&a.name));
            area && (event.subgroups.is_empty() || subgroup.is_some_and(|s| event.subgroups.contains(&s.name)))
        };
        let effects = self.events.iter().filter(reaches).flat_map(|event| &event.effects);
        let effects = effects.filter(|effect| effect.measure == measure);
        effects.fold(
            start,
            |level, Effect { factor, .. }| {
                if measure.is_added() { level + factor } else { level * factor }
            },
        )
    }

    fn area(&self, area: &Area) -> AreaConditions {
        let subgroups = &self.world.parameters.subgroup;
        let on_time = self.level(Measure::UpdateOnTime, Some(area), None);
        AreaConditions {
            demand: subgroups.iter().zip(&self.mix).map(|(s, share)| share * self.demand(area, s)).collect(),
            outcomes: subgroups.iter().map(|s| self.outcomes(area, s)).collect(),
            attendance_time: self.level(Measure::AttendanceTime, Some(area), None),
            unattended: self.level(Measure::Unattended, Some(area), None),
            updated_on_time: on_the_odds(self.world.parameters.contacts.updated_on_time, on_time),
            informed_shift: self.level(Measure::SatisfactionInformed, Some(area), None),
        }
    }

    fn demand(&self, area: &Area, subgroup: &Subgroup) -> f64 {
        let period = self.world.period;
        let middle = f64::from(period.first_month().serial() + period.last_month().serial()) / 2.0;
        let years = (f64::from(self.month.serial()) - middle) / 12.0;
        let trend = (1.0 + subgroup.trend_per_year).powf(years);
        let events = self.level(Measure::Demand, Some(area), Some(subgroup));
        area.share * trend * season(self.month, subgroup.summer_amplitude) * events
    }

    fn outcomes(&self, area: &Area, subgroup: &Subgroup) -> [f64; 9] {
        let level = |measure| self.level(measure, Some(area), Some(subgroup));
        let mut shares = subgroup.outcomes.in_order();
        for (share, class) in shares.iter_mut().zip(OutcomeClass::ALL) {
            *share *= match class {
                OutcomeClass::Charge => level(Measure::Charge),
                OutcomeClass::NoSuspect => level(Measure::NoSuspect),
                OutcomeClass::NoSupportNoSuspect | OutcomeClass::NoSupport => level(Measure::NoSupport),
                OutcomeClass::Evidential | OutcomeClass::Other => 1.0,
                OutcomeClass::Caution | OutcomeClass::CommunityResolution | OutcomeClass::Diversion => {
                    level(Measure::OutOfCourt)
                }
            };
        }
        let total: f64 = shares.iter().sum();
        shares.map(|share| share / total)
    }
}

/// Whether an event has effect in `month` of a period that ends in `last`.
fn holds(event: &Event, month: Month, last: Month) -> bool {
    if let Some(calendar_month) = event.every_year_in {
        return month.number() == calendar_month;
    }
    match first_and_last_month(event, last) {
        Some((first, end)) => month >= first && end.is_none_or(|end| month <= end),
        None => false,
    }
}

/// The months of an event that happens once; no last month if it lasts beyond the period.
pub fn first_and_last_month(event: &Event, last: Month) -> Option<(Month, Option<Month>)> {
    let first = last.plus(1 - event.first_month?);
    Some((first, event.months.map(|months| first.plus(months - 1))))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::synth::parameters::{DEFAULT_PARAMETERS, Parameters};

    fn conditions(months: &[&str]) -> Vec<Conditions> {
        let mut parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
        parameters.between_months.clear();
        let world = World::new(1, parameters, 36, NaiveDate::from_ymd_opt(2026, 9, 30).unwrap()).unwrap();
        let at = world.reference.forces.iter().position(|f| f.slug == "gloucestershire").unwrap();
        let force = world.force(at, &world.reference.forces[at]);
        months.iter().map(|m| Conditions::new(&world, &force, Month::parse(m).unwrap())).collect()
    }

    #[test]
    fn events_hold_in_their_months_areas_and_subgroups() {
        // Counted from the end, the programme starts in month 23, the outage is month 8, the operation lasts from month
        // 16 to 13.
        let got = conditions(&["2024-10", "2024-11", "2026-02", "2026-03", "2025-05", "2025-06", "2025-09", "2025-10"]);
        let wait = |at: usize| got[at].answer_999_seconds.median;
        assert!((wait(1) / wait(0) - 0.47).abs() < 1e-9);
        assert!((wait(2) / wait(3) - 2.3).abs() < 1e-9);
        let shoplifting = 14;
        let charged = |at: usize, area: usize| got[at].areas[area].outcomes[shoplifting][0];
        assert!(charged(5, 0) / charged(4, 0) > 1.3 && charged(6, 1) > charged(7, 1));
        assert_eq!(charged(5, 2), charged(4, 2));
        let mix = |at: usize| got[at].areas[0].demand[shoplifting] / got[at].areas[2].demand[shoplifting];
        assert!((mix(5) / mix(4) - 1.4).abs() < 1e-9);
    }

    #[test]
    fn shares_of_outcomes_add_up() {
        for area in &conditions(&["2026-09"])[0].areas {
            assert!(area.outcomes.iter().all(|o| (o.iter().sum::<f64>() - 1.0).abs() < 1e-9));
        }
    }

    #[test]
    fn july_is_the_height_of_a_summer_wave() {
        let at = |m| season(Month::parse(m).unwrap(), 0.1);
        assert!((at("2026-07") - 1.1).abs() < 1e-9 && (at("2026-01") - 0.9).abs() < 1e-9);
    }
}
