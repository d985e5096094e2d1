//! Text on slides: paragraphs as DrawingML, and the size at which they fit.

use super::frame::EMU_PER_POINT;
use crate::office::content::{Align, Colour, Paragraph, Run};
use crate::office::measure::{LINE, Measure};
use crate::office::xml::escaped;

/// Text of a slide is never smaller, but for what stands at its foot.
pub(super) const SMALLEST: f64 = 11.0;
/// Of a level, and of a bullet before its text, in EMU.
const INDENT: i64 = 228_600;
const DEEPEST_LEVEL: u8 = 3;

/// A way to write runs: one size for all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'l> {
    pub size: f64,
    pub bold: bool,
    pub colour: Option<Colour>,
    pub language: &'l str,
}

impl Look<'_> {
    fn properties(&self, tag: &str, run: Option<&Run>) -> String {
        let bold = if self.bold || run.is_some_and(|r| r.bold) { " b=\"1\"" } else { "" };
        let colour = run.and_then(|r| r.colour).or(self.colour);
        let fill = colour.map(|c| format!("<a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>", c.hex()));
        let size = (self.size * 100.0).round() as i64;
        let (language, fill) = (escaped(self.language), fill.unwrap_or_default());
        format!("<a:{tag} lang=\"{language}\" sz=\"{size}\"{bold} dirty=\"0\">{fill}</a:{tag}>")
    }

    /// Runs; a line break is one.
    pub fn runs(&self, runs: &[Run]) -> String {
        let mut out = String::new();
        for run in runs {
            let properties = self.properties("rPr", Some(run));
            for (i, line) in run.text.replace("\r\n", "\n").split('\n').enumerate() {
                if i > 0 {
                    out.push_str(&format!("<a:br>{properties}</a:br>"));
                }
                if !line.is_empty() {
                    out.push_str(&format!("<a:r>{properties}<a:t>{}</a:t></a:r>", escaped(line)));
                }
            }
        }
        out.push_str(&self.properties("endParaRPr", None));
        out
    }

    /// One paragraph without a bullet.
    pub fn line(&self, runs: &[Run], align: Align) -> String {
        format!(
            "<a:p><a:pPr marL=\"0\" indent=\"0\" algn=\"{}\">{}<a:buNone/></a:pPr>{}</a:p>",
            side(align),
            spacing(0.0),
            self.runs(runs)
        )
    }

    /// Paragraphs; `None` leaves them where the placeholder has them.
    pub fn paragraphs(&self, paragraphs: &[Paragraph], align: Option<Align>) -> String {
        let align = align.map(|a| format!(" algn=\"{}\"", side(a))).unwrap_or_default();
        let mut out = String::new();
        for (i, paragraph) in paragraphs.iter().enumerate() {
            let (left, hang, mark) =
                if paragraph.bullet { ("Arial", INDENT, "<a:buChar char=\"•\"/>") } else { ("", 0, "<a:buNone/>") };
            let font = if left.is_empty() { String::new() } else { format!("<a:buFont typeface=\"{left}\"/>") };
            let spacing = spacing(if i == 0 { 0.0 } else { before(self.size) });
            let level = paragraph.level.min(DEEPEST_LEVEL);
            out.push_str(&format!(
                "<a:p><a:pPr marL=\"{}\" lvl=\"{level}\" indent=\"{}\"{align}>{spacing}{font}{mark}</a:pPr>{}</a:p>",
                margin(paragraph),
                -hang,
                self.runs(&paragraph.runs)
            ));
        }
        out
    }
}

pub(super) fn side(align: Align) -> &'static str {
    match align {
        Align::Left => "l",
        Align::Centre => "ctr",
        Align::Right => "r",
    }
}

/// Said each time, so that a template's own spacing does not push text out of its room.
fn spacing(before: f64) -> String {
    let before = (before * 100.0).round() as i64;
    format!(
        "<a:lnSpc><a:spcPct val=\"100000\"/></a:lnSpc><a:spcBef><a:spcPts val=\"{before}\"/></a:spcBef>\
         <a:spcAft><a:spcPts val=\"0\"/></a:spcAft>"
    )
}

/// Points before each paragraph but the first.
fn before(size: f64) -> f64 {
    (size * 0.4).round()
}

fn margin(paragraph: &Paragraph) -> i64 {
    let level = i64::from(paragraph.level.min(DEEPEST_LEVEL));
    (level + i64::from(paragraph.bullet)) * INDENT
}

/// Points that paragraphs take at a size, one below the other.
pub(super) fn height(measure: Measure, paragraphs: &[Paragraph], size: f64, width: f64) -> f64 {
    let lines = |p: &Paragraph| measure.lines(&p.runs, false, size, width - margin(p) as f64 / EMU_PER_POINT);
    let all: usize = paragraphs.iter().map(lines).sum();
    all as f64 * size * LINE + paragraphs.len().saturating_sub(1) as f64 * before(size)
}

/// The largest size, in steps of half a point from `largest` to `smallest`, at which something fits.
pub(super) fn largest_that_fits(largest: f64, smallest: f64, fits: impl Fn(f64) -> bool) -> Option<f64> {
    let steps = ((largest - smallest).max(0.0) * 2.0).round() as u32;
    (0..=steps).map(|step| (largest - f64::from(step) / 2.0).max(smallest)).find(|size| fits(*size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_size_that_fits() {
        for (largest, smallest, limit, expected) in [
            (16.0, 11.0, 20.0, Some(16.0)),
            (16.0, 11.0, 12.7, Some(12.5)),
            (16.0, 11.0, 11.0, Some(11.0)),
            (16.0, 11.0, 10.9, None),
            (9.0, 11.0, 20.0, Some(11.0)),
        ] {
            assert_eq!(largest_that_fits(largest, smallest, |size| size <= limit), expected);
        }
    }

    // Two lines of 10 pt at 12, a third paragraph's at 12, and twice 4 before: 4 lines and 8.
    #[test]
    fn height_of_paragraphs() {
        let paragraphs = [Paragraph::plain("xx xx xx"), Paragraph::plain("x"), Paragraph::bullet("xx")];
        assert_eq!(height(Measure::of("Arial"), &paragraphs, 10.0, 29.0), 4.0 * 12.0 + 8.0);
    }

    #[test]
    fn a_line_break_is_one_and_text_is_escaped() {
        let look = Look { size: 12.0, bold: false, colour: None, language: "en-GB" };
        let runs = look.runs(&[Run::plain("a<b\r\nc")]);
        assert!(runs.contains("<a:t>a&lt;b</a:t>") && runs.contains("<a:br>") && runs.contains("<a:t>c</a:t>"));
    }
}
