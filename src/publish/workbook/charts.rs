//! What is drawn: a line in each row of the scorecard, and native charts whose data are cells of the other sheets.

mod demand;

use std::collections::BTreeMap;
use std::ops::Range;

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType,
    ChartPoint, ChartSolidFill, ChartType, Color, Sparkline, Workbook, Worksheet, XlsxError,
};

use super::columns::unit;
use super::contents::Filled;
use super::records::{Cell, Record};
use super::sheets::{Sheet, Subject};
use super::writing::{DARK_BLUE, FIRST_ROW, HEADER_ROW, Styles, layout, row_height, table};
use crate::definitions::Definitions;
use crate::domain::{Status, Unit, visible_start};
use crate::publish::metric_charts::chart_unit;
use crate::tables::comparison::Comparator;

/// Final months in a row's drawn line.
const MONTHS_DRAWN: usize = 24;
/// Charts of months with limits: those of the four lists, in their order.
const MOST_CHARTS: usize = 6;
/// Fewer months make no chart.
const FEWEST_MONTHS: usize = 13;
/// More months than these have a name every quarter.
const YEAR: usize = 12;
/// Fewer bars make no chart.
const FEWEST_BARS: usize = 2;
/// Characters that Excel keeps of one.
const LONGEST_ALT_TEXT: usize = 255;
/// Pixels.
const WIDTH: u32 = 960;
const HEIGHT: u32 = 380;
const BAR_HEIGHT: u32 = 34;
/// Pixels of a row that nothing has changed.
const ROW: u32 = 20;

/// Government Analysis Function palette: lines are told apart by dash, marker and width as well.
const ORANGE: Color = Color::RGB(0x00F4_6A25);
const GREY: Color = Color::RGB(0x003D_3D3D);
const LIGHT_GREY: Color = Color::RGB(0x00BF_BFBF);

/// Of its columns, in characters.
const WIDTHS: [f64; 3] = [38.0, 80.0, 34.0];

pub(super) const SHEET: &str = "Charts";
pub(super) const TITLE: &str = "Charts";
pub(super) const HOLDS: &str =
    "Each row is a chart below the table: what it shows in words, and where its figures are.";

/// A chart, and all that is said of it.
pub(super) struct Planned {
    title: String,
    /// What it shows in words, in full: the sheet has room for it.
    shows: String,
    /// The same for a screen reader, as long as Excel allows.
    alt_text: String,
    sheet: &'static Sheet,
    /// Rows of its data on that sheet, from 0.
    rows: (u32, u32),
    unit: Option<Unit>,
    kind: Kind,
}

enum Kind {
    /// The newest months of this number are provisional.
    Months {
        provisional: usize,
    },
    Bars,
    MonthsAhead,
    HalfHours {
        most: u64,
    },
}

/// A line of a chart: its column, its name, how it is drawn.
type Drawn = (&'static str, &'static str, Color, ChartLineDashType);

const LIMITS: &[Drawn] = &[
    ("value", "Month", DARK_BLUE, ChartLineDashType::Solid),
    ("centre", "Centre", GREY, ChartLineDashType::Solid),
    ("lower", "Lower limit", ORANGE, ChartLineDashType::Dash),
    ("upper", "Upper limit", ORANGE, ChartLineDashType::SquareDot),
];
const EXPECTED: &[Drawn] = &[
    ("value", "Expected", DARK_BLUE, ChartLineDashType::Solid),
    ("lower_95", "95% interval, lower end", ORANGE, ChartLineDashType::Dash),
    ("upper_95", "95% interval, upper end", ORANGE, ChartLineDashType::SquareDot),
];

/// The charts that the sheets have figures for.
pub(super) fn planned(definitions: &Definitions, filled: &[Filled]) -> Vec<Planned> {
    let mut planned = months(filled);
    planned.extend(bars(definitions, filled));
    planned.extend(demand::planned(filled));
    planned
}

fn rows(filled: &[Filled], subject: Subject) -> Option<&Filled> {
    filled.iter().find(|f| f.sheet.subject == subject)
}

/// Rows of a sheet of `range`, as it counts them.
fn sheet_rows(range: &Range<usize>) -> (u32, u32) {
    (FIRST_ROW + range.start as u32, FIRST_ROW + range.end as u32 - 1)
}

/// The runs of rows that belong together by `same`.
fn runs(rows: &[Record], same: impl Fn(&Record, &Record) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        match runs.last_mut().filter(|run| same(&rows[run.start], row)) {
            Some(run) => run.end = i + 1,
            None => runs.push(i..i + 1),
        }
    }
    runs
}

