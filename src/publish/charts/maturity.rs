//! How far crimes have been dealt with by days since recording: earlier crimes as a curve with the band in which a further
//! quarter is expected, and newer quarters as far as they have been followed. Curves, band and finding come with the input.

mod names;
mod words;

use super::canvas::{Anchor, Canvas, Dash, Layer, Point, Sheet, Stroke, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, room, style};
use super::marks::Mark;
use super::palette::{BAND, DARK_BLUE, DARK_GREY, GRID, MID_GREY, MUTED};
use super::scale::{Axis, AxisRules, Frame, Plot, drawable, spread};
use super::text::{Weight, shorten, widest};
use super::{Chart, ChartError, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct MaturityChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What the share is of: "Crimes solved".
    pub value_label: String,
    /// Length of the axis in days.
    pub horizon_days: u32,
    /// Earlier crimes together; its name says which.
    pub reference: Option<MaturityCurve>,
    /// Day, lower and upper end of where a further quarter is expected.
    pub band: Vec<(u32, f64, f64)>,
    /// Newer quarters, oldest first.
    pub cohorts: Vec<MaturityCurve>,
    /// Position among them of the one that the finding is of.
    pub tested: Option<usize>,
    /// What the test says, in words: "similar to earlier crimes at 90 days".
    pub in_words: String,
    /// Of recording, in words.
    pub period: String,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: methods, caveats.
    pub notes: Vec<String>,
}

/// A curve, as far as its crimes have been followed.
#[derive(Debug, Clone, PartialEq)]
pub struct MaturityCurve {
    pub name: String,
    /// Day of age and share from 0 to 1, by day.
    pub points: Vec<(u32, f64)>,
}

impl MaturityCurve {
    /// What can be drawn of it.
    fn drawn(&self, horizon: u32) -> Vec<(u32, f64)> {
        let within = |(day, share): &&(u32, f64)| *day <= horizon && drawable(*share).is_some();
        self.points.iter().filter(within).copied().collect()
    }

    fn on(&self, plot: &Plot, horizon: u32) -> Vec<Point> {
        self.drawn(horizon).into_iter().map(|(day, share)| plot.point(f64::from(day), share)).collect()
    }
}

const PLOT_HEIGHT: f64 = 340.0;
/// Ticks and label below the plot.
const DAY_AXIS_HEIGHT: f64 = 52.0;
const LABEL_GAP: f64 = 16.0;
/// Ticks of the axis of days that stand within its length.
const DAYS: [u32; 7] = [0, 30, 60, 90, 180, 270, 365];
const MOST_WIDE: f64 = 190.0;

const LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::End);
const DAY_TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Middle);
const BAND_LABEL: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::Start);
const REFERENCE_LABEL: TextStyle = style(13.0, Weight::Bold, DARK_GREY, Anchor::Start);
const GRID_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };
const AXIS_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.2 };
const BAND_EDGE: Dash = Dash { stroke: Stroke { colour: MUTED, width: 1.2 }, on: 7.0, off: 5.0 };
const REFERENCE: Stroke = Stroke { colour: DARK_GREY, width: 2.0 };
const TESTED: Stroke = Stroke { colour: DARK_BLUE, width: 3.0 };
const COHORT: Stroke = Stroke { colour: MID_GREY, width: 1.4 };

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &MaturityChart) -> Result<Chart, ChartError> {
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
    let axis = share_axis(input);
    let unit = ChartUnit::Percent;
    let tick_labels: Vec<String> = axis.ticks().into_iter().map(|t| unit.format_tick(t, axis.step)).collect();
    let labels = line_labels(input)?;
    let label_texts: Vec<&str> = labels.iter().map(|(_, text, _)| text.as_str()).collect();
    let top = header.height + 26.0;
    let frame = Frame {
        left: MARGIN + widest(&tick_labels, TICK.size, TICK.weight)? + 12.0,
        top,
        right: WIDTH - MARGIN - widest(&label_texts, REFERENCE_LABEL.size, REFERENCE_LABEL.weight)? - 14.0,
        bottom: top + PLOT_HEIGHT,
    };
    let plot = Plot::new(frame, (0.0, f64::from(input.horizon_days.max(1))), (axis.low, axis.high));
    let height = (frame.bottom + DAY_AXIS_HEIGHT + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        canvas.text((MARGIN, header.height + 10.0), &words::value_label(input)?, LABEL);
        draw_axes(canvas, &plot, input.horizon_days, &axis)?;
        draw_band(canvas, &plot, input)?;
        draw_curves(canvas, &plot, input)?;
        draw_line_labels(canvas, &plot, &labels);
        if labels.is_empty() && input.cohorts.iter().all(|c| c.drawn(input.horizon_days).is_empty()) {
            frame::say_empty(canvas, &frame);
        }
        footer.draw(canvas, frame.bottom + DAY_AXIS_HEIGHT)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

fn share_axis(input: &MaturityChart) -> Axis {
    let curves = input.cohorts.iter().chain(&input.reference).flat_map(|curve| curve.drawn(input.horizon_days));
    let band = band(input).into_iter().map(|(_, _, upper)| upper);
    let shares: Vec<f64> = curves.map(|(_, share)| share).chain(band).chain([0.0]).collect();
    Axis::around(&shares, AxisRules::of_places(ChartUnit::Percent))
}

fn band(input: &MaturityChart) -> Vec<(u32, f64, f64)> {
    let within = |(day, lower, upper): &&(u32, f64, f64)| {
        *day <= input.horizon_days && drawable(*lower).is_some() && drawable(*upper).is_some()
    };
    input.band.iter().filter(within).copied().collect()
}

fn draw_axes(canvas: &mut Canvas, plot: &Plot, horizon: u32, axis: &Axis) -> Result<(), ChartError> {
    let frame = plot.frame;
    for tick in axis.ticks() {
        let y = plot.y(tick);
        canvas.rule(Layer::UnderShapes, (frame.left, y), (frame.right, y), GRID_LINE);
        canvas.text((frame.left - 9.0, y + 4.5), &ChartUnit::Percent.format_tick(tick, axis.step), TICK);
    }
    canvas.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], AXIS_LINE)?;
    for day in DAYS.into_iter().filter(|day| *day <= horizon) {
        let x = plot.x(f64::from(day));
        canvas.line(&[(x, frame.bottom), (x, frame.bottom + 4.0)], AXIS_LINE)?;
        canvas.text((x, frame.bottom + 19.0), &day.to_string(), DAY_TICK);
    }
    let middle = (frame.left + frame.right) / 2.0;
    canvas.text((middle, frame.bottom + 40.0), "Days since the day of recording", DAY_TICK);
    Ok(())
}

