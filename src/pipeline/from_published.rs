//! A build from published tables alone: the figures are read, not measured.

use serde_json::json;

use super::books::Books;
use super::figures::Figures;
use super::gatekeeper::{self, Gatekeeper};
use super::judging::Court;
use super::publications::{self, Publication};
use super::run_log::RunLog;
use super::{BuildError, BuildRequest, Progress, Summary, Until, accounts, manifest, published_quality, swap_in};
use crate::build_folder::{BuildFolder, ManifestInput};
use crate::compare;
use crate::definitions::{Definitions, Metric, Thresholds};
use crate::domain::Provenance;
use crate::publish::{self, Seen};
use crate::published::{self, InFiles, OUTCOME_MIX, Published, RECORDED_CRIME_YEARS, STREET_EXTRACT, STREET_MONTHS};
use crate::tables::figure::{self, Figure};
use crate::tables::published::METRIC_VALUES;
use crate::tables::quality::LineQualities;
use crate::tables::spec::TableSpec;
use crate::tables::store::TableWriter;

pub(super) fn run(
    definitions: &Definitions,
    request: &BuildRequest,
    progress: &dyn Progress,
) -> Result<Summary, BuildError> {
    let folder = BuildFolder::start(&request.out)?;
    let mut log = RunLog::create(folder.path())?;
    progress.stage("Reading the published tables");
    let mut found = published::run(definitions, request.as_at)?;
    log.step("read published", json!({"files": found.files.len()}))?;
    if let (Some((first, reason)), Some((last, _))) =
        (found.figures.no_national.first(), found.figures.no_national.last())
    {
        progress.warn(&format!("no figure of the nation for {first} to {last}: {reason}"));
    }
    let mut books = Books {
        data_date: found.data_date,
        reconciliation: std::mem::take(&mut found.reconciliation),
        quarantined: std::mem::take(&mut found.quarantined),
        findings: std::mem::take(&mut found.findings),
    };
    books.sort();
    // Official tables have no faults, or are refused; only the street files' rows are judged one by one.
    let mut gates = Gatekeeper::new(definitions, request, std::iter::once((STREET_EXTRACT, Thresholds::default())));
    gates.reconciled(&books.reconciliation);
    if gates.stops(progress, &mut log)? {
        let names = found.files.iter().filter(|f| f.extract == STREET_EXTRACT).map(|f| f.file.to_string()).collect();
        let files = [(STREET_EXTRACT.to_owned(), names)];
        let report = gates.report(&files, Provenance::Published, Some(&books), Some(books.data_date));
        return Err(gatekeeper::take_down(report, Some(&books), folder));
    }
    let (_, warnings) = gates.passed(progress);
    progress.stage("Writing the tables");
    let mut figures = write(definitions, &found, &folder)?;
    progress.stage("Judging");
    judge(definitions, request, &found, &folder, &mut figures)?;
    let provenance = Provenance::Published.name();
    let input = |f: &published::PublishedFile| ManifestInput {
        extract: f.extract.to_owned(),
        file: f.file.to_string(),
        bytes: f.bytes,
        blake3: f.blake3.clone(),
        provenance: provenance.to_owned(),
    };
    let inputs = found.files.iter().map(input).collect();
    let noted = published::in_files(&found.noted);
    published_quality::report(definitions, &request.out, &found, &noted, &books, &folder)?;
    let notes = notes(&noted);
    accounts::books(&books, &folder)?;
    log.step("write tables", json!({}))?;
    let publication = Publication {
        definitions,
        data_date: books.data_date,
        provenance: Provenance::Published,
        sources: attributions(definitions),
    };
    publications::write(&publication, request, &folder, progress, &mut log)?;
    progress.stage("Publishing");
    let manifest = manifest(definitions, request, provenance, inputs, &books);
    log.finish()?;
    let build = swap_in(definitions, folder, manifest, progress)?;
    Ok(Summary { notes, ..Summary::new(books, figures, warnings, build) })
}

/// What the licences ask to be said, each once.
pub(super) fn attributions(definitions: &Definitions) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for input in definitions.pipeline.published.iter().filter(|input| !input.source.is_empty()) {
        if !said.contains(&input.source) {
            said.push(input.source.clone());
        }
    }
    said
}

/// What the tables say of themselves, a line for each kind and force.
fn notes(found: &[InFiles]) -> Vec<String> {
    let line = |InFiles { finding: one, files }: &InFiles| {
        let of = one.of.map_or_else(String::new, |of| format!(" of {of}"));
        let column = if one.column.is_empty() { String::new() } else { format!(", {}", one.column) };
        let force = one.force.as_ref().map_or_else(String::new, |force| format!(", {force}"));
        let place = if *files > 1 { format!("{files} files") } else { one.file.clone() };
        format!("{}{of}  {}{column}{force}: {} ({place})", one.affected, one.extract, one.words)
    };
    found.iter().map(line).collect()
}

/// The first table's licence words stand for all.
fn source(definitions: &Definitions) -> &str {
    definitions.pipeline.published.first().map_or("", |p| p.source.as_str())
}

/// All forces are here, so they are each other's comparators.
fn judge(
    definitions: &Definitions,
    request: &BuildRequest,
    found: &Published,
    folder: &BuildFolder,
    figures: &mut Figures,
) -> Result<(), BuildError> {
    let source = source(definitions).to_owned();
    let court = Court {
        definitions,
        data_date: found.data_date,
        provenance: Provenance::Published,
        source,
        own_force: definitions.pipeline.force.as_str(),
        table: None,
        draw: request.until >= Until::Charts,
        line_qualities: LineQualities::new(),
    };
    let metrics: Vec<(&Metric, &[Figure])> = found
        .figures
        .by_metric
        .iter()
        .filter_map(|(id, rows)| Some((definitions.metric(id.as_str())?, rows.as_slice())))
        .collect();
    let headlines: Vec<_> = metrics.iter().flat_map(|(metric, rows)| court.headlines(metric, rows)).collect();
    let family = compare::family(&headlines);
    let (mut verdicts, mut charts) = (court.open(folder)?, Vec::new());
    for (metric, rows) in metrics {
        charts.extend(court.judge(metric, rows, &[], true, &family, &mut verdicts)?);
    }
    court.close(folder, verdicts, charts, Vec::new(), figures)
}

fn write(definitions: &Definitions, found: &Published, folder: &BuildFolder) -> Result<Figures, BuildError> {
    let mut figures = Figures::default();
    let mut seen = Seen::default();
    let mut values = TableWriter::create(folder.path(), METRIC_VALUES)?;
    for (metric, rows) in &found.figures.by_metric {
        seen.note(rows);
        figures.values += rows.len() as u64;
        values.write_arrays(figure::arrays(metric.as_str(), rows))?;
    }
    values.finish()?;
    figures.not_available = found.figures.not_available.iter().map(|(m, why)| (m.to_string(), why.clone())).collect();
    let frame = |spec: TableSpec, frame| -> Result<(), BuildError> {
        let mut writer = TableWriter::create(folder.path(), spec)?;
        writer.write_frame(frame)?;
        writer.finish()?;
        Ok(())
    };
    frame(OUTCOME_MIX, &found.street.outcome_mix)?;
    frame(STREET_MONTHS, &found.street.street_months)?;
    if let Some(years) = &found.recorded_crime_years {
        frame(RECORDED_CRIME_YEARS, years)?;
    }
    for (table, arrays) in publish::dimensions(definitions, found.data_date, &seen) {
        accounts::table(folder, table, arrays)?;
    }
    Ok(figures)
}
