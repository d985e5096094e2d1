//! The definitions under `cases/` with one text replaced, and the fault that this makes.
//!
//! They are a frozen copy of a part of the shipped ones, so that a change of those moves no line here.

use std::path::PathBuf;

use super::*;

fn case() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/definitions/load/cases/gloucestershire.toml")
}

#[test]
fn the_case_has_no_fault() {
    assert_eq!(faults_after(CRIMES, &[]).len(), 0);
}

/// The faults of the case after texts of one file are replaced.
fn faults_after(name: &str, changes: &[(&str, &str)]) -> Vec<DefinitionFault> {
    let (mut sources, faults) = Sources::read(&case());
    let Sources { pipeline, extracts, metrics, references, quality, .. } = &mut sources;
    let mut files = pipeline.iter_mut().chain(quality).chain(extracts).chain(metrics).chain(references);
    let file = files.find(|file| file.name == name).unwrap();
    for (from, to) in changes {
        assert!(file.text.contains(from), "{name} holds no {from:?}");
        file.text = file.text.replacen(from, to, 1).into();
    }
    check(&sources, faults).err().map(|faults| faults.faults().to_vec()).unwrap_or_default()
}

/// Replaces one text of one file and expects one fault, at this line, whose message and hint hold these texts.
fn expect_one(name: &str, from: &str, to: &str, line: usize, texts: &[&str]) {
    let faults = faults_after(name, &[(from, to)]);
    let [fault] = faults.as_slice() else { panic!("{name} {to:?}: {faults:#?}") };
    assert!(fault.file().ends_with(name), "{name} {to:?}: {}", fault.file());
    assert_eq!(fault.line(), Some(line), "{name} {to:?}: {fault}");
    let shown = format!("{fault} | {} | {}", fault.expected_text(), fault.hint_text());
    for text in texts {
        assert!(shown.contains(text), "{name} {to:?}: {shown}");
    }
}

