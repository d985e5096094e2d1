//! Which files a build reads, and whether they describe anything that happened.

use std::collections::BTreeMap;
use std::path::Path;

use super::{BuildError, BuildRequest};
use crate::definitions::{Definitions, Input};
use crate::domain::Provenance;
use crate::files::{canonical_files, file_name};
use crate::ingest::IngestError;

/// Written by `scorecard synth` beside what it makes.
const SYNTHETIC_MARKER: &str = "SYNTHETIC.toml";

/// The files of each extract, in the order in which they are linked.
pub(super) struct Sources {
    pub extracts: Vec<(String, Input)>,
    /// Extracts that the pipeline may do without, and that are not there.
    pub absent: Vec<String>,
    pub provenance: Provenance,
    pub provenance_of: BTreeMap<String, Provenance>,
}

impl Sources {
    /// Names of each extract's files.
    pub fn file_names(&self) -> Vec<(String, Vec<String>)> {
        let names = |input: &Input| input.files.iter().map(|file| file_name(file)).collect();
        self.extracts.iter().map(|(id, input)| (id.clone(), names(input))).collect()
    }

    /// Where the figures are from, for the foot of a chart.
    pub fn described(&self) -> String {
        match self.provenance {
            Provenance::Synthetic => {
                "Synthetic extracts, made by scorecard synth: nothing in them happened.".to_owned()
            }
            Provenance::Published => "Published data.".to_owned(),
            Provenance::Force => "The force's own extracts.".to_owned(),
        }
    }
}

pub(super) fn resolve(definitions: &Definitions, request: &BuildRequest) -> Result<Sources, BuildError> {
    match &request.extracts {
        Some(folder) => from_folder(definitions, folder),
        None => from_pipeline(definitions),
    }
}

fn from_folder(definitions: &Definitions, folder: &Path) -> Result<Sources, BuildError> {
    let provenance = if folder.join(SYNTHETIC_MARKER).is_file() { Provenance::Synthetic } else { Provenance::Force };
    let mut sources = Sources { extracts: Vec::new(), absent: Vec::new(), provenance, provenance_of: BTreeMap::new() };
    for extract in &definitions.extracts {
        let mut files = canonical_files(&extract.id, folder);
        match (files.pop(), files.pop()) {
            (Some(second), Some(first)) => {
                return Err(IngestError::TwoFiles { extract: extract.id.clone(), first, second }.into());
            }
            (Some(file), None) => {
                sources.extracts.push((extract.id.clone(), Input::canonical(vec![file], provenance)));
            }
            (None, _) if extract.may_be_absent => sources.absent.push(extract.id.clone()),
            (None, _) => {
                return Err(IngestError::NotInFolder { extract: extract.id.clone(), folder: folder.to_owned() }.into());
            }
        }
        sources.provenance_of.insert(extract.id.clone(), provenance);
    }
    Ok(sources)
}

fn from_pipeline(definitions: &Definitions) -> Result<Sources, BuildError> {
    let inputs = &definitions.pipeline.inputs;
    let provenances: Vec<Provenance> = inputs.values().map(|i| i.provenance).collect();
    // One synthetic input makes the whole build synthetic.
    let provenance = provenances.into_iter().min().unwrap_or(Provenance::Published);
    let mut sources = Sources { extracts: Vec::new(), absent: Vec::new(), provenance, provenance_of: BTreeMap::new() };
    for extract in &definitions.extracts {
        let Some(input) = inputs.get(&extract.id) else {
            sources.absent.push(extract.id.clone());
            continue;
        };
        let missing = input.files.iter().find(|f| !f.is_file());
        match missing {
            Some(_) if extract.may_be_absent => sources.absent.push(extract.id.clone()),
            Some(path) => {
                return Err(IngestError::Missing { extract: extract.id.clone(), path: path.clone() }.into());
            }
            None => sources.extracts.push((extract.id.clone(), input.clone())),
        }
        sources.provenance_of.insert(extract.id.clone(), input.provenance);
    }
    Ok(sources)
}
