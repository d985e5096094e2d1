//! Synthetic extracts of any number of forces, seeded: the same options give the same bytes.
//!
//! Options in, a folder out: `crimes`, `incidents`, `calls`, `surveys`, `victim_contacts` and `people` with the canonical
//! headers, a monthly comparator table of 43 forces, the list of faults put in on purpose, and a marker that says what
//! it all is. A plan fixes how many rows each day of each force has; blocks of days are then drawn on all threads and
//! written in the plan's order. Memory is bounded by the blocks in hand, whatever the scale.

mod block;
mod call;
mod clock;
mod comparators;
mod conditions;
mod crime;
mod error;
mod extract;
mod faults;
mod files;
mod incident;
mod notes;
mod organisation;
mod outcomes;
mod parameters;
mod people;
mod plan;
mod random;
mod reference;
mod setup;
#[cfg(test)]
mod tests;
mod victim;
mod world;
mod write;

use std::path::PathBuf;

use chrono::NaiveDate;

pub use error::SynthError;
pub use faults::{Fate, FaultKind, Planted};
pub use files::{Compression, MARKER};
pub use notes::SpecialCause;
use parameters::{DEFAULT_PARAMETERS, Parameters};
use setup::Setup;

/// The force that a run without stated forces is for, and the first of a number of forces.
pub const DEFAULT_FORCE: &str = "gloucestershire";

/// What to make.
#[derive(Clone, Debug, PartialEq)]
pub struct SynthOptions {
    /// Folder to write to; made if it is not there.
    pub out: PathBuf,
    pub seed: u64,
    pub forces: Forces,
    /// Crimes over the period, shared by the forces' sizes; None: as many as the real forces record.
    pub crimes: Option<u64>,
    pub months: u32,
    /// Last whole day.
    pub to: NaiveDate,
    /// Times the numbers of faults in the parameters; 0 plants none.
    pub faults: u32,
    pub compression: Compression,
    /// None: as the parameters state.
    pub calls_per_crime: Option<f64>,
    pub incidents_per_crime: Option<f64>,
    /// Whether to write the comparator table.
    pub comparators: bool,
    /// A file in place of `pipelines/synth.toml`.
    pub parameters: Option<PathBuf>,
    /// Worker threads; None: one for each core. The bytes do not depend on it.
    pub jobs: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forces {
    /// By id, such as `gloucestershire`.
    Named(Vec<String>),
    /// The default force, then others in the order of the reference table: 1 to 43.
    Count(usize),
}

/// How far a run has come, in blocks of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
}

/// What a run has made.
#[derive(Clone, Debug)]
pub struct SynthReport {
    pub files: Vec<FileReport>,
    /// By extract, then record.
    pub planted: Vec<Planted>,
    /// Faults for which no row was found, as extract and kind: the run was too small for them.
    pub not_planted: Vec<String>,
    pub special_causes: Vec<SpecialCause>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    pub file: String,
    /// Without the header.
    pub records: u64,
    pub bytes: u64,
    pub what: &'static str,
}

impl Default for SynthOptions {
    fn default() -> Self {
        Self {
            out: PathBuf::from("synthetic"),
            seed: 1,
            forces: Forces::Named(vec![DEFAULT_FORCE.to_owned()]),
            crimes: None,
            months: 36,
            to: NaiveDate::from_ymd_opt(2026, 9, 30).unwrap_or_default(),
            faults: 0,
            compression: Compression::Gz,
            calls_per_crime: None,
            incidents_per_crime: None,
            comparators: true,
            parameters: None,
            jobs: None,
        }
    }
}

impl SynthOptions {
    /// The command that makes the same files, with `OUT` for the folder. Threads are left out.
    pub fn command(&self) -> String {
        let forces = match &self.forces {
            Forces::Named(names) => names.join(","),
            Forces::Count(count) => count.to_string(),
        };
        let mut command = format!(
            "scorecard synth OUT --seed {} --forces {forces} --months {} --to {} --compression {}",
            self.seed,
            self.months,
            self.to,
            self.compression.name()
        );
        let stated = [
            self.crimes.map(|n| format!("--crimes {n}")),
            self.calls_per_crime.map(|n| format!("--calls-per-crime {n}")),
            self.incidents_per_crime.map(|n| format!("--incidents-per-crime {n}")),
            match self.faults {
                0 => None,
                1 => Some("--faults".to_owned()),
                times => Some(format!("--faults={times}")),
            },
            (!self.comparators).then(|| "--no-comparators".to_owned()),
            self.parameters.as_ref().map(|path| format!("--parameters {}", path.display())),
        ];
        for option in stated.into_iter().flatten() {
            command = format!("{command} {option}");
        }
        command
    }
}

/// Makes the folder that `options` describe. `progress` is called now and then.
///
/// # Errors
/// Options, parameters or forces that cannot be used; a folder that holds extracts without [`MARKER`]; a file that
/// cannot be written.
pub fn run(options: &SynthOptions, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<SynthReport, SynthError> {
    let jobs = options.jobs.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|_| SynthError::Threads(jobs))?;
    pool.install(|| run_on_this_pool(options, progress))
}

fn run_on_this_pool(
    options: &SynthOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<SynthReport, SynthError> {
    let parameters_text = parameters_text(options)?;
    let setup = Setup::new(options, Parameters::parse(&parameters_text, &options.parameters_origin())?)?;
    let blocks = setup.blocks();
    let faults = faults::plan(&setup.world, &blocks, options.faults)?;

    files::prepare(&options.out)?;
    // The marker comes first, so that no row is ever without it.
    files::write_whole(&options.out, MARKER, &notes::marker(options, &setup, &parameters_text)?)?;
    let mut report = write::write_extracts(options, &setup, &blocks, &faults, progress)?;
    report.files.push(write::write_people(options, &setup)?);
    report.special_causes = notes::special_causes(&setup);
    let planted = notes::planted_faults(&report.planted);
    files::write_whole(&options.out, files::PLANTED_FAULTS, &planted)?;
    report.files.push(FileReport {
        file: files::PLANTED_FAULTS.to_owned(),
        records: report.planted.len() as u64,
        bytes: planted.len() as u64,
        what: "each fault put in on purpose",
    });
    if options.comparators {
        report.files.push(write::write_comparators(options, &setup)?);
    }
    files::write_whole(&options.out, files::README, &notes::readme(options, &setup, &report))?;
    Ok(report)
}

impl SynthOptions {
    fn parameters_origin(&self) -> String {
        self.parameters.as_ref().map_or("pipelines/synth.toml".to_owned(), |path| path.display().to_string())
    }
}

fn parameters_text(options: &SynthOptions) -> Result<String, SynthError> {
    match &options.parameters {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|e| SynthError::Parameters { origin: path.display().to_string(), reason: e.to_string() }),
        None => Ok(DEFAULT_PARAMETERS.to_owned()),
    }
}
