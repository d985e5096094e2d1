//! Typed cells to frame columns.

use polars::prelude::{
    Column, DataType, IntoColumn, IntoSeries, NamedFrom, PlSmallStr, PolarsResult, Series, StringChunked, TimeUnit,
};

use crate::domain::UNALLOCATED;
use crate::tables::accepted::{Cell, TimeCell};

pub(super) fn text(name: &str, cells: &StringChunked) -> Column {
    cells.clone().with_name(PlSmallStr::from(name)).into_series().into_column()
}

/// Organisation names: blank is `unallocated`, so that levels add up.
pub(super) fn unit(name: &str, cells: &StringChunked) -> Column {
    let filled: StringChunked = cells.iter().map(|t| Some(t.unwrap_or(UNALLOCATED))).collect();
    text(name, &filled)
}

/// A text column made row by row.
pub(super) fn texts<'t>(name: &str, cells: impl Iterator<Item = Option<&'t str>>) -> Column {
    text(name, &cells.collect::<StringChunked>())
}

pub(super) fn flags(name: &str, cells: impl Iterator<Item = Option<bool>>) -> Column {
    Series::new(PlSmallStr::from(name), cells.collect::<Vec<_>>()).into_column()
}

/// Flags as they were read; blank and invalid are null.
pub(super) fn flag_cells(name: &str, cells: &[Cell<bool>]) -> Column {
    flags(name, cells.iter().map(|c| c.at()))
}

pub(super) fn numbers(name: &str, cells: impl Iterator<Item = Option<f64>>) -> Column {
    Series::new(PlSmallStr::from(name), cells.collect::<Vec<_>>()).into_column()
}

/// Civil days, as days since 1970-01-01.
pub(super) fn days(name: &str, cells: impl Iterator<Item = Option<i32>>) -> PolarsResult<Column> {
    let days: Vec<Option<i32>> = cells.collect();
    Series::new(PlSmallStr::from(name), days).cast(&DataType::Date).map(IntoColumn::into_column)
}

/// Civil times; blank and invalid are null.
pub(super) fn times(name: &str, cells: impl Iterator<Item = TimeCell>) -> PolarsResult<Column> {
    let micros: Vec<Option<i64>> = cells.map(|t| t.at().map(|t| t.civil_micros)).collect();
    Series::new(PlSmallStr::from(name), micros)
        .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
        .map(IntoColumn::into_column)
}
