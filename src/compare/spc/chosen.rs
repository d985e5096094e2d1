//! Which chart a phase of months asks for, with its limits and rules.
//!
//! | kind | chart |
//! |---|---|
//! | proportion | p where the test of dispersion passes, else p' |
//! | ratio, rate | u where it passes, else u' |
//! | count | XmR of events per day, its limits times the days of the month |
//! | mean, quantile, share of weights | XmR |
//! | stock | a line |
//! | any, of crimes that are followed without end | a line: older months have had longer to come to an outcome |
//!
//! Fewer than 13 final months, or fewer than two events in the median one, are a line: their limits would be guesses.

use super::super::monthly::Point;
use super::season::season;
use crate::definitions::{Measure, Metric};
use crate::domain::Kind;
use crate::statistics::control_charts::{
    Baseline, Chart, CountKind, RARE_BELOW_MEDIAN_EVENTS, Reason, choose, p, p_prime, u, u_prime,
};
use crate::statistics::xmr::{self, Limits, MINIMUM_POINTS_FOR_LIMITS, Rule, Screening};
use crate::statistics::{Undefined, quantile};
use crate::tables::over_time::{ChartReason, ChartType};

/// A phase of months, charted. Limits and rules have an item for each month of the phase.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Charted {
    pub chart_type: ChartType,
    pub reason: ChartReason,
    /// Variance of the months over that of counting alone, where it was tested.
    pub dispersion_ratio: Option<f64>,
    /// Provisional months have limits too.
    pub limits: Vec<Option<Limits>>,
    /// `None` for a month that is not judged.
    pub rules: Vec<Option<Rule>>,
    /// What the calendar month adds or multiplies by, where it was taken out.
    pub season: Vec<Option<f64>>,
    /// Of the test whether calendar months differ; `None` where there are too few months to ask.
    pub season_p_value: Option<f64>,
}

impl Charted {
    /// Without a season.
    fn new(chart_type: ChartType, reason: ChartReason, limits: Vec<Option<Limits>>, rules: Vec<Option<Rule>>) -> Self {
        let season = vec![None; limits.len()];
        Self { chart_type, reason, dispersion_ratio: None, limits, rules, season, season_p_value: None }
    }
}

/// Charts the months of a phase. Those from `baseline` on make no limit; they are held against them all the same. Where
/// calendar months differ, limits follow the season.
pub(super) fn charted(metric: &Metric, months: &[Point], baseline: usize) -> Charted {
    if metric.is_followed_without_end() {
        return line(months, ChartReason::FollowedWithoutEnd);
    }
    let season = season(metric.kind, months, baseline);
    let without = season.as_ref().and_then(|season| season.without(months));
    let Some((season, without)) = season.as_ref().zip(without) else {
        return Charted { season_p_value: season.map(|s| s.p_value), ..plain(metric, months, baseline) };
    };
    let mut charted = plain(metric, &without, baseline);
    for (point, limits) in months.iter().zip(&mut charted.limits) {
        *limits = limits.map(|limits| season.with(point, limits));
    }
    charted.season_p_value = Some(season.p_value);
    // A line has no limits to follow it.
    if charted.limits.iter().any(Option::is_some) {
        charted.season = months.iter().map(|point| season.effect(point)).collect();
    }
    charted
}

fn plain(metric: &Metric, months: &[Point], baseline: usize) -> Charted {
    let weighted = matches!(&metric.measure, Measure::Share { weight: Some(_), .. });
    match metric.kind {
        Kind::Stock => line(months, ChartReason::Stock),
        Kind::Count => events_per_day(months, baseline),
        Kind::Proportion if !weighted => counted(CountKind::Proportion, months, baseline),
        Kind::Ratio | Kind::Rate => counted(CountKind::Rate, months, baseline),
        Kind::Proportion | Kind::Mean | Kind::Quantile => individuals(months, baseline),
    }
}

fn line(months: &[Point], reason: ChartReason) -> Charted {
    Charted::new(ChartType::Line, reason, vec![None; months.len()], vec![None; months.len()])
}

/// Values of the judged months.
fn values(months: &[Point], of: impl Fn(&Point, f64) -> f64) -> Vec<f64> {
    months.iter().filter(|m| m.is_judged()).filter_map(|m| Some(of(m, m.value?))).collect()
}

/// One rule for each judged month, put beside its month.
fn in_place(months: &[Point], rules: Vec<Rule>) -> Vec<Option<Rule>> {
    let mut rules = rules.into_iter();
    months.iter().map(|month| if month.is_judged() { rules.next() } else { None }).collect()
}

