//! One metric of one unit and scope, month by month.

use std::sync::Arc;

use super::Coverage;
use super::cells::{CellKey, SortedCells};
use super::names::NameId;
use super::tallied::{Tallied, TalliedMetric};
use crate::definitions::{Measure, Metric};
use crate::domain::{Kind, Level, Month, SolvedSet, civil_date};

/// The counts of one month. What the kind does not have is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthCounts {
    pub month: Month,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// A mean's squares; or weights of numerator and denominator, and squared weights.
    pub extra: Vec<f64>,
    /// A quantile's values, sorted; empty for other kinds.
    pub values: Vec<f64>,
}

/// One unit and scope.
#[derive(Clone, Debug)]
pub struct Series<'t> {
    pub force: &'t Arc<str>,
    pub level: Level,
    pub unit: &'t Arc<str>,
    pub scope: &'t Arc<str>,
    /// Numbers of force, unit and scope in [`super::tallied::Tallied::names`].
    pub name_ids: [u32; 3],
    /// Months with something to count, oldest first.
    pub months: Vec<MonthCounts>,
}

impl Series<'_> {
    /// The value of a month, `None` where there is none.
    pub fn value(metric: &Metric, counts: &MonthCounts) -> Option<f64> {
        super::estimate::value(metric, counts)
    }
}

/// Where the cells of one unit and scope stand.
struct Run<'t> {
    level: &'t SortedCells,
    unit: usize,
    scope: usize,
    /// Positions in the level's cells, or samples.
    range: std::ops::Range<usize>,
}

