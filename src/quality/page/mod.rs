//! The report as one HTML file: no script, no network, the same bytes for the same rows.

mod context;
mod trend;

use chrono::NaiveDate;
use minijinja::value::Serde;

pub use trend::EarlierBuild;

use crate::definitions::Definitions;
use crate::tables::accepted::{Quarantined, Reconciliation};
use crate::tables::quality::{PracticeMonth, QualityRow};
use crate::templates::environment;

const TEMPLATE: &str = "data_quality.html";

/// Everything that the page shows.
pub struct PageInput<'a> {
    pub definitions: &'a Definitions,
    /// The force whose page it is; `None` for every force that there are rows of.
    pub force: Option<&'a str>,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the rows are from.
    pub source: &'a str,
    /// Rows of the force and of level extract; others are left out.
    pub rows: &'a [QualityRow],
    pub months: &'a [PracticeMonth],
    pub reconciliation: &'a [Reconciliation],
    /// Their places are shown, and nothing that they hold.
    pub quarantined: &'a [Quarantined],
    /// Builds with an earlier data date, oldest first.
    pub earlier: &'a [EarlierBuild],
}

/// The template is ours, so a page that cannot be made is a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("cannot make data_quality.html: {0:#}")]
pub struct PageError(#[from] minijinja::Error);

/// The page. A name from an extract shows its control characters and direction marks.
///
/// # Errors
/// A template that names what the page does not have.
pub fn page(input: &PageInput<'_>) -> Result<String, PageError> {
    let environment = environment(TEMPLATE, include_str!("data_quality.html"))?;
    Ok(environment.get_template(TEMPLATE)?.render(Serde(context::of(input)))?)
}
