//! Stage 6: figures and comparisons in, charts, the workbook and briefings out.

pub mod briefing;
mod cells;
pub mod charts;
mod dimensions;
mod evaluation_words;
pub mod facts;
mod lists;
mod marked;
mod metric_charts;
pub mod packs;
pub mod page;
pub mod preflight;
mod scorecard;
mod steps;
mod words;
mod workbook;

pub use dimensions::{Seen, dimensions};
pub use evaluation_words::finding as evaluation_finding;
pub use metric_charts::{
    AcrossMetrics, ChartInput, DemandChartInput, ForecastChartInput, JourneyChartInput, MaturityChartInput,
    across_metrics, alt_texts, charts as metric_charts, demand_charts, forecast_chart, journey_chart, maturity_chart,
};
pub use scorecard::{Line, SCORECARD, scorecard};
pub use workbook::{WORKBOOK, WorkbookError, WorkbookInput, workbook};
