//! Metric values: one metric by unit, scope and period, with interval, basis and status.

use chrono::Days;
use polars::prelude::{
    Column, DataFrame, DataType, Expr, IntoColumn, IntoLazy, JoinArgs, JoinType, LazyFrame, NULL, NamedFrom, PolarsResult,
    QuantileMethod, Series, SortMultipleOptions, col, lit,
};

use super::grouped::{Grouped, UNIT_KEY};
use super::monthly::{Monthly, value};
use super::{Coverage, intervals, periods, quantiles};
use crate::definitions::{Measure, Metric};
use crate::domain::{Kind, Level, Month, Status, days_since_epoch};

const PERIOD_KEY: [&str; 3] = ["period_type", "first", "last"];
const COUNTS: [&str; 5] = ["numerator", "denominator", "extra_0", "extra_1", "extra_2"];

/// Every period of one metric, with the columns of table `metric_values`, sorted by its key.
pub fn metric_values(grouped: &Grouped<'_>, monthly: &Monthly<'_>) -> PolarsResult<DataFrame> {
    let metric = monthly.metric;
    let coverage = grouped.coverage;
    let months = monthly.frame.column("month")?.i32()?;
    let (Some(oldest), Some(newest)) = (months.iter().flatten().min(), months.iter().flatten().max()) else {
        return finished(grouped, monthly, DataFrame::empty());
    };
    let oldest = Month::from_serial(oldest).min(coverage.first_month());
    let complete = complete_until(metric, coverage);
    let newest = Month::from_serial(newest).max(coverage.newest_month().min(complete));
    let long = |level: &str| col("level").eq(lit(level.to_owned()));
    let wide = [Level::National, Level::Force, Level::Area].map(|l| long(l.name())).into_iter().reduce(Expr::or);
    let kept = col("period_type").eq(lit("month")).or(col("scope").eq(lit("all"))).or(wide.unwrap_or_else(|| lit(true)));
    let summed = match &metric.measure {
        Measure::Stock { .. } => at_ends(monthly, periods::ends(coverage, oldest, newest)?)?,
        Measure::Quantile { .. } => from_rows(grouped, monthly, periods::gathering(coverage, oldest, newest)?, kept.clone())?,
        _ => added_up(monthly, periods::gathering(coverage, oldest, newest)?)?,
    };
    let whole_only = match metric.complete_after_days {
        Some(_) => col("last").lt_eq(lit(complete.serial())),
        None => lit(true),
    };
    let frame = summed.filter(kept.and(whole_only)).sort(order(), SortMultipleOptions::default()).collect()?;
    finished(grouped, monthly, frame)
}

fn order() -> Vec<&'static str> {
    UNIT_KEY.iter().chain(&PERIOD_KEY).copied().collect()
}

/// The newest month that has had its time.
fn complete_until(metric: &Metric, coverage: Coverage) -> Month {
    let Some(days) = metric.complete_after_days else { return coverage.newest_month() };
    let date = crate::domain::civil_date(coverage.data_day).checked_sub_days(Days::new(days.into())).unwrap_or_default();
    let month = Month::of(date);
    if month.last_day() == date { month } else { month.plus(-1) }
}

fn joined(monthly: &Monthly<'_>, gathering: LazyFrame) -> LazyFrame {
    monthly.frame.clone().lazy().join(gathering, [col("month")], [col("month")], JoinArgs::new(JoinType::Inner))
}

fn added_up(monthly: &Monthly<'_>, gathering: LazyFrame) -> PolarsResult<LazyFrame> {
    let present: Vec<&str> = COUNTS.iter().copied().filter(|name| monthly.frame.schema().contains(name)).collect();
    // A sum of nulls is 0, and a kind without denominator must keep none.
    let none = monthly.metric.kind == Kind::Count || monthly.metric.kind == Kind::Rate;
    let sums = present.iter().map(|name| {
        if none && *name == "denominator" { lit(NULL).cast(DataType::Float64).alias("denominator") } else { col(*name).sum() }
    });
    let key: Vec<Expr> = order().into_iter().map(col).collect();
    let summed = joined(monthly, gathering).group_by(key).agg(sums.collect::<Vec<_>>());
    Ok(summed.with_column(value(monthly.metric).alias("value")))
}

fn at_ends(monthly: &Monthly<'_>, ends: LazyFrame) -> PolarsResult<LazyFrame> {
    Ok(joined(monthly, ends).drop(polars::prelude::cols(["month"])))
}

