//! Dates as people and spreadsheets write them, turned into the one form that [`super::clock`] reads.
//!
//! What a text can mean is found without guessing: `14/03/2026` has one reading, `01/02/2026` has two, and which of them
//! holds is for a definition, or for the rest of the column, to say.

use chrono::format::{Item, Parsed, StrftimeItems};
use chrono::{Duration, NaiveDate, NaiveTime};

use super::clock::parse_time;

/// Serial numbers of 1 January 1970 and of the last day of 2099: what a spreadsheet makes of a date of our time.
const PLAUSIBLE_SERIALS: std::ops::RangeInclusive<f64> = 25_569.0..=73_050.999_99;
/// Two digits up to this are a year of this century.
const LAST_SHORT_YEAR: i32 = 69;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// How the dates of a column are written. Dates that begin with a four-digit year, and dates with the month as a word,
/// are read under each of the first four, since they can mean only one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// `2026-03-14`.
    Iso,
    /// `14/03/2026`, with `/`, `-` or `.`.
    DayFirst,
    /// `03/14/2026`.
    MonthFirst,
    /// `46095.395833`: days since 30 December 1899, as spreadsheets count them.
    ExcelSerial,
    /// A pattern such as `%d-%b-%y %H.%M`.
    Pattern(String),
}

impl DateFormat {
    pub const WORDS: [(&str, Self); 4] = [
        ("iso", Self::Iso),
        ("day_first", Self::DayFirst),
        ("month_first", Self::MonthFirst),
        ("excel_serial", Self::ExcelSerial),
    ];

    /// The format that a word or a pattern with `%` stands for; `None` for a pattern that names no whole date.
    pub fn of(text: &str) -> Option<Self> {
        if let Some((_, format)) = Self::WORDS.iter().find(|(word, _)| *word == text) {
            return Some(format.clone());
        }
        let known = !StrftimeItems::new(text).any(|item| matches!(item, Item::Error));
        let sample = NaiveDate::from_ymd_opt(2026, 3, 14)?.and_hms_opt(21, 30, 15)?;
        let pattern = || Self::Pattern(text.to_owned());
        (known && by_pattern(&sample.format(text).to_string(), text)?.0 == sample.date()).then(pattern)
    }

    /// The text as an ISO time that [`super::clock`] reads, or `None` where it is none under this format.
    pub fn to_iso(&self, text: &str) -> Option<String> {
        self.rewritten(text).filter(|iso| parse_time(iso).is_some())
    }

    fn rewritten(&self, text: &str) -> Option<String> {
        if let Self::Pattern(pattern) = self {
            let (date, time) = by_pattern(text, pattern)?;
            return Some(time.map_or_else(|| date.to_string(), |time| date.and_time(time).to_string()));
        }
        match (Written::of(text), self) {
            (Written::Certain { year, month, day, clock }, _) => iso(year, month, day, clock),
            (Written::Numbers { first, second, year, clock }, Self::DayFirst) => iso(year, second, first, clock),
            (Written::Numbers { first, second, year, clock }, Self::MonthFirst) => iso(year, first, second, clock),
            (Written::Serial(days), Self::ExcelSerial) => serial(days),
            _ => None,
        }
    }
}

/// What a text can be read as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Written<'t> {
    /// One day: the year stands first in four digits, or the month is a word.
    Certain { year: i32, month: u32, day: u32, clock: &'t str },
    /// Two numbers and a year: day and month, or month and day.
    Numbers { first: u32, second: u32, year: i32, clock: &'t str },
    /// A number that a spreadsheet would show as a date.
    Serial(f64),
    /// Anything else.
    Other,
}

impl<'t> Written<'t> {
    pub fn of(text: &'t str) -> Self {
        let text = text.trim();
        if let Some(serial) = plausible_serial(text) {
            return Self::Serial(serial);
        }
        compact(text).or_else(|| parts(text)).unwrap_or(Self::Other)
    }
}

fn plausible_serial(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.as_bytes().first()?.is_ascii_digit();
    let days = plain.then(|| text.parse::<f64>().ok())??;
    (text.find('.').unwrap_or(text.len()) == 5 && PLAUSIBLE_SERIALS.contains(&days)).then_some(days)
}

/// `20260314`, with or without a time behind.
fn compact(text: &str) -> Option<Written<'_>> {
    if text.bytes().take_while(u8::is_ascii_digit).count() != 8 {
        return None;
    }
    let clock = text.get(8..)?;
    let number = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = (number(&text[..4])?, number(&text[4..6])?, number(&text[6..8])?);
    let whole = clock.is_empty() || clock.starts_with([' ', 'T']);
    (whole && (1900..2200).contains(&year)).then_some(Written::Certain { year: year as i32, month, day, clock })
}

