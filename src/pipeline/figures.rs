//! Stages 4 to 6, metric by metric: conformed tables in, tallies, figures, comparisons and charts on the disk.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, DictionaryArray, Float64Array, StringArray, UInt32Array};
use arrow::datatypes::UInt32Type;
use polars::prelude::{DataType, LazyFrame, PolarsResult, SortMultipleOptions, col, lit};
use serde_json::json;

use super::records::Records;
use super::run_log::RunLog;
use super::{BuildError, BuildRequest, Forces, Progress, Until};
use crate::build_folder::BuildFolder;
use crate::definitions::{Definitions, Extract, Metric};
use crate::domain::{SolvedSet, days_since_epoch};
use crate::measure::{Coverage, FigureMaker, MeasureInput, Series, Tallied, first_day};
use crate::tables::conformed;
use crate::tables::figure::{self, Figure};
use crate::tables::published::{METRIC_VALUES, OFFICER_VALUES, QUARANTINE, RECONCILIATION, TALLIES};
use crate::tables::store::{StoreError, TableWriter};

/// Rows that are gathered before they are written.
const BATCH_ROWS: usize = 131_072;

/// What a build made.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub tallies: u64,
    pub values: u64,
    pub officer_values: u64,
    pub charts: u64,
    /// Metric and reason.
    pub not_available: Vec<(String, String)>,
}

pub(super) fn compute(
    definitions: &Definitions,
    request: &BuildRequest,
    records: &Records,
    folder: &BuildFolder,
    progress: &dyn Progress,
    log: &mut RunLog,
) -> Result<Figures, BuildError> {
    let mut figures = Figures::default();
    write_accounts(records, folder)?;
    let mut tables = Tables::create(folder, request.until)?;
    let work = Work { definitions, request, records, progress };
    let mut metrics_done = 0;
    for extract in &definitions.extracts {
        let metrics: Vec<&Metric> = definitions.metrics.iter().filter(|m| m.extract == extract.id).collect();
        let (metrics, lacking): (Vec<_>, Vec<_>) = metrics.into_iter().partition(|m| work.lacks(extract, m).is_none());
        for metric in lacking {
            let reason = work.lacks(extract, metric).unwrap_or_default();
            figures.not_available.push((metric.id.to_string(), reason));
        }
        let Some(tallied) = work.tally(extract, &metrics)? else { continue };
        log.step(&format!("tally {}", extract.id), json!({}))?;
        for (metric, set) in tallied.metrics() {
            metrics_done += 1;
            progress.advance(metrics_done, definitions.metrics.len() as u64);
            if set.is_none_or(|s| s == definitions.pipeline.solved_set) {
                figures.tallies += tables.tallies(&tallied, metric, set)?;
            }
            if request.until >= Until::Tables {
                tables.values(&tallied, metric, set, &mut figures)?;
            }
        }
        log.step(&format!("measure {}", extract.id), json!({}))?;
    }
    tables.finish()?;
    Ok(figures)
}

struct Work<'a> {
    definitions: &'a Definitions,
    request: &'a BuildRequest,
    records: &'a Records,
    progress: &'a dyn Progress,
}

impl<'a> Work<'a> {
    /// Why a metric cannot be measured, if so: the extract or column that is not there.
    fn lacks(&self, extract: &Extract, metric: &Metric) -> Option<String> {
        let structures = &self.records.structures;
        if !structures.contains_key(&extract.id) {
            return Some(format!("there is no extract of {}", extract.id));
        }
        let needs = metric.fields().into_iter().filter_map(|f| conformed::find(&extract.id, f)).flat_map(|f| f.needs);
        needs.copied().find_map(|need| {
            let (id, column) = need.split_once('.').unwrap_or((&extract.id, need));
            let there = structures.get(id).is_some_and(|s| s.has_column(column));
            (!there).then(|| format!("the {id} extract has no column {column}"))
        })
    }

