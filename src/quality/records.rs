//! Records of an extract's files: how many could be used, stand once, and hold what is required.
//!
//! A record that is kept out has no force and no unit that could be trusted, so these are counted over all records of the
//! files. A record counts under the first rule that it breaks.

use std::sync::Arc;

use super::rows::graded;
use crate::definitions::{Column, ColumnKind, Definitions, Extract};
use crate::tables::accepted::{Quarantined, Reconciliation, Rule};
use crate::tables::quality::{Dimension, QualityRow};

/// What is known of an extract's records as a whole, or of a published table's.
struct Books<'a> {
    definitions: &'a Definitions,
    extract: &'a str,
    held: Vec<&'a Quarantined>,
    read: u64,
    kept_out: u64,
    copies: u64,
}

/// The rows at level `extract` of one extract, from the books of the build.
pub fn record_rows(
    definitions: &Definitions,
    extract: &Extract,
    reconciliation: &[Reconciliation],
    quarantined: &[Quarantined],
) -> Vec<QualityRow> {
    let books = Books::of(definitions, &extract.id, reconciliation, quarantined);
    let mut rows = books.whole();
    rows.extend(extract.columns.iter().filter(|c| c.required).flat_map(|column| books.column(column)));
    rows
}

/// The same of a published table, of which only the records as a whole are known; what stands in two of its files was
/// published twice, and is no fault.
pub fn table_rows(
    definitions: &Definitions,
    table: &str,
    reconciliation: &[Reconciliation],
    quarantined: &[Quarantined],
) -> Vec<QualityRow> {
    let mut rows = Books::of(definitions, table, reconciliation, quarantined).whole();
    rows.retain(|row| row.dimension == Dimension::Validity);
    rows
}

impl<'a> Books<'a> {
    fn of(
        definitions: &'a Definitions,
        extract: &'a str,
        reconciliation: &[Reconciliation],
        quarantined: &'a [Quarantined],
    ) -> Self {
        let sum = |of: fn(&Reconciliation) -> u64| {
            reconciliation.iter().filter(|row| row.extract == extract).map(of).sum::<u64>()
        };
        Self {
            definitions,
            extract,
            held: quarantined.iter().filter(|q| q.extract == extract).collect(),
            read: sum(|r| r.records_read),
            kept_out: sum(|r| r.quarantined),
            copies: sum(|r| r.duplicates),
        }
    }

    fn count(&self, test: impl Fn(&Quarantined) -> bool) -> u64 {
        self.held.iter().filter(|q| test(q)).count() as u64
    }

    fn row(&self, column: Option<&str>, dimension: Dimension, (met, asked): (u64, u64), basis: String) -> QualityRow {
        let quality = &self.definitions.quality;
        let row = QualityRow {
            column: column.map(Arc::from),
            numerator: Some(met),
            denominator: Some(asked),
            affected: Some(asked - met),
            basis: Some(basis.into()),
            owner: quality.extracts.get(self.extract).map(|e| e.owner.as_str().into()),
            ..QualityRow::blank_extract(self.extract, dimension, self.definitions.pipeline.force.as_str())
        };
        graded(quality, row)
    }

    fn whole(&self) -> Vec<QualityRow> {
        let conflicts = self.count(|q| q.rule == Rule::ConflictingDuplicate);
        let valid = "records that broke no rule, of all records read";
        let single = "records that are neither a copy, an older version nor in conflict, of all records read";
        vec![
            self.row(None, Dimension::Validity, (self.read - self.kept_out, self.read), valid.to_owned()),
            self.row(None, Dimension::Uniqueness, (self.read - self.copies - conflicts, self.read), single.to_owned()),
        ]
    }

    fn column(&self, column: &Column) -> Vec<QualityRow> {
        let name = column.name.as_str();
        let wrong =
            |q: &Quarantined| q.column == name && !matches!(q.rule, Rule::RaggedRow | Rule::ConflictingDuplicate);
        let whole = self.read - self.count(|q| q.rule == Rule::RaggedRow);
        let filled = whole - self.count(|q| wrong(q) && q.found.is_empty());
        let basis = format!("records with {name}, of records that are not ragged");
        let mut rows = vec![self.row(Some(name), Dimension::Completeness, (filled, whole), basis)];
        if column.kind != ColumnKind::Text {
            let unusable = self.count(|q| wrong(q) && !q.found.is_empty());
            let basis = format!("records whose {name} can be used, of records with {name}");
            rows.push(self.row(Some(name), Dimension::Validity, (filled - unusable, filled), basis));
        }
        rows
    }
}
