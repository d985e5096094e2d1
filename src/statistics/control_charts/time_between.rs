//! The t chart: the time from each rare event to the next, where counts by month are too small to chart.
//!
//! Nelson LS (1994), *Journal of Quality Technology* 26:239-241: waits between events of a Poisson process are
//! exponential, and y^(1/3.6) of them is near to normal. The transformed waits are charted as individuals
//! ([`super::individuals`]), limits cut at 0, and centre and limits are raised to 3.6 again. Longer waits are fewer
//! events. A wait of zero, two events on one day, is a point as any other.

use super::super::Undefined;
use super::super::xmr::Screening;
use super::individuals::within;
use super::{Baseline, NOT_NEGATIVE, Phase};

/// The power that makes an exponential wait near to normal.
const POWER: f64 = 3.6;

/// Charts one phase of waits, in days; so are centre and limits. What is outside and the runs are told before the
/// limits are transformed back.
///
/// # Errors
/// [`Undefined::NegativeTime`]; [`Undefined::TooFewPoints`] where fewer than two waits make the limits;
/// [`Undefined::NotFinite`].
pub fn time_between(days: &[f64], baseline: &Baseline, screening: Screening) -> Result<Phase, Undefined> {
    if days.iter().any(|wait| *wait < 0.0) {
        return Err(Undefined::NegativeTime);
    }
    let transformed: Vec<f64> = days.iter().map(|wait| wait.powf(1.0 / POWER)).collect();
    let phase = within(NOT_NEGATIVE, &transformed, baseline, screening)?;
    // Its own wait where one was transformed, so that a constant series lies on its centre to the last digit.
    let wait = |number: f64| transformed.iter().position(|other| *other == number).map(|position| days[position]);
    let phase = phase.map(|number| wait(number).unwrap_or_else(|| number.powf(POWER)));
    let upper = phase.points.iter().filter_map(|point| point.limits_3_sigma).map(|limits| limits.upper);
    if upper.into_iter().all(f64::is_finite) { Ok(phase) } else { Err(Undefined::NotFinite) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-9 * expected
    }

    /// Centre and limits worked in NumPy 2.4.6 from the formula; the wait of 60 days is within limits of 0 and 240.3.
    #[test]
    fn waits_of_rare_events() {
        let days = [8.0, 3.0, 21.0, 0.0, 14.0, 2.0, 5.0, 33.0, 1.0, 9.0, 12.0, 4.0, 60.0];
        let phase = time_between(&days, &Baseline::default(), Screening::On).unwrap();
        assert!(close(phase.centre, 7.079917720815357), "{}", phase.centre);
        let (two, three) = (phase.points[0].limits_2_sigma.unwrap(), phase.points[0].limits_3_sigma.unwrap());
        assert!(close(three.upper, 240.30069485081083) && three.lower == 0.0, "{three:?}");
        assert!(close(two.upper, 103.73939991282307) && two.lower == 0.0, "{two:?}");
        let values: Vec<f64> = phase.points.iter().filter_map(|point| point.value).collect();
        assert_eq!(values, days);
        assert!(phase.points.iter().all(|point| !point.is_outside));
    }

    /// As above, frozen after nine even waits; the tenth is outside.
    #[test]
    fn limits_frozen_before_a_long_wait() {
        let days = [8.0, 9.0, 10.0, 8.5, 9.5, 11.0, 10.5, 9.0, 8.0, 100.0];
        let baseline = Baseline { freeze_after: Some(9), excluded: &[] };
        let phase = time_between(&days, &baseline, Screening::On).unwrap();
        let (two, three) = (phase.points[0].limits_2_sigma.unwrap(), phase.points[0].limits_3_sigma.unwrap());
        for (found, expected) in [
            (phase.centre, 9.23905773315094),
            (three.lower, 6.60308459355425),
            (three.upper, 12.561774430039543),
            (two.lower, 7.411421364246434),
            (two.upper, 11.371805848457962),
        ] {
            assert!(close(found, expected), "{found} {expected}");
        }
        assert_eq!(
            phase.points.iter().map(|point| point.is_outside).collect::<Vec<_>>(),
            [[false; 9].as_slice(), &[true]].concat()
        );
    }

    #[test]
    fn a_constant_series_lies_on_its_centre() {
        for wait in [0.0, 0.1, 5.0, 31.0, 365.0] {
            let phase = time_between(&[wait; 9], &Baseline::default(), Screening::On).unwrap();
            let limits = phase.points[0].limits_3_sigma.unwrap();
            assert_eq!((phase.centre, limits.lower, limits.upper, phase.runs), (wait, wait, wait, None));
        }
    }

    #[test]
    fn what_is_no_wait_says_why() {
        let chart = |days: &[f64]| time_between(days, &Baseline::default(), Screening::On);
        assert_eq!(chart(&[1.0, -1.0]), Err(Undefined::NegativeTime));
        assert_eq!(chart(&[1.0, f64::NAN]), Err(Undefined::NotFinite));
        assert_eq!(chart(&[1.0]), Err(Undefined::TooFewPoints));
    }
}
