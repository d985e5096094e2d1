//! Stage 6: figures and comparisons in, charts out.

pub mod charts;
mod dimensions;
mod evaluation_words;
mod metric_charts;
mod scorecard;

pub use dimensions::{Seen, dimensions};
pub use evaluation_words::finding as evaluation_finding;
pub use metric_charts::{
    ChartInput, DemandChartInput, ForecastChartInput, MaturityChartInput, alt_texts, charts as metric_charts,
    demand_charts, forecast_chart, maturity_chart,
};
pub use scorecard::{Line, SCORECARD, scorecard};
