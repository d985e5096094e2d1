//! Holds the invariants of ARCHITECTURE.md that a compiler does not: imports, clocks, lengths, words.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of `src` may import of ours, itself apart. A module that is not listed fails.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("statistics", &[]),
    ("disclosure", &[]),
    ("files", &[]),
    ("office", &[]),
    ("templates", &["domain"]),
    // The fields that a metric may name are the columns of the conformed tables.
    ("definitions", &["domain", "statistics", "tables", "files"]),
    ("tables", &["domain", "statistics", "files"]),
    ("ingest", STAGE),
    ("gates", STAGE),
    ("validate", STAGE),
    ("conform", STAGE),
    ("measure", STAGE),
    ("comparators", STAGE),
    ("compare", STAGE),
    // Packs are decks and reports, and the public sees less.
    ("publish", &["domain", "definitions", "tables", "statistics", "files", "templates", "office", "disclosure"]),
    ("published", STAGE),
    ("quality", STAGE),
    ("synth", &["domain", "definitions", "tables"]),
    ("build_folder", &["domain", "tables"]),
    ("pipeline", PIPELINE),
    ("commands", &["domain", "definitions", "tables", "pipeline", "build_folder", "synth"]),
    ("cli", &["commands"]),
    ("main", &["cli", "commands", "definitions"]),
    ("lib", &[]),
];
const STAGE: &[&str] = &["domain", "definitions", "tables", "statistics", "files", "templates"];
const PIPELINE: &[&str] = &[
    "domain",
    "definitions",
    "tables",
    "statistics",
    "files",
    "ingest",
    "gates",
    "validate",
    "conform",
    "measure",
    "comparators",
    "compare",
    "publish",
    "published",
    "quality",
    "office",
    "disclosure",
    "build_folder",
];

/// Modules that may name the frame library.
const POLARS: &[&str] =
    &["tables", "build_folder", "ingest", "validate", "conform", "measure", "published", "quality", "pipeline"];

/// Where a clock may be read: the run's log, and what is printed for people.
const CLOCK: &[&str] = &["src/pipeline/run_log.rs", "src/commands/"];

/// Where something may be printed.
const PRINTS: &[&str] = &["src/commands/", "src/main.rs"];

/// Statistics that only name things; whatever computes is tested beside its code.
const ONLY_TYPES: &[&str] = &["src/statistics/mod.rs", "src/statistics/polarity.rs", "src/statistics/estimate.rs"];

const LONGEST_FILE_LINES: usize = 450;

/// Sites that the tree may point to.
const SITES: &[&str] = &[
    "doi.org",
    "example.invalid",
    "github.com",
    "json-schema.org",
    "purl.oclc.org",
    "purl.org",
    "schemas.microsoft.com",
    "schemas.openxmlformats.org",
    "scripts.sil.org",
    "www.apache.org",
    "www.nationalarchives.gov.uk",
    "www.w3.org",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Text files below a folder, by path from the root, without what is built or hidden.
fn texts(below: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root().join(below)];
    while let Some(path) = open.pop() {
        let name = path.strip_prefix(root()).map(|p| p.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        let hidden = name.starts_with('.') && !name.starts_with(".ci") && !name.starts_with(".editorconfig");
        if hidden || name == "target" || (name.starts_with("output/") && name != "output/README.md") {
            continue;
        }
        if path.is_dir() {
            open.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            found.insert(name, text);
        }
    }
    found
}

fn sources() -> BTreeMap<String, String> {
    let mut found = texts("src");
    found.retain(|name, _| name.ends_with(".rs"));
    assert!(found.len() > 100, "the sources were not found");
    found
}

/// The module of `src` that a file belongs to.
fn module(file: &str) -> &str {
    let inside = file.trim_start_matches("src/");
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

/// A line without a comment that fills it.
fn code(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line }
}

/// Files that exist for tests alone: `#[cfg(test)] mod x;` names them.
fn test_files(sources: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, text) in sources {
        let folder = match file.strip_suffix("/mod.rs") {
            Some(folder) => folder.to_owned(),
            None => file.trim_end_matches(".rs").to_owned(),
        };
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for pair in lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]") {
            let Some(name) = pair[1].strip_prefix("mod ").and_then(|m| m.strip_suffix(';')) else { continue };
            let (one, many) = (format!("{folder}/{name}.rs"), format!("{folder}/{name}/"));
            found.extend(sources.keys().filter(|f| **f == one || f.starts_with(&many)).cloned());
        }
    }
    found
}