    fn tally(&self, extract: &'a Extract, metrics: &[&'a Metric]) -> Result<Option<Tallied<'a>>, BuildError> {
        let Some(rows) = self.records.scan(&extract.id)? else { return Ok(None) };
        self.progress.stage(&format!("Measuring {}", extract.title.to_lowercase()));
        let keep = match &self.request.forces {
            Forces::One(force) => col("in_window").and(col("force").eq(lit(force.clone()))),
            Forces::All => col("in_window"),
        };
        let time = extract.time.as_deref().unwrap_or("recorded_at");
        let kept = rows.clone().filter(keep.clone());
        let Some(first_day) = first_day(kept.clone(), time)? else { return Ok(None) };
        let coverage = Coverage { first_day, data_day: self.records.data_day };
        let national = self.request.forces == Forces::All && self.all_forces_there(&kept)?;
        let height = height(&rows)?;
        let input = MeasureInput { extract, rows, height, keep, coverage, national };
        Ok(Some(Tallied::new(self.definitions, &input, metrics)?))
    }

    /// Whether the extract holds every territorial force of England and Wales.
    fn all_forces_there(&self, rows: &LazyFrame) -> PolarsResult<bool> {
        let found = rows.clone().group_by([col("force")]).agg([]).collect()?;
        let found = found.column("force")?.str()?.clone();
        let there = |force: &str| found.iter().any(|f| f == Some(force));
        Ok(self.definitions.references.forces.values().filter(|f| f.territorial).all(|f| there(f.id.as_str())))
    }
}

