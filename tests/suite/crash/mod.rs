//! Builds that are killed, and builds whose disk fails: whoever reads `output/current` sees a whole build at every instant,
//! and the next run gives what an undisturbed one gives.
//!
//! `cargo test` runs a short form; `tests/crash/run` the long one, 500 kills and a fault at every call that writes.

#![allow(clippy::unwrap_used, clippy::panic)]

mod faults;
mod issued;
mod kills;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use scorecard::build_folder::{Manifest, verify};

use crate::cli::Sandbox;

/// Builds of these days come one after the other, so that each run swaps and, with two builds kept, removes one.
const DAYS: [&str; 4] = ["2025-03-31", "2025-03-24", "2025-03-17", "2025-03-10"];
/// Metrics of three extracts: every table is written, and a run takes half the time.
const SMALLER: &str = "keep_builds = 2\nonly = [\"calls_999\", \"immediate_unattended\", \"solved_rate_recorded\"]\n";

/// What an undisturbed build of each day holds, up to a stage.
type Truth = LazyLock<BTreeMap<&'static str, Manifest>>;
static TABLES: Truth = LazyLock::new(|| Site::new("tables").undisturbed());
static TALLIES: Truth = LazyLock::new(|| Site::new("tallies").undisturbed());

/// Extracts and an output folder.
struct Site {
    sandbox: Sandbox,
    /// The stage that builds stop after.
    only: &'static str,
    /// Runs started so far.
    runs: AtomicU64,
}

/// What a reader finds behind `current`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum View {
    Nothing,
    /// The build of a day, every byte as an undisturbed run writes it.
    Whole(&'static str),
    Broken(String),
}

/// What the reader who asked all the time saw.
#[derive(Default)]
struct Polls {
    asked: u64,
    builds: BTreeSet<PathBuf>,
    broken: Vec<String>,
    /// Times when two runs went by while one build was being read.
    overtaken: u64,
}

/// The manifest of a build that verifies, without the page whose trend looks back at earlier builds.
fn verified(build: &Path) -> Result<Manifest, String> {
    let mut manifest = verify(build).map_err(|error| error.to_string())?;
    manifest.files.retain(|file| file.path != "data_quality.html");
    Ok(manifest)
}

impl Site {
    fn new(only: &'static str) -> Self {
        let sandbox = Sandbox::new();
        sandbox.edit("pipelines/small.toml", |text| text.replacen("solved_set", &format!("{SMALLER}solved_set"), 1));
        Self { sandbox, only, runs: AtomicU64::new(0) }
    }

    fn undisturbed(&self) -> BTreeMap<&'static str, Manifest> {
        let of = |day| {
            self.finish(day);
            verified(&self.current().unwrap()).unwrap()
        };
        DAYS.into_iter().map(|day| (day, of(day))).collect()
    }

    fn out(&self) -> PathBuf {
        self.sandbox.path("output")
    }

    fn command(&self, day: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scorecard"));
        command.args(["build", "pipelines/small.toml", "--only", self.only, "--as-at", day]);
        command.current_dir(self.sandbox.path("")).stdin(Stdio::null()).stdout(Stdio::null());
        self.runs.fetch_add(1, Ordering::SeqCst);
        command
    }

    /// Runs to the end, undisturbed.
    fn finish(&self, day: &str) -> Output {
        let output = self.command(day).output().unwrap();
        assert!(output.status.success(), "{day}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// A build, checked against its manifest and the undisturbed one of its day.
    fn whole(&self, build: &Path) -> Result<&'static str, String> {
        let manifest = verified(build)?;
        let truth = if self.only == "tables" { &TABLES } else { &TALLIES };
        let day = truth.iter().find(|(_, truth)| **truth == manifest).map(|(day, _)| *day);
        day.ok_or_else(|| format!("{} is not what an undisturbed run writes", build.display()))
    }

    /// Where `current` leads, as a reader finds out who goes on to read several files there.
    fn current(&self) -> std::io::Result<PathBuf> {
        fs::read_link(self.out().join("current")).map(|to| self.out().join(to))
    }

    fn seen(&self) -> View {
        match self.current() {
            Ok(build) => self.whole(&build).map_or_else(View::Broken, View::Whole),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => View::Nothing,
            Err(error) => View::Broken(error.to_string()),
        }
    }

    /// After a run to the end: its build is current, and nothing but whole builds, no more than are kept, is there.
    fn assert_converged(&self, day: &'static str) {
        assert_eq!(self.seen(), View::Whole(day));
        assert_eq!(names(&self.out()), [".lock", "builds", "current"]);
        let builds = names(&self.out().join("builds"));
        assert_eq!(builds[0], ".history");
        assert!((2..=3).contains(&builds.len()), "{builds:?}");
        for name in &builds[1..] {
            self.whole(&self.out().join("builds").join(name)).unwrap();
        }
        let history = fs::read_to_string(self.out().join("builds/.history")).unwrap();
        let current = self.current().unwrap();
        assert_eq!(history.lines().last(), current.file_name().and_then(|name| name.to_str()));
    }

    /// Does the work while a reader asks all the time.
    fn polled<T>(&self, work: impl FnOnce() -> T) -> (T, Polls) {
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let poller = scope.spawn(|| self.poll(&done));
            // Also when the work panics.
            let finished = AtDrop(&done);
            let result = work();
            drop(finished);
            let polls = poller.join().unwrap();
            assert!(polls.broken.is_empty(), "of {} polls: {:#?}", polls.asked, polls.broken);
            assert!(polls.asked > 0 && polls.builds.len() > 1, "the reader saw no build go and another come");
            (result, polls)
        })
    }

    fn poll(&self, done: &AtomicBool) -> Polls {
        let mut polls = Polls::default();
        while !done.load(Ordering::SeqCst) {
            polls.asked += 1;
            let runs = self.runs.load(Ordering::SeqCst);
            let found = self.current();
            match found.as_ref().map_err(ToString::to_string).and_then(|build| self.whole(build)) {
                Ok(_) => polls.builds.extend(found.ok()),
                // The one run publishes, the next one removes the build that was current before it.
                Err(_)
                    if self.runs.load(Ordering::SeqCst) > runs
                        && self.current().ok() != found.as_ref().ok().cloned() =>
                {
                    polls.overtaken += 1;
                }
                Err(why) => polls.broken.push(why),
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        polls
    }
}

struct AtDrop<'a>(&'a AtomicBool);

impl Drop for AtDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}
