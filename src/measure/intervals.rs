//! Intervals by kind of metric, and why a value is missing.

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, PolarsResult, Series};

use super::grouped::Grouped;
use crate::definitions::{Measure, Metric};
use crate::domain::{ENGLAND_AND_WALES, ForceId, Kind, Month};
use crate::statistics::{Estimate, Undefined, poisson, quantile, student_t, wilson};

/// Columns `value`, `lower_95` to `upper_998` and `method`, row by row, and the reason of each missing value.
pub(super) struct Estimates {
    found: Vec<Option<Estimate>>,
    pub missing: Vec<Option<String>>,
}

impl Estimates {
    pub fn columns(&self) -> Vec<Column> {
        let number = |name: &str, of: &dyn Fn(&Estimate) -> Option<f64>| {
            Series::new(name.into(), self.found.iter().map(|e| e.as_ref().and_then(of)).collect::<Vec<_>>()).into_column()
        };
        let method: Vec<Option<&str>> = self.found.iter().map(|e| e.as_ref().map(|e| e.method.name())).collect();
        vec![
            number("value", &|e| Some(e.value)),
            number("lower_95", &|e| e.interval_95.map(|i| i.lower)),
            number("upper_95", &|e| e.interval_95.map(|i| i.upper)),
            number("lower_998", &|e| e.interval_998.map(|i| i.lower)),
            number("upper_998", &|e| e.interval_998.map(|i| i.upper)),
            Series::new("method".into(), method).into_column(),
        ]
    }
}

/// The estimate of each row of a metric's frame.
pub(super) fn of(metric: &Metric, frame: &DataFrame) -> PolarsResult<Estimates> {
    let numbers = |name: &str| -> PolarsResult<Vec<Option<f64>>> { Ok(frame.column(name)?.f64()?.iter().collect()) };
    let (numerators, denominators) = (numbers("numerator")?, numbers("denominator")?);
    let extras: Vec<Vec<Option<f64>>> =
        ["extra_0", "extra_1", "extra_2"].iter().map_while(|name| numbers(name).ok()).collect();
    let mut estimates = Estimates { found: Vec::new(), missing: Vec::new() };
    for row in 0..frame.height() {
        let extra: Vec<f64> = extras.iter().map(|e| e[row].unwrap_or(0.0)).collect();
        let result = match metric.kind {
            Kind::Quantile => from_values(metric, frame, row)?,
            _ => from_counts(metric, numerators[row].unwrap_or(0.0), denominators[row], &extra),
        };
        estimates.missing.push(result.err().map(|why| why.reason().to_owned()));
        estimates.found.push(result.ok());
    }
    Ok(estimates)
}

fn from_counts(metric: &Metric, numerator: f64, denominator: Option<f64>, extra: &[f64]) -> Result<Estimate, Undefined> {
    let base = denominator.unwrap_or(0.0);
    match metric.kind {
        Kind::Count => poisson::count(numerator),
        Kind::Proportion | Kind::Stock => match (&metric.measure, extra) {
            (Measure::Share { weight: Some(_), .. }, [solved, all, squared]) => {
                let effective = wilson::effective_base(*all, *squared).ok_or(Undefined::ZeroDenominator)?;
                wilson::weighted_proportion(solved / all, effective)
            }
            _ => wilson::proportion(numerator, base),
        },
        Kind::Ratio => poisson::ratio(numerator, base),
        Kind::Rate => poisson::rate(numerator, base),
        Kind::Mean => {
            if base <= 0.0 {
                return Err(Undefined::NoObservations);
            }
            let mean = numerator / base;
            let squares = extra.first().copied().unwrap_or(0.0);
            let variance = if base > 1.0 { ((squares - base * mean * mean) / (base - 1.0)).max(0.0) } else { 0.0 };
            student_t::mean(base as u64, mean, variance.sqrt())
        }
        Kind::Quantile => Err(Undefined::NoObservations),
    }
}

fn from_values(metric: &Metric, frame: &DataFrame, row: usize) -> PolarsResult<Result<Estimate, Undefined>> {
    let Measure::Quantile { probability, .. } = &metric.measure else { return Ok(Err(Undefined::NoObservations)) };
    let Some(values) = frame.column("sorted")?.list()?.get_as_series(row) else {
        return Ok(Err(Undefined::NoObservations));
    };
    let values: Vec<f64> = values.f64()?.iter().flatten().collect();
    Ok(quantile::quantile(&values, *probability))
}

/// Fills `denominator` with thousands of residents: of the force, or of all measured forces for the nation. A force
/// without an estimate, or with one known to look wrong, has none, and then the nation has none either.
pub(super) fn per_residents(grouped: &Grouped<'_>, frame: &mut DataFrame) -> PolarsResult<()> {
    let references = &grouped.definitions.references;
    let data_date = crate::domain::civil_date(grouped.coverage.data_day);
    let thousands = |force: &str, end| {
        let estimates = references.populations.get(&ForceId::new(force)?)?;
        let latest = estimates.iter().rev().find(|p| p.estimate_date <= end)?;
        (!latest.suspect).then_some(latest.residents as f64 / 1000.0)
    };
    let mut known: HashMap<(String, i32), Option<f64>> = HashMap::new();
    let (units, last) = (frame.column("unit")?.str()?.clone(), frame.column("last")?.i32()?.clone());
    let denominators: Vec<Option<f64>> = units
        .iter()
        .zip(last.into_no_null_iter())
        .map(|(unit, last)| {
            let unit = unit.unwrap_or_default();
            let end = Month::from_serial(last).last_day().min(data_date);
            *known.entry((unit.to_owned(), last)).or_insert_with(|| match unit {
                ENGLAND_AND_WALES => {
                    references.forces.values().filter(|f| f.territorial).map(|f| thousands(f.id.as_str(), end)).sum()
                }
                force => thousands(force, end),
            })
        })
        .collect();
    frame.with_column(Series::new("denominator".into(), denominators).into_column())?;
    Ok(())
}
