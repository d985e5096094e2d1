//! A figure as statistics take it: its value with the variance of its sampling error.

use crate::domain::Kind;
use crate::statistics::{Confidence, Interval, Method, UnitValue, student_t};
use crate::tables::figure::Figure;

/// The figure with its sampling variance: from its counts, or read off its 95% interval for a mean, a quantile and a
/// weighted share. `None` where it has no value, or neither counts nor an interval tell its error.
pub(super) fn unit_value(kind: Kind, figure: &Figure) -> Option<UnitValue> {
    let numerator = figure.numerator;
    match kind {
        Kind::Count => UnitValue::rate(numerator?, 1.0),
        Kind::Ratio | Kind::Rate => UnitValue::rate(numerator?, figure.denominator?),
        Kind::Proportion | Kind::Stock if is_weighted(figure) => weighted(figure),
        Kind::Proportion | Kind::Stock => UnitValue::proportion(numerator?, figure.denominator?),
        Kind::Mean => mean(figure),
        Kind::Quantile => Some(UnitValue::quantile(figure.denominator? as u64, figure.value?, interval_95(figure)?)),
    }
}

/// The figure as if it were known without error: for comparisons by the whole spread of the forces' values.
pub(super) fn without_error(kind: Kind, figure: &Figure) -> Option<UnitValue> {
    let denominator = if kind == Kind::Count { Some(1.0) } else { figure.denominator };
    Some(UnitValue { value: figure.value?, sampling_variance: 0.0, denominator: denominator? })
}

/// Whether the figure is a share of weights, so that its counts do not tell its value.
pub(super) fn is_weighted(figure: &Figure) -> bool {
    figure.method.as_deref() == Some(Method::WilsonEffectiveBase.name())
}

/// The base of a Wilson interval.
///
/// With k = z²/n the ends l and u are the roots of (1 + k)x² - (2p + k)x + p² = 0, so lu = p²/(1 + k) and
/// (1 - l)(1 - u) = (1 - p)²/(1 + k), whose sum gives k.
pub(super) fn wilson_base(value: f64, interval_95: Interval) -> Option<f64> {
    let Interval { lower, upper } = interval_95;
    let one_and_k = (value * value + (1.0 - value).powi(2)) / (lower * upper + (1.0 - lower) * (1.0 - upper));
    let base = Confidence::P95.z().powi(2) / (one_and_k - 1.0);
    (base.is_finite() && base > 0.0).then_some(base)
}

fn weighted(figure: &Figure) -> Option<UnitValue> {
    let value = figure.value?;
    let base = wilson_base(value, interval_95(figure)?)?;
    let unit = UnitValue::proportion((value * base).min(base), base)?;
    Some(UnitValue { value, denominator: figure.denominator?, ..unit })
}

/// The half width of a t interval is t·s/√n.
fn mean(figure: &Figure) -> Option<UnitValue> {
    let (value, denominator, ends) = (figure.value?, figure.denominator?, interval_95(figure)?);
    let t = student_t::interval(denominator as u64, 0.0, denominator.sqrt(), Confidence::P95)?.upper;
    let standard_error = (ends.upper - ends.lower) / (2.0 * t);
    Some(UnitValue { value, sampling_variance: standard_error * standard_error, denominator })
}

fn interval_95(figure: &Figure) -> Option<Interval> {
    Some(Interval { lower: figure.lower_95?, upper: figure.upper_95? })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::statistics::{Estimate, quantile, wilson};

    fn figure(estimate: Estimate, numerator: Option<f64>, denominator: f64) -> Figure {
        sample::with_estimate(estimate, numerator, Some(denominator))
    }

    #[test]
    fn counts_tell_the_variance() {
        for (kind, numerator, denominator, variance) in [
            (Kind::Count, 16.0, None, 16.0),
            (Kind::Ratio, 30.0, Some(20.0), 30.0 / 400.0),
            (Kind::Rate, 30.0, Some(20.0), 30.0 / 400.0),
            (Kind::Proportion, 20.0, Some(80.0), 0.25 * 0.75 / 80.0),
            (Kind::Stock, 20.0, Some(80.0), 0.25 * 0.75 / 80.0),
        ] {
            let unit = unit_value(kind, &sample::figure(kind, numerator, denominator)).unwrap();
            assert!((unit.sampling_variance - variance).abs() < 1e-15, "{kind:?} {unit:?}");
        }
    }

    /// 25 values with mean 12 and standard deviation 10: variance 100 / 25.
    #[test]
    fn a_mean_gives_its_variance_back() {
        let figure = figure(student_t::mean(25, 12.0, 10.0).unwrap(), Some(300.0), 25.0);
        let unit = unit_value(Kind::Mean, &figure).unwrap();
        assert!((unit.sampling_variance - 4.0).abs() < 1e-12, "{unit:?}");
        let alone = sample::figure(Kind::Mean, 300.0, Some(25.0));
        assert_eq!(unit_value(Kind::Mean, &alone), None);
        assert_eq!(without_error(Kind::Mean, &alone).map(|u| (u.value, u.denominator)), Some((12.0, 25.0)));
    }

    #[test]
    fn a_quantile_gives_its_variance_by_its_interval() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let estimate = quantile::quantile(&values, 0.5).unwrap();
        let ends = estimate.interval_95.unwrap();
        let unit = unit_value(Kind::Quantile, &figure(estimate, None, 100.0)).unwrap();
        let error = (ends.upper - ends.lower) / (2.0 * 1.959_963_984_540_054);
        assert!((unit.sampling_variance.sqrt() - error).abs() < 1e-12, "{unit:?}");
    }

    #[test]
    fn a_wilson_interval_gives_its_base_back() {
        for (value, base) in [(0.0, 40.0), (0.3, 57.25), (0.5, 3.5), (1.0, 12.0)] {
            let interval = wilson::interval(value * base, base, Confidence::P95).unwrap();
            let found = wilson_base(value, interval).unwrap();
            assert!((found / base - 1.0).abs() < 1e-9, "{value} {base} {found}");
        }
    }

    /// 30 of 40 answers, whose weights make 75% into 60% on an effective base of 32.
    #[test]
    fn a_weighted_share_has_the_variance_of_its_effective_base() {
        let figure = figure(wilson::weighted_proportion(0.6, 32.0).unwrap(), Some(30.0), 40.0);
        let unit = unit_value(Kind::Proportion, &figure).unwrap();
        assert!((unit.sampling_variance - 0.6 * 0.4 / 32.0).abs() < 1e-12, "{unit:?}");
        assert_eq!((unit.value, unit.denominator), (0.6, 40.0));
    }
}
