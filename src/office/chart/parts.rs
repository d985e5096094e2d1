//! The part of a chart: its series as drawn, with the cells they come from (ECMA-376 part 1, 21.2).

use super::axes::{CATEGORY_AXIS, LABEL_SIZE, TEXT_COLOUR, VALUE_AXIS, axes, fill, line, text_look};
use super::sheet::Sheet;
use super::{Bars, Label, Line, Look, Marker, NativeChart, Plot, Stacked, ValueAxis};
use crate::office::content::Colour;
use crate::office::measure::Measure;
use crate::office::xml::DECLARATION;

const NAMESPACES: &str = "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// Room for a name beside the last value, as a part of the chart's width; a chart is seldom narrower than this.
const NARROWEST_PT: f64 = 420.0;
/// Height of a name beside the axis of a low chart.
const LABEL_SHARE: f64 = 0.1;

pub(super) fn chart_space(chart: &NativeChart, sheet: &Sheet<'_>, workbook: &str) -> String {
    let (plot, legend) = match &chart.plot {
        Plot::Lines(lines) => {
            let labels = labels(lines, chart.value_axis);
            (line_chart(lines, &labels, sheet, &chart.number_format), line_legend(lines, &labels))
        }
        Plot::Bars(bars) => (bar_chart(bars, sheet, &chart.number_format), String::new()),
        Plot::Stacked(stacked) => (stacked_chart(stacked, sheet), stacked_legend(stacked)),
    };
    format!(
        "{DECLARATION}<c:chartSpace {NAMESPACES}><c:date1904 val=\"0\"/><c:lang val=\"en-GB\"/><c:roundedCorners val=\"0\"/>\
         <c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea>{}{plot}{}</c:plotArea>{legend}<c:plotVisOnly val=\"1\"/>\
         <c:dispBlanksAs val=\"gap\"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}\
         <c:externalData r:id=\"{workbook}\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        layout(chart, !legend.is_empty()),
        axes(chart),
        text_look(LABEL_SIZE),
    )
}

/// Names beside last values need room on the right that no program leaves by itself.
fn layout(chart: &NativeChart, legend: bool) -> String {
    let Plot::Lines(lines) = &chart.plot else { return "<c:layout/>".to_owned() };
    let labels = labels(lines, chart.value_axis);
    let labelled = lines.iter().zip(&labels).filter(|(_, label)| **label == Label::AtEnd);
    let widest = labelled.map(|(l, _)| Measure::of("Arial").width(&l.name, true, 11.0)).fold(0.0_f64, f64::max);
    if widest == 0.0 {
        return "<c:layout/>".to_owned();
    }
    let left = if chart.value_title.is_some() { 0.05 } else { 0.01 };
    let right = ((widest + 12.0) / NARROWEST_PT).min(0.4);
    let foot = if legend { 0.12 } else { 0.02 } + if chart.category_title.is_some() { 0.08 } else { 0.0 };
    format!(
        "<c:layout><c:manualLayout><c:layoutTarget val=\"outer\"/><c:xMode val=\"edge\"/><c:yMode val=\"edge\"/>\
         <c:x val=\"{left}\"/><c:y val=\"0.03\"/><c:w val=\"{:.4}\"/><c:h val=\"{:.4}\"/></c:manualLayout></c:layout>",
        1.0 - left - right,
        0.97 - foot
    )
}

/// Where names stand: one that would meet another beside the last values goes into the legend.
fn labels(lines: &[Line], axis: ValueAxis) -> Vec<Label> {
    let values = || lines.iter().flat_map(|l| l.values.iter().flatten().copied());
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let span = match axis {
        ValueAxis::FromZero => high.max(0.0),
        ValueAxis::Free => high - low,
        ValueAxis::Between(from, to) => to - from,
    };
    let mut taken: Vec<f64> = Vec::new();
    let mut place = |line: &Line| match (line.label, line.values.iter().rev().flatten().next()) {
        (Label::AtEnd, Some(last)) if taken.iter().all(|other| (other - last).abs() > span * LABEL_SHARE) => {
            taken.push(*last);
            Label::AtEnd
        }
        (Label::AtEnd, Some(_)) => Label::Legend,
        (Label::AtEnd, None) => Label::None,
        (label, _) => label,
    };
    lines.iter().map(&mut place).collect()
}

