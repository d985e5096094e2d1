//! The journey: of the calls of a month, how many led to an incident, a crime, a solved crime, a survey, a satisfied
//! victim, and how long each step took.
//!
//! Each step counts distinct records of the step before with at least one link. A record that several calls lead to
//! belongs to the month of the earliest.

use polars::prelude::{
    DataFrame, DataType, Expr, JoinArgs, JoinType, LazyFrame, PolarsResult, SortMultipleOptions, UnionArgs, col,
    concat, len, lit, when,
};

use super::compile::month_serial;
use crate::definitions::Definitions;

/// Micros in the unit in which a step's time is given.
const MICROS_PER_MINUTE: f64 = 60e6;
const MICROS_PER_DAY: f64 = 86_400e6;

/// Conformed rows in the window, of the forces at hand. What is not there ends the journey where it would begin.
pub struct JourneyInput {
    pub calls: Option<LazyFrame>,
    pub incidents: Option<LazyFrame>,
    pub crimes: Option<LazyFrame>,
    pub surveys: Option<LazyFrame>,
}

/// A record that the journey has come to: `force`, `month` of the call, `key`, and the `at` from which the next step is
/// timed.
struct Reached(LazyFrame);

/// Rows of table `journey`, sorted: force, month (serial), step, upstream, linked, unlinked, rate, median_time, time_unit.
pub fn journey(definitions: &Definitions, input: &JourneyInput) -> PolarsResult<Option<DataFrame>> {
    let (Some(calls), Some(incidents)) = (&input.calls, &input.incidents) else { return Ok(None) };
    let start = calls.clone().select([
        col("force"),
        month_serial("received_at").alias("month"),
        col("call_ref").alias("key"),
        col("received_at").alias("at"),
        col("incident_ref").alias("link"),
    ]);
    let incidents = named(incidents, "incident_ref", "incident_ref", "opened_at");
    let (first, reached) = step("call_to_incident", Minutes, start, incidents)?;
    let mut steps = vec![first];
    if let Some(crimes) = &input.crimes {
        let net = crimes.clone().filter(col("cancelled").eq(lit(false)));
        let (second, reached) = step(
            "incident_to_crime",
            Minutes,
            reached.0.clone(),
            named(&net, "incident_ref", "crime_ref", "recorded_at"),
        )?;
        steps.push(second);
        let crimes = reached.0;
        let solved = net.clone().filter(solved(definitions));
        steps.push(
            step("crime_to_solved", Days, crimes.clone(), named(&solved, "crime_ref", "crime_ref", "outcome_at"))?.0,
        );
        if let Some(surveys) = &input.surveys {
            let (fourth, surveyed) =
                step("crime_to_survey", Days, crimes, named(surveys, "crime_ref", "crime_ref", "surveyed_at"))?;
            steps.push(fourth);
            let satisfied = surveys.clone().filter(col("overall").lt_eq(lit(3.0)));
            steps.push(
                step(
                    "survey_to_satisfied",
                    Days,
                    surveyed.0,
                    named(&satisfied, "crime_ref", "crime_ref", "surveyed_at"),
                )?
                .0,
            );
        }
    }
    concat(steps, UnionArgs::default())?
        .sort(["force", "month", "step"], SortMultipleOptions::default())
        .collect()
        .map(Some)
}

fn solved(definitions: &Definitions) -> Expr {
    use polars::prelude::{NamedFrom, Series};
    let set = definitions.pipeline.solved_set;
    let types = definitions.references.outcome_types.iter().filter(|t| t.solved_in.contains(&set));
    let codes: Vec<&str> = types.map(|t| t.code.as_str()).collect();
    col("outcome_type").is_in(lit(Series::new("types".into(), codes)).implode(false), false).fill_null(lit(false))
}

/// What can be linked to: `force`, `link` (as upstream records name it), `next` (its own key) and `next_at`.
fn named(rows: &LazyFrame, link: &str, key: &str, at: &str) -> LazyFrame {
    let key = col(key).alias("next");
    rows.clone()
        .select([col("force"), col(link).alias("link"), key, col(at).alias("next_at")])
        .filter(col("link").is_not_null())
}

