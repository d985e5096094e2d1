//! Calls by line and incidents by grade, by weekday and half hour of the London clock, over the newest 12 whole months and
//! the 12 before.
//!
//! The half hour is the one that the clock showed. In autumn the hour that comes twice is two hours of the same name; in
//! spring a time that no clock showed stands an hour later, as it was conformed. Sums are of integers.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, PolarsResult, col, len, lit};

use super::Coverage;
use super::compile::month_serial;
use crate::domain::{Level, Month, Period, PeriodType, UNALLOCATED};
use crate::tables::demand::{DemandSeries, HALF_HOURS_OF_DAY, IN_TIME_SECONDS, SLOTS, Slot, Subject};

const MONTHS: i32 = 12;

/// One extract, ready to be counted.
pub struct DemandInput {
    pub subject: Subject,
    /// Conformed rows that are measured.
    pub rows: LazyFrame,
    pub coverage: Coverage,
    pub levels: Vec<Level>,
    /// Why no time to answer is known, where the extract has none.
    pub no_answers: Option<Arc<str>>,
}

type Key = (Arc<str>, Level, Arc<str>, Arc<str>);

/// The newest 12 whole months and the 12 before, of those that the extract covers; newest first.
pub fn demand_periods(coverage: Coverage) -> Vec<Period> {
    let newest = coverage.newest_month();
    let last = if newest.last_day() <= crate::domain::civil_date(coverage.data_day) { newest } else { newest.plus(-1) };
    let ending = |last: Month| Period { period_type: PeriodType::Rolling12Months, first: last.plus(1 - MONTHS), last };
    [last, last.plus(-MONTHS)].map(ending).into_iter().filter(|period| coverage.covers(*period)).collect()
}

/// Every line or grade of every unit; by period, newest first, then force, level, unit and class. A slot without an event
/// is a slot of 0.
pub fn demand(input: &DemandInput) -> PolarsResult<Vec<DemandSeries>> {
    let periods = demand_periods(input.coverage);
    let mut counted: BTreeMap<Key, Vec<Vec<Slot>>> = BTreeMap::new();
    for (index, period) in periods.iter().enumerate() {
        let rows = grouped(input, *period)?;
        each_group(&rows, |force, area, class, slot, counts| {
            for level in &input.levels {
                let unit = match level {
                    Level::Force => force,
                    Level::Area => area,
                    _ => continue,
                };
                let key = (Arc::from(force), *level, Arc::from(unit), Arc::from(class));
                let of_periods =
                    counted.entry(key).or_insert_with(|| vec![vec![Slot::default(); SLOTS]; periods.len()]);
                if let Some(found) = of_periods.get_mut(index).and_then(|slots| slots.get_mut(slot)) {
                    found.add(counts);
                }
            }
        })?;
    }
    let series = periods.iter().enumerate().flat_map(|(index, period)| {
        counted.iter().map(move |((force, level, unit, class), of_periods)| DemandSeries {
            subject: input.subject,
            class: class.clone(),
            force: force.clone(),
            level: *level,
            unit: unit.clone(),
            period: *period,
            slots: of_periods.get(index).cloned().unwrap_or_default(),
            no_answers: input.no_answers.clone(),
        })
    });
    Ok(series.collect())
}

