//! Reads one file's values into checked ones and keeps what is wrong with them.

use std::ops::Range;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};
use toml::value::Datetime;

use super::fault::{DefinitionFault, SourceFile};
use crate::domain::parse_iso_date;

/// One file and the faults found so far in all files.
pub(super) struct Checker<'a> {
    pub file: &'a SourceFile,
    pub faults: &'a mut Vec<DefinitionFault>,
}

impl<'a> Checker<'a> {
    pub fn new(file: &'a SourceFile, faults: &'a mut Vec<DefinitionFault>) -> Self {
        Self { file, faults }
    }

    /// Notes a fault; what was expected and a hint can be added to it.
    pub fn fault(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut DefinitionFault {
        self.faults.push(DefinitionFault::at(self.file, span, message));
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    /// The file read as a `T`. Unknown keys are faults and are left out, so that the rest is still read.
    pub fn parse<T: DeserializeOwned>(&mut self) -> Option<T> {
        let text = self.file.text.clone();
        let (mut table, errors) = DeTable::parse_recoverable(&text);
        if !errors.is_empty() {
            for error in errors {
                let span = error.span().unwrap_or(0..0);
                self.fault(span, format!("this is not TOML: {}", error.message()));
            }
            return None;
        }
        loop {
            let error = match T::deserialize(Deserializer::from(table.clone())) {
                Ok(value) => return Some(value),
                Err(error) => error,
            };
            let span = error.span().unwrap_or(0..0);
            let unknown = self.mistyped(error.message(), span.clone());
            if !(unknown && remove_key(table.get_mut(), &span)) {
                return None;
            }
        }
    }

    /// Notes a serde error; true if it was an unknown key.
    fn mistyped(&mut self, message: &str, span: Range<usize>) -> bool {
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let Some((key, known)) = quoted.split_first().filter(|_| message.starts_with("unknown field")) else {
            self.fault(span, message);
            return false;
        };
        let expected = format!("expected {}", one_of(known.iter().copied()));
        self.fault(span, format!("unknown key `{key}`")).expected(expected).did_you_mean(key, known.iter().copied());
        true
    }

    /// A key that the file must have.
    pub fn needs<T>(&mut self, value: Option<T>, key: &str) -> Option<T> {
        if value.is_none() {
            let path = self.file.path.clone();
            self.fault(0..0, format!("`{key}` is missing")).hint(format!("add `{key} = ...` to {path}"));
        }
        value
    }

    /// A text that is not blank, its line breaks and runs of spaces made one space.
    pub fn prose(&mut self, text: &Spanned<String>, what: &str) -> Option<String> {
        let folded = text.get_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.is_empty() {
            self.fault(text.span(), format!("the {what} is blank"));
            return None;
        }
        Some(folded)
    }

    /// One of some words.
    pub fn word<T: Copy>(&mut self, text: &Spanned<String>, what: &str, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(word, _)| word == text.get_ref());
        if found.is_none() {
            self.unknown(text.get_ref(), text.span(), what, words.iter().map(|(word, _)| *word));
        }
        found.map(|&(_, value)| value)
    }

    /// Notes that `word` is none of the known ones.
    pub fn unknown<'w>(
        &mut self,
        word: &str,
        span: Range<usize>,
        what: &str,
        known: impl Iterator<Item = &'w str> + Clone,
    ) {
        self.fault(span, format!("unknown {what} `{word}`"))
            .expected(format!("expected {}", one_of(known.clone())))
            .did_you_mean(word, known);
    }

    /// A number that is neither infinite nor `nan`, both of which TOML can write.
    pub fn finite(&mut self, number: f64, span: Range<usize>) -> Option<f64> {
        if !number.is_finite() {
            self.fault(span, format!("{number} is no number to count with"));
            return None;
        }
        Some(number)
    }

    /// A whole civil day.
    pub fn date(&mut self, value: &Spanned<Datetime>) -> Option<NaiveDate> {
        let date = parse_iso_date(&value.get_ref().to_string());
        if date.is_none() {
            self.fault(value.span(), "this is not a date").expected("expected a day, such as 2026-04-01");
        }
        date
    }
}

/// `one of a, b or c`, for a fault.
pub(super) fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => "nothing here".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("one of {} or {last}", rest.join(", ")),
    }
}

/// Takes the key at `span` out of the table or any table in it.
fn remove_key(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    let here = table.keys().find(|key| key.span() == *span).map(|key| key.get_ref().to_string());
    match here {
        Some(key) => table.remove(key.as_str()).is_some(),
        None => table.iter_mut().any(|(_, value)| remove_key_within(value.get_mut(), span)),
    }
}

fn remove_key_within(value: &mut DeValue<'_>, span: &Range<usize>) -> bool {
    match value {
        DeValue::Table(table) => remove_key(table, span),
        DeValue::Array(items) => items.iter_mut().any(|item| remove_key_within(item.get_mut(), span)),
        _ => false,
    }
}
