//! The marks of single values: told apart by shape as well as colour.

use plotters::style::RGBColor;

use super::ChartError;
use super::canvas::{Canvas, Point, Stroke};
use super::palette::WHITE;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Disc,
    /// A ring: the value is provisional.
    Hollow,
    Square,
    Diamond,
    TriangleUp,
    TriangleDown,
}

/// Radius of a disc; the other marks carry more weight, as they stand for a signal.
const RADIUS: f64 = 3.6;
const SIGNAL_RADIUS: f64 = 5.2;
/// White around a mark, which parts it from the line.
const RIM: f64 = 1.6;

impl Mark {
    pub fn draw(self, canvas: &mut Canvas, centre: Point, colour: RGBColor) -> Result<(), ChartError> {
        self.draw_scaled(canvas, centre, colour, 1.0)
    }

    /// As [`Mark::draw`], so many times as large.
    pub fn draw_scaled(
        self,
        canvas: &mut Canvas,
        centre: Point,
        colour: RGBColor,
        scale: f64,
    ) -> Result<(), ChartError> {
        let (radius, rim) = (RADIUS * scale, RIM * scale);
        match self {
            Mark::Disc => {
                canvas.disc(centre, radius + rim, WHITE)?;
                canvas.disc(centre, radius, colour)
            }
            Mark::Hollow => {
                canvas.disc(centre, radius + rim, WHITE)?;
                canvas.ring(centre, radius, Stroke { colour, width: 1.8 * scale.sqrt() })
            }
            _ => {
                canvas.polygon(&self.corners(centre, scale, rim), WHITE)?;
                canvas.polygon(&self.corners(centre, scale, 0.0), colour)
            }
        }
    }

    /// The corners of an angular mark so many times as large, its edges `rim` pixels further out; none for round ones.
    pub fn corners(self, (x, y): Point, scale: f64, rim: f64) -> Vec<Point> {
        let around = |offsets: &[Point]| offsets.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
        let radius = SIGNAL_RADIUS * scale;
        match self {
            Mark::Disc | Mark::Hollow => Vec::new(),
            Mark::Square => {
                let half = 0.88 * radius + rim;
                around(&[(-half, -half), (half, -half), (half, half), (-half, half)])
            }
            Mark::Diamond => {
                let half = 1.24 * radius + rim * std::f64::consts::SQRT_2;
                around(&[(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)])
            }
            Mark::TriangleUp | Mark::TriangleDown => {
                // Circumradius of an equilateral triangle; moving its edges out by `rim` adds twice that to it.
                let reach = 1.3 * radius + 2.0 * rim;
                let up = if self == Mark::TriangleUp { -1.0 } else { 1.0 };
                let (foot, half) = (0.5 * reach, 0.866 * reach);
                around(&[(0.0, up * reach), (half, -up * foot), (-half, -up * foot)])
            }
        }
    }
}