/// How many rows a frame has.
fn height(rows: &LazyFrame) -> PolarsResult<u64> {
    let counted = rows.clone().select([polars::prelude::len().alias("rows")]).collect()?;
    let rows = counted.column("rows")?.cast(&DataType::Int64)?;
    Ok(rows.i64()?.get(0).and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// The tables that are written metric by metric.
struct Tables {
    tallies: TableWriter,
    values: Option<(TableWriter, TableWriter)>,
}

impl Tables {
    fn create(folder: &BuildFolder, until: Until) -> Result<Self, BuildError> {
        let tallies = TableWriter::create(folder.path(), TALLIES)?;
        let values = match until {
            Until::Tallies => None,
            _ => Some((
                TableWriter::create(folder.path(), METRIC_VALUES)?,
                TableWriter::create(folder.path(), OFFICER_VALUES)?,
            )),
        };
        Ok(Self { tallies, values })
    }

    fn tallies(&mut self, tallied: &Tallied<'_>, metric: &Metric, set: Option<SolvedSet>) -> Result<u64, BuildError> {
        let texts: ArrayRef = Arc::new(tallied.names().texts().iter().map(|t| Some(&**t)).collect::<StringArray>());
        let writer = &mut self.tallies;
        // Encoding takes as long as making the rows: one thread makes them, another writes.
        std::thread::scope(|scope| {
            let (to_writer, batches) = std::sync::mpsc::sync_channel::<Vec<ArrayRef>>(2);
            let writing = scope.spawn(move || batches.into_iter().try_for_each(|batch| writer.write_arrays(batch)));
            let mut rows = TallyRows::default();
            let mut made = 0;
            // The writer hangs up only when it has failed, and then says why when it is joined.
            let sent = tallied.each_series(metric, set, |series| {
                rows.add(metric, &series);
                if rows.months.len() < BATCH_ROWS {
                    return Ok(());
                }
                made += rows.months.len() as u64;
                to_writer.send(std::mem::take(&mut rows).arrays(metric, &texts))
            });
            made += rows.months.len() as u64;
            let _ = sent.and_then(|()| to_writer.send(rows.arrays(metric, &texts)));
            drop(to_writer);
            match writing.join() {
                Ok(written) => Ok(written.map(|()| made)?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    fn values(
        &mut self,
        tallied: &Tallied<'_>,
        metric: &Metric,
        set: Option<SolvedSet>,
        done: &mut Figures,
    ) -> Result<(), BuildError> {
        let Some((values, officers)) = &mut self.values else { return Ok(()) };
        let id = metric.id.as_str();
        let mut maker = FigureMaker::new(tallied, metric, set);
        let (mut open, mut restricted): (Vec<Figure>, Vec<Figure>) = (Vec::new(), Vec::new());
        tallied.each_series(metric, set, |series| {
            let to = if series.level.is_restricted() { &mut restricted } else { &mut open };
            to.extend(maker.figures(&series));
            done.flush(BATCH_ROWS, id, values, &mut open, officers, &mut restricted)
        })?;
        Ok(done.flush(1, id, values, &mut open, officers, &mut restricted)?)
    }

    fn finish(self) -> Result<(), BuildError> {
        self.tallies.finish()?;
        if let Some((values, officers)) = self.values {
            values.finish()?;
            officers.finish()?;
        }
        Ok(())
    }
}

impl Figures {
    /// Writes what has gathered, once it is as many rows as `least`.
    fn flush(
        &mut self,
        least: usize,
        metric: &str,
        values: &mut TableWriter,
        open: &mut Vec<Figure>,
        officers: &mut TableWriter,
        restricted: &mut Vec<Figure>,
    ) -> Result<(), StoreError> {
        if open.len() >= least {
            self.values += open.len() as u64;
            values.write_arrays(figure::arrays(metric, open))?;
            open.clear();
        }
        if restricted.len() >= least {
            self.officer_values += restricted.len() as u64;
            officers.write_arrays(figure::arrays(metric, restricted))?;
            restricted.clear();
        }
        Ok(())
    }
}

/// Monthly tallies in columns.
#[derive(Default)]
struct TallyRows {
    force: Vec<u32>,
    level: Vec<&'static str>,
    unit: Vec<u32>,
    scope: Vec<u32>,
    months: Vec<i32>,
    numerator: Vec<Option<f64>>,
    denominator: Vec<Option<f64>>,
    value: Vec<Option<f64>>,
}

impl TallyRows {
    fn add(&mut self, metric: &Metric, series: &Series<'_>) {
        let [force, unit, scope] = series.name_ids;
        for counts in &series.months {
            self.force.push(force);
            self.level.push(series.level.name());
            self.unit.push(unit);
            self.scope.push(scope);
            self.months.push(days_since_epoch(counts.month.first_day()));
            self.numerator.push(counts.numerator);
            self.denominator.push(counts.denominator);
            self.value.push(Series::value(metric, counts));
        }
    }

    fn arrays(self, metric: &Metric, texts: &ArrayRef) -> Vec<ArrayRef> {
        let named = |ids: Vec<u32>| -> ArrayRef {
            Arc::new(DictionaryArray::<UInt32Type>::new(UInt32Array::from(ids), texts.clone()))
        };
        let rows = self.months.len();
        let metric: ArrayRef = Arc::new(StringArray::from(vec![metric.id.as_str()]));
        let metric = DictionaryArray::<UInt32Type>::new(UInt32Array::from(vec![0; rows]), metric);
        let level: DictionaryArray<UInt32Type> = self.level.into_iter().collect();
        vec![
            Arc::new(metric),
            named(self.force),
            Arc::new(level),
            named(self.unit),
            named(self.scope),
            Arc::new(Date32Array::from(self.months)),
            Arc::new(Float64Array::from(self.numerator)),
            Arc::new(Float64Array::from(self.denominator)),
            Arc::new(Float64Array::from(self.value)),
        ]
    }
}

/// The quarantine and the reconciliation.
fn write_accounts(records: &Records, folder: &BuildFolder) -> Result<(), BuildError> {
    let rows = &records.quarantined;
    let text = |of: &dyn Fn(usize) -> String| (0..rows.len()).map(of).collect::<Vec<String>>();
    let quarantine = polars::prelude::df!(
        "extract" => text(&|i| rows[i].extract.clone()),
        "file" => text(&|i| rows[i].file.to_string()),
        "record" => rows.iter().map(|q| q.record as i64).collect::<Vec<_>>(),
        "byte_offset" => rows.iter().map(|q| q.byte_offset.map(|b| b as i64)).collect::<Vec<_>>(),
        "raw" => text(&|i| rows[i].raw.clone()),
        "rule" => text(&|i| rows[i].rule.name().to_owned()),
        "column" => text(&|i| rows[i].column.clone()),
        "expected" => text(&|i| rows[i].expected.clone()),
        "found" => text(&|i| rows[i].found.clone()),
        "hint" => text(&|i| rows[i].hint.clone()),
    )?;
    let mut writer = TableWriter::create(folder.path(), QUARANTINE)?;
    writer.write_frame(&quarantine)?;
    writer.finish()?;
    let rows = &records.reconciliation;
    let count = |of: &dyn Fn(usize) -> u64| (0..rows.len()).map(|i| of(i) as i64).collect::<Vec<i64>>();
    let text = |of: &dyn Fn(usize) -> String| (0..rows.len()).map(of).collect::<Vec<String>>();
    let reconciliation = polars::prelude::df!(
        "extract" => text(&|i| rows[i].extract.clone()),
        "file" => text(&|i| rows[i].file.clone()),
        "records_read" => count(&|i| rows[i].records_read),
        "accepted" => count(&|i| rows[i].accepted),
        "out_of_window" => count(&|i| rows[i].out_of_window),
        "quarantined" => count(&|i| rows[i].quarantined),
        "duplicates" => count(&|i| rows[i].duplicates),
    )?;
    let mut writer = TableWriter::create(folder.path(), RECONCILIATION)?;
    let sorted = reconciliation.sort(["extract", "file"], SortMultipleOptions::default())?;
    writer.write_frame(&sorted)?;
    writer.finish()?;
    Ok(())
}
