//! Packs, made of the closed tables of a build.

use std::path::Path;

use chrono::NaiveDate;

use super::BuildError;
use super::from_published::attributions;
use super::sources::described;
use crate::build_folder::{self, BuildFolderError};
use crate::definitions::Definitions;
use crate::domain::{Provenance, parse_iso_date};
use crate::publish::facts::Facts;
use crate::publish::packs::{self, PackFile, PackInput, Templates};

/// A build as its packs see it.
pub struct PackSource<'a> {
    definitions: &'a Definitions,
    build: &'a Path,
    data_date: NaiveDate,
    provenance: Provenance,
    source: String,
    templates: Templates,
}

impl<'a> PackSource<'a> {
    pub(super) fn new(
        definitions: &'a Definitions,
        build: &'a Path,
        data_date: NaiveDate,
        provenance: Provenance,
        sources: &[String],
    ) -> Result<Self, BuildError> {
        let packs = &definitions.pipeline.packs;
        let read = |path: &Option<std::path::PathBuf>| {
            let read = |path: &std::path::PathBuf| {
                std::fs::read(path).map_err(|source| BuildFolderError::Io { doing: "read", path: path.clone(), source })
            };
            path.as_ref().map(read).transpose()
        };
        let templates = Templates { deck: read(&packs.deck_template)?, document: read(&packs.document_template)? };
        Ok(Self { definitions, build, data_date, provenance, source: sources.join(" "), templates })
    }

    /// A build that was published, by its manifest.
    ///
    /// # Errors
    /// A folder without a manifest, or a template that cannot be read.
    pub fn published(definitions: &'a Definitions, build: &'a Path) -> Result<Self, BuildError> {
        let not_whole = |reason: &str| BuildFolderError::NotWhole { path: build.to_owned(), reason: reason.to_owned() };
        let manifest = build_folder::manifest(build)?;
        let data_date =
            parse_iso_date(&manifest.data_date).ok_or_else(|| not_whole("its manifest has no data date"))?;
        let provenance = Provenance::of_name(&manifest.provenance)
            .ok_or_else(|| not_whole("its manifest has an unknown provenance"))?;
        let sources = match provenance {
            Provenance::Published => attributions(definitions),
            provenance => vec![described(provenance)],
        };
        Self::new(definitions, build, data_date, provenance, &sources)
    }

    /// Those that every build with packs holds: paths below its folder, and bytes. A force without a line has none.
    ///
    /// # Errors
    /// A table that cannot be read, a template that cannot be used.
    pub fn all(&self) -> Result<Vec<(String, Vec<u8>)>, BuildError> {
        self.with_facts(|input| Ok(placed("packs", packs::board(input)?))).map(Option::unwrap_or_default)
    }

    fn with_facts<T>(
        &self,
        make: impl FnOnce(&PackInput<'_>) -> Result<T, BuildError>,
    ) -> Result<Option<T>, BuildError> {
        let pipeline = &self.definitions.pipeline;
        let force = pipeline.force.as_str();
        let Some(facts) = Facts::read(self.build, force, pipeline.solved_set)? else { return Ok(None) };
        let input = PackInput {
            definitions: self.definitions,
            force,
            force_name: self.definitions.references.force_name(force).unwrap_or(force),
            data_date: self.data_date,
            synthetic: self.provenance.is_synthetic(),
            source: &self.source,
            facts: &facts,
            build: self.build,
            templates: &self.templates,
        };
        make(&input).map(Some)
    }
}

fn placed(folder: &str, files: Vec<PackFile>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|file| (format!("{folder}/{}", file.name), file.bytes)).collect()
}
