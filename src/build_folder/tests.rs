use std::fs;

use super::*;

fn manifest(data_date: &str) -> Manifest {
    Manifest {
        version: "0".into(),
        pipeline: "p".into(),
        force: "f".into(),
        provenance: "synthetic".into(),
        data_date: data_date.into(),
        options: Vec::new(),
        definitions_hash: "h".into(),
        inputs: Vec::new(),
        reconciliation: Vec::new(),
        files: Vec::new(),
    }
}

fn written(out: &Path, text: &str) -> BuildFolder {
    let folder = BuildFolder::start(out).unwrap();
    fs::write(folder.path().join("tables/a.parquet"), text).unwrap();
    folder
}

fn build(out: &Path, date: &str, text: &str) -> PathBuf {
    let published = written(out, text).publish(manifest(date), 14).unwrap();
    assert!(published.left.is_empty(), "{:?}", published.left);
    published.path
}

fn current(out: &Path) -> String {
    fs::read_to_string(out.join("current/tables/a.parquet")).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

#[test]
fn a_build_is_swapped_in_whole() {
    let out = tempfile::tempdir().unwrap();
    let first = build(out.path(), "2026-01-31", "one");
    assert_eq!(current(out.path()), "one");
    let second = build(out.path(), "2026-02-28", "two");
    assert_eq!(current(out.path()), "two");
    assert!(verify(&first).is_ok() && verify(&second).is_ok());
    assert_eq!(names(out.path()), [".lock", "builds", "current"]);
    assert_eq!(names(&first), ["manifest.json", "tables"]);
}

#[test]
fn a_build_that_fails_takes_what_it_wrote_with_it() {
    let out = tempfile::tempdir().unwrap();
    build(out.path(), "2026-01-31", "one");
    let before = names(&out.path().join("builds"));
    drop(written(out.path(), "half"));
    assert_eq!(current(out.path()), "one");
    assert_eq!(names(&out.path().join("builds")), before);
}

#[test]
fn what_a_killed_run_left_is_cleared() {
    let out = tempfile::tempdir().unwrap();
    build(out.path(), "2026-01-31", "one");
    for folder in [".stopped", ".stopped-old", "builds/.unfinished", "builds/.removed-1", "builds/.removed-7"] {
        fs::create_dir_all(out.path().join(folder).join("tables")).unwrap();
        fs::write(out.path().join(folder).join("tables/b.parquet"), "half").unwrap();
    }
    fs::write(out.path().join("builds/.history.new"), "half").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", out.path().join(".current")).unwrap();
    let path = build(out.path(), "2026-02-28", "two");
    assert_eq!(names(&path.join("tables")), ["a.parquet"]);
    assert_eq!(names(out.path()), [".lock", "builds", "current"]);
    assert_eq!(names(&out.path().join("builds"))[0], ".history");
    assert_eq!(names(&out.path().join("builds")).len(), 3);
}

#[test]
fn two_builds_at_once_are_refused() {
    let out = tempfile::tempdir().unwrap();
    let first = BuildFolder::start(out.path()).unwrap();
    assert!(matches!(BuildFolder::start(out.path()), Err(BuildFolderError::Busy(_))));
    drop(first);
    assert!(BuildFolder::start(out.path()).is_ok());
}

#[test]
fn a_spoilt_build_is_named_and_another_takes_its_place() {
    let out = tempfile::tempdir().unwrap();
    let path = build(out.path(), "2026-01-31", "one");
    fs::write(path.join("tables/a.parquet"), "spoilt").unwrap();
    assert!(verify(&path).unwrap_err().to_string().contains("tables/a.parquet has changed"));
    let mended = build(out.path(), "2026-01-31", "one");
    assert_eq!(current(out.path()), "one");
    assert!(!path.exists() && mended.ends_with(format!("{}-2", path.file_name().unwrap().to_str().unwrap())));
    assert!(verify(&mended).is_ok());
    // It is the same build from now on.
    assert_eq!(build(out.path(), "2026-01-31", "one"), mended);
}

#[test]
fn the_same_build_stays_where_readers_have_it() {
    let out = tempfile::tempdir().unwrap();
    let path = build(out.path(), "2026-01-31", "one");
    let made = fs::metadata(path.join("tables/a.parquet")).unwrap().modified().unwrap();
    build(out.path(), "2026-02-28", "two");
    assert_eq!(build(out.path(), "2026-01-31", "one"), path);
    assert_eq!(current(out.path()), "one");
    assert_eq!(fs::metadata(path.join("tables/a.parquet")).unwrap().modified().unwrap(), made);
    // The same inputs and definitions, other bytes: both are good builds.
    let other = build(out.path(), "2026-01-31", "three");
    assert_eq!(current(out.path()), "three");
    assert!(verify(&path).is_ok() && verify(&other).is_ok());
}

#[test]
fn the_last_builds_stay() {
    let out = tempfile::tempdir().unwrap();
    for (month, keep, stay) in [(3, 2, &[3][..]), (1, 2, &[1, 3]), (2, 2, &[1, 2]), (4, 3, &[1, 2, 4]), (5, 2, &[4, 5])]
    {
        let date = format!("2026-0{month}-28");
        written(out.path(), &date).publish(manifest(&date), keep).unwrap();
        assert_eq!(current(out.path()), date);
        let found: Vec<String> = names(&out.path().join("builds")).iter().skip(1).map(|n| n[..10].to_owned()).collect();
        let expected: Vec<String> = stay.iter().map(|month| format!("2026-0{month}-28")).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_stopped_run_leaves_its_reason_until_one_publishes() {
    let out = tempfile::tempdir().unwrap();
    build(out.path(), "2026-01-31", "one");
    for reason in ["first", "second"] {
        let files = vec![("reasons.json".to_owned(), reason.into()), (format!("why-{reason}.html"), b"<p>".to_vec())];
        let folder = written(out.path(), "half").stop(files).unwrap();
        assert_eq!(folder, out.path().join("stopped"));
        assert_eq!(names(&folder), ["reasons.json".to_owned(), format!("why-{reason}.html")]);
        assert_eq!(fs::read_to_string(folder.join("reasons.json")).unwrap(), reason);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert_eq!(current(out.path()), "one");
        assert_eq!(names(out.path()), [".lock", "builds", "current", "stopped"]);
    }
    build(out.path(), "2026-02-28", "two");
    assert_eq!(names(out.path()), [".lock", "builds", "current"]);
}

#[test]
fn a_folder_that_was_exchanged_is_not_published() {
    let out = tempfile::tempdir().unwrap();
    build(out.path(), "2026-01-31", "one");
    let folder = written(out.path(), "two");
    let path = folder.path().to_owned();
    // Kept, so that the new folder cannot have its number.
    fs::rename(&path, out.path().join("elsewhere")).unwrap();
    fs::create_dir_all(path.join("tables")).unwrap();
    fs::write(path.join("tables/b.parquet"), "half").unwrap();
    let error = folder.publish(manifest("2026-02-28"), 14).err().unwrap();
    assert!(matches!(&error, BuildFolderError::Gone(_)), "{error}");
    assert_eq!(current(out.path()), "one");
    assert!(path.join("tables/b.parquet").exists(), "somebody else's folder was removed");
}

#[cfg(unix)]
#[test]
fn a_folder_called_current_is_refused_before_anything_is_read() {
    let out = tempfile::tempdir().unwrap();
    fs::create_dir(out.path().join("current")).unwrap();
    let error = BuildFolder::start(out.path()).err().unwrap();
    assert!(matches!(&error, BuildFolderError::NotALink(_)), "{error}");
    assert!(error.hint().contains("Move it away"));
}
