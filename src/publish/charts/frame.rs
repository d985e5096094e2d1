//! What every chart has around its plot: title, subtitle, headline figure and icons above; key, notes and source below.

use plotters::style::RGBColor;

use super::ChartError;
use super::canvas::{Anchor, Canvas, Point, Stroke, TextStyle};
use super::icons::{ICON_RADIUS, Icon};
use super::marks::Mark;
use super::palette::{DARK_PINK, INK, MUTED};
use super::scale::Frame;
use super::text::{Weight, Wrap, clean, shorten, widest, width, wrap};

/// Width of every chart in pixels; a 16:9 chart is 540 high.
pub(super) const WIDTH: f64 = 960.0;
pub(super) const MARGIN: f64 = 24.0;

const TITLE: TextStyle = style(22.0, Weight::Bold, INK, Anchor::Start);
const TITLE_LINE: f64 = 28.0;
const SUBTITLE: TextStyle = style(14.0, Weight::Regular, MUTED, Anchor::Start);
const SUBTITLE_LINE: f64 = 19.0;
const HEADLINE: TextStyle = style(30.0, Weight::Bold, INK, Anchor::End);
const CAPTION: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::End);
const VERDICT: TextStyle = style(12.0, Weight::Bold, INK, Anchor::Middle);
const KEY: TextStyle = style(13.0, Weight::Regular, INK, Anchor::Start);
const KEY_LINE: f64 = 22.0;
const NOTE: TextStyle = style(12.0, Weight::Regular, MUTED, Anchor::Start);
const NOTE_LINE: f64 = 17.0;
const EMPTY: TextStyle = TextStyle { halo: true, ..style(16.0, Weight::Regular, MUTED, Anchor::Middle) };
const TAG: TextStyle = style(11.0, Weight::Bold, DARK_PINK, Anchor::Start);
const TAG_TEXT: &str = "Synthetic data";
/// Lines a note may take before it is cut: hostile text must not grow a chart without bound.
const MOST_NOTE_LINES: usize = 6;
const MOST_NOTES: usize = 12;

pub(super) const fn style(size: f64, weight: Weight, colour: RGBColor, anchor: Anchor) -> TextStyle {
    TextStyle { size, weight, colour, anchor, halo: false }
}

pub(super) const fn room(style: TextStyle, max_width: f64, max_lines: usize) -> Wrap {
    Wrap { size: style.size, weight: style.weight, max_width, max_lines }
}

/// What stands in a plot that has nothing to show.
pub(super) fn say_empty(canvas: &mut Canvas, frame: &Frame) {
    let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
    canvas.text(middle, "No figures to show", EMPTY);
}

/// The figure a chart is about, with a line or two of what it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Headline {
    pub figure: String,
    pub captions: Vec<String>,
}

/// What stands above a plot.
pub(super) struct HeaderContent<'a> {
    pub title: &'a str,
    pub subtitle: &'a str,
    pub synthetic: bool,
    pub headline: Option<Headline>,
    pub icons: Vec<Icon>,
}

/// A header with every line broken and every position known.
pub(super) struct Header {
    synthetic: bool,
    title: Vec<String>,
    subtitle: Vec<String>,
    headline: Option<Headline>,
    icons: Vec<(Icon, f64)>,
    headline_right: f64,
    /// From the top of the chart to where the plot's part begins.
    pub height: f64,
}

impl Header {
    pub fn lay_out(content: HeaderContent) -> Result<Header, ChartError> {
        let mut right = WIDTH - MARGIN;
        let mut icons = Vec::new();
        for icon in content.icons.into_iter().rev() {
            let words = width(icon.verdict, VERDICT.size, VERDICT.weight)?.max(2.0 * ICON_RADIUS + 16.0);
            icons.push((icon, right - words / 2.0));
            right -= words + 20.0;
        }
        let headline_right = right;
        let headline = content.headline.map(shortened).transpose()?;
        if let Some(headline) = &headline {
            let captions = widest(&headline.captions, CAPTION.size, CAPTION.weight)?;
            right -= captions.max(width(&headline.figure, HEADLINE.size, HEADLINE.weight)?) + 24.0;
        }
        let text_width = right - MARGIN;
        let title = wrap(content.title, room(TITLE, text_width, 4))?;
        let subtitle = wrap(content.subtitle, room(SUBTITLE, text_width, 4))?;
        let tag = if content.synthetic { 26.0 } else { 0.0 };
        let words = tag + TITLE_LINE * title.len() as f64 + SUBTITLE_LINE * subtitle.len() as f64;
        let beside: f64 = if headline.is_some() || !icons.is_empty() { 80.0 } else { 0.0 };
        Ok(Header {
            synthetic: content.synthetic,
            title,
            subtitle,
            headline,
            icons,
            headline_right,
            height: 20.0 + words.max(beside) + 14.0,
        })
    }

    pub fn draw(&self, canvas: &mut Canvas) -> Result<(), ChartError> {
        let mut top = 20.0;
        if self.synthetic {
            draw_tag(canvas, (MARGIN, top))?;
            top += 26.0;
        }
        for line in &self.title {
            canvas.text((MARGIN, top + 20.0), line, TITLE);
            top += TITLE_LINE;
        }
        for line in &self.subtitle {
            canvas.text((MARGIN, top + 13.0), line, SUBTITLE);
            top += SUBTITLE_LINE;
        }
        if let Some(headline) = &self.headline {
            canvas.text((self.headline_right, 46.0), &headline.figure, HEADLINE);
            for (i, caption) in headline.captions.iter().enumerate() {
                canvas.text((self.headline_right, 66.0 + 16.0 * i as f64), caption, CAPTION);
            }
        }
        for (icon, x) in &self.icons {
            icon.draw(canvas, (*x, 20.0 + ICON_RADIUS))?;
            canvas.text((*x, 78.0), icon.kind, TextStyle { anchor: Anchor::Middle, ..CAPTION });
            canvas.text((*x, 93.0), icon.verdict, VERDICT);
        }
        Ok(())
    }
}

