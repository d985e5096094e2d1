use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::definitions::{Condition, Limits, Measure, Severity, Test, Thresholds};
use crate::domain::{ForceId, Kind, Level, SolvedSet};

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines").join(name)
}

fn definitions() -> Definitions {
    load(&shipped("gloucestershire.toml")).unwrap()
}

#[test]
fn every_shipped_pipeline_loads() {
    for name in ["gloucestershire.toml", "published.toml"] {
        if let Err(faults) = load(&shipped(name)) {
            panic!("{:?}", miette::Report::from(faults));
        }
    }
}

#[test]
fn a_pipeline_can_name_the_metrics_that_it_keeps() {
    let read = load(&shipped("published.toml")).unwrap();
    let left_out = |id: &str| read.pipeline.leave_out.iter().any(|out| out == id);
    let kept: Vec<&str> = read.metrics.iter().map(|metric| metric.id.as_str()).filter(|id| !left_out(id)).collect();
    let published = ["solved_rate", "charge_rate", "out_of_court_rate"];
    let both = published.map(|rate| [format!("{rate}_recorded"), format!("{rate}_closed")]);
    assert_eq!(kept, both.as_flattened());
    assert!(load(&shipped("gloucestershire.toml")).unwrap().pipeline.leave_out.is_empty());
}

#[test]
fn metrics_come_in_the_order_of_the_journey_and_have_examples() {
    let read = definitions();
    let order: Vec<_> = read.metrics.iter().map(|m| (m.stage, m.position)).collect();
    assert!(order.is_sorted());
    for metric in &read.metrics {
        assert!(!metric.examples.is_empty(), "{}", metric.id);
        let divides = metric.kind != Kind::Count;
        assert_eq!(metric.examples.iter().any(|example| example.value.is_none()), divides, "{}", metric.id);
    }
    let extracts: Vec<&str> = read.extracts.iter().map(|extract| extract.id.as_str()).collect();
    assert_eq!(extracts[..LINKS.len()], LINKS);
}

#[test]
fn a_proportion_adds_its_numerator_to_its_denominator() {
    let read = definitions();
    let Measure::Share { numerator, denominator, weight } = &read.metric("solved_within_90_days").unwrap().measure
    else {
        panic!("no share")
    };
    let condition = |field: &str, test| Condition { field: field.into(), test };
    let below = [condition("cancelled", Test::Is(false)), condition("outcome_at_invalid", Test::Is(false))];
    let above = [condition("outcome_type", Test::InSolvedSet), condition("days_to_outcome", Test::AtMost(90.0))];
    assert_eq!(denominator.conditions, below);
    assert_eq!(numerator.conditions, [below, above].concat());
    assert_eq!((numerator.month_of.as_str(), denominator.month_of.as_str()), ("recorded_at", "recorded_at"));
    assert_eq!(*weight, None);
}

#[test]
fn references_are_read_with_their_meaning() {
    let references = definitions().references;
    assert_eq!(references.forces.values().filter(|force| force.territorial).count(), 43);
    assert_eq!(references.offences["56A"].subgroup, "Arson");
    let solved = |code: &str, set| {
        references.outcome_types.iter().any(|outcome| outcome.code == code && outcome.solved_in.contains(&set))
    };
    for set in SolvedSet::ALL {
        assert!(solved("1A", *set) && solved("2A", *set) && !solved("18", *set), "{set:?}");
        assert_eq!(solved("4", *set), *set != SolvedSet::PositiveExcludingTic);
        assert_eq!(solved("22", *set), *set == SolvedSet::PositiveExcludingTic);
    }
    assert!(!references.outcome_types.iter().any(|outcome| outcome.code == "0"));
    let christmas = crate::domain::parse_iso_date("2025-12-25").unwrap();
    assert!(references.bank_holidays.dates.contains(&christmas));
    for (force, suspect) in [("nottinghamshire", true), ("gloucestershire", false)] {
        let estimates = &references.populations[&ForceId::new(force).unwrap()];
        assert!(estimates.is_sorted_by_key(|estimate| estimate.estimate_date));
        assert!(estimates.iter().all(|estimate| estimate.suspect == suspect), "{force}");
    }
}

#[test]
fn extracts_are_cut_as_the_catalogue_says() {
    let read = definitions();
    for (id, level, scopes) in [
        ("crimes", Level::Area, 5),
        ("crimes", Level::Team, 3),
        ("surveys", Level::Department, 3),
        ("victim_contacts", Level::Officer, 1),
        ("incidents", Level::Area, 1),
        ("calls", Level::Force, 1),
    ] {
        let cut = read.extract(id).unwrap().levels.iter().find(|cut| cut.level == level).unwrap();
        assert_eq!(cut.scopes.len(), scopes, "{id} {level:?}");
    }
    assert!(read.extract("incidents").unwrap().levels.iter().all(|cut| cut.level <= Level::Area));
}

