//! The sums that metrics are made of: each is taken once, however many metrics share it.

use polars::prelude::{DataType, Expr, col, lit, when};

use super::Coverage;
use super::compile::{all_hold, civil_day, month_serial};
use crate::definitions::{Condition, Measure, Metric, References, Rows};
use crate::domain::{Month, SolvedSet, days_since_epoch};

/// Units of a weight in which weights are added.
const WEIGHT_SCALE: f64 = 1e9;
/// Units of a quantity in which quantities are added.
const QUANTITY_SCALE: f64 = 1e6;
/// Units of a quantity whose squares are added, for the spread.
const SQUARE_SCALE: f64 = 1e2;

/// Which month a row counts in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MonthOf {
    /// The civil month of a time.
    Field(String),
    /// The first month at whose end the time lies more than so many days back.
    TurnsOld { opened: String, days: u32 },
}

impl MonthOf {
    /// The month's serial number; null where the row has none.
    pub fn expression(&self, coverage: Coverage) -> Expr {
        match self {
            Self::Field(time) => month_serial(time),
            Self::TurnsOld { opened, days } => turns_old(coverage, opened, *days),
        }
    }
}

/// Opened before 24:00 of the month's last day (or of the data date) less the days.
fn turns_old(coverage: Coverage, opened: &str, days: u32) -> Expr {
    let opened_day = civil_day(opened);
    let (first, newest) = (coverage.first_month().serial(), coverage.newest_month().serial());
    let never = lit(polars::prelude::NULL).cast(DataType::Int32);
    (first..=newest).rev().fold(never, |later, serial| {
        let end = days_since_epoch(Month::from_serial(serial).last_day()).min(coverage.data_day);
        when(opened_day.clone().lt(lit(end + 1 - days as i32))).then(lit(serial)).otherwise(later)
    })
}

/// What is added up over the rows that count.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sum {
    Rows,
    /// A quantity, in millionths.
    Quantity(String),
    /// Its square, in ten-thousandths.
    QuantitySquared(String),
    /// A weight, in thousand-millionths.
    Weight(String),
    WeightSquared(String),
}

impl Sum {
    /// What one unit of the integer sum is worth.
    pub fn scale(&self) -> f64 {
        match self {
            Self::Rows => 1.0,
            Self::Quantity(_) => QUANTITY_SCALE,
            Self::QuantitySquared(_) => SQUARE_SCALE * SQUARE_SCALE,
            Self::Weight(_) | Self::WeightSquared(_) => WEIGHT_SCALE,
        }
    }
}

/// A stock's tests of one time against another.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Guard {
    None,
    /// The row is closed in a later month than `month`, or not at all.
    ClosedAfter {
        month: MonthOf,
        closed: String,
    },
}

/// One sum over the rows that meet conditions, by month.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub month_of: MonthOf,
    pub conditions: Vec<Condition>,
    pub guard: Guard,
    pub set: SolvedSet,
    pub sum: Sum,
}

impl Part {
    /// Whether a row counts.
    pub fn counts(&self, references: &References, coverage: Coverage) -> Expr {
        let holds = all_hold(&self.conditions, references, self.set);
        match &self.guard {
            Guard::None => holds,
            Guard::ClosedAfter { month, closed } => {
                let opens = month.expression(coverage);
                let later = col(closed.as_str()).is_null().or(month_serial(closed).gt(opens.clone()));
                holds.and(opens.is_not_null()).and(later).fill_null(lit(false))
            }
        }
    }

    /// What a row adds, an integer; `None` where rows are counted.
    pub fn amount(&self) -> Option<Expr> {
        // A cast cuts towards zero, so half is added away from it first.
        let half = |quantity: &Expr| when(quantity.clone().lt(lit(0.0))).then(lit(-0.5)).otherwise(lit(0.5));
        let whole = |quantity: Expr| (quantity.clone() + half(&quantity)).cast(DataType::Int64);
        match &self.sum {
            Sum::Rows => None,
            Sum::Quantity(of) => Some(whole(col(of.as_str()) * lit(QUANTITY_SCALE))),
            Sum::QuantitySquared(of) => {
                let scaled = whole(col(of.as_str()) * lit(SQUARE_SCALE));
                Some(scaled.clone() * scaled)
            }
            Sum::Weight(of) => Some(whole(col(of.as_str()) * lit(WEIGHT_SCALE))),
            Sum::WeightSquared(of) => Some(whole(col(of.as_str()) * col(of.as_str()) * lit(WEIGHT_SCALE))),
        }
    }
}

/// The parts that a metric is computed from, by position.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Columns {
    pub numerator: Option<usize>,
    pub denominator: Option<usize>,
    /// Quantity squared (mean), or weights: numerator's, denominator's, denominator's squared.
    pub extra: Vec<usize>,
    /// A stock's comings and goings: all in, all out, old in, old out.
    pub movements: Vec<usize>,
}

/// All sums of an extract's metrics, without repeats.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts(pub Vec<Part>);

impl Parts {
    fn index(&mut self, part: Part) -> usize {
        self.0.iter().position(|p| *p == part).unwrap_or_else(|| {
            self.0.push(part);
            self.0.len() - 1
        })
    }

    /// Adds what a metric needs. Quantiles are taken from the rows, and need nothing here.
    pub fn add(&mut self, metric: &Metric, set: SolvedSet) -> Columns {
        let part = |rows: &Rows, sum: Sum| Part {
            month_of: MonthOf::Field(rows.month_of.clone()),
            conditions: rows.conditions.clone(),
            guard: Guard::None,
            set,
            sum,
        };
        let mut columns = Columns::default();
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
            Measure::Stock { opened, closed, older_than_days, conditions, .. } => {
                let opens = MonthOf::Field(opened.clone());
                let old = MonthOf::TurnsOld { opened: opened.clone(), days: *older_than_days };
                let closes = MonthOf::Field(closed.clone());
                let movement = |month_of: &MonthOf, from: &MonthOf| Part {
                    month_of: month_of.clone(),
                    conditions: conditions.clone(),
                    guard: Guard::ClosedAfter { month: from.clone(), closed: closed.clone() },
                    set,
                    sum: Sum::Rows,
                };
                columns.movements = vec![
                    self.index(movement(&opens, &opens)),
                    self.index(movement(&closes, &opens)),
                    self.index(movement(&old, &old)),
                    self.index(movement(&closes, &old)),
                ];
            }
            Measure::Quantile { .. } => {}
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy, TimeUnit, df};

    use super::*;

    #[test]
    fn old_is_before_the_end_of_the_period_less_the_days() {
        // The end of 31 March 2026 less 90 days is the end of 31 December 2025.
        let day = |text: &str| days_since_epoch(text.parse().unwrap());
        let coverage = Coverage { first_day: day("2025-01-01"), data_day: day("2026-04-10") };
        let opened = ["2025-12-31", "2026-01-01", "2026-01-11", "2025-01-05"].map(day);
        let micros: Vec<i64> = opened.iter().map(|d| i64::from(*d) * 86_400_000_000 + 5).collect();
        let found = df!("at" => micros)
            .unwrap()
            .lazy()
            .with_column(col("at").cast(DataType::Datetime(TimeUnit::Microseconds, None)))
            .select([turns_old(coverage, "at", 90).alias("m")])
            .collect()
            .unwrap();
        let months: Vec<Option<i32>> = found.column("m").unwrap().i32().unwrap().iter().collect();
        let serial = |text: &str| Some(Month::parse(text).unwrap().serial());
        assert_eq!(months, [serial("2026-03"), serial("2026-04"), None, serial("2025-04")]);
    }
}
