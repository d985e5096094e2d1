//! Records of an extract's files: how many could be used, stand once, and hold what is required.
//!
//! A record that is kept out has no force and no unit that could be trusted, so these are counted over all records of the
//! files. A record counts under the first rule that it breaks.

use std::sync::Arc;

use super::rows::graded;
use crate::definitions::{ColumnKind, Definitions, Extract};
use crate::tables::accepted::{Quarantined, Reconciliation, Rule};
use crate::tables::quality::{Dimension, QualityLevel, QualityRow};

/// The rows at level `extract` of one extract, from the books of the build.
pub fn record_rows(
    definitions: &Definitions,
    extract: &Extract,
    reconciliation: &[Reconciliation],
    quarantined: &[Quarantined],
) -> Vec<QualityRow> {
    let files = || reconciliation.iter().filter(|r| r.extract == extract.id);
    let held: Vec<&Quarantined> = quarantined.iter().filter(|q| q.extract == extract.id).collect();
    let read: u64 = files().map(|r| r.records_read).sum();
    let kept_out: u64 = files().map(|r| r.quarantined).sum();
    let copies: u64 = files().map(|r| r.duplicates).sum();
    let count = |test: &dyn Fn(&Quarantined) -> bool| held.iter().filter(|q| test(q)).count() as u64;
    let conflicts = count(&|q| q.rule == Rule::ConflictingDuplicate);
    let ragged = count(&|q| q.rule == Rule::RaggedRow);
    let row = |column: Option<&str>, dimension, (met, asked): (u64, u64), basis: String| {
        let row = QualityRow {
            extract: extract.id.as_str().into(),
            column: column.map(Arc::from),
            dimension,
            force: definitions.pipeline.force.as_str().into(),
            level: QualityLevel::Extract,
            unit: extract.id.as_str().into(),
            numerator: Some(met),
            denominator: Some(asked),
            affected: Some(asked - met),
            grade: None,
            reason: None,
            finding: None,
            basis: Some(basis.into()),
            owner: definitions.quality.extracts.get(&extract.id).map(|e| e.owner.as_str().into()),
        };
        graded(&definitions.quality, row)
    };
    let basis = "records that broke no rule, of all records read".to_owned();
    let mut rows = vec![row(None, Dimension::Validity, (read - kept_out, read), basis)];
    let basis = "records that are neither a copy, an older version nor in conflict, of all records read".to_owned();
    rows.push(row(None, Dimension::Uniqueness, (read - copies - conflicts, read), basis));
    for column in extract.columns.iter().filter(|c| c.required) {
        let name = column.name.as_str();
        let wrong =
            |q: &Quarantined| q.column == name && !matches!(q.rule, Rule::RaggedRow | Rule::ConflictingDuplicate);
        let whole = read - ragged;
        let blank = count(&|q| wrong(q) && q.found.is_empty());
        let basis = format!("records with {name}, of records that are not ragged");
        rows.push(row(Some(name), Dimension::Completeness, (whole - blank, whole), basis));
        if column.kind != ColumnKind::Text {
            let filled = whole - blank;
            let unusable = count(&|q| wrong(q) && !q.found.is_empty());
            let basis = format!("records whose {name} can be used, of records with {name}");
            rows.push(row(Some(name), Dimension::Validity, (filled - unusable, filled), basis));
        }
    }
    rows
}
