//! What became of the crimes of each period: a row an outcome, a column a period, a bar a share. Every bar starts at a zero
//! line of its own on the same scale: a column read down is the mix, a row read across the change. Shares, remainder and order
//! come with the input; the chart only shows them.

mod words;

use super::bars::{self, Fill};
use super::canvas::{Anchor, Canvas, Layer, Sheet, Stroke, TextStyle, document};
use super::frame::{self, Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, room, style};
use super::palette::{GRID, INK, MID_GREY, MUTED};
use super::scale::{Axis, AxisRules, Frame, drawable};
use super::text::{Weight, shorten, widest, wrap};
use super::unit::grouped;
use super::{Chart, ChartError, ChartUnit};

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeMixChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// The outcomes in the order of the rows, what is left over among them: together every crime, each once.
    pub outcomes: Vec<String>,
    /// The oldest first; the newest [`MOST_PERIODS`] are shown.
    pub periods: Vec<MixPeriod>,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: basis, what the remainder holds, caveats.
    pub notes: Vec<String>,
}

/// One period's crimes.
#[derive(Debug, Clone, PartialEq)]
pub struct MixPeriod {
    /// "12 months to Jun 2026".
    pub name: String,
    /// Crimes that the shares are of.
    pub crimes: f64,
    /// Of each outcome, 0 to 1. Anything else counts as missing.
    pub shares: Vec<Option<f64>>,
    /// Not yet final: its bars are outlines.
    pub provisional: bool,
}

/// Columns that leave room for bars.
pub const MOST_PERIODS: usize = 4;
const MOST_OUTCOMES: usize = 12;

const ROW: f64 = 44.0;
const HALF_BAR: f64 = 11.0;
const EMPTY_PLOT: f64 = 160.0;
/// Above the bars: the period and its crimes.
const HEADING_LINE: f64 = 17.0;
const NAME_WIDTH: f64 = 210.0;
const COLUMN_GAP: f64 = 26.0;
/// From a bar's end to its figure.
const FIGURE_GAP: f64 = 7.0;

const NAME: TextStyle = style(14.0, Weight::Regular, INK, Anchor::End);
const PERIOD: TextStyle = style(13.0, Weight::Bold, INK, Anchor::Start);
const CRIMES: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::Start);
const FIGURE: TextStyle = style(13.0, Weight::Regular, INK, Anchor::Start);
const NEWEST_FIGURE: TextStyle = style(13.0, Weight::Bold, INK, Anchor::Start);
const ZERO_LINE: Stroke = Stroke { colour: MID_GREY, width: 1.2 };
const ROW_LINE: Stroke = Stroke { colour: GRID, width: 1.0 };

impl OutcomeMixChart {
    fn shown(&self) -> &[MixPeriod] {
        &self.periods[self.periods.len().saturating_sub(MOST_PERIODS)..]
    }

    fn rows(&self) -> &[String] {
        &self.outcomes[..self.outcomes.len().min(MOST_OUTCOMES)]
    }

    /// The period that the finding is of: the newest final one, else the newest.
    fn newest(&self) -> Option<&MixPeriod> {
        self.shown().iter().rfind(|period| !period.provisional).or_else(|| self.shown().last())
    }

    fn is_empty(&self) -> bool {
        let rows = self.rows().len();
        self.shown().iter().all(|period| (0..rows).all(|row| period.share(row).is_none()))
    }
}

impl MixPeriod {
    fn share(&self, outcome: usize) -> Option<f64> {
        self.shares.get(outcome).copied().flatten().filter(|share| (0.0..=1.0).contains(share))
    }
}

