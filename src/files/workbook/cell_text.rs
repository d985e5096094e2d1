//! What a cell holds, as text that does not depend on how the workbook shows it.

use std::borrow::Cow;

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

const SECONDS_A_DAY: i64 = 86_400;
/// 9999-12-31 in days of the 1900 system, the last that Excel knows.
const LAST_DAY: i64 = 2_958_465;
/// Days from the start of the 1900 system to that of the 1904 system.
const DAYS_TO_1904: i64 = 1_462;
/// Excel counts a 29 February 1900, which never was.
const NEVER_WAS: i64 = 60;

/// A number as a plain decimal: the shortest that reads back the same. A whole number stays digit for digit; what is no
/// number stays as it is.
pub(super) fn number(written: &str) -> Cow<'_, str> {
    let digits = written.strip_prefix('-').unwrap_or(written);
    let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if whole && (digits == "0" && written == "0" || !digits.starts_with('0')) {
        return written.into();
    }
    match written.trim().parse::<f64>() {
        // Not "-0".
        Ok(0.0) => "0".into(),
        Ok(value) if value.is_finite() => value.to_string().into(),
        _ => written.into(),
    }
}

/// A serial date of Excel: days since its epoch, to the nearest second. Below one day it is a time without a date. What
/// lies outside Excel's calendar stays a number.
pub(super) fn date(written: &str, from_1904: bool) -> Cow<'_, str> {
    let Some(seconds) = serial_seconds(written) else { return written.into() };
    // Before it is rounded: 23:59:59.9 without a date is not the first day of the calendar.
    if written.trim().parse().is_ok_and(|days: f64| (0.0..1.0).contains(&days)) {
        return length(seconds).into();
    }
    let (day, of_day) = (seconds / SECONDS_A_DAY, seconds % SECONDS_A_DAY);
    let day = if from_1904 { day + DAYS_TO_1904 } else { day };
    if seconds < 0 || day > LAST_DAY {
        return number(written);
    }
    let shown = if day == NEVER_WAS {
        "1900-02-29".to_owned()
    } else {
        // Before the day that never was, the count is one behind.
        let behind = if day < NEVER_WAS { 1 } else { 0 };
        let epoch = NaiveDate::from_ymd_opt(1899, 12, 30);
        let date = epoch.and_then(|epoch| epoch.checked_add_days(Days::new((day + behind) as u64)));
        date.map_or_else(|| written.to_owned(), |date| date.to_string())
    };
    if of_day == 0 { shown.into() } else { format!("{shown} {}", length(of_day)).into() }
}

/// A length of time in days, as hours, minutes and seconds.
pub(super) fn elapsed(written: &str) -> Cow<'_, str> {
    serial_seconds(written).map_or(written.into(), |seconds| length(seconds).into())
}

fn serial_seconds(written: &str) -> Option<i64> {
    let days: f64 = written.trim().parse().ok()?;
    let within = days.abs() < 1e7;
    within.then(|| (days * SECONDS_A_DAY as f64).round() as i64)
}

fn length(seconds: i64) -> String {
    let (sign, all) = (if seconds < 0 { "-" } else { "" }, seconds.abs());
    format!("{sign}{:02}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60)
}

/// A date and time as ISO 8601 writes it: with a blank for the `T`, to the nearest second, a time of 00:00 left out.
/// What has an offset, or is none, stays as it is.
pub(super) fn iso_date(written: &str) -> Cow<'_, str> {
    let parsed = NaiveDateTime::parse_from_str(written, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(written, "%Y-%m-%dT%H:%M"));
    let Ok(exact) = parsed else { return written.into() };
    let rounded = exact.checked_add_signed(TimeDelta::milliseconds(500)).and_then(|time| time.with_nanosecond(0));
    match rounded {
        Some(time) if time.num_seconds_from_midnight() == 0 => time.date().to_string().into(),
        Some(time) => time.format("%Y-%m-%d %H:%M:%S").to_string().into(),
        None => written.into(),
    }
}

/// A length of time as ISO 8601 writes it (`PT36H30M00S`), as hours, minutes and seconds. Years and months have no
/// length, and stay as they are.
pub(super) fn iso_length(written: &str) -> Cow<'_, str> {
    iso_seconds(written).map_or(written.into(), |seconds| length(seconds).into())
}

