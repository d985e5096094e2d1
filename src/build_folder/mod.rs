//! The only code that writes below the output folder: aside, flushed, verified, then swapped in.
//!
//! ```text
//! DIR/current            link to the last good build
//! DIR/builds/<name>/     whole builds, read alone
//! DIR/builds/.history    their names in the order in which they became current
//! DIR/issued             link to the build whose packs are in use
//! DIR/issued.hold        why it stays where it is, while an analyst holds it
//! DIR/stopped/           why the last run published nothing; gone when one publishes
//! DIR/.lock              held while a build runs
//! ```
//!
//! Every other name with a dot in front is a step of a run. Nothing reads it, and the next run clears it.
//!
//! Once a build was published, `current` leads to a whole one at every instant: a name in `builds/` is given once, to a
//! folder that is complete and flushed; only then does the link move; only then is anything removed.

mod current;
mod disk;
mod error;
pub mod issued;
mod kept;
mod manifest;
mod stopped;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use disk::HeldFolder;
use error::io_error;
pub use error::{BuildFolderError, disk_hint};
use manifest::MANIFEST;
pub use manifest::{LOG, Manifest, ManifestFile, ManifestInput, ManifestReconciliation, read as manifest, verify};

/// The name of the build that is current.
pub fn current_name(out: &Path) -> Option<String> {
    current::name(out)
}

/// The build that was current last before this one and still stands.
pub fn name_before(out: &Path, name: &str) -> Option<String> {
    let builds = out.join(BUILDS);
    let history = kept::history(&builds).ok()?;
    let before = history.iter().position(|known| known == name).map_or(&history[..], |at| &history[..at]);
    before.iter().rev().find(|known| kept::is_build(&builds.join(known))).cloned()
}

/// Where a build of this name stands.
pub fn path_of(out: &Path, name: &str) -> PathBuf {
    out.join(BUILDS).join(name)
}

const LOCK: &str = ".lock";
const BUILDS: &str = "builds";
const ASIDE: &str = ".unfinished";

/// A build being written. Dropped before [`BuildFolder::publish`], it takes what it has written with it, so that a full
/// disk is not left full; the last good build stays as it was.
pub struct BuildFolder {
    out: PathBuf,
    builds: PathBuf,
    aside: PathBuf,
    held: HeldFolder,
    /// What could not be cleared. It is in nobody's way.
    left: Vec<BuildFolderError>,
    _lock: File,
}

/// A build that is current.
pub struct PublishedBuild {
    pub path: PathBuf,
    /// What went wrong once it was current: something old could not be removed, or not be flushed.
    pub left: Vec<BuildFolderError>,
}

/// Where a build goes.
struct Place {
    name: String,
    /// The same build stands there, byte for byte.
    is_taken: bool,
    /// Builds of its name that were spoilt since they were published. A spoilt one keeps its name until the link has left
    /// it, so the build that replaces it takes another.
    spoilt: Vec<String>,
}

impl BuildFolder {
    /// Takes the lock of `out`, clears what a killed run left, and opens a folder aside.
    ///
    /// # Errors
    /// Another build holds the lock, the folder cannot be written, or it can hold no link.
    pub fn start(out: &Path) -> Result<Self, BuildFolderError> {
        let builds = out.join(BUILDS);
        disk::make_folders(&builds)?;
        let lock = lock(out)?;
        let mut left = kept::clear(&builds);
        if disk::is_there(&builds.join(ASIDE))? {
            let aside = kept::put_aside(&builds, ASIDE)?;
            left.extend(disk::remove(&aside).err());
        }
        left.extend(
            [stopped::NEW, stopped::OLD, issued::NEW_HOLD]
                .iter()
                .filter_map(|name| disk::remove(&out.join(name)).err()),
        );
        current::can_be_moved(out)?;
        let aside = builds.join(ASIDE);
        disk::make_folder(&aside)?;
        let held = HeldFolder::hold(&aside)?;
        let folder = Self { out: out.to_owned(), builds, aside, held, left, _lock: lock };
        for name in ["tables", "charts"] {
            disk::make_folder(&folder.aside.join(name))?;
        }
        disk::make_private_folder(&folder.aside.join("restricted"))?;
        disk::make_folder(&folder.aside.join("restricted/conformed"))?;
        Ok(folder)
    }

    /// Where the build's files go.
    pub fn path(&self) -> &Path {
        &self.aside
    }

