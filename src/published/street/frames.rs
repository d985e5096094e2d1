//! The street files' tables as frames.

use std::collections::BTreeMap;

use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsResult, Series, df};

use super::LEAST_SHARE_OF_FIRST_MONTH;
use super::file::StreetMonth;
use super::outcome_names::OutcomeName;
use crate::definitions::{OthersTable, References};
use crate::domain::{ForceId, Status, UNMAPPED, days_since_epoch};

/// The group of a crime whose row names no outcome.
const NONE_PUBLISHED: &str = "No outcome published";
const PROVISIONAL: &str = "the outcome is the last known when the file was made";

/// A month, and why it is not complete, if so.
pub(super) struct Judged<'m> {
    pub month: &'m StreetMonth,
    pub incomplete: Option<String>,
}

/// Holds each month of a force against what is known of it and against its first. Months are sorted by force, then month.
pub(super) fn with_completeness<'m>(months: &[&'m StreetMonth], references: &References) -> Vec<Judged<'m>> {
    let mut first: BTreeMap<&ForceId, &StreetMonth> = BTreeMap::new();
    let judged = months.iter().map(|month| {
        let base = *first.entry(&month.force).or_insert(month);
        let short = (month.records as f64) < LEAST_SHARE_OF_FIRST_MONTH * base.records as f64;
        let incomplete = short.then(|| {
            format!(
                "the file has {} rows against {} in {}: the force may have sent a part",
                month.records, base.records, base.month
            )
        });
        let known = references.not_reported(month.force.as_str(), OthersTable::Street, month.month, month.month);
        let incomplete = match (known, incomplete) {
            (Some(known), Some(why)) => Some(format!("not reported whole: {}; {why}", known.what)),
            (Some(known), None) => Some(format!("not reported whole: {}", known.what)),
            (None, why) => why,
        };
        Judged { month, incomplete }
    });
    judged.collect()
}

pub(super) fn outcome_mix(months: &[Judged<'_>], names: &BTreeMap<String, OutcomeName>) -> PolarsResult<DataFrame> {
    let mut rows = Vec::new();
    for judged in months {
        rows.extend(
            judged.month.mix.iter().map(|((crime_type, outcome), crimes)| (judged, crime_type, outcome, crimes)),
        );
    }
    let known = |outcome: &Option<String>| outcome.as_ref().and_then(|outcome| names.get(outcome));
    let group = |outcome: &Option<String>| match (outcome, known(outcome)) {
        (None, _) => NONE_PUBLISHED.to_owned(),
        (Some(_), None) => UNMAPPED.to_owned(),
        (Some(_), Some(name)) => name.group.clone(),
    };
    let reason = |judged: &Judged<'_>| match &judged.incomplete {
        Some(why) => why.clone(),
        None => PROVISIONAL.to_owned(),
    };
    let status = |judged: &Judged<'_>| match judged.incomplete {
        Some(_) => Status::NotAvailable,
        None => Status::Provisional,
    };
    let mut frame = df!(
        "force" => rows.iter().map(|(j, ..)| j.month.force.as_str()).collect::<Vec<_>>(),
        "crime_type" => rows.iter().map(|(_, crime_type, ..)| crime_type.as_str()).collect::<Vec<_>>(),
        "outcome" => rows.iter().map(|(.., outcome, _)| outcome.as_deref()).collect::<Vec<_>>(),
        "outcome_group" => rows.iter().map(|(.., outcome, _)| group(outcome)).collect::<Vec<_>>(),
        "outcome_types" => rows.iter().map(|(.., outcome, _)| known(outcome).map(|n| n.types.as_str())).collect::<Vec<_>>(),
        "crimes" => rows.iter().map(|(j, .., crimes)| j.incomplete.is_none().then_some(**crimes as i64)).collect::<Vec<_>>(),
        "complete" => rows.iter().map(|(j, ..)| j.incomplete.is_none()).collect::<Vec<_>>(),
        "status" => rows.iter().map(|(j, ..)| status(j).name()).collect::<Vec<_>>(),
        "reason" => rows.iter().map(|(j, ..)| reason(j)).collect::<Vec<_>>(),
    )?;
    frame.with_column(first_days(rows.iter().map(|(j, ..)| j.month))?)?;
    Ok(frame)
}

pub(super) fn street_months(months: &[Judged<'_>]) -> PolarsResult<DataFrame> {
    let count = |of: fn(&StreetMonth) -> u64| months.iter().map(|j| of(j.month) as i64).collect::<Vec<i64>>();
    let mut frame = df!(
        "force" => months.iter().map(|j| j.month.force.as_str()).collect::<Vec<_>>(),
        "file" => months.iter().map(|j| j.month.file.to_string()).collect::<Vec<_>>(),
        "records" => count(|m| m.records),
        "crimes" => count(StreetMonth::crimes),
        "antisocial_behaviour" => count(|m| m.antisocial_behaviour),
        "crimes_without_id" => count(|m| m.without_id),
        "repeated_rows" => count(|m| m.repeated),
        "conflicting_rows" => count(|m| m.conflicting),
        "complete" => months.iter().map(|j| j.incomplete.is_none()).collect::<Vec<_>>(),
        "reason" => months.iter().map(|j| j.incomplete.as_deref()).collect::<Vec<_>>(),
    )?;
    frame.with_column(first_days(months.iter().map(|j| j.month))?)?;
    Ok(frame)
}

fn first_days<'m>(months: impl Iterator<Item = &'m StreetMonth>) -> PolarsResult<Column> {
    let days: Vec<i32> = months.map(|m| days_since_epoch(m.month.first_day())).collect();
    Series::new("month".into(), days).cast(&DataType::Date).map(IntoColumn::into_column)
}
