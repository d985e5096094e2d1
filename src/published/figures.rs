//! Yearly figures by force, and for the 43 territorial forces together, from the Home Office tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::FinancialYear;
use super::computable::{self, Numerator};
use super::home_office::RECORDED_CRIME;
use super::national_check::NationalCheck;
use super::not_reported::Withheld;
use super::year_table::{YearRow, YearTable};
use crate::definitions::{Definitions, Metric};
use crate::domain::{ENGLAND_AND_WALES, ForceId, Kind, Level, MetricId, PeriodType, Scope, SolvedSet, Status};
use crate::statistics::{Estimate, Interval, Undefined, poisson, wilson};
use crate::tables::figure::Figure;

/// What the yearly tables say.
#[derive(Clone, Debug, Default)]
pub struct PublishedFigures {
    /// In the order of the definitions; each metric's rows by force, level, unit and period.
    pub by_metric: Vec<(MetricId, Vec<Figure>)>,
    /// Metric of the pipeline, and why the tables cannot give it, or give it for another set of solved outcomes only.
    pub not_available: Vec<(MetricId, String)>,
    /// Years without a national figure, and why.
    pub no_national: Vec<(FinancialYear, String)>,
    /// Every column in which the national table equals the sum of the forces.
    pub national_checks: Vec<NationalCheck>,
}

/// The tables up to the data date.
pub(super) struct YearTables {
    pub outcomes: YearTable,
    pub crime: YearTable,
    pub no_outcomes: Withheld,
    pub no_crime: Withheld,
    pub data_date: NaiveDate,
}

/// Every metric of the pipeline that the tables can give.
pub(super) fn figures(definitions: &Definitions, tables: &YearTables) -> PublishedFigures {
    let mut figures = PublishedFigures::default();
    let left_out = |metric: &Metric| definitions.pipeline.leave_out.iter().any(|id| id == metric.id.as_str());
    for metric in definitions.metrics.iter().filter(|metric| !left_out(metric)) {
        let sets: Vec<Option<SolvedSet>> =
            if metric.uses_solved_set() { SolvedSet::ALL.iter().copied().map(Some).collect() } else { vec![None] };
        let mut rows = Vec::new();
        for set in sets {
            match computable::numerator(metric, set, &definitions.references) {
                Ok(numerator) => rows.extend(Yearly { definitions, tables, metric, set, numerator }.figures()),
                Err(reason) => {
                    let set = set.map_or_else(String::new, |set| format!("solved set {}: ", set.name()));
                    figures.not_available.push((metric.id.clone(), format!("{set}{reason}")));
                }
            }
        }
        if !rows.is_empty() {
            figures.by_metric.push((metric.id.clone(), rows));
        }
    }
    figures.no_national = tables
        .outcomes
        .years()
        .into_iter()
        .filter_map(|year| Some((year, tables.lacking(definitions, year)?)))
        .collect();
    figures
}

impl YearTables {
    fn crimes(&self, force: &ForceId, year: FinancialYear) -> Option<u64> {
        self.crime.rows.get(&(force.clone(), year))?.count(RECORDED_CRIME)
    }

    /// Why a year has no national figure: both tables must hold every territorial force.
    fn lacking(&self, definitions: &Definitions, year: FinancialYear) -> Option<String> {
        let territorial = || definitions.references.forces.values().filter(|force| force.territorial);
        let all = territorial().count();
        let with_outcomes = territorial().filter(|f| self.outcomes.rows.contains_key(&(f.id.clone(), year))).count();
        let with_crime = territorial().filter(|f| self.crimes(&f.id, year).is_some()).count();
        let lacks = |table: &str, there: usize, withheld: &Withheld| {
            let missing = territorial().filter(|f| withheld.reasons.contains_key(&(f.id.clone(), year)));
            let missing: Vec<&str> = missing.map(|force| force.name.as_str()).collect();
            let of_whom =
                if missing.is_empty() { String::new() } else { format!("; not whole: {}", missing.join(", ")) };
            (there < all).then(|| format!("{there} of {all} forces are in the table of {table}{of_whom}"))
        };
        let outcomes = lacks("outcomes", with_outcomes, &self.no_outcomes);
        outcomes.or_else(|| lacks("recorded crime", with_crime, &self.no_crime))
    }
}

fn not_available() -> String {
    "the Home Office table gives N/A".to_owned()
}

/// One metric, counting as solved what one set does.
struct Yearly<'a> {
    definitions: &'a Definitions,
    tables: &'a YearTables,
    metric: &'a Metric,
    set: Option<SolvedSet>,
    numerator: Numerator,
}

