//! XLSX: one sheet as a stream of cells (ECMA-376, part 1, 18.3).

use std::io::Read;

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::cell_text::{date, elapsed, iso_date, number};
use super::number_format::Shows;
use super::sheet_text::SheetText;
use super::xlsx_parts::{self, Relationship, SharedTexts, Workbook, rich_text, unescape};
use super::xml::{Node, Part, attribute};
use super::{Problem, Sheet, SheetName};

pub(super) struct Xlsx {
    archive: Archive,
    workbook: Workbook,
    relationships: Vec<Relationship>,
}

impl Xlsx {
    pub fn open(mut archive: Archive) -> Result<Self, Problem> {
        let root = xlsx_parts::relationships(archive.needed("_rels/.rels")?, "")?;
        let main = root.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target);
        let main = main.ok_or_else(|| Problem::damaged("_rels/.rels", "names no workbook"))?;
        let workbook = xlsx_parts::workbook(archive.needed(&main)?)?;
        let (folder, name) =
            main.rsplit_once('/').map_or(("", main.as_str()), |(_, name)| main.split_at(main.len() - name.len()));
        let relationships = xlsx_parts::relationships(archive.needed(&format!("{folder}_rels/{name}.rels"))?, folder)?;
        Ok(Self { archive, workbook, relationships })
    }

    /// The part of each sheet that has cells. A chart has a sheet too.
    fn worksheets(&self) -> impl Iterator<Item = (&SheetName, &str)> {
        self.workbook.sheets.iter().filter_map(|(name, id)| {
            let part = self.relationships.iter().find(|r| r.id == *id && r.kind == "worksheet")?;
            Some((name, part.target.as_str()))
        })
    }

    pub fn into_sheets(self) -> Vec<SheetName> {
        self.worksheets().map(|(name, _)| name.clone()).collect()
    }

    pub fn sheet(mut self, asked: &str) -> Result<Sheet, Problem> {
        let found = self.worksheets().find(|(name, _)| name.name == asked).map(|(_, part)| part.to_owned());
        let Some(target) = found else {
            let known = self.worksheets().map(|(name, _)| name.name.clone()).collect();
            return Err(Problem::NoSheet { asked: asked.to_owned(), known });
        };
        let limits = self.archive.limits;
        let part_of = |kind: &str| self.relationships.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
        let (texts, styles) = (part_of("sharedStrings"), part_of("styles"));
        let texts = match texts {
            Some(name) => SharedTexts::read(self.archive.needed(&name)?, limits.shared_text_bytes)?,
            None => SharedTexts::default(),
        };
        let styles = match styles {
            Some(name) => xlsx_parts::styles(self.archive.needed(&name)?)?,
            None => Vec::new(),
        };
        let cells = Cells {
            part: self.archive.needed(&target)?,
            texts,
            styles,
            from_1904: self.workbook.from_1904,
            sheet: SheetText::new(&limits),
            cell_bytes: limits.cell_bytes,
        };
        cells.read()
    }
}

/// Reads the cells of one sheet.
struct Cells<R: Read> {
    part: Part<R>,
    texts: SharedTexts,
    styles: Vec<Shows>,
    from_1904: bool,
    sheet: SheetText,
    cell_bytes: u64,
}

/// What the tag of a cell says.
struct Tag {
    row: u32,
    column: u32,
    kind: String,
    style: usize,
}

impl<R: Read> Cells<R> {
    fn read(mut self) -> Result<Sheet, Problem> {
        // Numbers of the next row and column, from 0, where a tag does not name its own.
        let (mut row, mut next_row, mut next_column) = (0_u32, 0_u32, 0_u32);
        loop {
            let tag = match self.part.next()? {
                Node::Start(start) => match start.local_name().as_ref() {
                    "row" => {
                        row = row_number(&start, next_row).map_err(|what| self.part.damaged(what))?;
                        (next_row, next_column) = (row + 1, 0);
                        continue;
                    }
                    "c" => {
                        let tag = tag(&start, row, next_column);
                        tag.map_err(|what| self.part.damaged(what))?
                    }
                    _ => continue,
                },
                Node::End(name) if name == "sheetData" => break,
                _ => continue,
            };
            next_column = tag.column + 1;
            self.cell(&tag)?;
        }
        self.part.finish()?;
        Ok(self.sheet.finish())
    }

