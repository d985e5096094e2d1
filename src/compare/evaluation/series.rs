//! The months that an intervention is held against: of the force, or of its areas together, and of those to compare with.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::super::monthly::{Covered, Point, series as months_of};
use super::super::{Input, subjects};
use crate::definitions::{Intervention, Measure, Metric};
use crate::domain::{Kind, Level, Month, PeriodType, Scope};
use crate::tables::figure::Figure;

/// Final months without a gap.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub first: Month,
    pub own: Vec<f64>,
    /// As many, where there are areas to compare with.
    pub comparison: Option<Vec<f64>>,
    /// Months up to the change.
    pub months_before: usize,
}

impl Series {
    pub fn months_after(&self) -> usize {
        self.own.len() - self.months_before
    }

    pub fn ends(&self) -> (Month, Month) {
        (self.month(0), self.month(self.own.len().saturating_sub(1)))
    }

    pub fn month(&self, at: usize) -> Month {
        self.first.plus(at as i32)
    }
}

/// The months of the intervention's units.
///
/// # Errors
/// In words: an area without figures, figures that cannot be taken together, a month without a figure.
pub(super) fn series(input: &Input<'_>, intervention: &Intervention) -> Result<Series, String> {
    let force = input.definitions.pipeline.force.as_str();
    let monthly: Vec<&Figure> = subjects(input)
        .filter(|f| f.period_type == PeriodType::Month && &*f.scope == Scope::all().as_str() && &*f.force == force)
        .collect();
    let covered = Covered::new(monthly.iter().copied());
    let unit = |level: Level, unit: &str| -> Result<Vec<Point>, String> {
        let of: Vec<&Figure> = monthly.iter().filter(|f| f.level == level && &*f.unit == unit).copied().collect();
        let months = months_of(input.metric, &of, &covered);
        if months.iter().any(Point::is_judged) { Ok(months) } else { Err(format!("{unit} has no final month")) }
    };
    let together = |areas: &[String]| -> Result<BTreeMap<Month, f64>, String> {
        let units: Vec<Vec<Point>> = match areas {
            [] => vec![unit(Level::Force, force)?],
            areas => areas.iter().map(|area| unit(Level::Area, area)).collect::<Result<_, _>>()?,
        };
        pooled(input.metric, &units)
    };
    let own = together(&intervention.areas)?;
    let comparison = match intervention.comparison_areas.as_slice() {
        [] => None,
        areas => Some(together(areas)?),
    };
    let span = span(&own, comparison.as_ref()).ok_or_else(|| "no month has a figure on both sides".to_owned())?;
    let in_order = |values: &BTreeMap<Month, f64>| -> Result<Vec<f64>, String> {
        let of = |serial| {
            let month = Month::from_serial(serial);
            values.get(&month).copied().ok_or_else(|| format!("{month} has no figure"))
        };
        (span.start().serial()..=span.end().serial()).map(of).collect()
    };
    let own = in_order(&own)?;
    let before = (intervention.first_whole_month().serial() - span.start().serial()).max(0);
    Ok(Series {
        first: *span.start(),
        months_before: own.len().min(before.unsigned_abs() as usize),
        own,
        comparison: comparison.as_ref().map(in_order).transpose()?,
    })
}

/// The months that both sides reach.
fn span(own: &BTreeMap<Month, f64>, comparison: Option<&BTreeMap<Month, f64>>) -> Option<RangeInclusive<Month>> {
    let ends = |values: &BTreeMap<Month, f64>| Some((*values.first_key_value()?.0, *values.last_key_value()?.0));
    let (mut first, mut last) = ends(own)?;
    if let Some(comparison) = comparison {
        let (other_first, other_last) = ends(comparison)?;
        (first, last) = (first.max(other_first), last.min(other_last));
    }
    (first <= last).then_some(first..=last)
}

/// Units taken together, month by month: counts added up, and divided where the figure is a ratio of them. A share of
/// weights is averaged by its answers.
fn pooled(metric: &Metric, units: &[Vec<Point>]) -> Result<BTreeMap<Month, f64>, String> {
    let weighted = matches!(&metric.measure, Measure::Share { weight: Some(_), .. });
    if metric.kind == Kind::Quantile && units.len() > 1 {
        return Err("medians and percentiles of several areas cannot be taken together from figures".to_owned());
    }
    // Numerator and denominator.
    let mut sums: BTreeMap<Month, (f64, f64)> = BTreeMap::new();
    for point in units.iter().flatten().filter(|point| point.is_judged()) {
        let Some(value) = point.value else { continue };
        let (numerator, denominator) = match (metric.kind, point.counts) {
            (Kind::Count, _) => (value, 0.0),
            (Kind::Proportion, Some((_, answers))) if weighted => (value * answers, answers),
            (Kind::Quantile, _) | (_, None) => (value, 1.0),
            (_, Some(counts)) => counts,
        };
        let sum = sums.entry(point.month).or_default();
        *sum = (sum.0 + numerator, sum.1 + denominator);
    }
    let value = |(month, (numerator, denominator)): (Month, (f64, f64))| {
        let value = if metric.kind == Kind::Count { numerator } else { numerator / denominator };
        value.is_finite().then_some((month, value))
    };
    Ok(sums.into_iter().filter_map(value).collect())
}
