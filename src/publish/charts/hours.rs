//! What comes in by hour of the day: this year's line over last year's. Figures and finding come with the input.

use super::canvas::{Anchor, Canvas, Dash, Layer, Sheet, Stroke, TextStyle, document};
use super::frame::{Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, room, style};
use super::marks::Mark;
use super::palette::{DARK_BLUE, GRID, INK, MID_GREY, MUTED};
use super::scale::{Axis, AxisRules, Frame, Plot, drawable, spread};
use super::text::{Weight, clean, opening, shorten, synthetic_sentence, widest};
use super::unit::grouped;
use super::{Chart, ChartError, ChartUnit};

const HOURS: usize = 24;

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct HoursChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What the axis shows: "Mean 999 calls an hour".
    pub value_label: String,
    pub this_year: HoursLine,
    pub last_year: Option<HoursLine>,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart.
    pub notes: Vec<String>,
}

/// A line with its name: "12 months to September 2026".
#[derive(Debug, Clone, PartialEq)]
pub struct HoursLine {
    pub name: String,
    pub values: [Option<f64>; HOURS],
}

impl HoursLine {
    /// Hour and value of what can be drawn.
    fn drawn(&self) -> Vec<(usize, f64)> {
        self.values.iter().enumerate().filter_map(|(hour, value)| Some((hour, value.and_then(drawable)?))).collect()
    }

    fn highest(&self) -> Option<(usize, f64)> {
        self.drawn().into_iter().reduce(|best, point| if point.1 > best.1 { point } else { best })
    }
}

const PLOT_HEIGHT: f64 = 300.0;
/// The axis's label, and room for words above the plot.
const LABEL_HEIGHT: f64 = 46.0;
const HOUR_AXIS: f64 = 52.0;
const LABEL_GAP: f64 = 34.0;
const NAME_WIDTH: f64 = 120.0;

const LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::End);
const HOUR: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::Middle);
const THIS_NAME: TextStyle = style(13.0, Weight::Bold, DARK_BLUE, Anchor::Start);
const LAST_NAME: TextStyle = style(13.0, Weight::Regular, INK, Anchor::Start);
const HIGHEST: TextStyle = TextStyle { halo: true, ..style(13.0, Weight::Bold, DARK_BLUE, Anchor::Middle) };
const EMPTY: TextStyle = TextStyle { halo: true, ..style(16.0, Weight::Regular, MUTED, Anchor::Middle) };
const AXIS_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.2 };
const GRID_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };
const THIS: Stroke = Stroke { colour: DARK_BLUE, width: 3.0 };
const LAST: Dash = Dash { stroke: Stroke { colour: MID_GREY, width: 2.0 }, on: 7.0, off: 4.0 };

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &HoursChart) -> Result<Chart, ChartError> {
    let alt_text = alt_text(input);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: None,
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: Vec::new(),
        notes: input.notes.clone(),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let lines = || std::iter::once(&input.this_year).chain(&input.last_year);
    let values: Vec<f64> = lines().flat_map(HoursLine::drawn).map(|(_, value)| value).collect();
    let axis = Axis::around(&values, AxisRules { from_zero: true, ..AxisRules::of_places(ChartUnit::Rate) });
    let ticks: Vec<String> = axis.ticks().into_iter().map(|t| ChartUnit::Rate.format_tick(t, axis.step)).collect();
    let top = header.height + LABEL_HEIGHT;
    let frame = Frame {
        left: MARGIN + widest(&ticks, TICK.size, TICK.weight)? + 12.0,
        top,
        right: WIDTH - MARGIN - NAME_WIDTH - 12.0,
        bottom: top + PLOT_HEIGHT,
    };
    let plot = Plot::new(frame, (-0.5, HOURS as f64 - 0.5), (axis.low, axis.high));
    let height = (frame.bottom + HOUR_AXIS + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        let label = shorten(&clean(&input.value_label), room(LABEL, WIDTH - 2.0 * MARGIN, 1))?;
        canvas.text((MARGIN, header.height + 10.0), &label, LABEL);
        draw_axes(canvas, &plot, &axis)?;
        draw_lines(canvas, &plot, input)?;
        draw_names(canvas, &plot, input)?;
        if values.is_empty() {
            let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
            canvas.text(middle, "No figures to show", EMPTY);
        }
        footer.draw(canvas, frame.bottom + HOUR_AXIS)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

fn draw_axes(canvas: &mut Canvas, plot: &Plot, axis: &Axis) -> Result<(), ChartError> {
    let frame = plot.frame;
    for tick in axis.ticks() {
        let y = plot.y(tick);
        canvas.rule(Layer::UnderShapes, (frame.left, y), (frame.right, y), GRID_LINE);
        canvas.text((frame.left - 9.0, y + 4.5), &ChartUnit::Rate.format_tick(tick, axis.step), TICK);
    }
    canvas.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], AXIS_LINE)?;
    for hour in 0..HOURS {
        let x = plot.x(hour as f64);
        canvas.line(&[(x, frame.bottom), (x, frame.bottom + 4.0)], AXIS_LINE)?;
        canvas.text((x, frame.bottom + 18.0), &format!("{hour:02}"), HOUR);
    }
    canvas.text(((frame.left + frame.right) / 2.0, frame.bottom + 38.0), "Hour of the day, at its start", HOUR);
    Ok(())
}

