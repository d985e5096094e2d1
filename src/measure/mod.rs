//! Stage 5: conformed frames and definitions in, monthly tallies and metric values out.
//!
//! Each extract is grouped once per level and scope for all the metrics that read it; a metric then only picks its
//! columns. Sums are of integers, so that the order of rows and threads changes nothing.

mod compile;
mod coverage;
mod grouped;
mod intervals;
mod monthly;
mod parts;
mod periods;
mod quantiles;
mod stock;
mod values;

pub use coverage::{Coverage, first_day};
pub use grouped::Grouped;
pub use monthly::Monthly;
pub use values::metric_values;

use polars::prelude::{LazyFrame, PolarsResult};

use crate::definitions::{Definitions, Extract, Metric};
use crate::domain::SolvedSet;

/// One extract, ready to be measured.
pub struct MeasureInput<'a> {
    pub extract: &'a Extract,
    /// Conformed rows in the window, of the forces that are measured.
    pub rows: LazyFrame,
    pub coverage: Coverage,
    /// Whether all 43 territorial forces are there, so that the nation can be measured too.
    pub national: bool,
}

/// The metrics of an extract that can be measured, and the column that each of the others lacks.
pub struct Available<'a> {
    pub metrics: Vec<&'a Metric>,
    pub lacking: Vec<(&'a Metric, String)>,
}

/// Groups one extract for all its metrics.
pub fn group<'a>(
    definitions: &'a Definitions,
    input: &MeasureInput<'a>,
    metrics: &[&'a Metric],
) -> PolarsResult<Grouped<'a>> {
    Grouped::new(definitions, input, metrics)
}

/// The solved sets that a metric is shown in, the pipeline's own first; `None` for a metric that asks for none.
pub fn solved_sets(definitions: &Definitions, metric: &Metric) -> Vec<Option<SolvedSet>> {
    if !metric.uses_solved_set() {
        return vec![None];
    }
    let own = definitions.pipeline.solved_set;
    let others = SolvedSet::ALL.iter().copied().filter(|set| *set != own);
    std::iter::once(own).chain(others).map(Some).collect()
}
