//! Text whose every number says which cell of a table it is: the page writes it as HTML, packs as runs with a list of their
//! cells beside them.

use std::sync::Arc;

use chrono::NaiveDate;
use minijinja::value::Value;
use serde::{Serialize, Serializer};

use crate::domain::{capitalised, long_date, visible_start};
use crate::templates::LONGEST_TEXT;

/// A row of a table of the build, by the columns that name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowKey {
    pub table: &'static str,
    pub key: Vec<(&'static str, String)>,
}

impl RowKey {
    /// The key as a JSON object, in its order.
    pub fn json(&self) -> String {
        let key = self.key.iter().map(|(column, value)| ((*column).to_owned(), value.as_str().into()));
        serde_json::Value::Object(key.collect()).to_string()
    }
}

/// Stands for a column where it is said how many rows of a table on paper are shown.
pub const ROWS_SHOWN: &str = "rows_shown";

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellValue {
    Number(f64),
    Day(NaiveDate),
}

impl std::fmt::Display for CellValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// The cell that a number or a day on paper is.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub column: &'static str,
    pub value: CellValue,
    /// Not said where the page's elements around the text say it.
    pub row: Option<Arc<RowKey>>,
}

/// A piece of text, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    pub text: String,
    pub cell: Option<Cell>,
}

/// Text in pieces. On the page a number or a day stands in an element that names its column and holds the exact value; the row is
/// named by the nearest elements around it that have `data-t` (table), `data-m` (metric), `data-l` and `data-u` (level and
/// unit), `data-p`, `data-s` and `data-e` (type, first and last day of the period).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marked {
    spans: Vec<Span>,
}

impl Marked {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn text(mut self, text: &str) -> Self {
        self.spans.push(Span { text: visible_start(text, LONGEST_TEXT), cell: None });
        self
    }

    fn cell(mut self, column: &'static str, value: CellValue, shown: &str) -> Self {
        self.spans.push(Span { text: shown.to_owned(), cell: Some(Cell { column, value, row: None }) });
        self
    }

    /// A number as a reader sees it.
    pub fn number(self, column: &'static str, value: f64, shown: &str) -> Self {
        self.cell(column, CellValue::Number(value), shown)
    }

    pub fn count(self, column: &'static str, value: u64, shown: &str) -> Self {
        self.number(column, value as f64, shown)
    }

    pub fn day(self, column: &'static str, day: NaiveDate) -> Self {
        self.day_as(column, day, &long_date(day))
    }

    /// A day that is shown otherwise, such as a month.
    pub fn day_as(self, column: &'static str, day: NaiveDate, shown: &str) -> Self {
        self.cell(column, CellValue::Day(day), shown)
    }

    /// How many rows of the table at hand are shown: a cell of no table.
    pub fn rows_shown(self, rows: usize) -> Self {
        self.count(ROWS_SHOWN, rows as u64, &rows.to_string())
    }

    pub fn then(mut self, other: &Self) -> Self {
        self.spans.extend_from_slice(&other.spans);
        self
    }

    /// The same text, every cell of it in the row; cells that have one keep theirs.
    pub fn of_row(mut self, row: &Arc<RowKey>) -> Self {
        let cells = self.spans.iter_mut().filter_map(|span| span.cell.as_mut());
        for cell in cells.filter(|cell| cell.column != ROWS_SHOWN) {
            cell.row.get_or_insert_with(|| Arc::clone(row));
        }
        self
    }

    /// The same text with a capital first letter, where text begins it.
    pub fn capitalised(mut self) -> Self {
        if let Some(first) = self.spans.iter_mut().find(|span| !span.text.is_empty()) {
            first.text = capitalised(&first.text);
        }
        self
    }

    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// For a template: not escaped again.
    pub fn value(&self) -> Value {
        Value::from_safe_string(self.html())
    }

    /// The text alone, as a script puts it into the page.
    pub fn plain(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    pub fn html(&self) -> String {
        self.written(|_| String::new())
    }

    /// As [`Marked::html`], with the row of each cell in its own element: `data-t` its table, `data-k` its key as JSON. How many
    /// rows are shown has the class `shown`.
    pub fn html_with_rows(&self) -> String {
        self.written(|cell| {
            let Some(row) = &cell.row else { return " class=\"shown\"".to_owned() };
            let mut html = format!(" data-t=\"{}\" data-k=\"", row.table);
            escape(&mut html, &visible_start(&row.json(), LONGEST_TEXT));
            html.push('"');
            html
        })
    }

    fn written(&self, row: impl Fn(&Cell) -> String) -> String {
        let mut html = String::new();
        for span in &self.spans {
            let Some(cell) = &span.cell else {
                escape(&mut html, &span.text);
                continue;
            };
            let (element, exact) = match cell.value {
                CellValue::Number(_) => ("data", "value"),
                CellValue::Day(_) => ("time", "datetime"),
            };
            let column = if cell.column == ROWS_SHOWN { String::new() } else { format!(" data-c=\"{}\"", cell.column) };
            html += &format!("<{element}{}{column} {exact}=\"{}\">", row(cell), cell.value);
            escape(&mut html, &span.text);
            html += &format!("</{element}>");
        }
        html
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

/// As the HTML of a template, not to be escaped again.
impl Serialize for Marked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
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

    #[test]
    fn a_cell_keeps_the_row_that_it_has() {
        let row = |unit: &str| Arc::new(RowKey { table: "metric_values", key: vec![("unit", unit.to_owned())] });
        let own = Marked::new().number("value", 1.0, "1").of_row(&row("Stroud"));
        let both = Marked::new().number("value", 2.0, "2").then(&own).of_row(&row("gloucestershire"));
        let rows: Vec<&str> =
            both.spans().iter().map(|s| s.cell.as_ref().unwrap().row.as_ref().unwrap().key[0].1.as_str()).collect();
        assert_eq!(rows, ["gloucestershire", "Stroud"]);
    }
}
