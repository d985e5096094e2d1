//! The value axis at the left and the month axis below, with the years under their months.

use super::canvas::{Anchor, Canvas, Layer, Stroke, TextStyle};
use super::frame::style;
use super::palette::{GRID, INK, LIGHT_GREY, MID_GREY, MUTED};
use super::scale::{Axis, Plot};
use super::text::{Weight, widest};
use super::unit::ChartMonth;
use super::{ChartError, ChartUnit};

/// From the plot's lower edge to the footer.
pub(super) const MONTH_AXIS_HEIGHT: f64 = 48.0;

const TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::End);
const MONTH: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::Middle);
const YEAR: TextStyle = style(12.0, Weight::Bold, INK, Anchor::Middle);
const AXIS_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.2 };
const GRID_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };
const YEAR_LINE: Stroke = Stroke { colour: LIGHT_GREY, width: 1.0 };
/// Room a month's and a year's label take, with the space around them.
const MONTH_ROOM: f64 = 34.0;
const YEAR_ROOM: f64 = 44.0;

pub(super) fn tick_label_width(axis: &Axis, unit: ChartUnit) -> Result<f64, ChartError> {
    let labels: Vec<String> = axis.ticks().into_iter().map(|tick| unit.format_tick(tick, axis.step)).collect();
    widest(&labels, TICK.size, TICK.weight)
}

/// Month indices of the first and last month of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Months {
    pub first: i32,
    pub last: i32,
}

impl Months {
    /// Half a month is left at either side.
    pub fn range(self) -> (f64, f64) {
        (f64::from(self.first) - 0.5, f64::from(self.last) + 0.5)
    }

    /// Pixels from one month to the next.
    pub fn width(self, left: f64, right: f64) -> f64 {
        (right - left) / f64::from(self.last - self.first + 1)
    }
}

/// Both axes; without months, the value axis alone.
pub(super) fn draw(
    canvas: &mut Canvas,
    plot: &Plot,
    unit: ChartUnit,
    axis: &Axis,
    months: Option<Months>,
) -> Result<(), ChartError> {
    let frame = plot.frame;
    for tick in axis.ticks() {
        let y = plot.y(tick);
        canvas.rule(Layer::UnderShapes, (frame.left, y), (frame.right, y), GRID_LINE);
        canvas.text((frame.left - 9.0, y + 4.5), &unit.format_tick(tick, axis.step), TICK);
    }
    canvas.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], AXIS_LINE)?;
    let Some(months) = months else { return Ok(()) };
    let month_width = months.width(frame.left, frame.right);
    draw_months(canvas, plot, months, month_width)?;
    draw_years(canvas, plot, months, month_width)
}

/// A name for every month, or every second, third or sixth from January, as there is room.
fn draw_months(canvas: &mut Canvas, plot: &Plot, months: Months, month_width: f64) -> Result<(), ChartError> {
    let bottom = plot.frame.bottom;
    let Some(step) = [1, 2, 3, 6].into_iter().find(|&step| f64::from(step) * month_width >= MONTH_ROOM) else {
        return Ok(());
    };
    for month in (months.first..=months.last).filter(|month| month % step == 0) {
        let x = plot.x(f64::from(month));
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], AXIS_LINE)?;
        canvas.text((x, bottom + 18.0), ChartMonth::name_of(month), MONTH);
    }
    Ok(())
}

/// Each year under its months. A year cut off by the chart's edge may be narrower than its label, which then runs outwards.
fn draw_years(canvas: &mut Canvas, plot: &Plot, months: Months, month_width: f64) -> Result<(), ChartError> {
    let frame = plot.frame;
    let (first, last) = (ChartMonth::year_of(months.first), ChartMonth::year_of(months.last));
    let every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].into_iter();
    let every = every.clone().find(|&n| f64::from(n * 12) * month_width >= YEAR_ROOM).unwrap_or(2000);
    for year in (first..=last).filter(|year| year % every == 0) {
        let start = plot.x(f64::from((year * 12).max(months.first)) - 0.5);
        let end = plot.x(f64::from((year * 12 + 11).min(months.last)) + 0.5);
        if year > first {
            canvas.line(&[(start, frame.bottom + 25.0), (start, frame.bottom + 38.0)], YEAR_LINE)?;
        }
        let (x, anchor) = match end - start {
            wide if wide >= YEAR_ROOM || first == last || every > 1 => ((start + end) / 2.0, Anchor::Middle),
            _ if year == first => (end - 6.0, Anchor::End),
            _ => (start + 6.0, Anchor::Start),
        };
        canvas.text((x, frame.bottom + 36.0), &year.to_string(), TextStyle { anchor, ..YEAR });
    }
    Ok(())
}
