//! `scorecard build`: the nightly build.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use chrono::NaiveDate;
use clap::ValueEnum;
use miette::{IntoDiagnostic, WrapErr};

use super::{progress, stops};
use crate::definitions::{self, Definitions};
use crate::domain::{ForceId, long_date, parse_iso_date, visible_lines};
use crate::pipeline::{self, Allow, BuildError, BuildRequest, Forces, GateVerdict, Summary, Until};

/// As for arguments that make no sense on their own.
const WRONG_ARGUMENTS: u8 = 2;

#[derive(clap::Args, Debug)]
#[command(after_long_help = "Examples:
  scorecard build
      the default pipeline on its sample data, into output/
  scorecard build pipelines/published.toml
      real published data alone
  scorecard build --extracts /exports/tonight --out /srv/scorecard
      a folder of crimes.csv, incidents.csv, calls.csv, surveys.csv and victim_contacts.csv (or .gz, .zst, .parquet)
  scorecard build --as-at 2026-03-31 --only tables
      the data as known at the end of March, without charts
  scorecard build --allow fewer_rows:surveys
      goes on although there are far fewer survey responses than last night

Exit codes: 0 published; 1 failed; 2 the definitions are wrong; 3 an extract stopped it and nothing was published;
4 another build is running.")]
pub struct BuildArgs {
    /// The pipeline file; its definitions stand beside it.
    #[arg(default_value = "pipelines/gloucestershire.toml")]
    pub pipeline: PathBuf,
    /// Read the extracts from this folder, by their canonical names, instead of the pipeline's inputs.
    #[arg(long, value_name = "DIR")]
    pub extracts: Option<PathBuf>,
    /// Write builds here; DIR/current is the newest good one.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub out: PathBuf,
    /// The data date: the last whole day that counts. Without it, the newest complete day in the extracts.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = iso_date)]
    pub as_at: Option<NaiveDate>,
    /// Measure this force, or `all` forces in the extracts. Without it, the pipeline's own.
    #[arg(long, value_name = "SLUG|all", value_parser = force)]
    pub force: Option<String>,
    /// Use this many threads. Without it, one for each core. The figures are the same whatever the number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Stop after this stage, and publish what there is.
    #[arg(long, value_name = "STAGE")]
    pub only: Option<Only>,
    /// Let a stop pass as a warning, this once: a rule such as fewer_rows, of one extract or of all.
    #[arg(long, value_name = "RULE[:EXTRACT]")]
    pub allow: Vec<Allow>,
}

/// A stage to stop after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Monthly numerators and denominators.
    Tallies,
    /// All tables.
    Tables,
    /// Tables and charts.
    Charts,
    /// Tables, charts, the page and the workbook.
    Page,
    /// All of these and the packs: as without the option.
    Packs,
}

fn iso_date(text: &str) -> Result<NaiveDate, String> {
    parse_iso_date(text).ok_or_else(|| "write the date as 2026-03-31".to_owned())
}

fn force(text: &str) -> Result<String, String> {
    match ForceId::new(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("write a force's id, such as gloucestershire or devon-and-cornwall, or all".to_owned()),
    }
}

