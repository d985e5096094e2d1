//! Head and foot of every page: protective marking, data date, page.
//!
//! A template's own header and footer, with its logo, stay; ours goes into each of them, so that no page is without a marking.

use super::Report;
use super::W;
use super::body::run;
use super::section::Section;
use super::styles::Styles;
use crate::office::OfficeError;
use crate::office::content::Run;
use crate::office::package::{KIND, Package, Target};
use crate::office::xml::{DECLARATION, Element, Node};

const KINDS: [&str; 3] = ["default", "first", "even"];

/// References for the section: element, kind, relationship.
pub(super) fn put(
    package: &mut Package,
    main: &str,
    report: &Report,
    section: &Section,
    styles: &Styles,
) -> Result<Vec<(&'static str, String, String)>, OfficeError> {
    let mut references = Vec::new();
    for (element, root_name) in [("header", "hdr"), ("footer", "ftr")] {
        let paragraph = if element == "header" { head(report, styles) } else { foot(report, section, styles) };
        let mut edited: Vec<&str> = Vec::new();
        for edge in section.edges.iter().filter(|edge| edge.element == element) {
            if !edited.contains(&edge.part.as_str()) {
                edited.push(&edge.part);
                let mut root = package.xml(&edge.part)?;
                let ours = Node::Element(Element::parse(&edge.part, paragraph.as_bytes())?);
                let at = if element == "header" { 0 } else { root.children.len() };
                root.children.insert(at, ours);
                package.set_xml(&edge.part, &root);
            }
            references.push((element, edge.kind.clone(), edge.id.clone()));
        }
        let missing: Vec<&str> = KINDS
            .into_iter()
            .filter(|kind| !section.edges.iter().any(|edge| edge.element == element && edge.kind == *kind))
            .collect();
        if missing.is_empty() {
            continue;
        }
        let name = package.free_name(&format!("word/{element}"), ".xml");
        let content_type = format!("application/vnd.openxmlformats-officedocument.wordprocessingml.{element}+xml");
        let bytes = format!("{DECLARATION}<w:{root_name} xmlns:w=\"{W}\">{paragraph}</w:{root_name}>");
        package.put(&name, &content_type, bytes.into_bytes());
        let id = package.relate(main, &format!("{KIND}/{element}"), Target::Part(name));
        references.extend(missing.into_iter().map(|kind| (element, kind.to_owned(), id.clone())));
    }
    Ok(references)
}

fn head(report: &Report, styles: &Styles) -> String {
    format!(
        "<w:p xmlns:w=\"{W}\"><w:pPr><w:pStyle w:val=\"{}\"/><w:jc w:val=\"center\"/></w:pPr>{}</w:p>",
        styles.header,
        run(&Run::bold(report.marking.clone()), None)
    )
}

fn foot(report: &Report, section: &Section, styles: &Styles) -> String {
    let field = |name: &str| {
        format!("<w:fldSimple w:instr=\" {name} \"><w:r><w:rPr><w:noProof/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>")
    };
    format!(
        "<w:p xmlns:w=\"{W}\"><w:pPr><w:pStyle w:val=\"{}\"/><w:tabs><w:tab w:val=\"clear\" w:pos=\"4513\"/>\
         <w:tab w:val=\"clear\" w:pos=\"4320\"/><w:tab w:val=\"clear\" w:pos=\"4680\"/><w:tab w:val=\"clear\" w:pos=\"9026\"/>\
         <w:tab w:val=\"clear\" w:pos=\"8640\"/><w:tab w:val=\"clear\" w:pos=\"9360\"/><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs></w:pPr>\
         {}<w:r><w:tab/></w:r>{}{}{}{}</w:p>",
        styles.footer,
        section.text_width(),
        run(&Run::plain(report.footer.clone()), None),
        run(&Run::plain("Page "), None),
        field("PAGE"),
        run(&Run::plain(" of "), None),
        field("NUMPAGES"),
    )
}