/// Groups of rows: `force`, `area`, `class`, `slot`, and what [`Slot`] holds.
fn grouped(input: &DemandInput, period: Period) -> PolarsResult<DataFrame> {
    let (time, class, area) = match input.subject {
        Subject::Calls => ("received_at", "line", lit(UNALLOCATED)),
        Subject::Incidents => ("opened_at", "grade", col("area")),
    };
    let zero = || lit(0_i64).cast(DataType::Int64);
    let (answered, micros, in_time) = match input.subject {
        Subject::Calls => (
            col("micros").count().cast(DataType::Int64),
            col("micros").sum(),
            col("micros").lt(lit(IN_TIME_SECONDS * 1_000_000)).sum().cast(DataType::Int64),
        ),
        Subject::Incidents => (zero(), zero(), zero()),
    };
    let mut columns = vec![
        col("force"),
        area.alias("area"),
        col(class).alias("class"),
        slot(time).alias("slot"),
        month_serial(time).alias("month"),
    ];
    if input.subject == Subject::Calls {
        // Seconds were made from whole microseconds; half of one undoes their rounding.
        columns.push((col("answer_seconds") * lit(1e6) + lit(0.5)).cast(DataType::Int64).alias("micros"));
    }
    input
        .rows
        .clone()
        .select(columns)
        .filter(col("month").gt_eq(lit(period.first.serial())).and(col("month").lt_eq(lit(period.last.serial()))))
        .group_by([col("force"), col("area"), col("class"), col("slot")])
        .agg([
            len().cast(DataType::Int64).alias("count"),
            answered.alias("answered"),
            micros.alias("answer_micros"),
            in_time.alias("in_time"),
        ])
        .collect()
}

/// Number of the half hour in the week of a civil time, from Monday's first on.
fn slot(time: &str) -> Expr {
    let part = |expression: Expr| expression.cast(DataType::Int32);
    let at = || col(time).dt();
    let half_hour = part(at().hour()) * lit(2) + part(at().minute()).gt_eq(lit(30)).cast(DataType::Int32);
    (part(at().weekday()) - lit(1)) * lit(HALF_HOURS_OF_DAY as i32) + half_hour
}

