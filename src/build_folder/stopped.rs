//! `stopped/`: why the last run published nothing, whole or not there.

use std::path::{Path, PathBuf};

use super::disk;
use super::error::BuildFolderError;

/// Where a report is written before it has its name.
pub(super) const NEW: &str = ".stopped";
/// Where the last report goes before it is removed.
pub(super) const OLD: &str = ".stopped-old";
const STOPPED: &str = "stopped";

/// Puts the files in the place of the last report. Only their owner can open them: they may name records.
pub(super) fn put(out: &Path, files: &[(String, Vec<u8>)]) -> Result<PathBuf, BuildFolderError> {
    let (new, old, stopped) = (out.join(NEW), out.join(OLD), out.join(STOPPED));
    disk::remove(&new)?;
    disk::make_private_folder(&new)?;
    for (name, bytes) in files {
        disk::write(&new.join(name), bytes)?;
    }
    disk::sync_folder(&new)?;
    if disk::is_there(&stopped)? {
        disk::remove(&old)?;
        disk::rename(&stopped, &old)?;
    }
    disk::rename(&new, &stopped)?;
    disk::sync_folder(out)?;
    // What cannot be removed now is cleared by the next run.
    let _ = disk::remove(&old);
    Ok(stopped)
}

/// Removes the report of a run that was stopped, if there is one.
pub(super) fn remove(out: &Path) -> Result<(), BuildFolderError> {
    let (old, stopped) = (out.join(OLD), out.join(STOPPED));
    if disk::is_there(&stopped)? {
        disk::remove(&old)?;
        disk::rename(&stopped, &old)?;
    }
    disk::remove(&old)
}
