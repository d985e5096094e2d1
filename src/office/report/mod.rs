//! Reports as `.docx` (ECMA-376 part 1, WordprocessingML), on a force's template or a plain one.
//!
//! Of a template its styles, its margins and what stands at the edges of its last section are kept; its text is left out. Its styles are
//! found by their names; those it lacks are added.

mod body;
mod edges;
mod numbering;
mod plain;
mod section;
mod styles;
mod table;
#[cfg(test)]
mod tests;

use super::OfficeError;
use super::chart::NativeChart;
use super::content::{Paragraph, Picture, Properties, Run, Table};
use super::package::{KIND, Package};
use super::properties;
use super::xml::DECLARATION;
use body::Body;
use section::Section;

const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const TEMPLATE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml";
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// What a document needs of its template; all else is what its own text needed, or a copy of its styles for an older Word.
const KEPT: [&str; 8] =
    ["styles", "numbering", "settings", "webSettings", "fontTable", "theme", "footnotes", "endnotes"];

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// A `.docx` or `.dotx`; its text is left out. `None`: a plain one.
    pub template: Option<Vec<u8>>,
    pub properties: Properties,
    /// Protective marking, at the head of every page; empty for none.
    pub marking: String,
    /// At the foot of every page, before its number: whose figures, to which date.
    pub footer: String,
    pub page: Page,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    A4Portrait,
    A4Landscape,
}

#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "blocks are few")]
pub enum Block {
    Title(String),
    /// Level 1 to 3.
    Heading {
        level: u8,
        text: String,
    },
    /// Text without a bullet.
    Paragraph(Vec<Run>),
    Bullets(Vec<Paragraph>),
    /// As wide as the text; its header is on every page, and no row is split.
    Table(Table),
    Picture {
        picture: Picture,
        width_cm: f64,
    },
    /// As wide as the text; at least 4 cm high.
    Chart {
        chart: NativeChart,
        height_cm: f64,
    },
    PageBreak,
    /// A field in which a reader writes, so many lines high.
    ActionField {
        label: String,
        lines: u8,
    },
}

impl Block {
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Run::plain(text)])
    }
}

impl Report {
    /// The bytes of a `.docx`; the same report gives the same bytes.
    ///
    /// # Errors
    /// A template that cannot be used, a chart, table or picture that is not whole.
    pub fn write(&self) -> Result<Vec<u8>, OfficeError> {
        let mut package = match &self.template {
            Some(bytes) => Package::read(bytes)?,
            None => plain::package(),
        };
        let main = package.become_document(DOCUMENT, TEMPLATE, "document (.docx or .dotx)")?;
        let root = package.xml(&main)?;
        let section = Section::of(&root, self.page, &package, &main);
        emptied(&mut package, &main, &section);
        let styles = styles::put(&mut package, &main, &self.properties.language)?;
        let bullets = numbering::put(&mut package, &main)?;
        settings(&mut package, &main)?;
        let references = edges::put(&mut package, &main, self, &section, &styles)?;
        let mut body = Body::new(self, &section, &styles, &bullets, &main);
        let text = body.write(&mut package)?;
        let bytes = format!(
            "{DECLARATION}<w:document xmlns:w=\"{W}\" xmlns:r=\"{KIND}\" \
             xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
             xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><w:body>{text}{}</w:body></w:document>",
            section.write(&references)
        );
        if let Some(part) = package.parts.get_mut(&main) {
            part.bytes = bytes.into_bytes();
        }
        properties::put(&mut package, &self.properties, "Microsoft Office Word");
        package.sweep();
        package.write()
    }
}

/// Takes a template's own text away with all that only it needs.
fn emptied(package: &mut Package, main: &str, section: &Section) {
    let edges: Vec<&str> = section.edges.iter().map(|edge| edge.id.as_str()).collect();
    if let Some(part) = package.parts.get_mut(main) {
        part.relationships.retain(|r| {
            let kind = r.kind.rsplit('/').next().unwrap_or_default();
            KEPT.contains(&kind) || edges.contains(&r.id.as_str())
        });
    }
    package.unrelate("", &["thumbnail", "origin"]);
    package.sweep();
}

/// Takes out of a template's settings what would lock the document, or lead to the machine on which the template was made.
fn settings(package: &mut Package, main: &str) -> Result<(), OfficeError> {
    let Some((_, name)) = package.targets(main, "settings").into_iter().next() else { return Ok(()) };
    let mut root = package.xml(&name)?;
    root.remove(&["attachedTemplate", "documentProtection", "writeProtection", "mailMerge", "revisionView"]);
    package.unrelate(&name, &["attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "recipientData"]);
    package.set_xml(&name, &root);
    Ok(())
}
