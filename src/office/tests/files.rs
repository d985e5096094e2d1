//! Documents as files: the same bytes twice, on the plain template and on each of a folder.
//!
//! `OFFICE_SAMPLES` names a folder to write them to, for `tests/independent/office.py`; `OFFICE_TEMPLATES` one with templates.

use std::path::PathBuf;

use super::content::{deck, report};
use crate::office::report::Page;

/// Templates by name; the plain one without a file.
fn templates(extension: &str) -> Vec<(String, Option<Vec<u8>>)> {
    let mut found = vec![("plain".to_owned(), None)];
    let Some(folder) = std::env::var_os("OFFICE_TEMPLATES") else { return found };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == extension)) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        found.push((name, Some(std::fs::read(path).unwrap())));
    }
    found
}

fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("OFFICE_SAMPLES") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(PathBuf::from(folder).join(name), bytes).unwrap();
    }
}

#[test]
fn decks_are_the_same_bytes_twice() {
    for (name, template) in templates("pptx") {
        let first = deck(template.clone()).write().unwrap();
        assert!(first == deck(template).write().unwrap(), "{name}");
        keep(&format!("deck_{name}.pptx"), &first);
    }
}

#[test]
fn reports_are_the_same_bytes_twice() {
    for (name, template) in templates("docx") {
        for (turn, page) in [("", Page::A4Portrait), ("_landscape", Page::A4Landscape)] {
            let first = report(template.clone(), page).write().unwrap();
            assert!(first == report(template.clone(), page).write().unwrap(), "{name}");
            keep(&format!("report_{name}{turn}.docx"), &first);
        }
    }
}
