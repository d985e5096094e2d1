//! Loads the pipeline's comparator table, if it may stand beside the figures at all.

use std::io::BufReader;

use super::sources::Sources;
use super::{BuildError, BuildRequest, Forces, Progress};
use crate::build_folder::ManifestInput;
use crate::comparators::ComparatorTable;
use crate::definitions::Definitions;
use crate::files;
use crate::ingest::IngestError;

const EXTRACT: &str = "comparators";

/// The table, and its entry among the build's inputs. `None` where the pipeline has none, where every force is measured
/// and so is each other's comparator, and where real figures would meet synthetic ones.
pub(super) fn load(
    definitions: &Definitions,
    request: &BuildRequest,
    sources: &Sources,
    progress: &dyn Progress,
    inputs: &mut Vec<ManifestInput>,
) -> Result<Option<ComparatorTable>, BuildError> {
    let Some(table) = &definitions.pipeline.comparators.table else { return Ok(None) };
    if request.forces == Forces::All {
        return Ok(None);
    }
    if table.provenance.is_synthetic() != sources.provenance.is_synthetic() {
        progress.warn(&format!(
            "the comparator table is {} and the extracts are {}: real and synthetic are never compared, so no figure has a \
             group or a nation beside it",
            table.provenance.name(),
            sources.provenance.name()
        ));
        return Ok(None);
    }
    let [path] = table.files.as_slice() else { return Ok(None) };
    let io = |source| IngestError::of_io(EXTRACT, path, source);
    let text = files::open(path).map_err(io)?;
    let name = files::file_name(path);
    let read = ComparatorTable::read(&name, BufReader::new(text), definitions)?;
    let (bytes, blake3) = files::fingerprint(path).map_err(io)?;
    let provenance = table.provenance.name().to_owned();
    inputs.push(ManifestInput { extract: EXTRACT.to_owned(), file: name, bytes, blake3, provenance });
    Ok(Some(read))
}
