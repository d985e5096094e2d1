//! How a cell of a table is shown in a sheet: header, number format, width, and what stands where there is nothing.

use crate::domain::{Unit, visible_lines};

use super::records::{Cell, Record};

/// Most UTF-16 units that a cell of a spreadsheet can hold.
const LONGEST_CELL: usize = 32_767;

/// Shorthand in square brackets, as the Government Analysis Function has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Suppressed,
    Provisional,
    NotAvailable,
    NotApplicable,
}

impl Mark {
    pub const fn shorthand(self) -> &'static str {
        match self {
            Self::Suppressed => "[c]",
            Self::Provisional => "[p]",
            Self::NotAvailable => "[x]",
            Self::NotApplicable => "[z]",
        }
    }

    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Suppressed => "Confidential: suppressed, as it could tell of a person.",
            Self::Provisional => {
                "Provisional: the period is not over, or its crimes have had less than their time. The figure will change."
            }
            Self::NotAvailable => {
                "Not available. The column Reason of the row says why, where there is one; a note of the sheet says it for a whole column."
            }
            Self::NotApplicable => {
                "Not applicable: nothing of the kind belongs to this row, such as a target of a measure without one."
            }
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A text as it is.
    Text,
    /// Sentences.
    Long,
    /// A word of the tables, with blanks for underscores.
    Words,
    /// How far a figure can be relied on, with its shorthand.
    Status,
    /// In the unit of the row's measure.
    Value,
    /// Events, records, or a sum of a quantity.
    Count,
    /// Stored 0 to 1.
    Percent,
    Probability,
    /// A number without a unit, or whose unit the header names.
    Decimal,
    Whole,
    Day,
    /// The first day of a month.
    Month,
    YesNo,
    /// A line is drawn in the cell; its text, for those who do not see it, is not shown.
    Line,
}

/// What stands where the table has nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Column of the table.
    pub from: &'static str,
    pub header: &'static str,
    pub shown: Shown,
    /// Where the row has a figure.
    pub missing: Mark,
}

/// A column that does not apply where it has nothing.
pub(super) const fn shows(from: &'static str, header: &'static str, shown: Shown) -> Column {
    Column { from, header, shown, missing: Mark::NotApplicable }
}

impl Column {
    /// Where it has nothing, it was wanted and could not be had.
    pub const fn wanted(mut self) -> Self {
        self.missing = Mark::NotAvailable;
        self
    }

    /// Characters.
    pub const fn width(&self) -> f64 {
        match self.shown {
            Shown::Long => 60.0,
            Shown::Text => 30.0,
            Shown::Words | Shown::Line => 22.0,
            Shown::Status => 17.0,
            Shown::Value | Shown::Count | Shown::Percent | Shown::Probability | Shown::Decimal => 14.0,
            Shown::Whole | Shown::Day | Shown::Month | Shown::YesNo => 13.0,
        }
    }
}

/// What is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Text(String),
    /// A number and its format.
    Number(f64, &'static str),
    Date(chrono::NaiveDate, &'static str),
    Mark(Mark),
    /// Not shown: the cell holds a drawn line.
    Hidden(String),
}

/// What the cell of a row holds.
pub(super) fn content(column: &Column, record: &Record) -> Content {
    match (record.cell(column.from), column.shown) {
        (Cell::Text(text), Shown::Words) => Content::Text(cell_text(&text.replace('_', " "))),
        (Cell::Text(text), Shown::Status) => Content::Text(status(text)),
        (Cell::Text(text), Shown::Line) => Content::Hidden(cell_text(text)),
        (Cell::Text(text), _) if text.is_empty() => Content::Mark(missing(column, record)),
        (Cell::Text(text), _) => Content::Text(cell_text(text)),
        (Cell::Whole(count), _) => Content::Number(*count as f64, "#,##0"),
        (Cell::Number(number), shown) => Content::Number(*number, number_format(shown, record, *number)),
        (Cell::Day(day), Shown::Month) => Content::Date(*day, "yyyy-mm"),
        (Cell::Day(day), _) => Content::Date(*day, "yyyy-mm-dd"),
        (Cell::Flag(flag), _) => Content::Text(if *flag { "yes" } else { "no" }.to_owned()),
        (Cell::Missing, _) => Content::Mark(missing(column, record)),
    }
}

/// Shorthand of a status.
pub(super) fn status_mark(status: &str) -> Option<Mark> {
    match status {
        "provisional" => Some(Mark::Provisional),
        "not_available" => Some(Mark::NotAvailable),
        "suppressed" => Some(Mark::Suppressed),
        _ => None,
    }
}

fn status(word: &str) -> String {
    let words = word.replace('_', " ");
    status_mark(word).map_or(words.clone(), |mark| format!("{words} {}", mark.shorthand()))
}

fn missing(column: &Column, record: &Record) -> Mark {
    match (status_mark(record.text("status")), column.shown) {
        (Some(mark @ (Mark::Suppressed | Mark::NotAvailable)), Shown::Value | Shown::Count | Shown::Percent) => mark,
        _ => column.missing,
    }
}

fn number_format(shown: Shown, record: &Record, number: f64) -> &'static str {
    let counted = if number.fract() == 0.0 { "#,##0" } else { "#,##0.0" };
    match shown {
        Shown::Percent => PERCENT,
        Shown::Probability => "0.0000",
        Shown::Decimal => "0.00",
        Shown::Value => match unit(record) {
            Some(Unit::Proportion) => PERCENT,
            Some(Unit::Calls | Unit::Crimes) => counted,
            Some(Unit::Per1000 | Unit::Seconds | Unit::Minutes | Unit::Days) | None => "#,##0.0",
        },
        _ => counted,
    }
}

