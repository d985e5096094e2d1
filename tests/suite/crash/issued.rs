//! The link to the packs in use, while it is moved: a run that is killed, or whose disk fails, leaves it at a whole build.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::faults::{EACCES, ENOSPC, Fault};
use super::{DAYS, Site, names, verified};
use crate::command::Succeeds;

/// Name of the build whose packs are in use, and whether they are held.
fn in_use(site: &Site) -> (PathBuf, bool) {
    let link = fs::read_link(site.out().join("issued")).unwrap();
    verified(&site.out().join(&link)).unwrap();
    assert!(site.out().join(&link).join("packs").is_dir(), "{} has no packs", link.display());
    (link, site.out().join("issued.hold").exists())
}

#[test]
fn packs_in_use_are_those_of_a_whole_build_whatever_fails() {
    let site = Site::new("tables");
    let [older, newer] = [DAYS[1], DAYS[0]].map(|day| {
        site.sandbox.command(&["build", "pipelines/small.toml", "--as-at", day]).succeeds();
        in_use(&site).0
    });
    assert_ne!(older, newer);
    let release = || site.sandbox.command(&["preflight", "--release"]);
    // As it is before a release: the older packs are in use and held, and the newer build is current.
    let hold = || {
        fs::remove_file(site.out().join("issued")).unwrap();
        symlink(&older, site.out().join("issued")).unwrap();
        site.sandbox.command(&["preflight", "--hold", "is the extract whole?"]).succeeds();
        assert_eq!(in_use(&site), (older.clone(), true));
    };
    hold();
    let (output, calls) = site.run_disturbed(release(), None);
    assert!(output.status.success() && calls.len() > 3, "{calls:#?}");
    let (mut killed, mut failed) = (0, 0);
    for fault in [Fault::Kill, Fault::Stays(ENOSPC), Fault::Once(EACCES), Fault::Stays(EACCES)] {
        for (at, call) in calls.iter().enumerate() {
            hold();
            let (output, _) = site.run_disturbed(release(), Some((fault, at + 1)));
            let said = String::from_utf8_lossy(&output.stderr);
            let place = format!("{fault:?} at {call}: {said}");
            let (is, held) = in_use(&site);
            assert!(!said.contains("panicked"), "{place}");
            assert!(is == older || is == newer && !held, "{place}: {} is in use, held: {held}", is.display());
            match output.status.code() {
                Some(0) => assert_eq!((is, held), (newer.clone(), false), "{place}"),
                Some(code) => {
                    failed += 1;
                    assert!(code == 1 && said.contains("cannot ") && said.contains("help: "), "{place}");
                }
                None => {
                    killed += 1;
                    assert_eq!(fault, Fault::Kill, "{place}");
                }
            }
            release().succeeds();
            assert_eq!(in_use(&site), (newer.clone(), false), "{place}");
            assert_eq!(names(&site.out()), [".lock", "builds", "current", "issued"], "{place}");
        }
    }
    println!("{} calls: {killed} runs killed, {failed} failed", calls.len());
    assert!(killed == calls.len() && failed > calls.len(), "{killed} of {} were killed, {failed} failed", calls.len());
}

/// A hold that is not written whole would be no hold, or one without its reason.
#[test]
fn a_hold_is_there_whole_or_not_at_all() {
    let site = Site::new("tallies");
    site.finish(DAYS[0]);
    let hold = || site.sandbox.command(&["preflight", "--hold", "is the extract whole?"]);
    let path = site.out().join("issued.hold");
    let (output, calls) = site.run_disturbed(hold(), None);
    assert!(output.status.success() && calls.len() > 3, "{calls:#?}");
    for fault in [Fault::Kill, Fault::Stays(ENOSPC), Fault::Once(EACCES)] {
        for (at, call) in calls.iter().enumerate() {
            fs::remove_file(&path).unwrap();
            let (output, _) = site.run_disturbed(hold(), Some((fault, at + 1)));
            let place = format!("{fault:?} at {call}: {}", String::from_utf8_lossy(&output.stderr));
            match fs::read_to_string(&path) {
                Ok(reason) => assert_eq!(reason, "is the extract whole?\n", "{place}"),
                Err(_) => assert!(!output.status.success(), "{place}"),
            }
            hold().succeeds();
            assert_eq!(fs::read_to_string(&path).unwrap(), "is the extract whole?\n", "{place}");
            assert_eq!(names(&site.out()), [".lock", "builds", "current", "issued.hold"], "{place}");
        }
    }
}
