//! Seeded mutations of good files against every reader, in process: no panic, no record without a place, bounded time and
//! memory. How to run it at length: CONTRIBUTING.md, "Fuzzing".
//!
//! A reader is one line in `targets::all`: a name, what its inputs are made from, and a function of bytes that panics
//! where a promise is broken.

#![allow(clippy::unwrap_used, clippy::panic)]

mod driver;
mod mutate;
mod strict_csv;
mod targets;

use driver::{Plan, run};

/// What `cargo test` draws each time, over all targets.
const SHORT_RUN_INPUTS: u64 = 4_000;
/// What a long run draws where `FUZZ_INPUTS` does not say.
const LONG_RUN_INPUTS: u64 = 1_000_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.replace('_', "").parse().unwrap())
}

#[test]
fn a_short_run_finds_nothing() {
    run(&targets::all(), &Plan { inputs: SHORT_RUN_INPUTS, seed: 1, only: None });
}

/// `FUZZ_INPUTS=10_000_000 cargo test --release --test suite fuzz -- --ignored --nocapture`; `FUZZ_SEED` draws others, and
/// `FUZZ_ONLY=calls:4711` draws one input again, or with `FUZZ_ONLY=calls` those of one target.
#[test]
#[ignore = "long: see CONTRIBUTING.md"]
fn a_long_run_finds_nothing() {
    let inputs = number("FUZZ_INPUTS").unwrap_or(LONG_RUN_INPUTS);
    run(
        &targets::all(),
        &Plan { inputs, seed: number("FUZZ_SEED").unwrap_or(1), only: std::env::var("FUZZ_ONLY").ok() },
    );
}
