//! The parts of an XLSX workbook that its sheets refer to: relationships, list of sheets, shared texts, number formats.

use std::collections::BTreeMap;
use std::io::Read;

use super::number_format::{Shows, built_in, written};
use super::xml::{Node, Part, local_attribute};
use super::{Problem, SheetName};

/// A part that another part names.
pub(super) struct Relationship {
    pub id: String,
    /// The last word of its type, such as `worksheet`.
    pub kind: String,
    /// Path in the archive.
    pub target: String,
}

/// The relationships of a part that lies in `folder`, with `/` at its end.
pub(super) fn relationships<R: Read>(mut part: Part<R>, folder: &str) -> Result<Vec<Relationship>, Problem> {
    let mut found = Vec::new();
    loop {
        match part.next()? {
            Node::Start(start) if start.local_name().as_ref() == "Relationship" => {
                let value = |name| local_attribute(&start, name).unwrap_or_default();
                let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                found.push(Relationship { id: value("Id"), kind, target: path(folder, &value("Target")) });
            }
            Node::End(name) if name == "Relationships" => break,
            _ => {}
        }
    }
    part.finish()?;
    Ok(found)
}

/// A target as a path in the archive: from its root, or from the folder.
fn path(folder: &str, target: &str) -> String {
    let whole = if target.starts_with('/') { target.to_owned() } else { format!("{folder}{target}") };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/').filter(|step| !step.is_empty() && *step != ".") {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}

/// What `workbook.xml` says.
pub(super) struct Workbook {
    /// Each sheet with the id of its relationship.
    pub sheets: Vec<(SheetName, String)>,
    pub from_1904: bool,
}

pub(super) fn workbook<R: Read>(mut part: Part<R>) -> Result<Workbook, Problem> {
    let mut workbook = Workbook { sheets: Vec::new(), from_1904: false };
    loop {
        match part.next()? {
            Node::Start(start) if start.local_name().as_ref() == "sheet" => {
                let value = |name| local_attribute(&start, name);
                let hidden = value("state").is_some_and(|state| state != "visible");
                let name = SheetName { name: value("name").unwrap_or_default(), hidden };
                workbook.sheets.push((name, value("id").unwrap_or_default()));
            }
            Node::Start(start) if start.local_name().as_ref() == "workbookPr" => {
                if let Some(flag) = local_attribute(&start, "date1904") {
                    workbook.from_1904 = matches!(flag.as_str(), "1" | "true" | "on");
                }
            }
            Node::End(name) if name == "workbook" => break,
            _ => {}
        }
    }
    part.finish()?;
    Ok(workbook)
}

/// Texts that cells point to by number, one behind the other.
#[derive(Default)]
pub(super) struct SharedTexts {
    text: String,
    ends: Vec<usize>,
}

impl SharedTexts {
    pub fn read<R: Read>(mut part: Part<R>, limit: u64) -> Result<Self, Problem> {
        let mut texts = Self::default();
        loop {
            match part.next()? {
                Node::Start(start) if start.local_name().as_ref() == "si" => {
                    let end = start.local_name().as_ref().to_owned();
                    rich_text(&mut part, &end, &mut texts.text)?;
                    texts.ends.push(texts.text.len());
                    let found = texts.text.len() as u64 + 8 * texts.ends.len() as u64;
                    if found > limit {
                        return Err(Problem::TooLarge { what: "shared texts", found, limit, unit: "bytes" });
                    }
                }
                Node::End(name) if name == "sst" => break,
                _ => {}
            }
        }
        part.finish()?;
        Ok(texts)
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.text.get(start..end)
    }
}

/// Appends the text of an element up to its end: every run of it, readings (`rPh`) apart.
pub(super) fn rich_text<R: Read>(part: &mut Part<R>, end: &str, out: &mut String) -> Result<(), Problem> {
    let (mut in_text, mut run) = (false, String::new());
    loop {
        let reading = match part.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "rPh" => true,
                name => {
                    in_text |= name == "t";
                    false
                }
            },
            Node::Text(text) if in_text => {
                run.push_str(&text);
                false
            }
            Node::End(name) if name == "t" => {
                in_text = false;
                unescape(&run, out);
                run.clear();
                false
            }
            Node::End(name) if name == end => return Ok(()),
            _ => false,
        };
        if reading {
            part.skip()?;
        }
    }
}

/// Appends a text in which `_xHHHH_` stands for a character that XML cannot hold, such as `_x000D_`.
pub(super) fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let character = code
            .filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        out.push_str(&rest[..at]);
        let length = match character {
            Some(character) => {
                out.push(character);
                7
            }
            None => {
                out.push_str("_x");
                2
            }
        };
        rest = &rest[at + length..];
    }
    out.push_str(rest);
}

/// What each cell style shows, by its number.
pub(super) fn styles<R: Read>(mut part: Part<R>) -> Result<Vec<Shows>, Problem> {
    let (mut own, mut shown, mut in_cells) = (BTreeMap::new(), Vec::new(), false);
    let id_of = |text: Option<String>| text.and_then(|id| id.parse::<u32>().ok());
    loop {
        match part.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "numFmt" => {
                    if let Some(id) = id_of(local_attribute(&start, "numFmtId")) {
                        own.insert(id, written(&local_attribute(&start, "formatCode").unwrap_or_default()));
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = id_of(local_attribute(&start, "numFmtId")).unwrap_or(0);
                    shown.push(own.get(&id).copied().unwrap_or(built_in(id)));
                }
                _ => {}
            },
            Node::End(name) if name == "cellXfs" => in_cells = false,
            Node::End(name) if name == "styleSheet" => break,
            _ => {}
        }
    }
    part.finish()?;
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_paths_in_the_archive() {
        for (folder, target, found) in [
            ("xl/", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/", "../sheet1.xml", "sheet1.xml"),
            ("xl/", "../../../etc/passwd", "etc/passwd"),
            ("", "./xl/workbook.xml", "xl/workbook.xml"),
        ] {
            assert_eq!(path(folder, target), found);
        }
    }

    #[test]
    fn characters_written_by_code() {
        for (written, text) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_x000D", "_x000D"),
            ("_xD800_", "_xD800_"),
            ("é_x00e9_", "éé"),
            ("_x", "_x"),
            ("_xé000_x", "_xé000_x"),
        ] {
            let mut out = String::new();
            unescape(written, &mut out);
            assert_eq!(out, text, "{written}");
        }
    }

    #[test]
    fn styles_by_number() {
        let xml = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/>
            <numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs></styleSheet>"#;
        let read = styles(Part::new("xl/styles.xml", xml.as_bytes(), 1 << 20)).unwrap();
        assert_eq!(read, [Shows::Number, Shows::Date, Shows::Elapsed, Shows::Date]);
    }
}
