//! Blocks of a report, one after the other (ECMA-376 part 1, 17.3).

use super::numbering::LEVELS;
use super::section::{EMU, Section};
use super::styles::Styles;
use super::{Block, Report, table};
use crate::office::OfficeError;
use crate::office::content::{Paragraph, Picture, Run};
use crate::office::package::{KIND, Package, Target};
use crate::office::xml::escaped;

const EMU_PER_CM: f64 = 360_000.0;
const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
/// Height of a line to write on, in twentieths of a point.
const LINE_HEIGHT: u32 = 320;
const LOWEST_CHART_CM: f64 = 4.0;

pub(super) struct Body<'b> {
    report: &'b Report,
    section: &'b Section,
    styles: &'b Styles,
    bullets: &'b str,
    main: &'b str,
    next_id: u32,
}

/// A run; a line break and a tab are what they are.
pub(super) fn run(run: &Run, half_points: Option<u32>) -> String {
    let mut look = String::new();
    if run.bold {
        look.push_str("<w:b/>");
    }
    if let Some(colour) = run.colour {
        look.push_str(&format!("<w:color w:val=\"{}\"/>", colour.hex()));
    }
    if let Some(size) = half_points {
        look.push_str(&format!("<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>"));
    }
    let look = if look.is_empty() { look } else { format!("<w:rPr>{look}</w:rPr>") };
    let mut text = String::new();
    for (at, line) in run.text.replace("\r\n", "\n").split('\n').enumerate() {
        if at > 0 {
            text.push_str("<w:br/>");
        }
        for (at, words) in line.split('\t').enumerate() {
            if at > 0 {
                text.push_str("<w:tab/>");
            }
            if !words.is_empty() {
                text.push_str(&format!("<w:t xml:space=\"preserve\">{}</w:t>", escaped(words)));
            }
        }
    }
    format!("<w:r>{look}{text}</w:r>")
}

fn runs(list: &[Run]) -> String {
    list.iter().map(|r| run(r, None)).collect()
}

impl<'b> Body<'b> {
    pub fn new(report: &'b Report, section: &'b Section, styles: &'b Styles, bullets: &'b str, main: &'b str) -> Self {
        Self { report, section, styles, bullets, main, next_id: 1 }
    }

