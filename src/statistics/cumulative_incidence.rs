//! Cumulative incidence with competing causes: the share that has ended by each cause within d days, where what is
//! still open counts only for the days it has been followed (Aalen OO, Johansen S 1978, *Scandinavian Journal of
//! Statistics* 5:141-150).
//!
//! With n(s) at risk on day s, of which d_k(s) end by cause k and d(s) by any, S the share still open:
//!
//! ```text
//! F_k(t) = Σ_{s ≤ t} S(s-)·d_k(s)/n(s)        S(t) = Π_{s ≤ t} (1 - d(s)/n(s)) = 1 - Σ_k F_k(t)
//! ```
//!
//! What is censored on a day is at risk on that day. The variance is of Greenwood's type, with multinomial increments,
//! which keeps its size with many ends on a day (Allignol A, Schumacher M, Beyersmann J 2010, *Biometrical Journal*
//! 52:126-137). With nothing censored F_k is a plain proportion with variance F(1 - F)/N.
//!
//! For crimes: the causes are solved, closed as the victim withdrew, closed otherwise; crimes still open are censored on
//! the day they have reached. Taking the competing causes for censored would read the share solved too high.

use super::{Confidence, Interval, Undefined};

/// What happened on a day of age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day<const CAUSES: usize> {
    /// Whole days since the start, such as the day a crime was recorded.
    pub day: u32,
    /// How many ended on it, by cause.
    pub ended: [u64; CAUSES],
    /// How many were followed up to it and are still open.
    pub censored: u64,
}

/// The state at the end of a day of age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incidence<const CAUSES: usize> {
    /// Whole days since the start.
    pub day: u32,
    /// How many were followed on the day.
    pub at_risk: u64,
    /// Share still open.
    pub still_open: Share,
    /// Share ended by each cause.
    pub ended: [Share; CAUSES],
}

/// An estimated share from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

impl Share {
    /// The log-log interval F^exp(±z·s/(F·ln F)), which stays between 0 and 1 (Kalbfleisch JD, Prentice RL 2002, *The
    /// Statistical Analysis of Failure Time Data*, 2nd edition, section 1.4). `None` for a share of 0 or 1.
    pub fn interval(self, confidence: Confidence) -> Option<Interval> {
        if !(self.value > 0.0 && self.value < 1.0) {
            return None;
        }
        let log = self.value.ln();
        let half_width = confidence.z() * self.standard_error / (self.value * -log);
        let end = |shift: f64| (log * shift.exp()).exp();
        Some(Interval { lower: end(half_width), upper: end(-half_width) })
    }
}

/// The incidence at every day on which something ended or was censored.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve<const CAUSES: usize> {
    steps: Vec<Incidence<CAUSES>>,
}

impl<const CAUSES: usize> Curve<CAUSES> {
    /// The steps, by day.
    pub fn steps(&self) -> &[Incidence<CAUSES>] {
        &self.steps
    }

    /// The incidence by the end of `day`. `None` after the last day that anything was followed, unless all had ended.
    pub fn by(&self, day: u32) -> Option<Incidence<CAUSES>> {
        let last = self.steps.last()?;
        if day > last.day && last.still_open.value > 0.0 {
            return None;
        }
        let reached = self.steps.partition_point(|step| step.day <= day);
        let next = self.steps.get(reached);
        match reached.checked_sub(1) {
            None => next.map(|next| Incidence { day, at_risk: next.at_risk, ..nothing_ended() }),
            Some(index) => {
                let at_risk = if self.steps[index].day == day {
                    self.steps[index].at_risk
                } else {
                    next.map_or(0, |next| next.at_risk)
                };
                Some(Incidence { day, at_risk, ..self.steps[index] })
            }
        }
    }
}

/// Estimates the curve. Days ascend; a day without anything may be left out.
///
/// # Errors
/// [`Undefined::NoObservations`], [`Undefined::NotAscending`], and [`Undefined::OutOfRange`] for more than 2⁶⁴ in all.
pub fn aalen_johansen<const CAUSES: usize>(days: &[Day<CAUSES>]) -> Result<Curve<CAUSES>, Undefined> {
    if days.windows(2).any(|pair| pair[0].day >= pair[1].day) {
        return Err(Undefined::NotAscending);
    }
    let numbers = days.iter().flat_map(|day| day.ended.iter().chain([&day.censored]));
    let mut at_risk = numbers.copied().try_fold(0_u64, u64::checked_add).ok_or(Undefined::OutOfRange)?;
    if at_risk == 0 {
        return Err(Undefined::NoObservations);
    }
    let mut state = State::start();
    let mut steps = Vec::new();
    for day in days {
        let ended: u64 = day.ended.iter().sum();
        if ended + day.censored == 0 {
            continue;
        }
        state.pass(&day.ended, ended, at_risk);
        steps.push(state.incidence(day.day, at_risk));
        at_risk -= ended + day.censored;
    }
    Ok(Curve { steps })
}

