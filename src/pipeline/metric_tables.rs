//! The tables that grow metric by metric: tallies and values.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, DictionaryArray, Float64Array, StringArray, UInt32Array};
use arrow::datatypes::UInt32Type;

use super::figures::Figures;
use super::{BuildError, Until};
use crate::build_folder::BuildFolder;
use crate::definitions::Metric;
use crate::domain::{SolvedSet, days_since_epoch};
use crate::measure::{FigureMaker, Series, Tallied};
use crate::publish::Seen;
use crate::tables::figure::{self, Figure};
use crate::tables::published::{METRIC_VALUES, OFFICER_VALUES, TALLIES};
use crate::tables::store::{StoreError, TableWriter};

/// Rows that are gathered before they are written.
const BATCH_ROWS: usize = 131_072;

pub(super) struct MetricTables {
    tallies: TableWriter,
    values: Option<ValueTables>,
}

/// Open to everybody, and restricted.
struct ValueTables {
    open: TableWriter,
    restricted: TableWriter,
    open_rows: Vec<Figure>,
    restricted_rows: Vec<Figure>,
    seen: Seen,
}

impl MetricTables {
    pub fn create(folder: &BuildFolder, until: Until) -> Result<Self, BuildError> {
        let tallies = TableWriter::create(folder.path(), TALLIES)?;
        let values = match until {
            Until::Tallies => None,
            _ => Some(ValueTables {
                open: TableWriter::create(folder.path(), METRIC_VALUES)?,
                restricted: TableWriter::create(folder.path(), OFFICER_VALUES)?,
                open_rows: Vec::new(),
                restricted_rows: Vec::new(),
                seen: Seen::default(),
            }),
        };
        Ok(Self { tallies, values })
    }

    pub fn tallies(
        &mut self,
        tallied: &Tallied<'_>,
        metric: &Metric,
        set: Option<SolvedSet>,
    ) -> Result<u64, BuildError> {
        let texts: ArrayRef = Arc::new(tallied.names().texts().iter().map(|t| Some(&**t)).collect::<StringArray>());
        let writer = &mut self.tallies;
        // Encoding takes as long as making the rows: one thread makes them, another writes.
        std::thread::scope(|scope| {
            let (to_writer, batches) = std::sync::mpsc::sync_channel::<Vec<ArrayRef>>(2);
            let writing = scope.spawn(move || batches.into_iter().try_for_each(|batch| writer.write_arrays(batch)));
            let mut rows = TallyRows::default();
            let mut made = 0;
            // The writer hangs up only when it has failed, and then says why when it is joined.
            let sent = tallied.each_series(
                metric,
                set,
                |_| true,
                |series| {
                    rows.add(metric, &series);
                    if rows.months.len() < BATCH_ROWS {
                        return Ok(());
                    }
                    made += rows.months.len() as u64;
                    to_writer.send(std::mem::take(&mut rows).arrays(metric, &texts))
                },
            );
            made += rows.months.len() as u64;
            let _ = sent.and_then(|()| to_writer.send(rows.arrays(metric, &texts)));
            drop(to_writer);
            match writing.join() {
                Ok(written) => Ok(written.map(|()| made)?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    pub fn values(
        &mut self,
        tallied: &Tallied<'_>,
        metric: &Metric,
        set: Option<SolvedSet>,
        done: &mut Figures,
    ) -> Result<(), BuildError> {
        let Some(tables) = &mut self.values else { return Ok(()) };
        let mut maker = FigureMaker::new(tallied, metric, set);
        tallied.each_series(
            metric,
            set,
            |_| true,
            |series| {
                let rows =
                    if series.level.is_restricted() { &mut tables.restricted_rows } else { &mut tables.open_rows };
                rows.extend(maker.figures(&series));
                tables.flush(BATCH_ROWS, metric, done)
            },
        )?;
        Ok(tables.flush(1, metric, done)?)
    }

    /// Says that a metric has no figure, and why.
    pub fn not_available(&mut self, metric: &Metric, row: Figure, done: &mut Figures) -> Result<(), BuildError> {
        let Some(tables) = &mut self.values else { return Ok(()) };
        tables.open_rows.push(row);
        Ok(tables.flush(1, metric, done)?)
    }

    /// Closes the tables; the units and periods that stand in them.
    pub fn finish(self) -> Result<Seen, BuildError> {
        self.tallies.finish()?;
        let Some(tables) = self.values else { return Ok(Seen::default()) };
        tables.open.finish()?;
        tables.restricted.finish()?;
        Ok(tables.seen)
    }
}

impl ValueTables {
    /// Writes what has gathered, once it is as many rows as `least`.
    fn flush(&mut self, least: usize, metric: &Metric, done: &mut Figures) -> Result<(), StoreError> {
        let id = metric.id.as_str();
        if self.open_rows.len() >= least {
            done.values += self.open_rows.len() as u64;
            self.seen.note(&self.open_rows);
            self.open.write_arrays(figure::arrays(id, &self.open_rows))?;
            self.open_rows.clear();
        }
        if self.restricted_rows.len() >= least {
            done.officer_values += self.restricted_rows.len() as u64;
            self.restricted.write_arrays(figure::arrays(id, &self.restricted_rows))?;
            self.restricted_rows.clear();
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
