//! `cases/quality.toml` with one text replaced, and the fault that this makes.

use super::fault_tests::{Case, expect_each};

const QUALITY: &str = "quality.toml";

#[test]
fn faults_of_quality() {
    let cases: &[Case] = &[
        (QUALITY, "least_rows = 20\n", "", 1, &["`least_rows` is missing"]),
        (QUALITY, "validity =", "valdity =", 7, &["unknown dimension `valdity`", "validity"]),
        (QUALITY, "a = 0.98, b", "a = 0.90, b", 6, &["no limits of completeness", "the largest for A"]),
        (QUALITY, "a = 1, b", "a = 3, b", 12, &["no limits of freshness", "the fewest for A"]),
        (QUALITY, "extract = \"crimes\"", "extract = \"crime\"", 15, &["unknown extract `crime`", "crimes"]),
        (QUALITY, "column = \"officer\"", "column = \"oficer\"", 16, &["unknown column of crimes `oficer`"]),
        (QUALITY, "\"crime_recording\"", "\"recording\"", 23, &["unknown owner `recording`", "[owners]"]),
        (QUALITY, "links_to = \"incidents\"", "links_to = \"calls\"", 26, &["does not lead to `calls`", "`incidents`"]),
        (QUALITY, "name = \"recorded_at\"", "name = \"reported_at\"", 27, &["for crimes.recorded_at alone"]),
        (QUALITY, "\"victim_ref\", ex", "\"officer\", ex", 28, &["`officer` is listed twice"]),
        (QUALITY, "not_before = \"occurred_from\"", "not_before = \"area\"", 29, &["`area` is no time"]),
        (QUALITY, "not_before = \"occurred_from\", ", "", 29, &["means nothing without `not_before`"]),
        (QUALITY, "outcome_type = \"18\"", "outcome_type = \"118\"", 36, &["unknown outcome type `118`"]),
        (QUALITY, "outcome_type = \"18\"\n", "", 35, &["which outcome?"]),
        (
            QUALITY,
            "practice = \"outcome_on_the_day\"",
            "practice = \"cancelled\"",
            36,
            &["means nothing to `cancelled`"],
        ),
        (QUALITY, "\"no_suspect_rate\"", "\"no_suspect\"", 37, &["unknown metric `no_suspect`"]),
    ];
    expect_each(cases);
}
