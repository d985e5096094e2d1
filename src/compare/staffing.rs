//! Handlers needed for the 999 answering target: the load of each half hour of the week in, the least handlers by Erlang C
//! and by Erlang A out.
//!
//! | figure | from |
//! |---|---|
//! | load | mean of the newest 12 whole months: 52 half hours of each kind, all seasons alike, no busy month alone |
//! | handling time | `[control_room]` of the pipeline, else the extract's mean from answer to end, with the stated work after it |
//! | patience | `[control_room]`, else all time waited over calls abandoned, where [`FEWEST_ABANDONED`] were |
//! | target | that of the metric that the target is of |
//!
//! Without calls, a handling time or a target there is one row that says so: nothing is guessed. The estimator of patience is the
//! maximum-likelihood one for exponential times, of which an answered call shows that it was longer than its wait
//! (Brown L and others 2005, *Journal of the American Statistical Association* 100:36-50, section 6).

use std::sync::Arc;

use crate::definitions::{ControlRoom, Measure, Metric, Test};
use crate::domain::Level;
use crate::statistics::Undefined;
use crate::statistics::erlang::{Offered, Target, a, c};
use crate::tables::demand::{Calendar, DemandSeries, NotCounted, Subject, an_hour};
use crate::tables::staffing::{Assumptions, Basis, CallTimes, HalfHour, Needed, Staffing};

/// With fewer, patience is not read from the extract.
pub const FEWEST_ABANDONED: u64 = 100;
const LINE: &str = "999";
/// The field whose limit is what in time is.
const ANSWER: &str = "answer_seconds";

pub struct StaffingInput<'a> {
    pub control_room: ControlRoom,
    /// The metric whose target it is; `None` where the catalogue lacks it.
    pub target_of: Option<&'a Metric>,
    /// Each has rows.
    pub forces: &'a [Arc<str>],
    /// Every series; the newest period first.
    pub series: &'a [DemandSeries],
    /// What could not be counted.
    pub not_counted: &'a [NotCounted],
    pub times: &'a [CallTimes],
}

/// By force: a row for each half hour of the week, or one that says why there is none.
pub fn staffing(input: &StaffingInput<'_>) -> Vec<Staffing> {
    let mine = |s: &&DemandSeries| s.subject == Subject::Calls && s.level == Level::Force && &*s.class == LINE;
    let newest = input.series.iter().find(mine).map(|s| s.period);
    let of_newest =
        |force: &Arc<str>| input.series.iter().filter(mine).find(|s| Some(s.period) == newest && s.force == *force);
    let rows = |force| of_newest(force).map_or_else(|| vec![without_calls(input, force)], |s| of_force(input, s));
    input.forces.iter().flat_map(rows).collect()
}

/// The one row of a force of which no 999 call was counted.
fn without_calls(input: &StaffingInput<'_>, force: &Arc<str>) -> Staffing {
    let of_calls = |n: &&NotCounted| n.subject == Subject::Calls && n.force == *force;
    let reason = input.not_counted.iter().find(of_calls).map(|n| n.reason.clone());
    let reason = reason.unwrap_or_else(|| "no call of the newest 12 whole months is on the line 999".into());
    Staffing { force: force.clone(), period: None, half_hour: Err(reason), assumptions: None }
}

fn of_force(input: &StaffingInput<'_>, series: &DemandSeries) -> Vec<Staffing> {
    let row = |half_hour, assumptions| Staffing {
        force: series.force.clone(),
        period: Some(series.period),
        half_hour,
        assumptions,
    };
    let worked = assumptions(input, series).map(Arc::new).and_then(|with| {
        let calendar = Calendar::of(series.period);
        let slots = series.slots.iter().enumerate();
        let halves = slots.map(|(slot, counts)| half_hour(slot, counts.count, calendar.half_hours(slot), &with));
        Ok((halves.collect::<Result<Vec<_>, Undefined>>().map_err(|u| Arc::from(u.reason()))?, with))
    });
    match worked {
        Ok((halves, with)) => halves.into_iter().map(|half| row(Ok(half), Some(with.clone()))).collect(),
        Err(reason) => vec![row(Err(reason), None)],
    }
}

fn assumptions(input: &StaffingInput<'_>, series: &DemandSeries) -> Result<Assumptions, Arc<str>> {
    let times = input.times.iter().find(|t| t.force == series.force && &*t.line == LINE);
    let (handling_seconds, handling_basis) = handling(input.control_room, times)?;
    let target = input.target_of.and_then(|metric| {
        let target = metric.target_on(series.period.last.last_day())?;
        Some((target.value, within(metric)?))
    });
    let (target_share, target_seconds) = target.ok_or("there is no target for the time to answer a 999 call")?;
    Ok(Assumptions {
        handling_seconds,
        handling_basis,
        patience: patience(input.control_room, times),
        target_share,
        target_seconds,
        shrinkage: input.control_room.shrinkage,
    })
}

