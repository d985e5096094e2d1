//! What falls due for open crimes: conformed crimes and contacts in, rows and their counts out.
//!
//! A crime is open that has no outcome by the data date and is not cancelled by then; one whose cancellation cannot be
//! read is in neither. Days are civil: the day that the clock shows where something is due, less the data date. What is
//! due on the data date itself has 0 days left and is not overdue.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::{
    DataFrame, DataType, Expr, Int32Chunked, Int64Chunked, JoinArgs, JoinType, LazyFrame, PolarsResult, StringChunked,
    col, lit,
};

use crate::domain::UNALLOCATED;
use crate::domain::clock::MICROS_PER_DAY;
use crate::tables::due::{DueCount, DueDays, DueKind, DueLevel, DueNumbers, DueRow};

const WEEK_DAYS: i32 = 7;

/// What is looked through.
pub struct DueInput {
    /// Conformed crimes that are measured.
    pub crimes: Option<LazyFrame>,
    /// Conformed Victims' Code contacts of the same forces.
    pub contacts: Option<LazyFrame>,
    pub days: DueDays,
    /// Forces that have a row of counts, whether they have open crimes or not.
    pub forces: Vec<String>,
    /// Why nobody knows when something of a kind is due.
    pub not_available: BTreeMap<DueKind, Arc<str>>,
}

/// Rows by force, area, team, kind, day and crime; counts by force, level, unit, area or department, and kind.
pub fn due(input: &DueInput) -> PolarsResult<(Vec<DueRow>, Vec<DueCount>)> {
    let mut found = Found { input, rows: Vec::new(), counts: BTreeMap::new() };
    for force in &input.forces {
        let force: Arc<str> = force.as_str().into();
        found.counts.entry((force.clone(), DueLevel::Force, force, None)).or_default();
    }
    if let Some(crimes) = input.crimes.clone() {
        found.add(&open_crimes(crimes, input.contacts.clone())?)?;
    }
    found.rows.sort_by(|a, b| a.key().cmp(&b.key()));
    Ok((found.rows, counts(input, found.counts)))
}

/// Force, level, unit, and the area or department that it is within.
type Unit = (Arc<str>, DueLevel, Arc<str>, Option<Arc<str>>);
type Numbers = [DueNumbers; DueKind::ALL.len()];

const TEXTS: [&str; 7] = ["force", "area", "department", "team", "supervisor", "officer", "crime_ref"];
const TIMES: [(DueKind, &str); 3] =
    [(DueKind::TimeLimit, "limit_at"), (DueKind::Bail, "bail_until"), (DueKind::Review, "review_due_at")];

/// Open crimes with their units, their times as microseconds, and the day on which a first update is due, if it has not
/// been made.
fn open_crimes(crimes: LazyFrame, contacts: Option<LazyFrame>) -> PolarsResult<DataFrame> {
    let times = TIMES.iter().map(|(_, name)| col(*name).cast(DataType::Int64));
    let wanted: Vec<Expr> = TEXTS.iter().map(|name| col(*name)).chain(times).collect();
    let open = col("outcome_type").is_null().and(col("cancelled").eq(lit(false)));
    let open = crimes.filter(open).select(wanted);
    let waiting = match contacts {
        Some(contacts) => {
            let key = [col("force"), col("crime_ref")];
            let waiting = contacts.filter(col("first_update_at").is_null()).select([
                col("force"),
                col("crime_ref"),
                col("update_due_on").cast(DataType::Int32),
            ]);
            open.join(waiting, key.clone(), key, JoinArgs::new(JoinType::Left))
        }
        None => open.with_column(lit(polars::prelude::NULL).cast(DataType::Int32).alias("update_due_on")),
    };
    waiting.collect()
}

struct Found<'a> {
    input: &'a DueInput,
    rows: Vec<DueRow>,
    counts: BTreeMap<Unit, Numbers>,
}

/// The columns of [`open_crimes`].
struct Columns<'f> {
    texts: Vec<&'f StringChunked>,
    times: Vec<(DueKind, &'f Int64Chunked)>,
    update_due_on: &'f Int32Chunked,
}

