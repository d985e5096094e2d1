//! A figure by area with its intervals, as a chart that Office draws.

use std::sync::Arc;

use super::month_chart::{number_format, of, unit_title};
use super::sources::Sources;
use crate::domain::Level;
use crate::office::chart::{Bars, Categories, Errors, NativeChart, Plot, ValueAxis};
use crate::publish::charts::{ChartUnit, palette};
use crate::publish::facts::UnitFigure;
use crate::publish::marked::{Marked, RowKey};
use crate::publish::words;

/// The rows of `metric_values` of a metric's units in the figure's period; of one unit, where it is named.
pub(super) fn row(metric: &str, figure: &UnitFigure, unit: Option<&str>) -> Arc<RowKey> {
    let (start, end) = (figure.period_start.to_string(), figure.period_end.to_string());
    let mut key = vec![
        ("metric", metric.to_owned()),
        ("level", figure.level.name().to_owned()),
        ("period_type", figure.period_type.name().to_owned()),
        ("period_start", start),
        ("period_end", end),
    ];
    key.extend(unit.map(|unit| ("unit", unit.to_owned())));
    Arc::new(RowKey { table: "metric_values", key })
}

/// The chart; `None` without a figure.
pub(super) fn chart(
    metric: &str,
    title: &str,
    unit: ChartUnit,
    areas: &[&UnitFigure],
    sources: &mut Sources,
) -> Option<NativeChart> {
    let first = areas.first()?;
    let row_of_all = row(metric, first, None);
    let period = words::period(first.period_type.name(), first.period_start, first.period_end);
    let mut alt = Marked::new().text("Bar chart: ").text(title).text(" by area, ").then(&period.of_row(&row(
        metric,
        first,
        Some(&first.unit),
    )));
    for (at, area) in areas.iter().enumerate() {
        let value = Marked::new().number("value", area.value, &unit.format(area.value));
        alt = alt.text(if at == 0 { ": " } else { "; " }).text(words::unit_name(&area.unit)).text(" ");
        alt = alt.then(&value.of_row(&row(metric, area, Some(&area.unit))));
    }
    let alt = sources.text(&alt.text("."));
    sources.series("Figure", &row_of_all, "value");
    let has_interval = areas.iter().any(|area| area.lower_95.is_some() && area.upper_95.is_some());
    let errors = has_interval.then(|| Errors {
        plus: areas.iter().map(|area| Some((area.upper_95? - area.value).max(0.0))).collect(),
        minus: areas.iter().map(|area| Some((area.value - area.lower_95?).max(0.0))).collect(),
    });
    if has_interval {
        sources.series("Figure: interval above", &row_of_all, "upper_95");
        sources.series("Figure: interval below", &row_of_all, "lower_95");
    }
    Some(NativeChart {
        alt,
        categories: Categories::Texts(areas.iter().map(|area| words::unit_name(&area.unit).to_owned()).collect()),
        plot: Plot::Bars(Bars {
            name: "Figure".to_owned(),
            values: areas.iter().map(|area| Some(area.value)).collect(),
            colour: of(palette::DARK_BLUE),
            horizontal: true,
            value_labels: !has_interval,
            errors,
            highlighted: Vec::new(),
        }),
        category_title: None,
        value_title: unit_title(unit),
        number_format: number_format(unit).to_owned(),
        value_axis: ValueAxis::FromZero,
    })
}

/// An area's figures are those of [`Level::Area`] in the line's own period, in the order of their names.
pub(super) fn areas<'a>(
    figures: &'a [UnitFigure],
    period: (&str, chrono::NaiveDate, chrono::NaiveDate),
) -> Vec<&'a UnitFigure> {
    let (kind, start, end) = period;
    figures
        .iter()
        .filter(|f| f.level == Level::Area && f.period_type.name() == kind && f.days() == (start, end))
        .collect()
}
