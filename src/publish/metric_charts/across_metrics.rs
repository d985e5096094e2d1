//! Charts of several metrics of the force together: what became of its crimes, and what victims say.

mod outcomes;
mod victims;

pub use outcomes::OUTCOME_SHARES;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::charts::{Chart, ChartError, outcome_mix, satisfaction};
use crate::definitions::Definitions;
use crate::domain::{PeriodType, Status};
use crate::tables::figure::Figure;

/// The force that the charts are for.
pub struct AcrossMetrics<'a> {
    pub definitions: &'a Definitions,
    pub force: &'a str,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    /// The force's own figures in scope `all`, by metric.
    pub figures: &'a BTreeMap<String, Vec<Figure>>,
}

impl AcrossMetrics<'_> {
    fn force_name(&self) -> &str {
        self.definitions.references.force_name(self.force).unwrap_or(self.force)
    }

    fn of(&self, metric: &str) -> &[Figure] {
        self.figures.get(metric).map_or(&[], Vec::as_slice)
    }
}

/// The charts with their file names, as far as there are figures for them.
///
/// # Errors
/// A fault of drawing.
pub fn across_metrics(input: &AcrossMetrics<'_>) -> Result<Vec<(String, Chart)>, ChartError> {
    let mut made = Vec::new();
    if let Some(of) = outcomes::input(input) {
        made.push(("outcome_mix".to_owned(), outcome_mix::chart(&of)?));
    }
    if let Some(of) = victims::input(input) {
        made.push(("satisfaction".to_owned(), satisfaction::chart(&of)?));
    }
    Ok(made)
}

/// The newest whole period with a value: a rolling year if there is one, else a financial year; a final one if there is one.
fn newest(figures: &[Figure]) -> Option<&Figure> {
    let whole = |period_type: PeriodType, final_only: bool| {
        figures
            .iter()
            .filter(move |f| f.period_type == period_type && f.value.is_some())
            .filter(move |f| if final_only { f.status == Status::Final && f.reason.is_none() } else { true })
            .max_by_key(|f| f.period_end)
    };
    let types = [PeriodType::Rolling12Months, PeriodType::FinancialYear];
    let found = types.into_iter().find_map(|period_type| whole(period_type, true));
    found.or_else(|| types.into_iter().find_map(|period_type| whole(period_type, false)))
}

/// The figure of the same period.
fn same_period<'a>(figures: &'a [Figure], as_of: &Figure) -> Option<&'a Figure> {
    figures.iter().find(|f| f.period_type == as_of.period_type && f.period_start == as_of.period_start)
}
