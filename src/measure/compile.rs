//! Conditions of a definition to Polars expressions.

use polars::prelude::{DataType, Expr, NamedFrom, Series, col, lit, when};

use crate::definitions::{Condition, References, Test};
use crate::domain::SolvedSet;

/// Whether all conditions hold; a blank field fails every test but `present = false`. Never null.
pub(super) fn all_hold(conditions: &[Condition], references: &References, set: SolvedSet) -> Expr {
    conditions.iter().map(|c| holds(c, references, set)).reduce(Expr::and).unwrap_or_else(|| lit(true))
}

fn holds(condition: &Condition, references: &References, set: SolvedSet) -> Expr {
    let field = col(condition.field.as_str());
    let test = match &condition.test {
        Test::Present(true) => return field.is_not_null(),
        Test::Present(false) => return field.is_null(),
        Test::Is(wanted) => field.eq(lit(*wanted)),
        Test::AnyOf(words) => one_of(field, words.iter().map(String::as_str)),
        Test::InSolvedSet => {
            let solved = references.outcome_types.iter().filter(|t| t.solved_in.contains(&set));
            one_of(field, solved.map(|t| t.code.as_str()))
        }
        Test::AtMost(limit) => field.lt_eq(lit(*limit)),
        Test::Below(limit) => field.lt(lit(*limit)),
        Test::AtLeast(limit) => field.gt_eq(lit(*limit)),
        Test::Above(limit) => field.gt(lit(*limit)),
        Test::AtMostBy { field: picks, limits } => {
            let none = lit(polars::prelude::NULL).cast(DataType::Float64);
            let limit = limits.iter().fold(none, |otherwise, (word, limit)| {
                when(col(picks.as_str()).eq(lit(word.as_str()))).then(lit(*limit)).otherwise(otherwise)
            });
            field.lt_eq(limit)
        }
    };
    test.fill_null(lit(false))
}

fn one_of<'w>(field: Expr, words: impl Iterator<Item = &'w str>) -> Expr {
    let words: Vec<&str> = words.collect();
    field.is_in(lit(Series::new("words".into(), words)).implode(false), false)
}

/// Serial number of the civil month of a time column (`crate::domain::Month::serial`).
pub(super) fn month_serial(time: &str) -> Expr {
    let date = col(time);
    date.clone().dt().year() * lit(12) + date.dt().month().cast(DataType::Int32) - lit(1)
}

/// Civil day of a time column, days since 1970-01-01.
pub(super) fn civil_day(time: &str) -> Expr {
    col(time).cast(DataType::Date).cast(DataType::Int32)
}
