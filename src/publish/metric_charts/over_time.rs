//! A figure by month, with its limits: what the control chart shows.

use chrono::Datelike;

use super::super::charts::ChartUnit;
use super::super::charts::spc::Assurance as AssuranceIcon;
use super::super::charts::spc::{
    Annotation, PointClass as Mark, SpcChart, SpcPhase, SpcPoint as Point, SpcRule, Variation,
};
use super::{ChartInput, basis_words, chart_month, chart_unit, force_name, solved_words, source_words};
use crate::definitions::Metric;
use crate::domain::{Kind, Month, PeriodType, Status};
use crate::statistics::control_charts::Reason;
use crate::statistics::xmr::{Assurance, Class, Rule};
use crate::tables::figure::Figure;
use crate::tables::over_time::{ChartReason, ChartType, PointClass, ProcessLimits, SpcPoint};

pub(super) fn input(input: &ChartInput<'_>) -> SpcChart {
    let metric = input.metric;
    let last = last_tested(input.spc);
    let unit = input.own.first().map(|f| force_name(input, &f.unit)).unwrap_or_default();
    let drawn_in = drawn_unit(metric, input.spc);
    SpcChart {
        title: format!("{}: {}", metric.title, movement(last)),
        subtitle: format!("{unit}, by month{}", basis_words(metric)),
        y_label: metric.title.clone(),
        unit: drawn_in,
        points: points(metric, drawn_in, input.spc, input.own),
        phases: phases(drawn_in, input.spc),
        target: metric.target_on(input.data_date).map(|t| t.value),
        annotations: annotations(input),
        variation: variation(last),
        assurance: assurance(last),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: time_notes(input),
    }
}

/// The last month that was judged.
pub(super) fn last_tested(spc: &[SpcPoint]) -> Option<&SpcPoint> {
    spc.iter().rev().find(|p| matches!(p.class, Some(PointClass::Tested(_))))
}

/// The unit that the months are drawn in.
pub(super) fn drawn_unit(metric: &Metric, spc: &[SpcPoint]) -> ChartUnit {
    if spc.iter().any(is_per_day) { ChartUnit::PerDay } else { chart_unit(metric.unit) }
}

/// Where limits are of events per day, so is what is drawn: by month the lines would step with the calendar.
fn is_per_day(point: &SpcPoint) -> bool {
    point.chart_reason == ChartReason::EventsPerDay && point.limits.is_some()
}

/// What a month's value and limits are divided by. It goes by the unit of the whole chart: where one stretch has limits of a
/// day, a stretch too short for any is drawn by day too.
fn days_drawn_over(point: &SpcPoint, unit: ChartUnit) -> f64 {
    if unit == ChartUnit::PerDay { f64::from(point.month.last_day().day()) } else { 1.0 }
}

/// The months of one unit, `figures` being its own.
pub(super) fn points(metric: &Metric, unit: ChartUnit, spc: &[SpcPoint], figures: &[Figure]) -> Vec<Point> {
    let months: Vec<&Figure> = figures.iter().filter(|f| f.period_type == PeriodType::Month).collect();
    let figure = |month: Month| months.iter().find(|f| Month::of(f.period_start) == month);
    let point = |p: &SpcPoint| {
        let counts = figure(p.month);
        let days = days_drawn_over(p, unit);
        let denominator = if unit == ChartUnit::PerDay { Some(days) } else { counts.and_then(|f| f.denominator) };
        Some(Point {
            month: chart_month(p.month)?,
            value: p.value.map(|value| value / days),
            class: mark(p.class),
            rule: p.rule.and_then(spc_rule),
            provisional: p.class == Some(PointClass::Provisional)
                || counts.is_some_and(|f| f.status == Status::Provisional),
            numerator: counts.and_then(|f| f.numerator).filter(|_| metric.kind != Kind::Mean),
            denominator,
        })
    };
    spc.iter().filter_map(point).collect()
}

