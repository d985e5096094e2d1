//! What stands at the foot of every slide: protective marking, data date, number.

use super::Deck;
use super::frame::Frame;
use super::slide::{line_box, ph};
use super::template::{Placeholder, SlideLayout, Template};
use super::text::{Look, largest_that_fits};
use crate::office::OfficeError;
use crate::office::content::{Align, Run};
use crate::office::measure::{LINE, Measure};
use crate::office::xml::escaped;

const LARGEST: f64 = 12.0;
/// Of marking, data date and number alone.
const SMALLEST: f64 = 9.0;
/// The number takes this of the foot's width where the layout has no place for it.
const NUMBER_SHARE: i64 = 12;

pub(super) struct Foot<'f> {
    deck: &'f Deck,
    words: Measure,
    /// Marking and data date, each with the placeholder that has room for it, where there is one.
    texts: Vec<(&'f Run, Option<&'f Placeholder>, Frame, f64)>,
    number: (Option<&'f Placeholder>, Frame),
    top: i64,
}

impl<'f> Foot<'f> {
    pub fn of(deck: &'f Deck, texts: &'f [Run], template: &Template, layout: &'f SlideLayout) -> Self {
        let low = |p: &&Placeholder| p.frame.y > template.height / 2;
        let find = |kind: &str| layout.placeholder(&[kind]).filter(low);
        let (date, footer, number) = (find("dt"), find("ftr"), find("sldNum"));
        let margin = template.width / 20;
        let height = template.height / 20;
        let side = layout.body.or(layout.title().map(Placeholder::inner));
        let (left, right) = side.map_or((margin, template.width - margin), |f| (f.x, f.right()));
        let own = Frame { x: left, y: template.height - height - height / 3, width: right - left, height };
        let line = footer.or(date).or(number).map_or(own, |p| Frame { y: p.frame.y, height: p.frame.height, ..own });
        let wide = line.width / NUMBER_SHARE;
        let number_frame = number.map_or(Frame { x: line.right() - wide, width: wide, ..line }, |p| p.frame);
        let free = if number_frame.x > template.width / 2 {
            Frame { width: number_frame.x - line.x - 91_440, ..line }
        } else {
            let left = number_frame.right() + 91_440;
            Frame { x: left, width: line.right() - left, ..line }
        };
        let runs: Vec<&Run> = texts.iter().filter(|run| !run.text.is_empty()).collect();
        let words = template.words;
        let texts = in_placeholders(&runs, footer, date, words).unwrap_or_else(|| beside(&runs, &free, words));
        let frames = texts.iter().map(|(_, _, frame, _)| frame.y).chain([number_frame.y]);
        let top = frames.min().unwrap_or(line.y);
        Self { deck, words, texts, number: (number, number_frame), top }
    }

    /// Where the foot begins; content ends above it.
    pub fn top(&self) -> i64 {
        self.top
    }

    pub fn write(&self, slide: usize, next_id: &mut u32) -> Result<String, OfficeError> {
        let mut out = String::new();
        let mut id = || {
            *next_id += 1;
            *next_id - 1
        };
        let language = &self.deck.properties.language;
        for (at, (run, placeholder, frame, size)) in self.texts.iter().enumerate() {
            let lines = self.words.lines(std::slice::from_ref(*run), false, *size, frame.width_pt());
            if lines as f64 * size * LINE > frame.height_pt() {
                let block = "the marking or the footer".to_owned();
                return Err(OfficeError::DoesNotFit { slide, block, smallest_pt: SMALLEST });
            }
            let align = if placeholder.is_none() && at > 0 { Align::Right } else { Align::Left };
            let look = Look { size: *size, bold: false, colour: None, language };
            out.push_str(&match placeholder {
                Some(place) => filled(id(), place, &as_the_template_has_it(&look.runs(std::slice::from_ref(*run)))),
                None => line_box(id(), "Footer text", frame, &look.line(std::slice::from_ref(*run), align)),
            });
        }
        let (placeholder, frame) = &self.number;
        let size = match placeholder {
            Some(place) => place.size.min(LARGEST),
            None => LARGEST,
        };
        let look = Look { size, bold: false, colour: None, language };
        let field = format!(
            "<a:fld id=\"{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}\" type=\"slidenum\"><a:rPr lang=\"{}\" sz=\"{}\"/><a:t>{slide}</a:t></a:fld>",
            escaped(language),
            (look.size * 100.0) as i64
        );
        out.push_str(&match placeholder {
            Some(place) => filled(id(), place, &as_the_template_has_it(&field)),
            None => line_box(id(), "Slide number", frame, &format!("<a:p><a:pPr algn=\"r\"/>{field}</a:p>")),
        });
        Ok(out)
    }
}

