//! The unit's figures beside the force, drawn towards the mean of its level, and tested.

use super::content::{BriefingUnit, Grid, GridColumn, RowOf, Section, Words};
use super::facts::LocalLine;
use super::{BriefingInput, words};
use crate::domain::capitalised;
use crate::tables::local::LOCAL_FIGURES;

const MOST_LINES: usize = 4;

pub(super) fn section(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Section {
    let mut lines = lines(input, unit);
    // What a test has found first, the surest before the rest; then in the order of the catalogue.
    lines.sort_by(|a, b| strongest(a).total_cmp(&strongest(b)));
    let shown = lines.len().min(MOST_LINES);
    let mut explained = Words::of(
        "The estimate draws the unit's figure towards the mean of its level, as far as chance could have made it; reliability 1 is \
         none of it chance. Differences are adjusted for all tests of the unit. Figures by month of recording have none beside a \
         year before, whose crimes have had longer.",
    );
    if shown < lines.len() {
        explained = explained.text(" Shown are ").shown(shown).text(" figures, those that differ first; all stand in ");
        explained = explained.text("tables/local_figures.parquet.");
    }
    let mut notes = vec![explained];
    if let BriefingUnit::Department(_) | BriefingUnit::Team(_) = unit {
        let level = unit.level();
        notes.push(Words::of(&format!(
            "{}s do different work: a difference from the rest of the force is no judgement of the {level}.",
            capitalised(level)
        )));
    }
    let columns = [
        GridColumn::text("Figure"),
        GridColumn::number("Own"),
        GridColumn::number("Counts"),
        GridColumn::number("Estimate"),
        GridColumn::number("Reliability"),
        GridColumn::text("Beside the rest of the force"),
        GridColumn::text("Beside a year before"),
    ];
    let mut section =
        Section { id: "local", title: "Local figures".to_owned(), said: Vec::new(), grids: Vec::new(), notes };
    if lines.is_empty() {
        section.said.push(Words::of("There is no final figure of this unit."));
        section.notes.clear();
    } else {
        section.grids.push(Grid {
            caption: "Own figures beside the force".to_owned(),
            columns: columns.into(),
            rows: lines.iter().take(shown).map(|line| row(input, line)).collect(),
        });
    }
    section
}

/// The unit's lines with a value, in the order of the catalogue.
pub(super) fn lines<'a>(input: &BriefingInput<'a>, unit: &BriefingUnit) -> Vec<&'a LocalLine> {
    let is_units = |line: &&LocalLine| line.level == unit.level() && line.unit == unit.name() && line.value.is_some();
    input.facts.local.iter().filter(is_units).collect()
}

/// The smaller q-value of the flagged tests of a line; 1 where none is flagged.
fn strongest(line: &LocalLine) -> f64 {
    let tests = line.rest.iter().chain(&line.last_year).filter(|test| test.flagged == Some(true));
    tests.filter_map(|test| test.q_value).fold(1.0, f64::min)
}

pub(super) fn row_of(line: &LocalLine) -> RowOf {
    let key = vec![("metric", line.metric.clone()), ("level", line.level.clone()), ("unit", line.unit.clone())];
    RowOf { table: LOCAL_FIGURES.name, key }
}

fn row(input: &BriefingInput<'_>, line: &LocalLine) -> Vec<Words> {
    let row = row_of(line);
    let (title, unit) = words::metric(input.definitions, &line.metric);
    let number = |column, value: Option<f64>| match value {
        Some(value) => Words::default().number(&row, column, value, &unit.format(value)),
        None => Words::of("–"),
    };
    let plain = |words: Words, column, value: f64| words.number(&row, column, value, &grouped(value));
    let counts = line.numerator.zip(line.denominator).map_or_else(Words::default, |(numerator, denominator)| {
        plain(plain(Words::default(), "numerator", numerator).text("\u{a0}of\u{a0}"), "denominator", denominator)
    });
    let reliability = match line.reliability {
        Some(reliability) => Words::default().number(&row, "reliability", reliability, &format!("{reliability:.2}")),
        None => Words::of(line.reason.as_deref().unwrap_or("–")),
    };
    let beside = |test: Option<&super::facts::LineTest>, column| match test {
        Some(test) => {
            let said = Words::of(&words::verdict(test.flagged, &test.verdict)).text(" (");
            said.number(&row, column, test.comparator_value, &unit.format(test.comparator_value)).text(")")
        }
        None => Words::of("–"),
    };
    let period = words::period(&row, &line.period_type, line.period_start, line.period_end);
    vec![
        Words::of(title).text(", ").then(period),
        number("value", line.value),
        counts,
        number("estimate", line.estimate),
        reliability,
        beside(line.rest.as_ref(), "comparator_value"),
        beside(line.last_year.as_ref(), "last_year_value"),
    ]
}

/// A count; what is no whole number keeps one digit.
fn grouped(value: f64) -> String {
    crate::publish::charts::ChartUnit::Count.format(value)
}
