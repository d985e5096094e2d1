use std::collections::BTreeMap;

use super::*;
use crate::definitions::{Limits, Severity, Thresholds};
use crate::domain::{Provenance, days_since_epoch, parse_iso_date};
use crate::tables::accepted::{Quarantined, Rule};

/// 2026, month and day, as days since 1970-01-01.
fn day(month: u32, day: u32) -> i32 {
    days_since_epoch(parse_iso_date(&format!("2026-{month:02}-{day:02}")).unwrap())
}

fn thresholds() -> Thresholds {
    Thresholds {
        newest_row_days: Limits { warn: Some(1), stop: Some(3) },
        same_file_again: Some(Severity::Stop),
        ..Thresholds::default()
    }
}

fn night() -> Night<'static> {
    Night::new(None, Some(day(9, 30)), &[day(10, 1)], Some("gloucestershire"))
}

fn forces(rows: &[(&str, u64)]) -> BTreeMap<String, u64> {
    rows.iter().map(|(force, rows)| ((*force).to_owned(), *rows)).collect()
}

fn facts<'a>(rows_by_force: &'a BTreeMap<String, u64>, before: Option<Before>) -> ExtractFacts<'a> {
    ExtractFacts {
        extract: "crimes",
        thresholds: thresholds(),
        records: 100,
        rows_by_force,
        dated: true,
        newest_day: Some(day(10, 1)),
        hashes: vec!["a", "b"],
        before,
    }
}

/// Rule, severity and message of each verdict.
fn said(verdicts: &[GateVerdict]) -> Vec<(GateRule, Severity, &str)> {
    verdicts.iter().map(|v| (v.rule, v.severity, v.message.as_str())).collect()
}

#[test]
fn an_extract_that_is_as_it_was_passes() {
    let own = forces(&[("gloucestershire", 99), ("wiltshire", 1)]);
    let before = Before { records: 100, hashes: vec!["c".into()], data_day: day(9, 29) };
    assert_eq!(survey(&night(), &facts(&own, Some(before))), []);
    assert_eq!(survey(&night(), &facts(&own, None)), []);
}

#[test]
fn the_day_to_reach_is_the_newest_whole_day_of_any_extract_or_as_it_is_asked() {
    for (as_at, data_day, horizons, expected, allowed) in [
        (None, Some(day(9, 30)), vec![day(10, 1), day(9, 30)], Some(day(9, 30)), Some(day(10, 1))),
        // The calls, which give the data date, have stopped; the crimes have not.
        (None, Some(day(9, 20)), vec![day(9, 21), day(10, 1)], Some(day(9, 30)), Some(day(10, 1))),
        (Some(day(3, 31)), Some(day(3, 31)), vec![day(10, 1)], Some(day(3, 31)), Some(day(10, 1))),
        (Some(day(12, 31)), Some(day(12, 31)), vec![day(10, 1)], Some(day(12, 31)), Some(day(12, 31))),
        (None, None, vec![], None, None),
    ] {
        let night = Night::new(as_at, data_day, &horizons, None);
        assert_eq!((night.expected_day, night.newest_allowed), (expected, allowed), "{as_at:?} {horizons:?}");
    }
}

#[test]
fn a_mistyped_year_is_not_the_newest_row() {
    let rows = BTreeMap::from([(day(9, 25), 3), (day(9, 26), 0), (day(12, 31), 1)]);
    assert_eq!(newest_day(&rows, Some(day(10, 1))), Some(day(9, 25)));
    assert_eq!(newest_day(&rows, Some(day(9, 1))), None);
    assert_eq!(newest_day(&rows, None), None);
}

