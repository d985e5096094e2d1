//! Control limits of a funnel plot and where a unit lies (Spiegelhalter DJ 2005, *Statistics in Medicine* 24:1185-1202).

use super::{Confidence, Interval, poisson};

/// Where a unit lies against a comparator, at both levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Below at 99.8%.
    Below998,
    /// Below at 95% but not at 99.8%.
    Below95,
    /// Within the 95% limits.
    Within,
    /// Above at 95% but not at 99.8%.
    Above95,
    /// Above at 99.8%.
    Above998,
}

/// The position of a unit whose own intervals are given: it is outside where its interval excludes the comparator,
/// which for Wilson and exact intervals is the same as the value lying outside the funnel.
pub fn position(interval_95: Interval, interval_998: Interval, comparator: f64) -> Position {
    if interval_998.lower > comparator {
        Position::Above998
    } else if interval_95.lower > comparator {
        Position::Above95
    } else if interval_998.upper < comparator {
        Position::Below998
    } else if interval_95.upper < comparator {
        Position::Below95
    } else {
        Position::Within
    }
}

impl Position {
    /// The text in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Below998 => "below_998",
            Self::Below95 => "below_95",
            Self::Within => "within",
            Self::Above95 => "above_95",
            Self::Above998 => "above_998",
        }
    }
}

/// The position of a value by the limits at its denominator; on a limit it is within.
pub fn position_in(value: f64, limits_95: Interval, limits_998: Interval) -> Position {
    if value > limits_998.upper {
        Position::Above998
    } else if value > limits_95.upper {
        Position::Above95
    } else if value < limits_998.lower {
        Position::Below998
    } else if value < limits_95.lower {
        Position::Below95
    } else {
        Position::Within
    }
}

/// Limits of a proportion at a denominator: p ± z·sqrt(p(1 - p)/n), cut at 0 and 1.
///
/// They are the proportions whose Wilson interval just touches p. `None` for a denominator not above zero or a
/// comparator that is no proportion.
pub fn proportion_limits(comparator: f64, denominator: f64, confidence: Confidence) -> Option<Interval> {
    if !(denominator > 0.0 && (0.0..=1.0).contains(&comparator)) {
        return None;
    }
    let half_width = confidence.z() * (comparator * (1.0 - comparator) / denominator).sqrt();
    Some(Interval { lower: (comparator - half_width).max(0.0), upper: (comparator + half_width).min(1.0) })
}

/// Limits of observed over expected events at `expected` events: the exact Poisson interval over the expected number.
///
/// For a rate, `expected` is the comparator times the denominator, and the limits times the comparator are in the unit
/// of the rate. `None` for an expected number not above zero.
pub fn ratio_limits(expected: f64, confidence: Confidence) -> Option<Interval> {
    if expected <= 0.0 {
        return None;
    }
    poisson::exact_interval(expected, confidence).map(|limits| limits.divided_by(expected))
}

/// Limits that allow for variance between units: centre ± z·sqrt(s² + τ²), on the scale of all four
/// (Spiegelhalter DJ 2005, *Quality & Safety in Health Care* 14:347-351). `None` for a negative variance.
pub fn overdispersed_limits(
    centre: f64,
    sampling_variance: f64,
    tau_squared: f64,
    confidence: Confidence,
) -> Option<Interval> {
    if !(sampling_variance >= 0.0 && tau_squared >= 0.0) {
        return None;
    }
    let half_width = confidence.z() * (sampling_variance + tau_squared).sqrt();
    Some(Interval { lower: centre - half_width, upper: centre + half_width })
}

#[cfg(test)]
mod tests {
    use super::super::wilson;
    use super::*;

    #[test]
    fn a_proportion_on_a_limit_has_a_wilson_interval_that_touches_the_comparator() {
        for confidence in Confidence::BOTH {
            let limits = proportion_limits(0.3, 250.0, confidence).unwrap();
            let low = wilson::interval(limits.lower * 250.0, 250.0, confidence).unwrap();
            let high = wilson::interval(limits.upper * 250.0, 250.0, confidence).unwrap();
            assert!((low.upper - 0.3).abs() < 1e-12 && (high.lower - 0.3).abs() < 1e-12);
        }
    }

    #[test]
    fn limits_stay_where_a_proportion_can_be() {
        let limits = proportion_limits(0.8, 2.0, Confidence::P998).unwrap();
        assert_eq!(limits.upper, 1.0);
        assert_eq!(proportion_limits(0.8, 0.0, Confidence::P95), None);
        assert_eq!(proportion_limits(1.2, 10.0, Confidence::P95), None);
        assert_eq!(ratio_limits(0.0, Confidence::P95), None);
    }

    /// 3-4-5: sqrt(9 + 16) = 5.
    #[test]
    fn variances_add() {
        let limits = overdispersed_limits(50.0, 9.0, 16.0, Confidence::P95).unwrap();
        assert!((limits.upper - 50.0 - 5.0 * Confidence::P95.z()).abs() < 1e-12, "{limits:?}");
        assert_eq!(overdispersed_limits(50.0, -1.0, 16.0, Confidence::P95), None);
    }

    #[test]
    fn positions() {
        let (inner, outer) = (Interval { lower: 4.0, upper: 6.0 }, Interval { lower: 3.0, upper: 7.0 });
        for (comparator, expected) in [
            (2.9, Position::Above998),
            (3.0, Position::Above95),
            (3.9, Position::Above95),
            (4.0, Position::Within),
            (6.0, Position::Within),
            (6.1, Position::Below95),
            (7.0, Position::Below95),
            (7.1, Position::Below998),
        ] {
            assert_eq!(position(inner, outer, comparator), expected, "{comparator}");
        }
        for (value, expected) in [
            (2.9, Position::Below998),
            (3.0, Position::Below95),
            (4.0, Position::Within),
            (6.0, Position::Within),
            (7.0, Position::Above95),
            (7.1, Position::Above998),
        ] {
            assert_eq!(position_in(value, inner, outer), expected, "{value}");
        }
    }
}