/// Each line of production code: file, line number, text.
fn production() -> Vec<(String, usize, String)> {
    let sources = sources();
    let tests = test_files(&sources);
    let mut lines = Vec::new();
    for (file, text) in sources.iter().filter(|(file, _)| !tests.contains(*file)) {
        let mut outside_tests = text.split("#[cfg(test)]\nmod tests {");
        let body = outside_tests.next().unwrap_or_default();
        lines.extend(body.lines().enumerate().map(|(i, line)| (file.clone(), i + 1, code(line).to_owned())));
    }
    lines
}

fn assert_none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

/// Names of our modules that follow `root` (`crate::`, or the library's name in the binary) in a line; `{` for a braced
/// list, which no module may be.
fn imports(line: &str, root: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices(root) {
        let inside_a_word = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        let rest = line[at + root.len()..].chars();
        let name: String = rest.take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '{').collect();
        if !inside_a_word && !name.is_empty() {
            found.push(name);
        }
    }
    found
}

#[test]
fn imports_are_found_in_a_line() {
    for (line, expected) in [
        ("use crate::domain::Month;", &["domain"][..]),
        ("pub(crate) fn f() -> crate::tables::Key {", &["tables"]),
        ("use crate::{domain, tables};", &["{domain"]),
        ("use othercrate::domain::X;", &[]),
        ("use super::Month;", &[]),
    ] {
        assert_eq!(imports(line, "crate::"), expected, "{line}");
    }
    assert_eq!(imports("use scorecard::cli::Cli;", "scorecard::"), ["cli"]);
}

#[test]
fn modules_import_only_what_they_may() {
    let rules: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = module(&file);
        let Some(allowed) = rules.get(own) else {
            wrong.push(format!("{file}: module {own} has no rule in MAY_IMPORT"));
            continue;
        };
        let root = if own == "main" { "scorecard::" } else { "crate::" };
        for (i, line) in text.lines().enumerate() {
            for name in imports(code(line), root) {
                if name != own && !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{file}:{}: {own} may not import {name}", i + 1));
                }
            }
        }
    }
    assert_none(wrong, "see the table of imports in ARCHITECTURE.md");
}

#[test]
fn frames_stay_where_rows_are() {
    let lines = production();
    let wrong = lines.iter().filter(|(file, _, line)| {
        (line.contains("polars::") || line.contains("use polars")) && !POLARS.contains(&module(file))
    });
    assert_none(wrong.map(|(f, i, l)| format!("{f}:{i}: {l}")).collect(), "polars is for rows, not for figures");
}

#[test]
fn no_figure_reads_a_clock() {
    let clocks = ["SystemTime", "Instant::now", "Utc::now", "Local::now", "Local::today"];
    let lines = production();
    let wrong = lines.iter().filter(|(file, _, line)| {
        clocks.iter().any(|clock| line.contains(clock)) && !CLOCK.iter().any(|place| file.starts_with(place))
    });
    assert_none(wrong.map(|(f, i, l)| format!("{f}:{i}: {l}")).collect(), "same inputs, same bytes: no clock");
}

#[test]
fn only_commands_print() {
    let prints = ["println!(", "print!(", "eprint!(", "dbg!("];
    let lines = production();
    let wrong = lines.iter().filter(|(file, _, line)| {
        prints.iter().any(|print| line.contains(print)) && !PRINTS.iter().any(|place| file.starts_with(place))
    });
    assert_none(wrong.map(|(f, i, l)| format!("{f}:{i}: {l}")).collect(), "only commands print");
}

