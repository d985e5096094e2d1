//! Contacts and survey answers of one month.

use super::super::conditions::INFORMED;
use super::super::outcomes::OutcomeClass;
use super::super::random::{Stream, binomial, normal_share_below, poisson};
use super::super::world::{ForceSetting, World};
use super::outcome_ages::OutcomeAges;
use super::{Figure, History, HistoryMonth, Row};
use crate::domain::days_since_epoch;

const QUESTIONS: [&str; 5] =
    ["satisfied_contact", "satisfied_action", "satisfied_informed", "satisfied_treatment", "satisfied_overall"];

/// Adds the month's rows of victim metrics.
pub fn add(
    world: &World,
    force: &ForceSetting,
    history: &History,
    at: usize,
    ages: &OutcomeAges,
    rng: &mut Stream,
    rows: &mut Vec<Row>,
) {
    let month = &history.months[at];
    let mut push = |metric, figure| rows.push(Row { metric, scope: "all".to_owned(), month: month.month, figure });
    let contacts = &world.parameters.contacts;
    let kept = binomial(rng, victims(world, month).round() as u64, contacts.kept);
    let needs = binomial(rng, kept, month.conditions.needs_assessed);
    push("needs_assessed", Figure::Share { numerator: needs, denominator: kept });
    // The last week's first updates are not due yet.
    let first = days_since_epoch(month.month.first_day());
    let days = days_since_epoch(month.month.last_day()) - first + 1;
    let due = f64::from((world.period.last_day - 6 - first).clamp(0, days)) / f64::from(days);
    let due = binomial(rng, kept, due);
    let on_time = binomial(rng, due, over_areas(force, month, |area| area.updated_on_time));
    push("updated_on_time", Figure::Share { numerator: on_time, denominator: due });

    // Answers come about two months after the report.
    let reported = &history.months[at.saturating_sub(2)];
    let surveys = &world.parameters.surveys;
    let asked =
        victims(world, reported) * (1.0 + domestic_share(world, reported) * (surveys.domestic_abuse_factor - 1.0));
    let answered = poisson(rng, asked * surveys.answered);
    let no_answer: f64 = surveys.no_answer.values().sum();
    for (question, metric) in QUESTIONS.into_iter().enumerate() {
        let valid = answered - binomial(rng, answered, no_answer);
        let satisfied = binomial(rng, valid, satisfied(world, force, reported, ages, question));
        push(metric, Figure::Share { numerator: satisfied, denominator: valid });
    }
}

/// Net crimes of the month with a person as victim.
fn victims(world: &World, month: &HistoryMonth) -> f64 {
    let net = month.rows.crimes as f64 * (1.0 - month.conditions.cancelled);
    let shares = &month.demand_shares;
    net * shares.iter().zip(&world.parameters.subgroup).map(|(share, s)| share * s.victim_person).sum::<f64>()
}

/// Share of crimes with a person as victim that are domestic abuse.
fn domestic_share(world: &World, month: &HistoryMonth) -> f64 {
    let shares = &month.demand_shares;
    let of = |share: f64, subgroup: usize| share * world.parameters.subgroup[subgroup].victim_person;
    let people: f64 = shares.iter().enumerate().map(|(at, share)| of(*share, at)).sum();
    let domestic =
        shares.iter().enumerate().map(|(at, share)| of(*share, at) * world.parameters.subgroup[at].domestic_abuse);
    domestic.sum::<f64>() / people
}

fn over_areas(
    force: &ForceSetting,
    month: &HistoryMonth,
    of: impl Fn(&super::super::conditions::AreaConditions) -> f64,
) -> f64 {
    force.areas.iter().zip(&month.conditions.areas).map(|(area, conditions)| area.share * of(conditions)).sum()
}

/// Share of valid answers to a question that are 1 to 3.
fn satisfied(world: &World, force: &ForceSetting, month: &HistoryMonth, ages: &OutcomeAges, question: usize) -> f64 {
    let surveys = &world.parameters.surveys;
    let solved = solved_by_the_survey(month, ages);
    let informed = |shift: f64| if question == INFORMED { shift } else { 0.0 };
    let end = month.conditions.satisfied_below[question];
    over_areas(force, month, |area| {
        let updated = world.parameters.contacts.kept * area.updated_on_time;
        let share = |solved: f64, updated: f64| {
            let shift = solved * surveys.solved_shift + updated * surveys.updated_shift;
            normal_share_below(end + shift + informed(area.informed_shift))
        };
        solved * (updated * share(1.0, 1.0) + (1.0 - updated) * share(1.0, 0.0))
            + (1.0 - solved) * (updated * share(0.0, 1.0) + (1.0 - updated) * share(0.0, 0.0))
    })
}

/// Share of the month's crimes solved nine weeks later.
fn solved_by_the_survey(month: &HistoryMonth, ages: &OutcomeAges) -> f64 {
    let shares = &month.demand_shares;
    let solved = shares.iter().enumerate().map(|(subgroup, share)| {
        let outcomes = month.outcome_shares[subgroup];
        let classes = OutcomeClass::ALL.into_iter().filter(|class| class.is_solved());
        share * classes.map(|c| outcomes[c as usize] * ages.within_days(subgroup, c as usize, 63)).sum::<f64>()
    });
    solved.sum()
}
