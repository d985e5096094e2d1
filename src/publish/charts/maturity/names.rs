//! The names of the quarters, each beside the end of its curve, clear of one another and, where there is room, of the lines.

use super::super::ChartError;
use super::super::canvas::{Anchor, Canvas, Point, TextStyle};
use super::super::frame::{room, style};
use super::super::label_area::Area;
use super::super::palette::{DARK_BLUE, INK};
use super::super::scale::{Frame, Plot};
use super::super::text::{Weight, shorten, width};
use super::{LABEL_GAP, MOST_WIDE, MaturityChart, band};

const TESTED: TextStyle = TextStyle { halo: true, ..style(13.0, Weight::Bold, DARK_BLUE, Anchor::Start) };
const OTHER: TextStyle = TextStyle { halo: true, ..style(12.0, Weight::Regular, INK, Anchor::Start) };

/// Room the mark at a curve's end takes each way.
const MARK: f64 = 5.0;

/// Names the cohorts, the last of `order` first, as it is the one that matters most.
pub(super) fn draw(canvas: &mut Canvas, plot: &Plot, input: &MaturityChart, order: &[usize]) -> Result<(), ChartError> {
    let lines = lines(plot, input);
    // No name covers the end of another curve.
    let ends = order.iter().filter_map(|i| input.cohorts[*i].on(plot, input.horizon_days).last().copied());
    let mut taken: Vec<Area> = ends.map(|end| Area::around(end, MARK)).collect();
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
