//! Calls on the 999 and 101 lines.

use super::block::{Context, Day, Hours};
use super::conditions::Conditions;
use super::extract::{ExtractText, Reference};
use super::incident::Grade;
use super::plan::Rows;
use super::random::{Stream, between, happens};
use super::world::World;

#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub emergency: bool,
    pub received: i64,
    /// None: abandoned.
    pub answered: Option<i64>,
    pub ended: i64,
    /// Position of the incident among the day's.
    pub incident: Option<usize>,
}

/// How calls divide between the lines, and the share abandoned of those without an incident, so that the share of all
/// calls comes out as stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CallMix {
    pub share_999: f64,
    abandoned_unlinked_999: f64,
    abandoned_unlinked_101: f64,
}

impl CallMix {
    pub fn new(world: &World, conditions: &Conditions, rows: Rows) -> Self {
        let (calls, incidents) = (&world.parameters.calls, &world.parameters.incidents);
        let linked = incidents.from_a_call * (1.0 + calls.second_caller);
        let by_grade = grades(world, conditions, rows);
        let linked_999: f64 =
            by_grade.iter().zip(calls.emergency_line.shares()).map(|(n, share)| n * linked * share).sum();
        let linked_all = (by_grade.iter().sum::<f64>() * linked).min(rows.calls as f64);
        let unlinked = rows.calls as f64 - linked_all;
        let (unlinked_999, unlinked_101) =
            (unlinked * calls.emergency_line_unlinked, unlinked * (1.0 - calls.emergency_line_unlinked));
        let all_999 = linked_999.min(linked_all) + unlinked_999;
        let of_unlinked = |share: f64, all: f64, unlinked: f64| (share * all / unlinked.max(1.0)).min(0.9);
        let all_101 = rows.calls as f64 - all_999;
        Self {
            share_999: all_999 / (rows.calls as f64).max(1.0),
            abandoned_unlinked_999: of_unlinked(conditions.abandoned_999, all_999, unlinked_999),
            abandoned_unlinked_101: of_unlinked(conditions.abandoned_101, all_101, unlinked_101),
        }
    }
}

/// Expected incidents of each grade.
pub fn grades(world: &World, conditions: &Conditions, rows: Rows) -> [f64; 4] {
    let crimes = &world.parameters.crimes;
    let linked = rows.crimes as f64 * crimes.from_an_incident * (1.0 - crimes.second_crime_of_an_incident);
    let linked = linked.min(rows.incidents as f64);
    let demand = conditions.demand();
    let immediate: f64 = conditions
        .areas
        .iter()
        .flat_map(|area| area.demand.iter().zip(&world.parameters.subgroup))
        .map(|(share, subgroup)| share / demand * subgroup.immediate)
        .sum();
    let others = world.parameters.incidents.with_crime;
    let others = [others.priority, others.scheduled, others.no_attendance];
    let total: f64 = others.iter().sum();
    let [priority, scheduled, none] = others.map(|share| (1.0 - immediate) * share / total);
    let without = world.parameters.incidents.without_crime.shares();
    let without_total: f64 = without.iter().sum();
    let with = [immediate, priority, scheduled, none];
    std::array::from_fn(|at| linked * with[at] + (rows.incidents as f64 - linked) * without[at] / without_total)
}

/// The call that opens an incident of this grade, received at `received`.
pub fn opening(context: &Context<'_>, rng: &mut Stream, grade: Grade, received: i64, incident: usize) -> Call {
    let emergency = happens(rng, context.world.parameters.calls.emergency_line.shares()[grade as usize]);
    let mut call = answered(context, rng, emergency, received);
    call.incident = Some(incident);
    call
}

fn answered(context: &Context<'_>, rng: &mut Stream, emergency: bool, received: i64) -> Call {
    let conditions = &context.conditions;
    let wait = if emergency { conditions.answer_999_seconds } else { conditions.answer_101_seconds };
    let answered = received + wait.draw(rng).floor().min(3_600.0) as i64;
    let talk = context.world.parameters.calls.talk_seconds.draw(rng) as i64;
    Call { emergency, received, answered: Some(answered), ended: answered + talk.max(5), incident: None }
}

/// The day's calls that open no incident: second callers' come with theirs, these are about anything else.
pub fn draw_others(context: &Context<'_>, rng: &mut Stream, hours: &Hours, rows: Rows, day: &mut Day) {
    let calls = &context.world.parameters.calls;
    while (day.calls.len() as u64) < rows.calls {
        let emergency = happens(rng, calls.emergency_line_unlinked);
        let received = hours.instant(rng, if emergency { &hours.emergency } else { &hours.office });
        let mix = context.calls;
        let abandoned = if emergency { mix.abandoned_unlinked_999 } else { mix.abandoned_unlinked_101 };
        let call = if happens(rng, abandoned) {
            let patience = calls.patience_seconds.draw(rng) as i64;
            Call { emergency, received, answered: None, ended: received + patience.max(2), incident: None }
        } else {
            answered(context, rng, emergency, received)
        };
        day.calls.push(call);
    }
}

/// Another caller for an incident that was opened at `opened`, up to a quarter of an hour later.
pub fn second(context: &Context<'_>, rng: &mut Stream, grade: Grade, opened: i64, incident: usize) -> Call {
    let received = (opened + between(rng, 0.0, 900.0) as i64).min(context.world.period.taken_at);
    opening(context, rng, grade, received, incident)
}

pub fn write(
    context: &Context<'_>,
    day: i32,
    call: &Call,
    reference: Reference,
    incident: Option<Reference>,
    text: &mut ExtractText,
) {
    let period = context.world.period;
    text.row(day, |row| {
        row.reference(Some(reference))
            .text(if call.emergency { "999" } else { "101" })
            .time(Some(call.received))
            .time(call.answered.and_then(|at| period.seen(at)))
            .time(period.seen(call.ended))
            .reference(incident)
            .text(&context.force.slug);
    });
}
