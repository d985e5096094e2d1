//! Civil time in Europe/London by the second: instants are seconds since 1970-01-01T00:00:00Z, text is
//! `YYYY-MM-DD HH:MM:SS`.
//!
//! Rows are drawn on the absolute time line and written in civil time, so both readings of the autumn hour fill and
//! the spring hour stays empty.

use crate::domain::clock::{MICROS_PER_SECOND, Reading, civil_at, reading};
use crate::domain::{Month, days_since_epoch};

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 86_400;

/// The civil clock reading as seconds since 1970-01-01 00:00:00 on that clock.
fn civil(instant: i64) -> i64 {
    civil_at(instant * MICROS_PER_SECOND) / MICROS_PER_SECOND
}

/// The civil day of an instant, in days since 1970-01-01.
pub fn day(instant: i64) -> i32 {
    civil(instant).div_euclid(DAY) as i32
}

/// Local hour, 0 to 23.
pub fn hour(instant: i64) -> usize {
    (civil(instant).rem_euclid(DAY) / HOUR) as usize
}

/// The instant of a civil reading: the first of two; one that does not exist takes the offset before the change.
pub fn instant(day: i32, second_of_day: i64) -> i64 {
    let micros = (i64::from(day) * DAY + second_of_day) * MICROS_PER_SECOND;
    let (Reading::Once(at) | Reading::Twice { first: at, .. } | Reading::Never(at)) = reading(micros);
    at / MICROS_PER_SECOND
}

/// The day on which clocks go forward in `year`: one of the last seven of March.
pub fn spring_day(year: i32) -> Option<i32> {
    let end = days_since_epoch(Month::new(year, 3)?.last_day());
    let half_past_one = |day: i32| (i64::from(day) * DAY + HOUR + HOUR / 2) * MICROS_PER_SECOND;
    (end - 6..=end).find(|day| matches!(reading(half_past_one(*day)), Reading::Never(_)))
}

/// Writes `YYYY-MM-DD HH:MM:SS`.
pub fn write(instant: i64, out: &mut Vec<u8>) {
    let reading = civil(instant);
    write_date(reading.div_euclid(DAY), out);
    let second = reading.rem_euclid(DAY);
    out.push(b' ');
    for (at, part) in [second / HOUR, second / MINUTE % 60, second % 60].into_iter().enumerate() {
        if at > 0 {
            out.push(b':');
        }
        two_digits(part, out);
    }
}

fn two_digits(value: i64, out: &mut Vec<u8>) {
    out.push(b'0' + (value / 10 % 10) as u8);
    out.push(b'0' + (value % 10) as u8);
}

/// Civil date of a day number; Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn write_date(day: i64, out: &mut Vec<u8>) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    two_digits(year / 100, out);
    two_digits(year, out);
    out.push(b'-');
    two_digits(month, out);
    out.push(b'-');
    two_digits(day_of_month, out);
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveDateTime};

    use super::*;

    fn utc(text: &str) -> i64 {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").unwrap().and_utc().timestamp()
    }

    fn written(instant: i64) -> String {
        let mut out = Vec::new();
        write(instant, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// British Summer Time starts on the last Sunday of March and ends on that of October, at 01:00 UTC (Summer Time
    /// Act 1972, as amended 2002).
    #[test]
    fn civil_time_follows_the_clock_changes() {
        for (instant, civil) in [
            ("2026-03-29T00:59:59Z", "2026-03-29 00:59:59"),
            ("2026-03-29T01:00:00Z", "2026-03-29 02:00:00"),
            ("2025-10-26T00:30:00Z", "2025-10-26 01:30:00"),
            ("2025-10-26T01:30:00Z", "2025-10-26 01:30:00"),
            ("2024-02-29T23:59:59Z", "2024-02-29 23:59:59"),
            ("2024-07-31T23:00:00Z", "2024-08-01 00:00:00"),
        ] {
            assert_eq!(written(utc(instant)), civil, "{instant}");
        }
    }

    #[test]
    fn a_reading_leads_back_to_its_first_instant() {
        for (day, second, expected) in [
            ("2026-01-15", 3_600, "2026-01-15T01:00:00Z"),
            ("2026-07-15", 3_600, "2026-07-15T00:00:00Z"),
            ("2025-10-26", 5_400, "2025-10-26T00:30:00Z"),
            ("2025-10-26", 7_200, "2025-10-26T02:00:00Z"),
            ("2026-03-29", 5_400, "2026-03-29T01:30:00Z"),
            ("2026-03-29", 7_200, "2026-03-29T01:00:00Z"),
            ("2026-03-29", 0, "2026-03-29T00:00:00Z"),
            ("2025-10-26", 0, "2025-10-25T23:00:00Z"),
        ] {
            let day = days_since_epoch(NaiveDate::parse_from_str(day, "%Y-%m-%d").unwrap());
            assert_eq!(instant(day, second), utc(expected), "{expected}");
        }
    }

    #[test]
    fn spring_days() {
        let day = |y, m, d| Some(days_since_epoch(NaiveDate::from_ymd_opt(y, m, d).unwrap()));
        assert_eq!(spring_day(2024), day(2024, 3, 31));
        assert_eq!(spring_day(2026), day(2026, 3, 29));
        assert_eq!(spring_day(1970), None); // British Standard Time all year
    }
}
