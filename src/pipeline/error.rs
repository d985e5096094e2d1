//! What stops a build, and the exit code it stops with.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use crate::build_folder::{BuildFolderError, disk_hint};
use crate::comparators::ComparatorFaults;
use crate::gates::GateVerdict;
use crate::ingest::IngestError;
use crate::publish::packs::PackError;
use crate::publish::{WorkbookError, page};
use crate::published::PublishedError;
use crate::quality;
use crate::tables::reading::ReadingError;
use crate::tables::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Ingest(#[from] IngestError),
    #[error(transparent)]
    Folder(#[from] BuildFolderError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Published(#[from] PublishedError),
    #[error(transparent)]
    Comparators(#[from] ComparatorFaults),
    #[error("cannot draw a chart: {0}")]
    Chart(String),
    #[error(transparent)]
    QualityPage(#[from] quality::PageError),
    #[error(transparent)]
    Page(#[from] page::PageError),
    #[error(transparent)]
    Reading(#[from] ReadingError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    #[error("the figures could not be computed: {0}")]
    Frames(#[from] polars::prelude::PolarsError),
    #[error("cannot tell the data date: no extract has a day that follows seven days with rows")]
    NoDataDate,
    /// Gates stopped it. The report is the folder with why, or the reason why there is none.
    #[error("{}", messages(.verdicts))]
    Stopped { verdicts: Vec<GateVerdict>, report: Result<PathBuf, Box<Self>> },
    #[error("cannot write the report: {0}")]
    Report(String),
    #[error("{extract}: {file}: {read} records were read and {placed} have a place")]
    NotReconciled { extract: String, file: String, read: u64, placed: u64 },
}

/// The exit code of what failed.
pub const FAILED: u8 = 1;
/// The exit code where an extract is not good enough.
pub const BAD_EXTRACT: u8 = 3;

impl BuildError {
    /// 1 failed, 3 stopped by a threshold, 4 another build is running.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Stopped { .. } => BAD_EXTRACT,
            Self::Folder(BuildFolderError::Busy(_)) => 4,
            _ => FAILED,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Ingest(error) => error.hint(),
            Self::Published(error) => return error.hint(),
            Self::Folder(error) => error.hint(),
            Self::Store(_) | Self::Frames(_) => return os_error(self).map(disk_hint),
            Self::Comparators(_) => "Correct the comparator table that the pipeline file names, or leave it out.",
            Self::NoDataDate => "Say which day the data stand on with --as-at YYYY-MM-DD.",
            _ => return None,
        })
    }
}

/// The system's own error behind another one, where there is one.
fn os_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e io::Error> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}

fn messages(verdicts: &[GateVerdict]) -> String {
    verdicts.iter().map(|verdict| verdict.message.as_str()).collect::<Vec<_>>().join("\n")
}
