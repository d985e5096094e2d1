//! What is wrong with a definition, and where.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// One file of definitions as it was read.
#[derive(Clone, Debug)]
pub(super) struct SourceFile {
    /// Relative to the folder of the pipeline file, with `/`: `metrics/crimes_recorded.toml`.
    pub name: String,
    /// As a reader would open it: `pipelines/metrics/crimes_recorded.toml`.
    pub path: String,
    pub text: Arc<str>,
}

impl SourceFile {
    /// The file's name without folder and ending.
    pub fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

/// One fault of one definition file.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct DefinitionFault {
    file: String,
    message: String,
    /// What was expected instead; stands at the caret.
    expected: String,
    hint: Option<String>,
    place: Option<(NamedSource<Arc<str>>, Range<usize>)>,
    line: Option<usize>,
}

impl DefinitionFault {
    pub(super) fn at(file: &SourceFile, span: Range<usize>, message: impl Into<String>) -> Self {
        let span = on_its_first_line(&file.text, span);
        let before = file.text.get(..span.start).unwrap_or_default();
        Self {
            file: file.path.clone(),
            message: message.into(),
            expected: String::new(),
            hint: None,
            line: Some(before.matches('\n').count() + 1),
            place: Some((NamedSource::new(&file.path, Arc::clone(&file.text)), span)),
        }
    }

    /// A fault of a file as a whole, such as one that cannot be read.
    pub(super) fn of_file(path: impl Into<String>, message: impl fmt::Display) -> Self {
        let file = path.into();
        Self {
            message: format!("{file}: {message}"),
            file,
            expected: String::new(),
            hint: None,
            place: None,
            line: None,
        }
    }

    pub(super) fn expected(&mut self, expected: impl Into<String>) -> &mut Self {
        self.expected = expected.into();
        self
    }

    pub(super) fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }

    /// Hints at the nearest of the words that were possible, if one is near.
    pub(super) fn did_you_mean<'w>(&mut self, word: &str, among: impl IntoIterator<Item = &'w str>) -> &mut Self {
        if let Some(near) = closest(word, among) {
            self.hint(format!("did you mean `{near}`?"));
        }
        self
    }

    /// The file as a reader would open it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Counted from 1; `None` for a fault of the file as a whole.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    /// What stands at the caret; empty if nothing does.
    pub fn expected_text(&self) -> &str {
        &self.expected
    }

    /// Empty if there is none.
    pub fn hint_text(&self) -> &str {
        self.hint.as_deref().unwrap_or_default()
    }

    pub(super) fn order(&self) -> (String, usize) {
        (self.file.clone(), self.place.as_ref().map_or(0, |(_, span)| span.start))
    }
}

impl Diagnostic for DefinitionFault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.hint.as_ref().map(|text| Box::new(text) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|(text, _)| text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span) = self.place.as_ref()?;
        let label = (!self.expected.is_empty()).then(|| self.expected.clone());
        let labelled = LabeledSpan::new_primary_with_span(label, span.clone());
        Some(Box::new(std::iter::once(labelled)))
    }
}

/// All faults of all definition files, by file and place. Exit code 2.
#[derive(Clone, Debug, thiserror::Error)]
pub struct DefinitionFaults {
    faults: Vec<DefinitionFault>,
}

impl DefinitionFaults {
    pub(super) fn new(mut faults: Vec<DefinitionFault>) -> Self {
        faults.sort_by_key(DefinitionFault::order);
        Self { faults }
    }

    pub fn faults(&self) -> &[DefinitionFault] {
        &self.faults
    }
}

impl fmt::Display for DefinitionFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.len() {
            1 => f.write_str("the definitions have 1 fault"),
            n => write!(f, "the definitions have {n} faults"),
        }
    }
}

impl Diagnostic for DefinitionFaults {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.faults.iter().map(|fault| fault as &dyn Diagnostic)))
    }
}

/// A span over many lines, such as a whole table, is shown by its first line.
fn on_its_first_line(text: &str, span: Range<usize>) -> Range<usize> {
    let start = span.start.min(text.len());
    let covered = text.get(start..span.end.min(text.len())).unwrap_or_default();
    let first = covered.split('\n').next().unwrap_or_default();
    start..start + first.trim_end().len()
}

/// The word nearest to `word`, if it is no further than a third of its letters away.
fn closest<'w>(word: &str, among: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let word = word.to_lowercase();
    let reach = (word.chars().count() / 3).max(1);
    let near = |other: &str| edits(&word, &other.to_lowercase());
    among.into_iter().map(|other| (near(other), other)).filter(|&(d, _)| d <= reach).min().map(|(_, other)| other)
}

/// Letters to insert, delete, replace or swap with their neighbour: the optimal string alignment distance.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                table[i][j] = i + j;
                continue;
            }
            let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = least;
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits_and_swaps() {
        let cases = [
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("abc", "", 3),
            ("same", "same", 0),
            ("cuont", "count", 1),
            ("ca", "abc", 3),
        ];
        for (a, b, distance) in cases {
            assert_eq!(edits(a, b), distance, "{a} {b}");
        }
    }

    #[test]
    fn only_near_words_are_offered() {
        let fields = ["recorded_at", "cancelled", "outcome_type"];
        assert_eq!(closest("canceled", fields), Some("cancelled"));
        assert_eq!(closest("Recorded_At", fields), Some("recorded_at"));
        assert_eq!(closest("officer", fields), None);
    }

    #[test]
    fn a_fault_knows_its_line_and_marks_one_line_only() {
        let file = SourceFile { name: "a.toml".into(), path: "p/a.toml".into(), text: "one\ntwo\nthree\n".into() };
        let fault = DefinitionFault::at(&file, 4..13, "wrong");
        assert_eq!(fault.line(), Some(2));
        assert_eq!(fault.place.map(|(_, span)| span), Some(4..7));
    }
}
