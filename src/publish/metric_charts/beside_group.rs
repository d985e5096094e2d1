//! A figure beside the most similar forces: what the bar chart shows.

use super::super::charts::ranked::{GroupVariant, Rank, RankOrder, RankedChart, RankedMember, ReferenceLine};
use super::{ChartInput, basis_words, chart_unit, force_name, period_words, source_words};
use crate::definitions::{PeerGroup, Variant};
use crate::domain::{Level, PeriodType, Polarity, long_date};
use crate::statistics::comparison::Verdict;
use crate::tables::comparison::{Comparator, Comparison};
use crate::tables::figure::Figure;

/// The newest comparison with the most similar group: of a rolling year if there is one, else of a financial year or a month.
pub(super) fn row<'a>(input: &ChartInput<'a>) -> Option<&'a Comparison> {
    let variant = input.definitions.pipeline.comparators.variant.name();
    let wanted = |c: &&Comparison| {
        c.comparator == Comparator::MostSimilarGroup && c.comparator_variant.is_some_and(|v| v.name() == variant)
    };
    let preferred = [PeriodType::Rolling12Months, PeriodType::FinancialYear, PeriodType::Month];
    preferred.into_iter().find_map(|period_type| {
        input.comparisons.iter().filter(wanted).filter(|c| c.period_type == period_type).max_by_key(|c| c.period_end)
    })
}

pub(super) fn input(input: &ChartInput<'_>, row: &Comparison) -> RankedChart {
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
        period: period_words(row.period_type, row.period_start, row.period_end),
        source: source_words(input.source, input.data_date),
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
