//! What the speaker reads: a page of notes for each slide that has some, and the master that such pages have.

use super::plain;
use super::slide::{NAMESPACES, TREE};
use super::text::Look;
use crate::office::OfficeError;
use crate::office::content::{Paragraph, Run};
use crate::office::package::{KIND, Package, Target};
use crate::office::xml::DECLARATION;

const NOTES_TYPE: &str = "application/vnd.openxmlformats-officedocument.presentationml.notesSlide+xml";
const SIZE: f64 = 12.0;

pub(super) struct Notes<'n> {
    marking: &'n str,
    language: &'n str,
    /// Relationship of the presentation to a master that was put there.
    new_master: Option<String>,
    pages: usize,
}

impl<'n> Notes<'n> {
    pub fn new(marking: &'n str, language: &'n str) -> Self {
        Self { marking, language, new_master: None, pages: 0 }
    }

    pub fn master(&self) -> Option<&str> {
        self.new_master.as_deref()
    }

    pub fn put(
        &mut self,
        package: &mut Package,
        main: &str,
        slide: &str,
        paragraphs: &[Paragraph],
    ) -> Result<(), OfficeError> {
        let master = match package.targets(main, "notesMaster").into_iter().next() {
            Some((_, master)) => master,
            None => {
                let (id, master) = plain::notes_master(package, main);
                self.new_master = Some(id);
                master
            }
        };
        self.pages += 1;
        let name = format!("ppt/notesSlides/notesSlide{}.xml", self.pages);
        let with_footer = package.xml(&master)?.all("ph").iter().any(|ph| ph.attribute("type") == Some("ftr"));
        let look = Look { size: SIZE, bold: false, colour: None, language: self.language };
        let footer = if with_footer && !self.marking.is_empty() {
            format!(
                "<p:sp><p:nvSpPr><p:cNvPr id=\"4\" name=\"Footer 3\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr>\
                 <p:ph type=\"ftr\" sz=\"quarter\" idx=\"4\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p>{}</a:p>\
                 </p:txBody></p:sp>",
                look.runs(&[Run::bold(self.marking)])
            )
        } else {
            String::new()
        };
        let bytes = format!(
            "{DECLARATION}<p:notes {NAMESPACES}><p:cSld><p:spTree>{TREE}<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide 1\"/><p:cNvSpPr>\
             <a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\"/></p:nvPr></p:nvSpPr>\
             <p:spPr/></p:sp><p:sp><p:nvSpPr><p:cNvPr id=\"3\" name=\"Notes 2\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr>\
             <p:ph type=\"body\" idx=\"1\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{}</p:txBody></p:sp>{footer}\
             </p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>",
            look.paragraphs(paragraphs, None)
        );
        package.put(&name, NOTES_TYPE, bytes.into_bytes());
        package.relate(&name, &format!("{KIND}/notesMaster"), Target::Part(master));
        package.relate(&name, &format!("{KIND}/slide"), Target::Part(slide.to_owned()));
        package.relate(slide, &format!("{KIND}/notesSlide"), Target::Part(name));
        Ok(())
    }
}
