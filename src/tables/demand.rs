//! What comes in, by weekday and half hour: counted once, then shown by the hour and turned into handlers needed.

use std::sync::Arc;

use arrow::array::ArrayRef;
use chrono::{Datelike, NaiveDate};

use super::columns::{dates, integers, numbers, texts};
use super::spec::ColumnType::{Date, Integer, Number, Text};
use super::spec::{TableSpec, column, optional};
use crate::domain::clock::{MICROS_PER_DAY, MICROS_PER_SECOND, Reading, reading};
use crate::domain::{Level, Period, days_since_epoch};

pub const DAYS_OF_WEEK: usize = 7;
pub const HALF_HOURS_OF_DAY: usize = 48;
pub const HOURS_OF_DAY: usize = 24;
/// Half hours of a week.
pub const SLOTS: usize = DAYS_OF_WEEK * HALF_HOURS_OF_DAY;
/// A call answered in less is answered in time.
pub const IN_TIME_SECONDS: i64 = 10;

/// What comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Calls,
    Incidents,
}

impl Subject {
    pub const ALL: [Self; 2] = [Self::Calls, Self::Incidents];

    /// The word in tables, and the extract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Incidents => "incidents",
        }
    }
}

/// What came in in one slot of the week, all its weeks together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    pub count: u64,
    /// Of them, answered after a known time.
    pub answered: u64,
    /// Their times to answer, added up.
    pub answer_micros: i64,
    /// Of them, in less than [`IN_TIME_SECONDS`].
    pub in_time: u64,
}

impl Slot {
    pub const fn add(&mut self, other: Self) {
        self.count += other.count;
        self.answered += other.answered;
        self.answer_micros += other.answer_micros;
        self.in_time += other.in_time;
    }
}

/// One line or grade of one unit over one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandSeries {
    pub subject: Subject,
    /// The line of calls or the grade of incidents.
    pub class: Arc<str>,
    pub force: Arc<str>,
    pub level: Level,
    pub unit: Arc<str>,
    pub period: Period,
    /// [`SLOTS`] of them, from Monday's first half hour on.
    pub slots: Vec<Slot>,
    /// Why no time to answer is known; `None` where it is.
    pub no_answers: Option<Arc<str>>,
}

/// An extract of which nothing is counted for a force, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCounted {
    pub subject: Subject,
    pub force: Arc<str>,
    pub reason: Arc<str>,
}

/// An hour of a weekday of a series: a row of [`DEMAND`].
struct DemandHour<'a> {
    series: &'a DemandSeries,
    weekday: usize,
    hour: usize,
    slot: Slot,
    days: u64,
    half_hours: u64,
}

/// How often each half hour of the week came in a period: on how many days, and how many half hours that was. They differ
/// where a clock change takes a half hour out of its day or brings it twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    days: [u64; DAYS_OF_WEEK],
    half_hours: Vec<u64>,
}

impl Calendar {
    pub fn of(period: Period) -> Self {
        let mut calendar = Self { days: [0; DAYS_OF_WEEK], half_hours: vec![0; SLOTS] };
        for date in period.first.first_day().iter_days().take_while(|d| *d <= period.last.last_day()) {
            let weekday = date.weekday().num_days_from_monday() as usize;
            calendar.days[weekday] += 1;
            for half_hour in 0..HALF_HOURS_OF_DAY {
                calendar.half_hours[weekday * HALF_HOURS_OF_DAY + half_hour] += times_shown(date, half_hour);
            }
        }
        calendar
    }

    /// How often a slot came.
    pub fn half_hours(&self, slot: usize) -> u64 {
        self.half_hours.get(slot).copied().unwrap_or(0)
    }

    /// Half hours in an hour of a weekday.
    fn of_hour(&self, weekday: usize, hour: usize) -> u64 {
        let first = weekday * HALF_HOURS_OF_DAY + 2 * hour;
        self.half_hours(first) + self.half_hours(first + 1)
    }
}

/// How often the London clock showed a half hour of a day: once, twice in autumn, never in spring.
fn times_shown(date: NaiveDate, half_hour: usize) -> u64 {
    let civil = i64::from(days_since_epoch(date)) * MICROS_PER_DAY + half_hour as i64 * 1_800 * MICROS_PER_SECOND;
    match reading(civil) {
        Reading::Once(_) => 1,
        Reading::Twice { .. } => 2,
        Reading::Never(_) => 0,
    }
}

impl DemandSeries {
    /// Both half hours of an hour of a weekday; 0 is Monday.
    pub fn hour(&self, weekday: usize, hour: usize) -> Slot {
        let first = weekday * HALF_HOURS_OF_DAY + 2 * hour;
        let mut both = Slot::default();
        self.slots.iter().skip(first).take(2).for_each(|slot| both.add(*slot));
        both
    }