/// The limit that a metric sets for the time to answer.
fn within(metric: &Metric) -> Option<f64> {
    let Measure::Share { numerator, .. } = &metric.measure else { return None };
    numerator.conditions.iter().filter(|c| c.field == ANSWER).find_map(|c| match c.test {
        Test::Below(limit) | Test::AtMost(limit) => Some(limit),
        _ => None,
    })
}

fn handling(stated: ControlRoom, times: Option<&CallTimes>) -> Result<(f64, Basis), Arc<str>> {
    if let Some(seconds) = stated.handling_seconds {
        return Ok((seconds, Basis::Stated));
    }
    let times = times.filter(|t| t.talked > 0).ok_or(
        "no 999 call has a known time from answer to end, and the pipeline states no handling_seconds in [control_room]",
    )?;
    let talk = times.talk_micros as f64 / 1e6 / times.talked as f64;
    let basis = if stated.after_call_seconds.is_some() { Basis::MeasuredAndStated } else { Basis::Measured };
    Ok((talk + stated.after_call_seconds.unwrap_or(0.0), basis))
}

fn patience(stated: ControlRoom, times: Option<&CallTimes>) -> Result<(f64, Basis), Arc<str>> {
    if let Some(seconds) = stated.patience_seconds {
        return Ok((seconds, Basis::Stated));
    }
    let enough = times.filter(|t| t.abandoned >= FEWEST_ABANDONED && t.wait_micros > 0);
    let times = enough.ok_or_else(|| -> Arc<str> {
        format!("no estimate by Erlang A: fewer than {FEWEST_ABANDONED} abandoned 999 calls have a known wait, and the pipeline states no patience_seconds in [control_room]").into()
    })?;
    Ok((times.wait_micros as f64 / 1e6 / times.abandoned as f64, Basis::Measured))
}

fn half_hour(slot: usize, calls: u64, half_hours: u64, with: &Assumptions) -> Result<HalfHour, Undefined> {
    let calls_an_hour = an_hour(calls, half_hours).ok_or(Undefined::NoObservations)?;
    let offered = Offered::new(calls_an_hour, with.handling_seconds)?;
    let target = Target { share: with.target_share, seconds: with.target_seconds };
    let erlang_a =
        with.patience.as_ref().ok().map(|(patience, _)| by_erlang_a(offered, *patience, target)).transpose()?;
    Ok(HalfHour {
        slot,
        calls,
        half_hours,
        calls_an_hour,
        erlangs: offered.erlangs(),
        erlang_c: by_erlang_c(offered, target)?,
        erlang_a,
    })
}

fn by_erlang_c(offered: Offered, target: Target) -> Result<Needed, Undefined> {
    let handlers = c::handlers_needed(offered, target)?;
    let queue = c::queue(offered, handlers)?;
    Ok(Needed {
        handlers,
        service_level: queue.service_level(target.seconds)?,
        abandoned_share: 0.0,
        occupancy: queue.occupancy(),
    })
}