    /// Hashes every file into the manifest, flushes, checks that all read back the same, and swaps the build in. Then the
    /// report of a run that was stopped goes, its packs are issued unless they are held, and all builds go but the last `keep`.
    ///
    /// # Errors
    /// Only before the swap: the last good build is then still current. What fails later is in [`PublishedBuild::left`].
    pub fn publish(mut self, mut manifest: Manifest, keep: usize) -> Result<PublishedBuild, BuildFolderError> {
        self.is_still_there()?;
        disk::remove_empty(&self.aside)?;
        manifest.files = manifest::hashes(&self.aside)?;
        let invalid =
            |e: serde_json::Error| BuildFolderError::NotWhole { path: self.aside.clone(), reason: e.to_string() };
        let text = serde_json::to_vec_pretty(&manifest).map_err(invalid)?;
        disk::write(&self.aside.join(MANIFEST), &text)?;
        disk::sync_tree(&self.aside)?;
        verify(&self.aside)?;
        let wanted = manifest.build_name().map_err(invalid)?;
        let Place { name, is_taken, spoilt } = self.place(&wanted, &manifest)?;
        // All that needs room comes before the build has its name.
        kept::note(&self.builds, current::name(&self.out).as_deref(), &name)?;
        let link = current::to_be_current(&self.out, &name)?;
        if !is_taken {
            self.is_still_there()?;
            disk::rename(&self.aside, &self.builds.join(&name))?;
        }
        // The link may not lead to a name that goes with the power.
        disk::sync_folder(&self.builds)?;
        link.swap_in()?;
        let mut left = std::mem::take(&mut self.left);
        left.extend(disk::sync_folder(&self.out).err());
        left.extend(stopped::remove(&self.out).err());
        left.extend(spoilt.iter().filter_map(|name| kept::remove(&self.builds, name).err()));
        left.extend(issued::follow(&self.out, &name).err());
        let used = issued::name(&self.out);
        left.extend(kept::prune(&self.builds, &name, used.as_deref(), keep).err());
        Ok(PublishedBuild { path: self.builds.join(&name), left })
    }

    /// Publishes nothing, and says why: removes what was written and puts these files, by name and content, whole in the
    /// place of the last report, `stopped/`. Gives that folder.
    pub fn stop(self, files: Vec<(String, Vec<u8>)>) -> Result<PathBuf, BuildFolderError> {
        // First: on a full disk it makes the room. What cannot be removed is cleared by the next run.
        let _ = disk::remove(&self.aside);
        stopped::put(&self.out, &files)
    }

    fn place(&self, wanted: &str, manifest: &Manifest) -> Result<Place, BuildFolderError> {
        let namesakes = kept::namesakes(&self.builds, wanted)?;
        let (mut same, mut spoilt) = (None, Vec::new());
        for name in &namesakes {
            let path = self.builds.join(name);
            match verify(&path) {
                // The one that readers may have open stays.
                Ok(there) if there == *manifest => same = Some(name.clone()),
                Err(BuildFolderError::NotWhole { .. }) if kept::is_build(&path) => spoilt.push(name.clone()),
                // Other bytes, or it cannot be read, or it is no build.
                Ok(_) | Err(_) => {}
            }
        }
        if let Some(name) = same {
            return Ok(Place { name, is_taken: true, spoilt });
        }
        let mut name = wanted.to_owned();
        let mut number = 1;
        while namesakes.contains(&name) {
            number += 1;
            name = format!("{wanted}-{number}");
        }
        Ok(Place { name, is_taken: false, spoilt })
    }

    fn is_still_there(&self) -> Result<(), BuildFolderError> {
        match self.held.is_at(&self.aside) {
            Ok(true) => Ok(()),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io_error("read", &self.aside)(error)),
            _ => Err(BuildFolderError::Gone(self.aside.clone())),
        }
    }
}

impl Drop for BuildFolder {
    fn drop(&mut self) {
        if self.is_still_there().is_ok() {
            // What cannot be removed is cleared by the next run.
            let _ = disk::remove(&self.aside);
        }
    }
}

/// The lock goes with the process that holds it, however that ends.
fn lock(out: &Path) -> Result<File, BuildFolderError> {
    let path = out.join(LOCK);
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io_error("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(BuildFolderError::Busy(out.to_owned())),
        Err(TryLockError::Error(source)) => Err(io_error("lock", &path)(source)),
    }
}

#[cfg(test)]
mod tests;
