//! One extract, grouped once per level and scope for all its metrics.

use std::collections::BTreeSet;

use polars::prelude::{
    Categories, DataFrame, DataType, Expr, IntoLazy, LazyFrame, PolarsResult, SortMultipleOptions, UnionArgs, col, concat, lit,
};

use super::compile::month_serial;
use super::parts::{Columns, Part, Parts};
use super::{Coverage, MeasureInput, solved_sets};
use crate::definitions::{Definitions, Extract, Metric};
use crate::domain::{ENGLAND_AND_WALES, Level, Scope, ScopeKind, SolvedSet};

/// The key of a tally, before its month.
pub(super) const UNIT_KEY: [&str; 4] = ["force", "level", "unit", "scope"];

/// The sums of an extract by unit, scope and month, and what else its metrics are made from.
pub struct Grouped<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) coverage: Coverage,
    pub(super) metrics: Vec<GroupedMetric<'a>>,
    /// For each month column: level, unit, scope, month and its parts.
    pub(super) sums: Vec<(String, DataFrame)>,
    pub(super) parts: Parts,
    /// Rows with their units and scopes, for what cannot be summed.
    pub(super) rows: LazyFrame,
    pub(super) slices: Vec<Slice>,
}

/// A metric in one solved set.
pub(super) struct GroupedMetric<'a> {
    pub metric: &'a Metric,
    pub set: Option<SolvedSet>,
    pub columns: Columns,
}

/// One level cut in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub level: Level,
    pub kind: ScopeKind,
}

impl Slice {
    /// Rows of this slice, with columns `force`, `level`, `unit` and `scope`.
    pub fn of(self, rows: &LazyFrame) -> LazyFrame {
        let text = |name: &str| lit(name.to_owned());
        let (force, unit) = match self.level {
            Level::National => (text(ENGLAND_AND_WALES), text(ENGLAND_AND_WALES)),
            Level::Force => (col("force"), col("force")),
            _ => (col("force"), col(self.level.name())),
        };
        let prefixed = |name: &str| text(Scope::SUBGROUP_PREFIX) + col(name).cast(DataType::String);
        let (keeps, scope): (Option<Expr>, Expr) = match self.kind {
            ScopeKind::All => (None, text(Scope::all().as_str())),
            ScopeKind::DomesticAbuse => (Some(col("domestic_abuse")), text(Scope::domestic_abuse().as_str())),
            ScopeKind::HateCrime => (Some(col("hate_crime")), text(Scope::hate_crime().as_str())),
            ScopeKind::OffenceGroup => (Some(col("offence_group").is_not_null()), col("offence_group")),
            ScopeKind::OffenceSubgroup => (Some(col("offence_subgroup").is_not_null()), prefixed("offence_subgroup")),
        };
        let rows = match keeps {
            Some(keeps) => rows.clone().filter(keeps),
            None => rows.clone(),
        };
        rows.with_columns([
            force.alias("in_force"),
            text(self.level.name()).alias("level"),
            unit.alias("unit"),
            scope.alias("scope"),
        ])
        .with_column(col("in_force").alias("force"))
    }

    /// The columns that the slice's key is made of, cheaper to group by than their texts.
    fn key(self) -> Vec<Expr> {
        let mut key = Vec::new();
        if self.level != Level::National {
            key.push(col("force"));
        }
        if !matches!(self.level, Level::National | Level::Force) {
            key.push(col(self.level.name()));
        }
        match self.kind {
            ScopeKind::OffenceGroup => key.push(col("offence_group")),
            ScopeKind::OffenceSubgroup => key.push(col("offence_subgroup")),
            ScopeKind::All | ScopeKind::DomesticAbuse | ScopeKind::HateCrime => {}
        }
        key
    }

    fn filtered(self, rows: &LazyFrame) -> LazyFrame {
        match self.kind {
            ScopeKind::DomesticAbuse => rows.clone().filter(col("domestic_abuse")),
            ScopeKind::HateCrime => rows.clone().filter(col("hate_crime")),
            ScopeKind::OffenceGroup => rows.clone().filter(col("offence_group").is_not_null()),
            ScopeKind::OffenceSubgroup => rows.clone().filter(col("offence_subgroup").is_not_null()),
            ScopeKind::All => rows.clone(),
        }
    }
}

/// The slices that an extract's levels ask for.
fn slices(extract: &Extract, national: bool) -> Vec<Slice> {
    let mut slices: Vec<Slice> = Vec::new();
    for level in &extract.levels {
        slices.extend(level.scopes.iter().map(|kind| Slice { level: level.level, kind: *kind }));
        if national && level.level == Level::Force {
            slices.extend(level.scopes.iter().map(|kind| Slice { level: Level::National, kind: *kind }));
        }
    }
    slices
}

