//! The last good build: what is still published if this one stops, and what its extracts were.

use std::fs;
use std::path::{Path, PathBuf};

use super::BuildRequest;
use super::sources::Sources;
use crate::build_folder::Manifest;
use crate::definitions::Definitions;
use crate::domain::{days_since_epoch, parse_iso_date};
use crate::gates::{Before, LastGood};

pub(super) struct LastBuild {
    name: String,
    manifest: Manifest,
}

impl LastBuild {
    /// The build that `current` points at, if there is one whose manifest can be read.
    pub fn of(out: &Path) -> Option<Self> {
        let build = current(out)?;
        let manifest = serde_json::from_slice(&fs::read(build.join("manifest.json")).ok()?).ok()?;
        Some(Self { name: build.file_name()?.to_string_lossy().into_owned(), manifest })
    }

    pub fn described(&self) -> LastGood {
        LastGood { build: self.name.clone(), data_date: self.manifest.data_date.clone() }
    }

    /// An extract as it was, if that says anything of tonight's: the same pipeline and force, from the same kind of source.
    pub fn before(
        &self,
        definitions: &Definitions,
        request: &BuildRequest,
        sources: &Sources,
        extract: &str,
    ) -> Option<Before> {
        let manifest = &self.manifest;
        let pipeline = &definitions.pipeline;
        let source = |options: &[String]| options.iter().any(|o| o == BuildRequest::FROM_A_FOLDER);
        let same = manifest.pipeline == pipeline.id
            && manifest.force == pipeline.force.as_str()
            && source(&manifest.options) == source(&request.options());
        let inputs: Vec<_> = manifest.inputs.iter().filter(|input| input.extract == extract).collect();
        let provenance = sources.provenance_of.get(extract).map_or(sources.provenance, |p| *p).name();
        if !same || inputs.is_empty() || inputs.iter().any(|input| input.provenance != provenance) {
            return None;
        }
        let rows = manifest.reconciliation.iter().filter(|row| row.extract == extract);
        Some(Before {
            records: rows.map(|row| row.records_read).sum(),
            hashes: inputs.iter().map(|input| input.blake3.clone()).collect(),
            data_day: days_since_epoch(parse_iso_date(&manifest.data_date)?),
        })
    }
}

/// The folder that `current` stands for: a link, or where there are none a text file that names the build.
fn current(out: &Path) -> Option<PathBuf> {
    let current = out.join("current");
    if current.is_dir() {
        return fs::canonicalize(current).ok();
    }
    let name = fs::read_to_string(current).ok()?;
    Some(out.join("builds").join(name.trim()))
}
