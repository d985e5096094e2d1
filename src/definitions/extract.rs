//! What an extract is: one file under `pipelines/extracts/`.

use super::Thresholds;
use crate::domain::{Level, ScopeKind};

/// One kind of extract, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Extract {
    /// `crimes`, `incidents`, `calls`, `surveys`, `victim_contacts`, `people`: the file name.
    pub id: String,
    pub title: String,
    /// One row is one of these: `recorded crime`.
    pub row: String,
    /// Key columns; a blank key quarantines the row. `force` is part of every key, and blank is the pipeline's force.
    pub key: Vec<String>,
    /// The required time that places a row against the data date, if it has one.
    pub time: Option<String>,
    /// A build goes on without this extract's file, and the metrics that read it are not available.
    pub may_be_absent: bool,
    pub columns: Vec<Column>,
    /// What may not come before what, for the clock change in autumn and for order checks.
    pub predecessors: Vec<Predecessor>,
    /// Levels and the scopes that each is cut by.
    pub levels: Vec<LevelScopes>,
    /// With what the pipeline states for its input.
    pub thresholds: Thresholds,
}

impl Extract {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
    pub required: bool,
    pub description: String,
    /// The rule that quarantines a row whose code is blank or unknown; `None`: such a value is set aside as invalid.
    pub unknown_rule: Option<String>,
}

/// How a column's text is read.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnKind {
    /// Kept as it stands, trimmed.
    Text,
    /// Civil London time, or a time with its offset.
    Time,
    /// One of these, trimmed and ignoring case; written in lower case.
    Code(Vec<String>),
    /// Yes or no; blank is not known. Other texts listed here (a strand's name) count as yes; `*` is any other text.
    Flag {
        also_yes: Vec<String>,
    },
    Number,
    /// A survey answer, 1 (completely satisfied) to 7 (completely dissatisfied), or a text that is no valid answer.
    Score {
        no_answer: Vec<String>,
        labels: Vec<String>,
    },
    /// Upper-cased, without leading zeros.
    OutcomeType,
}

/// `event` may not come before `after`, both columns of the same row.
#[derive(Clone, Debug, PartialEq)]
pub struct Predecessor {
    pub event: String,
    pub after: String,
}

/// A level and the scopes that its rows are cut by.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelScopes {
    pub level: Level,
    pub scopes: Vec<ScopeKind>,
}
