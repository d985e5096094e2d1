//! Classes of outcome, the types that each is written as, and how long each takes.

use super::parameters::{Outcomes, Parameters};
use super::random::{Choice, Duration};

/// Outcomes that come about in the same way and take alike long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeClass {
    Charge,
    Caution,
    CommunityResolution,
    Diversion,
    NoSuspect,
    NoSupportNoSuspect,
    NoSupport,
    Evidential,
    Other,
}

impl OutcomeClass {
    pub const ALL: [Self; 9] = [
        Self::Charge,
        Self::Caution,
        Self::CommunityResolution,
        Self::Diversion,
        Self::NoSuspect,
        Self::NoSupportNoSuspect,
        Self::NoSupport,
        Self::Evidential,
        Self::Other,
    ];

    pub const fn is_out_of_court(self) -> bool {
        matches!(self, Self::Caution | Self::CommunityResolution | Self::Diversion)
    }

    /// In the default solved set, positive outcomes without offences taken into consideration.
    pub const fn is_solved(self) -> bool {
        matches!(self, Self::Charge) || self.is_out_of_court()
    }

    pub const fn is_no_support(self) -> bool {
        matches!(self, Self::NoSupportNoSuspect | Self::NoSupport)
    }

    pub const fn has_suspect(self) -> bool {
        !matches!(self, Self::NoSuspect | Self::NoSupportNoSuspect)
    }
}

/// The Home Office outcome types of one class.
#[derive(Clone, Debug)]
pub struct OutcomeTypes {
    pub codes: Vec<String>,
    pub choice: Choice,
}

/// By class, in the order of [`OutcomeClass::ALL`].
pub fn outcome_types(outcomes: &Outcomes) -> [OutcomeTypes; 9] {
    outcomes.types().map(|weights| OutcomeTypes {
        codes: weights.keys().cloned().collect(),
        choice: Choice::new(weights.values().copied()),
    })
}

/// Days from recording to outcome, by subgroup and class.
pub fn days_to_outcome(parameters: &Parameters) -> Vec<[Duration; 9]> {
    let by_class = parameters.outcomes.days.in_order();
    parameters.subgroup.iter().map(|s| by_class.map(|days| days.times(s.days_factor))).collect()
}