    /// Mean events an hour in an hour of a weekday; `None` for an hour that never came.
    pub fn mean_an_hour(&self, calendar: &Calendar, weekday: usize, hour: usize) -> Option<f64> {
        an_hour(self.hour(weekday, hour).count, calendar.of_hour(weekday, hour))
    }

    /// The same of an hour of the day, over all weekdays.
    pub fn mean_of_day(&self, calendar: &Calendar, hour: usize) -> Option<f64> {
        let half_hours = (0..DAYS_OF_WEEK).map(|weekday| calendar.of_hour(weekday, hour)).sum();
        an_hour(self.count_of_day(hour), half_hours)
    }

    /// Events in an hour of the day, over all weekdays.
    pub fn count_of_day(&self, hour: usize) -> u64 {
        (0..DAYS_OF_WEEK).map(|weekday| self.hour(weekday, hour).count).sum()
    }

    /// Of the whole period.
    pub fn total(&self) -> u64 {
        self.slots.iter().map(|slot| slot.count).sum()
    }

    fn hours<'a>(&'a self, calendar: &Calendar) -> impl Iterator<Item = DemandHour<'a>> {
        (0..DAYS_OF_WEEK).flat_map(move |weekday| {
            let calendar = calendar.clone();
            (0..HOURS_OF_DAY).map(move |hour| DemandHour {
                series: self,
                weekday,
                hour,
                slot: self.hour(weekday, hour),
                days: calendar.days[weekday],
                half_hours: calendar.of_hour(weekday, hour),
            })
        })
    }
}

/// Events an hour, over so many half hours.
pub fn an_hour(count: u64, half_hours: u64) -> Option<f64> {
    (half_hours > 0).then(|| 2.0 * count as f64 / half_hours as f64)
}

impl DemandHour<'_> {
    fn is_calls(&self) -> bool {
        self.series.subject == Subject::Calls && self.series.no_answers.is_none()
    }

    fn mean_answer_seconds(&self) -> Option<f64> {
        (self.slot.answered > 0).then(|| self.slot.answer_micros as f64 / 1e6 / self.slot.answered as f64)
    }

    fn in_time_share(&self) -> Option<f64> {
        (self.slot.answered > 0).then(|| self.slot.in_time as f64 / self.slot.answered as f64)
    }

    fn reason(&self) -> Option<&str> {
        match (self.series.subject, &self.series.no_answers) {
            (Subject::Incidents, _) => Some("incidents are not answered"),
            (Subject::Calls, Some(reason)) => Some(reason),
            (Subject::Calls, None) => (self.slot.answered == 0).then_some("no call was answered after a known time"),
        }
    }
}

pub const DEMAND: TableSpec = TableSpec {
    name: "demand",
    description: "Calls by line and incidents by grade, by weekday and hour of the London clock, over the newest 12 whole months and the 12 before; one row with the reason where a force has none. See docs/methods.md, Demand.",
    restricted: false,
    columns: &[
        column("subject", Text, "calls or incidents"),
        optional(
            "kind",
            Text,
            "the line of calls, 999 or 101, or the grade of incidents; null where nothing is counted",
        ),
        column("force", Text, "force id, as in dim_force"),
        column("level", Text, "force, or area for incidents"),
        column("unit", Text, "name of the unit at that level; the force's id at force level"),
        optional("period_type", Text, "rolling_12_months"),
        optional("period_start", Date, "first day of the period"),
        optional("period_end", Date, "last day of the period"),
        optional("weekday", Integer, "1 is Monday, 7 Sunday"),
        optional("hour", Integer, "hour of the London clock at its start, 0 to 23"),
        optional("count", Integer, "calls received or incidents opened in the hour, all such weekdays together"),
        optional("days", Integer, "how many of that weekday the period has").in_unit("days"),
        optional("hours", Number, "how many such hours there were: a clock change takes one or brings one twice")
            .in_unit("hours"),
        optional("mean_an_hour", Number, "count over hours").in_unit("calls or incidents an hour"),
        optional("answered", Integer, "of the calls, answered after a known time; null for incidents").in_unit("calls"),
        optional("mean_answer_seconds", Number, "mean time to answer of those").in_unit("seconds"),
        optional("under_10_seconds_share", Number, "share of those answered in less than 10 seconds").in_unit("0 to 1"),
        optional("reason", Text, "why nothing is counted, or nothing is said of answers"),
    ],
};

