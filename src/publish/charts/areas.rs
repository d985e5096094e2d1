//! A figure in each area: a small control chart an area, all on one scale of values and of months, the force behind each in
//! grey. Limits, classes and verdicts come with the input; the chart only shows them.

mod words;

use super::canvas::{Anchor, Canvas, Layer, Sheet, Stroke, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, room, style};
use super::marks::Mark;
use super::month_axis::{Months, tick_label_width};
use super::palette::{DARK_BLUE, GRID, INK, MID_GREY, MUTED};
use super::scale::{Axis, AxisRules, Frame, Plot, drawable};
use super::spc::series::Series;
use super::spc::{PointClass, SpcChart, SpcPoint, lines};
use super::text::{Weight, wrap};
use super::{Chart, ChartError, ChartMonth, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct AreasChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What is measured, without its unit of time, which the chart adds.
    pub value_label: String,
    pub unit: ChartUnit,
    /// An area each, in order: its title is the area's name; points, phases, target and variation are used.
    pub areas: Vec<SpcChart>,
    /// The whole force, behind every area; `None` where it is on another scale, as a count is.
    pub force: Option<ForceLine>,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: basis, chart type, caveats.
    pub notes: Vec<String>,
}

/// The whole force by month.
#[derive(Debug, Clone, PartialEq)]
pub struct ForceLine {
    pub name: String,
    pub points: Vec<SpcPoint>,
}

/// Areas drawn; the rest are counted in a note.
const MOST_AREAS: usize = 30;
const COLUMNS: usize = 3;
const COLUMN_GAP: f64 = 22.0;
const PLOT_HEIGHT: f64 = 104.0;
/// Below a plot: its months, and the space to the next row.
const MONTHS_HEIGHT: f64 = 38.0;
const EMPTY_PLOT: f64 = 160.0;
const NAME_LINE: f64 = 17.0;
const MOST_NAME_LINES: usize = 4;
const MARK_SCALE: f64 = 0.68;

const LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const NAME: TextStyle = style(14.0, Weight::Bold, INK, Anchor::Start);
const VERDICT: TextStyle = style(12.0, Weight::Regular, INK, Anchor::Start);
const TICK: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::End);
const MONTH: TextStyle = style(11.0, Weight::Regular, MUTED, Anchor::Start);
const NO_FIGURE: TextStyle = TextStyle { halo: true, ..style(13.0, Weight::Regular, MUTED, Anchor::Middle) };
const AREA_LINE: Stroke = Stroke { colour: DARK_BLUE, width: 1.7 };
const FORCE_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.0 };
const GRID_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };
const AXIS_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.2 };

