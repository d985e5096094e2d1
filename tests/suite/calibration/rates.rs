//! Counting what the rules say, and the table of rates.

use super::charts::Charted;
use super::processes::Process;
use scorecard::statistics::xmr::Rule;
use std::fmt::Write;
use std::ops::AddAssign;

/// Of the latest month, then of any month: the four rules and any of them. Last, Anhøj's.
const RATES: usize = 11;
const COLUMNS: [&str; RATES] = [
    "outside",
    "trend",
    "two of three",
    "shift",
    "any rule",
    "outside",
    "trend",
    "two of three",
    "shift",
    "any rule",
    "Anhøj",
];
/// Rates are held together within so many standard errors of their difference: one in 100,000 differs by more.
const STANDARD_ERRORS: f64 = 4.5;

/// Series in which each was told; `None` where a chart has no such rule.
#[derive(Default)]
pub struct Tally([Option<u64>; RATES]);

impl Tally {
    pub fn of(charted: &Charted) -> Self {
        let mut told = [None; RATES];
        if let Some(rules) = &charted.rules {
            let kinds: &[fn(Rule) -> bool] = if charted.outside_alone { &[is_outside] } else { &KINDS };
            for (place, is_of_kind) in kinds.iter().enumerate() {
                told[place] = Some(u64::from(rules.last().is_some_and(|rule| is_of_kind(*rule))));
                told[place + KINDS.len()] = Some(u64::from(rules.iter().any(|rule| is_of_kind(*rule))));
            }
        }
        told[RATES - 1] = charted.shift.map(u64::from);
        Self(told)
    }
}

const KINDS: [fn(Rule) -> bool; 5] = [
    is_outside,
    |rule| matches!(rule, Rule::Rising | Rule::Falling),
    |rule| matches!(rule, Rule::NearUpperLimit | Rule::NearLowerLimit),
    |rule| matches!(rule, Rule::ShiftAbove | Rule::ShiftBelow),
    |rule| rule != Rule::CommonCause,
];

fn is_outside(rule: Rule) -> bool {
    matches!(rule, Rule::AboveUpperLimit | Rule::BelowLowerLimit)
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum = match (*sum, more) {
                (Some(sum), Some(more)) => Some(sum + more),
                (one, other) => one.or(other),
            };
        }
    }
}

/// A line of the table.
#[derive(Clone)]
pub struct Row {
    pub process: String,
    pub months: usize,
    pub chart: String,
    /// Shares of the series.
    pub rates: Vec<Option<f64>>,
}

impl Row {
    pub fn new(process: &str, months: usize, chart: &str, tally: &Tally, series: u64) -> Self {
        let rates = tally.0.iter().map(|told| told.map(|told| told as f64 / series as f64)).collect();
        Self { process: process.to_owned(), months, chart: chart.to_owned(), rates }
    }

    fn is_of(&self, other: &Self) -> bool {
        (&self.process, self.months, &self.chart) == (&other.process, other.months, &other.chart)
    }
}

const SERIES_WORDS: &str = " series of each process and length.";

/// The generated part of the page.
pub fn written(processes: &[Process], rows: &[Row], series: u64) -> String {
    let mut text = format!("\n{series}{SERIES_WORDS}\n\n| process | what is drawn |\n|---|---|\n");
    for process in processes {
        writeln!(text, "| {} | {} |", process.name, process.words).unwrap();
    }
    text +=
        "\nIn per cent. The first five rates are of the latest month, the next five of any month of the series.\n\n";
    writeln!(text, "| process | months | chart | {} |\n|---|---:|---|{}", COLUMNS.join(" | "), "---:|".repeat(RATES))
        .unwrap();
    for row in rows {
        let cells = row.rates.iter().map(|rate| rate.map_or(String::new(), |rate| format!("{:.2}", 100.0 * rate)));
        let cells: Vec<String> = cells.collect();
        writeln!(text, "| {} | {} | {} | {} |", row.process, row.months, row.chart, cells.join(" | ")).unwrap();
    }
    text + "\n"
}

/// The number of series and the rows of the page.
pub fn read(page: &str) -> (u64, Vec<Row>) {
    let series = page.lines().find_map(|line| line.strip_suffix(SERIES_WORDS)).unwrap().parse().unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let months = cells.get(1)?.parse().ok().filter(|_| cells.len() == 3 + RATES)?;
        let rate = |cell: &&str| (!cell.is_empty()).then(|| cell.parse::<f64>().unwrap() / 100.0);
        Some(Row {
            process: cells[0].to_owned(),
            months,
            chart: cells[2].to_owned(),
            rates: cells[3..].iter().map(rate).collect(),
        })
    };
    (series, page.lines().filter_map(row).collect())
}

/// Where rates found in some series differ from those documented by more than chance.
pub fn differences(found: &[Row], series: u64, documented: &[Row], of_series: u64) -> Vec<String> {
    let mut faults = Vec::new();
    for row in found {
        let name = format!("{}, {} months, {}", row.process, row.months, row.chart);
        let Some(other) = documented.iter().find(|other| other.is_of(row)) else {
            faults.push(format!("{name}: not on the page"));
            continue;
        };
        for ((column, found), documented) in COLUMNS.iter().zip(&row.rates).zip(&other.rates) {
            let same = match (found, documented) {
                (Some(found), Some(documented)) => agree(*found, series as f64, *documented, of_series as f64),
                (found, documented) => found.is_none() && documented.is_none(),
            };
            if !same {
                faults.push(format!("{name}: {column} {found:?}, on the page {documented:?}"));
            }
        }
    }
    let lost = documented.iter().filter(|row| !found.iter().any(|other| other.is_of(row)));
    faults.extend(lost.map(|row| format!("{}, {} months, {}: no such chart", row.process, row.months, row.chart)));
    faults
}

/// Two shares by their pooled standard error, and one series more for what is rare.
fn agree(found: f64, series: f64, documented: f64, of_series: f64) -> bool {
    let pooled = (found * series + documented * of_series) / (series + of_series);
    let error = (pooled * (1.0 - pooled) * (1.0 / series + 1.0 / of_series)).sqrt();
    (found - documented).abs() <= STANDARD_ERRORS * error + 1.0 / series
}