/// What the register says was done to move this metric, in the whole force.
fn annotations(input: &ChartInput<'_>) -> Vec<Annotation> {
    let Some(figure) = input.own.first() else { return Vec::new() };
    let marked = input.definitions.interventions_in(&figure.force, &input.metric.id, figure.level, &figure.unit);
    marked
        .filter_map(|i| Some(Annotation { month: chart_month(i.first_whole_month())?, text: i.name.clone() }))
        .collect()
}

/// What the register made of the last phase.
fn phase_words(input: &ChartInput<'_>, point: &SpcPoint) -> Option<String> {
    let name = |id: &str| input.definitions.intervention(id).map_or(id.to_owned(), |i| i.name.clone());
    if let Some(id) = &point.held_since {
        let name = name(id);
        return Some(format!(
            "Limits are of the months before \u{201c}{name}\u{201d}, until 13 final months follow it."
        ));
    }
    point.began_by.as_deref().map(|id| format!("New limits from \u{201c}{}\u{201d} on.", name(id)))
}

fn time_notes(input: &ChartInput<'_>) -> Vec<String> {
    let last = input.spc.last();
    let mut notes: Vec<String> = last.map(chart_words).into_iter().collect();
    notes.extend(last.and_then(|point| phase_words(input, point)));
    if input.spc.iter().any(|p| p.season.is_some()) {
        notes.push(
            "Months of the year differ beyond chance: limits follow the season, and those named are of the last month."
                .to_owned(),
        );
    }
    if input.spc.iter().any(|p| p.class == Some(PointClass::Provisional)) {
        notes.push("Hollow months are provisional and in no limit.".to_owned());
    }
    if let Some(set) = input.own.iter().find_map(|f| f.solved_set) {
        notes.push(format!("Solved: {}; no such set is an official label.", solved_words(set)));
    }
    notes
}

/// Which chart it is, and the test that chose it.
fn chart_words(point: &SpcPoint) -> String {
    let name = match point.chart_type {
        ChartType::P => "p chart",
        ChartType::PPrime => "p′ chart",
        ChartType::U => "u chart",
        ChartType::UPrime => "u′ chart",
        ChartType::Xmr => "XmR chart",
        ChartType::Line => "A line without limits",
    };
    let times = point.dispersion_ratio.map(|ratio| format!("{ratio:.1}")).unwrap_or_default();
    match point.chart_reason {
        ChartReason::Stock => format!("{name}: a stock at each month's end."),
        ChartReason::FollowedWithoutEnd => format!("{name}: older months have had longer to come to an outcome."),
        ChartReason::NotCounts => format!("{name}: limits from the ranges between final months."),
        ChartReason::EventsPerDay => format!("{name} of events per day, as months differ in length."),
        ChartReason::Counts(Reason::FewMonths) => format!("{name}: fewer than 13 final months."),
        ChartReason::Counts(Reason::RareEvents) => format!("{name}: fewer than two events in the median month."),
        ChartReason::Counts(Reason::DispersionOfCounts) => {
            format!("{name}: months vary as counting alone makes them (variance {times} times that of counting).")
        }
        ChartReason::Counts(Reason::OverDispersed) => {
            format!(
                "{name}: months vary more than counting alone makes them (variance {times} times that of counting)."
            )
        }
        ChartReason::Counts(Reason::UnderDispersed) => {
            format!(
                "{name}: months vary less than counting alone makes them (variance {times} times that of counting)."
            )
        }
        ChartReason::Counts(Reason::DispersionUntested) => {
            format!("{name}: too few events to test how the months vary.")
        }
    }
}

/// What the last final month says, in words that only its test selects.
fn movement(last: Option<&SpcPoint>) -> &'static str {
    match last.and_then(|p| p.class) {
        Some(PointClass::Tested(Class::Improving)) => "improving",
        Some(PointClass::Tested(Class::Concerning)) => "getting worse",
        Some(PointClass::Tested(Class::High)) => "unusually high",
        Some(PointClass::Tested(Class::Low)) => "unusually low",
        Some(PointClass::Tested(Class::CommonCause)) => "no significant change",
        Some(PointClass::Provisional) | None => "month by month",
    }
}