/// Three parts of a date between `/`, `-`, `.` or spaces, and whatever stands behind.
fn parts(text: &str) -> Option<Written<'_>> {
    let (first, rest) = part(text)?;
    let (second, rest) = part(after_separator(rest)?)?;
    let (third, clock) = part(after_separator(rest)?)?;
    if !(clock.is_empty() || clock.starts_with([' ', 'T', ','])) {
        return None;
    }
    let clock = clock.trim_start_matches(',');
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 2);
    if first.len() == 4 && first.starts_with(|c: char| c.is_ascii_digit()) {
        let (month, day) = (number(second).or_else(|| month_word(second))?, number(third)?);
        return Some(Written::Certain { year: first.parse().ok()?, month, day, clock });
    }
    let year = full_year(third)?;
    if let Some(month) = month_word(second) {
        return Some(Written::Certain { year, month, day: number(first)?, clock });
    }
    if let Some(month) = month_word(first) {
        return Some(Written::Certain { year, month, day: number(second)?, clock });
    }
    Some(Written::Numbers { first: number(first)?, second: number(second)?, year, clock })
}

/// Digits or letters at the start, and the rest.
fn part(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let same = if bytes.first()?.is_ascii_digit() { u8::is_ascii_digit } else { u8::is_ascii_alphabetic };
    let length = bytes.iter().take_while(|b| same(b)).count();
    (length > 0).then(|| text.split_at(length))
}

fn after_separator(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['/', '-', '.', ' ', ','])?;
    Some(if text.starts_with(',') { rest.trim_start_matches(' ') } else { rest })
}

fn month_word(text: &str) -> Option<u32> {
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let is = |word: &&str| word.eq_ignore_ascii_case(text);
    let short = MONTHS.iter().position(|m| is(m) || (*m == "sep" && is(&"sept")));
    short.or_else(|| FULL.iter().position(is)).map(|at| at as u32 + 1)
}