fn same_metric(a: &Record, b: &Record) -> bool {
    a.text("metric") == b.text("metric")
}

fn months(filled: &[Filled]) -> Vec<Planned> {
    let (Some(limits), Some(lists)) = (rows(filled, Subject::Limits), rows(filled, Subject::Lists)) else {
        return Vec::new();
    };
    let runs = runs(&limits.rows, same_metric);
    let of = |listed: &Record| runs.iter().find(|run| limits.rows[run.start].text("metric") == listed.text("metric"));
    let charts = lists.rows.iter().filter_map(of).filter_map(|run| month_chart(limits, run.clone()));
    charts.take(MOST_CHARTS).collect()
}

/// A metric's months with their limits, from the first month that has all of them.
fn month_chart(limits: &Filled, run: Range<usize>) -> Option<Planned> {
    const DRAWN: [&str; 4] = ["value", "centre", "lower", "upper"];
    let whole = |row: &Record| DRAWN.iter().all(|column| row.number(column).is_some());
    let months = &limits.rows[run.clone()];
    let skipped = months.iter().rposition(|row| !whole(row)).map_or(0, |last| last + 1);
    let (months, run) = (&months[skipped..], run.start + skipped..run.end);
    let last = months.last()?;
    if months.len() < FEWEST_MONTHS {
        return None;
    }
    let provisional = months.iter().rev().take_while(|row| row.text("class") == "provisional").count();
    let final_month = months.len().checked_sub(provisional + 1).and_then(|i| months.get(i))?;
    let unit = unit(last);
    let title = last.text("measure").to_owned();
    let said = |row: &Record, column: &str| spoken(unit, row.number(column));
    let mut shows = format!(
        "{title}, {} months to {}. {}, the latest final month: {}; centre {}, limits {} and {}",
        months.len(),
        month(last),
        month(final_month),
        said(final_month, "value"),
        said(final_month, "centre"),
        said(final_month, "lower"),
        said(final_month, "upper"),
    );
    if let Some(words) = variation(final_month.text("class")) {
        shows.push_str(&format!("; {words}"));
    }
    shows.push('.');
    if provisional > 0 {
        shows.push_str(&format!(" Provisional: the newest {provisional}."));
    }
    let alt_text = format!("Line chart: {shows}");
    Some(Planned {
        title,
        shows,
        alt_text,
        sheet: limits.sheet,
        rows: sheet_rows(&run),
        unit,
        kind: Kind::Months { provisional },
    })
}

fn month(row: &Record) -> String {
    row.day("month").map_or_else(String::new, |day| day.format("%B %Y").to_string())
}

fn variation(class: &str) -> Option<&'static str> {
    Some(match class {
        "common_cause" => "within ordinary variation",
        "improving" => "out of the ordinary, and better",
        "concerning" => "out of the ordinary, and worse",
        "high" => "out of the ordinary, and high",
        "low" => "out of the ordinary, and low",
        _ => return None,
    })
}

/// A value as it is said.
fn spoken(unit: Option<Unit>, value: Option<f64>) -> String {
    let Some(value) = value else { return "not available".to_owned() };
    unit.map_or_else(|| value.to_string(), |unit| chart_unit(unit).format_in_words(value))
}

/// The proportions of the force beside those of its group.
fn bars(definitions: &Definitions, filled: &[Filled]) -> Option<Planned> {
    let comparisons = rows(filled, Subject::Comparisons)?;
    let variant = definitions.pipeline.comparators.variant.name();
    let same = |a: &Record, b: &Record| {
        ["comparator", "comparator_variant", "measure_unit_name"].iter().all(|c| a.text(c) == b.text(c))
    };
    let wanted = |row: &Record| {
        row.text("comparator") == Comparator::MostSimilarGroup.name()
            && row.text("comparator_variant") == variant
            && unit(row) == Some(Unit::Proportion)
    };
    let run = runs(&comparisons.rows, same).into_iter().find(|run| wanted(&comparisons.rows[run.start]))?;
    let bars = &comparisons.rows[run.clone()];
    if bars.len() < FEWEST_BARS {
        return None;
    }
    let one = |row: &Record| {
        let value = |column| spoken(Some(Unit::Proportion), row.number(column));
        format!("{} {}, group {}", row.text("measure"), value("value"), value("comparator_value"))
    };
    let all: Vec<String> = bars.iter().map(one).collect();
    let title = "Percentages of the force beside its most similar group".to_owned();
    let shows = format!("Force and most similar group: {}.", all.join("; "));
    let alt_text = format!(
        "Bar chart of {} percentages, each of the force beside its most similar group. The table above gives them all.",
        all.len()
    );
    let unit = Some(Unit::Proportion);
    let rows = sheet_rows(&run);
    Some(Planned { title, shows, alt_text, sheet: comparisons.sheet, rows, unit, kind: Kind::Bars })
}

