//! What goes wrong with a disk, said so that somebody can mend it.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum BuildFolderError {
    #[error("another build is writing to {0}")]
    Busy(PathBuf),
    #[error("cannot {doing} {path}: {source}")]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("cannot make a link in {folder}: {source}")]
    NoLinks { folder: PathBuf, source: io::Error },
    #[error("{0} is not a link, so no build can be swapped in there")]
    NotALink(PathBuf),
    /// The folder that was being written is not there any more, or it is another one.
    #[error("{0} went away while the build ran")]
    Gone(PathBuf),
    #[error("{path} is not a whole build: {reason}")]
    NotWhole { path: PathBuf, reason: String },
}

impl BuildFolderError {
    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Busy(_) => "Wait until it has finished, or give this build another --out.",
            Self::Io { source, .. } => disk_hint(source),
            Self::NoLinks { .. } => {
                "This disk or share may hold no links. Give --out a folder on a local disk, and copy the build from there."
            }
            Self::NotALink(_) => "Move it away: it is made anew when the build is published.",
            Self::Gone(_) => {
                "Was the share unmounted, was the folder removed, or did another computer build there too? Build again \
                 when it is back."
            }
            Self::NotWhole { .. } => "Build again; `scorecard verify` names every difference.",
        }
    }
}

/// What to do about an error of a disk that is written to.
pub fn disk_hint(error: &io::Error) -> &'static str {
    // POSIX has had one number for each of these since before it had names in Rust.
    const EIO: i32 = 5;
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    const ENOLCK: i32 = if cfg!(target_os = "linux") { 37 } else { 77 };
    match (error.kind(), error.raw_os_error()) {
        (ErrorKind::StorageFull, _) => {
            "The disk is full. What this build had written is removed. Make room, or lower keep_builds in the pipeline \
             file, and build again."
        }
        (ErrorKind::QuotaExceeded, _) => {
            "This user's share of the disk is used up. What this build had written is removed. Make room, or lower \
             keep_builds in the pipeline file, and build again."
        }
        (ErrorKind::ReadOnlyFilesystem, _) => {
            "The disk is mounted read-only. Have it mounted for writing, or give --out a folder on another."
        }
        (ErrorKind::PermissionDenied, _) => {
            "This user may not write there. Give the folder and all in it to the user that builds, or give --out another."
        }
        (ErrorKind::NotFound, _) => {
            "The folder went away while the build ran. Was the share unmounted, or the folder removed? Build again when it \
             is back."
        }
        (
            ErrorKind::StaleNetworkFileHandle
            | ErrorKind::NotConnected
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::TimedOut,
            _,
        ) => "The network share does not answer. See that it is mounted again, and build again.",
        (ErrorKind::Unsupported, _) | (_, Some(ENOLCK)) => {
            "This disk or share lacks something that a build needs, such as locks. Give --out a folder on a local disk, \
             and copy the build from there."
        }
        (_, Some(EIO)) => {
            "The disk or share failed. See that it is mounted and sound (`dmesg` names a failing disk), and build again."
        }
        (_, Some(EMFILE | ENFILE)) => {
            "Too many files are open. Allow more with `ulimit -n 4096`, or use fewer threads with --jobs, and build again."
        }
        _ => "See that the folder is there, can be written and has room, and build again.",
    }
}

pub(super) fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BuildFolderError {
    let path = path.to_owned();
    move |source| BuildFolderError::Io { doing, path, source }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn each_error_of_a_disk_has_its_own_next_step() {
        // Numbers from Linux's errno.h.
        for (name, number, expected) in [
            ("ENOSPC", 28, "disk is full"),
            ("EDQUOT", 122, "share of the disk is used up"),
            ("EROFS", 30, "mounted read-only"),
            ("EACCES", 13, "may not write"),
            ("EPERM", 1, "may not write"),
            ("ENOENT", 2, "went away"),
            ("ESTALE", 116, "share does not answer"),
            ("ENOTCONN", 107, "share does not answer"),
            ("EHOSTUNREACH", 113, "share does not answer"),
            ("ETIMEDOUT", 110, "share does not answer"),
            ("ENOLCK", 37, "such as locks"),
            ("EOPNOTSUPP", 95, "such as locks"),
            ("EIO", 5, "disk or share failed"),
            ("EMFILE", 24, "Too many files"),
            ("ENFILE", 23, "Too many files"),
            ("ENXIO", 6, "has room"),
        ] {
            let hint = disk_hint(&io::Error::from_raw_os_error(number));
            assert!(hint.contains(expected), "{name}: {hint}");
        }
    }
}
