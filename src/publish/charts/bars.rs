//! Horizontal bars and the intervals at their ends, as every chart of bars draws them.

use super::ChartError;
use super::canvas::{Canvas, Layer, Stroke};
use super::palette::{DARK_BLUE, INK, LIGHT_GREY, MID_GREY, WHITE};
use super::scale::drawable;

const OUTLINE: Stroke = Stroke { colour: MID_GREY, width: 1.0 };
const WHISKER: Stroke = Stroke { colour: INK, width: 1.6 };
const WHISKER_CASE: Stroke = Stroke { colour: WHITE, width: 4.6 };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    /// What the chart is about.
    Own,
    /// What it stands beside: light, so with an outline.
    Beside,
    /// An outline alone: the figure is provisional.
    Hollow,
}

/// A bar between two places of x about the height `middle`, `half` its thickness to either side. Without length it is not
/// drawn.
pub(super) fn draw(
    canvas: &mut Canvas,
    (from, to): (f64, f64),
    (middle, half): (f64, f64),
    fill: Fill,
) -> Result<(), ChartError> {
    let (start, end) = (from.min(to), from.max(to));
    if end - start < 1e-6 {
        return Ok(());
    }
    let colour = match fill {
        Fill::Own => DARK_BLUE,
        Fill::Beside => LIGHT_GREY,
        Fill::Hollow => WHITE,
    };
    canvas.rectangle((start, middle - half), (end, middle + half), colour)?;
    if fill != Fill::Own {
        let corners = [(start, -half), (end, -half), (end, half), (start, half), (start, -half)];
        canvas.line(&corners.map(|(x, y)| (x, middle + y)), OUTLINE)?;
    }
    Ok(())
}

/// An interval as a line with caps, cased in white so that it shows on any bar; `x` from value to pixels. An interval that
/// lacks an end is not drawn.
pub(super) fn whisker(canvas: &mut Canvas, x: impl Fn(f64) -> f64, interval: (Option<f64>, Option<f64>), middle: f64) {
    let (Some(lower), Some(upper)) = (interval.0.and_then(drawable), interval.1.and_then(drawable)) else { return };
    let (low, high) = (x(lower), x(upper));
    let cap = 5.0;
    for (stroke, over) in [(WHISKER_CASE, 1.5), (WHISKER, 0.0)] {
        canvas.rule(Layer::OverShapes, (low - over, middle), (high + over, middle), stroke);
        for x in [low, high] {
            canvas.rule(Layer::OverShapes, (x, middle - cap - over), (x, middle + cap + over), stroke);
        }
    }
}
