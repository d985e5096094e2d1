//! From call to victim: a bar a step, the whole of it the records that the step starts from, the dark part those that lead
//! on. Below, that part is drawn out to the next step's whole. The counts and times come with the input; the chart only shows
//! them.

mod words;

use super::bars::{self, Fill};
use super::canvas::{Anchor, Canvas, Sheet, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, room, style};
use super::palette::{BAND, DARK_BLUE, INK, MUTED};
use super::scale::Frame;
use super::text::{Weight, shorten, widest, wrap};
use super::unit::grouped;
use super::{Chart, ChartError, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct JourneyChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// In order.
    pub steps: Vec<Step>,
    /// The period of the calls, as it is to be read: "12 months to Jun 2026".
    pub period: String,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: what a missing link can mean, caveats.
    pub notes: Vec<String>,
}

/// One step of the journey.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// "Calls that led to an incident".
    pub name: String,
    /// What it starts from, in the plural: "calls".
    pub records: String,
    /// Those that do not lead on: "without an incident".
    pub left_behind: String,
    /// Distinct records that it starts from, and those of them that lead on.
    pub from: u64,
    pub on: u64,
    /// To the next record, in the median of those that lead on; `None` where nothing passes or none does.
    pub median: Option<(f64, ChartUnit)>,
    /// The step before, whose records that lead on this one starts from, by its place; `None` for the first.
    pub after: Option<usize>,
}

impl Step {
    /// Share that leads on; `None` where there is nothing to start from.
    pub(super) fn share(&self) -> Option<f64> {
        (self.from > 0 && self.on <= self.from).then(|| self.on as f64 / self.from as f64)
    }
}

/// Steps drawn: a journey has a handful.
const MOST_STEPS: usize = 10;
const ROW: f64 = 76.0;
const HALF_BAR: f64 = 13.0;
/// From a row's upper edge to the middle of its bar.
const BAR_MIDDLE: f64 = 17.0;
const HEADING: f64 = 24.0;
const EMPTY_PLOT: f64 = 160.0;
const MOST_NAME_WIDTH: f64 = 190.0;
const GAP: f64 = 16.0;

