//! Rows of the table `gates`: how fresh and how sound each extract is, by what it holds tonight.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, StringArray};

use super::verdict::GateVerdict;
use crate::definitions::Thresholds;

/// One row of [`GATES`](crate::tables::gates::GATES).
#[derive(Clone, Debug)]
pub struct GateRow {
    pub extract: String,
    pub thresholds: Thresholds,
    pub newest_day: Option<i32>,
    pub expected_day: Option<i32>,
    /// `None` where the extract is absent, or its file cannot be read.
    pub records_read: Option<u64>,
    /// `None` until every record has its place.
    pub quarantined: Option<u64>,
    pub verdicts: Vec<GateVerdict>,
}

impl GateRow {
    /// Of an extract of which nothing is known yet.
    pub fn new(extract: &str, thresholds: Thresholds) -> Self {
        Self {
            extract: extract.to_owned(),
            thresholds,
            newest_day: None,
            expected_day: None,
            records_read: None,
            quarantined: None,
            verdicts: Vec::new(),
        }
    }

    /// What was said of tonight's extract alone.
    fn own_verdicts(&self) -> impl Iterator<Item = &GateVerdict> {
        self.verdicts.iter().filter(|v| !v.rule.compares_builds())
    }

    fn state(&self) -> &'static str {
        if self.records_read.is_none() {
            "absent"
        } else if self.own_verdicts().any(|v| v.let_pass) {
            "let_pass"
        } else if self.own_verdicts().next().is_some() {
            "warned"
        } else {
            "good"
        }
    }

    pub fn days_behind(&self) -> Option<i64> {
        Some(i64::from(self.expected_day? - self.newest_day?).max(0))
    }

    fn share(&self) -> Option<f64> {
        let read = self.records_read.filter(|read| *read > 0)?;
        Some(self.quarantined? as f64 / read as f64)
    }

    fn warnings(&self) -> Option<String> {
        let messages: Vec<&str> = self.own_verdicts().map(|v| v.message.as_str()).collect();
        (!messages.is_empty()).then(|| messages.join("\n"))
    }
}

/// The columns of [`GATES`](crate::tables::gates::GATES), in the order of the rows.
pub fn arrays(rows: &[GateRow]) -> Vec<ArrayRef> {
    let integers =
        |of: &dyn Fn(&GateRow) -> Option<i64>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Int64Array>()) };
    let numbers =
        |of: &dyn Fn(&GateRow) -> Option<f64>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Float64Array>()) };
    let dates =
        |of: &dyn Fn(&GateRow) -> Option<i32>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Date32Array>()) };
    vec![
        Arc::new(rows.iter().map(|r| Some(r.extract.as_str())).collect::<StringArray>()),
        Arc::new(rows.iter().map(|r| Some(r.state())).collect::<StringArray>()),
        dates(&|r| r.newest_day),
        dates(&|r| r.expected_day),
        integers(&GateRow::days_behind),
        integers(&|r| r.thresholds.newest_row_days.warn.map(i64::from)),
        integers(&|r| r.thresholds.newest_row_days.stop.map(i64::from)),
        integers(&|r| r.records_read.map(|n| n as i64)),
        integers(&|r| r.quarantined.map(|n| n as i64)),
        numbers(&GateRow::share),
        numbers(&|r| r.thresholds.quarantined_share.warn),
        numbers(&|r| r.thresholds.quarantined_share.stop),
        Arc::new(rows.iter().map(GateRow::warnings).collect::<StringArray>()),
    ]
}
