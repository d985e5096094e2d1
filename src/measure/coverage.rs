//! Which months an extract covers.

use polars::prelude::{DataType, LazyFrame, PolarsResult, TimeUnit, col};

use crate::domain::clock::MICROS_PER_DAY;
use crate::domain::{Month, Period, civil_date};

/// The months of an extract, from its first row to the data date. Days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    pub first_day: i32,
    pub data_day: i32,
}

impl Coverage {
    pub fn first_month(self) -> Month {
        Month::of(civil_date(self.first_day))
    }

    pub fn newest_month(self) -> Month {
        Month::of(civil_date(self.data_day))
    }

    /// Whether the extract covers every day of a period.
    pub fn covers(self, period: Period) -> bool {
        period.first >= self.first_whole_month() && period.last.last_day() <= civil_date(self.data_day)
    }

    /// The first month that the extract covers from its first day.
    pub fn first_whole_month(self) -> Month {
        let month = self.first_month();
        if month.first_day() == civil_date(self.first_day) { month } else { month.plus(1) }
    }
}

/// The earliest day of a time column; `None` without rows.
pub fn first_day(rows: LazyFrame, time: &str) -> PolarsResult<Option<i32>> {
    let earliest = rows.select([col(time).min()]).collect()?;
    let micros = earliest.column(time)?.cast(&DataType::Datetime(TimeUnit::Microseconds, None))?.to_physical_repr();
    Ok(micros.i64()?.get(0).map(|micros| micros.div_euclid(MICROS_PER_DAY) as i32))
}
