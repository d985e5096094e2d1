//! What was done, and what the figure did: the months, the fitted lines before and after, and where the line would have gone
//! had nothing been changed. The estimate and its verdict come with the input; the chart only shows them.

use super::canvas::{Anchor, Canvas, Dash, Layer, Point, Sheet, Stroke, TextStyle, document};
use super::frame::{
    self, Footer, FooterContent, Header, HeaderContent, Headline, KeyEntry, MARGIN, WIDTH, room, style,
};
use super::marks::Mark;
use super::month_axis::{self, Months};
use super::palette::{BAND, DARK_BLUE, DARK_PINK, GRID, MID_GREY, MUTED};
use super::scale::{Axis, AxisRules, Frame, Plot, drawable, spread};
use super::text::{Weight, clean, opening, shorten, synthetic_sentence, widest, width};
use super::{Chart, ChartError, ChartMonth, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluationChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What is measured, without its unit of time, which the chart adds.
    pub value_label: String,
    pub unit: ChartUnit,
    /// In order, without a gap.
    pub months: Vec<EvaluatedMonth>,
    /// What was done.
    pub intervention: String,
    /// The areas that were left as they were.
    pub comparison: Option<String>,
    /// The effect with its sign: "+10.5 points".
    pub signed_effect: String,
    /// The same in words: "10.5 points higher".
    pub effect: String,
    /// Its 95% interval in words.
    pub interval: String,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: the finding in full, method, caveats.
    pub notes: Vec<String>,
}

/// A month, in the unit's own scale: a proportion is 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EvaluatedMonth {
    pub month: ChartMonth,
    pub value: f64,
    pub comparison: Option<f64>,
    pub fitted: f64,
    /// Where the line would have been without the change.
    pub without: f64,
    /// The change was in force from the month's first day on.
    pub after: bool,
}

const PLOT_HEIGHT: f64 = 300.0;
/// Words above the plot that name the change.
const REMARK_HEIGHT: f64 = 22.0;
const LABEL_GAP: f64 = 17.0;

const Y_LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const REMARK: TextStyle = style(13.0, Weight::Bold, super::palette::INK, Anchor::Middle);
const FITTED_LABEL: TextStyle = style(13.0, Weight::Bold, DARK_BLUE, Anchor::Start);
const WITHOUT_LABEL: TextStyle = style(13.0, Weight::Bold, DARK_PINK, Anchor::Start);
const COMPARISON_LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const FITTED: Stroke = Stroke { colour: DARK_BLUE, width: 2.4 };
const WITHOUT: Dash = Dash { stroke: Stroke { colour: DARK_PINK, width: 2.2 }, on: 7.0, off: 4.0 };
const COMPARISON: Dash = Dash { stroke: Stroke { colour: MID_GREY, width: 1.4 }, on: 2.0, off: 3.0 };
const OBSERVED: Stroke = Stroke { colour: GRID, width: 1.4 };
const CHANGE: Dash = Dash { stroke: Stroke { colour: MUTED, width: 1.2 }, on: 2.0, off: 2.0 };

