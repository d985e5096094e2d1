//! From the wire form of what is asked of the data to the checked one.

use std::collections::BTreeMap;

use toml::Spanned;

use super::checker::Checker;
use super::quality_toml::{ColumnQualityToml, ExtractQualityToml, LimitsToml, QualityToml, SignalToml};
use crate::definitions::{
    ColumnKind, ColumnQuality, Expected, Extract, ExtractQuality, GradeException, GradeLimits, Order, Pipeline,
    Practice, Quality, References, Signal, Timely,
};
use crate::domain::MetricId;
use crate::tables::conformed::LINKS;
use crate::tables::quality::Dimension;

/// The words for what a signal counts.
pub(super) const PRACTICES: [&str; 4] = ["cancelled", "outcome_on_the_day", "recorded_late", "outcome_without_update"];

/// The dimensions that have grades of their own.
pub(super) fn graded_dimensions() -> impl Iterator<Item = Dimension> {
    Dimension::ALL.into_iter().filter(|dimension| *dimension != Dimension::Overall)
}

/// What the file may refer to.
pub(super) struct Surroundings<'s> {
    pub extracts: &'s [Extract],
    /// Of all extract files, also of any that could not be read.
    pub extract_names: &'s [&'s str],
    pub metric_names: &'s [&'s str],
    pub references: &'s References,
    pub pipeline: Option<&'s Pipeline>,
}

/// The checked file, or `None` with the faults noted.
pub(super) fn quality(checker: &mut Checker<'_>, wire: &QualityToml, around: &Surroundings<'_>) -> Option<Quality> {
    let least_rows = checker.needs(wire.least_rows, "least_rows");
    let break_months = checker.needs(wire.break_months, "break_months");
    let grades = checker.needs(wire.grades.as_ref(), "grades").map(|grades| read_grades(checker, grades));
    let exceptions = exceptions(checker, wire, around);
    let mut extracts = BTreeMap::new();
    for (name, wire) in &wire.extracts {
        let Some(extract) = extract_of(checker, name, around) else { continue };
        owner_is_known(checker, &wire.owner, extract, around);
        let columns = columns(checker, wire, extract);
        extracts.insert(extract.id.clone(), ExtractQuality { owner: wire.owner.get_ref().clone(), columns });
    }
    let mut signals: Vec<Signal> = Vec::new();
    for wire in &wire.signals {
        if signals.iter().any(|signal| signal.id == *wire.id.get_ref()) {
            checker.fault(wire.id.span(), format!("two signals are called `{}`", wire.id.get_ref()));
        }
        signals.extend(signal(checker, wire, around));
    }
    Some(Quality {
        least_rows: least_rows?,
        break_months: break_months?,
        grades: grades?,
        exceptions,
        extracts,
        signals,
    })
}

fn dimension(checker: &mut Checker<'_>, text: &Spanned<String>) -> Option<Dimension> {
    let words: Vec<(&str, Dimension)> = graded_dimensions().map(|d| (d.name(), d)).collect();
    checker.word(text, "dimension", &words)
}

/// The extract; an unknown name is a fault, and one whose file could not be read has its fault already.
fn extract_of<'s>(checker: &mut Checker<'_>, name: &Spanned<String>, around: &Surroundings<'s>) -> Option<&'s Extract> {
    if !around.extract_names.contains(&name.get_ref().as_str()) {
        checker.unknown(name.get_ref(), name.span(), "extract", around.extract_names.iter().copied());
    }
    around.extracts.iter().find(|extract| extract.id == *name.get_ref())
}

fn read_grades(
    checker: &mut Checker<'_>,
    wires: &Spanned<BTreeMap<Spanned<String>, LimitsToml>>,
) -> BTreeMap<Dimension, GradeLimits> {
    let mut grades = BTreeMap::new();
    for (name, wire) in wires.get_ref() {
        let Some(dimension) = dimension(checker, name) else { continue };
        grades.extend(limits(checker, dimension, &wire.a, wire.b, wire.c).map(|limits| (dimension, limits)));
    }
    // An unknown name may be the one that is missing.
    let mistyped = wires.get_ref().keys().any(|name| Dimension::of_name(name.get_ref()).is_none());
    let named = |d: Dimension| wires.get_ref().keys().any(|name| name.get_ref() == d.name());
    for missing in graded_dimensions().filter(|d| !mistyped && !named(*d)) {
        checker.fault(wires.span(), format!("{} has no limits", missing.name())).expected("`a`, `b` and `c` for each");
    }
    grades
}

