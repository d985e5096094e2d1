//! Command-and-control incidents: grade, dispatch, arrival, closing.

use super::block::{Context, Day, Hours};
use super::call;
use super::clock::MINUTE;
use super::extract::{ExtractText, Reference};
use super::parameters::Area;
use super::plan::Rows;
use super::random::{Choice, Duration, Stream, between, happens};

#[derive(Clone, Debug)]
pub struct Incident {
    pub opened: i64,
    pub grade: Grade,
    pub area: usize,
    rural: bool,
    pub domestic_abuse: bool,
    opening_code: Code,
    closing_code: Code,
    dispatched: Option<i64>,
    arrived: Option<i64>,
    closed: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    Immediate,
    Priority,
    Scheduled,
    NoAttendance,
}

impl Grade {
    const ALL: [Self; 4] = [Self::Immediate, Self::Priority, Self::Scheduled, Self::NoAttendance];

    const fn name(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Priority => "priority",
            Self::Scheduled => "scheduled",
            Self::NoAttendance => "no attendance",
        }
    }
}

/// What an incident opens or closes as.
#[derive(Clone, Copy, Debug)]
enum Code {
    /// That of a subgroup of crime.
    Crime(usize),
    /// One of the list for incidents without a crime.
    Other(usize),
}

/// What is known of an incident before it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Report {
    pub reported: i64,
    pub area: usize,
    /// The crime's subgroup, and whether it is domestic abuse.
    pub crime: Option<(usize, bool)>,
}

/// Adds an incident to the day, with the call that opened it if there was one; its position.
pub fn draw(context: &Context<'_>, rng: &mut Stream, report: Report, calls: u64, day: &mut Day) -> usize {
    let parameters = &context.world.parameters;
    let position = day.incidents.len();
    let grade = grade(context, rng, report.crime.map(|(subgroup, _)| subgroup));
    let mut opened = report.reported;
    if happens(rng, parameters.incidents.from_a_call) && (day.calls.len() as u64) < calls {
        let call = call::opening(context, rng, grade, report.reported, position);
        let log = parameters.calls.log_opening_seconds.draw(rng) as i64;
        opened = (call.answered.unwrap_or(call.received) + log).min(context.world.period.taken_at);
        day.calls.push(call);
        if happens(rng, parameters.calls.second_caller) && (day.calls.len() as u64) < calls {
            day.calls.push(call::second(context, rng, grade, opened, position));
        }
    }
    let incident = respond(context, rng, report, grade, opened);
    day.incidents.push(incident);
    position
}

fn grade(context: &Context<'_>, rng: &mut Stream, subgroup: Option<usize>) -> Grade {
    let incidents = &context.world.parameters.incidents;
    let at = match subgroup {
        None => Choice::new(incidents.without_crime.shares()).draw(rng),
        Some(subgroup) if happens(rng, context.world.parameters.subgroup[subgroup].immediate) => 0,
        Some(_) => {
            let others = incidents.with_crime;
            1 + Choice::new([others.priority, others.scheduled, others.no_attendance]).draw(rng)
        }
    };
    Grade::ALL[at]
}

/// Dispatch, arrival and closing.
fn respond(context: &Context<'_>, rng: &mut Stream, report: Report, grade: Grade, opened: i64) -> Incident {
    let incidents = &context.world.parameters.incidents;
    let area = &context.force.areas[report.area];
    let conditions = &context.conditions.areas[report.area];
    let rural = happens(rng, area.rural);
    let unattended = incidents.unattended.shares()[grade as usize];
    // No attendance is as good as certain already; the force's factor is for the others.
    let factor = if grade == Grade::NoAttendance { 1.0 } else { conditions.unattended };
    let attended = !happens(rng, (unattended * factor).min(0.98));
    let (mut dispatched, mut arrived) = (None, None);
    let to_minute = |seconds: i64| seconds + (MINUTE - seconds.rem_euclid(MINUTE)) % MINUTE;
    let closed = if attended {
        let minutes = response(context, grade, rural).times(conditions.attendance_time).draw(rng);
        let seconds = (minutes * MINUTE as f64) as i64;
        let [low, high] = incidents.dispatch_share;
        dispatched = Some(opened + (seconds as f64 * between(rng, low, high)) as i64);
        arrived = Some(opened + seconds);
        opened + seconds + (incidents.on_scene_minutes.draw(rng) * MINUTE as f64) as i64
    } else {
        opened + (incidents.desk_minutes.draw(rng) * MINUTE as f64) as i64
    };
    let opening_code = match report.crime {
        Some((subgroup, _)) => Code::Crime(subgroup),
        None => Code::Other(context.world.opening_codes.choice.draw(rng)),
    };
    let reclassified = happens(rng, incidents.reclassified);
    Incident {
        opened,
        grade,
        area: report.area,
        rural,
        domestic_abuse: report.crime.map_or_else(|| happens(rng, incidents.domestic_abuse_without_crime), |(_, da)| da),
        opening_code,
        closing_code: if reclassified {
            Code::Other(context.world.opening_codes.choice.draw(rng))
        } else {
            opening_code
        },
        dispatched,
        arrived,
        closed: to_minute(closed),
    }
}

/// Minutes from opening to arrival, before the area's factor.
fn response(context: &Context<'_>, grade: Grade, rural: bool) -> Duration {
    let incidents = &context.world.parameters.incidents;
    match grade {
        Grade::Immediate if rural => incidents.immediate_rural_minutes,
        Grade::Immediate => incidents.immediate_urban_minutes,
        Grade::Priority => incidents.priority_minutes,
        Grade::Scheduled | Grade::NoAttendance => incidents.scheduled_minutes,
    }
}

/// The day's incidents without a crime.
pub fn draw_others(context: &Context<'_>, rng: &mut Stream, hours: &Hours, rows: Rows, day: &mut Day) {
    let areas = Choice::new(context.force.areas.iter().map(|area: &Area| area.share));
    while (day.incidents.len() as u64) < rows.incidents {
        let reported = hours.instant(rng, &hours.emergency);
        let report = Report { reported, area: areas.draw(rng), crime: None };
        draw(context, rng, report, rows.calls, day);
    }
}

pub fn write(context: &Context<'_>, day: i32, incident: &Incident, reference: Reference, text: &mut ExtractText) {
    let period = context.world.period;
    let closed = period.seen(incident.closed);
    let code = |code: Code| match code {
        Code::Crime(subgroup) => context.world.parameters.subgroup[subgroup].opening_code.as_str(),
        Code::Other(at) => context.world.opening_codes.names[at].as_str(),
    };
    text.row(day, |row| {
        row.reference(Some(reference))
            .time(Some(incident.opened))
            .text(incident.grade.name())
            .text(&context.force.slug)
            .text(&context.force.areas[incident.area].name)
            .text(if incident.rural { "rural" } else { "urban" })
            .text(code(incident.opening_code))
            .text(closed.map_or("", |_| code(incident.closing_code)))
            .time(incident.dispatched.and_then(|at| period.seen(at)))
            .time(incident.arrived.and_then(|at| period.seen(at)))
            .time(closed)
            .text(if incident.domestic_abuse { "Y" } else { "N" })
            .time(Some(closed.unwrap_or(incident.opened)));
    });
}