#[test]
fn an_old_newest_row_warns_then_stops() {
    let own = forces(&[("gloucestershire", 100)]);
    let verdict = |newest: Option<i32>| survey(&night(), &ExtractFacts { newest_day: newest, ..facts(&own, None) });
    for (newest, severity) in [
        (day(10, 1), None),
        (day(9, 30), None),
        (day(9, 29), None),
        (day(9, 28), Some(Severity::Warn)),
        (day(9, 27), Some(Severity::Warn)),
        (day(9, 26), Some(Severity::Stop)),
    ] {
        let found = verdict(Some(newest));
        assert_eq!(found.first().map(|v| v.severity), severity, "{newest}");
        assert!(found.iter().all(|v| v.rule == GateRule::NewestTooOld));
    }
    assert_eq!(
        said(&verdict(Some(day(9, 26)))),
        [(
            GateRule::NewestTooOld,
            Severity::Stop,
            "crimes: the newest row is of 26 September 2026, 4 days before 30 September 2026; more than 3 days is not allowed"
        )]
    );
    assert_eq!(
        said(&verdict(None)),
        [(
            GateRule::NewestTooOld,
            Severity::Stop,
            "crimes: no row has a day up to 30 September 2026; more than 3 days is not allowed"
        )]
    );
    let undated = ExtractFacts { dated: false, newest_day: None, ..facts(&own, None) };
    assert_eq!(survey(&night(), &undated), []);
    let looked_back = Night::new(Some(day(3, 31)), Some(day(3, 31)), &[day(10, 1)], None);
    assert_eq!(survey(&looked_back, &facts(&own, None)), []);
    let far_ahead = Night::new(Some(day(12, 31)), Some(day(12, 31)), &[day(10, 1)], None);
    assert_eq!(survey(&far_ahead, &facts(&own, None))[0].severity, Severity::Stop);
}

#[test]
fn fewer_rows_than_before_warn_then_stop() {
    let own = forces(&[("gloucestershire", 1)]);
    for (now, before, expected) in [
        (100, 100, None),
        (300, 100, None),
        (1, 0, None),
        (95, 100, None),
        (94, 100, Some((Severity::Warn, "94 records, 6.0% fewer than 100", "5.0% fewer"))),
        (80, 100, Some((Severity::Warn, "80 records, 20.0% fewer than 100", "5.0% fewer"))),
        (79, 100, Some((Severity::Stop, "79 records, 21.0% fewer than 100", "20.0% fewer"))),
        // As many decimals as tell the share from its limit.
        (79_999, 100_000, Some((Severity::Stop, "79999 records, 20.001% fewer than 100000", "20.000% fewer"))),
        (0, 100, Some((Severity::Stop, "0 records, 100.0% fewer than 100", "20.0% fewer"))),
    ] {
        let before = Before { records: before, hashes: Vec::new(), data_day: day(9, 29) };
        let found = survey(&night(), &ExtractFacts { records: now, ..facts(&own, Some(before)) });
        let found: Vec<_> = found.iter().map(|v| (v.rule, (v.severity, v.found.as_str(), v.limit.as_str()))).collect();
        assert_eq!(found, expected.map(|e| (GateRule::FewerRows, e)).into_iter().collect::<Vec<_>>(), "{now}");
    }
}

#[test]
fn the_same_file_stops_only_where_time_has_gone_on() {
    let own = forces(&[("gloucestershire", 100)]);
    let (ahead, as_asked) = (&[day(10, 2)][..], Some(day(10, 1)));
    // What it is; --as-at; the newest day of any extract; hashes and data date of the last good build; own newest day; stops.
    for (name, as_at, horizons, hashes, last, newest, stops) in [
        ("the others moved on", None, ahead, ["b", "a"], day(9, 30), Some(day(10, 1)), true),
        (
            "the data date is stated, and all files are old",
            as_asked,
            &[day(10, 1)],
            ["a", "b"],
            day(9, 30),
            Some(day(10, 1)),
            true,
        ),
        ("another file", None, ahead, ["a", "c"], day(9, 30), Some(day(10, 1)), false),
        ("the same build again", None, &[day(10, 1)], ["a", "b"], day(9, 30), Some(day(10, 1)), false),
        (
            "a corrected file beside it, a day ahead as always",
            None,
            &[day(10, 1)],
            ["a", "b"],
            day(9, 30),
            Some(day(9, 30)),
            false,
        ),
        ("an earlier day", Some(day(3, 31)), &[day(10, 1)], ["a", "b"], day(9, 30), Some(day(10, 1)), false),
        ("back from an earlier day", None, &[day(10, 1)], ["a", "b"], day(3, 31), Some(day(10, 1)), false),
        (
            "back from an earlier day, a day behind as always",
            None,
            &[day(10, 1)],
            ["a", "b"],
            day(3, 31),
            Some(day(9, 30)),
            false,
        ),
        ("it holds the day after", None, ahead, ["a", "b"], day(9, 30), Some(day(10, 2)), false),
        ("without a time", None, ahead, ["a", "b"], day(9, 30), None, true),
    ] {
        let night = Night::new(as_at, as_at.or(Some(horizons[0] - 1)), horizons, None);
        let before = Before { records: 100, hashes: hashes.map(str::to_owned).to_vec(), data_day: last };
        let facts = ExtractFacts { dated: newest.is_some(), newest_day: newest, ..facts(&own, Some(before)) };
        let rules: Vec<GateRule> = survey(&night, &facts).iter().map(|v| v.rule).collect();
        assert_eq!(rules.contains(&GateRule::SameFileAgain), stops, "{name}: {rules:?}");
        let off = ExtractFacts { thresholds: Thresholds { same_file_again: None, ..thresholds() }, ..facts };
        assert!(survey(&night, &off).iter().all(|v| v.rule != GateRule::SameFileAgain), "{name}");
    }
}

