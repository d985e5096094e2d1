//! Areas, departments and teams beside their force, and every unit's value shrunk towards the mean of its level.
//!
//! A unit is part of its force, so it is tested against the rest of the force, by sampling variance alone: whether the
//! difference is more than chance, which is not whether it is out of the ordinary among units. It is tested against
//! itself a year before likewise. Both tests of all metrics of a unit are one family (Benjamini and Hochberg).
//!
//! The units of a level are shrunk together ([`crate::statistics::shrinkage`]): shares as beta-binomial, ratios and rates
//! as gamma-Poisson counts. `unallocated` is no unit: what it holds is whatever was left blank.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::judgement::Judgement;
use super::{headline, own_past, period, polarity, unit_value};
use crate::definitions::Metric;
use crate::domain::{Kind, Level, Period, Status, UNALLOCATED};
use crate::statistics::multiple_comparisons::benjamini_hochberg;
use crate::statistics::shrinkage::{Model, UnitCount, shrink};
use crate::tables::figure::Figure;
use crate::tables::local::{LocalEstimate, LocalFigure, LocalTest};

/// Levels in the order of the tables; supervisors and officers are restricted.
const LEVELS: [Level; 5] = [Level::Area, Level::Department, Level::Team, Level::Supervisor, Level::Officer];

/// The model of a kind of figure; `None` for one that is no count over a denominator.
fn model(kind: Kind) -> Option<Model> {
    match kind {
        Kind::Proportion | Kind::Stock => Some(Model::BetaBinomial),
        Kind::Ratio | Kind::Rate => Some(Model::GammaPoisson),
        Kind::Count | Kind::Mean | Kind::Quantile => None,
    }
}

/// The period that a metric's local figures are of: the newest final rolling 12 months of the force, else its newest final
/// financial year, else month. `force` holds the force's figures in scope `all`. `None` for a metric without local figures.
pub fn local_period(metric: &Metric, force: &[Figure]) -> Option<Period> {
    model(metric.kind)?;
    let final_ones = force.iter().filter(|f| f.level == Level::Force && f.status == Status::Final);
    let placed = final_ones.filter_map(|f| Some((headline::place_of(f.period_type)?, f)));
    let newest = placed.min_by_key(|(place, f)| (*place, std::cmp::Reverse(f.period_end)))?;
    Some(super::period_of(newest.1))
}

/// The local figures of one metric and force, by level and unit. `figures` are the force's, in scope `all`, of
/// [`local_period`] and of the same period a year before; others are passed over.
pub fn local_figures(metric: &Metric, of: Period, figures: &[Figure]) -> Vec<LocalFigure> {
    let Some(model) = model(metric.kind) else { return Vec::new() };
    let year_before = Period { first: of.first.plus(-12), last: of.last.plus(-12), ..of };
    let is_of = |f: &Figure, wanted: Period| period(f.period_type, f.period_start, f.period_end) == wanted;
    let last_year: BTreeMap<(Level, &str), &Figure> =
        figures.iter().filter(|f| is_of(f, year_before)).map(|f| ((f.level, &*f.unit), f)).collect();
    let now: Vec<&Figure> = figures.iter().filter(|f| is_of(f, of)).collect();
    let Some(force) = now.iter().copied().find(|f| f.level == Level::Force) else { return Vec::new() };
    let id: Arc<str> = metric.id.as_str().into();
    let mut rows = Vec::new();
    for level in LEVELS {
        let mut units: Vec<&Figure> = now.iter().copied().filter(|f| f.level == level).collect();
        units.sort_by(|a, b| a.unit.cmp(&b.unit));
        let (number, estimates) = shrunk(&units, model);
        for (unit, estimate) in units.into_iter().zip(estimates) {
            let past = last_year.get(&(level, &*unit.unit)).copied().filter(|_| !metric.is_followed_without_end());
            let tests = |other: Option<&Figure>| {
                other.filter(|_| !level.is_restricted()).and_then(|other| test(metric, unit, other))
            };
            rows.push(LocalFigure {
                metric: id.clone(),
                force: force.force.clone(),
                level,
                unit: unit.unit.clone(),
                period_type: unit.period_type,
                period_start: unit.period_start,
                period_end: unit.period_end,
                basis: unit.basis,
                numerator: unit.numerator,
                denominator: unit.denominator,
                value: unit.value,
                lower_95: unit.lower_95,
                upper_95: unit.upper_95,
                force_value: force.value,
                units: number,
                estimate,
                rest: tests(rest_of(force, unit).as_ref()),
                last_year: tests(past),
            });
        }
    }
    rows
}

