//! Reads the quarantine of a build again, block by block: it can be large, and raw text is what fills it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::accepted::{Quarantined, Rule};
use super::reading::{ReadingError, Row, each_row};

/// Rows in memory at once: each holds up to 64 KB of raw text.
const BLOCK_ROWS: usize = 512;

/// Why a quarantine cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    #[error(transparent)]
    Table(#[from] ReadingError),
    #[error("{path} names the rule {rule}, which this version does not know")]
    UnknownRule { path: PathBuf, rule: String },
}

/// Hands every record of a quarantine to `each`, in the order of the table: extract, file, record.
///
/// # Errors
/// A file that is not there, is no quarantine, or was written by another version; the first error of `each`.
pub fn read<E: From<QuarantineError> + From<ReadingError>>(
    path: &Path,
    mut each: impl FnMut(Quarantined) -> Result<(), E>,
) -> Result<(), E> {
    each_row(path, BLOCK_ROWS, |row| each(record(path, &row)?))
}

fn record(path: &Path, row: &Row<'_>) -> Result<Quarantined, QuarantineError> {
    let rule = row.text("rule")?;
    Ok(Quarantined {
        extract: row.text("extract")?.to_owned(),
        file: Arc::from(row.text("file")?),
        record: row.count("record")?.unwrap_or_default(),
        byte_offset: row.count("byte_offset")?,
        raw: row.text("raw")?.to_owned(),
        rule: Rule::of_name(rule)
            .ok_or_else(|| QuarantineError::UnknownRule { path: path.to_owned(), rule: rule.to_owned() })?,
        column: row.text("column")?.to_owned(),
        expected: row.text("expected")?.to_owned(),
        found: row.text("found")?.to_owned(),
        hint: row.text("hint")?.to_owned(),
    })
}
