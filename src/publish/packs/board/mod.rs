//! The pack of the Operational Policing Board: what needs it, theme by theme, and every line behind.

pub(super) mod content;
pub(super) mod deck;
pub(super) mod report;
