//! The wire form of `quality.toml`: what may be written, before it is checked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::schema;

/// What is asked of the data, and what a grade is worth.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Quality")]
pub(super) struct QualityToml {
    /// A measure of fewer rows has no grade.
    #[schemars(required, with = "u64")]
    pub least_rows: Option<u64>,
    /// A signal is a break where a rule fires in one of this many latest final months.
    #[schemars(required, with = "usize")]
    pub break_months: Option<usize>,
    /// For each dimension, where its grades begin.
    #[schemars(required, with = "BTreeMap<String, LimitsToml>")]
    pub grades: Option<Spanned<BTreeMap<Spanned<String>, LimitsToml>>>,
    /// Other limits for one extract, or for one column of it.
    #[serde(default)]
    pub exceptions: Vec<ExceptionToml>,
    /// By the name of the extract.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ExtractQualityToml>")]
    pub extracts: BTreeMap<Spanned<String>, ExtractQualityToml>,
    /// How crimes are recorded, month by month.
    #[serde(default)]
    pub signals: Vec<SignalToml>,
}

/// Shares from which on a measure is graded A, B and C, or, for freshness, days up to which it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsToml {
    #[schemars(with = "f64")]
    pub a: Spanned<f64>,
    pub b: f64,
    pub c: f64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExceptionToml {
    #[schemars(with = "String")]
    pub extract: Spanned<String>,
    /// Left out: every column of the extract.
    #[schemars(with = "Option<String>")]
    pub column: Option<Spanned<String>>,
    #[schemars(schema_with = "schema::dimensions")]
    pub dimension: Spanned<String>,
    #[schemars(with = "f64")]
    pub a: Spanned<f64>,
    pub b: f64,
    pub c: f64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtractQualityToml {
    /// Key of the pipeline's `[owners]`.
    #[schemars(with = "String")]
    pub owner: Spanned<String>,
    pub columns: Vec<ColumnQualityToml>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnQualityToml {
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// It holds a value in every row.
    #[serde(default)]
    pub expected: bool,
    /// It holds a value in these rows.
    pub expected_where: Option<ExpectedWhereToml>,
    /// Another time, which it does not come before.
    #[schemars(with = "Option<String>")]
    pub not_before: Option<Spanned<String>>,
    /// So many minutes before that are in order.
    #[schemars(with = "Option<u32>")]
    pub early_minutes: Option<Spanned<u32>>,
    /// Another time, which it does not come after.
    #[schemars(with = "Option<String>")]
    pub not_after: Option<Spanned<String>>,
    /// The extract that the reference leads to.
    #[schemars(with = "Option<String>")]
    pub links_to: Option<Spanned<String>>,
    /// What counts as soon enough.
    #[schemars(schema_with = "schema::timely")]
    pub timely: Option<Spanned<String>>,
}

/// Rows in which another column holds a value.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedWhereToml {
    #[schemars(with = "String")]
    pub column: Spanned<String>,
    /// One of these; left out, any.
    #[serde(default)]
    pub any_of: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignalToml {
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    #[schemars(with = "String")]
    pub title: Spanned<String>,
    /// What is counted.
    #[schemars(schema_with = "schema::practices")]
    pub practice: Spanned<String>,
    /// For an outcome on the day of recording: which.
    #[schemars(with = "Option<String>")]
    pub outcome_type: Option<Spanned<String>>,
    /// A month is provisional until its end plus this many days has passed.
    pub matures_after_days: Option<u32>,
    /// Metrics that a break can move.
    #[schemars(with = "Vec<String>")]
    pub moves: Vec<Spanned<String>>,
}
