//! One metric's monthly counts, from the sums of its extract.

use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, LazyFrame, NULL, PolarsResult, SortMultipleOptions, UnionArgs, col, concat, lit, when,
};

use super::grouped::{Grouped, GroupedMetric, UNIT_KEY};
use super::parts::{MEAN_SCALE, SQUARE_SCALE, WEIGHT_SCALE};
use super::{quantiles, stock};
use crate::definitions::{Measure, Metric};
use crate::domain::{Kind, Level, SolvedSet};

/// One metric by unit, scope and month, sorted.
///
/// Columns: force, level, unit, scope, month (serial), numerator, denominator (null where the kind has none), value, and
/// for later sums `extra_0` to `extra_2` (a mean's squares; weights of numerator and denominator, squared weights).
pub struct Monthly<'a> {
    pub metric: &'a Metric,
    pub set: Option<SolvedSet>,
    pub frame: DataFrame,
}

/// How numerator and denominator make a value; null where the denominator is 0 or a proportion would pass 1.
pub(super) fn value(metric: &Metric) -> Expr {
    let (numerator, denominator) = (col("numerator"), col("denominator"));
    let share = numerator.clone() / denominator.clone();
    let none = lit(NULL).cast(DataType::Float64);
    match (metric.kind, &metric.measure) {
        (Kind::Count, _) => numerator,
        (_, Measure::Share { weight: Some(_), .. }) => {
            when(col("extra_1").gt(lit(0.0))).then(col("extra_0") / col("extra_1")).otherwise(none)
        }
        (Kind::Proportion | Kind::Stock, _) => {
            when(denominator.gt(lit(0.0)).and(share.clone().lt_eq(lit(1.0)))).then(share).otherwise(none)
        }
        _ => when(denominator.gt(lit(0.0))).then(share).otherwise(none),
    }
}

impl<'a> Grouped<'a> {
    /// The metrics, each in each of its solved sets; the pipeline's own set first.
    pub fn metrics(&self) -> impl Iterator<Item = (&'a Metric, Option<SolvedSet>)> {
        self.metrics.iter().map(|m| (m.metric, m.set))
    }

    /// One metric's months.
    pub fn monthly(&self, metric: &Metric, set: Option<SolvedSet>) -> PolarsResult<Option<Monthly<'a>>> {
        let Some(grouped) = self.metrics.iter().find(|m| m.metric.id == metric.id && m.set == set) else {
            return Ok(None);
        };
        let counts = match &metric.measure {
            Measure::Quantile { .. } => quantiles::monthly(self, grouped)?,
            Measure::Stock { .. } => stock::monthly(self, grouped)?,
            _ => self.counts(grouped)?,
        };
        let counts = kept_levels(counts, grouped.metric, set.is_some_and(|s| s != self.definitions.pipeline.solved_set));
        let mut columns: Vec<Expr> = UNIT_KEY.iter().map(|k| col(*k)).collect();
        columns.extend(["month", "numerator", "denominator"].map(col));
        let frame = match grouped.metric.kind {
            Kind::Quantile => counts,
            _ => counts.with_column(value(grouped.metric).alias("value")),
        };
        let keep = complete_months(frame, grouped.metric, self.coverage.data_day);
        Ok(Some(Monthly { metric: grouped.metric, set, frame: keep.collect()? }))
    }

    fn column(&self, part: usize) -> &str {
        &self.parts.0[part].month_of
    }

    /// Numerator and denominator of a metric that is a sum over rows.
    fn counts(&self, grouped: &GroupedMetric<'_>) -> PolarsResult<LazyFrame> {
        let columns = &grouped.columns;
        let mut wanted: Vec<(usize, &str)> = Vec::new();
        wanted.extend(columns.numerator.map(|at| (at, "numerator")));
        wanted.extend(columns.denominator.map(|at| (at, "denominator")));
        wanted.extend(columns.extra.iter().copied().zip(["extra_0", "extra_1", "extra_2"]));
        let mut months: Vec<&str> = wanted.iter().map(|(at, _)| self.column(*at)).collect();
        months.sort_unstable();
        months.dedup();
        let frames: Vec<LazyFrame> = months
            .iter()
            .filter_map(|month_of| {
                let (_, sums) = self.sums.iter().find(|(name, _)| name == month_of)?;
                let mut picked: Vec<Expr> = UNIT_KEY.iter().map(|k| col(*k)).collect();
                picked.push(col("month"));
                picked.extend(wanted.iter().map(|(at, name)| {
                    let here = self.column(*at) == *month_of;
                    let sum = if here { col(format!("p{at}").as_str()) } else { lit(0i64) };
                    (sum.cast(DataType::Float64) / lit(scale(grouped.metric, name))).alias(*name)
                }));
                let any = wanted.iter().filter(|(_, n)| !n.starts_with("extra")).map(|(_, n)| col(*n).gt(lit(0.0))).reduce(Expr::or)?;
                Some(sums.clone().lazy().select(picked).filter(any))
            })
            .collect();
        let names: Vec<&str> = wanted.iter().map(|(_, name)| *name).collect();
        let counts = match frames.as_slice() {
            [one] => one.clone(),
            _ => together(frames, &names)?,
        };
        Ok(if names.contains(&"denominator") {
            counts
        } else {
            counts.with_column(lit(NULL).cast(DataType::Float64).alias("denominator"))
        })
    }
}

/// The unit in which a sum was added.
fn scale(metric: &Metric, name: &str) -> f64 {
    match (&metric.measure, name) {
        (Measure::Mean { .. }, "numerator") => MEAN_SCALE,
        (Measure::Mean { .. }, "extra_0") => SQUARE_SCALE * SQUARE_SCALE,
        (Measure::Share { .. }, "extra_0" | "extra_1" | "extra_2") => WEIGHT_SCALE,
        _ => 1.0,
    }
}

/// Adds frames that hold different months' sums of the same units.
pub(super) fn together(frames: Vec<LazyFrame>, names: &[&str]) -> PolarsResult<LazyFrame> {
    let key: Vec<&str> = UNIT_KEY.iter().copied().chain(["month"]).collect();
    let key_columns: Vec<Expr> = key.iter().map(|k| col(*k)).collect();
    let summed: Vec<Expr> = names.iter().map(|n| col(*n).sum()).collect();
    Ok(concat(frames, UnionArgs::default())?
        .group_by(key_columns)
        .agg(summed)
        .sort(key, SortMultipleOptions::default()))
}

fn kept_levels(counts: LazyFrame, metric: &Metric, other_set: bool) -> LazyFrame {
    let names = |levels: &[Level]| {
        let tests = levels.iter().map(|l| col("level").eq(lit(l.name())));
        tests.reduce(Expr::or).unwrap_or_else(|| lit(true))
    };
    let counts = match &metric.levels {
        Some(levels) => {
            let mut levels = levels.clone();
            if levels.contains(&Level::Force) {
                levels.push(Level::National);
            }
            counts.filter(names(&levels))
        }
        None => counts,
    };
    if other_set { counts.filter(names(&[Level::Force, Level::National])) } else { counts }
}

/// Leaves out the months that have not had their time, for a metric that waits for it.
fn complete_months(frame: LazyFrame, metric: &Metric, data_day: i32) -> LazyFrame {
    let Some(days) = metric.complete_after_days else { return frame };
    let newest = crate::domain::civil_date(data_day - days as i32);
    let month = crate::domain::Month::of(newest);
    let last = if month.last_day() == newest { month } else { month.plus(-1) };
    frame.filter(col("month").lt_eq(lit(last.serial())))
}
