//! From call to victim: conformed rows in, two tables on the disk, and the own force's chart.

use polars::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, Series};

use super::BuildError;
use super::judging::Court;
use super::maturity::SOLVED;
use crate::build_folder::BuildFolder;
use crate::domain::{Month, Status, days_since_epoch};
use crate::measure::{JourneyInput, journey, journey_over};
use crate::publish::charts::Chart;
use crate::publish::{self, JourneyChartInput};
use crate::tables::figure_rules::Timing;
use crate::tables::journey::{JOURNEY_YEAR, JourneyYear};
use crate::tables::published::JOURNEY;
use crate::tables::store::TableWriter;

/// Months that are put together.
const YEAR: i32 = 12;

/// Writes both tables; the charts drawn. `first` is the first month that the calls cover whole.
pub(super) fn write(
    court: &Court<'_>,
    input: &JourneyInput,
    first: Option<Month>,
    folder: &BuildFolder,
) -> Result<Vec<(String, Chart)>, BuildError> {
    let Some(frame) = journey(court.definitions, input)? else { return Ok(Vec::new()) };
    write_months(folder, &frame)?;
    let last = newest_final_month(court);
    let Some(months) = first.filter(|first| *first <= last.plus(1 - YEAR)).map(|_| (last.plus(1 - YEAR), last)) else {
        return Ok(Vec::new());
    };
    let rows = journey_over(court.definitions, input, months)?;
    super::accounts::table(folder, JOURNEY_YEAR, JourneyYear::arrays(&rows))?;
    if !court.draw {
        return Ok(Vec::new());
    }
    let chart = publish::journey_chart(&JourneyChartInput {
        definitions: court.definitions,
        force: court.own_force,
        data_date: court.data_date,
        synthetic: court.provenance.is_synthetic(),
        source: &court.source,
        rows: &rows,
    })?;
    Ok(chart.into_iter().collect())
}

/// The newest month whose crimes have had the time that solving them is given.
fn newest_final_month(court: &Court<'_>) -> Month {
    let matures_after_days = court.definitions.metric(SOLVED).and_then(|metric| metric.matures_after_days);
    let timing = Timing { data_date: court.data_date, matures_after_days, complete_after_days: None };
    let mut month = Month::of(court.data_date);
    while timing.status(month).0 != Status::Final {
        month = month.plus(-1);
    }
    month
}

/// The table of months, its months as dates.
fn write_months(folder: &BuildFolder, frame: &DataFrame) -> Result<(), BuildError> {
    let serials = frame.column("month")?.i32()?;
    let days: Vec<Option<i32>> =
        serials.iter().map(|s| s.map(|s| days_since_epoch(Month::from_serial(s).first_day()))).collect();
    let mut frame = frame.clone();
    frame.with_column(Series::new("month".into(), days).cast(&DataType::Date)?.into_column())?;
    let mut writer = TableWriter::create(folder.path(), JOURNEY)?;
    writer.write_frame(&frame)?;
    writer.finish()?;
    Ok(())
}
