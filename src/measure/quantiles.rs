//! Medians and percentiles, from the rows themselves.

use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, LazyFrame, NULL, PolarsResult, QuantileMethod, SortMultipleOptions, UnionArgs, col, concat,
    lit,
};

use super::compile::{all_hold, month_serial};
use super::grouped::{Grouped, GroupedMetric, UNIT_KEY};
use crate::definitions::Measure;

/// The rows that count, with unit, scope, month and `of`, for the slices that `keep` takes.
pub(super) fn rows(
    grouped: &Grouped<'_>,
    metric: &GroupedMetric<'_>,
    keep: impl Fn(&super::grouped::Slice) -> bool,
) -> PolarsResult<Option<(LazyFrame, f64)>> {
    let Measure::Quantile { of, probability, rows } = &metric.metric.measure else { return Ok(None) };
    let set = metric.set.unwrap_or(grouped.definitions.pipeline.solved_set);
    let counting = grouped
        .rows
        .clone()
        .filter(all_hold(&rows.conditions, &grouped.definitions.references, set))
        .filter(col(of.as_str()).is_not_null().and(col(rows.month_of.as_str()).is_not_null()))
        .with_columns([month_serial(&rows.month_of).alias("month"), col(of.as_str()).alias("of")])
        .collect()?
        .lazy();
    let mut columns: Vec<Expr> = UNIT_KEY.iter().map(|k| col(*k).cast(DataType::String)).collect();
    columns.extend([col("month"), col("of")]);
    let frames: Vec<LazyFrame> =
        grouped.slices.iter().filter(|s| keep(s)).map(|s| s.of(&counting).select(columns.clone())).collect();
    Ok(Some((concat(frames, UnionArgs::default())?, *probability)))
}

pub(super) fn monthly(grouped: &Grouped<'_>, metric: &GroupedMetric<'_>) -> PolarsResult<LazyFrame> {
    let other_set = metric.set.is_some_and(|set| set != grouped.definitions.pipeline.solved_set);
    let keep = |s: &super::grouped::Slice| {
        !other_set || matches!(s.level, crate::domain::Level::Force | crate::domain::Level::National)
    };
    let Some((rows, probability)) = rows(grouped, metric, keep)? else { return Ok(DataFrame::empty().lazy()) };
    let key: Vec<&str> = UNIT_KEY.iter().copied().chain(["month"]).collect();
    Ok(rows
        .group_by(key.iter().map(|k| col(*k)).collect::<Vec<_>>())
        .agg([
            col("of").len().cast(DataType::Float64).alias("denominator"),
            col("of").quantile(lit(probability), QuantileMethod::Linear).alias("value"),
        ])
        .with_column(lit(NULL).cast(DataType::Float64).alias("numerator"))
        .sort(key, SortMultipleOptions::default()))
}
