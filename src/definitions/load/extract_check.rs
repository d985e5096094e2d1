//! From the wire form of an extract to the checked one.

use std::collections::BTreeMap;

use toml::Spanned;

use super::checker::{Checker, one_of};
use super::extract_toml::{ColumnToml, ExtractToml, PredecessorToml, ScaleToml};
use super::thresholds_check;
use crate::definitions::{Column, ColumnKind, Extract, LevelScopes, Predecessor, Thresholds};
use crate::domain::{Level, MetricId, ScopeKind};
use crate::tables::conformed::FIELDS;

/// The words for how a column is read.
pub(super) const COLUMN_KINDS: [&str; 7] = ["text", "time", "code", "flag", "number", "score", "outcome_type"];

pub(super) const SCOPE_KINDS: [(&str, ScopeKind); 5] = [
    ("all", ScopeKind::All),
    ("domestic_abuse", ScopeKind::DomesticAbuse),
    ("hate_crime", ScopeKind::HateCrime),
    ("offence_group", ScopeKind::OffenceGroup),
    ("offence_subgroup", ScopeKind::OffenceSubgroup),
];

/// Points on the satisfaction scale.
const SCALE_POINTS: usize = 7;

/// The checked extract, or `None` with the faults noted.
pub(super) fn extract(checker: &mut Checker<'_>, wire: &ExtractToml) -> Option<Extract> {
    let id = checker.file.stem().to_owned();
    if MetricId::new(&id).is_none() {
        let message = format!("the file name `{id}` is no extract id");
        checker.fault(0..0, message).hint("lower-case letters, digits and underscores, such as `victim_contacts.toml`");
    }
    let title = checker.needs(wire.title.as_ref(), "title").and_then(|text| checker.prose(text, "title"));
    let row = checker.needs(wire.row.as_ref(), "row").and_then(|text| checker.prose(text, "row"));
    let columns = checker.needs(wire.columns.as_ref(), "columns");
    let columns = columns.and_then(|columns| read_columns(checker, columns, wire.scale.as_ref()));
    let key = checker.needs(wire.key.as_ref(), "key");
    let levels = checker.needs(wire.levels.as_ref(), "levels").map(|levels| read_levels(checker, levels));
    let usual = Thresholds::default();
    let thresholds = wire.thresholds.as_ref().map_or(usual, |t| thresholds_check::over(checker, usual, t));
    // What names columns can be checked only once all of them are read.
    let columns = columns?;
    let key = names_of(checker, key?, &columns);
    let time = wire.time.as_ref().and_then(|time| required_time(checker, time, &columns));
    let predecessors = predecessors(checker, wire, &columns);
    fields_have_their_columns(checker, &id, &columns);
    Some(Extract {
        id,
        title: title?,
        row: row?,
        key,
        time,
        predecessors,
        levels: levels?,
        may_be_absent: wire.may_be_absent,
        thresholds,
        columns,
    })
}

/// All columns, or `None` if one cannot be read.
fn read_columns(checker: &mut Checker<'_>, wires: &[ColumnToml], scale: Option<&ScaleToml>) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = Vec::new();
    if let Some(scale) = scale {
        scale_is_whole(checker, scale);
    }
    for wire in wires {
        if columns.iter().any(|column| column.name == *wire.name.get_ref()) {
            checker.fault(wire.name.span(), format!("two columns are called `{}`", wire.name.get_ref()));
        }
        let kind = column_kind(checker, wire, scale);
        let description = checker.prose(&wire.description, "description");
        let (Some(kind), Some(description)) = (kind, description) else { continue };
        columns.push(Column {
            name: wire.name.get_ref().clone(),
            kind,
            required: wire.required,
            description,
            unknown_rule: wire.unknown_rule.as_ref().map(|rule| rule.get_ref().clone()),
        });
    }
    (columns.len() == wires.len()).then_some(columns)
}

fn column_kind(checker: &mut Checker<'_>, wire: &ColumnToml, scale: Option<&ScaleToml>) -> Option<ColumnKind> {
    let kinds = COLUMN_KINDS.map(|kind| (kind, kind));
    let kind = checker.word(&wire.kind, "kind of column", &kinds)?;
    let extras = [
        ("words", "code", wire.words.as_ref().map(Spanned::span)),
        ("unknown_rule", "code", wire.unknown_rule.as_ref().map(Spanned::span)),
        ("also_yes", "flag", wire.also_yes.as_ref().map(Spanned::span)),
    ];
    for (key, only, span) in extras {
        if let Some(span) = span.filter(|_| kind != only) {
            checker.fault(span, format!("`{key}` means nothing to a {kind}")).expected(format!("only a {only} has it"));
        }
    }
    match kind {
        "text" => Some(ColumnKind::Text),
        "time" => Some(ColumnKind::Time),
        "number" => Some(ColumnKind::Number),
        "outcome_type" => Some(ColumnKind::OutcomeType),
        "flag" => {
            let also_yes = wire.also_yes.as_ref().map(|texts| lower(texts.get_ref())).unwrap_or_default();
            Some(ColumnKind::Flag { also_yes })
        }
        "code" => match wire.words.as_ref().filter(|words| !words.get_ref().is_empty()) {
            Some(words) => Some(ColumnKind::Code(lower(words.get_ref()))),
            None => {
                checker.fault(wire.kind.span(), "a code needs `words`").expected("the words that it can hold");
                None
            }
        },
        _ => score(checker, wire, scale),
    }
}

