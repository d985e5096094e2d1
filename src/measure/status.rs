//! Whether a figure is final, and if not, why not.

use chrono::Days;

use super::Coverage;
use crate::definitions::Metric;
use crate::domain::{Month, Period, PeriodType, Status, civil_date};

/// The newest month that has had the time that the metric waits for; `None` where it waits for nothing.
pub(super) fn complete_until(metric: &Metric, coverage: Coverage) -> Option<Month> {
    let days = metric.complete_after_days?;
    let date = civil_date(coverage.data_day).checked_sub_days(Days::new(days.into())).unwrap_or_default();
    let month = Month::of(date);
    Some(if month.last_day() == date { month } else { month.plus(-1) })
}

/// Status and reason of a figure that has a value.
pub(super) fn of(metric: &Metric, coverage: Coverage, period: Period) -> (Status, Option<String>) {
    let data_date = civil_date(coverage.data_day);
    let last_day = period.last.last_day();
    if last_day > data_date {
        return (Status::Provisional, Some("the period is not over".to_owned()));
    }
    let ripe = metric.matures_after_days.and_then(|days| last_day.checked_add_days(Days::new(days.into())));
    if ripe.is_some_and(|ripe| ripe > data_date) {
        return (Status::Provisional, Some("the cohort has had less than its time".to_owned()));
    }
    if period.first < coverage.first_whole_month() && period.last >= coverage.first_month() {
        // A longer period is the sum of what there is: final, and said to be short.
        let status = if period.period_type == PeriodType::Month { Status::Provisional } else { Status::Final };
        return (status, Some(format!("the extract begins on {}", civil_date(coverage.first_day))));
    }
    (Status::Final, None)
}
