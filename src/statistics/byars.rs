//! Byar's approximation to the Poisson interval of a count.
//!
//! Breslow NE, Day NE (1987), *Statistical Methods in Cancer Research* II, IARC, p. 69, with O the count:
//!
//! ```text
//! lower = O·(1 - 1/(9O) - z/(3·sqrt(O)))³      upper = (O+1)·(1 - 1/(9(O+1)) + z/(3·sqrt(O+1)))³
//! ```
//!
//! It is good from 10 events on; [`super::poisson`] uses the exact interval below that.

use super::{Confidence, Interval};

/// Byar's lower limit. `None` where the approximation falls below zero, which no rate can do, or the count is not
/// above zero.
pub fn lower(count: f64, confidence: Confidence) -> Option<f64> {
    if !(count.is_finite() && count > 0.0) {
        return None;
    }
    let root = 1.0 - 1.0 / (9.0 * count) - confidence.z() / (3.0 * count.sqrt());
    (root >= 0.0).then_some(count * root * root * root)
}

/// Byar's upper limit. `None` for a negative count.
pub fn upper(count: f64, confidence: Confidence) -> Option<f64> {
    if !(count.is_finite() && count >= 0.0) {
        return None;
    }
    let next = count + 1.0;
    let root = 1.0 - 1.0 / (9.0 * next) + confidence.z() / (3.0 * next.sqrt());
    Some(next * root * root * root)
}

/// Both limits; `None` where either is missing.
pub fn interval(count: f64, confidence: Confidence) -> Option<Interval> {
    Some(Interval { lower: lower(count, confidence)?, upper: upper(count, confidence)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At one event and 99.8%: root = 1 - 0.1111 - 1.0301 = -0.1412, so there is no lower limit, and an upper one of
    /// 2·(1 - 0.05556 + 3.09023/4.24264)³ = 2·1.67281³ = 9.3622.
    #[test]
    fn a_lower_limit_below_zero_is_missing() {
        assert_eq!(lower(1.0, Confidence::P998), None);
        assert!((upper(1.0, Confidence::P998).unwrap() - 9.362_2).abs() < 1e-3);
        assert_eq!(interval(1.0, Confidence::P998), None);
        assert!(lower(1.0, Confidence::P95).unwrap() > 0.0);
    }

    #[test]
    fn what_is_no_count_has_no_limits() {
        for count in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(lower(count, Confidence::P95), None);
            assert_eq!(upper(count, Confidence::P95), None);
        }
        assert_eq!(lower(0.0, Confidence::P95), None);
    }

    #[test]
    fn from_ten_events_on_there_is_always_a_lower_limit() {
        for count in 10..500 {
            for confidence in Confidence::BOTH {
                let limits = interval(f64::from(count), confidence).unwrap();
                assert!(limits.lower > 0.0 && limits.contains(f64::from(count)), "{count}");
            }
        }
    }
}