fn score(checker: &mut Checker<'_>, wire: &ColumnToml, scale: Option<&ScaleToml>) -> Option<ColumnKind> {
    if scale.is_none() {
        checker.fault(wire.kind.span(), "a score needs the extract's `[scale]`");
    }
    let scale = scale?;
    Some(ColumnKind::Score { no_answer: lower(&scale.no_answer), labels: lower(scale.labels.get_ref()) })
}

fn scale_is_whole(checker: &mut Checker<'_>, scale: &ScaleToml) {
    let labels = scale.labels.get_ref().len();
    if labels != SCALE_POINTS {
        let fault = checker.fault(scale.labels.span(), format!("the scale has {labels} labels"));
        fault.expected("seven, from completely satisfied to completely dissatisfied");
    }
}

fn lower(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| text.trim().to_lowercase()).collect()
}

/// Names of columns, each known.
fn names_of(checker: &mut Checker<'_>, names: &[Spanned<String>], columns: &[Column]) -> Vec<String> {
    names.iter().filter_map(|name| column(checker, name, columns)).map(|column| column.name.clone()).collect()
}

fn column<'c>(checker: &mut Checker<'_>, name: &Spanned<String>, columns: &'c [Column]) -> Option<&'c Column> {
    let found = columns.iter().find(|column| column.name == *name.get_ref());
    if found.is_none() {
        let known = columns.iter().map(|column| column.name.as_str());
        checker.unknown(name.get_ref(), name.span(), "column", known);
    }
    found
}

fn required_time(checker: &mut Checker<'_>, name: &Spanned<String>, columns: &[Column]) -> Option<String> {
    let column = column(checker, name, columns)?;
    if column.kind != ColumnKind::Time || !column.required {
        let message = format!("`{}` does not place every row in time", column.name);
        let times = columns.iter().filter(|c| c.kind == ColumnKind::Time && c.required).map(|c| c.name.as_str());
        checker.fault(name.span(), message).expected(format!("expected a required time: {}", one_of(times)));
        return None;
    }
    Some(column.name.clone())
}

fn predecessors(checker: &mut Checker<'_>, wire: &ExtractToml, columns: &[Column]) -> Vec<Predecessor> {
    let read = |wire: &PredecessorToml| {
        let event = any_time(checker, &wire.event, columns);
        let after = any_time(checker, &wire.after, columns);
        Some(Predecessor { event: event?, after: after? })
    };
    wire.predecessors.iter().filter_map(read).collect()
}

fn any_time(checker: &mut Checker<'_>, name: &Spanned<String>, columns: &[Column]) -> Option<String> {
    let column = column(checker, name, columns)?;
    if column.kind != ColumnKind::Time {
        checker.fault(name.span(), format!("`{}` is no time", column.name)).expected("both are times of one row");
        return None;
    }
    Some(column.name.clone())
}

fn read_levels(checker: &mut Checker<'_>, wires: &BTreeMap<Spanned<String>, Vec<Spanned<String>>>) -> Vec<LevelScopes> {
    // The national level is made of forces, not of rows.
    let words: Vec<(&str, Level)> =
        Level::ALL.iter().filter(|&&level| level != Level::National).map(|&level| (level.name(), level)).collect();
    let mut levels = Vec::new();
    for (level, scopes) in wires {
        let kinds: Vec<ScopeKind> = scopes.iter().filter_map(|s| checker.word(s, "scope", &SCOPE_KINDS)).collect();
        if scopes.is_empty() {
            checker.fault(level.span(), "this level is cut by no scope").expected("`all` at least");
        }
        if let Some(level) = checker.word(level, "level", &words) {
            levels.push(LevelScopes { level, scopes: kinds });
        }
    }
    levels.sort_by_key(|cut| cut.level);
    levels
}

/// Every conformed field is made from columns that must be among the extract's.
fn fields_have_their_columns(checker: &mut Checker<'_>, id: &str, columns: &[Column]) {
    let mut missing = BTreeMap::new();
    for field in FIELDS {
        for need in field.needs {
            let (extract, name) = need.split_once('.').unwrap_or((field.extract, need));
            if extract == id && !columns.iter().any(|column| column.name == name) {
                missing.entry(name).or_insert(field);
            }
        }
    }
    for (name, field) in missing {
        let message = format!("column `{name}` is missing: {}.{} is made from it", field.extract, field.name);
        checker.fault(0..0, message).hint("a column that a force does not have is still listed here, as not required");
    }
}