/// Where the drawn line of each row of the scorecard has its months, on the sheet Months.
pub(super) struct Lines {
    months: Option<&'static Sheet>,
    /// Row of the scorecard, and rows of the months.
    ranges: Vec<(u32, (u32, u32))>,
}

/// Finds the months of each row's line, and says in the row which they are.
pub(super) fn lines(filled: &mut [Filled]) -> Lines {
    let mut drawn: BTreeMap<String, ((u32, u32), String)> = BTreeMap::new();
    let months = rows(filled, Subject::Months);
    let sheet = months.map(|m| m.sheet);
    for run in months.map_or_else(Vec::new, |m| runs(&m.rows, same_metric)) {
        let Some(rows) = months.map(|m| &m.rows) else { continue };
        let is_final =
            |i: &usize| rows[*i].text("status") == Status::Final.name() && rows[*i].number("value").is_some();
        let Some(last) = run.clone().rev().find(is_final) else { continue };
        let first = run.start.max((last + 1).saturating_sub(MONTHS_DRAWN));
        let first = (first..=last).rev().take_while(is_final).last().unwrap_or(last);
        let day = |i: usize| rows[i].day("period_start").map_or_else(String::new, |d| d.format("%Y-%m").to_string());
        let says = format!("{} final months, {} to {}", last + 1 - first, day(first), day(last));
        drawn.insert(rows[last].text("metric").to_owned(), (sheet_rows(&(first..last + 1)), says));
    }
    let mut ranges = Vec::new();
    let scorecard = filled.iter_mut().find(|f| f.sheet.subject == Subject::Scorecard);
    for (i, row) in scorecard.into_iter().flat_map(|f| f.rows.iter_mut()).enumerate() {
        if let Some((range, says)) = drawn.get(row.text("metric")) {
            ranges.push((FIRST_ROW + i as u32, *range));
            row.add("line", Cell::Text(says.clone()));
        }
    }
    Lines { months: sheet, ranges }
}

fn column(sheet: &Sheet, from: &str) -> u16 {
    sheet.columns.iter().position(|c| c.from == from).unwrap_or_default() as u16
}

/// Draws the lines into the scorecard.
pub(super) fn draw_lines(worksheet: &mut Worksheet, scorecard: &Sheet, lines: &Lines) -> Result<(), XlsxError> {
    let Some(months) = lines.months else { return Ok(()) };
    let value = column(months, "value");
    for (row, (first, last)) in &lines.ranges {
        let line = Sparkline::new()
            .set_range((months.name, *first, value, *last, value))
            .set_sparkline_color(DARK_BLUE)
            .show_last_point(true)
            .set_last_point_color(ORANGE)
            .set_line_weight(1.5);
        worksheet.add_sparkline(*row, column(scorecard, "line"), &line)?;
    }
    Ok(())
}

/// The sheet of charts; none where there is no chart.
pub(super) fn sheet(book: &mut Workbook, planned: &[Planned], heading: &str, styles: &Styles) -> Result<(), XlsxError> {
    if planned.is_empty() {
        return Ok(());
    }
    let worksheet = book.add_worksheet();
    worksheet.set_name(SHEET)?;
    worksheet.write_string_with_format(0, 0, heading, &styles.title)?;
    worksheet.write_string_with_format(1, 0, HOLDS, &styles.above)?;
    worksheet.write_string_with_format(2, 0, "The charts stand below the table, in its order.", &styles.above)?;
    for (i, chart) in planned.iter().enumerate() {
        let at = FIRST_ROW + i as u32;
        let place = format!("Sheet {}, rows {} to {}", chart.sheet.name, chart.rows.0 + 1, chart.rows.1 + 1);
        let cells = [&chart.title, &chart.shows, &place];
        for (col, text) in cells.into_iter().enumerate() {
            worksheet.write_string_with_format(at, col as u16, text, &styles.text)?;
        }
        let height = row_height(cells.into_iter().zip(WIDTHS).map(|(text, width)| (text.as_str(), width)));
        worksheet.set_row_height(at, height)?;
    }
    let about = ("charts", TITLE, HOLDS);
    table(worksheet, about, &["Chart", "What it shows", "Where its figures are"], planned.len(), styles)?;
    layout(worksheet, &WIDTHS)?;
    worksheet.set_freeze_panes(FIRST_ROW, 0)?;
    let mut row = HEADER_ROW + planned.len() as u32 + 3;
    for one in planned {
        let height = height(one);
        worksheet.insert_chart(row, 0, &chart(one, height)?)?;
        row += height / ROW + 2;
    }
    Ok(())
}

