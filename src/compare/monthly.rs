//! The months of a unit in order, those without a figure filled in.
//!
//! A count has no row for a month without an event, which is not a gap but 0: at force level for every month that the
//! force's data cover, below it between the unit's first and last month, as a unit may be new or gone.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use chrono::Datelike;

use crate::definitions::Metric;
use crate::domain::{Kind, Level, Month, Scope, Status};
use crate::tables::figure::Figure;

/// A month of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub month: Month,
    pub value: Option<f64>,
    /// Numerator and denominator, where the figure has both.
    pub counts: Option<(f64, f64)>,
    pub is_final: bool,
}

impl Point {
    /// Whether the month makes limits and is held against them.
    pub fn is_judged(&self) -> bool {
        self.is_final && self.value.is_some()
    }

    pub fn days(&self) -> f64 {
        f64::from(self.month.last_day().day())
    }
}

/// The months that each force's data cover, and whether they are final: its months in scope `all`.
pub(super) struct Covered<'a> {
    months: HashMap<&'a str, BTreeMap<Month, bool>>,
}

impl<'a> Covered<'a> {
    /// From monthly figures, in any order.
    pub fn new(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let mut months: HashMap<&str, BTreeMap<Month, bool>> = HashMap::new();
        for figure in figures {
            if figure.level <= Level::Force && &*figure.scope == Scope::all().as_str() {
                let month = Month::of(figure.period_start);
                months.entry(&figure.force).or_default().insert(month, figure.status == Status::Final);
            }
        }
        Self { months }
    }

    fn is_final(&self, force: &str, month: Month) -> Option<bool> {
        self.months.get(force)?.get(&month).copied()
    }

    fn span(&self, force: &str) -> Option<RangeInclusive<Month>> {
        let months = self.months.get(force)?;
        Some(*months.first_key_value()?.0..=*months.last_key_value()?.0)
    }
}

/// A unit's months from its first to its last, those without a figure filled in.
pub(super) fn series(metric: &Metric, figures: &[&Figure], covered: &Covered<'_>) -> Vec<Point> {
    let by_month: BTreeMap<Month, &Figure> = figures.iter().map(|f| (Month::of(f.period_start), *f)).collect();
    let (Some((first, figure)), Some((last, _))) = (by_month.first_key_value(), by_month.last_key_value()) else {
        return Vec::new();
    };
    let force = &*figure.force;
    let is_count = metric.kind == Kind::Count;
    let whole = (is_count && figure.level == Level::Force).then(|| covered.span(force)).flatten();
    let (first, last) = whole.map_or((*first, *last), |span| (*span.start(), *span.end()));
    let point = |month: Month| match by_month.get(&month) {
        Some(figure) => {
            let value = figure.value.filter(|v| v.is_finite());
            Point {
                month,
                value,
                counts: figure.numerator.zip(figure.denominator),
                is_final: figure.status == Status::Final,
            }
        }
        None => {
            let is_final = covered.is_final(force, month);
            let value = (is_count && is_final.is_some()).then_some(0.0);
            Point { month, value, counts: None, is_final: is_final == Some(true) }
        }
    };
    (first.serial()..=last.serial()).map(|serial| point(Month::from_serial(serial))).collect()
}