/// Columns that hold few texts many times over: grouped by number instead.
const REPEATED_TEXTS: [&str; 11] = [
    "force", "area", "department", "team", "supervisor", "officer", "offence_group", "offence_subgroup", "grade", "setting", "line",
];

impl<'a> Grouped<'a> {
    pub(super) fn new(definitions: &'a Definitions, input: &MeasureInput<'a>, metrics: &[&'a Metric]) -> PolarsResult<Self> {
        let own_set = definitions.pipeline.solved_set;
        let mut parts = Parts::default();
        let mut grouped = Vec::new();
        for metric in metrics {
            for set in solved_sets(definitions, metric) {
                grouped.push(GroupedMetric { metric, set, columns: parts.add(metric, set, own_set) });
            }
        }
        let slices = slices(input.extract, input.national);
        let rows = with_categories(&input.rows)?;
        let months: BTreeSet<&str> = parts.0.iter().map(|p| p.month_of.as_str()).collect();
        let sums = months
            .into_iter()
            .map(|month_of| Ok((month_of.to_owned(), sums(definitions, &rows, &slices, &parts, month_of)?)))
            .collect::<PolarsResult<Vec<_>>>()?;
        Ok(Self {
            definitions,
            coverage: input.coverage,
            metrics: grouped,
            sums,
            parts,
            rows,
            slices,
        })
    }
}

fn with_categories(rows: &LazyFrame) -> PolarsResult<LazyFrame> {
    let schema = rows.clone().collect_schema()?;
    let categories = DataType::from_categories(Categories::global());
    let repeated = REPEATED_TEXTS.iter().filter(|name| schema.contains(name));
    Ok(rows.clone().with_columns(repeated.map(|name| col(*name).cast(categories.clone())).collect::<Vec<_>>()))
}

/// All parts of one month column, at every level and scope.
fn sums(
    definitions: &Definitions,
    rows: &LazyFrame,
    slices: &[Slice],
    parts: &Parts,
    month_of: &str,
) -> PolarsResult<DataFrame> {
    let mine: Vec<(usize, &Part)> = parts.0.iter().enumerate().filter(|(_, p)| p.month_of == month_of).collect();
    let name = |at: usize| format!("p{at}");
    let mut wanted = vec![month_serial(month_of).alias("month")];
    wanted.extend(mine.iter().map(|(at, part)| part.expression(&definitions.references).alias(name(*at))));
    let kept = ["force", "area", "department", "team", "supervisor", "officer", "offence_group", "offence_subgroup",
        "domestic_abuse", "hate_crime"];
    let schema = rows.clone().collect_schema()?;
    wanted.extend(kept.iter().filter(|k| schema.contains(k)).map(|k| col(*k)));
    let rows = rows.clone().filter(col(month_of).is_not_null()).select(wanted).collect()?.lazy();
    let frames = slices.iter().map(|slice| {
        let asked = |part: &Part| !part.force_only || matches!(slice.level, Level::Force | Level::National);
        let added = mine.iter().map(|(at, part)| {
            let column = if asked(part) { col(name(*at).as_str()) } else { lit(0u32).alias(name(*at)) };
            column.sum().cast(DataType::Int64).alias(name(*at))
        });
        let mut key = slice.key();
        key.push(col("month"));
        let grouped = slice.filtered(&rows).group_by(key).agg(added.collect::<Vec<_>>());
        let mut columns: Vec<Expr> = UNIT_KEY.iter().map(|k| col(*k).cast(DataType::String)).collect();
        columns.push(col("month"));
        columns.extend(mine.iter().map(|(at, _)| col(name(*at).as_str())));
        slice.labelled(grouped).select(columns)
    });
    let frames = frames.collect::<Vec<_>>();
    let all = concat(frames, UnionArgs::default())?;
    all.sort([UNIT_KEY.as_slice(), &["month"]].concat(), SortMultipleOptions::default()).collect()
}

impl Slice {
    /// Names the groups of [`Slice::key`] by force, level, unit and scope.
    fn labelled(self, grouped: LazyFrame) -> LazyFrame {
        let all = Self { kind: ScopeKind::All, ..self };
        match self.kind {
            ScopeKind::OffenceGroup | ScopeKind::OffenceSubgroup => self.of(&grouped),
            ScopeKind::All => all.of(&grouped),
            ScopeKind::DomesticAbuse => {
                all.of(&grouped).with_column(lit(Scope::domestic_abuse().as_str().to_owned()).alias("scope"))
            }
            ScopeKind::HateCrime => all.of(&grouped).with_column(lit(Scope::hate_crime().as_str().to_owned()).alias("scope")),
        }
    }
}
