//! `current` and `issued`: links to a build, each moved in one step.

use std::fs;
use std::io;
#[cfg(unix)]
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::disk;
use super::error::{BuildFolderError, io_error};

const CURRENT: &str = "current";
/// The link before it has its name.
pub(super) const NEW: &str = ".current";

/// Without symbolic links `current` is a text file that names the build.
#[cfg(unix)]
fn link(name: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(Path::new(super::BUILDS).join(name), at)
}

#[cfg(not(unix))]
fn link(name: &str, at: &Path) -> io::Result<()> {
    fs::write(at, name)
}

/// Sees, before hours go into a build, that it can be swapped in.
#[cfg(unix)]
pub(super) fn can_be_moved(out: &Path) -> Result<(), BuildFolderError> {
    let (new, current) = (out.join(NEW), out.join(CURRENT));
    disk::remove(&new)?;
    match fs::symlink_metadata(&current) {
        Ok(there) if there.is_symlink() => return Ok(()),
        Ok(_) => return Err(BuildFolderError::NotALink(current)),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(io_error("read", &current)(error)),
    }
    match link("none", &new) {
        Err(source) if holds_no_links(&source) => Err(BuildFolderError::NoLinks { folder: out.to_owned(), source }),
        made => made.map_err(io_error("link", &new)),
    }?;
    disk::remove(&new)
}

/// Some shares do not. Where it is this user who may not write, it is another error.
#[cfg(unix)]
fn holds_no_links(error: &io::Error) -> bool {
    const EPERM: i32 = 1;
    error.kind() == ErrorKind::Unsupported || error.raw_os_error() == Some(EPERM)
}

#[cfg(not(unix))]
pub(super) fn can_be_moved(out: &Path) -> Result<(), BuildFolderError> {
    disk::remove(&out.join(NEW))
}

/// The name of the build that is current.
pub(super) fn name(out: &Path) -> Option<String> {
    name_of(out, CURRENT)
}

/// The name of the build that a link leads to.
pub(super) fn name_of(out: &Path, link: &str) -> Option<String> {
    let link = out.join(link);
    #[cfg(unix)]
    let at = fs::read_link(link).ok()?;
    #[cfg(not(unix))]
    let at = PathBuf::from(fs::read_to_string(link).ok()?);
    at.file_name()?.to_str().map(str::to_owned)
}

/// A link to a build, beside the one that it replaces.
pub(super) struct Link {
    new: PathBuf,
    at: PathBuf,
}

/// Makes the link that is to be `current`; the build need not be there yet.
pub(super) fn to_be_current(out: &Path, name: &str) -> Result<Link, BuildFolderError> {
    link_to(out, CURRENT, name)
}

/// Makes the link that is to have this name.
pub(super) fn link_to(out: &Path, at: &str, name: &str) -> Result<Link, BuildFolderError> {
    let new = out.join(NEW);
    disk::remove(&new)?;
    link(name, &new).map_err(io_error("link", &new))?;
    Ok(Link { new, at: out.join(at) })
}

impl Link {
    /// Puts it in the place of the old one. A reader finds the old one or the new one.
    pub fn swap_in(self) -> Result<(), BuildFolderError> {
        disk::rename(&self.new, &self.at)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_share_without_links_is_told_from_a_full_or_closed_one() {
        // Linux's errno.h: EPERM, EOPNOTSUPP, then EACCES, ENOSPC.
        for (number, expected) in [(1, true), (95, true), (13, false), (28, false)] {
            assert_eq!(holds_no_links(&io::Error::from_raw_os_error(number)), expected, "{number}");
        }
    }
}
