//! Which months go into which period.

use std::collections::BTreeSet;

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, PolarsResult, df};

use super::Coverage;
use crate::domain::{Month, Period, PeriodType};

/// Every month of a span with every period that gathers it: columns `month`, `period_type`, `first` and `last`
/// (serials). A rolling year is kept only where the extract covers all of it.
pub(super) fn gathering(coverage: Coverage, oldest: Month, newest: Month) -> PolarsResult<LazyFrame> {
    let whole = coverage.first_whole_month();
    let mut rows: BTreeSet<(Period, Month)> = BTreeSet::new();
    for serial in oldest.serial()..=newest.serial() {
        let month = Month::from_serial(serial);
        for period in Period::containing(month, newest) {
            if period.period_type != PeriodType::Rolling12Months || period.first >= whole {
                rows.insert((period, month));
            }
        }
    }
    frame(rows)
}

/// The month at whose end a stock is read for each period: its last, or the newest if the period is not over.
pub(super) fn ends(coverage: Coverage, oldest: Month, newest: Month) -> PolarsResult<LazyFrame> {
    let whole = coverage.first_whole_month();
    let mut rows: BTreeSet<(Period, Month)> = BTreeSet::new();
    for serial in oldest.serial()..=newest.serial() {
        for period in Period::containing(Month::from_serial(serial), newest) {
            if period.period_type != PeriodType::Rolling12Months || period.first >= whole {
                rows.insert((period, period.last.min(newest)));
            }
        }
    }
    frame(rows)
}

fn frame(rows: BTreeSet<(Period, Month)>) -> PolarsResult<LazyFrame> {
    let column = |of: fn(&(Period, Month)) -> i32| rows.iter().map(of).collect::<Vec<i32>>();
    let frame: DataFrame = df!(
        "month" => column(|(_, m)| m.serial()),
        "period_type" => rows.iter().map(|(p, _)| p.period_type.name()).collect::<Vec<_>>(),
        "first" => column(|(p, _)| p.first.serial()),
        "last" => column(|(p, _)| p.last.serial()),
    )?;
    Ok(frame.lazy())
}
