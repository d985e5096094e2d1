//! Curves of maturity and nowcasts: conformed crimes in, two tables on the disk, and the own force's chart.

use chrono::NaiveDate;

use super::BuildError;
use super::judging::Court;
use crate::build_folder::BuildFolder;
use crate::compare::{self, MaturityInput};
use crate::definitions::{Definitions, Metric};
use crate::domain::civil_date;
use crate::measure::{Causes, MeasureInput, cohorts};
use crate::publish::charts::Chart;
use crate::publish::{self, MaturityChartInput};
use crate::tables::maturity::{MATURITY, MaturityPoint};
use crate::tables::nowcast::{NOWCAST, Nowcast};

/// The share of recorded crimes whose curve is drawn, and the one that names the end which competes with it most.
pub(super) const SOLVED: &str = "solved_rate_recorded";
const VICTIM_NOT_SUPPORTING: &str = "victim_not_supporting_rate";
/// Without it no crime has a day.
pub(super) const DAY_COLUMN: &str = "outcome_at";

/// The metrics that say which crimes are solved and which are not supported; `None` where the catalogue lacks one.
pub(super) fn causes(definitions: &Definitions) -> Option<Causes<'_>> {
    let solved = definitions.metric(SOLVED)?;
    Some(Causes { solved, victim_not_supporting: definitions.metric(VICTIM_NOT_SUPPORTING)? })
}

/// Writes both tables; the charts drawn.
pub(super) fn write(
    court: &Court<'_>,
    causes: Causes<'_>,
    crimes: &MeasureInput<'_>,
    folder: &BuildFolder,
) -> Result<Vec<(String, Chart)>, BuildError> {
    let cohorts = cohorts(court.definitions, crimes, causes)?;
    let made = compare::maturity(&MaturityInput {
        definitions: court.definitions,
        metric: causes.solved,
        cohorts: &cohorts,
        first_day: civil_date(crimes.coverage.first_day),
        data_date: civil_date(crimes.coverage.data_day),
    });
    super::accounts::table(folder, MATURITY, MaturityPoint::arrays(&made.curves))?;
    super::accounts::table(folder, NOWCAST, Nowcast::arrays(&made.nowcasts))?;
    if !court.draw {
        return Ok(Vec::new());
    }
    drawn(court, causes.solved, civil_date(crimes.coverage.data_day), &made.curves)
}

fn drawn(
    court: &Court<'_>,
    metric: &Metric,
    data_date: NaiveDate,
    points: &[MaturityPoint],
) -> Result<Vec<(String, Chart)>, BuildError> {
    let chart = publish::maturity_chart(&MaturityChartInput {
        definitions: court.definitions,
        metric,
        force: court.own_force,
        data_date,
        synthetic: court.provenance.is_synthetic(),
        source: &court.source,
        points,
    })?;
    Ok(chart.into_iter().collect())
}
