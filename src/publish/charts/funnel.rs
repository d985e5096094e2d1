//! All forces by their figure and their denominator, with the limits between which a force is in the ordinary range. The
//! limits and where each force lies come with the input; the chart only shows them.

mod names;
mod words;

use super::canvas::{Anchor, Canvas, Dash, Layer, Point, Sheet, Stroke, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, style};
use super::marks::Mark;
use super::palette::{BAND, DARK_BLUE, DARK_GREY, GRID, LIGHT_PURPLE, MID_BLUE, MID_GREY, MUTED, ORANGE};
use super::scale::{Axis, AxisRules, Frame, Plot, drawable, spread};
use super::text::{Weight, widest};
use super::unit::grouped;
use super::{Chart, ChartError, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What is measured, without its unit of time, which the chart adds.
    pub value_label: String,
    /// What the denominator counts: "Crimes in the denominator".
    pub base_label: String,
    pub unit: ChartUnit,
    /// In any order.
    pub forces: Vec<FunnelForce>,
    /// What the forces give together.
    pub centre: f64,
    /// Where the own force lies, in words: "in the ordinary range".
    pub own_in_words: String,
    pub period: String,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: methods, caveats.
    pub notes: Vec<String>,
}

/// A force in the funnel.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelForce {
    pub name: String,
    pub denominator: f64,
    /// In the unit's own scale: a proportion is 0 to 1.
    pub value: f64,
    /// The force that the chart is for.
    pub own: bool,
    pub place: FunnelPlace,
    /// 99.8% limits of sampling alone at the force's denominator, lower and upper.
    pub sampling: (f64, f64),
    /// 95% limits with the variance between forces.
    pub ordinary_95: (f64, f64),
    /// 99.8% limits likewise.
    pub ordinary_998: (f64, f64),
}

/// Where a force lies by the 99.8% limits of the ordinary range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FunnelPlace {
    Within,
    Better,
    Worse,
    /// Above, where neither direction is better.
    High,
    Low,
}

/// Height of the plot.
const PLOT_HEIGHT: f64 = 330.0;
/// Ticks and label below the plot.
const BASE_AXIS_HEIGHT: f64 = 52.0;
/// Denominators further apart than this are drawn on a logarithmic axis: else most forces would stand on one spot.
const LOGARITHMIC_FROM: f64 = 12.0;
const LABEL_GAP: f64 = 16.0;

const LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::End);
const BASE_TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Middle);
const LINE_LABEL: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::Start);
const CENTRE_LABEL: TextStyle = style(13.0, Weight::Bold, DARK_GREY, Anchor::Start);
const GRID_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };
const AXIS_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.2 };
const OUTER: Stroke = Stroke { colour: MUTED, width: 1.4 };
const INNER: Dash = Dash { stroke: Stroke { colour: MUTED, width: 1.2 }, on: 7.0, off: 5.0 };
const SAMPLING: Dash = Dash { stroke: Stroke { colour: MID_GREY, width: 1.2 }, on: 2.0, off: 3.0 };
const CENTRE: Stroke = Stroke { colour: DARK_GREY, width: 1.6 };
const OWN_RING: Stroke = Stroke { colour: DARK_BLUE, width: 2.2 };
const OWN_RADIUS: f64 = 9.0;
/// Names that the axis of denominators has room for.
const MOST_TICKS: usize = 9;
/// The same where they are long, as over many decades.
const MOST_POWERS: usize = 6;

impl FunnelPlace {
    fn mark(self) -> (Mark, plotters::style::RGBColor) {
        match self {
            Self::Within => (Mark::Disc, MID_GREY),
            Self::Better => (Mark::Square, MID_BLUE),
            Self::Worse => (Mark::Diamond, ORANGE),
            Self::High => (Mark::TriangleUp, LIGHT_PURPLE),
            Self::Low => (Mark::TriangleDown, LIGHT_PURPLE),
        }
    }
}

/// The forces that can be drawn, in order of denominator, and the scale of the denominator.
struct Sorted<'a> {
    forces: Vec<&'a FunnelForce>,
    logarithmic: bool,
}

impl<'a> Sorted<'a> {
    fn new(input: &'a FunnelChart) -> Self {
        let can_be_drawn = |f: &&FunnelForce| {
            let numbers = [f.value, f.sampling.0, f.sampling.1, f.ordinary_998.0, f.ordinary_998.1];
            f.denominator > 0.0 && drawable(f.denominator).is_some() && numbers.iter().all(|n| drawable(*n).is_some())
        };
        let mut forces: Vec<&FunnelForce> = input.forces.iter().filter(can_be_drawn).collect();
        forces.sort_by(|a, b| a.denominator.total_cmp(&b.denominator).then_with(|| a.name.cmp(&b.name)));
        let ends = forces.first().zip(forces.last());
        let logarithmic = ends.is_some_and(|(least, most)| most.denominator / least.denominator >= LOGARITHMIC_FROM);
        Self { forces, logarithmic }
    }