fn height(planned: &Planned) -> u32 {
    match planned.kind {
        Kind::Months { .. } | Kind::MonthsAhead | Kind::HalfHours { .. } => HEIGHT,
        Kind::Bars => 120 + BAR_HEIGHT * rows_drawn(planned) as u32,
    }
}

fn chart(planned: &Planned, height: u32) -> Result<Chart, XlsxError> {
    let mut chart = match planned.kind {
        Kind::Months { provisional } => month_lines(planned, LIMITS, provisional),
        // Nothing of the months ahead has happened: all are hollow.
        Kind::MonthsAhead => month_lines(planned, EXPECTED, rows_drawn(planned)),
        Kind::HalfHours { most } => demand::half_hours(planned, most),
        Kind::Bars => bar_chart(planned),
    };
    let name = match planned.unit {
        Some(Unit::Proportion) | None => planned.title.clone(),
        Some(unit) => format!("{}, {}", planned.title, super::columns::unit_words(unit)),
    };
    chart.title().set_name(&name).set_font(ChartFont::new().set_size(13).set_bold());
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_width(WIDTH).set_height(height).set_alt_text(visible_start(&planned.alt_text, LONGEST_ALT_TEXT));
    Ok(chart)
}

fn range(planned: &Planned, from: &str) -> (&'static str, u32, u16, u32, u16) {
    let column = column(planned.sheet, from);
    (planned.sheet.name, planned.rows.0, column, planned.rows.1, column)
}

const fn axis_format(unit: Option<Unit>) -> &'static str {
    match unit {
        Some(Unit::Proportion) => "0%",
        _ => "#,##0",
    }
}

/// Rows of a chart.
const fn rows_drawn(planned: &Planned) -> usize {
    (planned.rows.1 - planned.rows.0 + 1) as usize
}

/// Lines by month; the newest of the values are hollow, so many as are provisional.
fn month_lines(planned: &Planned, lines: &[Drawn], provisional: usize) -> Chart {
    let mut chart = Chart::new(ChartType::Line);
    for &(from, name, color, dash) in lines {
        let mut line = ChartLine::new();
        line.set_color(color).set_dash_type(dash).set_width(if from == "value" { 2.0 } else { 1.5 });
        let series = chart.add_series();
        series.set_values(range(planned, from)).set_categories(range(planned, "month")).set_name(name);
        series.set_format(ChartFormat::new().set_line(&line));
        if from != "value" {
            series.set_marker(ChartMarker::new().set_none());
            continue;
        }
        let filled = |color: Color| {
            let mut format = ChartFormat::new();
            format.set_solid_fill(ChartSolidFill::new().set_color(color));
            format.set_border(ChartLine::new().set_color(DARK_BLUE));
            format
        };
        let mut marker = ChartMarker::new();
        marker.set_type(ChartMarkerType::Circle).set_size(6).set_format(&mut filled(DARK_BLUE));
        series.set_marker(&marker);
        let months = rows_drawn(planned);
        let hollow = |i: usize| i + provisional >= months;
        let point =
            |i| if hollow(i) { ChartPoint::new().set_format(&mut filled(Color::White)) } else { ChartPoint::new() };
        series.set_points(&(0..months).map(point).collect::<Vec<_>>());
    }
    chart.x_axis().set_date_axis(true).set_num_format("mmm yy").set_major_unit(if rows_drawn(planned) > YEAR {
        3
    } else {
        1
    });
    chart.y_axis().set_num_format(axis_format(planned.unit)).set_major_gridlines_line(&faint());
    chart
}

fn faint() -> ChartLine {
    let mut line = ChartLine::new();
    line.set_color(LIGHT_GREY).set_width(0.75);
    line
}

fn bar_chart(planned: &Planned) -> Chart {
    let mut chart = Chart::new(ChartType::Bar);
    for (from, name, color) in [("value", "Force", DARK_BLUE), ("comparator_value", "Most similar group", ORANGE)] {
        let mut format = ChartFormat::new();
        format.set_solid_fill(ChartSolidFill::new().set_color(color));
        let series = chart.add_series();
        series.set_values(range(planned, from)).set_categories(range(planned, "measure")).set_name(name);
        series.set_format(&mut format).set_gap(60);
    }
    chart.y_axis().set_reverse();
    chart.x_axis().set_num_format(axis_format(planned.unit)).set_min(0).set_major_gridlines_line(&faint());
    chart
}