#[test]
fn production_code_does_not_allow_itself_to_panic() {
    let panics = ["unwrap_used", "expect_used", "clippy::panic", ".unwrap()", ".expect(", "todo!(", "unimplemented!("];
    let lines = production();
    let wrong = lines.iter().filter(|(_, _, line)| panics.iter().any(|panic| line.contains(panic)));
    assert_none(wrong.map(|(f, i, l)| format!("{f}:{i}: {l}")).collect(), "a fault is a value, not a panic");
}

#[test]
fn files_fit_a_sitting() {
    let long = sources().into_iter().chain(texts("tests").into_iter().filter(|(name, _)| name.ends_with(".rs")));
    let long = long.map(|(file, text)| (file, text.lines().count())).filter(|(_, lines)| *lines > LONGEST_FILE_LINES);
    assert_none(long.map(|(f, n)| format!("{f}: {n} lines")).collect(), "split files by what they are about");
}

#[test]
fn statistics_are_tested_beside_their_code() {
    let sources = sources();
    let tests = test_files(&sources);
    let methods = sources.iter().filter(|(file, _)| file.starts_with("src/statistics/") && !tests.contains(*file));
    let untested: Vec<String> = methods
        .filter(|(file, text)| !text.contains("#[cfg(test)]") && !ONLY_TYPES.contains(&file.as_str()))
        .map(|(file, _)| file.clone())
        .collect();
    assert_none(untested, "a method has literal tests in its own file");
}

#[test]
fn no_module_is_named_for_being_useful() {
    let vague = ["util", "utils", "helpers", "helper", "misc", "common", "manager"];
    let stem =
        |file: &str| file.trim_end_matches("/mod.rs").trim_end_matches(".rs").rsplit('/').next().map(str::to_owned);
    let wrong = sources().into_keys().filter(|file| stem(file).is_some_and(|s| vague.contains(&s.as_str())));
    assert_none(wrong.collect(), "a module is named for what it is about");
}

#[test]
fn the_architecture_names_every_module() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default();
    let modules: BTreeSet<String> = sources().keys().map(|file| module(file).to_owned()).collect();
    let missing = modules.into_iter().filter(|m| m != "lib" && !page.contains(&format!("`{m}")));
    assert_none(missing.collect(), "modules that ARCHITECTURE.md does not name");
}

/// Targets of the Markdown links in a text.
fn links(text: &str) -> Vec<&str> {
    let after = text.match_indices("](").map(|(at, _)| &text[at + 2..]);
    after.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for (file, text) in texts("").into_iter().filter(|(name, _)| name.ends_with(".md")) {
        let folder = root().join(Path::new(&file).parent().unwrap_or(Path::new("")));
        for target in links(&text) {
            let path = target.split('#').next().unwrap_or_default();
            let outside = path.is_empty() || path.contains("://") || path.contains(char::is_whitespace);
            if !outside && !folder.join(path).exists() {
                dead.push(format!("{file}: {target}"));
            }
        }
    }
    assert_none(dead, "dead links");
}

#[test]
fn the_tree_names_no_machine_and_no_stray_site() {
    let machine = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("C:\\", "Users")];
    let mut wrong = Vec::new();
    for (file, text) in texts("") {
        for (i, line) in text.lines().enumerate() {
            if machine.iter().any(|path| line.contains(path)) {
                wrong.push(format!("{file}:{}: a path of one machine", i + 1));
            }
            for (at, scheme) in line.match_indices("://") {
                let host = line[at + scheme.len()..].split(|c: char| !(c.is_alphanumeric() || ".-".contains(c))).next();
                let host = host.unwrap_or_default();
                if host.contains('.') && !SITES.contains(&host) {
                    wrong.push(format!("{file}:{}: {host}", i + 1));
                }
            }
        }
    }
    assert_none(wrong, "add a public site to SITES, or leave it out");
}
