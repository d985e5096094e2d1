//! `scorecard pack`: a pack out of a build, for its audience.

mod disclosed;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use miette::{Diagnostic, IntoDiagnostic};

use crate::definitions;
use crate::domain::Audience;
use crate::pipeline::{BuildError, MadePack, MadePacks, PackRequest, PackSource};

#[derive(clap::Args, Debug)]
#[command(after_long_help = "Examples:
  scorecard pack board
      the board's deck and report, from the newest good build
  scorecard pack briefing --unit Stroud
      the fortnightly briefing of an area or department, in numbers; of a team with its crimes and collar numbers
  scorecard pack briefing --to /srv/briefings
      those of every area, department and team
  scorecard pack public --to /srv/published
      what the public may see of the newest final year: what would point at a person is withheld
  scorecard pack board --build output/builds/2026-09-30-0123456789ab
      the board's pack of an earlier build

A build makes the same packs on its own: packs/ holds those of the board, areas and departments, restricted/packs/
those of teams.
The public pack is made on request alone, as each one limits what the next may show: output/disclosed/ keeps the record of
all of them. Keep that record, and keep it from the public.")]
pub struct PackArgs {
    /// Which pack. Without it, all that a build makes.
    pub name: Option<PackName>,
    /// For whom. Without it, whom the pack is for.
    #[arg(long)]
    pub audience: Option<AudienceName>,
    /// Of this area, department or team alone; or of a supervisor or officer, by collar number, for the audience team.
    #[arg(long, value_name = "NAME")]
    pub unit: Option<String>,
    /// The build's folder.
    #[arg(long, value_name = "DIR", default_value = "output/current")]
    pub build: PathBuf,
    /// Write the pack into this folder.
    #[arg(long, value_name = "DIR", default_value = "output/packs")]
    pub to: PathBuf,
    /// The record of what public packs have disclosed.
    #[arg(long, value_name = "FILE", default_value = "output/disclosed/public.json")]
    pub disclosed: PathBuf,
    /// The pipeline file that the build was made with.
    #[arg(long, value_name = "FILE", default_value = "pipelines/gloucestershire.toml")]
    pub pipeline: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PackName {
    /// What needs the Operational Policing Board: a deck and a report.
    Board,
    /// The fortnightly briefing of an area, a department or a team: a document and a page to print.
    Briefing,
    /// Counts and shares of the newest final financial year by area, for everybody: a document.
    Public,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AudienceName {
    Public,
    Board,
    Supervisor,
    Team,
}

impl AudienceName {
    const fn audience(self) -> Audience {
        match self {
            Self::Public => Audience::Public,
            Self::Board => Audience::Board,
            Self::Supervisor => Audience::Supervisor,
            Self::Team => Audience::Team,
        }
    }
}

#[derive(Debug, thiserror::Error, Diagnostic)]
enum Failure {
    #[error("{0}")]
    #[diagnostic(help("{}", .0.hint().unwrap_or("Build first, or name the folder of a build with --build.")))]
    Build(#[from] BuildError),
    #[error("there is no such pack{0}")]
    #[diagnostic(help("{1}"))]
    None(String, String),
    #[error("the record of public packs, {path}, cannot be read: {reason}")]
    #[diagnostic(help("Restore it from a copy. Without it a new pack may reveal what an earlier one withheld."))]
    Record { path: PathBuf, reason: String },
    #[error("cannot write {path}: {source}")]
    #[diagnostic(help("Is it open in Office, the folder read-only, or the disk full?"))]
    Write { path: PathBuf, source: io::Error },
}

/// Makes the pack and names its files.
///
/// # Errors
/// A build without the tables, a unit that it does not have, a pack that is not for the audience.
pub fn run(args: &PackArgs) -> miette::Result<ExitCode> {
    let definitions = definitions::load(&args.pipeline)?;
    let source = PackSource::published(&definitions, &args.build).map_err(Failure::from)?;
    if args.name == Some(PackName::Public) {
        return public(args, &source);
    }
    let request = PackRequest {
        board: args.name.is_none_or(|name| name == PackName::Board),
        briefings: args.name.is_none_or(|name| name == PackName::Briefing),
        audience: args.audience.map(AudienceName::audience),
        unit: args.unit.as_deref(),
    };
    let made = source.make(&request).map_err(Failure::from)?;
    if made.files.is_empty() {
        return Err(nothing(args, &source)?.into());
    }
    put(args, &made)
}

/// Writes the files and names the documents.
fn put(args: &PackArgs, made: &MadePacks) -> miette::Result<ExitCode> {
    made.warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
    for pack in &made.files {
        write(&args.to, pack)?;
    }
    let mut out = io::stdout().lock();
    for pack in made.files.iter().filter(|pack| !pack.is_list()) {
        writeln!(out, "{} ({})", args.to.join(&pack.path).display(), pack.audience.name()).into_diagnostic()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The public pack. What it discloses is on record before it is there.
fn public(args: &PackArgs, source: &PackSource<'_>) -> miette::Result<ExitCode> {
    let other = args.audience.is_some_and(|name| name != AudienceName::Public);
    if other || args.unit.is_some() {
        let help = "The public pack is for public, and of the whole force.".to_owned();
        return Err(Failure::None(String::new(), help).into());
    }
    let earlier = disclosed::read(&args.disclosed)?;
    let made = source.public(&earlier.clone().unwrap_or_default()).map_err(Failure::from)?;
    let Some((made, disclosed)) = made else {
        let help = "Name its tables in the pipeline file, under [[packs.public]].".to_owned();
        return Err(Failure::None(String::new(), help).into());
    };
    if earlier.is_none() {
        eprintln!("No earlier public pack is on record in {}: this is taken for the first.", args.disclosed.display());
    }
    disclosed::write(&args.disclosed, &disclosed)?;
    put(args, &made)
}

/// Why there is none: what could have been asked for.
fn nothing(args: &PackArgs, source: &PackSource<'_>) -> Result<Failure, Failure> {
    let of_unit = args.unit.as_ref().map_or(String::new(), |unit| format!(" for {unit:?}"));
    let of_audience =
        args.audience.map_or(String::new(), |name| format!(" for the audience {}", name.audience().name()));
    let units = source.units()?;
    let known = match units.as_slice() {
        [] => "This build has no area, department or team.".to_owned(),
        units => format!("The board's pack is for board; briefings are of {}.", units.join(", ")),
    };
    Ok(Failure::None(of_unit + &of_audience, known))
}

fn write(to: &Path, pack: &MadePack) -> Result<(), Failure> {
    let path = to.join(&pack.path);
    let failed = |source| Failure::Write { path: path.clone(), source };
    let folder = path.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(failed)?;
    if pack.audience.is_restricted() {
        keep_private(folder).map_err(failed)?;
    }
    fs::write(&path, &pack.bytes).map_err(failed)
}

/// Lets only its owner open a folder.
#[cfg(unix)]
fn keep_private(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}
