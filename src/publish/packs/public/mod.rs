//! The pack for everybody: counts and rates of a financial year by area, without what would point at a person.

pub(super) mod content;
pub(super) mod protected;
pub(super) mod report;