fn draw_band(canvas: &mut Canvas, plot: &Plot, input: &MaturityChart) -> Result<(), ChartError> {
    let band = band(input);
    let at = |day: u32, share: f64| plot.point(f64::from(day), share);
    for pair in band.windows(2) {
        let [(day, lower, upper), (next, next_lower, next_upper)] = [pair[0], pair[1]];
        let corners = [at(day, lower), at(next, next_lower), at(next, next_upper), at(day, upper)];
        canvas.polygon(&corners, BAND)?;
        canvas.dashed(Layer::OverShapes, corners[0], corners[1], BAND_EDGE);
        canvas.dashed(Layer::OverShapes, corners[3], corners[2], BAND_EDGE);
    }
    Ok(())
}

/// Curves and, where there is room, a name at the end of each; the tested one last, over all others.
fn draw_curves(canvas: &mut Canvas, plot: &Plot, input: &MaturityChart) -> Result<(), ChartError> {
    let on_plot = |curve: &MaturityCurve| curve.on(plot, input.horizon_days);
    if let Some(points) = input.reference.as_ref().map(on_plot).filter(|points| points.len() > 1) {
        canvas.line(&points, REFERENCE)?;
    }
    let tested = |position: usize| Some(position) == input.tested;
    let mut order: Vec<usize> = (0..input.cohorts.len()).collect();
    order.sort_by_key(|position| tested(*position));
    for position in &order {
        let points = on_plot(&input.cohorts[*position]);
        let Some(end) = points.last() else { continue };
        let (stroke, mark) = if tested(*position) { (TESTED, Mark::Square) } else { (COHORT, Mark::Disc) };
        if points.len() > 1 {
            canvas.line(&points, stroke)?;
        }
        mark.draw(canvas, *end, stroke.colour)?;
    }
    names::draw(canvas, plot, input, &order)
}

/// Share, words and style of each line that ends at the right.
fn line_labels(input: &MaturityChart) -> Result<Vec<(f64, String, TextStyle)>, ChartError> {
    let mut labels = Vec::new();
    let end = input.reference.as_ref().and_then(|curve| Some((curve, *curve.drawn(input.horizon_days).last()?)));
    if let Some((curve, (_, share))) = end {
        let name = shorten(&curve.name, room(REFERENCE_LABEL, MOST_WIDE, 1))?;
        labels.push((share, format!("{name} {}", ChartUnit::Percent.format(share)), REFERENCE_LABEL));
        if let Some((_, lower, upper)) = band(input).last() {
            labels.extend([*upper, *lower].map(|end| (end, "95% band".to_owned(), BAND_LABEL)));
        }
    }
    Ok(labels)
}

fn draw_line_labels(canvas: &mut Canvas, plot: &Plot, labels: &[(f64, String, TextStyle)]) {
    let wanted: Vec<f64> = labels.iter().map(|(share, _, _)| plot.y(*share)).collect();
    let placed = spread(&wanted, LABEL_GAP, (plot.frame.top, plot.frame.bottom));
    for ((_, text, style), y) in labels.iter().zip(placed) {
        canvas.text((plot.frame.right + 10.0, y + 4.5), text, *style);
    }
}

#[cfg(test)]
mod tests;
