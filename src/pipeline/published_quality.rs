//! Data quality of the published tables: what they say of themselves, as rows of the same table, and on the same page.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::books::Books;
use super::{BuildError, accounts, quality as own_quality};
use crate::build_folder::BuildFolder;
use crate::definitions::Definitions;
use crate::domain::Provenance;
use crate::published::{InFiles, Published};
use crate::quality::{self, PageInput};
use crate::tables::published::DATA_QUALITY;
use crate::tables::quality::{Dimension, QualityLevel, QualityRow};

/// Writes the table and the page.
pub(super) fn report(
    definitions: &Definitions,
    out: &Path,
    found: &Published,
    noted: &[InFiles],
    books: &Books,
    folder: &BuildFolder,
) -> Result<(), BuildError> {
    let own = definitions.pipeline.force.as_str();
    let tables: BTreeSet<&str> = found.files.iter().map(|file| file.extract).collect();
    let mut rows: Vec<QualityRow> = Vec::new();
    for table in tables {
        let mut of_table = quality::table_rows(definitions, table, &books.reconciliation, &books.quarantined);
        let here = noted.iter().filter(|n| n.finding.extract == table);
        of_table.extend(here.map(|n| quality::graded(&definitions.quality, row(own, n))));
        for row in of_table.iter_mut().filter(|row| row.denominator.is_none()) {
            row.reason = Some("counted, and out of nothing".to_owned());
        }
        let blank = QualityRow::blank_extract(table, Dimension::Overall, own);
        of_table.push(quality::overall(blank, of_table.iter()));
        rows.extend(of_table);
    }
    rows.sort_by(QualityRow::in_order);
    accounts::table(folder, DATA_QUALITY, QualityRow::arrays(&rows))?;
    let provenance = Provenance::Published.name();
    let page = quality::page(&PageInput {
        definitions,
        force: None,
        data_date: books.data_date,
        synthetic: false,
        source: "Published data.",
        rows: &rows,
        months: &[],
        reconciliation: &books.reconciliation,
        quarantined: &books.quarantined,
        earlier: &own_quality::earlier(out, definitions, own, provenance, books.data_date)?,
    })?;
    own_quality::write_page(folder, &page)
}

/// A finding as a row: of its force, or of the table where it is of no one force.
fn row(own_force: &str, InFiles { finding, files }: &InFiles) -> QualityRow {
    let whose = match &finding.force {
        Some(force) => {
            let force = Arc::from(force.as_str());
            QualityRow::blank(finding.extract, finding.dimension, &force, QualityLevel::Force, &force)
        }
        None => QualityRow::blank_extract(finding.extract, finding.dimension, own_force),
    };
    let place = if *files > 1 { format!("{files} files") } else { finding.file.clone() };
    QualityRow {
        column: (!finding.column.is_empty()).then(|| finding.column.as_str().into()),
        numerator: finding.of.map(|of| of - finding.affected),
        denominator: finding.of,
        affected: Some(finding.affected),
        finding: Some(format!("{} ({place})", finding.words)),
        ..whose
    }
}
