//! What was done, held against the figures: each entry of the register of interventions and each metric that it is meant to
//! move, by segmented regression of the final months.
//!
//! - The figures are those of the force, or of the areas of the entry taken together: counts are added up, then divided.
//! - Where the entry names comparison areas, the regression is of the difference from them (for a count, of the ratio
//!   to them): what moves both alike, such as a season, is taken out. Otherwise two pairs of yearly waves are fitted
//!   where there are 24 months or more.
//! - The effect is a change of level on the trend of before; whether it grows is asked beside it.
//! - A verdict needs [`FEWEST_BEFORE`] final months before and [`FEWEST_AFTER`] after. It is that of the 95% interval: one that
//!   leaves out no effect says better or worse; one that leaves out a change worth having says so; one that holds both
//!   says how many more months would tell, by a power calculation.
//! - Crimes by month of recording that are followed without end are not evaluated: the months since have had less time.

mod fit;
mod series;

use std::sync::Arc;

use super::{Input, polarity};
use crate::definitions::Intervention;
use crate::domain::{Level, Scope};
use crate::statistics::{Interval, Polarity};
use crate::tables::evaluation::{Evaluated, Evaluation, EvaluationVerdict, MonthsNeeded};
use series::Series;

/// Final months up to the change without which its trend is not known.
pub const FEWEST_BEFORE: usize = 12;
/// Final months since, without which nothing is estimated.
pub const FEWEST_AFTER: usize = 3;

/// Why a metric with [`Metric::is_followed_without_end`](crate::definitions::Metric::is_followed_without_end) has none.
const FOLLOWED_WITHOUT_END: &str = "newer months have had less time to come to their outcomes; choose a figure within a fixed time, or by month of outcome";

/// The evaluations of a metric, by the date and id of the intervention. The register is of the pipeline's own force.
pub fn evaluations(input: &Input<'_>) -> Vec<Evaluated> {
    let force = input.definitions.pipeline.force.as_str();
    if !input.own.iter().any(|figure| figure.level == Level::Force && &*figure.force == force) {
        return Vec::new();
    }
    let entries = input.definitions.interventions_of(force, &input.metric.id);
    entries.map(|intervention| evaluate(input, intervention)).collect()
}

fn evaluate(input: &Input<'_>, intervention: &Intervention) -> Evaluated {
    let mut row = blank(input, intervention);
    if input.metric.is_followed_without_end() {
        return without(row, FOLLOWED_WITHOUT_END.to_owned());
    }
    let series = match series::series(input, intervention) {
        Ok(series) => series,
        Err(reason) => return without(row, reason),
    };
    row.months = Some(series.ends());
    row.months_before = series.months_before;
    row.months_after = series.months_after();
    row.others = others(input, intervention, &series);
    if row.months_before < FEWEST_BEFORE {
        return without(row, format!("fewer than {FEWEST_BEFORE} final months before it"));
    }
    if row.months_after < FEWEST_AFTER {
        row.needed = Some(MonthsNeeded { months: Some(FEWEST_AFTER - row.months_after), power: None });
        return without(row, format!("fewer than {FEWEST_AFTER} final months since"));
    }
    let fitted = match fit::fit(input.metric.kind, &series) {
        Ok(fitted) => fitted,
        Err(reason) => return without(row, reason),
    };
    let polarity = polarity(input.metric, Scope::all().as_str());
    let worth = fitted.worth(row.worthwhile);
    let verdict = verdict(fitted.interval, worth, polarity);
    if verdict == EvaluationVerdict::CannotTellYet {
        row.needed = Some(fitted.needed(&series, worth, polarity));
    }
    row.verdict = Some(verdict);
    row.effect = Some(fitted.effect);
    Evaluated { months: fitted.months(&series), row }
}

fn blank(input: &Input<'_>, intervention: &Intervention) -> Evaluation {
    let force: Arc<str> = input.definitions.pipeline.force.as_str().into();
    let together = |areas: &[String]| (!areas.is_empty()).then(|| Arc::from(areas.join("; ")));
    let areas = together(&intervention.areas);
    Evaluation {
        intervention: intervention.id.as_str().into(),
        name: intervention.name.as_str().into(),
        metric: input.metric.id.as_str().into(),
        level: if areas.is_some() { Level::Area } else { Level::Force },
        unit: areas.unwrap_or_else(|| force.clone()),
        force,
        comparison_unit: together(&intervention.comparison_areas),
        date: intervention.date,
        months: None,
        months_before: 0,
        months_after: 0,
        worthwhile: intervention.metrics.get(&input.metric.id).copied().unwrap_or(f64::INFINITY),
        basis: input.metric.basis,
        effect: None,
        verdict: None,
        needed: None,
        others: None,
        tests: intervention.metrics.len(),
        reason: None,
    }
}

fn without(mut row: Evaluation, reason: String) -> Evaluated {
    row.reason = Some(reason.into());
    Evaluated { row, months: Vec::new() }
}

/// Entries that began within the months used, in one of the same areas or in the whole force.
fn others(input: &Input<'_>, intervention: &Intervention, series: &Series) -> Option<Arc<str>> {
    let (first, last) = series.ends();
    let meets = |other: &&Intervention| {
        let touched = [&intervention.areas, &intervention.comparison_areas];
        let shares = touched.into_iter().flatten().any(|area| other.areas.contains(area));
        let whole = other.areas.is_empty() || intervention.areas.is_empty();
        other.id != intervention.id && (shares || whole) && (first..=last).contains(&other.first_whole_month())
    };
    let entries = input.definitions.interventions_of(input.definitions.pipeline.force.as_str(), &input.metric.id);
    let ids: Vec<&str> = entries.filter(meets).map(|other| other.id.as_str()).collect();
    (!ids.is_empty()).then(|| ids.join("; ").into())
}

/// A worthwhile change up and down, on the scale of the regression; down is below zero.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Worth {
    up: f64,
    down: f64,
}

/// By the 95% interval of the effect.
fn verdict(interval: Interval, worth: Worth, polarity: Polarity) -> EvaluationVerdict {
    let Interval { lower, upper } = interval;
    let (rises, falls) = match polarity {
        Polarity::HigherIsBetter => (EvaluationVerdict::Better, EvaluationVerdict::Worse),
        Polarity::LowerIsBetter => (EvaluationVerdict::Worse, EvaluationVerdict::Better),
        Polarity::Neutral => (EvaluationVerdict::Higher, EvaluationVerdict::Lower),
    };
    if lower > 0.0 {
        return rises;
    }
    if upper < 0.0 {
        return falls;
    }
    let (not_so_high, not_so_low) = (upper < worth.up, lower > worth.down);
    let too_small = match polarity {
        Polarity::HigherIsBetter => not_so_high,
        Polarity::LowerIsBetter => not_so_low,
        Polarity::Neutral => not_so_high && not_so_low,
    };
    if too_small { EvaluationVerdict::NoWorthwhileChange } else { EvaluationVerdict::CannotTellYet }
}

#[cfg(test)]
mod tests;