pub(super) const PERCENT: &str = "0.0%";

/// The unit of the row's measure.
pub(super) fn unit(record: &Record) -> Option<Unit> {
    let name = record.text("measure_unit_name");
    Unit::ALL.iter().copied().find(|unit| unit.name() == name)
}

/// A unit as a reader knows it.
pub(super) const fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Calls => "calls",
        Unit::Crimes => "crimes",
        Unit::Proportion => "%",
        Unit::Per1000 => "per 1,000 residents",
        Unit::Seconds => "seconds",
        Unit::Minutes => "minutes",
        Unit::Days => "days",
    }
}

/// A text as a cell holds it: what hides or turns it is visible, and it is no longer than a cell may be. What looks like a
/// formula stays as it is, as the cell is typed as text: an apostrophe would be a part of the name, and no reader would find it.
pub(super) fn cell_text(text: &str) -> String {
    let shown = visible_lines(text);
    if shown.encode_utf16().count() <= LONGEST_CELL {
        return shown.into_owned();
    }
    let mut cut = String::new();
    let mut left = LONGEST_CELL - 1;
    for c in shown.chars() {
        if c.len_utf16() > left {
            break;
        }
        left -= c.len_utf16();
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// Whether a spreadsheet would take the text for a formula, were it typed in again: such a cell gets a quote prefix.
pub(super) fn looks_like_a_formula(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\n']).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_what_it_is_and_fits_a_cell() {
        for (text, shown, quoted) in [
            ("Llŷn a'r Ŵyl", "Llŷn a'r Ŵyl", false),
            ("=1+1", "=1+1", true),
            (" +44", " +44", true),
            ("-2", "-2", true),
            ("@SUM(A1)", "@SUM(A1)", true),
            ("\t=1", "\t=1", true),
            ("\r=1", "\\r=1", false),
            ("a=b", "a=b", false),
            ("\u{202E}x", "\\u{202e}x", false),
        ] {
            assert_eq!((cell_text(text).as_str(), looks_like_a_formula(&cell_text(text))), (shown, quoted), "{text:?}");
        }
        for (letter, kept) in [("x", 32_766), ("\u{1F600}", 16_383)] {
            let cut = cell_text(&letter.repeat(40_000));
            assert_eq!(cut, format!("{}…", letter.repeat(kept)));
        }
        assert_eq!(cell_text(&"x".repeat(32_767)), "x".repeat(32_767));
    }

    #[test]
    fn what_is_missing_says_why() {
        let wanted = shows("value", "Value", Shown::Value).wanted();
        let apart = shows("value", "Value", Shown::Value);
        let row = |status: &str| {
            let mut row = Record::default();
            row.add("status", Cell::Text(status.to_owned()));
            row
        };
        for (column, status, mark) in [
            (wanted, "final", "[x]"),
            (apart, "final", "[z]"),
            (apart, "not_available", "[x]"),
            (wanted, "suppressed", "[c]"),
        ] {
            let Content::Mark(found) = content(&column, &row(status)) else { panic!("{status} is a figure") };
            assert_eq!(found.shorthand(), mark, "{status}");
        }
        let status = shows("status", "Status", Shown::Status);
        for (word, words) in
            [("final", "final"), ("provisional", "provisional [p]"), ("not_available", "not available [x]")]
        {
            assert_eq!(content(&status, &row(word)), Content::Text(words.to_owned()));
        }
    }

    #[test]
    fn a_number_has_the_format_of_its_unit() {
        for (unit, number, format) in [
            ("proportion", 0.1234, "0.0%"),
            ("calls", 12.0, "#,##0"),
            ("crimes", 12.5, "#,##0.0"),
            ("seconds", 12.0, "#,##0.0"),
            ("", 0.5, "#,##0.0"),
        ] {
            let mut row = Record::default();
            row.add("measure_unit_name", Cell::Text(unit.to_owned()));
            row.add("value", Cell::Number(number));
            let column = shows("value", "Value", Shown::Value);
            assert_eq!(content(&column, &row), Content::Number(number, format), "{unit}");
        }
    }
}
