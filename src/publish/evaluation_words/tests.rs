use std::path::Path;

use super::*;
use crate::definitions::{Definitions, load};
use crate::domain::Level;
use crate::tables::evaluation::EvaluationMethod;

fn definitions() -> Definitions {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml")).unwrap()
}

fn row(verdict: Option<EvaluationVerdict>, effect: Option<Effect>) -> Evaluation {
    let month = |text: &str| Month::parse(text).unwrap();
    Evaluation {
        intervention: "pilot".into(),
        name: "Pilot".into(),
        metric: "m".into(),
        force: "gloucestershire".into(),
        level: Level::Force,
        unit: "gloucestershire".into(),
        comparison_unit: None,
        date: "2025-08-01".parse().unwrap(),
        months: Some((month("2023-10"), month("2026-09"))),
        months_before: 22,
        months_after: 14,
        worthwhile: 0.05,
        basis: None,
        effect,
        verdict,
        needed: None,
        others: None,
        tests: 1,
        reason: None,
    }
}

fn effect(observed: f64, expected: f64, ends: (f64, f64), p_value: f64) -> Effect {
    Effect {
        method: EvaluationMethod::Autoregressive,
        observed,
        expected,
        change: observed - expected,
        interval_95: Some(Interval { lower: ends.0, upper: ends.1 }),
        p_value: Some(p_value),
        autocorrelation: Some(0.0),
        slope_change: None,
        seasonal: false,
    }
}

#[test]
fn findings_by_verdict() {
    use EvaluationVerdict::{Better, CannotTellYet, NoWorthwhileChange};
    let definitions = definitions();
    let share = definitions.metric("updated_on_time").unwrap();
    let seconds = definitions.metric("answer_time_999_mean_seconds").unwrap();
    let needed = |months, power| Some(MonthsNeeded { months, power });
    let better = effect(0.915, 0.81, (0.083, 0.128), 0.000_02);
    let unclear = effect(0.73, 0.627, (-0.061, 0.267), 0.1957);
    for (metric, row, expected) in [
        (
            share,
            row(Some(Better), Some(better)),
            "Better since the change. 91.5% on average since August 2025, 10.5 points higher than the 81.0% that the months \
             before lead to expect (95% interval 8.3 to 12.8 points higher; p < 0.001).",
        ),
        (
            share,
            Evaluation { comparison_unit: Some("Stroud".into()), ..row(Some(Better), Some(better)) },
            "Better since the change. 91.5% on average since August 2025, 10.5 points higher than the 81.0% that the \
             comparison areas lead to expect (95% interval 8.3 to 12.8 points higher; p < 0.001).",
        ),
        (
            seconds,
            row(Some(Better), Some(effect(5.5, 12.5, (-9.2, -4.8), 0.0004))),
            "Better since the change. 5.5 seconds on average since August 2025, 7.0 seconds lower than the 12.5 seconds that \
             the months before lead to expect (95% interval 4.8 to 9.2 seconds lower; p < 0.001).",
        ),
        (
            share,
            Evaluation { needed: needed(None, Some(0.8)), ..row(Some(CannotTellYet), Some(unclear)) },
            "Cannot tell yet. 73.0% on average since August 2025, 10.3 points higher than the 62.7% that the months before \
             lead to expect (95% interval 6.1 points lower to 26.7 points higher; p = 0.196). Not even five more years would \
             show a change of 5.0 points 4 times in 5.",
        ),
        (
            share,
            Evaluation { needed: needed(Some(9), Some(0.975)), ..row(Some(CannotTellYet), Some(unclear)) },
            "Cannot tell yet. 73.0% on average since August 2025, 10.3 points higher than the 62.7% that the months before \
             lead to expect (95% interval 6.1 points lower to 26.7 points higher; p = 0.196). 9 more months would show a \
             change of 5.0 points 39 times in 40.",
        ),
        (
            share,
            row(Some(NoWorthwhileChange), Some(effect(0.81, 0.80, (-0.01, 0.03), 0.4))),
            "No change worth having. 81.0% on average since August 2025, 1.0 points higher than the 80.0% that the months \
             before lead to expect (95% interval 1.0 points lower to 3.0 points higher; p = 0.400). A change of 5.0 points, \
             one worth having, is left out.",
        ),
        (
            share,
            Evaluation {
                reason: Some("fewer than 3 final months since".into()),
                needed: needed(Some(1), None),
                ..row(None, None)
            },
            "Cannot tell yet: fewer than 3 final months since; 1 more is needed before anything can be estimated.",
        ),
        (
            share,
            Evaluation { reason: Some("Strood has no final month".into()), ..row(None, None) },
            "Not evaluated: Strood has no final month.",
        ),
    ] {
        assert_eq!(finding(metric, &row), expected);
    }
}

#[test]
fn a_change_has_its_sign() {
    for (unit, change, expected) in [
        (ChartUnit::Percent, 0.1054, "+10.5 points"),
        (ChartUnit::Percent, -0.2, "\u{2212}20.0 points"),
        (ChartUnit::Seconds, -6.98, "\u{2212}7.0 s"),
        (ChartUnit::Count, 12.0, "+12"),
    ] {
        assert_eq!(signed(unit, change), expected);
    }
}

#[test]
fn every_verdict_ends_a_title_in_under_ten_words() {
    use EvaluationVerdict::{Better, CannotTellYet, Higher, Lower, NoWorthwhileChange, Worse};
    let words = [Better, Worse, Higher, Lower, NoWorthwhileChange, CannotTellYet].map(verdict);
    let mut different = words.to_vec();
    different.dedup();
    assert_eq!(different.len(), words.len());
    assert!(words.iter().all(|words| words.split(' ').count() <= 4));
}
