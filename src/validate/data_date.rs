//! The data date: the newest whole civil day, and the horizon beyond which a time is a mistake.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{civil_date, days_since_epoch};

/// A horizon day holds at least this share of the median daily rows.
const LEAST_SHARE_OF_MEDIAN: f64 = 0.10;
/// It follows this many days that all hold rows.
const DAYS_WITH_ROWS_BEFORE: i32 = 7;

/// Days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataDate {
    /// The newest whole day: what a build stands on.
    pub day: i32,
    /// Rows between data date and horizon are kept, and not measured.
    pub horizon: i32,
}

impl DataDate {
    pub fn date(self) -> NaiveDate {
        civil_date(self.day)
    }

    /// The newest day that a row may carry.
    pub fn newest_allowed(self) -> i32 {
        self.day.max(self.horizon)
    }
}

/// The data date from each extract's rows by day, in the order in which they are asked (calls, incidents, crimes), and
/// from `--as-at`. `None` where neither says: no extract has a day with seven full days before it.
pub fn data_date(rows_by_day: &[&BTreeMap<i32, u64>], as_at: Option<NaiveDate>) -> Option<DataDate> {
    let horizon = rows_by_day.iter().find_map(|days| horizon(days));
    match (as_at.map(days_since_epoch), horizon) {
        (Some(day), horizon) => Some(DataDate { day, horizon: horizon.unwrap_or(day) }),
        (None, Some(horizon)) => Some(DataDate { day: horizon - 1, horizon }),
        (None, None) => None,
    }
}

/// The newest day with enough rows that follows a whole week, days since 1970-01-01.
pub fn horizon(rows_by_day: &BTreeMap<i32, u64>) -> Option<i32> {
    let mut counts: Vec<u64> = rows_by_day.values().copied().filter(|n| *n > 0).collect();
    counts.sort_unstable();
    let middle = counts.len() / 2;
    let median = match counts.len() {
        0 => return None,
        n if n % 2 == 1 => counts[middle] as f64,
        _ => (counts[middle - 1] + counts[middle]) as f64 / 2.0,
    };
    let holds = |day: i32| rows_by_day.get(&day).is_some_and(|n| *n > 0);
    let enough = |rows: u64| rows as f64 >= LEAST_SHARE_OF_MEDIAN * median;
    rows_by_day
        .iter()
        .rev()
        .find(|(day, rows)| enough(**rows) && (1..=DAYS_WITH_ROWS_BEFORE).all(|back| holds(**day - back)))
        .map(|(day, _)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(from: i32, counts: &[u64]) -> BTreeMap<i32, u64> {
        counts.iter().enumerate().map(|(i, n)| (from + i as i32, *n)).collect()
    }

    #[test]
    fn the_day_before_the_newest_day_with_rows() {
        let calls = days(100, &[50; 10]);
        assert_eq!(data_date(&[&calls], None), Some(DataDate { day: 108, horizon: 109 }));
    }

    #[test]
    fn a_stray_row_moves_nothing_and_a_thin_day_is_no_horizon() {
        let mut calls = days(100, &[50, 50, 50, 50, 50, 50, 50, 50, 50, 4]);
        assert_eq!(data_date(&[&calls], None).unwrap().horizon, 108);
        calls.insert(5000, 60);
        assert_eq!(data_date(&[&calls], None).unwrap().horizon, 108);
        calls.insert(109, 5); // a tenth of the median is enough
        assert_eq!(data_date(&[&calls], None).unwrap().horizon, 109);
    }

    #[test]
    fn too_short_an_extract_leaves_it_to_the_next() {
        let (calls, crimes) = (days(100, &[9; 7]), days(90, &[3; 9]));
        assert_eq!(data_date(&[&calls, &crimes], None).unwrap().horizon, 98);
        assert_eq!(data_date(&[&calls], None), None);
        let as_at = civil_date(50);
        assert_eq!(data_date(&[&calls], Some(as_at)), Some(DataDate { day: 50, horizon: 50 }));
        assert_eq!(data_date(&[&crimes], Some(as_at)), Some(DataDate { day: 50, horizon: 98 }));
    }
}
