use super::*;

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn line() -> ScorecardLine {
    ScorecardLine {
        value: Some(0.84),
        lower_95: Some(0.836),
        upper_95: Some(0.843),
        period_type: Some("rolling_12_months".to_owned()),
        period_start: Some(day("2025-10-01")),
        period_end: Some(day("2026-09-30")),
        ..ScorecardLine::default()
    }
}

fn said(line: &ScorecardLine) -> String {
    sentences(line, ChartUnit::Percent).iter().map(Marked::plain).collect::<Vec<_>>().join(" ")
}

const FIGURE: &str = "84.0% (95% interval 83.6% to 84.3%) in the 12 months to 30 September 2026.";

#[test]
fn a_line_says_what_its_tests_found() {
    let some = |text: &str| Some(text.to_owned());
    for (case, line, expected) in [
        ("a figure alone", line(), String::new()),
        (
            "a group that is published later, a rank with its range",
            ScorecardLine {
                group_value: Some(0.798),
                group_verdict: some("better"),
                group_period_end: Some(day("2026-03-31")),
                rank: Some(2),
                rank_lower: Some(1),
                rank_upper: Some(3),
                group_size: Some(8),
                sensitivity: some("member"),
                ..line()
            },
            " Better than the most similar forces: 79.8% to 31 March 2026; 2nd of 8, could be 1st to 3rd; the verdict \
             changes when one force is left out."
                .to_owned(),
        ),
        (
            "a rank without a doubt",
            ScorecardLine {
                group_value: Some(0.798),
                group_verdict: some("similar"),
                group_period_end: Some(day("2026-09-30")),
                rank: Some(4),
                rank_lower: Some(4),
                rank_upper: Some(4),
                group_size: Some(8),
                sensitivity: some("none"),
                ..line()
            },
            " Similar to the most similar forces: 79.8%; 4th of 8.".to_owned(),
        ),
        (
            "the nation, with the mix taken out",
            ScorecardLine {
                national_value: Some(0.9),
                national_verdict: some("worse"),
                national_period_end: Some(day("2026-09-30")),
                national_adjusted_value: Some(0.88),
                national_adjusted_verdict: some("similar"),
                ..line()
            },
            " Worse than England and Wales: 90.0%. With its mix of offences taken out it would be 88.0%: similar to the nation."
                .to_owned(),
        ),
        (
            "no verdict, no sentence",
            ScorecardLine { national_value: Some(0.9), national_verdict: some("not_available"), ..line() },
            String::new(),
        ),
        (
            "a year before, where neither is better",
            ScorecardLine { last_year_value: Some(0.8), last_year_verdict: some("higher"), ..line() },
            " Higher than a year before: 80.0%.".to_owned(),
        ),
        (
            "a special cause by its rule",
            ScorecardLine {
                variation: some("concerning"),
                variation_rule: some("shift_below"),
                variation_month: Some(day("2026-09-01")),
                ..line()
            },
            " September 2026 is a concern: it is one of seven or more months below the mean.".to_owned(),
        ),
        (
            "common cause",
            ScorecardLine {
                variation: some("common_cause"),
                variation_rule: some("common_cause"),
                variation_month: Some(day("2026-09-01")),
                ..line()
            },
            " September 2026 is within common-cause variation.".to_owned(),
        ),
        (
            "below a target",
            ScorecardLine { target: Some(0.9), target_gap: Some(-0.06), assurance: some("hit_and_miss"), ..line() },
            " 6.0 points lower than the target of 90.0%. By its limits the target is met in some months and missed in others, \
             by chance."
                .to_owned(),
        ),
        (
            "at a target",
            ScorecardLine { target: Some(0.84), target_gap: Some(0.0), ..line() },
            " At the target of 84.0%.".to_owned(),
        ),
        (
            "flagged",
            ScorecardLine { flagged: Some(true), q_value: Some(0.0004), ..line() },
            " The difference holds after adjustment for all lines (q = below 0.001).".to_owned(),
        ),
        ("tested and not flagged", ScorecardLine { flagged: Some(false), q_value: Some(0.3), ..line() }, String::new()),
    ] {
        assert_eq!(said(&line), format!("{FIGURE}{expected}"), "{case}");
    }
}

