//! One table on one sheet: title, what it holds, where its notes are, then the table, whole and without a merged cell.

use rust_xlsxwriter::{Color, Format, FormatAlign, Table, TableColumn, TableStyle, Url, Worksheet, XlsxError};

use super::columns::{Column, Content, Shown, content, looks_like_a_formula};
use super::contents::Filled;
use super::excel_date;
use super::front::Front;

/// Rows above the header: title, what a row is, notes.
pub(super) const HEADER_ROW: u32 = 3;
pub(super) const FIRST_ROW: u32 = HEADER_ROW + 1;
/// Row of a line that is drawn, in points.
const DRAWN_ROW: f64 = 33.0;
/// Characters on a page, A4 across.
const PAGE_WIDTH: f64 = 190.0;
const A4: u8 = 9;
/// Points.
const LINE: f64 = 15.0;
const HIGHEST_ROW: f64 = 409.0;
/// Characters that a bold header, its indent and the button of a filter take.
const HEADER_LOSES: f64 = 2.5;

/// Dark blue of the Government Analysis Function palette: 10:1 against white.
pub(super) const DARK_BLUE: Color = Color::RGB(0x0012_436D);

pub(super) struct Styles {
    pub title: Format,
    pub heading: Format,
    pub warning: Format,
    pub header: Format,
    /// Above a table: on one line.
    pub above: Format,
    pub link: Format,
    pub text: Format,
    /// Text that would be a formula, were it typed in.
    quoted: Format,
    hidden: Format,
    right: Format,
}

impl Styles {
    pub fn new() -> Self {
        let body = Format::new().set_align(FormatAlign::Top);
        // Text after a right-aligned number would touch it.
        let wrapped = body.clone().set_align(FormatAlign::Left).set_text_wrap().set_indent(1);
        Self {
            title: Format::new().set_bold().set_font_size(16.0).set_font_color(DARK_BLUE),
            heading: body.clone().set_bold().set_font_size(13.0).set_font_color(DARK_BLUE),
            warning: wrapped.clone().set_bold().set_font_size(13.0).set_font_color(Color::RGB(0x0080_1650)),
            header: wrapped.clone().set_bold().set_font_color(Color::White).set_background_color(DARK_BLUE),
            above: body.clone(),
            link: body
                .clone()
                .set_font_color(Color::RGB(0x0005_63C1))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            quoted: wrapped.clone().set_quote_prefix(),
            hidden: body.clone().set_num_format(";;;"),
            right: body.clone().set_align(FormatAlign::Right),
            text: wrapped,
        }
    }
}

/// Writes a sheet.
pub(super) fn sheet(
    worksheet: &mut Worksheet,
    filled: &Filled,
    front: &Front<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let sheet = filled.sheet;
    worksheet.set_name(sheet.name)?;
    worksheet.write_string_with_format(0, 0, front.heading(sheet.title), &styles.title)?;
    worksheet.write_string_with_format(1, 0, sheet.holds, &styles.above)?;
    let notes = front.numbers(sheet.notes);
    worksheet.write_url_with_options(2, 0, Url::new("internal:'Notes'!A1"), notes, "", Some(&styles.link))?;
    let drawn = sheet.columns.iter().any(|column| column.shown == Shown::Line);
    let widths: Vec<f64> = sheet.columns.iter().map(Column::width).collect();
    for (i, row) in filled.rows.iter().enumerate() {
        let at = FIRST_ROW + i as u32;
        let cells: Vec<Content> = sheet.columns.iter().map(|column| content(column, row)).collect();
        for (col, cell) in cells.iter().enumerate() {
            write(worksheet, at, col as u16, cell, styles)?;
        }
        let texts = cells.iter().zip(&widths).filter_map(|(cell, width)| match cell {
            Content::Text(text) => Some((text.as_str(), *width)),
            _ => None,
        });
        worksheet.set_row_height(at, row_height(texts).max(if drawn { DRAWN_ROW } else { 0.0 }))?;
    }
    let headers: Vec<&str> = sheet.columns.iter().map(|column| column.header).collect();
    worksheet
        .set_row_height(HEADER_ROW, row_height(headers.iter().copied().zip(widths.iter().map(|w| w - HEADER_LOSES))))?;
    let about = (sheet.table, sheet.title, sheet.holds);
    table(worksheet, about, &headers, filled.rows.len(), styles)?;
    layout(worksheet, &widths)?;
    worksheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    worksheet.set_freeze_panes(FIRST_ROW, 1)?;
    Ok(())
}

