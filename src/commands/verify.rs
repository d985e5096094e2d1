//! `scorecard verify`: is a build whole, and as it was published?

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use miette::IntoDiagnostic;

use crate::build_folder;

#[derive(clap::Args, Debug)]
pub struct VerifyArgs {
    /// The build's folder.
    #[arg(default_value = "output/current")]
    pub build: PathBuf,
}

/// Hashes every file of the build again.
///
/// # Errors
/// The first file that is missing, added or changed.
pub fn run(args: &VerifyArgs) -> miette::Result<ExitCode> {
    let manifest = build_folder::verify(&args.build).into_diagnostic()?;
    let (files, date) = (manifest.files.len(), &manifest.data_date);
    writeln!(std::io::stdout(), "{}: {files} files as published, data date {date}", args.build.display())
        .into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}
