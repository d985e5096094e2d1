//! The earlier crimes that fresh ones are read against.

use chrono::{Days, NaiveDate};

use super::Pool;
use crate::domain::Month;
use crate::tables::cohort::{CohortMonth, SOLVED};

/// Ages at which a share can be stated, the one that is wanted first: a year if the extract supports it.
const HORIZONS: [u32; 3] = [365, 180, 90];
/// Quarters in a reference: a year at least, so that every season is in it once, and two at most, so that it is not of
/// another time.
const FEWEST_QUARTERS: usize = 4;
const MOST_QUARTERS: usize = 8;
/// Fewer crimes say too little of another cohort.
pub(super) const FEWEST_CRIMES: u64 = 100;

/// The newest whole quarters of which every crime has been followed to the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReferencePeriod {
    pub horizon: u32,
    pub first: Month,
    pub last: Month,
}

impl ReferencePeriod {
    /// The longest horizon to which four quarters have been followed, with up to eight of them; `None` if there is none.
    pub fn choose(first_whole_month: Month, data_date: NaiveDate) -> Option<Self> {
        HORIZONS.into_iter().find_map(|horizon| {
            let followed = |quarter: &Month| reached(quarter.plus(2), horizon) <= data_date;
            let newest = Month::of(data_date).quarter_start();
            let back = (0..).map(|n| newest.plus(-3 * n)).take_while(|quarter| *quarter >= first_whole_month);
            let quarters: Vec<Month> = back.filter(followed).take(MOST_QUARTERS).collect();
            let (last, first) = quarters.first().zip(quarters.last())?;
            (quarters.len() >= FEWEST_QUARTERS).then_some(Self { horizon, first: *first, last: last.plus(2) })
        })
    }

    pub fn holds(self, month: Month) -> bool {
        (self.first..=self.last).contains(&month)
    }

    /// First month of each quarter.
    pub fn quarters(self) -> impl Iterator<Item = Month> {
        (self.first.serial()..=self.last.serial()).step_by(3).map(Month::from_serial)
    }
}

/// The day on which every crime recorded in a month is `days` old.
pub(super) fn reached(month: Month, days: u32) -> NaiveDate {
    month.last_day().checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

/// The reference of one unit and scope.
pub(super) struct Reference {
    pub period: ReferencePeriod,
    pub pool: Pool,
    /// With crimes, by date.
    pub quarters: Vec<Pool>,
}

impl Reference {
    /// `None` where the unit has too few crimes, or none in too many quarters.
    pub fn of(months: &[CohortMonth], period: ReferencePeriod) -> Option<Self> {
        let of = |first: Month, last: Month| Pool::of(months.iter().filter(|m| (first..=last).contains(&m.month)));
        let quarters = period.quarters().map(|first| of(first, first.plus(2))).filter(|pool| pool.dated > 0);
        let reference = Self { period, pool: of(period.first, period.last), quarters: quarters.collect() };
        (reference.quarters.len() >= FEWEST_QUARTERS && reference.pool.dated >= FEWEST_CRIMES).then_some(reference)
    }
}

impl Pool {
    /// Solved by the end of a day up to which all have been followed.
    pub fn solved_by(&self, day: u32) -> u64 {
        self.days.iter().take_while(|d| d.day <= day).map(|d| d.ended[SOLVED]).sum()
    }
}
