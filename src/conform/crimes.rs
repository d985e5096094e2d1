//! Crimes: class of offence, outcome by the data date, time to it, and the incident they came from.

use polars::prelude::{Column, DataFrame, PolarsResult, polars_err};

use super::{Conformed, Conformer, IncidentIndex, Posts, frame};
use crate::domain::clock::{CivilTime, MICROS_PER_DAY};
use crate::domain::{UNALLOCATED, UNMAPPED};
use crate::tables::accepted::{Finding, Findings, INVALID_CODE, Rows, TimeCell};
use crate::tables::organisation::PostUnits;

const MICROS_PER_HOUR: f64 = 3600e6;

/// The one outcome that a crime has on the data date.
struct Outcome {
    known: bool,
    at: TimeCell,
    days: Option<f64>,
    before_recording: bool,
}

/// An outcome after the data date has not been given yet; one without a time counts on the recorded basis alone.
fn outcome(recorded: CivilTime, given: bool, at: TimeCell, data_day: i32) -> Outcome {
    let none = Outcome { known: false, at: TimeCell::Blank, days: None, before_recording: false };
    if !given {
        return none;
    }
    match at {
        TimeCell::At(time) if time.day() > data_day => none,
        TimeCell::At(time) => {
            let micros = time.civil_micros - recorded.civil_micros;
            let days = micros.max(0) as f64 / MICROS_PER_DAY as f64;
            Outcome { known: true, at, days: Some(days), before_recording: micros < 0 }
        }
        TimeCell::Blank | TimeCell::Invalid => Outcome { known: true, at: TimeCell::Blank, ..none },
    }
}

/// `None` where the cancellation cannot be read: the crime is then in no measure that asks.
fn cancelled(cell: TimeCell, data_day: i32) -> Option<bool> {
    match cell.by(data_day) {
        TimeCell::Blank => Some(false),
        TimeCell::At(_) => Some(true),
        TimeCell::Invalid => None,
    }
}

pub(super) fn conform(
    with: Conformer<'_>,
    rows: &Rows,
    incidents: &IncidentIndex,
    posts: &Posts,
) -> PolarsResult<Conformed> {
    let (recorded, outcome_at) = (rows.times("recorded_at")?, rows.times("outcome_at")?);
    let cancelled_at = rows.times("cancelled_at")?;
    let (given, incident_refs) = (rows.text("outcome_type")?, rows.text("incident_ref")?);
    let (mut outcomes, mut delays) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    let (reported_at, mut reported) = (rows.times("reported_at")?, Vec::with_capacity(rows.len()));
    for row in 0..rows.len() {
        let recorded_at = recorded[row].at().ok_or_else(|| polars_err!(ComputeError: "recorded_at is blank"))?;
        outcomes.push(outcome(recorded_at, given.get(row).is_some(), outcome_at[row], with.data_day));
        let opened =
            incident_refs.get(row).zip(rows.force.get(row)).and_then(|(r, force)| incidents.opened_instant(force, r));
        let hours_after = |instant: i64| (recorded_at.instant_after(instant) - instant) as f64 / MICROS_PER_HOUR;
        delays.push(opened.map(hours_after));
        reported.push(reported_at[row].at().map(|reported| hours_after(reported.first_instant())));
    }
    let offences = Offences::classify(with, rows)?;
    let mut findings = findings(with, rows, &outcomes, &delays, offences.unmapped)?;
    let organisation = Organisation::of(rows, posts)?;
    findings.add(Finding::OfficerWithoutPost, "crimes", "officer", organisation.without_post);
    let shown = |row: usize| outcomes[row].known.then(|| given.get(row)).flatten();
    let frame = DataFrame::new(
        rows.len(),
        vec![
            frame::text("force", &rows.force),
            frame::text("crime_ref", rows.text("crime_ref")?),
            frame::text("incident_ref", incident_refs),
            organisation.unit(rows, "area", |units| &units.area)?,
            organisation.unit(rows, "department", |units| &units.department)?,
            organisation.unit(rows, "team", |units| &units.team)?,
            organisation.unit(rows, "supervisor", |units| &units.supervisor)?,
            frame::unit("officer", rows.text("officer")?),
            frame::text("offence_code", rows.text("offence_code")?),
            frame::texts("offence_group", offences.group.into_iter()),
            frame::texts("offence_subgroup", offences.subgroup.into_iter()),
            frame::texts("victim_type", rows.text("victim_type")?.iter().map(|t| t.filter(|t| *t != INVALID_CODE))),
            frame::flag_cells("domestic_abuse", rows.flags("domestic_abuse")?),
            frame::flag_cells("hate_crime", rows.flags("hate_crime")?),
            frame::times("recorded_at", recorded.iter().copied())?,
            frame::flags("cancelled", cancelled_at.iter().map(|t| cancelled(*t, with.data_day))),
            frame::times("cancelled_at", cancelled_at.iter().map(|t| t.by(with.data_day)))?,
            frame::texts("outcome_type", (0..rows.len()).map(shown)),
            frame::times("outcome_at", outcomes.iter().map(|o| o.at))?,
            frame::flags("outcome_at_invalid", outcome_at.iter().map(|t| Some(*t == TimeCell::Invalid))),
            frame::numbers("days_to_outcome", outcomes.iter().map(|o| o.days)),
            frame::flags("has_incident", delays.iter().map(|d| Some(d.is_some()))),
            frame::numbers("recording_delay_hours", delays.iter().copied()),
            frame::numbers("report_to_recording_hours", reported.into_iter()),
            still_to_come("review_due_at", rows)?,
            still_to_come("bail_until", rows)?,
            still_to_come("limit_at", rows)?,
            frame::flags("in_window", rows.in_window.iter().map(|w| Some(*w))),
        ],
    )?;
    Ok(Conformed { frame, findings })
}

