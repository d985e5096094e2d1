//! Runs the hand-worked examples of a metric.

use toml::Spanned;

use super::checker::Checker;
use super::metric_toml::ExampleToml;
use crate::definitions::{Example, Measure};
use crate::domain::Kind;
use crate::statistics::quantile::type_7;

/// A hand-worked value may be rounded this much.
const TOLERANCE: f64 = 1e-6;

/// The examples, each run; faults where one is incomplete or its counts make another value.
pub(super) fn examples(
    checker: &mut Checker<'_>,
    wires: &[Spanned<ExampleToml>],
    kind: Kind,
    measure: Option<&Measure>,
) -> Vec<Example> {
    wires.iter().filter_map(|wire| example(checker, wire, kind, measure)).collect()
}

fn example(
    checker: &mut Checker<'_>,
    wire: &Spanned<ExampleToml>,
    kind: Kind,
    measure: Option<&Measure>,
) -> Option<Example> {
    let (span, wire) = (wire.span(), wire.get_ref());
    let says = checker.prose(&wire.says, "example")?;
    let (value, place) = match (&wire.value, &wire.not_available) {
        (Some(value), None) => (Some(*value.get_ref()), value.span()),
        (None, Some(missing)) if *missing.get_ref() => (None, missing.span()),
        _ => {
            let message = "the example states no result";
            checker.fault(span, message).expected("either `value = ...` or `not_available = true`");
            return None;
        }
    };
    let numbers =
        [wire.numerator, wire.denominator, value].into_iter().flatten().chain(wire.values.iter().flatten().copied());
    for number in numbers {
        checker.finite(number, span.clone())?;
    }
    let (counts, expected): ([bool; 3], &str) = match kind {
        Kind::Count => ([true, false, false], "a count has `numerator`"),
        Kind::Quantile => ([false, false, true], "a quantile has `values`"),
        _ => ([true, true, false], "`numerator` and `denominator`"),
    };
    if counts != [wire.numerator.is_some(), wire.denominator.is_some(), wire.values.is_some()] {
        checker.fault(span, "the example has the wrong counts").expected(expected);
        return None;
    }
    let example = Example {
        says,
        numerator: wire.numerator,
        denominator: wire.denominator,
        values: wire.values.clone().unwrap_or_default(),
        value,
    };
    let made = worked(&example, kind, measure?);
    if !agree(made, value) {
        let made = made.map_or("no value".to_owned(), |v| format!("{v}"));
        checker
            .fault(place, format!("the example does not work out: its counts make {made}"))
            .expected("this is stated");
        return None;
    }
    Some(example)
}

fn agree(made: Option<f64>, stated: Option<f64>) -> bool {
    match (made, stated) {
        (Some(made), Some(stated)) => (made - stated).abs() <= TOLERANCE * stated.abs().max(1.0),
        (None, None) => true,
        _ => false,
    }
}

/// The value that the counts of an example make; `None`: not available.
fn worked(example: &Example, kind: Kind, measure: &Measure) -> Option<f64> {
    if let Measure::Quantile { probability, .. } = measure {
        let mut sorted = example.values.clone();
        sorted.sort_by(f64::total_cmp);
        return type_7(&sorted, *probability);
    }
    let numerator = example.numerator?;
    if kind == Kind::Count {
        return Some(numerator);
    }
    let denominator = example.denominator.filter(|&d| d > 0.0)?;
    let value = numerator / denominator;
    let impossible = matches!(kind, Kind::Proportion | Kind::Stock) && value > 1.0;
    (!impossible).then_some(value)
}
