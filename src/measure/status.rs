//! Whether a figure is final, and if not, why not.

use super::Coverage;
use crate::definitions::Metric;
use crate::domain::{Month, Period, PeriodType, Status, civil_date};
use crate::tables::figure_rules::Timing;

fn timing(metric: &Metric, coverage: Coverage) -> Timing {
    Timing {
        data_date: civil_date(coverage.data_day),
        matures_after_days: metric.matures_after_days,
        complete_after_days: metric.complete_after_days,
    }
}

/// The newest month that has had the time that the metric waits for; `None` where it waits for nothing.
pub(super) fn complete_until(metric: &Metric, coverage: Coverage) -> Option<Month> {
    metric.complete_after_days.map(|_| timing(metric, coverage).newest_month())
}

/// Status and reason of a figure that has a value.
pub(super) fn of(metric: &Metric, coverage: Coverage, period: Period) -> (Status, Option<String>) {
    let (status, reason) = timing(metric, coverage).status(period.last);
    let begins_late = period.first < coverage.first_whole_month() && period.last >= coverage.first_month();
    if status != Status::Final || !begins_late {
        return (status, reason.map(str::to_owned));
    }
    // A longer period is the sum of what there is: final, and said to be short.
    let status = if period.period_type == PeriodType::Month { Status::Provisional } else { Status::Final };
    (status, Some(format!("the extract begins on {}", civil_date(coverage.first_day))))
}
