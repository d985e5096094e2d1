//! The one-stop page, `scorecard.html`: one file that opens from a shared drive, without a server, a network or a licence.
//!
//! Everything on it stands in the build's tables and charts, read by [`Facts`]; each number is marked with the cell that it
//! is (see [`super::marked`]). Without its script the page shows everything but the filters.

mod context;
mod handlers;
mod inline;
mod line;
mod units;
mod views;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{Datelike, NaiveDate};
use minijinja::value::{Serde, Value};

pub use inline::inline_svg;

use super::charts::sparkline::{self, SparklineInput, SparklinePoint};
use super::charts::spc::PointClass;
use super::charts::{ChartMonth, FONT_BOLD, FONT_REGULAR};
use super::facts::{Facts, SpcMonth};
use crate::definitions::{Definitions, Metric};
use crate::domain::Level;
use crate::templates::environment;

const TEMPLATE: &str = "scorecard.html";
/// Months of a sparkline.
const SPARKLINE_MONTHS: usize = 24;

/// Everything that the page shows.
pub struct PageInput<'a> {
    pub definitions: &'a Definitions,
    pub force: &'a str,
    pub force_name: &'a str,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    pub facts: &'a Facts,
    /// SVG documents by the name of their file.
    pub charts: &'a BTreeMap<String, String>,
}

/// The template is ours, so a page that cannot be made is a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("cannot make scorecard.html: {0}")]
pub struct PageError(#[from] minijinja::Error);

/// The page. A name from an extract shows its control characters and direction marks.
///
/// # Errors
/// A template that names what the page does not have.
pub fn page(input: &PageInput<'_>) -> Result<String, PageError> {
    let mut environment = environment(TEMPLATE, include_str!("scorecard.html"))?;
    environment.add_global("style", style());
    environment.add_global("script", Value::from_safe_string(include_str!("scorecard.js").to_owned()));
    environment.add_global("icons", Value::from_safe_string(include_str!("icons.svg").to_owned()));
    Ok(environment.get_template(TEMPLATE)?.render(Serde(context::of(input)))?)
}

/// The style sheet with its fonts in it.
fn style() -> Value {
    let face = |weight: u32, font: &[u8]| {
        let font = STANDARD.encode(font);
        format!("@font-face {{ font-family: Inter; font-weight: {weight}; src: url(data:font/ttf;base64,{font}); }}\n")
    };
    let faces = face(400, FONT_REGULAR) + &face(700, FONT_BOLD);
    Value::from_safe_string(faces + include_str!("scorecard.css"))
}

/// The newest months of a unit; `None` without any.
fn sparkline(input: &PageInput<'_>, metric: &Metric, level: Level, unit: &str) -> Option<Value> {
    let months = input.facts.figures.months(metric.id.as_str(), level, unit);
    let months = &months[months.len().saturating_sub(SPARKLINE_MONTHS)..];
    let points: Vec<SparklinePoint> = months.iter().filter_map(sparkline_point).collect();
    let drawn = points.iter().any(|point| point.value.is_some());
    let svg =
        drawn.then(|| inline_svg(&sparkline::svg(&SparklineInput { points }), "class=\"spark\" aria-hidden=\"true\""));
    svg.map(Value::from_safe_string)
}

fn sparkline_point(month: &SpcMonth) -> Option<SparklinePoint> {
    let class = month.class.as_deref();
    Some(SparklinePoint {
        month: ChartMonth::new(month.month.year(), u8::try_from(month.month.month()).ok()?)?,
        value: month.value,
        lower: month.lower,
        upper: month.upper,
        class: match class {
            Some("improving") => PointClass::Improving,
            Some("concerning") => PointClass::Concerning,
            Some("high") => PointClass::High,
            Some("low") => PointClass::Low,
            _ => PointClass::Common,
        },
        provisional: class == Some("provisional"),
    })
}
