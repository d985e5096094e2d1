//! Typed rows between validation and conformity, and the rows that did not get there.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::{
    ChunkTake, IdxCa, IdxSize, NewChunkedArray, PlSmallStr, PolarsResult, StringChunked, polars_bail,
};

use crate::domain::clock::CivilTime;

/// A typed cell: a value that was set aside is not the same as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<T> {
    Blank,
    Invalid,
    At(T),
}

pub type TimeCell = Cell<CivilTime>;

impl<T> Cell<T> {
    /// The value, if there is a valid one.
    pub fn at(self) -> Option<T> {
        match self {
            Self::At(value) => Some(value),
            Self::Blank | Self::Invalid => None,
        }
    }
}

impl TimeCell {
    /// The time as known on the data date: one after it has not happened yet.
    pub fn by(self, data_day: i32) -> Self {
        match self {
            Self::At(time) if time.day() > data_day => Self::Blank,
            other => other,
        }
    }
}

/// Stands in a code column for a code that is not listed, where that does not quarantine the row: no extract's codes hold
/// it, and blank means something else.
pub const INVALID_CODE: &str = "?";

/// The cells of one column, one for each row.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Text, code and outcome type columns: trimmed; blank is null.
    Text(StringChunked),
    Times(Vec<TimeCell>),
    Flags(Vec<Cell<bool>>),
    Numbers(Vec<Cell<f64>>),
}

impl Cells {
    fn pick(&self, rows: &IdxCa) -> Self {
        fn pick<T: Copy>(cells: &[T], rows: &IdxCa) -> Vec<T> {
            rows.into_no_null_iter().map(|row| cells[row as usize]).collect()
        }
        match self {
            Self::Text(cells) => Self::Text(cells.take(rows).unwrap_or_else(|_| cells.clear())),
            Self::Times(cells) => Self::Times(pick(cells, rows)),
            Self::Flags(cells) => Self::Flags(pick(cells, rows)),
            Self::Numbers(cells) => Self::Numbers(pick(cells, rows)),
        }
    }

    fn append(&mut self, other: Self) -> PolarsResult<()> {
        match (self, other) {
            (Self::Text(mine), Self::Text(theirs)) => mine.append(&theirs)?,
            (Self::Times(mine), Self::Times(theirs)) => mine.extend(theirs),
            (Self::Flags(mine), Self::Flags(theirs)) => mine.extend(theirs),
            (Self::Numbers(mine), Self::Numbers(theirs)) => mine.extend(theirs),
            _ => polars_bail!(SchemaMismatch: "cells of different kinds"),
        }
        Ok(())
    }
}

/// Rows that passed every rule, typed: every column of the extract's definition, blank where the file lacks it.
#[derive(Clone, Debug)]
pub struct Rows {
    pub columns: BTreeMap<String, Cells>,
    /// Force id of each row.
    pub force: StringChunked,
    /// Whether the row's required time is on or before the data date.
    pub in_window: Vec<bool>,
}

impl Rows {
    pub fn len(&self) -> usize {
        self.force.len()
    }

    pub fn is_empty(&self) -> bool {
        self.force.is_empty()
    }

    /// The rows with these positions, in this order.
    pub fn pick(&self, rows: &[IdxSize]) -> Self {
        let index = IdxCa::from_slice(PlSmallStr::EMPTY, rows);
        Self {
            columns: self.columns.iter().map(|(name, cells)| (name.clone(), cells.pick(&index))).collect(),
            force: self.force.take(&index).unwrap_or_else(|_| self.force.clear()),
            in_window: rows.iter().map(|row| self.in_window[*row as usize]).collect(),
        }
    }

    /// Adds the rows of `other`, which has the same columns.
    pub fn append(&mut self, other: Self) -> PolarsResult<()> {
        for (name, cells) in other.columns {
            match self.columns.get_mut(&name) {
                Some(mine) => mine.append(cells)?,
                None => polars_bail!(ColumnNotFound: "{name}"),
            }
        }
        self.force.append(&other.force)?;
        self.in_window.extend(other.in_window);
        Ok(())
    }

    /// The cells of a column of the extract's definition.
    ///
    /// # Errors
    /// A name that the definition does not have, or a column of another kind.
    pub fn text(&self, name: &str) -> PolarsResult<&StringChunked> {
        match self.columns.get(name) {
            Some(Cells::Text(cells)) => Ok(cells),
            _ => polars_bail!(ColumnNotFound: "text column {name}"),
        }
    }

    pub fn times(&self, name: &str) -> PolarsResult<&[TimeCell]> {
        match self.columns.get(name) {
            Some(Cells::Times(cells)) => Ok(cells),
            _ => polars_bail!(ColumnNotFound: "time column {name}"),
        }
    }

