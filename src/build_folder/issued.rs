//! `issued`: a link to the build whose packs are in use, and the hold that keeps it where it is.
//!
//! A build with packs issues them as it becomes current, unless an analyst holds them: then readers of `issued` go on with
//! the last ones, and nothing removes that build.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::error::{BuildFolderError, io_error};
use super::{BUILDS, current, disk, lock};

const ISSUED: &str = "issued";
/// Holds the packs while it is there: one line, the reason.
const HOLD: &str = "issued.hold";
/// Where a hold is written before it has its name.
pub(super) const NEW_HOLD: &str = ".issued.hold";
/// In a build that has packs.
const PACKS: &str = "packs";

/// Why the packs are held; `None` where they are not.
///
/// # Errors
/// A hold that cannot be read.
pub fn held(out: &Path) -> Result<Option<String>, BuildFolderError> {
    let path = out.join(HOLD);
    match fs::read(&path) {
        Ok(text) => Ok(Some(String::from_utf8_lossy(&text).trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error("read", &path)(error)),
    }
}

/// The name of the build whose packs are in use.
pub fn name(out: &Path) -> Option<String> {
    current::name_of(out, ISSUED)
}

/// Keeps the packs that are in use until [`release`], whatever is built.
///
/// # Errors
/// A build is running, or the hold cannot be written.
pub fn hold(out: &Path, reason: &str) -> Result<(), BuildFolderError> {
    let _lock = lock(out)?;
    let new = out.join(NEW_HOLD);
    disk::write(&new, format!("{reason}\n").as_bytes())?;
    disk::rename(&new, &out.join(HOLD))?;
    disk::sync_folder(out)
}

/// Lifts the hold and issues the packs of the current build. Gives its name, if it has packs.
///
/// # Errors
/// A build is running, or the link cannot be moved.
pub fn release(out: &Path) -> Result<Option<String>, BuildFolderError> {
    let _lock = lock(out)?;
    disk::remove(&out.join(HOLD))?;
    disk::sync_folder(out)?;
    let Some(current) = current::name(out) else { return Ok(None) };
    follow(out, &current)?;
    Ok(name(out).filter(|issued| *issued == current))
}

/// Issues the packs of a build that is whole, if it has any and nothing holds them.
pub(super) fn follow(out: &Path, build: &str) -> Result<(), BuildFolderError> {
    if held(out)?.is_some() || !out.join(BUILDS).join(build).join(PACKS).is_dir() {
        return Ok(());
    }
    current::link_to(out, ISSUED, build)?.swap_in()?;
    disk::sync_folder(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let out = tempfile::tempdir().unwrap();
        for build in ["a", "b"] {
            fs::create_dir_all(out.path().join(BUILDS).join(build).join(PACKS)).unwrap();
        }
        fs::create_dir_all(out.path().join(BUILDS).join("without")).unwrap();
        out
    }

    #[test]
    fn packs_follow_the_builds_that_have_them() {
        let out = folder();
        assert_eq!(name(out.path()), None);
        for (build, issued) in [("a", "a"), ("without", "a"), ("b", "b")] {
            follow(out.path(), build).unwrap();
            assert_eq!(name(out.path()).as_deref(), Some(issued), "{build}");
        }
    }

    #[test]
    fn a_hold_keeps_the_packs_until_it_is_released() {
        let out = folder();
        follow(out.path(), "a").unwrap();
        hold(out.path(), "the charge rate fell by half: is the extract whole?").unwrap();
        assert_eq!(held(out.path()).unwrap().as_deref(), Some("the charge rate fell by half: is the extract whole?"));
        follow(out.path(), "b").unwrap();
        assert_eq!(name(out.path()).as_deref(), Some("a"));
        current::link_to(out.path(), "current", "b").unwrap().swap_in().unwrap();
        assert_eq!(release(out.path()).unwrap().as_deref(), Some("b"));
        assert_eq!((name(out.path()).as_deref(), held(out.path()).unwrap()), (Some("b"), None));
    }
}
