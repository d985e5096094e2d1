//! A force within its most similar group: a bar a force with its 95% interval, sorted, the group mean and the nation as
//! lines. The figures, rank and order come with the input; the chart only shows them.

mod references;
mod words;

use super::bars::{self, Fill};
use super::canvas::{Anchor, Canvas, Layer, Sheet, Stroke, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, room, style};
use super::palette::{BAND, GRID, INK, MID_GREY, MUTED};
use super::scale::{Axis, AxisRules, Frame, Plot, drawable};
use super::text::{Weight, shorten, widest, wrap};
use super::{Chart, ChartError, ChartUnit};
use references::References;

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What is measured, without its unit of time, which the chart adds: "Victims satisfied overall".
    pub value_label: String,
    pub unit: ChartUnit,
    /// In any order; those without a figure are named in a note.
    pub members: Vec<RankedMember>,
    pub order: RankOrder,
    pub group_mean: Option<ReferenceLine>,
    pub national: Option<ReferenceLine>,
    /// Of the own force.
    pub rank: Option<Rank>,
    pub group_variant: GroupVariant,
    /// The date of the group table in use, as it is to be read: "1 April 2024".
    pub group_date: String,
    /// The period of the figures, as it is to be read: "12 months to Sep 2026".
    pub period: String,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: basis, caveats, sensitivity of the verdict.
    pub notes: Vec<String>,
}

/// A force of the group.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedMember {
    pub name: String,
    /// In the unit's own scale: a proportion is 0 to 1. Not finite counts as missing.
    pub value: Option<f64>,
    /// 95% interval.
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// The force the chart is for: darker bar, bold name and value, tinted row.
    pub own: bool,
    /// Why there is no value.
    pub missing_reason: Option<String>,
}

/// Which force stands at the top. Equal values are in order of name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankOrder {
    HighestFirst,
    LowestFirst,
}

/// A line across all bars: "Group mean", "England and Wales".
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceLine {
    pub label: String,
    pub value: f64,
}

/// A rank with its 95% interval: 3rd, could be 2nd to 6th, of 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    pub rank: u32,
    pub lower: u32,
    pub upper: u32,
    pub of: u32,
}

/// How the group mean is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupVariant {
    MeanOfRatesIncludingSelf,
    Pooled,
    ExcludingSelf,
}

/// Height aimed at; more forces make a chart higher, fewer make it lower.
const USUAL_HEIGHT: f64 = 540.0;
const ROW_HEIGHT: (f64, f64) = (18.0, 46.0);
/// The plot's height when there is no bar to draw.
const EMPTY_PLOT: f64 = 160.0;
const VALUE_AXIS_HEIGHT: f64 = 28.0;
const MOST_NAME_WIDTH: f64 = 230.0;

const LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Middle);
const NAME: TextStyle = style(14.0, Weight::Regular, INK, Anchor::End);
const GRID_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };
const ZERO_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.2 };

