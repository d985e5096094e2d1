//! The comparator table: complete, sound, and at the level of the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::super::comparators::METRICS;
use super::*;

/// The ids of the metric catalogue.
const CATALOGUE: &str = "calls_999 calls_101 answered_999_under_10_seconds answer_time_999_mean_seconds \
    answer_time_999_p90_seconds abandoned_999_rate abandoned_101_rate answer_time_101_mean_seconds \
    immediate_attended_in_target immediate_unattended immediate_attendance_median_minutes \
    priority_attended_in_60_minutes crimes_recorded crimes_per_1000 crimes_cancelled recorded_within_24h \
    solved_rate_closed solved_rate_recorded solved_within_90_days charge_rate_closed charge_rate_recorded \
    out_of_court_rate_closed out_of_court_rate_recorded no_suspect_rate victim_not_supporting_rate \
    not_assigned_rate days_to_solved_median open_over_90_days satisfied_contact satisfied_action \
    satisfied_informed satisfied_treatment satisfied_overall updated_on_time needs_assessed";

const MONTHS: u32 = 15;

type Row = BTreeMap<String, String>;

/// One force's rows in figures, and the table written beside them.
struct Written {
    own: BTreeMap<&'static str, (f64, f64)>,
    net_crimes: usize,
    rows: Vec<Row>,
}

/// Made once; the folder is gone again when this stands.
static WRITTEN: LazyLock<Written> = LazyLock::new(|| {
    let made = made(SynthOptions { comparators: true, months: MONTHS, ..options(15_000) });
    Written {
        own: own_figures(&made),
        net_crimes: made.rows(Extract::Crimes).iter().filter(|row| row["cancelled_at"].is_empty()).count(),
        rows: named(&records(&made.text("comparators.csv"))),
    }
});

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or(0.0)
}

#[test]
fn every_metric_force_and_month_is_there_once() {
    assert_eq!(METRICS.to_vec(), CATALOGUE.split_whitespace().collect::<Vec<_>>());
    let rows = &WRITTEN.rows;
    let all: Vec<&Row> = rows.iter().filter(|row| row["scope"] == "all").collect();
    let keys: BTreeSet<_> = rows.iter().map(|r| (&r["metric"], &r["force"], &r["scope"], &r["month"])).collect();
    assert_eq!(keys.len(), rows.len());
    for metric in METRICS {
        // 39 English forces have residents, one of them wrong ones; a stock starts in the 13th month; 90 days must have
        // passed.
        let expected = match metric {
            "crimes_per_1000" => 38 * MONTHS,
            "open_over_90_days" => 43 * (MONTHS - 12),
            "solved_within_90_days" => 43 * (MONTHS - 3),
            _ => 43 * MONTHS,
        };
        assert_eq!(all.iter().filter(|row| row["metric"] == metric).count(), expected as usize, "{metric}");
    }
}

#[test]
fn figures_are_sound() {
    let rows = &WRITTEN.rows;
    for row in rows {
        let [numerator, denominator, value] = ["numerator", "denominator", "value"].map(|c| number(row, c));
        match row["metric"].as_str() {
            "calls_999" | "calls_101" | "crimes_recorded" => {
                assert!(row["denominator"].is_empty() && numerator == value, "{row:?}");
            }
            m if m.ends_with("_median") || m.ends_with("_minutes") && m.contains("median") || m.contains("_p90_") => {
                assert!(row["numerator"].is_empty() && value >= 0.0, "{row:?}");
            }
            m => {
                let may_pass_1 =
                    m.ends_with("_closed") || m.contains("_seconds") && m.contains("mean") || m == "crimes_per_1000";
                assert!(may_pass_1 || numerator <= denominator, "{row:?}");
                assert!(denominator == 0.0 || (value - numerator / denominator).abs() < 1e-5, "{row:?}");
            }
        }
    }
    let sum = |scope: &dyn Fn(&str) -> bool| -> f64 {
        let recorded = rows.iter().filter(|row| row["metric"] == "crimes_recorded" && scope(&row["scope"]));
        recorded.map(|row| number(row, "numerator")).sum()
    };
    let all = sum(&|scope| scope == "all");
    assert_eq!(all, sum(&|scope| scope.starts_with("subgroup: ")));
    assert_eq!(all, sum(&|scope| scope != "all" && !scope.starts_with("subgroup: ")));
}

