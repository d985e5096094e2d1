//! Recorded crimes: offence, victim, allocation, cancellation, outcome.

use rand::Rng;

use super::block::{Context, Day, Hours, Place};
use super::clock::{self, DAY, HOUR, MINUTE};
use super::extract::{ExtractText, Reference};
use super::incident::{self, Report};
use super::outcomes::OutcomeClass;
use super::parameters::Subgroup;
use super::plan::Rows;
use super::random::{Stream, between, happens};

#[derive(Clone, Debug)]
pub struct Crime {
    pub place: Place,
    pub reported: i64,
    pub recorded: i64,
    /// Position of the incident among the day's.
    pub incident: Option<usize>,
    pub victim: VictimType,
    pub domestic_abuse: bool,
    /// At the extract's time: a cancellation, an outcome, or neither.
    pub cancelled: Option<i64>,
    pub outcome: Option<Outcome>,
    /// The class that an open crime's outcome will have.
    class: OutcomeClass,
}

#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub class: OutcomeClass,
    pub given: i64,
    /// Position of the outcome type within its class.
    code: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VictimType {
    Person,
    Business,
    State,
}

impl VictimType {
    const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Business => "business",
            Self::State => "state",
        }
    }
}

/// The day's crimes, with the incidents and calls through which they were reported.
pub fn draw(context: &Context<'_>, rng: &mut Stream, hours: &Hours, rows: Rows, day: &mut Day) {
    let crimes = &context.world.parameters.crimes;
    for _ in 0..rows.crimes {
        let linked = happens(rng, crimes.from_an_incident) && (day.incidents.len() as u64) < rows.incidents;
        let reported = hours.instant(rng, if linked { &hours.emergency } else { &hours.office });
        let mut place = context.place(rng, reported);
        if !linked {
            let crime = record(context, rng, place, reported, (reported, None), None);
            day.crimes.push(crime);
            continue;
        }
        let another = happens(rng, crimes.second_crime_of_an_incident) && !day.incidents.is_empty();
        if another {
            let position = day.incidents.len() - 1;
            let first = &day.incidents[position];
            place.area = first.area;
            let (opened, domestic_abuse) = (first.opened, first.domestic_abuse);
            let crime = record(context, rng, place, opened, (opened, Some(position)), Some(domestic_abuse));
            day.crimes.push(crime);
        } else {
            let domestic_abuse = happens(rng, context.world.parameters.subgroup[place.subgroup].domestic_abuse);
            let report = Report { reported, area: place.area, crime: Some((place.subgroup, domestic_abuse)) };
            let position = incident::draw(context, rng, report, rows.calls, day);
            let opened = day.incidents[position].opened;
            let crime = record(context, rng, place, reported, (opened, Some(position)), Some(domestic_abuse));
            day.crimes.push(crime);
        }
    }
}

/// A crime recorded some time after `opened`, the opening of its incident or the report itself.
fn record(
    context: &Context<'_>,
    rng: &mut Stream,
    place: Place,
    reported: i64,
    (opened, incident): (i64, Option<usize>),
    domestic_abuse: Option<bool>,
) -> Crime {
    let crimes = &context.world.parameters.crimes;
    let subgroup = &context.world.parameters.subgroup[place.subgroup];
    let taken_at = context.world.period.taken_at;
    let late = happens(rng, crimes.recorded_late);
    let delay = if late { crimes.recording_late_hours } else { crimes.recording_prompt_hours };
    let delay = delay.times(context.conditions.recording_delay).draw(rng) * HOUR as f64;
    // A crime that is not recorded by the time of the extract is not in it: the rest are recorded sooner.
    let recorded = Some(opened + delay as i64).filter(|at| *at <= taken_at);
    let recorded = recorded.unwrap_or_else(|| opened + ((taken_at - opened) as f64 * rng.random::<f64>()) as i64);
    let class = OutcomeClass::ALL[context.outcomes(place).draw(rng)];
    let mut crime = Crime {
        place,
        reported,
        recorded,
        incident,
        victim: victim(rng, subgroup),
        domestic_abuse: domestic_abuse.unwrap_or_else(|| happens(rng, subgroup.domestic_abuse)),
        cancelled: None,
        outcome: None,
        class,
    };
    if happens(rng, context.conditions.cancelled) {
        let days = crimes.cancelled_days.draw(rng);
        crime.cancelled = context.world.period.seen(office_hours(rng, recorded, days));
    } else {
        crime.outcome = outcome(context, rng, &crime);
    }
    crime
}

