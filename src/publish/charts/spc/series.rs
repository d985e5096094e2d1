//! The points of a chart in order of time, and how they are drawn.

use super::super::ChartError;
use super::super::canvas::{Anchor, Canvas, Dash, Layer, Point, Stroke, TextStyle};
use super::super::frame::style;
use super::super::month_axis::Months;
use super::super::palette::{INK, MID_GREY};
use super::super::scale::{Axis, AxisRules, Plot, drawable};
use super::super::text::{Weight, width};
use super::super::unit::ChartUnit;
use super::{SpcChart, SpcPhase, SpcPoint};

const LINE: Stroke = Stroke { colour: MID_GREY, width: 1.8 };
const LATEST: TextStyle = TextStyle { halo: true, ..style(13.0, Weight::Bold, INK, Anchor::End) };
/// How far the latest figure may stand from its usual place beside its point.
const MOST_SHIFT: f64 = 10.0;

pub(in super::super) struct Series<'a> {
    pub input: &'a SpcChart,
    /// In order of month.
    pub points: Vec<&'a SpcPoint>,
    /// Month indices of the first and last point.
    pub first: i32,
    pub last: i32,
}

/// A month that has a value to draw.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Drawn<'a> {
    pub point: &'a SpcPoint,
    pub month: i32,
    pub value: f64,
}

impl<'a> Series<'a> {
    pub fn new(input: &'a SpcChart) -> Series<'a> {
        let mut points: Vec<&SpcPoint> = input.points.iter().collect();
        points.sort_by_key(|point| point.month);
        let first = points.first().map_or(0, |point| point.month.index());
        let last = points.last().map_or(0, |point| point.month.index());
        Series { input, points, first, last }
    }

    /// The months that have a value, in order.
    pub fn drawn(&self) -> impl DoubleEndedIterator<Item = Drawn<'a>> {
        self.points.iter().filter_map(|&point| {
            let value = point.value.and_then(drawable)?;
            Some(Drawn { point, month: point.month.index(), value })
        })
    }

    pub fn is_empty(&self) -> bool {
        self.drawn().next().is_none()
    }

    /// The last final month that has a value; failing that the last provisional one.
    pub fn latest(&self) -> Option<Drawn<'a>> {
        self.drawn().rfind(|drawn| !drawn.point.provisional).or_else(|| self.drawn().next_back())
    }

    /// The phase whose limits are named beside the plot.
    pub fn last_phase(&self) -> Option<&'a SpcPhase> {
        self.input.phases.iter().max_by_key(|phase| phase.end)
    }

    pub fn months(&self) -> Months {
        Months { first: self.first, last: self.last }
    }

    /// The months below the plot; none where there is no point.
    pub fn axis_months(&self) -> Option<Months> {
        (!self.points.is_empty()).then(|| self.months())
    }

    pub fn value_axis(&self) -> Axis {
        let values: Vec<f64> = self.drawn().map(|drawn| drawn.value).collect();
        let lines = self.input.phases.iter().flat_map(|phase| [phase.lower, phase.centre, phase.upper]);
        let lines = lines.chain([self.input.target]).flatten().filter_map(drawable);
        let whole = self.input.unit == ChartUnit::Count && values.iter().all(|value| value.fract() == 0.0);
        let rules = AxisRules {
            from_zero: false,
            least_step: whole.then_some(1.0),
            ceiling: (self.input.unit == ChartUnit::Percent).then_some(1.0),
            tick_gaps: 5.0,
            range_of_zero: if self.input.unit == ChartUnit::Percent { 0.1 } else { 5.0 },
        };
        Axis::around(&values.iter().copied().chain(lines).collect::<Vec<f64>>(), rules)
    }

    /// The line and a mark a month, and the latest value in figures.
    pub fn draw(&self, canvas: &mut Canvas, plot: &Plot) -> Result<(), ChartError> {
        self.draw_line(canvas, plot, LINE)?;
        for month in self.drawn() {
            let (mark, colour) = month.point.mark();
            mark.draw(canvas, plot.point(f64::from(month.month), month.value), colour)?;
        }
        draw_latest(canvas, plot, self)
    }

    /// The line, broken where a month is missing, dotted to and between provisional months.
    pub fn draw_line(&self, canvas: &mut Canvas, plot: &Plot, stroke: Stroke) -> Result<(), ChartError> {
        let at = |drawn: &Drawn| plot.point(f64::from(drawn.month), drawn.value);
        let drawn: Vec<Drawn> = self.drawn().collect();
        let mut stretch: Vec<Point> = Vec::new();
        for (i, current) in drawn.iter().enumerate() {
            let previous = i.checked_sub(1).map(|p| &drawn[p]).filter(|p| current.month - p.month <= 1);
            let provisional = previous.is_some_and(|p| p.point.provisional || current.point.provisional);
            if let (Some(previous), true) = (previous, provisional) {
                canvas.dashed(Layer::UnderShapes, at(previous), at(current), Dash { stroke, on: 3.0, off: 3.0 });
            }
            if previous.is_none() || provisional {
                draw_stretch(canvas, &mut stretch, stroke)?;
            }
            stretch.push(at(current));
        }
        draw_stretch(canvas, &mut stretch, stroke)
    }
}

