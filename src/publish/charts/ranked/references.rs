//! The group mean and the nation as lines over the bars, each named at its upper end.

use super::super::ChartError;
use super::super::canvas::{Anchor, Canvas, Dash, Layer, Stroke, TextStyle};
use super::super::frame::{MARGIN, WIDTH, style};
use super::super::palette::{DARK_GREY, DARK_PINK, WHITE};
use super::super::scale::{Plot, drawable};
use super::super::text::{Weight, width};
use super::{RankedChart, ReferenceLine, one_line};

/// Height of a row of names.
pub(super) const LANE: f64 = 20.0;
/// Between the names and the bars.
pub(super) const CLEARANCE: f64 = 4.0;
/// From a line to its name.
const GAP: f64 = 6.0;
const MOST_WIDE: f64 = 420.0;

const MEAN: Stroke = Stroke { colour: DARK_PINK, width: 2.0 };
const NATION: Dash = Dash { stroke: Stroke { colour: DARK_GREY, width: 2.0 }, on: 5.0, off: 3.0 };
const CASE: Stroke = Stroke { colour: WHITE, width: 3.4 };
const MEAN_NAME: TextStyle = style(13.0, Weight::Bold, DARK_PINK, Anchor::Start);
const NATION_NAME: TextStyle = style(13.0, Weight::Bold, DARK_GREY, Anchor::Start);

struct Placed {
    x: f64,
    name: String,
    wide: f64,
    dashed: bool,
    style: TextStyle,
    lane: usize,
}

impl Placed {
    fn leftwards(&self) -> bool {
        matches!(self.style.anchor, Anchor::End)
    }

    /// Where the name begins and ends, its line with it.
    fn extent(&self) -> (f64, f64) {
        if self.leftwards() { (self.x - GAP - self.wide, self.x) } else { (self.x, self.x + GAP + self.wide) }
    }
}

pub(super) struct References {
    placed: Vec<Placed>,
    /// Of the names, above the bars.
    pub height: f64,
}

impl References {
    /// `plot` need only be right in x.
    pub fn lay_out(input: &RankedChart, plot: &Plot) -> Result<References, ChartError> {
        let mut placed = Vec::new();
        for (line, style, dashed) in [(&input.group_mean, MEAN_NAME, false), (&input.national, NATION_NAME, true)] {
            if let Some(ReferenceLine { label, value }) = line
                && let Some(value) = drawable(*value)
            {
                let name = one_line(&format!("{label} {}", input.unit.format(value)), style, MOST_WIDE)?;
                let wide = width(&name, style.size, style.weight)?;
                placed.push(Placed { x: plot.x(value), name, wide, dashed, style, lane: 0 });
            }
        }
        placed.sort_by(|a, b| a.x.total_cmp(&b.x));
        point_apart(&mut placed);
        let lanes = placed.iter().map(|line| line.lane + 1).max().unwrap_or(0);
        Ok(References { placed, height: LANE * lanes as f64 + CLEARANCE })
    }

    pub fn draw(&self, canvas: &mut Canvas, plot: &Plot) {
        for line in &self.placed {
            let lane_top = plot.frame.top - self.height + LANE * line.lane as f64;
            let (top, bottom) = ((line.x, lane_top), (line.x, plot.frame.bottom));
            canvas.rule(Layer::OverShapes, (line.x, plot.frame.top), bottom, CASE);
            if line.dashed {
                canvas.dashed(Layer::OverShapes, top, bottom, NATION);
            } else {
                canvas.rule(Layer::OverShapes, top, bottom, MEAN);
            }
            let shift = if line.leftwards() { -GAP } else { GAP };
            canvas.text((line.x + shift, lane_top + 13.0), &line.name, line.style);
        }
    }
}

/// Names point away from each other, unless the chart's edge turns one round: then each has a row of its own, the one that
/// was turned round above, so that no line crosses a name.
fn point_apart(placed: &mut [Placed]) {
    let (edge_left, edge_right) = (MARGIN, WIDTH - MARGIN);
    let two = placed.len() == 2;
    for (i, line) in placed.iter_mut().enumerate() {
        let fits_left = line.x - GAP - line.wide >= edge_left;
        let fits_right = line.x + GAP + line.wide <= edge_right;
        let wants_left = two && i == 0;
        line.style.anchor = if (wants_left && fits_left) || !fits_right { Anchor::End } else { Anchor::Start };
    }
    if let [first, second] = placed
        && first.extent().1 + GAP > second.extent().0
        && (first.leftwards() == second.leftwards() || !first.leftwards())
    {
        if second.leftwards() {
            first.lane = 1;
        } else {
            second.lane = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x: f64) -> Placed {
        Placed { x, name: String::new(), wide: 150.0, dashed: false, style: MEAN_NAME, lane: 0 }
    }

    #[test]
    fn names_keep_within_the_chart_and_apart() {
        for first in (180..=900).step_by(10) {
            for second in (first..=900).step_by(10) {
                let mut placed = [line(f64::from(first)), line(f64::from(second))];
                point_apart(&mut placed);
                let [(start_a, end_a), (start_b, end_b)] = [placed[0].extent(), placed[1].extent()];
                for (start, end) in [(start_a, end_a), (start_b, end_b)] {
                    assert!(start >= MARGIN - GAP && end <= WIDTH - MARGIN + GAP, "{first} {second}: {start} to {end}");
                }
                let same_row = placed[0].lane == placed[1].lane;
                assert!(!same_row || end_a <= start_b, "{first} {second}: names overlap");
                // The line of the name above goes down past the name below.
                let (above, below) = if placed[0].lane < placed[1].lane { (0, 1) } else { (1, 0) };
                let (start, end) = placed[below].extent();
                let crossed = !same_row && placed[above].x > start + 0.1 && placed[above].x < end - 0.1;
                assert!(!crossed, "{first} {second}: a line crosses a name");
            }
        }
    }
}
