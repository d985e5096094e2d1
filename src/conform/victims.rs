//! Survey responses and Victims' Code contacts, with the units and classes of the crime they belong to.

use polars::prelude::{
    Column, DataFrame, DataType, Expr, IdxSize, IntoLazy, JoinArgs, JoinType, LazyFrame, PolarsResult, TimeUnit, col,
    len, lit, when,
};

use super::working_days::working_day_after;
use super::{Conformed, Conformer, frame};
use crate::domain::clock::MICROS_PER_DAY;
use crate::domain::{UNALLOCATED, civil_date, days_since_epoch};
use crate::tables::accepted::{Cell, Finding, Findings, Rows, TimeCell};

/// Working days within which a victim is updated: Code of Practice for Victims of Crime in England and Wales (2020),
/// Right 6.
const UPDATE_DUE_WORKING_DAYS: u32 = 5;
/// The same under enhanced rights.
const ENHANCED_UPDATE_DUE_WORKING_DAYS: u32 = 1;

const UNITS: [&str; 5] = ["area", "department", "team", "supervisor", "officer"];
const CLASSES: [&str; 4] = ["offence_group", "offence_subgroup", "domestic_abuse", "hate_crime"];

/// Crimes that are looked through at once: two million of them with their units would take a gigabyte.
const CRIMES_AT_ONCE: IdxSize = 262_144;

/// Joins the crime's columns to each row, in the rows' order; `crime_found` says whether there is one.
fn with_crime(rows: DataFrame, crimes: LazyFrame, more: &[&str]) -> PolarsResult<DataFrame> {
    let rows = rows.with_row_index("row".into(), None)?;
    let found = crimes_of(&rows, &crimes, more, CRIMES_AT_ONCE)?;
    let filled = UNITS.iter().map(|unit| col(*unit).fill_null(lit(UNALLOCATED)));
    rows.lazy()
        .join(found.lazy(), [col("row")], [col("row")], JoinArgs::new(JoinType::Left))
        .with_columns(filled.collect::<Vec<_>>())
        .with_column(col("crime_found").fill_null(lit(false)))
        .sort(["row"], Default::default())
        .collect()
}

/// The columns of the crimes that rows name, by `row`. A reference stands for one crime of a force.
fn crimes_of(rows: &DataFrame, crimes: &LazyFrame, more: &[&str], at_once: IdxSize) -> PolarsResult<DataFrame> {
    let of_crime = || UNITS.iter().chain(&CLASSES).chain(more).map(|name| col(*name));
    let key = [col("force"), col("crime_ref")];
    let keys = rows.clone().lazy().select([col("row"), col("force"), col("crime_ref")]);
    let number = crimes.clone().select([len()]).collect()?.column("len")?.idx()?.get(0).unwrap_or(0);
    let mut found: Option<DataFrame> = None;
    for start in (0..number.max(1)).step_by(at_once as usize) {
        let block = crimes.clone().slice(start.into(), at_once).filter(col("in_window"));
        let block = block.select(key.iter().cloned().chain(of_crime()).collect::<Vec<_>>());
        let columns: Vec<Expr> = [col("row")].into_iter().chain(of_crime()).collect();
        let part = keys.clone().join(block, key.clone(), key.clone(), JoinArgs::new(JoinType::Inner));
        let part = part.select(columns).with_column(lit(true).alias("crime_found")).collect()?;
        match &mut found {
            Some(found) => drop(found.vstack_mut_owned(part)?),
            None => found = Some(part),
        }
    }
    Ok(found.unwrap_or_default())
}

fn not_found(extract: &str, joined: &DataFrame) -> PolarsResult<Findings> {
    let found = joined.column("crime_found")?.bool()?;
    let with_reference = joined.column("crime_ref")?.str()?;
    let lost = found.iter().zip(with_reference.iter()).filter(|(f, r)| r.is_some() && *f != Some(true)).count();
    let mut findings = Findings::default();
    findings.add(Finding::CrimeNotFound, extract, "crime_ref", lost as u64);
    Ok(findings)
}

/// A response without a weight counts as one; a weight that cannot be one counts the response out.
fn weight(cell: Cell<f64>) -> Option<f64> {
    match cell {
        Cell::Blank => Some(1.0),
        Cell::Invalid => None,
        Cell::At(weight) => (weight > 0.0).then_some(weight),
    }
}

pub(super) fn surveys(_: Conformer<'_>, rows: &Rows, crimes: LazyFrame) -> PolarsResult<Conformed> {
    let mut columns = vec![
        frame::text("force", &rows.force),
        frame::text("response_ref", rows.text("response_ref")?),
        frame::text("crime_ref", rows.text("crime_ref")?),
        frame::times("surveyed_at", rows.times("surveyed_at")?.iter().copied())?,
    ];
    for answer in ["contact", "action", "informed", "treatment", "overall"] {
        columns.push(frame::numbers(answer, rows.numbers(answer)?.iter().map(|c| c.at())));
    }
    columns.push(frame::numbers("weight", rows.numbers("weight")?.iter().map(|c| weight(*c))));
    columns.push(frame::flags("in_window", rows.in_window.iter().map(|w| Some(*w))));
    let frame = with_crime(DataFrame::new(rows.len(), columns)?, crimes, &["recorded_at"])?;
    Ok(Conformed { findings: not_found("surveys", &frame)?, frame })
}