/// A line named at the right of the plot.
struct LineLabel {
    value: f64,
    text: String,
    style: TextStyle,
}

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &EvaluationChart) -> Result<Chart, ChartError> {
    let drawn: Vec<&EvaluatedMonth> = input.months.iter().filter(|month| can_be_drawn(month)).collect();
    let alt_text = alt_text(input, &drawn);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: Some(Headline {
            figure: input.signed_effect.clone(),
            captions: vec!["against no change".to_owned(), format!("95%: {}", input.interval)],
        }),
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: vec![KeyEntry { mark: Mark::Disc, colour: MID_GREY, meaning: "Figure of the month" }],
        notes: input.notes.clone(),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let axis = value_axis(input, &drawn);
    let labels = line_labels(input, &drawn)?;
    let texts: Vec<String> = labels.iter().map(|label| label.text.clone()).collect();
    let top = header.height + 26.0 + REMARK_HEIGHT;
    let frame = Frame {
        left: MARGIN + month_axis::tick_label_width(&axis, input.unit)? + 12.0,
        top,
        right: WIDTH - MARGIN - widest(&texts, FITTED_LABEL.size, FITTED_LABEL.weight)? - 14.0,
        bottom: top + PLOT_HEIGHT,
    };
    let months = drawn.first().zip(drawn.last());
    let months = months.map(|(first, last)| Months { first: first.month.index(), last: last.month.index() });
    let plot = Plot::new(frame, months.map_or((0.0, 1.0), Months::range), (axis.low, axis.high));
    let height = (frame.bottom + month_axis::MONTH_AXIS_HEIGHT + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        let label = shorten(&input.unit.label(&clean(&input.value_label)), room(Y_LABEL, WIDTH - 2.0 * MARGIN, 1))?;
        canvas.text((MARGIN, header.height + 10.0), &label, Y_LABEL);
        month_axis::draw(canvas, &plot, input.unit, &axis, months)?;
        draw_lines(canvas, &plot, &drawn)?;
        draw_change(canvas, &plot, &drawn, input)?;
        draw_labels(canvas, &plot, &labels);
        if drawn.is_empty() {
            frame::say_empty(canvas, &frame);
        }
        footer.draw(canvas, frame.bottom + month_axis::MONTH_AXIS_HEIGHT)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

fn can_be_drawn(month: &EvaluatedMonth) -> bool {
    [month.value, month.fitted, month.without].iter().all(|value| drawable(*value).is_some())
}

fn value_axis(input: &EvaluationChart, drawn: &[&EvaluatedMonth]) -> Axis {
    let of = |m: &&EvaluatedMonth| [Some(m.value), Some(m.fitted), Some(m.without), m.comparison.and_then(drawable)];
    Axis::around(&drawn.iter().flat_map(of).flatten().collect::<Vec<f64>>(), AxisRules::of_places(input.unit))
}

fn draw_lines(canvas: &mut Canvas, plot: &Plot, drawn: &[&EvaluatedMonth]) -> Result<(), ChartError> {
    let through = |months: &[&EvaluatedMonth], of: fn(&EvaluatedMonth) -> f64| -> Vec<Point> {
        months.iter().map(|m| plot.point(f64::from(m.month.index()), of(m))).collect()
    };
    let (before, after): (Vec<_>, Vec<_>) = drawn.iter().copied().partition(|month| !month.after);
    let (with, without) = (through(&after, |m| m.fitted), through(&after, |m| m.without));
    for (above, below) in with.windows(2).zip(without.windows(2)) {
        canvas.polygon(&[above[0], above[1], below[1], below[0]], BAND)?;
    }
    let observed = through(drawn, |m| m.value);
    if observed.len() > 1 {
        canvas.line(&observed, OBSERVED)?;
    }
    for pair in drawn.windows(2) {
        let at = |m: &EvaluatedMonth| Some(plot.point(f64::from(m.month.index()), drawable(m.comparison?)?));
        if let (Some(from), Some(to)) = (at(pair[0]), at(pair[1])) {
            canvas.dashed(Layer::OverShapes, from, to, COMPARISON);
        }
    }
    for point in &observed {
        Mark::Disc.draw(canvas, *point, MID_GREY)?;
    }
    for line in [through(&before, |m| m.fitted), with] {
        if line.len() > 1 {
            canvas.line(&line, FITTED)?;
        }
    }
    for pair in without.windows(2) {
        canvas.dashed(Layer::OverShapes, pair[0], pair[1], WITHOUT);
    }
    Ok(())
}

/// A line where the change begins, named above the plot and kept within it.
fn draw_change(
    canvas: &mut Canvas,
    plot: &Plot,
    drawn: &[&EvaluatedMonth],
    input: &EvaluationChart,
) -> Result<(), ChartError> {
    let Some(first) = drawn.iter().find(|month| month.after) else { return Ok(()) };
    let frame = plot.frame;
    let x = plot.x(f64::from(first.month.index()) - 0.5);
    canvas.dashed(Layer::UnderShapes, (x, frame.top - 6.0), (x, frame.bottom), CHANGE);
    let words = shorten(&clean(&input.intervention), room(REMARK, frame.right - frame.left, 1))?;
    let half = width(&words, REMARK.size, REMARK.weight)? / 2.0;
    let middle = x.clamp(frame.left + half, (frame.right - half).max(frame.left + half));
    canvas.text((middle, frame.top - 10.0), &words, REMARK);
    Ok(())
}

fn line_labels(input: &EvaluationChart, drawn: &[&EvaluatedMonth]) -> Result<Vec<LineLabel>, ChartError> {
    let Some(last) = drawn.last() else { return Ok(Vec::new()) };
    let named = |words: &str, value: f64| format!("{words} {}", input.unit.format(value));
    let mut labels = vec![LineLabel { value: last.fitted, text: named("Fitted", last.fitted), style: FITTED_LABEL }];
    if last.after {
        let text = named("Without it", last.without);
        labels.push(LineLabel { value: last.without, text, style: WITHOUT_LABEL });
    }
    if let Some(value) = last.comparison.and_then(drawable) {
        labels.push(LineLabel { value, text: "Comparison areas".to_owned(), style: COMPARISON_LABEL });
    }
    Ok(labels)
}

fn draw_labels(canvas: &mut Canvas, plot: &Plot, labels: &[LineLabel]) {
    let frame = plot.frame;
    let wanted: Vec<f64> = labels.iter().map(|label| plot.y(label.value)).collect();
    for (label, y) in labels.iter().zip(spread(&wanted, LABEL_GAP, (frame.top, frame.bottom))) {
        canvas.text((frame.right + 10.0, y + 4.5), &label.text, label.style);
    }
}

/// The finding, the effect with its interval, and what the picture holds.
fn alt_text(input: &EvaluationChart, drawn: &[&EvaluatedMonth]) -> String {
    let finding = opening(&input.title);
    let since = drawn.iter().find(|month| month.after).map(|month| month.month.to_string()).unwrap_or_default();
    let beside = input.comparison.as_ref().map(|areas| format!(", beside {}", clean(areas))).unwrap_or_default();
    let synthetic = synthetic_sentence(input.synthetic);
    format!(
        "{finding}{} in {} months; {}, in force from {since}{beside}: {} than without the change, 95% interval {}.{synthetic}",
        clean(&input.value_label),
        drawn.len(),
        clean(&input.intervention),
        clean(&input.effect),
        clean(&input.interval)
    )
}
