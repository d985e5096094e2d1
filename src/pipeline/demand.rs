//! Demand and handlers needed: conformed calls and incidents in, two tables on the disk, and the own force's charts.

use std::sync::Arc;

use super::BuildError;
use super::judging::Court;
use crate::build_folder::BuildFolder;
use crate::compare::{self, StaffingInput};
use crate::measure::{DemandInput, call_times, demand, demand_periods};
use crate::publish::charts::Chart;
use crate::publish::{self, DemandChartInput};
use crate::tables::demand::{self, DEMAND, DemandSeries, NotCounted, Subject};
use crate::tables::staffing::{self, STAFFING};
use crate::tables::store::TableWriter;

/// The metric whose target handlers are needed for.
const ANSWERED_IN_TIME: &str = "answered_999_under_10_seconds";

/// An extract, ready to be counted, or why it cannot be.
pub(super) type Countable = (Subject, Result<DemandInput, String>);

/// Writes both tables, of which each of `forces` has rows; the charts drawn.
pub(super) fn write(
    court: &Court<'_>,
    extracts: &[Countable],
    forces: &[Arc<str>],
    folder: &BuildFolder,
) -> Result<Vec<(String, Chart)>, BuildError> {
    let mut series: Vec<DemandSeries> = Vec::new();
    let mut not_counted = Vec::new();
    let mut times = Vec::new();
    for (subject, input) in extracts {
        let counted = input.as_ref().map_or_else(|_| Ok(Vec::new()), demand)?;
        let without = forces.iter().filter(|force| counted.iter().all(|s| s.force != **force));
        let reason: Arc<str> = why_none(*subject, input.as_ref()).into();
        not_counted.extend(without.map(|force| NotCounted {
            subject: *subject,
            force: force.clone(),
            reason: reason.clone(),
        }));
        series.extend(counted);
        if let (Subject::Calls, Ok(input)) = (subject, input) {
            times = call_times(input)?;
        }
    }
    let staffed = compare::staffing(&StaffingInput {
        control_room: court.definitions.pipeline.control_room,
        target_of: court.definitions.metric(ANSWERED_IN_TIME),
        forces,
        series: &series,
        not_counted: &not_counted,
        times: &times,
    });
    let mut writer = TableWriter::create(folder.path(), DEMAND)?;
    writer.write_arrays(demand::arrays(&series))?;
    writer.write_arrays(NotCounted::arrays(&not_counted))?;
    writer.finish()?;
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

/// Why a force has no series of an extract.
fn why_none(subject: Subject, input: Result<&DemandInput, &String>) -> String {
    let extract = subject.name();
    match input {
        Err(reason) => reason.clone(),
        Ok(input) if demand_periods(input.coverage).is_empty() => {
            format!("the {extract} extract does not cover 12 whole months")
        }
        Ok(_) => format!("the {extract} extract has no row of the force in the periods that are counted"),
    }
}
