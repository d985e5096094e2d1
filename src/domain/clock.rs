//! Civil time in Europe/London: reading it, and placing it on the absolute time line.
//!
//! A civil time is microseconds since 1970-01-01 00:00 on the clock's face; an instant is microseconds since
//! 1970-01-01 00:00 UTC. Rules for ambiguous and missing local times: docs/methods.md, "Times".

use std::sync::LazyLock;

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::Europe::London;

pub const MICROS_PER_SECOND: i64 = 1_000_000;
pub const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// Years whose clock changes are known here; a time outside them cannot be read.
const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2199;

/// A time as read from an extract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilTime {
    /// Reading of a London clock, microseconds.
    pub civil_micros: i64,
    /// Set where nothing is left to resolve: the text carried its own offset, or no clock showed the time.
    pub stated_instant_micros: Option<i64>,
    /// The local time as written is one that no London clock showed: it was read with the offset before the change.
    pub never_shown: bool,
}

/// What a local time without an offset can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Once(i64),
    /// Autumn: the clock showed it twice.
    Twice {
        first: i64,
        second: i64,
    },
    /// Spring: no clock showed it; the instant takes the offset before the change.
    Never(i64),
}

impl CivilTime {
    pub fn day(self) -> i32 {
        self.civil_micros.div_euclid(MICROS_PER_DAY) as i32
    }

    /// First reading, on the absolute time line.
    pub fn first_instant(self) -> i64 {
        self.stated_instant_micros.unwrap_or_else(|| match reading(self.civil_micros) {
            Reading::Once(at) | Reading::Never(at) => at,
            Reading::Twice { first, .. } => first,
        })
    }

    /// The instant of an event that cannot come before `predecessor`: the second reading of an ambiguous time, if the
    /// first would put it before.
    pub fn instant_after(self, predecessor: i64) -> i64 {
        let first = self.first_instant();
        if first >= predecessor || self.stated_instant_micros.is_some() {
            return first;
        }
        match reading(self.civil_micros) {
            Reading::Twice { second, .. } => second,
            Reading::Once(_) | Reading::Never(_) => first,
        }
    }
}

struct Transition {
    instant: i64,
    before: i64,
    after: i64,
}

static TRANSITIONS: LazyLock<Vec<Transition>> = LazyLock::new(transitions);

fn offset_micros(instant_seconds: i64) -> i64 {
    let utc = chrono::DateTime::from_timestamp(instant_seconds, 0).unwrap_or_default().naive_utc();
    i64::from(London.offset_from_utc_datetime(&utc).fix().local_minus_utc()) * MICROS_PER_SECOND
}

/// Every change of the London clock, found by comparing neighbouring days and halving the day that differs.
fn transitions() -> Vec<Transition> {
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, |d| i64::from(super::days_since_epoch(d)));
    let mut found = Vec::new();
    for d in day(FIRST_YEAR)..day(LAST_YEAR + 1) {
        let (mut low, mut high) = (d * 86_400, (d + 1) * 86_400);
        let (before, after) = (offset_micros(low), offset_micros(high));
        if before == after {
            continue;
        }
        while high - low > 1 {
            let middle = low.midpoint(high);
            if offset_micros(middle) == before { low = middle } else { high = middle }
        }
        found.push(Transition { instant: high * MICROS_PER_SECOND, before, after });
    }
    found
}

/// What a London clock reading means on the absolute time line.
pub fn reading(civil_micros: i64) -> Reading {
    let list = &*TRANSITIONS;
    let next = list.partition_point(|t| t.instant + t.before.max(t.after) <= civil_micros);
    let base = match next.checked_sub(1) {
        Some(last) => list[last].after,
        None => list.first().map_or(0, |t| t.before),
    };
    let Some(change) = list.get(next) else { return Reading::Once(civil_micros - base) };
    if civil_micros < change.instant + change.before.min(change.after) {
        return Reading::Once(civil_micros - base);
    }
    if change.after > change.before {
        Reading::Never(civil_micros - change.before)
    } else {
        Reading::Twice { first: civil_micros - change.before, second: civil_micros - change.after }
    }
}

