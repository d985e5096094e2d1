//! Counts to a value with its intervals, by kind of metric.

use super::series::MonthCounts;
use crate::definitions::{Measure, Metric};
use crate::domain::Kind;
use crate::statistics::{Estimate, Undefined, quantile, student_t, wilson};
use crate::tables::figure_rules::estimate_of;

/// The value alone, as [`of`] gives it.
pub(super) fn value(metric: &Metric, counts: &MonthCounts) -> Option<f64> {
    let (numerator, denominator) = (counts.numerator.unwrap_or(0.0), counts.denominator.unwrap_or(0.0));
    let share = (denominator > 0.0).then(|| numerator / denominator);
    match (metric.kind, &metric.measure) {
        (Kind::Count, _) => Some(numerator),
        (Kind::Quantile, Measure::Quantile { probability, .. }) => quantile::type_7(&counts.values, *probability),
        (_, Measure::Share { weight: Some(_), .. }) => {
            let [solved, all, _] = counts.extra[..] else { return None };
            (all > 0.0).then(|| solved / all)
        }
        (Kind::Proportion | Kind::Stock, _) => share.filter(|share| *share <= 1.0),
        _ => share,
    }
}

/// Value and intervals, or why there are none.
pub(super) fn of(metric: &Metric, counts: &MonthCounts) -> Result<Estimate, Undefined> {
    let numerator = counts.numerator.unwrap_or(0.0);
    match (&metric.measure, &counts.extra[..]) {
        (Measure::Share { weight: Some(_), .. }, [solved, all, squared]) => {
            let effective = wilson::effective_base(*all, *squared).ok_or(Undefined::ZeroDenominator)?;
            wilson::weighted_proportion(solved / all, effective)
        }
        (Measure::Mean { .. }, [squares]) => mean(numerator, counts.denominator.unwrap_or(0.0), *squares),
        (Measure::Quantile { probability, .. }, _) => quantile::quantile(&counts.values, *probability),
        _ => estimate_of(metric.kind, numerator, counts.denominator),
    }
}

/// Student's t from a sum and a sum of squares.
fn mean(sum: f64, events: f64, squares: f64) -> Result<Estimate, Undefined> {
    if events <= 0.0 {
        return Err(Undefined::NoObservations);
    }
    let mean = sum / events;
    let variance = if events > 1.0 { ((squares - events * mean * mean) / (events - 1.0)).max(0.0) } else { 0.0 };
    student_t::mean(events as u64, mean, variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_from_its_sums() {
        // 2, 4, 6: mean 4, standard deviation 2.
        let found = mean(12.0, 3.0, 56.0).unwrap();
        assert_eq!(found.value, 4.0);
        // t(2, 0.975) = 4.302653; 4.302653 * 2 / sqrt(3) = 4.968275.
        assert!((found.interval_95.unwrap().upper - 8.968_275).abs() < 1e-6);
        assert_eq!(mean(0.0, 0.0, 0.0), Err(Undefined::NoObservations));
    }
}
