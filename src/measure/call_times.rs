//! How long calls of the newest 12 whole months took, and how long callers waited: by force and line. Sums of integers.

use polars::prelude::{DataType, Expr, PolarsResult, SortMultipleOptions, col, lit};

use super::compile::month_serial;
use super::demand::{DemandInput, demand_periods};
use crate::tables::staffing::CallTimes;

/// By force, then line; nothing where the extract covers no 12 whole months.
pub fn call_times(input: &DemandInput) -> PolarsResult<Vec<CallTimes>> {
    let Some(newest) = demand_periods(input.coverage).into_iter().next() else { return Ok(Vec::new()) };
    let month = month_serial("received_at");
    let sums = |name: &str| {
        [micros(name).sum().alias(format!("{name}_sum")), col(name).count().alias(format!("{name}_count"))]
    };
    let sums: Vec<Expr> =
        ["talk_seconds", "answer_seconds", "abandoned_seconds"].into_iter().flat_map(sums).map(whole).collect();
    let rows = input
        .rows
        .clone()
        .filter(month.clone().gt_eq(lit(newest.first.serial())).and(month.lt_eq(lit(newest.last.serial()))))
        .group_by([col("force"), col("line")])
        .agg(sums)
        .sort(["force", "line"], SortMultipleOptions::default())
        .collect()?;
    let text = |name: &str| rows.column(name)?.str();
    let (forces, lines) = (text("force")?, text("line")?);
    let number = |name: &str, row: usize| -> PolarsResult<i64> { Ok(rows.column(name)?.i64()?.get(row).unwrap_or(0)) };
    let mut found = Vec::new();
    for row in 0..rows.height() {
        let Some((force, line)) = forces.get(row).zip(lines.get(row)) else { continue };
        found.push(CallTimes {
            force: force.into(),
            line: line.into(),
            talked: number("talk_seconds_count", row)?.unsigned_abs(),
            talk_micros: number("talk_seconds_sum", row)?,
            wait_micros: number("answer_seconds_sum", row)? + number("abandoned_seconds_sum", row)?,
            abandoned: number("abandoned_seconds_count", row)?.unsigned_abs(),
        });
    }
    Ok(found)
}

/// Seconds were made from whole microseconds; half of one undoes their rounding.
fn micros(name: &str) -> Expr {
    (col(name) * lit(1e6) + lit(0.5)).cast(DataType::Int64)
}

fn whole(sum: Expr) -> Expr {
    sum.cast(DataType::Int64)
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy, TimeUnit, df};

    use super::super::Coverage;
    use super::*;
    use crate::domain::clock::parse_time;
    use crate::domain::days_since_epoch;
    use crate::tables::demand::Subject;

    #[test]
    fn talk_and_waits_of_the_newest_year() {
        let times = ["2026-09-01 10:00:00", "2026-09-01 11:00:00", "2026-09-02 10:00:00", "2025-09-30 10:00:00"];
        let rows = df!(
            "force" => ["f"; 4], "line" => ["999"; 4],
            "received_at" => times.map(|t| parse_time(t).unwrap().civil_micros),
            "answer_seconds" => [Some(4.0), None, Some(6.5), Some(100.0)],
            "talk_seconds" => [Some(300.0), None, None, Some(100.0)],
            "abandoned_seconds" => [None, Some(20.0), None, None],
        )
        .unwrap()
        .lazy()
        .with_column(col("received_at").cast(DataType::Datetime(TimeUnit::Microseconds, None)));
        let day = |text: &str| days_since_epoch(text.parse().unwrap());
        let input = DemandInput {
            subject: Subject::Calls,
            rows,
            coverage: Coverage { first_day: day("2025-01-01"), data_day: day("2026-09-30") },
            levels: Vec::new(),
            no_answers: None,
        };
        let expected = CallTimes {
            force: "f".into(),
            line: "999".into(),
            talked: 1,
            talk_micros: 300_000_000,
            wait_micros: 30_500_000,
            abandoned: 1,
        };
        assert_eq!(call_times(&input).unwrap(), [expected]);
    }
}
