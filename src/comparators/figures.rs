//! Figures of the table's forces, by period.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::{ComparatorTable, Counts, ForceSeries};
use crate::definitions::{Definitions, Metric, References};
use crate::domain::{Kind, Level, Month, Period, PeriodType, SolvedSet, Status};
use crate::statistics::{Confidence, Estimate, Undefined};
use crate::tables::figure::Figure;
use crate::tables::figure_rules::{Timing, estimate_of};

impl ComparatorTable {
    /// The metric's figures of the table's other forces and of the nation, sorted by force, level, unit, scope, period.
    ///
    /// `own` holds the figures of the forces that the pipeline measures, in any order and of any level. The table's
    /// rows of those forces are left out; their own figures are part of the nation's.
    pub fn figures(
        &self,
        definitions: &Definitions,
        metric: &Metric,
        data_date: NaiveDate,
        own: &[Figure],
    ) -> Vec<Figure> {
        let Some(forces) = self.metrics.get(metric.id.as_str()) else { return Vec::new() };
        let maker = Maker::new(definitions, metric, data_date);
        let measured: BTreeSet<&str> = own.iter().filter(|f| f.level == Level::Force).map(|f| &*f.force).collect();
        let others = || forces.iter().filter(|(force, _)| !measured.contains(&***force));
        let mut figures: Vec<Figure> = others().flat_map(|(force, series)| maker.of_force(force, series)).collect();
        figures.extend(maker.of_nation(&others().collect::<Vec<_>>(), own));
        figures.sort_by(|a, b| order(a).cmp(&order(b)));
        figures
    }
}

fn order(figure: &Figure) -> impl Ord + '_ {
    let period = (figure.period_type.name(), figure.period_start, figure.period_end);
    (&figure.force, figure.level.name(), &figure.unit, &figure.scope, period)
}

/// Whose figure it is.
pub(super) struct Place<'a> {
    pub level: Level,
    /// The force, which is the unit too.
    pub unit: &'a Arc<str>,
    pub scope: &'a Arc<str>,
}

/// Makes the figures of one metric.
pub(super) struct Maker<'a> {
    pub definitions: &'a Definitions,
    pub metric: &'a Metric,
    pub timing: Timing,
    pub solved_set: Option<SolvedSet>,
}

impl<'a> Maker<'a> {
    fn new(definitions: &'a Definitions, metric: &'a Metric, data_date: NaiveDate) -> Self {
        let timing = Timing {
            data_date,
            matures_after_days: metric.matures_after_days,
            complete_after_days: metric.complete_after_days,
        };
        let solved_set = metric.uses_solved_set().then_some(definitions.pipeline.solved_set);
        Self { definitions, metric, timing, solved_set }
    }

    fn of_force(&self, force: &Arc<str>, series: &ForceSeries) -> Vec<Figure> {
        let mut figures = Vec::new();
        for period in self.periods(series.first, series.last) {
            if !series.covers(self.metric.kind, period) {
                continue;
            }
            for scope in series.scopes.keys() {
                let counts = series.counts(scope, self.metric.kind, period);
                let place = Place { level: Level::Force, unit: force, scope };
                let thousands = || thousands(&self.definitions.references, force, period.end(self.timing.data_date));
                figures.extend(self.figure(&place, period, counts, thousands));
            }
        }
        figures
    }

    /// The periods whose last month is among those given and not after the newest that has a figure.
    pub(super) fn periods(&self, first: Month, last: Month) -> BTreeSet<Period> {
        let newest = last.min(self.timing.newest_month());
        let months = (first.serial()..=newest.serial()).map(Month::from_serial);
        let periods = months.flat_map(|month| Period::containing(month, newest));
        let only_months = self.metric.kind == Kind::Quantile;
        periods.filter(|p| p.last <= newest && (!only_months || p.period_type == PeriodType::Month)).collect()
    }

    /// The figure of counts; `None` where both are 0. `thousands` of residents are asked for a rate alone.
    pub(super) fn figure(
        &self,
        place: &Place<'_>,
        period: Period,
        counts: Counts,
        thousands: impl Fn() -> Option<f64>,
    ) -> Option<Figure> {
        if counts.numerator == 0.0 && counts.denominator == 0.0 {
            return None;
        }
        let kind = self.metric.kind;
        let denominator = match kind {
            Kind::Count => None,
            Kind::Rate => thousands(),
            _ => Some(counts.denominator),
        };
        let estimate = match kind {
            Kind::Quantile => counts.value.map(Estimate::without_interval).ok_or(Undefined::NoObservations),
            _ => estimate_of(kind, counts.numerator, denominator),
        };
        let (status, reason) = match estimate {
            Ok(_) => self.timing.status(period.last),
            Err(why) => (Status::NotAvailable, Some(why.reason())),
        };
        let estimate = estimate.ok();
        let interval = |confidence| estimate.and_then(|e| e.interval(confidence));
        let (at_95, at_998) = (interval(Confidence::P95), interval(Confidence::P998));
        Some(Figure {
            force: place.unit.clone(),
            level: place.level,
            unit: place.unit.clone(),
            scope: place.scope.clone(),
            period_type: period.period_type,
            period_start: period.start(),
            period_end: period.end(self.timing.data_date),
            numerator: (kind != Kind::Quantile).then_some(counts.numerator),
            denominator,
            value: estimate.map(|e| e.value),
            lower_95: at_95.map(|i| i.lower),
            upper_95: at_95.map(|i| i.upper),
            lower_998: at_998.map(|i| i.lower),
            upper_998: at_998.map(|i| i.upper),
            method: estimate.map(|e| e.method.name().into()),
            basis: self.metric.basis,
            solved_set: self.solved_set,
            status,
            reason: reason.map(Into::into),
        })
    }
}

/// Thousands of residents, as a rate is over.
pub(super) fn thousands(references: &References, force: &str, date: NaiveDate) -> Option<f64> {
    references.residents(force, date).map(|n| n as f64 / 1000.0)
}