fn upwards(rule: Option<Rule>) -> bool {
    matches!(rule, Some(Rule::AboveUpperLimit | Rule::Rising | Rule::NearUpperLimit | Rule::ShiftAbove))
}

pub(super) fn variation(last: Option<&SpcPoint>) -> Variation {
    let Some(point) = last else { return Variation::NotAssessed };
    if point.limits.is_some_and(|l| l.lower == l.upper) {
        return Variation::NoVariation;
    }
    match (point.class, upwards(point.rule)) {
        (Some(PointClass::Tested(Class::Improving)), true) => Variation::ImprovingHigh,
        (Some(PointClass::Tested(Class::Improving)), false) => Variation::ImprovingLow,
        (Some(PointClass::Tested(Class::Concerning)), true) => Variation::ConcerningHigh,
        (Some(PointClass::Tested(Class::Concerning)), false) => Variation::ConcerningLow,
        (Some(PointClass::Tested(Class::High)), _) => Variation::High,
        (Some(PointClass::Tested(Class::Low)), _) => Variation::Low,
        (Some(PointClass::Tested(Class::CommonCause)), _) => Variation::CommonCause,
        (Some(PointClass::Provisional) | None, _) => Variation::NotAssessed,
    }
}

fn assurance(last: Option<&SpcPoint>) -> AssuranceIcon {
    match last.and_then(|p| p.assurance) {
        Some(Assurance::AlwaysPassed) => AssuranceIcon::AlwaysPasses,
        Some(Assurance::NeverPassed) => AssuranceIcon::AlwaysFails,
        Some(Assurance::HitAndMiss) => AssuranceIcon::HitAndMiss,
        None => AssuranceIcon::NotAssessed,
    }
}

fn mark(class: Option<PointClass>) -> Mark {
    match class {
        Some(PointClass::Tested(Class::Improving)) => Mark::Improving,
        Some(PointClass::Tested(Class::Concerning)) => Mark::Concerning,
        Some(PointClass::Tested(Class::High)) => Mark::High,
        Some(PointClass::Tested(Class::Low)) => Mark::Low,
        Some(PointClass::Tested(Class::CommonCause) | PointClass::Provisional) | None => Mark::Common,
    }
}

fn spc_rule(rule: Rule) -> Option<SpcRule> {
    match rule {
        Rule::AboveUpperLimit | Rule::BelowLowerLimit => Some(SpcRule::OutsideLimits),
        Rule::Rising | Rule::Falling => Some(SpcRule::Trend),
        Rule::NearUpperLimit | Rule::NearLowerLimit => Some(SpcRule::TwoOfThreeNearLimit),
        Rule::ShiftAbove | Rule::ShiftBelow => Some(SpcRule::Shift),
        Rule::CommonCause => None,
    }
}

/// Stretches of months with the same lines; those of a p or u chart change by month.
pub(super) fn phases(unit: ChartUnit, points: &[SpcPoint]) -> Vec<SpcPhase> {
    let mut phases: Vec<SpcPhase> = Vec::new();
    let mut of_last = None;
    for point in points {
        let Some(month) = chart_month(point.month) else { continue };
        let days = days_drawn_over(point, unit);
        let line = |of: fn(&ProcessLimits) -> f64| point.limits.as_ref().map(|limits| of(limits) / days);
        let next = SpcPhase {
            start: month,
            end: month,
            centre: line(|l| l.centre),
            // A limit beyond what can happen tells nobody anything.
            lower: line(|l| l.lower).filter(|lower| *lower > 0.0),
            upper: line(|l| l.upper),
        };
        match phases.last_mut() {
            Some(last) if of_last == Some(point.phase) && has_same_lines(last, &next) => last.end = month,
            _ => phases.push(next),
        }
        of_last = Some(point.phase);
    }
    phases
}

/// Up to the rounding of a day's limits that were written by month.
fn has_same_lines(a: &SpcPhase, b: &SpcPhase) -> bool {
    let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs(),
        (a, b) => a == b,
    };
    same(a.centre, b.centre) && same(a.lower, b.lower) && same(a.upper, b.upper)
}