/// A member that has a value, with its name broken into lines.
struct Bar<'a> {
    member: &'a RankedMember,
    value: f64,
    name: Vec<String>,
}

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &RankedChart) -> Result<Chart, ChartError> {
    let alt_text = words::alt_text(input);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: words::headline(input),
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: Vec::new(),
        notes: words::notes(input),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let count = ranked(input).len() as f64;
    let around = header.height + 22.0 + references::LANE + references::CLEARANCE + VALUE_AXIS_HEIGHT + footer.height;
    let row = ((USUAL_HEIGHT - around) / count.max(1.0)).clamp(ROW_HEIGHT.0, ROW_HEIGHT.1);
    let bars = rows(input, row)?;
    let axis = value_axis(input, &bars);
    let (left, right) = plot_edges(input, &bars, row)?;
    let x_only = |top: f64, bottom: f64| {
        let frame = Frame { left, top, right, bottom };
        Plot::new(frame, (axis.low, axis.high), (0.0, 1.0))
    };
    let references = References::lay_out(input, &x_only(0.0, 1.0))?;
    let top = header.height + 22.0 + references.height;
    let bottom = top + if bars.is_empty() { EMPTY_PLOT } else { row * count };
    let plot = x_only(top, bottom);
    let height = (bottom + VALUE_AXIS_HEIGHT + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        canvas.text((MARGIN, header.height + 10.0), &words::value_label(input)?, LABEL);
        for (i, _) in bars.iter().enumerate().filter(|(_, bar)| bar.member.own) {
            let tint = top + row * i as f64;
            canvas.backdrop((MARGIN - 8.0, tint), (WIDTH - MARGIN + 8.0, tint + row), BAND);
        }
        draw_axis(canvas, &plot, input.unit, &axis);
        for (i, bar) in bars.iter().enumerate() {
            draw_bar(canvas, &plot, bar, input.unit, (top + row * i as f64, row))?;
        }
        canvas.rule(Layer::OverShapes, (plot.x(0.0), top), (plot.x(0.0), bottom), ZERO_LINE);
        references.draw(canvas, &plot);
        for (i, bar) in bars.iter().enumerate() {
            draw_whisker(canvas, &plot, bar.member, top + row * (i as f64 + 0.5));
        }
        if bars.is_empty() {
            frame::say_empty(canvas, &plot.frame);
        }
        footer.draw(canvas, bottom + VALUE_AXIS_HEIGHT)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

/// The members with a value, in the order of the chart.
fn ranked(input: &RankedChart) -> Vec<(&RankedMember, f64)> {
    let with_value = input.members.iter().filter_map(|member| Some((member, member.value.and_then(drawable)?)));
    let mut members: Vec<(&RankedMember, f64)> = with_value.collect();
    members.sort_by(|(a, a_value), (b, b_value)| {
        let by_value = match input.order {
            RankOrder::HighestFirst => b_value.total_cmp(a_value),
            RankOrder::LowestFirst => a_value.total_cmp(b_value),
        };
        by_value.then_with(|| a.name.cmp(&b.name))
    });
    members
}

fn rows(input: &RankedChart, row: f64) -> Result<Vec<Bar<'_>>, ChartError> {
    let lines = if row >= 36.0 { 2 } else { 1 };
    let bars = ranked(input).into_iter().map(|(member, value)| {
        let name = wrap(&member.name, room(name_style(member, row), MOST_NAME_WIDTH, lines))?;
        Ok(Bar { member, value, name })
    });
    bars.collect()
}

fn name_style(member: &RankedMember, row: f64) -> TextStyle {
    let weight = if member.own { Weight::Bold } else { Weight::Regular };
    TextStyle { weight, size: if row < 22.0 { 12.0 } else { NAME.size }, ..NAME }
}

/// The plot's left and right edge: names stand to the left of it, values to the right.
fn plot_edges(input: &RankedChart, bars: &[Bar], row: f64) -> Result<(f64, f64), ChartError> {
    let (mut names, mut values): (f64, f64) = (90.0, 30.0);
    for bar in bars {
        let style = name_style(bar.member, row);
        names = names.max(widest(&bar.name, style.size, style.weight)?);
        values = values.max(widest(&[input.unit.format(bar.value)], style.size, style.weight)?);
    }
    Ok((MARGIN + names + 12.0, WIDTH - MARGIN - values - 20.0))
}

fn value_axis(input: &RankedChart, bars: &[Bar]) -> Axis {
    let ends = bars.iter().flat_map(|bar| [Some(bar.value), bar.member.lower, bar.member.upper]);
    let lines = [&input.group_mean, &input.national].map(|line| line.as_ref().map(|line| line.value));
    let values: Vec<f64> = ends.chain(lines).flatten().filter_map(drawable).collect();
    let whole = input.unit == ChartUnit::Count;
    let percent = input.unit == ChartUnit::Percent;
    let rules = AxisRules {
        from_zero: true,
        least_step: whole.then_some(1.0),
        ceiling: percent.then_some(1.0),
        tick_gaps: if percent { 9.0 } else { 6.0 },
        range_of_zero: if percent { 0.1 } else { 5.0 },
    };
    Axis::around(&values, rules)
}

fn draw_axis(canvas: &mut Canvas, plot: &Plot, unit: ChartUnit, axis: &Axis) {
    let frame = plot.frame;
    for tick in axis.ticks() {
        let x = plot.x(tick);
        canvas.rule(Layer::UnderShapes, (x, frame.top), (x, frame.bottom), GRID_LINE);
        canvas.text((x, frame.bottom + 19.0), &unit.format_tick(tick, axis.step), TICK);
    }
}

/// A force's row: tint, name, bar and value.
fn draw_bar(
    canvas: &mut Canvas,
    plot: &Plot,
    bar: &Bar,
    unit: ChartUnit,
    (top, row): (f64, f64),
) -> Result<(), ChartError> {
    let (frame, middle) = (plot.frame, top + row / 2.0);
    let style = name_style(bar.member, row);
    let base = middle + 0.36 * style.size;
    let half = (0.33 * row).min(13.0);
    let fill = if bar.member.own { Fill::Own } else { Fill::Beside };
    bars::draw(canvas, (plot.x(0.0), plot.x(bar.value)), (middle, half), fill)?;
    let line_height = style.size * 1.22;
    let first = base - line_height * (bar.name.len().saturating_sub(1)) as f64 / 2.0;
    for (i, line) in bar.name.iter().enumerate() {
        canvas.text((frame.left - 12.0, first + line_height * i as f64), line, style);
    }
    canvas.text((WIDTH - MARGIN, base), &unit.format(bar.value), style);
    Ok(())
}

fn draw_whisker(canvas: &mut Canvas, plot: &Plot, member: &RankedMember, middle: f64) {
    if member.value.and_then(drawable).is_some() {
        bars::whisker(canvas, |value| plot.x(value), (member.lower, member.upper), middle);
    }
}

/// A line of text no wider than `max_width`.
fn one_line(text: &str, style: TextStyle, max_width: f64) -> Result<String, ChartError> {
    shorten(&super::text::clean(text), room(style, max_width, 1))
}