/// The London clock reading at an instant.
pub fn civil_at(instant_micros: i64) -> i64 {
    let list = &*TRANSITIONS;
    let next = list.partition_point(|t| t.instant <= instant_micros);
    let offset = match next.checked_sub(1) {
        Some(last) => list[last].after,
        None => list.first().map_or(0, |t| t.before),
    };
    instant_micros + offset
}

/// Reads `2026-03-14`, `2026-03-14 09:30`, `2026-03-14T09:30:15.250`, and any of them with `Z`, `+01:00` or `+0100`
/// behind a time. Anything else, and any date that no calendar holds, is `None`.
pub fn parse_time(text: &str) -> Option<CivilTime> {
    let bytes = text.as_bytes();
    let day = parse_day(bytes)?;
    let Some((separator, clock)) = bytes[10..].split_first() else {
        return Some(local(i64::from(day) * MICROS_PER_DAY));
    };
    if !matches!(separator, b' ' | b'T') {
        return None;
    }
    let (micros, rest) = parse_clock(clock)?;
    let written = i64::from(day) * MICROS_PER_DAY + micros;
    match parse_offset(rest)? {
        None => Some(local(written)),
        Some(offset) => Some(stated(written - offset, false)),
    }
}

fn stated(instant: i64, never_shown: bool) -> CivilTime {
    CivilTime { civil_micros: civil_at(instant), stated_instant_micros: Some(instant), never_shown }
}

/// A time without an offset.
fn local(written: i64) -> CivilTime {
    match reading(written) {
        Reading::Never(instant) => stated(instant, true),
        Reading::Once(_) | Reading::Twice { .. } => {
            CivilTime { civil_micros: written, stated_instant_micros: None, never_shown: false }
        }
    }
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0i64, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
}

/// The civil day at the start of `2026-03-14…`, as days since 1970-01-01.
pub fn parse_day(bytes: &[u8]) -> Option<i32> {
    if bytes.len() < 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(&bytes[..4])? as i32, digits(&bytes[5..7])?, digits(&bytes[8..10])?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => return None,
    };
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    // Days from civil, Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": March-based years of 400.
    let shifted = i64::from(year) - i64::from(month <= 2);
    let (era, year_of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) as i32)
}

fn parse_clock(bytes: &[u8]) -> Option<(i64, &[u8])> {
    if bytes.len() < 5 || bytes[2] != b':' {
        return None;
    }
    let (hour, minute) = (digits(&bytes[..2])?, digits(&bytes[3..5])?);
    let (mut second, mut fraction, mut rest) = (0, 0, &bytes[5..]);
    if rest.first() == Some(&b':') {
        second = digits(rest.get(1..3)?)?;
        rest = &rest[3..];
        if rest.first() == Some(&b'.') {
            let length = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
            if length == 0 {
                return None;
            }
            let kept = length.min(6);
            fraction = digits(&rest[1..=kept])? * 10i64.pow(6 - kept as u32);
            rest = &rest[1 + length..];
        }
    }
    (hour < 24 && minute < 60 && second < 60)
        .then_some(((hour * 3600 + minute * 60 + second) * MICROS_PER_SECOND + fraction, rest))
}

