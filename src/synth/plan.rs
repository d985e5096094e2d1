//! How many crimes, incidents and calls each day of each force has, and the blocks of days that are drawn together.
//!
//! The stated number of crimes is met exactly. A block is bounded in rows, so memory does not grow with the run.

use chrono::Datelike;
use rand_distr::{Distribution, Gamma};

use super::conditions::{Conditions, season};
use super::random::{Purpose, Stream, normal, stream};
use super::world::{ForceSetting, World, morning_share};
use crate::domain::{Month, civil_date};

/// Crimes of one block at most, where a single day has no more.
const CRIMES_PER_BLOCK: u64 = 12_000;

/// Numbers of rows that a day begins with; surveys and contacts follow from its crimes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub crimes: u64,
    pub incidents: u64,
    pub calls: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayPlan {
    /// Days since 1970-01-01.
    pub day: i32,
    pub rows: Rows,
}

/// Consecutive days of one month of one force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Position among the forces of the run.
    pub force: usize,
    pub month: Month,
    pub days: Vec<DayPlan>,
    /// Rows of the month before this block: its references are numbered from there.
    pub before: Rows,
}

impl Block {
    pub fn rows(&self) -> Rows {
        self.days.iter().fold(Rows::default(), |sum, day| sum.plus(day.rows))
    }
}

impl Rows {
    pub fn plus(self, other: Self) -> Self {
        Self {
            crimes: self.crimes + other.crimes,
            incidents: self.incidents + other.incidents,
            calls: self.calls + other.calls,
        }
    }
}

/// The days of a force that records `crimes` crimes in the whole period, with so many calls and incidents for each.
pub fn days(world: &World, force: &ForceSetting, crimes: u64, ratios: Ratios) -> Vec<DayPlan> {
    let (seasons, volumes) = (&world.parameters.seasons, &world.parameters.volumes);
    let mut rng = stream(world.seed, Purpose::Plan, force.ordinal, 0);
    let mut weights: [Vec<f64>; 3] = Default::default();
    let (mut month, mut level) = (None, [0.0; 3]);
    let per_day = crimes as f64 / f64::from(world.period.last_day - world.period.first_day + 1);
    let per_day = [per_day, per_day * ratios.incidents_per_crime, per_day * ratios.calls_per_crime];
    for day in world.period.first_day..=world.period.last_day + 1 {
        let date = civil_date(day);
        if month != Some(Month::of(date)) {
            month = Some(Month::of(date));
            let crime = Conditions::new(world, force, Month::of(date)).demand();
            let demand = [
                crime,
                season(Month::of(date), seasons.incident_summer_amplitude),
                season(Month::of(date), seasons.call_summer_amplitude),
            ];
            level = demand.map(|d| d * (volumes.month_spread * normal(&mut rng)).exp());
        }
        let weekday = date.weekday().num_days_from_monday() as usize;
        let weekday = [seasons.crime_weekday, seasons.incident_weekday, seasons.call_weekday].map(|w| w[weekday]);
        let part = if day > world.period.last_day { morning_share(&seasons.emergency_hour) } else { 1.0 };
        for (at, weights) in weights.iter_mut().enumerate() {
            let weight = level[at] * weekday[at] * part;
            weights.push(weight * uneven(&mut rng, per_day[at] * weight, volumes.day_spread));
        }
    }
    let totals = [1.0, ratios.incidents_per_crime, ratios.calls_per_crime].map(|r| (crimes as f64 * r).round() as u64);
    let [crimes, incidents, calls] = [0, 1, 2].map(|at| spread_over(totals[at], &weights[at]));
    let rows = crimes.into_iter().zip(incidents).zip(calls);
    let rows = rows.map(|((crimes, incidents), calls)| Rows { crimes, incidents, calls });
    (world.period.first_day..).zip(rows).map(|(day, rows)| DayPlan { day, rows }).collect()
}

/// Calls and incidents for each crime.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratios {
    pub calls_per_crime: f64,
    pub incidents_per_crime: f64,
}

/// A factor with mean 1 that makes a day with `mean` events vary as a Poisson count does, and by `spread` more.
fn uneven(rng: &mut Stream, mean: f64, spread: f64) -> f64 {
    let variance = 1.0 / mean.max(1e-6) + spread * spread;
    Gamma::new(1.0 / variance, variance).map_or(1.0, |gamma| gamma.sample(rng))
}

/// `total` over the days by weight, in whole numbers that add up to it.
fn spread_over(total: u64, weights: &[f64]) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    let (mut weight, mut given) = (0.0, 0);
    let counts = weights.iter().enumerate().map(|(at, w)| {
        weight += w;
        let so_far = if at + 1 == weights.len() { total } else { (total as f64 * weight / sum).floor() as u64 };
        let count = so_far.saturating_sub(given);
        given += count;
        count
    });
    counts.collect()
}

/// Cuts a force's days into blocks, each within a month.
pub fn blocks(force: usize, days: &[DayPlan]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for day in days {
        let month = Month::of(civil_date(day.day));
        let full = |block: &Block| block.rows().crimes + day.rows.crimes > CRIMES_PER_BLOCK;
        match blocks.last_mut() {
            Some(block) if block.month == month && !full(block) => block.days.push(*day),
            Some(block) if block.month == month => {
                let before = block.before.plus(block.rows());
                blocks.push(Block { force, month, days: vec![*day], before });
            }
            _ => blocks.push(Block { force, month, days: vec![*day], before: Rows::default() }),
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::synth::parameters::{DEFAULT_PARAMETERS, Parameters};

    fn planned(crimes: u64) -> Vec<DayPlan> {
        let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
        let world = World::new(1, parameters, 36, NaiveDate::from_ymd_opt(2026, 9, 30).unwrap()).unwrap();
        let force = world.force(13, &world.reference.forces[13]);
        days(&world, &force, crimes, Ratios { calls_per_crime: 3.0, incidents_per_crime: 1.4 })
    }

    #[test]
    fn stated_totals_are_met_exactly() {
        for crimes in [0, 1, 100, 135_000] {
            let days = planned(crimes);
            assert_eq!(days.len(), 1_096 + 1);
            let sum = days.iter().fold(Rows::default(), |sum, day| sum.plus(day.rows));
            let incidents = (crimes as f64 * 1.4).round() as u64;
            assert_eq!(sum, Rows { crimes, incidents, calls: crimes * 3 });
        }
    }

    #[test]
    fn days_vary_more_than_poisson_and_the_last_is_half() {
        let crimes: Vec<f64> = planned(135_000).iter().map(|d| d.rows.crimes as f64).collect();
        let mean = crimes.iter().sum::<f64>() / crimes.len() as f64;
        let variance = crimes.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / crimes.len() as f64;
        assert!(variance / mean > 1.2 && variance / mean < 4.0, "{}", variance / mean);
        assert!(crimes[1_096] < 0.65 * mean && crimes[1_096] > 0.15 * mean);
    }

    #[test]
    fn blocks_stay_within_a_month_and_number_on() {
        let rows = |crimes| Rows { crimes, incidents: crimes, calls: crimes };
        let day = |day, crimes| DayPlan { day, rows: rows(crimes) };
        // 1970-01-30 to 1970-02-01.
        let blocks = blocks(2, &[day(28, 1), day(29, 10), day(30, 11_990), day(31, 5)]);
        let shape: Vec<_> = blocks.iter().map(|b| (b.days.len(), b.before.crimes)).collect();
        assert_eq!(shape, [(2, 0), (1, 11), (1, 0)]);
    }
}
