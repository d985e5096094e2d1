//! HTML whose every number says which cell of a table it is.

use chrono::NaiveDate;
use minijinja::value::Value;

use crate::domain::{long_date, visible_start};
use crate::templates::LONGEST_TEXT;

/// Escaped text. A number or a day stands in an element that names its column and holds the exact value; the row is named
/// by the nearest elements around it that have `data-t` (table), `data-m` (metric), `data-l` and `data-u` (level and unit),
/// `data-p`, `data-s` and `data-e` (type, first and last day of the period).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marked {
    html: String,
    /// The text alone, as a script puts it into the page.
    plain: String,
}

impl Marked {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn text(mut self, text: &str) -> Self {
        self.show(&visible_start(text, LONGEST_TEXT));
        self
    }

    fn show(&mut self, text: &str) {
        escape(&mut self.html, text);
        self.plain += text;
    }

    /// A number as a reader sees it.
    pub fn number(mut self, column: &str, value: f64, shown: &str) -> Self {
        self.html += &format!("<data data-c=\"{column}\" value=\"{value}\">");
        self.show(shown);
        self.html += "</data>";
        self
    }

    pub fn count(self, column: &str, value: u64, shown: &str) -> Self {
        self.number(column, value as f64, shown)
    }

    pub fn day(self, column: &str, day: NaiveDate) -> Self {
        self.day_as(column, day, &long_date(day))
    }

    /// A day that is shown otherwise, such as a month.
    pub fn day_as(mut self, column: &str, day: NaiveDate, shown: &str) -> Self {
        self.html += &format!("<time data-c=\"{column}\" datetime=\"{day}\">");
        self.show(shown);
        self.html += "</time>";
        self
    }

    pub fn then(mut self, other: &Self) -> Self {
        self.html += &other.html;
        self.plain += &other.plain;
        self
    }

    /// For a template: not escaped again.
    pub fn value(&self) -> Value {
        Value::from_safe_string(self.html.clone())
    }

    pub fn plain(&self) -> String {
        self.plain.clone()
    }

    #[cfg(test)]
    pub fn html(&self) -> &str {
        &self.html
    }
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => *out += "&amp;",
            '<' => *out += "&lt;",
            '>' => *out += "&gt;",
            '"' => *out += "&quot;",
            '\'' => *out += "&#39;",
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_numbers_name_their_column() {
        let marked = Marked::new()
            .text("<b>\"A\" & 'B'")
            .number("value", 0.839_783_829_706_895_7, "84.0%")
            .day("period_end", NaiveDate::from_ymd_opt(2026, 9, 30).unwrap());
        assert_eq!(
            marked.html(),
            "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;<data data-c=\"value\" value=\"0.8397838297068957\">84.0%</data>\
             <time data-c=\"period_end\" datetime=\"2026-09-30\">30 September 2026</time>"
        );
    }
}
