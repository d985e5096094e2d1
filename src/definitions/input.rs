//! Where a pipeline's rows come from, and how its files differ from the canonical form.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::domain::{DateFormat, Provenance};
use crate::files::Encoding;

#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub files: Vec<PathBuf>,
    pub provenance: Provenance,
    pub layout: Layout,
    pub mapping: Mapping,
}

impl Input {
    /// A canonical file: its own names, and everything else found by looking at it.
    pub fn canonical(files: Vec<PathBuf>, provenance: Provenance) -> Self {
        Self { files, provenance, layout: Layout::default(), mapping: Mapping::default() }
    }
}

/// How a file's table is laid out. What is not stated is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub encoding: Option<Encoding>,
    /// Between the fields.
    pub delimiter: Option<u8>,
    /// Of a workbook.
    pub sheet: Option<String>,
    /// Row of the header as a spreadsheet numbers it, the first being 1.
    pub header_row: Option<u64>,
    /// A row whose first filled cell begins with one of these, lower case, stands below the table and is no record.
    pub footer: Vec<String>,
}

/// What turns a source column into a canonical one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// Source headers by canonical column; the texts of several are joined by a space.
    pub columns: BTreeMap<String, Vec<String>>,
    /// How times are written, where a column does not say.
    pub date_format: Option<DateFormat>,
    /// How a column's times are written.
    pub date_formats: BTreeMap<String, DateFormat>,
    /// Canonical text by source text, lower case, by column.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Digits that a column's numbers have; a spreadsheet takes zeros from their front.
    pub digits: BTreeMap<String, u8>,
}

impl Mapping {
    pub fn date_format(&self, column: &str) -> Option<&DateFormat> {
        self.date_formats.get(column).or(self.date_format.as_ref())
    }
}
