//! Values that quantiles are taken from.

use polars::prelude::{Expr, col};

use super::compile::all_hold;
use super::parts::MonthOf;
use crate::definitions::{Condition, Measure, Metric, References};
use crate::domain::SolvedSet;

/// Which rows' values a quantile metric looks at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SampleOf {
    pub of: String,
    pub month_of: MonthOf,
    conditions: Vec<Condition>,
    set: SolvedSet,
}

impl SampleOf {
    pub fn new(metric: &Metric, set: SolvedSet) -> Option<Self> {
        let Measure::Quantile { of, rows, .. } = &metric.measure else { return None };
        Some(Self {
            of: of.clone(),
            month_of: MonthOf::Field(rows.month_of.clone()),
            conditions: rows.conditions.clone(),
            set,
        })
    }

    pub fn counts(&self, references: &References) -> Expr {
        all_hold(&self.conditions, references, self.set).and(col(self.of.as_str()).is_not_null())
    }
}
