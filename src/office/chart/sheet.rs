//! The sheet of a chart's values: categories in column A, a column for each series from B on, names in row 1.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::{Categories, NativeChart};
use crate::office::xml::escaped;

const SHEET: &str = "Data";
pub(super) const MONTH_FORMAT: &str = "mmm yy";

pub(super) struct Sheet<'c> {
    chart: &'c NativeChart,
    columns: Vec<(String, &'c [Option<f64>])>,
}

/// A date as Excel counts it: days since 30 December 1899 (ECMA-376 part 1, 18.17.4.1).
pub(super) fn serial(date: NaiveDate) -> i32 {
    // 30 December 1899 is day 693,594 of the common era.
    date.num_days_from_ce() - 693_594
}

/// Name of a column by its place: A to Z, AA and on.
fn letters(mut place: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + (place % 26) as u8));
        if place < 26 {
            return name;
        }
        place = place / 26 - 1;
    }
}

impl<'c> Sheet<'c> {
    pub fn of(chart: &'c NativeChart) -> Self {
        Self { chart, columns: chart.columns() }
    }

    fn rows(&self) -> usize {
        self.chart.categories.len()
    }

    fn range(&self, column: usize) -> String {
        let name = letters(column);
        format!("{SHEET}!${name}$2:${name}${}", self.rows() + 1)
    }

    pub fn workbook(&self, created: NaiveDateTime) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let time = ExcelDateTime::from_ymd(
            created.year().try_into().unwrap_or(1900),
            created.month() as u8,
            created.day() as u8,
        )?;
        let time = time.and_hms(created.hour() as u16, created.minute() as u8, f64::from(created.second()))?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&time));
        let sheet = book.add_worksheet().set_name(SHEET)?;
        let month = Format::new().set_num_format(MONTH_FORMAT);
        let number = Format::new().set_num_format(&self.chart.number_format);
        let bold = Format::new().set_bold();
        let heading = match (&self.chart.category_title, &self.chart.categories) {
            (Some(title), _) => title.clone(),
            (None, Categories::Months(_)) => "Month".to_owned(),
            (None, Categories::Texts(_)) => "Category".to_owned(),
        };
        sheet.write_string_with_format(0, 0, shown(&heading), &bold)?;
        for row in 0..self.rows() {
            let at = (row + 1) as u32;
            match &self.chart.categories {
                Categories::Months(months) => {
                    sheet.write_number_with_format(at, 0, f64::from(serial(months[row])), &month)?;
                }
                Categories::Texts(texts) => {
                    sheet.write_string(at, 0, shown(&texts[row]))?;
                }
            }
        }
        for (place, (name, values)) in self.columns.iter().enumerate() {
            let column = (place + 1) as u16;
            sheet.write_string_with_format(0, column, shown(name), &bold)?;
            for (row, value) in values.iter().enumerate() {
                if let Some(value) = value {
                    sheet.write_number_with_format((row + 1) as u32, column, *value, &number)?;
                }
            }
        }
        sheet.set_column_width(0, 24)?;
        book.save_to_buffer()
    }

    /// `c:cat` of every series.
    pub fn categories(&self) -> String {
        let range = self.range(0);
        let count = self.rows();
        match &self.chart.categories {
            Categories::Months(months) => {
                let points = months.iter().enumerate();
                let points: String = points.map(|(i, month)| point(i, &serial(*month).to_string())).collect();
                format!(
                    "<c:cat><c:numRef><c:f>{range}</c:f><c:numCache><c:formatCode>{MONTH_FORMAT}</c:formatCode>\
                     <c:ptCount val=\"{count}\"/>{points}</c:numCache></c:numRef></c:cat>"
                )
            }
            Categories::Texts(texts) => {
                let points: String =
                    texts.iter().enumerate().map(|(i, text)| point(i, &escaped(&shown(text)))).collect();
                format!(
                    "<c:cat><c:strRef><c:f>{range}</c:f><c:strCache><c:ptCount val=\"{count}\"/>{points}</c:strCache>\
                     </c:strRef></c:cat>"
                )
            }
        }
    }

    /// `c:tx` of the series in a column of values.
    pub fn name(&self, column: usize) -> String {
        let name = self.columns.get(column).map(|(name, _)| escaped(&shown(name))).unwrap_or_default();
        format!(
            "<c:tx><c:strRef><c:f>{SHEET}!${}$1</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>{name}</c:v>\
             </c:pt></c:strCache></c:strRef></c:tx>",
            letters(column + 1)
        )
    }

    /// The cells of a column of values and what they hold, as `c:val`, `c:plus` and `c:minus` have it.
    pub fn values(&self, column: usize) -> String {
        let values = self.columns.get(column).map_or(&[][..], |(_, values)| values);
        let points = values.iter().enumerate().filter_map(|(i, value)| value.map(|v| point(i, &v.to_string())));
        format!(
            "<c:numRef><c:f>{}</c:f><c:numCache><c:formatCode>{}</c:formatCode><c:ptCount val=\"{}\"/>{}</c:numCache></c:numRef>",
            self.range(column + 1),
            escaped(&self.chart.number_format),
            self.rows(),
            points.collect::<String>()
        )
    }
}

fn point(index: usize, value: &str) -> String {
    format!("<c:pt idx=\"{index}\"><c:v>{value}</c:v></c:pt>")
}

/// The same text in the sheet and in the chart: control characters as U+FFFD, no line break.
fn shown(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\n' || c == '\t' {
                ' '
            } else if c.is_control() {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (place, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(place), expected);
        }
    }

    // Excel: 1 January 1900 is shown for 1 with its leap-year fault; from 1 March 1900, 61, the count is right.
    #[test]
    fn dates_have_serials() {
        for (date, expected) in [((1900, 3, 1), 61), ((2000, 1, 1), 36_526), ((2026, 11, 1), 46_327)] {
            let (year, month, day) = date;
            assert_eq!(serial(NaiveDate::from_ymd_opt(year, month, day).unwrap()), expected);
        }
    }
}
