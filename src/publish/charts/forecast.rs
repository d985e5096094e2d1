//! A count over the last months and the months ahead, with its prediction bands. Figures and finding come with the input.

use super::canvas::{Anchor, Canvas, Dash, Layer, Sheet, Stroke, TextStyle, document};
use super::frame::{Footer, FooterContent, Header, HeaderContent, KeyEntry, MARGIN, WIDTH, room, style};
use super::marks::Mark;
use super::month_axis::{self, Months};
use super::palette::{BAND, DARK_BLUE, GRID, INK, MID_GREY, MUTED};
use super::scale::{Axis, AxisRules, Frame, Plot, drawable};
use super::text::{Weight, clean, opening, shorten, synthetic_sentence};
use super::unit::grouped;
use super::{Chart, ChartError, ChartMonth, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What is counted: "999 calls received, by month".
    pub value_label: String,
    /// Months that have been, in order.
    pub history: Vec<(ChartMonth, f64)>,
    /// Months ahead, in order.
    pub ahead: Vec<ExpectedMonth>,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: method, caveats.
    pub notes: Vec<String>,
}

/// A month ahead with the ends of its prediction intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedMonth {
    pub month: ChartMonth,
    pub value: f64,
    pub interval_80: (f64, f64),
    pub interval_95: (f64, f64),
}

impl ExpectedMonth {
    fn all(&self) -> [f64; 5] {
        [self.value, self.interval_80.0, self.interval_80.1, self.interval_95.0, self.interval_95.1]
    }
}

const PLOT_HEIGHT: f64 = 300.0;
/// The axis's label, and room for words above the plot.
const LABEL_HEIGHT: f64 = 46.0;

const LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const SIDE: TextStyle = TextStyle { halo: true, ..style(12.0, Weight::Bold, INK, Anchor::Start) };
const EMPTY: TextStyle = TextStyle { halo: true, ..style(16.0, Weight::Regular, MUTED, Anchor::Middle) };
const PAST: Stroke = Stroke { colour: MID_GREY, width: 2.0 };
const AHEAD: Stroke = Stroke { colour: DARK_BLUE, width: 2.4 };
const NOW: Dash = Dash { stroke: Stroke { colour: MID_GREY, width: 1.2 }, on: 3.0, off: 4.0 };
const EDGE_80: Stroke = Stroke { colour: DARK_BLUE, width: 1.2 };
const EDGE_95: Dash = Dash { stroke: Stroke { colour: MUTED, width: 1.2 }, on: 6.0, off: 4.0 };

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &ForecastChart) -> Result<Chart, ChartError> {
    let ahead: Vec<ExpectedMonth> =
        input.ahead.iter().filter(|m| m.all().iter().all(|v| drawable(*v).is_some())).copied().collect();
    let history: Vec<(ChartMonth, f64)> =
        input.history.iter().filter(|(_, value)| drawable(*value).is_some()).copied().collect();
    let alt_text = alt_text(input, &history, &ahead);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: None,
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: vec![
            KeyEntry { mark: Mark::Disc, colour: MID_GREY, meaning: "Counted" },
            KeyEntry {
                mark: Mark::Diamond,
                colour: DARK_BLUE,
                meaning: "Expected; unbroken edges 80%, dashed edges 95%",
            },
        ],
        notes: input.notes.clone(),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let values: Vec<f64> = history.iter().map(|(_, v)| *v).chain(ahead.iter().flat_map(ExpectedMonth::all)).collect();
    let axis = Axis::around(&values, AxisRules::of_places(ChartUnit::Count));
    let indices = history.iter().map(|(m, _)| m.index()).chain(ahead.iter().map(|m| m.month.index()));
    let (first, last) = indices.fold((i32::MAX, i32::MIN), |(a, b), i| (a.min(i), b.max(i)));
    let months = (first <= last).then_some(Months { first, last });
    let top = header.height + LABEL_HEIGHT;
    let frame = Frame {
        left: MARGIN + month_axis::tick_label_width(&axis, ChartUnit::Count)? + 12.0,
        top,
        right: WIDTH - MARGIN,
        bottom: top + PLOT_HEIGHT,
    };
    let plot = Plot::new(frame, months.map_or((0.0, 1.0), Months::range), (axis.low, axis.high));
    let height = (frame.bottom + month_axis::MONTH_AXIS_HEIGHT + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        let label = shorten(&clean(&input.value_label), room(LABEL, WIDTH - 2.0 * MARGIN, 1))?;
        canvas.text((MARGIN, header.height + 10.0), &label, LABEL);
        month_axis::draw(canvas, &plot, ChartUnit::Count, &axis, months)?;
        draw_bands(canvas, &plot, &ahead)?;
        draw_lines(canvas, &plot, &history, &ahead)?;
        if months.is_none() {
            let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
            canvas.text(middle, "No figures to show", EMPTY);
        }
        footer.draw(canvas, frame.bottom + month_axis::MONTH_AXIS_HEIGHT)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

fn draw_bands(canvas: &mut Canvas, plot: &Plot, ahead: &[ExpectedMonth]) -> Result<(), ChartError> {
    let at = |m: &ExpectedMonth, value: f64| plot.point(f64::from(m.month.index()), value);
    for pair in ahead.windows(2) {
        let [a, b] = [&pair[0], &pair[1]];
        let outer = [at(a, a.interval_95.0), at(b, b.interval_95.0), at(b, b.interval_95.1), at(a, a.interval_95.1)];
        let inner = [at(a, a.interval_80.0), at(b, b.interval_80.0), at(b, b.interval_80.1), at(a, a.interval_80.1)];
        canvas.polygon(&outer, BAND)?;
        canvas.polygon(&inner, GRID)?;
        canvas.dashed(Layer::OverShapes, outer[0], outer[1], EDGE_95);
        canvas.dashed(Layer::OverShapes, outer[3], outer[2], EDGE_95);
        canvas.rule(Layer::OverShapes, inner[0], inner[1], EDGE_80);
        canvas.rule(Layer::OverShapes, inner[3], inner[2], EDGE_80);
    }
    Ok(())
}

fn draw_lines(
    canvas: &mut Canvas,
    plot: &Plot,
    history: &[(ChartMonth, f64)],
    ahead: &[ExpectedMonth],
) -> Result<(), ChartError> {
    let past: Vec<(f64, f64)> = history.iter().map(|(m, v)| plot.point(f64::from(m.index()), *v)).collect();
    let next: Vec<(f64, f64)> = ahead.iter().map(|m| plot.point(f64::from(m.month.index()), m.value)).collect();
    for (points, stroke) in [(&past, PAST), (&next, AHEAD)] {
        if points.len() > 1 {
            canvas.line(points, stroke)?;
        }
    }
    for point in &past {
        Mark::Disc.draw(canvas, *point, MID_GREY)?;
    }
    for point in &next {
        Mark::Diamond.draw(canvas, *point, DARK_BLUE)?;
    }
    if let (Some(first), false) = (ahead.first(), past.is_empty()) {
        let x = plot.x(f64::from(first.month.index()) - 0.5);
        canvas.dashed(Layer::UnderShapes, (x, plot.frame.top), (x, plot.frame.bottom), NOW);
        canvas.text((x + 8.0, plot.frame.top - 6.0), "Expected", SIDE);
        canvas.text((x - 8.0, plot.frame.top - 6.0), "Counted", TextStyle { anchor: Anchor::End, ..SIDE });
    }
    Ok(())
}

fn alt_text(input: &ForecastChart, history: &[(ChartMonth, f64)], ahead: &[ExpectedMonth]) -> String {
    let named =
        |month: ChartMonth| format!("{} {}", ChartMonth::name_of(month.index()), ChartMonth::year_of(month.index()));
    let whole = |value: f64| grouped(value, 0);
    let mut said = Vec::new();
    if let Some((month, value)) = history.last() {
        said.push(format!("{} counted in {}", whole(*value), named(*month)));
    }
    let highest = ahead.iter().copied().reduce(|best, m| if m.value > best.value { m } else { best });
    if let Some(m) = highest {
        let (lower, upper) = m.interval_95;
        said.push(format!(
            "{} months ahead, the highest {} in {} (95% prediction interval {} to {})",
            ahead.len(),
            whole(m.value),
            named(m.month),
            whole(lower),
            whole(upper)
        ));
    }
    let said = if said.is_empty() { "no figures to show".to_owned() } else { said.join("; ") };
    let what = clean(&input.value_label);
    format!("{}{what}: {said}.{}", opening(&input.title), synthetic_sentence(input.synthetic))
}
