//! A build killed, or its disk failing, at each call that changes anything below the output folder.
//!
//! `tests/crash/fault.c` counts the calls. A kill before call n shows what a reader finds after call n - 1: together they are
//! every state that the folder is ever in. The builds stop after the tallies: all tables are written by the same calls.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use super::{DAYS, Site, View};

/// Linux's errno.h.
const EIO: i32 = 5;
pub(super) const EACCES: i32 = 13;
pub(super) const ENOSPC: i32 = 28;
const EROFS: i32 = 30;
const ESTALE: i32 = 116;
const EDQUOT: i32 = 122;

const SIGKILL: i32 = 9;

static SHIM: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let shim = folder.path().join("fault.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/fault.c");
    // The toolchain links with it, so it is there.
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let mut compile = Command::new(&compiler);
    compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(source).arg("-ldl");
    assert!(compile.status().unwrap().success(), "{compiler} does not compile fault.c");
    (folder, shim)
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Kill,
    /// One call fails.
    Once(i32),
    /// It fails, and so do those after it; on a full disk only those that need room, from there on.
    Stays(i32),
}

/// What the output folder holds when the run starts that is disturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Two other builds, and the report of a run that was stopped.
    OtherBuilds,
    /// It is not there.
    Nothing,
    /// What a killed run left.
    Leftovers,
    /// The same build, current and whole.
    Same,
    /// The same build, current, and spoilt since.
    Spoilt,
}

/// What came of the runs that were disturbed.
#[derive(Debug, Default)]
struct Tally {
    points: usize,
    killed: usize,
    failed: usize,
    published: usize,
}

impl Site {
    fn disturbed(&self, day: &str, fault: Option<(Fault, usize)>) -> (Output, Vec<String>) {
        let mut command = self.command(day);
        command.args(["--jobs", "1"]);
        self.run_disturbed(command, fault)
    }

    /// What came of a command with a fault at a call, and the calls that it made.
    pub(super) fn run_disturbed(&self, mut command: Command, fault: Option<(Fault, usize)>) -> (Output, Vec<String>) {
        let log = self.sandbox.path("calls.txt");
        let _ = fs::remove_file(&log);
        command.env("LD_PRELOAD", &SHIM.1).env("FAULT_LOG", &log);
        command.env("FAULT_UNDER", fs::canonicalize(self.sandbox.path("")).unwrap().join("output"));
        if let Some((fault, point)) = fault {
            command.env("FAULT_AT", point.to_string());
            match fault {
                Fault::Kill => {}
                Fault::Once(number) => drop(command.env("FAULT_ERRNO", number.to_string())),
                Fault::Stays(number) => {
                    command.env("FAULT_ERRNO", number.to_string()).env("FAULT_STAYS", "1");
                }
            }
        }
        let output = command.output().unwrap();
        let calls = fs::read_to_string(&log).unwrap_or_default();
        (output, calls.lines().map(str::to_owned).collect())
    }

    fn is_current(&self, day: &'static str) {
        if self.seen() != View::Whole(day) {
            self.finish(day);
        }
    }

    fn prepare(&self, before: Before, day: &'static str, calls: usize) {
        match before {
            Before::OtherBuilds => {
                fs::create_dir(self.out().join("stopped")).unwrap();
                fs::write(self.out().join("stopped/reasons.txt"), "yesterday").unwrap();
            }
            Before::Nothing => fs::remove_dir_all(self.out()).unwrap(),
            Before::Leftovers => drop(self.disturbed(day, Some((Fault::Kill, calls / 2)))),
            Before::Same => self.is_current(day),
            Before::Spoilt => {
                self.is_current(day);
                let table = self.current().unwrap().join("restricted/tallies.parquet");
                let mut bytes = fs::read(&table).unwrap();
                bytes[100] ^= 1;
                fs::write(&table, bytes).unwrap();
            }
        }
    }

    /// One disturbed run, what a reader sees after it, and the run after that.
    fn disturb(&self, before: Before, fault: Fault, point: usize, day: &'static str, calls: usize, tally: &mut Tally) {
        self.prepare(before, day, calls);
        let was = self.seen();
        assert_eq!(matches!(was, View::Broken(_)), before == Before::Spoilt, "{was:?}");
        let (output, made) = self.disturbed(day, Some((fault, point)));
        let said = String::from_utf8_lossy(&output.stderr);
        let call = made.get(point - 1).map_or("no call", String::as_str);
        let place = format!("{before:?}, {fault:?} at {point} of {calls}, {call}\n{said}");
        let is = self.seen();
        assert!(!said.contains("panicked"), "{place}");
        tally.points += 1;
        match output.status.code() {
            None => {
                assert!(fault == Fault::Kill && output.status.signal() == Some(SIGKILL), "{place}");
                assert!(is == was || is == View::Whole(day), "{place}: {was:?}, {is:?}");
                tally.killed += 1;
            }
            // What failed was not needed, or failed after the swap, which is a warning.
            Some(0) => {
                assert_eq!(is, View::Whole(day), "{place}");
                tally.published += 1;
            }
            Some(code) => {
                assert_eq!(code, 1, "{place}");
                assert_eq!(is, was, "{place}");
                assert!(said.contains("error: cannot ") && said.contains("output"), "{place}");
                assert!(said.contains("next: "), "{place}");
                assert_eq!(said.contains("The last good build is untouched"), was != View::Nothing, "{place}");
                if fault == Fault::Stays(ENOSPC) {
                    assert!(said.contains("The disk is full."), "{place}");
                    assert!(!self.out().join("builds/.unfinished").exists(), "the disk is left full: {place}");
                }
                tally.failed += 1;
            }
        }
        self.finish(day);
        self.assert_converged(day);
    }
}

