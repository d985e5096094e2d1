//! What the tables of a build say that briefings show, read once for all units of a force.

mod people;

use std::path::Path;

use chrono::NaiveDate;

use crate::tables::attention::ATTENTION;
use crate::tables::due::{DUE, DUE_COUNTS, DueKind};
use crate::tables::local::{LOCAL_FIGURES, OFFICER_LOCAL};
use crate::tables::organisation::ORGANISATION;
use crate::tables::published::{DATA_QUALITY, DATA_QUALITY_EXAMPLES};
use crate::tables::reading::{ReadingError, Row, each_row_with};

use people::{PERSON_COLUMNS, POST_COLUMNS, person, post};
pub use people::{PersonLine, Post};

/// Rows of one force.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BriefingFacts {
    pub due: Vec<DueItem>,
    pub counts: Vec<DueTally>,
    pub local: Vec<LocalLine>,
    pub fixes: Vec<Fix>,
    pub examples: Vec<FixExample>,
    /// In the order of the lists.
    pub attention: Vec<Attention>,
    /// Supervisors and officers.
    pub people: Vec<PersonLine>,
    /// Held on the data date.
    pub posts: Vec<Post>,
}

/// A row of `due`.
#[derive(Clone, Debug, PartialEq)]
pub struct DueItem {
    pub area: String,
    pub team: String,
    pub supervisor: String,
    pub officer: String,
    pub crime_ref: String,
    pub kind: DueKind,
    pub due_on: NaiveDate,
    pub days_left: i64,
}

impl DueItem {
    /// As in the table.
    pub const fn state(&self) -> &'static str {
        if self.days_left < 0 { "overdue" } else { "due" }
    }
}

/// A row of `due_counts`.
#[derive(Clone, Debug, PartialEq)]
pub struct DueTally {
    pub level: String,
    pub unit: String,
    pub area: Option<String>,
    pub department: Option<String>,
    pub kind: DueKind,
    pub data_date: NaiveDate,
    pub overdue_from: NaiveDate,
    pub period_end: NaiveDate,
    /// The columns from `open` to `within_period`, in their order.
    pub numbers: Option<[u64; 6]>,
    pub reason: Option<String>,
}

/// Names of [`DueTally::numbers`].
pub const TALLIED: [&str; 6] = ["open", "dated", "overdue_longer", "overdue", "within_7_days", "within_period"];
pub const OVERDUE: usize = 3;
pub const WITHIN_PERIOD: usize = 5;

/// A test of a row of `local_figures`.
#[derive(Clone, Debug, PartialEq)]
pub struct LineTest {
    pub comparator_value: f64,
    pub method: Option<String>,
    pub q_value: Option<f64>,
    pub flagged: Option<bool>,
    pub verdict: String,
}

/// A row of `local_figures`.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalLine {
    pub metric: String,
    pub level: String,
    pub unit: String,
    pub period_type: String,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub estimate: Option<f64>,
    pub reliability: Option<f64>,
    pub reason: Option<String>,
    pub rest: Option<LineTest>,
    pub last_year: Option<LineTest>,
}

/// A row of `data_quality` of an area, department or team that counts what its people can put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub extract: String,
    pub column: String,
    pub dimension: String,
    pub level: String,
    pub unit: String,
    pub affected: u64,
    pub denominator: u64,
}

/// A row of `data_quality_examples`.
#[derive(Clone, Debug, PartialEq)]
pub struct FixExample {
    pub extract: String,
    pub column: String,
    pub dimension: String,
    pub team: String,
    pub key: String,
}

/// A row of `attention`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    pub list: String,
    pub metric: String,
    pub why: String,
    pub period_type: Option<String>,
    pub period_start: Option<NaiveDate>,
    pub period_end: Option<NaiveDate>,
    pub value: Option<f64>,
    pub comparator: Option<String>,
    pub comparator_value: Option<f64>,
    pub method: Option<String>,
    pub q_value: Option<f64>,
    pub month: Option<NaiveDate>,
    pub month_value: Option<f64>,
}

/// What can be mended in the system that the extract is from: that something was late cannot.
const MENDABLE: [&str; 4] = ["completeness", "validity", "consistency", "link_rate"];

