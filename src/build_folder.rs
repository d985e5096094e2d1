//! The only code that writes a build: aside, verified, then swapped in. `current` always points at a whole build.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const LOCK: &str = ".lock";
const ASIDE: &str = ".unfinished";
const MANIFEST: &str = "manifest.json";
/// Why the last run published nothing, until one does.
const STOPPED: &str = "stopped";
/// Written while the build runs and full of times: it is in no manifest.
pub const LOG: &str = "log.jsonl";

#[derive(Debug, thiserror::Error)]
pub enum BuildFolderError {
    #[error("another build is writing to {0}")]
    Busy(PathBuf),
    #[error("cannot {doing} {path}: {source}")]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("{path} is not a whole build: {reason}")]
    NotWhole { path: PathBuf, reason: String },
}

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
    fn build_name(&self) -> Result<String, serde_json::Error> {
        let decides = Self { reconciliation: Vec::new(), files: Vec::new(), ..self.clone() };
        let hash = blake3::hash(&serde_json::to_vec(&decides)?).to_hex();
        Ok(format!("{}-{}", self.data_date, &hash[..12]))
    }
}

/// A build being written. Dropped before [`BuildFolder::publish`], it leaves the last good build as it was.
pub struct BuildFolder {
    out: PathBuf,
    aside: PathBuf,
    _lock: File,
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BuildFolderError {
    let path = path.to_owned();
    move |source| BuildFolderError::Io { doing, path, source }
}

impl BuildFolder {
    /// Takes the lock of `out`, clears what a killed build left, and opens a folder aside.
    ///
    /// # Errors
    /// Another build holds the lock, or the folder cannot be written.
    pub fn start(out: &Path) -> Result<Self, BuildFolderError> {
        let builds = out.join("builds");
        fs::create_dir_all(&builds).map_err(io_error("create", &builds))?;
        let lock_path = out.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(io_error("open", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BuildFolderError::Busy(out.to_owned())),
            Err(TryLockError::Error(source)) => return Err(io_error("lock", &lock_path)(source)),
        }
        let aside = builds.join(ASIDE);
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(io_error("clear", &aside))?;
        }
        for folder in ["tables", "restricted/conformed", "charts"] {
            let path = aside.join(folder);
            fs::create_dir_all(&path).map_err(io_error("create", &path))?;
        }
        only_owner(&aside.join("restricted"))?;
        Ok(Self { out: out.to_owned(), aside, _lock: lock })
    }

    /// Where the build's files go.
    pub fn path(&self) -> &Path {
        &self.aside
    }

    /// Hashes every file into the manifest, checks that they read back the same, and swaps the build in.
    pub fn publish(self, mut manifest: Manifest) -> Result<PathBuf, BuildFolderError> {
        remove_empty(&self.aside)?;
        manifest.files = hashes(&self.aside)?;
        let invalid =
            |e: serde_json::Error| BuildFolderError::NotWhole { path: self.aside.clone(), reason: e.to_string() };
        let path = self.aside.join(MANIFEST);
        let text = serde_json::to_vec_pretty(&manifest).map_err(invalid)?;
        fs::write(&path, text).map_err(io_error("write", &path))?;
        sync_tree(&self.aside)?;
        verify(&self.aside)?;
        let name = manifest.build_name().map_err(invalid)?;
        let target = self.out.join("builds").join(&name);
        if target.exists() && verify(&target).is_ok_and(|there| there == manifest) {
            // The same build again: the one that readers may have open stays.
            fs::remove_dir_all(&self.aside).map_err(io_error("clear", &self.aside))?;
        } else {
            if target.exists() {
                let spoilt = self.out.join("builds").join(".spoilt");
                let _ = fs::remove_dir_all(&spoilt);
                fs::rename(&target, &spoilt).map_err(io_error("move", &target))?;
                let moved = fs::rename(&self.aside, &target).map_err(io_error("move", &self.aside));
                let _ = fs::remove_dir_all(&spoilt);
                moved?;
            } else {
                fs::rename(&self.aside, &target).map_err(io_error("move", &self.aside))?;
            }
            sync(&self.out.join("builds"))?;
        }
        point_current(&self.out, &name)?;
        let stopped = self.out.join(STOPPED);
        if stopped.exists() {
            fs::remove_dir_all(&stopped).map_err(io_error("clear", &stopped))?;
        }
        Ok(target)
    }

    /// Takes the build down and leaves these files, by name, in `stopped/`, whole, in place of any that were there. Only
    /// the owner can open that folder, and the next good build removes it. Gives its path.
    pub fn stop(self, files: Vec<(String, Vec<u8>)>) -> Result<PathBuf, BuildFolderError> {
        let (aside, target) = (self.out.join(".stopped"), self.out.join(STOPPED));
        for old in [&aside, &self.aside] {
            if old.exists() {
                fs::remove_dir_all(old).map_err(io_error("clear", old))?;
            }
        }
        fs::create_dir(&aside).map_err(io_error("create", &aside))?;
        only_owner(&aside)?;
        for (name, bytes) in files {
            let path = aside.join(name);
            fs::write(&path, bytes).map_err(io_error("write", &path))?;
        }
        sync_tree(&aside)?;
        if target.exists() {
            fs::remove_dir_all(&target).map_err(io_error("clear", &target))?;
        }
        fs::rename(&aside, &target).map_err(io_error("move", &aside))?;
        sync(&self.out)?;
        Ok(target)
    }
}

