//! Loading: every file read, every fault found, and only then checked types or all the faults.
//!
//! `*_toml.rs` hold what may be written, `*_check.rs` turn it into checked types. A file that holds a fault is still
//! read as far as it can be, so that one run names everything that is wrong.

mod checker;
mod condition_check;
mod cross_check;
mod csv_text;
mod examples;
mod extract_check;
mod extract_toml;
mod fault;
mod input_check;
mod input_toml;
mod intervention_check;
mod intervention_toml;
mod measure_check;
mod metric_check;
mod metric_toml;
mod packs_toml;
mod pipeline_check;
mod pipeline_toml;
mod quality_check;
mod quality_toml;
mod reference_tables;
mod schema;
mod sources;
mod thresholds_check;

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod quality_fault_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use checker::Checker;
use extract_toml::ExtractToml;
use fault::SourceFile;
pub use fault::{DefinitionFault, DefinitionFaults};
use intervention_toml::InterventionsToml;
use metric_toml::MetricToml;
use pipeline_toml::PipelineToml;
use quality_toml::QualityToml;
pub use reference_tables::NAMES as REFERENCE_TABLES;
pub use schema::schemas;
use sources::Sources;

use super::{Definitions, Extract, Intervention, Metric, Pipeline, Quality, References};

/// Extracts in the order of the journey's links; any other comes after them, by name.
const LINKS: [&str; 6] = ["incidents", "calls", "people", "crimes", "surveys", "victim_contacts"];

/// Reads a pipeline file and the definitions beside it: `metrics/*.toml`, `extracts/*.toml`, `quality.toml`,
/// `interventions.toml` where there is one, and `references/*.csv`.
///
/// # Errors
/// All faults of all files together. No data is read, and a data file that does not exist is no fault here.
pub fn load(pipeline: &Path) -> Result<Definitions, DefinitionFaults> {
    let (sources, faults) = Sources::read(pipeline);
    check(&sources, faults)
}

/// The same from texts that lie on no disk, by name below the folder of the pipeline file.
///
/// # Errors
/// As [`load`].
pub fn load_texts(pipeline: &str, texts: BTreeMap<String, String>) -> Result<Definitions, DefinitionFaults> {
    let (sources, faults) = Sources::of_texts(pipeline, texts);
    check(&sources, faults)
}

/// The checked definitions, or all that is wrong with them.
fn check(sources: &Sources, mut faults: Vec<DefinitionFault>) -> Result<Definitions, DefinitionFaults> {
    let references = reference_tables::references(&sources.references, &mut faults);
    let mut extracts = extracts(sources, &mut faults);
    let metrics = metrics(sources, &extracts, &references, &mut faults);
    let pipeline = pipeline(sources, &mut extracts, &references, &mut faults);
    let quality = quality(sources, &extracts, &references, pipeline.as_ref(), &mut faults);
    let interventions = interventions(sources, &mut faults);
    cross_check::metrics_agree(&metrics, &sources.metric_names(), &mut faults);
    if let Some(pipeline) = &pipeline {
        cross_check::owners_are_known(pipeline, &metrics, &mut faults);
    }
    let mut metrics: Vec<Metric> = metrics.into_iter().filter_map(|read| read.metric).collect();
    metrics.sort_by(|a, b| (a.stage, a.position, &a.id).cmp(&(b.stage, b.position, &b.id)));
    match (pipeline, quality) {
        (Some(pipeline), Some(quality)) if faults.is_empty() => {
            Ok(Definitions { pipeline, extracts, metrics, references, quality, interventions, hash: sources.hash() })
        }
        _ => Err(DefinitionFaults::new(faults)),
    }
}

/// A metric file as far as it could be read.
struct ReadMetric<'s> {
    file: &'s SourceFile,
    wire: MetricToml,
    metric: Option<Metric>,
}

fn extracts(sources: &Sources, faults: &mut Vec<DefinitionFault>) -> Vec<Extract> {
    let mut extracts = Vec::new();
    for file in &sources.extracts {
        let mut checker = Checker::new(file, faults);
        let wire: Option<ExtractToml> = checker.parse();
        extracts.extend(wire.and_then(|wire| extract_check::extract(&mut checker, &wire)));
    }
    let place = |extract: &Extract| LINKS.iter().position(|id| *id == extract.id).unwrap_or(LINKS.len());
    extracts.sort_by(|a, b| (place(a), &a.id).cmp(&(place(b), &b.id)));
    extracts
}

fn metrics<'s>(
    sources: &'s Sources,
    extracts: &[Extract],
    references: &References,
    faults: &mut Vec<DefinitionFault>,
) -> Vec<ReadMetric<'s>> {
    let extract_names = sources.extract_names();
    let around = metric_check::Surroundings { extract_names: &extract_names, extracts, references };
    let mut metrics = Vec::new();
    for file in &sources.metrics {
        let mut checker = Checker::new(file, faults);
        let Some(wire) = checker.parse::<MetricToml>() else { continue };
        let metric = metric_check::metric(&mut checker, &wire, &around);
        metrics.push(ReadMetric { file, wire, metric });
    }
    metrics
}

/// The pipeline; thresholds that it states for its inputs go to the extracts.
fn pipeline(
    sources: &Sources,
    extracts: &mut [Extract],
    references: &References,
    faults: &mut Vec<DefinitionFault>,
) -> Option<Pipeline> {
    let file = sources.pipeline.as_ref()?;
    let mut checker = Checker::new(file, faults);
    let wire: PipelineToml = checker.parse()?;
    for (name, input) in &wire.inputs {
        let extract = extracts.iter_mut().find(|extract| extract.id == *name.get_ref());
        if let (Some(extract), Some(stated)) = (extract, &input.thresholds) {
            extract.thresholds = thresholds_check::over(&mut checker, extract.thresholds, stated.get_ref());
        }
    }
    let around = pipeline_check::Surroundings {
        folder: &sources.folder,
        extract_names: &sources.extract_names(),
        extracts,
        metric_names: &sources.metric_names(),
        references,
    };
    pipeline_check::pipeline(&mut checker, &wire, &around)
}

/// The register of interventions; a force without one has none.
fn interventions(sources: &Sources, faults: &mut Vec<DefinitionFault>) -> Vec<Intervention> {
    let (Some(file), Some(pipeline)) = (&sources.interventions, &sources.pipeline) else { return Vec::new() };
    let mut checker = Checker::new(file, faults);
    let Some(wire) = checker.parse::<InterventionsToml>() else { return Vec::new() };
    let pipeline_names: Vec<&str> = sources.pipeline_names.iter().map(String::as_str).collect();
    let around = intervention_check::Surroundings {
        pipeline: pipeline.stem(),
        pipeline_names: &pipeline_names,
        metric_names: &sources.metric_names(),
    };
    intervention_check::interventions(&mut checker, &wire, &around)
}

fn quality(
    sources: &Sources,
    extracts: &[Extract],
    references: &References,
    pipeline: Option<&Pipeline>,
    faults: &mut Vec<DefinitionFault>,
) -> Option<Quality> {
    let mut checker = Checker::new(sources.quality.as_ref()?, faults);
    let wire: QualityToml = checker.parse()?;
    let (extract_names, metric_names) = (sources.extract_names(), sources.metric_names());
    let around = quality_check::Surroundings {
        extracts,
        extract_names: &extract_names,
        metric_names: &metric_names,
        references,
        pipeline,
    };
    quality_check::quality(&mut checker, &wire, &around)
}
