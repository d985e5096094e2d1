//! JSON Schemas of the definition files, for editors that complete and check as one types.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::extract_check::{COLUMN_KINDS, SCOPE_KINDS};
use super::extract_toml::ExtractToml;
use super::intervention_toml::InterventionsToml;
use super::metric_toml::MetricToml;
use super::pipeline_toml::PipelineToml;
use super::quality_check::{PRACTICES, graded_dimensions};
use super::quality_toml::QualityToml;
use super::thresholds_check::SEVERITIES;
use crate::definitions::{PublishedShape, Timely, Variant};
use crate::domain::Level;
use crate::files::Encoding;

/// File name and text of each schema, as kept in `pipelines/schema/`.
pub fn schemas() -> Result<Vec<(&'static str, String)>, serde_json::Error> {
    Ok(vec![
        ("extract.schema.json", text::<ExtractToml>()?),
        ("interventions.schema.json", text::<InterventionsToml>()?),
        ("metric.schema.json", text::<MetricToml>()?),
        ("pipeline.schema.json", text::<PipelineToml>()?),
        ("quality.schema.json", text::<QualityToml>()?),
    ])
}

fn text<T: JsonSchema>() -> Result<String, serde_json::Error> {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

/// A civil day, written without quotes.
pub(super) fn day(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "date" })
}

/// A list of levels.
pub(super) fn levels(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = levels_of_rows().collect();
    json_schema!({ "type": "array", "items": { "type": "string", "enum": words } })
}

/// A list of scopes for each level.
pub(super) fn scopes_of_levels(_: &mut SchemaGenerator) -> Schema {
    let scopes = SCOPE_KINDS.map(|(word, _)| word);
    let of_a_level = json_schema!({ "type": "array", "items": { "type": "string", "enum": scopes } });
    let levels: serde_json::Map<_, _> =
        levels_of_rows().map(|level| (level.to_owned(), of_a_level.clone().into())).collect();
    json_schema!({ "type": "object", "properties": levels, "additionalProperties": false })
}

/// How a column is read.
pub(super) fn column_kinds(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": COLUMN_KINDS })
}

/// How a published table is laid out.
pub(super) fn shapes(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": PublishedShape::ALL.map(PublishedShape::name) })
}

/// How letters are stored.
pub(super) fn encodings(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Encoding::ALL.map(Encoding::name) })
}

/// How a most similar group is made into one figure.
pub(super) fn variants(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Variant::ALL.map(Variant::name) })
}

/// What a gate does.
pub(super) fn severities(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "null"], "enum": SEVERITIES.map(|(word, _)| word) })
}

/// What is graded.
pub(super) fn dimensions(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = graded_dimensions().map(|dimension| dimension.name()).collect();
    json_schema!({ "type": "string", "enum": words })
}

/// What counts as soon enough.
pub(super) fn timely(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Timely::ALL.map(Timely::name) })
}

/// What a signal counts.
pub(super) fn practices(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": PRACTICES })
}

/// The national level is made of forces, not of rows.
fn levels_of_rows() -> impl Iterator<Item = &'static str> {
    Level::ALL.into_iter().filter(|level| *level != Level::National).map(Level::name)
}
