//! From the wire form of a pipeline to the checked one.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;

use super::checker::{Checker, one_of};
use super::input_check::{files, input, plain_files};
use super::packs_toml;
use super::pipeline_toml::{ComparatorsToml, ControlRoomToml, PipelineToml};
use crate::definitions::{
    Comparators, ControlRoom, Extract, Owner, Pipeline, PublishedInput, PublishedShape, References, Variant,
};
use crate::domain::{ForceId, SolvedSet};

/// Builds that stay where the pipeline does not say: two weeks of nights.
const KEEP_BUILDS: u16 = 14;
/// Whoever has just opened the last build may go on reading while the next one is published.
const FEWEST_BUILDS: u16 = 2;

/// What a pipeline file may refer to.
pub(super) struct Surroundings<'s> {
    /// The folder of the pipeline file.
    pub folder: &'s Path,
    pub extract_names: &'s [&'s str],
    /// Those of them that could be read.
    pub extracts: &'s [Extract],
    pub metric_names: &'s [&'s str],
    pub references: &'s References,
}

/// The checked pipeline, or `None` with the faults noted.
pub(super) fn pipeline(checker: &mut Checker<'_>, wire: &PipelineToml, around: &Surroundings<'_>) -> Option<Pipeline> {
    let title = checker.needs(wire.title.as_ref(), "title").and_then(|text| checker.prose(text, "title"));
    let force = checker.needs(wire.force.as_ref(), "force").and_then(|text| force(checker, text, around.references));
    let sets: Vec<(&str, SolvedSet)> = SolvedSet::ALL.iter().map(|&set| (set.name(), set)).collect();
    let solved_set = checker.needs(wire.solved_set.as_ref(), "solved_set");
    let solved_set = solved_set.and_then(|text| checker.word(text, "solved set", &sets));
    let leave_out = leave_out(checker, wire, around);
    let keep_builds = keep_builds(checker, wire);

    let mut inputs = BTreeMap::new();
    for (name, wire) in &wire.inputs {
        if !around.extract_names.contains(&name.get_ref().as_str()) {
            checker.unknown(name.get_ref(), name.span(), "extract", around.extract_names.iter().copied());
        }
        let extract = around.extracts.iter().find(|extract| extract.id == *name.get_ref());
        inputs.extend(input(checker, wire, extract, around).map(|input| (name.get_ref().clone(), input)));
    }
    let mut published = Vec::new();
    for wire in &wire.published {
        let shape = checker.word(&wire.shape, "shape", &PublishedShape::ALL.map(|shape| (shape.name(), shape)));
        let files = files(checker, &wire.files, around);
        let source = checker.prose(&wire.source, "source");
        let (Some(shape), Some(source)) = (shape, source) else { continue };
        published.push(PublishedInput { shape, files, source });
    }
    if wire.inputs.is_empty() && wire.published.is_empty() {
        checker.fault(0..0, "the pipeline reads nothing").hint("add `[inputs.crimes]` or `[[published]]`");
    }
    let comparators = checker.needs(wire.comparators.as_ref(), "comparators");
    let comparators = comparators.and_then(|wire| comparators_of(checker, wire, force.as_ref(), around));
    let control_room = wire.control_room.as_ref().map(|wire| control_room(checker, wire)).unwrap_or_default();
    let packs = wire
        .packs
        .as_ref()
        .map(|wire| packs_toml::packs(checker, wire, around.folder, around.metric_names))
        .unwrap_or_default();
    let owners = owners(checker, wire);
    Some(Pipeline {
        id: checker.file.stem().to_owned(),
        title: title?,
        force: force?,
        solved_set: solved_set?,
        inputs,
        published,
        comparators: comparators?,
        control_room,
        packs,
        owners,
        leave_out,
        keep_builds,
    })
}

fn keep_builds(checker: &mut Checker<'_>, wire: &PipelineToml) -> usize {
    if let Some(few) = wire.keep_builds.as_ref().filter(|number| *number.get_ref() < FEWEST_BUILDS) {
        checker
            .fault(few.span(), format!("{} is too few builds to keep", few.get_ref()))
            .expected(format!("expected {FEWEST_BUILDS} or more"))
            .hint("the last build stays beside the new one, for those who are reading it");
    }
    usize::from(wire.keep_builds.as_ref().map_or(KEEP_BUILDS, |number| *number.get_ref()))
}