/// A time that may lie after the data date: it says when something falls due, not that it has happened.
fn still_to_come(name: &str, rows: &Rows) -> PolarsResult<Column> {
    frame::times(name, rows.times(name)?.iter().copied())
}

/// The units of the post that each row's officer held on the day of recording.
struct Organisation<'p> {
    /// `None` where nobody is known to hold a post.
    of_row: Option<Vec<Option<&'p PostUnits>>>,
    /// Rows whose officer held none.
    without_post: u64,
}

impl<'p> Organisation<'p> {
    fn of(rows: &Rows, posts: &'p Posts) -> PolarsResult<Self> {
        if posts.is_empty() {
            return Ok(Self { of_row: None, without_post: 0 });
        }
        let (recorded, officers) = (rows.times("recorded_at")?, rows.text("officer")?);
        let (mut of_row, mut without_post) = (Vec::with_capacity(rows.len()), 0);
        for (row, officer) in officers.iter().enumerate() {
            let on = recorded[row].at().map(|at| at.day());
            let held = |officer| posts.units_on(rows.force.get(row)?, officer, on?);
            let units = officer.and_then(held);
            without_post += u64::from(officer.is_some() && units.is_none());
            of_row.push(units);
        }
        Ok(Self { of_row: Some(of_row), without_post })
    }

    /// What the crime names stands; a blank is filled from the post.
    fn unit(&self, rows: &Rows, name: &str, of: impl Fn(&'p PostUnits) -> &'p str) -> PolarsResult<Column> {
        let stated = rows.text(name)?;
        let Some(of_row) = &self.of_row else { return Ok(frame::unit(name, stated)) };
        let filled = stated.iter().zip(of_row).map(|(own, post)| own.or_else(|| post.map(&of)).or(Some(UNALLOCATED)));
        Ok(frame::texts(name, filled))
    }
}

/// Group and subgroup of each row's offence code.
struct Offences<'r> {
    group: Vec<Option<&'r str>>,
    /// `None` where unmapped.
    subgroup: Vec<Option<&'r str>>,
    unmapped: u64,
}