fn nothing_ended<const CAUSES: usize>() -> Incidence<CAUSES> {
    State::start().incidence(0, 0)
}

/// Shares and their covariances at the end of a day.
struct State<const CAUSES: usize> {
    still_open: f64,
    still_open_variance: f64,
    ended: [f64; CAUSES],
    ended_variance: [f64; CAUSES],
    /// Of each cause's share with the share still open; never above zero.
    covariance: [f64; CAUSES],
}

impl<const CAUSES: usize> State<CAUSES> {
    const fn start() -> Self {
        Self {
            still_open: 1.0,
            still_open_variance: 0.0,
            ended: [0.0; CAUSES],
            ended_variance: [0.0; CAUSES],
            covariance: [0.0; CAUSES],
        }
    }

    /// Passes a day: linear propagation of the covariances so far, plus those of the day's multinomial.
    fn pass(&mut self, by_cause: &[u64; CAUSES], ended: u64, at_risk: u64) {
        let number = at_risk as f64;
        let leave = ended as f64 / number;
        // A difference of counts, not of shares, so that nothing is left when all end.
        let stay = (at_risk - ended) as f64 / number;
        let scale = self.still_open * self.still_open / number;
        for (cause, by_cause) in by_cause.iter().enumerate() {
            let chance = *by_cause as f64 / number;
            self.ended_variance[cause] += 2.0 * chance * self.covariance[cause]
                + chance * chance * self.still_open_variance
                + scale * chance * (1.0 - chance);
            self.covariance[cause] =
                stay * (self.covariance[cause] + chance * self.still_open_variance) - scale * chance * stay;
            // A sum of shares may pass 1 by a rounding error.
            self.ended[cause] = (self.ended[cause] + self.still_open * chance).min(1.0);
        }
        self.still_open_variance = stay * stay * self.still_open_variance + scale * leave * stay;
        self.still_open *= stay;
    }

