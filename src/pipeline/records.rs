//! Stages 1 to 3, extract by extract: files in, conformed tables on the disk, every record accounted for.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{DataFrame, IdxSize, LazyFrame, PlRefPath, PolarsResult, ScanArgsParquet, SortMultipleOptions};
use serde_json::json;

use super::books::Books;
use super::gatekeeper::{DATED_BY, Gatekeeper};
use super::run_log::RunLog;
use super::sources::Sources;
use super::{BuildError, BuildRequest, Progress, Until};
use crate::build_folder::{BuildFolder, ManifestInput};
use crate::conform::{Conformed, Conformer, IncidentIndex, Posts};
use crate::definitions::{Definitions, Extract, Input};
use crate::ingest::{self, IngestError, Wanted};
use crate::quality::{Checks, Counts};
use crate::tables::accepted::{Finding, Findings, Quarantined, Reconciliation, Rows};
use crate::tables::published::conformed_table;
use crate::tables::raw::ExtractStructure;
use crate::tables::spec::TableSpec;
use crate::tables::store::TableWriter;
use crate::validate::{DataDate, Held, Settled, Validator, data_date, settle};

/// Rows that get the columns of their crimes at once.
const ROWS_JOINED: usize = 262_144;
/// Conformed tables up to this size are put in the order of their keys, in memory. Larger ones, of many forces at once,
/// stay in the order of their files.
const MOST_ROWS_IN_ORDER: u64 = 1_500_000;

/// How reading ended.
pub(super) enum Read {
    All(Records),
    /// By a gate, with the account of the records if it was taken by then.
    Stopped {
        data_date: Option<NaiveDate>,
        books: Option<Books>,
    },
}

/// The conformed rows of a build, and where every record ended up.
pub(super) struct Records {
    pub data_day: i32,
    pub structures: BTreeMap<String, ExtractStructure>,
    pub books: Books,
    /// What was counted of each extract's rows, for the data-quality report.
    pub quality: BTreeMap<String, Counts>,
    /// Parquet of each extract's conformed rows.
    pub conformed: BTreeMap<String, PathBuf>,
    /// Who held which post; `None` without the extract `people`.
    pub posts: Option<Posts>,
}

/// What rows of later extracts are linked to.
#[derive(Default)]
struct Known {
    incidents: IncidentIndex,
    posts: Option<Posts>,
}

impl Records {
    /// Conformed rows of an extract, read from the build.
    pub fn scan(&self, extract: &str) -> PolarsResult<Option<LazyFrame>> {
        self.conformed.get(extract).map(|path| scan(path)).transpose()
    }

    pub fn inputs(&self, sources: &Sources) -> Vec<ManifestInput> {
        let of = |id: &str| sources.provenance_of.get(id).map_or(sources.provenance, |p| *p).name().to_owned();
        let files = self.structures.iter().flat_map(|(id, s)| s.files.iter().map(move |f| (id, f)));
        files
            .map(|(id, f)| ManifestInput {
                extract: id.clone(),
                file: f.name.to_string(),
                bytes: f.bytes,
                blake3: f.hash.clone(),
                provenance: of(id),
            })
            .collect()
    }
}

fn scan(path: &std::path::Path) -> PolarsResult<LazyFrame> {
    LazyFrame::scan_parquet(PlRefPath::new(path.to_string_lossy()), ScanArgsParquet::default())
}

