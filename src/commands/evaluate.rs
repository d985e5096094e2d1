//! `scorecard evaluate`: what an intervention did, as the newest build found it.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use miette::{Diagnostic, IntoDiagnostic};

use super::reading;
use crate::domain::visible_lines;
use crate::tables::evaluation::chart_name;
use crate::tables::evaluation_lines::{EvaluationLine, read};
use crate::tables::reading::ReadingError;

#[derive(clap::Args, Debug)]
#[command(after_long_help = "Examples:
  scorecard evaluate
      every intervention of the register, with the verdict on each metric that it is meant to move
  scorecard evaluate victim-care-unit
      one of them: effect with its interval, verdict, and the chart
  scorecard evaluate victim-care-unit --build output/builds/2026-09-30-0123456789ab
      the same, as an earlier build found it

Interventions stand in pipelines/interventions.toml. A build evaluates each; after a new entry, build again.")]
pub struct EvaluateArgs {
    /// The intervention's id in the register. Without it, all of them.
    pub intervention: Option<String>,
    /// The build's folder.
    #[arg(long, value_name = "DIR", default_value = "output/current")]
    pub build: PathBuf,
}

#[derive(Debug, thiserror::Error, Diagnostic)]
enum Failure {
    #[error("{0}")]
    #[diagnostic(help("{}", reading::advice(.0)))]
    Table(#[from] ReadingError),
    #[error("the build has no intervention {id}")]
    #[diagnostic(help("{known}"))]
    Unknown { id: String, known: String },
}

/// Prints the evaluations.
///
/// # Errors
/// A build whose evaluations cannot be read, an intervention that is not among them.
pub fn run(args: &EvaluateArgs) -> miette::Result<ExitCode> {
    let mut lines = read(&args.build).map_err(Failure::from)?;
    if let Some(id) = &args.intervention {
        let known = known(&lines);
        lines.retain(|line| line.intervention == *id);
        if lines.is_empty() {
            return Err(Failure::Unknown { id: id.clone(), known }.into());
        }
    }
    // As the register is read: an intervention with all that it is meant to move.
    lines.sort_by(|a, b| a.intervention.cmp(&b.intervention));
    let text = match (&args.intervention, lines.is_empty()) {
        (_, true) => "The register of interventions is empty: there is nothing to evaluate.\n".to_owned(),
        (None, _) => overview(&lines),
        (Some(_), _) => in_full(&lines, args),
    };
    std::io::stdout().write_all(visible_lines(&text).as_bytes()).into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}

fn known(lines: &[EvaluationLine]) -> String {
    let mut ids: Vec<&str> = lines.iter().map(|line| line.intervention.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.as_slice() {
        [] => "The register of interventions was empty. Add an entry to interventions.toml and build again.".to_owned(),
        ids => format!("It has {}. After a new entry in interventions.toml, build again.", ids.join(", ")),
    }
}

/// A line an intervention and metric.
fn overview(lines: &[EvaluationLine]) -> String {
    let mut text = String::new();
    let mut last = "";
    for line in lines {
        if line.intervention != last {
            text += &format!("{}: {}\n", line.intervention, line.name);
            last = &line.intervention;
        }
        let verdict = line.verdict.as_deref().unwrap_or("no verdict").replace('_', " ");
        text += &format!("  {:<40}{verdict}\n", line.metric);
    }
    text
}

fn in_full(lines: &[EvaluationLine], args: &EvaluateArgs) -> String {
    let Some(first) = lines.first() else { return String::new() };
    let mut text = format!("{}\n{}", first.name, first.unit);
    if let Some(areas) = &first.comparison_unit {
        text += &format!(", beside {areas}");
    }
    text += "\n";
    for line in lines {
        text += &format!("\n{}\n  {}\n", line.metric, line.finding);
        let months = format!("{} months before and {} after", line.months_before, line.months_after);
        if let Some(method) = line.method {
            text += &format!("  {}: {months}.\n", method.words());
        }
        if let Some(others) = &line.others {
            text += &format!("  Also changed in these months: {others}.\n");
        }
        let chart = args.build.join("charts").join(format!("{}.png", chart_name(&line.metric, &line.intervention)));
        if chart.exists() {
            text += &format!("  {}\n", chart.display());
        }
    }
    let tests = lines.iter().filter(|line| line.verdict.is_some()).count();
    if tests > 1 {
        text += &format!(
            "\n{tests} metrics were tested, each at 95% by itself: the more of them, the likelier one signals by chance.\n"
        );
    }
    text
}
