//! From the wire form of a pipeline to the checked one.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use toml::Spanned;

use super::checker::{Checker, one_of};
use super::pipeline_toml::{ComparatorsToml, InputToml, PipelineToml};
use crate::definitions::{Comparators, Input, Owner, Pipeline, PublishedInput, PublishedShape, References, Variant};
use crate::domain::{ForceId, Provenance, SolvedSet};

/// The words for how a published table is laid out.
pub(super) const SHAPES: [(&str, PublishedShape); 7] = [
    ("home_office_force_outcomes", PublishedShape::HomeOfficeForceOutcomes),
    ("home_office_national_outcomes", PublishedShape::HomeOfficeNationalOutcomes),
    ("home_office_recorded_crime", PublishedShape::HomeOfficeRecordedCrime),
    ("home_office_outcomes_open_data", PublishedShape::HomeOfficeOutcomesOpenData),
    ("home_office_recorded_crime_pfa", PublishedShape::HomeOfficeRecordedCrimePfa),
    ("ons_population_by_force", PublishedShape::OnsPopulationByForce),
    ("police_uk_street", PublishedShape::PoliceUkStreet),
];

const PROVENANCES: [Provenance; 3] = [Provenance::Synthetic, Provenance::Published, Provenance::Force];

/// What a pipeline file may refer to.
pub(super) struct Surroundings<'s> {
    /// The folder of the pipeline file.
    pub folder: &'s Path,
    pub extract_names: &'s [&'s str],
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

    let mut inputs = BTreeMap::new();
    for (name, wire) in &wire.inputs {
        if !around.extract_names.contains(&name.get_ref().as_str()) {
            checker.unknown(name.get_ref(), name.span(), "extract", around.extract_names.iter().copied());
        }
        inputs.extend(input(checker, wire, around).map(|input| (name.get_ref().clone(), input)));
    }
    let mut published = Vec::new();
    for wire in &wire.published {
        let shape = checker.word(&wire.shape, "shape", &SHAPES);
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
    let owners = owners(checker, wire);
    Some(Pipeline {
        id: checker.file.stem().to_owned(),
        title: title?,
        force: force?,
        solved_set: solved_set?,
        inputs,
        published,
        comparators: comparators?,
        owners,
        leave_out,
    })
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

fn input(checker: &mut Checker<'_>, wire: &InputToml, around: &Surroundings<'_>) -> Option<Input> {
    let words = PROVENANCES.map(|provenance| (provenance.name(), provenance));
    let provenance = checker.word(&wire.provenance, "provenance", &words);
    let files = files(checker, &wire.files, around);
    Some(Input { files, provenance: provenance? })
}

fn comparators_of(
    checker: &mut Checker<'_>,
    wire: &ComparatorsToml,
    force: Option<&ForceId>,
    around: &Surroundings<'_>,
) -> Option<Comparators> {
    let variants = Variant::ALL.map(|variant| (variant.name(), variant));
    let variant = checker.word(&wire.variant, "variant", &variants);
    let table = wire.table.as_ref().and_then(|table| input(checker, table, around));
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

/// The files of an input. A file that does not exist is a fault of the data, found when it is read.
fn files(checker: &mut Checker<'_>, written: &Spanned<Vec<String>>, around: &Surroundings<'_>) -> Vec<PathBuf> {
    if written.get_ref().is_empty() {
        checker.fault(written.span(), "there are no files here");
    }
    written.get_ref().iter().flat_map(|path| matching(&clean(&around.folder.join(path)))).collect()
}

/// The path without `.`, and without a folder followed by `..`.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// The files that a name with `*` stands for, sorted; a name without one, or without a match, stands for itself.
fn matching(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.contains('*') {
        return vec![path.to_owned()];
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<PathBuf> = names.filter(|n| fits(name, n)).map(|n| path.with_file_name(n)).collect();
    found.sort();
    if found.is_empty() { vec![path.to_owned()] } else { found }
}

/// Whether a name fits a pattern in which `*` is any text.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|tail| {
            tail.char_indices().map(|(i, _)| i).chain([tail.len()]).any(|i| fits(rest, &tail[i..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_pipeline_file() {
        for (folder, written, path) in [
            ("pipelines", "../sample_data/crimes.csv.gz", "sample_data/crimes.csv.gz"),
            ("pipelines", "./crimes.csv", "pipelines/crimes.csv"),
            ("", "../crimes.csv", "../crimes.csv"),
            ("a/b", "../../../crimes.csv", "../crimes.csv"),
            ("/force/pipelines", "../crimes.csv", "/force/crimes.csv"),
            ("pipelines", "/data/crimes.csv", "/data/crimes.csv"),
        ] {
            assert_eq!(clean(&Path::new(folder).join(written)), Path::new(path), "{folder} {written}");
        }
    }

    #[test]
    fn a_star_is_any_text() {
        for (pattern, name, fit) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csv.gz", false),
            ("2024-*-street.csv.*", "2024-01-kent-street.csv.gz", true),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(fits(pattern, name), fit, "{pattern} {name}");
        }
    }
}
