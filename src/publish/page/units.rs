//! The figures of areas, departments and teams below a line.

use minijinja::value::Value;
use serde::Serialize;

use super::PageInput;
use super::line::Verdict;
use crate::definitions::Metric;
use crate::domain::Level;
use crate::publish::cells::{counts, interval};
use crate::publish::charts::ChartUnit;
use crate::publish::facts::UnitFigure;
use crate::publish::marked::Marked;
use crate::publish::metric_charts::chart_unit;
use crate::publish::words;

/// All units of one level in one period.
#[derive(Serialize)]
pub(super) struct UnitTable {
    pub level: &'static str,
    /// `Areas`.
    pub title: &'static str,
    pub period_type: &'static str,
    pub period_start: String,
    pub period_end: String,
    pub period: Value,
    pub has_months: bool,
    pub rows: Vec<UnitRow>,
}

#[derive(Serialize)]
pub(super) struct UnitRow {
    /// As in tables; also the last part of a deep link.
    pub unit: String,
    pub name: String,
    pub figure: Value,
    pub interval: Option<Value>,
    pub counts: Option<Value>,
    pub sparkline: Option<Value>,
    pub variation: Option<&'static str>,
    pub picture: &'static str,
    pub last_year: Option<Value>,
    pub verdict: Option<Verdict>,
}

const LEVELS: [(Level, &str); 3] = [(Level::Area, "Areas"), (Level::Department, "Departments"), (Level::Team, "Teams")];

/// The tables of a line, in its own period.
pub(super) fn tables(input: &PageInput<'_>, metric: &Metric) -> Vec<UnitTable> {
    let line = input.facts.lines.iter().find(|line| line.metric == metric.id.as_str());
    let period = line.and_then(|line| Some((line.period_type.as_deref()?, (line.period_start?, line.period_end?))));
    let Some((kind, days)) = period else { return Vec::new() };
    let figures = input.facts.figures.of_metric.get(metric.id.as_str()).map_or(&[][..], Vec::as_slice);
    let of = |(level, title): (Level, &'static str)| {
        let of_level = figures.iter().filter(|f| f.level == level && f.period_type.name() == kind && f.days() == days);
        let rows: Vec<&UnitFigure> = of_level.collect();
        let first = rows.first()?;
        Some(UnitTable {
            level: level.name(),
            title,
            period_type: first.period_type.name(),
            period_start: first.period_start.to_string(),
            period_end: first.period_end.to_string(),
            period: words::period(kind, first.period_start, first.period_end).value(),
            has_months: level == Level::Area,
            rows: rows.into_iter().map(|figure| row(input, metric, figure)).collect(),
        })
    };
    LEVELS.into_iter().filter_map(of).collect()
}

fn row(input: &PageInput<'_>, metric: &Metric, figure: &UnitFigure) -> UnitRow {
    let unit: ChartUnit = chart_unit(metric.unit);
    let months = input.facts.figures.months(metric.id.as_str(), figure.level, &figure.unit);
    let judged = months.iter().rev().find(|m| m.class.as_deref().is_some_and(|class| class != "provisional"));
    let class = judged.and_then(|month| month.class.as_deref());
    let fired = judged.and_then(|month| month.rule.as_deref());
    let shown = class.map(|class| words::variation(class, fired));
    UnitRow {
        unit: figure.unit.clone(),
        name: words::unit_name(&figure.unit).to_owned(),
        figure: Marked::new().number("value", figure.value, &unit.format(figure.value)).value(),
        interval: interval(unit, figure.lower_95, figure.upper_95).map(|m| m.value()),
        counts: counts(unit, figure.numerator, figure.denominator).map(|m| m.value()),
        sparkline: (figure.level == Level::Area)
            .then(|| super::sparkline(input, metric, figure.level, &figure.unit))
            .flatten(),
        variation: shown.map(|(_, word)| word),
        picture: shown.map_or("", |(picture, _)| picture),
        last_year: figure
            .last_year
            .as_ref()
            .map(|l| Marked::new().number("last_year", l.value, &unit.format(l.value)).value()),
        verdict: figure.last_year.as_ref().map(|l| Verdict::beside_value(&l.verdict)),
    }
}