    pub fn write(&mut self, package: &mut Package) -> Result<String, OfficeError> {
        let mut out = String::new();
        let blocks = &self.report.blocks;
        for (at, block) in blocks.iter().enumerate() {
            // What introduces a figure stays with it.
            let kept = matches!(
                blocks.get(at + 1),
                Some(Block::Chart { .. } | Block::Picture { .. } | Block::Table(_) | Block::ActionField { .. })
            );
            out.push_str(&self.block(package, block, kept)?);
        }
        Ok(out)
    }

    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id - 1
    }

    fn block(&mut self, package: &mut Package, block: &Block, kept: bool) -> Result<String, OfficeError> {
        Ok(match block {
            Block::Title(text) => styled(&self.styles.title, &[Run::plain(text.clone())]),
            Block::Heading { level, text } => {
                let place = usize::from(level.clamp(&1, &3) - 1);
                styled(&self.styles.headings[place], &[Run::plain(text.clone())])
            }
            Block::Paragraph(list) => paragraph(&runs(list), kept),
            Block::Bullets(list) => {
                let last = list.len().saturating_sub(1);
                list.iter().enumerate().map(|(at, p)| self.bullet(p, kept && at == last)).collect()
            }
            Block::Table(content) => {
                content.checked()?;
                let written = table::write(content, self.section.text_width(), self.styles);
                format!("{written}{}", space_after())
            }
            Block::Picture { picture, width_cm } => self.picture(package, picture, *width_cm)?,
            Block::Chart { chart, height_cm } => {
                let id = chart.put(package, "word", self.main, self.report.properties.created)?;
                let tallest = self.section.text_height() as f64 * EMU as f64 / EMU_PER_CM * 0.9;
                let height = height_cm.max(LOWEST_CHART_CM).min(tallest) * EMU_PER_CM;
                let graphic = format!("<c:chart xmlns:c=\"{CHART}\" r:id=\"{id}\"/>");
                let size = (self.section.text_width() * EMU, height.round() as i64);
                self.inline("Chart", &chart.alt, size, CHART, &graphic)
            }
            Block::PageBreak => "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>".to_owned(),
            Block::ActionField { label, lines } => self.action(label, *lines),
        })
    }

    fn bullet(&self, item: &Paragraph, kept: bool) -> String {
        let level = item.level.min(LEVELS - 1);
        let keep = if kept { "<w:keepNext/>" } else { "" };
        let left = 360 * i64::from(level);
        if !item.bullet {
            let look = format!("<w:pPr>{keep}<w:ind w:left=\"{left}\"/></w:pPr>");
            return format!("<w:p>{look}{}</w:p>", runs(&item.runs));
        }
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{}\"/>{keep}<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{}\"/></w:numPr>\
             <w:ind w:left=\"{}\" w:hanging=\"360\"/></w:pPr>{}</w:p>",
            self.styles.bullet,
            self.bullets,
            left + 360,
            runs(&item.runs)
        )
    }

    fn picture(&mut self, package: &mut Package, picture: &Picture, width_cm: f64) -> Result<String, OfficeError> {
        let (wide, high) = picture.pixels()?;
        let (room, tall) = ((self.section.text_width() * EMU) as f64, (self.section.text_height() * EMU) as f64 * 0.9);
        let shape = f64::from(high) / f64::from(wide);
        let width = (width_cm.max(1.0) * EMU_PER_CM).min(room).min(tall / shape);
        let name = package.free_name("word/media/picture", ".png");
        package.put(&name, "image/png", picture.png.clone());
        let link = package.relate(self.main, &format!("{KIND}/image"), Target::Part(name));
        let size = (width.round() as i64, (width * shape).round().max(1.0) as i64);
        let graphic = format!(
            "<pic:pic xmlns:pic=\"{PICTURE}\"><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"Picture\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"{link}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>\
             <a:off x=\"0\" y=\"0\"/><a:ext cx=\"{}\" cy=\"{}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>",
            size.0, size.1
        );
        Ok(self.inline("Picture", &picture.alt, size, PICTURE, &graphic))
    }

    fn inline(&mut self, name: &str, alt: &str, size: (i64, i64), kind: &str, graphic: &str) -> String {
        let id = self.id();
        format!(
            "<w:p><w:pPr><w:spacing w:before=\"60\" w:after=\"120\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
             <wp:extent cx=\"{}\" cy=\"{}\"/><wp:docPr id=\"{id}\" name=\"{name} {id}\" descr=\"{}\"/><wp:cNvGraphicFramePr/>\
             <a:graphic><a:graphicData uri=\"{kind}\">{graphic}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
            size.0,
            size.1,
            escaped(alt)
        )
    }

    /// A label, and below it a box with a content control of plain text.
    fn action(&mut self, label: &str, lines: u8) -> String {
        let id = self.id();
        let width = self.section.text_width();
        let height = u32::from(lines.max(1)) * LINE_HEIGHT;
        let alias: String = label.chars().take(60).collect();
        format!(
            "{}<w:tbl><w:tblPr><w:tblStyle w:val=\"{}\"/><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>\
             <w:tblLook w:val=\"0000\" w:firstRow=\"0\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>\
             <w:tblDescription w:val=\"{}\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"{width}\"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/>\
             <w:trHeight w:val=\"{height}\" w:hRule=\"atLeast\"/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>\
             <w:sdt><w:sdtPr><w:alias w:val=\"{}\"/><w:tag w:val=\"action_{id}\"/><w:id w:val=\"{}\"/><w:showingPlcHdr/><w:text w:multiLine=\"1\"/>\
             </w:sdtPr><w:sdtContent><w:p><w:r><w:rPr><w:rStyle w:val=\"{}\"/></w:rPr><w:t>Write here</w:t></w:r></w:p></w:sdtContent></w:sdt>\
             </w:tc></w:tr></w:tbl>{}",
            paragraph(&run(&Run::bold(label), None), true),
            self.styles.grid,
            escaped(&format!("Field: {label}")),
            escaped(&alias),
            1_000_000 + id,
            self.styles.placeholder,
            space_after()
        )
    }
}

fn paragraph(content: &str, kept: bool) -> String {
    let keep = if kept { "<w:pPr><w:keepNext/></w:pPr>" } else { "" };
    format!("<w:p>{keep}{content}</w:p>")
}

fn styled(style: &str, list: &[Run]) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/><w:keepNext/></w:pPr>{}</w:p>", runs(list))
}

/// Two tables that touch would be one.
fn space_after() -> String {
    "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"120\" w:line=\"120\" w:lineRule=\"exact\"/></w:pPr></w:p>"
        .to_owned()
}