fn shortened(headline: Headline) -> Result<Headline, ChartError> {
    let figure = shorten(&clean(&headline.figure), room(HEADLINE, 240.0, 1))?;
    let captions: Result<Vec<String>, ChartError> =
        headline.captions.iter().map(|caption| shorten(&clean(caption), room(CAPTION, 240.0, 1))).collect();
    Ok(Headline { figure, captions: captions? })
}

/// "Synthetic data" in a box.
fn draw_tag(canvas: &mut Canvas, (left, top): Point) -> Result<(), ChartError> {
    let right = left + width(TAG_TEXT, TAG.size, TAG.weight)? + 18.0;
    let bottom = top + 18.0;
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top - 0.5)];
    canvas.line(&corners, Stroke { colour: DARK_PINK, width: 1.0 })?;
    canvas.text((left + 9.0, top + 13.0), TAG_TEXT, TAG);
    Ok(())
}

/// An entry of a key: the mark as it is drawn, and what it means.
pub(super) struct KeyEntry {
    pub mark: Mark,
    pub colour: RGBColor,
    pub meaning: &'static str,
}

/// What stands below a plot. The source comes last, and says so if the data is synthetic.
pub(super) struct FooterContent<'a> {
    pub key: Vec<KeyEntry>,
    pub notes: Vec<String>,
    pub source: &'a str,
    pub synthetic: bool,
}

/// A footer with every line broken and every position known.
pub(super) struct Footer {
    key: Vec<(KeyEntry, Point)>,
    notes: Vec<String>,
    key_height: f64,
    pub height: f64,
}

impl Footer {
    pub fn lay_out(content: FooterContent) -> Result<Footer, ChartError> {
        let mut key = Vec::new();
        let (mut x, mut row) = (MARGIN, 0.0);
        for entry in content.key {
            let wide = 18.0 + width(entry.meaning, KEY.size, KEY.weight)?;
            if x + wide > WIDTH - MARGIN && x > MARGIN {
                (x, row) = (MARGIN, row + 1.0);
            }
            key.push((entry, (x, row * KEY_LINE)));
            x += wide + 26.0;
        }
        let key_height = if key.is_empty() { 0.0 } else { (row + 1.0) * KEY_LINE + 4.0 };
        let mut notes = Vec::new();
        for note in content.notes.iter().take(MOST_NOTES) {
            notes.extend(wrap(note, room(NOTE, WIDTH - 2.0 * MARGIN, MOST_NOTE_LINES))?);
        }
        if content.notes.len() > MOST_NOTES {
            notes.push(format!("Notes not shown: {}.", content.notes.len() - MOST_NOTES));
        }
        let source = source_line(content.source, content.synthetic);
        notes.extend(wrap(&source, room(NOTE, WIDTH - 2.0 * MARGIN, MOST_NOTE_LINES))?);
        let height = 12.0 + key_height + NOTE_LINE * notes.len() as f64 + 14.0;
        Ok(Footer { key, notes, key_height, height })
    }

    /// Draws the footer with its upper edge at `top`.
    pub fn draw(&self, canvas: &mut Canvas, top: f64) -> Result<(), ChartError> {
        for (entry, (x, y)) in &self.key {
            let middle = top + 12.0 + y + 8.0;
            entry.mark.draw(canvas, (x + 6.0, middle), entry.colour)?;
            canvas.text((x + 18.0, middle + 4.6), entry.meaning, KEY);
        }
        for (i, note) in self.notes.iter().enumerate() {
            let base = top + 12.0 + self.key_height + NOTE_LINE * i as f64 + 12.0;
            canvas.text((MARGIN, base), note, NOTE);
        }
        Ok(())
    }
}

fn source_line(source: &str, synthetic: bool) -> String {
    let source = clean(source);
    let named = if source.is_empty() { String::new() } else { format!("Source: {source}") };
    match (named.is_empty(), synthetic) {
        (_, false) => named,
        (true, true) => format!("{TAG_TEXT}: not real figures."),
        (false, true) => format!("{}. {TAG_TEXT}: not real figures.", named.trim_end_matches('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_says_that_data_is_synthetic() {
        let cases = [
            ("Calls extract", false, "Source: Calls extract"),
            ("Calls extract.", true, "Source: Calls extract. Synthetic data: not real figures."),
            ("", true, "Synthetic data: not real figures."),
            ("", false, ""),
        ];
        for (source, synthetic, expected) in cases {
            assert_eq!(source_line(source, synthetic), expected);
        }
    }

    #[test]
    fn long_words_make_a_header_and_footer_taller_only_so_far() -> Result<(), ChartError> {
        let header = |title: &str| {
            let content = HeaderContent { title, subtitle: title, synthetic: false, headline: None, icons: Vec::new() };
            Header::lay_out(content).map(|header| header.height)
        };
        assert!(header("Short")? < header(&"long ".repeat(40))?);
        assert_eq!(header(&"long ".repeat(400))?, header(&"long ".repeat(4000))?);
        let footer = |notes: usize| {
            let notes = vec!["note ".repeat(500); notes];
            Footer::lay_out(FooterContent { key: Vec::new(), notes, source: "", synthetic: false }).map(|f| f.height)
        };
        assert!(footer(1)? < footer(2)?);
        assert_eq!(footer(13)?, footer(100)?);
        Ok(())
    }
}
