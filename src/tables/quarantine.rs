//! Reads the quarantine of a build again, block by block: it can be large, and raw text is what fills it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::accepted::{Quarantined, Rule};

/// Rows in memory at once: each holds up to 64 KB of raw text.
const BLOCK_ROWS: usize = 512;

/// Why a quarantine cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    #[error("cannot read {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("cannot read {path}: {reason}")]
    Unreadable { path: PathBuf, reason: String },
    #[error("{path} has no column {column} of a quarantine; another version wrote it")]
    MissingColumn { path: PathBuf, column: &'static str },
    #[error("{path} names the rule {rule}, which this version does not know")]
    UnknownRule { path: PathBuf, rule: String },
}

/// Hands every record of a quarantine to `each`, in the order of the table: extract, file, record.
///
/// # Errors
/// A file that is not there, is no quarantine, or was written by another version; the first error of `each`.
pub fn read<E: From<QuarantineError>>(
    path: &Path,
    mut each: impl FnMut(Quarantined) -> Result<(), E>,
) -> Result<(), E> {
    let unreadable =
        |e: &dyn std::fmt::Display| QuarantineError::Unreadable { path: path.to_owned(), reason: e.to_string() };
    let file = File::open(path).map_err(|source| QuarantineError::Io { path: path.to_owned(), source })?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| unreadable(&e))?;
    let blocks = builder.with_batch_size(BLOCK_ROWS).build().map_err(|e| unreadable(&e))?;
    for block in blocks {
        let block = block.map_err(|e| unreadable(&e))?;
        for row in 0..block.num_rows() {
            each(record(path, &block, row)?)?;
        }
    }
    Ok(())
}

fn record(path: &Path, block: &RecordBatch, row: usize) -> Result<Quarantined, QuarantineError> {
    let missing = |column| QuarantineError::MissingColumn { path: path.to_owned(), column };
    let text = |column: &'static str| {
        let cells =
            block.column_by_name(column).and_then(|c| c.as_string_opt::<i32>()).ok_or_else(|| missing(column))?;
        Ok::<&str, QuarantineError>(cells.value(row))
    };
    let number = |column: &'static str| {
        let cells = block.column_by_name(column).and_then(|c| c.as_primitive_opt::<Int64Type>());
        let cells = cells.ok_or_else(|| missing(column))?;
        Ok::<Option<u64>, QuarantineError>((!cells.is_null(row)).then(|| cells.value(row) as u64))
    };
    let rule = text("rule")?;
    Ok(Quarantined {
        extract: text("extract")?.to_owned(),
        file: Arc::from(text("file")?),
        record: number("record")?.unwrap_or_default(),
        byte_offset: number("byte_offset")?,
        raw: text("raw")?.to_owned(),
        rule: Rule::of_name(rule)
            .ok_or_else(|| QuarantineError::UnknownRule { path: path.to_owned(), rule: rule.to_owned() })?,
        column: text("column")?.to_owned(),
        expected: text("expected")?.to_owned(),
        found: text("found")?.to_owned(),
        hint: text("hint")?.to_owned(),
    })
}
