//! `scorecard.xlsx`: the figures of the pipeline's own force for those who work in a spreadsheet.
//!
//! In come the tables that the build has closed; what goes out are the bytes of a workbook, the same for the same tables. Every
//! number is a table's, unrounded. No sheet has a formula, a merged cell, a row of an officer or of a record.

mod charts;
mod columns;
mod contents;
mod front;
mod notes;
mod records;
mod sheets;
mod writing;

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::definitions::Definitions;
use crate::domain::Provenance;
use crate::tables::reading::ReadingError;

/// The file's name, at the top of a build.
pub const WORKBOOK: &str = "scorecard.xlsx";

/// What the workbook is made of.
pub struct WorkbookInput<'a> {
    pub definitions: &'a Definitions,
    pub data_date: NaiveDate,
    pub provenance: Provenance,
    /// Where the figures are from, a sentence each.
    pub sources: &'a [String],
    /// The build whose tables are closed.
    pub build: &'a Path,
}

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    #[error("cannot read a table for {WORKBOOK}: {0}")]
    Reading(#[from] ReadingError),
    #[error("cannot make {WORKBOOK}: {0}")]
    Making(#[from] XlsxError),
}

/// The workbook, or `None` where the build has no line of the pipeline's own force.
///
/// # Errors
/// A table that cannot be read, or a sheet that Excel would not open.
pub fn workbook(input: &WorkbookInput<'_>) -> Result<Option<Vec<u8>>, WorkbookError> {
    let mut filled = contents::contents(input)?;
    if filled.is_empty() {
        return Ok(None);
    }
    let drawn = charts::planned(input.definitions, &filled);
    let lines = charts::lines(&mut filled);
    let mut book = Workbook::new();
    book.set_properties(&properties(input)?);
    let front = front::Front::new(input, &filled, &drawn);
    let styles = writing::Styles::new();
    front.write(&mut book, &styles)?;
    for one in &filled {
        let sheet = book.add_worksheet();
        writing::sheet(sheet, one, &front, &styles)?;
        if one.sheet.subject == sheets::Subject::Scorecard {
            charts::draw_lines(sheet, one.sheet, &lines)?;
        }
    }
    charts::sheet(&mut book, &drawn, &front.heading(charts::TITLE), &styles)?;
    Ok(Some(book.save_to_buffer()?))
}

/// A document says when it was made: on the data date, so that the same tables give the same bytes.
fn properties(input: &WorkbookInput<'_>) -> Result<DocProperties, XlsxError> {
    let properties = DocProperties::new()
        .set_title(front::title(input.definitions))
        .set_subject(front::provenance(input.provenance))
        .set_creation_datetime(&excel_date(input.data_date)?);
    Ok(properties)
}

fn excel_date(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)
}
