//! What a crime's victim is told and says: Victims' Code contacts and survey answers.

use rand::Rng;

use super::block::Context;
use super::clock::{self, HOUR, MINUTE};
use super::conditions::INFORMED;
use super::crime::{Crime, VictimType, office_hours};
use super::extract::{ExtractText, Reference};
use super::random::{Stream, between, happens, normal};

/// The contacts with one victim so far.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    enhanced: bool,
    pub updated_on_time: bool,
    needs_assessed: Option<i64>,
    first_update: Option<i64>,
    statement_offered: Option<i64>,
    outcome_informed: Option<i64>,
}

/// Contacts of a crime with a person as victim, unless they were not kept.
pub fn draw_contact(context: &Context<'_>, rng: &mut Stream, crime: &Crime) -> Option<Contact> {
    let parameters = &context.world.parameters.contacts;
    if crime.victim != VictimType::Person || !happens(rng, parameters.kept) {
        return None;
    }
    let enhanced =
        happens(rng, if crime.domestic_abuse { parameters.enhanced_domestic_abuse } else { parameters.enhanced });
    let seen = |at: i64| context.world.period.seen(at);
    let updated_on_time = happens(rng, context.conditions.areas[crime.place.area].updated_on_time);
    let first_update = update(context, rng, crime, enhanced, updated_on_time);
    let needs = happens(rng, context.conditions.needs_assessed);
    let needs_days = parameters.needs_hours.draw(rng) / 24.0;
    let needs_at = office_hours(rng, crime.recorded, needs_days);
    let statement = happens(rng, parameters.statement_offered);
    let statement_days = between(rng, 0.0, 10.0);
    let statement_at = office_hours(rng, crime.recorded, statement_days);
    let informed = happens(rng, parameters.outcome_informed);
    let informed_days = parameters.outcome_informed_days.draw(rng);
    let informed_at = crime.outcome.map(|o| office_hours(rng, o.given, informed_days));
    Some(Contact {
        enhanced,
        updated_on_time,
        needs_assessed: seen(needs_at).filter(|_| needs),
        first_update: first_update.and_then(seen),
        statement_offered: seen(statement_at).filter(|_| statement),
        outcome_informed: informed_at.and_then(seen).filter(|_| informed),
    })
}

/// The first update: by the end of the due day, or some days after it, or never. Bank holidays are left out of the
/// reckoning of the due day here, so a few late updates over Easter or Christmas are in time after all.
fn update(context: &Context<'_>, rng: &mut Stream, crime: &Crime, enhanced: bool, on_time: bool) -> Option<i64> {
    let parameters = &context.world.parameters.contacts;
    let due = due_day(clock::day(crime.recorded), if enhanced { 1 } else { 5 });
    if on_time {
        let end = clock::instant(due, 20 * HOUR).max(crime.recorded);
        let seconds = (end - crime.recorded) as f64 * rng.random::<f64>();
        return Some(whole_minute(crime.recorded + seconds as i64));
    }
    let days = parameters.late_days.draw(rng).clamp(0.0, 300.0).ceil() as i32;
    let late = clock::instant(due + days.max(1), between(rng, 8.0, 20.0) as i64 * HOUR);
    let never = parameters.never_updated / (1.0 - parameters.updated_on_time).max(0.01);
    (!happens(rng, never)).then_some(late)
}

/// The end of the working day `working_days` after a day, weekends left out.
fn due_day(day: i32, working_days: i32) -> i32 {
    let (mut due, mut left) = (day, working_days);
    while left > 0 {
        due += 1;
        // 1970-01-01 was a Thursday: 2 and 3 after it is a weekend.
        if !matches!(due.rem_euclid(7), 2 | 3) {
            left -= 1;
        }
    }
    due
}

fn whole_minute(at: i64) -> i64 {
    at + (MINUTE - at.rem_euclid(MINUTE)) % MINUTE
}

pub fn write_contact(context: &Context<'_>, day: i32, contact: &Contact, crime: Reference, text: &mut ExtractText) {
    text.row(day, |row| {
        row.reference(Some(crime))
            .text(&context.force.slug)
            .text(if contact.enhanced { "Y" } else { "N" })
            .time(contact.needs_assessed)
            .time(contact.first_update)
            .time(contact.statement_offered)
            .time(contact.outcome_informed);
    });
}

