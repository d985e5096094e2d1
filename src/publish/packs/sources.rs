//! The cells behind a document: a list beside it names, for each number in reading order, the cell of a table that it is.

use std::sync::Arc;

use crate::domain::spreadsheet_text;
use crate::office::content::Run;
use crate::publish::marked::{Cell, Marked, RowKey};

/// A number of a document, or a series of one of its charts.
struct Source {
    /// Where it stands: `slide 4`, `chart on slide 4`.
    place: String,
    /// As a reader sees it; a series by its name.
    shown: String,
    /// `None` where it is of no table: how many rows are shown.
    row: Option<Arc<RowKey>>,
    column: String,
    /// As it stands in the table; nothing for a series, which the chart's workbook holds.
    value: String,
}

/// The numbers of one document, as they are written into it.
#[derive(Default)]
pub(super) struct Sources {
    place: String,
    found: Vec<Source>,
}

impl Sources {
    /// What is written from here on stands there.
    pub fn at(&mut self, place: impl Into<String>) {
        self.place = place.into();
    }

    /// The text as runs, its numbers noted.
    pub fn runs(&mut self, marked: &Marked) -> Vec<Run> {
        let text = self.text(marked);
        if text.is_empty() { Vec::new() } else { vec![Run::plain(text)] }
    }

    /// The text, its numbers noted.
    pub fn text(&mut self, marked: &Marked) -> String {
        for span in marked.spans() {
            if let Some(Cell { column, value, row }) = &span.cell {
                self.found.push(Source {
                    place: self.place.clone(),
                    shown: span.text.clone(),
                    row: row.clone(),
                    column: (*column).to_owned(),
                    value: value.to_string(),
                });
            }
        }
        marked.plain()
    }

    /// A chart's series, whose values are a column of the rows that hold the key.
    pub fn series(&mut self, name: &str, row: &Arc<RowKey>, column: &str) {
        self.found.push(Source {
            place: format!("chart on {}", self.place),
            shown: name.to_owned(),
            row: Some(Arc::clone(row)),
            column: column.to_owned(),
            value: String::new(),
        });
    }

    /// As CSV, a row for each number.
    pub fn csv(&self) -> String {
        let mut text = "place,shown,table,key,column,value\n".to_owned();
        for source in &self.found {
            let (table, key) = source.row.as_ref().map_or(("", String::new()), |row| (row.table, row.json()));
            let cells = [&source.place, &source.shown, table, &key, &source.column].map(quoted);
            // A number or a day: a sign before it makes no formula.
            text += &format!("{},{}\n", cells.join(","), source.value);
        }
        text
    }
}

/// A field of CSV that a spreadsheet takes for text.
fn quoted(text: &str) -> String {
    let text = spreadsheet_text(text);
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_listed_in_the_order_in_which_they_are_written() {
        let row = Arc::new(RowKey { table: "scorecard", key: vec![("metric", "solved_rate_closed".to_owned())] });
        let mut sources = Sources::default();
        sources.at("slide 4");
        let marked = Marked::new().number("value", 0.125, "12.5%").text(" of ").number("denominator", 1234.0, "1,234");
        let runs = sources.runs(&marked.of_row(&row));
        assert_eq!(runs, [Run::plain("12.5% of 1,234")]);
        sources.series("=Mean", &row, "centre");
        assert_eq!(
            sources.csv(),
            "place,shown,table,key,column,value\n\
             slide 4,12.5%,scorecard,\"{\"\"metric\"\":\"\"solved_rate_closed\"\"}\",value,0.125\n\
             slide 4,\"1,234\",scorecard,\"{\"\"metric\"\":\"\"solved_rate_closed\"\"}\",denominator,1234\n\
             chart on slide 4,'=Mean,scorecard,\"{\"\"metric\"\":\"\"solved_rate_closed\"\"}\",centre,\n"
        );
    }
}
