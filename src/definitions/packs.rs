//! What packs and briefings hold: `[packs]` of a pipeline.

/// `[packs]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packs {
    pub briefing: BriefingTerms,
}

/// `[packs.briefing]`: the fortnightly briefing of areas and teams, and what falls due.
#[derive(Clone, Debug, PartialEq)]
pub struct BriefingTerms {
    /// Days after the data date up to which something falls due.
    pub days_ahead: u16,
    /// Days before the data date from which something counts as overdue and is listed.
    pub days_overdue: u16,
    /// The force-wide message; without one it is the first line that the scorecard escalates.
    pub message: Option<String>,
}

impl Default for BriefingTerms {
    /// A fortnight ahead; overdue for no longer than two briefings, as an older arrear is a matter for a review of the
    /// team's workload and not for a list of days.
    fn default() -> Self {
        Self { days_ahead: 14, days_overdue: 28, message: None }
    }
}