fn control_room(checker: &mut Checker<'_>, wire: &ControlRoomToml) -> ControlRoom {
    let seconds = |checker: &mut Checker<'_>, number: &Option<Spanned<f64>>| {
        let number = number.as_ref()?;
        let right = *number.get_ref() > 0.0 && number.get_ref().is_finite();
        if !right {
            checker
                .fault(number.span(), format!("{} is no mean time", number.get_ref()))
                .expected("expected seconds above 0");
        }
        right.then_some(*number.get_ref())
    };
    if let (Some(_), Some(after)) = (&wire.handling_seconds, &wire.after_call_seconds) {
        checker
            .fault(after.span(), "`after_call_seconds` stands beside `handling_seconds`, which includes it")
            .hint("state the whole handling time, or the work after a call that the extract does not show");
    }
    let away = wire.shrinkage.as_ref().filter(|share| !(0.0..1.0).contains(share.get_ref()));
    if let Some(away) = away {
        checker
            .fault(away.span(), format!("{} is no share of paid time", away.get_ref()))
            .expected("expected 0 to below 1");
    }
    ControlRoom {
        handling_seconds: seconds(checker, &wire.handling_seconds),
        after_call_seconds: seconds(checker, &wire.after_call_seconds),
        patience_seconds: seconds(checker, &wire.patience_seconds),
        shrinkage: wire.shrinkage.as_ref().map(|share| *share.get_ref()),
    }
}

fn force(checker: &mut Checker<'_>, text: &Spanned<String>, references: &References) -> Option<ForceId> {
    let id = ForceId::new(text.get_ref()).filter(|id| references.forces.contains_key(id));
    if id.is_none() && !references.forces.is_empty() {
        let known = references.forces.keys().map(ForceId::as_str);
        checker
            .fault(text.span(), format!("unknown force `{}`", text.get_ref()))
            .expected("expected a `data_police_uk_slug` of references/forces.csv")
            .did_you_mean(text.get_ref(), known);
    }
    id
}

/// Metrics left out, whether the file names them or the ones to keep.
fn leave_out(checker: &mut Checker<'_>, wire: &PipelineToml, around: &Surroundings<'_>) -> Vec<String> {
    for name in wire.only.iter().chain(&wire.leave_out).flatten() {
        if !around.metric_names.contains(&name.get_ref().as_str()) {
            checker
                .fault(name.span(), format!("unknown metric `{}`", name.get_ref()))
                .expected("expected a file name of metrics/, without `.toml`")
                .did_you_mean(name.get_ref(), around.metric_names.iter().copied());
        }
    }
    let named = |list: &[Spanned<String>], metric: &str| list.iter().any(|name| name.get_ref() == metric);
    let out = |metric: &&&str| {
        wire.only.as_ref().is_some_and(|only| !named(only, metric))
            || wire.leave_out.as_ref().is_some_and(|list| named(list, metric))
    };
    around.metric_names.iter().filter(out).map(|&metric| metric.to_owned()).collect()
}

fn comparators_of(
    checker: &mut Checker<'_>,
    wire: &ComparatorsToml,
    force: Option<&ForceId>,
    around: &Surroundings<'_>,
) -> Option<Comparators> {
    let variants = Variant::ALL.map(|variant| (variant.name(), variant));
    let variant = checker.word(&wire.variant, "variant", &variants);
    let table = wire.table.as_ref().and_then(|table| plain_files(checker, table, around));
    if let (Some(group), Some(force)) = (&wire.peer_group, force) {
        peer_group_has_members(checker, group, force, around.references);
    }
    let peer_group = wire.peer_group.as_ref().map(|group| group.get_ref().clone()).unwrap_or_default();
    Some(Comparators { table, peer_group, variant: variant? })
}

fn peer_group_has_members(
    checker: &mut Checker<'_>,
    group: &Spanned<String>,
    force: &ForceId,
    references: &References,
) {
    let rows = references.peer_groups.iter();
    let mut groups: Vec<&str> = rows.clone().map(|row| row.group.as_str()).collect();
    groups.dedup();
    if groups.is_empty() || rows.clone().any(|row| row.group == *group.get_ref() && row.force == *force) {
        return;
    }
    if groups.contains(&group.get_ref().as_str()) {
        let message = format!("peer group `{}` has no members for {force}", group.get_ref());
        checker
            .fault(group.span(), message)
            .expected("expected a group that references/peer_groups.csv gives this force");
    } else {
        let expected = format!("expected {}", one_of(groups.iter().copied()));
        let fault = checker.fault(group.span(), format!("unknown peer group `{}`", group.get_ref()));
        fault.expected(expected).did_you_mean(group.get_ref(), groups);
    }
}

fn owners(checker: &mut Checker<'_>, wire: &PipelineToml) -> BTreeMap<String, Owner> {
    let mut owners = BTreeMap::new();
    for (key, owner) in &wire.owners {
        let strategic_lead = checker.prose(&owner.strategic_lead, "strategic lead").unwrap_or_default();
        let analyst_spoc = checker.prose(&owner.analyst_spoc, "analyst SPoC").unwrap_or_default();
        owners.insert(key.clone(), Owner { strategic_lead, analyst_spoc });
    }
    owners
}
