//! How far crimes have been dealt with by age: which curves are shown, and the title that the test selects.

use chrono::NaiveDate;

use super::super::charts::maturity::{MaturityChart, MaturityCurve};
use super::super::charts::{Chart, ChartError, maturity};
use super::{basis_words, solved_words, source_words};
use crate::definitions::{Definitions, Metric};
use crate::domain::{Level, Scope, long_date};
use crate::statistics::comparison::Verdict;
use crate::tables::maturity::{CohortKind, MaturityPoint};

/// The curves of the force that the chart is for.
pub struct MaturityChartInput<'a> {
    pub definitions: &'a Definitions,
    pub metric: &'a Metric,
    pub force: &'a str,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    /// Of any unit and scope; by cohort, then day.
    pub points: &'a [MaturityPoint],
}

/// Days of the axis where there is no reference, whose horizon it would be.
const WITHOUT_REFERENCE_DAYS: u32 = 365;
/// Newer quarters that are shown.
const MOST_QUARTERS: usize = 4;

/// The chart with its file name; `None` where the force has no curve.
///
/// # Errors
/// A fault of drawing.
pub fn maturity_chart(input: &MaturityChartInput<'_>) -> Result<Option<(String, Chart)>, ChartError> {
    let is_own =
        |p: &&MaturityPoint| p.level == Level::Force && &*p.force == input.force && &*p.scope == Scope::all().as_str();
    let own: Vec<&MaturityPoint> = input.points.iter().filter(is_own).collect();
    if own.is_empty() {
        return Ok(None);
    }
    let chart = maturity::chart(&shown(input, &own))?;
    Ok(Some((format!("{}_maturity", input.metric.id), chart)))
}

fn shown(input: &MaturityChartInput<'_>, own: &[&MaturityPoint]) -> MaturityChart {
    let (reference, quarters): (Vec<&MaturityPoint>, Vec<&MaturityPoint>) =
        own.iter().copied().partition(|point| point.cohort == CohortKind::Reference);
    let newer = quarters.chunk_by(|a, b| a.period_start == b.period_start);
    let after = reference.first().map(|point| point.period_end);
    let newer: Vec<&[&MaturityPoint]> =
        newer.filter(|quarter| after.is_none_or(|end| quarter[0].period_start > end)).collect();
    let newer = &newer[newer.len().saturating_sub(MOST_QUARTERS)..];
    let tested = newer.iter().rposition(|quarter| test(quarter).is_some());
    let horizon_days = reference.iter().filter(|p| p.ordinary.is_some()).map(|p| p.day).max();
    let force = input.definitions.references.force_name(input.force).unwrap_or(input.force);
    let (title, in_words) = tested.map_or((TITLE_WITHOUT_TEST, String::new()), |i| finding(newer[i]));
    let first = reference.first().or(newer.first().and_then(|quarter| quarter.first()));
    let last = quarters.last().copied().or(reference.first().copied());
    MaturityChart {
        title: title.to_owned(),
        subtitle: format!(
            "{force}: {} by days since recording{}",
            solved_words(input.definitions.pipeline.solved_set),
            basis_words(input.metric)
        ),
        value_label: "Crimes solved, cumulative".to_owned(),
        horizon_days: horizon_days.unwrap_or(WITHOUT_REFERENCE_DAYS),
        band: reference.iter().filter_map(|p| p.ordinary.map(|range| (p.day, range.lower, range.upper))).collect(),
        reference: (!reference.is_empty()).then(|| curve("Earlier crimes".to_owned(), &reference)),
        cohorts: newer.iter().map(|quarter| curve(quarter_words(quarter[0]), quarter)).collect(),
        tested,
        in_words,
        period: period(first.copied(), last, after),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: vec![METHOD.to_owned()],
    }
}

const TITLE_WITHOUT_TEST: &str = "How fast recorded crimes are solved";
const METHOD: &str = "Aalen-Johansen: crimes closed without being solved compete, open ones count as far as they have been \
    followed. The newest quarter of 30 days or more is tested at its last day, with the variance between quarters (t).";

fn curve(name: String, points: &[&MaturityPoint]) -> MaturityCurve {
    MaturityCurve { name, points: points.iter().map(|point| (point.day, point.solved)).collect() }
}