#[test]
fn another_forces_file_is_named() {
    let most = [("kent", 7), ("dorset", 7), ("wiltshire", 50), ("essex", 1), ("surrey", 1)];
    let case = |rows: &[(&str, u64)], measured| {
        let night = Night { measured, ..night() };
        let rows = forces(rows);
        survey(&night, &facts(&rows, None)).into_iter().map(|v| v.message).collect::<Vec<_>>()
    };
    let own = Some("gloucestershire");
    assert_eq!(case(&[("wiltshire", 3), ("gloucestershire", 1)], own), [""; 0]);
    assert_eq!(case(&[("wiltshire", 3)], None), [""; 0], "all forces are measured");
    assert_eq!(case(&[], own), [""; 0], "whose the rows are, nobody can tell");
    assert_eq!(case(&[("wiltshire", 3)], own), ["crimes: no row is of gloucestershire; there are 3 of wiltshire"]);
    assert_eq!(
        case(&most, own),
        ["crimes: no row is of gloucestershire; there are 50 of wiltshire, 7 of dorset, 7 of kent, more of 2 others"]
    );
    assert_eq!(case(&[("gloucestershire", 9)], Some("kent")).len(), 1, "--force kent");
}

#[test]
fn a_share_in_quarantine_warns_then_stops() {
    for (read, quarantined, expected) in [
        (0, 0, None),
        (1000, 5, None),
        (
            1000,
            6,
            Some((
                Severity::Warn,
                "crimes: 6 of 1000 records (0.6%) are in quarantine, more than the 0.5% that is usual",
            )),
        ),
        (
            100,
            2,
            Some((
                Severity::Warn,
                "crimes: 2 of 100 records (2.0%) are in quarantine, more than the 0.5% that is usual",
            )),
        ),
        (
            21,
            6,
            Some((Severity::Stop, "crimes: 6 of 21 records (28.6%) are in quarantine, more than the 2.0% allowed")),
        ),
        (
            9999,
            200,
            Some((
                Severity::Stop,
                "crimes: 200 of 9999 records (2.0002%) are in quarantine, more than the 2.0000% allowed",
            )),
        ),
    ] {
        let found = quarantine("crimes", Thresholds::default(), read, quarantined);
        assert_eq!(found.as_ref().map(|v| (v.severity, v.message.as_str())), expected, "{quarantined} of {read}");
    }
}

#[test]
fn what_is_let_pass_is_a_warning_that_says_so() {
    let stop = quarantine("calls", Thresholds::default(), 10, 9).unwrap();
    let file = file_verdict("calls", GateRule::EmptyFile, "calls.csv is empty", "a header", "Export again.");
    for (allow, passes) in [
        ("quarantined_share", true),
        ("quarantined_share:calls", true),
        ("quarantined_share:crimes", false),
        ("fewer_rows", false),
    ] {
        let mut verdicts = [stop.clone(), file.clone()];
        let_pass(&mut verdicts, &[allow.parse().unwrap()]);
        assert_eq!((verdicts[0].severity == Severity::Warn, verdicts[0].let_pass), (passes, passes), "{allow}");
        assert_eq!(verdicts[0].told().ends_with("(let pass by --allow)"), passes);
        assert_eq!(verdicts[1], file, "a file that cannot be read stays a stop");
    }
    assert!(stop.next_step.ends_with("build with --allow quarantined_share:calls."), "{}", stop.next_step);
    for (text, problem) in [
        ("empty_file", "empty_file cannot be let pass"),
        ("fewer", "write one of other_force, same_file_again, fewer_rows, newest_too_old, quarantined_share"),
        ("", "write one of"),
        (":calls", "write one of"),
    ] {
        let error = text.parse::<Allow>().unwrap_err();
        assert!(error.starts_with(problem), "{text}: {error}");
    }
    for rule in GateRule::ALL.into_iter().filter(|rule| rule.can_be_let_pass()) {
        let allow: Allow = format!("{}:calls", rule.name()).parse().unwrap();
        assert_eq!((allow.rule, allow.to_string()), (rule, format!("{}:calls", rule.name())));
    }
}

