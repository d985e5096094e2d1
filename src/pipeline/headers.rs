//! A look at the header of every file that a build would read, before the night that needs it.

use std::path::Path;

use rayon::prelude::*;

use super::{BuildError, gatekeeper, sources};
use crate::definitions::Definitions;
use crate::gates::GateVerdict;
use crate::ingest::{self, IngestError, Wanted};

/// What was found.
#[derive(Debug, Default)]
pub struct Headers {
    /// Files that a build could read, as far as their headers say.
    pub good: usize,
    /// Extracts that are not there and need not be.
    pub absent: Vec<String>,
    /// What would stop a build as a bad extract.
    pub stops: Vec<GateVerdict>,
    /// What is missing or cannot be opened.
    pub errors: Vec<BuildError>,
}

/// Looks at the extracts in a folder, or at those that the pipeline names. Records are not read, so nothing is said of
/// them. Of published tables it is only seen whether they are there.
pub fn headers(definitions: &Definitions, extracts: Option<&Path>) -> Headers {
    let (sources, missing) = sources::resolve(definitions, extracts);
    let own_force = definitions.pipeline.force.as_str();
    let mut files = Vec::new();
    for (id, input) in &sources.extracts {
        let Some(extract) = definitions.extract(id) else { continue };
        let wanted = Wanted { extract, others: &definitions.extracts, input, own_force };
        files.extend(input.files.iter().map(|path| (wanted, path)));
    }
    let published = definitions.pipeline.published.iter().filter(|_| extracts.is_none());
    let published: Vec<Result<(), IngestError>> = published
        .flat_map(|input| input.files.iter().map(|path| (input.shape.name().to_owned(), path.clone())))
        .map(|(extract, path)| if path.is_file() { Ok(()) } else { Err(IngestError::Missing { extract, path }) })
        .collect();
    let looked_at: Vec<Result<(), IngestError>> =
        files.par_iter().map(|(wanted, path)| ingest::check_header(*wanted, path)).collect();
    let mut found = Headers { absent: sources.absent, ..Headers::default() };
    for one in missing.into_iter().map(Err).chain(looked_at).chain(published) {
        match one {
            Ok(()) => found.good += 1,
            Err(error) => match gatekeeper::bad_file(&error) {
                Some(verdict) => found.stops.push(verdict),
                None => found.errors.push(error.into()),
            },
        }
    }
    found
}
