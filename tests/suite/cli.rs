//! The command line on small extracts: what it says and with which code it ends, above all when something is wrong.
//!
//! The extracts are those of `tests/independent/cases/tiny`, made by hand. A fifth of their rows are bad on purpose, so the
//! sandbox's pipeline lifts the share that stops a build.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, PlRefPath, ScanArgsParquet, SortMultipleOptions, col};

use crate::command::{Succeeds, scorecard};

const EXTRACTS: [&str; 5] = ["incidents", "calls", "crimes", "surveys", "victim_contacts"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap().path();
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_folder(&entry, &target);
        } else {
            fs::copy(&entry, &target).unwrap();
        }
    }
}

/// Everything under `pipelines/`.
pub(crate) fn copy_definitions(to: &Path) {
    copy_folder(&root().join("pipelines"), to);
}

/// The owners of the nightly pipeline, which stand at its end.
pub(crate) fn owners() -> String {
    let nightly = fs::read_to_string(root().join("pipelines/gloucestershire.toml")).unwrap();
    nightly[nightly.find("[owners.").unwrap()..].to_owned()
}

/// Definitions, extracts and an output folder of a test's own; commands run in it.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        copy_definitions(&sandbox.path("pipelines"));
        fs::create_dir(sandbox.path("extracts")).unwrap();
        for extract in EXTRACTS {
            let file = format!("{extract}.csv");
            let source = root().join("tests/independent/cases/tiny").join(&file);
            fs::copy(source, sandbox.path("extracts").join(file)).unwrap();
        }
        fs::write(sandbox.path("pipelines/small.toml"), Self::pipeline()).unwrap();
        sandbox
    }

    /// A pipeline that reads the extracts, with the owners of the nightly one.
    fn pipeline() -> String {
        let owners = owners();
        let input = |e: &&str| {
            format!(
                "[inputs.{e}]\nfiles = [\"../extracts/{e}.csv\"]\nprovenance = \"force\"\n\n\
                 [inputs.{e}.thresholds]\nstop_quarantined_share = 1.0\n\n"
            )
        };
        let inputs: String = EXTRACTS.iter().map(input).collect();
        format!(
            "title = \"Small\"\nforce = \"gloucestershire\"\nsolved_set = \"positive_excluding_tic\"\n\n{inputs}\
             [comparators]\npeer_group = \"illustrative\"\nvariant = \"mean_of_rates_including_self\"\n\n{owners}"
        )
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn edit(&self, name: &str, change: impl Fn(&str) -> String) {
        let path = self.path(name);
        let text = fs::read_to_string(&path).unwrap();
        let changed = change(&text);
        assert_ne!(text, changed, "{name} was not changed");
        fs::write(path, changed).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        scorecard(self.folder.path(), arguments)
    }

    pub(crate) fn build(&self, more: &[&str]) -> Command {
        let mut command = self.command(&["build", "pipelines/small.toml", "--only", "tables"]);
        command.args(more);
        command
    }

    /// Runs a command that must fail with `code`, and gives what it says, its line breaks taken out.
    pub(crate) fn fails(&self, mut command: Command, code: i32) -> String {
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(output.stdout.is_empty(), "a failure prints nothing on standard output");
        assert!(!said.contains("panicked"), "{said}");
        said.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
    }

    pub fn current(&self) -> PathBuf {
        fs::canonicalize(self.path("output/current")).unwrap()
    }
}