fn quarantined(rule: Rule, record: u64) -> Quarantined {
    Quarantined {
        extract: "crimes".into(),
        file: "<b>crimes</b>.csv".into(),
        record,
        byte_offset: Some(1_234_567),
        raw: "SECRET,raw".into(),
        rule,
        column: "recorded_at".into(),
        expected: if rule == Rule::ConflictingDuplicate { "SECRET other".into() } else { "a time".into() },
        found: "SECRET found".into(),
        hint: "a hint".into(),
    }
}

fn report() -> StopReport {
    let many: Vec<Quarantined> = (2..1002)
        .map(|record| quarantined(Rule::UnparsableTime, record))
        .chain([quarantined(Rule::ConflictingDuplicate, 2000)])
        .collect();
    StopReport {
        version: "0.0.0",
        title: "Force & <i>Sons</i>".into(),
        pipeline: "nightly".into(),
        force: "gloucestershire".into(),
        provenance: Provenance::Synthetic.name(),
        data_date: parse_iso_date("2026-09-30"),
        last_good: Some(LastGood { build: "2026-09-29-abc".into(), data_date: "2026-09-29".into() }),
        stops: vec![quarantine("crimes", Thresholds::default(), 1_234_567, 600_000).unwrap()],
        warnings: Vec::new(),
        extracts: vec![ExtractState {
            extract: "victim_contacts".into(),
            files: vec!["<b>crimes</b>.csv".into()],
            records_read: Some(1_234_567),
            quarantined: None,
            newest_row: parse_iso_date("2026-10-01"),
            days_behind: Some(0),
        }],
        places: PlacesOf::of(&many),
    }
}

#[test]
fn the_report_holds_the_first_places_of_each_rule_and_nothing_of_a_row() {
    let report = report();
    let shown: Vec<_> = report.places.iter().map(|p| (p.rule, p.records, p.first.len())).collect();
    assert_eq!(shown, [("unparsable_time", 1000, 5), ("conflicting_duplicate", 1, 1)]);
    for text in [report.html().unwrap(), report.json().unwrap()] {
        assert!(!text.contains("SECRET"), "{text}");
    }
}

#[test]
fn the_report_is_a_page_of_its_own_and_every_text_in_it_is_escaped() {
    let page = report().html().unwrap();
    for text in [
        "<html lang=\"en-GB\">",
        "<title>Nothing was published: Force &amp; &lt;i&gt;Sons&lt;&#x2f;i&gt;</title>",
        "SYNTHETIC. The extracts are made up",
        "One check of the extracts",
        "which would have stood on 30 September 2026",
        "Still published is the build of <strong>29 September 2026</strong>",
        "crimes: Too many records are in quarantine",
        "crimes: 600000 of 1234567 records (48.6%) are in quarantine, more than the 2.0% allowed.",
        "<span class=\"word\">--allow</span> <span class=\"word\">quarantined_share:crimes.</span>",
        "<th scope=\"row\">victim contacts</th><td>&lt;b&gt;crimes",
        "<td class=\"number\">1,234,567</td><td class=\"number\">not reached</td><td>1 October 2026</td>",
    ] {
        assert!(page.contains(text), "no {text} in {page}");
    }
    for outside in ["http:", "https:", "src=", "href=", "<script", "url("] {
        assert!(!page.contains(outside), "{outside} in {page}");
    }
    let mut first = report();
    (first.last_good, first.data_date) = (None, None);
    assert!(first.html().unwrap().contains("There is no earlier build."));
}

#[test]
fn the_report_for_machines_has_the_rules_by_name() {
    let json: serde_json::Value = serde_json::from_str(&report().json().unwrap()).unwrap();
    assert_eq!(json["stops"][0]["rule"], "quarantined_share");
    assert_eq!(json["stops"][0]["severity"], "stop");
    assert_eq!(json["last_good"]["data_date"], "2026-09-29");
    assert_eq!(json["places"][0]["first"][0]["record"], 2);
}
