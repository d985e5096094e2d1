//! Names and numbers as briefings write them.

use chrono::NaiveDate;

use super::content::{RowOf, Words};
use crate::definitions::{Definitions, Metric};
use crate::domain::{UNALLOCATED, capitalised};
use crate::publish::charts::ChartUnit;
use crate::publish::metric_charts::chart_unit;
use crate::publish::words::NOT_TESTED;
pub(super) use crate::publish::words::probability;
use crate::tables::due::DueKind;

pub(super) const fn kind(kind: DueKind) -> &'static str {
    match kind {
        DueKind::TimeLimit => "Time limit",
        DueKind::Bail => "Bail ends",
        DueKind::VictimUpdate => "First victim update",
        DueKind::Review => "Investigation review",
    }
}

/// The same where a column is narrow.
pub(super) const fn short_kind(kind: DueKind) -> &'static str {
    match kind {
        DueKind::TimeLimit => "Time limit",
        DueKind::Bail => "Bail",
        DueKind::VictimUpdate => "Victim update",
        DueKind::Review => "Review",
    }
}

/// A unit's or officer's name; what was left blank is said in words.
pub(super) fn name<'a>(name: &'a str, blank: &'a str) -> &'a str {
    if name == UNALLOCATED { blank } else { name }
}

/// A metric's title and the unit of its figures; an id that the definitions no longer have stands for itself.
pub(super) fn metric<'a>(definitions: &'a Definitions, id: &'a str) -> (&'a str, ChartUnit) {
    let metric: Option<&Metric> = definitions.metric(id);
    metric.map_or((id, ChartUnit::Count), |metric| (metric.title.as_str(), chart_unit(metric.unit)))
}

/// `12 months to 30 September 2026`, `month to 30 September 2026`, with the days marked.
pub(super) fn period(row: &RowOf, period_type: &str, start: NaiveDate, end: NaiveDate) -> Words {
    match period_type {
        "rolling_12_months" => Words::of("12 months to ").day(row, "period_end", end),
        "financial_year" => Words::of("year to ").day(row, "period_end", end),
        "month" => Words::of("month to ").day(row, "period_end", end),
        _ => Words::default().day(row, "period_start", start).text(" to ").day(row, "period_end", end),
    }
}

/// A test's name after "by".
pub(super) fn method(name: &str) -> &str {
    match name {
        "normal_sampling" => "a normal test of sampling error",
        "normal_sampling_and_between_forces" => "a normal test with the spread between forces",
        "normal_total_between_forces" => "a normal test on the spread between forces",
        "interval_excludes_target" => "its 95% interval",
        "fisher_exact" => "Fisher's exact test",
        "poisson_exact" => "an exact test of Poisson counts",
        other => other,
    }
}

/// What a comparator is, after "than".
pub(super) fn comparator(name: &str) -> &str {
    match name {
        "most_similar_group" => "the most similar forces",
        "national" => "England and Wales",
        "target" => "the target",
        "same_period_last_year" => "a year before",
        other => other,
    }
}

/// What a flagged test says of a figure, and what one that is not flagged does not say.
pub(super) fn verdict(flagged: Option<bool>, verdict: &str) -> String {
    match (flagged, verdict) {
        (Some(true), "better" | "worse" | "higher" | "lower") => capitalised(verdict),
        (Some(_), _) => "No difference shown".to_owned(),
        (None, _) => NOT_TESTED.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_flagged_test_has_a_word_of_difference() {
        for (flagged, found, said) in [
            (Some(true), "better", "Better"),
            (Some(true), "lower", "Lower"),
            (Some(false), "worse", "No difference shown"),
            (Some(true), "similar", "No difference shown"),
            (None, "not_available", "Not tested"),
            (None, "worse", "Not tested"),
        ] {
            assert_eq!(verdict(flagged, found), said);
        }
        assert_eq!((probability(0.000_99), probability(0.0234)), ("below 0.001".to_owned(), "0.023".to_owned()));
    }
}
