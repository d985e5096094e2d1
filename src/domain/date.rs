//! Civil dates as days since 1970-01-01, and their two written forms.

use chrono::{Datelike, Days, NaiveDate};

/// Parses `2026-03-14`; anything else is `None`.
pub fn parse_iso_date(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Days from 1970-01-01 to `date`; negative before it.
pub fn days_since_epoch(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days() as i32
}

/// The date `days` after 1970-01-01. Inverse of [`days_since_epoch`].
pub fn civil_date(days: i32) -> NaiveDate {
    let epoch = NaiveDate::default();
    let shifted = if days >= 0 {
        epoch.checked_add_days(Days::new(days.unsigned_abs().into()))
    } else {
        epoch.checked_sub_days(Days::new(days.unsigned_abs().into()))
    };
    shifted.unwrap_or(epoch)
}

/// `14 March 2026`, as a page shows it.
pub fn long_date(date: NaiveDate) -> String {
    format!("{} {}", date.day(), date.format("%B %Y"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for (text, days) in [("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("2026-03-14", 20_526)] {
            let date = parse_iso_date(text).unwrap();
            assert_eq!(days_since_epoch(date), days, "{text}");
            assert_eq!(civil_date(days), date);
        }
        assert_eq!(parse_iso_date("2026-2-30"), None);
        assert_eq!(parse_iso_date("2026-02-30"), None);
    }

    #[test]
    fn a_page_shows_the_day_without_a_zero() {
        assert_eq!(long_date(NaiveDate::from_ymd_opt(2026, 3, 4).unwrap()), "4 March 2026");
    }
}
