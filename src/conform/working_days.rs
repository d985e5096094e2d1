//! Working days of England and Wales.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::definitions::BankHolidays;

/// The `count`-th working day after `start`; day 0 is `start` itself, working or not.
pub(super) fn working_day_after(start: NaiveDate, count: u32, holidays: &BankHolidays) -> NaiveDate {
    let works =
        |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.dates.contains(day);
    let mut later = start.iter_days().skip(1).filter(works);
    count.checked_sub(1).and_then(|skipped| later.nth(skipped as usize)).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_and_holidays_do_not_count() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        // Good Friday and Easter Monday 2026.
        let holidays = BankHolidays { dates: [date("2026-04-03"), date("2026-04-06")].into() };
        for (start, count, due) in [
            ("2026-03-09", 5, "2026-03-16"), // Monday to Monday
            ("2026-03-14", 1, "2026-03-16"), // Saturday
            ("2026-04-02", 1, "2026-04-07"), // Maundy Thursday
            ("2026-04-01", 5, "2026-04-10"),
            ("2026-04-03", 5, "2026-04-13"),
        ] {
            assert_eq!(working_day_after(date(start), count, &holidays), date(due), "{start}");
        }
    }
}