#[test]
fn a_build_says_where_every_record_went() {
    let sandbox = Sandbox::new();
    let output = sandbox.build(&[]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    // Counted by hand in tests/independent/cases/tiny/expected_fates.csv.
    for row in [
        ["incidents", "20", "16", "1", "2", "1"],
        ["calls", "21", "13", "1", "6", "1"],
        ["crimes", "29", "20", "1", "6", "2"],
        ["surveys", "10", "8", "1", "0", "1"],
        ["victim_contacts", "11", "11", "0", "0", "0"],
    ] {
        assert!(said.lines().any(|line| line.split_whitespace().eq(row)), "no line {row:?} in\n{said}");
    }
    assert!(said.starts_with("Data date 31 March 2025\n"), "{said}");
    assert!(said.contains("not available: satisfied_action: the surveys extract has no column action"), "{said}");
}

/// A name, what is done to the extracts, the exit code, and what the command has to say.
type BadInput = (&'static str, fn(&Path), i32, &'static str);

const BAD_INPUTS: &[BadInput] = &[
    (
        "no file",
        |folder| fs::remove_file(folder.join("crimes.csv")).unwrap(),
        1,
        "crimes: no crimes.csv, .csv.gz, .csv.zst, .parquet, .xlsx or .ods in",
    ),
    (
        "nothing in it",
        |folder| fs::write(folder.join("calls.csv"), "").unwrap(),
        3,
        "calls.csv is empty, without even a header",
    ),
    (
        "a required column gone",
        |folder| fs::write(folder.join("calls.csv"), "call_ref,received_at\n1,2025-03-01 10:00\n").unwrap(),
        3,
        "calls.csv has no column line, which every calls extract needs; it has: call_ref, received_at",
    ),
    (
        "two columns of one name",
        |folder| fs::write(folder.join("calls.csv"), "call_ref,line,received_at,line\n").unwrap(),
        3,
        "calls.csv has two columns named line",
    ),
    (
        "two files for one extract",
        |folder| fs::copy(folder.join("calls.csv"), folder.join("calls.csv.zst")).map(drop).unwrap(),
        1,
        "calls: there are two files for it, bad/calls.csv and bad/calls.csv.zst",
    ),
    (
        "another extract's file",
        |folder| fs::copy(folder.join("calls.csv"), folder.join("incidents.csv")).map(drop).unwrap(),
        3,
        "incidents.csv is an extract of calls, not of incidents",
    ),
    ("a gzip file cut off", cut_off, 3, "crimes.csv.gz is cut off after"),
    (
        "bytes that are no text",
        |folder| fs::write(folder.join("crimes.csv"), [0xff, 0x00, 0x9d, 0xfe, 0x0a, 0x80]).unwrap(),
        3,
        "crimes.csv has no column crime_ref",
    ),
    (
        "no Parquet at all",
        |folder| {
            fs::remove_file(folder.join("surveys.csv")).unwrap();
            fs::write(folder.join("surveys.parquet"), "PAR1 and then nothing").unwrap();
        },
        3,
        "surveys: cannot read",
    ),
];

fn cut_off(folder: &Path) {
    let text = fs::read(folder.join("crimes.csv")).unwrap();
    fs::remove_file(folder.join("crimes.csv")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&text).unwrap();
    let packed = packed.finish().unwrap();
    fs::write(folder.join("crimes.csv.gz"), &packed[..packed.len() - 40]).unwrap();
}

#[test]
fn a_bad_extract_is_named_and_the_last_good_build_stays() {
    let sandbox = Sandbox::new();
    sandbox.build(&[]).succeeds();
    let good = sandbox.current();
    for (name, spoil, code, expected) in BAD_INPUTS {
        let bad = sandbox.path("bad");
        let _ = fs::remove_dir_all(&bad);
        copy_folder(&sandbox.path("extracts"), &bad);
        spoil(&bad);
        let said = sandbox.fails(sandbox.build(&["--extracts", "bad"]), *code);
        assert!(said.contains(expected), "{name}: {said}");
        assert!(said.contains("next: "), "{name}: no advice in {said}");
        assert!(said.contains("The last good build is untouched: output/current"), "{name}: {said}");
        assert_eq!(sandbox.current(), good, "{name}");
        sandbox.command(&["verify"]).succeeds();
    }
}

#[test]
fn an_absent_extract_takes_its_metrics_with_it() {
    let sandbox = Sandbox::new();
    fs::remove_file(sandbox.path("extracts/surveys.csv")).unwrap();
    let output = sandbox.build(&["--extracts", "extracts"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let warned = String::from_utf8(output.stderr).unwrap();
    assert!(warned.contains("there is no extract of surveys"), "{warned}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("not available: satisfied_overall: there is no extract of surveys"), "{said}");
    assert!(said.lines().any(|l| l.split_whitespace().eq(["calls", "21", "13", "1", "6", "1"])), "{said}");
}

#[test]
fn two_builds_at_once_are_refused() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("output")).unwrap();
    let other = fs::File::create(sandbox.path("output/.lock")).unwrap();
    other.lock().unwrap();
    let said = sandbox.fails(sandbox.build(&[]), 4);
    assert!(said.contains("another build is writing to output"), "{said}");
    assert!(!sandbox.path("output/current").exists());
    drop(other);
    sandbox.build(&[]).succeeds();
}

#[test]
fn too_many_bad_rows_publish_nothing() {
    let sandbox = Sandbox::new();
    let own = "[inputs.calls.thresholds]\nstop_quarantined_share = 1.0\n";
    sandbox.edit("pipelines/small.toml", |text| text.replace(own, ""));
    let said = sandbox.fails(sandbox.build(&[]), 3);
    assert!(said.contains("calls: 6 of 21 records (28.6%) are in quarantine, more than the 2.0% allowed"), "{said}");
    assert!(!sandbox.path("output/current").exists());
}

#[test]
fn wrong_definitions_are_shown_all_at_once_where_they_stand() {
    let sandbox = Sandbox::new();
    sandbox.build(&[]).succeeds();
    let good = sandbox.current();
    let (rate, calls) = ("pipelines/metrics/abandoned_999_rate.toml", "pipelines/metrics/calls_999.toml");
    sandbox.edit(rate, |text| text.replace("kind = \"proportion\"", "kind = \"proprtion\""));
    sandbox.edit(calls, |text| text.replace("owner = \"call_handling\"", "owner = \"nobody\""));
    for command in [sandbox.build(&[]), sandbox.command(&["check", "pipelines/small.toml"])] {
        let said = sandbox.fails(command, 2);
        assert!(said.contains("the definitions have 2 faults"), "{said}");
        assert!(said.contains("abandoned_999_rate.toml:13:8"), "{said}");
        assert!(said.contains("─┬─") && said.contains("did you mean `proportion`?"), "{said}");
        assert!(said.contains("calls_999.toml"), "{said}");
    }
    assert_eq!(sandbox.current(), good);
}

#[test]
fn a_wrong_example_is_a_fault() {
    let sandbox = Sandbox::new();
    sandbox.edit("pipelines/metrics/abandoned_999_rate.toml", |text| text.replace("value = 0.025", "value = 0.25"));
    let said = sandbox.fails(sandbox.command(&["check", "pipelines/small.toml"]), 2);
    assert!(said.contains("0.025"), "the worked value is not shown: {said}");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let sandbox = Sandbox::new();
    for (arguments, expected) in [
        (&["build", "--as-at", "31/03/2025"][..], "write the date as 2026-03-31"),
        (&["build", "--as-at", "2025-02-30"], "write the date as 2026-03-31"),
        (&["build", "--force", "Not A Force"], "write a force's id"),
        (&["build", "--jobs", "0"], "0 is not in 1.."),
        (&["build", "--only", "page-three"], "possible values"),
        (&["bild"], "unrecognized subcommand"),
        (&["build", "pipelines/none.toml"], "pipelines/none.toml: cannot read this file"),
    ] {
        let said = sandbox.fails(sandbox.command(arguments), 2);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    assert!(!sandbox.path("output").exists(), "nothing is written before the arguments are read");
}

#[test]
fn a_spoilt_build_is_recognised() {
    let sandbox = Sandbox::new();
    sandbox.build(&[]).succeeds();
    sandbox.command(&["verify"]).succeeds();
    let values = sandbox.path("output/current/tables/metric_values.parquet");
    let whole = fs::read(&values).unwrap();

    let mut spoilt = whole.clone();
    spoilt[100] ^= 1;
    fs::write(&values, &spoilt).unwrap();
    let said = sandbox.fails(sandbox.command(&["verify"]), 1);
    assert!(said.contains("tables/metric_values.parquet has changed"), "{said}");

    fs::remove_file(&values).unwrap();
    let said = sandbox.fails(sandbox.command(&["verify"]), 1);
    assert!(said.contains("tables/metric_values.parquet is missing"), "{said}");

    fs::write(&values, &whole).unwrap();
    fs::write(sandbox.path("output/current/tables/extra.parquet"), "x").unwrap();
    let said = sandbox.fails(sandbox.command(&["verify"]), 1);
    assert!(said.contains("tables/extra.parquet is not in its manifest"), "{said}");

    // The next build mends it.
    sandbox.build(&[]).succeeds();
    sandbox.command(&["verify"]).succeeds();
}

#[test]
fn rows_are_not_measured_after_the_data_date() {
    let sandbox = Sandbox::new();
    let output = sandbox.build(&["--as-at", "2025-03-15"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("Data date 15 March 2025\n"), "{said}");
    // Opened after the 15th: I04, I07, I08, I10, I11, I12, I15 and I16.
    assert!(said.lines().any(|l| l.split_whitespace().eq(["incidents", "20", "9", "8", "2", "1"])), "{said}");
}

/// The header, and the other lines in an order that has nothing to do with the one they came in.
fn shuffled(text: &str) -> String {
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let mut rows: Vec<&str> = lines.collect();
    rows.sort_by_key(|row| row.bytes().rev().map(|b| b.wrapping_mul(167)).collect::<Vec<u8>>());
    assert!(rows.len() < 3 || rows != text.lines().skip(1).collect::<Vec<_>>());
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Rows of a table in the order of all its columns, without those that follow the file.
fn rows(path: &Path) -> DataFrame {
    let table = LazyFrame::scan_parquet(PlRefPath::new(path.to_string_lossy()), ScanArgsParquet::default()).unwrap();
    let table = table.collect().unwrap().drop_many(["record", "byte_offset", "raw"]);
    let by: Vec<_> = table.get_column_names().into_iter().map(|name| col(name.clone())).collect();
    table.lazy().sort_by_exprs(by, SortMultipleOptions::default().with_nulls_last(true)).collect().unwrap()
}

fn tables(build: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["tables", "restricted", "restricted/conformed"] {
        let names = fs::read_dir(build.join(folder)).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        found.extend(names.filter(|n| n.ends_with(".parquet")).map(|name| format!("{folder}/{name}")));
    }
    found.sort();
    found
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let sandbox = Sandbox::new();
    let shuffled_folder = sandbox.path("shuffled");
    fs::create_dir(&shuffled_folder).unwrap();
    for extract in EXTRACTS {
        let text = fs::read_to_string(sandbox.path("extracts").join(format!("{extract}.csv"))).unwrap();
        fs::write(shuffled_folder.join(format!("{extract}.csv")), shuffled(&text)).unwrap();
    }
    let mut one = sandbox.build(&["--extracts", "extracts", "--out", "one", "--jobs", "1"]);
    one.env("TZ", "Pacific/Auckland").env("LANG", "tr_TR.UTF-8").env("LC_ALL", "tr_TR.UTF-8").succeeds();
    let mut two = sandbox.build(&["--extracts", "shuffled", "--out", "two", "--jobs", "2"]);
    two.env("TZ", "America/New_York").env("LANG", "C").env("LC_ALL", "C").succeeds();
    let (one, two) = (sandbox.path("one/current"), sandbox.path("two/current"));
    assert_eq!(tables(&one), tables(&two));
    assert!(tables(&one).len() >= 10, "{:?}", tables(&one));
    for table in tables(&one) {
        if table.contains("quarantine") {
            // Record, place and raw text follow the file.
            assert!(rows(&one.join(&table)).equals_missing(&rows(&two.join(&table))), "{table}: other rows");
        } else {
            assert!(fs::read(one.join(&table)).unwrap() == fs::read(two.join(&table)).unwrap(), "{table}: other bytes");
        }
    }
}

#[test]
fn building_again_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.build(&["--jobs", "2"]).succeeds();
    let (first, manifest) = (sandbox.current(), fs::read(sandbox.path("output/current/manifest.json")).unwrap());
    sandbox.build(&["--jobs", "1"]).succeeds();
    assert_eq!(sandbox.current(), first);
    assert_eq!(fs::read(sandbox.path("output/current/manifest.json")).unwrap(), manifest);
}

#[cfg(unix)]
#[test]
fn records_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.build(&[]).succeeds();
    let mode = fs::metadata(sandbox.path("output/current/restricted")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}