/// Runs the build and prints its summary.
///
/// # Errors
/// [`definitions::DefinitionFaults`], printed together; a [`BuildError`] is printed with its hint and gives the code.
pub fn run(args: &BuildArgs) -> miette::Result<ExitCode> {
    let started = Instant::now();
    let definitions = definitions::load(&args.pipeline)?;
    let forces = match args.force.as_deref() {
        Some("all") => Forces::All,
        Some(force) => Forces::One(force.to_owned()),
        None => Forces::One(definitions.pipeline.force.to_string()),
    };
    let until = match args.only {
        Some(Only::Tallies) => Until::Tallies,
        Some(Only::Tables) => Until::Tables,
        Some(Only::Charts) => Until::Charts,
        Some(Only::Page) => Until::Page,
        Some(Only::Packs) | None => Until::Packs,
    };
    if let Some(unknown) = args.allow.iter().find(|allow| !is_known(allow, &definitions)) {
        eprintln!("error: --allow {unknown}: this pipeline has no extract of that name");
        return Ok(ExitCode::from(WRONG_ARGUMENTS));
    }
    let request = BuildRequest {
        extracts: args.extracts.clone(),
        out: args.out.clone(),
        as_at: args.as_at,
        forces,
        until,
        allow: args.allow.clone(),
    };
    let progress = progress::for_stderr();
    let built = pipeline::run(&definitions, &request, progress.as_ref());
    drop(progress);
    match built {
        Ok(summary) => {
            let text = describe(&summary, args, started.elapsed().as_secs_f64());
            let printed = std::io::stdout().write_all(visible_lines(&text).as_bytes());
            printed.into_diagnostic().wrap_err("the build is published, but its summary could not be printed")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Ok(failed(&error, args)),
    }
}

/// Whether the extract of an `--allow` is one that gates judge.
fn is_known(allow: &Allow, definitions: &Definitions) -> bool {
    let known = |id: &String| definitions.extract(id).is_some() || id == pipeline::STREET_EXTRACT;
    allow.extract.as_ref().is_none_or(known)
}

fn failed(error: &BuildError, args: &BuildArgs) -> ExitCode {
    if let BuildError::Stopped { verdicts, report } = error {
        stopped(verdicts, report);
    } else {
        eprintln!("error: {}", visible_lines(&error.to_string()));
    }
    if let Some(hint) = error.hint() {
        eprintln!("  next: {hint}");
    }
    let current = args.out.join("current");
    if current.exists() {
        eprintln!("  The last good build is untouched: {}", current.display());
    }
    ExitCode::from(error.exit_code())
}

fn stopped(verdicts: &[GateVerdict], report: &Result<PathBuf, Box<BuildError>>) {
    stops::show(verdicts);
    match report {
        Ok(folder) => eprintln!("Nothing was published. Why: {}", folder.join("report.html").display()),
        Err(error) => eprintln!("Nothing was published, and the report of it could not be written: {error}"),
    }
}

fn describe(summary: &Summary, args: &BuildArgs, seconds: f64) -> String {
    let mut text = format!("Data date {}\n\n", long_date(summary.data_date));
    text += &format!(
        "{:<30}{:>10}{:>10}{:>12}{:>13}{:>12}\n",
        "", "read", "accepted", "after date", "quarantined", "duplicates"
    );
    for e in &summary.extracts {
        text += &format!(
            "{:<30}{:>10}{:>10}{:>12}{:>13}{:>12}\n",
            e.extract, e.read, e.accepted, e.out_of_window, e.quarantined, e.duplicates
        );
    }
    if !summary.findings.is_empty() || !summary.notes.is_empty() {
        text += "\nKept, and worth knowing:\n";
        for (finding, extract, column, rows) in &summary.findings {
            let place = if column.is_empty() { extract.clone() } else { format!("{extract}.{column}") };
            text += &format!("  {rows:>8}  {place}: {}\n", finding.replace('_', " "));
        }
    }
    summary.notes.iter().for_each(|note| text += &format!("  {note}\n"));
    if !summary.warnings.is_empty() {
        text += "\nWarned, and published all the same:\n";
        summary.warnings.iter().for_each(|warning| text += &format!("  {warning}\n"));
    }
    for (metric, reason) in &summary.not_available {
        text += &format!("\nnot available: {metric}: {reason}");
    }
    if !summary.not_available.is_empty() {
        text.push('\n');
    }
    let memory = summary.peak_memory_bytes.map_or_else(String::new, |b| format!(", {} MB at most", b / 1_000_000));
    text += &format!(
        "\n{} figures, {} monthly tallies, {} charts in {seconds:.1} s{memory}\n{}\n{}\n",
        summary.figures,
        summary.tallies,
        summary.charts,
        args.out.join("current").display(),
        summary.build.display()
    );
    text
}
