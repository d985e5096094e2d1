//! Stages 4 to 6, metric by metric: conformed tables in, tallies, values, comparisons and charts on the disk.

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, PolarsResult, SortMultipleOptions, col, lit};
use serde_json::json;

use super::records::Records;
use super::run_log::RunLog;
use super::{BuildError, BuildRequest, Forces, Progress, Until};
use crate::build_folder::BuildFolder;
use crate::definitions::{Definitions, Extract, Metric};
use crate::domain::{Level, Month};
use crate::measure::{Coverage, Grouped, MeasureInput, Monthly, first_day, group, metric_values};
use crate::tables::conformed;
use crate::tables::published::{METRIC_VALUES, OFFICER_VALUES, QUARANTINE, RECONCILIATION, TALLIES};
use crate::tables::store::TableWriter;

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
        let Some(grouped) = work.group(extract, &metrics)? else { continue };
        log.step(&format!("group {}", extract.id), json!({}))?;
        for (metric, set) in grouped.metrics() {
            metrics_done += 1;
            progress.advance(metrics_done, definitions.metrics.len() as u64);
            let Some(monthly) = grouped.monthly(metric, set)? else { continue };
            if set.is_none_or(|s| s == definitions.pipeline.solved_set) {
                figures.tallies += tables.tallies(&monthly)?;
            }
            if request.until >= Until::Tables {
                let (values, officers) = tables.values(&grouped, &monthly)?;
                figures.values += values;
                figures.officer_values += officers;
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

    fn group(&self, extract: &'a Extract, metrics: &[&'a Metric]) -> Result<Option<Grouped<'a>>, BuildError> {
        let Some(rows) = self.records.scan(&extract.id)? else { return Ok(None) };
        self.progress.stage(&format!("Measuring {}", extract.title.to_lowercase()));
        let rows = rows.filter(col("in_window"));
        let rows = match &self.request.forces {
            Forces::One(force) => rows.filter(col("force").eq(lit(force.clone()))),
            Forces::All => rows,
        };
        let time = extract.time.as_deref().unwrap_or("recorded_at");
        let Some(first_day) = first_day(rows.clone(), time)? else { return Ok(None) };
        let coverage = Coverage { first_day, data_day: self.records.data_day };
        let national = self.request.forces == Forces::All && self.all_forces_there(&rows)?;
        Ok(Some(group(self.definitions, &MeasureInput { extract, rows, coverage, national }, metrics)?))
    }

    /// Whether the extract holds every territorial force of England and Wales.
    fn all_forces_there(&self, rows: &LazyFrame) -> PolarsResult<bool> {
        let found = rows.clone().group_by([col("force")]).agg([]).collect()?;
        let found = found.column("force")?.str()?.clone();
        let there = |force: &str| found.iter().any(|f| f == Some(force));
        Ok(self.definitions.references.forces.values().filter(|f| f.territorial).all(|f| there(f.id.as_str())))
    }
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

    fn tallies(&mut self, monthly: &Monthly<'_>) -> Result<u64, BuildError> {
        let frame = monthly
            .frame
            .clone()
            .lazy()
            .with_columns([lit(monthly.metric.id.as_str()).alias("metric"), first_of_month().alias("month")])
            .collect()?;
        self.tallies.write_frame(&frame)?;
        Ok(frame.height() as u64)
    }

    fn values(&mut self, grouped: &Grouped<'_>, monthly: &Monthly<'_>) -> Result<(u64, u64), BuildError> {
        let Some((values, officers)) = &mut self.values else { return Ok((0, 0)) };
        let frame = metric_values(grouped, monthly)?;
        if frame.height() == 0 {
            return Ok((0, 0));
        }
        let restricted = [Level::Supervisor, Level::Officer].iter().map(|l| col("level").eq(lit(l.name())));
        let restricted = restricted.reduce(|a, b| a.or(b)).unwrap_or_else(|| lit(false));
        let of = |keep| -> PolarsResult<DataFrame> { frame.clone().lazy().filter(keep).collect() };
        let (open, closed) = (of(restricted.clone().not())?, of(restricted)?);
        values.write_frame(&open)?;
        officers.write_frame(&closed)?;
        Ok((open.height() as u64, closed.height() as u64))
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

/// First day of the month with a serial number, by calendar arithmetic on days.
fn first_of_month() -> polars::prelude::Expr {
    col("month").map(
        |serials| {
            let days = serials.i32()?.iter().map(|s| {
                s.map(|s| crate::domain::days_since_epoch(Month::from_serial(s).first_day()))
            });
            let days: polars::prelude::Int32Chunked = days.collect();
            use polars::prelude::{IntoColumn, IntoSeries};
            days.into_series().with_name("month".into()).cast(&polars::prelude::DataType::Date).map(IntoColumn::into_column)
        },
        |_, field| Ok(polars::prelude::Field::new(field.name().clone(), polars::prelude::DataType::Date)),
    )
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
