//! Figures over time: the control chart of each unit's months, of the type that `chosen` picks for them, judged by the
//! rules in `statistics::xmr`.
//!
//! Levels national to team in scope `all`, and the force in every scope. Final months make the limits and are judged;
//! provisional ones are not, and a month without a value is a gap that neither breaks nor feeds a rule. Nothing crosses
//! from one phase to the next; where phases begin says [`phases`].

mod chosen;
mod phases;
mod season;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::monthly::{Covered, Point, series};
use super::{Input, polarity, subjects};
use crate::definitions::{Definitions, Intervention, Metric};
use crate::domain::{Level, Month, PeriodType, Scope};
use crate::statistics::Polarity;
use crate::statistics::xmr::{self, Assurance, Limits};
use crate::tables::figure::Figure;
use crate::tables::over_time::{PointClass, ProcessLimits, SpcPoint};
use chosen::{Charted, charted};

/// Force, level's name, unit, scope: the order of the table.
type Key<'a> = (&'a Arc<str>, &'static str, &'a Arc<str>, &'a Arc<str>);

/// Every chart of the metric, sorted by force, level, unit, scope and month.
pub(super) fn points(input: &Input<'_>) -> Vec<SpcPoint> {
    let mut charts: BTreeMap<Key<'_>, Vec<&Figure>> = BTreeMap::new();
    for figure in subjects(input).filter(|f| f.period_type == PeriodType::Month) {
        if figure.level == Level::Force || &*figure.scope == Scope::all().as_str() {
            charts.entry((&figure.force, figure.level.name(), &figure.unit, &figure.scope)).or_default().push(figure);
        }
    }
    let covered = Covered::new(charts.values().flatten().copied());
    let metric_id: Arc<str> = input.metric.id.as_str().into();
    let mut rows = Vec::new();
    for figures in charts.values() {
        let series = series(input.metric, figures, &covered);
        rows.extend(chart(input.definitions, input.metric, &metric_id, figures[0], &series));
    }
    rows
}

fn chart(
    definitions: &Definitions,
    metric: &Metric,
    metric_id: &Arc<str>,
    figure: &Figure,
    series: &[Point],
) -> Vec<SpcPoint> {
    let polarity = polarity(metric, &figure.scope);
    let id = |intervention: Option<&Intervention>| intervention.map(|i| Arc::from(i.id.as_str()));
    let mut rows: Vec<SpcPoint> = Vec::with_capacity(series.len());
    let mut asked: Vec<(Month, Limits)> = Vec::new();
    for (number, phase) in (1..).zip(phases::phases(definitions, metric, figure, series)) {
        let months = &series[phase.months];
        let Charted { chart_type, reason, dispersion_ratio, limits, rules, season, season_p_value } =
            charted(metric, months, phase.baseline);
        let row = |(at, point): (usize, &Point)| SpcPoint {
            metric: metric_id.clone(),
            force: figure.force.clone(),
            level: figure.level,
            unit: figure.unit.clone(),
            scope: figure.scope.clone(),
            month: point.month,
            value: point.value,
            phase: number,
            began_by: id(phase.began_by),
            held_since: id(phase.held_since.filter(|_| at >= phase.baseline)),
            season: season[at],
            season_p_value,
            limits: limits[at].map(|l| ProcessLimits { centre: l.centre, lower: l.lower, upper: l.upper }),
            rule: rules[at],
            class: match point.value.is_some() && !point.is_final {
                true => Some(PointClass::Provisional),
                false => rules[at].map(|rule| PointClass::Tested(rule.class(polarity))),
            },
            chart_type,
            chart_reason: reason,
            dispersion_ratio,
            basis: figure.basis,
            assurance: None,
        };
        rows.extend(months.iter().enumerate().map(row));
        let judged: Vec<(Month, Option<Limits>)> = months
            .iter()
            .zip(limits)
            .filter(|(point, _)| point.is_judged())
            .map(|(point, limits)| (point.month, limits))
            .collect();
        if let Some((_, latest)) = judged.last() {
            // A season has a year to pass a target in.
            let most = if latest.is_some() && season.iter().any(Option::is_some) { 12 } else { 1 };
            asked = judged.iter().rev().take(most).filter_map(|(month, limits)| Some((*month, (*limits)?))).collect();
        }
    }
    let assurance = assurance(metric, figure, &asked, polarity);
    rows.iter_mut().for_each(|row| row.assurance = assurance);
    rows
}

/// Against the target in force at the end of each month asked, by its limits: one month's answer, or hit and miss where
/// months differ. Targets are for scope `all`.
fn assurance(metric: &Metric, figure: &Figure, asked: &[(Month, Limits)], polarity: Polarity) -> Option<Assurance> {
    if &*figure.scope != Scope::all().as_str() {
        return None;
    }
    let of = |(month, limits): &(Month, Limits)| {
        let target = metric.target_on(month.last_day())?;
        xmr::assurance(limits, target.value, polarity)
    };
    let mut answers = asked.iter().map(of);
    let first = answers.next()??;
    Some(if answers.all(|answer| answer == Some(first)) { first } else { Assurance::HitAndMiss })
}

#[cfg(test)]
mod tests;
