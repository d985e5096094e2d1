//! What falls due: conformed crimes and contacts in, two tables on the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::LazyFrame;

use super::BuildError;
use super::accounts;
use super::records::Records;
use crate::build_folder::BuildFolder;
use crate::definitions::Definitions;
use crate::measure::{DueInput, due};
use crate::tables::due::{DUE, DUE_COUNTS, DueCount, DueDays, DueKind, DueRow};

/// Whether a crime is open is read off this column.
const OUTCOME: (&str, &str) = ("crimes", "outcome_type");

/// Writes both tables. `crimes` and `contacts` are the conformed rows that are measured.
pub(super) fn write(
    definitions: &Definitions,
    records: &Records,
    forces: Vec<String>,
    (crimes, contacts): (Option<LazyFrame>, Option<LazyFrame>),
    folder: &BuildFolder,
) -> Result<(), BuildError> {
    let terms = &definitions.pipeline.packs.briefing;
    let (rows, counts) = due(&DueInput {
        crimes,
        contacts,
        days: DueDays::new(records.data_day, terms.days_ahead, terms.days_overdue),
        forces,
        not_available: not_available(records),
    })?;
    accounts::table(folder, DUE, DueRow::arrays(&rows))?;
    accounts::table(folder, DUE_COUNTS, DueCount::arrays(&counts))
}

/// The kinds of which nobody knows when they are due, and what is not there.
fn not_available(records: &Records) -> BTreeMap<DueKind, Arc<str>> {
    let lacks = |(extract, column): (&str, &str)| match records.structures.get(extract) {
        None => Some(format!("there is no extract of {extract}")),
        Some(structure) => {
            (!structure.has_column(column)).then(|| format!("the {extract} extract has no column {column}"))
        }
    };
    let of_kind = |kind: DueKind| {
        let reason = lacks(kind.source()).or_else(|| lacks(OUTCOME))?;
        Some((kind, Arc::from(reason)))
    };
    DueKind::ALL.into_iter().filter_map(of_kind).collect()
}
