//! What a gate says, and what the analyst let pass.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::definitions::Severity;

/// Why an extract warns or stops a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateRule {
    /// No header.
    EmptyFile,
    /// A header and no record.
    NoRecords,
    MissingColumn,
    DoubleColumn,
    /// The columns are those of another extract.
    OtherExtract,
    /// Cut off, or not what its ending says.
    DamagedFile,
    /// It can be read in more than one way, and nothing says which.
    AmbiguousFile,
    /// Rows, and none of the measured force.
    OtherForce,
    /// The files of the last good build, though time has gone on.
    SameFileAgain,
    FewerRows,
    NewestTooOld,
    QuarantinedShare,
}

impl GateRule {
    pub const ALL: [Self; 12] = [
        Self::EmptyFile,
        Self::NoRecords,
        Self::MissingColumn,
        Self::DoubleColumn,
        Self::OtherExtract,
        Self::DamagedFile,
        Self::AmbiguousFile,
        Self::OtherForce,
        Self::SameFileAgain,
        Self::FewerRows,
        Self::NewestTooOld,
        Self::QuarantinedShare,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::NoRecords => "no_records",
            Self::MissingColumn => "missing_column",
            Self::DoubleColumn => "double_column",
            Self::OtherExtract => "other_extract",
            Self::DamagedFile => "damaged_file",
            Self::AmbiguousFile => "ambiguous_file",
            Self::OtherForce => "other_force",
            Self::SameFileAgain => "same_file_again",
            Self::FewerRows => "fewer_rows",
            Self::NewestTooOld => "newest_too_old",
            Self::QuarantinedShare => "quarantined_share",
        }
    }

    /// As a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::EmptyFile => "The file is empty",
            Self::NoRecords => "The file holds no record",
            Self::MissingColumn => "A required column is gone",
            Self::DoubleColumn => "Two columns share a name",
            Self::OtherExtract => "It is another extract's file",
            Self::DamagedFile => "The file is cut off or damaged",
            Self::AmbiguousFile => "The file can be read in more than one way",
            Self::OtherForce => "It is another force's file",
            Self::SameFileAgain => "It is the file of the build before",
            Self::FewerRows => "There are far fewer records than before",
            Self::NewestTooOld => "The newest row is too old",
            Self::QuarantinedShare => "Too many records are in quarantine",
        }
    }

    /// Whether it sets tonight's extracts beside the last good build's.
    pub const fn compares_builds(self) -> bool {
        matches!(self, Self::SameFileAgain | Self::FewerRows)
    }

    /// Whether a build can go on in spite of it: a file that cannot be read cannot be let pass.
    pub const fn can_be_let_pass(self) -> bool {
        match self {
            Self::EmptyFile
            | Self::NoRecords
            | Self::MissingColumn
            | Self::DoubleColumn
            | Self::OtherExtract
            | Self::DamagedFile
            | Self::AmbiguousFile => false,
            Self::OtherForce | Self::SameFileAgain | Self::FewerRows | Self::NewestTooOld | Self::QuarantinedShare => {
                true
            }
        }
    }
}

impl Serialize for GateRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What one gate says of one extract. Nothing of a row is in its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GateVerdict {
    pub extract: String,
    pub rule: GateRule,
    #[serde(serialize_with = "severity_name")]
    pub severity: Severity,
    /// A stop that the analyst let pass for this run.
    pub let_pass: bool,
    pub found: String,
    pub limit: String,
    /// One sentence that begins with the extract.
    pub message: String,
    /// What to do, in sentences.
    pub next_step: String,
}

impl GateVerdict {
    /// The message, and whether somebody let it pass.
    pub fn told(&self) -> String {
        if self.let_pass { format!("{} (let pass by --allow)", self.message) } else { self.message.clone() }
    }
}

fn severity_name<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.name())
}

/// `RULE` or `RULE:EXTRACT`: a stop that passes as a warning, for one run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allow {
    pub rule: GateRule,
    /// `None`: of every extract.
    pub extract: Option<String>,
}

impl Allow {
    pub fn covers(&self, verdict: &GateVerdict) -> bool {
        self.rule == verdict.rule && self.extract.as_ref().is_none_or(|e| *e == verdict.extract)
    }
}

impl FromStr for Allow {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rule, extract) = match text.split_once(':') {
            Some((rule, extract)) => (rule, Some(extract.to_owned())),
            None => (text, None),
        };
        match GateRule::ALL.into_iter().find(|r| r.name() == rule) {
            Some(rule) if rule.can_be_let_pass() => Ok(Self { rule, extract }),
            Some(_) => Err(format!("{rule} cannot be let pass: there is nothing to build from")),
            None => {
                let known = GateRule::ALL.into_iter().filter(|r| r.can_be_let_pass()).map(GateRule::name);
                Err(format!("write one of {}, and :EXTRACT for one extract", known.collect::<Vec<_>>().join(", ")))
            }
        }
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.extract {
            Some(extract) => write!(f, "{}:{extract}", self.rule.name()),
            None => f.write_str(self.rule.name()),
        }
    }
}

/// Makes warnings of the stops that are allowed.
pub fn let_pass(verdicts: &mut [GateVerdict], allow: &[Allow]) {
    for verdict in verdicts.iter_mut().filter(|v| v.severity == Severity::Stop) {
        if verdict.rule.can_be_let_pass() && allow.iter().any(|a| a.covers(verdict)) {
            verdict.severity = Severity::Warn;
            verdict.let_pass = true;
        }
    }
}
