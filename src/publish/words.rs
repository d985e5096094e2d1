//! The sentences of a line, on the page and in packs. A verdict of a table selects the words, so none says "better", "rise" or "concern" without
//! the test that found it; every number is a cell of the same row.

use chrono::{Datelike, Months, NaiveDate};

use super::marked::Marked;
use crate::domain::{UNALLOCATED, capitalised};
use crate::publish::charts::ChartUnit;
use crate::publish::evaluation_words::change;
use crate::publish::facts::{ListedLine, ScorecardLine};

/// `12 months to 30 September 2026`, `year 2025/26`, `September 2026`, with the days marked.
pub fn period(period_type: &str, start: NaiveDate, end: NaiveDate) -> Marked {
    let year = || format!("{}/{}", start.year(), (start + Months::new(12)).format("%y"));
    match period_type {
        "month" => Marked::new().day_as("period_start", start, &month(start)),
        "financial_year" => Marked::new().text("year ").day_as("period_start", start, &year()),
        "financial_year_to_date" => {
            Marked::new().text("year to date, ").day("period_start", start).text(" to ").day("period_end", end)
        }
        "rolling_12_months" => Marked::new().text("12 months to ").day("period_end", end),
        _ => Marked::new().day("period_start", start).text(" to ").day("period_end", end),
    }
}

/// A unit's name for people.
pub fn unit_name(unit: &str) -> &str {
    if unit == UNALLOCATED { "Not allocated" } else { unit }
}

/// `September 2026`.
pub fn month(day: NaiveDate) -> String {
    day.format("%B %Y").to_string()
}

/// `1st`, `2nd`, `3rd`, `11th`.
pub fn ordinal(place: u64) -> String {
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{place}{ending}")
}

/// What the rule of a month says, after "the month".
pub fn rule(name: &str) -> &'static str {
    match name {
        "above_upper_limit" => "lies above its upper limit",
        "below_lower_limit" => "lies below its lower limit",
        "rising" => "ends seven or more rising months",
        "falling" => "ends seven or more falling months",
        "near_upper_limit" => "is one of two in three months near the upper limit",
        "near_lower_limit" => "is one of two in three months near the lower limit",
        "shift_above" => "is one of seven or more months above the mean",
        "shift_below" => "is one of seven or more months below the mean",
        _ => "fires no rule",
    }
}

/// The picture of a class of variation, and the words that say the same, with the direction of its rule.
pub fn variation(class: &str, rule: Option<&str>) -> (&'static str, &'static str) {
    let high =
        rule.is_some_and(|rule| matches!(rule, "above_upper_limit" | "rising" | "near_upper_limit" | "shift_above"));
    match (class, high) {
        ("common_cause", _) => ("common", "Common cause"),
        ("improving", true) => ("good-high", "Improving, high"),
        ("improving", false) => ("good-low", "Improving, low"),
        ("concerning", true) => ("bad-high", "Concern, high"),
        ("concerning", false) => ("bad-low", "Concern, low"),
        ("high", _) => ("high", "Unusually high"),
        ("low", _) => ("low", "Unusually low"),
        _ => ("", "Not judged"),
    }
}

/// The picture of an assurance, and the words that say the same.
pub fn assurance(name: &str) -> (&'static str, &'static str) {
    match name {
        "always_passed" => ("pass", "Always met"),
        "never_passed" => ("fail", "Never met"),
        _ => ("hit-and-miss", "Hit and miss"),
    }
}

/// A verdict against what it is set beside: `Better than`, `Similar to`.
fn against(verdict: &str) -> Option<&'static str> {
    Some(match verdict {
        "better" => "Better than",
        "worse" => "Worse than",
        "similar" => "Similar to",
        "higher" => "Higher than",
        "lower" => "Lower than",
        _ => return None,
    })
}

/// A verdict in words, beside the value that it is about: a value that no test was made of says so. Nothing where there is
/// no comparison.
pub fn verdict(name: Option<&str>) -> String {
    name.map_or(String::new(), |name| if name == "not_available" { NOT_TESTED.to_owned() } else { capitalised(name) })
}

/// Beside a value that stands for comparison and is not like for like, or of a kind that no test is for.
pub const NOT_TESTED: &str = "Not tested";