/// The series as columns of [`DEMAND`], each with its 168 hours of the week.
pub fn arrays(series: &[DemandSeries]) -> Vec<ArrayRef> {
    let rows: Vec<DemandHour<'_>> = series
        .chunk_by(|a, b| a.period == b.period)
        .flat_map(|same| {
            let calendar = same.first().map(|s| Calendar::of(s.period));
            same.iter().flat_map(move |s| calendar.iter().flat_map(|c| s.hours(c)).collect::<Vec<_>>())
        })
        .collect();
    let rows = rows.as_slice();
    vec![
        texts(rows, |r| Some(r.series.subject.name())),
        texts(rows, |r| Some(&r.series.class)),
        texts(rows, |r| Some(&r.series.force)),
        texts(rows, |r| Some(r.series.level.name())),
        texts(rows, |r| Some(&r.series.unit)),
        texts(rows, |r| Some(r.series.period.period_type.name())),
        dates(rows, |r| Some(r.series.period.first.first_day())),
        dates(rows, |r| Some(r.series.period.last.last_day())),
        integers(rows, |r| Some(r.weekday + 1)),
        integers(rows, |r| Some(r.hour)),
        integers(rows, |r| Some(r.slot.count)),
        integers(rows, |r| Some(r.days)),
        numbers(rows, |r| Some(r.half_hours as f64 / 2.0)),
        numbers(rows, |r| an_hour(r.slot.count, r.half_hours)),
        integers(rows, |r| r.is_calls().then_some(r.slot.answered)),
        numbers(rows, DemandHour::mean_answer_seconds),
        numbers(rows, DemandHour::in_time_share),
        texts(rows, DemandHour::reason),
    ]
}

impl NotCounted {
    /// The rows as columns of [`DEMAND`], without an hour.
    pub fn arrays(rows: &[Self]) -> Vec<ArrayRef> {
        let no_text = || texts(rows, |_| None);
        let no_day = || dates(rows, |_| None);
        let no_count = || integers(rows, |_| None::<u64>);
        let no_number = || numbers(rows, |_| None);
        vec![
            texts(rows, |r| Some(r.subject.name())),
            no_text(),
            texts(rows, |r| Some(&r.force)),
            texts(rows, |_| Some(Level::Force.name())),
            texts(rows, |r| Some(&r.force)),
            no_text(),
            no_day(),
            no_day(),
            no_count(),
            no_count(),
            no_count(),
            no_count(),
            no_number(),
            no_number(),
            no_count(),
            no_number(),
            no_number(),
            texts(rows, |r| Some(&r.reason)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Month, PeriodType};

    fn period(first: &str, last: &str) -> Period {
        let month = |text| Month::parse(text).unwrap();
        Period { period_type: PeriodType::Rolling12Months, first: month(first), last: month(last) }
    }

    /// October 2026 has five Thursdays, Fridays and Saturdays; its clock goes back on Sunday 25, 02:00 to 01:00. March 2026
    /// has five Sundays, Mondays and Tuesdays; its clock goes forward on Sunday 29, 01:00 to 02:00.
    #[test]
    fn a_clock_change_takes_an_hour_or_brings_it_twice() {
        let sunday = 6 * HALF_HOURS_OF_DAY;
        for (month, days, before, changed, after) in
            [("2026-10", [4, 4, 4, 5, 5, 5, 4], 4, 5, 4), ("2026-03", [5, 5, 4, 4, 4, 4, 5], 5, 4, 5)]
        {
            let calendar = Calendar::of(period(month, month));
            assert_eq!(calendar.days, days, "{month}");
            let found: Vec<u64> = (1..5).map(|half_hour| calendar.half_hours(sunday + half_hour)).collect();
            assert_eq!(found, [before, changed, changed, after], "{month}");
            assert_eq!(calendar.half_hours(3), days[0], "{month}");
        }
        // A year has both.
        let year = Calendar::of(period("2025-10", "2026-09"));
        assert_eq!((year.days.iter().sum::<u64>(), year.half_hours.iter().sum::<u64>()), (365, 365 * 48));
    }

    #[test]
    fn an_hour_is_both_its_half_hours() {
        let slot = |count| Slot { count, answered: count, answer_micros: 7_000_000, in_time: 1 };
        let mut slots = vec![Slot::default(); SLOTS];
        (slots[48 + 2], slots[48 + 3]) = (slot(3), slot(2));
        let series = DemandSeries {
            subject: Subject::Calls,
            class: "999".into(),
            force: "f".into(),
            level: Level::Force,
            unit: "f".into(),
            period: period("2026-03", "2026-03"),
            slots,
            no_answers: None,
        };
        assert_eq!(series.hour(1, 1), Slot { count: 5, answered: 5, answer_micros: 14_000_000, in_time: 2 });
        assert_eq!((series.hour(1, 0), series.hour(1, 2), series.total()), (Slot::default(), Slot::default(), 5));
        let hours: Vec<DemandHour<'_>> = series.hours(&Calendar::of(series.period)).collect();
        let hour = &hours[24 + 1];
        // March 2026 has five Tuesdays.
        assert_eq!((hours.len(), hour.days, hour.half_hours), (168, 5, 10));
        assert_eq!(an_hour(hour.slot.count, hour.half_hours), Some(1.0));
        assert_eq!((hour.mean_answer_seconds(), hour.in_time_share(), hour.reason()), (Some(2.8), Some(0.4), None));
        assert_eq!(
            (hours[0].mean_answer_seconds(), hours[0].reason()),
            (None, Some("no call was answered after a known time"))
        );
    }
}
