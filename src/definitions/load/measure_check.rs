//! Checks how a metric is counted: the sections that its kind has, and the rows in them.

use std::ops::Range;

use toml::Spanned;

use super::checker::Checker;
use super::condition_check::{RowReader, Vocabulary};
use super::metric_toml::{MetricToml, StockToml};
use crate::definitions::{Condition, Measure, Rows, Test};
use crate::domain::Kind;
use crate::tables::conformed::FieldKind;

/// The measure of a metric of this kind, or `None` with the faults noted.
pub(super) fn measure(
    checker: &mut Checker<'_>,
    wire: &MetricToml,
    kind: Kind,
    vocabulary: &Vocabulary<'_>,
) -> Option<Measure> {
    sections(checker, wire, kind);
    let mut reader = RowReader { checker, vocabulary };
    match kind {
        Kind::Count => Some(Measure::Count { rows: numerator(&mut reader, wire)? }),
        Kind::Rate => Some(Measure::PerResident { numerator: numerator(&mut reader, wire)? }),
        Kind::Proportion => proportion(&mut reader, wire),
        Kind::Ratio => {
            let above = numerator(&mut reader, wire);
            let below = denominator(&mut reader, wire);
            let weight = weight(&mut reader, wire)?;
            Some(Measure::Share { numerator: above?, denominator: below?, weight })
        }
        Kind::Mean => mean(&mut reader, wire),
        Kind::Quantile => quantile(&mut reader, wire),
        Kind::Stock => stock(&mut reader, wire.stock.as_ref()?.get_ref()),
    }
}

/// Notes the sections that a kind lacks, and sections and keys that mean nothing to it.
fn sections(checker: &mut Checker<'_>, wire: &MetricToml, kind: Kind) {
    let (wanted, shape): (&[&str], &str) = match kind {
        Kind::Count | Kind::Rate => (&["numerator"], "[numerator]"),
        Kind::Proportion | Kind::Ratio | Kind::Mean => (&["numerator", "denominator"], "[numerator] and [denominator]"),
        Kind::Quantile => (&["quantile", "denominator"], "[quantile] and [denominator]"),
        Kind::Stock => (&["stock"], "[stock]"),
    };
    let expected = format!("a {} has {shape}", kind.name());
    let written: [(&str, Option<Range<usize>>); 4] = [
        ("numerator", wire.numerator.as_ref().map(Spanned::span)),
        ("denominator", wire.denominator.as_ref().map(Spanned::span)),
        ("quantile", wire.quantile.as_ref().map(Spanned::span)),
        ("stock", wire.stock.as_ref().map(Spanned::span)),
    ];
    let kind_span = wire.kind.as_ref().map_or(0..0, Spanned::span);
    for (section, span) in written {
        match (wanted.contains(&section), span) {
            (true, None) => checker.fault(kind_span.clone(), format!("`[{section}]` is missing")).expected(&expected),
            (false, Some(span)) => {
                checker.fault(span, format!("`[{section}]` means nothing to a {}", kind.name())).expected(&expected)
            }
            _ => continue,
        };
    }
    let sum_of = wire.numerator.as_ref().and_then(|section| section.get_ref().sum_of.as_ref());
    if let Some(sum_of) = sum_of.filter(|_| kind != Kind::Mean) {
        checker
            .fault(sum_of.span(), format!("`sum_of` means nothing to a {}", kind.name()))
            .expected("only a mean sums");
    }
    let weighted_by = wire.denominator.as_ref().and_then(|section| section.get_ref().weighted_by.as_ref());
    if let Some(weighted_by) = weighted_by.filter(|_| !matches!(kind, Kind::Proportion | Kind::Ratio)) {
        let message = format!("`weighted_by` means nothing to a {}", kind.name());
        checker.fault(weighted_by.span(), message).expected("only a proportion or a ratio is weighted");
    }
}

/// `[numerator]` with a month of its own.
fn numerator(reader: &mut RowReader<'_, '_, '_>, wire: &MetricToml) -> Option<Rows> {
    let section = wire.numerator.as_ref()?;
    let month_of = match &section.get_ref().month_of {
        Some(time) => reader.field_of(FieldKind::Time, time),
        None => {
            reader
                .checker
                .fault(section.span(), "the numerator needs `month_of`")
                .expected("the time that places a row");
            None
        }
    };
    let conditions = reader.conditions(&section.get_ref().conditions)?;
    Some(Rows { month_of: month_of?, conditions })
}