pub(super) fn read(
    definitions: &Definitions,
    request: &BuildRequest,
    sources: &Sources,
    gates: &mut Gatekeeper<'_>,
    folder: &BuildFolder,
    progress: &dyn Progress,
    log: &mut RunLog,
) -> Result<Read, BuildError> {
    progress.stage("Surveying the extracts");
    let structures = gates.readable(survey(definitions, sources))?;
    for absent in &sources.absent {
        progress.warn(&format!("there is no extract of {absent}: {}", definitions.without(absent)));
    }
    let days: Vec<_> = DATED_BY.iter().filter_map(|id| structures.get(*id)).map(|s| &s.rows_by_day).collect();
    let data_date = data_date(&days, request.as_at);
    gates.surveyed(&structures, data_date, sources);
    if gates.stops(progress, log)? {
        let known = structures.len() == sources.extracts.len();
        return Ok(Read::Stopped { data_date: data_date.filter(|_| known).map(DataDate::date), books: None });
    }
    let data_date = data_date.ok_or(BuildError::NoDataDate)?;
    log.step("survey", json!({"records": structures.values().map(ExtractStructure::records).sum::<u64>()}))?;
    let mut records = Records {
        data_day: data_date.day,
        structures,
        books: Books::new(data_date.date()),
        quality: BTreeMap::new(),
        conformed: BTreeMap::new(),
        posts: None,
    };
    let mut known = Known::default();
    for (id, _) in &sources.extracts {
        let Some(extract) = definitions.extract(id) else { continue };
        let checks = (request.until > Until::Tallies)
            .then(|| super::quality::checks(definitions, extract, data_date.day, request, &records.structures));
        let reader = Reader { definitions, extract, data_date, folder, progress, checks };
        reader.extract(&mut records, &mut known)?;
        log.step(
            &format!("read {id}"),
            json!({"records": records.structures.get(id).map_or(0, ExtractStructure::records)}),
        )?;
    }
    records.posts = known.posts;
    records.books.sort();
    gates.reconciled(&records.books.reconciliation);
    if gates.stops(progress, log)? {
        return Ok(Read::Stopped { data_date: Some(data_date.date()), books: Some(records.books) });
    }
    Ok(Read::All(records))
}

fn survey(definitions: &Definitions, sources: &Sources) -> Vec<(String, Result<ExtractStructure, IngestError>)> {
    let own = definitions.pipeline.force.as_str();
    let survey_one = |(id, input): &(String, Input)| {
        let wanted = Wanted { extract: definitions.extract(id)?, others: &definitions.extracts, input, own_force: own };
        Some((id.clone(), ingest::survey(wanted)))
    };
    use rayon::prelude::*;
    sources.extracts.par_iter().filter_map(survey_one).collect()
}

/// Reads one extract.
struct Reader<'a> {
    definitions: &'a Definitions,
    extract: &'a Extract,
    data_date: DataDate,
    folder: &'a BuildFolder,
    progress: &'a dyn Progress,
    /// `None` where nothing is said of the data's quality.
    checks: Option<Checks<'a>>,
}

/// What one block leaves.
struct BlockDone {
    frame: Option<DataFrame>,
    /// Rows that wait for their crimes.
    waiting: Option<Rows>,
    opened: Vec<(u128, i64)>,
    accepted: u64,
    out_of_window: u64,
    held: Held,
    quarantined: Vec<Quarantined>,
    findings: Findings,
    quality: Counts,
    rows: u64,
}

