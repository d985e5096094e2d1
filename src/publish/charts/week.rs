//! What comes in by weekday and hour: a cell for each hour of the week, with its figure in it. Shade and figure say the same,
//! so that none is read by colour alone. Figures and finding come with the input.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, Point, Sheet, Stroke, TextStyle, document};
use super::frame::{Footer, FooterContent, Header, HeaderContent, MARGIN, WIDTH, style};
use super::palette::{DARK_PINK, INK, MUTED, SHADES, WHITE};
use super::scale::drawable;
use super::text::{Weight, clean, opening, synthetic_sentence};
use super::unit::grouped;
use super::{Chart, ChartError};

pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const HOURS: usize = 24;

/// What the chart shows. All text may come from data: it is cleaned, measured and escaped here.
#[derive(Debug, Clone, PartialEq)]
pub struct WeekChart {
    /// The finding, in under ten words.
    pub title: String,
    pub subtitle: String,
    /// What a cell holds: "Mean 999 calls an hour".
    pub value_label: String,
    /// By weekday from Monday on, 24 hours each; `None` is an empty cell.
    pub cells: Vec<[Option<f64>; HOURS]>,
    /// Of the figures, in words.
    pub period: String,
    /// Where the figures come from, without the word "Source".
    pub source: String,
    /// True if any figure is made up: the chart and its alternative text then say so.
    pub synthetic: bool,
    /// Sentences under the chart: how hours are counted, caveats.
    pub notes: Vec<String>,
}

const ROW: f64 = 38.0;
const GAP: f64 = 2.0;
const LEFT: f64 = MARGIN + 92.0;
/// The hours' names above the cells.
const HOUR_AXIS: f64 = 24.0;

const LABEL: TextStyle = style(13.0, Weight::Regular, MUTED, Anchor::Start);
const DAY: TextStyle = style(13.0, Weight::Regular, INK, Anchor::Start);
const HOUR: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::Middle);
const CELL: TextStyle = style(12.0, Weight::Regular, INK, Anchor::Middle);
const EMPTY: TextStyle = TextStyle { halo: true, ..style(16.0, Weight::Regular, MUTED, Anchor::Middle) };
const HIGHEST: Stroke = Stroke { colour: DARK_PINK, width: 3.0 };

/// Draws the chart.
///
/// # Errors
/// A fault of drawing or of the embedded font; none depends on the figures.
pub fn chart(input: &WeekChart) -> Result<Chart, ChartError> {
    let highest = extreme(input, |a, b| a > b);
    let alt_text = alt_text(input, highest);
    let header = Header::lay_out(HeaderContent {
        title: &input.title,
        subtitle: &input.subtitle,
        synthetic: input.synthetic,
        headline: None,
        icons: Vec::new(),
    })?;
    let mut notes = vec!["The figure in each cell is its value; darker is more; the highest is framed.".to_owned()];
    notes.extend(input.notes.iter().cloned());
    let footer =
        Footer::lay_out(FooterContent { key: Vec::new(), notes, source: &input.source, synthetic: input.synthetic })?;
    let top = header.height + 26.0 + HOUR_AXIS;
    let bottom = top + ROW * WEEKDAYS.len() as f64;
    let height = (bottom + footer.height).ceil();
    let sheet = Sheet { width: WIDTH, height, title: &input.title, description: &alt_text };
    let svg = document(&sheet, |canvas| {
        header.draw(canvas)?;
        let label =
            super::text::shorten(&clean(&input.value_label), super::frame::room(LABEL, WIDTH - 2.0 * MARGIN, 1))?;
        canvas.text((MARGIN, header.height + 10.0), &label, LABEL);
        draw_axes(canvas, top);
        let greatest = highest.map_or(0.0, |(_, _, value)| value);
        for (weekday, hour, value) in cells(input) {
            draw_cell(canvas, top, (weekday, hour), value, greatest);
        }
        match highest {
            Some((weekday, hour, _)) => frame_cell(canvas, corner(top, weekday, hour))?,
            None => canvas.text(((LEFT + WIDTH) / 2.0, (top + bottom) / 2.0), "No figures to show", EMPTY),
        }
        footer.draw(canvas, bottom)
    })?;
    Ok(Chart { svg, alt_text, width: WIDTH as u32, height: height as u32 })
}

/// Weekday, hour and value of every cell that can be drawn.
fn cells(input: &WeekChart) -> impl Iterator<Item = (usize, usize, f64)> {
    input.cells.iter().take(WEEKDAYS.len()).enumerate().flat_map(|(weekday, hours)| {
        let value = move |(hour, value): (usize, &Option<f64>)| Some((weekday, hour, value.and_then(drawable)?));
        hours.iter().enumerate().filter_map(value)
    })
}

/// The first cell whose value is beyond all before it.
fn extreme(input: &WeekChart, beyond: impl Fn(f64, f64) -> bool) -> Option<(usize, usize, f64)> {
    cells(input).reduce(|best, cell| if beyond(cell.2, best.2) { cell } else { best })
}

