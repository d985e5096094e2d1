//! Data quality: counts of the records in, its tables and its page on the disk, and what each scorecard line says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{DataFrame, LazyFrame, PlRefPath, PolarsResult, ScanArgsParquet, col, lit};

use super::records::Records;
use super::sources::Sources;
use super::{BuildError, BuildRequest, Forces, accounts};
use crate::build_folder::{BuildFolder, BuildFolderError, Manifest};
use crate::definitions::{Definitions, Extract};
use crate::domain::parse_iso_date;
use crate::quality::{self, Checks, EarlierBuild, ForceRows, PageInput, PracticeInput};
use crate::tables::published::{DATA_QUALITY, DATA_QUALITY_EXAMPLES, RECORDING_PRACTICE};
use crate::tables::quality::{Dimension, LineQualities, PracticeMonth, QualityExample, QualityLevel, QualityRow};
use crate::tables::raw::ExtractStructure;

/// Earlier builds that a trend runs over.
const EARLIER_BUILDS: usize = 12;

/// The checks that can be made of an extract among these.
pub(super) fn checks<'a>(
    definitions: &'a Definitions,
    extract: &'a Extract,
    data_day: i32,
    request: &'a BuildRequest,
    structures: &BTreeMap<String, ExtractStructure>,
) -> Checks<'a> {
    let measured = match &request.forces {
        Forces::One(force) => Some(force.as_str()),
        Forces::All => None,
    };
    Checks::new(definitions, extract, data_day, measured, &|id, column| has(structures, id, column))
}

/// Whether an extract is there and has a column; blank asks for the extract alone.
fn has(structures: &BTreeMap<String, ExtractStructure>, extract: &str, column: &str) -> bool {
    structures.get(extract).is_some_and(|s| column.is_empty() || s.has_column(column))
}

/// Writes the tables and the page; what each scorecard line says of its data.
pub(super) fn report(
    definitions: &Definitions,
    request: &BuildRequest,
    sources: &Sources,
    records: &Records,
    folder: &BuildFolder,
) -> Result<LineQualities, BuildError> {
    let Graded { rows, examples, forces } = graded(definitions, request, records);
    let months = practice(definitions, request, records)?;
    accounts::table(folder, DATA_QUALITY, QualityRow::arrays(&rows))?;
    accounts::table(folder, DATA_QUALITY_EXAMPLES, QualityExample::arrays(&examples))?;
    accounts::table(folder, RECORDING_PRACTICE, PracticeMonth::arrays(&months))?;
    let own = match &request.forces {
        Forces::One(force) => force.as_str(),
        Forces::All => definitions.pipeline.force.as_str(),
    };
    if forces.iter().any(|force| &**force == own) {
        let data_date = records.books.data_date;
        let page = quality::page(&PageInput {
            definitions,
            force: Some(own),
            data_date,
            synthetic: sources.provenance.is_synthetic(),
            source: &sources.described(),
            rows: &rows,
            months: &months,
            reconciliation: &records.books.reconciliation,
            quarantined: &records.books.quarantined,
            earlier: &earlier(&request.out, definitions, own, sources.provenance.name(), data_date)?,
        })?;
        write_page(folder, &page)?;
    }
    Ok(quality::line_qualities(definitions, &forces, &rows, &months))
}

pub(super) fn write_page(folder: &BuildFolder, page: &str) -> Result<(), BuildError> {
    let path = folder.path().join("data_quality.html");
    Ok(std::fs::write(&path, page).map_err(|source| BuildFolderError::Io { doing: "write", path, source })?)
}

struct Graded {
    rows: Vec<QualityRow>,
    examples: Vec<QualityExample>,
    forces: Vec<Arc<str>>,
}

/// Every extract's rows: of its records, then of each force.
fn graded(definitions: &Definitions, request: &BuildRequest, records: &Records) -> Graded {
    let mut found = Graded { rows: Vec::new(), examples: Vec::new(), forces: Vec::new() };
    let forces: BTreeSet<Arc<str>> = match &request.forces {
        Forces::One(force) => BTreeSet::from([force.as_str().into()]),
        Forces::All => records.quality.values().flat_map(quality::Counts::forces).collect(),
    };
    for extract in definitions.extracts.iter().filter(|e| records.structures.contains_key(&e.id)) {
        let books = &records.books;
        let of_records = quality::record_rows(definitions, extract, &books.reconciliation, &books.quarantined);
        let checks = checks(definitions, extract, records.data_day, request, &records.structures);
        let none = quality::Counts::default();
        let counts = records.quality.get(&extract.id).unwrap_or(&none);
        found.examples.extend(counts.examples(&checks));
        found.rows.extend(of_records.iter().cloned());
        for force in &forces {
            let of = ForceRows { checks: &checks, counts, force: force.clone(), records: &of_records };
            found.rows.extend(quality::rows(&of));
        }
    }
    found.forces = forces.into_iter().collect();
    found.rows.sort_by(QualityRow::in_order);
    found.examples.sort();
    found
}

