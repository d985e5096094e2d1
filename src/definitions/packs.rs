//! What packs and briefings hold: `[packs]` of a pipeline.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[packs]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Packs {
    /// The protective marking on every page.
    pub marking: String,
    /// The title of the board's pack.
    pub board: String,
    /// The force's own template of presentations, `.pptx` or `.potx`.
    pub deck_template: Option<PathBuf>,
    /// The force's own template of documents, `.docx` or `.dotx`.
    pub document_template: Option<PathBuf>,
    /// The analyst to ask about an area, by its name.
    pub area_analysts: BTreeMap<String, String>,
    /// The tables of the public pack.
    pub public: Vec<PublicTable>,
    pub briefing: BriefingTerms,
}

impl Default for Packs {
    fn default() -> Self {
        Self {
            // The lowest classification of the Government Security Classifications Policy, which most of what the public
            // sector writes has.
            marking: "OFFICIAL".to_owned(),
            board: "Operational Policing Board".to_owned(),
            deck_template: None,
            document_template: None,
            area_analysts: BTreeMap::new(),
            public: Vec::new(),
            briefing: BriefingTerms::default(),
        }
    }
}

/// A table of the public pack: metrics that are shares of one denominator and count nothing twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicTable {
    pub title: String,
    /// Ids of metrics.
    pub metrics: Vec<String>,
}

/// `[packs.briefing]`: the fortnightly briefing of areas, departments and teams, and what falls due.
#[derive(Clone, Debug, PartialEq)]
pub struct BriefingTerms {
    /// Days after the data date up to which something falls due.
    pub days_ahead: u16,
    /// Days before the data date from which something counts as overdue and is listed.
    pub days_overdue: u16,
    /// The force-wide message; without one it is the first line that the scorecard escalates, else the first whose month is a concern.
    pub message: Option<String>,
}

impl Default for BriefingTerms {
    /// A fortnight ahead; overdue for no longer than two briefings, as an older arrear is a matter for a review of the
    /// team's workload and not for a list of days.
    fn default() -> Self {
        Self { days_ahead: 14, days_overdue: 28, message: None }
    }
}
