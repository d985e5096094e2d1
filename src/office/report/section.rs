//! The page: its size, the template's margins, and what stands at its edges (ECMA-376 part 1, 17.6).

use super::Page;
use crate::office::package::Package;
use crate::office::xml::{Element, escaped};

/// A4 in twentieths of a point.
const A4: (i64, i64) = (11_906, 16_838);
/// EMU in a twentieth of a point.
pub(super) const EMU: i64 = 635;
/// Names of margins with what they are where a template gives none: 2 cm, and 1.25 cm to the edges' text.
const MARGINS: [(&str, i64); 7] =
    [("top", 1134), ("right", 1134), ("bottom", 1134), ("left", 1134), ("header", 709), ("footer", 709), ("gutter", 0)];
/// Margins wider than this leave no room for a table.
const WIDEST_MARGIN: i64 = 3_000;

/// A header or footer of the template.
pub(super) struct Edge {
    /// `header` or `footer`.
    pub element: &'static str,
    /// `default`, `first` or `even`.
    pub kind: String,
    pub id: String,
    pub part: String,
}

pub(super) struct Section {
    page: Page,
    margins: [i64; 7],
    /// The first page has edges of its own.
    title_page: bool,
    pub edges: Vec<Edge>,
}

impl Section {
    /// Of the last section of a template.
    pub fn of(root: &Element, page: Page, package: &Package, main: &str) -> Self {
        let section = root.at(&["body", "sectPr"]);
        let margin = |(name, plain): (&str, i64)| {
            let found = section.and_then(|s| s.child("pgMar")).and_then(|m| m.number(name));
            found.filter(|n| (0..=WIDEST_MARGIN).contains(n)).unwrap_or(plain)
        };
        let mut edges = Vec::new();
        for (element, reference) in [("header", "headerReference"), ("footer", "footerReference")] {
            let parts = package.targets(main, element);
            for found in section.iter().flat_map(|s| s.elements()).filter(|e| e.is(reference)) {
                let id = found.prefixed("id").unwrap_or_default();
                if let Some((id, part)) = parts.iter().find(|(other, _)| other == id) {
                    let kind = found.attribute("type").unwrap_or("default").to_owned();
                    edges.push(Edge { element, kind, id: id.clone(), part: part.clone() });
                }
            }
        }
        let title_page = section.and_then(|s| s.child("titlePg"));
        let off = |e: &Element| matches!(e.attribute("val"), Some("0" | "false" | "off"));
        Self { page, margins: MARGINS.map(margin), title_page: title_page.is_some_and(|e| !off(e)), edges }
    }

    fn size(&self) -> (i64, i64) {
        match self.page {
            Page::A4Portrait => A4,
            Page::A4Landscape => (A4.1, A4.0),
        }
    }

    /// Width of the text in twentieths of a point.
    pub fn text_width(&self) -> i64 {
        let [_, right, _, left, _, _, gutter] = self.margins;
        self.size().0 - left - right - gutter
    }

    /// Height of the text in twentieths of a point.
    pub fn text_height(&self) -> i64 {
        let [top, _, bottom, ..] = self.margins;
        self.size().1 - top - bottom
    }

    /// `w:sectPr` with references to headers and footers: element, kind, relationship.
    pub fn write(&self, references: &[(&'static str, String, String)]) -> String {
        let (width, height) = self.size();
        let mut out = "<w:sectPr>".to_owned();
        for (element, kind, id) in references {
            out.push_str(&format!("<w:{element}Reference w:type=\"{kind}\" r:id=\"{}\"/>", escaped(id)));
        }
        let turned = if self.page == Page::A4Landscape { " w:orient=\"landscape\"" } else { "" };
        out.push_str(&format!("<w:pgSz w:w=\"{width}\" w:h=\"{height}\"{turned}/><w:pgMar"));
        for ((name, _), margin) in MARGINS.iter().zip(&self.margins) {
            out.push_str(&format!(" w:{name}=\"{margin}\""));
        }
        out.push_str("/><w:cols w:space=\"708\"/>");
        if self.title_page {
            out.push_str("<w:titlePg/>");
        }
        out.push_str("</w:sectPr>");
        out
    }
}