/// An area with its words broken into lines.
struct Panel<'a> {
    series: Series<'a>,
    name: Vec<String>,
    verdict: Vec<String>,
}

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &AreasChart) -> Result<Chart, ChartError> {
    let shown = &input.areas[..input.areas.len().min(MOST_AREAS)];
    let behind = input.force.as_ref().map(|force| as_chart(input, force));
    let axis = value_axis(input.unit, shown, behind.as_ref());
    let months = months(shown);
    let alt_text = words::alt_text(input, shown);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: None,
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: words::key(shown),
        notes: words::notes(input, shown, &axis),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let left = MARGIN + tick_label_width(&axis, input.unit)? + 10.0;
    let columns = if shown.len() == 4 { 2 } else { shown.len().clamp(1, COLUMNS) };
    let wide = (WIDTH - MARGIN - left - COLUMN_GAP * (columns - 1) as f64) / columns as f64;
    let panels = panels(shown, wide)?;
    let mut rows: Vec<(f64, &[Panel])> = Vec::new();
    let mut bottom = header.height + 22.0;
    for row in panels.chunks(columns) {
        let words = row.iter().map(|panel| panel.name.len() + panel.verdict.len()).max().unwrap_or(0);
        rows.push((bottom + NAME_LINE * words as f64 + 8.0, row));
        bottom += NAME_LINE * words as f64 + 8.0 + PLOT_HEIGHT + MONTHS_HEIGHT;
    }
    let empty_top = bottom;
    if panels.is_empty() {
        bottom += EMPTY_PLOT;
    }
    let height = (bottom + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        canvas.text((MARGIN, header.height + 10.0), &words::value_label(input)?, LABEL);
        if panels.is_empty() {
            frame::say_empty(canvas, &Frame { left: MARGIN, top: empty_top, right: WIDTH - MARGIN, bottom });
        }
        for (top, row) in rows {
            for (i, panel) in row.iter().enumerate() {
                let from = left + (wide + COLUMN_GAP) * i as f64;
                let frame = Frame { left: from, top, right: from + wide, bottom: top + PLOT_HEIGHT };
                let plot = Plot::new(frame, months.range(), (axis.low, axis.high));
                draw_axes(canvas, &plot, (input.unit, &axis), months, i == 0)?;
                draw_panel(canvas, &plot, panel, behind.as_ref())?;
            }
        }
        footer.draw(canvas, bottom)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

/// The force's months as a chart without limits, so that one way of drawing does for both.
fn as_chart(input: &AreasChart, force: &ForceLine) -> SpcChart {
    SpcChart { title: force.name.clone(), points: force.points.clone(), ..SpcChart::bare(input.unit) }
}

/// Around every value, of areas and force, and the limits. A limit that reaches further beyond all values than half their span
/// is cut off, so that one small area does not flatten the others.
fn value_axis(unit: ChartUnit, areas: &[SpcChart], force: Option<&SpcChart>) -> Axis {
    let points = areas.iter().chain(force).flat_map(|area| &area.points);
    let targets = areas.iter().filter_map(|area| area.target);
    let mut values: Vec<f64> = points.filter_map(|point| point.value).chain(targets).filter_map(drawable).collect();
    let whole = unit == ChartUnit::Count && values.iter().all(|value| value.fract() == 0.0);
    let least = values.iter().copied().reduce(f64::min);
    if let Some((least, most)) = least.zip(values.iter().copied().reduce(f64::max)) {
        let reach = (most - least) / 2.0;
        // No share is above 1, whatever its limit.
        let ceiling = if unit == ChartUnit::Percent && most <= 1.0 { 1.0 } else { f64::INFINITY };
        let limits = areas.iter().flat_map(|area| &area.phases).flat_map(|phase| [phase.lower, phase.upper]);
        let limits = limits.flatten().filter_map(drawable);
        values.extend(limits.map(|limit| limit.clamp(least - reach, most + reach).min(ceiling)));
    }
    let rules = AxisRules { least_step: whole.then_some(1.0), tick_gaps: 3.0, ..AxisRules::of_places(unit) };
    Axis::around(&values, rules)
}

/// From the first month of any area to the last of any.
fn months(areas: &[SpcChart]) -> Months {
    let indices = areas.iter().flat_map(|area| area.points.iter().map(|point| point.month.index()));
    let (first, last) = indices.fold((i32::MAX, i32::MIN), |(a, b), month| (a.min(month), b.max(month)));
    if first > last { Months { first: 0, last: 0 } } else { Months { first, last } }
}

fn panels(areas: &[SpcChart], wide: f64) -> Result<Vec<Panel<'_>>, ChartError> {
    let panel = |area| {
        let series = Series::new(area);
        let name = wrap(&area.title, room(NAME, wide, MOST_NAME_LINES))?;
        let verdict = wrap(&words::verdict(&series), room(VERDICT, wide, 2))?;
        Ok(Panel { series, name, verdict })
    };
    areas.iter().map(panel).collect()
}

/// The grid, its ticks named at the left of a row, and the first and last month.
fn draw_axes(
    canvas: &mut Canvas,
    plot: &Plot,
    (unit, axis): (ChartUnit, &Axis),
    months: Months,
    first_of_row: bool,
) -> Result<(), ChartError> {
    let frame = plot.frame;
    for tick in axis.ticks() {
        let y = plot.y(tick);
        canvas.rule(Layer::UnderShapes, (frame.left, y), (frame.right, y), GRID_LINE);
        if first_of_row {
            canvas.text((frame.left - 8.0, y + 4.2), &unit.format_tick(tick, axis.step), TICK);
        }
    }
    canvas.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], AXIS_LINE)?;
    let name = |month: i32| format!("{} {}", ChartMonth::name_of(month), ChartMonth::year_of(month));
    if months.first > 0 {
        canvas.text((frame.left, frame.bottom + 15.0), &name(months.first), MONTH);
    }
    if months.last > months.first {
        let end = TextStyle { anchor: Anchor::End, ..MONTH };
        canvas.text((frame.right, frame.bottom + 15.0), &name(months.last), end);
    }
    Ok(())
}

fn draw_panel(canvas: &mut Canvas, plot: &Plot, panel: &Panel, behind: Option<&SpcChart>) -> Result<(), ChartError> {
    let frame = plot.frame;
    let first = frame.top - 8.0 - NAME_LINE * (panel.name.len() + panel.verdict.len()) as f64 + 13.0;
    let words = panel.name.iter().map(|line| (line, NAME)).chain(panel.verdict.iter().map(|line| (line, VERDICT)));
    for (i, (line, style)) in words.enumerate() {
        canvas.text((frame.left, first + NAME_LINE * i as f64), line, style);
    }
    let series = &panel.series;
    lines::draw_bands(canvas, plot, series);
    if let Some(force) = behind {
        Series::new(force).draw_line(canvas, plot, FORCE_LINE)?;
    }
    lines::draw(canvas, plot, series)?;
    series.draw_line(canvas, plot, AREA_LINE)?;
    let latest = series.latest().map(|latest| latest.month);
    for month in series.drawn() {
        let (mark, colour) = month.point.mark();
        // Ordinary months are the line alone, but for the latest and those that no line shows.
        let alone = !series.drawn().any(|other| (other.month - month.month).abs() == 1);
        if mark != Mark::Disc || latest == Some(month.month) || alone {
            let colour = if mark == Mark::Disc { DARK_BLUE } else { colour };
            mark.draw_scaled(canvas, plot.point(f64::from(month.month), month.value), colour, MARK_SCALE)?;
        }
    }
    if series.is_empty() {
        let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
        canvas.text(middle, "No figures", NO_FIGURE);
    }
    Ok(())
}

/// Whether any area has a final month of the class.
fn has_class(areas: &[SpcChart], class: PointClass) -> bool {
    areas
        .iter()
        .flat_map(|area| &area.points)
        .any(|p| !p.provisional && p.class == class && p.value.and_then(drawable).is_some())
}