fn iso_seconds(written: &str) -> Option<i64> {
    let (sign, rest) = written.strip_prefix('-').map_or((1.0, written), |rest| (-1.0, rest));
    let (days, times) = rest.strip_prefix('P')?.split_once('T')?;
    let mut seconds = if days.is_empty() { 0.0 } else { days.strip_suffix('D')?.parse::<f64>().ok()? * 86_400.0 };
    let mut digits = String::new();
    for letter in times.chars() {
        let length = match letter {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            '0'..='9' | '.' => {
                digits.push(letter);
                continue;
            }
            _ => return None,
        };
        seconds += length * digits.parse::<f64>().ok()?;
        digits.clear();
    }
    let within = digits.is_empty() && !times.is_empty() && seconds < 1e12;
    within.then(|| (sign * seconds).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_decimals() {
        for (written, shown) in [
            ("1", "1"),
            ("1.0", "1"),
            ("-3", "-3"),
            ("007", "7"),
            ("-0", "0"),
            ("0.0", "0"),
            ("1.5E-3", "0.0015"),
            ("1E+16", "10000000000000000"),
            ("123456789012345", "123456789012345"),
            ("1.23456789012345E+14", "123456789012345"),
            ("12345678901234567", "12345678901234567"),
            ("0.1", "0.1"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("99.949999999999989", "99.94999999999999"),
            (" 5 ", "5"),
            ("NaN", "NaN"),
            ("1e999", "1e999"),
            ("abc", "abc"),
            ("", ""),
        ] {
            assert_eq!(number(written), shown, "{written}");
        }
    }

    /// Excel's own calendar; openpyxl's `from_excel` and LibreOffice give the same from 1 March 1900 on.
    #[test]
    fn serial_dates_of_both_systems() {
        for (written, from_1904, shown) in [
            ("46095", false, "2026-03-14"),
            ("46095.395833333336", false, "2026-03-14 09:30:00"),
            ("46095.39583333333", false, "2026-03-14 09:30:00"),
            ("46095.999999", false, "2026-03-15"),
            ("44633", true, "2026-03-14"),
            ("44633.395833333336", true, "2026-03-14 09:30:00"),
            ("1", false, "1900-01-01"),
            ("59", false, "1900-02-28"),
            ("60", false, "1900-02-29"),
            ("61", false, "1900-03-01"),
            ("36526", false, "2000-01-01"),
            ("45351", false, "2024-02-29"),
            ("1", true, "1904-01-02"),
            ("0.395833333333333", false, "09:30:00"),
            ("0", false, "00:00:00"),
            ("0.999999", false, "24:00:00"),
            ("0.99999", false, "23:59:59"),
            ("2958465", false, "9999-12-31"),
            ("2958466", false, "2958466"),
            ("-1", false, "-1"),
            ("20260314", false, "20260314"),
            ("text", false, "text"),
        ] {
            assert_eq!(date(written, from_1904), shown, "{written} {from_1904}");
        }
    }

    #[test]
    fn lengths_of_time() {
        for (written, shown) in [
            ("1.5208333333333333", "36:30:00"),
            ("0.000011574074074074073", "00:00:01"),
            ("-0.5", "-12:00:00"),
            ("x", "x"),
        ] {
            assert_eq!(elapsed(written), shown, "{written}");
        }
        for (written, shown) in [
            ("PT09H30M00S", "09:30:00"),
            ("PT36H30M00.6S", "36:30:01"),
            ("-PT00H05M00S", "-00:05:00"),
            ("P1DT2H", "26:00:00"),
            ("P1Y", "P1Y"),
            ("PT", "PT"),
            ("PT5", "PT5"),
        ] {
            assert_eq!(iso_length(written), shown, "{written}");
        }
    }

    #[test]
    fn written_dates() {
        for (written, shown) in [
            ("2026-03-14", "2026-03-14"),
            ("2026-03-14T09:30:00", "2026-03-14 09:30:00"),
            ("2026-03-14T09:29:59.999999", "2026-03-14 09:30:00"),
            ("2026-12-31T23:59:59.9999999", "2027-01-01"),
            ("2026-03-14T00:00:00", "2026-03-14"),
            ("2026-03-14T09:30", "2026-03-14 09:30:00"),
            ("2026-03-14T09:30:00Z", "2026-03-14T09:30:00Z"),
            ("2026-02-30T09:30:00", "2026-02-30T09:30:00"),
        ] {
            assert_eq!(iso_date(written), shown, "{written}");
        }
    }
}
