//! `scorecard synth`: synthetic extracts.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use miette::IntoDiagnostic;

use crate::synth::{self, Compression, DEFAULT_FORCE, Forces, Progress, SynthOptions, SynthReport};

/// Write synthetic extracts: seeded, any number of forces and crimes
///
/// Writes crimes, incidents, calls, surveys, victim contacts and people with the canonical column names, a monthly
/// comparator table of 43 synthetic forces, a README and SYNTHETIC.toml, which says that every row is made up. The same options
/// write the same bytes.
///
/// Sizes of forces follow the crimes they really record; rates, mixes and lags are those of pipelines/synth.toml. A
/// folder that holds extracts but no SYNTHETIC.toml is left alone.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = EXAMPLES)]
pub struct SynthArgs {
    /// Folder to write to
    pub out: PathBuf,

    /// Seed of all random numbers
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// Force ids separated by commas, a number of forces from 1 to 43, or `all`
    #[arg(long, default_value = DEFAULT_FORCE)]
    pub forces: String,

    /// Crimes over the whole period, shared by size of force [default: as many as the real forces record]
    #[arg(long)]
    pub crimes: Option<u64>,

    /// Months up to the last day
    #[arg(long, default_value_t = 36)]
    pub months: u32,

    /// Last whole day; rows go on until noon of the next
    #[arg(long, value_name = "DATE", default_value = "2026-09-30")]
    pub to: NaiveDate,

    /// Plant faults and list them in planted_faults.csv; N times as many as the parameters state
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true)]
    #[arg(default_value_t = 0, default_missing_value = "1")]
    pub faults: u32,

    /// How the files are compressed
    #[arg(long, value_enum, default_value = "gz")]
    pub compression: CompressionArg,

    /// Calls for each crime [default: as the parameters state]
    #[arg(long, value_name = "RATIO")]
    pub calls_per_crime: Option<f64>,

    /// Incidents for each crime [default: as the parameters state]
    #[arg(long, value_name = "RATIO")]
    pub incidents_per_crime: Option<f64>,

    /// Leave the comparator table out
    #[arg(long)]
    pub no_comparators: bool,

    /// Draw from this file instead of pipelines/synth.toml
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,

    /// Worker threads; the bytes do not depend on them [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

const EXAMPLES: &str = "Examples:
  The sample data, byte for byte:
    scorecard synth sample_data --faults
  Three forces of real size for one year:
    scorecard synth three --forces gloucestershire,wiltshire,dorset --months 12
  A load test, two million crimes over all forces:
    scorecard synth large --forces all --crimes 2000000 --compression zst";

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CompressionArg {
    None,
    Gz,
    Zst,
}

impl From<CompressionArg> for Compression {
    fn from(arg: CompressionArg) -> Self {
        match arg {
            CompressionArg::None => Self::None,
            CompressionArg::Gz => Self::Gz,
            CompressionArg::Zst => Self::Zst,
        }
    }
}

/// Writes the folder and prints what is in it.
pub fn run(args: &SynthArgs) -> miette::Result<()> {
    // Hidden by itself where there is no terminal.
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} blocks, {elapsed}") {
        bar.set_style(style);
    }
    let report = synth::run(&args.options(), &mut |Progress { done, total }| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    print_summary(args, &report.into_diagnostic()?);
    Ok(())
}

impl SynthArgs {
    fn options(&self) -> SynthOptions {
        let forces = match (self.forces.as_str(), self.forces.parse()) {
            ("all", _) => Forces::Count(43),
            (_, Ok(count)) => Forces::Count(count),
            (names, Err(_)) => Forces::Named(names.split(',').map(|name| name.trim().to_owned()).collect()),
        };
        SynthOptions {
            out: self.out.clone(),
            seed: self.seed,
            forces,
            crimes: self.crimes,
            months: self.months,
            to: self.to,
            faults: self.faults,
            compression: self.compression.into(),
            calls_per_crime: self.calls_per_crime,
            incidents_per_crime: self.incidents_per_crime,
            comparators: !self.no_comparators,
            parameters: self.parameters.clone(),
            jobs: self.jobs,
        }
    }
}

fn print_summary(args: &SynthArgs, report: &SynthReport) {
    println!("Synthetic extracts in {} (every row is made up):", args.out.display());
    for file in &report.files {
        let megabytes = file.bytes as f64 / 1e6;
        println!("  {:<24} {:>10} records {megabytes:>9.2} MB", file.file, file.records);
    }
    if !report.not_planted.is_empty() {
        println!("  No row was found for {}: the run is too small.", report.not_planted.join(", "));
    }
    if !report.special_causes.is_empty() {
        println!("  {} interventions and special causes, listed in README.md.", report.special_causes.len());
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        synth: SynthArgs,
    }

    fn parsed(line: &str) -> SynthOptions {
        Cli::try_parse_from(line.split_whitespace()).unwrap().synth.options()
    }

    #[test]
    fn the_defaults_are_those_of_the_library() {
        let library = SynthOptions { out: PathBuf::from("x"), ..SynthOptions::default() };
        assert_eq!(parsed("synth x"), library);
        assert_eq!(parsed("synth x --faults").faults, 1);
    }

    #[test]
    fn forces_are_names_a_number_or_all() {
        for (line, forces) in [
            ("synth x --forces 7", Forces::Count(7)),
            ("synth x --forces all", Forces::Count(43)),
            ("synth x --forces dorset,kent", Forces::Named(vec!["dorset".to_owned(), "kent".to_owned()])),
        ] {
            assert_eq!(parsed(line).forces, forces, "{line}");
        }
    }

    #[test]
    fn the_command_in_the_readme_leads_back_to_the_options() {
        for line in
            ["synth OUT", "synth OUT --forces 3 --crimes 1000 --faults=2 --no-comparators --calls-per-crime 2.5"]
        {
            let options = parsed(line);
            assert_eq!(parsed(options.command().trim_start_matches("scorecard ")), options);
        }
    }
}
