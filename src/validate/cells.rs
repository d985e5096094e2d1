//! One cell: text in, its typed value out.

use crate::definitions::ColumnKind;
use crate::domain::clock::parse_time;
use crate::tables::accepted::{Cell, TimeCell};

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
pub fn code(text: Option<&str>, codes: &[String]) -> Cell<String> {
    match trimmed(text) {
        None => Cell::Blank,
        Some(text) => match codes.iter().find(|c| c.eq_ignore_ascii_case(text)) {
            Some(code) => Cell::At(code.clone()),
            None => Cell::Invalid,
        },
    }
}

pub fn flag(text: Option<&str>, also_yes: &[String]) -> Cell<bool> {
    let Some(text) = trimmed(text) else { return Cell::Blank };
    let is = |words: &[&str]| words.iter().any(|w| w.eq_ignore_ascii_case(text));
    if is(&["y", "yes", "true", "1"]) {
        Cell::At(true)
    } else if is(&["n", "no", "false", "0"]) {
        Cell::At(false)
    } else if also_yes.iter().any(|w| w == "*" || w.eq_ignore_ascii_case(text)) {
        Cell::At(true)
    } else {
        Cell::Invalid
    }
}

pub fn number(text: Option<&str>) -> Cell<f64> {
    match trimmed(text) {
        None => Cell::Blank,
        Some(text) => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Cell::At(value),
            _ => Cell::Invalid,
        },
    }
}

/// A survey answer: 1 to 7, a label of one of them, or a text that is no valid answer (blank).
pub fn score(text: Option<&str>, no_answer: &[String], labels: &[String]) -> Cell<f64> {
    let Some(text) = trimmed(text) else { return Cell::Blank };
    let is = |words: &[String]| words.iter().position(|w| w.eq_ignore_ascii_case(text));
    if is(no_answer).is_some() {
        return Cell::Blank;
    }
    if let Some(position) = is(labels) {
        return Cell::At((position + 1) as f64);
    }
    match text.parse::<f64>() {
        Ok(value) if (1..=7).any(|n| f64::from(n) == value) => Cell::At(value),
        _ => Cell::Invalid,
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
    cell.at().is_some_and(|time| time.never_shown)
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
    use proptest::prelude::*;

    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn flags() {
        for (text, expected) in [
            ("Y", Cell::At(true)),
            (" yes ", Cell::At(true)),
            ("TRUE", Cell::At(true)),
            ("1", Cell::At(true)),
            ("n", Cell::At(false)),
            ("No", Cell::At(false)),
            ("0", Cell::At(false)),
            ("", Cell::Blank),
            ("maybe", Cell::Invalid),
        ] {
            assert_eq!(flag(Some(text), &[]), expected, "{text}");
        }
        assert_eq!(flag(Some("Race"), &words(&["race"])), Cell::At(true));
        assert_eq!(flag(Some("anything"), &words(&["*"])), Cell::At(true));
        assert_eq!(flag(Some("no"), &words(&["*"])), Cell::At(false));
    }

    #[test]
    fn outcome_types_lose_case_and_zeros() {
        for (text, expected) in
            [("01", Some("1")), ("1a", Some("1A")), ("0", None), ("00", None), (" 018 ", Some("18")), ("", None)]
        {
            assert_eq!(outcome_type(Some(text)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn survey_answers() {
        let (none, labels) = (words(&["don't know"]), words(&["completely satisfied", "very satisfied"]));
        for (text, expected) in [
            ("1", Cell::At(1.0)),
            ("7", Cell::At(7.0)),
            ("3.0", Cell::At(3.0)),
            ("0", Cell::Invalid),
            ("8", Cell::Invalid),
            ("2.5", Cell::Invalid),
            ("Don't know", Cell::Blank),
            ("", Cell::Blank),
            ("Very satisfied", Cell::At(2.0)),
        ] {
            assert_eq!(score(Some(text), &none, &labels), expected, "{text}");
        }
    }

    #[test]
    fn codes_ignore_case() {
        let grades = words(&["immediate", "no attendance"]);
        assert_eq!(code(Some(" IMMEDIATE"), &grades), Cell::At("immediate".to_owned()));
        assert_eq!(code(Some("urgent"), &grades), Cell::Invalid);
        assert_eq!(code(None, &grades), Cell::Blank);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Any text is read, and spaces around it and the case of its letters change nothing.
        #[test]
        fn a_cell_is_read_alike_however_it_is_written(text in "[ -~£é\\u{0}]{0,9}|[0-9.eE+-]{1,6}|yes|N|0?[1-9][a-c]?") {
            let (codes, labels) = (words(&["999", "yes", "no attendance"]), words(&["yes", "a"]));
            let padded = format!(" \t{}  ", text.to_ascii_uppercase());
            let (plain, padded) = (Some(text.as_str()), Some(padded.as_str()));
            prop_assert_eq!(time(plain), time(padded));
            prop_assert_eq!(code(plain, &codes), code(padded, &codes));
            prop_assert_eq!(flag(plain, &labels), flag(padded, &labels));
            prop_assert_eq!(score(plain, &codes, &labels), score(padded, &codes, &labels));
            prop_assert_eq!(number(plain), number(padded));
            prop_assert!(number(plain).at().is_none_or(f64::is_finite));
            prop_assert!(score(plain, &[], &[]).at().is_none_or(|s| (1.0..=7.0).contains(&s)));
            let outcome = outcome_type(plain);
            prop_assert_eq!(&outcome, &outcome_type(padded));
            prop_assert!(outcome.is_none_or(|o| !o.starts_with('0') && !o.is_empty()));
        }
    }
}