/// Numerator and denominator of the metrics that can be had from one extract's rows alone.
fn own_figures(made: &Made) -> BTreeMap<&'static str, (f64, f64)> {
    let mut figures: BTreeMap<&'static str, (f64, f64)> = BTreeMap::new();
    let mut add = |metric, numerator: bool| {
        let figure = figures.entry(metric).or_default();
        *figure = (figure.0 + f64::from(u8::from(numerator)), figure.1 + 1.0);
    };
    let seconds = |from: &str, to: &str| {
        let at = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
        (at(to) - at(from)).num_seconds()
    };
    for call in made.rows(Extract::Calls) {
        let answered = !call["answered_at"].is_empty();
        add(if call["line"] == "999" { "abandoned_999_rate" } else { "abandoned_101_rate" }, !answered);
        if call["line"] == "999" && answered {
            add("answered_999_under_10_seconds", seconds(&call["received_at"], &call["answered_at"]) < 10);
        }
    }
    for incident in made.rows(Extract::Incidents).iter().filter(|incident| incident["grade"] == "immediate") {
        let arrived = &incident["first_arrived_at"];
        add("immediate_unattended", arrived.is_empty());
        if !arrived.is_empty() {
            let target = if incident["setting"] == "rural" { 1_200 } else { 900 };
            add("immediate_attended_in_target", seconds(&incident["opened_at"], arrived) <= target);
        }
    }
    for crime in made.rows(Extract::Crimes) {
        add("crimes_cancelled", !crime["cancelled_at"].is_empty());
        if crime["cancelled_at"].is_empty() {
            let outcome = crime["outcome_type"].as_str();
            add("charge_rate_recorded", ["1", "1A"].contains(&outcome));
            add("no_suspect_rate", outcome == "18");
            add("victim_not_supporting_rate", ["14", "16"].contains(&outcome));
            add("not_assigned_rate", outcome.is_empty());
        }
    }
    for contact in made.rows(Extract::VictimContacts) {
        add("needs_assessed", !contact["needs_assessed_at"].is_empty());
    }
    for survey in made.rows(Extract::Surveys) {
        if let Ok(score) = survey["overall"].parse::<u8>() {
            add("satisfied_overall", score <= 3);
        }
    }
    figures
}

/// Over the whole period, own rows and own line of the table are two draws from the same conditions.
#[test]
fn the_own_force_stands_at_the_level_of_its_rows() {
    let Written { own: own_figures, net_crimes, rows } = &*WRITTEN;
    let own: Vec<&Row> = rows.iter().filter(|r| r["force"] == "gloucestershire" && r["scope"] == "all").collect();
    for (metric, (numerator, denominator)) in own_figures {
        let months = || own.iter().filter(|row| row["metric"] == *metric);
        let table = [
            months().map(|row| number(row, "numerator")).sum::<f64>(),
            months().map(|row| number(row, "denominator")).sum::<f64>(),
        ];
        let (share, listed) = (numerator / denominator, table[0] / table[1]);
        let variance = share * (1.0 - share) * (1.0 / denominator + 1.0 / table[1]);
        // Four standard errors, and one part in fifty for what the table leaves out (holidays, the half day).
        let tolerance = 4.0 * variance.sqrt() + 0.02 * share;
        assert!((share - listed).abs() < tolerance, "{metric}: {share} in rows, {listed} in the table");
    }
    let recorded = |rows: &[&Row]| {
        rows.iter().filter(|r| r["metric"] == "crimes_recorded").map(|r| number(r, "value")).sum::<f64>()
    };
    assert!((recorded(&own) / *net_crimes as f64 - 1.0).abs() < 0.01);
}
