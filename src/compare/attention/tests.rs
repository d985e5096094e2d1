use super::super::sample::{OWN, definitions, month};
use super::*;
use crate::domain::{Level, PeriodType};
use crate::statistics::control_charts::Reason;
use crate::statistics::xmr::Rule;
use crate::tables::comparison::{Comparator, ComparisonMethod};
use crate::tables::over_time::{ChartReason, ChartType, ProcessLimits};
use Class::{CommonCause, Concerning, High, Improving};
use Verdict::{Better, Higher, Similar, Worse};

fn headline(metric: &str, verdict: Verdict, q_value: f64) -> Comparison {
    let day = month("2026-03").last_day();
    Comparison {
        metric: metric.into(),
        force: OWN.into(),
        level: Level::Force,
        unit: OWN.into(),
        scope: "all".into(),
        period_type: PeriodType::Month,
        period_start: month("2026-03").first_day(),
        period_end: day,
        value: 0.5,
        comparator: Comparator::National,
        comparator_variant: None,
        comparator_period_end: Some(day),
        comparator_value: 0.4,
        difference: 0.1,
        method: Some(ComparisonMethod::NormalSampling),
        basis: None,
        comparator_basis: None,
        p_value: Some(q_value),
        q_value: Some(q_value),
        flagged: Some(q_value <= 0.05),
        verdict_95: verdict,
        verdict_998: verdict,
        verdict_sampling: verdict,
        sensitivity: None,
        rank: None,
        rank_lower: None,
        rank_upper: None,
        group_size: None,
    }
}

fn point(metric: &str, class: Class) -> SpcPoint {
    SpcPoint {
        metric: metric.into(),
        force: OWN.into(),
        level: Level::Force,
        unit: OWN.into(),
        scope: "all".into(),
        month: month("2026-03"),
        value: Some(0.5),
        phase: 1,
        began_by: None,
        held_since: None,
        season: None,
        season_p_value: None,
        limits: Some(ProcessLimits { centre: 0.5, lower: 0.4, upper: 0.6 }),
        rule: Some(Rule::CommonCause),
        class: Some(PointClass::Tested(class)),
        chart_type: ChartType::P,
        chart_reason: ChartReason::Counts(Reason::DispersionOfCounts),
        dispersion_ratio: Some(1.0),
        basis: None,
        assurance: None,
    }
}

const SHARE: &str = "answered_999_under_10_seconds";
const PARTNER: &str = "abandoned_101_rate";

/// A line with a headline, flagged at q = 0.01 and not at 0.2, and a latest month.
fn standing(metric: &str, headline_of: Option<(Verdict, f64)>, class: Option<Class>) -> Standing {
    let definitions = definitions();
    Standing {
        force: OWN.into(),
        metric: definitions.metric(metric).unwrap().clone(),
        headline: headline_of.map(|(verdict, q_value)| headline(metric, verdict, q_value)),
        latest: class.map(|class| point(metric, class)),
        month_before: Some(0.5),
        tests: 30,
    }
}

#[test]
fn the_first_rule_that_holds() {
    let (flagged, not) = (0.01, 0.2);
    for (verdict, class, expected) in [
        (Some((Worse, flagged)), Some(Concerning), Some(Why::WorseAndGettingWorse)),
        (Some((Worse, flagged)), Some(CommonCause), Some(Why::Worse)),
        (Some((Worse, flagged)), None, Some(Why::Worse)),
        (Some((Worse, flagged)), Some(Improving), Some(Why::WorseButImproving)),
        (Some((Worse, not)), Some(Concerning), Some(Why::GettingWorse)),
        (Some((Worse, not)), Some(CommonCause), Some(Why::CommonCause)),
        (Some((Worse, not)), None, None),
        (Some((Better, flagged)), Some(Concerning), Some(Why::GettingWorse)),
        (Some((Better, flagged)), Some(Improving), Some(Why::BetterAndImproving)),
        (Some((Better, flagged)), Some(CommonCause), Some(Why::Better)),
        (Some((Better, not)), Some(Improving), None),
        (Some((Better, not)), Some(CommonCause), Some(Why::CommonCause)),
        (Some((Higher, flagged)), Some(CommonCause), Some(Why::Unusual)),
        (Some((Similar, not)), Some(High), Some(Why::Unusual)),
        (None, Some(Concerning), Some(Why::GettingWorse)),
        (None, Some(CommonCause), Some(Why::CommonCause)),
        (None, None, None),
    ] {
        assert_eq!(standing(SHARE, verdict, class).why(None), expected, "{verdict:?} {class:?}");
    }
}

/// A target that the limits never reach is no cause to celebrate, and none to leave alone.
#[test]
fn a_target_out_of_reach_is_watched() {
    for (verdict, class, expected) in [
        (Some((Better, 0.01)), CommonCause, Why::TargetOutOfReach),
        (None, CommonCause, Why::TargetOutOfReach),
        (None, Concerning, Why::GettingWorse),
        (Some((Worse, 0.01)), CommonCause, Why::Worse),
    ] {
        let mut line = standing(SHARE, verdict, Some(class));
        line.latest.as_mut().unwrap().assurance = Some(Assurance::NeverPassed);
        assert_eq!(line.why(None), Some(expected), "{verdict:?} {class:?}");
    }
}

#[test]
fn paired_measures_diverge_in_the_same_month_alone() {
    let line = standing(SHARE, None, Some(Improving));
    let mut partner = standing(PARTNER, None, Some(Concerning));
    assert_eq!(line.why(Some(&partner)), Some(Why::PairDiverges));
    assert_eq!(partner.why(Some(&line)), Some(Why::PairDiverges));
    assert_eq!(line.why(Some(&standing(PARTNER, None, Some(CommonCause)))), None);
    partner.latest.as_mut().unwrap().month = month("2026-02");
    assert_eq!(line.why(Some(&partner)), None);
    // Worse than its comparator comes first.
    let worse = standing(PARTNER, Some((Worse, 0.01)), Some(Concerning));
    assert_eq!(worse.why(Some(&line)), Some(Why::WorseAndGettingWorse));
}

#[test]
fn lists_come_by_rule_then_by_q_value_and_hold_eight() {
    let definitions = definitions();
    let ids: Vec<&str> = definitions.metrics.iter().map(|m| m.id.as_str()).take(12).collect();
    let mut lines: Vec<Standing> =
        ids[..9].iter().enumerate().map(|(i, id)| standing(id, Some((Worse, 0.01 + 0.001 * i as f64)), None)).collect();
    lines.push(standing(ids[9], Some((Worse, 0.04)), Some(Concerning)));
    for (i, id) in ids[10..].iter().enumerate() {
        let mut line = standing(id, None, Some(CommonCause));
        line.month_before = Some(0.5 - 0.05 * (i as f64 + 1.0));
        lines.push(line);
    }
    let found = attention(&lines);
    let of = |list: List| found.iter().filter(|row| row.why.list() == list).collect::<Vec<_>>();
    let escalate = of(List::Escalate);
    let names: Vec<&str> = escalate.iter().map(|row| &*row.metric).collect();
    assert_eq!(names, [&[ids[9]], &ids[..7]].concat());
    assert!(escalate.iter().enumerate().all(|(i, row)| (row.position, row.list_size) == (i + 1, 10)));
    // The larger step from the month before comes first.
    assert_eq!(of(List::LeaveAlone).iter().map(|row| &*row.metric).collect::<Vec<_>>(), [ids[11], ids[10]]);
    lines.reverse();
    assert_eq!(attention(&lines), found);
}
