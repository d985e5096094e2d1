//! From the wire form of the register of interventions to the checked one.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::checker::Checker;
use super::intervention_toml::{InterventionToml, InterventionsToml};
use crate::definitions::Intervention;
use crate::domain::MetricId;

/// What the register may refer to.
pub(super) struct Surroundings<'s> {
    /// The pipeline that is read.
    pub pipeline: &'s str,
    /// All of the folder.
    pub pipeline_names: &'s [&'s str],
    pub metric_names: &'s [&'s str],
}

/// The entries of the pipeline, by date and id. Those of other pipelines are checked as well.
pub(super) fn interventions(
    checker: &mut Checker<'_>,
    wire: &InterventionsToml,
    around: &Surroundings<'_>,
) -> Vec<Intervention> {
    let mut ids = BTreeSet::new();
    let mut found = Vec::new();
    for wire in &wire.interventions {
        if !ids.insert(wire.id.get_ref().as_str()) {
            checker.fault(wire.id.span(), format!("two interventions are called `{}`", wire.id.get_ref()));
        }
        if !around.pipeline_names.contains(&wire.pipeline.get_ref().as_str()) {
            let names = around.pipeline_names.iter().copied();
            checker.unknown(wire.pipeline.get_ref(), wire.pipeline.span(), "pipeline", names);
        }
        let checked = intervention(checker, wire, around);
        found.extend(checked.filter(|_| wire.pipeline.get_ref() == around.pipeline));
    }
    found.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    found
}

fn intervention(checker: &mut Checker<'_>, wire: &InterventionToml, around: &Surroundings<'_>) -> Option<Intervention> {
    let id = id(checker, &wire.id);
    let name = checker.prose(&wire.name, "name");
    let date = checker.date(&wire.date);
    let reason = checker.prose(&wire.reason, "reason");
    let areas = names(checker, &wire.areas);
    let comparison_areas = names(checker, &wire.comparison_areas);
    for area in &wire.comparison_areas {
        if areas.iter().any(|own| own == area.get_ref()) {
            let fault = checker.fault(area.span(), format!("`{}` is one of the areas itself", area.get_ref()));
            fault.hint("compare with areas that the intervention left as they were");
        }
    }
    if let (true, Some(first)) = (wire.areas.is_empty(), wire.comparison_areas.first()) {
        let fault = checker.fault(first.span(), "the whole force has no area to compare with");
        fault.hint("name `areas`, or leave out `comparison_areas`");
    }
    let metrics = metrics(checker, wire, around);
    Some(Intervention {
        id: id?,
        name: name?,
        date: date?,
        reason: reason?,
        areas,
        comparison_areas,
        rephase: wire.rephase,
        metrics,
    })
}

/// The id is part of file names.
fn id(checker: &mut Checker<'_>, text: &Spanned<String>) -> Option<String> {
    let id = text.get_ref();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || id.len() > 60 || !id.chars().all(fits) || id.starts_with('-') {
        let fault = checker.fault(text.span(), "this is no id");
        fault.expected("expected up to 60 lower-case letters, digits and hyphens, such as `control-room-rota`");
        return None;
    }
    Some(id.clone())
}

fn names(checker: &mut Checker<'_>, wires: &[Spanned<String>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for wire in wires {
        let Some(name) = checker.prose(wire, "area") else { continue };
        if names.contains(&name) {
            checker.fault(wire.span(), format!("`{name}` stands twice"));
        }
        names.push(name);
    }
    names
}