impl<'a> Tallied<'a> {
    /// Hands on the series of a metric at the levels that `keep` takes, in the order of force, level, unit and scope.
    pub fn each_series<E>(
        &self,
        metric: &Metric,
        set: Option<SolvedSet>,
        keep: impl Fn(Level) -> bool,
        mut each: impl FnMut(Series<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(wanted) = self.metrics.iter().find(|m| m.metric.id == metric.id && m.set == set) else {
            return Ok(());
        };
        let mut levels: Vec<&SortedCells> =
            self.levels.iter().filter(|l| wanted.stands_at(l.level) && keep(l.level)).collect();
        levels.sort_by_key(|l| l.level.name());
        let mut forces: Vec<NameId> = levels.iter().flat_map(|l| l.units.iter().map(|u| u.force)).collect();
        forces.sort_by(|a, b| self.names.text(*a).cmp(self.names.text(*b)));
        forces.dedup();
        for force in forces {
            for level in &levels {
                for run in self.runs(wanted, level, force) {
                    let series = self.series(wanted, &run);
                    if !series.months.is_empty() {
                        each(series)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The units and scopes of one force at one level.
    fn runs<'t>(&self, metric: &TalliedMetric<'_>, level: &'t SortedCells, force: NameId) -> Vec<Run<'t>> {
        let name = self.names.text(force);
        let first = level.units.partition_point(|u| self.names.text(u.force) < name);
        let past = level.units.partition_point(|u| self.names.text(u.force) <= name);
        let (low, high) = ((first as u64) << 32, (past as u64) << 32);
        let key_at = |at: usize| match metric.sample {
            Some(sample) => level.samples[sample][at].0,
            None => level.cells[at].0,
        };
        let length = metric.sample.map_or(level.cells.len(), |sample| level.samples[sample].len());
        let (mut at, end) = (lower_bound(length, |i| key_at(i) < low), lower_bound(length, |i| key_at(i) < high));
        let mut runs = Vec::new();
        while at < end {
            let unit_and_scope = key_at(at) >> 16;
            let start = at;
            while at < end && key_at(at) >> 16 == unit_and_scope {
                at += 1;
            }
            let (unit, scope) = ((unit_and_scope >> 16) as usize, (unit_and_scope & 0xffff) as usize);
            runs.push(Run { level, unit, scope, range: start..at });
        }
        runs
    }

    fn series<'t>(&'t self, metric: &TalliedMetric<'_>, run: &Run<'t>) -> Series<'t> {
        let (unit, scope) = (run.level.units[run.unit], run.level.scopes[run.scope]);
        let months = match &metric.metric.measure {
            Measure::Quantile { .. } => quantile_months(metric, run),
            Measure::Stock { first_month, .. } => {
                let first = self.coverage.first_month().plus(*first_month as i32 - 1);
                stock_months(metric, run, first, self.coverage)
            }
            _ => self.sum_months(metric, run),
        };
        let kept = super::status::complete_until(metric.metric, self.coverage);
        let mut months = months;
        if metric.metric.kind == Kind::Rate {
            let data_date = civil_date(self.coverage.data_day);
            for month in &mut months {
                let end = month.month.last_day().min(data_date);
                let references = &self.definitions.references;
                month.denominator = super::figures::residents_in_thousands(references, self.names.text(unit.unit), end);
            }
        }
        Series {
            force: self.names.text(unit.force),
            level: run.level.level,
            unit: self.names.text(unit.unit),
            scope: self.names.text(scope),
            name_ids: [unit.force, unit.unit, scope],
            months: months.into_iter().filter(|m| kept.is_none_or(|kept| m.month <= kept)).collect(),
        }
    }

    fn sum_months(&self, metric: &TalliedMetric<'_>, run: &Run<'_>) -> Vec<MonthCounts> {
        let sum = |cell: u32, part: usize| run.level.sum(cell, part) as f64 / self.parts.0[part].sum.scale();
        let columns = &metric.columns;
        let month = |(key, cell): &(CellKey, u32)| MonthCounts {
            month: month_of(*key),
            numerator: columns.numerator.map(|part| sum(*cell, part)),
            denominator: columns.denominator.map(|part| sum(*cell, part)),
            extra: columns.extra.iter().map(|part| sum(*cell, *part)).collect(),
            values: Vec::new(),
        };
        let counts = |m: &MonthCounts| m.numerator.unwrap_or(0.0) > 0.0 || m.denominator.unwrap_or(0.0) > 0.0;
        run.level.cells[run.range.clone()].iter().map(month).filter(counts).collect()
    }
}

fn lower_bound(length: usize, below: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low.midpoint(high);
        if below(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

fn month_of(key: CellKey) -> Month {
    Month::from_serial((key & 0xffff) as i32)
}

fn quantile_months(metric: &TalliedMetric<'_>, run: &Run<'_>) -> Vec<MonthCounts> {
    let Some(sample) = metric.sample else { return Vec::new() };
    let values = &run.level.samples[sample][run.range.clone()];
    let months = values.chunk_by(|a, b| a.0 == b.0);
    months
        .map(|values| MonthCounts {
            month: month_of(values[0].0),
            numerator: None,
            denominator: Some(values.len() as f64),
            extra: Vec::new(),
            values: values.iter().map(|(_, value)| *value).collect(),
        })
        .collect()
}

/// Running totals of what came in less what went out, for every month end from `first` on.
fn stock_months(metric: &TalliedMetric<'_>, run: &Run<'_>, first: Month, coverage: Coverage) -> Vec<MonthCounts> {
    let [all_in, all_out, old_in, old_out] = metric.columns.movements[..] else { return Vec::new() };
    let cells = &run.level.cells[run.range.clone()];
    let (mut open, mut old, mut next) = (0, 0, 0);
    let mut months = Vec::new();
    for serial in first.serial()..=coverage.newest_month().serial() {
        while let Some((_, cell)) = cells.get(next).filter(|(key, _)| month_of(*key).serial() <= serial) {
            open += run.level.sum(*cell, all_in) - run.level.sum(*cell, all_out);
            old += run.level.sum(*cell, old_in) - run.level.sum(*cell, old_out);
            next += 1;
        }
        if open > 0 {
            months.push(MonthCounts {
                month: Month::from_serial(serial),
                numerator: Some(old as f64),
                denominator: Some(open as f64),
                extra: Vec::new(),
                values: Vec::new(),
            });
        }
    }
    months
}
