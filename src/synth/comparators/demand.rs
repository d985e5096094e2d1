//! Calls and incidents of one month.

use super::super::call::{CallMix, grades};
use super::super::conditions::Conditions;
use super::super::random::{Duration, Stream, binomial, normal};
use super::super::world::{ForceSetting, World};
use super::{Figure, HistoryMonth, Row};

/// Adds the month's rows of call and response metrics.
pub fn add(world: &World, force: &ForceSetting, month: &HistoryMonth, rng: &mut Stream, rows: &mut Vec<Row>) {
    let mut push = |metric, figure| rows.push(Row { metric, scope: "all".to_owned(), month: month.month, figure });
    calls(world, month, rng, &mut push);
    incidents(world, force, month, rng, &mut push);
}

fn calls(world: &World, month: &HistoryMonth, rng: &mut Stream, push: &mut impl FnMut(&'static str, Figure)) {
    let conditions = &month.conditions;
    let mix = CallMix::new(world, conditions, month.rows);
    let calls_999 = binomial(rng, month.rows.calls, mix.share_999);
    let calls_101 = month.rows.calls - calls_999;
    push("calls_999", Figure::Count(calls_999));
    push("calls_101", Figure::Count(calls_101));
    let abandoned_999 = binomial(rng, calls_999, conditions.abandoned_999);
    let abandoned_101 = binomial(rng, calls_101, conditions.abandoned_101);
    push("abandoned_999_rate", Figure::Share { numerator: abandoned_999, denominator: calls_999 });
    push("abandoned_101_rate", Figure::Share { numerator: abandoned_101, denominator: calls_101 });
    let answered = calls_999 - abandoned_999;
    let wait = conditions.answer_999_seconds;
    let under_10 = binomial(rng, answered, wait.share_within(10.0));
    push("answered_999_under_10_seconds", Figure::Share { numerator: under_10, denominator: answered });
    push("answer_time_999_mean_seconds", mean(rng, wait, answered));
    push("answer_time_999_p90_seconds", whole_seconds(quantile(rng, &[(1.0, wait)], 0.9, answered)));
    push("answer_time_101_mean_seconds", mean(rng, conditions.answer_101_seconds, calls_101 - abandoned_101));
}

fn incidents(
    world: &World,
    force: &ForceSetting,
    month: &HistoryMonth,
    rng: &mut Stream,
    push: &mut impl FnMut(&'static str, Figure),
) {
    let parameters = &world.parameters.incidents;
    let [immediate, priority, _, _] = grades(world, &month.conditions, month.rows).map(|n| n.round() as u64);
    let response = Response::new(world, force, &month.conditions);
    let unattended = binomial(rng, immediate, parameters.unattended.immediate * response.unattended);
    push("immediate_unattended", Figure::Share { numerator: unattended, denominator: immediate });
    let attended = immediate - unattended;
    let share = |at: usize, minutes: f64| {
        let [rural, urban] = [response.immediate[2 * at], response.immediate[2 * at + 1]];
        rural.0 * rural.1.share_within(minutes + 5.0) + urban.0 * urban.1.share_within(minutes)
    };
    let in_target: f64 = (0..force.areas.len()).map(|at| share(at, 15.0)).sum();
    let in_target = binomial(rng, attended, in_target);
    push("immediate_attended_in_target", Figure::Share { numerator: in_target, denominator: attended });
    push("immediate_attendance_median_minutes", quantile(rng, &response.immediate, 0.5, attended));
    let attended = binomial(rng, priority, 1.0 - parameters.unattended.priority * response.unattended);
    let in_target: f64 = response.priority.iter().map(|(share, minutes)| share * minutes.share_within(60.0)).sum();
    let in_target = binomial(rng, attended, in_target);
    push("priority_attended_in_60_minutes", Figure::Share { numerator: in_target, denominator: attended });
}

/// Response times over the areas, each with its share.
struct Response {
    /// Rural, then urban, of each area.
    immediate: Vec<(f64, Duration)>,
    priority: Vec<(f64, Duration)>,
    /// Factor on the share unattended.
    unattended: f64,
}

impl Response {
    fn new(world: &World, force: &ForceSetting, conditions: &Conditions) -> Self {
        let parameters = &world.parameters.incidents;
        let areas = || force.areas.iter().zip(&conditions.areas);
        let immediate = areas().flat_map(|(area, conditions)| {
            let factor = conditions.attendance_time;
            [
                (area.share * area.rural, parameters.immediate_rural_minutes.times(factor)),
                (area.share * (1.0 - area.rural), parameters.immediate_urban_minutes.times(factor)),
            ]
        });
        let priority = areas().map(|(area, c)| (area.share, parameters.priority_minutes.times(c.attendance_time)));
        Self {
            immediate: immediate.collect(),
            priority: priority.collect(),
            unattended: areas().map(|(area, c)| area.share * c.unattended).sum(),
        }
    }
}

/// Sum of whole seconds: half a second less on average than the duration drawn.
fn mean(rng: &mut Stream, duration: Duration, events: u64) -> Figure {
    let n = events as f64;
    let sum = n * (duration.mean() - 0.5) + n.sqrt() * duration.standard_deviation() * normal(rng);
    Figure::Mean { seconds: sum.max(0.0).round() as u64, events }
}

/// The quantile of durations that are cut to whole seconds.
fn whole_seconds(figure: Figure) -> Figure {
    match figure {
        Figure::Quantile { value, events } => Figure::Quantile { value: value.floor(), events },
        other => other,
    }
}

/// A quantile of a mixture of durations, off its true value by as much as one of `events` drawn would be; see H. A.
/// David and H. N. Nagaraja, Order Statistics (2003), section 10.2.
pub fn quantile(rng: &mut Stream, mixture: &[(f64, Duration)], share: f64, events: u64) -> Figure {
    let total: f64 = mixture.iter().map(|(weight, _)| weight).sum();
    let within = |value: f64| mixture.iter().map(|(w, duration)| w / total * duration.share_within(value)).sum::<f64>();
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if within(middle) < share { low = middle } else { high = middle }
    }
    let density = (within(high * 1.01) - within(high * 0.99)) / (0.02 * high);
    let error = (share * (1.0 - share) / (events as f64).max(1.0)).sqrt() / density.max(1e-9);
    Figure::Quantile { value: (high + error * normal(rng)).max(0.0), events }
}