/// The points of `calls` that are tried: all with `CRASH_POINTS=all`, else a few, spread, other ones for each `turn`.
fn points(calls: usize, few: usize, turn: usize) -> Vec<usize> {
    if std::env::var("CRASH_POINTS").is_ok_and(|which| which == "all") {
        return (1..=calls).collect();
    }
    let step = calls as f64 / few as f64;
    (0..few).map(|i| 1 + ((i as f64 + turn as f64 * 0.37 % 1.0) * step) as usize).collect()
}

fn try_each(site: &Site, before: Before, faults: &[(&[Fault], usize)]) {
    for (turn, (kinds, few)) in faults.iter().enumerate() {
        site.finish(DAYS[2]);
        site.prepare(before, DAYS[3], 80);
        let (undisturbed, made) = site.disturbed(DAYS[3], None);
        assert!(undisturbed.status.success(), "{}", String::from_utf8_lossy(&undisturbed.stderr));
        let calls = made.len();
        assert!(calls > 60, "{before:?}: only {calls} calls were counted");
        let mut tally = Tally::default();
        for (i, point) in points(calls, *few, turn).into_iter().enumerate() {
            // The build that is to be there before needs no run of its own after the last one.
            let day = DAYS[if matches!(before, Before::Same | Before::Spoilt) { 3 } else { i % DAYS.len() }];
            site.disturb(before, kinds[i % kinds.len()], point, day, calls, &mut tally);
        }
        println!("{before:?}, {kinds:?}, {calls} calls: {tally:?}");
    }
}

#[test]
fn a_fault_at_any_call_leaves_the_last_good_build() {
    let site = Site::new("tallies");
    site.finish(DAYS[1]);
    let ((), polls) = site.polled(|| {
        try_each(
            &site,
            Before::OtherBuilds,
            &[
                (&[Fault::Kill], 6),
                (&[Fault::Stays(ENOSPC)], 4),
                (&[Fault::Once(EACCES)], 3),
                (&[Fault::Stays(EACCES)], 2),
                (&[Fault::Once(EIO), Fault::Once(ESTALE), Fault::Once(EROFS), Fault::Once(EDQUOT)], 2),
            ],
        );
    });
    println!("{} polls saw {} builds, {} overtaken", polls.asked, polls.builds.len(), polls.overtaken);
}

#[test]
fn a_fault_at_any_call_whatever_is_there_before() {
    let site = Site::new("tallies");
    for (before, few) in [(Before::Nothing, 2), (Before::Leftovers, 2), (Before::Same, 2), (Before::Spoilt, 4)] {
        try_each(&site, before, &[(&[Fault::Kill], few), (&[Fault::Stays(ENOSPC)], 1)]);
    }
}

/// What the power can take: names made, changed or removed in a folder since it was flushed, and bytes of files.
#[test]
fn all_is_flushed_before_it_is_needed() {
    let site = Site::new("tallies");
    let (output, calls) = site.disturbed(DAYS[0], None);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let above = |path: &str| path.rsplit_once('/').unwrap().0.to_owned();
    let mut loose: BTreeSet<String> = BTreeSet::new();
    let mut swaps = 0;
    for call in &calls {
        let [call, path, to] = call.split('\t').collect::<Vec<_>>().try_into().unwrap();
        match call {
            "fsync" | "fdatasync" => drop(loose.remove(path)),
            "rename" => {
                let renames_the_build = path.ends_with("builds/.unfinished");
                if renames_the_build || to.ends_with("/current") {
                    swaps += 1;
                    let inside = if renames_the_build { path.to_owned() } else { above(path) + "/builds" };
                    let found: Vec<_> = loose.iter().filter(|name| name.starts_with(&inside)).collect();
                    assert!(found.is_empty(), "not flushed before {path} became {to}: {found:?}");
                }
                loose.extend([above(path), above(to)]);
            }
            "mkdir" | "symlink" | "unlink" | "unlinkat" | "rmdir" => drop(loose.insert(above(path))),
            "open" => loose.extend([above(path), path.to_owned()]),
            "write" | "chmod" => drop(loose.insert(path.to_owned())),
            "flock" => {}
            other => panic!("{other} is not known here"),
        }
    }
    assert_eq!(swaps, 2, "{calls:#?}");
    let out = fs::canonicalize(site.out()).unwrap().to_string_lossy().into_owned();
    assert!(!loose.contains(&out), "the link is not flushed");
}
