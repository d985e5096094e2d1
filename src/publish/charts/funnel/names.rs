//! The names beside the marks: the own force, and those outside the ordinary range, where there is room.

use super::super::ChartError;
use super::super::canvas::{Anchor, Canvas, Point, TextStyle};
use super::super::frame::{room, style};
use super::super::label_area::Area;
use super::super::palette::{DARK_BLUE, INK};
use super::super::scale::Plot;
use super::super::text::{Weight, shorten, width};
use super::{FunnelForce, FunnelPlace, OWN_RADIUS, Sorted};

const OWN: TextStyle = TextStyle { halo: true, ..style(13.0, Weight::Bold, DARK_BLUE, Anchor::Start) };
const OTHER: TextStyle = TextStyle { halo: true, ..style(12.0, Weight::Regular, INK, Anchor::Start) };
const MOST_WIDE: f64 = 200.0;
/// Room a mark takes each way.
const MARK: f64 = 7.0;

/// `lines` are those of the plot, each from left to right.
pub(super) fn draw(canvas: &mut Canvas, plot: &Plot, sorted: &Sorted, lines: &[Vec<Point>]) -> Result<(), ChartError> {
    let at = |force: &FunnelForce| plot.point(sorted.across(force.denominator), force.value);
    let marks: Vec<Area> =
        sorted.forces.iter().map(|f| Area::around(at(f), if f.own { OWN_RADIUS } else { MARK })).collect();
    let mut taken: Vec<Area> = Vec::new();
    let named = |force: &&&FunnelForce| force.own || force.place != FunnelPlace::Within;
    let mut forces: Vec<&&FunnelForce> = sorted.forces.iter().filter(named).collect();
    // The own force first, then those furthest from the middle of the plot, which have the most room and say the most.
    let middle = (plot.frame.top + plot.frame.bottom) / 2.0;
    forces.sort_by(|a, b| {
        let distance = |f: &FunnelForce| (at(f).1 - middle).abs();
        b.own.cmp(&a.own).then(distance(b).total_cmp(&distance(a))).then_with(|| a.name.cmp(&b.name))
    });
    for force in forces {
        let style = if force.own { OWN } else { OTHER };
        let name = shorten(&force.name, room(style, MOST_WIDE, 1))?;
        let wide = width(&name, style.size, style.weight)?;
        let (x, y) = at(force);
        let clear = if force.own { OWN_RADIUS + 5.0 } else { MARK + 3.0 };
        let area_of = |(x, y, anchor): &(f64, f64, Anchor)| covers((*x, *y), *anchor, wide, style.size);
        let is_free = |place: &&(f64, f64, Anchor)| {
            let area = area_of(place);
            let others = marks.iter().filter(|mark| !mark.touches(&Area::around(at(force), 0.5)));
            let inside = area.0 >= plot.frame.left && area.2 <= plot.frame.right && area.1 >= plot.frame.top;
            inside && area.3 <= plot.frame.bottom && !taken.iter().chain(others).any(|other| area.touches(other))
        };
        let is_clear = |place: &&(f64, f64, Anchor)| !lines.iter().any(|line| area_of(place).is_crossed_by(line));
        let places = places((x, y), clear);
        // Clear of every line if there is such a place.
        let place = places.iter().filter(is_free).find(is_clear).or_else(|| places.iter().find(is_free)).copied();
        if let Some((x, y, anchor)) = place {
            taken.push(covers((x, y), anchor, wide, style.size));
            canvas.text((x, y + 0.35 * style.size), &name, TextStyle { anchor, ..style });
        }
    }
    Ok(())
}

/// Where a name may stand, the best first: beside the mark, above or below it, at a corner.
fn places((x, y): (f64, f64), clear: f64) -> Vec<(f64, f64, Anchor)> {
    let mut places = vec![(x + clear, y, Anchor::Start), (x - clear, y, Anchor::End)];
    for apart in [clear + 6.0, clear + 20.0] {
        for y in [y - apart, y + apart] {
            places.extend([(x, y, Anchor::Middle), (x + 3.0, y, Anchor::Start), (x - 3.0, y, Anchor::End)]);
        }
    }
    places
}

fn covers((x, y): (f64, f64), anchor: Anchor, wide: f64, size: f64) -> Area {
    let left = match anchor {
        Anchor::Start => x,
        Anchor::Middle => x - wide / 2.0,
        Anchor::End => x - wide,
    };
    Area(left, y - 0.6 * size, left + wide, y + 0.6 * size)
}
