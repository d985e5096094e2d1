//! The gates: what is known of tonight's extracts in, verdicts out. No disk, no clock, no frame.
//!
//! A verdict warns or stops. [`survey`] judges by what the structural pass found, before any row is parsed;
//! [`quarantine`] once every record has its place. What a stopped build leaves is made in [`StopReport`].

mod report;
mod rules;
mod state;
mod verdict;

#[cfg(test)]
mod tests;

pub use report::{ExtractState, LastGood, PlacesOf, StopReport};
pub use rules::{Before, ExtractFacts, Night, file_verdict, newest_day, quarantine, survey};
pub use state::{GateRow, arrays};
pub use verdict::{Allow, GateRule, GateVerdict, let_pass};
