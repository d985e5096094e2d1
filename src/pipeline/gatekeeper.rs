//! Brings the gates what they judge by, and does what they say: warn, let pass, stop.

use std::collections::BTreeMap;
use std::fs;

use chrono::NaiveDate;
use serde_json::json;

use super::books::Books;
use super::last_build::LastBuild;
use super::run_log::RunLog;
use super::sources::Sources;
use super::{BuildError, BuildRequest, Forces, Progress, accounts};
use crate::build_folder::{BuildFolder, BuildFolderError};
use crate::definitions::{Definitions, Severity, Thresholds};
use crate::domain::{Provenance, civil_date, days_since_epoch};
use crate::gates::{self, ExtractFacts, ExtractState, GateRow, GateRule, GateVerdict, Night, PlacesOf, StopReport};
use crate::ingest::IngestError;
use crate::tables::accepted::Reconciliation;
use crate::tables::published::QUARANTINE;
use crate::tables::raw::ExtractStructure;
use crate::validate::{DataDate, horizon};

/// Extracts asked for the data date, in this order.
pub(super) const DATED_BY: [&str; 3] = ["calls", "incidents", "crimes"];

pub(super) struct Gatekeeper<'a> {
    definitions: &'a Definitions,
    request: &'a BuildRequest,
    last: Option<LastBuild>,
    /// What is known of each extract, and what was said of it.
    rows: Vec<GateRow>,
    /// Verdicts that nobody has heard yet.
    fresh: Vec<GateVerdict>,
}