fn victim(rng: &mut Stream, subgroup: &Subgroup) -> VictimType {
    let drawn = rng.random::<f64>();
    if drawn < subgroup.victim_person {
        VictimType::Person
    } else if drawn < subgroup.victim_person + subgroup.victim_business {
        VictimType::Business
    } else {
        VictimType::State
    }
}

fn outcome(context: &Context<'_>, rng: &mut Stream, crime: &Crime) -> Option<Outcome> {
    let days = context.world.subgroups[crime.place.subgroup].days[crime.class as usize].draw(rng);
    let given = office_hours(rng, crime.recorded, days);
    let code = context.world.outcome_types[crime.class as usize].choice.draw(rng);
    context.world.period.seen(given).map(|given| Outcome { class: crime.class, given, code })
}

/// A whole minute between 07:00 and 21:00 of the day that is `days` later, or the later moment itself if that would be
/// too early.
pub fn office_hours(rng: &mut Stream, from: i64, days: f64) -> i64 {
    let later = from + (days.min(20_000.0) * DAY as f64) as i64;
    let in_hours = clock::instant(clock::day(later), between(rng, 7.0 * 60.0, 21.0 * 60.0) as i64 * MINUTE);
    if in_hours >= from { in_hours } else { later.max(from) }
}

pub fn write(
    context: &Context<'_>,
    rng: &mut Stream,
    day: i32,
    crime: &Crime,
    reference: Reference,
    incident: Option<Reference>,
    text: &mut ExtractText,
) {
    let parameters = &context.world.parameters.crimes;
    let codes = &context.world.subgroups[crime.place.subgroup].codes;
    let code = &codes.names[codes.choice.draw(rng)];
    let (from, to) = occurred(context, rng, crime);
    let department = context.world.subgroups[crime.place.subgroup].allocation.draw(rng);
    let allocation = context.roster.allocate(rng, department, crime.place.area);
    let allocation = allocation.filter(|_| !happens(rng, parameters.blank_organisation));
    let area_is_known = allocation.is_some() || happens(rng, 0.5);
    let (victim, flags) = (victim_number(context, rng, crime), flags(context, rng, crime));
    let due = Due::of(context, rng, crime, code, from);
    let outcome = crime.outcome;
    let outcome_code = outcome.map_or("", |o| &context.world.outcome_types[o.class as usize].codes[o.code]);
    let updated = crime.cancelled.or(outcome.map(|o| o.given)).unwrap_or(crime.recorded);
    text.row(day, |row| {
        row.reference(Some(reference))
            .time(Some(crime.recorded))
            .text(code)
            .reference(incident)
            .text(&context.force.slug)
            .time(Some(crime.reported))
            .time(Some(from))
            .time(to)
            .text(if area_is_known { &context.force.areas[crime.place.area].name } else { "" })
            .text(allocation.map_or("", |a| a.department))
            .text(allocation.map_or("", |a| a.team))
            .text(allocation.map_or("", |a| a.officer))
            .text(allocation.map_or("", |a| a.supervisor))
            .text(&victim)
            .text(crime.victim.name())
            .text(flags[0])
            .text(flags[1])
            .text(flags[2])
            .time(crime.cancelled)
            .text(outcome_code)
            .time(outcome.map(|o| o.given))
            .time(due.review)
            .time(due.bail)
            .time(due.limit)
            .time(Some(updated));
    });
}

