//! The months ahead of a count: which months are shown, and the title that the season's test selects.

use chrono::NaiveDate;

use super::super::charts::forecast::{ExpectedMonth, ForecastChart};
use super::super::charts::{Chart, ChartError, forecast};
use super::{chart_month, source_words};
use crate::definitions::{Definitions, Metric};
use crate::domain::Month;
use crate::tables::forecast::{Forecast, Forecasted};

/// A forecast of the force that the chart is for.
pub struct ForecastChartInput<'a> {
    pub definitions: &'a Definitions,
    pub metric: &'a Metric,
    pub force: &'a str,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    pub forecasted: &'a Forecasted,
}

/// Months before those ahead.
const MONTHS_BACK: usize = 24;
const METHOD: &str = "Seasonal naive: events a day of the same month of the last year, over the days of the month ahead. The \
    edges are prediction intervals from how far years have differed: four months of five lie within the inner, nineteen of \
    twenty within the outer, if years go on differing so.";

/// The chart with its file name; `None` where nothing could be forecast.
///
/// # Errors
/// A fault of drawing.
pub fn forecast_chart(input: &ForecastChartInput<'_>) -> Result<Option<(String, Chart)>, ChartError> {
    let ahead: Vec<ExpectedMonth> = input.forecasted.rows.iter().filter_map(month).collect();
    if ahead.is_empty() {
        return Ok(None);
    }
    let history = &input.forecasted.history;
    let shown = &history[history.len().saturating_sub(MONTHS_BACK)..];
    let force = input.definitions.references.force_name(input.force).unwrap_or(input.force);
    let chart = forecast::chart(&ForecastChart {
        title: title(&input.metric.title, input.forecasted.peak),
        subtitle: format!("{force}: the last {} months and {} ahead", shown.len(), ahead.len()),
        value_label: format!("{}, by month", input.metric.title),
        history: shown.iter().filter_map(|(month, count)| Some((chart_month(*month)?, *count))).collect(),
        ahead,
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: vec![METHOD.to_owned()],
    })?;
    Ok(Some((format!("demand_forecast_{}", input.metric.id), chart)))
}

fn month(row: &Forecast) -> Option<ExpectedMonth> {
    let expected = row.expected.as_ref().ok()?;
    Some(ExpectedMonth {
        month: chart_month(row.month)?,
        value: expected.value,
        interval_80: (expected.interval_80.lower, expected.interval_80.upper),
        interval_95: (expected.interval_95.lower, expected.interval_95.upper),
    })
}

/// A month is named only where calendar months differ beyond chance.
fn title(metric: &str, peak: Option<Month>) -> String {
    match peak {
        Some(month) => format!("{metric}: highest expected in {}", month.first_day().format("%B %Y")),
        None => format!("{metric}: much as last year expected"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_named_where_there_is_a_season() {
        let july = Month::parse("2027-07");
        assert_eq!(title("999 calls received", july), "999 calls received: highest expected in July 2027");
        assert_eq!(title("Crimes recorded", None), "Crimes recorded: much as last year expected");
    }
}
