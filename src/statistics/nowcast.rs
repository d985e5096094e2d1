//! How many of those still open will have ended by one cause at a horizon, from cohorts that were followed to it.
//!
//! Every member of the cohorts that the chances are read from has been followed to the horizon H, so that with n(a) open
//! at the end of day a and x(a) of them ended by the cause on days a + 1 to H
//!
//! ```text
//! p(a) = x(a)/n(a) = (F(H) - F(a))/S(a)
//! ```
//!
//! with F and S of [`super::cumulative_incidence`]: what ends by another cause stays in n(a), and is not taken for
//! censored. With k(a) open at age a now, the number to come is N = Σ k(a)·p(a), with variance
//!
//! ```text
//! chance           Σ k(a)·p(a)·(1 - p(a))
//! reference        Σ Σ k(a)·k(b)·cov(p(a), p(b)),   cov = p(b)(1 - p(b))/n(a) for a ≤ b
//! between cohorts  (Σ k(a)·τ(a)·√(1 + Σ w²))²
//! ```
//!
//! The covariance follows from p(a) being, given those open at b, an average that holds p(b) with weight n(b)/n(a). τ(a) is
//! that of [`super::between_cohorts`] for the cohorts' own p(a), and a cohort that does well at one age is taken to do so at
//! all. As in reserving for claims (Mack T 1993, *ASTIN Bulletin* 23:213-225) the error of prediction is that of the
//! process and of the estimate. The interval is [`super::beta_binomial`] with the variance widened by the square of
//! t over z, for the τ that m cohorts give.

use super::between_cohorts::{BetweenCohorts, CohortShare};
use super::{Confidence, Undefined, beta_binomial};

/// A cohort of which every member was followed to the horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// How many there were.
    pub members: u64,
    /// How many ended by the cause on each day of age, from day 0 to the horizon.
    pub by_cause: Vec<u64>,
    /// How many ended by any other cause on it.
    pub otherwise: Vec<u64>,
}

/// The chance, by age, that what is still open ends by the cause by the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Chances {
    horizon: u32,
    cohorts: usize,
    ages: Vec<Age>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Age {
    open: u64,
    to_come: u64,
    /// τ·√(1 + Σ w²); `None` with fewer than two cohorts that had any open.
    between: Option<f64>,
}

/// Still open now: how many, at which age in whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillOpen {
    pub age: u32,
    pub number: u64,
}

/// How many more will have ended by the cause at the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// Expected number.
    pub expected: f64,
    /// Variance by chance alone.
    pub chance: f64,
    /// Variance of the estimated chances.
    pub reference: f64,
    /// Variance between cohorts.
    pub between: f64,
    /// Prediction interval, whole numbers.
    pub interval: (u64, u64),
}

impl Chances {
    /// Reads the chances off `cohorts`, each with `horizon` + 1 days.
    ///
    /// # Errors
    /// [`Undefined::TooFewObservations`] for fewer than two cohorts, [`Undefined::LengthsDiffer`],
    /// [`Undefined::OutOfRange`] where more have ended than there were.
    pub fn new(horizon: u32, cohorts: &[Followed]) -> Result<Self, Undefined> {
        let days = horizon as usize + 1;
        if cohorts.len() < 2 {
            return Err(Undefined::TooFewObservations);
        }
        if cohorts.iter().any(|c| c.by_cause.len() != days || c.otherwise.len() != days) {
            return Err(Undefined::LengthsDiffer);
        }
        let states: Option<Vec<Vec<(u64, u64)>>> = cohorts.iter().map(open_and_to_come).collect();
        let states = states.ok_or(Undefined::OutOfRange)?;
        let age = |day: usize| {
            let of: Vec<(u64, u64)> = states.iter().map(|s| s[day]).filter(|(open, _)| *open > 0).collect();
            let (open, to_come) = of.iter().fold((0, 0), |(n, x), (open, to_come)| (n + open, x + to_come));
            let share = to_come as f64 / open as f64;
            let cohort = |(open, to_come): &(u64, u64)| CohortShare {
                size: *open as f64,
                share: *to_come as f64 / *open as f64,
                variance: share * (1.0 - share) / *open as f64,
            };
            let between = BetweenCohorts::new(&of.iter().map(cohort).collect::<Vec<_>>()).ok();
            Age { open, to_come, between: between.map(|b| (b.tau_squared * (1.0 + b.concentration)).sqrt()) }
        };
        Ok(Self { horizon, cohorts: cohorts.len(), ages: (0..=horizon as usize).map(age).collect() })
    }

