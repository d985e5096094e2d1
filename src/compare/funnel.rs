//! All forces of a period in one funnel: which of them are out of the ordinary, given how many events each has.

use super::Input;
use super::forces::{Force, Forces, Slice};
use crate::domain::Kind;
use crate::statistics::funnel::{overdispersed_limits, position_in, proportion_limits, ratio_limits};
use crate::statistics::{Confidence, Interval};
use crate::tables::funnel::FunnelPoint;

/// A point for each force of England and Wales, by scope, period and force. Shares and rates of counts have a funnel,
/// where ten forces or more reported the same period; means, quantiles and weighted shares have none.
pub fn funnel(input: &Input<'_>) -> Vec<FunnelPoint> {
    let forces = Forces::new(input);
    let mut points: Vec<FunnelPoint> =
        forces.slices().flat_map(|(scope, slice)| of_slice(input, scope, slice)).collect();
    let key = |p: &FunnelPoint| (p.force.clone(), p.scope.clone(), p.period_type.name(), p.period_start, p.period_end);
    points.sort_by_key(key);
    points
}

fn of_slice(input: &Input<'_>, scope: &str, slice: &Slice<'_>) -> Vec<FunnelPoint> {
    let Some(between) = slice.between.filter(|_| slice.sampling_known) else { return Vec::new() };
    let judged: Vec<&Force<'_>> = super::forces::territorial(input.definitions, input.metric)
        .filter_map(|id| slice.forces.iter().find(|force| force.id == id.as_str()))
        .collect();
    let counts: Option<Vec<(f64, f64)>> = judged.iter().map(|f| f.figure.numerator.zip(f.figure.denominator)).collect();
    let Some(counts) = counts else { return Vec::new() };
    let (events, base) = counts.iter().fold((0.0, 0.0), |(a, b), (n, d)| (a + n, b + d));
    let centre = events / base;
    let point = |force: &&Force<'_>| {
        let figure = force.figure;
        let (numerator, denominator) = figure.numerator.zip(figure.denominator)?;
        let limits = |confidence| sampling_limits(input.metric.kind, centre, denominator, confidence);
        let (limits_95, method) = limits(Confidence::P95)?;
        let (limits_998, _) = limits(Confidence::P998)?;
        let variance = sampling_variance(input.metric.kind, centre, denominator)?;
        let wide = |confidence| overdispersed_limits(centre, variance, between, confidence);
        let (wide_limits_95, wide_limits_998) = (wide(Confidence::P95)?, wide(Confidence::P998)?);
        let value = numerator / denominator;
        Some(FunnelPoint {
            metric: input.metric.id.as_str().into(),
            force: figure.force.clone(),
            scope: scope.into(),
            period_type: figure.period_type,
            period_start: figure.period_start,
            period_end: figure.period_end,
            numerator,
            denominator,
            value,
            centre,
            limits_95,
            limits_998,
            position: position_in(value, limits_95, limits_998),
            wide_limits_95,
            wide_limits_998,
            wide_position: position_in(value, wide_limits_95, wide_limits_998),
            variance_between_forces: between,
            forces: judged.len(),
            method,
            basis: figure.basis,
        })
    };
    judged.iter().filter_map(point).collect()
}

/// Limits at a denominator, and the name of their method.
fn sampling_limits(
    kind: Kind,
    centre: f64,
    denominator: f64,
    confidence: Confidence,
) -> Option<(Interval, &'static str)> {
    match kind {
        Kind::Proportion | Kind::Stock => {
            proportion_limits(centre, denominator, confidence).map(|limits| (limits, "wilson_inverted"))
        }
        Kind::Ratio | Kind::Rate => {
            let limits = ratio_limits(centre * denominator, confidence)?;
            Some((Interval { lower: limits.lower * centre, upper: limits.upper * centre }, "exact_poisson"))
        }
        Kind::Count | Kind::Mean | Kind::Quantile => None,
    }
}

/// Of a value at the centre.
fn sampling_variance(kind: Kind, centre: f64, denominator: f64) -> Option<f64> {
    match kind {
        Kind::Proportion | Kind::Stock => Some(centre * (1.0 - centre) / denominator),
        Kind::Ratio | Kind::Rate => Some(centre / denominator),
        Kind::Count | Kind::Mean | Kind::Quantile => None,
    }
}
