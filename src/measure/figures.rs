//! Series to figures: every period, with interval and status.

use std::collections::HashMap;
use std::sync::Arc;

use super::series::{MonthCounts, Series};
use super::tallied::Tallied;
use super::{estimate, periods, status};
use crate::definitions::{Metric, References};
use crate::domain::{ENGLAND_AND_WALES, Kind, SolvedSet, Status, civil_date};
use crate::tables::figure::Figure;

/// Makes the figures of one metric.
pub struct FigureMaker<'t> {
    tallied: &'t Tallied<'t>,
    metric: &'t Metric,
    set: Option<SolvedSet>,
    texts: HashMap<String, Arc<str>>,
}

impl<'t> FigureMaker<'t> {
    pub fn new(tallied: &'t Tallied<'t>, metric: &'t Metric, set: Option<SolvedSet>) -> Self {
        Self { tallied, metric, set, texts: HashMap::new() }
    }

    /// The figures of one series, by period type and start.
    pub fn figures(&mut self, series: &Series<'_>) -> Vec<Figure> {
        let coverage = self.tallied.coverage;
        let data_date = civil_date(coverage.data_day);
        let gathered = periods::gathered(self.metric, series, coverage);
        let mut figures = Vec::with_capacity(gathered.len());
        for (period, mut counts) in gathered {
            let end = period.end(data_date);
            if self.metric.kind == Kind::Rate {
                counts.denominator = residents_in_thousands(&self.tallied.definitions.references, series.unit, end);
            }
            let estimate = estimate::of(self.metric, &counts);
            let (status, reason) = match &estimate {
                Ok(_) => status::of(self.metric, coverage, period),
                Err(why) => (Status::NotAvailable, Some(self.missing(&counts, why.reason()))),
            };
            let estimate = estimate.ok();
            let interval = |of: fn(&crate::statistics::Estimate) -> Option<crate::statistics::Interval>| {
                estimate.as_ref().and_then(of)
            };
            let (inner, outer) = (interval(|e| e.interval_95), interval(|e| e.interval_998));
            figures.push(Figure {
                force: series.force.clone(),
                level: series.level,
                unit: series.unit.clone(),
                scope: series.scope.clone(),
                period_type: period.period_type,
                period_start: period.start(),
                period_end: end,
                numerator: counts.numerator,
                denominator: counts.denominator,
                value: estimate.as_ref().map(|e| e.value),
                lower_95: inner.map(|i| i.lower),
                upper_95: inner.map(|i| i.upper),
                lower_998: outer.map(|i| i.lower),
                upper_998: outer.map(|i| i.upper),
                method: estimate.as_ref().map(|e| self.text(e.method.name())),
                basis: self.metric.basis,
                solved_set: self.set,
                status,
                reason: reason.map(|r| self.text(&r)),
            });
        }
        figures
    }

    fn missing(&self, counts: &MonthCounts, why: &str) -> String {
        match (self.metric.kind, counts.denominator) {
            (Kind::Rate, None) => "the population is not known, or its estimate is known to look wrong".to_owned(),
            _ => why.to_owned(),
        }
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.texts.insert(text.to_owned(), new.clone());
        new
    }
}

/// Thousands of residents of a force; of the nation the sum of all territorial forces', if every one is known.
pub(super) fn residents_in_thousands(references: &References, unit: &str, end: chrono::NaiveDate) -> Option<f64> {
    let residents = if unit == ENGLAND_AND_WALES {
        let forces = references.forces.values().filter(|f| f.territorial);
        forces.map(|f| references.residents(f.id.as_str(), end)).sum::<Option<u64>>()
    } else {
        references.residents(unit, end)
    };
    residents.map(|n| n as f64 / 1000.0)
}
