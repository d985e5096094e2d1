//! How a column of a file becomes a column of its extract.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::DateFormat;
use crate::domain::clock::parse_day;

/// One column as later stages see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceColumn {
    /// Canonical where it is one of the extract's, else as the file has it.
    pub name: String,
    /// Fields of the record that it is made of, joined by a space.
    pub fields: Vec<usize>,
    pub rewrite: Rewrite,
}

impl SourceColumn {
    /// Field `field` under its own name, as it stands.
    pub fn plain(name: String, field: usize) -> Self {
        Self { name, fields: vec![field], rewrite: Rewrite::default() }
    }

    /// Whether it is a field as it stands.
    pub fn is_plain(&self) -> bool {
        self.fields.len() == 1 && self.rewrite.is_none()
    }

    /// The column's text, given each field's.
    pub fn text<'t>(&self, field: impl Fn(usize) -> Cow<'t, str>) -> Cow<'t, str> {
        let text = match self.fields.as_slice() {
            [only] => field(*only),
            many => {
                let parts: Vec<Cow<'t, str>> = many.iter().map(|i| field(*i)).collect();
                let filled = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
                Cow::Owned(filled.collect::<Vec<_>>().join(" "))
            }
        };
        self.rewrite.of(text)
    }
}

/// What is done to a text before it is read. A text that fits nothing here stays as it is, for the rules to judge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rewrite {
    /// Canonical text by source text, trimmed and in lower case.
    pub values: BTreeMap<String, String>,
    /// How times that are not in ISO form are written.
    pub date_format: Option<DateFormat>,
    /// Digits that a whole number has.
    pub digits: Option<u8>,
}

impl Rewrite {
    pub fn is_none(&self) -> bool {
        self.values.is_empty() && self.date_format.is_none() && self.digits.is_none()
    }

    pub fn of<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        if self.is_none() {
            return text;
        }
        let trimmed = text.trim();
        if let Some(value) = self.values.get(&trimmed.to_lowercase()) {
            return Cow::Owned(value.clone());
        }
        if let Some(format) = &self.date_format {
            let iso = parse_day(trimmed.as_bytes()).is_none().then(|| format.to_iso(trimmed)).flatten();
            return iso.map_or(text, Cow::Owned);
        }
        match self.digits.map(usize::from) {
            Some(digits) => padded(trimmed, digits).map_or(text, Cow::Owned),
            None => text,
        }
    }
}

/// A whole number with zeros in front.
fn padded(text: &str, digits: usize) -> Option<String> {
    let number = text.strip_suffix(".0").unwrap_or(text);
    let whole = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (whole && number.len() <= digits).then(|| format!("{number:0>digits$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(rewrite: &Rewrite, text: &str) -> String {
        rewrite.of(text.into()).into_owned()
    }

    #[test]
    fn values_dates_and_digits() {
        let values = Rewrite { values: [("1".to_owned(), "immediate".to_owned())].into(), ..Rewrite::default() };
        let dates = Rewrite { date_format: Some(DateFormat::DayFirst), ..Rewrite::default() };
        let digits = Rewrite { digits: Some(4), ..Rewrite::default() };
        for (rewrite, text, expected) in [
            (&values, " 1 ", "immediate"),
            (&values, "2", "2"),
            (&dates, "01/02/2026 9:05", "2026-02-01 09:05"),
            (&dates, "2026-02-01 09:05", "2026-02-01 09:05"),
            (&dates, "32/02/2026", "32/02/2026"),
            (&dates, "n/k", "n/k"),
            (&dates, "", ""),
            (&digits, "42", "0042"),
            (&digits, "42.0", "0042"),
            (&digits, "12345", "12345"),
            (&digits, "A12", "A12"),
            (&digits, "", ""),
        ] {
            assert_eq!(rewritten(rewrite, text), expected, "{text}");
        }
    }

    #[test]
    fn fields_are_joined() {
        let column = SourceColumn {
            name: "recorded_at".to_owned(),
            fields: vec![2, 0],
            rewrite: Rewrite { date_format: Some(DateFormat::DayFirst), ..Rewrite::default() },
        };
        let of = |record: &'static [&'static str]| column.text(|i| record[i].into()).into_owned();
        assert_eq!(of(&["09:30", "x", "01/02/2026"]), "2026-02-01 09:30");
        assert_eq!(of(&["", "x", "01/02/2026"]), "2026-02-01");
        assert_eq!(of(&["", "x", " "]), "");
    }
}
