//! `scorecard metrics`: the catalogue, one line a metric; the reference page; the schemas for editors.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use miette::{IntoDiagnostic, WrapErr};

use crate::definitions::{self, Definitions, reference_page, schemas};

#[derive(clap::Args, Debug)]
pub struct MetricsArgs {
    /// The pipeline file; its definitions stand beside it.
    #[arg(default_value = "pipelines/gloucestershire.toml")]
    pub pipeline: PathBuf,
    /// Write the reference page of all definitions, docs/definitions.md.
    #[arg(long, conflicts_with = "schema")]
    pub markdown: bool,
    /// Write the JSON Schemas of the definition files to this folder.
    #[arg(long, value_name = "DIR")]
    pub schema: Option<PathBuf>,
}

/// Lists the metrics on standard output, or writes the page or the schemas.
///
/// # Errors
/// [`definitions::DefinitionFaults`]; a folder or standard output that cannot be written.
pub fn run(args: &MetricsArgs) -> miette::Result<ExitCode> {
    if let Some(folder) = &args.schema {
        write_schemas(folder)?;
        return Ok(ExitCode::SUCCESS);
    }
    let read = definitions::load(&args.pipeline)?;
    let text = if args.markdown { reference_page(&read) } else { catalogue(&read) };
    std::io::stdout().write_all(text.as_bytes()).into_diagnostic()?;
    Ok(ExitCode::SUCCESS)
}

fn write_schemas(folder: &Path) -> miette::Result<()> {
    std::fs::create_dir_all(folder).into_diagnostic().wrap_err_with(|| format!("cannot make {}", folder.display()))?;
    for (name, text) in schemas().into_diagnostic()? {
        let path = folder.join(name);
        std::fs::write(&path, text).into_diagnostic().wrap_err_with(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Stage, id, kind, the better way and title of each metric, in columns.
fn catalogue(definitions: &Definitions) -> String {
    let width = definitions.metrics.iter().map(|metric| metric.id.as_str().len()).max().unwrap_or_default();
    let line = |metric: &definitions::Metric| {
        let (stage, kind, better) = (metric.stage.name(), metric.kind.name(), metric.polarity.name());
        format!("{stage:<13}  {:<width$}  {kind:<10}  {better:<7}  {}\n", metric.id.as_str(), metric.title)
    };
    definitions.metrics.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    #[test]
    fn the_reference_page_is_current() {
        let page = reference_page(&definitions::load(&here("pipelines/gloucestershire.toml")).unwrap());
        let kept = std::fs::read_to_string(here("docs/definitions.md")).unwrap_or_default();
        assert!(
            page == kept,
            "docs/definitions.md is not current: run `scorecard metrics --markdown > docs/definitions.md`"
        );
    }

    #[test]
    fn the_catalogue_has_a_line_for_each_metric() {
        let definitions = definitions::load(&here("pipelines/gloucestershire.toml")).unwrap();
        let text = catalogue(&definitions);
        assert_eq!(text.lines().count(), definitions.metrics.len());
        let first = "call           calls_999                            count       neutral  999 calls received";
        assert_eq!(text.lines().next(), Some(first));
    }
}
