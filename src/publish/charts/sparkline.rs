//! A figure over time in the size of a word: line, limits as a band, the last final month marked. No axis and no words,
//! so it stands beside its figure and is hidden from screen readers by whoever shows it.

use std::fmt::Write as _;

use plotters::style::RGBColor;

use super::ChartMonth;
use super::canvas::Point;
use super::marks::Mark;
use super::palette::{GRID, MID_GREY, WHITE, hex};
use super::scale::drawable;
use super::spc::PointClass;

/// What the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct SparklineInput {
    /// In any order. A month without a point, or whose value is `None` or not finite, is a gap.
    pub points: Vec<SparklinePoint>,
}

/// One month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SparklinePoint {
    pub month: ChartMonth,
    /// In any one unit.
    pub value: Option<f64>,
    /// Process limits in the unit of the value. With the upper alone the band reaches down to the picture's edge.
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// Marks the last final month; the other months are a line.
    pub class: PointClass,
    /// Not yet final: drawn hollow whatever its class.
    pub provisional: bool,
}

/// Size in CSS pixels.
pub const WIDTH: f64 = 120.0;
pub const HEIGHT: f64 = 28.0;

/// Room around the line for half a mark.
const MARGIN: f64 = 6.2;
const DISC: f64 = 2.9;
const RING: f64 = 1.7;
/// Of a final month with a gap at either side, which no line shows.
const DOT: f64 = 1.2;
/// Of a mark beside that of a chart, and the white around it in pixels.
const SCALE: f64 = 0.66;
const RIM: f64 = 0.8;
/// Pixels between months from which each provisional one has a ring; closer than that only the newest has.
const RING_ROOM: f64 = 4.4;

/// An SVG element of [`WIDTH`] by [`HEIGHT`] pixels without words, ids or a role. Without a value it is empty.
pub fn svg(input: &SparklineInput) -> String {
    let mut drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         focusable=\"false\">"
    );
    let series = Series::new(input);
    if !series.values.is_empty() {
        series.draw_band(&mut drawing);
        series.draw_line(&mut drawing);
        series.draw_marks(&mut drawing);
    }
    drawing.push_str("</svg>");
    drawing
}

struct Series {
    /// In order of month.
    points: Vec<SparklinePoint>,
    /// Those with a value, and where they stand.
    values: Vec<(SparklinePoint, Point)>,
    first: i32,
    last: i32,
    low: f64,
    high: f64,
}

impl Series {
    fn new(input: &SparklineInput) -> Series {
        let mut points = input.points.clone();
        points.sort_by_key(|point| point.month);
        let ends = points.iter().flat_map(|p| [p.value, p.lower, p.upper]).flatten().filter_map(drawable);
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let first = points.first().map_or(0, |point| point.month.index());
        let last = points.last().map_or(0, |point| point.month.index());
        let mut series = Series { points, values: Vec::new(), first, last, low, high };
        let place = |point: &SparklinePoint| {
            let value = point.value.and_then(drawable)?;
            Some((*point, (series.x(f64::from(point.month.index())), series.y(value))))
        };
        series.values = series.points.iter().filter_map(place).collect();
        series
    }

    /// Pixels from one month to the next; of a single month, the whole width.
    fn pitch(&self) -> f64 {
        (WIDTH - 2.0 * MARGIN) / f64::from((self.last - self.first).max(1))
    }

    fn x(&self, month: f64) -> f64 {
        if self.first == self.last {
            return WIDTH / 2.0 + (month - f64::from(self.first)) * self.pitch();
        }
        MARGIN + (month - f64::from(self.first)) * self.pitch()
    }

    fn y(&self, value: f64) -> f64 {
        let span = self.high - self.low;
        let share = if span > 0.0 { (value - self.low) / span } else { 0.5 };
        HEIGHT - MARGIN - share * (HEIGHT - 2.0 * MARGIN)
    }

