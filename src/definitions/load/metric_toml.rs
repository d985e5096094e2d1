//! The wire form of `metrics/<id>.toml`: what may be written, before it is checked.
//!
//! Everything is optional or spelled as text here, so that checking can name every fault at its place; the schema for
//! editors says which keys are required and which words are known.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::schema;
use crate::domain::{Basis, JourneyStage, Kind, Polarity, Unit};

/// A metric. Its id is the name of the file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Metric")]
pub(super) struct MetricToml {
    /// As a heading shows it.
    #[schemars(required, with = "String")]
    pub title: Option<Spanned<String>>,
    /// The stage of the journey it belongs to.
    #[schemars(required, with = "JourneyStage")]
    pub stage: Option<Spanned<String>>,
    /// Order within the stage; no two metrics of a stage share one.
    #[schemars(required, with = "u32")]
    pub position: Option<Spanned<u32>>,
    /// Key of the pipeline's `[owners]`.
    #[schemars(required, with = "String")]
    pub owner: Option<Spanned<String>>,
    /// One or two plain sentences: what the figure says.
    #[schemars(required, with = "String")]
    pub meaning: Option<Spanned<String>>,
    /// How the figure misleads, a sentence or two each.
    #[schemars(required, with = "Vec<String>")]
    pub caveats: Option<Vec<Spanned<String>>>,
    /// The extract that it is computed from: a file name of `extracts/`, without `.toml`.
    #[schemars(required, with = "String")]
    pub extract: Option<Spanned<String>>,
    /// How the value is made from its counts.
    #[schemars(required, with = "Kind")]
    pub kind: Option<Spanned<String>>,
    /// The unit of the value.
    #[schemars(required, with = "Unit")]
    pub unit: Option<Spanned<String>>,
    /// Which way is better.
    #[schemars(required, with = "Polarity")]
    pub polarity: Option<Spanned<String>>,
    /// Scopes whose polarity differs, such as `"subgroup: Homicide" = "lower"`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Polarity>")]
    pub polarity_by_scope: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Which outcomes a period holds; left out where outcomes play no part.
    #[schemars(with = "Option<Basis>")]
    pub basis: Option<Spanned<String>>,
    /// Levels it is kept to; left out, it is every level of the extract.
    #[serde(default)]
    #[schemars(schema_with = "schema::levels")]
    pub levels: Option<Vec<Spanned<String>>>,
    /// A period is provisional until this many days after its end.
    pub matures_after_days: Option<u32>,
    /// A month is left out until this many days after its end.
    pub complete_after_days: Option<u32>,
    /// The metric that must not worsen while this one improves; each names the other.
    #[schemars(with = "Option<String>")]
    pub partner: Option<Spanned<String>>,
    #[schemars(with = "Option<NumeratorToml>")]
    pub numerator: Option<Spanned<NumeratorToml>>,
    #[schemars(with = "Option<DenominatorToml>")]
    pub denominator: Option<Spanned<DenominatorToml>>,
    #[schemars(with = "Option<QuantileToml>")]
    pub quantile: Option<Spanned<QuantileToml>>,
    #[schemars(with = "Option<StockToml>")]
    pub stock: Option<Spanned<StockToml>>,
    /// What the force wants the value to be, from a date on.
    #[serde(default)]
    pub target: Vec<TargetToml>,
    /// Hand-worked cases, run by `scorecard check`; one at least.
    #[schemars(required, with = "Vec<ExampleToml>")]
    pub example: Option<Vec<Spanned<ExampleToml>>>,
}

/// The rows that are counted above the line.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumeratorToml {
    /// The time whose month the row counts in. A proportion takes its denominator's.
    #[schemars(with = "Option<String>")]
    pub month_of: Option<Spanned<String>>,
    /// All must hold. For a proportion these come on top of the denominator's.
    #[serde(default, rename = "where")]
    pub conditions: Vec<ConditionToml>,
    /// For a mean: the number that is summed over the denominator's rows.
    #[schemars(with = "Option<String>")]
    pub sum_of: Option<Spanned<String>>,
}

/// The rows that are counted below the line.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DenominatorToml {
    /// The time whose month the row counts in.
    #[schemars(with = "String")]
    pub month_of: Spanned<String>,
    /// All must hold.
    #[serde(default, rename = "where")]
    pub conditions: Vec<ConditionToml>,
    /// The number that weighs each row.
    #[schemars(with = "Option<String>")]
    pub weighted_by: Option<Spanned<String>>,
}

/// A quantile (type 7) of a number over the denominator's rows.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuantileToml {
    #[schemars(with = "String")]
    pub of: Spanned<String>,
    /// Above 0 and below 1; 0.5 is the median.
    #[schemars(with = "f64")]
    pub probability: Spanned<f64>,
}

/// At each month end, of the rows opened by then and not closed by then, those opened some days before it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StockToml {
    /// The time that opens a row.
    #[schemars(with = "String")]
    pub opened: Spanned<String>,
    /// The time that closes it.
    #[schemars(with = "String")]
    pub closed: Spanned<String>,
    pub older_than_days: u32,
    /// The extract's first month that is measured, counted from 1.
    #[schemars(with = "u32")]
    pub first_month: Spanned<u32>,
    /// All must hold.
    #[serde(default, rename = "where")]
    pub conditions: Vec<ConditionToml>,
}

/// One test of one field of the extract; exactly one test.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionToml {
    #[schemars(with = "String")]
    pub field: Spanned<String>,
    /// A flag is yes, or is no.
    pub is: Option<bool>,
    /// A text is one of these.
    #[schemars(with = "Option<Vec<String>>")]
    pub any_of: Option<Spanned<Vec<Spanned<String>>>>,
    /// The outcome type counts as solved, in the solved set at hand. Always `true`.
    #[schemars(with = "Option<bool>")]
    pub in_solved_set: Option<Spanned<bool>>,
    /// The field holds a value, or holds none.
    pub present: Option<bool>,
    pub at_most: Option<f64>,
    pub below: Option<f64>,
    pub at_least: Option<f64>,
    pub above: Option<f64>,
    /// At most the one of the `limits` that this other field picks.
    #[schemars(with = "Option<String>")]
    pub at_most_by: Option<Spanned<String>>,
    /// The limit for each word of the field named in `at_most_by`.
    #[schemars(with = "Option<BTreeMap<String, f64>>")]
    pub limits: Option<BTreeMap<Spanned<String>, f64>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetToml {
    /// The first day on which it holds.
    #[schemars(schema_with = "schema::day")]
    pub from: Spanned<Datetime>,
    /// In the unit of the value; a proportion from 0 to 1.
    pub value: f64,
    /// Who set it, and where that was read.
    #[schemars(required, with = "String")]
    pub source: Option<Spanned<String>>,
}

/// A case worked by hand.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleToml {
    #[schemars(with = "String")]
    pub says: Spanned<String>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// For a quantile: the values that it is taken of.
    pub values: Option<Vec<f64>>,
    /// The value that these counts make.
    #[schemars(with = "Option<f64>")]
    pub value: Option<Spanned<f64>>,
    /// These counts make no value.
    #[schemars(with = "Option<bool>")]
    pub not_available: Option<Spanned<bool>>,
}
