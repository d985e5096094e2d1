//! Charts: comparisons as plain figures → an SVG picture with its alternative text. Nothing is computed here but positions;
//! every number shown is a number given.
//!
//! Each chart is a pure function of its input: the same input gives the same bytes. [`spc::chart`] draws a figure over time
//! with its limits and [`areas::chart`] the same area by area, [`ranked::chart`] a force within its group, [`funnel::chart`]
//! among all forces, [`maturity::chart`] how far crimes have been dealt with by age, [`evaluation::chart`] what an intervention
//! did, [`outcome_mix::chart`] what became of the crimes of each year, [`journey::chart`] how many records lead from step to
//! step, [`satisfaction::chart`] what victims say, [`week::chart`] and [`hours::chart`] what comes in by hour,
//! [`forecast::chart`] the months ahead. [`rasterise`] turns any into a PNG. [`sparkline::svg`] is a picture the size
//! of a word, for a table.
//!
//! Shapes and coordinates go through plotters; text, dashes and document structure are written directly (see `canvas`).

pub mod areas;
mod bars;
mod canvas;
#[cfg(test)]
mod demand_layout_tests;
pub mod evaluation;
pub mod forecast;
mod frame;
pub mod funnel;
#[cfg(test)]
mod gallery;
pub mod hours;
mod icons;
pub mod journey;
mod label_area;
#[cfg(test)]
mod layout_tests;
mod marks;
pub mod maturity;
mod month_axis;
pub mod outcome_mix;
pub mod palette;
pub mod ranked;
mod raster;
#[cfg(test)]
mod sample_inputs;
pub mod satisfaction;
mod scale;
pub mod sparkline;
pub mod spc;
mod text;
mod unit;
pub mod week;

pub use raster::rasterise;
pub use unit::{ChartMonth, ChartUnit};

/// Inter Regular, cut down to Latin letters, digits and punctuation; for pages that show the SVG (`@font-face`).
pub const FONT_REGULAR: &[u8] = include_bytes!("fonts/Inter-Regular.ttf");
/// Inter Bold, cut down likewise.
pub const FONT_BOLD: &[u8] = include_bytes!("fonts/Inter-Bold.ttf");

/// A drawn chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// A whole SVG document with `role="img"`, `<title>` and `<desc>`. It has no ids, so several can stand in one page.
    pub svg: String,
    /// One or two sentences: finding, level, limits or interval, latest value. Plain text, not escaped.
    pub alt_text: String,
    /// Size in CSS pixels; the PNG has twice as many each way.
    pub width: u32,
    pub height: u32,
}

/// What can go wrong in drawing: a fault of ours or of a font, never of the figures given.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    #[error("cannot measure text: {0}")]
    Font(String),
    #[error("cannot draw the chart: {0}")]
    Draw(String),
    #[error("cannot turn the chart into a PNG: {0}")]
    Raster(String),
}