impl<'a> Gatekeeper<'a> {
    /// For extracts by id, with their thresholds.
    pub fn new(
        definitions: &'a Definitions,
        request: &'a BuildRequest,
        extracts: impl Iterator<Item = (&'a str, Thresholds)>,
    ) -> Self {
        let rows = extracts.map(|(id, thresholds)| GateRow::new(id, thresholds)).collect();
        Self { definitions, request, last: LastBuild::of(&request.out), rows, fresh: Vec::new() }
    }

    /// The extracts whose files can be read. A bad file is noted; one that is missing or cannot be opened is an error.
    pub fn readable(
        &mut self,
        surveyed: Vec<(String, Result<ExtractStructure, IngestError>)>,
    ) -> Result<BTreeMap<String, ExtractStructure>, BuildError> {
        let mut structures = BTreeMap::new();
        for (id, survey) in surveyed {
            match survey {
                Ok(structure) => {
                    structures.insert(id, structure);
                }
                Err(error) => match bad_file(&error) {
                    Some(verdict) => self.fresh.push(verdict),
                    None => return Err(error.into()),
                },
            }
        }
        Ok(structures)
    }

    /// Judges what the structural pass found.
    pub fn surveyed(
        &mut self,
        structures: &BTreeMap<String, ExtractStructure>,
        data_date: Option<DataDate>,
        sources: &Sources,
    ) {
        let horizons: Vec<i32> = DATED_BY.iter().filter_map(|id| horizon(&structures.get(*id)?.rows_by_day)).collect();
        let measured = match &self.request.forces {
            Forces::One(force) => Some(force.as_str()),
            Forces::All => None,
        };
        let as_at = self.request.as_at.map(days_since_epoch);
        let night = Night::new(as_at, data_date.map(|date| date.day), &horizons, measured);
        // Where one cannot be read, the others alone do not say what night it is.
        let shown_day = night.expected_day.filter(|_| structures.len() == sources.extracts.len());
        for row in &mut self.rows {
            let (Some(structure), Some(extract)) =
                (structures.get(&row.extract), self.definitions.extract(&row.extract))
            else {
                continue;
            };
            let last = self.last.as_ref();
            let facts = ExtractFacts {
                extract: &extract.id,
                thresholds: row.thresholds,
                records: structure.records(),
                rows_by_force: &structure.rows_by_force,
                dated: extract.time.is_some(),
                newest_day: gates::newest_day(&structure.rows_by_day, night.newest_allowed),
                hashes: structure.files.iter().map(|file| file.hash.as_str()).collect(),
                before: last.and_then(|l| l.before(self.definitions, self.request, sources, &extract.id)),
            };
            row.newest_day = facts.newest_day;
            row.expected_day = shown_day;
            row.records_read = Some(facts.records);
            self.fresh.extend(gates::survey(&night, &facts));
        }
    }

    /// Judges where the records ended up.
    pub fn reconciled(&mut self, reconciliation: &[Reconciliation]) {
        for row in &mut self.rows {
            let of_it = || reconciliation.iter().filter(|files| files.extract == row.extract);
            if of_it().next().is_none() {
                continue;
            }
            let read = of_it().map(|files| files.records_read).sum();
            let quarantined = of_it().map(|files| files.quarantined).sum();
            (row.records_read, row.quarantined) = (Some(read), Some(quarantined));
            self.fresh.extend(gates::quarantine(&row.extract, row.thresholds, read, quarantined));
        }
    }

    /// Lets pass what the analyst allowed, says what warns, and whether anything stops the build.
    pub fn stops(&mut self, progress: &dyn Progress, log: &mut RunLog) -> Result<bool, BuildError> {
        let mut fresh = std::mem::take(&mut self.fresh);
        gates::let_pass(&mut fresh, &self.request.allow);
        for warning in fresh.iter().filter(|v| v.severity == Severity::Warn) {
            progress.warn(&warning.told());
        }
        log.step("gates", json!({ "verdicts": fresh }))?;
        let stops = fresh.iter().any(|v| v.severity == Severity::Stop);
        for verdict in fresh {
            self.rows
                .iter_mut()
                .filter(|row| row.extract == verdict.extract)
                .for_each(|r| r.verdicts.push(verdict.clone()));
        }
        Ok(stops)
    }

    /// What the build is published with: the rows of its table `gates`, and what warned. Says which `--allow` was for
    /// nothing.
    pub fn passed(self, progress: &dyn Progress) -> (Vec<GateRow>, Vec<String>) {
        let verdicts = || self.rows.iter().flat_map(|row| &row.verdicts);
        for allow in self.request.allow.iter().filter(|a| !verdicts().any(|v| v.let_pass && a.covers(v))) {
            progress.warn(&format!("--allow {allow} was not needed: nothing of that stopped this build"));
        }
        let warnings = verdicts().map(GateVerdict::told).collect();
        (self.rows, warnings)
    }

    /// The report of a build that stops, with what is known of its records by then.
    pub fn report(
        self,
        files: &[(String, Vec<String>)],
        provenance: Provenance,
        books: Option<&Books>,
        data_date: Option<NaiveDate>,
    ) -> StopReport {
        let pipeline = &self.definitions.pipeline;
        let files_of = |extract: &str| files.iter().find(|(id, _)| id == extract).map(|(_, files)| files.clone());
        let state = |row: &GateRow| {
            Some(ExtractState {
                extract: row.extract.clone(),
                files: files_of(&row.extract)?,
                records_read: row.records_read,
                quarantined: row.quarantined,
                newest_row: row.newest_day.map(civil_date),
                days_behind: row.days_behind(),
            })
        };
        let verdicts = self.rows.iter().flat_map(|row| row.verdicts.clone());
        let (stops, warnings) = verdicts.partition(|v| v.severity == Severity::Stop);
        StopReport {
            version: env!("CARGO_PKG_VERSION"),
            title: pipeline.title.clone(),
            provenance: provenance.name(),
            pipeline: pipeline.id.clone(),
            force: pipeline.force.to_string(),
            data_date,
            last_good: self.last.as_ref().map(LastBuild::described),
            stops,
            warnings,
            extracts: self.rows.iter().filter_map(state).collect(),
            places: books.map(|b| PlacesOf::of(&b.quarantined)).unwrap_or_default(),
        }
    }
}

/// Writes the report of a stopped build, and takes the build down.
pub(super) fn take_down(report: StopReport, books: Option<&Books>, folder: BuildFolder) -> BuildError {
    let written = files_of_a_stop(&report, books, &folder).and_then(|files| Ok(folder.stop(files)?));
    BuildError::Stopped { verdicts: report.stops, report: written.map_err(Box::new) }
}

fn files_of_a_stop(
    report: &StopReport,
    books: Option<&Books>,
    folder: &BuildFolder,
) -> Result<Vec<(String, Vec<u8>)>, BuildError> {
    let unwritten = |e: &dyn std::fmt::Display| BuildError::Report(e.to_string());
    let html = report.html().map_err(|e| unwritten(&e))?;
    let json = report.json().map_err(|e| unwritten(&e))?;
    let mut files = vec![("report.html".to_owned(), html.into_bytes()), ("report.json".to_owned(), json.into_bytes())];
    if let Some(books) = books.filter(|b| !b.quarantined.is_empty()) {
        accounts::books(books, folder)?;
        let path = folder.path().join(QUARANTINE.path());
        let table = fs::read(&path).map_err(|source| BuildFolderError::Io { doing: "read", path, source })?;
        files.push(("quarantine.parquet".to_owned(), table));
    }
    Ok(files)
}

/// What stops a build as a bad extract, and not as a failure.
pub(super) fn bad_file(error: &IngestError) -> Option<GateVerdict> {
    let (extract, rule, limit) = match error {
        IngestError::Empty { extract, .. } => (extract, GateRule::EmptyFile, "a header and records"),
        IngestError::NoRecords { extract, .. } => (extract, GateRule::NoRecords, "at least one record"),
        IngestError::MissingColumn { extract, .. } => (extract, GateRule::MissingColumn, "every required column"),
        IngestError::DoubleColumn { extract, .. } => (extract, GateRule::DoubleColumn, "each column once"),
        IngestError::OtherExtract { extract, .. } => (extract, GateRule::OtherExtract, "the columns of this extract"),
        IngestError::AmbiguousDates { extract, .. }
        | IngestError::MixedEncodings { extract, .. }
        | IngestError::SeveralSheets { extract, .. } => (extract, GateRule::AmbiguousFile, "one way to read it"),
        IngestError::CutOff { extract, .. }
        | IngestError::Unreadable { extract, .. }
        | IngestError::Workbook { extract, .. }
        | IngestError::LongLine { extract, .. } => {
            (extract, GateRule::DamagedFile, "a file that can be read to its end")
        }
        IngestError::Missing { .. }
        | IngestError::NotInFolder { .. }
        | IngestError::TwoFiles { .. }
        | IngestError::Io { .. }
        | IngestError::CountsDiffer { .. } => return None,
    };
    let said = error.to_string();
    let problem = said.trim_start_matches(&format!("{extract}: "));
    Some(gates::file_verdict(extract, rule, problem, limit, error.hint()))
}
