//! A line by month with its limits, as a chart that Office draws and whose data a reader can open.

use std::sync::Arc;

use chrono::NaiveDate;

use super::sources::Sources;
use crate::domain::Level;
use crate::office::chart::{Categories, Label, Line, Look, Marker, NativeChart, Plot, ValueAxis};
use crate::office::content::Colour;
use crate::publish::charts::{ChartUnit, palette};
use crate::publish::facts::SpcMonth;
use crate::publish::marked::{Marked, RowKey};
use crate::publish::words;

/// What a month's class is called on the chart, and how it is marked.
const CLASSES: [(&str, &str, Marker); 5] = [
    ("improving", "Improving", Marker::Circle),
    ("concerning", "Concern", Marker::Diamond),
    ("high", "Unusually high", Marker::Square),
    ("low", "Unusually low", Marker::Square),
    ("provisional", "Provisional", Marker::Triangle),
];

fn colour(class: &str) -> Colour {
    let colour = match class {
        "improving" => palette::MID_BLUE,
        "concerning" => palette::ORANGE,
        "provisional" => palette::LIGHT_GREY,
        _ => palette::LIGHT_PURPLE,
    };
    of(colour)
}

pub(super) fn of(colour: plotters::style::RGBColor) -> Colour {
    Colour(colour.0, colour.1, colour.2)
}

/// A number format of Excel.
pub(super) fn number_format(unit: ChartUnit) -> &'static str {
    match unit {
        ChartUnit::Percent => "0.0%",
        ChartUnit::Count => "#,##0",
        _ => "#,##0.0",
    }
}

/// The key of a unit's months in `spc`.
pub(super) fn row(metric: &str, level: Level, unit: &str) -> Arc<RowKey> {
    let key = [("metric", metric), ("level", level.name()), ("unit", unit)];
    Arc::new(RowKey { table: "spc", key: key.map(|(column, value)| (column, value.to_owned())).into() })
}

/// A column of `spc`.
type OfMonth = fn(&SpcMonth) -> Option<f64>;

/// The chart; `None` without a month that has a value.
pub(super) fn chart(
    title: &str,
    unit: ChartUnit,
    months: &[SpcMonth],
    row: &Arc<RowKey>,
    sources: &mut Sources,
) -> Option<NativeChart> {
    months.iter().find(|month| month.value.is_some())?;
    let values = |of: OfMonth| months.iter().map(of).collect::<Vec<_>>();
    let mut lines = vec![Line {
        name: "By month".to_owned(),
        values: values(|month| month.value),
        colour: of(palette::DARK_BLUE),
        look: Look::Dotted,
        label: Label::None,
    }];
    sources.series("By month", row, "value");
    let limits: [(&str, &str, OfMonth, Look); 3] = [
        ("Mean", "centre", |month| month.centre, Look::Thin),
        ("Upper limit", "upper", |month| month.upper, Look::Dashed),
        ("Lower limit", "lower", |month| month.lower, Look::Dashed),
    ];
    for (name, column, of_month, look) in limits {
        let values = values(of_month);
        if values.iter().any(Option::is_some) {
            lines.push(Line {
                name: name.to_owned(),
                values,
                colour: of(palette::MID_GREY),
                look,
                label: Label::AtEnd,
            });
            sources.series(name, row, column);
        }
    }
    for (class, name, marker) in CLASSES {
        let of_class = |month: &SpcMonth| month.value.filter(|_| month.class.as_deref() == Some(class));
        let values: Vec<Option<f64>> = months.iter().map(of_class).collect();
        if values.iter().any(Option::is_some) {
            let look = Look::Points(marker);
            lines.push(Line { name: name.to_owned(), values, colour: colour(class), look, label: Label::Legend });
            sources.series(name, row, "value");
        }
    }
    let alt = sources.text(&alt(title, unit, months, row));
    Some(NativeChart {
        alt,
        categories: Categories::Months(months.iter().map(|month| month.month).collect()),
        plot: Plot::Lines(lines),
        category_title: None,
        value_title: unit_title(unit),
        number_format: number_format(unit).to_owned(),
        value_axis: axis(months),
    })
}

/// Around all that is drawn, on round numbers; from 0 where that is near.
fn axis(months: &[SpcMonth]) -> ValueAxis {
    let drawn = months.iter().flat_map(|month| [month.value, month.centre, month.lower, month.upper]).flatten();
    let (low, high) = drawn.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let span = high - low;
    if span.is_nan() || span <= 0.0 || low < 0.0 {
        return ValueAxis::Free;
    }
    // A quarter of the power of ten at or below the span.
    let step = 10_f64.powf(span.log10().floor()) / 4.0;
    let bottom = ((low - span / 10.0) / step).floor() * step;
    let top = ((high + span / 10.0) / step).ceil() * step;
    ValueAxis::Between(if bottom < span / 2.0 { 0.0 } else { bottom }, top)
}

/// What the axis is in, where its numbers do not say it.
pub(super) fn unit_title(unit: ChartUnit) -> Option<String> {
    Some(match unit {
        ChartUnit::Seconds => "seconds".to_owned(),
        ChartUnit::Minutes => "minutes".to_owned(),
        ChartUnit::Days => "days".to_owned(),
        ChartUnit::Rate => "per thousand residents".to_owned(),
        ChartUnit::Percent | ChartUnit::Count | ChartUnit::PerDay => return None,
    })
}

/// What the chart shows, from the same months: its span, its last judged month and what is said of that.
fn alt(title: &str, unit: ChartUnit, months: &[SpcMonth], row: &Arc<RowKey>) -> Marked {
    let of_month = |day: NaiveDate| {
        let mut row = RowKey::clone(row);
        row.key.push(("month", day.to_string()));
        Arc::new(row)
    };
    let month = |day: NaiveDate| Marked::new().day_as("month", day, &words::month(day)).of_row(&of_month(day));
    let mut said = Marked::new().text("Line chart: ").text(title);
    if let (Some(first), Some(last)) = (months.first(), months.last()) {
        said = said.text(", by month from ").then(&month(first.month)).text(" to ").then(&month(last.month)).text(".");
    }
    let judged = months.iter().rev().find(|m| m.value.is_some() && m.class.as_deref() != Some("provisional"));
    let Some((judged, value)) = judged.and_then(|m| Some((m, m.value?))) else { return said };
    let mut newest = month(judged.month).text(": ").number("value", value, &unit.format_in_words(value));
    if let (Some(centre), Some(lower), Some(upper)) = (judged.centre, judged.lower, judged.upper) {
        newest = newest.text("; mean ").number("centre", centre, &unit.format(centre)).text(", limits ");
        newest = newest.number("lower", lower, &unit.format(lower)).text(" to ");
        newest = newest.number("upper", upper, &unit.format(upper));
    }
    said = said.text(" ").then(&newest.of_row(&of_month(judged.month))).text(".");
    match judged.class.as_deref() {
        Some(class) => said.text(" ").text(words::variation(class, judged.rule.as_deref()).1).text("."),
        None => said,
    }
}
