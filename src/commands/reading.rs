//! What to do about a table of a build that cannot be read.

use crate::tables::reading::ReadingError;

pub(super) const OTHER_VERSION: &str = "Read it with the version that wrote it: manifest.json names it.";

pub(super) fn advice(error: &ReadingError) -> &'static str {
    match error {
        ReadingError::Io { .. } => "Name the folder of a build, or build first.",
        ReadingError::Unreadable { .. } => "`scorecard verify` says whether the build is whole.",
        ReadingError::MissingColumn { .. } => OTHER_VERSION,
    }
}