/// The rule that put a line in its list, as the end of a title.
pub fn finding(why: &str) -> &'static str {
    match why {
        "worse_and_getting_worse" => "worse than its comparator, and a concern",
        "worse" => "worse than its comparator",
        "pair_diverges" => "it and its partner go apart",
        "getting_worse" => "a concern over time",
        "worse_but_improving" => "worse than its comparator, but improving",
        "target_out_of_reach" => "by its limits never meets its target",
        "unusual" => "unusual",
        "better_and_improving" => "better than its comparator, and improving",
        "better" => "better than its comparator",
        _ => "within common-cause variation",
    }
}

/// Why a line stands in its list.
pub fn why(listed: &ListedLine, line: &ScorecardLine, partner: Option<&str>) -> Marked {
    let fired = line.variation_rule.as_deref().map_or("fires no rule", rule);
    let of_month = |words: &str| match line.variation_month {
        Some(day) => Marked::new().day_as("variation_month", day, &month(day)).text(words),
        None => Marked::new(),
    };
    let concern = || of_month(" is a concern: it ").text(fired).text(".");
    match listed.why.as_str() {
        "worse_and_getting_worse" => Marked::new().text("Worse than its comparator. ").then(&concern()),
        "worse" if line.variation.is_none() => Marked::new().text("Worse than its comparator."),
        "worse" => Marked::new().text("Worse than its comparator; the latest month is no improvement."),
        "pair_diverges" => Marked::new()
            .text("One improves while the other is a concern: read it with ")
            .text(partner.unwrap_or("its partner"))
            .text("."),
        "getting_worse" => concern(),
        "worse_but_improving" => Marked::new()
            .text("Worse than its comparator, but ")
            .then(&of_month(" is an improvement: it "))
            .text(fired)
            .text("."),
        "target_out_of_reach" => Marked::new().text("By its limits it never meets the target."),
        "unusual" => of_month(" is unusual, or the figure is flagged; neither direction is better."),
        "better_and_improving" => {
            Marked::new().text("Better than its comparator, and ").then(&of_month(" is an improvement."))
        }
        "better" => Marked::new().text("Better than its comparator."),
        _ => of_month(" is within common-cause variation."),
    }
}

/// All that the line says, in sentences.
pub fn sentences(line: &ScorecardLine, unit: ChartUnit) -> Vec<Marked> {
    let Some(value) = line.value else {
        let reason = line.reason.as_deref().unwrap_or("no final figure yet");
        return vec![Marked::new().text("No figure: ").text(reason).text(".")];
    };
    let mut said = vec![figure(line, unit, value)];
    said.extend(beside_group(line, unit));
    said.extend(beside_nation(line, unit));
    said.extend(beside_last_year(line, unit));
    said.extend(over_time(line));
    said.extend(beside_target(line, unit));
    said.extend(line.flagged.filter(|flagged| *flagged).and(line.q_value).map(|q| {
        Marked::new()
            .text("The difference holds after adjustment for all lines (q = ")
            .number("q_value", q, &probability(q))
            .text(").")
    }));
    said
}

/// What moved: beside a year before, and over time. Each by its test.
pub fn changed(line: &ScorecardLine, unit: ChartUnit) -> Vec<Marked> {
    beside_last_year(line, unit).into_iter().chain(over_time(line)).collect()
}

/// `0.003`, `below 0.001`.
pub fn probability(p: f64) -> String {
    if p < 0.001 { "below 0.001".to_owned() } else { format!("{p:.3}") }
}

fn figure(line: &ScorecardLine, unit: ChartUnit, value: f64) -> Marked {
    let mut said = Marked::new().number("value", value, &unit.format_in_words(value));
    if let (Some(lower), Some(upper)) = (line.lower_95, line.upper_95) {
        said = said.text(" (95% interval ").number("lower_95", lower, &unit.format(lower)).text(" to ");
        said = said.number("upper_95", upper, &unit.format(upper)).text(")");
    }
    if let (Some(kind), Some(start), Some(end)) = (&line.period_type, line.period_start, line.period_end) {
        said = said.text(if kind == "month" { " in " } else { " in the " }).then(&period(kind, start, end));
    }
    said.text(".")
}

