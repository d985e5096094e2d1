//! One slide: its title, its blocks in their order, what stands at its foot.

use super::foot::Foot;
use super::frame::Frame;
use super::table::fitted;
use super::template::{Placeholder, SlideLayout, Template};
use super::text::{Look, SMALLEST, height, largest_that_fits};
use super::{Block, Deck, Layout, Placed, Slide, Text};
use crate::office::OfficeError;
use crate::office::content::{Align, Picture, Run, Table};
use crate::office::measure::LINE;
use crate::office::package::{KIND, Package, Target};
use crate::office::xml::{DECLARATION, escaped};

pub(super) const NAMESPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";
/// What every tree of shapes begins with.
pub(super) const TREE: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>\
    <a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>";
const TABLE: &str = "http://schemas.openxmlformats.org/drawingml/2006/table";
const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const SLIDE_TYPE: &str = "application/vnd.openxmlformats-officedocument.presentationml.slide+xml";
/// A title is never smaller, nor larger on a slide of content.
const SMALLEST_TITLE: f64 = 16.0;
const LARGEST_TITLE: f64 = 28.0;
const LARGEST_TABLE: f64 = 14.0;
/// Between the title, the content and the foot.
const GAP: i64 = 91_440;

/// A slide as it is written.
pub(super) struct Writing<'w> {
    deck: &'w Deck,
    template: &'w Template,
    slide: &'w Slide,
    /// Marking and data date.
    foot: &'w [Run],
    /// From 1.
    number: usize,
    part: String,
    next_id: u32,
    shapes: String,
}

impl<'w> Writing<'w> {
    pub fn new(deck: &'w Deck, template: &'w Template, foot: &'w [Run], number: usize, slide: &'w Slide) -> Self {
        let part = format!("ppt/slides/slide{number}.xml");
        Self { deck, template, slide, foot, number, part, next_id: 2, shapes: String::new() }
    }

    /// Puts the slide into the package and gives the name of its part.
    pub fn put(mut self, package: &mut Package) -> Result<String, OfficeError> {
        let layout = self.layout();
        package.put(&self.part, SLIDE_TYPE, Vec::new());
        package.relate(&self.part, &format!("{KIND}/slideLayout"), Target::Part(layout.part.clone()));
        let foot = Foot::of(self.deck, self.foot, self.template, layout);
        let area = self.content_area(layout, foot.top());
        self.title(layout)?;
        for (at, placed) in self.slide.blocks.iter().enumerate() {
            self.block(package, layout, &area, placed, at + 1)?;
        }
        let foot = foot.write(self.number, &mut self.next_id)?;
        self.shapes.push_str(&foot);
        let bytes = format!(
            "{DECLARATION}<p:sld {NAMESPACES}><p:cSld><p:spTree>{TREE}{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/>\
             </p:clrMapOvr></p:sld>",
            self.shapes
        );
        if let Some(part) = package.parts.get_mut(&self.part) {
            part.bytes = bytes.into_bytes();
        }
        Ok(self.part)
    }

