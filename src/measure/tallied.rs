//! One extract, read block by block and added up for all its metrics and levels.

use polars::prelude::{Expr, IdxSize, LazyFrame, PolarsResult};
use rayon::prelude::*;

use super::blocks::Plan;
use super::cells::{LevelCells, ScopeNames, SortedCells};
use super::names::Names;
use super::parts::{Columns, MonthOf, Parts};
use super::samples::SampleOf;
use super::{Coverage, solved_sets};
use crate::definitions::{Definitions, Extract, Metric};
use crate::domain::{Level, SolvedSet};

/// Rows that are looked at together.
pub(super) const BLOCK_ROWS: u64 = 262_144;

/// One extract, ready to be measured.
pub struct MeasureInput<'a> {
    pub extract: &'a Extract,
    /// Conformed rows, and how many there are.
    pub rows: LazyFrame,
    pub height: u64,
    /// Which of them are measured: those in the window, of the forces at hand.
    pub keep: Expr,
    pub coverage: Coverage,
    /// Whether all 43 territorial forces are there, so that the nation can be measured too.
    pub national: bool,
}

/// The sums of an extract at every level, and the metrics that are made from them.
pub struct Tallied<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) coverage: Coverage,
    pub(super) metrics: Vec<TalliedMetric<'a>>,
    pub(super) parts: Parts,
    pub(super) names: Names,
    pub(super) levels: Vec<SortedCells>,
}

/// A metric in one solved set.
pub(super) struct TalliedMetric<'a> {
    pub metric: &'a Metric,
    pub set: Option<SolvedSet>,
    pub columns: Columns,
    /// Position among the samples, for a quantile.
    pub sample: Option<usize>,
    /// Shown at force level alone: a solved set that is not the pipeline's own.
    pub force_only: bool,
}

impl<'a> Tallied<'a> {
    /// Reads the extract once.
    pub fn new(definitions: &'a Definitions, input: &MeasureInput<'a>, metrics: &[&'a Metric]) -> PolarsResult<Self> {
        let own_set = definitions.pipeline.solved_set;
        let (mut parts, mut samples, mut tallied) = (Parts::default(), Vec::new(), Vec::new());
        for metric in metrics {
            for set in solved_sets(definitions, metric) {
                let in_set = set.unwrap_or(own_set);
                let columns = parts.add(metric, in_set);
                let sample = SampleOf::new(metric, in_set).map(|s| {
                    samples.push(s);
                    samples.len() - 1
                });
                tallied.push(TalliedMetric { metric, set, columns, sample, force_only: in_set != own_set });
            }
        }
        let mut names = Names::default();
        let levels = add_up(definitions, input, &tallied, &parts, &samples, &mut names)?;
        let levels = levels.into_par_iter().map(|level| level.sorted(&names)).collect();
        Ok(Self { definitions, coverage: input.coverage, metrics: tallied, parts, names, levels })
    }

    /// The metrics, each in each of its solved sets; the pipeline's own set first.
    pub fn metrics(&self) -> impl Iterator<Item = (&'a Metric, Option<SolvedSet>)> {
        self.metrics.iter().map(|m| (m.metric, m.set))
    }

    /// Every name that a series can have, by its number.
    pub fn names(&self) -> &Names {
        &self.names
    }

    pub fn coverage(&self) -> Coverage {
        self.coverage
    }
}

fn add_up(
    definitions: &Definitions,
    input: &MeasureInput<'_>,
    metrics: &[TalliedMetric<'_>],
    parts: &Parts,
    samples: &[SampleOf],
    names: &mut Names,
) -> PolarsResult<Vec<LevelCells>> {
    let mut months: Vec<MonthOf> = parts.0.iter().map(|p| p.month_of.clone()).collect();
    months.extend(samples.iter().map(|s| s.month_of.clone()));
    months.sort();
    months.dedup();
    let month = |of: &MonthOf| months.iter().position(|m| m == of).unwrap_or_default();
    let part_months: Vec<usize> = parts.0.iter().map(|p| month(&p.month_of)).collect();
    let sample_months: Vec<usize> = samples.iter().map(|s| month(&s.month_of)).collect();
    let schema = input.rows.clone().collect_schema()?;
    let columns = schema.iter_names().map(|n| n.to_string()).collect();
    let plan = Plan {
        parts,
        months: &months,
        samples,
        references: &definitions.references,
        coverage: input.coverage,
        columns,
    };
    let scopes = ScopeNames::new(names);
    let mut levels = levels(input, metrics, parts, samples.len());
    let blocks: Vec<u64> = (0..input.height).step_by(BLOCK_ROWS as usize).collect();
    let read = |from: &u64| {
        let block = input.rows.clone().slice(*from as i64, BLOCK_ROWS as IdxSize);
        plan.read(block.filter(input.keep.clone()))
    };
    let mut next = blocks.first().map(read).transpose()?;
    for (i, _) in blocks.iter().enumerate() {
        let Some(frame) = next.take() else { break };
        let block = plan.reduce(&frame, names)?;
        drop(frame);
        let (read_ahead, ()) = rayon::join(
            || blocks.get(i + 1).map(read).transpose(),
            || levels.par_iter_mut().for_each(|level| level.add(&block, scopes, &part_months, &sample_months)),
        );
        next = read_ahead?;
    }
    Ok(levels)
}

/// The levels that the extract is cut by, each with the parts that any of its metrics needs there.
fn levels(input: &MeasureInput<'_>, metrics: &[TalliedMetric<'_>], parts: &Parts, samples: usize) -> Vec<LevelCells> {
    let mut levels: Vec<(Level, &[crate::domain::ScopeKind])> = Vec::new();
    for level in &input.extract.levels {
        levels.push((level.level, &level.scopes));
        if input.national && level.level == Level::Force {
            levels.push((Level::National, &level.scopes));
        }
    }
    let wanted = |level: Level, part: usize| {
        metrics.iter().filter(|m| m.stands_at(level)).any(|m| {
            let c = &m.columns;
            let mut all = c.numerator.iter().chain(&c.denominator).chain(&c.extra).chain(&c.movements);
            all.any(|column| *column == part)
        })
    };
    levels
        .into_iter()
        .map(|(level, kinds)| LevelCells::new(level, kinds, parts, |p| wanted(level, p), samples))
        .collect()
}

impl TalliedMetric<'_> {
    /// Whether the metric is shown at a level.
    pub fn stands_at(&self, level: Level) -> bool {
        let at = if level == Level::National { Level::Force } else { level };
        let named = self.metric.levels.as_ref().is_none_or(|levels| levels.contains(&at));
        named && (!self.force_only || at == Level::Force)
    }
}
