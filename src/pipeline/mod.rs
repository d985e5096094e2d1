//! The nightly build: which stage comes when, and nothing else.

mod accounts;
mod books;
mod comparator_table;
mod demand;
mod due;
mod error;
mod figures;
mod from_published;
mod gatekeeper;
mod headers;
mod journey;
mod judging;
mod last_build;
mod local;
mod maturity;
mod metric_tables;
mod organisation;
mod packs;
mod progress;
mod publications;
mod published_quality;
mod quality;
mod records;
mod rehearsal;
mod request;
mod run_log;
mod sources;
mod summary;

pub use crate::disclosure::Disclosed;
pub use crate::gates::{Allow, GateRule, GateVerdict};
pub use crate::publish::preflight::Note;
pub use crate::published::STREET_EXTRACT;
pub use error::{BAD_EXTRACT, BuildError, FAILED};
pub use headers::{Headers, headers};
pub use packs::{MadePack, MadePacks, PackRequest, PackSource};
pub use progress::{Progress, Silent};
pub use rehearsal::{Rehearsal, rehearse};
pub use request::{BuildRequest, Forces, Until};
pub use summary::{ExtractSummary, Summary};

use std::path::PathBuf;

use crate::build_folder::{BuildFolder, Manifest, ManifestInput};
use crate::definitions::Definitions;
use crate::gates;
use crate::tables::gates::GATES;
use crate::tables::quality::LineQualities;
use books::Books;
use gatekeeper::Gatekeeper;
use judging::Court;
use publications::Publication;
use records::Read;
use run_log::RunLog;
use serde_json::json;

/// Runs a build and publishes it.
///
/// # Errors
/// Anything that stops it; the last good build is then still current.
pub fn run(definitions: &Definitions, request: &BuildRequest, progress: &dyn Progress) -> Result<Summary, BuildError> {
    if request.extracts.is_none() && !definitions.pipeline.published.is_empty() {
        return from_published::run(definitions, request, progress);
    }
    let (sources, missing) = sources::resolve(definitions, request.extracts.as_deref());
    if let Some(error) = missing.into_iter().next() {
        return Err(error.into());
    }
    let folder = BuildFolder::start(&request.out)?;
    let mut log = RunLog::create(folder.path())?;
    let thresholds = definitions.extracts.iter().map(|extract| (extract.id.as_str(), extract.thresholds));
    let mut gates = Gatekeeper::new(definitions, request, thresholds);
    let read = records::read(definitions, request, &sources, &mut gates, &folder, progress, &mut log)?;
    let records = match read {
        Read::All(records) => records,
        Read::Stopped { data_date, books } => {
            let report = gates.report(&sources.file_names(), sources.provenance, books.as_ref(), data_date);
            return Err(gatekeeper::take_down(report, books.as_ref(), folder));
        }
    };
    let (gate_rows, warnings) = gates.passed(progress);
    accounts::table(&folder, GATES, gates::arrays(&gate_rows))?;
    let mut inputs = records.inputs(&sources);
    let line_qualities = match request.until {
        Until::Tallies => LineQualities::new(),
        Until::Tables | Until::Charts | Until::Page | Until::Packs => {
            progress.stage("Judging the data");
            quality::report(definitions, request, &sources, &records, &folder)?
        }
    };
    log.step("data quality", json!({}))?;
    let court = Court {
        definitions,
        data_date: records.books.data_date,
        provenance: sources.provenance,
        source: sources.described(),
        own_force: definitions.pipeline.force.as_str(),
        table: comparator_table::load(definitions, request, &sources, progress, &mut inputs)?,
        draw: request.until >= Until::Charts,
        line_qualities,
    };
    let figures = figures::compute(definitions, request, &court, &records, &folder, progress, &mut log)?;
    let publication = Publication {
        definitions,
        data_date: records.books.data_date,
        provenance: sources.provenance,
        sources: vec![sources.described()],
    };
    publications::write(&publication, request, &folder, progress, &mut log)?;
    progress.stage("Publishing");
    let manifest = manifest(definitions, request, sources.provenance.name(), inputs, &records.books);
    log.finish()?;
    let build = swap_in(definitions, folder, manifest, progress)?;
    Ok(Summary::new(records.books, figures, warnings, build))
}

/// Swaps the build in. What fails once it is current is a warning.
fn swap_in(
    definitions: &Definitions,
    folder: BuildFolder,
    manifest: Manifest,
    progress: &dyn Progress,
) -> Result<PathBuf, BuildError> {
    let published = folder.publish(manifest, definitions.pipeline.keep_builds)?;
    for error in &published.left {
        progress.warn(&format!("the build is published, but {error}. {}", error.hint()));
    }
    Ok(published.path)
}

fn manifest(
    definitions: &Definitions,
    request: &BuildRequest,
    provenance: &str,
    inputs: Vec<ManifestInput>,
    books: &Books,
) -> Manifest {
    Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pipeline: definitions.pipeline.id.clone(),
        force: definitions.pipeline.force.to_string(),
        provenance: provenance.to_owned(),
        data_date: books.data_date.to_string(),
        options: request.options(),
        definitions_hash: definitions.hash.clone(),
        inputs,
        reconciliation: books.manifest_rows(),
        files: Vec::new(),
    }
}
