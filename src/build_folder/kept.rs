//! Which builds stay: those that were published last, in the order of `builds/.history`.
//!
//! The order is written down, because nothing else tells it: a name has the data date, and an earlier day may be built
//! later; the times of files change when a folder is copied, and clocks go back.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::disk;
use super::error::{BuildFolderError, io_error};
use super::manifest;

/// Names of builds in the order in which they became current, a line each, the newest last.
const HISTORY: &str = ".history";
/// Where the history is written before it has its name.
const NEW_HISTORY: &str = ".history.new";
/// What a folder is called while it is removed, before its number.
const REMOVED: &str = ".removed-";

/// Notes, before `current` moves, that it moves from one build to another.
pub(super) fn note(builds: &Path, from: Option<&str>, to: &str) -> Result<(), BuildFolderError> {
    let known = history(builds)?;
    let mut names = known.clone();
    names.retain(|name| name != to && Some(name.as_str()) != from && builds.join(name).is_dir());
    // What was current until now is the newest but one, even if somebody had gone back to it.
    names.extend(from.filter(|from| *from != to && builds.join(from).is_dir()).map(str::to_owned));
    names.push(to.to_owned());
    if names == known {
        return Ok(());
    }
    let new = builds.join(NEW_HISTORY);
    disk::write(&new, (names.join("\n") + "\n").as_bytes())?;
    disk::rename(&new, &builds.join(HISTORY))?;
    disk::sync_folder(builds)
}

pub(super) fn history(builds: &Path) -> Result<Vec<String>, BuildFolderError> {
    let path = builds.join(HISTORY);
    match fs::read(&path) {
        Ok(text) => Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(io_error("read", &path)(error)),
    }
}

/// The names in a folder that a test picks, sorted.
fn names(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, BuildFolderError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(io_error("list", folder))?;
    let mut names: Vec<String> = entries.into_iter().filter_map(|e| e.file_name().into_string().ok()).collect();
    names.retain(|name| wanted(name));
    names.sort();
    Ok(names)
}

/// The builds that stand in a folder of builds under a name, or under that name with a number: the same inputs and
/// definitions, not always the same bytes.
pub(super) fn namesakes(builds: &Path, name: &str) -> Result<Vec<String>, BuildFolderError> {
    let numbered = |rest: &str| rest.strip_prefix('-').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    names(builds, |found| found.strip_prefix(name).is_some_and(|rest| rest.is_empty() || numbered(rest)))
}

/// Removes the builds that were published before the last `keep`, but never `current` nor the one whose packs are in use. A folder without a manifest is no
/// build, and a link is somebody's own: both stay.
pub(super) fn prune(builds: &Path, current: &str, issued: Option<&str>, keep: usize) -> Result<(), BuildFolderError> {
    let history = history(builds)?;
    let mut standing = names(builds, |name| !name.starts_with('.') && is_build(&builds.join(name)))?;
    // One that was never current comes before all that were.
    standing.sort_by_key(|name| history.iter().position(|known| known == name));
    let extra = standing.len().saturating_sub(keep);
    for name in standing.iter().filter(|name| *name != current && Some(name.as_str()) != issued).take(extra) {
        remove(builds, name)?;
    }
    Ok(())
}

/// Has it a manifest, and is it no link?
pub(super) fn is_build(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|there| there.is_dir()) && manifest::read(path).is_ok()
}

/// Removes a folder of builds so that, killed halfway, it leaves nothing that looks like a build.
pub(super) fn remove(builds: &Path, name: &str) -> Result<(), BuildFolderError> {
    let aside = put_aside(builds, name)?;
    disk::sync_folder(builds)?;
    disk::remove(&aside)
}

/// Gives a folder a name that nobody looks at and the next run clears.
pub(super) fn put_aside(builds: &Path, name: &str) -> Result<PathBuf, BuildFolderError> {
    let mut number = 1;
    let mut aside = builds.join(format!("{REMOVED}{number}"));
    while disk::is_there(&aside)? {
        number += 1;
        aside = builds.join(format!("{REMOVED}{number}"));
    }
    disk::rename(&builds.join(name), &aside)?;
    Ok(aside)
}

