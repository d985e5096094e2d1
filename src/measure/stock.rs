//! Stocks: what is open at the end of each month, and how much of it is old.

use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, LazyFrame, PolarsResult, SortMultipleOptions, UnionArgs, col, concat, lit, when,
};

use super::Coverage;
use super::compile::{all_hold, civil_day, month_serial};
use super::grouped::{Grouped, GroupedMetric, Slice, UNIT_KEY};
use crate::definitions::Measure;
use crate::domain::{Month, days_since_epoch};

/// A crime enters the stock in the month it is recorded and leaves it in the month of its outcome; it turns old at the
/// first month end that lies more than so many days after. Those comings and goings are summed, and then added up month
/// by month.
pub(super) fn monthly(grouped: &Grouped<'_>, metric: &GroupedMetric<'_>) -> PolarsResult<LazyFrame> {
    let Measure::Stock { opened, closed, older_than_days, first_month, conditions } = &metric.metric.measure else {
        return Ok(DataFrame::empty().lazy());
    };
    let coverage = grouped.coverage;
    let set = grouped.definitions.pipeline.solved_set;
    let closes = when(col(closed.as_str()).is_null()).then(lit(i32::MAX)).otherwise(month_serial(closed));
    let rows = grouped
        .rows
        .clone()
        .filter(all_hold(conditions, &grouped.definitions.references, set))
        .with_columns([
            month_serial(opened).alias("opens"),
            closes.alias("closes"),
            turns_old(coverage, opened, *older_than_days).alias("turns_old"),
        ])
        .filter(col("opens").lt(col("closes")))
        .collect()?
        .lazy();
    let frames: Vec<LazyFrame> =
        grouped.slices.iter().map(|slice| movements(*slice, &rows)).collect::<PolarsResult<_>>()?;
    let first = coverage.first_month().plus(*first_month as i32 - 1);
    Ok(levels(concat(frames, UnionArgs::default())?.collect()?, first, coverage.newest_month())?.lazy())
}

/// The month at whose end a row is first older than `days`: opened before 24:00 of the last day less the days.
fn turns_old(coverage: Coverage, opened: &str, days: u32) -> Expr {
    let opened_day = civil_day(opened);
    let (first, newest) = (coverage.first_month().serial(), coverage.newest_month().serial());
    (first..=newest).rev().fold(lit(i32::MAX), |later, serial| {
        let end = days_since_epoch(Month::from_serial(serial).last_day()).min(coverage.data_day);
        when(opened_day.clone().lt(lit(end + 1 - days as i32))).then(lit(serial)).otherwise(later)
    })
}

/// Comings and goings of one slice by month: `denominator` of all, `numerator` of the old.
fn movements(slice: Slice, rows: &LazyFrame) -> PolarsResult<LazyFrame> {
    let rows = slice.of(rows);
    let old = || col("turns_old").lt(col("closes"));
    let leaves = || col("closes").lt(lit(i32::MAX));
    let step = |keep: Expr, month: &str, denominator: i64, numerator: i64| {
        let mut columns: Vec<Expr> = UNIT_KEY.iter().map(|k| col(*k).cast(DataType::String)).collect();
        columns.push(col(month).alias("month"));
        let key = columns.clone();
        let counted = rows.clone().filter(keep).group_by(key).agg([polars::prelude::len().cast(DataType::Int64).alias("rows")]);
        counted.with_columns([
            (col("rows") * lit(denominator)).alias("denominator"),
            (col("rows") * lit(numerator)).alias("numerator"),
        ])
    };
    let frames = [
        step(lit(true), "opens", 1, 0),
        step(leaves(), "closes", -1, 0),
        step(old(), "turns_old", 0, 1),
        step(old().and(leaves()), "closes", 0, -1),
    ];
    concat(frames, UnionArgs::default())
}

/// Running totals of each unit and scope, for every month end from `first` to `newest`.
fn levels(movements: DataFrame, first: Month, newest: Month) -> PolarsResult<DataFrame> {
    let key: Vec<Expr> = UNIT_KEY.iter().map(|k| col(*k)).collect();
    let units = movements.clone().lazy().group_by(key.clone()).agg([]);
    let months: Vec<i32> = (first.serial()..=newest.serial()).collect();
    let months = polars::prelude::df!("month" => months)?.lazy();
    let before = lit(first.serial());
    let moved = movements
        .lazy()
        .with_column(when(col("month").lt(before.clone())).then(before).otherwise(col("month")).alias("month"))
        .group_by([key.clone(), vec![col("month")]].concat())
        .agg([col("denominator").sum(), col("numerator").sum()]);
    let order: Vec<&str> = UNIT_KEY.iter().copied().chain(["month"]).collect();
    let on: Vec<Expr> = order.iter().map(|k| col(*k)).collect();
    let running = |name: &str| col(name).fill_null(lit(0i64)).cum_sum(false).over(key.clone()).map(|e| e.cast(DataType::Float64).alias(name));
    units
        .cross_join(months, None)
        .join(moved, on.clone(), on, polars::prelude::JoinArgs::new(polars::prelude::JoinType::Left))
        .sort(order, SortMultipleOptions::default())
        .with_columns([running("denominator")?, running("numerator")?])
        .filter(col("denominator").gt(lit(0.0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_is_before_the_end_of_the_period_less_the_days() {
        // The end of 31 March 2026 less 90 days is the end of 31 December 2025.
        let day = |text: &str| days_since_epoch(text.parse().unwrap());
        let coverage = Coverage { first_day: day("2025-01-01"), data_day: day("2026-04-10") };
        let opened = ["2025-12-31", "2026-01-01", "2026-01-11", "2025-01-05"].map(|t| day(t));
        let micros: Vec<i64> = opened.iter().map(|d| i64::from(*d) * 86_400_000_000 + 5).collect();
        let frame = polars::prelude::df!("at" => micros).unwrap();
        let found = frame
            .lazy()
            .with_column(col("at").cast(DataType::Datetime(polars::prelude::TimeUnit::Microseconds, None)))
            .select([turns_old(coverage, "at", 90).alias("m")])
            .collect()
            .unwrap();
        let months: Vec<Option<i32>> = found.column("m").unwrap().i32().unwrap().iter().collect();
        let serial = |text: &str| Some(Month::parse(text).unwrap().serial());
        assert_eq!(months, [serial("2026-03"), serial("2026-04"), Some(i32::MAX), serial("2025-04")]);
    }
}
