//! A force's, area's or team's value with the variance of its sampling error, as comparisons need it.

use super::{Confidence, Interval};

/// A unit's value, ready to be compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitValue {
    /// The value.
    pub value: f64,
    /// Variance of its sampling error, in the square of its unit; 0 for a value known without error.
    pub sampling_variance: f64,
    /// Its denominator: the unit's weight in a pooled comparator. Read for nothing else.
    pub denominator: f64,
}

impl UnitValue {
    /// A proportion x/n with binomial variance p(1 - p)/n.
    ///
    /// At none or all of n the formula gives 0, which would make any difference certain; p is then taken at
    /// (x + 1/2)/(n + 1) for the variance alone (Anscombe FJ 1956, *Biometrika* 43:461-464).
    /// `None` where it is no proportion.
    pub fn proportion(numerator: f64, denominator: f64) -> Option<Self> {
        if !(denominator > 0.0 && denominator.is_finite() && (0.0..=denominator).contains(&numerator)) {
            return None;
        }
        let value = numerator / denominator;
        let inner = numerator > 0.0 && numerator < denominator;
        let chance = if inner { value } else { (numerator + 0.5) / (denominator + 1.0) };
        Some(Self { value, sampling_variance: chance * (1.0 - chance) / denominator, denominator })
    }

    /// A rate or a closed-basis ratio x/n of a Poisson count over a fixed denominator: variance x/n².
    ///
    /// With no event the variance is taken at half an event, for the reason given at [`UnitValue::proportion`].
    /// `None` where it is no rate.
    pub fn rate(count: f64, denominator: f64) -> Option<Self> {
        if !(denominator > 0.0 && denominator.is_finite() && count >= 0.0 && count.is_finite()) {
            return None;
        }
        let events = if count > 0.0 { count } else { 0.5 };
        Some(Self { value: count / denominator, sampling_variance: events / (denominator * denominator), denominator })
    }

    /// A mean of `observations` values with sample standard deviation `standard_deviation`: variance s²/n.
    ///
    /// `None` below two observations or for an input that is not finite.
    pub fn mean(observations: u64, mean: f64, standard_deviation: f64) -> Option<Self> {
        if observations < 2 || !mean.is_finite() || !standard_deviation.is_finite() {
            return None;
        }
        let denominator = observations as f64;
        Some(Self {
            value: mean,
            sampling_variance: standard_deviation * standard_deviation / denominator,
            denominator,
        })
    }

    /// A median or percentile of `observations` values whose standard error is read off its 95% order-statistic
    /// interval: width / (2 × 1.96), by the asymptotic normality of a sample quantile (David HA, Nagaraja HN 2003,
    /// *Order Statistics*, section 10.2).
    pub fn quantile(observations: u64, value: f64, interval_95: Interval) -> Self {
        let standard_error = (interval_95.upper - interval_95.lower) / (2.0 * Confidence::P95.z());
        Self { value, sampling_variance: standard_error * standard_error, denominator: observations as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variances_worked_by_hand() {
        for (unit, value, variance) in [
            (UnitValue::proportion(20.0, 80.0), 0.25, 0.25 * 0.75 / 80.0),
            (UnitValue::proportion(0.0, 9.0), 0.0, 0.05 * 0.95 / 9.0),
            (UnitValue::proportion(9.0, 9.0), 1.0, 0.95 * 0.05 / 9.0),
            (UnitValue::rate(30.0, 20.0), 1.5, 30.0 / 400.0),
            (UnitValue::rate(0.0, 20.0), 0.0, 0.5 / 400.0),
            (UnitValue::mean(25, 12.0, 10.0), 12.0, 4.0),
            (UnitValue::mean(2, 12.0, 4.0), 12.0, 8.0),
        ] {
            let unit = unit.unwrap();
            assert!(
                (unit.value - value).abs() < 1e-15 && (unit.sampling_variance - variance).abs() < 1e-15,
                "{unit:?}"
            );
        }
        let median = UnitValue::quantile(40, 8.0, Interval { lower: 7.0, upper: 7.0 + 4.0 * 1.959_963_984_540_054 });
        assert!((median.sampling_variance - 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_value_is_refused() {
        assert_eq!(UnitValue::proportion(1.0, 0.0), None);
        assert_eq!(UnitValue::proportion(3.0, 2.0), None);
        assert_eq!(UnitValue::proportion(f64::NAN, 2.0), None);
        assert_eq!(UnitValue::rate(-1.0, 2.0), None);
        assert_eq!(UnitValue::rate(1.0, 0.0), None);
        assert_eq!(UnitValue::mean(1, 2.0, 0.0), None);
        assert_eq!(UnitValue::mean(9, 2.0, f64::NAN), None);
    }
}