impl Columns<'_> {
    /// Day and time on which something of a kind is due.
    fn due(&self, kind: DueKind, row: usize) -> Option<(i32, Option<i64>)> {
        match self.times.iter().find(|(of, _)| *of == kind) {
            Some((_, times)) => times.get(row).map(|at| (at.div_euclid(MICROS_PER_DAY) as i32, Some(at))),
            None => self.update_due_on.get(row).map(|day| (day, None)),
        }
    }
}

impl Found<'_> {
    fn add(&mut self, open: &DataFrame) -> PolarsResult<()> {
        let texts = TEXTS.iter().map(|name| open.column(name)?.str()).collect::<PolarsResult<Vec<_>>>()?;
        let times = TIMES.iter().map(|(kind, name)| Ok((*kind, open.column(name)?.i64()?)));
        let times = times.collect::<PolarsResult<Vec<_>>>()?;
        let columns = Columns { texts, times, update_due_on: open.column("update_due_on")?.i32()? };
        for row in 0..open.height() {
            self.crime(&columns, row);
        }
        Ok(())
    }

    fn crime(&mut self, columns: &Columns<'_>, row: usize) {
        let text = |i: usize| -> Arc<str> { columns.texts[i].get(row).unwrap_or(UNALLOCATED).into() };
        let [force, area, department, team, supervisor, officer, crime_ref] = std::array::from_fn(text);
        let mut mine = Numbers::default();
        for (kind, numbers) in DueKind::ALL.into_iter().zip(&mut mine) {
            numbers.open = 1;
            let Some((due_day, due_micros)) = columns.due(kind, row) else { continue };
            numbers.dated = 1;
            let days = self.input.days;
            let days_left = due_day.saturating_sub(days.data_day);
            match due_day {
                day if day < days.overdue_from => numbers.overdue_longer = 1,
                day if day < days.data_day => numbers.overdue = 1,
                day if day <= days.last => {
                    numbers.within_period = 1;
                    numbers.within_7_days = u64::from(days_left <= WEEK_DAYS);
                }
                _ => {}
            }
            let is_listed = numbers.overdue + numbers.within_period > 0;
            if is_listed && !self.input.not_available.contains_key(&kind) {
                self.rows.push(DueRow {
                    force: force.clone(),
                    area: area.clone(),
                    department: department.clone(),
                    team: team.clone(),
                    supervisor: supervisor.clone(),
                    officer: officer.clone(),
                    crime_ref: crime_ref.clone(),
                    kind,
                    due_day,
                    due_micros,
                    days_left,
                });
            }
        }
        for unit in [
            (force.clone(), DueLevel::Force, force.clone(), None),
            (force.clone(), DueLevel::Area, area.clone(), Some(area.clone())),
            (force.clone(), DueLevel::Department, department.clone(), Some(department.clone())),
            (force.clone(), DueLevel::Team, team.clone(), None),
            (force.clone(), DueLevel::TeamInArea, team.clone(), Some(area)),
            (force, DueLevel::TeamInDepartment, team, Some(department)),
        ] {
            let of_unit = self.counts.entry(unit).or_default();
            of_unit.iter_mut().zip(&mine).for_each(|(all, one)| all.add(one));
        }
    }
}

