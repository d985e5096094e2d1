//! What victims say: a bar a question, those satisfied to the right of a zero line and those who are not to the left, with the
//! 95% interval of the share satisfied and the number of answers. The shares come with the input; the chart only shows them.

mod words;

use super::bars::{self, Fill};
use super::canvas::{Anchor, Canvas, Layer, Sheet, Stroke, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, room, style};
use super::palette::{BAND, DARK_BLUE, GRID, INK, MID_GREY, MUTED};
use super::scale::{Frame, Plot, drawable};
use super::text::{Weight, widest, wrap};
use super::unit::grouped;
use super::{Chart, ChartError, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct SatisfactionChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// From the top down; those without a share are named in a note.
    pub questions: Vec<Question>,
    /// The period of the figures, as it is to be read: "12 months to Sep 2026".
    pub period: String,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: who is satisfied, who does not answer, caveats.
    pub notes: Vec<String>,
}

/// A question of the survey.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    pub name: String,
    /// Share of the valid answers that are satisfied, 0 to 1. Anything else counts as missing.
    pub satisfied: Option<f64>,
    /// 95% interval of it.
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// Valid answers.
    pub answers: Option<f64>,
    /// The question about the whole: bold, on a tinted row.
    pub overall: bool,
    /// Why there is no share.
    pub missing_reason: Option<String>,
}

const ROW: f64 = 46.0;
const HALF_BAR: f64 = 13.0;
const EMPTY_PLOT: f64 = 160.0;
/// Names of the two sides and of the columns, above the bars.
const HEADING: f64 = 26.0;
const VALUE_AXIS_HEIGHT: f64 = 28.0;
const MOST_NAME_WIDTH: f64 = 250.0;
/// Questions drawn: a survey has a handful.
const MOST_QUESTIONS: usize = 20;
/// Ticks of the axis: tenths, and fifths on a long one.
const STEP: f64 = 0.2;

const NAME: TextStyle = style(14.0, Weight::Regular, INK, Anchor::End);
const FIGURE: TextStyle = style(13.0, Weight::Regular, INK, Anchor::End);
const COLUMN: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::End);
const SATISFIED: TextStyle = style(13.0, Weight::Bold, DARK_BLUE, Anchor::Start);
const NOT_SATISFIED: TextStyle = style(13.0, Weight::Bold, MUTED, Anchor::End);
const TICK: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Middle);
const GRID_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };
const ZERO_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.6 };

/// A question that has a share, with its name broken into lines.
struct Row<'a> {
    question: &'a Question,
    satisfied: f64,
    name: Vec<String>,
}

impl Row<'_> {
    fn weight(&self) -> Weight {
        if self.question.overall { Weight::Bold } else { Weight::Regular }
    }

    fn answers(&self) -> String {
        self.question.answers.and_then(drawable).map_or_else(String::new, |answers| grouped(answers, 0))
    }
}

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &SatisfactionChart) -> Result<Chart, ChartError> {
    let alt_text = words::alt_text(input);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: words::headline(input),
        icons: Vec::new(),
    })?;
    let footer = Footer::lay_out(FooterContent {
        key: Vec::new(),
        notes: words::notes(input),
        source: &input.source,
        synthetic: input.synthetic,
    })?;
    let rows = rows(input)?;
    let top = header.height + 4.0 + HEADING;
    let bottom = top + if rows.is_empty() { EMPTY_PLOT } else { ROW * rows.len() as f64 };
    let plot = plot(&rows, (top, bottom))?;
    let height = (bottom + VALUE_AXIS_HEIGHT + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        if rows.is_empty() {
            frame::say_empty(canvas, &Frame { left: MARGIN, right: WIDTH - MARGIN, ..plot.frame });
            return footer.draw(canvas, bottom + VALUE_AXIS_HEIGHT);
        }
        draw_axis(canvas, &plot);
        for (i, row) in rows.iter().enumerate() {
            draw_row(canvas, &plot, row, top + ROW * i as f64)?;
        }
        canvas.rule(Layer::OverShapes, (plot.x(0.0), top), (plot.x(0.0), bottom), ZERO_LINE);
        for (i, row) in rows.iter().enumerate() {
            let interval = (row.question.lower, row.question.upper);
            bars::whisker(canvas, |share| plot.x(share.clamp(0.0, 1.0)), interval, top + ROW * (i as f64 + 0.5));
        }
        footer.draw(canvas, bottom + VALUE_AXIS_HEIGHT)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

impl Question {
    /// A share that can be drawn.
    fn share(&self) -> Option<f64> {
        self.satisfied.filter(|share| (0.0..=1.0).contains(share))
    }
}

/// The questions that have a share, as far as they are drawn.
fn asked(input: &SatisfactionChart) -> impl Iterator<Item = (&Question, f64)> {
    input.questions.iter().filter_map(|question| Some((question, question.share()?))).take(MOST_QUESTIONS)
}

fn rows(input: &SatisfactionChart) -> Result<Vec<Row<'_>>, ChartError> {
    let row = |(question, satisfied): (&'_ Question, f64)| {
        let weight = if question.overall { Weight::Bold } else { Weight::Regular };
        let name = wrap(&question.name, room(TextStyle { weight, ..NAME }, MOST_NAME_WIDTH, 2))?;
        Ok((satisfied, name))
    };
    asked(input).map(|of| row(of).map(|(satisfied, name)| Row { question: of.0, satisfied, name })).collect()
}