#[cfg(unix)]
fn only_owner(path: &Path) -> Result<(), BuildFolderError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(io_error("protect", path))
}

#[cfg(not(unix))]
fn only_owner(_: &Path) -> Result<(), BuildFolderError> {
    Ok(())
}

#[cfg(unix)]
fn point_current(out: &Path, name: &str) -> Result<(), BuildFolderError> {
    let (new, current) = (out.join(".current"), out.join("current"));
    let _ = fs::remove_file(&new);
    std::os::unix::fs::symlink(Path::new("builds").join(name), &new).map_err(io_error("link", &new))?;
    fs::rename(&new, &current).map_err(io_error("swap", &current))?;
    sync(out)
}

/// Without symbolic links `current` is a text file that names the build.
#[cfg(not(unix))]
fn point_current(out: &Path, name: &str) -> Result<(), BuildFolderError> {
    let (new, current) = (out.join(".current"), out.join("current"));
    fs::write(&new, name).map_err(io_error("write", &new))?;
    fs::rename(&new, &current).map_err(io_error("swap", &current))
}

/// Files of a folder and below, as relative paths with `/`, sorted.
fn files(folder: &Path) -> Result<Vec<String>, BuildFolderError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(&path).map_err(io_error("list", &path))? {
            let path = entry.map_err(io_error("list", &path))?.path();
            if path.is_dir() {
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

fn hashes(folder: &Path) -> Result<Vec<ManifestFile>, BuildFolderError> {
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

/// Re-hashes a build against its manifest.
///
/// # Errors
/// A file that is missing, added or changed, or a manifest that cannot be read.
pub fn verify(build: &Path) -> Result<Manifest, BuildFolderError> {
    let not_whole = |reason: String| BuildFolderError::NotWhole { path: build.to_owned(), reason };
    let path = build.join(MANIFEST);
    let text = fs::read(&path).map_err(io_error("read", &path))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|e| not_whole(format!("its manifest: {e}")))?;
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

fn remove_empty(folder: &Path) -> Result<(), BuildFolderError> {
    for entry in fs::read_dir(folder).map_err(io_error("list", folder))? {
        let path = entry.map_err(io_error("list", folder))?.path();
        if path.is_dir() {
            remove_empty(&path)?;
            if fs::read_dir(&path).map_err(io_error("list", &path))?.next().is_none() {
                fs::remove_dir(&path).map_err(io_error("clear", &path))?;
            }
        }
    }
    Ok(())
}

fn sync(path: &Path) -> Result<(), BuildFolderError> {
    File::open(path).and_then(|f| f.sync_all()).map_err(io_error("flush", path))
}

fn sync_tree(folder: &Path) -> Result<(), BuildFolderError> {
    for file in files(folder)? {
        sync(&folder.join(file))?;
    }
    sync(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(data_date: &str) -> Manifest {
        Manifest {
            version: "0".into(),
            pipeline: "p".into(),
            force: "f".into(),
            provenance: "synthetic".into(),
            data_date: data_date.into(),
            options: Vec::new(),
            definitions_hash: "h".into(),
            inputs: Vec::new(),
            reconciliation: Vec::new(),
            files: Vec::new(),
        }
    }

    fn build(out: &Path, date: &str, text: &str) -> PathBuf {
        let folder = BuildFolder::start(out).unwrap();
        fs::write(folder.path().join("tables/a.parquet"), text).unwrap();
        folder.publish(manifest(date)).unwrap()
    }

    #[test]
    fn a_build_is_swapped_in_whole() {
        let out = tempfile::tempdir().unwrap();
        let first = build(out.path(), "2026-01-31", "one");
        assert_eq!(fs::read(out.path().join("current/tables/a.parquet")).unwrap(), b"one");
        let second = build(out.path(), "2026-02-28", "two");
        assert_eq!(fs::read(out.path().join("current/tables/a.parquet")).unwrap(), b"two");
        assert!(verify(&first).is_ok() && verify(&second).is_ok());
        assert!(!out.path().join("builds").join(ASIDE).exists());
    }

    #[test]
    fn an_unfinished_build_leaves_the_last_good_one_and_is_cleared() {
        let out = tempfile::tempdir().unwrap();
        build(out.path(), "2026-01-31", "one");
        let folder = BuildFolder::start(out.path()).unwrap();
        fs::write(folder.path().join("tables/b.parquet"), "half").unwrap();
        drop(folder);
        assert_eq!(fs::read(out.path().join("current/tables/a.parquet")).unwrap(), b"one");
        build(out.path(), "2026-02-28", "two");
        assert!(!out.path().join("current/tables/b.parquet").exists());
    }

    #[test]
    fn two_builds_at_once_are_refused() {
        let out = tempfile::tempdir().unwrap();
        let first = BuildFolder::start(out.path()).unwrap();
        assert!(matches!(BuildFolder::start(out.path()), Err(BuildFolderError::Busy(_))));
        drop(first);
        assert!(BuildFolder::start(out.path()).is_ok());
    }

    #[test]
    fn a_spoilt_build_is_named_and_replaced() {
        let out = tempfile::tempdir().unwrap();
        let path = build(out.path(), "2026-01-31", "one");
        fs::write(path.join("tables/a.parquet"), "spoilt").unwrap();
        assert!(verify(&path).unwrap_err().to_string().contains("tables/a.parquet has changed"));
        build(out.path(), "2026-01-31", "one");
        assert!(verify(&path).is_ok());
    }
}