fn from_rows(
    grouped: &Grouped<'_>,
    monthly: &Monthly<'_>,
    gathering: LazyFrame,
    kept: Expr,
) -> PolarsResult<LazyFrame> {
    let Some(metric) = grouped.metrics.iter().find(|m| m.metric.id == monthly.metric.id && m.set == monthly.set) else {
        return Ok(monthly.frame.clone().lazy());
    };
    let other_set = monthly.set.is_some_and(|set| set != grouped.definitions.pipeline.solved_set);
    let keep = |s: &super::grouped::Slice| !other_set || matches!(s.level, Level::Force | Level::National);
    let Some((rows, probability)) = quantiles::rows(grouped, metric, keep)? else {
        return Ok(monthly.frame.clone().lazy());
    };
    let key: Vec<Expr> = order().into_iter().map(col).collect();
    let gathered = rows.join(gathering, [col("month")], [col("month")], JoinArgs::new(JoinType::Inner)).filter(kept);
    Ok(gathered.group_by(key).agg([
        lit(NULL).cast(DataType::Float64).alias("numerator"),
        col("of").len().cast(DataType::Float64).alias("denominator"),
        col("of").quantile(lit(probability), QuantileMethod::Linear).alias("value"),
        col("of").sort(Default::default()).alias("sorted"),
    ]))
}

/// Adds denominators by residents, intervals, dates, status and the words that do not vary by row.
fn finished(grouped: &Grouped<'_>, monthly: &Monthly<'_>, frame: DataFrame) -> PolarsResult<DataFrame> {
    let (metric, data_day) = (monthly.metric, grouped.coverage.data_day);
    let mut frame = frame;
    if frame.height() == 0 {
        return Ok(frame);
    }
    if metric.kind == Kind::Rate {
        super::intervals::per_residents(grouped, &mut frame)?;
    }
    let estimates = intervals::of(metric, &frame)?;
    let data_date = crate::domain::civil_date(data_day);
    let (first, last) = (frame.column("first")?.i32()?.clone(), frame.column("last")?.i32()?.clone());
    let serials = || first.into_no_null_iter().zip(last.into_no_null_iter());
    let starts: Vec<i32> = serials().map(|(f, _)| days_since_epoch(Month::from_serial(f).first_day())).collect();
    let ends: Vec<i32> = serials().map(|(_, l)| days_since_epoch(Month::from_serial(l).last_day().min(data_date))).collect();
    let rows: Vec<(Status, String)> = serials()
        .zip(estimates.missing.iter())
        .map(|((f, l), missing)| status(metric, grouped.coverage, Month::from_serial(f), Month::from_serial(l), missing.as_deref()))
        .collect();
    let words = |name: &str, word: Option<&str>| Series::new(name.into(), vec![word; frame.height()]).into_column();
    let date = |name: &str, days: Vec<i32>| Series::new(name.into(), days).cast(&DataType::Date).map(IntoColumn::into_column);
    let mut columns: Vec<Column> = vec![
        words("metric", Some(metric.id.as_str())),
        words("basis", metric.basis.map(|b| b.name())),
        words("solved_set", monthly.set.map(|s| s.name())),
        date("period_start", starts)?,
        date("period_end", ends)?,
        Series::new("status".into(), rows.iter().map(|(s, _)| s.name()).collect::<Vec<_>>()).into_column(),
        Series::new("reason".into(), rows.iter().map(|(_, r)| (!r.is_empty()).then_some(r.as_str())).collect::<Vec<_>>()).into_column(),
    ];
    columns.extend(estimates.columns());
    for column in columns {
        frame.with_column(column)?;
    }
    Ok(frame)
}

/// Whether a figure is final, and if not, why not.
fn status(metric: &Metric, coverage: Coverage, first: Month, last: Month, missing: Option<&str>) -> (Status, String) {
    if let Some(reason) = missing {
        return (Status::NotAvailable, reason.to_owned());
    }
    let data_date = crate::domain::civil_date(coverage.data_day);
    let end = last.last_day();
    if end > data_date {
        return (Status::Provisional, "the period is not over".to_owned());
    }
    if first < coverage.first_whole_month() && last >= coverage.first_month() {
        let from = crate::domain::civil_date(coverage.first_day);
        return (Status::Provisional, format!("the extract begins on {from}"));
    }
    let ripe = metric.matures_after_days.and_then(|days| end.checked_add_days(Days::new(days.into())));
    if ripe.is_some_and(|ripe| ripe > data_date) {
        return (Status::Provisional, "the cohort has had less than its time".to_owned());
    }
    (Status::Final, String::new())
}
