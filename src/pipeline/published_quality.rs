//! Data quality of the published tables: what they say of themselves, as rows of the same table, and on the same page.

use std::collections::BTreeSet;
use std::path::Path;

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
    let tables: BTreeSet<&str> = found.files.iter().map(|file| file.extract).collect();
    let mut rows: Vec<QualityRow> = Vec::new();
    for table in tables {
        let mut of_table = quality::table_rows(definitions, table, &books.reconciliation, &books.quarantined);
        let here = noted.iter().filter(|n| n.finding.extract == table);
        of_table.extend(here.map(|n| quality::graded(&definitions.quality, row(definitions, n))));
        for row in of_table.iter_mut().filter(|row| row.denominator.is_none()) {
            row.reason = Some("counted, and out of nothing".to_owned());
        }
        let blank = blank(definitions, table, Dimension::Overall);
        of_table.push(quality::overall(blank, of_table.iter()));
        rows.extend(of_table);
    }
    rows.sort_by(QualityRow::in_order);
    accounts::table(folder, DATA_QUALITY, QualityRow::arrays(&rows))?;
    let provenance = Provenance::Published.name();
    let own = definitions.pipeline.force.as_str();
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

fn blank(definitions: &Definitions, table: &str, dimension: Dimension) -> QualityRow {
    QualityRow {
        extract: table.into(),
        column: None,
        dimension,
        force: definitions.pipeline.force.as_str().into(),
        level: QualityLevel::Extract,
        unit: table.into(),
        numerator: None,
        denominator: None,
        affected: None,
        grade: None,
        reason: None,
        finding: None,
        basis: None,
        owner: None,
    }
}

/// A finding as a row: of its force, or of the table where it is of no one force.
fn row(definitions: &Definitions, InFiles { finding, files }: &InFiles) -> QualityRow {
    let blank = blank(definitions, finding.extract, finding.dimension);
    let whose = match &finding.force {
        Some(force) => {
            let force = std::sync::Arc::<str>::from(force.as_str());
            QualityRow { force: force.clone(), level: QualityLevel::Force, unit: force, ..blank }
        }
        None => blank,
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