fn draw_lines(canvas: &mut Canvas, plot: &Plot, input: &HoursChart) -> Result<(), ChartError> {
    let points = |line: &HoursLine| -> Vec<(f64, f64)> {
        line.drawn().into_iter().map(|(hour, value)| plot.point(hour as f64, value)).collect()
    };
    if let Some(last) = &input.last_year {
        for pair in points(last).windows(2) {
            canvas.dashed(Layer::UnderShapes, pair[0], pair[1], LAST);
        }
    }
    let this = points(&input.this_year);
    if this.len() > 1 {
        canvas.line(&this, THIS)?;
    }
    if let Some((hour, value)) = input.this_year.highest() {
        let (x, y) = plot.point(hour as f64, value);
        Mark::Square.draw(canvas, (x, y), DARK_BLUE)?;
        canvas.text((x, y - 12.0), &grouped(value, 1), HIGHEST);
    }
    Ok(())
}

/// At the right end of each line.
fn draw_names(canvas: &mut Canvas, plot: &Plot, input: &HoursChart) -> Result<(), ChartError> {
    let mut names = Vec::new();
    for (line, style) in
        std::iter::once((&input.this_year, THIS_NAME)).chain(input.last_year.iter().map(|l| (l, LAST_NAME)))
    {
        if let Some((_, value)) = line.drawn().last() {
            let words = super::text::wrap(&line.name, room(style, NAME_WIDTH, 2))?;
            names.push((plot.y(*value), words, style));
        }
    }
    let wanted: Vec<f64> = names.iter().map(|(y, _, _)| *y).collect();
    let placed = spread(&wanted, LABEL_GAP, (plot.frame.top + 8.0, plot.frame.bottom - 16.0));
    for ((_, words, style), y) in names.iter().zip(placed) {
        for (i, line) in words.iter().enumerate() {
            canvas.text((plot.frame.right + 12.0, y + 4.5 + 16.0 * i as f64), line, *style);
        }
    }
    Ok(())
}

fn alt_text(input: &HoursChart) -> String {
    let said = |line: &HoursLine| {
        let (hour, value) = line.highest()?;
        Some(format!("{}: highest {} at {hour:02}:00", clean(&line.name), grouped(value, 1)))
    };
    let lines: Vec<String> = std::iter::once(&input.this_year).chain(&input.last_year).filter_map(said).collect();
    let said = if lines.is_empty() { "no figures to show".to_owned() } else { lines.join("; ") };
    let what = clean(&input.value_label);
    format!("{}{what} by hour of the day. {said}.{}", opening(&input.title), synthetic_sentence(input.synthetic))
}
