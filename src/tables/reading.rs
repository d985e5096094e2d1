//! Reads a table of a build again, block by block, cell by cell.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type};
use chrono::NaiveDate;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    #[error("cannot read {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("cannot read {path}: {reason}")]
    Unreadable { path: PathBuf, reason: String },
    #[error("{path} has no column {column}; another version wrote it")]
    MissingColumn { path: PathBuf, column: &'static str },
}

/// Rows in memory at once where few of many are looked at.
const BLOCK_ROWS: usize = 65_536;

/// One row of a table.
pub struct Row<'a> {
    path: &'a Path,
    block: &'a RecordBatch,
    row: usize,
}

/// Hands every row of a table to `each`, in its order, with so many rows in memory at once.
///
/// # Errors
/// A file that is not there or no Parquet; the first error of `each`.
pub fn each_row<E: From<ReadingError>>(
    path: &Path,
    block_rows: usize,
    mut each: impl FnMut(Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for block in blocks(path, block_rows, None)? {
        let block = block?;
        for row in 0..block.num_rows() {
            each(Row { path, block: &block, row })?;
        }
    }
    Ok(())
}

/// Hands every row whose text in a column is `wanted` to `each`, in the table's order. Only `columns` are read, that one
/// among them: of a table of millions of rows, a few thousand are looked at.
///
/// # Errors
/// As [`each_row`], and a column that is not there.
pub fn each_row_with<E: From<ReadingError>>(
    path: &Path,
    columns: &[&'static str],
    (column, wanted): (&'static str, &str),
    mut each: impl FnMut(Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for block in blocks(path, BLOCK_ROWS, Some(columns))? {
        let block = block?;
        let missing = || ReadingError::MissingColumn { path: path.to_owned(), column };
        let texts = block.column_by_name(column).and_then(|c| c.as_string_opt::<i32>()).ok_or_else(missing)?;
        for row in (0..block.num_rows()).filter(|row| texts.is_valid(*row) && texts.value(*row) == wanted) {
            each(Row { path, block: &block, row })?;
        }
    }
    Ok(())
}

/// The blocks of a table, of all columns or of those named.
fn blocks<'p>(
    path: &'p Path,
    rows: usize,
    columns: Option<&[&'static str]>,
) -> Result<impl Iterator<Item = Result<RecordBatch, ReadingError>> + 'p, ReadingError> {
    let unreadable = |reason: String| ReadingError::Unreadable { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|source| ReadingError::Io { path: path.to_owned(), source })?;
    let mut builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| unreadable(e.to_string()))?;
    if let Some(columns) = columns {
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    let blocks = builder.with_batch_size(rows).build().map_err(|e| unreadable(e.to_string()))?;
    Ok(blocks.map(move |block| block.map_err(|e| unreadable(e.to_string()))))
}

impl<'a> Row<'a> {
    fn missing(&self, column: &'static str) -> ReadingError {
        ReadingError::MissingColumn { path: self.path.to_owned(), column }
    }

    /// A text; null is `None`.
    ///
    /// # Errors
    /// No such column, or one of another type.
    pub fn optional_text(&self, column: &'static str) -> Result<Option<&'a str>, ReadingError> {
        let cells = self.block.column_by_name(column).and_then(|c| c.as_string_opt::<i32>());
        let cells = cells.ok_or_else(|| self.missing(column))?;
        Ok((!cells.is_null(self.row)).then(|| cells.value(self.row)))
    }

    /// The same, null being blank.
    ///
    /// # Errors
    /// As [`Self::optional_text`].
    pub fn text(&self, column: &'static str) -> Result<&'a str, ReadingError> {
        self.optional_text(column).map(Option::unwrap_or_default)
    }

    /// A count; null is `None`.
    ///
    /// # Errors
    /// As [`Self::optional_text`].
    pub fn count(&self, column: &'static str) -> Result<Option<u64>, ReadingError> {
        let cells = self.block.column_by_name(column).and_then(|c| c.as_primitive_opt::<Int64Type>());
        let cells = cells.ok_or_else(|| self.missing(column))?;
        Ok((!cells.is_null(self.row)).then(|| cells.value(self.row) as u64))
    }

    /// A number; null is `None`.
    ///
    /// # Errors
    /// As [`Self::optional_text`].
    pub fn number(&self, column: &'static str) -> Result<Option<f64>, ReadingError> {
        let cells = self.block.column_by_name(column).and_then(|c| c.as_primitive_opt::<Float64Type>());
        let cells = cells.ok_or_else(|| self.missing(column))?;
        Ok((!cells.is_null(self.row)).then(|| cells.value(self.row)))
    }

    /// A day; null is `None`.
    ///
    /// # Errors
    /// As [`Self::optional_text`].
    pub fn date(&self, column: &'static str) -> Result<Option<NaiveDate>, ReadingError> {
        let cells = self.block.column_by_name(column).and_then(|c| c.as_primitive_opt::<Date32Type>());
        let cells = cells.ok_or_else(|| self.missing(column))?;
        Ok(if cells.is_null(self.row) { None } else { cells.value_as_date(self.row) })
    }

    /// Yes or no; null is `None`.
    ///
    /// # Errors
    /// As [`Self::optional_text`].
    pub fn flag(&self, column: &'static str) -> Result<Option<bool>, ReadingError> {
        let cells = self.block.column_by_name(column).and_then(|c| c.as_boolean_opt());
        let cells = cells.ok_or_else(|| self.missing(column))?;
        Ok((!cells.is_null(self.row)).then(|| cells.value(self.row)))
    }
}
