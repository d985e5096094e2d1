//! Slides as `.pptx` (ECMA-376 part 1, PresentationML), on a force's template or a plain one.
//!
//! Blocks are placed in the free area of the template's layout; what does not fit is said, so that the caller splits it.

mod foot;
mod frame;
mod notes;
mod plain;
mod slide;
mod table;
mod template;
#[cfg(test)]
mod tests;
mod text;

use super::OfficeError;
use super::chart::NativeChart;
use super::content::{Colour, Paragraph, Picture, Properties, Table};
use super::package::{KIND, Package, Target};
use super::properties;
use super::xml::{Element, Node};
pub use frame::Area;
pub(super) use plain::{THEME, THEME_TYPE};
use slide::Writing;
use template::Template;

const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
const TEMPLATE: &str = "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml";
/// The first id that a slide may have (ECMA-376 part 1, 19.7.13).
const FIRST_SLIDE_ID: usize = 256;

/// A presentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Deck {
    /// A `.pptx` or `.potx`; its slides are left out. `None`: a plain one, 16:9.
    pub template: Option<Vec<u8>>,
    pub properties: Properties,
    /// Protective marking, on every slide; empty for none.
    pub marking: String,
    /// On every slide: whose figures, to which date.
    pub footer: String,
    pub slides: Vec<Slide>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Slide {
    pub layout: Layout,
    /// A finding, in one to three lines.
    pub title: String,
    /// In the order in which they are read.
    pub blocks: Vec<Placed>,
    /// What the speaker reads; none for no notes.
    pub notes: Vec<Paragraph>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A title slide.
    Opening,
    Content,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub area: Area,
    pub block: Block,
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "blocks are few")]
pub enum Block {
    Text(Text),
    Table(Table),
    /// As large as its area lets it be without being stretched.
    Picture(Picture),
    Chart(NativeChart),
}

impl Block {
    pub fn at(self, area: Area) -> Placed {
        Placed { area, block: self }
    }
}

/// Paragraphs in one size: the largest that fits, down to 11 points.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    pub paragraphs: Vec<Paragraph>,
    pub largest_pt: f64,
    /// `None`: the template's.
    pub colour: Option<Colour>,
}

impl Text {
    pub fn new(paragraphs: Vec<Paragraph>) -> Self {
        Self { paragraphs, largest_pt: 16.0, colour: None }
    }

    pub fn up_to(mut self, largest_pt: f64) -> Self {
        self.largest_pt = largest_pt;
        self
    }
}

impl Deck {
    /// The width of the template's slides in points: 960 of a wide one, 720 of most others.
    ///
    /// # Errors
    /// A template that cannot be used.
    pub fn slide_width_pt(&self) -> Result<f64, OfficeError> {
        let (_, _, template) = self.opened()?;
        Ok(template.width as f64 / frame::EMU_PER_POINT)
    }

    /// The template without its slides, its main part, and what it offers.
    fn opened(&self) -> Result<(Package, String, Template), OfficeError> {
        let mut package = match &self.template {
            Some(bytes) => Package::read(bytes)?,
            None => plain::package(),
        };
        let main = package.become_document(DOCUMENT, TEMPLATE, "presentation (.pptx or .potx)")?;
        emptied(&mut package, &main)?;
        plain::beside(&mut package, &main);
        let template = Template::read(&package, &main)?;
        Ok((package, main, template))
    }

    /// The bytes of a `.pptx`; the same deck gives the same bytes.
    ///
    /// # Errors
    /// A template that cannot be used, a block that does not fit at 11 points, a chart or table that is not whole.
    pub fn write(&self) -> Result<Vec<u8>, OfficeError> {
        let (mut package, main, template) = self.opened()?;
        let foot = foot::texts(&self.marking, &self.footer);
        let mut ids = Vec::new();
        let mut notes = notes::Notes::new(&self.marking, &self.properties.language);
        for (at, slide) in self.slides.iter().enumerate() {
            let part = Writing::new(self, &template, &foot, at + 1, slide).put(&mut package)?;
            if !slide.notes.is_empty() {
                notes.put(&mut package, &main, &part, &slide.notes)?;
            }
            ids.push(package.relate(&main, &format!("{KIND}/slide"), Target::Part(part)));
        }
        list_slides(&mut package, &main, &ids, notes.master())?;
        properties::put(&mut package, &self.properties, "Microsoft Office PowerPoint");
        package.sweep();
        package.write()
    }
}

/// Takes a template's own slides away, and what names them: sections, shows, comments, the picture of its first slide.
fn emptied(package: &mut Package, main: &str) -> Result<(), OfficeError> {
    package.unrelate(main, &["slide", "commentAuthors", "authors", "printerSettings"]);
    package.unrelate("", &["thumbnail", "origin"]);
    let mut root = package.xml(main)?;
    root.remove(&["sldIdLst", "custShowLst", "extLst", "modifyVerifier"]);
    package.set_xml(main, &root);
    package.sweep();
    let slides: Vec<String> = package.parts.keys().filter(|name| name.starts_with("ppt/slides/")).cloned().collect();
    for name in slides {
        // Kept only if something but the presentation leads to it, and then it would stand where a new slide goes.
        package.parts.remove(&name);
    }
    Ok(())
}

/// The list of slides in the presentation, and that of the master of notes where it is new.
fn list_slides(package: &mut Package, main: &str, ids: &[String], notes: Option<&str>) -> Result<(), OfficeError> {
    let mut root = package.xml(main)?;
    let prefix = root.name.rsplit_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default();
    let relation = |id: &str| vec![("xmlns:r".to_owned(), KIND.to_owned()), ("r:id".to_owned(), id.to_owned())];
    let element = |name: &str| Element { name: format!("{prefix}{name}"), ..Element::default() };
    if let Some(id) = notes {
        let mut list = element("notesMasterIdLst");
        list.children.push(Node::Element(Element { attributes: relation(id), ..element("notesMasterId") }));
        root.insert_before(list, &["handoutMasterIdLst", "sldSz", "notesSz"]);
    }
    let mut list = element("sldIdLst");
    for (at, id) in ids.iter().enumerate() {
        let mut attributes = vec![("id".to_owned(), (FIRST_SLIDE_ID + at).to_string())];
        attributes.extend(relation(id));
        list.children.push(Node::Element(Element { attributes, ..element("sldId") }));
    }
    root.insert_before(list, &["sldSz", "notesSz"]);
    package.set_xml(main, &root);
    Ok(())
}
