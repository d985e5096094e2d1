//! A figure among those of all forces: what the funnel shows.

use super::super::charts::funnel::{FunnelChart, FunnelForce, FunnelPlace};
use super::{ChartInput, basis_words, chart_unit, force_name, period_words, source_words};
use crate::definitions::Measure;
use crate::domain::{PeriodType, Polarity, Scope};
use crate::statistics::Interval;
use crate::statistics::funnel::Position;
use crate::tables::funnel::FunnelPoint;

/// The newest funnel that holds the force: of a rolling year if there is one, else of a financial year or a month.
pub(super) fn points<'a>(input: &ChartInput<'a>) -> Option<(&'a FunnelPoint, Vec<&'a FunnelPoint>)> {
    let force = &*input.own.first()?.force;
    let all: Vec<&FunnelPoint> = input.funnel.iter().filter(|p| &*p.scope == Scope::all().as_str()).collect();
    let preferred = [PeriodType::Rolling12Months, PeriodType::FinancialYear, PeriodType::Month];
    let own = preferred.into_iter().find_map(|period_type| {
        all.iter().filter(|p| p.period_type == period_type && &*p.force == force).max_by_key(|p| p.period_end).copied()
    })?;
    let same = |p: &&FunnelPoint| p.period_type == own.period_type && p.period_start == own.period_start;
    Some((own, all.iter().copied().filter(same).collect()))
}

pub(super) fn input(input: &ChartInput<'_>, own: &FunnelPoint, points: &[&FunnelPoint]) -> FunnelChart {
    let metric = input.metric;
    let ends = |limits: Interval| (limits.lower, limits.upper);
    let force = |p: &&FunnelPoint| FunnelForce {
        name: force_name(input, &p.force),
        denominator: p.denominator,
        value: p.value,
        own: p.force == own.force,
        place: place(p.wide_position, metric.polarity),
        sampling: ends(p.limits_998),
        ordinary_95: ends(p.wide_limits_95),
        ordinary_998: ends(p.wide_limits_998),
    };
    FunnelChart {
        title: format!("{}: {}", metric.title, words(own.wide_position, metric.polarity)),
        subtitle: format!(
            "{} among {} forces of England and Wales{}",
            force_name(input, &own.force),
            own.forces,
            basis_words(metric)
        ),
        value_label: metric.title.clone(),
        base_label: match metric.measure {
            Measure::PerResident { .. } => "Residents, thousands".to_owned(),
            _ => format!("Denominator: {}", metric.extract),
        },
        unit: chart_unit(metric.unit),
        forces: points.iter().map(force).collect(),
        centre: own.centre,
        own_in_words: words(own.wide_position, metric.polarity).to_owned(),
        period: period_words(own.period_type, own.period_start, own.period_end),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: vec!["By chance alone one force in twenty would lie outside the 95% lines.".to_owned()],
    }
}

/// By the 99.8% limits: of 43 forces two are beyond those of 95% by chance.
fn place(position: Position, polarity: Polarity) -> FunnelPlace {
    match (position, polarity) {
        (Position::Above998, Polarity::Higher) | (Position::Below998, Polarity::Lower) => FunnelPlace::Better,
        (Position::Below998, Polarity::Higher) | (Position::Above998, Polarity::Lower) => FunnelPlace::Worse,
        (Position::Above998, Polarity::Neutral) => FunnelPlace::High,
        (Position::Below998, Polarity::Neutral) => FunnelPlace::Low,
        (Position::Above95 | Position::Within | Position::Below95, _) => FunnelPlace::Within,
    }
}

fn words(position: Position, polarity: Polarity) -> &'static str {
    match place(position, polarity) {
        FunnelPlace::Better => "better than the ordinary range",
        FunnelPlace::Worse => "worse than the ordinary range",
        FunnelPlace::High => "above the ordinary range",
        FunnelPlace::Low => "below the ordinary range",
        FunnelPlace::Within if position == Position::Within => "in the ordinary range",
        FunnelPlace::Within => "at the edge of the ordinary range",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_by_position_and_polarity() {
        use Polarity::{Higher, Lower, Neutral};
        for (position, polarity, expected) in [
            (Position::Above998, Higher, "better than the ordinary range"),
            (Position::Above998, Lower, "worse than the ordinary range"),
            (Position::Above998, Neutral, "above the ordinary range"),
            (Position::Below998, Higher, "worse than the ordinary range"),
            (Position::Below998, Lower, "better than the ordinary range"),
            (Position::Below998, Neutral, "below the ordinary range"),
            (Position::Above95, Higher, "at the edge of the ordinary range"),
            (Position::Below95, Lower, "at the edge of the ordinary range"),
            (Position::Within, Neutral, "in the ordinary range"),
        ] {
            assert_eq!(words(position, polarity), expected, "{position:?} {polarity:?}");
        }
    }
}
