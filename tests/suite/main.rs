//! The one integration binary: a module for each subject, with its cases beside it. See README.md.

mod architecture;
mod cli;
mod data_quality;
mod published;
mod recomputed;
mod stat_cases;
