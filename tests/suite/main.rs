//! The one integration binary: a module for each subject, with its cases beside it. See README.md.

mod architecture;
mod briefing;
mod built;
mod calibration;
mod cli;
mod command;
#[cfg(target_os = "linux")]
mod crash;
mod data_quality;
mod demand;
mod due;
mod evaluate;
mod fuzz;
mod gates;
mod hostile;
mod ingest;
mod made;
mod maturity;
mod not_reported;
mod open;
mod packs;
mod page;
mod people;
mod published;
mod published_results;
mod quarantine;
mod real_data;
mod recomputed;
mod replay;
mod stat_cases;
mod verdicts;
mod workbook;