    fn cell(&mut self, tag: &Tag) -> Result<(), Problem> {
        let (mut value, mut written, mut in_value) = (String::new(), false, false);
        loop {
            let mut other = false;
            match self.part.next()? {
                Node::Start(start) => match start.local_name().as_ref() {
                    "v" => (in_value, written) = (true, true),
                    "is" => {
                        value.clear();
                        rich_text(&mut self.part, "is", &mut value)?;
                    }
                    // The formula itself, extensions.
                    _ => other = true,
                },
                Node::Text(text) if in_value => value.push_str(&text),
                Node::End(name) if name == "v" => in_value = false,
                Node::End(name) if name == "c" => break,
                _ => {}
            }
            if other {
                self.part.skip()?;
            }
            let (found, limit) = (value.len() as u64, self.cell_bytes);
            if found > limit {
                return Err(Problem::TooLarge { what: "a cell", found, limit, unit: "bytes" });
            }
        }
        let text = match tag.kind.as_str() {
            "s" if written => self.shared(tag, &value)?,
            "b" => match value.trim() {
                "1" | "true" => "TRUE".into(),
                "0" | "false" => "FALSE".into(),
                _ => value,
            },
            "" | "n" => self.shown(tag, &value),
            "d" => iso_date(&value).into_owned(),
            "str" => {
                let mut text = String::with_capacity(value.len());
                unescape(&value, &mut text);
                text
            }
            // An error as it is written, and a text that stands in the cell.
            _ => value,
        };
        self.sheet.cell(tag.row, tag.column, &text)
    }

    fn shown(&self, tag: &Tag, value: &str) -> String {
        match self.styles.get(tag.style).copied().unwrap_or(Shows::Number) {
            Shows::Number => number(value),
            Shows::Date => date(value, self.from_1904),
            Shows::Elapsed => elapsed(value),
        }
        .into_owned()
    }

    fn shared(&self, tag: &Tag, value: &str) -> Result<String, Problem> {
        let text = value.trim().parse().ok().and_then(|index: usize| self.texts.get(index));
        text.map(str::to_owned).ok_or_else(|| {
            let (row, column, count) = (tag.row + 1, tag.column + 1, self.texts.len());
            let shown: String = value.chars().take(20).collect();
            self.part.damaged(format!("points from row {row}, column {column} to shared text `{shown}`, of {count}"))
        })
    }
}

fn row_number(start: &BytesStart<'_>, next: u32) -> Result<u32, String> {
    let Some(written) = attribute(start, "r") else { return Ok(next) };
    match written.parse::<u32>() {
        Ok(row) if row > next && row < u32::MAX => Ok(row - 1),
        _ => Err(format!("has the row `{written}` where row {} or a later one should be", next + 1)),
    }
}

/// The tag of a cell in a row that stands at `row`, where `next` is the first column that may come.
fn tag(start: &BytesStart<'_>, row: u32, next: u32) -> Result<Tag, String> {
    let (mut column, mut kind, mut style) = (next, String::new(), 0);
    for attribute in start.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "r" => {
                let place = place(&attribute.value).filter(|(r, c)| *r == row && *c >= next);
                column = place
                    .ok_or_else(|| {
                        format!("has the cell `{}` in row {}, behind column {next}", &attribute.value, row + 1)
                    })?
                    .1;
            }
            "t" => kind = attribute.value.into_owned(),
            // A style that is not there shows a number.
            "s" => style = attribute.value.parse().unwrap_or(usize::MAX),
            _ => {}
        }
    }
    Ok(Tag { row, column, kind, style })
}

/// Row and column of a reference such as `B7`, from 0.
fn place(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let number = u32::from(letter.to_ascii_uppercase().checked_sub(b'A').filter(|n| *n < 26)?) + 1;
        column = column.checked_mul(26)?.checked_add(number)?;
    }
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_places() {
        for (reference, found) in [
            ("A1", Some((0, 0))),
            ("b7", Some((6, 1))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("AA10", Some((9, 26))),
            ("A0", None),
            ("7", None),
            ("A", None),
            ("Ä1", None),
            ("A-1", None),
            ("A4294967298", None),
            ("ZZZZZZZZZZ1", None),
            ("", None),
        ] {
            assert_eq!(place(reference), found, "{reference}");
        }
    }
}
