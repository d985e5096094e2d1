//! What one stage hands the next.

pub mod accepted;
pub mod attention;
pub mod case_mix;
pub mod cohort;
pub mod columns;
pub mod comparison;
pub mod conformed;
pub mod evaluation;
pub mod evaluation_lines;
pub mod figure;
pub mod figure_rules;
pub mod funnel;
pub mod journey;
pub mod key;
pub mod maturity;
pub mod nowcast;
pub mod over_time;
pub mod published;
pub mod quality;
pub mod quarantine;
pub mod raw;
pub mod reading;
pub mod source_column;
pub mod spec;
pub mod store;
