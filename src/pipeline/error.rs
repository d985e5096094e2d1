//! What stops a build, and the exit code it stops with.

use crate::build_folder::BuildFolderError;
use crate::comparators::ComparatorFaults;
use crate::ingest::IngestError;
use crate::published::PublishedError;
use crate::quality::PageError;
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
    Page(#[from] PageError),
    #[error("the figures could not be computed: {0}")]
    Frames(#[from] polars::prelude::PolarsError),
    #[error("cannot tell the data date: no extract has a day that follows seven days with rows")]
    NoDataDate,
    #[error(
        "{extract}: {quarantined} of {read} records ({share:.1}%) are in quarantine, more than the {limit:.1}% allowed"
    )]
    TooManyQuarantined { extract: String, read: u64, quarantined: u64, share: f64, limit: f64 },
    #[error("{extract}: {file}: {read} records were read and {placed} have a place")]
    NotReconciled { extract: String, file: String, read: u64, placed: u64 },
}

impl BuildError {
    /// 1 failed, 3 stopped by a threshold, 4 another build is running.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::TooManyQuarantined { .. } | Self::Published(PublishedError::TooManyQuarantined { .. }) => 3,
            Self::Folder(BuildFolderError::Busy(_)) => 4,
            _ => 1,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Ingest(error) => error.hint(),
            Self::Published(error) => return error.hint(),
            Self::Folder(BuildFolderError::Busy(_)) => "Wait until it has finished, or give this build another --out.",
            Self::Folder(BuildFolderError::NotWhole { .. }) => {
                "Build again; `scorecard verify` names every difference."
            }
            Self::Folder(BuildFolderError::Io { .. }) | Self::Store(_) => {
                "Is the disk full, or the output folder read-only?"
            }
            Self::Comparators(_) => "Correct the comparator table that the pipeline file names, or leave it out.",
            Self::NoDataDate => "Say which day the data stand on with --as-at YYYY-MM-DD.",
            Self::TooManyQuarantined { .. } => {
                "Nothing was published. Mend the export, or raise stop_quarantined_share in the extract's definition."
            }
            _ => return None,
        })
    }
}