/// Six to twelve weeks after the report, a sample of victims answers. The response takes its crime's number.
pub fn survey(
    context: &Context<'_>,
    rng: &mut Stream,
    day: i32,
    crime: &Crime,
    contact: Option<&Contact>,
    reference: Reference,
    text: &mut ExtractText,
) {
    let parameters = &context.world.parameters.surveys;
    let factor = if crime.domestic_abuse { parameters.domestic_abuse_factor } else { 1.0 };
    let asked = crime.victim == VictimType::Person && crime.cancelled.is_none();
    if !asked || !happens(rng, parameters.answered * factor) {
        return;
    }
    let [first, last] = parameters.days;
    let surveyed = clock::day(crime.reported) + between(rng, first, last + 1.0) as i32;
    let surveyed = clock::instant(surveyed, between(rng, 9.0 * 60.0, 19.0 * 60.0) as i64 * MINUTE);
    if context.world.period.seen(surveyed).is_none() {
        return;
    }
    let answers = answers(context, rng, crime, contact, surveyed);
    // Those asked more often count less, so that the weighted answers stand for all victims.
    let weight = format!("{:.2}", parameters.weight / factor);
    text.row(day, |row| {
        row.reference(Some(Reference { prefix: "SV", ..reference }))
            .time(Some(surveyed))
            .reference(Some(reference))
            .text(&context.force.slug);
        for answer in answers {
            row.text(answer);
        }
        row.text(&weight);
    });
}

/// The five answers, 1 to 7 or none, alike within one victim.
fn answers<'a>(
    context: &'a Context<'_>,
    rng: &mut Stream,
    crime: &Crime,
    contact: Option<&Contact>,
    surveyed: i64,
) -> [&'a str; 5] {
    let parameters = &context.world.parameters.surveys;
    let solved = crime.outcome.is_some_and(|o| o.class.is_solved() && o.given <= surveyed);
    let updated = contact.is_some_and(|c| c.updated_on_time);
    let mut shift = if solved { parameters.solved_shift } else { 0.0 };
    shift += if updated { parameters.updated_shift } else { 0.0 };
    let common = normal(rng) * parameters.common_share.sqrt();
    let own_share = (1.0 - parameters.common_share).sqrt();
    let no_answers = &context.world.no_answers;
    let no_answer: f64 = parameters.no_answer.values().sum();
    std::array::from_fn(|question| {
        let informed =
            if question == INFORMED { context.conditions.areas[crime.place.area].informed_shift } else { 0.0 };
        let answer = common + own_share * normal(rng) - shift - informed;
        if happens(rng, no_answer) {
            no_answers.names[no_answers.choice.draw(rng)].as_str()
        } else {
            score(answer - context.conditions.satisfied_below[question])
        }
    })
}

/// Score of an answer whose place on a standard normal scale is `above` the end of the satisfied ones.
fn score(above: f64) -> &'static str {
    const ENDS: [f64; 6] = [-1.1, -0.5, 0.0, 0.35, 0.75, 1.2];
    const SCORES: [&str; 7] = ["1", "2", "3", "4", "5", "6", "7"];
    SCORES[ENDS.partition_point(|end| *end <= above)]
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::days_since_epoch;

    #[test]
    fn a_due_day_skips_the_weekend() {
        let day = |d| days_since_epoch(NaiveDate::from_ymd_opt(2026, 9, d).unwrap());
        // 2026-09-03 is a Thursday, 2026-09-05 a Saturday.
        for (recorded, working_days, due) in [(3, 1, 4), (4, 1, 7), (5, 1, 7), (3, 5, 10), (5, 5, 11)] {
            assert_eq!(due_day(day(recorded), working_days), day(due), "{recorded} + {working_days}");
        }
    }

    #[test]
    fn scores_1_to_3_are_the_satisfied_ones() {
        assert_eq!((score(-0.001), score(0.0)), ("3", "4"));
        assert_eq!((score(-5.0), score(5.0)), ("1", "7"));
    }
}