impl Reader<'_> {
    fn extract(&self, records: &mut Records, links: &mut Known) -> Result<(), BuildError> {
        let id = &self.extract.id;
        let Some(structure) = records.structures.get(id).cloned() else { return Ok(()) };
        let Some(table) = conformed_table(id) else { return Ok(()) };
        self.progress.stage(&format!("Reading {}", self.extract.title.to_lowercase()));
        let mut output = Output::create(self.folder, table)?;
        let mut fates = Fates::new(id, &structure);
        let mut held = Held::empty();
        for file in &structure.files {
            let findings = &mut records.books.findings;
            findings.add(Finding::UndecodableText, id, "", file.undecodable);
            findings.add(Finding::FooterRow, id, "", file.footers.len() as u64);
        }
        let (mut done, total) = (0, structure.records());
        for (index, file) in structure.files.iter().enumerate() {
            let known = &*links;
            let each = |batch| self.block(&batch, &structure, known);
            let mut opened = Vec::new();
            ingest::read(id, index as u32, file, each, |block: BlockDone| {
                done += block.rows;
                self.progress.advance(done, total);
                fates.block(&file.name, &block);
                opened.extend(block.opened);
                held.merge(block.held)?;
                records.books.findings.merge(block.findings);
                records.quality.entry(id.clone()).or_default().merge(block.quality);
                records.books.quarantined.extend(block.quarantined);
                output.take(block.frame, block.waiting)
            })?;
            links.incidents.extend(opened);
        }
        let settled = settle(self.extract, held);
        self.settled(settled, records, links, &mut fates, &mut output)?;
        self.join_waiting(records, links, &mut output)?;
        records.books.quarantined.extend(fates.ragged(&structure));
        fates.balance()?;
        records.books.reconciliation.extend(fates.rows);
        let rows = output.writer.finish()?;
        if rows <= MOST_ROWS_IN_ORDER {
            self.put_in_order(table)?;
        }
        records.conformed.insert(id.clone(), self.folder.path().join(table.path()));
        Ok(())
    }

    /// Writes a conformed table again in the order of its key, so that the order of the source rows leaves no trace.
    fn put_in_order(&self, table: TableSpec) -> Result<(), BuildError> {
        let rows = scan(&self.folder.path().join(table.path()))?.collect()?;
        let key = self.extract.key.iter().map(String::as_str);
        let others = table.columns.iter().map(|c| c.name).filter(|name| !self.extract.key.iter().any(|k| k == name));
        let order: Vec<&str> = key.chain(others).collect();
        let sorted = rows.sort(order, SortMultipleOptions::default())?;
        let mut writer = TableWriter::create(self.folder.path(), table)?;
        writer.write_frame(&sorted)?;
        writer.finish()?;
        Ok(())
    }

    fn counts(&self, rows: &Rows, frame: &DataFrame) -> PolarsResult<Counts> {
        self.checks.as_ref().map_or_else(|| Ok(Counts::default()), |checks| Counts::of(checks, rows, frame))
    }

    fn conformer(&self) -> Conformer<'_> {
        Conformer { references: &self.definitions.references, data_day: self.data_date.day }
    }

    fn block(
        &self,
        batch: &crate::tables::raw::RawBatch,
        structure: &ExtractStructure,
        known: &Known,
    ) -> Result<BlockDone, BuildError> {
        let validator = Validator {
            extract: self.extract,
            own_force: self.definitions.pipeline.force.as_str(),
            data_date: self.data_date,
            repeated_keys: &structure.repeated_keys,
        };
        let validated = validator.validate(batch);
        let rows = batch.frame.height() as u64;
        let mut done = self.conform(validated.rows, known)?;
        done.held = validated.held;
        done.quarantined = validated.quarantined;
        done.findings.merge(validated.findings);
        done.rows = rows;
        Ok(done)
    }

    fn conform(&self, rows: Rows, known: &Known) -> Result<BlockDone, BuildError> {
        let in_window = rows.in_window.iter().filter(|w| **w).count() as u64;
        let mut done = BlockDone {
            frame: None,
            waiting: None,
            opened: Vec::new(),
            accepted: in_window,
            out_of_window: rows.len() as u64 - in_window,
            held: Held::empty(),
            quarantined: Vec::new(),
            findings: Findings::default(),
            quality: Counts::default(),
            rows: 0,
        };
        if rows.is_empty() {
            return Ok(done);
        }
        let conformed = match self.extract.id.as_str() {
            "incidents" => {
                let (conformed, opened) = self.conformer().incidents(&rows)?;
                done.opened = opened;
                conformed
            }
            "calls" => self.conformer().calls(&rows, &known.incidents)?,
            "crimes" => {
                let nobody = Posts::default();
                self.conformer().crimes(&rows, &known.incidents, known.posts.as_ref().unwrap_or(&nobody))?
            }
            _ => {
                done.waiting = Some(rows);
                return Ok(done);
            }
        };
        done.quality = self.counts(&rows, &conformed.frame)?;
        done.findings = conformed.findings;
        done.frame = Some(conformed.frame);
        Ok(done)
    }

    fn settled(
        &self,
        settled: Settled,
        records: &mut Records,
        known: &mut Known,
        fates: &mut Fates,
        output: &mut Output,
    ) -> Result<(), BuildError> {
        fates.settled(&settled);
        records.books.quarantined.extend(settled.quarantined);
        records.books.findings.merge(settled.findings);
        let Some(rows) = settled.rows else { return Ok(()) };
        let done = self.conform(rows, known)?;
        known.incidents.extend(done.opened);
        records.books.findings.merge(done.findings);
        records.quality.entry(self.extract.id.clone()).or_default().merge(done.quality);
        output.take(done.frame, done.waiting)
    }

    /// Conforms what needs all rows of its extract, or all crimes.
    fn join_waiting(&self, records: &mut Records, known: &mut Known, output: &mut Output) -> Result<(), BuildError> {
        let Some(rows) = output.waiting.take() else { return Ok(()) };
        if self.extract.id == "people" {
            let (conformed, posts) = self.conformer().people(&rows)?;
            known.posts = Some(posts);
            return self.joined(&rows, conformed, records, output);
        }
        let Some(crimes) = records.scan("crimes")? else { return Ok(()) };
        for start in (0..rows.len()).step_by(ROWS_JOINED) {
            let part: Vec<IdxSize> = (start..rows.len().min(start + ROWS_JOINED)).map(|row| row as IdxSize).collect();
            let part = rows.pick(&part);
            let conformed = match self.extract.id.as_str() {
                "surveys" => self.conformer().surveys(&part, crimes.clone())?,
                _ => self.conformer().victim_contacts(&part, crimes.clone())?,
            };
            self.joined(&part, conformed, records, output)?;
        }
        Ok(())
    }

    fn joined(
        &self,
        rows: &Rows,
        conformed: Conformed,
        records: &mut Records,
        output: &mut Output,
    ) -> Result<(), BuildError> {
        records.books.findings.merge(conformed.findings);
        let counts = self.counts(rows, &conformed.frame)?;
        records.quality.entry(self.extract.id.clone()).or_default().merge(counts);
        Ok(output.writer.write_frame(&conformed.frame)?)
    }
}

