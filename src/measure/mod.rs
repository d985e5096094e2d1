//! Stage 4: conformed rows and definitions in, monthly tallies and figures out.
//!
//! An extract is read once, block by block. Polars works out for each block which rows count for which metric; those
//! answers are then added up by unit, scope and month for every level at once ([`tallied`]). A metric picks its columns
//! from there. Sums are of integers, so that the order of rows and threads changes nothing.

mod blocks;
mod call_times;
mod cells;
mod cohorts;
mod compile;
mod coverage;
mod demand;
mod due;
mod estimate;
mod figures;
mod journey;
mod names;
mod parts;
mod periods;
mod samples;
mod series;
mod status;
mod tallied;

pub use call_times::call_times;
pub use cohorts::{Causes, cohorts};
pub use coverage::{Coverage, first_day};
pub use demand::{DemandInput, demand, demand_periods};
pub use due::{DueInput, due};
pub use figures::FigureMaker;
pub use journey::{JourneyInput, journey, journey_over};
pub use names::Names;
pub use series::{MonthCounts, Series};
pub use tallied::{MeasureInput, Tallied};

use crate::definitions::{Definitions, Metric};
use crate::domain::SolvedSet;

/// The solved sets that a metric is shown in, the pipeline's own first; `None` for a metric that asks for none.
pub fn solved_sets(definitions: &Definitions, metric: &Metric) -> Vec<Option<SolvedSet>> {
    if !metric.uses_solved_set() {
        return vec![None];
    }
    let own = definitions.pipeline.solved_set;
    let others = SolvedSet::ALL.iter().copied().filter(|set| *set != own);
    std::iter::once(own).chain(others).map(Some).collect()
}
