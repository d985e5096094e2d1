//! Parse, run one command, print the error, exit.

use std::process::ExitCode;

use clap::Parser;
use scorecard::cli::{Cli, Command};
use scorecard::commands::{build, check, evaluate, metrics, open, pack, preflight, quarantine, synth, verify};
use scorecard::definitions::DefinitionFaults;

/// The definitions are wrong.
const WRONG_DEFINITIONS: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::Build(args) = &cli.command {
        set_threads(args.jobs);
    }
    let done = match &cli.command {
        Command::Build(args) => build::run(args),
        Command::Check(args) => check::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Metrics(args) => metrics::run(args),
        Command::Open(args) => open::run(args),
        Command::Pack(args) => pack::run(args),
        Command::Preflight(args) => preflight::run(args),
        Command::Quarantine(args) => quarantine::run(args),
        Command::Synth(args) => synth::run(args).map(|()| ExitCode::SUCCESS),
        Command::Verify(args) => verify::run(args),
    };
    done.unwrap_or_else(|report| {
        let code = if report.is::<DefinitionFaults>() { ExitCode::from(WRONG_DEFINITIONS) } else { ExitCode::FAILURE };
        eprintln!("{report:?}");
        code
    })
}

/// Both thread pools read their size from the environment when they start, and there is no other way to set that of
/// the frames' pool.
fn set_threads(jobs: Option<u16>) {
    let Some(jobs) = jobs else { return };
    for pool in ["RAYON_NUM_THREADS", "POLARS_MAX_THREADS"] {
        // SAFETY: no other thread has started yet.
        #[allow(unsafe_code)]
        unsafe {
            std::env::set_var(pool, jobs.to_string());
        }
    }
}