/// How many judged months make the limits.
fn judged(months: &[Point], baseline: usize) -> usize {
    months.iter().take(baseline).filter(|month| month.is_judged()).count()
}

fn individuals(months: &[Point], baseline: usize) -> Charted {
    let values = values(months, |_, value| value);
    let baseline = judged(months, baseline);
    if baseline < MINIMUM_POINTS_FOR_LIMITS {
        return line(months, ChartReason::Counts(Reason::FewMonths));
    }
    let Some(phase) = xmr::phase(&values, Some(baseline), Screening::On) else {
        return line(months, ChartReason::NotCounts);
    };
    let limits = vec![Some(phase.limits); months.len()];
    Charted::new(ChartType::Xmr, ChartReason::NotCounts, limits, in_place(months, phase.rules))
}

/// A month of 31 days has more events than one of 28 where nothing has changed.
fn events_per_day(months: &[Point], baseline: usize) -> Charted {
    let baseline = judged(months, baseline);
    let mut counts = values(months, |_, count| count);
    counts.truncate(baseline);
    counts.sort_by(f64::total_cmp);
    let median = quantile::type_7(&counts, 0.5);
    if baseline < MINIMUM_POINTS_FOR_LIMITS {
        return line(months, ChartReason::Counts(Reason::FewMonths));
    }
    if median.is_some_and(|median| median < RARE_BELOW_MEDIAN_EVENTS) {
        return line(months, ChartReason::Counts(Reason::RareEvents));
    }
    let daily = values(months, |month, count| count / month.days());
    let Some(phase) = xmr::phase(&daily, Some(baseline), Screening::On) else {
        return line(months, ChartReason::EventsPerDay);
    };
    let limits = months.iter().map(|month| Some(times(&phase.limits, month.days()))).collect();
    Charted::new(ChartType::Xmr, ChartReason::EventsPerDay, limits, in_place(months, phase.rules))
}

fn times(limits: &Limits, days: f64) -> Limits {
    Limits {
        centre: limits.centre * days,
        lower: limits.lower * days,
        upper: limits.upper * days,
        near_lower: limits.near_lower * days,
        near_upper: limits.near_upper * days,
    }
}

fn counted(kind: CountKind, months: &[Point], baseline: usize) -> Charted {
    // A figure whose counts are not known is a value alone.
    if months.iter().any(|month| month.value.is_some() && month.counts.is_none()) {
        return individuals(months, baseline);
    }
    tested(kind, months, baseline).unwrap_or_else(|_| individuals(months, baseline))
}

fn tested(kind: CountKind, months: &[Point], baseline: usize) -> Result<Charted, Undefined> {
    const GAP: (f64, f64) = (0.0, 0.0);
    let pairs: Vec<(f64, f64)> = months.iter().map(|m| m.value.and(m.counts).unwrap_or(GAP)).collect();
    let judged: Vec<(f64, f64)> = months
        .iter()
        .zip(&pairs)
        .take(baseline)
        .filter(|(month, _)| month.is_judged())
        .map(|(_, pair)| *pair)
        .collect();
    if judged.is_empty() {
        return Ok(line(months, ChartReason::Counts(Reason::FewMonths)));
    }
    let choice = choose(kind, &judged)?;
    let provisional: Vec<usize> = (0..months.len()).filter(|at| !months[*at].is_judged()).collect();
    let baseline = Baseline { freeze_after: Some(baseline), excluded: &provisional };
    let (chart_type, phase) = match choice.chart {
        Chart::Line | Chart::TimeBetween => return Ok(line(months, ChartReason::Counts(choice.reason))),
        Chart::P => (ChartType::P, p(&pairs, &baseline)?),
        Chart::PPrime => (ChartType::PPrime, p_prime(&pairs, &baseline, Screening::On)?),
        Chart::U => (ChartType::U, u(&pairs, &baseline)?),
        Chart::UPrime => (ChartType::UPrime, u_prime(&pairs, &baseline, Screening::On)?),
    };
    let limits = phase.limits();
    let held: Vec<Limits> =
        months.iter().zip(&limits).filter(|(month, _)| month.is_judged()).filter_map(|(_, limits)| *limits).collect();
    let rules = xmr::rules(&values(months, |_, value| value), &held);
    Ok(Charted {
        dispersion_ratio: choice.dispersion.map(|found| found.ratio),
        ..Charted::new(chart_type, ChartReason::Counts(choice.reason), limits, in_place(months, rules))
    })
}

#[cfg(test)]
mod tests;
