//! The one integration binary: a module for each subject, with its cases beside it. See README.md.

mod architecture;
mod cli;
mod command;
#[cfg(target_os = "linux")]
mod crash;
mod gates;
mod ingest;
mod published;
mod real_data;
mod recomputed;
mod stat_cases;
