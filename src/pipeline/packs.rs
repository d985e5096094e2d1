//! Packs, made of the closed tables of a build.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;

use super::BuildError;
use super::from_published::attributions;
use super::sources::described;
use crate::build_folder::{self, BuildFolderError};
use crate::definitions::Definitions;
use crate::disclosure::Disclosed;
use crate::domain::{Audience, Provenance, parse_iso_date, slug};
use crate::publish::briefing::{self, BriefingFacts, BriefingInput, BriefingUnit};
use crate::publish::facts::Facts;
use crate::publish::packs::{self, Pack, PackInput, Templates};

/// Of the board, areas and departments.
const FOLDER: &str = "packs";
/// Of teams: only their owner can open them.
const RESTRICTED: &str = "restricted/packs";
/// How the name of a list of cells ends.
const LIST: &str = ".cells.csv";

/// Which packs are made.
pub struct PackRequest<'a> {
    pub board: bool,
    pub briefings: bool,
    /// `None`: whom each is for.
    pub audience: Option<Audience>,
    /// `None`: of every area, department and team.
    pub unit: Option<&'a str>,
}

impl PackRequest<'_> {
    /// All that a build makes.
    pub const ALL: PackRequest<'static> = PackRequest { board: true, briefings: true, audience: None, unit: None };

    fn is_for(&self, audience: Audience) -> bool {
        self.audience.is_none_or(|wanted| wanted == audience)
    }
}

/// A file of a pack.
pub struct MadePack {
    /// Below the build's folder: `packs/board.pptx`.
    pub path: String,
    pub audience: Audience,
    pub bytes: Vec<u8>,
}

impl MadePack {
    /// Whether it is the list of the cells of a document beside it.
    pub fn is_list(&self) -> bool {
        self.path.ends_with(LIST)
    }
}

/// The files of packs, and what was wrong with the force's templates.
#[derive(Default)]
pub struct MadePacks {
    pub files: Vec<MadePack>,
    pub warnings: Vec<String>,
}

impl MadePacks {
    fn add(&mut self, folder: &str, audience: Audience, pack: Pack) {
        let place =
            |file: packs::PackFile| MadePack { path: format!("{folder}/{}", file.name), audience, bytes: file.bytes };
        self.files.extend(pack.files.into_iter().map(place));
        self.warnings.extend(pack.warnings);
    }
}

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
        let read = |path: &Option<PathBuf>| {
            let read = |path: &PathBuf| {
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

    /// The packs asked for; none, where the build has no such unit or no line of the force.
    ///
    /// # Errors
    /// A table that cannot be read, a template that cannot be used.
    pub fn make(&self, request: &PackRequest<'_>) -> Result<MadePacks, BuildError> {
        let made = self.with_facts(|input| {
            let mut made = MadePacks::default();
            if request.board && request.unit.is_none() && request.is_for(Audience::Board) {
                made.add(FOLDER, Audience::Board, packs::board(input)?);
            }
            if request.briefings {
                self.briefings(input, request, &mut made)?;
            }
            Ok(made)
        })?;
        Ok(made.unwrap_or_default())
    }

    /// The briefings of the areas, departments and teams asked for, at the same time.
    fn briefings(
        &self,
        input: &PackInput<'_>,
        request: &PackRequest<'_>,
        made: &mut MadePacks,
    ) -> Result<(), BuildError> {
        let Some(facts) = BriefingFacts::read(self.build, input.force)? else { return Ok(()) };
        let asked = BriefingInput {
            definitions: input.definitions,
            force: input.force,
            force_name: input.force_name,
            synthetic: input.synthetic,
            source: input.source,
            facts: &facts,
        };
        let mut named = BTreeSet::new();
        let mut units = briefing::units(&facts);
        if let Some(wanted) = request.unit {
            units.retain(|unit| unit.name() == wanted);
            if units.is_empty() {
                units.extend(briefing::person(&asked, wanted));
            }
        }
        let units: Vec<(BriefingUnit, String)> = units
            .into_iter()
            .map(|unit| {
                let name = file_name(&unit, &mut named);
                (unit, name)
            })
            .filter(|(unit, _)| request.is_for(unit.audience()))
            .collect();
        let packs: Result<Vec<Pack>, BuildError> = units
            .par_iter()
            .map(|(unit, name)| Ok(packs::briefing(input, &briefing::briefing(&asked, unit), name)?))
            .collect();
        for ((unit, _), pack) in units.iter().zip(packs?) {
            let audience = unit.audience();
            made.add(if audience.is_restricted() { RESTRICTED } else { FOLDER }, audience, pack);
        }
        Ok(())
    }

    /// The public pack, and the record for the next; `None` where the pipeline names no table of it.
    ///
    /// # Errors
    /// As [`PackSource::make`]; also where earlier packs have shown too much for what is withheld.
    pub fn public(&self, earlier: &Disclosed) -> Result<Option<(MadePacks, Disclosed)>, BuildError> {
        let made = self.with_facts(|input| Ok(packs::public(input, earlier)?))?.flatten();
        Ok(made.map(|(pack, disclosed)| {
            let mut made = MadePacks::default();
            made.add("public", Audience::Public, pack);
            (made, disclosed)
        }))
    }

    /// The units that have a briefing, by name.
    ///
    /// # Errors
    /// A table that cannot be read.
    pub fn units(&self) -> Result<Vec<String>, BuildError> {
        let facts = BriefingFacts::read(self.build, self.definitions.pipeline.force.as_str())?;
        let units = facts.map_or_else(Vec::new, |facts| briefing::units(&facts));
        Ok(units.iter().map(|unit| unit.name().to_owned()).collect())
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

/// Letters of a unit's name in that of its files: a disk takes 255 bytes.
const LONGEST_NAME: usize = 80;

/// `area-forest-of-dean`; with a number where two names are alike in their first letters and digits.
fn file_name(unit: &BriefingUnit, named: &mut BTreeSet<String>) -> String {
    let safe: String = slug(unit.name()).chars().take(LONGEST_NAME).collect();
    let wanted = format!("{}-{}", unit.level(), safe.trim_matches('-')).trim_end_matches('-').to_owned();
    let mut name = wanted.clone();
    let mut number = 1;
    while !named.insert(name.clone()) {
        number += 1;
        name = format!("{wanted}-{number}");
    }
    name
}

/// Whether a path of a build is a document of its packs.
pub(super) fn is_document(path: &str) -> bool {
    (path.starts_with(FOLDER) || path.starts_with(RESTRICTED)) && !path.ends_with(LIST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_has_a_file_name_of_its_own_that_a_disk_takes() {
        let mut named = BTreeSet::new();
        let mut name = |unit: &str| file_name(&BriefingUnit::Team(unit.to_owned()), &mut named);
        assert_eq!(name("Forest of Dean"), "team-forest-of-dean");
        assert_eq!(name("Forest-of/Dean"), "team-forest-of-dean-2");
        assert_eq!(name("../../etc/passwd"), "team-etc-passwd");
        // Nothing of it is left, as of a name in another script.
        assert_eq!(name("\u{4e2d}"), "team");
        assert_eq!(name("=?"), "team-2");
        assert_eq!(name(&"x".repeat(1_000)).len(), "team-".len() + LONGEST_NAME);
    }
}
