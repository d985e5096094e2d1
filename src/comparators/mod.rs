//! Other forces' figures: the pipeline's comparator table in, figures at level force and national out.
//!
//! The table holds monthly counts, `metric,force,scope,month,numerator,denominator,value`, a row where the numerator or
//! the denominator is above 0. Counts of months are added up to longer periods, never averaged; a stock is read at a
//! period's end. Quantiles stand by month alone, and for no nation, because quantiles cannot be pooled. A rate's
//! residents come from the population reference, as they do for the pipeline's own force.
//!
//! A force that lacks a month of a period, or did not report it by `references/not_reported.csv`, has no figure for it,
//! and the nation has one only where all territorial forces do. The forces that the pipeline measures itself are never read from the table: the nation is made of their
//! own figures and of the table's other forces.
//!
//! Whether real and synthetic figures would meet is the caller's to check: nothing here knows where a table came from.

mod csv_line;
mod fault;
mod figures;
mod nation;
mod read;
mod row_checks;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::{Kind, Month, Period, Scope};

pub use fault::{ComparatorFault, ComparatorFaults};

/// A comparator table, checked.
#[derive(Clone, Debug, Default)]
pub struct ComparatorTable {
    /// By metric, then by force.
    metrics: BTreeMap<String, BTreeMap<Arc<str>, ForceSeries>>,
}

/// One force's months of one metric.
#[derive(Clone, Debug)]
struct ForceSeries {
    first: Month,
    last: Month,
    /// First and last months of what references/not_reported.csv says is missing.
    not_reported: Vec<(Month, Month)>,
    /// By scope. A month within `first` to `last` that a scope lacks is one in which nothing happened.
    scopes: BTreeMap<Arc<str>, BTreeMap<Month, Counts>>,
}

/// What a row holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    numerator: f64,
    denominator: f64,
    /// A quantile's value.
    value: Option<f64>,
    record: u64,
}

impl ForceSeries {
    /// Whether the force has every month that a period of this kind of metric is made of.
    fn covers(&self, kind: Kind, period: Period) -> bool {
        let first = if kind == Kind::Stock { period.last } else { period.first };
        let reported = |(from, to): &(Month, Month)| *to < first || period.last < *from;
        self.first <= first && period.last <= self.last && self.not_reported.iter().all(reported)
    }

    /// Whether the force gives figures of this kind of scope at all.
    fn publishes(&self, kind: ScopeClass) -> bool {
        self.scopes.keys().any(|scope| ScopeClass::of(scope) == kind)
    }

    /// The counts of a scope over a period; both 0 where nothing happened.
    fn counts(&self, scope: &str, kind: Kind, period: Period) -> Counts {
        let Some(months) = self.scopes.get(scope) else { return Counts::default() };
        if kind == Kind::Stock {
            return months.get(&period.last).copied().unwrap_or_default();
        }
        let mut sum = Counts::default();
        for counts in months.range(period.first..=period.last).map(|(_, counts)| counts) {
            sum.numerator += counts.numerator;
            sum.denominator += counts.denominator;
            sum.value = counts.value;
        }
        sum
    }
}

/// Scopes of which a force gives all or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ScopeClass {
    All,
    DomesticAbuse,
    HateCrime,
    OffenceGroup,
    OffenceSubgroup,
}

impl ScopeClass {
    fn of(scope: &str) -> Self {
        if scope.starts_with(Scope::SUBGROUP_PREFIX) {
            Self::OffenceSubgroup
        } else if scope == Scope::all().as_str() {
            Self::All
        } else if scope == Scope::domestic_abuse().as_str() {
            Self::DomesticAbuse
        } else if scope == Scope::hate_crime().as_str() {
            Self::HateCrime
        } else {
            Self::OffenceGroup
        }
    }
}
