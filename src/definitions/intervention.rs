//! What a force has changed, and when: `pipelines/interventions.toml`, the register of dated interventions.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::Definitions;
use crate::domain::{Level, MetricId, Month};

/// One entry of the register.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervention {
    /// Lower case, digits and hyphens: `control-room-rota`.
    pub id: String,
    /// As a heading and a chart show it.
    pub name: String,
    /// The first day on which it is in force.
    pub date: NaiveDate,
    /// Why it was done, and why the figures should be read anew from then on.
    pub reason: String,
    /// Areas where it was done; empty: the whole force.
    pub areas: Vec<String>,
    /// Areas that it left as they were, to compare with. Empty: none.
    pub comparison_areas: Vec<String>,
    /// Whether charts of the areas start a new phase, with limits of its own.
    pub rephase: bool,
    /// What it is meant to move, each with the smallest change that would be worth having, in the metric's unit.
    pub metrics: BTreeMap<MetricId, f64>,
}

impl Intervention {
    /// The first month that it was in force from the first day on. The month in which it began belongs to neither side
    /// alone, and stays with those before.
    pub fn first_whole_month(&self) -> Month {
        let month = Month::of(self.date);
        if self.date.day() == 1 { month } else { month.plus(1) }
    }

    /// Whether the figures of a unit are those that it was to move: of its areas, or of the force and everything in it.
    fn is_in(&self, level: Level, unit: &str) -> bool {
        match self.areas.as_slice() {
            [] => level != Level::National,
            areas => level == Level::Area && areas.iter().any(|area| area == unit),
        }
    }

    fn moves(&self, metric: &MetricId) -> bool {
        self.metrics.contains_key(metric)
    }
}

impl Definitions {
    pub fn intervention(&self, id: &str) -> Option<&Intervention> {
        self.interventions.iter().find(|i| i.id == id)
    }

    /// Those of a force that are meant to move a metric, by date and id. The register is of the pipeline's own force.
    pub fn interventions_of(&self, force: &str, metric: &MetricId) -> impl Iterator<Item = &Intervention> {
        let is_own = force == self.pipeline.force.as_str();
        self.interventions.iter().filter(move |i| is_own && i.moves(metric))
    }

    /// Of these, the ones that were meant to move the figures of a unit.
    pub fn interventions_in(
        &self,
        force: &str,
        metric: &MetricId,
        level: Level,
        unit: &str,
    ) -> impl Iterator<Item = &Intervention> {
        self.interventions_of(force, metric).filter(move |i| i.is_in(level, unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intervention(date: &str, areas: &[&str]) -> Intervention {
        Intervention {
            id: "x".to_owned(),
            name: "X".to_owned(),
            date: date.parse().unwrap(),
            reason: "Y".to_owned(),
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            comparison_areas: Vec::new(),
            rephase: true,
            metrics: BTreeMap::new(),
        }
    }

    #[test]
    fn a_month_counts_from_its_first_day() {
        for (date, month) in [("2025-11-01", "2025-11"), ("2025-11-02", "2025-12"), ("2025-12-31", "2026-01")] {
            assert_eq!(intervention(date, &[]).first_whole_month(), Month::parse(month).unwrap(), "{date}");
        }
    }

    #[test]
    fn without_areas_the_whole_force_is_meant() {
        for (areas, level, unit, expected) in [
            (&[][..], Level::Force, "gloucestershire", true),
            (&[], Level::Team, "Response A", true),
            (&[], Level::National, "england-and-wales", false),
            (&["Stroud"], Level::Area, "Stroud", true),
            (&["Stroud"], Level::Area, "Cheltenham", false),
            (&["Stroud"], Level::Force, "gloucestershire", false),
            (&["Stroud"], Level::Team, "Stroud", false),
        ] {
            assert_eq!(intervention("2025-11-01", areas).is_in(level, unit), expected, "{areas:?} {unit}");
        }
    }
}
