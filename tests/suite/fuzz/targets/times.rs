//! Times in the canonical form, and dates as people and spreadsheets write them.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use scorecard::domain::clock::{MICROS_PER_SECOND, civil_at, parse_day, parse_time};
use scorecard::domain::{DateFormat, days_since_epoch};

pub fn corpus() -> Vec<Vec<u8>> {
    [
        "2026-03-14",
        "2026-03-14 09:30",
        "2026-03-14T09:30:15",
        "2026-03-14 09:30:15.250",
        "2026-03-14T09:30:15Z",
        "2026-03-29 01:30:00+01:00",
        "2026-10-25 01:30:00",
        "2024-02-29 23:59:59",
        "1900-01-01 00:00+14:00",
        "2199-12-31T23:59:59.999999-1400",
        "14/03/2026 09:30",
        "45000.39583",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// Digits where the shape has 0, and else what it has.
fn shaped(text: &str, shape: &str) -> bool {
    let fits = |(b, s): (u8, u8)| if s == b'0' { b.is_ascii_digit() } else { b == s };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

fn known(date: &NaiveDate) -> bool {
    (1900..=2199).contains(&date.year())
}

/// A time is read as the calendar crate reads it, or not at all.
pub fn one(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let head = text.get(..10).filter(|head| shaped(head, "0000-00-00"));
    let expected = head.and_then(|head| NaiveDate::parse_from_str(head, "%Y-%m-%d").ok()).filter(known);
    let day = parse_day(text.as_bytes());
    assert_eq!(day, expected.map(days_since_epoch), "{text:?}");

    let read = parse_time(&text);
    if let Some(time) = read {
        assert!((time.day() - day.unwrap()).abs() <= 1, "{text:?}: an offset moves a day at most");
        assert!(time.stated_instant_micros.is_none_or(|instant| civil_at(instant) == time.civil_micros));
        assert!(time.instant_after(i64::MAX) >= time.first_instant());
        assert!((time.first_instant() - time.civil_micros).abs() <= 2 * 3600 * MICROS_PER_SECOND, "{text:?}");
    }
    if shaped(&text, "0000-00-00 00:00:00") && !text.ends_with(":60") {
        let expected = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok().filter(|t| known(&t.date()));
        assert_eq!(read.is_some(), expected.is_some(), "{text:?}");
        if let (Some(read), Some(expected)) = (read, expected) {
            assert!(read.never_shown || read.civil_micros == expected.and_utc().timestamp_micros(), "{text:?}");
        }
    }
}

pub fn written_corpus() -> Vec<Vec<u8>> {
    let more = [
        "14/03/2026",
        "03/14/2026 9:30 pm",
        "01.02.26 09.30",
        "1-2-2026 0930",
        "14 March 2026, 09:30:15",
        "Mar 14, 2026",
        "20260314T093015",
        "46095.395833",
        "29/02/2024 23:59:59",
        "14/03/0026 12:00 am",
    ];
    corpus().into_iter().chain(more.map(|text| text.as_bytes().to_vec())).collect()
}

/// A date becomes the day that the calendar crate makes of it, whatever the format; one that can mean one day only is the
/// same under each.
pub fn as_written(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let formats = DateFormat::WORDS.map(|(_, format)| format);
    let [iso, day, month, serial] = formats.clone().map(|format| format.to_iso(&text));
    for written in [&iso, &day, &month, &serial].into_iter().flatten() {
        let date = written.get(..10).and_then(|head| NaiveDate::parse_from_str(head, "%Y-%m-%d").ok());
        assert!(date.as_ref().is_some_and(known) && parse_time(written).is_some(), "{text:?} became {written:?}");
        // What it became, read again, is the same.
        assert_eq!(DateFormat::Iso.to_iso(written).as_ref(), Some(written), "{text:?}");
    }
    if iso.is_some() {
        assert_eq!((&day, &month), (&iso, &iso), "{text:?}");
    }
    for (shape, patterns) in [
        ("00/00/0000", ["%d/%m/%Y", "%m/%d/%Y"]),
        ("00-00-0000", ["%d-%m-%Y", "%m-%d-%Y"]),
        ("00.00.0000", ["%d.%m.%Y", "%m.%d.%Y"]),
    ] {
        if shaped(&text, shape) {
            let expected = patterns.map(|p| NaiveDate::parse_from_str(&text, p).ok().filter(known));
            let expected = expected.map(|date| date.map(|date| date.to_string()));
            assert_eq!([&day, &month], [&expected[0], &expected[1]], "{text:?}");
            assert_eq!((&iso, &serial), (&None, &None), "{text:?}");
        }
    }
}