fn practice(definitions: &Definitions, request: &BuildRequest, records: &Records) -> PolarsResult<Vec<PracticeMonth>> {
    let kept = |id: &str| -> PolarsResult<Option<LazyFrame>> {
        let measured = match &request.forces {
            Forces::One(force) => col("in_window").and(col("force").eq(lit(force.clone()))),
            Forces::All => col("in_window"),
        };
        Ok(records.scan(id)?.map(|rows| rows.filter(measured)))
    };
    quality::practice(&PracticeInput {
        definitions,
        data_date: records.books.data_date,
        crimes: kept("crimes")?,
        victim_contacts: kept("victim_contacts")?,
        has: &|id, column| has(&records.structures, id, column),
    })
}

/// Earlier builds of the same force and kind, oldest first: of each data date before this one the first by name. A build
/// that cannot be read, or was made without the table, is not among them.
pub(super) fn earlier(
    out: &Path,
    definitions: &Definitions,
    force: &str,
    provenance: &str,
    data_date: NaiveDate,
) -> Result<Vec<EarlierBuild>, BuildError> {
    let builds = out.join("builds");
    let entries = std::fs::read_dir(&builds).map_err(|source| BuildFolderError::Io {
        doing: "list",
        path: builds.clone(),
        source,
    })?;
    let mut names: Vec<String> = entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    let mut found: BTreeMap<NaiveDate, EarlierBuild> = BTreeMap::new();
    for name in names {
        let build = builds.join(name);
        let Some(manifest) = manifest_of(&build) else { continue };
        let same = manifest.pipeline == definitions.pipeline.id && manifest.provenance == provenance;
        let date = parse_iso_date(&manifest.data_date).filter(|date| same && *date < data_date);
        let Some(date) = date.filter(|date| !found.contains_key(date)) else { continue };
        if let Some(measures) = read_earlier(&build, force) {
            found.insert(date, EarlierBuild { data_date: date, measures });
        }
    }
    let skipped = found.len().saturating_sub(EARLIER_BUILDS);
    Ok(found.into_values().skip(skipped).collect())
}

fn manifest_of(build: &Path) -> Option<Manifest> {
    serde_json::from_slice(&std::fs::read(build.join("manifest.json")).ok()?).ok()
}

type Measures = BTreeMap<(String, String, Dimension, QualityLevel), (Option<f64>, Option<String>)>;

fn read_earlier(build: &Path, force: &str) -> Option<Measures> {
    let path = build.join(DATA_QUALITY.path());
    let rows = LazyFrame::scan_parquet(PlRefPath::new(path.to_string_lossy()), ScanArgsParquet::default()).ok()?;
    let of_force = col("level").eq(lit("force")).and(col("force").eq(lit(force)));
    let rows = rows.filter(of_force.or(col("level").eq(lit("extract")))).collect().ok()?;
    measures(&rows).ok()
}

fn measures(rows: &DataFrame) -> PolarsResult<Measures> {
    let text = |name: &str| rows.column(name).and_then(|c| c.str());
    let (extract, column, dimension) = (text("extract")?, text("column")?, text("dimension")?);
    let (level, grade, share) = (text("level")?, text("grade")?, rows.column("share")?.f64()?);
    let mut found = Measures::new();
    for row in 0..rows.height() {
        let dimension = dimension.get(row).and_then(Dimension::of_name);
        let level = level.get(row).and_then(QualityLevel::of_name);
        let (Some(extract), Some(dimension), Some(level)) = (extract.get(row), dimension, level) else { continue };
        let key = (extract.to_owned(), column.get(row).unwrap_or_default().to_owned(), dimension, level);
        found.insert(key, (share.get(row), grade.get(row).map(str::to_owned)));
    }
    Ok(found)
}