#[test]
fn the_figure_of_a_month_has_its_interval() {
    let month = |lower_95, upper_95| ScorecardLine {
        period_type: Some("month".to_owned()),
        period_start: Some(day("2026-09-01")),
        lower_95,
        upper_95,
        ..line()
    };
    assert_eq!(said(&month(Some(0.836), Some(0.843))), "84.0% (95% interval 83.6% to 84.3%) in September 2026.");
    assert_eq!(said(&month(None, None)), "84.0% in September 2026.");
}

#[test]
fn without_a_figure_the_reason_is_said() {
    let line = ScorecardLine { reason: Some("there is no extract of calls".to_owned()), ..ScorecardLine::default() };
    assert_eq!(said(&line), "No figure: there is no extract of calls.");
}

#[test]
fn a_month_has_its_name_and_a_year_its_years() {
    for (kind, start, end, expected) in [
        ("month", "2026-09-01", "2026-09-30", "September 2026"),
        ("financial_year", "2025-04-01", "2026-03-31", "year 2025/26"),
        ("financial_year", "1999-04-01", "2000-03-31", "year 1999/00"),
        ("financial_year_to_date", "2026-04-01", "2026-09-30", "year to date, 1 April 2026 to 30 September 2026"),
        ("rolling_12_months", "2025-10-01", "2026-09-30", "12 months to 30 September 2026"),
        ("quarter", "2026-07-01", "2026-09-30", "1 July 2026 to 30 September 2026"),
    ] {
        assert_eq!(period(kind, day(start), day(end)).plain(), expected);
    }
}

#[test]
fn places_are_counted_as_people_do() {
    let expected = ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "43rd", "111th"];
    assert_eq!([1, 2, 3, 4, 11, 12, 13, 21, 22, 43, 111].map(ordinal), expected.map(str::to_owned));
}

#[test]
fn each_reason_of_a_list_has_its_sentence() {
    let line = ScorecardLine {
        variation: Some("concerning".to_owned()),
        variation_rule: Some("below_lower_limit".to_owned()),
        variation_month: Some(day("2026-09-01")),
        ..line()
    };
    for (reason, expected) in [
        (
            "worse_and_getting_worse",
            "Worse than its comparator. September 2026 is a concern: it lies below its lower limit.",
        ),
        ("worse", "Worse than its comparator; the latest month is no improvement."),
        ("pair_diverges", "One improves while the other is a concern: read it with Calls abandoned."),
        ("getting_worse", "September 2026 is a concern: it lies below its lower limit."),
        (
            "worse_but_improving",
            "Worse than its comparator, but September 2026 is an improvement: it lies below its lower limit.",
        ),
        ("target_out_of_reach", "By its limits it never meets the target."),
        ("unusual", "September 2026 is unusual, or the figure is flagged; neither direction is better."),
        ("better_and_improving", "Better than its comparator, and September 2026 is an improvement."),
        ("better", "Better than its comparator."),
        ("common_cause", "September 2026 is within common-cause variation."),
    ] {
        let listed = ListedLine {
            list: "watch".to_owned(),
            position: 1,
            list_size: 1,
            metric: "m".to_owned(),
            why: reason.to_owned(),
            partner: None,
            tests: 35,
            expected_by_chance: Some(1.75),
        };
        assert_eq!(why(&listed, &line, Some("Calls abandoned")).plain(), expected, "{reason}");
        let yearly = ScorecardLine { variation: None, ..line.clone() };
        if reason == "worse" {
            assert_eq!(why(&listed, &yearly, None).plain(), "Worse than its comparator.");
        }
    }
}

/// Words that a reader takes for a finding, and that no rule stands behind.
#[test]
fn no_word_claims_more_than_a_test_found() {
    let banned = [
        "surge",
        "soar",
        "plummet",
        "spike",
        "slump",
        "trend",
        "dramatic",
        "significant",
        "plunge",
        "rocket",
        "alarming",
    ];
    let texts = [include_str!("../words.rs"), include_str!("../lists.rs"), include_str!("../page/scorecard.html")];
    for word in banned {
        assert!(!texts.iter().any(|text| text.to_lowercase().contains(word)), "{word}");
    }
}

#[test]
fn a_value_beside_which_nothing_was_tested_says_so() {
    for (name, expected) in
        [(Some("better"), "Better"), (Some("similar"), "Similar"), (Some("not_available"), "Not tested"), (None, "")]
    {
        assert_eq!(verdict(name), expected, "{name:?}");
    }
}