/// One period's bars: where they start and how long a share of 1 would be.
struct Column<'a> {
    period: &'a MixPeriod,
    zero: f64,
    whole: f64,
    /// Period, crimes, and that it is provisional, from the top.
    heading: Vec<(String, TextStyle)>,
    fill: Fill,
    figure: TextStyle,
}

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &OutcomeMixChart) -> Result<Chart, ChartError> {
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
    let names = input.rows().iter().map(|name| wrap(name, room(NAME, NAME_WIDTH, 2)));
    let names = names.collect::<Result<Vec<Vec<String>>, ChartError>>()?;
    let columns = columns(input, &names)?;
    let heading = columns.iter().map(|column| column.heading.len()).max().unwrap_or(0) as f64 * HEADING_LINE;
    let top = header.height + 14.0 + heading;
    let bottom = top + if input.is_empty() { EMPTY_PLOT } else { ROW * names.len() as f64 };
    let height = (bottom + 10.0 + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        if input.is_empty() {
            frame::say_empty(canvas, &Frame { left: MARGIN, top, right: WIDTH - MARGIN, bottom });
            return footer.draw(canvas, bottom + 10.0);
        }
        let name_edge = columns.first().map_or(MARGIN + NAME_WIDTH, |column| column.zero - 12.0);
        for (i, name) in names.iter().enumerate() {
            let y = top + ROW * (i as f64 + 0.5);
            canvas.rule(Layer::UnderShapes, (MARGIN, y + ROW / 2.0), (WIDTH - MARGIN, y + ROW / 2.0), ROW_LINE);
            let first = y + 0.36 * NAME.size - 8.5 * name.len().saturating_sub(1) as f64;
            for (line, words) in name.iter().enumerate() {
                canvas.text((name_edge, first + 17.0 * line as f64), words, NAME);
            }
        }
        columns
            .iter()
            .try_for_each(|column| draw_column(canvas, column, names.len(), (header.height + 16.0, top, bottom)))?;
        footer.draw(canvas, bottom + 10.0)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

fn columns<'a>(input: &'a OutcomeMixChart, names: &[Vec<String>]) -> Result<Vec<Column<'a>>, ChartError> {
    let shown = input.shown();
    let mut name_width: f64 = 60.0;
    for name in names {
        name_width = name_width.max(widest(name, NAME.size, NAME.weight)?);
    }
    let left = MARGIN + name_width + 12.0;
    let pitch = (WIDTH - MARGIN - left + COLUMN_GAP) / shown.len().max(1) as f64;
    let shares = shown.iter().flat_map(|p| (0..names.len()).filter_map(|i| p.share(i)));
    let axis = Axis::around(
        &shares.collect::<Vec<f64>>(),
        AxisRules { from_zero: true, ..AxisRules::of_places(ChartUnit::Percent) },
    );
    let figures = shown.iter().flat_map(|p| (0..names.len()).filter_map(|i| p.share(i)));
    let figures: Vec<String> = figures.map(|share| ChartUnit::Percent.format(share)).collect();
    let figure_width = widest(&figures, NEWEST_FIGURE.size, NEWEST_FIGURE.weight)?;
    let bar = pitch - COLUMN_GAP - FIGURE_GAP - figure_width;
    let newest = input.newest().map(std::ptr::from_ref);
    let column = |(i, period): (usize, &'a MixPeriod)| {
        let is_newest = newest == Some(std::ptr::from_ref(period));
        let fill = match (period.provisional, is_newest) {
            (true, _) => Fill::Hollow,
            (false, true) => Fill::Own,
            (false, false) => Fill::Beside,
        };
        let name = wrap(&period.name, room(PERIOD, pitch - COLUMN_GAP, 2))?;
        let mut heading: Vec<(String, TextStyle)> = name.into_iter().map(|line| (line, PERIOD)).collect();
        if let Some(crimes) = drawable(period.crimes) {
            let crimes = format!("{} crimes", grouped(crimes, 0));
            heading.push((shorten(&crimes, room(CRIMES, pitch - COLUMN_GAP, 1))?, CRIMES));
        }
        if period.provisional {
            heading.push(("provisional".to_owned(), CRIMES));
        }
        Ok(Column {
            period,
            zero: left + pitch * i as f64,
            whole: bar / axis.high.max(f64::MIN_POSITIVE),
            heading,
            fill,
            figure: if is_newest { NEWEST_FIGURE } else { FIGURE },
        })
    };
    shown.iter().enumerate().map(column).collect()
}

fn draw_column(
    canvas: &mut Canvas,
    column: &Column,
    rows: usize,
    (heading_top, top, bottom): (f64, f64, f64),
) -> Result<(), ChartError> {
    let Column { period, zero, whole, .. } = *column;
    for (line, (words, style)) in column.heading.iter().enumerate() {
        canvas.text((zero, heading_top + HEADING_LINE * line as f64), words, *style);
    }
    for row in 0..rows {
        let middle = top + ROW * (row as f64 + 0.5);
        let base = middle + 0.36 * FIGURE.size;
        match period.share(row) {
            Some(share) => {
                let end = zero + whole * share;
                bars::draw(canvas, (zero, end), (middle, HALF_BAR), column.fill)?;
                canvas.text((end + FIGURE_GAP, base), &ChartUnit::Percent.format(share), column.figure);
            }
            None => canvas.text((zero + FIGURE_GAP, base), "no figure", CRIMES),
        }
    }
    canvas.rule(Layer::OverShapes, (zero, top), (zero, bottom), ZERO_LINE);
    Ok(())
}
