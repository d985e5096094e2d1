//! A scorecard line's charts: which figures go where, and the title that the test result selects.

mod across_metrics;
mod among_forces;
mod beside_group;
mod by_age;
mod by_area;
mod demand;
mod evaluation;
mod forecast;
mod from_call_to_victim;
mod over_time;

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::charts::evaluation as evaluation_chart;
use super::charts::{Chart, ChartError, ChartMonth, ChartUnit, areas, funnel, ranked, spc};
use crate::definitions::{Definitions, Metric};
use crate::domain::{Basis, Month, PeriodType, SolvedSet, Unit, long_date};
use crate::tables::comparison::Comparison;
use crate::tables::evaluation::{Evaluated, chart_name};
use crate::tables::figure::Figure;
use crate::tables::funnel::FunnelPoint;
use crate::tables::over_time::SpcPoint;

pub use across_metrics::{AcrossMetrics, OUTCOME_SHARES, across_metrics};
pub use by_age::{MaturityChartInput, maturity_chart};
pub use demand::{DemandChartInput, demand_charts};
pub use forecast::{ForecastChartInput, forecast_chart};
pub use from_call_to_victim::{JourneyChartInput, journey_chart};

/// One metric of the force that the charts are for, at force level and in scope `all`.
pub struct ChartInput<'a> {
    pub definitions: &'a Definitions,
    pub metric: &'a Metric,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    pub own: &'a [Figure],
    pub spc: &'a [SpcPoint],
    /// Figures and months of the force's areas.
    pub of_areas: &'a [Figure],
    pub spc_of_areas: &'a [SpcPoint],
    pub comparisons: &'a [Comparison],
    /// Every force, in every funnel of the metric.
    pub funnel: &'a [FunnelPoint],
    /// Other forces and the nation.
    pub others: &'a [Figure],
    /// Interventions that were meant to move it.
    pub evaluations: &'a [Evaluated],
}

/// The line's charts with their file names: one over time and one by area, one beside the most similar forces where there is a group,
/// one among all forces where there is a funnel, and one for each intervention whose effect could be estimated.
pub fn charts(input: &ChartInput<'_>) -> Result<Vec<(String, Chart)>, ChartError> {
    let mut made = Vec::new();
    if !input.spc.is_empty() {
        made.push((format!("{}_spc", input.metric.id), spc::chart(&over_time::input(input))?));
    }
    if let Some(of) = by_area::input(input) {
        made.push((format!("{}_areas", input.metric.id), areas::chart(&of)?));
    }
    if let Some(row) = beside_group::row(input) {
        made.push((format!("{}_most_similar", input.metric.id), ranked::chart(&beside_group::input(input, row))?));
    }
    if let Some((own, points)) = among_forces::points(input) {
        made.push((format!("{}_funnel", input.metric.id), funnel::chart(&among_forces::input(input, own, &points))?));
    }
    for evaluated in input.evaluations {
        if let Some(of) = evaluation::input(input, evaluated) {
            made.push((
                chart_name(input.metric.id.as_str(), &evaluated.row.intervention),
                evaluation_chart::chart(&of)?,
            ));
        }
    }
    Ok(made)
}

pub(super) fn chart_unit(unit: Unit) -> ChartUnit {
    match unit {
        Unit::Calls | Unit::Crimes => ChartUnit::Count,
        Unit::Proportion => ChartUnit::Percent,
        Unit::Per1000 => ChartUnit::Rate,
        Unit::Seconds => ChartUnit::Seconds,
        Unit::Minutes => ChartUnit::Minutes,
        Unit::Days => ChartUnit::Days,
    }
}

/// The foot of a chart.
fn source_words(source: &str, data_date: NaiveDate) -> String {
    format!("{source} Data to {}.", long_date(data_date))
}

fn force_name(input: &ChartInput<'_>, id: &str) -> String {
    input.definitions.references.force_name(id).unwrap_or(id).to_owned()
}

fn basis_words(metric: &Metric) -> &'static str {
    match metric.basis {
        Some(Basis::Recorded) => ", recorded basis",
        Some(Basis::Closed) => ", closed basis",
        None => "",
    }
}

fn chart_month(month: Month) -> Option<ChartMonth> {
    ChartMonth::new(month.year(), month.number() as u8)
}

fn solved_words(set: SolvedSet) -> &'static str {
    match set {
        SolvedSet::PositiveExcludingTic => "positive outcomes without TIC (types 1, 2, 3, 6, 7, 8 and 22)",
        SolvedSet::Legacy => "the legacy set (types 1, 2, 3, 4, 6, 7 and 8)",
        SolvedSet::SanctionDetection => "sanction detections (types 1, 2, 3, 4, 6 and 7)",
    }
}

fn period_words(period_type: PeriodType, start: NaiveDate, end: NaiveDate) -> String {
    match period_type {
        PeriodType::Month => start.format("%B %Y").to_string(),
        PeriodType::FinancialYear => format!("Financial year {}/{:02}", start.year(), (start.year() + 1) % 100),
        _ => format!("12 months to {}", end.format("%B %Y")),
    }
}

/// Alt text travels beside the pictures: one line a chart.
pub fn alt_texts(charts: &[(Arc<str>, String)]) -> String {
    let mut text = String::new();
    for (name, alt) in charts {
        text.push_str(&format!("{name}\t{}\n", alt.replace(['\n', '\t'], " ")));
    }
    text
}