/// Clears what killed runs left here.
pub(super) fn clear(builds: &Path) -> Vec<BuildFolderError> {
    let leftovers = names(builds, |name| name.starts_with(REMOVED) || name == NEW_HISTORY);
    match leftovers {
        Ok(names) => names.iter().filter_map(|name| disk::remove(&builds.join(name)).err()).collect(),
        Err(error) => vec![error],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builds(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let manifest = r#"{"version":"0","pipeline":"p","force":"f","provenance":"synthetic","data_date":"2026-01-31",
            "options":[],"definitions_hash":"h","inputs":[],"reconciliation":[],"files":[]}"#;
        for name in names {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("manifest.json"), manifest).unwrap();
        }
        folder
    }

    fn standing(folder: &Path) -> Vec<String> {
        names(folder, |name| name != HISTORY).unwrap()
    }

    #[test]
    fn the_builds_published_last_stay() {
        for (history, current, keep, stay) in [
            ("c\nb\na\n", "a", 2, &["a", "b"][..]),
            ("c\nb\na\n", "a", 3, &["a", "b", "c"]),
            ("c\nb\na\n", "a", 9, &["a", "b", "c"]),
            // Without a history the names decide, and what was never current goes first.
            ("", "c", 2, &["b", "c"]),
            ("a\n", "a", 1, &["a"]),
            ("b\na\n", "a", 2, &["a", "b"]),
            // Never the one that is current, whatever the history says.
            ("a\nb\nc\n", "a", 2, &["a", "c"]),
            ("no such build\n\u{fffd}\nb\nc\na", "a", 2, &["a", "c"]),
        ] {
            let folder = builds(&["a", "b", "c"]);
            fs::write(folder.path().join(HISTORY), history).unwrap();
            prune(folder.path(), current, None, keep).unwrap();
            assert_eq!(standing(folder.path()), stay, "{history:?} {current} {keep}");
        }
    }

    #[test]
    fn the_build_whose_packs_are_in_use_stays() {
        let folder = builds(&["a", "b", "c"]);
        fs::write(folder.path().join(HISTORY), "a\nb\nc\n").unwrap();
        prune(folder.path(), "c", Some("a"), 1).unwrap();
        assert_eq!(standing(folder.path()), ["a", "c"]);
    }

    #[test]
    fn what_is_no_build_stays() {
        let folder = builds(&["a", "b", "c"]);
        fs::create_dir(folder.path().join("0-notes")).unwrap();
        fs::write(folder.path().join("0-notes/plan.txt"), "mine").unwrap();
        fs::create_dir(folder.path().join("1-spoilt")).unwrap();
        fs::write(folder.path().join("1-spoilt/manifest.json"), "{}").unwrap();
        fs::write(folder.path().join("2-file"), "mine").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("a", folder.path().join("3-link")).unwrap();
        prune(folder.path(), "c", None, 1).unwrap();
        let linked = if cfg!(unix) { &["3-link"][..] } else { &[] };
        assert_eq!(standing(folder.path()), [&["0-notes", "1-spoilt", "2-file"], linked, &["c"]].concat());
    }

    #[test]
    fn the_history_has_what_was_current_last_but_one() {
        let folder = builds(&["a", "b", "c"]);
        let at = |from, to| {
            note(folder.path(), from, to).unwrap();
            history(folder.path()).unwrap().join(" ")
        };
        assert_eq!(at(None, "a"), "a");
        assert_eq!(at(Some("a"), "b"), "a b");
        assert_eq!(at(Some("b"), "b"), "a b");
        assert_eq!(at(Some("b"), "c"), "a b c");
        // Somebody went back to a.
        assert_eq!(at(Some("a"), "c"), "b a c");
        fs::remove_dir_all(folder.path().join("b")).unwrap();
        assert_eq!(at(Some("c"), "a"), "c a");
    }

    #[test]
    fn what_was_half_removed_is_cleared() {
        let folder = builds(&["a", ".removed-1", ".removed-2"]);
        fs::write(folder.path().join(NEW_HISTORY), "a").unwrap();
        assert_eq!(put_aside(folder.path(), "a").unwrap(), folder.path().join(".removed-3"));
        assert!(clear(folder.path()).is_empty());
        assert!(standing(folder.path()).is_empty());
    }

    #[test]
    fn namesakes_have_a_number_or_none() {
        let all = ["2026-01-31-0a", "2026-01-31-0a-2", "2026-01-31-0a-17", "2026-01-31-0ab", "2026-01-31-0a-x"];
        let folder = builds(&all);
        assert_eq!(
            namesakes(folder.path(), "2026-01-31-0a").unwrap(),
            ["2026-01-31-0a", "2026-01-31-0a-17", "2026-01-31-0a-2"]
        );
    }
}
