//! Incidents: was anybody sent, did anybody arrive, and after how long.

use polars::prelude::{DataFrame, PolarsResult, polars_err};

use super::{Conformed, Conformer, frame};
use crate::tables::accepted::{Finding, Findings, INVALID_CODE, Rows, TimeCell};
use crate::tables::key;

const MICROS_PER_MINUTE: f64 = 60e6;
/// An officer already at the scene books arrival before the incident is opened; further back it is a mistake.
const ALREADY_AT_SCENE_MINUTES: f64 = 60.0;

/// What the arrival cell says, once opened is known.
struct Attendance {
    attended: Option<bool>,
    minutes: Option<f64>,
    arrived_instant: Option<i64>,
    before_opening: bool,
}

fn attendance(opened_instant: i64, arrived: TimeCell) -> Attendance {
    let none = Attendance { attended: None, minutes: None, arrived_instant: None, before_opening: false };
    let time = match arrived {
        TimeCell::Blank => return Attendance { attended: Some(false), ..none },
        TimeCell::Invalid => return none,
        TimeCell::At(time) => time,
    };
    let instant = time.instant_after(opened_instant);
    let minutes = (instant - opened_instant) as f64 / MICROS_PER_MINUTE;
    if minutes < -ALREADY_AT_SCENE_MINUTES {
        return Attendance { before_opening: true, ..none };
    }
    Attendance {
        attended: Some(true),
        minutes: Some(minutes.max(0.0)),
        arrived_instant: Some(instant),
        before_opening: false,
    }
}

/// Blank counts as urban; a setting that cannot be read is neither.
fn setting(cell: Option<&str>) -> Option<&str> {
    match cell {
        None => Some("urban"),
        Some(INVALID_CODE) => None,
        listed => listed,
    }
}

pub(super) fn conform(with: Conformer<'_>, rows: &Rows) -> PolarsResult<(Conformed, Vec<(u128, i64)>)> {
    let (opened, arrived) = (rows.times("opened_at")?, rows.times("first_arrived_at")?);
    let (dispatched, references) = (rows.times("first_dispatched_at")?, rows.text("incident_ref")?);
    let mut findings = Findings::default();
    let (mut early, mut late_dispatch) = (0, 0);
    let (mut attended, mut minutes, mut index) = (Vec::new(), Vec::new(), Vec::with_capacity(rows.len()));
    for row in 0..rows.len() {
        let opened_at = opened[row].at().ok_or_else(|| polars_err!(ComputeError: "opened_at is blank"))?;
        let opened_instant = opened_at.first_instant();
        let found = attendance(opened_instant, arrived[row].by(with.data_day));
        early += u64::from(found.before_opening);
        let dispatch = dispatched[row].by(with.data_day).at().map(|d| d.instant_after(opened_instant));
        late_dispatch += u64::from(dispatch.zip(found.arrived_instant).is_some_and(|(d, a)| d > a));
        attended.push(found.attended);
        minutes.push(found.minutes);
        if let (true, Some(force), Some(reference)) = (rows.in_window[row], rows.force.get(row), references.get(row)) {
            index.push((key::link(force, reference), opened_instant));
        }
    }
    findings.add(Finding::ArrivalBeforeOpening, "incidents", "first_arrived_at", early);
    findings.add(Finding::DispatchAfterArrival, "incidents", "first_dispatched_at", late_dispatch);
    let settings = rows.text("setting")?;
    let frame = DataFrame::new(
        rows.len(),
        vec![
            frame::text("force", &rows.force),
            frame::text("incident_ref", references),
            frame::unit("area", rows.text("area")?),
            frame::text("grade", rows.text("grade")?),
            frame::texts("setting", settings.iter().map(setting)),
            frame::flag_cells("domestic_abuse", rows.flags("domestic_abuse")?),
            frame::times("opened_at", opened.iter().copied())?,
            frame::times("first_arrived_at", arrived.iter().map(|t| t.by(with.data_day)))?,
            frame::flags("attended", attended.into_iter()),
            frame::numbers("arrival_minutes", minutes.into_iter()),
            frame::flags("in_window", rows.in_window.iter().map(|w| Some(*w))),
        ],
    )?;
    Ok((Conformed { frame, findings }, index))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::parse_time;

    #[test]
    fn arrivals() {
        let opened = parse_time("2026-05-01 12:00:00").unwrap().first_instant();
        for (arrived, attended, minutes) in [
            ("2026-05-01 12:15:30", Some(true), Some(15.5)),
            ("2026-05-01 11:00:00", Some(true), Some(0.0)), // already at scene
            ("2026-05-01 10:59:59", None, None),            // a mistake, and not "unattended"
        ] {
            let found = attendance(opened, TimeCell::At(parse_time(arrived).unwrap()));
            assert_eq!((found.attended, found.minutes), (attended, minutes), "{arrived}");
        }
        assert_eq!(attendance(opened, TimeCell::Blank).attended, Some(false));
        assert_eq!(attendance(opened, TimeCell::Invalid).attended, None);
    }

    #[test]
    fn an_arrival_across_the_clock_change_is_minutes_not_an_hour_out() {
        let opened = parse_time("2026-10-25 01:55:00").unwrap().first_instant();
        let found = attendance(opened, TimeCell::At(parse_time("2026-10-25 01:05:00").unwrap()));
        assert_eq!(found.minutes, Some(10.0));
        let opened = parse_time("2026-03-29 00:55:00").unwrap().first_instant();
        let found = attendance(opened, TimeCell::At(parse_time("2026-03-29 02:05:00").unwrap()));
        assert_eq!(found.minutes, Some(10.0));
    }
}
