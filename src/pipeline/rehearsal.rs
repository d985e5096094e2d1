//! The packs of the newest build, made before they go out, and what is new in them beside those in use.

use std::collections::BTreeSet;
use std::path::Path;

use super::{BuildError, PackRequest, PackSource};
use crate::build_folder::{self, BuildFolderError, issued};
use crate::definitions::Definitions;
use crate::publish::facts::{Facts, unread};
use crate::publish::preflight::{self, Note, Rehearsed};

/// What an analyst is told before packs go out.
pub struct Rehearsal {
    /// The newest good build.
    pub build: String,
    /// The one that it is compared with.
    pub before: Option<String>,
    pub documents: usize,
    pub notes: Vec<(Note, String)>,
}

/// Makes all packs of `current` and compares it with the build whose packs are in use; where that is `current` itself, with
/// the one that was current before it.
///
/// # Errors
/// There is no build, a table cannot be read, a pack cannot be made.
pub fn rehearse(definitions: &Definitions, out: &Path) -> Result<Rehearsal, BuildError> {
    let nothing = || BuildFolderError::NotWhole { path: out.to_owned(), reason: "it has no current build".to_owned() };
    let build = build_folder::current_name(out).ok_or_else(nothing)?;
    let used = issued::name(out).filter(|used| *used != build);
    let before = used.or_else(|| build_folder::name_before(out, &build));
    let path = |name: &str| build_folder::path_of(out, name);
    let now_path = path(&build);
    let made = PackSource::published(definitions, &now_path)?.make(&PackRequest::ALL)?;
    let documents: BTreeSet<String> =
        made.files.iter().filter(|pack| !pack.is_list()).map(|pack| pack.path.clone()).collect();
    let read = |build: &Path| {
        let force = definitions.pipeline.force.as_str();
        let facts = Facts::read(build, force, definitions.pipeline.solved_set)?;
        Ok::<_, BuildError>((facts.unwrap_or_default(), unread(build, force)?))
    };
    let (facts, values) = read(&now_path)?;
    let now = Rehearsed { facts: &facts, unread: &values, documents: &documents };
    let earlier = before.as_deref().map(|name| Ok::<_, BuildError>((read(&path(name))?, in_folder(&path(name))?)));
    let earlier = earlier.transpose()?;
    let earlier = earlier.as_ref().map(|((facts, unread), documents)| Rehearsed { facts, unread, documents });
    let notes = preflight::digest(definitions, &now, earlier.as_ref());
    Ok(Rehearsal { build, before, documents: documents.len(), notes })
}

/// The documents of a build's packs, as its manifest lists them.
fn in_folder(build: &Path) -> Result<BTreeSet<String>, BuildError> {
    let manifest = build_folder::manifest(build)?;
    let packs = manifest.files.into_iter().map(|file| file.path).filter(|path| super::packs::is_document(path));
    Ok(packs.collect())
}
