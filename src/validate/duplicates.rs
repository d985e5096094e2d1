//! Rows that share a key: exact copies, and versions of one record.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::{IdxSize, PolarsResult};

use crate::definitions::Extract;
use crate::tables::accepted::{Finding, Findings, Quarantined, Rows, Rule};
use crate::tables::raw::{Place, RawBatch};

/// Rows set aside until every file is read, because their key seems to stand more than once.
pub struct Held {
    rows: Option<Rows>,
    places: Vec<HeldPlace>,
}

struct HeldPlace {
    key: Vec<String>,
    /// Every field of the record, trimmed, by column name.
    fields: Vec<(String, String)>,
    /// Civil microseconds; `None` where blank, wrong or after the data date.
    updated_micros: Option<i64>,
    file_index: u32,
    file: Arc<str>,
    place: Place,
}

/// What came of the rows that shared keys.
pub struct Settled {
    pub rows: Option<Rows>,
    pub quarantined: Vec<Quarantined>,
    /// Rows removed, by file name.
    pub duplicates: BTreeMap<Arc<str>, u64>,
    /// File of each row in `rows`.
    pub files: Vec<Arc<str>>,
    pub findings: Findings,
}

impl Held {
    pub(super) fn new(extract: &Extract, batch: &RawBatch, rows: &Rows, held: &[IdxSize], data_day: i32) -> Self {
        if held.is_empty() {
            return Self { rows: None, places: Vec::new() };
        }
        let cell = |row: usize, name: &str| {
            let column = batch.frame.column(name).ok().and_then(|c| c.str().ok());
            column.and_then(|c| c.get(row)).map_or_else(String::new, |t| t.trim().to_owned())
        };
        let places = held.iter().map(|row| {
            let row = *row as usize;
            let parts = extract.key.iter().filter(|k| *k != "force").map(|k| cell(row, k));
            let force = rows.force.get(row).unwrap_or_default().to_owned();
            let names = batch.frame.columns().iter().map(|c| c.name().to_string());
            let mut fields: Vec<_> =
                names.map(|n| (n.clone(), cell(row, &n))).filter(|(_, text)| !text.is_empty()).collect();
            fields.sort();
            let updated = rows.times("updated_at").ok().and_then(|times| times[row].by(data_day).at());
            HeldPlace {
                key: std::iter::once(force).chain(parts).collect(),
                fields,
                updated_micros: updated.map(|t| t.civil_micros),
                file_index: batch.file_index,
                file: batch.file.clone(),
                place: batch.places.place(row, &batch.frame),
            }
        });
        Self { places: places.collect(), rows: Some(rows.pick(held)) }
    }

    /// Adds the rows of another block.
    pub fn merge(&mut self, other: Self) -> PolarsResult<()> {
        self.places.extend(other.places);
        match (&mut self.rows, other.rows) {
            (Some(mine), Some(theirs)) => mine.append(theirs)?,
            (mine @ None, theirs) => *mine = theirs,
            (Some(_), None) => {}
        }
        Ok(())
    }

    pub fn empty() -> Self {
        Self { rows: None, places: Vec::new() }
    }
}

/// Keeps one row of each key: of exact copies the first by file name and record; of versions that differ the one with
/// the latest `updated_at`. Where that does not decide, every row of the key goes to quarantine, copies too.
pub fn settle(extract: &Extract, held: Held) -> Settled {
    let mut order: Vec<usize> = (0..held.places.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&held.places[*a], &held.places[*b]);
        (&a.key, a.file_index, a.place.record).cmp(&(&b.key, b.file_index, b.place.record))
    });
    let mut settled = Settled {
        rows: None,
        quarantined: Vec::new(),
        duplicates: BTreeMap::new(),
        files: Vec::new(),
        findings: Findings::default(),
    };
    let mut kept: Vec<IdxSize> = Vec::new();
    for same_key in order.chunk_by(|a, b| held.places[*a].key == held.places[*b].key) {
        settled.keep_one(extract, &held.places, same_key, &mut kept);
    }
    kept.sort_unstable();
    settled.files = kept.iter().map(|row| held.places[*row as usize].file.clone()).collect();
    settled.rows = held.rows.map(|rows| rows.pick(&kept));
    settled
}

impl Settled {
    fn duplicate(&mut self, place: &HeldPlace) {
        *self.duplicates.entry(place.file.clone()).or_default() += 1;
    }

    /// `rows` share a key and stand in the order of file and record.
    fn keep_one(&mut self, extract: &Extract, places: &[HeldPlace], rows: &[usize], kept: &mut Vec<IdxSize>) {
        let mut versions: Vec<usize> = Vec::new();
        for row in rows {
            if !versions.iter().any(|v| places[*v].fields == places[*row].fields) {
                versions.push(*row);
            }
        }
        let newest = versions.iter().map(|v| places[*v].updated_micros).max().flatten();
        let winners: Vec<usize> = versions.iter().copied().filter(|v| places[*v].updated_micros == newest).collect();
        let winner = match (versions.as_slice(), winners.as_slice()) {
            ([only], _) => *only,
            (_, [winner]) if newest.is_some() => *winner,
            _ => {
                self.quarantined.extend(rows.iter().map(|row| conflict(extract, &places[*row])));
                return;
            }
        };
        kept.push(winner as IdxSize);
        for loser in rows.iter().filter(|row| **row != winner) {
            self.duplicate(&places[*loser]);
        }
        self.findings.add(Finding::ConflictSettled, &extract.id, "updated_at", versions.len() as u64 - 1);
    }
}

fn conflict(extract: &Extract, held: &HeldPlace) -> Quarantined {
    Quarantined {
        extract: extract.id.clone(),
        file: held.file.clone(),
        record: held.place.record,
        byte_offset: held.place.byte_offset,
        raw: held.place.raw.clone(),
        rule: Rule::ConflictingDuplicate,
        column: extract.key.last().cloned().unwrap_or_default(),
        expected: "one record for each key, or updated_at to tell which is newer".to_owned(),
        found: held.key[1..].join(", "),
        hint: "Export updated_at, or correct the record that is wrong.".to_owned(),
    }
}
