//! Civil months and the longer periods that are summed from them.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::date::days_since_epoch;

/// A civil London month, counted from January of year 0: `year * 12 + (month - 1)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// Month `month` (1 to 12) of `year`; `None` outside that.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        (1..=12).contains(&month).then(|| Self(year * 12 + month as i32 - 1))
    }

    pub fn of(date: NaiveDate) -> Self {
        Self(date.year() * 12 + date.month0() as i32)
    }

    /// Parses `2026-03`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?)
    }

    /// The month with this serial number, as [`Month::serial`] gives it.
    pub const fn from_serial(serial: i32) -> Self {
        Self(serial)
    }

    /// Months since January of year 0.
    pub const fn serial(self) -> i32 {
        self.0
    }

    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1 to 12.
    pub const fn number(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.number(), 1).unwrap_or_default()
    }

    pub fn last_day(self) -> NaiveDate {
        self.plus(1).first_day().pred_opt().unwrap_or_default()
    }

    /// April of the financial year that holds this month.
    pub fn financial_year_start(self) -> Self {
        self.plus(-((self.0 - 3).rem_euclid(12)))
    }

    /// First month of the calendar quarter, which is the financial quarter too.
    pub fn quarter_start(self) -> Self {
        self.plus(-(self.0.rem_euclid(3)))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

/// How months are gathered into a row of `metric_values`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodType {
    Month,
    Quarter,
    FinancialYear,
    FinancialYearToDate,
    Rolling12Months,
}

impl PeriodType {
    pub const ALL: [Self; 5] =
        [Self::Month, Self::Quarter, Self::FinancialYear, Self::FinancialYearToDate, Self::Rolling12Months];

    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::FinancialYear => "financial_year",
            Self::FinancialYearToDate => "financial_year_to_date",
            Self::Rolling12Months => "rolling_12_months",
        }
    }
}

/// A period as a run of whole civil months, before the data date cuts its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub period_type: PeriodType,
    pub first: Month,
    pub last: Month,
}

impl Period {
    pub const fn month(month: Month) -> Self {
        Self { period_type: PeriodType::Month, first: month, last: month }
    }

    /// Every period that `month` belongs to or closes, given the newest month of the build: one month, quarter and
    /// financial year, and a year to date and a rolling year for each month end that gathers it.
    pub fn containing(month: Month, newest: Month) -> Vec<Self> {
        let quarter = month.quarter_start();
        let year = month.financial_year_start();
        let mut periods = vec![
            Self::month(month),
            Self { period_type: PeriodType::Quarter, first: quarter, last: quarter.plus(2) },
            Self { period_type: PeriodType::FinancialYear, first: year, last: year.plus(11) },
        ];
        let to_date = (month.serial()..=year.plus(11).serial().min(newest.serial())).map(|last| Self {
            period_type: PeriodType::FinancialYearToDate,
            first: year,
            last: Month(last),
        });
        let rolling = (month.serial()..=month.plus(11).serial().min(newest.serial())).map(|last| Self {
            period_type: PeriodType::Rolling12Months,
            first: Month(last - 11),
            last: Month(last),
        });
        periods.extend(to_date);
        periods.extend(rolling);
        periods
    }

    pub fn start(self) -> NaiveDate {
        self.first.first_day()
    }

    /// The period's last day, or the data date if that is earlier.
    pub fn end(self, data_date: NaiveDate) -> NaiveDate {
        self.last.last_day().min(data_date)
    }

    pub fn months(self) -> impl Iterator<Item = Month> {
        (self.first.serial()..=self.last.serial()).map(Month)
    }

    /// Days of the period up to the data date; 0 if it starts after it.
    pub fn days(self, data_date: NaiveDate) -> i32 {
        (days_since_epoch(self.end(data_date)) - days_since_epoch(self.start()) + 1).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    #[test]
    fn months_know_their_year_and_quarter() {
        for (m, year, quarter, last_day) in [
            ("2026-03", "2025-04", "2026-01", "2026-03-31"),
            ("2026-04", "2026-04", "2026-04", "2026-04-30"),
            ("2024-02", "2023-04", "2024-01", "2024-02-29"),
            ("2025-12", "2025-04", "2025-10", "2025-12-31"),
        ] {
            let m = month(m);
            assert_eq!(m.financial_year_start(), month(year));
            assert_eq!(m.quarter_start(), month(quarter));
            assert_eq!(m.last_day().to_string(), last_day);
        }
        assert_eq!(Month::parse("2026-13"), None);
        assert_eq!(Month::parse("2026-3"), None);
    }

    #[test]
    fn a_month_is_gathered_once_per_month_end_up_to_the_newest() {
        let periods = Period::containing(month("2026-02"), month("2026-05"));
        let count = |t| periods.iter().filter(|p| p.period_type == t).count();
        assert_eq!(count(PeriodType::FinancialYearToDate), 2); // to February and to March
        assert_eq!(count(PeriodType::Rolling12Months), 4); // ending February to May
    }

    #[test]
    fn the_data_date_cuts_a_period_short() {
        let date = NaiveDate::from_ymd_opt(2026, 5, 10).unwrap();
        let year = Period { period_type: PeriodType::FinancialYear, first: month("2026-04"), last: month("2027-03") };
        assert_eq!(year.end(date), date);
        assert_eq!(year.days(date), 40);
    }
}