fn comparator_period(column: &'static str, end: Option<NaiveDate>, line: &ScorecardLine) -> Marked {
    match end.filter(|end| Some(*end) != line.period_end) {
        Some(end) => Marked::new().text(" to ").day(column, end),
        None => Marked::new(),
    }
}

fn beside_group(line: &ScorecardLine, unit: ChartUnit) -> Option<Marked> {
    let (value, verdict) = (line.group_value?, against(line.group_verdict.as_deref()?)?);
    let mut said = Marked::new().text(verdict).text(" the most similar forces: ");
    said = said.number("group_value", value, &unit.format(value));
    said = said.then(&comparator_period("group_period_end", line.group_period_end, line));
    if let (Some(rank), Some(size)) = (line.rank, line.group_size) {
        said = said.text("; ").count("rank", rank, &ordinal(rank)).text(" of ").count(
            "group_size",
            size,
            &size.to_string(),
        );
        if let Some((low, high)) = line.rank_lower.zip(line.rank_upper).filter(|(low, high)| low != high) {
            said = said.text(", could be ").count("rank_lower", low, &ordinal(low)).text(" to ").count(
                "rank_upper",
                high,
                &ordinal(high),
            );
        }
    }
    said = match line.sensitivity.as_deref() {
        Some("variant") => said.text("; the verdict changes with the way the group is averaged"),
        Some("member") => said.text("; the verdict changes when one force is left out"),
        Some("variant_and_member") => {
            said.text("; the verdict changes with the way the group is averaged, and when one force is left out")
        }
        _ => said,
    };
    Some(said.text("."))
}

fn beside_nation(line: &ScorecardLine, unit: ChartUnit) -> Option<Marked> {
    let (value, verdict) = (line.national_value?, against(line.national_verdict.as_deref()?)?);
    let mut said = Marked::new().text(verdict).text(" England and Wales: ");
    said = said.number("national_value", value, &unit.format(value));
    said = said.then(&comparator_period("national_period_end", line.national_period_end, line)).text(".");
    let verdict = line.national_adjusted_verdict.as_deref().and_then(against);
    if let Some((adjusted, verdict)) = line.national_adjusted_value.zip(verdict) {
        said = said.text(" With its mix of offences taken out it would be ");
        said = said.number("national_adjusted_value", adjusted, &unit.format(adjusted));
        said = said.text(": ").text(&verdict.to_lowercase()).text(" the nation.");
    }
    Some(said)
}

fn beside_last_year(line: &ScorecardLine, unit: ChartUnit) -> Option<Marked> {
    let (value, verdict) = (line.last_year_value?, against(line.last_year_verdict.as_deref()?)?);
    let said = Marked::new().text(verdict).text(" a year before: ");
    Some(said.number("last_year_value", value, &unit.format(value)).text("."))
}

fn over_time(line: &ScorecardLine) -> Option<Marked> {
    let (class, day) = (line.variation.as_deref()?, line.variation_month?);
    let month = Marked::new().day_as("variation_month", day, &month(day));
    let fired = line.variation_rule.as_deref().map_or("fires no rule", rule);
    let words = match class {
        "common_cause" => return Some(month.text(" is within common-cause variation.")),
        "improving" => " is an improvement: it ",
        "concerning" => " is a concern: it ",
        "high" => " is unusually high: it ",
        "low" => " is unusually low: it ",
        _ => return None,
    };
    Some(month.text(words).text(fired).text("."))
}

fn beside_target(line: &ScorecardLine, unit: ChartUnit) -> Option<Marked> {
    let (target, gap) = (line.target?, line.target_gap?);
    let mut said = Marked::new();
    said = match gap == 0.0 {
        true => said.text("At"),
        false => said.number("target_gap", gap, &capitalised(&change(unit, gap))).text(" than"),
    };
    said = said.text(" the target of ").number("target", target, &unit.format(target)).text(".");
    Some(match line.assurance.as_deref() {
        Some("always_passed") => said.text(" By its limits the target is met every month."),
        Some("never_passed") => said.text(" By its limits the target is never met."),
        Some("hit_and_miss") => {
            said.text(" By its limits the target is met in some months and missed in others, by chance.")
        }
        _ => said,
    })
}

#[cfg(test)]
mod tests;