fn each_group(rows: &DataFrame, mut each: impl FnMut(&str, &str, &str, usize, Slot)) -> PolarsResult<()> {
    let text = |name: &str| rows.column(name)?.str();
    let (forces, areas, classes) = (text("force")?, text("area")?, text("class")?);
    let slots = rows.column("slot")?.i32()?;
    let number = |name: &str| rows.column(name)?.i64();
    let (counts, answered) = (number("count")?, number("answered")?);
    let (micros, in_time) = (number("answer_micros")?, number("in_time")?);
    for row in 0..rows.height() {
        let named = forces.get(row).zip(classes.get(row)).zip(slots.get(row));
        let Some(((force, class), slot)) = named else { continue };
        let whole = |column: &polars::prelude::Int64Chunked| column.get(row).unwrap_or(0).unsigned_abs();
        let counts = Slot {
            count: whole(counts),
            answered: whole(answered),
            answer_micros: micros.get(row).unwrap_or(0),
            in_time: whole(in_time),
        };
        each(force, areas.get(row).unwrap_or(UNALLOCATED), class, slot as usize, counts);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy, TimeUnit, df};

    use super::*;
    use crate::domain::clock::parse_time;
    use crate::domain::days_since_epoch;

    fn coverage(first: &str, data_date: &str) -> Coverage {
        let day = |text: &str| days_since_epoch(text.parse().unwrap());
        Coverage { first_day: day(first), data_day: day(data_date) }
    }

    fn rows(times: &[&str], frame: DataFrame) -> LazyFrame {
        let micros: Vec<i64> = times.iter().map(|t| parse_time(t).unwrap().civil_micros).collect();
        let times = df!("at" => micros).unwrap().lazy();
        polars::prelude::concat_lf_horizontal([frame.lazy(), times], Default::default()).unwrap()
    }

    fn timed(rows: LazyFrame, name: &str) -> LazyFrame {
        rows.with_column(col("at").cast(DataType::Datetime(TimeUnit::Microseconds, None)).alias(name))
    }

    #[test]
    fn periods_are_whole_and_covered() {
        for (first, data_date, expected) in [
            ("2023-10-01", "2026-09-30", vec!["2025-10", "2024-10"]),
            ("2023-10-01", "2026-09-29", vec!["2025-09", "2024-09"]),
            ("2024-10-02", "2026-09-30", vec!["2025-10"]),
            ("2025-10-02", "2026-09-30", vec![]),
        ] {
            let found: Vec<String> =
                demand_periods(coverage(first, data_date)).iter().map(|p| p.first.to_string()).collect();
            assert_eq!(found, expected, "{first} {data_date}");
        }
    }

    /// Monday 5 October 2026 is in no whole period that ends in September; 25 October 2025 was a Saturday, 26 October the
    /// Sunday on which 01:30 came twice, 29 March 2026 the Sunday without 01:30.
    #[test]
    fn calls_by_slot_of_the_clock() {
        let times = [
            "2026-09-28 00:00:00",
            "2026-09-28 00:29:59",
            "2026-09-28 00:30:00",
            "2025-10-26T01:30:00+01:00",
            "2025-10-26T01:30:00Z",
            "2026-03-29 01:30:00",
            "2026-10-05 00:00:00",
            "2025-09-30 23:59:59",
        ];
        let frame = df!(
            "force" => ["f"; 8], "line" => ["999", "999", "999", "999", "999", "999", "999", "101"],
            "answer_seconds" => [Some(9.999_999), Some(10.0), None, Some(1.0), Some(2.5), Some(0.0), Some(1.0), Some(60.0)],
        )
        .unwrap();
        let input = DemandInput {
            subject: Subject::Calls,
            rows: timed(rows(&times, frame), "received_at"),
            coverage: coverage("2024-10-01", "2026-10-15"),
            levels: vec![Level::Force],
            no_answers: None,
        };
        let found = demand(&input).unwrap();
        let keys: Vec<(&str, String, u64)> =
            found.iter().map(|s| (&*s.class, s.period.first.to_string(), s.total())).collect();
        let [newest, before] = ["2025-10", "2024-10"].map(str::to_owned);
        assert_eq!(
            keys,
            [("101", newest.clone(), 0), ("999", newest, 6), ("101", before.clone(), 1), ("999", before, 0)]
        );
        let slot = |count, answered, answer_micros, in_time| Slot { count, answered, answer_micros, in_time };
        let sunday = 6 * HALF_HOURS_OF_DAY;
        assert_eq!(found[1].slots[0], slot(2, 2, 19_999_999, 1));
        assert_eq!(found[1].slots[1], slot(1, 0, 0, 0));
        assert_eq!(found[1].slots[sunday + 3], slot(2, 2, 3_500_000, 2));
        assert_eq!(found[1].slots[sunday + 5], slot(1, 1, 0, 1));
        // Tuesday's last.
        assert_eq!(found[2].slots[2 * HALF_HOURS_OF_DAY - 1], slot(1, 1, 60_000_000, 0));
    }

    #[test]
    fn incidents_of_areas_add_up_to_the_force() {
        let times = ["2026-09-02 13:05:00", "2026-09-02 13:10:00", "2026-09-09 13:20:00"];
        let frame = df!(
            "force" => ["f"; 3], "grade" => ["immediate"; 3], "area" => ["North", "South", "North"],
        )
        .unwrap();
        let input = DemandInput {
            subject: Subject::Incidents,
            rows: timed(rows(&times, frame), "opened_at"),
            coverage: coverage("2025-10-01", "2026-09-30"),
            levels: vec![Level::Force, Level::Area],
            no_answers: None,
        };
        let found = demand(&input).unwrap();
        let wednesday_at_one = 2 * HALF_HOURS_OF_DAY + 26;
        let counts: Vec<(Level, &str, u64)> =
            found.iter().map(|s| (s.level, &*s.unit, s.slots[wednesday_at_one].count)).collect();
        assert_eq!(counts, [(Level::Force, "f", 3), (Level::Area, "North", 2), (Level::Area, "South", 1)]);
        assert!(found.iter().all(|s| s.slots.iter().all(|slot| slot.answered == 0)));
    }
}
