//! The journey: of the calls of a month, how many led to an incident, a crime, a solved crime, a survey, a satisfied
//! victim, and how long each step took.
//!
//! Each step counts distinct records of the step before with at least one link. A record that several calls lead to
//! belongs to the month of the earliest.

use polars::prelude::{
    DataFrame, DataType, Expr, JoinArgs, JoinType, LazyFrame, NULL, PolarsResult, SortMultipleOptions, UnionArgs, col,
    concat, len, lit, when,
};

use super::compile::month_serial;
use crate::definitions::Definitions;
use crate::domain::Month;
use crate::tables::journey::JourneyStep::{
    self, CallToIncident, CrimeToSolved, CrimeToSurvey, IncidentToCrime, SurveyToSatisfied,
};
use crate::tables::journey::JourneyYear;

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
///
/// # Errors
/// A column that is not there.
pub fn journey(definitions: &Definitions, input: &JourneyInput) -> PolarsResult<Option<DataFrame>> {
    let Some(steps) = steps(definitions, input)? else { return Ok(None) };
    let counted = steps.into_iter().map(|(step, records)| {
        let unlinked = (col("upstream") - col("linked")).alias("unlinked");
        let rate = when(col("upstream").gt(lit(0)))
            .then(col("linked").cast(DataType::Float64) / col("upstream").cast(DataType::Float64))
            .otherwise(lit(NULL).cast(DataType::Float64))
            .alias("rate");
        count(records, &["force", "month"])
            .with_columns([lit(step.name()).alias("step"), unlinked, rate, lit(step.time_unit()).alias("time_unit")])
            .select(
                ["force", "month", "step", "upstream", "linked", "unlinked", "rate", "median_time", "time_unit"]
                    .map(col),
            )
    });
    concat(counted.collect::<Vec<LazyFrame>>(), UnionArgs::default())?
        .sort(["force", "month", "step"], SortMultipleOptions::default())
        .collect()
        .map(Some)
}

/// The same over all months from `first` to `last`, by force and in the order of the steps; none of a step that starts from
/// nothing. The median is of all waits, not of the months' medians.
///
/// # Errors
/// A column that is not there.
pub fn journey_over(
    definitions: &Definitions,
    input: &JourneyInput,
    (first, last): (Month, Month),
) -> PolarsResult<Vec<JourneyYear>> {
    let mut rows = Vec::new();
    for (step, records) in steps(definitions, input)?.unwrap_or_default() {
        let months = col("month").gt_eq(lit(first.serial())).and(col("month").lt_eq(lit(last.serial())));
        let counted = count(records.filter(months), &["force"]).collect()?;
        let (forces, upstream) = (counted.column("force")?.str()?, counted.column("upstream")?.i64()?);
        let (linked, medians) = (counted.column("linked")?.i64()?, counted.column("median_time")?.f64()?);
        for (((force, from), on), median_time) in
            forces.iter().zip(upstream.iter()).zip(linked.iter()).zip(medians.iter())
        {
            let (Some(force), Some(from), Some(on)) = (force, from, on) else { continue };
            let (upstream, linked) = (from.unsigned_abs(), on.unsigned_abs());
            rows.push(JourneyYear { force: force.into(), first, last, step, upstream, linked, median_time });
        }
    }
    rows.sort_by(|a, b| (&a.force, a.step).cmp(&(&b.force, b.step)));
    Ok(rows)
}

