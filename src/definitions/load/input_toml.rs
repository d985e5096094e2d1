//! The wire form of a pipeline's inputs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::extract_toml::ThresholdsToml;
use super::schema;
use crate::domain::Provenance;

/// Files of one kind. `*`, `?` and `**` stand for any text, one letter and any folders.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FilesToml {
    #[schemars(with = "Vec<String>")]
    pub files: Spanned<Vec<String>>,
    /// Whether its rows happened, and who says so.
    #[schemars(with = "Provenance")]
    pub provenance: Spanned<String>,
}

/// An extract's files, and how they differ from the canonical form. What is not stated is looked for in each file; where
/// that leaves a doubt, the build stops and asks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InputToml {
    #[schemars(with = "Vec<String>")]
    pub files: Spanned<Vec<String>>,
    /// Whether its rows happened, and who says so.
    #[schemars(with = "Provenance")]
    pub provenance: Spanned<String>,
    /// How letters are stored.
    #[serde(default)]
    #[schemars(schema_with = "schema::encodings")]
    pub encoding: Option<Spanned<String>>,
    /// What stands between the fields: `,`, `;`, `|` or a tab.
    #[schemars(with = "Option<String>")]
    pub delimiter: Option<Spanned<String>>,
    /// The sheet of a workbook.
    #[schemars(with = "Option<String>")]
    pub sheet: Option<Spanned<String>>,
    /// Row of the header, as a spreadsheet numbers rows.
    #[schemars(with = "Option<u64>")]
    pub header_row: Option<Spanned<u64>>,
    /// A row whose first filled cell begins with one of these stands below the table: `["Total"]`.
    #[schemars(with = "Option<Vec<String>>")]
    pub footer: Option<Vec<Spanned<String>>>,
    /// How times are written: `iso`, `day_first`, `month_first`, `excel_serial`, or a pattern such as `%d-%b-%y %H.%M`.
    #[schemars(with = "Option<String>")]
    pub date_format: Option<Spanned<String>>,
    /// The same for single columns.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub date_formats: BTreeMap<Spanned<String>, Spanned<String>>,
    /// The file's header for each column, or several whose texts are joined by a space.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, HeadersToml>")]
    pub columns: BTreeMap<Spanned<String>, Spanned<HeadersToml>>,
    /// What a column's codes and labels mean: `{ "1" = "immediate" }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, String>>")]
    pub values: BTreeMap<Spanned<String>, BTreeMap<String, String>>,
    /// How many digits a column's numbers have, where a spreadsheet has taken zeros from their front.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, u8>")]
    pub digits: BTreeMap<Spanned<String>, Spanned<u8>>,
    /// Thresholds of this input, in place of those of its extract.
    #[schemars(with = "Option<ThresholdsToml>")]
    pub thresholds: Option<Spanned<ThresholdsToml>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a header, or a list of headers")]
pub(super) enum HeadersToml {
    One(String),
    Joined(Vec<String>),
}