/// Height in points of a row whose wrapped texts stand in columns so many characters wide. Excel finds it by itself when a row
/// is edited, and other programs not at all.
pub(super) fn row_height<'t>(texts: impl Iterator<Item = (&'t str, f64)>) -> f64 {
    let lines = |(text, width): (&str, f64)| text.split('\n').map(|part| wrapped_lines(part, width)).sum::<f64>();
    (LINE * texts.map(lines).fold(1.0, f64::max)).min(HIGHEST_ROW)
}

/// Lines of a text that is broken at its blanks, and within a word that is longer than a line.
fn wrapped_lines(text: &str, width: f64) -> f64 {
    let (mut lines, mut used) = (1.0, 0.0);
    for word in text.split(' ').map(|word| word.chars().count() as f64) {
        if used > 0.0 && used + 1.0 + word > width {
            lines += 1.0;
            used = 0.0;
        }
        used += if used > 0.0 { 1.0 + word } else { word };
        if used > width {
            let further = (used / width).ceil() - 1.0;
            lines += further;
            used -= further * width;
        }
    }
    lines
}

/// Makes a table of what is written below the header row: its name, its title and what it holds.
pub(super) fn table(
    worksheet: &mut Worksheet,
    (name, title, holds): (&str, &str, &str),
    headers: &[&str],
    rows: usize,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let columns: Vec<TableColumn> =
        headers.iter().map(|header| TableColumn::new().set_header(*header).set_header_format(&styles.header)).collect();
    let last = (HEADER_ROW + rows as u32, headers.len().saturating_sub(1) as u16);
    let table = Table::new()
        .set_name(name)
        .set_columns(&columns)
        .set_style(TableStyle::Light1)
        .set_alt_text_title(title)
        .set_alt_text(holds);
    worksheet.add_table(HEADER_ROW, 0, last.0, last.1, &table)?;
    Ok(())
}

/// Column widths, and a page that they fit.
pub(super) fn layout(worksheet: &mut Worksheet, widths: &[f64]) -> Result<(), XlsxError> {
    for (col, width) in widths.iter().enumerate() {
        worksheet.set_column_width(col as u16, *width)?;
    }
    let pages = (widths.iter().sum::<f64>() / PAGE_WIDTH).ceil().max(1.0);
    worksheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(pages as u16, 0);
    worksheet.set_footer("&L&A&RPage &P of &N");
    Ok(())
}

/// Text goes in as text and nothing else: no cell is guessed to be a formula, a link or a number.
fn write(sheet: &mut Worksheet, row: u32, col: u16, content: &Content, styles: &Styles) -> Result<(), XlsxError> {
    match content {
        Content::Text(text) if looks_like_a_formula(text) => {
            sheet.write_string_with_format(row, col, text, &styles.quoted)?;
        }
        Content::Text(text) => {
            sheet.write_string_with_format(row, col, text, &styles.text)?;
        }
        Content::Number(number, format) => {
            sheet.write_number_with_format(row, col, *number, &styles.right.clone().set_num_format(*format))?;
        }
        Content::Date(day, format) => {
            let format = styles.right.clone().set_num_format(*format);
            sheet.write_datetime_with_format(row, col, &excel_date(*day)?, &format)?;
        }
        Content::Mark(mark) => {
            sheet.write_string_with_format(row, col, mark.shorthand(), &styles.right)?;
        }
        Content::Hidden(text) => {
            sheet.write_string_with_format(row, col, text, &styles.hidden)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_high_as_its_longest_text() {
        for (texts, lines) in [
            (&[][..], 1.0),
            (&[("", 10.0)], 1.0),
            (&[("ten is all", 10.0)], 1.0),
            (&[("ten is all!", 10.0)], 2.0),
            (&[("a\nb\nc", 10.0), ("one two three four", 5.0)], 4.0),
            (&[("0123456789012345678901234", 10.0)], 3.0),
            (&[("a 0123456789012 b", 10.0)], 3.0),
        ] {
            assert_eq!(row_height(texts.iter().copied()), LINE * lines, "{texts:?}");
        }
        assert_eq!(row_height([("x\n".repeat(100).as_str(), 10.0)].into_iter()), HIGHEST_ROW);
    }
}