pub(super) fn contacts(with: Conformer<'_>, rows: &Rows, crimes: LazyFrame) -> PolarsResult<Conformed> {
    let columns = vec![
        frame::text("force", &rows.force),
        frame::text("crime_ref", rows.text("crime_ref")?),
        frame::flag_cells("enhanced", rows.flags("enhanced")?),
        frame::times("first_update_at", rows.times("first_update_at")?.iter().map(|t| t.by(with.data_day)))?,
        frame::flags("needs_assessed", happened(rows.times("needs_assessed_at")?, with.data_day).into_iter()),
        frame::flags("in_window", std::iter::repeat_n(Some(true), rows.len())),
    ];
    let joined = with_crime(DataFrame::new(rows.len(), columns)?, crimes, &["recorded_at", "cancelled"])?;
    let update = Updates::of(with, rows, &joined)?;
    let mut frame =
        joined.lazy().with_column(counts().alias("counts")).drop(polars::prelude::cols(["cancelled"])).collect()?;
    frame.with_column(frame::days("update_due_on", update.day.iter().copied())?)?;
    let due = update.day.iter().map(|day| day.map(|day| day <= with.data_day));
    frame.with_column(frame::flags("update_due", due))?;
    frame.with_column(frame::flags("updated_on_time", update.on_time.into_iter()))?;
    Ok(Conformed { findings: not_found("victim_contacts", &frame)?, frame })
}

/// Contacts of cancelled or missing crimes are in no measure.
fn counts() -> Expr {
    when(col("crime_found")).then(col("cancelled").eq(lit(false))).otherwise(lit(false))
}

/// Whether a time lies on or before the data date; `None` where it cannot be read.
fn happened(times: &[TimeCell], data_day: i32) -> Vec<Option<bool>> {
    let one = |t: &TimeCell| match t.by(data_day) {
        TimeCell::At(_) => Some(true),
        TimeCell::Blank => Some(false),
        TimeCell::Invalid => None,
    };
    times.iter().map(one).collect()
}

struct Updates {
    /// The day by whose end the first update is due, as days since 1970-01-01; `None` where the recording, the update or
    /// the victim's rights cannot be told.
    day: Vec<Option<i32>>,
    on_time: Vec<Option<bool>>,
}

impl Updates {
    fn of(with: Conformer<'_>, rows: &Rows, joined: &DataFrame) -> PolarsResult<Self> {
        let recorded = civil_micros(joined.column("recorded_at")?)?;
        let (enhanced, first) = (rows.flags("enhanced")?, rows.times("first_update_at")?);
        let mut updates = Self { day: Vec::with_capacity(rows.len()), on_time: Vec::with_capacity(rows.len()) };
        for (row, recorded) in recorded.into_iter().enumerate() {
            let first = first[row].by(with.data_day);
            let readable = first != TimeCell::Invalid && enhanced[row] != Cell::Invalid;
            let Some(recorded) = recorded.filter(|_| readable) else {
                updates.day.push(None);
                updates.on_time.push(None);
                continue;
            };
            let days = if enhanced[row] == Cell::At(true) {
                ENHANCED_UPDATE_DUE_WORKING_DAYS
            } else {
                UPDATE_DUE_WORKING_DAYS
            };
            let day = civil_date(recorded.div_euclid(MICROS_PER_DAY) as i32);
            let due = days_since_epoch(working_day_after(day, days, &with.references.bank_holidays));
            updates.day.push(Some(due));
            updates.on_time.push(Some(first.at().is_some_and(|t| t.day() <= due)));
        }
        Ok(updates)
    }
}

fn civil_micros(column: &Column) -> PolarsResult<Vec<Option<i64>>> {
    let micros = column.cast(&DataType::Datetime(TimeUnit::Microseconds, None))?.to_physical_repr();
    Ok(micros.i64()?.iter().collect())
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IdxCa, df};

    use super::*;

    /// The columns of five crimes; the third is out of the window.
    fn crimes() -> LazyFrame {
        let unit = |name: &str| [1, 2, 3, 4, 5].map(|crime| format!("{name} {crime}")).to_vec();
        df!(
            "force" => ["f", "f", "f", "g", "g"], "crime_ref" => ["C1", "C2", "C3", "C1", "C4"],
            "in_window" => [true, true, false, true, true],
            "area" => unit("area"), "department" => unit("department"), "team" => unit("team"),
            "supervisor" => unit("supervisor"), "officer" => unit("officer"), "offence_group" => unit("group"),
            "offence_subgroup" => unit("subgroup"), "domestic_abuse" => [true; 5], "hate_crime" => [false; 5],
        )
        .unwrap()
        .lazy()
    }

    /// However many crimes are looked through at once, each row finds its own.
    #[test]
    fn rows_find_their_crimes_in_any_block() {
        let rows = df!(
            "force" => ["g", "f", "f", "f", "f", "f", "g"],
            "crime_ref" => [Some("C4"), Some("C3"), None, Some("C2"), Some("C9"), Some("C2"), Some("C1")],
        )
        .unwrap();
        let rows = rows.with_row_index("row".into(), None).unwrap();
        for at_once in [1, 2, 3, 5, 100] {
            let found = crimes_of(&rows, &crimes(), &[], at_once).unwrap();
            let row: &IdxCa = found.column("row").unwrap().idx().unwrap();
            let team = found.column("team").unwrap().str().unwrap();
            let mut pairs: Vec<(u32, &str)> =
                row.iter().zip(team.iter()).map(|(r, t)| (r.unwrap(), t.unwrap())).collect();
            pairs.sort_unstable();
            assert_eq!(pairs, [(0, "team 5"), (3, "team 2"), (5, "team 2"), (6, "team 4")], "{at_once} at once");
        }
        let none = crimes_of(&rows, &crimes().filter(lit(false)), &[], 2).unwrap();
        assert_eq!((none.height(), none.width()), (0, 11));
    }
}
