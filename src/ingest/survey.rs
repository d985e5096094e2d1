//! The structural pass: how many records, of what shape, with which keys and days, found without the parser.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::IngestError;
use super::text_survey::survey_text;
use crate::definitions::{Extract, Input};
use crate::files::{file_name, is_parquet};
use crate::tables::raw::{ExtractStructure, FileStructure, note_force};

/// What one file adds to its extract's structure.
pub(super) struct Surveyed {
    pub file: FileStructure,
    pub noted: super::notes::Noted,
}

/// What a survey looks for.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub extract: &'a Extract,
    /// Every kind of extract, to tell a file of another kind.
    pub others: &'a [Extract],
    pub input: &'a Input,
    pub own_force: &'a str,
}

/// Surveys every file of an extract. Files are taken in order of their names.
///
/// # Errors
/// A file that is missing, empty, cut off, of another extract, without a required column, or open to more than one
/// reading.
pub fn survey(wanted: Wanted<'_>) -> Result<ExtractStructure, IngestError> {
    let mut files: Vec<PathBuf> = wanted.input.files.clone();
    files.sort_by_key(|path| (file_name(path), path.clone()));
    let surveyed = files.par_iter().map(|path| survey_file(wanted, path)).collect::<Result<Vec<_>, IngestError>>()?;
    Ok(gather(surveyed, wanted.own_force))
}

fn survey_file(wanted: Wanted<'_>, path: &Path) -> Result<Surveyed, IngestError> {
    let surveyed = if is_parquet(path) { super::parquet::survey(wanted, path)? } else { survey_text(wanted, path)? };
    if surveyed.file.records == 0 && !wanted.extract.may_be_absent {
        let (extract, path) = (wanted.extract.id.clone(), path.to_owned());
        return Err(IngestError::NoRecords { extract, path });
    }
    Ok(surveyed)
}

fn gather(surveyed: Vec<Surveyed>, own_force: &str) -> ExtractStructure {
    let mut structure = ExtractStructure::default();
    let mut keys = Vec::with_capacity(surveyed.iter().map(|s| s.noted.keys.len()).sum());
    for one in surveyed {
        keys.extend(one.noted.keys);
        for (day, rows) in one.noted.rows_by_day {
            *structure.rows_by_day.entry(day).or_default() += rows;
        }
        for (force, rows) in one.noted.rows_by_force {
            note_force(&mut structure.rows_by_force, &force, own_force, rows);
        }
        structure.files.push(one.file);
    }
    keys.par_sort_unstable();
    structure.repeated_keys = keys.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect::<HashSet<_>>();
    structure
}