impl BriefingFacts {
    /// Reads the tables of a build, finished or not. A build from published tables alone has none of them: then it is `None`.
    ///
    /// # Errors
    /// A table that is not there or that another version wrote.
    pub fn read(build: &Path, force: &str) -> Result<Option<Self>, ReadingError> {
        if !build.join(DUE_COUNTS.path()).exists() {
            return Ok(None);
        }
        let mut facts = Self::default();
        let of = ("force", force);
        rows(build.join(DUE.path()), &DUE_COLUMNS, of, |row| {
            facts.due.extend(due_item(row)?);
            Ok(())
        })?;
        rows(build.join(DUE_COUNTS.path()), &COUNT_COLUMNS, of, |row| {
            facts.counts.extend(tally(row)?);
            Ok(())
        })?;
        rows(build.join(LOCAL_FIGURES.path()), &LOCAL_COLUMNS, of, |row| {
            facts.local.extend(local(row)?);
            Ok(())
        })?;
        rows(build.join(DATA_QUALITY.path()), &FIX_COLUMNS, of, |row| {
            facts.fixes.extend(fix(row)?);
            Ok(())
        })?;
        rows(build.join(DATA_QUALITY_EXAMPLES.path()), &EXAMPLE_COLUMNS, of, |row| {
            facts.examples.push(example(row)?);
            Ok(())
        })?;
        rows(build.join(ATTENTION.path()), &ATTENTION_COLUMNS, of, |row| {
            facts.attention.push(attention(row)?);
            Ok(())
        })?;
        rows(build.join(OFFICER_LOCAL.path()), &PERSON_COLUMNS, of, |row| {
            facts.people.extend(person(row)?);
            Ok(())
        })?;
        // Without the extract `people` nobody knows who holds which post.
        if build.join(ORGANISATION.path()).exists() {
            rows(build.join(ORGANISATION.path()), &POST_COLUMNS, of, |row| {
                facts.posts.extend(post(row)?);
                Ok(())
            })?;
        }
        Ok(Some(facts))
    }
}

