//! Charts of the months ahead, and of the call handlers that each half hour of the week needs.

use std::ops::Range;

use rust_xlsxwriter::{Chart, ChartFormat, ChartSolidFill, ChartType};

use super::super::columns::unit;
use super::super::contents::Filled;
use super::super::records::Record;
use super::super::sheets::Subject;
use super::super::writing::DARK_BLUE;
use super::{Kind, Planned, axis_format, faint, month, range, rows, runs, same_metric, sheet_rows, spoken};
use crate::publish::charts::week::WEEKDAYS;
use crate::tables::demand::{HALF_HOURS_OF_DAY, SLOTS};

/// Steps of an axis of handlers.
const MOST_STEPS: u64 = 8;

/// Each count that has a forecast, then the handlers.
pub(super) fn planned(filled: &[Filled]) -> Vec<Planned> {
    let mut planned: Vec<Planned> = rows(filled, Subject::Forecast).map_or_else(Vec::new, |forecast| {
        runs(&forecast.rows, same_metric).into_iter().filter_map(|run| months_ahead(forecast, &run)).collect()
    });
    planned.extend(rows(filled, Subject::Handlers).and_then(handlers));
    planned
}

/// The row of the largest value, or of the smallest: the first of several.
fn extreme<T: PartialOrd>(
    rows: &[Record],
    of: impl Fn(&Record) -> Option<T>,
    beyond: impl Fn(&T, &T) -> bool,
) -> Option<(&Record, T)> {
    let known = rows.iter().filter_map(|row| Some((row, of(row)?)));
    known.reduce(|best, one| if beyond(&one.1, &best.1) { one } else { best })
}

fn months_ahead(forecast: &Filled, run: &Range<usize>) -> Option<Planned> {
    const DRAWN: [&str; 3] = ["value", "lower_95", "upper_95"];
    let months = &forecast.rows[run.clone()];
    if !months.iter().all(|row| DRAWN.iter().all(|column| row.number(column).is_some())) {
        return None;
    }
    let (first, last) = (months.first()?, months.last()?);
    let unit = unit(first);
    let value = |row: &Record| row.number("value");
    let said = |row: &Record| {
        let of = |column| spoken(unit, row.number(column));
        format!("{} in {} (95% interval {} to {})", of("value"), month(row), of("lower_95"), of("upper_95"))
    };
    let (most, _) = extreme(months, value, |a, b| a > b)?;
    let (least, _) = extreme(months, value, |a, b| a < b)?;
    let title = format!("{}: months ahead", first.text("measure"));
    let shows = format!(
        "{}, expected by month, {} to {}. Highest {}; lowest {}.",
        first.text("measure"),
        month(first),
        month(last),
        said(most),
        said(least)
    );
    let alt_text = format!("Line chart: {shows}");
    Some(Planned {
        title,
        shows,
        alt_text,
        sheet: forecast.sheet,
        rows: sheet_rows(run),
        unit,
        kind: Kind::MonthsAhead,
    })
}

/// Of a whole week alone.
fn handlers(needed: &Filled) -> Option<Planned> {
    let of = |row: &Record| row.count("handlers_erlang_c");
    if needed.rows.len() != SLOTS || !needed.rows.iter().all(|row| of(row).is_some()) {
        return None;
    }
    let place = |(row, handlers): (&Record, u64)| {
        let day = row.count("weekday").and_then(|day| WEEKDAYS.get(usize::try_from(day).ok()?.checked_sub(1)?));
        format!("{handlers}, first on {} at {}", day.copied().unwrap_or_default(), row.text("half_hour"))
    };
    let most = extreme(&needed.rows, of, |a, b| a > b)?;
    let shows = format!(
        "Handlers that the 999 calls of each half hour of the week need, by Erlang C. Most: {}. Fewest: {}.",
        place(most),
        place(extreme(&needed.rows, of, |a, b| a < b)?)
    );
    Some(Planned {
        title: "999 call handlers needed, by half hour of the week".to_owned(),
        alt_text: format!("Column chart: {shows}"),
        shows,
        sheet: needed.sheet,
        rows: sheet_rows(&(0..needed.rows.len())),
        unit: None,
        kind: Kind::HalfHours { most: most.1 },
    })
}

/// A column for each half hour, and a name for each day.
pub(super) fn half_hours(planned: &Planned, most: u64) -> Chart {
    let mut chart = Chart::new(ChartType::Column);
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(DARK_BLUE));
    let series = chart.add_series();
    series.set_values(range(planned, "handlers_erlang_c")).set_categories(range(planned, "weekday"));
    series.set_name("Handlers by Erlang C").set_format(&mut format).set_gap(0);
    let day = HALF_HOURS_OF_DAY as u16;
    chart.x_axis().set_label_interval(day).set_tick_interval(day);
    chart.x_axis().set_name("Weekday (1 is Monday), from midnight on; a column is a half hour");
    chart.y_axis().set_num_format(axis_format(None)).set_min(0).set_major_gridlines_line(&faint());
    chart.y_axis().set_major_unit(most.div_ceil(MOST_STEPS).max(1) as u32);
    chart
}