fn has_values(values: &[Option<f64>]) -> bool {
    values.iter().any(Option::is_some)
}

/// A legend where more than one series is seen, without those that are labelled or have no value.
fn line_legend(lines: &[Line], labels: &[Label]) -> String {
    let seen = lines.iter().filter(|l| has_values(&l.values)).count();
    let in_legend = |i: &usize| labels[*i] == Label::Legend && has_values(&lines[*i].values);
    if seen < 2 || !(0..lines.len()).any(|i| in_legend(&i)) {
        return String::new();
    }
    let without: Vec<usize> = (0..lines.len()).filter(|i| !in_legend(i)).collect();
    legend(&without)
}

fn stacked_legend(stacked: &Stacked) -> String {
    if stacked.parts.len() < 2 { String::new() } else { legend(&[]) }
}

fn legend(without: &[usize]) -> String {
    let entries =
        without.iter().map(|i| format!("<c:legendEntry><c:idx val=\"{i}\"/><c:delete val=\"1\"/></c:legendEntry>"));
    format!(
        "<c:legend><c:legendPos val=\"b\"/>{}<c:overlay val=\"0\"/>{}</c:legend>",
        entries.collect::<String>(),
        text_look(LABEL_SIZE)
    )
}

fn axis_ids() -> String {
    format!("<c:axId val=\"{CATEGORY_AXIS}\"/><c:axId val=\"{VALUE_AXIS}\"/>")
}

fn line_chart(lines: &[Line], labels: &[Label], sheet: &Sheet<'_>, format: &str) -> String {
    let series = lines.iter().zip(labels).enumerate();
    let series: String = series.map(|(i, (line, label))| line_series(i, line, *label, sheet, format)).collect();
    format!(
        "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{series}<c:marker val=\"1\"/>{}</c:lineChart>",
        axis_ids()
    )
}

fn line_series(index: usize, series: &Line, label: Label, sheet: &Sheet<'_>, format: &str) -> String {
    let colour = series.colour;
    let (stroke, marker) = match series.look {
        Look::Solid => (line(colour, 2.25, false), no_marker()),
        Look::Dotted => (line(colour, 1.75, false), marker("circle", 5, colour)),
        Look::Thin => (line(colour, 1.25, false), no_marker()),
        Look::Dashed => (line(colour, 1.25, true), no_marker()),
        Look::Points(shape) => ("<a:ln w=\"19050\"><a:noFill/></a:ln>".to_owned(), marker(shape.name(), 9, colour)),
    };
    let label = match (label, series.values.iter().rposition(Option::is_some)) {
        (Label::AtEnd, Some(last)) => end_label(last, colour, format),
        _ => String::new(),
    };
    format!(
        "<c:ser><c:idx val=\"{index}\"/><c:order val=\"{index}\"/>{}<c:spPr>{stroke}</c:spPr>{marker}{label}{}\
         <c:val>{}</c:val><c:smooth val=\"0\"/></c:ser>",
        sheet.name(index),
        sheet.categories(),
        sheet.values(index)
    )
}

impl Marker {
    fn name(self) -> &'static str {
        match self {
            Self::Circle => "circle",
            Self::Diamond => "diamond",
            Self::Square => "square",
            Self::Triangle => "triangle",
        }
    }
}

fn no_marker() -> String {
    "<c:marker><c:symbol val=\"none\"/></c:marker>".to_owned()
}

fn marker(shape: &str, size: u8, colour: Colour) -> String {
    format!(
        "<c:marker><c:symbol val=\"{shape}\"/><c:size val=\"{size}\"/><c:spPr>{}<a:ln w=\"6350\">{}</a:ln></c:spPr></c:marker>",
        fill(colour),
        fill(Colour(0xff, 0xff, 0xff))
    )
}

/// What labels show: the value, the name of the series.
fn shows(value: bool, name: bool) -> String {
    format!(
        "<c:showLegendKey val=\"0\"/><c:showVal val=\"{}\"/><c:showCatName val=\"0\"/><c:showSerName val=\"{}\"/>\
         <c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/>",
        u8::from(value),
        u8::from(name)
    )
}

