//! The nation: the sum over the territorial forces, and only where every one of them has the period.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::figures::{Maker, Place, thousands};
use super::{Counts, ForceSeries, ScopeClass};
use crate::domain::{ENGLAND_AND_WALES, Kind, Level, Month, Period, Scope, Status};
use crate::tables::figure::Figure;

type TableForce<'t> = (&'t Arc<str>, &'t ForceSeries);

impl Maker<'_> {
    /// The nation's figures: none of a quantile, which cannot be pooled.
    pub(super) fn of_nation(&self, others: &[TableForce<'_>], own: &[Figure]) -> Vec<Figure> {
        let own = OwnForces::new(self, own);
        let there = |force: &str| own.forces.contains(force) || others.iter().any(|(other, _)| &***other == force);
        if self.metric.kind == Kind::Quantile || !self.territorial().all(there) {
            return Vec::new();
        }
        let Some(first) = others.iter().map(|(_, series)| series.first).min() else { return Vec::new() };
        let Some(last) = others.iter().map(|(_, series)| series.last).min() else { return Vec::new() };
        let unit: Arc<str> = ENGLAND_AND_WALES.into();
        let scopes: BTreeSet<&Arc<str>> = others.iter().flat_map(|(_, series)| series.scopes.keys()).collect();
        let periods = self.periods(first, last);
        let mut figures = Vec::new();
        for scope in scopes {
            let class = ScopeClass::of(scope);
            if !others.iter().all(|(_, series)| series.publishes(class)) || !own.publish(class) {
                continue;
            }
            for period in &periods {
                let Some(counts) = self.pooled(others, &own, scope, *period) else { continue };
                let place = Place { level: Level::National, unit: &unit, scope };
                figures.extend(self.figure(&place, *period, counts, || self.thousands_in_all(*period)));
            }
        }
        figures
    }

    fn territorial(&self) -> impl Iterator<Item = &str> {
        self.definitions.references.forces.values().filter(|f| f.territorial).map(|f| f.id.as_str())
    }

    /// Residents of all forces; `None` where one of them is not known, as then the nation is not.
    fn thousands_in_all(&self, period: Period) -> Option<f64> {
        let end = period.end(self.timing.data_date);
        self.territorial().map(|force| thousands(&self.definitions.references, force, end)).sum()
    }

    /// The counts of all forces; `None` where one lacks the period.
    fn pooled(&self, others: &[TableForce<'_>], own: &OwnForces<'_>, scope: &str, period: Period) -> Option<Counts> {
        let mut sum = Counts::default();
        for (_, series) in others {
            if !series.covers(self.metric.kind, period) {
                return None;
            }
            let counts = series.counts(scope, self.metric.kind, period);
            sum.numerator += counts.numerator;
            sum.denominator += counts.denominator;
        }
        for force in &own.forces {
            let counts = own.counts(force, scope, period)?;
            sum.numerator += counts.numerator;
            sum.denominator += counts.denominator;
        }
        Some(sum)
    }
}

/// The counts of the forces that the pipeline measures itself.
struct OwnForces<'a> {
    forces: BTreeSet<&'a str>,
    figures: HashMap<(&'a str, &'a str, Period), &'a Figure>,
}

impl<'a> OwnForces<'a> {
    /// Figures whose status the dates alone explain, and that are not short; a figure of an extract that begins within the period
    /// counts too little for the nation.
    fn new(maker: &Maker<'_>, own: &'a [Figure]) -> Self {
        let territorial: BTreeSet<&str> = maker.territorial().collect();
        let counts = |f: &&Figure| f.level == Level::Force && territorial.contains(&*f.force);
        let at_force = || own.iter().filter(counts).filter(|f| f.solved_set == maker.solved_set);
        let period = |f: &Figure| Period {
            period_type: f.period_type,
            first: Month::of(f.period_start),
            last: Month::of(f.period_end),
        };
        let by_date = |f: &Figure| {
            let short = f.status == Status::Final && f.reason.is_some();
            !short && f.status == maker.timing.status(period(f).last).0
        };
        let whole = at_force().filter(|f| f.value.is_none() || by_date(f));
        Self {
            forces: at_force().map(|f| &*f.force).collect(),
            figures: whole.map(|f| ((&*f.force, &*f.scope, period(f)), f)).collect(),
        }
    }

    fn publish(&self, class: ScopeClass) -> bool {
        let has =
            |force: &str| self.figures.keys().any(|(of, scope, _)| *of == force && ScopeClass::of(scope) == class);
        self.forces.iter().all(|force| has(force))
    }

    /// 0 where nothing happened in the scope; `None` where the force has no figure of the period in scope `all`.
    fn counts(&self, force: &str, scope: &str, period: Period) -> Option<Counts> {
        self.figures.get(&(force, Scope::all().as_str(), period))?;
        let figure = self.figures.get(&(force, scope, period));
        let number = |of: fn(&Figure) -> Option<f64>| figure.and_then(|f| of(f)).unwrap_or(0.0);
        Some(Counts { numerator: number(|f| f.numerator), denominator: number(|f| f.denominator), ..Counts::default() })
    }
}
