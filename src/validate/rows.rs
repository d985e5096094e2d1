//! A block of raw rows, rule by rule.

use std::collections::{BTreeMap, HashSet};

use polars::prelude::{IdxSize, StringChunked};

use super::cells::{self, trimmed};
use super::data_date::DataDate;
use super::duplicates::Held;
use crate::definitions::{Column, ColumnKind, Extract};
use crate::tables::accepted::{Cell, Cells, Finding, Findings, INVALID_CODE, Quarantined, Rows, Rule, TimeCell};
use crate::tables::key;
use crate::tables::raw::{Place, RawBatch};

/// Longest part of a wrong value that the quarantine repeats.
const FOUND_KEPT: usize = 80;

/// Everything that decides a row's fate.
pub struct Validator<'a> {
    pub extract: &'a Extract,
    pub own_force: &'a str,
    pub data_date: DataDate,
    pub repeated_keys: &'a HashSet<u64>,
}

/// What became of one block's rows.
pub struct Validated {
    pub rows: Rows,
    /// Rows whose key seems to stand more than once: settled when all files are read.
    pub held: Held,
    pub quarantined: Vec<Quarantined>,
    pub findings: Findings,
}

/// The columns that rules look at, found once for a block.
struct View<'v> {
    key: Vec<(&'v str, Option<&'v StringChunked>)>,
    force: &'v StringChunked,
    /// The times that a row has to state, and whether each places it against the data date.
    times: Vec<RequiredTime<'v>>,
    /// Columns whose unknown codes quarantine a row: definition, rule, typed and raw cells.
    coded: Vec<(&'v Column, Rule, &'v StringChunked, Option<&'v StringChunked>)>,
}

struct RequiredTime<'v> {
    name: &'v str,
    cells: &'v [TimeCell],
    raw: Option<&'v StringChunked>,
    places_the_row: bool,
}

impl<'v> View<'v> {
    fn new(extract: &'v Extract, rows: &'v Rows, raw: &[Option<&'v StringChunked>]) -> Self {
        let raw_of = |name: &str| raw[extract.columns.iter().position(|c| c.name == name)?];
        let key = extract.key.iter().filter(|k| *k != "force").map(|k| (k.as_str(), raw_of(k))).collect();
        let required = extract.columns.iter().filter(|c| c.required && c.kind == ColumnKind::Time);
        let times = required.filter_map(|column| {
            let name = column.name.as_str();
            let places_the_row = extract.time.as_deref() == Some(name);
            Some(RequiredTime { name, cells: rows.times(name).ok()?, raw: raw_of(name), places_the_row })
        });
        let coded = extract.columns.iter().filter_map(|column| {
            let rule = Rule::of_name(column.unknown_rule.as_deref()?)?;
            Some((column, rule, rows.text(&column.name).ok()?, raw_of(&column.name)))
        });
        Self { key, force: &rows.force, times: times.collect(), coded: coded.collect() }
    }

    fn day(&self, row: usize) -> Option<i32> {
        let time = self.times.iter().find(|time| time.places_the_row)?;
        time.cells[row].at().map(|time| time.day())
    }

    fn candidate(&self, row: usize) -> u64 {
        let parts = self.key.iter().map(|(_, raw)| raw.and_then(|r| r.get(row)).map_or("", str::trim));
        key::candidate(self.force.get(row).unwrap_or_default(), parts)
    }
}

/// A rule that a row broke.
struct Fault<'a> {
    rule: Rule,
    column: &'a str,
    expected: String,
    found: String,
    hint: &'static str,
}

