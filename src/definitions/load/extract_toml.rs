//! The wire form of `extracts/<id>.toml`: what may be written, before it is checked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::schema;

/// An extract. Its id is the name of the file.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Extract")]
pub(super) struct ExtractToml {
    #[schemars(required, with = "String")]
    pub title: Option<Spanned<String>>,
    /// What one row is: `recorded crime`.
    #[schemars(required, with = "String")]
    pub row: Option<Spanned<String>>,
    /// The columns that name a row; no two rows share them. A blank `force` is the pipeline's own.
    #[schemars(required, with = "Vec<String>")]
    pub key: Option<Vec<Spanned<String>>>,
    /// The required time that places a row against the data date, if there is one.
    #[schemars(with = "Option<String>")]
    pub time: Option<Spanned<String>>,
    /// A build goes on without this extract's file, and the metrics that read it are not available.
    #[serde(default)]
    pub may_be_absent: bool,
    #[schemars(required, with = "Vec<ColumnToml>")]
    pub columns: Option<Vec<ColumnToml>>,
    /// What may not come before what.
    #[serde(default)]
    pub predecessors: Vec<PredecessorToml>,
    /// How score columns are read.
    #[schemars(with = "Option<ScaleToml>")]
    pub scale: Option<ScaleToml>,
    /// For each level of the organisation, the scopes that its rows are cut by.
    #[schemars(required, schema_with = "schema::scopes_of_levels")]
    pub levels: Option<BTreeMap<Spanned<String>, Vec<Spanned<String>>>>,
    #[schemars(with = "Option<ThresholdsToml>")]
    pub thresholds: Option<ThresholdsToml>,
}

/// One column of the extract.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnToml {
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    #[schemars(schema_with = "schema::column_kinds")]
    pub kind: Spanned<String>,
    /// The extract is not read without it.
    #[serde(default)]
    pub required: bool,
    #[schemars(with = "String")]
    pub description: Spanned<String>,
    /// For a code: the words that it can hold, in lower case.
    #[schemars(with = "Option<Vec<String>>")]
    pub words: Option<Spanned<Vec<String>>>,
    /// For a code: the rule that quarantines a row whose code is blank or unknown. Without it such a value is set aside.
    #[schemars(with = "Option<String>")]
    pub unknown_rule: Option<Spanned<String>>,
    /// For a flag: other texts that count as yes; `*` is any other text.
    #[schemars(with = "Option<Vec<String>>")]
    pub also_yes: Option<Spanned<Vec<String>>>,
}

/// `event` may not come before `after`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PredecessorToml {
    #[schemars(with = "String")]
    pub event: Spanned<String>,
    #[schemars(with = "String")]
    pub after: Spanned<String>,
}

/// A score is a number, or one of seven texts.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScaleToml {
    /// Seven texts, from 1 to 7.
    #[schemars(with = "Vec<String>")]
    pub labels: Spanned<Vec<String>>,
    /// Texts that are no valid answer, as a blank is.
    pub no_answer: Vec<String>,
}

/// When the state of the extract warns, and when it stops the build. What is not stated is as usual.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ThresholdsToml {
    /// A larger share of the records in quarantine warns; 0 to 1.
    #[schemars(with = "Option<f64>")]
    pub warn_quarantined_share: Option<Spanned<f64>>,
    /// A larger share of the records in quarantine stops the build.
    #[schemars(with = "Option<f64>")]
    pub stop_quarantined_share: Option<Spanned<f64>>,
    /// Fewer records than in the last good build, by a larger share of those, warns; 0 to 1.
    #[schemars(with = "Option<f64>")]
    pub warn_fewer_rows_share: Option<Spanned<f64>>,
    /// Fewer records than in the last good build, by a larger share of those, stops the build.
    #[schemars(with = "Option<f64>")]
    pub stop_fewer_rows_share: Option<Spanned<f64>>,
    /// A newest row more days old than this warns.
    #[schemars(with = "Option<u32>")]
    pub warn_newest_row_days: Option<Spanned<u32>>,
    /// A newest row more days old than this stops the build.
    #[schemars(with = "Option<u32>")]
    pub stop_newest_row_days: Option<Spanned<u32>>,
    /// Every file is the one of the last good build, though time has gone on.
    #[serde(default)]
    #[schemars(schema_with = "schema::severities")]
    pub same_file_again: Option<Spanned<String>>,
    /// There are rows, and none of the measured force.
    #[serde(default)]
    #[schemars(schema_with = "schema::severities")]
    pub other_force: Option<Spanned<String>>,
}