/// `Some(None)`: no offset; `Some(Some(micros))`: an offset east of UTC; `None`: neither.
fn parse_offset(rest: &[u8]) -> Option<Option<i64>> {
    let sign = match rest.first() {
        None => return Some(None),
        Some(b'Z') if rest.len() == 1 => return Some(Some(0)),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    let (hours, minutes) = match rest.len() {
        6 if rest[3] == b':' => (digits(&rest[1..3])?, digits(&rest[4..6])?),
        5 => (digits(&rest[1..3])?, digits(&rest[3..5])?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60) * MICROS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> i64 {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap().and_utc().timestamp_micros()
    }

    fn read(text: &str) -> CivilTime {
        parse_time(text).unwrap()
    }

    #[test]
    fn local_times_become_instants() {
        for (local, instant) in [
            ("2026-01-15 12:00", "2026-01-15 12:00:00"),
            ("2026-07-15 12:00:00", "2026-07-15 11:00:00"),
            ("2026-10-25 00:59:59", "2026-10-24 23:59:59"),
            ("2026-10-25 01:00:00", "2026-10-25 00:00:00"),
            ("2026-10-25 01:59:59", "2026-10-25 00:59:59"),
            ("2026-10-25 02:00:00", "2026-10-25 02:00:00"),
            ("2026-03-29 00:59:59", "2026-03-29 00:59:59"),
            ("2026-03-29 01:30:00", "2026-03-29 01:30:00"), // no clock showed it
            ("2026-03-29 02:00:00", "2026-03-29 01:00:00"),
            ("1970-06-01 12:00:00", "1970-06-01 11:00:00"), // British Standard Time
        ] {
            assert_eq!(read(local).first_instant(), utc(instant), "{local}");
        }
        assert!(read("2026-03-29 01:30").never_shown);
        assert_eq!(read("2026-03-29 01:30").civil_micros, utc("2026-03-29 02:30:00"));
        assert!(!read("2026-03-29 02:00").never_shown);
    }

    #[test]
    fn the_second_reading_is_taken_only_to_keep_the_order() {
        let opened = read("2026-10-25 01:50:00").first_instant();
        assert_eq!(read("2026-10-25 01:10:00").instant_after(opened), utc("2026-10-25 01:10:00"));
        assert_eq!(read("2026-10-25 01:55:00").instant_after(opened), utc("2026-10-25 00:55:00"));
        // Not ambiguous, so the order stays broken for the caller to see.
        assert_eq!(read("2026-10-25 00:10:00").instant_after(opened), utc("2026-10-24 23:10:00"));
        assert_eq!(read("2026-10-25T01:10:00+01:00").instant_after(opened), utc("2026-10-25 00:10:00"));
    }

    #[test]
    fn offsets_are_obeyed() {
        let time = read("2026-07-15T12:00:00Z");
        assert_eq!(time.civil_micros, utc("2026-07-15 13:00:00"));
        assert_eq!(time.first_instant(), utc("2026-07-15 12:00:00"));
        assert_eq!(read("2026-10-25 01:30:00+0000").first_instant(), utc("2026-10-25 01:30:00"));
        assert_eq!(read("2026-01-01 00:30:00.5+05:30").first_instant(), utc("2025-12-31 19:00:00") + 500_000);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "14/03/2026",
            "2026-02-29",
            "2026-13-01",
            "2026-03-14 24:00:00",
            "2026-03-14 9:30",
            "2026-03-14 09:30:60",
            "2026-03-14x09:30",
            "2026-03-14 09:30:00 BST",
            "46095",
            "2026-03-14 09:30:00+1",
            "0026-03-14",
            "2026-03-14 ",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn days_agree_with_the_calendar_crate() {
        for days in (-20_000..60_000).step_by(37) {
            let date = super::super::civil_date(days);
            assert_eq!(parse_day(date.to_string().as_bytes()), Some(days), "{date}");
        }
    }

    #[test]
    fn every_hour_round_trips() {
        let start = utc("2020-01-01 00:00:00");
        for hour in 0..(7 * 366 * 24) {
            let instant = start + hour * 3600 * MICROS_PER_SECOND;
            let fits = match reading(civil_at(instant)) {
                Reading::Once(at) => at == instant,
                Reading::Twice { first, second } => first == instant || second == instant,
                Reading::Never(_) => false,
            };
            assert!(fits, "hour {hour}");
        }
    }
}