impl Validator<'_> {
    pub fn validate(&self, batch: &RawBatch) -> Validated {
        let raw: Vec<Option<&StringChunked>> =
            self.extract.columns.iter().map(|c| raw_column(batch, &c.name)).collect();
        let height = batch.frame.height();
        let mut columns = BTreeMap::new();
        for (column, raw) in self.extract.columns.iter().zip(&raw) {
            columns.insert(column.name.clone(), typed(column, *raw, height));
        }
        let force = self.forces(batch, height);
        let mut rows = Rows { columns, force, in_window: vec![true; height] };
        let (mut kept, mut held, mut quarantined) = (Vec::with_capacity(height), Vec::new(), Vec::new());
        let mut stays = vec![true; height];
        let view = View::new(self.extract, &rows, &raw);
        let mut in_window = vec![true; height];
        for (row, in_window) in in_window.iter_mut().enumerate() {
            if let Some(fault) = self.fault(&view, row) {
                quarantined.push(self.quarantine(batch, row, fault));
                stays[row] = false;
                continue;
            }
            *in_window = view.day(row).is_none_or(|day| day <= self.data_date.day);
            // A row after the data date is kept as it is: it neither repeats nor contradicts what is measured.
            let shared = *in_window && self.repeated_keys.contains(&view.candidate(row));
            if shared { held.push(row as IdxSize) } else { kept.push(row as IdxSize) }
        }
        rows.in_window = in_window;
        let findings = self.findings(&rows, &stays);
        let held = Held::new(self.extract, batch, &rows, &held, self.data_date.day);
        let rows = if kept.len() == height { rows } else { rows.pick(&kept) };
        Validated { rows, held, quarantined, findings }
    }

    fn forces(&self, batch: &RawBatch, height: usize) -> StringChunked {
        match raw_column(batch, "force") {
            Some(raw) => raw.iter().map(|text| Some(key::force_id(text, self.own_force))).collect(),
            None => std::iter::repeat_n(Some(self.own_force), height).collect(),
        }
    }

    fn fault<'v>(&self, view: &View<'v>, row: usize) -> Option<Fault<'v>> {
        for (name, raw) in &view.key {
            if trimmed(raw.and_then(|r| r.get(row))).is_none() {
                return Some(Fault {
                    rule: Rule::MissingKey,
                    column: name,
                    expected: "a reference".to_owned(),
                    found: String::new(),
                    hint: "Fill the reference in the source system, or leave the row out of the export.",
                });
            }
        }
        for RequiredTime { name, cells, raw, places_the_row } in &view.times {
            let found = || shortened(raw.and_then(|r| r.get(row)).unwrap_or_default());
            let newest = self.data_date.newest_allowed();
            match cells[row] {
                TimeCell::At(time) if !places_the_row || time.day() <= newest => {}
                TimeCell::At(_) => {
                    return Some(Fault {
                        rule: Rule::FutureTime,
                        column: name,
                        expected: format!("no later than {}", crate::domain::civil_date(newest)),
                        found: found(),
                        hint: "Was the year mistyped? Correct the time in the source system.",
                    });
                }
                TimeCell::Blank | TimeCell::Invalid => {
                    return Some(Fault {
                        rule: Rule::UnparsableTime,
                        column: name,
                        expected: cells::expected(&ColumnKind::Time),
                        found: found(),
                        hint: "Correct the time in the source system, or the date format of the export.",
                    });
                }
            }
        }
        let (column, rule, raw) = view
            .coded
            .iter()
            .find(|(.., codes, _)| codes.get(row).is_none())
            .map(|(c, rule, _, raw)| (*c, *rule, *raw))?;
        Some(Fault {
            rule,
            column: &column.name,
            expected: cells::expected(&column.kind),
            found: shortened(raw.and_then(|r| r.get(row)).unwrap_or_default()),
            hint: "Correct the code, or map it in the pipeline file.",
        })
    }

    fn quarantine(&self, batch: &RawBatch, row: usize, fault: Fault<'_>) -> Quarantined {
        let Place { record, byte_offset, raw } = batch.places.place(row, &batch.frame);
        let hint = super::hint(&raw, fault.hint);
        Quarantined {
            extract: self.extract.id.clone(),
            file: batch.file.clone(),
            record,
            byte_offset,
            raw,
            rule: fault.rule,
            column: fault.column.to_owned(),
            expected: fault.expected,
            found: fault.found,
            hint,
        }
    }

    /// Values set aside in the rows that stay.
    fn findings(&self, rows: &Rows, stays: &[bool]) -> Findings {
        let mut findings = Findings::default();
        let count =
            |wrong: &dyn Fn(usize) -> bool| (0..stays.len()).filter(|row| stays[*row] && wrong(*row)).count() as u64;
        for column in &self.extract.columns {
            let Some(cells) = rows.columns.get(&column.name) else { continue };
            let (finding, wrong) = match cells {
                Cells::Times(times) => (Finding::InvalidTime, count(&|row| times[row] == TimeCell::Invalid)),
                Cells::Flags(flags) => (Finding::InvalidFlag, count(&|row| flags[row] == Cell::Invalid)),
                Cells::Numbers(numbers) => (Finding::InvalidNumber, count(&|row| numbers[row] == Cell::Invalid)),
                Cells::Text(codes) if matches!(column.kind, ColumnKind::Code(_)) => {
                    (Finding::InvalidCode, count(&|row| codes.get(row) == Some(INVALID_CODE)))
                }
                Cells::Text(_) => continue,
            };
            findings.add(finding, &self.extract.id, &column.name, wrong);
            if let Cells::Times(times) = cells {
                let never = count(&|row| cells::never_shown(times[row]));
                findings.add(Finding::TimeNeverShown, &self.extract.id, &column.name, never);
            }
        }
        findings
    }
}