fn counts(input: &DueInput, counted: BTreeMap<Unit, Numbers>) -> Vec<DueCount> {
    let mut counts = Vec::with_capacity(counted.len() * DueKind::ALL.len());
    for ((force, level, unit, within), numbers) in counted {
        for (kind, numbers) in DueKind::ALL.into_iter().zip(numbers) {
            counts.push(DueCount {
                force: force.clone(),
                level,
                unit: unit.clone(),
                within: within.clone(),
                kind,
                days: input.days,
                numbers: input.not_available.get(&kind).map_or(Ok(numbers), |reason| Err(reason.clone())),
            });
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy, TimeUnit, df};

    use super::*;
    use crate::domain::clock::parse_time;
    use crate::domain::days_since_epoch;

    fn day(text: &str) -> i32 {
        days_since_epoch(text.parse().unwrap())
    }

    /// A crime of area A and team T for each review, open unless `outcome` or `cancelled` says otherwise.
    fn crimes(reviews: &[&str], outcome: &[Option<&str>], cancelled: &[Option<bool>]) -> LazyFrame {
        let number = reviews.len();
        let refs: Vec<String> = (0..number).map(|i| format!("C{i}")).collect();
        let review: Vec<Option<i64>> = reviews.iter().map(|t| parse_time(t).map(|t| t.civil_micros)).collect();
        let none = vec![None::<i64>; number];
        let frame = df!(
            "force" => vec!["f"; number], "area" => vec!["A"; number], "department" => vec!["D"; number],
            "team" => vec!["T"; number], "supervisor" => vec!["S"; number], "officer" => vec!["0042"; number],
            "crime_ref" => refs, "review_due_at" => review, "bail_until" => none.clone(), "limit_at" => none,
            "outcome_type" => outcome, "cancelled" => cancelled,
        );
        let time = DataType::Datetime(TimeUnit::Microseconds, None);
        let times = ["review_due_at", "bail_until", "limit_at"].map(|name| col(name).cast(time.clone()));
        frame.unwrap().lazy().with_columns(times)
    }

    fn found(data_date: &str, crimes: LazyFrame, contacts: Option<LazyFrame>) -> (Vec<DueRow>, Vec<DueCount>) {
        due(&DueInput {
            crimes: Some(crimes),
            contacts,
            days: DueDays::new(day(data_date), 14, 28),
            forces: vec!["f".to_owned()],
            not_available: BTreeMap::new(),
        })
        .unwrap()
    }

    /// The clock goes back on 25 October 2026 and forward on 28 March 2027.
    #[test]
    fn days_are_civil_and_the_window_has_both_its_ends() {
        for (data_date, due_at, expected) in [
            ("2026-09-30", "2026-09-30 00:00:00", Some((0, "due"))), // the data date itself
            ("2026-09-30", "2026-09-30 23:59:59", Some((0, "due"))),
            ("2026-09-30", "2026-09-29 23:59:59", Some((-1, "overdue"))), // yesterday
            ("2026-09-30", "2026-10-01 00:00:00", Some((1, "due"))),
            ("2026-09-30", "2026-10-14 23:59:59", Some((14, "due"))),
            ("2026-09-30", "2026-10-15 00:00:00", None), // day 15
            ("2026-09-30", "2026-09-02 00:00:00", Some((-28, "overdue"))),
            ("2026-09-30", "2026-09-01 23:59:59", None),
            ("2026-10-24", "2026-10-25 01:30:00", Some((1, "due"))), // the hour that comes twice
            ("2026-10-25", "2026-10-25T01:30:00Z", Some((0, "due"))),
            ("2026-10-24", "2026-10-24T23:30:00Z", Some((1, "due"))), // 00:30 on the 25th by the clock
            ("2026-10-25", "2026-10-25T23:30:00Z", Some((0, "due"))), // the same a day on, by winter time
            ("2026-10-24", "2026-11-07 23:59:00", Some((14, "due"))), // 14 days and an hour
            ("2027-03-27", "2027-03-28 01:30:00", Some((1, "due"))),  // no clock shows it
            ("2027-03-27", "2027-04-10 23:59:00", Some((14, "due"))),
            ("2027-03-28", "2027-03-28T23:30:00Z", Some((1, "due"))), // 00:30 by summer time
            ("2026-02-28", "2026-03-01 00:00:00", Some((1, "due"))),
        ] {
            let (rows, _) = found(data_date, crimes(&[due_at], &[None], &[Some(false)]), None);
            let found: Vec<(i32, &str)> = rows.iter().map(|r| (r.days_left, r.state())).collect();
            assert_eq!(found, Vec::from_iter(expected), "{data_date} {due_at}");
        }
    }

    #[test]
    fn only_open_crimes_have_something_due() {
        let reviews = ["2026-10-01"; 4];
        let outcome = [None, Some("1"), None, None];
        let cancelled = [Some(false), Some(false), Some(true), None];
        let (rows, counts) = found("2026-09-30", crimes(&reviews, &outcome, &cancelled), None);
        assert_eq!(rows.iter().map(|r| &*r.crime_ref).collect::<Vec<_>>(), ["C0"]);
        assert!(counts.iter().all(|c| c.numbers.as_ref().unwrap().open == 1));
        let levels: Vec<(&str, &str, Option<&str>)> = counts
            .iter()
            .filter(|c| c.kind == DueKind::Review)
            .map(|c| (c.level.name(), &*c.unit, c.within.as_deref()))
            .collect();
        assert_eq!(
            levels,
            [
                ("force", "f", None),
                ("area", "A", Some("A")),
                ("department", "D", Some("D")),
                ("team", "T", None),
                ("team_in_area", "T", Some("A")),
                ("team_in_department", "T", Some("D")),
            ]
        );
    }

    /// Due: long ago, 28 days ago, yesterday, today, in 7, 8, 14 and 15 days, and never.
    #[test]
    fn every_open_crime_is_counted_once() {
        let reviews = [
            "2025-01-01",
            "2026-09-02",
            "2026-09-29",
            "2026-09-30",
            "2026-10-07",
            "2026-10-08",
            "2026-10-14",
            "2026-10-15",
            "",
        ];
        let (rows, counts) = found("2026-09-30", crimes(&reviews, &[None; 9], &[Some(false); 9]), None);
        assert_eq!(rows.len(), 6);
        let review =
            DueNumbers { open: 9, dated: 8, overdue_longer: 1, overdue: 2, within_7_days: 2, within_period: 4 };
        for count in counts {
            let numbers = count.numbers.unwrap();
            let expected =
                if count.kind == DueKind::Review { review } else { DueNumbers { open: 9, ..Default::default() } };
            assert_eq!(numbers, expected, "{:?} {:?}", count.level, count.kind);
        }
    }

    #[test]
    fn an_update_is_due_until_it_is_made() {
        let crimes = crimes(&["", "", ""], &[None, None, Some("18")], &[Some(false); 3]);
        let contacts = df!(
            "force" => ["f"; 4], "crime_ref" => ["C0", "C1", "C2", "C9"],
            "first_update_at" => [None, Some(0_i64), None, None],
            "update_due_on" => [day("2026-10-02"); 4],
        )
        .unwrap()
        .lazy()
        .with_column(col("update_due_on").cast(DataType::Date));
        let (rows, counts) = found("2026-09-30", crimes, Some(contacts));
        let found: Vec<(&str, &str, i32, Option<i64>)> =
            rows.iter().map(|r| (&*r.crime_ref, r.kind.name(), r.days_left, r.due_micros)).collect();
        assert_eq!(found, [("C0", "victim_update", 2, None)]);
        let updates = counts.iter().find(|c| c.kind == DueKind::VictimUpdate).unwrap().numbers.as_ref().unwrap();
        assert_eq!((updates.open, updates.dated, updates.within_7_days), (2, 1, 1));
    }

    #[test]
    fn what_nobody_knows_has_its_reason() {
        let input = DueInput {
            crimes: Some(crimes(&["2026-10-01"], &[None], &[Some(false)])),
            contacts: None,
            days: DueDays::new(day("2026-09-30"), 14, 28),
            forces: vec!["f".to_owned(), "g".to_owned()],
            not_available: BTreeMap::from([(DueKind::Review, "no column".into())]),
        };
        let (rows, counts) = due(&input).unwrap();
        assert_eq!(rows, []);
        let of_g: Vec<(&str, bool)> =
            counts.iter().filter(|c| &*c.force == "g").map(|c| (c.kind.name(), c.numbers.is_ok())).collect();
        assert_eq!(of_g, [("time_limit", true), ("bail", true), ("victim_update", true), ("review", false)]);
    }
}
