//! Checks the rows of a metric: its fields, its months and its conditions.

use toml::Spanned;

use super::checker::{Checker, one_of};
use super::metric_toml::ConditionToml;
use crate::definitions::{ColumnKind, Condition, Extract, OutcomeType, Test};
use crate::tables::conformed::{FIELDS, Field, FieldKind, find};

/// What the conditions of a metric may name.
pub(super) struct Vocabulary<'v> {
    pub extract: &'v Extract,
    pub outcome_types: &'v [OutcomeType],
}

/// Reads the rows of one metric file.
pub(super) struct RowReader<'r, 'c, 'v> {
    pub checker: &'r mut Checker<'c>,
    pub vocabulary: &'v Vocabulary<'v>,
}

impl RowReader<'_, '_, '_> {
    /// A field of the extract, whatever it holds.
    fn field(&mut self, name: &Spanned<String>) -> Option<&'static Field> {
        let extract = self.vocabulary.extract.id.as_str();
        let found = find(extract, name.get_ref());
        if found.is_none() {
            let known = FIELDS.iter().filter(|field| field.extract == extract).map(|field| field.name);
            self.checker.unknown(name.get_ref(), name.span(), &format!("field of {extract}"), known);
        }
        found
    }

    /// The name of a field of the extract that holds a time or a number.
    pub fn field_of(&mut self, kind: FieldKind, name: &Spanned<String>) -> Option<String> {
        let field = self.field(name)?;
        if field.kind != kind {
            let message = format!("`{}` is {}, not {}", field.name, kind_name(field.kind), kind_name(kind));
            let extract = self.vocabulary.extract.id.as_str();
            let fields = FIELDS.iter().filter(|f| f.extract == extract && f.kind == kind).map(|f| f.name);
            self.checker.fault(name.span(), message).expected(format!("expected {}", one_of(fields)));
            return None;
        }
        Some(field.name.to_owned())
    }

    /// All conditions, or `None` with the faults noted.
    pub fn conditions(&mut self, wires: &[ConditionToml]) -> Option<Vec<Condition>> {
        let read: Vec<Option<Condition>> = wires.iter().map(|wire| self.condition(wire)).collect();
        read.into_iter().collect()
    }

    fn condition(&mut self, wire: &ConditionToml) -> Option<Condition> {
        let field = self.field(&wire.field)?;
        let allowed = tests_of(field.kind);
        let written = written_tests(wire);
        let key = match written.as_slice() {
            [only] => *only,
            several => {
                let message = match several {
                    [] => "this condition has no test".to_owned(),
                    _ => format!("this condition has {} tests", several.len()),
                };
                let expected = format!("expected {}", one_of(allowed.iter().copied()));
                self.checker.fault(wire.field.span(), message).expected(expected).hint("one test for each condition");
                return None;
            }
        };
        if !allowed.contains(&key) {
            let message = format!("`{}` is {}: `{key}` cannot test it", field.name, kind_name(field.kind));
            let expected = format!("expected {}", one_of(allowed.iter().copied()));
            self.checker.fault(wire.field.span(), message).expected(expected);
            return None;
        }
        let test = self.test(wire, field)?;
        Some(Condition { field: field.name.to_owned(), test })
    }

    /// The one test that is written.
    fn test(&mut self, wire: &ConditionToml, field: &Field) -> Option<Test> {
        if let Some(limit) = [wire.at_most, wire.below, wire.at_least, wire.above].into_iter().flatten().next() {
            self.checker.finite(limit, wire.field.span())?;
        }
        if let Some(wanted) = &wire.any_of {
            return self.words(wanted, field).map(Test::AnyOf);
        }
        if let Some(by) = &wire.at_most_by {
            return self.at_most_by(wire, by);
        }
        if wire.limits.is_some() {
            self.checker.fault(wire.field.span(), "`limits` needs `at_most_by`");
            return None;
        }
        if let Some(solved) = &wire.in_solved_set {
            if !solved.get_ref() {
                let expected = "expected `true`: to count the others, count all and compare";
                self.checker.fault(solved.span(), "`in_solved_set` is always true").expected(expected);
                return None;
            }
            return Some(Test::InSolvedSet);
        }
        wire.is
            .map(Test::Is)
            .or(wire.present.map(Test::Present))
            .or(wire.at_most.map(Test::AtMost))
            .or(wire.below.map(Test::Below))
            .or(wire.at_least.map(Test::AtLeast))
            .or(wire.above.map(Test::Above))
    }

    /// The words of `any_of`, each known to the field.
    fn words(&mut self, wanted: &Spanned<Vec<Spanned<String>>>, field: &Field) -> Option<Vec<String>> {
        if wanted.get_ref().is_empty() {
            self.checker.fault(wanted.span(), "`any_of` is empty, so no row counts");
            return None;
        }
        let known = known_words(self.vocabulary, field);
        let before = self.checker.faults.len();
        for word in wanted.get_ref() {
            if !known.is_empty() && !known.contains(&word.get_ref().as_str()) {
                self.checker.unknown(word.get_ref(), word.span(), &word_of(field.name), known.iter().copied());
            }
        }
        let good = self.checker.faults.len() == before;
        good.then(|| wanted.get_ref().iter().map(|word| word.get_ref().clone()).collect())
    }

    /// A limit for each word of another field.
    fn at_most_by(&mut self, wire: &ConditionToml, by: &Spanned<String>) -> Option<Test> {
        let name = self.field_of(FieldKind::Text, by)?;
        let Some(limits) = wire.limits.as_ref().filter(|limits| !limits.is_empty()) else {
            self.checker
                .fault(by.span(), "`at_most_by` needs `limits`")
                .hint("add `limits = { urban = 15, rural = 20 }`");
            return None;
        };
        let field = self.field(by)?;
        let known = known_words(self.vocabulary, field);
        for (word, limit) in limits {
            if !known.is_empty() && !known.contains(&word.get_ref().as_str()) {
                self.checker.unknown(word.get_ref(), word.span(), &word_of(field.name), known.iter().copied());
            }
            self.checker.finite(*limit, word.span())?;
        }
        for word in known.iter().filter(|word| !limits.keys().any(|key| key.get_ref() == *word)) {
            self.checker.fault(by.span(), format!("`limits` has none for `{word}`"));
        }
        let limits = limits.iter().map(|(word, limit)| (word.get_ref().clone(), *limit)).collect();
        Some(Test::AtMostBy { field: name, limits })
    }
}

