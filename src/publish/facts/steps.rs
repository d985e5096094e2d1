//! Rows of `journey_year` and `gates`, and the values of the extracts that could not be read. A build from published tables
//! alone has no journey and no gates.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::publish::marked::RowKey;
use crate::tables::gates::GATES;
use crate::tables::journey::{JOURNEY_YEAR, JourneyStep};
use crate::tables::published::DATA_QUALITY;
use crate::tables::quality::{Dimension, QualityLevel};
use crate::tables::reading::{ReadingError, each_row, each_row_with};

const BLOCK: usize = 1024;

/// A step from call to victim, over the newest twelve final months of calls.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyLine {
    pub first_month: NaiveDate,
    pub last_month: NaiveDate,
    pub step: JourneyStep,
    pub upstream: u64,
    pub linked: u64,
    pub rate: Option<f64>,
    pub median_time: Option<f64>,
}

/// How fresh and sound an extract is.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtractState {
    pub extract: String,
    pub state: String,
    pub newest_row: Option<NaiveDate>,
    pub days_behind: Option<u64>,
    pub records_read: Option<u64>,
    pub quarantined: Option<u64>,
    pub warnings: Option<String>,
}

impl ExtractState {
    /// The row by its key.
    pub fn row(&self) -> Arc<RowKey> {
        Arc::new(RowKey { table: "gates", key: vec![("extract", self.extract.clone())] })
    }
}

/// How many values of a column of the force's rows cannot be read or are in no list: a row of `data_quality`.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    pub extract: String,
    pub column: String,
    pub values: u64,
    pub of: u64,
}

pub(super) fn journey(build: &Path, force: &str) -> Result<Vec<JourneyLine>, ReadingError> {
    let path = build.join(JOURNEY_YEAR.path());
    let mut steps = Vec::new();
    if !path.exists() {
        return Ok(steps);
    }
    each_row(&path, BLOCK, |row| {
        if row.text("force")? != force {
            return Ok(());
        }
        let step = JourneyStep::of_name(row.text("step")?);
        if let (Some(step), Some(first_month), Some(last_month)) =
            (step, row.date("first_month")?, row.date("last_month")?)
        {
            steps.push(JourneyLine {
                first_month,
                last_month,
                step,
                upstream: row.count("upstream")?.unwrap_or_default(),
                linked: row.count("linked")?.unwrap_or_default(),
                rate: row.number("rate")?,
                median_time: row.number("median_time")?,
            });
        }
        Ok::<(), ReadingError>(())
    })?;
    Ok(steps)
}

pub(super) fn extracts(build: &Path) -> Result<Vec<ExtractState>, ReadingError> {
    let path = build.join(GATES.path());
    let mut states = Vec::new();
    if !path.exists() {
        return Ok(states);
    }
    each_row(&path, BLOCK, |row| {
        states.push(ExtractState {
            extract: row.text("extract")?.to_owned(),
            state: row.text("state")?.to_owned(),
            newest_row: row.date("newest_row")?,
            days_behind: row.count("days_behind")?,
            records_read: row.count("records_read")?,
            quarantined: row.count("quarantined")?,
            warnings: row.optional_text("warnings")?.map(str::to_owned),
        });
        Ok::<(), ReadingError>(())
    })?;
    Ok(states)
}

const UNREAD_COLUMNS: [&str; 7] = ["extract", "column", "dimension", "force", "level", "affected", "denominator"];

/// By extract and column.
///
/// # Errors
/// A table that another version wrote.
pub fn unread(build: &Path, force: &str) -> Result<Vec<Unread>, ReadingError> {
    let path = build.join(DATA_QUALITY.path());
    let mut found = Vec::new();
    if !path.exists() {
        return Ok(found);
    }
    each_row_with(&path, &UNREAD_COLUMNS, ("force", force), |row| {
        let of_values = row.text("dimension")? == Dimension::Validity.name();
        let of_force = row.text("level")? == QualityLevel::Force.name();
        let counted = row.count("affected")?.zip(row.count("denominator")?);
        if let (true, true, Some(column), Some((values, of))) =
            (of_values, of_force, row.optional_text("column")?, counted)
        {
            found.push(Unread { extract: row.text("extract")?.to_owned(), column: column.to_owned(), values, of });
        }
        Ok::<(), ReadingError>(())
    })?;
    Ok(found)
}
