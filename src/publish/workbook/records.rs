//! Rows of a table of the build, by column name.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use crate::tables::reading::{ReadingError, Row, each_row};
use crate::tables::spec::{ColumnType, TableSpec};

/// Rows of a table in memory at once.
const BLOCK_ROWS: usize = 8_192;

/// One cell, as the table has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Whole(u64),
    Number(f64),
    Day(NaiveDate),
    Flag(bool),
    Missing,
}

/// One row. What another table adds to it has a name that the table itself does not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record(BTreeMap<&'static str, Cell>);

impl Record {
    pub fn cell(&self, column: &str) -> &Cell {
        self.0.get(column).unwrap_or(&Cell::Missing)
    }

    /// A text; blank where there is none.
    pub fn text(&self, column: &str) -> &str {
        match self.cell(column) {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    pub fn number(&self, column: &str) -> Option<f64> {
        match self.cell(column) {
            Cell::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn count(&self, column: &str) -> Option<u64> {
        match self.cell(column) {
            Cell::Whole(count) => Some(*count),
            _ => None,
        }
    }

    pub fn day(&self, column: &str) -> Option<NaiveDate> {
        match self.cell(column) {
            Cell::Day(day) => Some(*day),
            _ => None,
        }
    }

    pub fn add(&mut self, column: &'static str, cell: Cell) {
        self.0.insert(column, cell);
    }

    /// Takes over a cell of another table's row, by another name.
    pub fn take(&mut self, name: &'static str, from: &Self, column: &str) {
        self.add(name, from.cell(column).clone());
    }
}

/// The rows of a table that are kept, in its order; none where the build has no such table.
pub(super) fn records(
    build: &Path,
    table: &TableSpec,
    mut keep: impl FnMut(&Row<'_>) -> Result<bool, ReadingError>,
) -> Result<Vec<Record>, ReadingError> {
    let path = build.join(table.path());
    let mut kept = Vec::new();
    if !path.exists() {
        return Ok(kept);
    }
    each_row(&path, BLOCK_ROWS, |row| {
        if keep(&row)? {
            kept.push(record(table, &row)?);
        }
        Ok::<(), ReadingError>(())
    })?;
    Ok(kept)
}

fn record(table: &TableSpec, row: &Row<'_>) -> Result<Record, ReadingError> {
    let mut record = Record::default();
    for column in table.columns {
        let name = column.name;
        let cell = match column.column_type {
            ColumnType::Text => row.optional_text(name)?.map(|text| Cell::Text(text.to_owned())),
            ColumnType::Integer => row.count(name)?.map(Cell::Whole),
            ColumnType::Number => row.number(name)?.map(Cell::Number),
            ColumnType::Date => row.date(name)?.map(Cell::Day),
            ColumnType::Flag => row.flag(name)?.map(Cell::Flag),
            // Times stand in conformed rows alone, and no workbook shows one.
            ColumnType::Time => None,
        };
        record.add(name, cell.unwrap_or(Cell::Missing));
    }
    Ok(record)
}
