//! A block of conformed rows, reduced to what is added up.

use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, PolarsResult, StringChunked, col, lit, when};

use super::Coverage;
use super::names::{NameId, Names};
use super::parts::{MonthOf, Parts};
use super::samples::SampleOf;
use crate::definitions::References;
use crate::domain::Scope;

/// Text columns that units and scopes are read from.
pub(super) const UNIT_COLUMNS: [&str; 6] = ["force", "area", "department", "team", "supervisor", "officer"];
const CLASS_COLUMNS: [&str; 2] = ["offence_group", "offence_subgroup"];
const FLAG_COLUMNS: [&str; 2] = ["domestic_abuse", "hate_crime"];
/// No month, no class.
pub(super) const NONE: u32 = u32::MAX;

/// One block: for each row its units, scopes, months, and which parts it counts for.
pub(super) struct Block {
    pub rows: usize,
    /// Name of the unit in each of [`UNIT_COLUMNS`]; empty where the extract lacks the column.
    pub units: Vec<Vec<NameId>>,
    /// Scope names of offence group and subgroup, [`NONE`] without.
    pub classes: Vec<Vec<u32>>,
    pub flags: Vec<Vec<bool>>,
    /// Month serials by month column, [`NONE`] without.
    pub months: Vec<Vec<u32>>,
    /// Bit p of word p / 64: the row counts for part p.
    pub counts: Vec<Vec<u64>>,
    /// What the row adds to each part that is not a count of rows, by part; empty for the others.
    pub amounts: Vec<Vec<i64>>,
    /// Value and month of the rows that each quantile is taken from.
    pub samples: Vec<Vec<(u32, f64)>>,
}

/// What is read from every block.
pub(super) struct Plan<'a> {
    pub parts: &'a Parts,
    pub months: &'a [MonthOf],
    pub samples: &'a [SampleOf],
    pub references: &'a References,
    pub coverage: Coverage,
    pub columns: Vec<String>,
}

impl Plan<'_> {
    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|c| c == name)
    }

    /// The columns that a block is made from.
    fn expressions(&self) -> Vec<Expr> {
        let kept = UNIT_COLUMNS.iter().chain(&CLASS_COLUMNS).chain(&FLAG_COLUMNS).filter(|c| self.has(c));
        let mut wanted: Vec<Expr> = kept.map(|c| col(*c)).collect();
        for (i, month) in self.months.iter().enumerate() {
            wanted.push(month.expression(self.coverage).alias(format!("month_{i}")));
        }
        for (i, part) in self.parts.0.iter().enumerate() {
            wanted.push(part.counts(self.references, self.coverage).alias(format!("part_{i}")));
            if let Some(amount) = part.amount() {
                wanted.push(amount.fill_null(lit(0i64)).alias(format!("amount_{i}")));
            }
        }
        for (i, sample) in self.samples.iter().enumerate() {
            let none = lit(polars::prelude::NULL).cast(DataType::Float64);
            let value = when(sample.counts(self.references)).then(col(sample.of.as_str())).otherwise(none);
            wanted.push(value.alias(format!("sample_{i}")));
        }
        wanted
    }

    pub fn read(&self, rows: LazyFrame) -> PolarsResult<DataFrame> {
        rows.select(self.expressions()).collect()
    }

    pub fn reduce(&self, frame: &DataFrame, names: &mut Names) -> PolarsResult<Block> {
        let rows = frame.height();
        let text = |name: &str| -> PolarsResult<Option<&StringChunked>> {
            if self.has(name) { frame.column(name)?.str().map(Some) } else { Ok(None) }
        };
        let mut units = Vec::new();
        for name in UNIT_COLUMNS {
            units.push(match text(name)? {
                Some(text) => text.iter().map(|t| names.id(t.unwrap_or(crate::domain::UNALLOCATED))).collect(),
                None => Vec::new(),
            });
        }
        let mut classes = Vec::new();
        for name in CLASS_COLUMNS {
            let scope =
                |t: &str| if name == "offence_group" { Scope::offence_group(t) } else { Scope::offence_subgroup(t) };
            classes.push(match text(name)? {
                Some(text) => class_ids(text, names, scope),
                None => vec![NONE; rows],
            });
        }
        let mut flags = Vec::new();
        for name in FLAG_COLUMNS {
            flags.push(match self.has(name) {
                true => frame.column(name)?.bool()?.iter().map(|f| f == Some(true)).collect(),
                false => vec![false; rows],
            });
        }
        let mut months = Vec::new();
        for i in 0..self.months.len() {
            let serials = frame.column(&format!("month_{i}"))?.cast(&DataType::Int32)?;
            months.push(serials.i32()?.iter().map(|m| m.map_or(NONE, |m| m as u32)).collect());
        }
        let samples = (0..self.samples.len()).map(|i| sampled(frame, i)).collect::<PolarsResult<_>>()?;
        Ok(Block {
            rows,
            units,
            classes,
            flags,
            months,
            counts: self.bits(frame)?,
            amounts: self.amounts(frame)?,
            samples,
        })
    }

    fn bits(&self, frame: &DataFrame) -> PolarsResult<Vec<Vec<u64>>> {
        let mut words = vec![vec![0u64; frame.height()]; self.parts.0.len().div_ceil(64).max(1)];
        for part in 0..self.parts.0.len() {
            let counts = frame.column(&format!("part_{part}"))?;
            let bit = 1u64 << (part % 64);
            for (word, counts) in words[part / 64].iter_mut().zip(counts.bool()?.iter()) {
                *word |= if counts == Some(true) { bit } else { 0 };
            }
        }
        Ok(words)
    }

    fn amounts(&self, frame: &DataFrame) -> PolarsResult<Vec<Vec<i64>>> {
        let one = |(i, part): (usize, &super::parts::Part)| match part.amount() {
            None => Ok(Vec::new()),
            Some(_) => Ok(frame.column(&format!("amount_{i}"))?.i64()?.iter().map(|a| a.unwrap_or(0)).collect()),
        };
        self.parts.0.iter().enumerate().map(one).collect()
    }
}

/// Scope names are made once for each class, not for each row.
fn class_ids(text: &StringChunked, names: &mut Names, scope: impl Fn(&str) -> Scope) -> Vec<u32> {
    let mut known: Vec<(String, u32)> = Vec::new();
    text.iter()
        .map(|t| {
            let Some(t) = t else { return NONE };
            if let Some((_, id)) = known.iter().find(|(k, _)| k == t) {
                return *id;
            }
            let id = names.id(scope(t).as_str());
            known.push((t.to_owned(), id));
            id
        })
        .collect()
}

fn sampled(frame: &DataFrame, i: usize) -> PolarsResult<Vec<(u32, f64)>> {
    let values = frame.column(&format!("sample_{i}"))?;
    Ok(values.f64()?.iter().enumerate().filter_map(|(row, value)| Some((row as u32, value?))).collect())
}
