//! Typed rows as arrow columns, one function a type; what is `None` is null.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use chrono::NaiveDate;

use crate::domain::days_since_epoch;

pub fn texts<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> Option<&'a str>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<StringArray>())
}

pub fn numbers<R>(rows: &[R], of: impl Fn(&R) -> Option<f64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Float64Array>())
}

/// Counts of things, which are far below 2^63.
pub fn integers<R, N: TryInto<i64>>(rows: &[R], of: impl Fn(&R) -> Option<N>) -> ArrayRef {
    Arc::new(rows.iter().map(|row| of(row).and_then(|number| number.try_into().ok())).collect::<Int64Array>())
}

pub fn dates<R>(rows: &[R], of: impl Fn(&R) -> Option<NaiveDate>) -> ArrayRef {
    Arc::new(rows.iter().map(|row| of(row).map(days_since_epoch)).collect::<Date32Array>())
}

/// Civil times in microseconds.
pub fn times<R>(rows: &[R], of: impl Fn(&R) -> Option<i64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<TimestampMicrosecondArray>())
}

pub fn flags<R>(rows: &[R], of: impl Fn(&R) -> Option<bool>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<BooleanArray>())
}
