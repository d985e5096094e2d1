//! What readers open, made of the tables and charts that the build has just closed.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;

use super::run_log::RunLog;
use super::{BuildError, BuildRequest, MadePack, MadePacks, PackRequest, PackSource, Progress, Until, judging};
use crate::build_folder::{BuildFolder, BuildFolderError};
use crate::definitions::Definitions;
use crate::domain::Provenance;
use crate::publish::facts::Facts;
use crate::publish::page::{self, PageInput};
use crate::publish::{self, WORKBOOK, WorkbookInput};

const PAGE: &str = "scorecard.html";
const CHARTS: &str = "charts";

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
    progress.stage("Writing the page");
    let bytes = page(publication, folder)?;
    log.step("page", json!({"bytes": bytes}))?;
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
    log.step("workbook", json!({"bytes": bytes.map_or(0, |b| b.len())}))?;
    if request.until < Until::Packs {
        return Ok(());
    }
    progress.stage("Writing the packs");
    let files = packs(publication, folder, progress)?;
    log.step("packs", json!({"files": files}))
}

/// Writes the packs; how many files they are.
fn packs(publication: &Publication<'_>, folder: &BuildFolder, progress: &dyn Progress) -> Result<usize, BuildError> {
    let Publication { definitions, data_date, provenance, sources } = publication;
    let source = PackSource::new(definitions, folder.path(), *data_date, *provenance, sources)?;
    let MadePacks { files, warnings } = source.make(&PackRequest::ALL)?;
    warnings.iter().for_each(|warning| progress.warn(warning));
    for MadePack { path, bytes, .. } in &files {
        let path = folder.path().join(path);
        let parent = path.parent().unwrap_or(folder.path());
        std::fs::create_dir_all(parent).map_err(|source| BuildFolderError::Io {
            doing: "create",
            path: parent.to_owned(),
            source,
        })?;
        judging::write(&path, bytes)?;
    }
    Ok(files.len())
}

/// Writes the page; its size.
fn page(publication: &Publication<'_>, folder: &BuildFolder) -> Result<usize, BuildError> {
    let definitions = publication.definitions;
    let force = definitions.pipeline.force.as_str();
    let Some(facts) = Facts::read(folder.path(), force, definitions.pipeline.solved_set)? else { return Ok(0) };
    let page = page::page(&PageInput {
        definitions,
        force,
        force_name: definitions.references.force_name(force).unwrap_or(force),
        data_date: publication.data_date,
        synthetic: publication.provenance.is_synthetic(),
        source: &publication.sources.join(" "),
        facts: &facts,
        charts: &charts(&folder.path().join(CHARTS))?,
    })?;
    judging::write(&folder.path().join(PAGE), page.as_bytes())?;
    Ok(page.len())
}

/// The charts of the build as elements of a page, by name.
fn charts(folder: &Path) -> Result<BTreeMap<String, String>, BuildError> {
    let io = |path: &Path, source| BuildFolderError::Io { doing: "read", path: path.to_owned(), source };
    let mut charts = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(charts);
    }
    for entry in std::fs::read_dir(folder).map_err(|source| io(folder, source))? {
        let path = entry.map_err(|source| io(folder, source))?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        if let (Some(name), Some("svg")) = (name, path.extension().and_then(|e| e.to_str())) {
            let svg = std::fs::read_to_string(&path).map_err(|source| io(&path, source))?;
            charts.insert(name, page::inline_svg(&svg, "class=\"chart\""));
        }
    }
    Ok(charts)
}
