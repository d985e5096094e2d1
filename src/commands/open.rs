//! `scorecard open`: the page of a build, in the browser.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::{Diagnostic, IntoDiagnostic};

const PAGE: &str = "scorecard.html";

#[derive(clap::Args, Debug)]
#[command(after_long_help = "Examples:
  scorecard open
      the page of the newest good build
  scorecard open output/builds/2026-09-30-0123456789ab
      of an earlier one")]
pub struct OpenArgs {
    /// The build's folder.
    #[arg(default_value = "output/current")]
    pub build: PathBuf,
}

#[derive(Debug, thiserror::Error, Diagnostic)]
enum Failure {
    #[error("{0} is not there")]
    #[diagnostic(help("Build first, or name the folder of a build that was not stopped with --only."))]
    NoPage(PathBuf),
    #[error("no browser could be started: {source}")]
    #[diagnostic(help("Open {path} by hand: it needs no server.", path = page.display()))]
    NoBrowser { page: PathBuf, source: std::io::Error },
}

/// Opens the page with what the system opens web pages with.
///
/// # Errors
/// A build without a page, or a system without a browser.
pub fn run(args: &OpenArgs) -> miette::Result<ExitCode> {
    let page = page(&args.build)?;
    open::that_detached(&page).map_err(|source| Failure::NoBrowser { page: page.clone(), source })?;
    writeln!(std::io::stdout(), "{}", page.display()).into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}

/// The page by its whole path, so that a browser finds it wherever it was started.
fn page(build: &Path) -> Result<PathBuf, Failure> {
    let page = build.join(PAGE);
    page.canonicalize().map_err(|_| Failure::NoPage(page))
}
