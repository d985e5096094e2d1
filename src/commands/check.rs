//! `scorecard check`: every definition, reference and extract header checked, all faults at once, nothing written.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use miette::IntoDiagnostic;

use super::stops;
use crate::definitions::{self, Definitions, REFERENCE_TABLES};
use crate::domain::visible_lines;
use crate::pipeline::{self, BAD_EXTRACT, FAILED, Headers};

#[derive(clap::Args, Debug)]
#[command(after_long_help = "Examples:
  scorecard check                                         definitions, and the extracts of the default pipeline
  scorecard check pipelines/my_force.toml --extracts in   the same with canonically named extracts of a folder
  scorecard check --definitions-only                      where the extracts are not at hand")]
pub struct CheckArgs {
    /// The pipeline file; its definitions stand beside it.
    #[arg(default_value = "pipelines/gloucestershire.toml")]
    pub pipeline: PathBuf,
    /// Look at the canonically named extracts of this folder, not at those that the pipeline names.
    #[arg(long, value_name = "DIR")]
    pub extracts: Option<PathBuf>,
    /// Look at no extract.
    #[arg(long, conflicts_with = "extracts")]
    pub definitions_only: bool,
}

/// Checks the definitions of a pipeline, then the headers of its extracts.
///
/// # Errors
/// [`definitions::DefinitionFaults`] with all faults of all files; standard output that cannot be written.
pub fn run(args: &CheckArgs) -> miette::Result<ExitCode> {
    let read = definitions::load(&args.pipeline)?;
    let (metrics, extracts) = (read.metrics.len(), read.extracts.len());
    let references = REFERENCE_TABLES.len();
    let mut text = format!("{metrics} metrics, {extracts} extracts, {references} references: no fault\n");
    let mut found = Headers::default();
    if !args.definitions_only {
        found = pipeline::headers(&read, args.extracts.as_deref());
        text += &told(&read, &found);
    }
    std::io::stdout().write_all(visible_lines(&text).as_bytes()).into_diagnostic()?;
    stops::show(&found.stops);
    for error in &found.errors {
        eprintln!("error: {}", visible_lines(&error.to_string()));
        error.hint().iter().for_each(|hint| eprintln!("  next: {hint}"));
    }
    Ok(match (found.errors.is_empty(), found.stops.is_empty()) {
        (true, true) => ExitCode::SUCCESS,
        (false, _) => ExitCode::from(FAILED),
        (true, false) => ExitCode::from(BAD_EXTRACT),
    })
}

fn told(definitions: &Definitions, found: &Headers) -> String {
    let mut text = String::new();
    for absent in &found.absent {
        text += &format!("there is no extract of {absent}: {}\n", definitions.without(absent));
    }
    let files = if found.good == 1 { "1 file".to_owned() } else { format!("{} files", found.good) };
    let whole = found.stops.is_empty() && found.errors.is_empty();
    text + &format!("{files} with the columns that are asked for{}\n", if whole { ": no fault" } else { "" })
}
