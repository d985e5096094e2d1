//! What the template is given.

use minijinja::value::Value;
use serde::Serialize;

use super::PageInput;
use super::handlers::{self, Handlers};
use super::line::{self, Line};
use super::views;
use crate::domain::{JourneyStage, capitalised, long_date};
use crate::publish::charts::ChartUnit;
use crate::publish::facts::ExtractState;
use crate::publish::lists::{self, List};
use crate::publish::marked::Marked;
use crate::publish::steps::{self, Journey};

#[derive(Serialize)]
pub(super) struct Page {
    title: String,
    force: String,
    force_name: String,
    data_date: String,
    synthetic: bool,
    source: String,
    extracts: Vec<Extract>,
    lines: usize,
    by_chance: Option<Marked>,
    lists: Vec<List>,
    journey: Option<Journey>,
    journey_chart: Option<Value>,
    stages: Vec<Stage>,
    /// JSON, safe inside a script element.
    views: Value,
}

#[derive(Serialize)]
struct Extract {
    id: String,
    title: String,
    state: String,
    newest: Option<Value>,
    behind: Option<Value>,
    read: Option<Value>,
    quarantined: Option<Value>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Stage {
    id: &'static str,
    title: String,
    lines: Vec<Line>,
    /// Charts of the stage as a whole.
    charts: Vec<StageChart>,
    handlers: Option<Handlers>,
}

#[derive(Serialize)]
struct StageChart {
    /// The finding.
    title: Value,
    svg: Value,
}

/// A chart with the title that it gives itself.
fn chart(svg: &str) -> StageChart {
    let title =
        svg.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map_or("", |(title, _)| title);
    StageChart { title: Value::from_safe_string(title.to_owned()), svg: Value::from_safe_string(svg.to_owned()) }
}

pub(super) fn of(input: &PageInput<'_>) -> Page {
    Page {
        title: input.definitions.pipeline.title.clone(),
        force: input.force.to_owned(),
        force_name: input.force_name.to_owned(),
        data_date: long_date(input.data_date),
        synthetic: input.synthetic,
        source: input.source.to_owned(),
        extracts: input.facts.extracts.iter().map(|state| extract(input, state)).collect(),
        lines: input.facts.lines.len(),
        by_chance: lists::by_chance(input.facts),
        lists: lists::lists(input.facts),
        journey: steps::journey(&input.facts.journey),
        journey_chart: input.charts.get("journey").map(|svg| Value::from_safe_string(svg.clone())),
        stages: JourneyStage::ALL.iter().filter_map(|stage| of_stage(input, *stage)).collect(),
        views: Value::from_safe_string(json(&views::views(input))),
    }
}

/// A `<` could close the script element: JSON has another way to write it.
fn json(views: &impl Serialize) -> String {
    serde_json::to_string(views).unwrap_or_default().replace('<', "\\u003c")
}

fn extract(input: &PageInput<'_>, state: &ExtractState) -> Extract {
    let title = input.definitions.extract(&state.extract).map_or(state.extract.as_str(), |extract| &extract.title);
    let count = |column: &'static str, n: Option<u64>| {
        n.map(|n| Marked::new().count(column, n, &ChartUnit::Count.format(n as f64)).value())
    };
    Extract {
        id: state.extract.clone(),
        title: title.to_owned(),
        state: state.state.replace('_', " "),
        newest: state.newest_row.map(|day| Marked::new().day("newest_row", day).value()),
        behind: state.days_behind.filter(|days| *days > 0).and_then(|days| count("days_behind", Some(days))),
        read: count("records_read", state.records_read),
        quarantined: count("quarantined", state.quarantined),
        warnings: state.warnings.as_deref().unwrap_or_default().lines().map(str::to_owned).collect(),
    }
}

/// Charts that are of a stage and of no line, by the beginning of their names.
const STAGE_CHARTS: [(JourneyStage, &str); 4] = [
    (JourneyStage::Call, "demand_calls_"),
    (JourneyStage::Response, "demand_incidents_"),
    (JourneyStage::Outcome, "outcome_mix"),
    (JourneyStage::Victim, "satisfaction"),
];

fn of_stage(input: &PageInput<'_>, stage: JourneyStage) -> Option<Stage> {
    let of_stage = input.facts.lines.iter().filter(|line| line.stage == stage.name());
    let lines: Vec<Line> =
        of_stage.filter_map(|row| Some(line::line(input, input.definitions.metric(&row.metric)?, row))).collect();
    let of = |name: &str| STAGE_CHARTS.iter().any(|(of, start)| *of == stage && name.starts_with(start));
    let charts = input.charts.iter().filter(|(name, _)| of(name)).map(|(_, svg)| chart(svg)).collect();
    let handlers = if stage == JourneyStage::Call { handlers::handlers(input) } else { None };
    (!lines.is_empty()).then(|| Stage { id: stage.name(), title: capitalised(stage.name()), lines, charts, handlers })
}
