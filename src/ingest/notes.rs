//! What the structural pass writes down of each record: its key, its day, and how its times are written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::dates::Evidence;
use crate::definitions::{ColumnKind, Extract};
use crate::domain::clock::parse_day;
use crate::tables::key;
use crate::tables::raw::note_force;
use crate::tables::source_column::SourceColumn;

#[derive(Default)]
pub(super) struct Noted {
    /// Hashes of the keys that are not blank.
    pub keys: Vec<u64>,
    /// Records by civil day of the required time.
    pub rows_by_day: BTreeMap<i32, u64>,
    pub rows_by_force: BTreeMap<String, u64>,
}

/// The columns that are looked at.
#[derive(Default)]
pub(super) struct Watched {
    force: Option<SourceColumn>,
    key: Vec<SourceColumn>,
    time: Option<SourceColumn>,
    /// Time columns whose format nothing states, and how they are written.
    undated: Vec<(SourceColumn, Evidence)>,
}

impl Watched {
    pub fn of(extract: &Extract, columns: &[SourceColumn]) -> Self {
        let find = |name: &str| columns.iter().find(|column| column.name == name).cloned();
        let is_time = |column: &&SourceColumn| extract.column(&column.name).is_some_and(|c| c.kind == ColumnKind::Time);
        let undated = columns.iter().filter(is_time).filter(|column| column.rewrite.date_format.is_none());
        Self {
            force: find("force"),
            key: extract.key.iter().filter(|k| *k != "force").filter_map(|k| find(k)).collect(),
            time: extract.time.as_deref().and_then(find),
            undated: undated.map(|column| (column.clone(), Evidence::default())).collect(),
        }
    }

    /// Adds one record, given its fields.
    pub fn note<'a>(
        &mut self,
        own_force: &str,
        record: u64,
        field: impl Fn(usize) -> Cow<'a, str> + Copy,
        noted: &mut Noted,
    ) {
        for (column, evidence) in &mut self.undated {
            evidence.note(record, &column.text(field));
        }
        let parts: Vec<Cow<'a, str>> = self.key.iter().map(|column| column.text(field)).collect();
        if parts.iter().any(|part| part.trim().is_empty()) {
            return; // a blank key is quarantined, so it repeats nothing
        }
        let force = self.force.as_ref().map(|column| column.text(field));
        let force = key::force_id(force.as_deref(), own_force);
        note_force(&mut noted.rows_by_force, &force, own_force, 1);
        noted.keys.push(key::candidate(&force, parts.iter()));
        if let Some(day) = self.time.as_ref().and_then(|column| parse_day(column.text(field).trim().as_bytes())) {
            *noted.rows_by_day.entry(day).or_default() += 1;
        }
    }

    /// The evidence on columns that hold a date in need of a format.
    pub fn evidence(self) -> BTreeMap<String, Evidence> {
        let found = self.undated.into_iter().filter(|(_, evidence)| *evidence != Evidence::default());
        found.map(|(column, evidence)| (column.name, evidence)).collect()
    }
}
