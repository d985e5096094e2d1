//! A scorecard line's charts: which figures go where, and the title that the test result selects.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::charts::ranked::{GroupVariant, Rank, RankOrder, RankedChart, RankedMember, ReferenceLine};
use super::charts::spc::Assurance as AssuranceIcon;
use super::charts::spc::{Annotation, PointClass as Mark, SpcChart, SpcPhase, SpcPoint as Point, SpcRule, Variation};
use super::charts::{Chart, ChartError, ChartMonth, ChartUnit, ranked, spc};
use crate::definitions::{Definitions, Metric, PeerGroup, Variant};
use crate::domain::{Basis, Kind, Level, Month, PeriodType, Polarity, SolvedSet, Status, Unit, long_date};
use crate::statistics::comparison::Verdict;
use crate::statistics::xmr::{Assurance, Class, Rule};
use crate::tables::comparison::{Comparator, Comparison, PointClass, SpcPoint};
use crate::tables::figure::Figure;

/// One metric of the force that the charts are for, at force level and in scope `all`.
pub struct ChartInput<'a> {
    pub definitions: &'a Definitions,
    pub metric: &'a Metric,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    pub own: &'a [Figure],
    pub spc: &'a [SpcPoint],
    pub comparisons: &'a [Comparison],
    /// Other forces and the nation.
    pub others: &'a [Figure],
}

/// The line's charts with their file names: one over time, and one beside the most similar forces where there is a group.
pub fn charts(input: &ChartInput<'_>) -> Result<Vec<(String, Chart)>, ChartError> {
    let mut made = Vec::new();
    if !input.spc.is_empty() {
        made.push((format!("{}_spc", input.metric.id), spc::chart(&over_time(input))?));
    }
    if let Some(row) = group_row(input) {
        made.push((format!("{}_most_similar", input.metric.id), ranked::chart(&beside_group(input, row))?));
    }
    Ok(made)
}

fn chart_unit(unit: Unit) -> ChartUnit {
    match unit {
        Unit::Calls | Unit::Crimes => ChartUnit::Count,
        Unit::Proportion => ChartUnit::Percent,
        Unit::Per1000 => ChartUnit::Rate,
        Unit::Seconds => ChartUnit::Seconds,
        Unit::Minutes => ChartUnit::Minutes,
        Unit::Days => ChartUnit::Days,
    }
}

fn force_name(input: &ChartInput<'_>, id: &str) -> String {
    input.definitions.references.force_name(id).unwrap_or(id).to_owned()
}

fn basis_words(metric: &Metric) -> &'static str {
    match metric.basis {
        Some(Basis::Recorded) => ", recorded basis",
        Some(Basis::Closed) => ", closed basis",
        None => "",
    }
}

fn chart_month(month: Month) -> Option<ChartMonth> {
    ChartMonth::new(month.year(), month.number() as u8)
}

fn over_time(input: &ChartInput<'_>) -> SpcChart {
    let metric = input.metric;
    let months: Vec<&Figure> = input.own.iter().filter(|f| f.period_type == PeriodType::Month).collect();
    let figure = |month: Month| months.iter().find(|f| Month::of(f.period_start) == month);
    let points = input.spc.iter().filter_map(|p| {
        let counts = figure(p.month);
        Some(Point {
            month: chart_month(p.month)?,
            value: p.value,
            class: mark(p.class),
            rule: p.rule.and_then(spc_rule),
            provisional: p.class == Some(PointClass::Provisional)
                || counts.is_some_and(|f| f.status == Status::Provisional),
            numerator: counts.and_then(|f| f.numerator).filter(|_| metric.kind != Kind::Mean),
            denominator: counts.and_then(|f| f.denominator),
        })
    });
    let last = input.spc.iter().rev().find(|p| matches!(p.class, Some(PointClass::Tested(_))));
    let unit = input.own.first().map(|f| force_name(input, &f.unit)).unwrap_or_default();
    SpcChart {
        title: format!("{}: {}", metric.title, movement(last)),
        subtitle: format!("{unit}, by month{}", basis_words(metric)),
        y_label: metric.title.clone(),
        unit: chart_unit(metric.unit),
        points: points.collect(),
        phases: phases(input.spc),
        target: metric.target_on(input.data_date).map(|t| t.value),
        annotations: Vec::<Annotation>::new(),
        variation: variation(last),
        assurance: assurance(last),
        source: format!("{} Data to {}.", input.source, long_date(input.data_date)),
        synthetic: input.synthetic,
        notes: time_notes(input, last.is_some()),
    }
}

fn time_notes(input: &ChartInput<'_>, limits: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if limits {
        notes.push("XmR chart: mean and limits of the final months.".to_owned());
    } else if input.metric.kind == Kind::Stock {
        notes.push("A stock at each month's end: a line without limits.".to_owned());
    } else {
        notes.push("Fewer than 13 final months: a line without limits.".to_owned());
    }
    if input.spc.iter().any(|p| p.class == Some(PointClass::Provisional)) {
        notes.push("Hollow months are provisional and in no limit.".to_owned());
    }
    if let Some(set) = input.own.iter().find_map(|f| f.solved_set) {
        notes.push(format!("Solved: {}; no such set is an official label.", solved_words(set)));
    }
    notes
}

