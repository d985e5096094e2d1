//! The two confidence levels every figure is shown at, and the interval they give.

/// A two-sided confidence level.
///
/// 95% and 99.8% are the levels of public-health funnel plots: about two and three standard errors
/// (Spiegelhalter 2005, *Statistics in Medicine* 24:1185-1202).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// 95%.
    P95,
    /// 99.8%.
    P998,
}

impl Confidence {
    /// Both levels, narrower first.
    pub const BOTH: [Self; 2] = [Self::P95, Self::P998];

    /// The standard normal quantile at 1 - alpha / 2.
    pub const fn z(self) -> f64 {
        match self {
            Self::P95 => 1.959_963_984_540_054,
            Self::P998 => 3.090_232_306_167_813,
        }
    }

    /// The probability left outside the interval, both sides together.
    pub const fn alpha(self) -> f64 {
        match self {
            Self::P95 => 0.05,
            Self::P998 => 0.002,
        }
    }

    /// The probability inside the interval.
    pub const fn level(self) -> f64 {
        match self {
            Self::P95 => 0.95,
            Self::P998 => 0.998,
        }
    }
}

/// A confidence interval or a pair of control limits, in the unit of the value it stands beside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Interval {
    /// True when `value` lies inside or on an end.
    pub fn contains(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }

    /// Both ends divided by a positive `divisor`.
    pub(crate) fn divided_by(self, divisor: f64) -> Self {
        Self { lower: self.lower / divisor, upper: self.upper / divisor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn z_alpha_and_level_belong_together() {
        for confidence in Confidence::BOTH {
            let inside = 2.0 * Normal::standard().cdf(confidence.z()) - 1.0;
            assert!((inside - confidence.level()).abs() < 1e-11, "{confidence:?} {inside}");
            assert!((confidence.level() + confidence.alpha() - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn an_end_is_inside() {
        let interval = Interval { lower: 0.2, upper: 0.4 };
        for (value, inside) in [(0.2, true), (0.3, true), (0.4, true), (0.19, false), (0.41, false)] {
            assert_eq!(interval.contains(value), inside, "{value}");
        }
    }
}
