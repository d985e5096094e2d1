//! The wire form of `interventions.toml`: what may be written, before it is checked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::schema;

/// What a force has changed, and when.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Interventions")]
pub(super) struct InterventionsToml {
    #[serde(default, rename = "intervention")]
    pub interventions: Vec<InterventionToml>,
}

/// Something that was done, and what it is meant to move.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InterventionToml {
    /// Lower-case letters, digits and hyphens.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// The pipeline whose figures it is about: a file beside this one, without `.toml`.
    #[schemars(with = "String")]
    pub pipeline: Spanned<String>,
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// The first day on which it is in force.
    #[schemars(schema_with = "schema::day")]
    pub date: Spanned<Datetime>,
    /// Why it was done.
    #[schemars(with = "String")]
    pub reason: Spanned<String>,
    /// Areas where it was done; left out, it is the whole force.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub areas: Vec<Spanned<String>>,
    /// Areas that it left as they were, to compare with.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub comparison_areas: Vec<Spanned<String>>,
    /// Whether the areas' charts start a new phase, with limits of its own.
    #[serde(default)]
    pub rephase: bool,
    /// By metric: the smallest change that would be worth having, in the metric's unit. Crimes by month of recording are
    /// evaluated only where they are followed for a fixed time, such as `solved_within_90_days`.
    #[schemars(with = "BTreeMap<String, f64>")]
    pub metrics: Spanned<BTreeMap<Spanned<String>, Spanned<f64>>>,
}
