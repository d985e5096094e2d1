//! Arguments only.

use clap::{Parser, Subcommand};

use crate::commands::{build, check, evaluate, metrics, open, pack, preflight, quarantine, synth, verify};

/// A police force's one-stop performance scorecard, built every night from exported extracts.
#[derive(Parser, Debug)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Build the scorecard: read, check, measure, compare, publish.
    Build(build::BuildArgs),
    /// Check every definition and reference; nothing is read or written.
    Check(check::CheckArgs),
    /// What an intervention did: effect, interval, verdict and chart.
    Evaluate(evaluate::EvaluateArgs),
    /// List the metrics, or write their reference page and schemas.
    Metrics(metrics::MetricsArgs),
    /// Open the page of a build in the browser.
    Open(open::OpenArgs),
    /// Make a pack out of a build: the board's, or the briefing of an area, department or team.
    Pack(pack::PackArgs),
    /// What packs would say for the first time, before they go out; hold them or release them.
    Preflight(preflight::PreflightArgs),
    /// Read the records that no figure counts, and what to do about each.
    Quarantine(quarantine::QuarantineArgs),
    /// Write synthetic extracts, seeded: any number of forces and crimes.
    Synth(synth::SynthArgs),
    /// Re-hash a build against its manifest.
    Verify(verify::VerifyArgs),
}