/// The latest value in figures above or below its point, whichever is nearer, clear of the line and within the plot; left
/// out if there is no such place, as the headline has it too.
fn draw_latest(canvas: &mut Canvas, plot: &Plot, series: &Series) -> Result<(), ChartError> {
    let Some(latest) = series.latest() else { return Ok(()) };
    let words = series.input.unit.format(latest.value);
    let wide = width(&words, LATEST.size, LATEST.weight)?;
    let (x, y) = plot.point(f64::from(latest.month), latest.value);
    let right = (x + wide / 2.0).min(plot.frame.right);
    let month_width = series.months().width(plot.frame.left, plot.frame.right);
    let nearby = series.drawn().map(|drawn| plot.point(f64::from(drawn.month), drawn.value));
    let nearby: Vec<f64> = nearby
        .filter(|(px, _)| (right - wide - month_width..=right + month_width).contains(px))
        .map(|(_, py)| py)
        .collect();
    // How far the line forces the figure away from its point: beyond a few pixels it would seem to name another month.
    let lift = y - nearby.iter().copied().fold(y, f64::min);
    let drop = nearby.iter().copied().fold(y, f64::max) - y;
    let above = (lift <= MOST_SHIFT && y - lift - 22.0 > plot.frame.top).then_some((lift, y - lift - 11.0));
    let below = (drop <= MOST_SHIFT && y + drop + 24.0 < plot.frame.bottom).then_some((drop, y + drop + 20.0));
    let nearest = [above, below].into_iter().flatten().min_by(|(a, _), (b, _)| a.total_cmp(b));
    let Some((_, base)) = nearest else { return Ok(()) };
    canvas.text((right, base), &words, LATEST);
    Ok(())
}

