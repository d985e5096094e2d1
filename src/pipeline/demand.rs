//! Demand and handlers needed: conformed calls and incidents in, two tables on the disk, and the own force's charts.

use super::BuildError;
use super::judging::Court;
use crate::build_folder::BuildFolder;
use crate::compare::{self, StaffingInput};
use crate::measure::{DemandInput, call_times, demand};
use crate::publish::charts::Chart;
use crate::publish::{self, DemandChartInput};
use crate::tables::demand::{self, DEMAND, DemandSeries, Subject};
use crate::tables::staffing::{self, STAFFING};

/// The metric whose target handlers are needed for.
const ANSWERED_IN_TIME: &str = "answered_999_under_10_seconds";

/// Writes both tables; the charts drawn.
pub(super) fn write(
    court: &Court<'_>,
    inputs: &[DemandInput],
    folder: &BuildFolder,
) -> Result<Vec<(String, Chart)>, BuildError> {
    let mut series: Vec<DemandSeries> = Vec::new();
    let mut times = Vec::new();
    for input in inputs {
        series.extend(demand(input)?);
        if input.subject == Subject::Calls {
            times = call_times(input)?;
        }
    }
    let staffed = compare::staffing(&StaffingInput {
        control_room: court.definitions.pipeline.control_room,
        target_of: court.definitions.metric(ANSWERED_IN_TIME),
        series: &series,
        times: &times,
    });
    super::accounts::table(folder, DEMAND, demand::arrays(&series))?;
    super::accounts::table(folder, STAFFING, staffing::arrays(&staffed))?;
    if !court.draw {
        return Ok(Vec::new());
    }
    Ok(publish::demand_charts(&DemandChartInput {
        definitions: court.definitions,
        force: court.own_force,
        data_date: court.data_date,
        synthetic: court.provenance.is_synthetic(),
        source: &court.source,
        series: &series,
    })?)
}