/// Where an extract's conformed rows go.
struct Output {
    writer: TableWriter,
    waiting: Option<Rows>,
}

impl Output {
    fn create(folder: &BuildFolder, table: TableSpec) -> Result<Self, BuildError> {
        Ok(Self { writer: TableWriter::create(folder.path(), table)?, waiting: None })
    }

    fn take(&mut self, frame: Option<DataFrame>, waiting: Option<Rows>) -> Result<(), BuildError> {
        if let Some(frame) = frame {
            self.writer.write_frame(&frame)?;
        }
        match (&mut self.waiting, waiting) {
            (Some(mine), Some(more)) => mine.append(more)?,
            (mine @ None, more) => *mine = more,
            (Some(_), None) => {}
        }
        Ok(())
    }
}

/// Where the records of each file end up.
struct Fates {
    rows: Vec<Reconciliation>,
    by_file: HashMap<Arc<str>, usize>,
}

impl Fates {
    fn new(extract: &str, structure: &ExtractStructure) -> Self {
        let row = |f: &crate::tables::raw::FileStructure| Reconciliation {
            extract: extract.to_owned(),
            file: f.name.to_string(),
            records_read: f.records,
            quarantined: f.ragged.len() as u64,
            ..Reconciliation::default()
        };
        Self {
            rows: structure.files.iter().map(row).collect(),
            by_file: structure.files.iter().enumerate().map(|(i, f)| (f.name.clone(), i)).collect(),
        }
    }

    fn row(&mut self, file: &Arc<str>) -> Option<&mut Reconciliation> {
        self.by_file.get(file).and_then(|i| self.rows.get_mut(*i))
    }

    fn block(&mut self, file: &Arc<str>, block: &BlockDone) {
        if let Some(row) = self.row(file) {
            row.accepted += block.accepted;
            row.out_of_window += block.out_of_window;
            row.quarantined += block.quarantined.len() as u64;
        }
    }

    /// Every record read has its place.
    fn balance(&self) -> Result<(), BuildError> {
        let Some(row) = self.rows.iter().find(|row| !row.balances()) else { return Ok(()) };
        let placed = row.accepted + row.out_of_window + row.quarantined + row.duplicates;
        let (extract, file) = (row.extract.clone(), row.file.clone());
        Err(BuildError::NotReconciled { extract, file, read: row.records_read, placed })
    }

    fn settled(&mut self, settled: &Settled) {
        for quarantined in &settled.quarantined {
            self.row(&quarantined.file).into_iter().for_each(|r| r.quarantined += 1);
        }
        for (file, copies) in &settled.duplicates {
            self.row(file).into_iter().for_each(|r| r.duplicates += copies);
        }
        let windows = settled.rows.as_ref().map_or(&[][..], |rows| rows.in_window.as_slice());
        for (file, in_window) in settled.files.iter().zip(windows) {
            self.row(file).into_iter().for_each(|r| if *in_window { r.accepted += 1 } else { r.out_of_window += 1 });
        }
    }

    fn ragged(&self, structure: &ExtractStructure) -> Vec<Quarantined> {
        let extract = self.rows.first().map_or_else(String::new, |r| r.extract.clone());
        crate::validate::ragged(&extract, structure)
    }
}