    pub fn flags(&self, name: &str) -> PolarsResult<&[Cell<bool>]> {
        match self.columns.get(name) {
            Some(Cells::Flags(cells)) => Ok(cells),
            _ => polars_bail!(ColumnNotFound: "flag column {name}"),
        }
    }

    pub fn numbers(&self, name: &str) -> PolarsResult<&[Cell<f64>]> {
        match self.columns.get(name) {
            Some(Cells::Numbers(cells)) => Ok(cells),
            _ => polars_bail!(ColumnNotFound: "number column {name}"),
        }
    }
}

/// A record that may not be used, with all that is needed to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub extract: String,
    pub file: Arc<str>,
    /// Number of the record in its file; the header is 1.
    pub record: u64,
    /// In the decompressed text; `None` for Parquet.
    pub byte_offset: Option<u64>,
    pub raw: String,
    pub rule: Rule,
    pub column: String,
    pub expected: String,
    pub found: String,
    pub hint: String,
}

/// Why a record is in quarantine. First match wins, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    RaggedRow,
    MissingKey,
    UnparsableTime,
    FutureTime,
    UnknownGrade,
    UnknownLine,
    ConflictingDuplicate,
}

impl Rule {
    pub const ALL: [Self; 7] = [
        Self::RaggedRow,
        Self::MissingKey,
        Self::UnparsableTime,
        Self::FutureTime,
        Self::UnknownGrade,
        Self::UnknownLine,
        Self::ConflictingDuplicate,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::RaggedRow => "ragged_row",
            Self::MissingKey => "missing_key",
            Self::UnparsableTime => "unparsable_time",
            Self::FutureTime => "future_time",
            Self::UnknownGrade => "unknown_grade",
            Self::UnknownLine => "unknown_line",
            Self::ConflictingDuplicate => "conflicting_duplicate",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// Something worth knowing about rows that stay, counted by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// Bytes that are no letters in the file's encoding; they are kept as U+FFFD.
    UndecodableText,
    /// A row that the definition puts below the table.
    FooterRow,
    InvalidTime,
    InvalidCode,
    InvalidFlag,
    InvalidNumber,
    TimeNeverShown,
    UnmappedOffence,
    UnmappedOutcome,
    OutcomeWithoutTime,
    OutcomeBeforeRecording,
    ArrivalBeforeOpening,
    DispatchAfterArrival,
    AnswerBeforeReceipt,
    ConflictSettled,
    CrimeNotFound,
    IncidentNotFound,
    /// Posts of one officer that begin before an earlier one has ended.
    PostsOverlap,
    PostEndsBeforeItBegins,
    /// A crime's officer held no post on the day of recording.
    OfficerWithoutPost,
}

impl Finding {
    pub const fn name(self) -> &'static str {
        match self {
            Self::UndecodableText => "undecodable_text",
            Self::FooterRow => "footer_row",
            Self::InvalidTime => "invalid_time",
            Self::InvalidCode => "invalid_code",
            Self::InvalidFlag => "invalid_flag",
            Self::InvalidNumber => "invalid_number",
            Self::TimeNeverShown => "time_never_shown",
            Self::UnmappedOffence => "unmapped_offence",
            Self::UnmappedOutcome => "unmapped_outcome",
            Self::OutcomeWithoutTime => "outcome_without_time",
            Self::OutcomeBeforeRecording => "outcome_before_recording",
            Self::ArrivalBeforeOpening => "arrival_before_opening",
            Self::DispatchAfterArrival => "dispatch_after_arrival",
            Self::AnswerBeforeReceipt => "answer_before_receipt",
            Self::ConflictSettled => "conflict_settled_by_update",
            Self::CrimeNotFound => "crime_not_found",
            Self::IncidentNotFound => "incident_not_found",
            Self::PostsOverlap => "posts_overlap",
            Self::PostEndsBeforeItBegins => "post_ends_before_it_begins",
            Self::OfficerWithoutPost => "officer_without_post",
        }
    }
}

/// How often each finding was made, by extract and column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(pub BTreeMap<(Finding, String, String), u64>);

impl Findings {
    pub fn add(&mut self, finding: Finding, extract: &str, column: &str, rows: u64) {
        if rows > 0 {
            *self.0.entry((finding, extract.to_owned(), column.to_owned())).or_default() += rows;
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (key, rows) in other.0 {
            *self.0.entry(key).or_default() += rows;
        }
    }
}

/// Where every record of one file ended up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    pub extract: String,
    pub file: String,
    /// By the structural pass, which does not share the parser.
    pub records_read: u64,
    pub accepted: u64,
    pub out_of_window: u64,
    pub quarantined: u64,
    pub duplicates: u64,
}

impl Reconciliation {
    pub fn balances(&self) -> bool {
        self.records_read == self.accepted + self.out_of_window + self.quarantined + self.duplicates
    }
}
