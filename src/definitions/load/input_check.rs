//! From the wire form of an input to the checked one.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use toml::Spanned;

use super::checker::Checker;
use super::input_toml::{FilesToml, HeadersToml, InputToml};
use super::pipeline_check::Surroundings;
use crate::definitions::{Column, ColumnKind, Extract, Input, Layout, Mapping};
use crate::domain::{DateFormat, Provenance};
use crate::files::Encoding;

const PROVENANCES: [Provenance; 3] = [Provenance::Synthetic, Provenance::Published, Provenance::Force];
/// What may stand between fields.
const DELIMITERS: [&str; 4] = [",", ";", "|", "\t"];
/// More digits than this are no collar number or reference that a spreadsheet could have shortened.
const MOST_DIGITS: u8 = 15;

/// An extract's files with what is stated of them; `None` with the faults noted.
pub(super) fn input(
    checker: &mut Checker<'_>,
    wire: &InputToml,
    extract: Option<&Extract>,
    around: &Surroundings<'_>,
) -> Option<Input> {
    let provenance = provenance(checker, &wire.provenance);
    let files = files(checker, &wire.files, around);
    let layout = layout(checker, wire);
    let mapping = extract.map(|extract| mapping(checker, wire, extract));
    Some(Input { files, provenance: provenance?, layout, mapping: mapping? })
}

/// Files that are read as they are.
pub(super) fn plain_files(checker: &mut Checker<'_>, wire: &FilesToml, around: &Surroundings<'_>) -> Option<Input> {
    let provenance = provenance(checker, &wire.provenance);
    let files = files(checker, &wire.files, around);
    Some(Input::canonical(files, provenance?))
}

fn provenance(checker: &mut Checker<'_>, text: &Spanned<String>) -> Option<Provenance> {
    checker.word(text, "provenance", &PROVENANCES.map(|provenance| (provenance.name(), provenance)))
}

fn layout(checker: &mut Checker<'_>, wire: &InputToml) -> Layout {
    let encodings = Encoding::ALL.map(|encoding| (encoding.name(), encoding));
    let encoding = wire.encoding.as_ref().and_then(|text| checker.word(text, "encoding", &encodings));
    let delimiter = wire.delimiter.as_ref().and_then(|text| {
        let found = DELIMITERS.iter().find(|d| **d == text.get_ref().as_str());
        if found.is_none() {
            checker
                .fault(text.span(), "this does not stand between fields")
                .expected("expected `,`, `;`, `|` or `\\t`");
        }
        found.map(|delimiter| delimiter.as_bytes()[0])
    });
    let header_row = wire.header_row.as_ref().and_then(|row| {
        if *row.get_ref() == 0 {
            checker.fault(row.span(), "rows are numbered from 1");
        }
        (*row.get_ref() > 0).then_some(*row.get_ref())
    });
    let footer = wire.footer.iter().flatten();
    let footer = footer.filter_map(|text| checker.prose(text, "footer").map(|text| text.to_lowercase())).collect();
    let sheet = wire.sheet.as_ref().map(|text| text.get_ref().clone());
    Layout { encoding, delimiter, sheet, header_row, footer }
}

fn mapping(checker: &mut Checker<'_>, wire: &InputToml, extract: &Extract) -> Mapping {
    let mut mapping = Mapping::default();
    for (name, headers) in &wire.columns {
        let Some(column) = column(checker, name, extract) else { continue };
        let found = match headers.get_ref() {
            HeadersToml::One(header) => vec![header.trim().to_owned()],
            HeadersToml::Joined(list) => list.iter().map(|header| header.trim().to_owned()).collect(),
        };
        if found.is_empty() || found.iter().any(String::is_empty) {
            checker.fault(headers.span(), format!("`{}` has no header here", column.name));
        }
        mapping.columns.insert(column.name.clone(), found);
    }
    mapping.date_format = wire.date_format.as_ref().and_then(|text| date_format(checker, text));
    for (name, text) in &wire.date_formats {
        let Some(column) = column(checker, name, extract) else { continue };
        if column.kind != ColumnKind::Time {
            checker.fault(name.span(), format!("`{}` is no time", column.name));
        }
        mapping.date_formats.extend(date_format(checker, text).map(|format| (column.name.clone(), format)));
    }
    for (name, values) in &wire.values {
        let Some(column) = column(checker, name, extract) else { continue };
        let lower =
            values.iter().map(|(source, canonical)| (source.trim().to_lowercase(), canonical.trim().to_owned()));
        let lower: BTreeMap<String, String> = lower.collect();
        for canonical in lower.values() {
            value_is_known(checker, name, column, canonical);
        }
        mapping.values.insert(column.name.clone(), lower);
    }
    for (name, digits) in &wire.digits {
        let Some(column) = column(checker, name, extract) else { continue };
        if !(1..=MOST_DIGITS).contains(digits.get_ref()) {
            checker
                .fault(digits.span(), "this is no number of digits")
                .expected(format!("expected 1 to {MOST_DIGITS}"));
        }
        mapping.digits.insert(column.name.clone(), *digits.get_ref());
    }
    mapping
}

