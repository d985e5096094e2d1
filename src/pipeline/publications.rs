//! What readers open, made of the tables that the build has just closed.

use chrono::NaiveDate;
use serde_json::json;

use super::run_log::RunLog;
use super::{BuildError, BuildRequest, Progress, Until, judging};
use crate::build_folder::BuildFolder;
use crate::definitions::Definitions;
use crate::domain::Provenance;
use crate::publish::{self, WORKBOOK, WorkbookInput};

/// What a build says of itself where it is read.
pub(super) struct Publication<'a> {
    pub definitions: &'a Definitions,
    pub data_date: NaiveDate,
    pub provenance: Provenance,
    /// Where the figures are from, a sentence each.
    pub sources: Vec<String>,
}

/// Writes them, where the build goes so far. Without a line of the pipeline's own force there is none.
pub(super) fn write(
    publication: &Publication<'_>,
    request: &BuildRequest,
    folder: &BuildFolder,
    progress: &dyn Progress,
    log: &mut RunLog,
) -> Result<(), BuildError> {
    if request.until < Until::Page {
        return Ok(());
    }
    progress.stage("Writing the workbook");
    let input = WorkbookInput {
        definitions: publication.definitions,
        data_date: publication.data_date,
        provenance: publication.provenance,
        sources: &publication.sources,
        build: folder.path(),
    };
    let bytes = publish::workbook(&input)?;
    if let Some(bytes) = &bytes {
        judging::write(&folder.path().join(WORKBOOK), bytes)?;
    }
    log.step("workbook", json!({"bytes": bytes.map_or(0, |b| b.len())}))
}