/// File, text, its replacement, line of the fault, texts in its message, at its caret or in its hint.
pub(super) type Case = (&'static str, &'static str, &'static str, usize, &'static [&'static str]);

pub(super) fn expect_each(cases: &[Case]) {
    for (name, from, to, line, texts) in cases {
        expect_one(name, from, to, *line, texts);
    }
}

const CRIMES: &str = "metrics/crimes_recorded.toml";
const SOLVED: &str = "metrics/solved_rate_recorded.toml";
const MEDIAN: &str = "metrics/days_to_solved_median.toml";
const ANSWERED: &str = "metrics/answered_999_under_10_seconds.toml";
const RESPONSE: &str = "metrics/immediate_attended_in_target.toml";

#[test]
fn faults_of_spelling() {
    expect_each(&[
        (CRIMES, "position = 10", "position = ", 4, &["not TOML"]),
        (CRIMES, "title = ", "title = \"Crimes\"\ntitle = ", 3, &["not TOML", "duplicate key"]),
        (
            CRIMES,
            "position = 10",
            "posiiton = 5\nposition = 10",
            4,
            &["unknown key `posiiton`", "did you mean `position`"],
        ),
        (CRIMES, "position = 10", "position = \"ten\"", 4, &["invalid type: string \"ten\", expected u32"]),
        (CRIMES, "position = 10\n", "", 1, &["`position` is missing"]),
        (CRIMES, "is = false", "iss = 1, is = false", 19, &["unknown key `iss`", "did you mean `is`"]),
        (CRIMES, "field = \"cancelled\", ", "", 19, &["missing field `field`"]),
        (CRIMES, "\"count\"", "\"cuont\"", 13, &["unknown kind `cuont`", "`proportion`, `ratio`", "mean `count`"]),
        (
            CRIMES,
            "\"neutral\"",
            "\"highr\"",
            15,
            &["unknown polarity `highr`", "`lower` or `neutral`", "mean `higher`"],
        ),
        (CRIMES, "\"recording\"", "\"record\"", 3, &["unknown stage `record`"]),
        (CRIMES, "\"crimes\"\n", "\"crime\"\n", 12, &["unknown extract `crime`", "did you mean `crimes`"]),
        (CRIMES, "\"Robbery\"", "\"Robery\"", 23, &["unknown scope `Robery`", "did you mean `Robbery`"]),
        (CRIMES, "title = \"Crimes recorded\"", "title = \" \"", 2, &["the title is blank"]),
        (SOLVED, "= \"recorded\"\n", "= \"record\"\n", 19, &["unknown basis `record`"]),
        ("metrics/crimes_per_1000.toml", "[\"force\"]", "[\"national\"]", 22, &["unknown level of crimes `national`"]),
    ]);
}

#[test]
fn faults_of_a_measure() {
    expect_each(&[
        (CRIMES, "unit = \"crimes\"", "unit = \"days\"", 14, &["a count is not in days", "`calls` or `crimes`"]),
        (CRIMES, "month_of = \"recorded_at\"\n", "", 17, &["the numerator needs `month_of`"]),
        (
            CRIMES,
            "[polarity_by_scope]",
            "[stock]\nopened = \"recorded_at\"\nclosed = \"outcome_at\"\nolder_than_days = 1\nfirst_month = 1\n[polarity_by_scope]",
            21,
            &["`[stock]` means nothing to a count"],
        ),
        (
            SOLVED,
            "[denominator]\nmonth_of = \"recorded_at\"\nwhere = [{ field = \"cancelled\", is = false }]\n",
            "",
            16,
            &["`[denominator]` is missing"],
        ),
        (
            SOLVED,
            "[numerator]\nwhere = [{ field = \"outcome_type\", in_solved_set = true }]\n",
            "",
            16,
            &["`[numerator]` is missing"],
        ),
        (
            SOLVED,
            "[numerator]",
            "[numerator]\nmonth_of = \"outcome_at\"",
            24,
            &["month of `outcome_at`", "make it a ratio"],
        ),
        (
            SOLVED,
            "[numerator]",
            "[numerator]\nsum_of = \"days_to_outcome\"",
            24,
            &["`sum_of` means nothing to a proportion"],
        ),
        (SOLVED, "basis = \"recorded\"\n", "", 16, &["`basis` is missing"]),
        (CRIMES, "kind = ", "basis = \"closed\"\nkind = ", 13, &["outcomes play no part"]),
        (MEDIAN, "probability = 0.5", "probability = 50", 25, &["50 is no probability", "above 0 and below 1"]),
        (
            MEDIAN,
            "of = \"days",
            "of = \"day",
            24,
            &["unknown field of crimes `day_to_outcome`", "mean `days_to_outcome`"],
        ),
        (MEDIAN, "of = \"days_to_outcome\"", "of = \"outcome_at\"", 24, &["`outcome_at` is a time, not a number"]),
        (MEDIAN, "month_of = \"outcome_at\"", "month_of = \"days_to_outcome\"", 28, &["is a number, not a time"]),
        ("metrics/answer_time_101_mean_seconds.toml", "sum_of = \"answer_seconds\"", "", 20, &["needs `sum_of`"]),
        ("metrics/open_over_90_days.toml", "first_month = 13", "first_month = 0", 26, &["months are counted from 1"]),
        (
            "metrics/answer_time_101_mean_seconds.toml",
            "month_of = \"received_at\"",
            "month_of = \"received_at\"\nweighted_by = \"answer_seconds\"",
            25,
            &["`weighted_by` means nothing to a mean"],
        ),
    ]);
}

#[test]
fn faults_of_a_condition() {
    expect_each(&[
        (
            CRIMES,
            "\"cancelled\"",
            "\"canceled\"",
            19,
            &["unknown field of crimes `canceled`", "did you mean `cancelled`"],
        ),
        (
            CRIMES,
            "is = false",
            "at_most = 1",
            19,
            &["`cancelled` is a flag: `at_most` cannot test it", "one of `is` or `present`"],
        ),
        (CRIMES, "is = false", "any_of = [\"no\"]", 19, &["is a flag: `any_of` cannot"]),
        (CRIMES, ", is = false", "", 19, &["this condition has no test", "one of `is` or `present`"]),
        (CRIMES, "is = false", "is = false, present = true", 19, &["this condition has 2 tests"]),
        (SOLVED, "in_solved_set = true", "in_solved_set = false", 24, &["always true"]),
        (SOLVED, "in_solved_set = true", "any_of = [\"1\", \"1B\"]", 24, &["unknown word of `outcome_type` `1B`"]),
        (SOLVED, "in_solved_set = true", "any_of = []", 24, &["no row counts"]),
        (SOLVED, "in_solved_set = true", "below = 3", 24, &["is an outcome type: `below` cannot"]),
        (ANSWERED, "\"999\"]", "\"998\"]", 27, &["unknown word of `line` `998`", "one of `999` or `101`"]),
        (ANSWERED, "below = 10", "below = nan", 22, &["NaN is no number"]),
        (RESPONSE, "\"immediate\"", "\"imediate\"", 30, &["unknown word of `grade`", "did you mean `immediate`"]),
        (RESPONSE, ", rural = 20", "", 25, &["`limits` has none for `rural`"]),
        (RESPONSE, "rural = 20", "rurall = 20, rural = 20", 25, &["unknown word of `setting` `rurall`"]),
        (RESPONSE, ", limits = { urban = 15, rural = 20 }", "", 25, &["`at_most_by` needs `limits`"]),
        (RESPONSE, "at_most_by = \"setting\", ", "", 25, &["`limits` needs `at_most_by`"]),
        (RESPONSE, "at_most_by = \"setting\"", "at_most_by = \"attended\"", 25, &["`attended` is a flag, not a text"]),
    ]);
}

#[test]
fn faults_of_targets_and_examples() {
    expect_each(&[
        (ANSWERED, "source = \"90%", "# source = \"90%", 32, &["the target has no `source`"]),
        (ANSWERED, "2021-11-01", "2021-11-01T00:00:00", 32, &["this is not a date"]),
        (ANSWERED, "2021-11-01", "\"2021-11-01\"", 32, &["expected a TOML datetime"]),
        (
            ANSWERED,
            "[[example]]",
            "[[target]]\nfrom = 2021-11-01\nvalue = 1\nsource = \"x\"\n[[example]]",
            37,
            &["two targets hold from 2021-11-01"],
        ),
        (ANSWERED, "value = 0.9\n\n[[example]]", "value = 0.8\n\n[[example]]", 40, &["its counts make 0.9"]),
        (ANSWERED, "denominator = 10", "denominator = 0", 40, &["its counts make no value"]),
        (ANSWERED, "denominator = 10", "", 36, &["the wrong counts", "`numerator` and `denominator`"]),
        (ANSWERED, "not_available = true", "", 42, &["states no result"]),
        (ANSWERED, "not_available = true", "value = 0", 46, &["its counts make no value"]),
        (MEDIAN, "[2, 10.5, 60]", "[2, 11, 60]", 37, &["its counts make 11"]),
        (CRIMES, "value = 3750", "value = 3760", 36, &["its counts make 3750"]),
        (
            CRIMES,
            "[[example]]\nsays = \"3,760 crimes were recorded and 10 of them cancelled since.\"\nnumerator = 3750\nvalue = 3750\n",
            "",
            1,
            &["there is no `[[example]]`"],
        ),
    ]);
}

#[test]
fn faults_between_metrics() {
    expect_each(&[
        (CRIMES, "position = 10", "position = 20", 4, &["`crimes_per_1000` has position 20 of stage recording too"]),
        (
            CRIMES,
            "owner = \"crime_recording\"",
            "owner = \"crime_recoding\"",
            5,
            &["unknown owner", "[owners] in pipeline gloucestershire", "did you mean `crime_recording`"],
        ),
        (
            SOLVED,
            "partner = \"victim",
            "partner = \"victims",
            21,
            &["`victims_not_supporting_rate` can be no partner", "mean `victim_not_supporting_rate`"],
        ),
        (SOLVED, "matures_after_days = 90\n", "", 20, &["matures differently"]),
    ]);
    let faults = faults_after(SOLVED, &[("victim_not_supporting_rate", "no_suspect_rate")]);
    let messages: Vec<&str> = faults.iter().map(DefinitionFault::message).collect();
    assert_eq!(
        messages,
        [
            "`no_suspect_rate` does not name this metric as its partner",
            "`solved_rate_recorded` does not name this metric as its partner"
        ]
    );
}

#[test]
fn faults_of_an_extract() {
    let crimes = "extracts/crimes.toml";
    let surveys = "extracts/surveys.toml";
    expect_each(&[
        (crimes, "kind = \"outcome_type\"", "kind = \"outcome\"", 27, &["unknown kind of column `outcome`"]),
        (crimes, "\"crime_ref\"]", "\"crime_reff\"]", 4, &["unknown column `crime_reff`", "did you mean `crime_ref`"]),
        (crimes, "time = \"recorded_at\"", "time = \"reported_at\"", 5, &["does not place every row", "`recorded_at`"]),
        (
            crimes,
            "predecessors = []",
            "predecessors = [{ event = \"area\", after = \"recorded_at\" }]",
            35,
            &["`area` is no time"],
        ),
        (
            crimes,
            "officer = [\"all\"]",
            "oficer = [\"all\"]",
            43,
            &["unknown level `oficer`", "did you mean `officer`"],
        ),
        (crimes, "officer = [\"all\"]", "officer = [\"hate\"]", 43, &["unknown scope `hate`"]),
        (crimes, "officer = [\"all\"]", "officer = []", 43, &["cut by no scope"]),
        (crimes, "= 0.02", "= 2", 47, &["2 is no share", "2% is 0.02"]),
        (crimes, "= 0.005", "= 0.05", 46, &["stop before it warns", "at most what stops, 0.02"]),
        (crimes, ", words = [\"person\", \"business\", \"state\"]", "", 22, &["a code needs `words`"]),
        (crimes, "kind = \"flag\", also_yes", "kind = \"text\", also_yes", 24, &["`also_yes` means nothing to a text"]),
        (
            crimes,
            "  { name = \"outcome_at\"",
            "  # { name = \"outcome_at\"",
            1,
            &["column `outcome_at` is missing: crimes.outcome_at is"],
        ),
        (surveys, "  \"very satisfied\",\n", "", 25, &["the scale has 6 labels", "seven"]),
        (surveys, "title = \"Victim survey responses\"\n", "", 1, &["`title` is missing"]),
    ]);
}

#[test]
fn faults_of_a_pipeline() {
    let name = "gloucestershire.toml";
    expect_each(&[
        (name, "force = \"gloucestershire\"", "force = \"gloucester\"", 4, &["unknown force `gloucester`"]),
        (name, "force = \"gloucestershire\"", "force = \"gloucestershir\"", 4, &["did you mean `gloucestershire`"]),
        (name, "_excluding_tic", "", 5, &["unknown solved set `positive`", "`sanction_detection`"]),
        (name, "[inputs.crimes]", "[inputs.crime]", 15, &["unknown extract `crime`", "did you mean `crimes`"]),
        (name, "\"synthetic\"", "\"made up\"", 9, &["unknown provenance `made up`", "`force`"]),
        (name, "\"illustrative\"", "\"ilustrative\"", 28, &["unknown peer group", "did you mean `illustrative`"]),
        (name, "\"gloucestershire\"", "\"kent\"", 28, &["peer group `illustrative` has no members for kent"]),
        (name, "mean_of_rates_including_self", "mean_of_rates", 29, &["unknown variant", "`pooled`"]),
        (
            name,
            "solved_set",
            "leave_out = [\"calls_9999\"]\nsolved_set",
            5,
            &["unknown metric `calls_9999`", "mean `calls_999`"],
        ),
        (name, "solved_set", "keep_builds = 1\nsolved_set", 5, &["1 is too few builds to keep", "2 or more"]),
        (name, "solved_set", "keep_builds = -1\nsolved_set", 5, &["expected u16"]),
        (name, "solved_set", "control_room = { patience_seconds = 0 }\nsolved_set", 5, &["0 is no mean time"]),
        (name, "solved_set", "control_room = { handling_seconds = nan }\nsolved_set", 5, &["no mean time", "above 0"]),
        (name, "solved_set", "control_room = { shrinkage = 1 }\nsolved_set", 5, &["1 is no share of paid time"]),
        (
            name,
            "solved_set",
            "control_room = { handling_seconds = 480, after_call_seconds = 60 }\nsolved_set",
            5,
            &["stands beside `handling_seconds`"],
        ),
        (name, "\"PQBI analyst, response\"", "\"\"", 43, &["the analyst SPoC is blank"]),
        (name, "files = [\"../sample_data/crimes.csv.gz\"]", "files = []", 16, &["no files"]),
    ]);
}

#[test]
fn faults_of_references() {
    expect_each(&[
        (
            "references/peer_groups.csv",
            ",wiltshire,",
            ",wiltshir,",
            8,
            &["unknown force `wiltshir`", "mean `wiltshire`"],
        ),
        (
            "references/peer_groups.csv",
            "2014-04-01",
            "01/04/2014",
            2,
            &["`01/04/2014` is no date", "such as 2026-04-01"],
        ),
        (
            "references/peer_groups.csv",
            ",norfolk,2014-04-01,,",
            ",norfolk,2014-04-01,2014-03-31,",
            4,
            &["ends before it begins"],
        ),
        ("references/peer_groups.csv", ",norfolk,", ",suffolk,", 5, &["`suffolk` is a member twice"]),
        ("references/peer_groups.csv", ",norfolk,", ",gloucestershire,", 4, &["no member of its own group"]),
        (
            "references/not_reported.csv",
            "manchester,outcomes",
            "manchester,outcome",
            2,
            &["`outcome` is no table of others", "outcomes, recorded_crime, street, comparators"],
        ),
        ("references/not_reported.csv", "2019-07", "July 2019", 2, &["`July 2019` is no month", "such as 2026-04"]),
        ("references/not_reported.csv", "2023-03", "2022-03", 3, &["ends before it begins", "2022-04 or later"]),
        ("references/populations.csv", "1580383", "1.58m", 2, &["`1.58m` is no number of residents"]),
        ("references/populations.csv", "1580383,no", "1580383,perhaps", 2, &["neither yes nor no"]),
        ("references/populations.csv", "2010-06-30", "2009-06-30", 3, &["two estimates are dated 2009-06-30"]),
        ("references/bank_holidays.csv", "2010-04-02", "2010-02-30", 3, &["`2010-02-30` is no date"]),
        ("references/offence_groups.csv", "56B,", "56A,", 3, &["offence code `56A` stands twice"]),
        ("references/offence_groups.csv", "Arson end", "Arson, end", 2, &["this row has 10 cells", "the header has 9"]),
        (
            "references/outcome_types.csv",
            "record_level_parent",
            "parent",
            1,
            &["column `record_level_parent` is missing"],
        ),
        ("references/forces.csv", "data_police_uk_slug", "slug", 1, &["column `data_police_uk_slug` is missing"]),
    ]);
}

#[test]
fn faults_of_thresholds() {
    let crimes = "extracts/crimes.toml";
    let pipeline = "gloucestershire.toml";
    let after = "stop_quarantined_share = 0.02";
    let with = |text: &str| format!("{after}\n{text}");
    for (text, line, expected) in [
        ("stop_fewer_rows_share = -0.1", 48, &["-0.1 is no share", "from 0 to 1"][..]),
        ("stop_fewer_rows_share = nan", 48, &["NaN is no share"]),
        ("stop_fewer_rows_share = 0.01", 48, &["stop before it warns", "at least what warns, 0.05"]),
        ("warn_newest_row_days = 4\nstop_newest_row_days = 3", 48, &["stop before it warns", "at most what stops, 3"]),
        ("warn_newest_row_days = -1", 48, &["invalid value: integer `-1`"]),
        ("warn_newest_row_days = 1.5", 48, &["floating point `1.5`", "expected u32"]),
        ("other_force = \"stopp\"", 48, &["unknown response `stopp`", "did you mean `stop`"]),
        ("same_file_agin = \"off\"", 48, &["unknown key `same_file_agin`", "did you mean `same_file_again`"]),
    ] {
        expect_one(crimes, after, &with(text), line, expected);
    }
    let input = "[inputs.crimes]\n";
    let own = |text: &str| format!("[inputs.crimes.thresholds]\n{text}\n\n{input}");
    for (text, line, expected) in [
        // Below what the extract's file warns at.
        ("stop_quarantined_share = 0.001", 16, &["stop before it warns", "at least what warns, 0.005"][..]),
        ("warn_quarantined_share = 0.1", 16, &["stop before it warns", "at most what stops, 0.02"]),
        ("stop_share = 0.1", 16, &["unknown key `stop_share`"]),
    ] {
        expect_one(pipeline, input, &own(text), line, expected);
    }
    let table = "[comparators.table]\n";
    let of_a_table = format!("[comparators.table.thresholds]\n\n{table}");
    expect_one(pipeline, table, &of_a_table, 32, &["unknown key `thresholds`"]);
}

#[test]
fn all_faults_of_all_files_are_reported_together() {
    let (mut sources, faults) = Sources::read(&case());
    for (name, from, to) in [
        (CRIMES, "is = false", "at_most = 1"),
        (CRIMES, "\"count\"", "\"cuont\""),
        (CRIMES, "title", "titel"),
        (SOLVED, "in_solved_set = true", "is = true"),
    ] {
        let file = sources.metrics.iter_mut().find(|file| file.name == name).unwrap();
        file.text = file.text.replacen(from, to, 1).into();
    }
    let references = sources.references.iter_mut().find(|file| file.name.ends_with("peer_groups.csv")).unwrap();
    references.text = references.text.replace("norfolk", "norflok").into();
    let faults = check(&sources, faults).unwrap_err();
    let places: Vec<(String, Option<usize>)> = faults
        .faults()
        .iter()
        .map(|fault| (fault.file().rsplit('/').next().unwrap().to_owned(), fault.line()))
        .collect();
    let crimes = |line| ("crimes_recorded.toml".to_owned(), Some(line));
    assert_eq!(
        places,
        [
            crimes(1),
            crimes(2),
            crimes(13),
            ("solved_rate_recorded.toml".to_owned(), Some(24)),
            ("peer_groups.csv".to_owned(), Some(4))
        ]
    );
    assert_eq!(faults.to_string(), "the definitions have 5 faults");
}
