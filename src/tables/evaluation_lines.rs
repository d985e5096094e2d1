//! Reads the evaluations of a build again, for who asks about one.

use std::path::Path;

use super::evaluation::{EVALUATION, EvaluationMethod};
use super::reading::{ReadingError, each_row};

/// An evaluation as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationLine {
    pub intervention: String,
    pub name: String,
    pub metric: String,
    pub unit: String,
    pub comparison_unit: Option<String>,
    /// `None` where nothing was estimated.
    pub method: Option<EvaluationMethod>,
    pub months_before: u64,
    pub months_after: u64,
    /// `None` where there is none; the finding says why.
    pub verdict: Option<String>,
    pub others: Option<String>,
    pub finding: String,
}

/// Every evaluation of a build, in the order of its table.
///
/// # Errors
/// A folder without the table, or a table that another version wrote.
pub fn read(build: &Path) -> Result<Vec<EvaluationLine>, ReadingError> {
    let mut lines = Vec::new();
    each_row(&build.join(EVALUATION.path()), 1024, |row| {
        let some = |column| Ok::<_, ReadingError>(row.optional_text(column)?.map(str::to_owned));
        lines.push(EvaluationLine {
            intervention: row.text("intervention")?.to_owned(),
            name: row.text("name")?.to_owned(),
            metric: row.text("metric")?.to_owned(),
            unit: row.text("unit")?.to_owned(),
            comparison_unit: some("comparison_unit")?,
            method: row.optional_text("method")?.and_then(EvaluationMethod::of_name),
            months_before: row.count("months_before")?.unwrap_or_default(),
            months_after: row.count("months_after")?.unwrap_or_default(),
            verdict: some("verdict")?,
            others: some("others")?,
            finding: row.text("finding")?.to_owned(),
        });
        Ok::<(), ReadingError>(())
    })?;
    Ok(lines)
}