    fn incidence(&self, day: u32, at_risk: u64) -> Incidence<CAUSES> {
        // A variance that should be zero may be a rounding error below it.
        let share = |value: f64, variance: f64| Share { value, standard_error: variance.max(0.0).sqrt() };
        Incidence {
            day,
            at_risk,
            still_open: share(self.still_open, self.still_open_variance),
            ended: std::array::from_fn(|cause| share(self.ended[cause], self.ended_variance[cause])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day<const CAUSES: usize>(day: u32, ended: [u64; CAUSES], censored: u64) -> Day<CAUSES> {
        Day { day, ended, censored }
    }

    /// Of 10: on day 1 two solved and one withdrawn, then two censored; on day 4 one of the 5 left is solved:
    /// F = 0.2 + 0.7·0.2, S = 0.7·0.8.
    #[test]
    fn two_days_by_hand() {
        let curve = aalen_johansen(&[day(1, [2, 1], 2), day(4, [1, 0], 0), day(9, [0, 0], 4)]).unwrap();
        for (at, at_risk, open, solved, withdrawn) in [
            (0, 10, 1.0, 0.0, 0.0),
            (1, 10, 0.7, 0.2, 0.1),
            (3, 5, 0.7, 0.2, 0.1),
            (4, 5, 0.56, 0.34, 0.1),
            (9, 4, 0.56, 0.34, 0.1),
        ] {
            let found = curve.by(at).unwrap();
            assert_eq!((found.day, found.at_risk), (at, at_risk));
            for (found, expected) in [(found.still_open, open), (found.ended[0], solved), (found.ended[1], withdrawn)] {
                assert!((found.value - expected).abs() < 1e-15, "{at}: {found:?} {expected}");
            }
        }
        assert_eq!(curve.by(10), None);
        let first = curve.by(1).unwrap();
        assert!((first.ended[0].standard_error - (0.2 * 0.8 / 10.0_f64).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn before_the_first_day_nothing_has_ended() {
        let curve = aalen_johansen(&[day(5, [1, 0], 3)]).unwrap();
        let found = curve.by(3).unwrap();
        assert_eq!((found.day, found.at_risk, found.still_open.value, found.ended[0].value), (3, 4, 1.0, 0.0));
    }

    #[test]
    fn all_ended_stays_so() {
        let curve = aalen_johansen(&[day(0, [3], 0), day(2, [1], 0)]).unwrap();
        let found = curve.by(1_000).unwrap();
        assert_eq!((found.at_risk, found.still_open.value, found.ended[0].value), (0, 0.0, 1.0));
        assert_eq!((found.ended[0].standard_error, found.ended[0].interval(Confidence::P95)), (0.0, None));
    }

    #[test]
    fn nothing_followed_has_a_reason() {
        for (days, expected) in [
            (vec![], Undefined::NoObservations),
            (vec![day(3, [0, 0], 0)], Undefined::NoObservations),
            (vec![day(3, [1, 0], 0), day(3, [1, 0], 0)], Undefined::NotAscending),
            (vec![day(3, [u64::MAX, 1], 0)], Undefined::OutOfRange),
        ] {
            assert_eq!(aalen_johansen(&days), Err(expected), "{days:?}");
        }
    }

    fn histories() -> impl Strategy<Value = Vec<Day<3>>> {
        let number = || prop_oneof![8 => 0_u64..30, 1 => Just(1_000_000_000)];
        prop::collection::vec((1_u32..20, [number(), number(), number()], number()), 1..40).prop_map(|drawn| {
            let mut reached = 0;
            drawn
                .into_iter()
                .map(|(gap, ended, censored)| {
                    reached += gap;
                    Day { day: reached, ended, censored }
                })
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn incidence_never_falls_and_all_shares_add_to_one(days in histories()) {
            let Ok(curve) = aalen_johansen(&days) else { return Ok(()) };
            let mut last = [0.0; 3];
            for step in curve.steps() {
                let sum = step.still_open.value + step.ended.iter().map(|share| share.value).sum::<f64>();
                prop_assert!((sum - 1.0).abs() < 1e-13, "{}", sum);
                for (share, last) in step.ended.iter().zip(&mut last) {
                    prop_assert!((*last..=1.0).contains(&share.value) && share.standard_error <= 0.5 + 1e-12);
                    *last = share.value;
                    for confidence in Confidence::BOTH {
                        if let Some(ends) = share.interval(confidence) {
                            prop_assert!(ends.contains(share.value) && ends.lower >= 0.0 && ends.upper <= 1.0);
                        }
                    }
                }
            }
        }

        /// With nothing censored the incidence is a plain proportion with binomial variance.
        #[test]
        fn without_censoring_it_is_a_proportion(days in histories()) {
            let days: Vec<Day<3>> = days.into_iter().map(|day| Day { censored: 0, ..day }).collect();
            let Ok(curve) = aalen_johansen(&days) else { return Ok(()) };
            let total = curve.steps()[0].at_risk as f64;
            for step in curve.steps() {
                for cause in 0..3 {
                    let ended: u64 = days.iter().filter(|day| day.day <= step.day).map(|day| day.ended[cause]).sum();
                    let (share, expected) = (step.ended[cause], ended as f64 / total);
                    let variance = expected * (1.0 - expected) / total;
                    prop_assert!((share.value - expected).abs() < 1e-12);
                    prop_assert!((share.standard_error.powi(2) - variance).abs() < 1e-12 / total);
                }
            }
        }

        /// The causes can be named in any order, and merging two of them adds their incidence.
        #[test]
        fn causes_swap_and_merge(days in histories()) {
            let Ok(curve) = aalen_johansen(&days) else { return Ok(()) };
            let turned = |day: &Day<3>| Day { day: day.day, ended: [day.ended[2], day.ended[0], day.ended[1]], censored: day.censored };
            let merged = |day: &Day<3>| Day { day: day.day, ended: [day.ended[0], day.ended[1] + day.ended[2]], censored: day.censored };
            let turned = aalen_johansen(&days.iter().map(turned).collect::<Vec<_>>()).unwrap();
            let merged = aalen_johansen(&days.iter().map(merged).collect::<Vec<_>>()).unwrap();
            for ((step, turned), merged) in curve.steps().iter().zip(turned.steps()).zip(merged.steps()) {
                prop_assert_eq!([step.ended[2], step.ended[0], step.ended[1]], turned.ended);
                prop_assert_eq!(step.ended[0], merged.ended[0]);
                let together = step.ended[1].value + step.ended[2].value;
                prop_assert!((together - merged.ended[1].value).abs() < 1e-13);
            }
        }
    }
}
