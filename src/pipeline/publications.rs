//! What people open: made of the tables and charts that the build has just closed, of the pipeline's own force.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::BuildError;
use crate::build_folder::{BuildFolder, BuildFolderError};
use crate::definitions::Definitions;
use crate::domain::Provenance;
use crate::publish::facts::Facts;
use crate::publish::page::{self, PageInput};

const PAGE: &str = "scorecard.html";
const CHARTS: &str = "charts";

/// What the build is of.
pub(super) struct Subject<'a> {
    pub definitions: &'a Definitions,
    pub data_date: NaiveDate,
    pub provenance: Provenance,
    /// Where the figures are from.
    pub source: &'a str,
}

/// Writes the page. Nothing is written for a build without a figure of the force.
pub(super) fn write(subject: &Subject<'_>, folder: &BuildFolder) -> Result<(), BuildError> {
    let Subject { definitions, data_date, provenance, source } = *subject;
    let force = definitions.pipeline.force.as_str();
    let Some(facts) = Facts::read(folder.path(), force, definitions.pipeline.solved_set)? else { return Ok(()) };
    let charts = charts(&folder.path().join(CHARTS))?;
    let page = page::page(&PageInput {
        definitions,
        force,
        force_name: definitions.references.force_name(force).unwrap_or(force),
        data_date,
        synthetic: provenance.is_synthetic(),
        source,
        facts: &facts,
        charts: &charts,
    })?;
    let path = folder.path().join(PAGE);
    std::fs::write(&path, page).map_err(|source| io("write", &path, source))
}

/// The charts of the build as elements of a page, by name.
fn charts(folder: &Path) -> Result<BTreeMap<String, String>, BuildError> {
    let mut charts = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(charts);
    }
    for entry in std::fs::read_dir(folder).map_err(|source| io("read", folder, source))? {
        let path = entry.map_err(|source| io("read", folder, source))?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        if let (Some(name), Some("svg")) = (name, path.extension().and_then(|e| e.to_str())) {
            let svg = std::fs::read_to_string(&path).map_err(|source| io("read", &path, source))?;
            charts.insert(name, page::inline_svg(&svg, "class=\"chart\""));
        }
    }
    Ok(charts)
}

fn io(doing: &'static str, path: &Path, source: std::io::Error) -> BuildError {
    BuildError::Folder(BuildFolderError::Io { doing, path: path.to_owned(), source })
}
