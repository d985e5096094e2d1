//! A template's styles by their names, and ours where it has none (ECMA-376 part 1, 17.7).

use super::W;
use crate::office::OfficeError;
use crate::office::package::{KIND, Package, Target};
use crate::office::xml::{Element, Node};

const STYLES_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml";

/// Name, kind and what follows the name in the style that is added. Names are Word's own, in any case.
const WANTED: [(&str, &str, &str); 9] = [
    (
        "Title",
        "paragraph",
        "<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before=\"0\" w:after=\"240\"/></w:pPr>\
         <w:rPr><w:b/><w:color w:val=\"003078\"/><w:sz w:val=\"48\"/></w:rPr>",
    ),
    (
        "heading 1",
        "paragraph",
        "<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before=\"360\" w:after=\"120\"/>\
         <w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/><w:color w:val=\"003078\"/><w:sz w:val=\"36\"/></w:rPr>",
    ),
    (
        "heading 2",
        "paragraph",
        "<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before=\"240\" w:after=\"80\"/>\
         <w:outlineLvl w:val=\"1\"/></w:pPr><w:rPr><w:b/><w:color w:val=\"003078\"/><w:sz w:val=\"28\"/></w:rPr>",
    ),
    (
        "heading 3",
        "paragraph",
        "<w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before=\"200\" w:after=\"60\"/>\
         <w:outlineLvl w:val=\"2\"/></w:pPr><w:rPr><w:b/><w:color w:val=\"003078\"/><w:sz w:val=\"24\"/></w:rPr>",
    ),
    ("List Bullet", "paragraph", "<w:pPr><w:spacing w:after=\"60\"/></w:pPr>"),
    ("header", "paragraph", "<w:pPr><w:spacing w:after=\"0\"/></w:pPr><w:rPr><w:sz w:val=\"18\"/></w:rPr>"),
    ("footer", "paragraph", "<w:pPr><w:spacing w:after=\"0\"/></w:pPr><w:rPr><w:sz w:val=\"18\"/></w:rPr>"),
    ("Placeholder Text", "character", "<w:rPr><w:color w:val=\"505A5F\"/></w:rPr>"),
    (
        "Table Grid",
        "table",
        "<w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
         <w:left w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
         <w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
         <w:right w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
         <w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>\
         <w:insideV w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/></w:tblBorders></w:tblPr>",
    ),
];

/// Ids of the styles of a document.
pub(super) struct Styles {
    pub title: String,
    pub headings: [String; 3],
    pub bullet: String,
    pub header: String,
    pub footer: String,
    pub placeholder: String,
    pub grid: String,
}

/// Finds or adds the styles, and makes the language that of the document.
pub(super) fn put(package: &mut Package, main: &str, language: &str) -> Result<Styles, OfficeError> {
    let name = match package.targets(main, "styles").into_iter().next() {
        Some((_, name)) => name,
        None => {
            let name = "word/styles.xml".to_owned();
            let empty = format!("<w:styles xmlns:w=\"{W}\"/>");
            package.put(&name, STYLES_TYPE, empty.into_bytes());
            package.relate(main, &format!("{KIND}/styles"), Target::Part(name.clone()));
            name
        }
    };
    let mut root = package.xml(&name)?;
    speak(&mut root, language);
    let mut ids = Vec::with_capacity(WANTED.len());
    for (style, kind, rest) in WANTED {
        ids.push(match found(&root, style, kind) {
            Some(id) => id,
            None => added(&mut root, style, kind, rest)?,
        });
    }
    package.set_xml(&name, &root);
    let [title, one, two, three, bullet, header, footer, placeholder, grid] = &mut ids[..] else {
        return Err(OfficeError::part(&name, "has no styles"));
    };
    let take = std::mem::take::<String>;
    Ok(Styles {
        title: take(title),
        headings: [take(one), take(two), take(three)],
        bullet: take(bullet),
        header: take(header),
        footer: take(footer),
        placeholder: take(placeholder),
        grid: take(grid),
    })
}

fn found(root: &Element, name: &str, kind: &str) -> Option<String> {
    let styles = root.elements().filter(|e| e.is("style") && e.attribute("type").unwrap_or("paragraph") == kind);
    let named =
        |e: &&Element| e.child("name").and_then(|n| n.attribute("val")).is_some_and(|n| n.eq_ignore_ascii_case(name));
    styles.into_iter().find(named).and_then(|e| e.attribute("styleId")).map(str::to_owned)
}

fn added(root: &mut Element, name: &str, kind: &str, rest: &str) -> Result<String, OfficeError> {
    let plain: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let taken = |id: &String| root.elements().any(|e| e.attribute("styleId") == Some(id));
    let ids = std::iter::once(plain.clone()).chain((2..).map(|n| format!("{plain}{n}")));
    let id = ids.into_iter().find(|id| !taken(id)).unwrap_or(plain);
    let normal = found(root, "Normal", "paragraph").filter(|_| kind == "paragraph");
    let based = normal.as_ref().map(|id| format!("<w:basedOn w:val=\"{id}\"/>")).unwrap_or_default();
    let rest = match &normal {
        Some(normal) => rest.replace("w:val=\"Normal\"", &format!("w:val=\"{normal}\"")),
        None => rest.replace("<w:next w:val=\"Normal\"/>", ""),
    };
    let text = format!(
        "<w:style xmlns:w=\"{W}\" w:type=\"{kind}\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{based}{rest}</w:style>"
    );
    root.children.push(Node::Element(Element::parse("word/styles.xml", text.as_bytes())?));
    Ok(id)
}

/// Spelling is checked in one language, whatever the template's styles say.
fn speak(element: &mut Element, language: &str) {
    for node in &mut element.children {
        let Node::Element(child) = node else { continue };
        if child.is("lang") {
            for (key, value) in &mut child.attributes {
                if key == "val" || key.ends_with(":val") {
                    language.clone_into(value);
                }
            }
        } else {
            speak(child, language);
        }
    }
}
