//! The wire form of a pipeline file: what may be written, before it is checked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::input_toml::{FilesToml, InputToml};
use super::packs_toml::PacksToml;
use super::schema;
use crate::domain::SolvedSet;

/// What one nightly build reads and whom it is for. Paths are relative to this file; `*` in a file name is any text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Pipeline")]
pub(super) struct PipelineToml {
    #[schemars(required, with = "String")]
    pub title: Option<Spanned<String>>,
    /// A force's id, as in references/forces.csv.
    #[schemars(required, with = "String")]
    pub force: Option<Spanned<String>>,
    /// Which outcome types count as solved. None is an official label.
    #[schemars(required, with = "SolvedSet")]
    pub solved_set: Option<Spanned<String>>,
    /// How many builds stay in the output folder, the newest among them: 2 or more; left out, it is 14.
    #[schemars(with = "Option<u16>", range(min = 2))]
    pub keep_builds: Option<Spanned<u16>>,
    /// The only metrics of this pipeline; left out, it is all of them.
    #[schemars(with = "Option<Vec<String>>")]
    pub only: Option<Vec<Spanned<String>>>,
    /// Metrics that this pipeline does without.
    #[schemars(with = "Option<Vec<String>>")]
    pub leave_out: Option<Vec<Spanned<String>>>,
    /// Record-level extracts, by the name of the extract.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, InputToml>")]
    pub inputs: BTreeMap<Spanned<String>, InputToml>,
    /// Published tables, read as they are published.
    #[serde(default)]
    pub published: Vec<PublishedToml>,
    #[schemars(required, with = "ComparatorsToml")]
    pub comparators: Option<ComparatorsToml>,
    /// What is assumed of the control room, for the estimate of call handlers needed.
    pub control_room: Option<ControlRoomToml>,
    /// What packs and briefings hold.
    pub packs: Option<PacksToml>,
    /// Who answers for a metric, by the metric's `owner`.
    #[serde(default)]
    pub owners: BTreeMap<String, OwnerToml>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishedToml {
    /// How the table is laid out.
    #[schemars(schema_with = "schema::shapes")]
    pub shape: Spanned<String>,
    #[schemars(with = "Vec<String>")]
    pub files: Spanned<Vec<String>>,
    /// The attribution that its licence asks for.
    #[schemars(with = "String")]
    pub source: Spanned<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparatorsToml {
    /// A group of references/peer_groups.csv; left out where the force has none.
    #[schemars(with = "Option<String>")]
    pub peer_group: Option<Spanned<String>>,
    /// How a most similar group is made into one figure.
    #[schemars(schema_with = "schema::variants")]
    pub variant: Spanned<String>,
    /// Monthly counts of other forces.
    #[schemars(with = "Option<InputToml>")]
    pub table: Option<FilesToml>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnerToml {
    /// Who is accountable.
    #[schemars(with = "String")]
    pub strategic_lead: Spanned<String>,
    /// The analyst to ask.
    #[schemars(with = "String")]
    pub analyst_spoc: Spanned<String>,
}

/// Each is a stated assumption, in the place of what the calls extract does not show.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ControlRoomToml {
    /// Mean handling time of a 999 call in seconds, work after the call included; in the place of what the extract shows.
    #[schemars(with = "Option<f64>")]
    pub handling_seconds: Option<Spanned<f64>>,
    /// Mean seconds of work after a 999 call, added to the time from answer to end.
    #[schemars(with = "Option<f64>")]
    pub after_call_seconds: Option<Spanned<f64>>,
    /// Mean seconds that a 999 caller waits before giving up, in the place of what the extract shows.
    #[schemars(with = "Option<f64>")]
    pub patience_seconds: Option<Spanned<f64>>,
    /// Share of their paid time that handlers are not there to answer: leave, training, breaks. 0 to below 1.
    #[schemars(with = "Option<f64>")]
    pub shrinkage: Option<Spanned<f64>>,
}
