//! The names of the quarters, each beside the end of its curve, clear of one another and, where there is room, of the lines.

use super::super::ChartError;
use super::super::canvas::{Anchor, Canvas, Point, TextStyle};
use super::super::frame::{room, style};
use super::super::palette::{DARK_BLUE, INK};
use super::super::scale::{Frame, Plot};
use super::super::text::{Weight, shorten, width};
use super::{LABEL_GAP, MOST_WIDE, MaturityChart, band};

const TESTED: TextStyle = TextStyle { halo: true, ..style(13.0, Weight::Bold, DARK_BLUE, Anchor::Start) };
const OTHER: TextStyle = TextStyle { halo: true, ..style(12.0, Weight::Regular, INK, Anchor::Start) };

/// A rectangle: left, top, right, bottom.
#[derive(Clone, Copy)]
struct Area(f64, f64, f64, f64);

impl Area {
    fn touches(&self, other: &Area) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    /// Whether a line passes through it. Lines run from left to right.
    fn is_crossed_by(&self, line: &[Point]) -> bool {
        line.windows(2).any(|pair| {
            let [(x1, y1), (x2, y2)] = [pair[0], pair[1]];
            let (left, right) = (self.0.max(x1), self.2.min(x2));
            if left > right {
                return false;
            }
            let at = |x: f64| if x2 > x1 { y1 + (y2 - y1) * (x - x1) / (x2 - x1) } else { y1 };
            let (a, b) = (at(left), at(right));
            a.min(b) < self.3 && a.max(b) > self.1
        })
    }
}

/// Names the cohorts, the last of `order` first, as it is the one that matters most.
pub(super) fn draw(canvas: &mut Canvas, plot: &Plot, input: &MaturityChart, order: &[usize]) -> Result<(), ChartError> {
    let lines = lines(plot, input);
    let mut taken: Vec<Area> = Vec::new();
    for position in order.iter().rev() {
        let cohort = &input.cohorts[*position];
        let Some(end) = cohort.on(plot, input.horizon_days).last().copied() else { continue };
        let style = if Some(*position) == input.tested { TESTED } else { OTHER };
        let name = shorten(&cohort.name, room(style, MOST_WIDE, 1))?;
        let wide = width(&name, style.size, style.weight)?;
        let free = |area: &&Area| !taken.iter().any(|other| area.touches(other));
        let places = places(plot.frame, end, wide, style.size);
        let clear = |area: &&Area| !lines.iter().any(|line| area.is_crossed_by(line));
        let place = places.iter().filter(free).find(clear).or_else(|| places.iter().find(free)).copied();
        if let Some(area) = place {
            taken.push(area);
            canvas.text((area.0, (area.1 + area.3) / 2.0 + 0.35 * style.size), &name, style);
        }
    }
    Ok(())
}

/// Every line of the chart.
fn lines(plot: &Plot, input: &MaturityChart) -> Vec<Vec<Point>> {
    let band = band(input);
    let edge = |of: fn(&(u32, f64, f64)) -> f64| -> Vec<Point> {
        band.iter().map(|point| plot.point(f64::from(point.0), of(point))).collect()
    };
    let curves = input.cohorts.iter().chain(&input.reference).map(|curve| curve.on(plot, input.horizon_days));
    curves.chain([edge(|point| point.1), edge(|point| point.2)]).collect()
}

/// Where a name may stand, the best first: right of the end and below it, a line further down at a time, then above.
fn places(frame: Frame, (x, y): Point, wide: f64, size: f64) -> Vec<Area> {
    let left = (x + 8.0).min(frame.right - wide - 4.0).max(frame.left + 4.0);
    let far = (2..).map(|step| f64::from(step) * LABEL_GAP / 2.0).take_while(|far| *far < frame.bottom - frame.top);
    let far: Vec<f64> = far.collect();
    let centres = far.iter().map(|far| y + far).chain(far.iter().map(|far| y - far));
    let area = |centre: f64| Area(left, centre - 0.6 * size, left + wide, centre + 0.6 * size);
    centres.map(area).filter(|area| area.1 >= frame.top && area.3 <= frame.bottom - 3.0).collect()
}
