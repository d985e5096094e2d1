//! What a build says of itself, and whether that is so.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::{BuildFolderError, io_error};

pub(super) const MANIFEST: &str = "manifest.json";
/// Written while the build runs and full of times: it is in no manifest.
pub const LOG: &str = "log.jsonl";

/// What a build says of itself. No times, paths or machine names: the same inputs give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub version: String,
    pub pipeline: String,
    pub force: String,
    /// `synthetic` as soon as one input is.
    pub provenance: String,
    /// ISO date.
    pub data_date: String,
    pub options: Vec<String>,
    pub definitions_hash: String,
    pub inputs: Vec<ManifestInput>,
    pub reconciliation: Vec<ManifestReconciliation>,
    pub files: Vec<ManifestFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestInput {
    pub extract: String,
    pub file: String,
    pub bytes: u64,
    pub blake3: String,
    pub provenance: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestReconciliation {
    pub extract: String,
    pub file: String,
    pub records_read: u64,
    pub accepted: u64,
    pub out_of_window: u64,
    pub quarantined: u64,
    pub duplicates: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    pub path: String,
    pub bytes: u64,
    pub blake3: String,
}

impl Manifest {
    /// Names the build after its data date and everything that decides its content.
    pub(super) fn build_name(&self) -> Result<String, serde_json::Error> {
        let decides = Self { reconciliation: Vec::new(), files: Vec::new(), ..self.clone() };
        let hash = blake3::hash(&serde_json::to_vec(&decides)?).to_hex();
        Ok(format!("{}-{}", self.data_date, &hash[..12]))
    }
}

/// Files of a folder and below, as relative paths with `/`, sorted. A link is a file, wherever it leads.
fn files(folder: &Path) -> Result<Vec<String>, BuildFolderError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).map_err(io_error("list", &path))? {
            let entry = entry.map_err(io_error("list", &path))?;
            let path = entry.path();
            if entry.file_type().map_err(io_error("read", &path))?.is_dir() {
                open.push(path);
            } else if let Ok(relative) = path.strip_prefix(folder) {
                let parts: Vec<_> = relative.components().map(|c| c.as_os_str().to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files of a build, hashed from the disk.
pub(super) fn hashes(folder: &Path) -> Result<Vec<ManifestFile>, BuildFolderError> {
    let listed = files(folder)?;
    let wanted = listed.into_iter().filter(|f| f != MANIFEST && f != LOG);
    wanted
        .map(|path| {
            let full = folder.join(&path);
            let mut hasher = blake3::Hasher::new();
            let mut file = File::open(&full).map_err(io_error("open", &full))?;
            let bytes = io::copy(&mut file, &mut hasher).map_err(io_error("read", &full))?;
            Ok(ManifestFile { path, bytes, blake3: hasher.finalize().to_hex().to_string() })
        })
        .collect()
}

/// The manifest of a build, its files unseen.
///
/// # Errors
/// It is not there, or another version wrote it.
pub fn read(build: &Path) -> Result<Manifest, BuildFolderError> {
    let path = build.join(MANIFEST);
    let text = fs::read(&path).map_err(io_error("read", &path))?;
    serde_json::from_slice(&text)
        .map_err(|e| BuildFolderError::NotWhole { path: build.to_owned(), reason: format!("its manifest: {e}") })
}

/// Re-hashes a build against its manifest.
///
/// # Errors
/// A file that is missing, added or changed, or a manifest that cannot be read.
pub fn verify(build: &Path) -> Result<Manifest, BuildFolderError> {
    let not_whole = |reason: String| BuildFolderError::NotWhole { path: build.to_owned(), reason };
    let manifest = read(build)?;
    let found = hashes(build)?;
    if let Some(missing) = manifest.files.iter().find(|f| !found.iter().any(|g| g.path == f.path)) {
        return Err(not_whole(format!("{} is missing", missing.path)));
    }
    if let Some(added) = found.iter().find(|f| !manifest.files.iter().any(|g| g.path == f.path)) {
        return Err(not_whole(format!("{} is not in its manifest", added.path)));
    }
    if let Some(changed) = found.iter().find(|f| !manifest.files.contains(f)) {
        return Err(not_whole(format!("{} has changed", changed.path)));
    }
    Ok(manifest)
}
