//! Steps on a disk that hold when the power goes: what is made is entered in the folder above it, and flushed.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::error::{BuildFolderError, io_error};

/// The folder that a file or folder stands in.
fn above(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a folder and those above it that are not there.
pub(super) fn make_folders(path: &Path) -> Result<(), BuildFolderError> {
    if path.is_dir() {
        return Ok(());
    }
    let folder = above(path);
    if folder != path {
        make_folders(folder)?;
    }
    match fs::create_dir(path) {
        // Another build made it at the same time: the lock comes after.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made.map_err(io_error("create", path))?,
    }
    sync_folder(folder)
}

pub(super) fn make_folder(path: &Path) -> Result<(), BuildFolderError> {
    fs::create_dir(path).map_err(io_error("create", path))
}

/// Makes a folder that only its owner can open.
pub(super) fn make_private_folder(path: &Path) -> Result<(), BuildFolderError> {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(io_error("create", path))
}

/// Writes a file and flushes it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), BuildFolderError> {
    let mut file = File::create(path).map_err(io_error("create", path))?;
    file.write_all(bytes).map_err(io_error("write", path))?;
    file.sync_all().map_err(io_error("flush", path))
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), BuildFolderError> {
    fs::rename(from, to).map_err(io_error("rename", from))
}

/// Is anything there, be it a link that leads nowhere?
pub(super) fn is_there(path: &Path) -> Result<bool, BuildFolderError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(io_error("read", path)(error)),
    }
}

/// Removes a file, a link or a whole folder, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), BuildFolderError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(there) if there.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes the folders below this one that hold nothing.
pub(super) fn remove_empty(folder: &Path) -> Result<(), BuildFolderError> {
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

/// Flushes the names in a folder: what was made in it, renamed or removed. Not every disk offers it, nor needs it.
pub(super) fn sync_folder(path: &Path) -> Result<(), BuildFolderError> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(path).and_then(|folder| folder.sync_all()) {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        synced => synced.map_err(io_error("flush", path)),
    }
}

/// Flushes every file below a folder, and every folder after what is in it.
pub(super) fn sync_tree(folder: &Path) -> Result<(), BuildFolderError> {
    for entry in fs::read_dir(folder).map_err(io_error("list", folder))? {
        let entry = entry.map_err(io_error("list", folder))?;
        let path = entry.path();
        if entry.file_type().map_err(io_error("read", &path))?.is_dir() {
            sync_tree(&path)?;
        } else {
            // Windows flushes only what is open for writing.
            let file = File::options().read(true).write(cfg!(windows)).open(&path);
            file.and_then(|f| f.sync_all()).map_err(io_error("flush", &path))?;
        }
    }
    sync_folder(folder)
}

/// A folder held open, so that another one in its place is not taken for it: a share may be unmounted and leave an empty
/// folder of the same name.
pub(super) struct HeldFolder(#[cfg(unix)] File);

impl HeldFolder {
    #[cfg(unix)]
    pub fn hold(path: &Path) -> Result<Self, BuildFolderError> {
        File::open(path).map(Self).map_err(io_error("open", path))
    }

    #[cfg(not(unix))]
    pub fn hold(_: &Path) -> Result<Self, BuildFolderError> {
        Ok(Self())
    }

    /// Is it this folder that is found at the path?
    #[cfg(unix)]
    pub fn is_at(&self, path: &Path) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        let (held, found) = (self.0.metadata()?, fs::metadata(path)?);
        Ok((held.dev(), held.ino()) == (found.dev(), found.ino()))
    }

    #[cfg(not(unix))]
    pub fn is_at(&self, path: &Path) -> io::Result<bool> {
        path.try_exists()
    }
}
