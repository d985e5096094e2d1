//! Call handlers needed in each half hour of the week: what is assumed, what is needed at the most, and a table of the week.

use minijinja::value::Value;
use serde::Serialize;

use super::PageInput;
use crate::publish::charts::ChartUnit;
use crate::publish::charts::week::WEEKDAYS;
use crate::publish::facts::StaffingLine;
use crate::publish::marked::Marked;

/// Shades of the table; the number says the same.
const SHADES: u64 = 4;

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Handlers {
    Week(Box<Week>),
    /// Why there is no estimate.
    Reason(String),
}

#[derive(Serialize)]
pub(super) struct Week {
    /// The half hour that needs most, the first of several: its place in the table, and in words.
    weekday: u64,
    half_hour: String,
    day: &'static str,
    most: Value,
    says: Vec<Value>,
    period: Value,
    /// The first letters of the weekdays.
    days: Vec<&'static str>,
    rows: Vec<HalfHour>,
}

#[derive(Serialize)]
struct HalfHour {
    clock: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    weekday: u64,
    handlers: Value,
    /// Where Erlang A needs fewer.
    fewer: Option<Value>,
    shade: u64,
}

/// `None` for a build without the table.
pub(super) fn handlers(input: &PageInput<'_>) -> Option<Handlers> {
    let lines = input.facts.staffing.as_slice();
    let first = lines.first()?;
    let reason = || first.reason.clone().unwrap_or_else(|| "there is no estimate".to_owned());
    Some(week(lines).map_or_else(|| Handlers::Reason(reason()), |week| Handlers::Week(Box::new(week))))
}

fn week(lines: &[StaffingLine]) -> Option<Week> {
    let known = lines.iter().filter_map(|line| Some((line, line.handlers_erlang_c?)));
    let (busiest, most) = known.reduce(|best, one| if one.1 > best.1 { one } else { best })?;
    let weekday = busiest.weekday?;
    Some(Week {
        weekday,
        half_hour: busiest.half_hour.clone()?,
        day: WEEKDAYS.get(usize::try_from(weekday).ok()?.checked_sub(1)?)?,
        most: count("handlers_erlang_c", most).value(),
        says: vec![models(busiest)?.value(), assumed(busiest)?.value(), rostered(busiest).value()],
        period: Marked::new().text("12 months to ").day("period_end", busiest.period_end?).value(),
        days: WEEKDAYS.iter().map(|day| &day[..3]).collect(),
        rows: rows(lines, most),
    })
}

fn count(column: &'static str, n: u64) -> Marked {
    Marked::new().count(column, n, &ChartUnit::Count.format(n as f64))
}

/// A row for each half hour of the day, a cell for each weekday.
fn rows(lines: &[StaffingLine], most: u64) -> Vec<HalfHour> {
    let mut rows: Vec<HalfHour> = Vec::new();
    for line in lines {
        let (Some(weekday), Some(clock), Some(by_c)) = (line.weekday, &line.half_hour, line.handlers_erlang_c) else {
            continue;
        };
        let cell = Cell {
            weekday,
            handlers: count("handlers_erlang_c", by_c).value(),
            fewer: line.handlers_erlang_a.filter(|by_a| *by_a < by_c).map(|n| count("handlers_erlang_a", n).value()),
            shade: (SHADES * by_c).div_ceil(most.max(1)),
        };
        match rows.iter_mut().find(|row| row.clock == *clock) {
            Some(row) => row.cells.push(cell),
            None => rows.push(HalfHour { clock: clock.clone(), cells: vec![cell] }),
        }
    }
    rows
}

fn models(line: &StaffingLine) -> Option<Marked> {
    let (share, seconds) = (line.target_share?, line.target_seconds?);
    let said = Marked::new().text("To answer ").number("target_share", share, &ChartUnit::Percent.format(share));
    let said = said.text(" of 999 calls in less than ");
    let said = said.number("target_seconds", seconds, &ChartUnit::Seconds.format_in_words(seconds));
    let said = said.text(" this half hour needs ").then(&count("handlers_erlang_c", line.handlers_erlang_c?));
    let said =
        said.text(" at their desks and answering 999 calls alone, by Erlang C, which takes it that nobody gives up; ");
    Some(match line.handlers_erlang_a {
        Some(n) => said.then(&count("handlers_erlang_a", n)).text(" by Erlang A, which takes it that callers give up."),
        None => said.text("by Erlang A there is no estimate, as patience is not known."),
    })
}

