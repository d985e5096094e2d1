//! `scorecard open`: the page is handed to what opens web pages.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::command::scorecard;

/// A system's opener that notes what it is asked to open.
fn opener(folder: &Path) {
    let program = folder.join("xdg-open");
    fs::write(
        &program,
        format!("#!/bin/sh\necho \"$1\" > {}/opened.new\nmv {0}/opened.new {0}/opened\n", folder.display()),
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn the_page_of_a_build_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let (build, programs) = (root.join("a build"), root.join("bin"));
    fs::create_dir(&build).unwrap();
    fs::create_dir(&programs).unwrap();
    let path = format!("{}:/usr/bin:/bin", programs.display());
    let run = |path: &str| {
        let output = scorecard(&root, &["open", "a build"]).env("PATH", path).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };

    let (code, _, error) = run(&path);
    assert_eq!(code, Some(1));
    assert!(error.contains("scorecard.html is not there") && error.contains("Build first"), "{error}");

    let page = build.join("scorecard.html");
    fs::write(&page, "<!DOCTYPE html>").unwrap();
    let (code, _, error) = run("/nowhere");
    assert_eq!(code, Some(1));
    assert!(error.contains("no browser could be started") && error.contains("by hand"), "{error}");

    opener(&programs);
    let (code, said, error) = run(&path);
    assert_eq!((code, said.trim()), (Some(0), page.to_str().unwrap()), "{error}");
    let opened = programs.join("opened");
    let begun = Instant::now();
    while !opened.exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing was opened");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(fs::read_to_string(opened).unwrap().trim(), page.to_str().unwrap());
}