    /// A strip a stretch of months with the same limits.
    fn draw_band(&self, drawing: &mut String) {
        let mut strips: Vec<(i32, i32, f64, f64)> = Vec::new();
        for point in &self.points {
            let Some(upper) = point.upper.and_then(drawable) else { continue };
            let top = self.y(upper);
            let bottom = point.lower.and_then(drawable).map_or(HEIGHT, |lower| self.y(lower));
            let month = point.month.index();
            match strips.last_mut() {
                Some(strip) if strip.1 + 1 == month && (strip.2, strip.3) == (top, bottom) => strip.1 = month,
                _ => strips.push((month, month, top, bottom)),
            }
        }
        for (from, to, top, bottom) in strips {
            let left = self.x(f64::from(from) - 0.5).max(0.0);
            let right = self.x(f64::from(to) + 0.5).min(WIDTH);
            // Limits that are equal are still seen.
            let (top, high) = if bottom - top < 1.0 { (top - 0.5, 1.0) } else { (top, bottom - top) };
            let (wide, fill) = (right - left, hex(GRID));
            // Writing to a String cannot fail.
            let _ = write!(
                drawing,
                "<rect x=\"{left:.2}\" y=\"{top:.2}\" width=\"{wide:.2}\" height=\"{high:.2}\" fill=\"{fill}\"/>"
            );
        }
    }

    /// The line, broken where a month is missing, dotted to and between provisional months.
    fn draw_line(&self, drawing: &mut String) {
        let (mut unbroken, mut dotted) = (String::new(), String::new());
        let neighbours = |a: &SparklinePoint, b: &SparklinePoint| b.month.index() - a.month.index() <= 1;
        // Whether the unbroken line ends at the month before.
        let mut open = false;
        for (i, (point, (x, y))) in self.values.iter().enumerate() {
            let previous = i.checked_sub(1).map(|p| &self.values[p]).filter(|(p, _)| neighbours(p, point));
            let next = self.values.get(i + 1).filter(|(next, _)| neighbours(point, next));
            match previous {
                Some((before, (from_x, from_y))) if before.provisional || point.provisional => {
                    let _ = write!(dotted, "M{from_x:.2} {from_y:.2}L{x:.2} {y:.2}");
                    open = false;
                }
                Some(_) if open => {
                    let _ = write!(unbroken, "L{x:.2} {y:.2}");
                }
                Some((_, (from_x, from_y))) => {
                    let _ = write!(unbroken, "M{from_x:.2} {from_y:.2}L{x:.2} {y:.2}");
                    open = true;
                }
                None => open = false,
            }
            if previous.is_none() && next.is_none() && !point.provisional {
                disc(drawing, (*x, *y), DOT, MID_GREY);
            }
        }
        let colour = hex(MID_GREY);
        for (path, dashes) in [(unbroken, ""), (dotted, " stroke-dasharray=\"1.5 1.5\"")] {
            if !path.is_empty() {
                let _ = write!(
                    drawing,
                    "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.3\" \
                     stroke-linejoin=\"round\"{dashes}/>"
                );
            }
        }
    }

    /// A ring a provisional month, and the last final one in the shape and colour of its class.
    fn draw_marks(&self, drawing: &mut String) {
        let newest = self.values.last().map(|(point, _)| point.month);
        let provisional = self.values.iter().filter(|(point, _)| point.provisional);
        for (_, at) in provisional.filter(|(p, _)| self.pitch() >= RING_ROOM || Some(p.month) == newest) {
            let _ = write!(
                drawing,
                "<circle cx=\"{:.2}\" cy=\"{:.2}\" r=\"{RING}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.1\"/>",
                at.0,
                at.1,
                hex(WHITE),
                hex(MID_GREY)
            );
        }
        if let Some((point, at)) = self.values.iter().rfind(|(point, _)| !point.provisional) {
            let (mark, colour) = point.class.mark();
            if mark == Mark::Disc {
                disc(drawing, *at, DISC, colour);
                return;
            }
            for (rim, fill) in [(RIM, WHITE), (0.0, colour)] {
                let corners: Vec<String> =
                    mark.corners(*at, SCALE, rim).into_iter().map(|(x, y)| format!("{x:.2},{y:.2}")).collect();
                let _ = write!(drawing, "<polygon points=\"{}\" fill=\"{}\"/>", corners.join(" "), hex(fill));
            }
        }
    }
}

fn disc(drawing: &mut String, (x, y): Point, radius: f64, colour: RGBColor) {
    let _ = write!(drawing, "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius}\" fill=\"{}\"/>", hex(colour));
}

#[cfg(test)]
mod tests {
    use super::super::palette::{LIGHT_PURPLE, MID_BLUE, ORANGE};
    use super::super::raster;
    use super::super::sample_inputs::{sparkline, values};
    use super::*;

    fn count(svg: &str, part: &str) -> usize {
        svg.matches(part).count()
    }