    fn across(&self, denominator: f64) -> f64 {
        if self.logarithmic { denominator.log10() } else { denominator }
    }

    /// A little wider than the denominators, so that no mark stands on an edge.
    fn range(&self) -> (f64, f64) {
        let at = |force: Option<&&FunnelForce>| force.map_or(1.0, |f| self.across(f.denominator));
        let (least, most) = (at(self.forces.first()), at(self.forces.last()));
        let rim = (0.04 * (most - least)).max(1e-3 * most.abs().max(1.0));
        let low = least - rim;
        (if self.logarithmic || low > 0.0 { low } else { 0.0 }, most + rim)
    }

    /// Round denominators within the range.
    fn ticks(&self) -> Vec<f64> {
        let (low, high) = self.range();
        if !self.logarithmic {
            let whole = self.forces.iter().all(|force| force.denominator.fract() == 0.0).then_some(1.0);
            let rules =
                AxisRules { from_zero: false, least_step: whole, ceiling: None, tick_gaps: 6.0, range_of_zero: 1.0 };
            let ticks = Axis::around(&[low, high], rules).ticks();
            return ticks.into_iter().filter(|tick| (low..=high).contains(tick)).collect();
        }
        let (first, last) = (low.floor() as i32, high.ceil() as i32);
        let of_decade = |decade: i32| [1.0, 2.0, 5.0].map(|n| n * 10_f64.powi(decade));
        let ticks = (first..=last).flat_map(of_decade).filter(|tick| (low..=high).contains(&tick.log10()));
        let ticks: Vec<f64> = ticks.collect();
        if ticks.len() <= MOST_TICKS {
            return ticks;
        }
        // Over many decades there is room for powers of ten alone, over very many for some of them.
        let powers = |every: i32| -> Vec<f64> {
            let decades = (first..=last).filter(|decade| decade % every == 0);
            decades.filter(|decade| (low..=high).contains(&f64::from(*decade))).map(|n| 10_f64.powi(n)).collect()
        };
        let tens = powers(1);
        if tens.len() <= MOST_POWERS { tens } else { powers(3) }
    }
}

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &FunnelChart) -> Result<Chart, ChartError> {
    let sorted = Sorted::new(input);
    let alt_text = words::alt_text(input);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: words::headline(input),
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: words::key(&sorted.forces),
        notes: words::notes(input, sorted.logarithmic),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let axis = value_axis(input, &sorted);
    let tick_labels: Vec<String> = axis.ticks().into_iter().map(|t| input.unit.format_tick(t, axis.step)).collect();
    let labels = line_labels(input, &sorted);
    let label_texts: Vec<String> = labels.iter().map(|(_, text, _)| text.clone()).collect();
    let top = header.height + 26.0;
    let frame = Frame {
        left: MARGIN + widest(&tick_labels, TICK.size, TICK.weight)? + 12.0,
        top,
        right: WIDTH - MARGIN - widest(&label_texts, CENTRE_LABEL.size, CENTRE_LABEL.weight)? - 12.0,
        bottom: top + PLOT_HEIGHT,
    };
    let plot = Plot::new(frame, sorted.range(), (axis.low, axis.high));
    let height = (frame.bottom + BASE_AXIS_HEIGHT + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        canvas.text((MARGIN, header.height + 10.0), &words::value_label(input)?, LABEL);
        draw_axes(canvas, &plot, &sorted, input, &axis)?;
        let lines = draw_limits(canvas, &plot, &sorted, input.centre)?;
        draw_line_labels(canvas, &plot, &labels);
        draw_forces(canvas, &plot, &sorted)?;
        names::draw(canvas, &plot, &sorted, &lines)?;
        if sorted.forces.is_empty() {
            frame::say_empty(canvas, &frame);
        }
        footer.draw(canvas, frame.bottom + BASE_AXIS_HEIGHT)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

fn value_axis(input: &FunnelChart, sorted: &Sorted) -> Axis {
    let of = |f: &&FunnelForce| [f.value, f.sampling.0, f.sampling.1, f.ordinary_998.0, f.ordinary_998.1];
    let values: Vec<f64> = sorted.forces.iter().flat_map(of).chain(drawable(input.centre)).collect();
    // Nothing in a funnel is below zero but a limit that cannot be reached.
    let values: Vec<f64> = values.into_iter().map(|value| value.max(0.0)).collect();
    Axis::around(&values, AxisRules::of_places(input.unit))
}

fn draw_axes(
    canvas: &mut Canvas,
    plot: &Plot,
    sorted: &Sorted,
    input: &FunnelChart,
    axis: &Axis,
) -> Result<(), ChartError> {
    let frame = plot.frame;
    for tick in axis.ticks() {
        let y = plot.y(tick);
        canvas.rule(Layer::UnderShapes, (frame.left, y), (frame.right, y), GRID_LINE);
        canvas.text((frame.left - 9.0, y + 4.5), &input.unit.format_tick(tick, axis.step), TICK);
    }
    canvas.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], AXIS_LINE)?;
    for tick in if sorted.forces.is_empty() { Vec::new() } else { sorted.ticks() } {
        let x = plot.x(sorted.across(tick));
        canvas.line(&[(x, frame.bottom), (x, frame.bottom + 4.0)], AXIS_LINE)?;
        canvas.text((x, frame.bottom + 19.0), &grouped(tick, usize::from(tick.fract() != 0.0)), BASE_TICK);
    }
    let middle = (frame.left + frame.right) / 2.0;
    canvas.text((middle, frame.bottom + 40.0), &words::base_label(input)?, BASE_TICK);
    Ok(())
}