impl Yearly<'_> {
    fn figures(&self) -> Vec<Figure> {
        let mut by_unit: BTreeMap<(&str, FinancialYear), Figure> = BTreeMap::new();
        for ((force, year), row) in &self.tables.outcomes.rows {
            if self.territorial(force) {
                let figure = self.figure(
                    Level::Force,
                    force.as_str(),
                    *year,
                    self.events(row).ok_or_else(not_available),
                    self.crimes(force, *year),
                );
                by_unit.insert((force.as_str(), *year), figure);
            }
        }
        for ((force, year), why) in &self.tables.no_outcomes.reasons {
            if self.territorial(force) {
                let crimes = self.crimes(force, *year);
                let figure = self.figure(Level::Force, force.as_str(), *year, Err(why.words.clone()), crimes);
                by_unit.insert((force.as_str(), *year), figure);
            }
        }
        for year in self.tables.outcomes.years() {
            if self.tables.lacking(self.definitions, year).is_none() {
                let of_year =
                    || self.tables.outcomes.rows.iter().filter(|((force, y), _)| *y == year && self.territorial(force));
                let events: Option<u64> = of_year().map(|(_, row)| self.events(row)).sum();
                let crimes = of_year().map(|((force, year), _)| self.crimes(force, *year)).sum();
                let events = events.ok_or_else(not_available);
                let figure = self.figure(Level::National, ENGLAND_AND_WALES, year, events, crimes);
                by_unit.insert((ENGLAND_AND_WALES, year), figure);
            }
        }
        by_unit.into_values().collect()
    }

    /// British Transport Police has no recorded crime to divide by.
    fn territorial(&self, force: &ForceId) -> bool {
        self.definitions.references.forces.get(force).is_some_and(|force| force.territorial)
    }

    /// Crimes recorded, or why there is no count of them.
    fn crimes(&self, force: &ForceId, year: FinancialYear) -> Result<u64, String> {
        if let Some(why) = self.tables.no_crime.reasons.get(&(force.clone(), year)) {
            return Err(why.words.clone());
        }
        self.tables.crimes(force, year).ok_or_else(|| format!("the tables hold no recorded crime of {year}"))
    }

    fn events(&self, row: &YearRow) -> Option<u64> {
        self.numerator.columns.iter().map(|column| row.count(column)).sum()
    }

    fn figure(
        &self,
        level: Level,
        unit: &str,
        year: FinancialYear,
        events: Result<u64, String>,
        crimes: Result<u64, String>,
    ) -> Figure {
        let (events, crimes) = (events.map(|n| n as f64), crimes.map(|n| n as f64));
        let (numerator, denominator) = (events.clone().ok(), crimes.clone().ok());
        let estimate = events.and_then(|events| {
            let crimes = crimes?;
            self.estimate(events, crimes).map_err(|why| why.reason().to_owned())
        });
        let (status, reason) = self.status(year, estimate.as_ref().err());
        let unit: Arc<str> = unit.into();
        let end = |interval: Option<Interval>, of: fn(Interval) -> f64| interval.map(of);
        let estimate = estimate.ok();
        let (ninety_five, ninety_nine_eight) =
            (estimate.and_then(|e| e.interval_95), estimate.and_then(|e| e.interval_998));
        Figure {
            force: unit.clone(),
            level,
            unit,
            scope: Scope::all().as_str().into(),
            period_type: PeriodType::FinancialYear,
            period_start: year.first_day(),
            period_end: year.last_day(),
            numerator,
            denominator,
            value: estimate.map(|e| e.value),
            lower_95: end(ninety_five, |i| i.lower),
            upper_95: end(ninety_five, |i| i.upper),
            lower_998: end(ninety_nine_eight, |i| i.lower),
            upper_998: end(ninety_nine_eight, |i| i.upper),
            method: estimate.map(|e| e.method.name().into()),
            basis: Some(self.numerator.basis),
            solved_set: self.set,
            status,
            reason: reason.map(Into::into),
        }
    }

    fn estimate(&self, numerator: f64, denominator: f64) -> Result<Estimate, Undefined> {
        match self.metric.kind {
            Kind::Ratio => poisson::ratio(numerator, denominator),
            _ => wilson::proportion(numerator, denominator),
        }
    }

    fn status(&self, year: FinancialYear, missing: Option<&String>) -> (Status, Option<String>) {
        if let Some(reason) = missing {
            return (Status::NotAvailable, Some(reason.clone()));
        }
        let ripe =
            self.metric.matures_after_days.and_then(|days| year.last_day().checked_add_days(Days::new(days.into())));
        if ripe.is_some_and(|ripe| ripe > self.tables.data_date) {
            return (Status::Provisional, Some("the cohort has had less than its time".to_owned()));
        }
        (Status::Final, None)
    }
}
