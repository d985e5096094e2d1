//! What the analyst asked for.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::gates::Allow;

/// How far a build goes. Each publishes what it has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    Tallies,
    Tables,
    Charts,
    Page,
    Packs,
}

/// Whose figures are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forces {
    /// The pipeline's own, or another one named.
    One(String),
    /// Every force in the extracts.
    All,
}

#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// A folder of canonically named files that stands for the pipeline's inputs.
    pub extracts: Option<PathBuf>,
    pub out: PathBuf,
    pub as_at: Option<NaiveDate>,
    pub forces: Forces,
    pub until: Until,
    /// Stops that pass as warnings.
    pub allow: Vec<Allow>,
}

impl BuildRequest {
    /// The option of a build whose extracts are not those that the pipeline names.
    pub(super) const FROM_A_FOLDER: &str = "extracts from a folder";

    /// The options that change what a build holds, for its name.
    pub(super) fn options(&self) -> Vec<String> {
        let forces = match &self.forces {
            Forces::One(force) => format!("force {force}"),
            Forces::All => "force all".to_owned(),
        };
        let until = match self.until {
            Until::Tallies => "until tallies",
            Until::Tables => "until tables",
            Until::Charts => "until charts",
            Until::Page => "until page",
            Until::Packs => "until packs",
        };
        let mut options = vec![forces, until.to_owned()];
        if self.extracts.is_some() {
            options.push(Self::FROM_A_FOLDER.to_owned());
        }
        let mut allow = self.allow.clone();
        allow.sort();
        allow.dedup();
        options.extend(allow.iter().map(|allow| format!("allow {allow}")));
        options
    }
}