const NAME: TextStyle = style(14.0, Weight::Regular, INK, Anchor::End);
const SHARE: TextStyle = style(16.0, Weight::Bold, DARK_BLUE, Anchor::End);
const TIME: TextStyle = style(14.0, Weight::Regular, INK, Anchor::End);
const COLUMN: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::End);
const COUNT: TextStyle = TextStyle { halo: true, ..style(12.0, Weight::Regular, INK, Anchor::Start) };
const UNLINKED: TextStyle = TextStyle { halo: true, ..style(12.0, Weight::Regular, MUTED, Anchor::End) };

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &JourneyChart) -> Result<Chart, ChartError> {
    let alt_text = words::alt_text(input);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: None,
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: Vec::new(),
        notes: words::notes(input),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let steps = drawn(input);
    let columns = Columns::new(steps)?;
    let top = header.height + HEADING;
    let bottom = top + if steps.is_empty() { EMPTY_PLOT } else { ROW * steps.len() as f64 - 14.0 };
    let height = (bottom + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        if steps.is_empty() {
            frame::say_empty(canvas, &Frame { left: MARGIN, top, right: WIDTH - MARGIN, bottom });
            return footer.draw(canvas, bottom);
        }
        canvas.text((columns.share, top - 8.0), "Lead on", COLUMN);
        canvas.text((columns.time, top - 8.0), "Median time", COLUMN);
        for (i, (step, name)) in steps.iter().zip(&columns.names).enumerate() {
            draw_fan(canvas, &columns, steps, i, top)?;
            draw_step(canvas, &columns, (step, name), top + ROW * i as f64)?;
        }
        footer.draw(canvas, bottom)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

/// The steps that start from something, as far as they are drawn.
fn drawn(input: &JourneyChart) -> &[Step] {
    let shown = &input.steps[..input.steps.len().min(MOST_STEPS)];
    if shown.iter().all(|step| step.share().is_none()) { &[] } else { shown }
}

/// Where names end, bars run, and shares and times end.
struct Columns {
    names: Vec<Vec<String>>,
    left: f64,
    right: f64,
    share: f64,
    time: f64,
}

impl Columns {
    fn new(steps: &[Step]) -> Result<Columns, ChartError> {
        let names = steps.iter().map(|step| wrap(&step.name, room(NAME, MOST_NAME_WIDTH, 3)));
        let names = names.collect::<Result<Vec<Vec<String>>, ChartError>>()?;
        let mut name_width: f64 = 60.0;
        for name in &names {
            name_width = name_width.max(widest(name, NAME.size, NAME.weight)?);
        }
        let times: Vec<String> = steps.iter().map(time).collect();
        let time_width =
            widest(&times, TIME.size, TIME.weight)?.max(widest(&["Median time"], COLUMN.size, COLUMN.weight)?);
        let share_width = widest(&["100.0%"], SHARE.size, SHARE.weight)?;
        let time = WIDTH - MARGIN;
        let share = time - time_width - GAP;
        Ok(Columns { names, left: MARGIN + name_width + GAP, right: share - share_width - GAP, share, time })
    }

    fn at(&self, share: f64) -> f64 {
        self.left + (self.right - self.left) * share
    }
}

/// `3.2 min`; a dash where no time passes.
fn time(step: &Step) -> String {
    step.median
        .filter(|(time, _)| time.is_finite())
        .map_or_else(|| "\u{2013}".to_owned(), |(time, unit)| unit.format(time))
}

/// From the part of the step before that leads on to the whole of this one, where the two stand one below the other.
fn draw_fan(canvas: &mut Canvas, columns: &Columns, steps: &[Step], i: usize, top: f64) -> Result<(), ChartError> {
    let Some(before) = steps[i].after.filter(|before| before + 1 == i) else { return Ok(()) };
    let Some(share) = steps.get(before).and_then(Step::share) else { return Ok(()) };
    let (upper, lower) =
        (top + ROW * before as f64 + BAR_MIDDLE + HALF_BAR, top + ROW * i as f64 + BAR_MIDDLE - HALF_BAR);
    let corners = [(columns.left, upper), (columns.at(share), upper), (columns.right, lower), (columns.left, lower)];
    canvas.polygon(&corners, BAND)
}

/// A step's name, its bar, and its figures.
fn draw_step(
    canvas: &mut Canvas,
    columns: &Columns,
    (step, name): (&Step, &[String]),
    top: f64,
) -> Result<(), ChartError> {
    let middle = top + BAR_MIDDLE;
    let share = step.share();
    let whole = if share.is_some() { Fill::Beside } else { Fill::Hollow };
    bars::draw(canvas, (columns.left, columns.right), (middle, HALF_BAR), whole)?;
    if let Some(share) = share {
        bars::draw(canvas, (columns.left, columns.at(share)), (middle, HALF_BAR), Fill::Own)?;
    }
    let base = middle + 0.36 * NAME.size;
    for (line, words) in name.iter().enumerate() {
        canvas.text((columns.left - GAP, base + 17.0 * line as f64), words, NAME);
    }
    let words = share.map_or_else(|| "\u{2013}".to_owned(), |share| ChartUnit::Percent.format(share));
    canvas.text((columns.share, base), &words, SHARE);
    canvas.text((columns.time, base), &time(step), TIME);
    let below = middle + HALF_BAR + 15.0;
    let width = (columns.right - columns.left - GAP) / 2.0;
    let records = shorten(&super::text::clean(&step.records), room(COUNT, width / 2.0, 1))?;
    let on = format!("{} of {} {records}", grouped(step.on as f64, 0), grouped(step.from as f64, 0));
    canvas.text((columns.left, below), &shorten(&on, room(COUNT, width * 1.2, 1))?, COUNT);
    let unlinked =
        format!("{} {}", grouped(step.from.saturating_sub(step.on) as f64, 0), super::text::clean(&step.left_behind));
    canvas.text((columns.right, below), &shorten(&unlinked, room(UNLINKED, width * 0.8, 1))?, UNLINKED);
    Ok(())
}