fn word_of(field: &str) -> String {
    format!("word of `{field}`")
}

/// The words that a field can hold; none if it can hold any.
fn known_words<'v>(vocabulary: &'v Vocabulary<'v>, field: &Field) -> Vec<&'v str> {
    if field.kind == FieldKind::OutcomeType {
        return vocabulary.outcome_types.iter().map(|outcome| outcome.code.as_str()).collect();
    }
    match vocabulary.extract.column(field.name).map(|column| &column.kind) {
        Some(ColumnKind::Code(words)) => words.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The tests that a kind of field can be put to.
const fn tests_of(kind: FieldKind) -> &'static [&'static str] {
    match kind {
        FieldKind::Text => &["any_of", "present"],
        FieldKind::Flag => &["is", "present"],
        FieldKind::Number => &["at_most", "below", "at_least", "above", "at_most_by", "present"],
        FieldKind::Time => &["present"],
        FieldKind::OutcomeType => &["any_of", "in_solved_set", "present"],
    }
}

const fn kind_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "a text",
        FieldKind::Flag => "a flag",
        FieldKind::Number => "a number",
        FieldKind::Time => "a time",
        FieldKind::OutcomeType => "an outcome type",
    }
}

/// The keys of the tests that are written.
fn written_tests(wire: &ConditionToml) -> Vec<&'static str> {
    let tests = [
        ("is", wire.is.is_some()),
        ("any_of", wire.any_of.is_some()),
        ("in_solved_set", wire.in_solved_set.is_some()),
        ("present", wire.present.is_some()),
        ("at_most", wire.at_most.is_some()),
        ("below", wire.below.is_some()),
        ("at_least", wire.at_least.is_some()),
        ("above", wire.above.is_some()),
        ("at_most_by", wire.at_most_by.is_some() || wire.limits.is_some()),
    ];
    tests.into_iter().filter(|(_, written)| *written).map(|(key, _)| key).collect()
}