fn solved_words(set: SolvedSet) -> &'static str {
    match set {
        SolvedSet::PositiveExcludingTic => "positive outcomes without TIC (types 1, 2, 3, 6, 7, 8 and 22)",
        SolvedSet::Legacy => "the legacy set (types 1, 2, 3, 4, 6, 7 and 8)",
        SolvedSet::SanctionDetection => "sanction detections (types 1, 2, 3, 4, 6 and 7)",
    }
}

/// What the last final month says, in words that only its test selects.
fn movement(last: Option<&SpcPoint>) -> &'static str {
    match last.and_then(|p| p.class) {
        Some(PointClass::Tested(Class::Improving)) => "improving",
        Some(PointClass::Tested(Class::Concerning)) => "getting worse",
        Some(PointClass::Tested(Class::High)) => "unusually high",
        Some(PointClass::Tested(Class::Low)) => "unusually low",
        Some(PointClass::Tested(Class::CommonCause)) => "no significant change",
        Some(PointClass::Provisional) | None => "month by month",
    }
}

fn upwards(rule: Option<Rule>) -> bool {
    matches!(rule, Some(Rule::AboveUpperLimit | Rule::Rising | Rule::NearUpperLimit | Rule::ShiftAbove))
}

fn variation(last: Option<&SpcPoint>) -> Variation {
    let Some(point) = last else { return Variation::NotAssessed };
    if point.limits.is_some_and(|l| l.lower == l.upper) {
        return Variation::NoVariation;
    }
    match (point.class, upwards(point.rule)) {
        (Some(PointClass::Tested(Class::Improving)), true) => Variation::ImprovingHigh,
        (Some(PointClass::Tested(Class::Improving)), false) => Variation::ImprovingLow,
        (Some(PointClass::Tested(Class::Concerning)), true) => Variation::ConcerningHigh,
        (Some(PointClass::Tested(Class::Concerning)), false) => Variation::ConcerningLow,
        (Some(PointClass::Tested(Class::High)), _) => Variation::High,
        (Some(PointClass::Tested(Class::Low)), _) => Variation::Low,
        (Some(PointClass::Tested(Class::CommonCause)), _) => Variation::CommonCause,
        (Some(PointClass::Provisional) | None, _) => Variation::NotAssessed,
    }
}

fn assurance(last: Option<&SpcPoint>) -> AssuranceIcon {
    match last.and_then(|p| p.assurance) {
        Some(Assurance::AlwaysPassed) => AssuranceIcon::AlwaysPasses,
        Some(Assurance::NeverPassed) => AssuranceIcon::AlwaysFails,
        Some(Assurance::HitAndMiss) => AssuranceIcon::HitAndMiss,
        None => AssuranceIcon::NotAssessed,
    }
}

fn mark(class: Option<PointClass>) -> Mark {
    match class {
        Some(PointClass::Tested(Class::Improving)) => Mark::Improving,
        Some(PointClass::Tested(Class::Concerning)) => Mark::Concerning,
        Some(PointClass::Tested(Class::High)) => Mark::High,
        Some(PointClass::Tested(Class::Low)) => Mark::Low,
        Some(PointClass::Tested(Class::CommonCause) | PointClass::Provisional) | None => Mark::Common,
    }
}

fn spc_rule(rule: Rule) -> Option<SpcRule> {
    match rule {
        Rule::AboveUpperLimit | Rule::BelowLowerLimit => Some(SpcRule::OutsideLimits),
        Rule::Rising | Rule::Falling => Some(SpcRule::Trend),
        Rule::NearUpperLimit | Rule::NearLowerLimit => Some(SpcRule::TwoOfThreeNearLimit),
        Rule::ShiftAbove | Rule::ShiftBelow => Some(SpcRule::Shift),
        Rule::CommonCause => None,
    }
}

fn phases(points: &[SpcPoint]) -> Vec<SpcPhase> {
    let runs = points.chunk_by(|a, b| a.phase == b.phase);
    let phase = |run: &[SpcPoint]| {
        let limits = run.iter().find_map(|p| p.limits);
        Some(SpcPhase {
            start: chart_month(run.first()?.month)?,
            end: chart_month(run.last()?.month)?,
            centre: limits.map(|l| l.centre),
            // A limit beyond what can happen tells nobody anything.
            lower: limits.map(|l| l.lower).filter(|lower| *lower > 0.0),
            upper: limits.map(|l| l.upper),
        })
    };
    runs.filter_map(phase).collect()
}