fn label_look(colour: Colour) -> String {
    format!(
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr wrap=\"none\"/><a:lstStyle/><a:p><a:pPr>\
         <a:defRPr sz=\"{LABEL_SIZE}\" b=\"1\">{}</a:defRPr></a:pPr><a:endParaRPr lang=\"en-GB\"/></a:p></c:txPr>",
        fill(colour)
    )
}

fn end_label(last: usize, colour: Colour, format: &str) -> String {
    let format = crate::office::xml::escaped(format);
    format!(
        "<c:dLbls><c:dLbl><c:idx val=\"{last}\"/><c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/>{}\
         <c:dLblPos val=\"r\"/>{}</c:dLbl>{}</c:dLbls>",
        label_look(colour),
        shows(false, true),
        shows(false, false)
    )
}

fn bar_chart(bars: &Bars, sheet: &Sheet<'_>, format: &str) -> String {
    let points = bars.highlighted.iter().map(|(place, colour)| {
        format!(
            "<c:dPt><c:idx val=\"{place}\"/><c:invertIfNegative val=\"0\"/><c:bubble3D val=\"0\"/><c:spPr>{}</c:spPr></c:dPt>",
            fill(*colour)
        )
    });
    let labels = if bars.value_labels {
        format!(
            "<c:dLbls><c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}\
             <c:dLblPos val=\"outEnd\"/>{}</c:dLbls>",
            crate::office::xml::escaped(format),
            text_look(LABEL_SIZE),
            shows(true, false)
        )
    } else {
        String::new()
    };
    format!(
        "<c:barChart><c:barDir val=\"{}\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/><c:ser><c:idx val=\"0\"/>\
         <c:order val=\"0\"/>{}<c:spPr>{}</c:spPr><c:invertIfNegative val=\"0\"/>{}{labels}{}{}<c:val>{}</c:val></c:ser>\
         <c:gapWidth val=\"50\"/>{}</c:barChart>",
        if bars.horizontal { "bar" } else { "col" },
        sheet.name(0),
        fill(bars.colour),
        points.collect::<String>(),
        error_bars(bars, sheet),
        sheet.categories(),
        sheet.values(0),
        axis_ids()
    )
}

/// Columns 1 and 2 of the sheet: how far above, how far below. Bars that lie have one direction, so none is named.
fn error_bars(bars: &Bars, sheet: &Sheet<'_>) -> String {
    if bars.errors.is_none() {
        return String::new();
    }
    format!(
        "<c:errBars>{}<c:errBarType val=\"both\"/><c:errValType val=\"cust\"/><c:noEndCap val=\"0\"/><c:plus>{}</c:plus>\
         <c:minus>{}</c:minus><c:spPr>{}</c:spPr></c:errBars>",
        if bars.horizontal { "" } else { "<c:errDir val=\"y\"/>" },
        sheet.values(1),
        sheet.values(2),
        format_args!("<a:ln w=\"12700\">{TEXT_COLOUR}</a:ln>")
    )
}

fn stacked_chart(stacked: &Stacked, sheet: &Sheet<'_>) -> String {
    let series = stacked.parts.iter().enumerate().map(|(i, part)| {
        format!(
            "<c:ser><c:idx val=\"{i}\"/><c:order val=\"{i}\"/>{}<c:spPr>{}<a:ln w=\"9525\">{}</a:ln></c:spPr>\
             <c:invertIfNegative val=\"0\"/>{}<c:val>{}</c:val></c:ser>",
            sheet.name(i),
            fill(part.colour),
            fill(Colour(0xff, 0xff, 0xff)),
            sheet.categories(),
            sheet.values(i)
        )
    });
    format!(
        "<c:barChart><c:barDir val=\"{}\"/><c:grouping val=\"{}\"/><c:varyColors val=\"0\"/>{}<c:gapWidth val=\"50\"/>\
         <c:overlap val=\"100\"/>{}</c:barChart>",
        if stacked.horizontal { "bar" } else { "col" },
        if stacked.percent { "percentStacked" } else { "stacked" },
        series.collect::<String>(),
        axis_ids()
    )
}
