//! What decks and reports hold, without a word of how it is written: text, tables, pictures, properties.

use chrono::NaiveDateTime;

use super::OfficeError;

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    pub const BLACK: Self = Self(0x0b, 0x0c, 0x0c);
    pub const DARK_BLUE: Self = Self(0x00, 0x30, 0x78);
    pub const GREY: Self = Self(0x50, 0x5a, 0x5f);
    pub const PALE_GREY: Self = Self(0xf3, 0xf2, 0xf1);
    pub const LINE_GREY: Self = Self(0xb1, 0xb4, 0xb6);

    /// What is read on this colour: near black or white, by its luma (ITU-R BT.601).
    pub(super) fn text_on(self) -> Self {
        let luma = 0.299 * f64::from(self.0) + 0.587 * f64::from(self.1) + 0.114 * f64::from(self.2);
        if luma > 128.0 { Self::BLACK } else { Self(0xff, 0xff, 0xff) }
    }

    /// Six hexadecimal digits.
    pub(super) fn hex(self) -> String {
        format!("{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }
}

/// Text in one look. A line break is a line break; other control characters are shown as U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub bold: bool,
    /// `None`: the template's.
    pub colour: Option<Colour>,
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: false, colour: None }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: true, colour: None }
    }

    pub fn coloured(mut self, colour: Colour) -> Self {
        self.colour = Some(colour);
        self
    }
}

/// A paragraph of runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    pub runs: Vec<Run>,
    pub bullet: bool,
    /// From 0; deeper ones are indented further. At most 3.
    pub level: u8,
}

impl Paragraph {
    pub fn plain(text: impl Into<String>) -> Self {
        Self::of(vec![Run::plain(text)])
    }

    pub fn of(runs: Vec<Run>) -> Self {
        Self { runs, bullet: false, level: 0 }
    }

    pub fn bullet(text: impl Into<String>) -> Self {
        Self { runs: vec![Run::plain(text)], bullet: true, level: 0 }
    }

    pub fn at_level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Left,
    Centre,
    /// Of figures.
    Right,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub header: String,
    /// Beside the widths of the other columns.
    pub width: f64,
    pub align: Align,
}

impl Column {
    pub fn new(header: impl Into<String>, width: f64, align: Align) -> Self {
        Self { header: header.into(), width, align }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub runs: Vec<Run>,
    pub fill: Option<Colour>,
}

impl Cell {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { runs: vec![Run::plain(text)], fill: None }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self { runs: vec![Run::bold(text)], fill: None }
    }

    pub fn filled(mut self, fill: Colour) -> Self {
        self.fill = Some(fill);
        self
    }
}

/// A table with one header row and no merged cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What the table shows, for who does not see it.
    pub alt: String,
    pub columns: Vec<Column>,
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Fails where a row is not as long as the header, or a width is none.
    pub(super) fn checked(&self) -> Result<(), OfficeError> {
        let wrong = |what: String| Err(OfficeError::Table { table: self.alt.clone(), what });
        if self.columns.is_empty() {
            return wrong("has no column; give it one".to_owned());
        }
        if self.columns.iter().any(|c| !c.width.is_finite() || c.width <= 0.0) {
            return wrong("has a column whose width is not above 0; give it one".to_owned());
        }
        match self.rows.iter().position(|row| row.len() != self.columns.len()) {
            Some(at) => wrong(format!(
                "has {} cells in row {} below {} headers; give each column one",
                self.rows[at].len(),
                at + 1,
                self.columns.len()
            )),
            None => Ok(()),
        }
    }

    /// The columns' widths as parts of a whole; they come to it exactly.
    pub(super) fn widths(&self, whole: i64) -> Vec<i64> {
        let sum: f64 = self.columns.iter().map(|c| c.width).sum();
        let mut edge = 0.0;
        let mut before = 0;
        let mut widths = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            edge += column.width;
            let at = (whole as f64 * edge / sum).round() as i64;
            widths.push(at - before);
            before = at;
        }
        widths
    }
}

/// A PNG file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub png: Vec<u8>,
    /// What the picture shows, for who does not see it.
    pub alt: String,
}

impl Picture {
    /// Width and height in pixels, from the file's header (PNG specification, 11.2.1).
    pub(super) fn pixels(&self) -> Result<(u32, u32), OfficeError> {
        let number = |at: usize| {
            let bytes = self.png.get(at..at + 4)?;
            Some(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        };
        let is_png = self.png.starts_with(b"\x89PNG\r\n\x1a\n") && self.png.get(12..16) == Some(b"IHDR");
        match (is_png, number(16), number(20)) {
            (true, Some(width), Some(height)) if width > 0 && height > 0 => Ok((width, height)),
            _ => Err(OfficeError::Picture { picture: self.alt.clone(), what: "is no PNG; give one".to_owned() }),
        }
    }
}

/// What a document says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Properties {
    pub title: String,
    pub subject: String,
    pub author: String,
    /// Such as `en-GB`; spelling is checked in it.
    pub language: String,
    /// Given by the caller, as nothing here reads a clock: the data date, say.
    pub created: NaiveDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_on_its_fill() {
        for (fill, expected) in [
            (Colour::PALE_GREY, Colour::BLACK),
            (Colour(0xf4, 0x77, 0x38), Colour::BLACK),
            (Colour::DARK_BLUE, Colour(0xff, 0xff, 0xff)),
            (Colour(0xd4, 0x35, 0x1c), Colour(0xff, 0xff, 0xff)),
        ] {
            assert_eq!(fill.text_on(), expected, "{fill:?}");
        }
    }

    #[test]
    fn widths_come_to_the_whole() {
        let table = |widths: &[f64]| Table {
            columns: widths.iter().map(|w| Column::new("h", *w, Align::Left)).collect(),
            ..Table::default()
        };
        for (widths, whole, expected) in [
            (&[1.0, 1.0, 1.0][..], 100, &[33, 34, 33][..]),
            (&[3.0, 1.0], 1_000, &[750, 250]),
            (&[0.1, 0.2, 0.7], 11, &[1, 2, 8]),
        ] {
            assert_eq!(table(widths).widths(whole), expected);
        }
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        let mut table = Table { alt: "areas".to_owned(), ..Table::default() };
        assert!(table.checked().unwrap_err().to_string().contains("no column"));
        table.columns = vec![Column::new("a", 1.0, Align::Left), Column::new("b", 1.0, Align::Right)];
        table.rows = vec![vec![Cell::plain("x"), Cell::plain("1")], vec![Cell::plain("y")]];
        assert!(table.checked().unwrap_err().to_string().contains("1 cells in row 2 below 2 headers"));
        let picture = Picture { png: b"GIF89a".to_vec(), alt: "a map".to_owned() };
        assert!(picture.pixels().unwrap_err().to_string().contains("a map"));
    }
}
