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
        match self {
            Mark::Disc => {
                canvas.disc(centre, RADIUS + RIM, WHITE)?;
                canvas.disc(centre, RADIUS, colour)
            }
            Mark::Hollow => {
                canvas.disc(centre, RADIUS + RIM, WHITE)?;
                canvas.ring(centre, RADIUS, Stroke { colour, width: 1.8 })
            }
            _ => {
                canvas.polygon(&self.corners(centre, RIM), WHITE)?;
                canvas.polygon(&self.corners(centre, 0.0), colour)
            }
        }
    }

    /// The corners of an angular mark whose edges lie `rim` pixels further out, or further in below 0; none for round ones.
    pub fn corners(self, (x, y): Point, rim: f64) -> Vec<Point> {
        let around = |offsets: &[Point]| offsets.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
        match self {
            Mark::Disc | Mark::Hollow => Vec::new(),
            Mark::Square => {
                let half = 0.88 * SIGNAL_RADIUS + rim;
                around(&[(-half, -half), (half, -half), (half, half), (-half, half)])
            }
            Mark::Diamond => {
                let half = 1.24 * SIGNAL_RADIUS + rim * std::f64::consts::SQRT_2;
                around(&[(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)])
            }
            Mark::TriangleUp | Mark::TriangleDown => {
                // Circumradius of an equilateral triangle; moving its edges out by `rim` adds twice that to it.
                let reach = 1.3 * SIGNAL_RADIUS + 2.0 * rim;
                let up = if self == Mark::TriangleUp { -1.0 } else { 1.0 };
                let (foot, half) = (0.5 * reach, 0.866 * reach);
                around(&[(0.0, up * reach), (half, -up * foot), (-half, -up * foot)])
            }
        }
    }
}
