//! The steps from call to victim, as marked text.

use std::sync::Arc;

use serde::Serialize;

use super::charts::ChartUnit;
use super::facts::JourneyLine;
use super::marked::{Marked, RowKey};
use super::words;
use crate::tables::journey::JourneyStep;

#[derive(Serialize)]
pub struct Journey {
    pub months: Marked,
    pub steps: Vec<Step>,
}

#[derive(Serialize)]
pub struct Step {
    pub id: &'static str,
    pub title: &'static str,
    pub upstream: Marked,
    pub linked: Marked,
    pub rate: Option<Marked>,
    pub time: Option<Marked>,
}

/// `None` for a build without one.
pub fn journey(lines: &[JourneyLine]) -> Option<Journey> {
    let first = lines.first()?;
    let months = Marked::new().day_as("first_month", first.first_month, &words::month(first.first_month)).text(" to ");
    let months = months.day_as("last_month", first.last_month, &words::month(first.last_month));
    Some(Journey { months: months.of_row(&row(first)), steps: lines.iter().map(step).collect() })
}

fn row(line: &JourneyLine) -> Arc<RowKey> {
    Arc::new(RowKey { table: "journey_year", key: vec![("step", line.step.name().to_owned())] })
}

fn step(line: &JourneyLine) -> Step {
    let row = row(line);
    let count = |column, n: u64| Marked::new().count(column, n, &ChartUnit::Count.format(n as f64)).of_row(&row);
    let unit = if line.step.is_timed_in_minutes() { ChartUnit::Minutes } else { ChartUnit::Days };
    // A survey is satisfied or not at the moment that it is answered.
    let time = line.median_time.filter(|_| line.step != JourneyStep::SurveyToSatisfied);
    Step {
        id: line.step.name(),
        title: line.step.words(),
        upstream: count("upstream", line.upstream),
        linked: count("linked", line.linked),
        rate: line.rate.map(|v| Marked::new().number("rate", v, &ChartUnit::Percent.format(v)).of_row(&row)),
        time: time.map(|v| Marked::new().number("median_time", v, &unit.format_in_words(v)).of_row(&row)),
    }
}