fn metrics(checker: &mut Checker<'_>, wire: &InterventionToml, around: &Surroundings<'_>) -> BTreeMap<MetricId, f64> {
    let mut metrics = BTreeMap::new();
    if wire.metrics.get_ref().is_empty() {
        checker
            .fault(wire.metrics.span(), "the intervention moves nothing")
            .hint("name a metric and a change worth having");
    }
    for (name, change) in wire.metrics.get_ref() {
        if !around.metric_names.contains(&name.get_ref().as_str()) {
            checker.unknown(name.get_ref(), name.span(), "metric", around.metric_names.iter().copied());
        }
        let worthwhile = *change.get_ref();
        if !(worthwhile.is_finite() && worthwhile > 0.0) {
            let fault = checker.fault(change.span(), format!("{worthwhile} is no change worth having"));
            fault.expected("expected a size above 0 in the metric's unit; the direction is the metric's polarity");
            continue;
        }
        metrics.extend(MetricId::new(name.get_ref()).map(|id| (id, worthwhile)));
    }
    metrics
}

#[cfg(test)]
mod tests {
    use super::super::fault::{DefinitionFault, SourceFile};
    use super::*;

    fn read(text: &str) -> (Vec<Intervention>, Vec<DefinitionFault>) {
        let path = "interventions.toml".to_owned();
        let file = SourceFile { name: path.clone(), path, text: text.to_owned().into() };
        let mut faults = Vec::new();
        let mut checker = Checker::new(&file, &mut faults);
        let around = Surroundings {
            pipeline: "gloucestershire",
            pipeline_names: &["gloucestershire", "published"],
            metric_names: &["solved_within_90_days", "calls_999"],
        };
        let wire: Option<InterventionsToml> = checker.parse();
        let found = wire.map(|wire| interventions(&mut checker, &wire, &around)).unwrap_or_default();
        (found, faults)
    }

    const RIGHT: &str = r#"
[[intervention]]
id = "investigation-desk"
pipeline = "gloucestershire"
name = "Investigation desk"
date = 2025-10-01
reason = "To solve more."
areas = ["Stroud"]
comparison_areas = ["Cheltenham"]
rephase = true
metrics = { solved_within_90_days = 0.02 }
"#;

    #[test]
    fn an_entry_as_it_should_be() {
        let other = RIGHT.replace("investigation-desk", "other").replace("\"gloucestershire\"", "\"published\"");
        let (found, faults) = read(&(RIGHT.to_owned() + &other));
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].id.as_str(), found[0].rephase), ("investigation-desk", true));
        assert_eq!(found[0].metrics.values().collect::<Vec<_>>(), [&0.02]);
        assert!(read("").0.is_empty() && read("").1.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, message) in [
            ("\"investigation-desk\"", "\"Investigation desk\"", "this is no id"),
            ("\"gloucestershire\"", "\"glocestershire\"", "unknown pipeline `glocestershire`"),
            ("\"Investigation desk\"", "\" \"", "the name is blank"),
            ("2025-10-01", "2025-10-01T10:00:00", "this is not a date"),
            ("\"To solve more.\"", "\"\"", "the reason is blank"),
            ("[\"Cheltenham\"]", "[\"Stroud\"]", "`Stroud` is one of the areas itself"),
            ("[\"Cheltenham\"]", "[\"X\", \"X\"]", "`X` stands twice"),
            ("areas = [\"Stroud\"]", "areas = []", "the whole force has no area to compare with"),
            ("solved_within_90_days", "solved_rate", "unknown metric `solved_rate`"),
            ("0.02", "0.0", "0 is no change worth having"),
            ("0.02", "nan", "NaN is no change worth having"),
            ("{ solved_within_90_days = 0.02 }", "{}", "the intervention moves nothing"),
            ("rephase", "rephrase", "unknown key `rephrase`"),
        ] {
            let text = RIGHT.replacen(from, to, 1);
            assert_ne!(text, RIGHT);
            let (_, faults) = read(&text);
            assert!(faults.iter().any(|f| f.to_string().contains(message)), "{message}: {faults:?}");
        }
        let (_, faults) = read(&(RIGHT.to_owned() + RIGHT));
        assert!(faults.iter().any(|f| f.to_string().contains("two interventions are called")), "{faults:?}");
    }
}
