//! A figure over time with its mean and process limits (statistical process control), month by month.
//!
//! The verdicts (class and rule of each point, variation, assurance) come with the input; the chart only shows them.

mod annotations;
pub(super) mod lines;
pub(super) mod series;
mod words;

use plotters::style::RGBColor;

use super::canvas::{Anchor, Sheet, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, style};
use super::icons::Icon;
use super::marks::Mark;
use super::month_axis;
use super::palette::{LIGHT_PURPLE, MID_BLUE, MID_GREY, MUTED, ORANGE};
use super::scale::{Frame, Plot};
use super::text::Weight;
use super::{Chart, ChartError, ChartMonth, ChartUnit};
use annotations::Annotations;
use lines::LineLabels;
use series::Series;

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct SpcChart {
    /// The finding, in under ten words.
    pub title: String,
    /// Metric, unit of the force, period, basis.
    pub subtitle: String,
    /// What is measured, without its unit of time, which the chart adds: "Mean time to answer".
    pub y_label: String,
    pub unit: ChartUnit,
    /// In any order. A month without a point, or whose value is `None` or not finite, is a gap.
    pub points: Vec<SpcPoint>,
    /// Each has its own mean and limits. The last one's are named beside the plot and run to its edge, over provisional
    /// months. Limits that change by month are given as a phase a month.
    pub phases: Vec<SpcPhase>,
    /// In the unit of the values.
    pub target: Option<f64>,
    pub annotations: Vec<Annotation>,
    /// Of the last final month.
    pub variation: Variation,
    pub assurance: Assurance,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: basis, chart type, caveats, data-quality grade.
    pub notes: Vec<String>,
}

impl SpcChart {
    /// A chart of the unit with nothing in it.
    pub fn bare(unit: ChartUnit) -> SpcChart {
        SpcChart {
            title: String::new(),
            subtitle: String::new(),
            y_label: String::new(),
            unit,
            points: Vec::new(),
            phases: Vec::new(),
            target: None,
            annotations: Vec::new(),
            variation: Variation::NotAssessed,
            assurance: Assurance::NotAssessed,
            source: String::new(),
            synthetic: false,
            notes: Vec::new(),
        }
    }
}

/// One month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpcPoint {
    pub month: ChartMonth,
    /// In the unit's own scale: a proportion is 0 to 1.
    pub value: Option<f64>,
    pub class: PointClass,
    /// The rule that made the point a special cause.
    pub rule: Option<SpcRule>,
    /// Not yet final: drawn hollow whatever its class.
    pub provisional: bool,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointClass {
    Common,
    Improving,
    Concerning,
    /// Special cause where neither direction is better.
    High,
    Low,
}

impl PointClass {
    /// How a month of the class is drawn.
    pub(super) fn mark(self) -> (Mark, RGBColor) {
        match self {
            PointClass::Common => (Mark::Disc, MID_GREY),
            PointClass::Improving => (Mark::Square, MID_BLUE),
            PointClass::Concerning => (Mark::Diamond, ORANGE),
            PointClass::High => (Mark::TriangleUp, LIGHT_PURPLE),
            PointClass::Low => (Mark::TriangleDown, LIGHT_PURPLE),
        }
    }
}

impl SpcPoint {
    /// How the month is drawn.
    pub(super) fn mark(&self) -> (Mark, RGBColor) {
        if self.provisional { (Mark::Hollow, MID_GREY) } else { self.class.mark() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpcRule {
    OutsideLimits,
    /// Seven or more on one side of the mean.
    Shift,
    /// Seven or more rising, or falling.
    Trend,
    TwoOfThreeNearLimit,
}

/// A stretch of months with one mean and one pair of limits. What is `None` is not drawn: a phase of fewer than 13 points
/// has no limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpcPhase {
    pub start: ChartMonth,
    pub end: ChartMonth,
    pub centre: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
}

/// A dated remark: a change of system, an intervention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    pub month: ChartMonth,
    pub text: String,
}

/// The variation icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    CommonCause,
    ImprovingHigh,
    ImprovingLow,
    ConcerningHigh,
    ConcerningLow,
    /// Special cause where neither direction is better.
    High,
    Low,
    /// All values equal: limits equal to the mean.
    NoVariation,
    /// Too few points, or no limits: no icon.
    NotAssessed,
}

/// The assurance icon: the target against the process limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    AlwaysPasses,
    HitAndMiss,
    AlwaysFails,
    /// No target or no limits: no icon.
    NotAssessed,
}

/// Height of a chart with a header and footer of usual size; longer text makes it higher.
const USUAL_HEIGHT: f64 = 540.0;
/// The least height of the plot itself.
const LEAST_PLOT: f64 = 230.0;
const Y_LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &SpcChart) -> Result<Chart, ChartError> {
    let series = Series::new(input);
    let axis = series.value_axis();
    let alt_text = words::alt_text(&series);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: words::headline(&series),
        icons: [Icon::of_variation(input.variation), Icon::of_assurance(input.assurance)]
            .into_iter()
            .flatten()
            .collect(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: words::key(&series),
        notes: words::notes(&series, &axis),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let labels = LineLabels::new(&series)?;
    let left = MARGIN + month_axis::tick_label_width(&axis, input.unit)? + 12.0;
    let right = WIDTH - MARGIN - labels.width;
    let annotations = Annotations::lay_out(&series, (left, right))?;
    let top = header.height + 26.0 + annotations.height;
    let below = month_axis::MONTH_AXIS_HEIGHT + footer.height;
    let height = USUAL_HEIGHT.max(top + LEAST_PLOT + below).ceil();
    let frame = Frame { left, top, right, bottom: height - below };
    let plot = Plot::new(frame, series.months().range(), (axis.low, axis.high));
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        canvas.text((MARGIN, header.height + 10.0), &words::y_label(input)?, Y_LABEL);
        lines::draw_bands(canvas, &plot, &series);
        month_axis::draw(canvas, &plot, input.unit, &axis, series.axis_months())?;
        lines::draw(canvas, &plot, &series)?;
        labels.draw(canvas, &plot);
        annotations.draw(canvas, &plot);
        series.draw(canvas, &plot)?;
        if series.is_empty() {
            frame::say_empty(canvas, &frame);
        }
        footer.draw(canvas, frame.bottom + month_axis::MONTH_AXIS_HEIGHT)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}