    /// Of the reference, how many were open at the end of the day `age`, and how many of them ended by the cause after it.
    pub fn open_and_to_come(&self, age: u32) -> Option<(u64, u64)> {
        self.ages.get(age as usize).map(|age| (age.open, age.to_come))
    }

    /// Predicts what is to come of those still open. What is as old as the horizon has nothing to come.
    ///
    /// # Errors
    /// [`Undefined::TooFewObservations`] where the reference had none open at an age.
    pub fn predict(&self, open: &[StillOpen], confidence: Confidence) -> Result<Prediction, Undefined> {
        let mut now: Vec<(f64, f64, f64, f64)> = Vec::new();
        let mut trials = 0;
        let mut ordered = open.to_vec();
        ordered.sort_by_key(|still| still.age);
        for still in ordered.iter().filter(|still| still.age < self.horizon && still.number > 0) {
            let age = self.ages[still.age as usize];
            let between = age.between.ok_or(Undefined::TooFewObservations)?;
            now.push((still.number as f64, age.to_come as f64 / age.open as f64, age.open as f64, between));
            trials += still.number;
        }
        let expected: f64 = now.iter().map(|(number, chance, ..)| number * chance).sum();
        let chance: f64 = now.iter().map(|(number, chance, ..)| number * chance * (1.0 - chance)).sum();
        let between = now.iter().map(|(number, .., between)| number * between).sum::<f64>().powi(2);
        let reference = variance_of_estimate(&now);
        let degrees = self.cohorts as f64 - 1.0;
        let t = super::student_t::t(degrees, confidence).ok_or(Undefined::TooFewObservations)?;
        let variance = (chance + reference + between) * (t / confidence.z()).powi(2);
        // A sum of shares may pass the number by a rounding error.
        let mean = expected.min(trials as f64);
        let interval = beta_binomial::interval(trials, mean, variance, confidence)?;
        Ok(Prediction { expected, chance, reference, between, interval })
    }
}

/// By age, how many were open at its end, and how many of them ended by the cause later; `None` where more ended than were.
fn open_and_to_come(cohort: &Followed) -> Option<Vec<(u64, u64)>> {
    let mut open = cohort.members;
    let mut to_come: u64 = cohort.by_cause.iter().sum();
    let days = cohort.by_cause.iter().zip(&cohort.otherwise);
    days.map(|(by_cause, otherwise)| {
        open = open.checked_sub(by_cause.checked_add(*otherwise)?)?;
        to_come -= by_cause;
        Some((open, to_come))
    })
    .collect()
}

