//! Which files a build reads, and whether they describe anything that happened.

use std::collections::BTreeMap;
use std::path::Path;

use crate::definitions::{Definitions, Extract, Input};
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
        described(self.provenance)
    }
}

pub(super) fn described(provenance: Provenance) -> String {
    match provenance {
        Provenance::Synthetic => "Synthetic extracts, made by scorecard synth: nothing in them happened.".to_owned(),
        Provenance::Published => "Published data.".to_owned(),
        Provenance::Force => "The force's own extracts.".to_owned(),
    }
}

/// The files that a build would read, from a folder of canonically named ones or else as the pipeline says, and what is
/// missing.
pub(super) fn resolve(definitions: &Definitions, extracts: Option<&Path>) -> (Sources, Vec<IngestError>) {
    let inputs = &definitions.pipeline.inputs;
    let provenance = match extracts {
        Some(folder) if folder.join(SYNTHETIC_MARKER).is_file() => Provenance::Synthetic,
        Some(_) => Provenance::Force,
        // One synthetic input makes the whole build synthetic.
        None => inputs.values().map(|input| input.provenance).min().unwrap_or(Provenance::Published),
    };
    let mut sources = Sources { extracts: Vec::new(), absent: Vec::new(), provenance, provenance_of: BTreeMap::new() };
    let mut missing = Vec::new();
    for extract in &definitions.extracts {
        let id = || extract.id.clone();
        let found = match extracts {
            Some(folder) => in_folder(extract, folder, provenance),
            None => inputs.get(&extract.id).map_or(Ok(None), |input| as_stated(extract, input)),
        };
        match found {
            Ok(Some(input)) => {
                sources.provenance_of.insert(id(), input.provenance);
                sources.extracts.push((id(), input));
            }
            Ok(None) => sources.absent.push(id()),
            Err(error) => missing.push(error),
        }
    }
    (sources, missing)
}

/// `None` for an extract that is not there and need not be.
type Found = Result<Option<Input>, IngestError>;

fn in_folder(extract: &Extract, folder: &Path, provenance: Provenance) -> Found {
    let mut files = canonical_files(&extract.id, folder);
    match (files.pop(), files.pop()) {
        (Some(second), Some(first)) => Err(IngestError::TwoFiles { extract: extract.id.clone(), first, second }),
        (Some(file), None) => Ok(Some(Input::canonical(vec![file], provenance))),
        (None, _) if extract.may_be_absent => Ok(None),
        (None, _) => Err(IngestError::NotInFolder { extract: extract.id.clone(), folder: folder.to_owned() }),
    }
}

fn as_stated(extract: &Extract, input: &Input) -> Found {
    match input.files.iter().find(|file| !file.is_file()) {
        None => Ok(Some(input.clone())),
        Some(_) if extract.may_be_absent => Ok(None),
        Some(path) => Err(IngestError::Missing { extract: extract.id.clone(), path: path.clone() }),
    }
}
