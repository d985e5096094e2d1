//! Interventions that `synth.toml` plants in the extracts, found again by their entries in the register.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::built::{self, Row};
use super::command::{Succeeds, scorecard};
use super::verdicts;

/// One number of the evaluation of an intervention and metric.
fn number(rows: &[Row], intervention: &str, metric: &str, column: &str) -> f64 {
    let row = rows.iter().find(|row| row["intervention"] == intervention && row["metric"] == metric).unwrap();
    row[column].parse().unwrap()
}

/// What was planted lies in the interval of the effect.
///
/// - The odds of an update in time are 2.4 times as high in the areas of the pilot; the areas beside them stay as they were.
/// - The wait for an answer on 999 falls to 0.47 of itself, and is 2.3 times as long in one of the 23 months since.
fn what_was_planted_is_in_the_intervals(rows: &[Row]) {
    for (intervention, metric, planted) in [
        (
            "victim-care-unit",
            "updated_on_time",
            (|expected: f64| {
                let odds = 2.4 * expected / (1.0 - expected);
                odds / (1.0 + odds) - expected
            }) as fn(f64) -> f64,
        ),
        ("answering-999-programme", "answer_time_999_mean_seconds", |expected| {
            (0.47 * (22.0 + 2.3) / 23.0 - 1.0) * expected
        }),
    ] {
        let of = |column: &str| number(rows, intervention, metric, column);
        let (lower, upper, planted) = (of("effect_lower_95"), of("effect_upper_95"), planted(of("expected")));
        assert!(lower < planted && planted < upper, "{intervention}: {lower} to {upper}, planted {planted}");
    }
}

#[test]
fn what_was_planted_is_found_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let (extracts, out) = (folder.path().join("extracts"), folder.path().join("out"));
    scorecard(root, &["synth", "--crimes", "12000"]).arg(&extracts).succeeds();
    scorecard(root, &["build", "--only", "tables", "--extracts"])
        .args([&extracts, Path::new("--out"), &out])
        .succeeds();
    let build = out.join("current");
    verdicts::check(&build, &["evaluation"]);
    what_was_planted_is_in_the_intervals(&built::rows(&build, "evaluation"));

    let said = |arguments: &[&str]| {
        let output = scorecard(root, &[&["evaluate"], arguments].concat()).arg("--build").arg(&build).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, all, _) = said(&[]);
    assert_eq!(code, Some(0));
    for id in ["answering-999-programme", "recording-desk", "rural-response-rota", "victim-care-unit"] {
        assert!(all.contains(&format!("{id}: ")), "{all}");
    }
    let (code, one, _) = said(&["victim-care-unit"]);
    assert_eq!(code, Some(0));
    assert!(one.starts_with("Victim care unit pilot\nCheltenham; Tewkesbury, beside Cotswold; "), "{one}");
    assert!(one.contains("\nupdated_on_time\n  ") && one.contains("14 after"), "{one}");
    assert!(one.contains("2 metrics were tested, each at 95% by itself"), "{one}");
    let (code, one, _) = said(&["answering-999-programme"]);
    assert_eq!(code, Some(0));
    assert!(one.contains("answer_time_999_mean_seconds\n  Better since the change. "), "{one}");
    let (code, _, error) = said(&["victim-care"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("no intervention victim-care") && error.contains("recording-desk"), "{error}");
    let (code, _, error) = {
        let output = scorecard(root, &["evaluate", "--build", "no/such/build"]).output().unwrap();
        (output.status.code(), (), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(code, Some(1));
    assert!(error.contains("evaluation.parquet") && error.contains("build first"), "{error}");
}