fn limits(checker: &mut Checker<'_>, dimension: Dimension, a: &Spanned<f64>, b: f64, c: f64) -> Option<GradeLimits> {
    let limits = GradeLimits { a: *a.get_ref(), b, c };
    let days = dimension == Dimension::Freshness;
    let in_range = |limit: f64| if days { limit >= 0.0 && limit.is_finite() } else { (0.0..=1.0).contains(&limit) };
    let fits = [limits.a, b, c].into_iter().all(in_range);
    let in_order = if days { limits.a <= b && b <= c } else { limits.a >= b && b >= c };
    if !(fits && in_order) {
        let expected = if days { "days, the fewest for A" } else { "shares from 0 to 1, the largest for A" };
        checker.fault(a.span(), format!("these are no limits of {}", dimension.name())).expected(expected);
        return None;
    }
    Some(limits)
}

fn exceptions(checker: &mut Checker<'_>, wire: &QualityToml, around: &Surroundings<'_>) -> Vec<GradeException> {
    let mut exceptions = Vec::new();
    for wire in &wire.exceptions {
        let dimension = dimension(checker, &wire.dimension);
        let Some(extract) = extract_of(checker, &wire.extract, around) else { continue };
        if let Some(column) = &wire.column {
            column_of(checker, column, extract);
        }
        let Some(dimension) = dimension else { continue };
        let limits = limits(checker, dimension, &wire.a, wire.b, wire.c);
        exceptions.extend(limits.map(|limits| GradeException {
            extract: extract.id.clone(),
            column: wire.column.as_ref().map(|column| column.get_ref().clone()),
            dimension,
            limits,
        }));
    }
    exceptions
}

/// An extract that the pipeline reads has an owner in it.
fn owner_is_known(checker: &mut Checker<'_>, owner: &Spanned<String>, extract: &Extract, around: &Surroundings<'_>) {
    let Some(pipeline) = around.pipeline.filter(|p| p.inputs.contains_key(&extract.id)) else { return };
    if !pipeline.owners.contains_key(owner.get_ref()) {
        let known = pipeline.owners.keys().map(String::as_str);
        checker
            .fault(owner.span(), format!("unknown owner `{}`", owner.get_ref()))
            .expected(format!("expected a key of [owners] in pipeline {}", pipeline.id))
            .did_you_mean(owner.get_ref(), known);
    }
}

fn column_of(checker: &mut Checker<'_>, name: &Spanned<String>, extract: &Extract) -> Option<()> {
    if extract.column(name.get_ref()).is_none() {
        let known = extract.columns.iter().map(|c| c.name.as_str());
        checker.unknown(name.get_ref(), name.span(), &format!("column of {}", extract.id), known);
        return None;
    }
    Some(())
}

fn columns(checker: &mut Checker<'_>, wire: &ExtractQualityToml, extract: &Extract) -> Vec<ColumnQuality> {
    let mut columns: Vec<ColumnQuality> = Vec::new();
    for wire in &wire.columns {
        if columns.iter().any(|column| column.name == *wire.name.get_ref()) {
            checker.fault(wire.name.span(), format!("`{}` is listed twice", wire.name.get_ref()));
        }
        columns.extend(column_quality(checker, wire, extract));
    }
    columns
}

fn column_quality(checker: &mut Checker<'_>, wire: &ColumnQualityToml, extract: &Extract) -> Option<ColumnQuality> {
    column_of(checker, &wire.name, extract)?;
    let expected = match &wire.expected_where {
        Some(other) => {
            column_of(checker, &other.column, extract)?;
            Some(Expected::Where { column: other.column.get_ref().clone(), any_of: other.any_of.clone() })
        }
        None => wire.expected.then_some(Expected::Always),
    };
    Some(ColumnQuality {
        name: wire.name.get_ref().clone(),
        expected,
        order: order(checker, wire, extract),
        links_to: wire.links_to.as_ref().and_then(|to| link(checker, wire, to, extract)),
        timely: wire.timely.as_ref().and_then(|word| timely(checker, wire, word, extract)),
    })
}

