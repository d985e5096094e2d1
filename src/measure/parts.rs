//! The sums that metrics are made of: each is taken once, however many metrics share it.

use polars::prelude::{DataType, Expr, col, lit, when};

use super::compile::all_hold;
use crate::definitions::{Condition, Measure, Metric, References, Rows};
use crate::domain::SolvedSet;

/// Units of a weight in which weights are added.
pub(super) const WEIGHT_SCALE: f64 = 1e9;
/// Units of a second in which times are added.
pub(super) const MEAN_SCALE: f64 = 1e6;
/// Units of a second whose squares are added, for the spread.
pub(super) const SQUARE_SCALE: f64 = 1e2;

/// What is added up over the rows that count.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sum {
    Rows,
    /// A quantity, in millionths.
    Quantity(String),
    /// Its square, in ten-thousandths.
    QuantitySquared(String),
    /// A weight (blank is 1), in thousand-millionths.
    Weight(String),
    WeightSquared(String),
}

/// One sum over the rows that meet conditions, by the month of one time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub month_of: String,
    pub conditions: Vec<Condition>,
    pub set: SolvedSet,
    pub sum: Sum,
    /// Asked for at force level alone: a solved set that is not the pipeline's own.
    pub force_only: bool,
}

impl Part {
    /// The sum's contribution of each row, an integer; 0 where the conditions do not hold.
    pub fn expression(&self, references: &References) -> Expr {
        let holds = all_hold(&self.conditions, references, self.set);
        // A cast cuts towards zero, so half is added away from it first.
        let half = |quantity: &Expr| when(quantity.clone().lt(lit(0.0))).then(lit(-0.5)).otherwise(lit(0.5));
        let whole = |quantity: Expr| (quantity.clone() + half(&quantity)).cast(DataType::Int64);
        let weight = |name: &str| col(name).fill_null(lit(1.0));
        let amount = match &self.sum {
            Sum::Rows => return holds.cast(DataType::UInt32),
            Sum::Quantity(of) => whole(col(of.as_str()) * lit(MEAN_SCALE)),
            Sum::QuantitySquared(of) => {
                let scaled = whole(col(of.as_str()) * lit(SQUARE_SCALE));
                scaled.clone() * scaled
            }
            Sum::Weight(of) => whole(weight(of) * lit(WEIGHT_SCALE)),
            Sum::WeightSquared(of) => whole(weight(of) * weight(of) * lit(WEIGHT_SCALE)),
        };
        when(holds).then(amount).otherwise(lit(0i64))
    }
}

/// Names of the columns, `p0` on, that a metric is computed from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    pub numerator: Option<usize>,
    pub denominator: Option<usize>,
    /// Quantity squared (mean), or weights: numerator's, denominator's, denominator's squared.
    pub extra: Vec<usize>,
}

/// All sums of an extract's metrics, without repeats.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts(pub Vec<Part>);

impl Parts {
    fn index(&mut self, part: Part) -> usize {
        if let Some(at) = self.0.iter().position(|p| Part { force_only: part.force_only, ..p.clone() } == part) {
            self.0[at].force_only &= part.force_only;
            return at;
        }
        self.0.push(part);
        self.0.len() - 1
    }

    /// Adds what a metric needs. Quantiles and stocks are made otherwise, and need nothing here.
    pub fn add(&mut self, metric: &Metric, set: Option<SolvedSet>, own_set: SolvedSet) -> Columns {
        let part = |rows: &Rows, sum: Sum| Part {
            month_of: rows.month_of.clone(),
            conditions: rows.conditions.clone(),
            set: set.unwrap_or(own_set),
            sum,
            force_only: set.is_some_and(|set| set != own_set),
        };
        let mut columns = Columns { numerator: None, denominator: None, extra: Vec::new() };
        match &metric.measure {
            Measure::Count { rows } | Measure::PerResident { numerator: rows } => {
                columns.numerator = Some(self.index(part(rows, Sum::Rows)));
            }
            Measure::Share { numerator, denominator, weight } => {
                columns.numerator = Some(self.index(part(numerator, Sum::Rows)));
                columns.denominator = Some(self.index(part(denominator, Sum::Rows)));
                if let Some(weight) = weight {
                    columns.extra = vec![
                        self.index(part(numerator, Sum::Weight(weight.clone()))),
                        self.index(part(denominator, Sum::Weight(weight.clone()))),
                        self.index(part(denominator, Sum::WeightSquared(weight.clone()))),
                    ];
                }
            }
            Measure::Mean { of, rows } => {
                columns.numerator = Some(self.index(part(rows, Sum::Quantity(of.clone()))));
                columns.denominator = Some(self.index(part(rows, Sum::Rows)));
                columns.extra = vec![self.index(part(rows, Sum::QuantitySquared(of.clone())))];
            }
            Measure::Quantile { .. } | Measure::Stock { .. } => {}
        }
        columns
    }
}
