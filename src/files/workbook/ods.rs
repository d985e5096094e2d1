//! ODS: one table of `content.xml` as a stream of rows (OASIS OpenDocument 1.3, part 3, 9.1).

use std::collections::BTreeSet;
use std::io::Read;

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::cell_text::{iso_date, iso_length, number};
use super::sheet_text::SheetText;
use super::xml::{Node, Part, attribute};
use super::{Limits, Problem, Sheet, SheetName};

const CONTENT: &str = "content.xml";

pub(super) struct Ods {
    archive: Archive,
}

impl Ods {
    pub fn open(mut archive: Archive) -> Result<Self, Problem> {
        let manifest = "META-INF/manifest.xml";
        if let Some(mut part) = archive.part(manifest)? {
            loop {
                match part.next()? {
                    Node::Start(start) if start.local_name().as_ref() == "encryption-data" => {
                        return Err(Problem::Protected);
                    }
                    Node::End(name) if name == "manifest" => break,
                    _ => {}
                }
            }
            part.finish()?;
        }
        Ok(Self { archive })
    }

    pub fn sheets(mut self) -> Result<Vec<SheetName>, Problem> {
        let mut content = Content::new(self.archive.needed(CONTENT)?);
        let mut names = Vec::new();
        while let Some(name) = content.next_table()? {
            names.push(name);
            content.part.skip()?;
        }
        content.part.finish()?;
        Ok(names)
    }

    pub fn sheet(mut self, asked: &str) -> Result<Sheet, Problem> {
        let limits = self.archive.limits;
        let mut content = Content::new(self.archive.needed(CONTENT)?);
        let mut known = Vec::new();
        while let Some(name) = content.next_table()? {
            if name.name == asked {
                let sheet = Table { part: &mut content.part, limits, sheet: SheetText::new(&limits), row: 0 }.read()?;
                content.part.finish()?;
                return Ok(sheet);
            }
            known.push(name.name);
            content.part.skip()?;
        }
        Err(Problem::NoSheet { asked: asked.to_owned(), known })
    }
}

/// `content.xml` from its start, with the styles of hidden tables met so far.
struct Content<R: Read> {
    part: Part<R>,
    hidden: BTreeSet<String>,
    style: String,
}

impl<R: Read> Content<R> {
    const fn new(part: Part<R>) -> Self {
        Self { part, hidden: BTreeSet::new(), style: String::new() }
    }

    /// Goes to the start of the next table.
    fn next_table(&mut self) -> Result<Option<SheetName>, Problem> {
        loop {
            match self.part.next()? {
                Node::Start(start) => match start.name().as_ref() {
                    "style:style" => self.style = attribute(&start, "style:name").unwrap_or_default(),
                    "style:table-properties" if attribute(&start, "table:display").as_deref() == Some("false") => {
                        self.hidden.insert(std::mem::take(&mut self.style));
                    }
                    "table:table" => {
                        let hidden =
                            attribute(&start, "table:style-name").is_some_and(|style| self.hidden.contains(&style));
                        return Ok(Some(SheetName {
                            name: attribute(&start, "table:name").unwrap_or_default(),
                            hidden,
                        }));
                    }
                    _ => {}
                },
                Node::End(name) if name == "spreadsheet" || name == "document-content" => return Ok(None),
                _ => {}
            }
        }
    }
}

/// A run of equal cells.
struct Run {
    column: u32,
    cells: u32,
    value: String,
}

/// Reads the rows of one table.
struct Table<'p, R: Read> {
    part: &'p mut Part<R>,
    limits: Limits,
    sheet: SheetText,
    row: u32,
}

