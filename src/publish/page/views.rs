//! Figures of the force, areas and departments in every type of period, for the filter: read by the page's script.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PageInput;
use crate::domain::{Level, PeriodType};
use crate::publish::cells::{counts, interval};
use crate::publish::charts::ChartUnit;
use crate::publish::facts::UnitFigure;
use crate::publish::marked::Marked;
use crate::publish::metric_charts::chart_unit;
use crate::publish::words;

#[derive(Serialize)]
pub(super) struct Views {
    pub units: Vec<ViewUnit>,
    pub periods: Vec<ViewPeriod>,
    /// The periods that there are, in words.
    pub words: Vec<String>,
    /// By metric, then by the places of unit and type of period in the lists above.
    pub cells: BTreeMap<String, BTreeMap<String, Cell>>,
}

#[derive(Serialize)]
pub(super) struct ViewUnit {
    pub level: &'static str,
    pub unit: String,
    pub name: String,
}

#[derive(Serialize)]
pub(super) struct ViewPeriod {
    pub name: &'static str,
    pub title: &'static str,
}

/// Values as they stand in `metric_values`, each with what is shown: place of the period's words, first day, last day, value, shown;
/// ends of the interval, shown; numerator, denominator, shown.
#[derive(Serialize)]
pub(super) struct Cell(
    usize,
    String,
    String,
    f64,
    String,
    Option<f64>,
    Option<f64>,
    Option<String>,
    Option<f64>,
    Option<f64>,
    Option<String>,
);

const PERIODS: [(PeriodType, &str); 5] = [
    (PeriodType::Month, "Month"),
    (PeriodType::Quarter, "Quarter"),
    (PeriodType::FinancialYearToDate, "Year to date"),
    (PeriodType::FinancialYear, "Financial year"),
    (PeriodType::Rolling12Months, "12 months"),
];

pub(super) fn views(input: &PageInput<'_>) -> Views {
    let shown = |figure: &&UnitFigure| figure.level != Level::Team;
    let mut units: Vec<(Level, &str)> = input
        .facts
        .figures
        .of_metric
        .values()
        .flatten()
        .filter(shown)
        .map(|figure| (figure.level, figure.unit.as_str()))
        .collect();
    units.sort_unstable();
    units.dedup();
    let mut said = Vec::new();
    let mut cells: BTreeMap<String, BTreeMap<String, Cell>> = BTreeMap::new();
    for (metric, figures) in &input.facts.figures.of_metric {
        let Some(unit) = input.definitions.metric(metric).map(|metric| chart_unit(metric.unit)) else { continue };
        let of_metric = figures.iter().filter(shown).filter_map(|figure| {
            let at = units.binary_search(&(figure.level, figure.unit.as_str())).ok()?;
            let period = PERIODS.iter().position(|(period, _)| *period == figure.period_type)?;
            Some((format!("{at}.{period}"), cell(unit, figure, &mut said)))
        });
        cells.insert(metric.clone(), of_metric.collect());
    }
    let view_unit = |(level, unit): (Level, &str)| ViewUnit {
        level: level.name(),
        unit: unit.to_owned(),
        name: if level == Level::Force { input.force_name.to_owned() } else { words::unit_name(unit).to_owned() },
    };
    Views {
        units: units.into_iter().map(view_unit).collect(),
        periods: PERIODS.map(|(period, title)| ViewPeriod { name: period.name(), title }).into(),
        words: said,
        cells,
    }
}

fn cell(unit: ChartUnit, figure: &UnitFigure, said: &mut Vec<String>) -> Cell {
    let plain = |marked: Marked| marked.plain();
    let words = words::period(figure.period_type.name(), figure.period_start, figure.period_end).plain();
    let place = said.iter().position(|one| *one == words).unwrap_or_else(|| {
        said.push(words);
        said.len() - 1
    });
    Cell(
        place,
        figure.period_start.to_string(),
        figure.period_end.to_string(),
        figure.value,
        unit.format(figure.value),
        figure.lower_95,
        figure.upper_95,
        interval(unit, figure.lower_95, figure.upper_95).map(plain),
        figure.numerator,
        figure.denominator,
        counts(unit, figure.numerator, figure.denominator).map(plain),
    )
}
