//! How many outcomes of each class have come, by age of the crime: the same for every force.

use super::super::random::Duration;
use super::super::world::World;
use crate::domain::{Month, days_since_epoch};

/// Days up to which ages are told apart.
const DAYS: usize = 2_400;

pub struct OutcomeAges {
    /// By subgroup and class: the shares of outcomes that came within 0, 1, 2 ... days, added up.
    summed: Vec<[Vec<f64>; 9]>,
}

impl OutcomeAges {
    pub fn new(world: &World) -> Self {
        let table = |duration: Duration| {
            let mut sum = 0.0;
            let mut summed = vec![0.0];
            summed.extend((0..DAYS).map(|days| {
                sum += duration.share_within(days as f64);
                sum
            }));
            summed
        };
        Self { summed: world.subgroups.iter().map(|subgroup| subgroup.days.map(table)).collect() }
    }

    /// Share of outcomes given by the end of `day` among crimes recorded evenly over `month`.
    pub fn given_by(&self, subgroup: usize, class: usize, month: Month, day: i32) -> f64 {
        let first = days_since_epoch(month.first_day());
        let days = days_since_epoch(month.last_day()) - first + 1;
        // A crime recorded in the middle of a day is half a day younger at the end of another: both ends are taken.
        let sum = |from: i32, to: i32| self.share_sum(subgroup, class, to) - self.share_sum(subgroup, class, from);
        let (youngest, oldest) = (day - first - days + 1, day - first + 1);
        (sum(youngest, oldest) + sum(youngest + 1, oldest + 1)) / 2.0 / f64::from(days)
    }

    /// Sum of the shares given within 0 to `age` - 1 days; none before the recording.
    fn share_sum(&self, subgroup: usize, class: usize, age: i32) -> f64 {
        let table = &self.summed[subgroup][class];
        let age = usize::try_from(age).unwrap_or(0);
        // Beyond the table every outcome has come.
        table[age.min(DAYS)] + age.saturating_sub(DAYS) as f64
    }

    /// Share of outcomes given within so many days.
    pub fn within_days(&self, subgroup: usize, class: usize, days: usize) -> f64 {
        let days = days.min(DAYS - 1);
        let table = &self.summed[subgroup][class];
        table[days + 1] - table[days]
    }
}
