//! One cell: text in, its typed value out.

use crate::definitions::ColumnKind;
use crate::domain::clock::{CivilTime, parse_time};
use crate::tables::accepted::TimeCell;

/// What a typed reading makes of a text: blank, a value, or something that must be set aside.
#[derive(Clone, Debug, PartialEq)]
pub enum Read<T> {
    Blank,
    Value(T),
    Wrong,
}

impl<T> Read<T> {
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Blank | Self::Wrong => None,
        }
    }
}

/// Trimmed text; blank is `None`.
pub fn trimmed(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

pub fn time(text: Option<&str>) -> TimeCell {
    match trimmed(text) {
        None => TimeCell::Blank,
        Some(text) => parse_time(text).map_or(TimeCell::Invalid, TimeCell::At),
    }
}

/// The listed code that the text is, ignoring case.
pub fn code(text: Option<&str>, codes: &[String]) -> Read<String> {
    match trimmed(text) {
        None => Read::Blank,
        Some(text) => match codes.iter().find(|c| c.eq_ignore_ascii_case(text)) {
            Some(code) => Read::Value(code.clone()),
            None => Read::Wrong,
        },
    }
}

pub fn flag(text: Option<&str>, also_yes: &[String]) -> Read<bool> {
    let Some(text) = trimmed(text) else { return Read::Blank };
    let is = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(&["y", "yes", "true", "1"]) {
        Read::Value(true)
    } else if is(&["n", "no", "false", "0"]) {
        Read::Value(false)
    } else if also_yes.iter().any(|w| w == "*" || w.eq_ignore_ascii_case(text)) {
        Read::Value(true)
    } else {
        Read::Wrong
    }
}

pub fn number(text: Option<&str>) -> Read<f64> {
    match trimmed(text) {
        None => Read::Blank,
        Some(text) => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Read::Value(value),
            _ => Read::Wrong,
        },
    }
}

/// A survey answer: 1 to 7, a label of one of them, or a text that is no valid answer (blank).
pub fn score(text: Option<&str>, no_answer: &[String], labels: &[String]) -> Read<f64> {
    let Some(text) = trimmed(text) else { return Read::Blank };
    let is = |words: &[String]| words.iter().position(|w| w.eq_ignore_ascii_case(text));
    if is(no_answer).is_some() {
        return Read::Blank;
    }
    if let Some(position) = is(labels) {
        return Read::Value((position + 1) as f64);
    }
    match text.parse::<f64>() {
        Ok(value) if (1..=7).any(|n| f64::from(n) == value) => Read::Value(value),
        _ => Read::Wrong,
    }
}

/// An outcome type: upper case, without leading zeros; blank and `0` are none.
pub fn outcome_type(text: Option<&str>) -> Option<String> {
    let text = trimmed(text)?.to_uppercase();
    let code = text.trim_start_matches('0');
    (!code.is_empty()).then(|| code.to_owned())
}

/// Whether the local time is one that no clock showed.
pub fn never_shown(cell: TimeCell) -> bool {
    cell.at().is_some_and(CivilTime::never_shown)
}

/// What a column's text should be, for the quarantine.
pub fn expected(kind: &ColumnKind) -> String {
    match kind {
        ColumnKind::Text => "text".to_owned(),
        ColumnKind::Time => "a time such as 2026-03-14 09:30:00".to_owned(),
        ColumnKind::Code(codes) => format!("one of: {}", codes.join(", ")),
        ColumnKind::Flag { .. } => "Y or N".to_owned(),
        ColumnKind::Number => "a number".to_owned(),
        ColumnKind::Score { .. } => "1 to 7".to_owned(),
        ColumnKind::OutcomeType => "an outcome type such as 1 or 1A".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn flags() {
        for (text, expected) in [
            ("Y", Read::Value(true)), (" yes ", Read::Value(true)), ("TRUE", Read::Value(true)), ("1", Read::Value(true)),
            ("n", Read::Value(false)), ("No", Read::Value(false)), ("0", Read::Value(false)), ("", Read::Blank),
            ("maybe", Read::Wrong),
        ] {
            assert_eq!(flag(Some(text), &[]), expected, "{text}");
        }
        assert_eq!(flag(Some("Race"), &words(&["race"])), Read::Value(true));
        assert_eq!(flag(Some("anything"), &words(&["*"])), Read::Value(true));
        assert_eq!(flag(Some("no"), &words(&["*"])), Read::Value(false));
    }

    #[test]
    fn outcome_types_lose_case_and_zeros() {
        for (text, expected) in [("01", Some("1")), ("1a", Some("1A")), ("0", None), ("00", None), (" 018 ", Some("18")), ("", None)] {
            assert_eq!(outcome_type(Some(text)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn survey_answers() {
        let (none, labels) = (words(&["don't know"]), words(&["completely satisfied", "very satisfied"]));
        for (text, expected) in [
            ("1", Read::Value(1.0)), ("7", Read::Value(7.0)), ("3.0", Read::Value(3.0)), ("0", Read::Wrong), ("8", Read::Wrong),
            ("2.5", Read::Wrong), ("Don't know", Read::Blank), ("", Read::Blank), ("Very satisfied", Read::Value(2.0)),
        ] {
            assert_eq!(score(Some(text), &none, &labels), expected, "{text}");
        }
    }

    #[test]
    fn codes_ignore_case() {
        let grades = words(&["immediate", "no attendance"]);
        assert_eq!(code(Some(" IMMEDIATE"), &grades), Read::Value("immediate".to_owned()));
        assert_eq!(code(Some("urgent"), &grades), Read::Wrong);
        assert_eq!(code(None, &grades), Read::Blank);
    }
}