/// The limits through the forces, each at its own denominator, and the centre; the lines drawn, from left to right.
fn draw_limits(canvas: &mut Canvas, plot: &Plot, sorted: &Sorted, centre: f64) -> Result<Vec<Vec<Point>>, ChartError> {
    let frame = plot.frame;
    let through = |of: fn(&FunnelForce) -> f64| -> Vec<Point> {
        let point = |f: &&FunnelForce| (plot.x(sorted.across(f.denominator)), plot.y(of(f).max(0.0)));
        sorted.forces.iter().map(point).collect()
    };
    let (lower, upper) = (through(|f| f.ordinary_95.0), through(|f| f.ordinary_95.1));
    for (low, high) in lower.windows(2).zip(upper.windows(2)) {
        canvas.polygon(&[low[0], low[1], high[1], high[0]], BAND)?;
    }
    let inner = [lower, upper];
    inner.iter().for_each(|limit| dashed_through(canvas, limit, INNER));
    let sampling = [through(|f| f.sampling.0), through(|f| f.sampling.1)];
    sampling.iter().for_each(|limit| dashed_through(canvas, limit, SAMPLING));
    let outer = [through(|f| f.ordinary_998.0), through(|f| f.ordinary_998.1)];
    for limit in outer.iter().filter(|limit| limit.len() > 1) {
        canvas.line(limit, OUTER)?;
    }
    let mut lines: Vec<Vec<Point>> = inner.into_iter().chain(sampling).chain(outer).collect();
    if let (Some(centre), false) = (drawable(centre), sorted.forces.is_empty()) {
        let line = vec![(frame.left, plot.y(centre)), (frame.right, plot.y(centre))];
        canvas.line(&line, CENTRE)?;
        lines.push(line);
    }
    Ok(lines)
}

fn dashed_through(canvas: &mut Canvas, points: &[(f64, f64)], dash: Dash) {
    for pair in points.windows(2) {
        canvas.dashed(Layer::OverShapes, pair[0], pair[1], dash);
    }
}

/// Value, words and style of each line at its right end.
fn line_labels(input: &FunnelChart, sorted: &Sorted) -> Vec<(f64, String, TextStyle)> {
    let Some(last) = sorted.forces.last() else { return Vec::new() };
    let mut labels = vec![(input.centre, format!("All forces {}", input.unit.format(input.centre)), CENTRE_LABEL)];
    for (limits, words) in [(last.ordinary_95, "95%"), (last.ordinary_998, "99.8%")] {
        labels.push((limits.1, words.to_owned(), LINE_LABEL));
        labels.extend((limits.0 > 0.0).then(|| (limits.0, words.to_owned(), LINE_LABEL)));
    }
    labels
}

fn draw_line_labels(canvas: &mut Canvas, plot: &Plot, labels: &[(f64, String, TextStyle)]) {
    let wanted: Vec<f64> = labels.iter().map(|(value, _, _)| plot.y(*value)).collect();
    let placed = spread(&wanted, LABEL_GAP, (plot.frame.top, plot.frame.bottom));
    for ((_, text, style), y) in labels.iter().zip(placed) {
        canvas.text((plot.frame.right + 10.0, y + 4.5), text, *style);
    }
}

fn draw_forces(canvas: &mut Canvas, plot: &Plot, sorted: &Sorted) -> Result<(), ChartError> {
    // The own force last, over all others.
    for own in [false, true] {
        for force in sorted.forces.iter().filter(|force| force.own == own) {
            let at = plot.point(sorted.across(force.denominator), force.value);
            let (mark, colour) = force.place.mark();
            let colour = if own && force.place == FunnelPlace::Within { DARK_BLUE } else { colour };
            mark.draw(canvas, at, colour)?;
            if own {
                canvas.ring(at, OWN_RADIUS, OWN_RING)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