/// A paragraph that stands as the template has it.
fn as_the_template_has_it(runs: &str) -> String {
    format!("<a:p>{runs}</a:p>")
}

fn filled(id: u32, place: &Placeholder, paragraph: &str) -> String {
    let name = match place.kind.as_str() {
        "dt" => "Date",
        "ftr" => "Footer",
        _ => "Slide number",
    };
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name} {}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr>{}</p:nvSpPr><p:spPr/>\
         <p:txBody><a:bodyPr/><a:lstStyle/>{paragraph}</p:txBody></p:sp>",
        id - 1,
        ph(place)
    )
}

type PlacedText<'f> = (&'f Run, Option<&'f Placeholder>, Frame, f64);

/// The texts in the layout's own places, in whichever order they fit; `None` where they do not.
fn in_placeholders<'f>(
    runs: &[&'f Run],
    footer: Option<&'f Placeholder>,
    date: Option<&'f Placeholder>,
    words: Measure,
) -> Option<Vec<PlacedText<'f>>> {
    let size = |run: &Run, place: &Placeholder| {
        let (width, height) = place.room();
        let fits =
            |size: f64| words.lines(std::slice::from_ref(run), false, size, width) as f64 * size * LINE <= height;
        largest_that_fits(place.size.clamp(SMALLEST, LARGEST), SMALLEST, fits)
    };
    let placed = |run: &'f Run, place: &'f Placeholder| Some((run, Some(place), place.frame, size(run, place)?));
    match (runs, footer, date) {
        ([], _, _) => Some(Vec::new()),
        ([one], Some(footer), _) => Some(vec![placed(one, footer)?]),
        ([one, two], Some(footer), Some(date)) => {
            let as_is = placed(one, footer).zip(placed(two, date));
            let swapped = || placed(one, date).zip(placed(two, footer));
            as_is.or_else(swapped).map(|(one, two)| vec![one, two])
        }
        _ => None,
    }
}

/// The texts beside each other in a frame, each as wide as its words ask for.
fn beside<'f>(runs: &[&'f Run], free: &Frame, words: Measure) -> Vec<PlacedText<'f>> {
    let widths: Vec<f64> = runs.iter().map(|run| words.width(&run.text, run.bold, LARGEST) + 1.0).collect();
    let sum: f64 = widths.iter().sum::<f64>().max(1.0);
    let mut x = free.x;
    let mut texts = Vec::new();
    for (run, width) in runs.iter().zip(&widths) {
        let wide = (free.width as f64 * width / sum).floor() as i64;
        let frame = Frame { x, width: wide, ..*free };
        let fits = |size: f64| {
            let lines = words.lines(std::slice::from_ref(*run), false, size, frame.width_pt());
            lines as f64 * size * LINE <= frame.height_pt()
        };
        texts.push((*run, None, frame, largest_that_fits(LARGEST, SMALLEST, fits).unwrap_or(SMALLEST)));
        x += wide;
    }
    texts
}

/// What a deck shows at its foot: the marking, bold, then the data date.
pub(super) fn texts(marking: &str, footer: &str) -> Vec<Run> {
    vec![Run::bold(marking), Run::plain(footer)]
}