/// The unit in which a step's time is told.
#[derive(Clone, Copy)]
enum TimeUnitOfStep {
    Minutes,
    Days,
}
use TimeUnitOfStep::{Days, Minutes};

/// Counts one step, and the records that it comes to. `from` has force, month, key, at and link.
fn step(name: &str, unit: TimeUnitOfStep, from: LazyFrame, to: LazyFrame) -> PolarsResult<(LazyFrame, Reached)> {
    let on = [col("force"), col("link")];
    let joined = from.join(to, on.clone(), on, JoinArgs::new(JoinType::Left));
    let (micros, text) = match unit {
        Minutes => (MICROS_PER_MINUTE, "minutes"),
        Days => (MICROS_PER_DAY, "days"),
    };
    let wait =
        (col("next_at").cast(DataType::Int64) - col("at").cast(DataType::Int64)).cast(DataType::Float64) / lit(micros);
    let records = joined
        .clone()
        .group_by([col("force"), col("month"), col("key")])
        .agg([col("next").is_not_null().any(true).alias("linked"), wait.min().alias("wait")]);
    let counted = records
        .group_by([col("force"), col("month")])
        .agg([
            len().cast(DataType::Int64).alias("upstream"),
            col("linked").sum().cast(DataType::Int64).alias("linked"),
            col("wait").median().alias("median_time"),
        ])
        .with_columns([
            lit(name.to_owned()).alias("step"),
            (col("upstream") - col("linked")).alias("unlinked"),
            when(col("upstream").gt(lit(0)))
                .then(col("linked").cast(DataType::Float64) / col("upstream").cast(DataType::Float64))
                .otherwise(lit(polars::prelude::NULL).cast(DataType::Float64))
                .alias("rate"),
            lit(text).alias("time_unit"),
        ])
        .select(
            ["force", "month", "step", "upstream", "linked", "unlinked", "rate", "median_time", "time_unit"].map(col),
        );
    let reached = joined
        .filter(col("next").is_not_null())
        .group_by([col("force"), col("next").alias("key")])
        .agg([col("month").min(), col("next_at").min().alias("at")])
        .with_column(col("key").alias("link"));
    Ok((counted, Reached(reached)))
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoLazy, TimeUnit, df};

    use super::*;

    fn at(frame: DataFrame, column: &str) -> LazyFrame {
        frame.lazy().with_column(col(column).cast(DataType::Datetime(TimeUnit::Microseconds, None)))
    }

    #[test]
    fn a_step_counts_upstream_records_once_and_times_the_earliest_link() {
        let minute = 60_000_000i64;
        let from = df!("force" => ["f", "f", "f"], "month" => [24300, 24300, 24301], "key" => ["c1", "c2", "c3"],
            "at" => [0i64, 0, 0], "link" => [Some("i1"), None, Some("i1")])
        .unwrap();
        let to = df!("force" => ["f", "f"], "link" => ["i1", "i1"], "next" => ["x1", "x2"],
            "next_at" => [5 * minute, 3 * minute])
        .unwrap();
        let (counted, reached) = step("s", Minutes, at(from, "at"), at(to, "next_at")).unwrap();
        let counted = counted.sort(["month"], SortMultipleOptions::default()).collect().unwrap();
        let int = |name: &str| counted.column(name).unwrap().i64().unwrap().iter().flatten().collect::<Vec<_>>();
        assert_eq!((int("upstream"), int("linked"), int("unlinked")), (vec![2, 1], vec![1, 1], vec![1, 0]));
        let median: Vec<_> = counted.column("median_time").unwrap().f64().unwrap().iter().collect();
        assert_eq!(median, [Some(3.0), Some(3.0)]);
        // Both linked records belong to the month of the earliest call.
        let months = reached.0.collect().unwrap();
        assert_eq!(
            months.column("month").unwrap().i32().unwrap().iter().collect::<Vec<_>>(),
            [Some(24300), Some(24300)]
        );
    }
}
