use std::path::Path;

use chrono::NaiveDate;

use super::*;
use crate::publish::facts::{ExtractState, ListedLine, Unread};

fn definitions() -> Definitions {
    crate::definitions::load(Path::new("pipelines/gloucestershire.toml")).unwrap()
}

fn line(metric: &str) -> ScorecardLine {
    ScorecardLine {
        metric: metric.to_owned(),
        title: format!("Line {metric}"),
        value: Some(0.20),
        lower_95: Some(0.18),
        upper_95: Some(0.22),
        group_verdict: Some("similar".to_owned()),
        variation: Some("common_cause".to_owned()),
        data_quality: Some("A".to_owned()),
        ..ScorecardLine::default()
    }
}

fn listed(list: &str, metric: &str) -> ListedLine {
    ListedLine {
        list: list.to_owned(),
        position: 1,
        list_size: 1,
        metric: metric.to_owned(),
        why: "worse".to_owned(),
        partner: None,
        tests: 10,
        expected_by_chance: Some(0.5),
    }
}

fn said(now: Facts, before: Facts) -> Vec<String> {
    said_of((now, Vec::new()), (before, Vec::new()))
}

fn said_of(now: (Facts, Vec<Unread>), before: (Facts, Vec<Unread>)) -> Vec<String> {
    let definitions = definitions();
    let documents = BTreeSet::from(["packs/board.docx".to_owned()]);
    let now = Rehearsed { facts: &now.0, unread: &now.1, documents: &documents };
    let before = Rehearsed { facts: &before.0, unread: &before.1, documents: &documents };
    digest(&definitions, &now, Some(&before))
        .into_iter()
        .map(|(note, said)| format!("{}: {said}", note.title()))
        .collect()
}

fn facts(lines: Vec<ScorecardLine>) -> Facts {
    Facts { lines, ..Facts::default() }
}

#[test]
fn nothing_is_said_of_a_build_like_the_last() {
    assert_eq!(said(facts(vec![line("a")]), facts(vec![line("a")])), Vec::<String>::new());
    // A figure that moved within its interval is no news.
    let moved = ScorecardLine { value: Some(0.19), ..line("a") };
    assert_eq!(said(facts(vec![line("a")]), facts(vec![moved])), Vec::<String>::new());
}

#[test]
fn each_line_says_what_is_missing_odd_or_new() {
    for (now, before, expected) in [
        (
            ScorecardLine { value: None, reason: Some("no calls extract".to_owned()), ..line("a") },
            line("a"),
            "Missing: Line a: no calls extract",
        ),
        (
            line("a"),
            ScorecardLine { value: Some(0.30), ..line("a") },
            "Odd: Line a: 0.20, was 0.30, outside the interval 0.18 to 0.22",
        ),
        (
            ScorecardLine { data_quality: Some("C".to_owned()), ..line("a") },
            line("a"),
            "Odd: Line a: data quality C, was A",
        ),
        (
            ScorecardLine { group_verdict: Some("worse".to_owned()), ..line("a") },
            line("a"),
            "New: Line a, most similar forces: worse, was similar",
        ),
        (
            ScorecardLine { variation: None, ..line("a") },
            line("a"),
            "New: Line a, over time: not judged, was common cause",
        ),
    ] {
        assert_eq!(said(facts(vec![now]), facts(vec![before])), [expected]);
    }
}

#[test]
fn lines_and_lists_are_compared_whole() {
    let now = Facts { listed: vec![listed("escalate", "a")], ..facts(vec![line("a"), line("c")]) };
    let before = Facts { listed: vec![listed("watch", "b")], ..facts(vec![line("a"), line("b")]) };
    assert_eq!(
        said(now, before),
        [
            "Missing: Line b: the line is gone",
            "New: Line c: a new line",
            "New: Escalate: Line a",
            "New: Watch: Line b is not in it any more",
        ]
    );
}

#[test]
fn an_extract_that_is_late_or_gone_is_said_without_an_earlier_build() {
    let state = |extract: &str, newest_row: Option<NaiveDate>, days_behind| ExtractState {
        extract: extract.to_owned(),
        state: if newest_row.is_none() { "absent" } else { "good" }.to_owned(),
        newest_row,
        days_behind,
        records_read: None,
        quarantined: None,
        warnings: None,
    };
    let day = NaiveDate::from_ymd_opt(2026, 9, 27);
    let now = Facts {
        extracts: vec![state("calls", None, None), state("crimes", day, Some(3)), state("surveys", day, Some(0))],
        ..Facts::default()
    };
    let documents = BTreeSet::new();
    let definitions = definitions();
    let notes = digest(&definitions, &Rehearsed { facts: &now, unread: &[], documents: &documents }, None);
    assert_eq!(
        notes,
        [
            (Note::Missing, "calls: the extract is not there".to_owned()),
            (Note::Odd, "crimes: its newest row is of 27 September 2026".to_owned()),
        ]
    );
}

#[test]
fn values_that_nobody_reads_are_said_when_they_are_new_or_many_more() {
    let codes =
        |values| vec![Unread { extract: "crimes".to_owned(), column: "offence_code".to_owned(), values, of: 12_000 }];
    let nothing = Vec::new;
    for (now, before, expected) in [
        (codes(40), codes(35), None),
        (codes(70), codes(35), None), // twice, not more
        (codes(35), codes(400), None),
        (codes(9), codes(2), None), // a few
        (codes(0), codes(0), None),
        (codes(35), nothing(), None), // the build before did not look
        (nothing(), codes(35), None),
        (
            codes(71),
            codes(35),
            Some("Odd: crimes, offence_code: 71 of 12,000 values cannot be read or are in no list, was 35"),
        ),
        (
            codes(12),
            codes(2),
            Some("Odd: crimes, offence_code: 12 of 12,000 values cannot be read or are in no list, was 2"),
        ),
        (
            codes(600),
            codes(0),
            Some("Odd: crimes, offence_code: 600 of 12,000 values cannot be read or are in no list, was 0"),
        ),
        (
            codes(3),
            codes(0),
            Some("New: crimes, offence_code: 3 of 12,000 values cannot be read or are in no list, was 0"),
        ),
    ] {
        let said = said_of((Facts::default(), now), (Facts::default(), before));
        assert_eq!(said, Vec::from_iter(expected.map(str::to_owned)));
    }
}