/// First and last moment of the offence, to five minutes; no last one for most.
fn occurred(context: &Context<'_>, rng: &mut Stream, crime: &Crime) -> (i64, Option<i64>) {
    let five_minutes = |at: i64| at - at.rem_euclid(5 * MINUTE);
    let hours = context.world.parameters.crimes.occurred_hours.draw(rng).min(90_000.0);
    let before = (hours * HOUR as f64) as i64;
    let over_a_span = happens(rng, context.world.parameters.subgroup[crime.place.subgroup].occurred_over_a_span);
    let to = crime.reported - (before as f64 * rng.random::<f64>()) as i64;
    (five_minutes(crime.reported - before), over_a_span.then(|| five_minutes(to)))
}

fn victim_number(context: &Context<'_>, rng: &mut Stream, crime: &Crime) -> String {
    if crime.victim == VictimType::State {
        return String::new();
    }
    let years = context.world.period.years();
    let victims = context.force.crimes_per_year * years * context.world.parameters.crimes.victims_per_crime;
    format!("V{:07}", rng.random_range(0..(victims as u64).max(100)))
}

/// Domestic abuse, hate crime and repeat victim, as they were typed: a strand for most hate crimes, blank for some.
fn flags<'a>(context: &'a Context<'_>, rng: &mut Stream, crime: &Crime) -> [&'a str; 3] {
    let parameters = &context.world.parameters.crimes;
    let typed = |flag: bool| if flag { "Y" } else { "N" };
    let domestic_abuse = if happens(rng, parameters.blank_domestic_abuse) { "" } else { typed(crime.domestic_abuse) };
    let hate = happens(rng, context.world.parameters.subgroup[crime.place.subgroup].hate_crime);
    let hate_crime = if happens(rng, parameters.blank_hate_crime) {
        ""
    } else if hate && happens(rng, 0.9) {
        let strands = &context.world.hate_strands;
        strands.names[strands.choice.draw(rng)].as_str()
    } else {
        typed(hate)
    };
    let person = crime.victim == VictimType::Person;
    let repeat = happens(rng, parameters.repeat_victim);
    let repeat_victim = if person && !happens(rng, parameters.blank_repeat_victim) { typed(repeat) } else { "" };
    [domestic_abuse, hate_crime, repeat_victim]
}

/// What falls due for an open crime.
#[derive(Clone, Copy, Debug, Default)]
struct Due {
    review: Option<i64>,
    bail: Option<i64>,
    limit: Option<i64>,
}

impl Due {
    fn of(context: &Context<'_>, rng: &mut Stream, crime: &Crime, code: &str, occurred_from: i64) -> Self {
        if crime.outcome.is_some() || crime.cancelled.is_some() {
            return Self::default();
        }
        let parameters = &context.world.parameters.crimes;
        let end_of = |day: i32| clock::instant(day, DAY - MINUTE);
        let today = clock::day(context.world.period.taken_at);
        let age = i64::from(today - clock::day(crime.recorded));
        let every = parameters.review_every_days.max(1);
        // The next of the reviews every four weeks; one in ten is overdue by up to two.
        let overdue = if happens(rng, 0.1) { rng.random_range(0..14) } else { 0 };
        let next = i64::from(today) + every - age.rem_euclid(every) - overdue * i64::from(age > 14);
        let bailed = crime.class.has_suspect() && happens(rng, parameters.bail_of_suspects);
        let bail = clock::day(crime.recorded) + rng.random_range(1..parameters.bail_days.max(2)) as i32 + 7;
        let limited = parameters.summary_only_codes.iter().any(|c| c == code);
        Self {
            review: Some(end_of(next as i32)),
            bail: (bailed && bail > today).then(|| end_of(bail)),
            limit: limited.then(|| end_of(six_months_after(clock::day(occurred_from)))),
        }
    }
}

/// The day before the same day six months later.
fn six_months_after(day: i32) -> i32 {
    let date = crate::domain::civil_date(day);
    let limit = date.checked_add_months(chrono::Months::new(6)).and_then(|d| d.pred_opt());
    limit.map_or(day, crate::domain::days_since_epoch)
}
