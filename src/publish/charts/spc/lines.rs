//! Mean, limits and target: the lines, and their names at the right of the plot.

use super::super::ChartError;
use super::super::canvas::{Anchor, Canvas, Dash, Layer, Stroke, TextStyle};
use super::super::frame::style;
use super::super::palette::{BAND, DARK_PINK, INK, MID_GREY, MUTED};
use super::super::scale::{Plot, drawable, spread};
use super::super::text::{Weight, width};
use super::SpcPhase;
use super::series::Series;

const MEAN: Stroke = Stroke { colour: MUTED, width: 1.4 };
const LIMIT: Dash = Dash { stroke: Stroke { colour: MUTED, width: 1.2 }, on: 7.0, off: 5.0 };
const TARGET: Dash = Dash { stroke: Stroke { colour: DARK_PINK, width: 1.8 }, on: 2.0, off: 3.0 };
const LEADER: Stroke = Stroke { colour: MID_GREY, width: 0.8 };

const LIMIT_LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const MEAN_LABEL: TextStyle = style(13.0, Weight::Regular, INK, Anchor::Start);
const TARGET_LABEL: TextStyle = style(13.0, Weight::Bold, DARK_PINK, Anchor::Start);
/// From one label's middle to the next.
const LABEL_GAP: f64 = 17.0;
/// From the plot's edge to its labels: room for a leader to a label that had to move.
const LEADER_ROOM: f64 = 14.0;

/// Tints the range between the limits of each phase, as far as the plot holds it; below an upper limit alone, all of it, as
/// where a lower one would be below what can happen.
pub(in super::super) fn draw_bands(canvas: &mut Canvas, plot: &Plot, series: &Series) {
    let within = |y: f64| y.clamp(plot.frame.top, plot.frame.bottom);
    for (start, end, phase) in spans(plot, series) {
        let lower = phase.lower.and_then(drawable).map_or(plot.frame.bottom, |lower| plot.y(lower));
        if let Some(upper) = phase.upper.and_then(drawable) {
            canvas.backdrop((start, within(plot.y(upper))), (end, within(lower)), BAND);
        }
    }
}

/// Draws each phase's limits and mean, and the target across the plot, as far as the plot holds them.
pub(in super::super) fn draw(canvas: &mut Canvas, plot: &Plot, series: &Series) -> Result<(), ChartError> {
    let height = |value: f64| {
        let y = plot.y(drawable(value)?);
        (plot.frame.top - 1.0..=plot.frame.bottom + 1.0).contains(&y).then_some(y)
    };
    for (start, end, phase) in spans(plot, series) {
        for y in [phase.lower, phase.upper].into_iter().flatten().filter_map(height) {
            canvas.dashed(Layer::UnderShapes, (start, y), (end, y), LIMIT);
        }
        if let Some(y) = phase.centre.and_then(height) {
            canvas.line(&[(start, y), (end, y)], MEAN)?;
        }
    }
    if let Some(y) = series.input.target.and_then(height) {
        canvas.dashed(Layer::UnderShapes, (plot.frame.left, y), (plot.frame.right, y), TARGET);
    }
    Ok(())
}

/// Each phase with its left and right edge in the plot; the last runs to the plot's edge.
fn spans<'a>(plot: &Plot, series: &Series<'a>) -> Vec<(f64, f64, &'a SpcPhase)> {
    let frame = plot.frame;
    let last = series.last_phase();
    let edges = series.input.phases.iter().map(|phase| {
        let start = plot.x(f64::from(phase.start.index()) - 0.5).clamp(frame.left, frame.right);
        let end = plot.x(f64::from(phase.end.index()) + 0.5).clamp(frame.left, frame.right);
        (start, if last == Some(phase) { frame.right } else { end }, phase)
    });
    edges.filter(|(start, end, _)| end > start).collect()
}

struct LineLabel {
    value: f64,
    text: String,
    style: TextStyle,
}

/// The names of the lines, with their values.
pub(super) struct LineLabels {
    labels: Vec<LineLabel>,
    /// Room they take at the right of the plot.
    pub width: f64,
}

impl LineLabels {
    pub fn new(series: &Series) -> Result<LineLabels, ChartError> {
        let unit = series.input.unit;
        let mut labels = Vec::new();
        let mut name = |words: &str, value: Option<f64>, style: TextStyle| {
            if let Some(value) = value.and_then(drawable) {
                labels.push(LineLabel { value, text: format!("{words} {}", unit.format(value)), style });
            }
        };
        if let Some(phase) = series.last_phase().filter(|_| !series.points.is_empty()) {
            if phase.upper.is_some() && phase.upper == phase.lower && phase.upper == phase.centre {
                name("Mean and limits", phase.centre, MEAN_LABEL);
            } else {
                name("Upper limit", phase.upper, LIMIT_LABEL);
                name("Mean", phase.centre, MEAN_LABEL);
                name("Lower limit", phase.lower, LIMIT_LABEL);
            }
        }
        name("Target", series.input.target, TARGET_LABEL);
        let mut widest: f64 = 0.0;
        for label in &labels {
            widest = widest.max(width(&label.text, label.style.size, label.style.weight)?);
        }
        let room = if labels.is_empty() { 0.0 } else { widest + LEADER_ROOM };
        Ok(LineLabels { labels, width: room })
    }

    pub fn draw(&self, canvas: &mut Canvas, plot: &Plot) {
        let frame = plot.frame;
        let wanted: Vec<f64> = self.labels.iter().map(|label| plot.y(label.value)).collect();
        let placed = spread(&wanted, LABEL_GAP, (frame.top, frame.bottom));
        for ((label, line), middle) in self.labels.iter().zip(wanted).zip(placed) {
            if (line - middle).abs() > 3.0 {
                canvas.rule(
                    Layer::OverShapes,
                    (frame.right + 1.0, line),
                    (frame.right + LEADER_ROOM - 3.0, middle),
                    LEADER,
                );
            }
            canvas.text((frame.right + LEADER_ROOM, middle + 4.5), &label.text, label.style);
        }
    }
}
