//! The standard normal distribution.

use statrs::function::erf;
use std::f64::consts::SQRT_2;

/// The two-sided p-value of a standard normal `z`.
pub(super) fn two_sided_p_value(z: f64) -> f64 {
    erf::erfc(z.abs() / SQRT_2)
}

/// The probability of a standard normal value below `z`.
pub(super) fn lower_tail(z: f64) -> f64 {
    0.5 * erf::erfc(-z / SQRT_2)
}

/// The standard normal quantile of a probability strictly between 0 and 1.
pub(super) fn quantile(probability: f64) -> f64 {
    -SQRT_2 * erf::erfc_inv(2.0 * probability)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_and_p_value_are_inverse() {
        for p_value in [0.9, 0.5, 0.05, 0.002, 1e-6, 1e-12] {
            let z = quantile(p_value / 2.0);
            assert!(z < 0.0);
            assert!((two_sided_p_value(z) / p_value - 1.0).abs() < 1e-10, "{p_value}");
        }
        assert_eq!(two_sided_p_value(0.0), 1.0);
        assert_eq!((lower_tail(0.0), lower_tail(f64::NEG_INFINITY), lower_tail(f64::INFINITY)), (0.5, 0.0, 1.0));
        assert!((lower_tail(-1.959_963_984_540_054) / 0.025 - 1.0).abs() < 1e-10);
    }
}