/// Number, chance, open in the reference, and spread between cohorts, by ascending age.
fn variance_of_estimate(now: &[(f64, f64, f64, f64)]) -> f64 {
    let mut sum = 0.0;
    for (i, (number, chance, open, _)) in now.iter().enumerate() {
        sum += number * number * chance * (1.0 - chance) / open;
        for (later, later_chance, ..) in &now[i + 1..] {
            sum += 2.0 * number * later * later_chance * (1.0 - later_chance) / open;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::cumulative_incidence::{Day, aalen_johansen};
    use super::*;
    use proptest::prelude::*;

    const DAY_1: f64 = 0.063_977_049_478_738_95;

    fn followed(members: u64, by_cause: &[u64], otherwise: &[u64]) -> Followed {
        Followed { members, by_cause: by_cause.to_vec(), otherwise: otherwise.to_vec() }
    }

    /// Two cohorts of 100, horizon 2. Open at the end of day 0: 80 and 80, of them solved later 24 and 16: p = 40/160.
    /// Of day 1: 50 and 60, solved on day 2 10 and 6: p = 16/110.
    #[test]
    fn two_cohorts_by_hand() {
        let cohorts = [followed(100, &[10, 14, 10], &[10, 16, 5]), followed(100, &[8, 10, 6], &[12, 10, 9])];
        let chances = Chances::new(2, &cohorts).unwrap();
        assert_eq!(
            [0, 1, 2].map(|age| chances.open_and_to_come(age)),
            [Some((160, 40)), Some((110, 16)), Some((80, 0))]
        );
        let open = [StillOpen { age: 1, number: 22 }, StillOpen { age: 0, number: 8 }, StillOpen { age: 2, number: 9 }];
        let found = chances.predict(&open, Confidence::P95).unwrap();
        let later = 16.0 / 110.0;
        assert!((found.expected - (2.0 + 3.2)).abs() < 1e-12);
        assert!((found.chance - (8.0 * 0.1875 + 22.0 * later * (1.0 - later))).abs() < 1e-12);
        let reference = 64.0 * 0.1875 / 160.0
            + 484.0 * later * (1.0 - later) / 110.0
            + 2.0 * 8.0 * 22.0 * later * (1.0 - later) / 160.0;
        assert!((found.reference - reference).abs() < 1e-12);
        // Day 0: shares .3 and .2, Σ(y - p)² = .005; sampling variances .1875/80, so τ² = .005 - .00234375 and Σ w² = 1/2.
        // Day 1: shares .2 and .1, w = 5/11 and 6/11, worked with NumPy: τ√(1 + Σ w²).
        let day_0 = (1.5_f64 * (0.005 - 0.1875 / 80.0)).sqrt();
        let between = (8.0 * day_0 + 22.0 * DAY_1).powi(2);
        assert!((found.between - between).abs() < 1e-9, "{} {between}", found.between);
    }

    /// The formulas above worked with NumPy; the ends by SciPy 1.17.1: `betabinom.ppf` with a and b of the moments, after
    /// t with 3 degrees of freedom over z.
    #[test]
    fn four_cohorts_and_their_intervals() {
        let cohorts = [
            followed(2000, &[150, 180, 90], &[300, 260, 200]),
            followed(2400, &[160, 230, 100], &[380, 300, 250]),
            followed(1800, &[150, 150, 95], &[250, 240, 170]),
            followed(2200, &[150, 190, 80], &[320, 310, 230]),
        ];
        let chances = Chances::new(2, &cohorts).unwrap();
        let open = [StillOpen { age: 0, number: 900 }, StillOpen { age: 1, number: 1500 }];
        for (confidence, interval) in [(Confidence::P95, (194, 357)), (Confidence::P998, (76, 593))] {
            let found = chances.predict(&open, confidence).unwrap();
            for (found, expected) in [
                (found.expected, 270.427_546_459_656_5),
                (found.chance, 235.143_606_109_359_04),
                (found.reference, 81.774_300_496_790_36),
                (found.between, 341.378_763_354_180_25),
            ] {
                assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
            }
            assert_eq!(found.interval, interval);
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_reason() {
        let one = followed(10, &[1, 1], &[1, 1]);
        for (cohorts, expected) in [
            (vec![one.clone()], Undefined::TooFewObservations),
            (vec![one.clone(), followed(10, &[1], &[1])], Undefined::LengthsDiffer),
            (vec![one.clone(), followed(3, &[1, 1], &[1, 1])], Undefined::OutOfRange),
        ] {
            assert_eq!(Chances::new(1, &cohorts), Err(expected));
        }
        let gone = followed(4, &[2, 0], &[2, 0]);
        let chances = Chances::new(1, &[gone.clone(), gone]).unwrap();
        let open = |age| [StillOpen { age, number: 3 }];
        assert_eq!(chances.predict(&open(0), Confidence::P95), Err(Undefined::TooFewObservations));
        // None of them is no question.
        let none = chances.predict(&[StillOpen { age: 0, number: 0 }], Confidence::P95).unwrap();
        assert_eq!((none.expected, none.interval), (0.0, (0, 0)));
        // Past the horizon nothing is to come, whatever the reference was.
        let found = chances.predict(&open(1), Confidence::P95).unwrap();
        assert_eq!((found.expected, found.interval), (0.0, (0, 0)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        /// The chance is that of the curve with competing causes.
        #[test]
        fn chances_are_those_of_the_curve(
            days in prop::collection::vec((0_u64..20, 0_u64..20), 2..30), left in 1_u64..50,
        ) {
            let horizon = days.len() as u32 - 1;
            let (by_cause, otherwise): (Vec<u64>, Vec<u64>) = days.iter().copied().unzip();
            let members = by_cause.iter().chain(&otherwise).sum::<u64>() + left;
            let curve = aalen_johansen(&days.iter().enumerate().map(|(day, (solved, other))| Day {
                day: day as u32,
                ended: [*solved, *other],
                censored: if day as u32 == horizon { left } else { 0 },
            }).collect::<Vec<_>>()).unwrap();
            let cohort = followed(members, &by_cause, &otherwise);
            let chances = Chances::new(horizon, &[cohort.clone(), cohort]).unwrap();
            let end = curve.by(horizon).unwrap().ended[0].value;
            for age in 0..horizon {
                let (open, to_come) = chances.open_and_to_come(age).unwrap();
                let at = curve.by(age).unwrap();
                let expected = (end - at.ended[0].value) / at.still_open.value;
                prop_assert!((to_come as f64 / open as f64 - expected).abs() < 1e-9);
            }
        }
    }
}
