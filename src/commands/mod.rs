//! One command, one file: arguments, and a `run` that reads as steps.

pub mod build;
pub mod check;
pub mod evaluate;
pub mod metrics;
pub mod open;
pub mod pack;
pub mod preflight;
mod progress;
pub mod quarantine;
mod reading;
mod stops;
pub mod synth;
pub mod verify;