    /// The template's layout for what is on the slide.
    fn layout(&self) -> &'w SlideLayout {
        match (self.slide.layout, &self.template.text) {
            (Layout::Opening, _) => &self.template.opening,
            (Layout::Content, Some(layout)) if self.only_text() => layout,
            (Layout::Content, _) => &self.template.content,
        }
    }

    /// Whether one text is all there is, so that it can stand in the layout's own place for it.
    fn only_text(&self) -> bool {
        matches!(self.slide.blocks.as_slice(), [Placed { block: Block::Text(_), area }] if *area == super::Area::WHOLE)
    }

    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id - 1
    }

    fn does_not_fit(&self, block: impl Into<String>, smallest_pt: f64) -> OfficeError {
        OfficeError::DoesNotFit { slide: self.number, block: block.into(), smallest_pt }
    }

    /// Where blocks go: as wide as the template's own content, below the title, above the foot.
    fn content_area(&self, layout: &SlideLayout, foot: i64) -> Frame {
        let title = self.title_place(layout).map(|(frame, _, _)| frame);
        let margin = self.template.width / 20;
        let side = Frame { x: margin, y: 0, width: self.template.width - 2 * margin, height: 0 };
        let wide = self.content(layout).or(title).unwrap_or(side);
        let below = title.filter(|t| t.y < self.template.height / 2 && t.width > wide.width / 2);
        let below = below.map_or(margin, |t| t.bottom() + GAP / 2);
        let top = wide.y.max(below);
        let bottom = wide.bottom().min(foot - GAP);
        let low = self.template.height / 4;
        let (top, bottom) = match self.slide.layout {
            // Where a template has little room of its own for content, all between title and foot is taken.
            Layout::Content if bottom - top < self.template.height / 2 => (below, foot - GAP),
            Layout::Opening if bottom - top < low => (below.min(foot - low), foot - GAP),
            _ => (top, bottom),
        };
        Frame { x: wide.x, y: top, width: wide.width, height: (bottom - top).max(1) }
    }

    /// Where the template's own content begins.
    fn content(&self, layout: &SlideLayout) -> Option<Frame> {
        let kinds = ["obj", "body", "subTitle", "tbl", "chart"];
        let own = layout.placeholder(&kinds);
        let of_text = || self.template.text.as_ref().and_then(|text| text.placeholder(&kinds));
        own.or_else(of_text).map(Placeholder::inner).or(layout.body)
    }

    /// The title's place, with the size of its text: the template's own place, or else that as far down as the content begins.
    fn title_place(&self, layout: &SlideLayout) -> Option<(Frame, f64, bool)> {
        let (largest, margin) = match self.slide.layout {
            Layout::Opening => (60.0, self.template.width / 20),
            Layout::Content => (LARGEST_TITLE, self.template.width / 20),
        };
        let (frame, insets, size, bold, capitals) = match layout.title() {
            Some(title) => {
                let (inner, frame) = (title.inner(), title.frame);
                (
                    frame,
                    (frame.width - inner.width, frame.height - inner.height),
                    title.size,
                    title.bold,
                    title.capitals,
                )
            }
            None => {
                let (width, height) = (self.template.width - 2 * margin, self.template.height / 8);
                (Frame { x: margin, y: margin / 2, width, height }, (0, 0), LARGEST_TITLE, true, false)
            }
        };
        let text = if capitals { self.slide.title.to_uppercase() } else { self.slide.title.clone() };
        let text = [Run::plain(text)];
        let content = self.content(layout).map_or(0, |content| content.y);
        let grown = Frame { height: frame.height.max(content - GAP / 2 - frame.y), ..frame };
        [frame, grown].into_iter().find_map(|place| {
            let room = Frame { width: place.width - insets.0, height: place.height - insets.1, ..place };
            let lines = |size: f64| self.template.headings.lines(&text, bold, size, room.width_pt()) as f64;
            let fits = |size: f64| lines(size) * size * LINE <= room.height_pt();
            let size = largest_that_fits(size.min(largest).max(SMALLEST_TITLE), SMALLEST_TITLE, fits)?;
            Some((place, size, place != frame))
        })
    }

    fn title(&mut self, layout: &SlideLayout) -> Result<(), OfficeError> {
        let place = self.title_place(layout);
        let (frame, size, grown) = place.ok_or_else(|| self.does_not_fit("the title", SMALLEST_TITLE))?;
        let look = Look { size, bold: false, colour: None, language: &self.deck.properties.language };
        let text = format!(
            "<a:p><a:pPr><a:lnSpc><a:spcPct val=\"100000\"/></a:lnSpc><a:spcBef><a:spcPts val=\"0\"/></a:spcBef></a:pPr>{}</a:p>",
            look.runs(&[Run::plain(self.slide.title.clone())])
        );
        let kind = layout.title().map_or("title", |title| title.kind.as_str());
        let place = if grown || layout.title().is_none() { frame.xfrm('a') } else { String::new() };
        let shape = format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{}\" name=\"Title\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr>\
             <p:ph type=\"{kind}\"/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody><a:bodyPr><a:noAutofit/></a:bodyPr>\
             <a:lstStyle/>{text}</p:txBody></p:sp>",
            self.id()
        );
        self.shapes.push_str(&shape);
        Ok(())
    }

    fn block(
        &mut self,
        package: &mut Package,
        layout: &SlideLayout,
        area: &Frame,
        placed: &Placed,
        at: usize,
    ) -> Result<(), OfficeError> {
        if !placed.area.is_inside() {
            return Err(OfficeError::Area { slide: self.number, block: format!("block {at}") });
        }
        let frame = area.part(placed.area);
        match &placed.block {
            Block::Text(text) => {
                let own = if self.only_text() { layout.placeholder(&["obj", "body", "subTitle"]) } else { None };
                self.text(text, &frame, own, at)
            }
            Block::Table(table) => self.table(table, &frame, at),
            Block::Picture(picture) => self.picture(package, picture, &frame),
            Block::Chart(chart) => {
                let id = chart.put(package, "ppt", &self.part, self.deck.properties.created)?;
                let graphic = format!("<c:chart xmlns:c=\"{CHART}\" r:id=\"{id}\"/>");
                self.graphic("Chart", &chart.alt, &frame, CHART, &graphic);
                Ok(())
            }
        }
    }

    fn text(&mut self, text: &Text, frame: &Frame, own: Option<&Placeholder>, at: usize) -> Result<(), OfficeError> {
        let measure = self.template.words;
        let fits = |size: f64| height(measure, &text.paragraphs, size, frame.width_pt()) <= frame.height_pt();
        let size = largest_that_fits(text.largest_pt, SMALLEST, fits);
        let size = size.ok_or_else(|| self.does_not_fit(format!("text, block {at}"), SMALLEST))?;
        // On the opening slide the template's own colour goes with its own place.
        let colour = if own.is_some() { None } else { text.colour };
        let look = Look { size, bold: false, colour, language: &self.deck.properties.language };
        let words = look.paragraphs(&text.paragraphs, own.is_none().then_some(Align::Left));
        let id = self.id();
        let (name, properties) = match own {
            Some(placeholder) => ("Content", ph(placeholder)),
            None => ("Text", "<p:nvPr/>".to_owned()),
        };
        let kind =
            if own.is_some() { "<p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr>" } else { "<p:cNvSpPr txBox=\"1\"/>" };
        let (geometry, anchor) = match own {
            Some(_) => ("", ""),
            None => ("<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/>", " anchor=\"t\""),
        };
        self.shapes.push_str(&format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name} {}\"/>{kind}{properties}</p:nvSpPr><p:spPr>{}{geometry}</p:spPr>\
             <p:txBody><a:bodyPr wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\"{anchor}><a:noAutofit/></a:bodyPr><a:lstStyle/>\
             {words}</p:txBody></p:sp>",
            id - 1,
            frame.xfrm('a')
        ));
        Ok(())
    }

    fn table(&mut self, table: &Table, frame: &Frame, at: usize) -> Result<(), OfficeError> {
        table.checked()?;
        let fitted = fitted(table, frame, LARGEST_TABLE, self.template.words);
        let fitted = fitted.ok_or_else(|| self.does_not_fit(format!("table, block {at}"), SMALLEST))?;
        let frame = Frame { height: fitted.height(), ..*frame };
        let graphic = fitted.write(&self.deck.properties.language);
        self.graphic("Table", &table.alt, &frame, TABLE, &graphic);
        Ok(())
    }

    fn graphic(&mut self, name: &str, alt: &str, frame: &Frame, kind: &str, graphic: &str) {
        let id = self.id();
        self.shapes.push_str(&format!(
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"{name} {}\" descr=\"{}\"/><p:cNvGraphicFramePr>\
             <a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{}<a:graphic>\
             <a:graphicData uri=\"{kind}\">{graphic}</a:graphicData></a:graphic></p:graphicFrame>",
            id - 1,
            escaped(alt),
            frame.xfrm('p')
        ));
    }

    fn picture(&mut self, package: &mut Package, picture: &Picture, frame: &Frame) -> Result<(), OfficeError> {
        let (width, height) = picture.pixels()?;
        let frame = frame.fitted(f64::from(width), f64::from(height));
        let name = package.free_name("ppt/media/picture", ".png");
        package.put(&name, "image/png", picture.png.clone());
        let link = package.relate(&self.part, &format!("{KIND}/image"), Target::Part(name));
        let id = self.id();
        self.shapes.push_str(&format!(
            "<p:pic><p:nvPicPr><p:cNvPr id=\"{id}\" name=\"Picture {}\" descr=\"{}\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/>\
             </p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed=\"{link}\"/><a:stretch><a:fillRect/></a:stretch>\
             </p:blipFill><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>",
            id - 1,
            escaped(&picture.alt),
            frame.xfrm('a')
        ));
        Ok(())
    }
}

/// `p:nvPr` of a shape that fills a placeholder of its layout.
pub(super) fn ph(placeholder: &Placeholder) -> String {
    let kind = match placeholder.kind.as_str() {
        "obj" => String::new(),
        kind => format!(" type=\"{}\"", escaped(kind)),
    };
    let index = placeholder.index.as_ref().map(|i| format!(" idx=\"{}\"", escaped(i))).unwrap_or_default();
    format!("<p:nvPr><p:ph{kind}{index}/></p:nvPr>")
}

/// A line of text in a box of its own.
pub(super) fn line_box(id: u32, name: &str, frame: &Frame, paragraph: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr>{}\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr wrap=\"square\" lIns=\"0\" tIns=\"0\" \
         rIns=\"0\" bIns=\"0\" anchor=\"ctr\"><a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraph}</p:txBody></p:sp>",
        frame.xfrm('a')
    )
}