fn column<'e>(checker: &mut Checker<'_>, name: &Spanned<String>, extract: &'e Extract) -> Option<&'e Column> {
    let found = extract.column(name.get_ref());
    if found.is_none() {
        let known = extract.columns.iter().map(|column| column.name.as_str());
        let message = format!("{} has no column `{}`", extract.id, name.get_ref());
        checker.fault(name.span(), message).did_you_mean(name.get_ref(), known);
    }
    found
}

/// A code that is mapped to a word that no list holds would only be quarantined later.
fn value_is_known(checker: &mut Checker<'_>, name: &Spanned<String>, column: &Column, canonical: &str) {
    let known: Vec<&str> = match &column.kind {
        ColumnKind::Code(words) => words.iter().map(String::as_str).collect(),
        ColumnKind::Score { labels, no_answer } => labels.iter().chain(no_answer).map(String::as_str).collect(),
        _ => return,
    };
    let number = matches!(column.kind, ColumnKind::Score { .. }) && canonical.parse::<f64>().is_ok();
    if canonical.is_empty() || number || known.iter().any(|word| word.eq_ignore_ascii_case(canonical)) {
        return;
    }
    checker.unknown(canonical, name.span(), &format!("{} to map to", column.name), known.into_iter());
}

fn date_format(checker: &mut Checker<'_>, text: &Spanned<String>) -> Option<DateFormat> {
    let format = DateFormat::of(text.get_ref());
    if format.is_none() {
        let words = DateFormat::WORDS.map(|(word, _)| format!("`{word}`")).join(", ");
        checker
            .fault(text.span(), format!("`{}` is no date format", text.get_ref()))
            .expected(format!("expected {words}, or a pattern such as `%d-%b-%y %H.%M`"));
    }
    format
}

/// The files of an input. A file that does not exist is a fault of the data, found when it is read.
pub(super) fn files(
    checker: &mut Checker<'_>,
    written: &Spanned<Vec<String>>,
    around: &Surroundings<'_>,
) -> Vec<PathBuf> {
    if written.get_ref().is_empty() {
        checker.fault(written.span(), "there are no files here");
    }
    let mut found = Vec::new();
    for path in written.get_ref() {
        match matching(&clean(&around.folder.join(path))) {
            Ok(paths) => found.extend(paths),
            Err(reason) => {
                checker.fault(written.span(), format!("`{path}` is no pattern of file names: {reason}"));
            }
        }
    }
    found
}

/// The path without `.`, and without a folder followed by `..`.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// The files that a pattern stands for, sorted; a name without `*`, `?` or `[`, or without a match, stands for itself.
fn matching(path: &Path) -> Result<Vec<PathBuf>, glob::PatternError> {
    let pattern = path.to_string_lossy();
    if path.exists() || !pattern.contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let mut found: Vec<PathBuf> = glob::glob(&pattern)?.flatten().filter(|path| path.is_file()).collect();
    found.sort();
    Ok(if found.is_empty() { vec![path.to_owned()] } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_pipeline_file() {
        for (folder, written, path) in [
            ("pipelines", "../sample_data/crimes.csv.gz", "sample_data/crimes.csv.gz"),
            ("pipelines", "./crimes.csv", "pipelines/crimes.csv"),
            ("", "../crimes.csv", "../crimes.csv"),
            ("a/b", "../../../crimes.csv", "../crimes.csv"),
            ("/force/pipelines", "../crimes.csv", "/force/crimes.csv"),
            ("pipelines", "/data/crimes.csv", "/data/crimes.csv"),
        ] {
            assert_eq!(clean(&Path::new(folder).join(written)), Path::new(path), "{folder} {written}");
        }
    }

    #[test]
    fn a_pattern_stands_for_the_files_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("2026/03")).unwrap();
        for name in ["b.csv", "a.csv", "a.csv.gz", "[x].csv", "2026/03/c.csv"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let found = |pattern: &str| -> Vec<String> {
            let paths = matching(&folder.path().join(pattern)).unwrap().into_iter();
            paths.map(|p| p.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned()).collect()
        };
        for (pattern, expected) in [
            ("*.csv", &["[x].csv", "a.csv", "b.csv"][..]),
            ("?.csv*", &["a.csv", "a.csv.gz", "b.csv"]),
            ("**/c.csv", &["2026/03/c.csv"]),
            ("[x].csv", &["[x].csv"]),
            ("none-*.csv", &["none-*.csv"]),
        ] {
            assert_eq!(found(pattern), expected, "{pattern}");
        }
        assert!(matching(Path::new("a***")).is_err());
    }
}