/// Each step with the records that it starts from: force, month, key, `linked`, and the `wait` to the earliest link in the
/// step's unit.
fn steps(definitions: &Definitions, input: &JourneyInput) -> PolarsResult<Option<Vec<(JourneyStep, LazyFrame)>>> {
    let (Some(calls), Some(incidents)) = (&input.calls, &input.incidents) else { return Ok(None) };
    let start = calls.clone().select([
        col("force"),
        month_serial("received_at").alias("month"),
        col("call_ref").alias("key"),
        col("received_at").alias("at"),
        col("incident_ref").alias("link"),
    ]);
    let incidents = named(incidents, "incident_ref", "incident_ref", "opened_at");
    let (first, reached) = step(CallToIncident, start, incidents);
    let mut steps = vec![first];
    if let Some(crimes) = &input.crimes {
        let net = crimes.clone().filter(col("cancelled").eq(lit(false)));
        let (second, crimes) =
            step(IncidentToCrime, reached.0, named(&net, "incident_ref", "crime_ref", "recorded_at"));
        steps.push(second);
        let solved = net.filter(solved(definitions));
        steps.push(step(CrimeToSolved, crimes.0.clone(), named(&solved, "crime_ref", "crime_ref", "outcome_at")).0);
        if let Some(surveys) = &input.surveys {
            let (fourth, surveyed) =
                step(CrimeToSurvey, crimes.0, named(surveys, "crime_ref", "crime_ref", "surveyed_at"));
            steps.push(fourth);
            let satisfied = surveys.clone().filter(col("overall").lt_eq(lit(3.0)));
            let satisfied = named(&satisfied, "crime_ref", "crime_ref", "surveyed_at");
            steps.push(step(SurveyToSatisfied, surveyed.0, satisfied).0);
        }
    }
    Ok(Some(steps))
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

/// The records of one step, each once, and those that they lead to. `from` has force, month, key, at and link.
fn step(step: JourneyStep, from: LazyFrame, to: LazyFrame) -> ((JourneyStep, LazyFrame), Reached) {
    let on = [col("force"), col("link")];
    let joined = from.join(to, on.clone(), on, JoinArgs::new(JoinType::Left));
    let micros = if step.is_timed_in_minutes() { MICROS_PER_MINUTE } else { MICROS_PER_DAY };
    let wait =
        (col("next_at").cast(DataType::Int64) - col("at").cast(DataType::Int64)).cast(DataType::Float64) / lit(micros);
    let records = joined
        .clone()
        .group_by([col("force"), col("month"), col("key")])
        .agg([col("next").is_not_null().any(true).alias("linked"), wait.min().alias("wait")]);
    let reached = joined
        .filter(col("next").is_not_null())
        .group_by([col("force"), col("next").alias("key")])
        .agg([col("month").min(), col("next_at").min().alias("at")])
        .with_column(col("key").alias("link"));
    ((step, records), Reached(reached))
}

/// Records of a step counted: `upstream`, `linked`, and the median of the waits.
fn count(records: LazyFrame, by: &[&str]) -> LazyFrame {
    records.group_by(by.iter().map(|column| col(*column)).collect::<Vec<Expr>>()).agg([
        len().cast(DataType::Int64).alias("upstream"),
        col("linked").sum().cast(DataType::Int64).alias("linked"),
        col("wait").median().alias("median_time"),
    ])
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
        let ((_, records), reached) = step(CallToIncident, at(from, "at"), at(to, "next_at"));
        let counted =
            count(records, &["force", "month"]).with_column((col("upstream") - col("linked")).alias("unlinked"));
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
    /// Three calls of one month wait 1, 2 and 9 minutes, one of the next waits 4: medians 2 and 4, and 3 of all four.
    #[test]
    fn over_several_months_the_median_is_of_all_waits() {
        let minute = 60_000_000i64;
        let from = df!("force" => ["f"; 5], "month" => [1, 1, 1, 2, 3], "key" => ["a", "b", "c", "d", "e"],
            "at" => [0i64; 5], "link" => ["i1", "i2", "i3", "i4", "i5"])
        .unwrap();
        let to =
            df!("force" => ["f"; 5], "link" => ["i1", "i2", "i3", "i4", "i5"], "next" => ["1", "2", "3", "4", "5"],
            "next_at" => [minute, 2 * minute, 9 * minute, 4 * minute, 50 * minute])
            .unwrap();
        let ((_, records), _) = step(CallToIncident, at(from, "at"), at(to, "next_at"));
        let two = count(records.filter(col("month").lt_eq(lit(2))), &["force"]).collect().unwrap();
        assert_eq!(two.column("median_time").unwrap().f64().unwrap().get(0), Some(3.0));
        assert_eq!(two.column("upstream").unwrap().i64().unwrap().get(0), Some(4));
    }
}