    #[test]
    fn a_picture_has_no_words_and_nothing_that_could_collide() {
        for months in [0, 1, 2, 13, 36, 60] {
            let svg = svg(&sparkline(&values(months, 0.8)));
            raster::parse(&svg).unwrap();
            assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"28\""), "{svg}");
            for absent in [" id=", "<text", "<title", "role=", "NaN", "inf"] {
                assert_eq!(count(&svg, absent), 0, "{absent} of {months} months in {svg}");
            }
        }
    }

    #[test]
    fn everything_drawn_lies_within_the_picture() {
        let classes =
            [PointClass::Common, PointClass::Improving, PointClass::Concerning, PointClass::High, PointClass::Low];
        for class in classes {
            for level in [0.0, 1e-9, 1.0, 4e5, -3.0] {
                for months in [1, 2, 13, 60] {
                    let mut input = sparkline(&values(months, level));
                    input.points.iter_mut().for_each(|point| point.class = class);
                    let tree = raster::parse(&svg(&input)).unwrap();
                    let drawn = tree.root().abs_stroke_bounding_box();
                    let inside = drawn.left() >= 0.0 && drawn.top() >= 0.0 && drawn.right() <= 120.0;
                    assert!(inside && drawn.bottom() <= 28.0, "{class:?}, {months} months about {level}: {drawn:?}");
                }
            }
        }
    }

    #[test]
    fn the_last_final_month_is_marked_by_shape_and_colour_and_later_ones_are_hollow() {
        for (class, colour, corners) in [
            (PointClass::Improving, MID_BLUE, 4),
            (PointClass::Concerning, ORANGE, 4),
            (PointClass::High, LIGHT_PURPLE, 3),
            (PointClass::Low, LIGHT_PURPLE, 3),
        ] {
            let mut input = sparkline(&values(24, 0.8));
            input.points[21].class = class;
            for point in &mut input.points[22..] {
                (point.provisional, point.class) = (true, PointClass::Concerning);
            }
            let svg = svg(&input);
            // The white rim and the mark, at the last final month.
            assert_eq!(count(&svg, "<polygon"), 2, "{class:?}");
            let mark = svg.split("<polygon points=\"").nth(2).unwrap();
            assert_eq!(count(mark.split('"').next().unwrap(), ","), corners, "{class:?}");
            assert!(mark.contains(&hex(colour)), "{class:?}");
            assert_eq!(count(&svg, "fill=\"#FFFFFF\" stroke=\"#6E7A86\""), 2, "two provisional months");
            assert_eq!(count(&svg, "stroke-dasharray"), 1);
        }
        let common = svg(&sparkline(&values(24, 0.8)));
        assert_eq!((count(&common, "<polygon"), count(&common, "r=\"2.9\"")), (0, 1));
    }

    #[test]
    fn gaps_break_the_line_and_steps_break_the_band() {
        let mut input = sparkline(&values(24, 0.8));
        let lines = |input: &SparklineInput| count(svg(input).split("<path").nth(1).unwrap_or(""), "M");
        assert_eq!((lines(&input), count(&svg(&input), "<rect")), (1, 1));
        input.points[7].value = None;
        input.points[9].value = Some(f64::NAN);
        assert_eq!(lines(&input), 2, "month 8 stands alone");
        assert_eq!(count(&svg(&input), "r=\"1.2\""), 1);
        input.points[20].upper = Some(0.95);
        assert_eq!(count(&svg(&input), "<rect"), 3);
        input.points.iter_mut().for_each(|point| point.upper = None);
        assert_eq!(count(&svg(&input), "<rect"), 0);
        input.points.iter_mut().for_each(|point| point.value = None);
        assert!(svg(&input).ends_with("focusable=\"false\"></svg>"), "nothing is drawn");
    }

    #[test]
    fn months_and_values_stand_at_their_place() {
        // Three months over the width less the margins, 0 to 10 over the height less them: 6.2, 60 and 113.8 across;
        // 21.8, 14 and 6.2 down.
        let mut input = sparkline(&[Some(0.0), Some(5.0), Some(10.0)]);
        input.points.iter_mut().for_each(|point| (point.lower, point.upper) = (None, None));
        assert!(svg(&input).contains("<path d=\"M6.20 21.80L60.00 14.00L113.80 6.20\""), "{}", svg(&input));
        let mut reversed = input.clone();
        reversed.points.reverse();
        assert_eq!(svg(&input), svg(&reversed));
    }
}