fn rows(
    path: std::path::PathBuf,
    columns: &[&'static str],
    of: (&'static str, &str),
    mut each: impl FnMut(&Row<'_>) -> Result<(), ReadingError>,
) -> Result<(), ReadingError> {
    each_row_with(&path, columns, of, |row| each(&row))
}

fn owned(row: &Row<'_>, column: &'static str) -> Result<String, ReadingError> {
    Ok(row.text(column)?.to_owned())
}

fn some(row: &Row<'_>, column: &'static str) -> Result<Option<String>, ReadingError> {
    Ok(row.optional_text(column)?.map(str::to_owned))
}

const DUE_COLUMNS: [&str; 9] =
    ["force", "area", "team", "supervisor", "officer", "crime_ref", "kind", "due_on", "days_left"];

fn due_item(row: &Row<'_>) -> Result<Option<DueItem>, ReadingError> {
    let named = DueKind::of_name(row.text("kind")?).zip(row.date("due_on")?);
    let Some((kind, due_on)) = named else { return Ok(None) };
    Ok(Some(DueItem {
        area: owned(row, "area")?,
        team: owned(row, "team")?,
        supervisor: owned(row, "supervisor")?,
        officer: owned(row, "officer")?,
        crime_ref: owned(row, "crime_ref")?,
        kind,
        due_on,
        // Stored as 64 bits: a negative number comes back whole.
        days_left: row.count("days_left")?.map_or(0, |days| days as i64),
    }))
}

const COUNT_COLUMNS: [&str; 16] = [
    "force",
    "level",
    "unit",
    "area",
    "department",
    "kind",
    "data_date",
    "overdue_from",
    "period_end",
    "open",
    "dated",
    "overdue_longer",
    "overdue",
    "within_7_days",
    "within_period",
    "reason",
];

fn tally(row: &Row<'_>) -> Result<Option<DueTally>, ReadingError> {
    let days = (row.date("data_date")?, row.date("overdue_from")?, row.date("period_end")?);
    let (Some(kind), (Some(data_date), Some(overdue_from), Some(period_end))) =
        (DueKind::of_name(row.text("kind")?), days)
    else {
        return Ok(None);
    };
    let mut numbers = Some([0; 6]);
    for (place, column) in TALLIED.into_iter().enumerate() {
        match (row.count(column)?, &mut numbers) {
            (Some(count), Some(numbers)) => numbers[place] = count,
            _ => numbers = None,
        }
    }
    Ok(Some(DueTally {
        level: owned(row, "level")?,
        unit: owned(row, "unit")?,
        area: some(row, "area")?,
        department: some(row, "department")?,
        kind,
        data_date,
        overdue_from,
        period_end,
        numbers,
        reason: some(row, "reason")?,
    }))
}

const LOCAL_COLUMNS: [&str; 23] = [
    "metric",
    "force",
    "level",
    "unit",
    "period_type",
    "period_start",
    "period_end",
    "numerator",
    "denominator",
    "value",
    "estimate",
    "reliability",
    "reason",
    "comparator_value",
    "method",
    "q_value",
    "flagged",
    "verdict_95",
    "last_year_value",
    "last_year_method",
    "last_year_q_value",
    "last_year_flagged",
    "last_year_verdict_95",
];

fn local(row: &Row<'_>) -> Result<Option<LocalLine>, ReadingError> {
    let Some((period_start, period_end)) = row.date("period_start")?.zip(row.date("period_end")?) else {
        return Ok(None);
    };
    Ok(Some(LocalLine {
        metric: owned(row, "metric")?,
        level: owned(row, "level")?,
        unit: owned(row, "unit")?,
        period_type: owned(row, "period_type")?,
        period_start,
        period_end,
        numerator: row.number("numerator")?,
        denominator: row.number("denominator")?,
        value: row.number("value")?,
        estimate: row.number("estimate")?,
        reliability: row.number("reliability")?,
        reason: some(row, "reason")?,
        rest: test(row, ["comparator_value", "method", "q_value", "flagged", "verdict_95"])?,
        last_year: test(
            row,
            ["last_year_value", "last_year_method", "last_year_q_value", "last_year_flagged", "last_year_verdict_95"],
        )?,
    }))
}

fn test(row: &Row<'_>, columns: [&'static str; 5]) -> Result<Option<LineTest>, ReadingError> {
    let [value, method, q_value, flagged, verdict] = columns;
    let Some(comparator_value) = row.number(value)? else { return Ok(None) };
    Ok(Some(LineTest {
        comparator_value,
        method: some(row, method)?,
        q_value: row.number(q_value)?,
        flagged: row.flag(flagged)?,
        verdict: owned(row, verdict)?,
    }))
}

const FIX_COLUMNS: [&str; 8] = ["extract", "column", "dimension", "force", "level", "unit", "affected", "denominator"];

fn fix(row: &Row<'_>) -> Result<Option<Fix>, ReadingError> {
    let counted = row.count("affected")?.zip(row.count("denominator")?);
    let (Some(column), Some((affected, denominator))) = (row.optional_text("column")?, counted) else {
        return Ok(None);
    };
    let is_local = matches!(row.text("level")?, "area" | "department" | "team");
    if affected == 0 || !is_local || !MENDABLE.contains(&row.text("dimension")?) {
        return Ok(None);
    }
    Ok(Some(Fix {
        extract: owned(row, "extract")?,
        column: column.to_owned(),
        dimension: owned(row, "dimension")?,
        level: owned(row, "level")?,
        unit: owned(row, "unit")?,
        affected,
        denominator,
    }))
}

const EXAMPLE_COLUMNS: [&str; 6] = ["extract", "column", "dimension", "force", "team", "key"];

fn example(row: &Row<'_>) -> Result<FixExample, ReadingError> {
    Ok(FixExample {
        extract: owned(row, "extract")?,
        column: owned(row, "column")?,
        dimension: owned(row, "dimension")?,
        team: owned(row, "team")?,
        key: owned(row, "key")?,
    })
}

const ATTENTION_COLUMNS: [&str; 15] = [
    "force",
    "list",
    "position",
    "metric",
    "why",
    "period_type",
    "period_start",
    "period_end",
    "value",
    "comparator",
    "comparator_value",
    "method",
    "q_value",
    "month",
    "month_value",
];

fn attention(row: &Row<'_>) -> Result<Attention, ReadingError> {
    Ok(Attention {
        list: owned(row, "list")?,
        metric: owned(row, "metric")?,
        why: owned(row, "why")?,
        period_type: some(row, "period_type")?,
        period_start: row.date("period_start")?,
        period_end: row.date("period_end")?,
        value: row.number("value")?,
        comparator: some(row, "comparator")?,
        comparator_value: row.number("comparator_value")?,
        method: some(row, "method")?,
        q_value: row.number("q_value")?,
        month: row.date("month")?,
        month_value: row.number("month_value")?,
    })
}
