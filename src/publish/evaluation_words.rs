//! What an evaluation says, in words that its verdict selects; every number is one of its row.

use super::charts::ChartUnit;
use super::metric_charts::chart_unit;
use crate::definitions::Metric;
use crate::domain::{Month, capitalised};
use crate::statistics::Interval;
use crate::tables::evaluation::{Effect, Evaluation, EvaluationVerdict, MonthsNeeded};

/// The verdict as the end of a title.
pub(super) fn verdict(verdict: EvaluationVerdict) -> &'static str {
    match verdict {
        EvaluationVerdict::Better => "better since the change",
        EvaluationVerdict::Worse => "worse since the change",
        EvaluationVerdict::Higher => "higher since the change",
        EvaluationVerdict::Lower => "lower since the change",
        EvaluationVerdict::NoWorthwhileChange => "no change worth having",
        EvaluationVerdict::CannotTellYet => "cannot tell yet",
    }
}

/// A row in a sentence or two.
pub fn finding(metric: &Metric, row: &Evaluation) -> String {
    let unit = chart_unit(metric.unit);
    let (Some(effect), Some(found)) = (&row.effect, row.verdict) else { return not_evaluated(row) };
    let mut words = capitalised(verdict(found));
    let expected_by = match row.comparison_unit {
        Some(_) => "the comparison areas lead to expect",
        None => "the months before lead to expect",
    };
    let since = row.months.map_or(String::new(), |(first, _)| since(first.plus(row.months_before as i32)));
    words += &format!(
        ". {} on average{since}, {} than the {} that {expected_by} (95% interval {}; {}).",
        unit.format_in_words(effect.observed),
        change(unit, effect.change),
        unit.format_in_words(effect.expected),
        interval(unit, effect),
        p_value(effect.p_value)
    );
    match (found, row.needed) {
        (EvaluationVerdict::NoWorthwhileChange, _) => {
            words += &format!(" A change of {}, one worth having, is left out.", size(unit, row.worthwhile));
        }
        (EvaluationVerdict::CannotTellYet, Some(needed)) => words += &more_months(unit, row.worthwhile, needed),
        _ => {}
    }
    words
}

fn not_evaluated(row: &Evaluation) -> String {
    let reason = row.reason.as_deref().unwrap_or("there is no estimate");
    match row.needed.and_then(|needed| needed.months) {
        Some(1) => format!("Cannot tell yet: {reason}; 1 more is needed before anything can be estimated."),
        Some(months) => {
            format!("Cannot tell yet: {reason}; {months} more are needed before anything can be estimated.")
        }
        None => format!("Not evaluated: {reason}."),
    }
}

fn since(month: Month) -> String {
    format!(" since {}", month.first_day().format("%B %Y"))
}

fn more_months(unit: ChartUnit, worthwhile: f64, needed: MonthsNeeded) -> String {
    let worth = size(unit, worthwhile);
    let often = match needed.power {
        Some(power) if power > 0.9 => "39 times in 40",
        _ => "4 times in 5",
    };
    match needed.months {
        Some(1) => format!(" 1 more month would show a change of {worth} {often}."),
        Some(months) => format!(" {months} more months would show a change of {worth} {often}."),
        None => format!(" Not even five more years would show a change of {worth} {often}."),
    }
}

/// A change without its direction: `10.5 points`, `7.0 seconds`.
fn size(unit: ChartUnit, change: f64) -> String {
    let words = unit.format_in_words(change.abs());
    match unit {
        ChartUnit::Percent => format!("{} points", words.trim_end_matches('%')),
        _ => words,
    }
}

/// `+10.5 points`, `−7.0 s`.
pub(super) fn signed(unit: ChartUnit, change: f64) -> String {
    let words = unit.format(change.abs());
    let sign = if change < 0.0 { '\u{2212}' } else { '+' };
    match unit {
        ChartUnit::Percent => format!("{sign}{} points", words.trim_end_matches('%')),
        _ => format!("{sign}{words}"),
    }
}

/// `10.5 points higher`.
pub(super) fn change(unit: ChartUnit, change: f64) -> String {
    format!("{} {}", size(unit, change), direction(change))
}

fn direction(change: f64) -> &'static str {
    if change < 0.0 { "lower" } else { "higher" }
}

/// `8.3 points higher to 12.8 points higher`.
pub(super) fn interval(unit: ChartUnit, effect: &Effect) -> String {
    let Some(Interval { lower, upper }) = effect.interval_95 else { return "not known".to_owned() };
    if (lower < 0.0) == (upper < 0.0) {
        let (near, far) = if lower < 0.0 { (upper, lower) } else { (lower, upper) };
        let bare = size(unit, near);
        let number = bare.split(' ').next().unwrap_or(&bare);
        return format!("{number} to {}", change(unit, far));
    }
    format!("{} to {}", change(unit, lower), change(unit, upper))
}

fn p_value(p: Option<f64>) -> String {
    match p {
        Some(p) if p < 0.001 => "p < 0.001".to_owned(),
        Some(p) => format!("p = {p:.3}"),
        None => "not tested".to_owned(),
    }
}

#[cfg(test)]
mod tests;
