//! Calls: answered or not, after how many seconds, and how long they took.

use polars::prelude::{DataFrame, PolarsResult, polars_err};

use super::{Conformed, Conformer, IncidentIndex, frame};
use crate::tables::accepted::{Finding, Findings, Rows, TimeCell};

/// Answered, and seconds to answer. A call with an answer before its receipt was answered, after nobody knows how long;
/// of one whose answer cannot be read nothing is known.
fn answer(received_instant: i64, answered: TimeCell) -> (Option<bool>, Option<f64>) {
    match answered {
        TimeCell::Blank => (Some(false), None),
        TimeCell::Invalid => (None, None),
        TimeCell::At(time) => {
            let micros = time.instant_after(received_instant) - received_instant;
            if micros < 0 { (Some(true), None) } else { (Some(true), Some(micros as f64 / 1e6)) }
        }
    }
}

/// Seconds from the answer to the end of an answered call, and from receipt to the end of an abandoned one. An end comes
/// after the answer, or else after the receipt; one that does not is no end.
fn length(received_instant: i64, answered: TimeCell, ended: TimeCell) -> (Option<f64>, Option<f64>) {
    let after = |predecessor: i64| {
        let micros = ended.at()?.instant_after(predecessor) - predecessor;
        (micros >= 0).then_some(micros as f64 / 1e6)
    };
    match answered {
        TimeCell::Blank => (None, after(received_instant)),
        TimeCell::Invalid => (None, None),
        TimeCell::At(time) => (after(time.instant_after(received_instant)), None),
    }
}

pub(super) fn conform(with: Conformer<'_>, rows: &Rows, incidents: &IncidentIndex) -> PolarsResult<Conformed> {
    let (received, answered_at) = (rows.times("received_at")?, rows.times("answered_at")?);
    let ended_at = rows.times("ended_at")?;
    let (mut answered, mut seconds, mut early) = (Vec::new(), Vec::new(), 0);
    let (mut talked, mut gave_up) = (Vec::new(), Vec::new());
    for row in 0..rows.len() {
        let received_at = received[row].at().ok_or_else(|| polars_err!(ComputeError: "received_at is blank"))?;
        let cell = answered_at[row].by(with.data_day);
        let (was_answered, after_seconds) = answer(received_at.first_instant(), cell);
        early += u64::from(after_seconds.is_none() && cell.at().is_some());
        answered.push(was_answered);
        seconds.push(after_seconds);
        let (talk, wait) = length(received_at.first_instant(), cell, ended_at[row].by(with.data_day));
        talked.push(talk);
        gave_up.push(wait);
    }
    let mut findings = Findings::default();
    findings.add(Finding::AnswerBeforeReceipt, "calls", "answered_at", early);
    let references = rows.text("incident_ref")?;
    let linked = rows.force.iter().zip(references.iter()).map(|(force, reference)| {
        let opened = force.zip(reference).and_then(|(force, reference)| incidents.opened_instant(force, reference));
        Some(opened.is_some())
    });
    let frame = DataFrame::new(
        rows.len(),
        vec![
            frame::text("force", &rows.force),
            frame::text("call_ref", rows.text("call_ref")?),
            frame::text("line", rows.text("line")?),
            frame::text("incident_ref", references),
            frame::times("received_at", received.iter().copied())?,
            frame::flags("answered", answered.into_iter()),
            frame::numbers("answer_seconds", seconds.into_iter()),
            frame::numbers("talk_seconds", talked.into_iter()),
            frame::numbers("abandoned_seconds", gave_up.into_iter()),
            frame::flags("has_incident", linked),
            frame::flags("in_window", rows.in_window.iter().map(|w| Some(*w))),
        ],
    )?;
    Ok(Conformed { frame, findings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::parse_time;

    #[test]
    fn answers() {
        let received = parse_time("2026-10-25 01:59:55").unwrap().first_instant();
        for (answered, expected) in [
            ("2026-10-25 01:00:02", (Some(true), Some(7.0))), // the second 01:00
            ("2026-10-25 02:00:02", (Some(true), Some(3607.0))),
            ("2026-10-24 23:00:00", (Some(true), None)),
        ] {
            assert_eq!(answer(received, TimeCell::At(parse_time(answered).unwrap())), expected, "{answered}");
        }
        assert_eq!(answer(received, TimeCell::Blank), (Some(false), None));
        assert_eq!(answer(received, TimeCell::Invalid), (None, None));
    }

    #[test]
    fn a_call_is_as_long_as_its_talk_or_its_wait() {
        let received = parse_time("2026-10-25 01:59:55").unwrap().first_instant();
        let at = |text: &str| TimeCell::At(parse_time(text).unwrap());
        for (answered, ended, expected) in [
            (at("2026-10-25 01:00:02"), at("2026-10-25 01:03:02"), (Some(180.0), None)), // both in the second 01:00
            (at("2026-10-25 02:00:02"), at("2026-10-25 02:00:01"), (None, None)),
            (at("2026-10-25 02:00:02"), TimeCell::Blank, (None, None)),
            (TimeCell::Blank, at("2026-10-25 01:00:25"), (None, Some(30.0))),
            (TimeCell::Blank, TimeCell::Invalid, (None, None)),
            (TimeCell::Invalid, at("2026-10-25 02:00:01"), (None, None)),
        ] {
            assert_eq!(length(received, answered, ended), expected, "{answered:?} {ended:?}");
        }
    }
}
