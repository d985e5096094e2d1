//! Figures over time: the XmR chart of each unit's months, by the rules in `statistics::xmr`.
//!
//! Levels national to team in scope `all`, and the force in every scope. Final months make the limits and are judged;
//! provisional ones are not, and a month without a value is a gap that neither breaks nor feeds a rule. A chart with
//! fewer than 13 final points, and a stock, is a line. All of a chart is one phase until re-phasing has its register.
//!
//! A count has no row for a month without an event, which is not a gap but 0: at force level for every month that the
//! force's data cover, below it between the unit's first and last month, as a unit may be new or gone.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::{Input, polarity, subjects};
use crate::definitions::Metric;
use crate::domain::{Kind, Level, Month, PeriodType, Scope, Status};
use crate::statistics::Polarity;
use crate::statistics::xmr::{self, Assurance, Limits, MINIMUM_POINTS_FOR_LIMITS, Phase, Screening};
use crate::tables::comparison::{ChartType, PointClass, ProcessLimits, SpcPoint};
use crate::tables::figure::Figure;

/// Force, level's name, unit, scope: the order of the table.
type Key<'a> = (&'a Arc<str>, &'static str, &'a Arc<str>, &'a Arc<str>);

/// A month of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    month: Month,
    value: Option<f64>,
    is_final: bool,
}

/// Every chart of the metric, sorted by force, level, unit, scope and month.
pub(super) fn points(input: &Input<'_>) -> Vec<SpcPoint> {
    let mut charts: BTreeMap<Key<'_>, Vec<&Figure>> = BTreeMap::new();
    for figure in subjects(input).filter(|f| f.period_type == PeriodType::Month) {
        if figure.level == Level::Force || &*figure.scope == Scope::all().as_str() {
            charts.entry((&figure.force, figure.level.name(), &figure.unit, &figure.scope)).or_default().push(figure);
        }
    }
    let covered = Covered::new(&charts);
    let metric_id: Arc<str> = input.metric.id.as_str().into();
    let mut rows = Vec::new();
    for figures in charts.values() {
        let series = series(input.metric, figures, &covered);
        rows.extend(chart(input.metric, &metric_id, figures[0], &series));
    }
    rows
}

/// The months that each force's data cover, and whether they are final: its months in scope `all`.
struct Covered<'a> {
    months: HashMap<&'a str, BTreeMap<Month, bool>>,
}

impl<'a> Covered<'a> {
    fn new(charts: &BTreeMap<Key<'a>, Vec<&'a Figure>>) -> Self {
        let mut months: HashMap<&str, BTreeMap<Month, bool>> = HashMap::new();
        for figure in charts.values().flatten() {
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
fn series(metric: &Metric, figures: &[&Figure], covered: &Covered<'_>) -> Vec<Point> {
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
            Point { month, value, is_final: figure.status == Status::Final }
        }
        None => {
            let is_final = covered.is_final(force, month);
            Point { month, value: (is_count && is_final.is_some()).then_some(0.0), is_final: is_final == Some(true) }
        }
    };
    (first.serial()..=last.serial()).map(|serial| point(Month::from_serial(serial))).collect()
}

fn chart(metric: &Metric, metric_id: &Arc<str>, figure: &Figure, series: &[Point]) -> Vec<SpcPoint> {
    let polarity = polarity(metric, &figure.scope);
    let phase = if metric.kind == Kind::Stock { None } else { judged(series) };
    let assurance = phase.as_ref().and_then(|phase| assurance(metric, figure, series, &phase.limits, polarity));
    let limits = phase.as_ref().map(|Phase { limits, .. }| ProcessLimits {
        centre: limits.centre,
        lower: limits.lower,
        upper: limits.upper,
    });
    let mut rules = phase.iter().flat_map(|phase| phase.rules.iter().copied());
    let mut rows = Vec::with_capacity(series.len());
    for point in series {
        let rule = if is_judged(point) { rules.next() } else { None };
        let provisional = point.value.is_some() && !point.is_final;
        rows.push(SpcPoint {
            metric: metric_id.clone(),
            force: figure.force.clone(),
            level: figure.level,
            unit: figure.unit.clone(),
            scope: figure.scope.clone(),
            month: point.month,
            value: point.value,
            phase: 1,
            limits,
            rule,
            class: match provisional {
                true => Some(PointClass::Provisional),
                false => rule.map(|rule| PointClass::Tested(rule.class(polarity))),
            },
            chart_type: if limits.is_some() { ChartType::Xmr } else { ChartType::Line },
            assurance,
        });
    }
    rows
}

fn is_judged(point: &Point) -> bool {
    point.is_final && point.value.is_some()
}

/// Limits and rules of the final months; `None` with fewer than 13.
fn judged(series: &[Point]) -> Option<Phase> {
    let values: Vec<f64> = series.iter().filter(|point| point.is_final).filter_map(|point| point.value).collect();
    let enough = values.len() >= MINIMUM_POINTS_FOR_LIMITS;
    enough.then(|| xmr::phase(&values, None, Screening::On)).flatten()
}

/// Against the target in force at the end of the last final month. Targets are for scope `all`.
fn assurance(
    metric: &Metric,
    figure: &Figure,
    series: &[Point],
    limits: &Limits,
    polarity: Polarity,
) -> Option<Assurance> {
    let latest = series.iter().rfind(|point| is_judged(point))?;
    let target = metric.target_on(latest.month.last_day())?;
    let all = &*figure.scope == Scope::all().as_str();
    all.then(|| xmr::assurance(limits, target.value, polarity)).flatten()
}

#[cfg(test)]
mod tests;