fn typed(column: &Column, raw: Option<&StringChunked>, height: usize) -> Cells {
    let Some(raw) = raw else { return blank(&column.kind, height) };
    match &column.kind {
        ColumnKind::Text => Cells::Text(trim_all(raw)),
        ColumnKind::OutcomeType => Cells::Text(raw.iter().map(cells::outcome_type).collect()),
        ColumnKind::Code(codes) => {
            let kept = column.unknown_rule.is_none().then(|| INVALID_CODE.to_owned());
            let read = |text| match cells::code(text, codes) {
                Cell::Invalid => kept.clone(),
                cell => cell.at(),
            };
            Cells::Text(raw.iter().map(read).collect())
        }
        ColumnKind::Time => Cells::Times(raw.iter().map(cells::time).collect()),
        ColumnKind::Flag { also_yes } => Cells::Flags(raw.iter().map(|text| cells::flag(text, also_yes)).collect()),
        ColumnKind::Number => Cells::Numbers(raw.iter().map(cells::number).collect()),
        ColumnKind::Score { no_answer, labels } => {
            Cells::Numbers(raw.iter().map(|text| cells::score(text, no_answer, labels)).collect())
        }
    }
}

fn raw_column<'b>(batch: &'b RawBatch, name: &str) -> Option<&'b StringChunked> {
    batch.frame.column(name).ok()?.str().ok()
}

fn trim_all(raw: &StringChunked) -> StringChunked {
    let clean = raw.iter().all(|t| t.is_none_or(|t| !t.is_empty() && t.trim().len() == t.len()));
    if clean { raw.clone() } else { raw.iter().map(trimmed).collect() }
}

fn blank(kind: &ColumnKind, height: usize) -> Cells {
    match kind {
        ColumnKind::Text | ColumnKind::Code(_) | ColumnKind::OutcomeType => {
            Cells::Text(std::iter::repeat_n(None::<&str>, height).collect())
        }
        ColumnKind::Time => Cells::Times(vec![TimeCell::Blank; height]),
        ColumnKind::Flag { .. } => Cells::Flags(vec![Cell::Blank; height]),
        ColumnKind::Number | ColumnKind::Score { .. } => Cells::Numbers(vec![Cell::Blank; height]),
    }
}

fn shortened(text: &str) -> String {
    text.trim().chars().take(FOUND_KEPT).collect()
}