impl<'r> Offences<'r> {
    fn classify(with: Conformer<'r>, rows: &Rows) -> PolarsResult<Self> {
        let mut found = Self { group: Vec::new(), subgroup: Vec::new(), unmapped: 0 };
        for code in rows.text("offence_code")?.iter() {
            let offence = code.and_then(|code| {
                let listed = with.references.offences.get(code);
                listed.or_else(|| with.references.offences.get(&code.to_uppercase()))
            });
            found.unmapped += u64::from(offence.is_none());
            found.group.push(Some(offence.map_or(UNMAPPED, |o| o.group.as_str())));
            found.subgroup.push(offence.map(|o| o.subgroup.as_str()));
        }
        Ok(found)
    }
}

fn findings(
    with: Conformer<'_>,
    rows: &Rows,
    outcomes: &[Outcome],
    delays: &[Option<f64>],
    unmapped_offences: u64,
) -> PolarsResult<Findings> {
    let count = |test: &dyn Fn(usize) -> bool| (0..rows.len()).filter(|row| test(*row)).count() as u64;
    let given = rows.text("outcome_type")?;
    let incident_refs = rows.text("incident_ref")?;
    let unknown =
        |row: usize| given.get(row).is_some_and(|code| !with.references.outcome_types.iter().any(|t| t.code == code));
    let mut findings = Findings::default();
    let mut add = |finding, column: &str, rows| findings.add(finding, "crimes", column, rows);
    add(Finding::UnmappedOffence, "offence_code", unmapped_offences);
    add(Finding::UnmappedOutcome, "outcome_type", count(&unknown));
    add(
        Finding::OutcomeWithoutTime,
        "outcome_at",
        count(&|row| outcomes[row].known && outcomes[row].at.at().is_none()),
    );
    add(Finding::OutcomeBeforeRecording, "outcome_at", count(&|row| outcomes[row].before_recording));
    add(
        Finding::IncidentNotFound,
        "incident_ref",
        count(&|row| incident_refs.get(row).is_some() && delays[row].is_none()),
    );
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::parse_time;

    fn at(text: &str) -> TimeCell {
        TimeCell::At(parse_time(text).unwrap())
    }

    #[test]
    fn an_outcome_as_known_on_the_data_date() {
        let recorded = parse_time("2026-03-28 12:00:00").unwrap();
        let data_day = parse_time("2026-05-01").unwrap().day();
        let cases = [
            (true, at("2026-03-29 12:00:00"), (true, Some(1.0), false)), // civil days, whatever the clock did
            (true, at("2026-03-29 00:00:00"), (true, Some(0.5), false)),
            (true, at("2026-03-27 12:00:00"), (true, Some(0.0), true)),
            (true, at("2026-05-01 23:59:59"), (true, Some(34.0 + 43_199.0 / 86_400.0), false)),
            (true, at("2026-05-02 00:00:00"), (false, None, false)), // not given yet
            (true, TimeCell::Blank, (true, None, false)),
            (true, TimeCell::Invalid, (true, None, false)),
            (false, at("2026-03-29 12:00:00"), (false, None, false)),
        ];
        for (i, (given, time, expected)) in cases.into_iter().enumerate() {
            let found = outcome(recorded, given, time, data_day);
            assert_eq!((found.known, found.days, found.before_recording), expected, "case {i}");
        }
    }

    #[test]
    fn cancelled_by_the_data_date() {
        let data_day = parse_time("2026-05-01").unwrap().day();
        for (cell, expected) in [
            (TimeCell::Blank, Some(false)),
            (at("2026-05-01 23:00:00"), Some(true)),
            (at("2026-05-02"), Some(false)),
            (TimeCell::Invalid, None),
        ] {
            assert_eq!(cancelled(cell, data_day), expected);
        }
    }
}