fn by_erlang_a(offered: Offered, patience_seconds: f64, target: Target) -> Result<Needed, Undefined> {
    let handlers = a::handlers_needed(offered, patience_seconds, target)?;
    let queue = a::queue(offered, patience_seconds, handlers)?;
    Ok(Needed {
        handlers,
        service_level: queue.service_level(target.seconds)?,
        abandoned_share: queue.abandoned_share,
        occupancy: queue.occupancy().ok_or(Undefined::ZeroDenominator)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::{Definitions, load};
    use crate::domain::{Month, Period, PeriodType};
    use crate::tables::demand::{SLOTS, Slot};

    fn definitions() -> Definitions {
        load(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml")).unwrap()
    }

    /// Ten calls in each of Monday's first half hours, of which the year to September 2026 has 52.
    fn series() -> DemandSeries {
        let month = |text| Month::parse(text).unwrap();
        let mut slots = vec![Slot::default(); SLOTS];
        slots[0].count = 520;
        DemandSeries {
            subject: Subject::Calls,
            class: "999".into(),
            force: "f".into(),
            level: Level::Force,
            unit: "f".into(),
            period: Period {
                period_type: PeriodType::Rolling12Months,
                first: month("2025-10"),
                last: month("2026-09"),
            },
            slots,
            no_answers: None,
        }
    }

    fn times(talked: u64, abandoned: u64) -> CallTimes {
        CallTimes {
            force: "f".into(),
            line: "999".into(),
            talked,
            talk_micros: 420_000_000 * talked as i64,
            wait_micros: 45_000_000 * abandoned as i64,
            abandoned,
        }
    }

    fn worked(control_room: ControlRoom, times: CallTimes) -> Vec<Staffing> {
        let definitions = definitions();
        let target_of = definitions.metric("answered_999_under_10_seconds");
        staffing(&StaffingInput {
            control_room,
            target_of,
            forces: &["f".into()],
            series: &[series()],
            not_counted: &[],
            times: &[times],
        })
    }

    /// 20 calls an hour of 480 seconds: six handlers by Erlang C, five by Erlang A with a patience of 45 seconds, for 90%
    /// in 10 seconds (tests/statistics/erlang.csv, from a chain added up state by state).
    #[test]
    fn a_half_hour_by_both_models() {
        let stated = ControlRoom { after_call_seconds: Some(60.0), shrinkage: Some(0.3), ..ControlRoom::default() };
        let rows = worked(stated, times(1_000, 100));
        assert_eq!(rows.len(), SLOTS);
        let half = rows[0].half_hour.as_ref().unwrap();
        assert_eq!((half.calls, half.half_hours, half.calls_an_hour), (520, 52, 20.0));
        assert_eq!((half.erlang_c.handlers, half.erlang_a.unwrap().handlers), (6, 5));
        assert!(half.erlang_c.service_level >= 0.9 && half.erlang_a.unwrap().service_level >= 0.9);
        let with = rows[0].assumptions.as_ref().unwrap();
        assert_eq!((with.handling_seconds, with.handling_basis), (480.0, Basis::MeasuredAndStated));
        assert_eq!(with.patience, Ok((45.0, Basis::Measured)));
        assert_eq!((with.target_share, with.target_seconds), (0.9, 10.0));
        // A half hour without a call still needs somebody.
        assert_eq!(rows[1].half_hour.as_ref().unwrap().erlang_c.handlers, 1);
    }

    #[test]
    fn what_the_pipeline_states_stands_in_the_place_of_the_extract() {
        let stated =
            ControlRoom { handling_seconds: Some(480.0), patience_seconds: Some(45.0), ..ControlRoom::default() };
        let rows = worked(stated, times(1_000, 100));
        let with = rows[0].assumptions.as_ref().unwrap();
        assert_eq!((with.handling_seconds, with.handling_basis), (480.0, Basis::Stated));
        assert_eq!(with.patience, Ok((45.0, Basis::Stated)));
    }

    #[test]
    fn nothing_is_guessed() {
        let rows = worked(ControlRoom::default(), times(0, 100));
        let [row] = rows.as_slice() else { panic!("{} rows", rows.len()) };
        assert!(row.half_hour.as_ref().unwrap_err().contains("states no handling_seconds"));
        let rows = worked(ControlRoom::default(), times(10, 99));
        assert_eq!(rows.len(), SLOTS);
        assert!(rows.iter().all(|r| r.half_hour.as_ref().unwrap().erlang_a.is_none()));
        let patience = &rows[0].assumptions.as_ref().unwrap().patience;
        assert!(patience.as_ref().unwrap_err().contains("fewer than 100 abandoned"));
        let input = StaffingInput {
            control_room: ControlRoom::default(),
            target_of: None,
            forces: &["f".into()],
            series: &[series()],
            not_counted: &[],
            times: &[times(10, 0)],
        };
        let rows = staffing(&input);
        assert!(rows[0].half_hour.as_ref().unwrap_err().contains("no target"));
    }

    #[test]
    fn a_force_without_calls_has_a_row_that_says_why() {
        let not_counted = |force: &str, subject| NotCounted {
            subject,
            force: force.into(),
            reason: format!("there is no extract of {}", subject.name()).into(),
        };
        let rows = staffing(&StaffingInput {
            control_room: ControlRoom::default(),
            target_of: None,
            forces: &["e".into(), "g".into()],
            series: &[series()],
            not_counted: &[not_counted("e", Subject::Incidents), not_counted("e", Subject::Calls)],
            times: &[],
        });
        let said: Vec<_> = rows.iter().map(|row| (&*row.force, row.half_hour.clone().unwrap_err())).collect();
        assert_eq!(
            said,
            [
                ("e", "there is no extract of calls".into()),
                ("g", "no call of the newest 12 whole months is on the line 999".into())
            ]
        );
    }
}