fn full_year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 => Some(if year <= LAST_SHORT_YEAR { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

fn iso(year: i32, month: u32, day: u32, clock: &str) -> Option<String> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let clock = clock.trim_start_matches('T').trim();
    if clock.is_empty() {
        return Some(date.to_string());
    }
    Some(format!("{date} {}", clock_24(clock)?))
}

/// `9:30`, `09:30:15.250`, `9.30`, `9:30 pm`, `093015`: hours of 24 with two digits. An offset behind stays.
fn clock_24(text: &str) -> Option<String> {
    let (text, afternoon) = match text.to_ascii_lowercase() {
        lower if lower.ends_with("am") => (text[..text.len() - 2].trim_end(), Some(false)),
        lower if lower.ends_with("pm") => (text[..text.len() - 2].trim_end(), Some(true)),
        _ => (text, None),
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (hour, rest) = match digits {
        1 | 2 => (text[..digits].to_owned(), text[digits..].to_owned()),
        4 if text.len() == 4 => (text[..2].to_owned(), format!(":{}", &text[2..])),
        6 if text.len() == 6 => (text[..2].to_owned(), format!(":{}:{}", &text[2..4], &text[4..])),
        _ => return None,
    };
    let hour: u32 = hour.parse().ok()?;
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    if rest.is_empty() {
        return afternoon.map(|_| format!("{hour:02}:00"));
    }
    let rest = rest.strip_prefix('.').map_or_else(|| rest.clone(), |minutes| format!(":{minutes}"));
    Some(format!("{hour:02}{rest}"))
}

/// A spreadsheet's serial number, to the nearest second.
fn serial(days: f64) -> Option<String> {
    let seconds = (days * 86_400.0).round() as i64;
    let start = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    let time = start.checked_add_signed(Duration::try_seconds(seconds)?)?;
    Some(if seconds % 86_400 == 0 { time.date().to_string() } else { time.to_string() })
}

fn by_pattern(text: &str, pattern: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text.trim(), StrftimeItems::new(pattern)).ok()?;
    Some((parsed.to_naive_date().ok()?, parsed.to_naive_time().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_reads_its_own_and_what_can_mean_one_day() {
        let (iso, day, month, excel) =
            (DateFormat::Iso, DateFormat::DayFirst, DateFormat::MonthFirst, DateFormat::ExcelSerial);
        for (format, text, expected) in [
            (&day, "14/03/2026", Some("2026-03-14")),
            (&day, "1/2/2026 9:30", Some("2026-02-01 09:30")),
            (&day, "01-02-2026 09:30:15", Some("2026-02-01 09:30:15")),
            (&day, "01.02.26", Some("2026-02-01")),
            (&day, "01/02/99 23:59", Some("1999-02-01 23:59")),
            (&day, "29/02/2024", Some("2024-02-29")),
            (&day, "29/02/2025", None),
            (&day, "14/03/2026 9:30 pm pm", None),
            (&day, "14/03/2026 9:3030", None),
            (&day, "31/04/2026", None),
            (&day, "03/14/2026", None),
            (&day, "14/03/2026 09:30 PM", Some("2026-03-14 21:30")),
            (&day, "14/03/2026 12:05 am", Some("2026-03-14 00:05")),
            (&day, "14/03/2026 13:05 pm", None),
            (&day, "14/03/2026T09:30+01:00", Some("2026-03-14 09:30+01:00")),
            (&day, "2026-03-14 09:30", Some("2026-03-14 09:30")),
            (&day, "46095", None),
            (&day, "14/03/2026x", None),
            (&day, "14/3", None),
            (&month, "03/14/2026 9.30", Some("2026-03-14 09:30")),
            (&month, "01/02/2026", Some("2026-01-02")),
            (&month, "14/03/2026", None),
            (&iso, "2026/03/14 09:30", Some("2026-03-14 09:30")),
            (&iso, "20260314", Some("2026-03-14")),
            (&iso, "20260314 093015", Some("2026-03-14 09:30:15")),
            (&iso, "14-Mar-2026 09:30", Some("2026-03-14 09:30")),
            (&iso, "14 March 26", Some("2026-03-14")),
            (&iso, "Sept 3, 2026", Some("2026-09-03")),
            (&iso, "2026-Mar-14", Some("2026-03-14")),
            (&iso, "14/03/2026", None),
            (&excel, "46095", Some("2026-03-14")),
            (&excel, "46095.3958333333", Some("2026-03-14 09:30:00")),
            (&excel, "46095.99999999", Some("2026-03-15")),
            (&excel, "12", None),
            (&excel, "20260314", Some("2026-03-14")),
            (&excel, "-46095", None),
        ] {
            assert_eq!(format.to_iso(text).as_deref(), expected, "{format:?} {text}");
        }
    }

    #[test]
    fn patterns_are_read_to_the_letter() {
        let format = DateFormat::of("%d-%b-%y %H.%M").unwrap();
        assert_eq!(format.to_iso("14-Mar-26 09.30").as_deref(), Some("2026-03-14 09:30:00"));
        assert_eq!(format.to_iso("14/03/2026"), None);
        assert_eq!(DateFormat::of("%Y%j").unwrap().to_iso("2026073").as_deref(), Some("2026-03-14"));
        for wrong in ["%H:%M", "dd/mm/yyyy", "%d/%m", "%Q", ""] {
            assert_eq!(DateFormat::of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_a_text_can_mean() {
        let certain = |year, month, day, clock| Written::Certain { year, month, day, clock };
        let numbers = |first, second, year, clock| Written::Numbers { first, second, year, clock };
        for (text, expected) in [
            ("2026-03-14", certain(2026, 3, 14, "")),
            ("01/02/2026", numbers(1, 2, 2026, "")),
            (" 1/2/26 9:30 ", numbers(1, 2, 2026, " 9:30")),
            ("45000.5", Written::Serial(45000.5)),
            ("99999", Written::Other),
            ("4.5000", Written::Other),
            ("", Written::Other),
            ("n/k", Written::Other),
            ("é4/03/2026", Written::Other),
            ("201é0314", Written::Other),
            ("123/4/2026", Written::Other),
        ] {
            assert_eq!(Written::of(text), expected, "{text}");
        }
    }
}
