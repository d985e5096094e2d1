//! The variation and assurance icons, as readers of Making Data Count charts know them: a ring with a small picture and,
//! where a direction or a verdict is meant, a letter (H and L for higher and lower, P and F for pass and fail).

use plotters::style::RGBColor;

use super::ChartError;
use super::canvas::{Anchor, Canvas, Dash, Layer, Point, Stroke, TextStyle};
use super::palette::{DARK_PINK, INK, LIGHT_PURPLE, MID_BLUE, MID_GREY, ORANGE, WHITE};
use super::spc::{Assurance, Variation};
use super::text::Weight;

pub(super) const ICON_RADIUS: f64 = 22.0;

/// An icon with the words that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Icon {
    pub kind: &'static str,
    pub verdict: &'static str,
    picture: Picture,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Picture {
    /// Dots up and down about a level.
    Wave,
    /// Dots on a level.
    Flat,
    /// Dots that leave a level, upwards or downwards.
    Leaving { upwards: bool, ring: Ring },
    /// The target as a dashed line, with the band of usual variation clear of it or across it.
    Target { ring: Ring, letter: &'static str },
}

/// What a ring's colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ring {
    Good,
    Bad,
    Neutral,
    Unsure,
}

impl Ring {
    fn colour(self) -> RGBColor {
        match self {
            Ring::Good => MID_BLUE,
            Ring::Bad => ORANGE,
            Ring::Neutral => LIGHT_PURPLE,
            Ring::Unsure => MID_GREY,
        }
    }
}

impl Icon {
    /// The icon of a variation verdict; none where too few points allow no verdict.
    pub fn of_variation(variation: Variation) -> Option<Icon> {
        let leaving = |upwards, ring| Picture::Leaving { upwards, ring };
        let (verdict, picture) = match variation {
            Variation::CommonCause => ("Common cause", Picture::Wave),
            Variation::NoVariation => ("No variation", Picture::Flat),
            Variation::ImprovingHigh => ("Improving, high", leaving(true, Ring::Good)),
            Variation::ImprovingLow => ("Improving, low", leaving(false, Ring::Good)),
            Variation::ConcerningHigh => ("Concern, high", leaving(true, Ring::Bad)),
            Variation::ConcerningLow => ("Concern, low", leaving(false, Ring::Bad)),
            Variation::High => ("Unusually high", leaving(true, Ring::Neutral)),
            Variation::Low => ("Unusually low", leaving(false, Ring::Neutral)),
            Variation::NotAssessed => return None,
        };
        Some(Icon { kind: "Variation", verdict, picture })
    }

    /// The icon of an assurance verdict; none where there is no target, or too few points.
    pub fn of_assurance(assurance: Assurance) -> Option<Icon> {
        let (verdict, ring, letter) = match assurance {
            Assurance::AlwaysPasses => ("Always passes", Ring::Good, "P"),
            Assurance::AlwaysFails => ("Always fails", Ring::Bad, "F"),
            Assurance::HitAndMiss => ("Hit and miss", Ring::Unsure, "?"),
            Assurance::NotAssessed => return None,
        };
        Some(Icon { kind: "Target", verdict, picture: Picture::Target { ring, letter } })
    }

    /// Draws the ring and its picture around `centre`.
    pub fn draw(&self, canvas: &mut Canvas, centre: Point) -> Result<(), ChartError> {
        let ring = match self.picture {
            Picture::Wave | Picture::Flat => Ring::Unsure,
            Picture::Leaving { ring, .. } | Picture::Target { ring, .. } => ring,
        };
        canvas.disc(centre, ICON_RADIUS, ring.colour())?;
        canvas.disc(centre, ICON_RADIUS - 3.0, WHITE)?;
        match self.picture {
            Picture::Wave => dots(canvas, centre, ring.colour(), &[3.0, -5.0, 4.0, -4.0, 5.0], 5),
            Picture::Flat => dots(canvas, centre, ring.colour(), &[0.0; 5], 5),
            Picture::Leaving { upwards, .. } => {
                let up = if upwards { -1.0 } else { 1.0 };
                let heights = [-5.5, -4.0, -4.8, 4.0, 9.5].map(|height| up * height);
                letter(canvas, (centre.0 - 5.5, centre.1 + up * 6.5), if upwards { "H" } else { "L" });
                dots(canvas, centre, ring.colour(), &heights, 2)
            }
            Picture::Target { letter: verdict, .. } => {
                letter(canvas, (centre.0, centre.1 - 6.5), verdict);
                target(canvas, centre, ring)
            }
        }
    }
}

/// Five dots joined by a line at heights below the centre; the last `coloured` of them in the ring's colour.
fn dots(
    canvas: &mut Canvas,
    (x, y): Point,
    colour: RGBColor,
    heights: &[f64; 5],
    coloured: usize,
) -> Result<(), ChartError> {
    let points: Vec<Point> =
        heights.iter().enumerate().map(|(i, height)| (x + 6.0 * (i as f64 - 2.0), y + height)).collect();
    canvas.line(&points, Stroke { colour: MID_GREY, width: 1.4 })?;
    for (i, &point) in points.iter().enumerate() {
        let fill = if i + coloured >= points.len() { colour } else { MID_GREY };
        canvas.disc(point, 2.5, fill)?;
    }
    Ok(())
}

/// The target line and the usual variation: above it, below it, or across it.
fn target(canvas: &mut Canvas, (x, y): Point, ring: Ring) -> Result<(), ChartError> {
    let level = y + 7.0;
    let shift = match ring {
        Ring::Good => -4.2,
        Ring::Bad => 4.2,
        Ring::Neutral | Ring::Unsure => 0.0,
    };
    let wave: Vec<Point> = (0..=24)
        .map(|i| {
            let along = f64::from(i) / 24.0;
            (x - 11.0 + 22.0 * along, level + shift - 2.6 * (along * 2.0 * std::f64::consts::TAU).sin())
        })
        .collect();
    let dash = Dash { stroke: Stroke { colour: DARK_PINK, width: 1.4 }, on: 4.0, off: 2.0 };
    canvas.dashed(Layer::OverShapes, (x - 14.0, level), (x + 14.0, level), dash);
    canvas.line(&wave, Stroke { colour: ring.colour(), width: 1.8 })
}

fn letter(canvas: &mut Canvas, (x, y): Point, letter: &str) {
    let style = TextStyle { size: 14.0, weight: Weight::Bold, colour: INK, anchor: Anchor::Middle, halo: false };
    canvas.text((x, y + 4.5), letter, style);
}
