//! The periods that a series' months are gathered into.

use std::collections::BTreeSet;

use super::Coverage;
use super::series::{MonthCounts, Series};
use crate::definitions::Metric;
use crate::domain::{Kind, Level, Month, Period, PeriodType};

/// Every period of a series with its counts, in the order of period type and start.
///
/// Counts are summed; a quantile's values are put together; a stock is read at the period's end. A rolling year is kept
/// only where the extract covers all of it. Longer periods stand in scope `all`, and for force and area in every scope.
pub(super) fn gathered(metric: &Metric, series: &Series<'_>, coverage: Coverage) -> Vec<(Period, MonthCounts)> {
    let newest = super::status::complete_until(metric, coverage).unwrap_or(coverage.newest_month());
    let wide = matches!(series.level, Level::National | Level::Force | Level::Area);
    let longer = wide || &**series.scope == "all";
    let mut periods: BTreeSet<(&str, Month, Month, Period)> = BTreeSet::new();
    for counts in &series.months {
        let newest = newest.max(counts.month);
        let reached = if metric.kind == Kind::Stock {
            stock_periods(counts.month, newest)
        } else {
            Period::containing(counts.month, newest)
        };
        for period in reached {
            let covered = period.period_type != PeriodType::Rolling12Months || coverage.covers(period);
            let complete = metric.complete_after_days.is_none() || period.last <= newest;
            if covered && complete && (longer || period.period_type == PeriodType::Month) {
                periods.insert((period.period_type.name(), period.first, period.last, period));
            }
        }
    }
    let newest = coverage.newest_month();
    periods.into_iter().filter_map(|(_, _, _, p)| Some((p, counts_of(metric, series, p, newest)?))).collect()
}

/// The periods that end with `month`, or that are not over when it is the newest.
fn stock_periods(month: Month, newest: Month) -> Vec<Period> {
    let ends = |p: &Period| p.last == month || (month == newest && p.last > newest);
    Period::containing(month, newest).into_iter().filter(ends).collect()
}

fn counts_of(metric: &Metric, series: &Series<'_>, period: Period, newest: Month) -> Option<MonthCounts> {
    let months = &series.months;
    if metric.kind == Kind::Stock {
        let end = period.last.min(newest);
        return months.iter().find(|m| m.month == end).cloned();
    }
    let from = months.partition_point(|m| m.month < period.first);
    let to = months.partition_point(|m| m.month <= period.last);
    let (first, rest) = months.get(from..to)?.split_first()?;
    let mut sum = first.clone();
    for month in rest {
        add(&mut sum.numerator, month.numerator);
        add(&mut sum.denominator, month.denominator);
        sum.extra.iter_mut().zip(&month.extra).for_each(|(sum, more)| *sum += more);
        sum.values.extend_from_slice(&month.values);
    }
    sum.month = period.last;
    sum.values.sort_unstable_by(f64::total_cmp);
    Some(sum)
}

fn add(sum: &mut Option<f64>, more: Option<f64>) {
    if let (Some(sum), Some(more)) = (sum.as_mut(), more) {
        *sum += more;
    }
}
