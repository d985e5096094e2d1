//! The one integration binary: a module for each subject, with its cases beside it. See README.md.

mod architecture;
mod cli;
mod fuzz;
mod hostile;
mod made;
mod published;
mod quarantine;
mod recomputed;
mod replay;
mod stat_cases;