/// Names stand to the left of the plot, shares and answers to the right; the two sides are on one scale.
fn plot(rows: &[Row], (top, bottom): (f64, f64)) -> Result<Plot, ChartError> {
    let (mut names, mut answers): (f64, f64) = (90.0, 50.0);
    for row in rows {
        names = names.max(widest(&row.name, NAME.size, row.weight())?);
        answers = answers.max(widest(&[row.answers()], FIGURE.size, row.weight())?);
    }
    let outwards = |share: f64| (share / STEP - 1e-9).ceil().max(1.0) * STEP;
    let most = |of: fn(&Row) -> f64| rows.iter().map(of).fold(0.0, f64::max);
    let right_end =
        outwards(most(|row| row.question.upper.and_then(drawable).unwrap_or(0.0).clamp(row.satisfied, 1.0)));
    let left_end = outwards(most(|row| 1.0 - row.satisfied));
    let frame = Frame {
        left: MARGIN + names + 12.0 + FIGURE_ROOM,
        top,
        right: WIDTH - MARGIN - answers - FIGURE_ROOM - 12.0,
        bottom,
    };
    Ok(Plot::new(frame, (-left_end, right_end), (0.0, 1.0)))
}

/// Of a share in figures, with the space beside it.
const FIGURE_ROOM: f64 = 58.0;

fn draw_axis(canvas: &mut Canvas, plot: &Plot) {
    let frame = plot.frame;
    for tick in -5_i32..=5 {
        let x = plot.x(f64::from(tick) * STEP);
        if x < frame.left - 1.0 || x > frame.right + 1.0 {
            continue;
        }
        canvas.rule(Layer::UnderShapes, (x, frame.top), (x, frame.bottom), GRID_LINE);
        let share = f64::from(tick.abs()) * STEP;
        canvas.text((x, frame.bottom + 19.0), &ChartUnit::Percent.format_tick(share, STEP), TICK);
    }
    let zero = plot.x(0.0);
    canvas.text((zero - 8.0, frame.top - 10.0), "Not satisfied", NOT_SATISFIED);
    canvas.text((zero + 8.0, frame.top - 10.0), "Satisfied", SATISFIED);
    canvas.text((WIDTH - MARGIN, frame.top - 10.0), "Answers", COLUMN);
}

/// A question's row: tint, name, both bars, both shares and the answers.
fn draw_row(canvas: &mut Canvas, plot: &Plot, row: &Row, top: f64) -> Result<(), ChartError> {
    let (frame, middle) = (plot.frame, top + ROW / 2.0);
    if row.question.overall {
        canvas.backdrop((MARGIN - 8.0, top), (WIDTH - MARGIN + 8.0, top + ROW), BAND);
    }
    let (zero, not) = (plot.x(0.0), 1.0 - row.satisfied);
    // What is printed of both sides adds up to 100.0%.
    let not_printed = 1.0 - (row.satisfied * 1000.0).round() / 1000.0;
    bars::draw(canvas, (zero, plot.x(-not)), (middle, HALF_BAR), Fill::Beside)?;
    bars::draw(canvas, (zero, plot.x(row.satisfied)), (middle, HALF_BAR), Fill::Own)?;
    let weight = row.weight();
    let base = middle + 0.36 * NAME.size;
    let first = base - 8.5 * row.name.len().saturating_sub(1) as f64;
    for (i, line) in row.name.iter().enumerate() {
        canvas.text((frame.left - FIGURE_ROOM, first + 17.0 * i as f64), line, TextStyle { weight, ..NAME });
    }
    let figure = TextStyle { weight, ..FIGURE };
    canvas.text(
        (plot.x(-not) - 7.0, base),
        &ChartUnit::Percent.format(not_printed),
        TextStyle { colour: MUTED, ..figure },
    );
    canvas.text((frame.right + FIGURE_ROOM, base), &ChartUnit::Percent.format(row.satisfied), figure);
    canvas.text((WIDTH - MARGIN, base), &row.answers(), figure);
    Ok(())
}