/// The newest comparison with the most similar group: of a rolling year if there is one, else of a financial year or a month.
fn group_row<'a>(input: &ChartInput<'a>) -> Option<&'a Comparison> {
    let variant = input.definitions.pipeline.comparators.variant.name();
    let wanted = |c: &&Comparison| {
        c.comparator == Comparator::MostSimilarGroup && c.comparator_variant.is_some_and(|v| v.name() == variant)
    };
    let preferred = [PeriodType::Rolling12Months, PeriodType::FinancialYear, PeriodType::Month];
    preferred.into_iter().find_map(|period_type| {
        input.comparisons.iter().filter(wanted).filter(|c| c.period_type == period_type).max_by_key(|c| c.period_end)
    })
}

fn beside_group(input: &ChartInput<'_>, row: &Comparison) -> RankedChart {
    let metric = input.metric;
    let peers = input.definitions.pipeline.peers_on(&input.definitions.references, row.period_end);
    let same =
        |f: &&Figure| f.period_type == row.period_type && f.period_start == row.period_start && f.level == Level::Force;
    let value_of = |force: &str| input.others.iter().chain(input.own).filter(same).find(|f| &*f.force == force);
    let member = |id: &str, own: bool| {
        let figure = value_of(id);
        RankedMember {
            name: force_name(input, id),
            value: figure.and_then(|f| f.value),
            lower: figure.and_then(|f| f.lower_95),
            upper: figure.and_then(|f| f.upper_95),
            own,
            missing_reason: match figure {
                None => Some("no figure for the period".to_owned()),
                Some(f) if f.value.is_none() => f.reason.as_ref().map(|r| r.to_string()),
                Some(_) => None,
            },
        }
    };
    let mut members: Vec<RankedMember> = peers.iter().map(|p| member(p.member.as_str(), false)).collect();
    members.push(member(&row.force, true));
    let national = input.comparisons.iter().find(|c| {
        c.comparator == Comparator::National && c.period_type == row.period_type && c.period_start == row.period_start
    });
    let variant = input.definitions.pipeline.comparators.variant;
    RankedChart {
        title: format!("{}: {}", metric.title, beside_words(row.verdict_95)),
        subtitle: format!("{} and the most similar forces{}", force_name(input, &row.force), basis_words(metric)),
        value_label: metric.title.clone(),
        unit: chart_unit(metric.unit),
        members,
        order: if metric.polarity == Polarity::Lower { RankOrder::LowestFirst } else { RankOrder::HighestFirst },
        group_mean: Some(ReferenceLine { label: "Group mean".to_owned(), value: row.comparator_value }),
        national: national.map(|n| ReferenceLine { label: "England and Wales".to_owned(), value: n.comparator_value }),
        rank: rank(row),
        group_variant: match variant {
            Variant::MeanOfRatesIncludingSelf => GroupVariant::MeanOfRatesIncludingSelf,
            Variant::Pooled => GroupVariant::Pooled,
            Variant::ExcludingSelf => GroupVariant::ExcludingSelf,
        },
        group_date: peers.first().map(|p| long_date(p.valid_from)).unwrap_or_default(),
        period: period_words(row),
        source: format!("{} Data to {}.", input.source, long_date(input.data_date)),
        synthetic: input.synthetic,
        notes: group_notes(&peers, row),
    }
}

fn rank(row: &Comparison) -> Option<Rank> {
    let (rank, size) = (row.rank?, row.group_size?);
    let end = |of: Option<usize>| of.unwrap_or(rank) as u32;
    Some(Rank { rank: rank as u32, lower: end(row.rank_lower), upper: end(row.rank_upper), of: size as u32 })
}

fn beside_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better than similar forces",
        Verdict::Worse => "worse than similar forces",
        Verdict::Higher => "higher than similar forces",
        Verdict::Lower => "lower than similar forces",
        Verdict::Similar => "in line with similar forces",
        Verdict::NotAvailable => "beside similar forces",
    }
}

fn period_words(row: &Comparison) -> String {
    match row.period_type {
        PeriodType::Month => row.period_start.format("%B %Y").to_string(),
        PeriodType::FinancialYear => {
            let year = row.period_start.year();
            format!("Financial year {year}/{:02}", (year + 1) % 100)
        }
        _ => format!("12 months to {}", row.period_end.format("%B %Y")),
    }
}

fn group_notes(peers: &[&PeerGroup], row: &Comparison) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(peer) = peers.iter().find(|p| p.illustrative) {
        notes.push(format!("{}.", peer.source.trim_end_matches('.')));
    }
    if let Some(sensitivity) = row.sensitivity.map(|s| s.name()).filter(|s| *s != "none") {
        let hangs_on = match sensitivity {
            "variant" => "how the group is averaged",
            "member" => "one member of the group",
            _ => "how the group is averaged and on one of its members",
        };
        notes.push(format!("The verdict hangs on {hangs_on}."));
    }
    notes
}

/// Alt text travels beside the pictures: one line a chart.
pub fn alt_texts(charts: &[(Arc<str>, String)]) -> String {
    let mut text = String::new();
    for (name, alt) in charts {
        text.push_str(&format!("{name}\t{}\n", alt.replace(['\n', '\t'], " ")));
    }
    text
}