fn corner(top: f64, weekday: usize, hour: usize) -> Point {
    (LEFT + cell_width() * hour as f64, top + ROW * weekday as f64)
}

fn cell_width() -> f64 {
    (WIDTH - MARGIN - LEFT) / HOURS as f64
}

fn draw_axes(canvas: &mut Canvas, top: f64) {
    for (weekday, name) in WEEKDAYS.iter().enumerate() {
        canvas.text((MARGIN, top + ROW * (weekday as f64 + 0.5) + 4.5), name, DAY);
    }
    for hour in 0..HOURS {
        let (x, _) = corner(top, 0, hour);
        canvas.text((x + cell_width() / 2.0, top - 8.0), &format!("{hour:02}"), HOUR);
    }
}

fn draw_cell(canvas: &mut Canvas, top: f64, (weekday, hour): (usize, usize), value: f64, greatest: f64) {
    let (x, y) = corner(top, weekday, hour);
    let (fill, ink) = shade(value, greatest);
    canvas.backdrop((x, y), (x + cell_width() - GAP, y + ROW - GAP), fill);
    let middle = (x + (cell_width() - GAP) / 2.0, y + ROW / 2.0 + 3.5);
    canvas.text(middle, &figure(value), TextStyle { colour: ink, ..CELL });
}

fn frame_cell(canvas: &mut Canvas, (x, y): Point) -> Result<(), ChartError> {
    let (right, bottom) = (x + cell_width() - GAP, y + ROW - GAP);
    canvas.line(&[(x, y), (right, y), (right, bottom), (x, bottom), (x, y - 1.5)], HIGHEST)
}

/// Three digits at most, so that a cell holds them.
fn figure(value: f64) -> String {
    match value.abs() {
        small if small < 9.995 => grouped(value, 1),
        some if some < 9_999.5 => grouped(value, 0).replace(',', ""),
        many if many < 999_500.0 => format!("{}k", grouped(value / 1e3, 0)),
        _ => "1M+".to_owned(),
    }
}

/// The fill of a cell in fifths of the greatest value, and the ink that can be read on it.
fn shade(value: f64, greatest: f64) -> (RGBColor, RGBColor) {
    let share = if greatest > 0.0 { value / greatest } else { 0.0 };
    let step = ((share * SHADES.len() as f64).ceil() as usize).clamp(1, SHADES.len()) - 1;
    (SHADES[step], if step < 3 { INK } else { WHITE })
}

fn alt_text(input: &WeekChart, highest: Option<(usize, usize, f64)>) -> String {
    let what = clean(&input.value_label);
    let opening = opening(&input.title);
    let period = super::text::after_comma(&input.period);
    let lowest = extreme(input, |a, b| a < b);
    let place = |(weekday, hour, value): (usize, usize, f64)| {
        format!("{} ({} {hour:02}:00)", grouped(value, 1), WEEKDAYS[weekday])
    };
    let said = match highest.zip(lowest) {
        Some((most, least)) => format!("highest {}, lowest {}", place(most), place(least)),
        None => "no figures to show".to_owned(),
    };
    format!("{opening}{what} by weekday and hour{period}: {said}.{}", synthetic_sentence(input.synthetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ink_can_be_read_on_every_shade() {
        let luminance = |colour: RGBColor| {
            let linear = |channel: u8| {
                let c = f64::from(channel) / 255.0;
                if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
        };
        for step in 0..10 {
            let (fill, ink) = shade(f64::from(step), 9.0);
            let (a, b) = (luminance(fill), luminance(ink));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.5, "{step}: {contrast}");
        }
        assert_eq!(shade(0.0, 0.0), (SHADES[0], INK));
    }

    #[test]
    fn a_figure_fits_its_cell() {
        for (value, expected) in [
            (0.0, "0.0"),
            (8.25, "8.3"),
            (9.96, "10.0"),
            (12.3, "12"),
            (999.6, "1000"),
            (12_345.0, "12k"),
            (1e9, "1M+"),
        ] {
            assert_eq!(figure(value), expected);
        }
    }

    #[test]
    fn the_alternative_text_names_the_highest_and_the_lowest() {
        let mut input = super::super::sample_inputs::week_chart(2.0);
        input.cells[4][17] = Some(50.0);
        input.cells[0][4] = Some(0.25);
        assert_eq!(
            chart(&input).unwrap().alt_text,
            "Half of 999 calls come between 14:00 and 22:00. Mean 999 calls an hour by weekday and hour, 12 months to \
             September 2026: highest 50.0 (Friday 17:00), lowest 0.3 (Monday 04:00). Synthetic data."
        );
        input.cells.clear();
        let empty = chart(&input).unwrap();
        assert!(empty.alt_text.contains("no figures to show") && empty.svg.contains("No figures to show"));
    }
}
