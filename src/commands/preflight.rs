//! `scorecard preflight`: what packs would say for the first time, before they go out; and the hold that keeps the last ones.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use miette::{Diagnostic, IntoDiagnostic};

use crate::build_folder::{BuildFolderError, issued};
use crate::definitions;
use crate::domain::visible_lines;
use crate::pipeline::{BuildError, Note, Rehearsal, rehearse};

#[derive(clap::Args, Debug)]
#[command(after_long_help = "Examples:
  scorecard preflight
      makes the packs of the newest good build, and says what is missing, odd or new beside those in use
  scorecard preflight --hold \"the charge rate fell by half: is the extract whole?\"
      keeps the packs in use until they are released, whatever is built
  scorecard preflight --release
      lifts the hold and issues the packs of the newest good build

DIR/issued is a link to the build whose packs are in use. A build moves it, unless a hold stands. When the newest build
is the one in use, it is compared with the one before it.

Exit codes: 0 nothing is missing or odd; 1 failed; 3 something is.")]
pub struct PreflightArgs {
    /// The pipeline file that the builds were made with.
    #[arg(default_value = "pipelines/gloucestershire.toml")]
    pub pipeline: PathBuf,
    /// The folder of builds.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub out: PathBuf,
    /// Keep the packs in use, and say why.
    #[arg(long, value_name = "REASON", conflicts_with = "release", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub hold: Option<String>,
    /// Lift the hold, and issue the packs of the newest good build.
    #[arg(long)]
    pub release: bool,
}

/// Something is missing or odd.
const LOOK_AGAIN: u8 = 3;

#[derive(Debug, thiserror::Error, Diagnostic)]
enum Failure {
    #[error("{0}")]
    #[diagnostic(help("{}", .0.hint().unwrap_or("Build first, or name the folder of builds with --out.")))]
    Build(#[from] BuildError),
    #[error("{0}")]
    #[diagnostic(help("{}", folder_hint(.0)))]
    Folder(#[from] BuildFolderError),
}

/// Nothing is written here but the hold and the link.
fn folder_hint(error: &BuildFolderError) -> &'static str {
    match error {
        BuildFolderError::Io { source, .. }
            if matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
        {
            "Make room on the disk, and run this again."
        }
        other => other.hint(),
    }
}

/// Prints the digest, or sets or lifts the hold.
///
/// # Errors
/// No build, packs that cannot be made, a folder that cannot be written.
pub fn run(args: &PreflightArgs) -> miette::Result<ExitCode> {
    if let Some(reason) = &args.hold {
        issued::hold(&args.out, reason).map_err(Failure::from)?;
        let used = issued::name(&args.out).unwrap_or_else(|| "none yet".to_owned());
        return print(&format!("Packs are held. In use: {used}.\n"), ExitCode::SUCCESS);
    }
    if args.release {
        let text = match issued::release(&args.out).map_err(Failure::from)? {
            Some(build) => format!("Packs are released. In use: {build}.\n"),
            None => "The hold is lifted. The newest build has no packs: build without --only.\n".to_owned(),
        };
        return print(&text, ExitCode::SUCCESS);
    }
    let definitions = definitions::load(&args.pipeline)?;
    let rehearsal = rehearse(&definitions, &args.out).map_err(Failure::from)?;
    let held = issued::held(&args.out).map_err(Failure::from)?;
    let calls_for_a_look = rehearsal.notes.iter().any(|(note, _)| *note != Note::New);
    let code = if calls_for_a_look { ExitCode::from(LOOK_AGAIN) } else { ExitCode::SUCCESS };
    print(&digest(&rehearsal, held.as_deref()), code)
}

fn print(text: &str, code: ExitCode) -> miette::Result<ExitCode> {
    std::io::stdout().write_all(visible_lines(text).as_bytes()).into_diagnostic()?;
    Ok(code)
}

fn digest(rehearsal: &Rehearsal, held: Option<&str>) -> String {
    let mut text = format!("{}: {} documents made", rehearsal.build, rehearsal.documents);
    let _ = match &rehearsal.before {
        Some(before) => writeln!(text, ", beside {before}"),
        None => writeln!(text, "; there is no build to compare it with"),
    };
    if let Some(reason) = held {
        let _ = writeln!(text, "Held: {reason}");
    }
    for kind in Note::ALL {
        let of_kind = || rehearsal.notes.iter().filter(|(note, _)| *note == kind);
        if of_kind().next().is_some() {
            let _ = writeln!(text, "\n{}", kind.title());
        }
        for (_, said) in of_kind() {
            let _ = writeln!(text, "  {said}");
        }
    }
    if rehearsal.notes.is_empty() {
        text += "Nothing is missing, odd or new.\n";
    }
    text
}