fn draw_stretch(canvas: &mut Canvas, stretch: &mut Vec<Point>, stroke: Stroke) -> Result<(), ChartError> {
    if stretch.len() > 1 {
        canvas.line(stretch, stroke)?;
    }
    stretch.clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::palette::{BAND, LIGHT_PURPLE, MID_BLUE, ORANGE, hex};
    use super::super::super::sample_inputs::{control_chart, values};
    use super::super::super::spc::{self, PointClass};
    use super::*;

    /// How many elements of the chart hold all of the parts.
    fn count(input: &SpcChart, parts: &[&str]) -> usize {
        let svg = spc::chart(input).unwrap().svg;
        svg.lines().filter(|line| parts.iter().all(|part| line.contains(part))).count()
    }

    fn plain(count: usize) -> SpcChart {
        let mut input = control_chart(&values(count, 0.8), ChartUnit::Percent);
        input.variation = spc::Variation::NotAssessed;
        input.assurance = spc::Assurance::NotAssessed;
        input.target = None;
        input
    }

    const DATA_LINE: [&str; 2] = ["<polyline", "stroke-width=\"14\""];

    #[test]
    fn the_line_is_broken_where_months_are_missing() {
        assert_eq!(count(&plain(20), &DATA_LINE), 1);
        let mut valueless = plain(20);
        valueless.points[7].value = None;
        assert_eq!(count(&valueless, &DATA_LINE), 2);
        let mut absent = plain(20);
        absent.points.drain(7..9);
        assert_eq!(count(&absent, &DATA_LINE), 2);
        assert!(spc::chart(&absent).unwrap().svg.contains("No figure: May 2023 to Jun 2023."));
    }

    #[test]
    fn provisional_months_are_hollow_and_dotted_and_the_headline_is_the_last_final_one() {
        let mut input = plain(20);
        for point in &mut input.points[17..] {
            point.provisional = true;
            point.class = PointClass::Concerning;
        }
        // Three months and the key.
        assert_eq!(count(&input, &["<circle", "fill=\"none\"", &hex(MID_GREY)]), 4);
        assert_eq!(count(&input, &["<line", "stroke-dasharray=\"24 24\"", &hex(MID_GREY)]), 3);
        assert_eq!(count(&input, &["<polygon", &hex(ORANGE)]), 0);
        let series = Series::new(&input);
        assert_eq!(series.latest().map(|latest| latest.point.month.to_string()).as_deref(), Some("Feb 2024"));
    }

    #[test]
    fn the_latest_value_stands_at_its_point_or_nowhere() {
        let label = |months: usize, last_three: [f64; 3]| {
            let mut input = plain(months);
            for (point, value) in input.points[months - 3..].iter_mut().zip(last_three) {
                point.value = Some(value);
            }
            count(&input, &["paint-order", ">81.0%<"])
        };
        assert_eq!(label(20, [0.80, 0.80, 0.81]), 1, "above");
        assert_eq!(label(20, [0.82, 0.82, 0.81]), 1, "below");
        assert_eq!(label(60, [0.70, 0.90, 0.81]), 0, "neither, close by a higher and a lower month");
    }

    #[test]
    fn special_causes_have_a_shape_and_a_colour_of_their_own() {
        let shapes = [
            (PointClass::Improving, MID_BLUE),
            (PointClass::Concerning, ORANGE),
            (PointClass::High, LIGHT_PURPLE),
            (PointClass::Low, LIGHT_PURPLE),
        ];
        let mut marks = vec![PointClass::Common.mark().0];
        for (class, colour) in shapes {
            let mut input = plain(20);
            for point in &mut input.points[3..8] {
                point.class = class;
            }
            // Five months and the key; none is round.
            assert_eq!(count(&input, &["<polygon", &hex(colour)]), 6, "{class:?}");
            assert_eq!(count(&input, &["<circle", &hex(colour)]), 0, "{class:?}");
            assert!(!marks.contains(&class.mark().0), "{class:?} shares its shape");
            marks.push(class.mark().0);
        }
    }

    #[test]
    fn a_line_without_limits_has_neither_band_nor_dashes() {
        let mut input = plain(12);
        assert_eq!(count(&input, &["stroke-dasharray"]), 2);
        assert_eq!(count(&input, &["Upper limit"]) + count(&input, &[&hex(BAND)]), 2);
        // An upper limit alone has a band down to the axis.
        input.phases[0].lower = None;
        assert_eq!((count(&input, &["stroke-dasharray"]), count(&input, &[&hex(BAND)])), (1, 1));
        input.phases.clear();
        assert_eq!(count(&input, &["stroke-dasharray"]), 0);
        assert_eq!(count(&input, &["Upper limit"]) + count(&input, &[&hex(BAND)]), 0);
    }
}