/// Whether a figure's counts may be shrunk, or why not.
fn countable(figure: &Figure) -> Result<UnitCount, Arc<str>> {
    if &*figure.unit == UNALLOCATED {
        return Err("unallocated is no unit".into());
    }
    if unit_value::is_weighted(figure) {
        return Err("a share of weights cannot be told by its counts".into());
    }
    match (figure.status, figure.numerator, figure.denominator) {
        (Status::Final, Some(events), Some(denominator)) => Ok(UnitCount { events, denominator }),
        _ => Err(figure.reason.clone().unwrap_or_else(|| "there is no final figure".into())),
    }
}

type Estimates = Vec<Result<LocalEstimate, Arc<str>>>;

/// How many units were shrunk together, and the estimate of each figure in its order.
fn shrunk(units: &[&Figure], model: Model) -> (usize, Estimates) {
    let counts: Vec<Result<UnitCount, Arc<str>>> = units.iter().map(|unit| countable(unit)).collect();
    let together: Vec<UnitCount> = counts.iter().flatten().copied().collect();
    let found = shrink(&together, model);
    let mut shrunk = found.iter().flat_map(|found| found.units.iter().map(|unit| (found.mean, unit)));
    let estimates = counts.into_iter().map(|count| {
        count?;
        let reason = || found.as_ref().err().map_or_else(String::new, |why| why.reason().to_owned());
        let (mean, unit) = shrunk.next().ok_or_else(|| Arc::from(reason()))?;
        Ok(LocalEstimate { model, mean, estimate: unit.estimate, reliability: unit.reliability })
    });
    (together.len(), estimates.collect())
}

/// The force's figure without the unit's events and denominator; `None` where it has none or cannot be told.
fn rest_of(force: &Figure, unit: &Figure) -> Option<Figure> {
    if unit_value::is_weighted(force) {
        return None;
    }
    let numerator = force.numerator? - unit.numerator?;
    let denominator = force.denominator? - unit.denominator?;
    let value = (denominator > 0.0 && numerator >= 0.0).then(|| numerator / denominator)?;
    Some(Figure {
        numerator: Some(numerator),
        denominator: Some(denominator),
        value: Some(value),
        lower_95: None,
        upper_95: None,
        lower_998: None,
        upper_998: None,
        method: None,
        ..force.clone()
    })
}

/// Two final figures of the same kind and their test by sampling variance.
fn test(metric: &Metric, unit: &Figure, other: &Figure) -> Option<LocalTest> {
    let both_final = unit.status == Status::Final && other.status == Status::Final;
    let (value, comparator_value) = unit.value.zip(other.value).filter(|_| both_final)?;
    let judged = own_past::tested(metric.kind, unit, other).map_or_else(
        || Judgement::untested(value, comparator_value),
        |(method, test)| {
            let polarity = polarity(metric, &unit.scope);
            Judgement::by_sampling(value, comparator_value, method, Some(test), polarity)
        },
    );
    Some(LocalTest {
        comparator_value,
        method: judged.method,
        p_value: judged.p_value,
        q_value: None,
        flagged: None,
        verdict_95: judged.verdict_95,
    })
}

/// Force, level and unit.
type Unit = (Arc<str>, Level, Arc<str>);

/// Adjusts the tests of each unit together, over all metrics.
pub fn adjust_local(rows: &mut [LocalFigure]) {
    let mut families: BTreeMap<Unit, Vec<&mut LocalTest>> = BTreeMap::new();
    for row in rows {
        let tests = row.rest.iter_mut().chain(row.last_year.iter_mut()).filter(|test| test.p_value.is_some());
        families.entry((row.force.clone(), row.level, row.unit.clone())).or_default().extend(tests);
    }
    for tests in families.into_values() {
        let p_values: Vec<f64> = tests.iter().filter_map(|test| test.p_value).collect();
        for (test, q_value) in tests.into_iter().zip(benjamini_hochberg(&p_values)) {
            test.q_value = Some(q_value);
            test.flagged = Some(headline::is_flagged(q_value));
        }
    }
}

#[cfg(test)]
mod tests;