#[test]
fn a_pipeline_states_thresholds_of_its_own_over_those_of_the_extract() {
    let read = |inputs: &str| {
        let (mut sources, faults) = Sources::read(&shipped("gloucestershire.toml"));
        let pipeline = sources.pipeline.as_mut().unwrap();
        pipeline.text = format!("{}\n{inputs}", pipeline.text).into();
        check(&sources, faults).unwrap()
    };
    let shipped = read("");
    let own = read("[inputs.crimes.thresholds]\nstop_quarantined_share = 0.5\nsame_file_again = \"off\"");
    for id in LINKS {
        let (before, after) = (shipped.extract(id).unwrap().thresholds, own.extract(id).unwrap().thresholds);
        if id == "crimes" {
            let quarantined_share = Limits { stop: Some(0.5), ..before.quarantined_share };
            assert_eq!(before.same_file_again, Some(Severity::Stop));
            assert_eq!(after, Thresholds { quarantined_share, same_file_again: None, ..before });
        } else {
            assert_eq!(before, after);
        }
    }
    // What is documented as usual.
    for id in LINKS {
        let usual = Thresholds::default();
        let Thresholds { quarantined_share, fewer_rows_share, other_force, .. } =
            shipped.extract(id).unwrap().thresholds;
        assert_eq!((quarantined_share, fewer_rows_share), (usual.quarantined_share, usual.fewer_rows_share), "{id}");
        assert_eq!(other_force, Some(Severity::Stop), "{id}");
    }
}

#[test]
fn the_hash_is_of_names_and_texts() {
    let read = || Sources::read(&shipped("gloucestershire.toml")).0;
    let as_shipped = read();
    let mut changed = read();
    changed.references[0].text = format!("{} ", changed.references[0].text).into();
    let mut renamed = read();
    renamed.metrics[0].name.push('x');
    assert_eq!(as_shipped.hash(), read().hash());
    assert_ne!(as_shipped.hash(), changed.hash());
    assert_ne!(as_shipped.hash(), renamed.hash());
    assert_eq!(as_shipped.hash().len(), 64);
}

#[test]
fn the_schemas_of_editors_are_current() {
    for (name, text) in schemas().unwrap() {
        let kept = std::fs::read_to_string(shipped("schema").join(name)).unwrap_or_default();
        assert!(
            kept == text,
            "pipelines/schema/{name} is not current: run `scorecard metrics --schema pipelines/schema`"
        );
    }
}

#[test]
fn what_cannot_be_read_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let faults = load(&folder.path().join("none.toml")).unwrap_err();
    let messages: Vec<&str> = faults.faults().iter().map(DefinitionFault::message).collect();
    assert_eq!(messages.len(), 11, "{messages:?}"); // the pipeline, the quality, 6 tables, 2 folders
    assert!(messages.iter().all(|message| message.contains(": cannot read this ")), "{messages:?}");
}

/// The shipped sources with a part of one file replaced by any text.
fn damaged(file: usize, start: f64, length: usize, text: &str) -> Sources {
    let (mut sources, _) = Sources::read(&shipped("gloucestershire.toml"));
    let Sources { pipeline, extracts, metrics, references, quality, .. } = &mut sources;
    let mut files: Vec<&mut SourceFile> =
        pipeline.iter_mut().chain(quality).chain(extracts).chain(metrics).chain(references).collect();
    let count = files.len();
    let file = &mut files[file % count];
    let letters: Vec<char> = file.text.chars().collect();
    let at = (start * letters.len() as f64) as usize;
    let after = (at + length).min(letters.len());
    let (head, tail): (String, String) = (letters[..at].iter().collect(), letters[after..].iter().collect());
    file.text = format!("{head}{text}{tail}").into();
    sources
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_is_reported_in_a_readable_way(
        file in 0..100_usize,
        start in 0.0..1.0,
        length in 0..40_usize,
        text in "[a-z0-9\\[\\]{}=\",\n #é\u{feff}-]{0,12}",
    ) {
        if let Err(faults) = check(&damaged(file, start, length, &text), Vec::new()) {
            prop_assert!(!faults.faults().is_empty());
            let shown = format!("{:?}", miette::Report::from(faults.clone()));
            for fault in faults.faults() {
                prop_assert!(fault.line().is_some(), "{fault}");
                prop_assert!(shown.contains("fault"));
            }
        }
    }
}