impl<R: Read> Table<'_, R> {
    fn read(mut self) -> Result<Sheet, Problem> {
        loop {
            match self.part.next()? {
                Node::Start(start) if start.name().as_ref() == "table:table-row" => {
                    let rows = repeated(&start, "table:number-rows-repeated");
                    let runs = self.row()?;
                    self.write(&runs, rows)?;
                }
                // Groups and headers of rows hold rows; a drawing may hold a table of its own.
                Node::Start(start) if start.name().as_ref() == "table:shapes" => self.part.skip()?,
                Node::End(name) if name == "table" => return Ok(self.sheet.finish()),
                _ => {}
            }
        }
    }

    fn write(&mut self, runs: &[Run], rows: u32) -> Result<(), Problem> {
        if !runs.is_empty() {
            for row in self.row..self.row.saturating_add(rows) {
                for run in runs {
                    for column in run.column..run.column.saturating_add(run.cells) {
                        self.sheet.cell(row, column, &run.value)?;
                    }
                }
            }
        }
        self.row = self.row.saturating_add(rows);
        Ok(())
    }

    /// The cells of a row that have a value.
    fn row(&mut self) -> Result<Vec<Run>, Problem> {
        let (mut runs, mut column, mut bytes) = (Vec::new(), 0_u32, 0);
        loop {
            let (cells, covered, kind) = match self.part.next()? {
                Node::Start(start) => match start.name().as_ref() {
                    "table:table-cell" => (repeated(&start, "table:number-columns-repeated"), false, Value::of(&start)),
                    "table:covered-table-cell" => {
                        (repeated(&start, "table:number-columns-repeated"), true, Value::Paragraphs)
                    }
                    _ => continue,
                },
                Node::End(name) if name == "table-row" => return Ok(runs),
                _ => continue,
            };
            let paragraphs = self.paragraphs()?;
            if !covered {
                let value = kind.text(paragraphs);
                bytes += value.len() as u64;
                self.within("a cell", value.len() as u64, self.limits.cell_bytes)?;
                self.within("a row", bytes, self.limits.sheet_text_bytes)?;
                if !value.is_empty() {
                    runs.push(Run { column, cells, value });
                }
            }
            column = column.saturating_add(cells);
        }
    }

    fn within(&self, what: &'static str, found: u64, limit: u64) -> Result<(), Problem> {
        if found > limit { Err(Problem::TooLarge { what, found, limit, unit: "bytes" }) } else { Ok(()) }
    }

    /// The text of a cell to its end, a line for each paragraph. Notes and drawings are no text of the cell.
    fn paragraphs(&mut self) -> Result<String, Problem> {
        let (mut text, mut paragraphs, mut depth) = (String::new(), 0, 0_u32);
        loop {
            let mut aside = false;
            match self.part.next()? {
                Node::Start(start) => match start.name().as_ref() {
                    "text:p" | "text:h" if depth == 0 => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        (paragraphs, depth) = (paragraphs + 1, 1);
                    }
                    "office:annotation" | "draw:frame" | "table:table" | "draw:g" | "draw:custom-shape" => aside = true,
                    name => {
                        match name {
                            "text:line-break" => text.push('\n'),
                            "text:tab" => text.push('\t'),
                            "text:s" => {
                                let blanks = repeated(&start, "text:c").min(self.limits.cell_bytes as u32 + 1);
                                text.extend(std::iter::repeat_n(' ', blanks as usize));
                            }
                            _ => {}
                        }
                        depth += u32::from(depth > 0);
                    }
                },
                Node::Text(written) if depth > 0 => text.push_str(&written),
                Node::End(name) if depth == 0 && (name == "table-cell" || name == "covered-table-cell") => {
                    return Ok(text);
                }
                Node::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if aside {
                self.part.skip()?;
            }
            self.within("a cell", text.len() as u64, self.limits.cell_bytes)?;
        }
    }
}

/// Where the value of a cell stands, and of what kind it is.
enum Value {
    Number(String),
    Date(String),
    Length(String),
    Flag(String),
    Text(String),
    /// In the paragraphs: a text, an error.
    Paragraphs,
}

impl Value {
    fn of(start: &BytesStart<'_>) -> Self {
        let value = |name| attribute(start, name);
        let is_error = value("calcext:value-type").is_some_and(|kind| kind == "error");
        let found = match value("office:value-type").as_deref() {
            Some("float" | "percentage" | "currency") => value("office:value").map(Self::Number),
            Some("date") => value("office:date-value").map(Self::Date),
            Some("time") => value("office:time-value").map(Self::Length),
            Some("boolean") => value("office:boolean-value").map(Self::Flag),
            Some("string") if !is_error => value("office:string-value").map(Self::Text),
            _ => None,
        };
        found.unwrap_or(Self::Paragraphs)
    }

    fn text(self, paragraphs: String) -> String {
        match self {
            Self::Number(written) => number(&written).into_owned(),
            Self::Date(written) => iso_date(&written).into_owned(),
            Self::Length(written) => iso_length(&written).into_owned(),
            Self::Flag(written) => written.to_uppercase(),
            Self::Text(written) => written,
            Self::Paragraphs => paragraphs,
        }
    }
}

/// How often a row or a cell stands, 1 where nothing is said.
fn repeated(start: &BytesStart<'_>, name: &str) -> u32 {
    attribute(start, name).map_or(1, |times| times.parse().unwrap_or(u32::MAX))
}
