//! Financial years as published tables write them.

use std::fmt;

use chrono::NaiveDate;

use crate::domain::Month;

/// A financial year, April to March, by the calendar year of its April.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FinancialYear(i32);

impl FinancialYear {
    /// Parses `2024/25`; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (april, march) = text.split_once('/')?;
        let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(april, 4) || !digits(march, 2) {
            return None;
        }
        let (april, march): (i32, i32) = (april.parse().ok()?, march.parse().ok()?);
        (march == (april + 1) % 100).then_some(Self(april))
    }

    /// The year whose last day this is.
    pub fn ending(last_day: NaiveDate) -> Option<Self> {
        let year = Self(Month::of(last_day).year() - 1);
        (year.last_day() == last_day).then_some(year)
    }

    /// Its first month. Serial numbers count from January.
    const fn april(self) -> Month {
        Month::from_serial(self.0 * 12 + 3)
    }

    pub fn first_day(self) -> NaiveDate {
        self.april().first_day()
    }

    pub fn last_day(self) -> NaiveDate {
        self.april().plus(11).last_day()
    }
}

impl fmt::Display for FinancialYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}/{:02}", self.0, (self.0 + 1) % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_and_written() {
        for (text, first, last) in [
            ("2024/25", "2024-04-01", "2025-03-31"),
            ("1999/00", "1999-04-01", "2000-03-31"),
            ("2012/13", "2012-04-01", "2013-03-31"),
        ] {
            let year = FinancialYear::parse(text).unwrap();
            assert_eq!((year.first_day().to_string().as_str(), year.last_day().to_string().as_str()), (first, last));
            assert_eq!(year.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_year_is_refused() {
        for text in ["", "2024", "2024/26", "2024-25", "24/25", "2024/2025", "+024/25", "2024/25 "] {
            assert_eq!(FinancialYear::parse(text), None, "{text}");
        }
    }
}