/// The verdict on a quarter that was tested.
fn test(quarter: &[&MaturityPoint]) -> Option<Verdict> {
    quarter.iter().find_map(|point| point.at_equal_age.as_ref()?.test.map(|test| test.verdict))
}

fn finding(quarter: &[&MaturityPoint]) -> (&'static str, String) {
    let verdict = test(quarter).unwrap_or(Verdict::NotAvailable);
    match verdict {
        Verdict::Better | Verdict::Higher => {
            ("More crimes are solved at this age than before", "above earlier crimes".to_owned())
        }
        Verdict::Worse | Verdict::Lower => {
            ("Fewer crimes are solved at this age than before", "below earlier crimes".to_owned())
        }
        Verdict::Similar => ("No change shown in how fast crimes are solved", "similar to earlier crimes".to_owned()),
        Verdict::NotAvailable => (TITLE_WITHOUT_TEST, String::new()),
    }
}

/// `Jul to Sep 2026`, and that it is not over where it is not.
fn quarter_words(point: &MaturityPoint) -> String {
    let last = point.period_start.checked_add_months(chrono::Months::new(2)).unwrap_or(point.period_start);
    let so_far = if point.reason.is_some() { ", in part" } else { "" };
    format!("{} to {}{so_far}", point.period_start.format("%b"), last.format("%b %Y"))
}

fn period(first: Option<&MaturityPoint>, last: Option<&MaturityPoint>, reference_end: Option<NaiveDate>) -> String {
    let Some((first, last)) = first.zip(last) else { return String::new() };
    let recorded = format!("crimes recorded {} to {}", long_date(first.period_start), long_date(last.period_end));
    match reference_end {
        Some(end) => format!("{recorded}; earlier crimes are those to {}", long_date(end)),
        None => recorded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Under ten words, and no direction without the verdict.
    #[test]
    fn titles_go_by_the_verdict() {
        use Verdict::{Better, Higher, Lower, NotAvailable, Similar, Worse};
        for (verdict, begins, in_words) in [
            (Better, "More", "above earlier crimes"),
            (Higher, "More", "above earlier crimes"),
            (Worse, "Fewer", "below earlier crimes"),
            (Lower, "Fewer", "below earlier crimes"),
            (Similar, "No change shown", "similar to earlier crimes"),
            (NotAvailable, "How fast", ""),
        ] {
            let point = tested_point(verdict);
            let (title, found) = finding(&[&point]);
            assert!(title.starts_with(begins) && title.split(' ').count() < 10, "{verdict:?}: {title}");
            assert_eq!(found, in_words);
        }
    }

    fn tested_point(verdict: Verdict) -> MaturityPoint {
        use crate::domain::{SolvedSet, Status};
        use crate::statistics::Interval;
        use crate::tables::maturity::{AtEqualAge, MaturityTest};
        let date = |text: &str| text.parse().unwrap();
        let interval = Interval { lower: -0.01, upper: 0.01 };
        MaturityPoint {
            metric: "m".into(),
            force: "f".into(),
            level: Level::Force,
            unit: "f".into(),
            scope: "all".into(),
            cohort: CohortKind::Quarter,
            period_start: date("2026-07-01"),
            period_end: date("2026-09-30"),
            day: 90,
            crimes: 10,
            followed: 10,
            at_risk: 10,
            solved: 0.1,
            interval: None,
            victim_not_supporting: 0.2,
            closed_otherwise: 0.3,
            still_open: 0.4,
            undated: 0,
            undated_solved: 0,
            ordinary: None,
            at_equal_age: Some(AtEqualAge {
                reference_start: date("2023-10-01"),
                reference_end: date("2025-09-30"),
                cohorts: 8,
                reference_solved: 0.1,
                difference: 0.0,
                test: (verdict != Verdict::NotAvailable).then_some(MaturityTest { interval, p_value: 0.5, verdict }),
            }),
            basis: None,
            solved_set: SolvedSet::PositiveExcludingTic,
            status: Status::Final,
            reason: None,
        }
    }

    #[test]
    fn a_quarter_is_named_by_its_months() {
        let mut point = tested_point(Verdict::Similar);
        assert_eq!(quarter_words(&point), "Jul to Sep 2026");
        point.reason = Some("the period is not over".into());
        assert_eq!(quarter_words(&point), "Jul to Sep 2026, in part");
    }
}