fn assumed(line: &StaffingLine) -> Option<Marked> {
    let seconds = |column: &'static str, value: f64| {
        Marked::new().number(column, value, &ChartUnit::Seconds.format_in_words(value))
    };
    let said =
        Marked::new().text("A call is taken to need ").then(&seconds("handling_seconds", line.handling_seconds?));
    let said = said.text(match line.handling_basis.as_deref() {
        Some("stated") => " of handling, as the pipeline states",
        Some("measured_and_stated") => {
            " of handling: measured from answer to end, with the work after it that the pipeline states"
        }
        _ => " of handling: measured from answer to end, without the work after it, which asks for too few",
    });
    Some(match line.patience_seconds {
        Some(patience) => {
            let basis = line.patience_basis.as_deref();
            let from = if basis == Some("stated") {
                " on average, as the pipeline states."
            } else {
                " on average, as measured."
            };
            said.text(". Callers are taken to give up after ").then(&seconds("patience_seconds", patience)).text(from)
        }
        None => said.text("."),
    })
}

fn rostered(line: &StaffingLine) -> Marked {
    match line.shrinkage.zip(line.rostered_erlang_c) {
        Some((share, n)) => Marked::new()
            .text("With the shrinkage of ")
            .number("shrinkage", share, &ChartUnit::Percent.format(share))
            .text(" that the pipeline states, ")
            .then(&count("rostered_erlang_c", n))
            .text(" on the roster by Erlang C."),
        None => Marked::new().text("The pipeline states no shrinkage: nobody is added for leave, training and breaks."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(weekday: u64, half_hour: &str, by_c: u64, by_a: Option<u64>) -> StaffingLine {
        StaffingLine {
            weekday: Some(weekday),
            half_hour: Some(half_hour.to_owned()),
            period_end: chrono::NaiveDate::from_ymd_opt(2026, 9, 30),
            handling_seconds: Some(480.0),
            handling_basis: Some("measured".to_owned()),
            patience_seconds: by_a.map(|_| 45.0),
            patience_basis: by_a.map(|_| "measured".to_owned()),
            target_share: Some(0.9),
            target_seconds: Some(10.0),
            handlers_erlang_c: Some(by_c),
            handlers_erlang_a: by_a,
            ..StaffingLine::default()
        }
    }

    #[test]
    fn the_week_has_a_row_for_each_half_hour_and_names_the_first_that_needs_most() {
        let week = week(&[
            line(1, "00:00", 1, Some(1)),
            line(1, "00:30", 6, Some(5)),
            line(2, "00:00", 6, Some(6)),
            line(2, "00:30", 3, Some(2)),
        ])
        .unwrap();
        assert_eq!((week.weekday, week.half_hour.as_str(), week.day), (1, "00:30", "Monday"));
        let shown = |row: &HalfHour| {
            let cell = |c: &Cell| (c.weekday, c.handlers.to_string(), c.fewer.is_some(), c.shade);
            (row.clock.clone(), row.cells.iter().map(cell).collect::<Vec<_>>())
        };
        let number = |n: u64| format!("<data data-c=\"handlers_erlang_c\" value=\"{n}\">{n}</data>");
        assert_eq!(
            week.rows.iter().map(shown).collect::<Vec<_>>(),
            [
                ("00:00".to_owned(), vec![(1, number(1), false, 1), (2, number(6), false, 4)]),
                ("00:30".to_owned(), vec![(1, number(6), true, 4), (2, number(3), true, 2)]),
            ]
        );
    }

    #[test]
    fn what_is_assumed_is_said_with_where_it_is_from() {
        let measured = line(1, "00:30", 6, Some(5));
        let stated = StaffingLine {
            handling_basis: Some("stated".to_owned()),
            patience_basis: Some("stated".to_owned()),
            shrinkage: Some(0.3),
            rostered_erlang_c: Some(9),
            ..measured.clone()
        };
        let said = |line: &StaffingLine| {
            [models(line).unwrap(), assumed(line).unwrap(), rostered(line)].map(|said| said.plain()).join(" ")
        };
        assert_eq!(
            said(&measured),
            "To answer 90.0% of 999 calls in less than 10.0 seconds this half hour needs 6 at their desks and answering 999 \
             calls alone, by Erlang C, which takes it that nobody gives up; 5 by Erlang A, which takes it that callers give up. \
             A call is taken to need 480 seconds of handling: measured from answer to end, without the work after it, which asks \
             for too few. Callers are taken to give up after 45.0 seconds on average, as measured. The pipeline states no shrinkage: nobody is \
             added for leave, training and breaks."
        );
        assert!(
            said(&stated)
                .contains("480 seconds of handling, as the pipeline states. Callers are taken to give up after")
        );
        assert!(
            said(&stated)
                .ends_with("With the shrinkage of 30.0% that the pipeline states, 9 on the roster by Erlang C.")
        );
        let without = said(&line(1, "00:30", 6, None));
        assert!(without.contains("by Erlang A there is no estimate, as patience is not known."), "{without}");
    }
}
