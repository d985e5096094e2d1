//! The nightly build: which stage comes when, and nothing else.

mod accounts;
mod books;
mod comparator_table;
mod error;
mod figures;
mod from_published;
mod judging;
mod metric_tables;
mod progress;
mod quality;
mod records;
mod request;
mod run_log;
mod sources;
mod summary;

pub use error::BuildError;
pub use progress::{Progress, Silent};
pub use request::{BuildRequest, Forces, Until};
pub use summary::{ExtractSummary, Summary};

use crate::build_folder::{BuildFolder, Manifest, ManifestInput};
use crate::definitions::Definitions;
use crate::tables::quality::LineQualities;
use books::Books;
use judging::Court;
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
    let sources = sources::resolve(definitions, request)?;
    let folder = BuildFolder::start(&request.out)?;
    let mut log = RunLog::create(folder.path())?;
    let records = records::read(definitions, request, &sources, &folder, progress, &mut log)?;
    let mut inputs = records.inputs(&sources);
    let line_qualities = match request.until {
        Until::Tallies => LineQualities::new(),
        Until::Tables | Until::Charts => {
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
    progress.stage("Publishing");
    let manifest = manifest(definitions, request, sources.provenance.name(), inputs, &records.books);
    log.finish()?;
    let build = folder.publish(manifest)?;
    Ok(Summary::new(records.books, figures, build))
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