fn denominator(reader: &mut RowReader<'_, '_, '_>, wire: &MetricToml) -> Option<Rows> {
    let section = wire.denominator.as_ref()?.get_ref();
    let month_of = reader.field_of(FieldKind::Time, &section.month_of);
    let conditions = reader.conditions(&section.conditions)?;
    Some(Rows { month_of: month_of?, conditions })
}

/// The weight, if one is asked for; the outer `None` is a fault.
fn weight(reader: &mut RowReader<'_, '_, '_>, wire: &MetricToml) -> Option<Option<String>> {
    match &wire.denominator.as_ref()?.get_ref().weighted_by {
        None => Some(None),
        Some(name) => reader.field_of(FieldKind::Number, name).map(Some),
    }
}

/// The numerator is written on top of the denominator, and counts in the same month.
fn proportion(reader: &mut RowReader<'_, '_, '_>, wire: &MetricToml) -> Option<Measure> {
    let section = wire.numerator.as_ref()?.get_ref();
    let below = denominator(reader, wire);
    if let (Some(time), Some(rows)) = (&section.month_of, &below)
        && *time.get_ref() != rows.month_of
    {
        let message = format!(
            "the numerator counts in the month of `{}`, its denominator in that of `{}`",
            time.get_ref(),
            rows.month_of
        );
        reader
            .checker
            .fault(time.span(), message)
            .expected("a proportion has one month")
            .hint("leave `month_of` out here, or make it a ratio");
    }
    if section.conditions.is_empty() {
        let span = wire.numerator.as_ref().map_or(0..0, Spanned::span);
        reader.checker.fault(span, "the numerator has no `where`, so it is its denominator");
    }
    let further = reader.conditions(&section.conditions);
    let weight = weight(reader, wire)?;
    let below = below?;
    let conditions = below.conditions.iter().cloned().chain(further?).collect();
    let above = Rows { month_of: below.month_of.clone(), conditions };
    Some(Measure::Share { numerator: above, denominator: below, weight })
}

fn mean(reader: &mut RowReader<'_, '_, '_>, wire: &MetricToml) -> Option<Measure> {
    let section = wire.numerator.as_ref()?;
    for condition in &section.get_ref().conditions {
        let message = "the numerator of a mean has no `where`";
        reader.checker.fault(condition.field.span(), message).expected("write it under [denominator]");
    }
    if let Some(time) = &section.get_ref().month_of {
        let message = "the numerator of a mean has no `month_of`";
        reader.checker.fault(time.span(), message).expected("write it under [denominator]");
    }
    let of = match &section.get_ref().sum_of {
        Some(name) => reader.field_of(FieldKind::Number, name),
        None => {
            reader
                .checker
                .fault(section.span(), "the numerator of a mean needs `sum_of`")
                .expected("the number to sum");
            None
        }
    };
    let rows = denominator(reader, wire)?;
    let of = of?;
    Some(Measure::Mean { rows: holding(rows, &of), of })
}

fn quantile(reader: &mut RowReader<'_, '_, '_>, wire: &MetricToml) -> Option<Measure> {
    let section = wire.quantile.as_ref()?.get_ref();
    let of = reader.field_of(FieldKind::Number, &section.of);
    let probability = *section.probability.get_ref();
    if !(probability > 0.0 && probability < 1.0) {
        let message = format!("{probability} is no probability of a quantile");
        reader.checker.fault(section.probability.span(), message).expected("above 0 and below 1; 0.5 is the median");
        return None;
    }
    let rows = denominator(reader, wire)?;
    let of = of?;
    Some(Measure::Quantile { rows: holding(rows, &of), of, probability })
}

/// The rows of a mean or a quantile are those that have the quantity.
fn holding(mut rows: Rows, of: &str) -> Rows {
    let present = Condition { field: of.to_owned(), test: Test::Present(true) };
    if !rows.conditions.contains(&present) {
        rows.conditions.push(present);
    }
    rows
}

fn stock(reader: &mut RowReader<'_, '_, '_>, section: &StockToml) -> Option<Measure> {
    let opened = reader.field_of(FieldKind::Time, &section.opened);
    let closed = reader.field_of(FieldKind::Time, &section.closed);
    if *section.first_month.get_ref() == 0 {
        reader.checker.fault(section.first_month.span(), "months are counted from 1");
    }
    let conditions = reader.conditions(&section.conditions)?;
    Some(Measure::Stock {
        opened: opened?,
        closed: closed?,
        older_than_days: section.older_than_days,
        first_month: *section.first_month.get_ref(),
        conditions,
    })
}
