//! Bullets: a list of our own beside those of the template (ECMA-376 part 1, 17.9).

use super::W;
use crate::office::OfficeError;
use crate::office::package::{KIND, Package, Target};
use crate::office::xml::{Element, Node};

const NUMBERING_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml";
/// Levels of bullets; deeper ones stand at the last.
pub(super) const LEVELS: u8 = 4;

/// Adds the list and gives its number.
pub(super) fn put(package: &mut Package, main: &str) -> Result<String, OfficeError> {
    let name = match package.targets(main, "numbering").into_iter().next() {
        Some((_, name)) => name,
        None => {
            let name = "word/numbering.xml".to_owned();
            let empty = format!("<w:numbering xmlns:w=\"{W}\"/>");
            package.put(&name, NUMBERING_TYPE, empty.into_bytes());
            package.relate(main, &format!("{KIND}/numbering"), Target::Part(name.clone()));
            name
        }
    };
    let mut root = package.xml(&name)?;
    let next = |element: &str, id: &str| {
        let used = root.elements().filter(|e| e.is(element)).filter_map(|e| e.number(id));
        used.max().unwrap_or(0).max(0) + 1
    };
    let (list, number) = (next("abstractNum", "abstractNumId"), next("num", "numId"));
    let levels: String = (0..LEVELS)
        .map(|level| {
            let left = 360 * (i64::from(level) + 1);
            format!(
                "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"•\"/>\
                 <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{left}\" w:hanging=\"360\"/></w:pPr>\
                 <w:rPr><w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\"/></w:rPr></w:lvl>"
            )
        })
        .collect();
    let abstract_num = format!(
        "<w:abstractNum xmlns:w=\"{W}\" w:abstractNumId=\"{list}\"><w:multiLevelType w:val=\"hybridMultilevel\"/>{levels}</w:abstractNum>"
    );
    let num = format!("<w:num xmlns:w=\"{W}\" w:numId=\"{number}\"><w:abstractNumId w:val=\"{list}\"/></w:num>");
    root.insert_before(Element::parse(&name, abstract_num.as_bytes())?, &["num", "numIdMacAtCleanup"]);
    // Of two elements the last is found from the end, so that ours follows the template's own.
    let after = root.children.iter().rposition(|node| matches!(node, Node::Element(e) if !e.is("numIdMacAtCleanup")));
    let at = after.map_or(root.children.len(), |at| at + 1);
    root.children.insert(at, Node::Element(Element::parse(&name, num.as_bytes())?));
    package.set_xml(&name, &root);
    Ok(number.to_string())
}