fn order(checker: &mut Checker<'_>, wire: &ColumnQualityToml, extract: &Extract) -> Option<Order> {
    if let (Some(_), Some(second)) = (&wire.not_before, &wire.not_after) {
        checker.fault(second.span(), "a column has one place in an order").expected("`not_before` or `not_after`");
    }
    if let (None, Some(minutes)) = (&wire.not_before, &wire.early_minutes) {
        checker.fault(minutes.span(), "`early_minutes` means nothing without `not_before`");
    }
    let other = wire.not_before.as_ref().or(wire.not_after.as_ref())?;
    for name in [&wire.name, other] {
        column_of(checker, name, extract)?;
        if extract.column(name.get_ref()).is_none_or(|c| c.kind != ColumnKind::Time) {
            checker.fault(name.span(), format!("`{}` is no time", name.get_ref()));
        }
    }
    let column = other.get_ref().clone();
    let early_minutes = wire.early_minutes.as_ref().map_or(0, |minutes| *minutes.get_ref());
    Some(match wire.not_before {
        Some(_) => Order::NotBefore { column, early_minutes },
        None => Order::NotAfter { column },
    })
}

fn link(
    checker: &mut Checker<'_>,
    wire: &ColumnQualityToml,
    to: &Spanned<String>,
    extract: &Extract,
) -> Option<String> {
    let known = LINKS.iter().find(|l| l.extract == extract.id && l.column == *wire.name.get_ref());
    if known.is_none_or(|l| l.to != to.get_ref()) {
        let message = format!("{}.{} does not lead to `{}`", extract.id, wire.name.get_ref(), to.get_ref());
        let expected = known.map_or("no link: it is no reference".to_owned(), |l| format!("`{}`", l.to));
        checker.fault(to.span(), message).expected(expected);
        return None;
    }
    Some(to.get_ref().clone())
}

fn timely(
    checker: &mut Checker<'_>,
    wire: &ColumnQualityToml,
    word: &Spanned<String>,
    extract: &Extract,
) -> Option<Timely> {
    let found = checker.word(word, "timeliness", &Timely::ALL.map(|t| (t.name(), t)))?;
    let (of, column) = found.column();
    if (of, column) != (extract.id.as_str(), wire.name.get_ref().as_str()) {
        checker.fault(word.span(), format!("`{}` is for {of}.{column} alone", found.name()));
        return None;
    }
    Some(found)
}

fn signal(checker: &mut Checker<'_>, wire: &SignalToml, around: &Surroundings<'_>) -> Option<Signal> {
    if MetricId::new(wire.id.get_ref()).is_none() {
        let hint = "lower-case letters, digits and underscores, such as `recorded_late`";
        checker.fault(wire.id.span(), format!("`{}` is no signal id", wire.id.get_ref())).hint(hint);
    }
    let title = checker.prose(&wire.title, "title");
    for name in wire.moves.iter().filter(|name| !around.metric_names.contains(&name.get_ref().as_str())) {
        checker.unknown(name.get_ref(), name.span(), "metric", around.metric_names.iter().copied());
    }
    let practice = checker.word(&wire.practice, "practice", &PRACTICES.map(|word| (word, word)));
    let practice = practice.and_then(|word| practice_of(checker, word, wire, around.references));
    Some(Signal {
        id: wire.id.get_ref().clone(),
        title: title?,
        practice: practice?,
        matures_after_days: wire.matures_after_days,
        moves: wire.moves.iter().map(|name| name.get_ref().clone()).collect(),
    })
}

fn practice_of(checker: &mut Checker<'_>, word: &str, wire: &SignalToml, references: &References) -> Option<Practice> {
    if let Some(outcome) = wire.outcome_type.as_ref().filter(|_| word != "outcome_on_the_day") {
        checker.fault(outcome.span(), format!("`outcome_type` means nothing to `{word}`"));
    }
    Some(match word {
        "cancelled" => Practice::Cancelled,
        "recorded_late" => Practice::RecordedLate,
        "outcome_without_update" => Practice::OutcomeWithoutUpdate,
        _ => {
            let Some(outcome) = &wire.outcome_type else {
                checker.fault(wire.practice.span(), "which outcome? `outcome_type` is missing");
                return None;
            };
            // Without the table, which then has a fault of its own, no type is unknown.
            let readable = !references.outcome_types.is_empty();
            if readable && !references.outcome_types.iter().any(|t| t.code == *outcome.get_ref()) {
                let known = references.outcome_types.iter().map(|t| t.code.as_str());
                checker.unknown(outcome.get_ref(), outcome.span(), "outcome type", known);
                return None;
            }
            Practice::OutcomeOnTheDay { outcome_type: outcome.get_ref().clone() }
        }
    })
}
