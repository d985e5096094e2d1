//! Erlang A, the queue M/M/n+M: who waits gives up after an exponential time (Palm C 1957, *Tele* 1957:1-107; Garnett O,
//! Mandelbaum A, Reiman M 2002, *Manufacturing & Service Operations Management* 4:208-227).
//!
//! In units of the mean handling time, with load a, n handlers and g the handling time over the mean patience, the number of
//! calls present is a birth-death chain. With p the probability of n - 1 present and r(k) = a^k / ((n + g)(n + 2g)...(n + kg))
//!
//! ```text
//! p                       1 / (1/B(n - 1) + (a/n)·S),   S = 1 + r(1) + r(2) + ...
//! waits at all            p·(a/n)·S
//! gives up                p·(g/n)·Σ k·r(k)
//! answered later than t   p·exp(φ(t))·Σ' r(k),   φ(t) = (a/g)(1 - exp(-g·t)) - n·t
//! mean wait               share that gives up, times the mean patience; over all calls
//! ```
//!
//! Σ' is over k from 1 with a·exp(-g·t) in the place of a. It follows from the density of the time that a caller of endless
//! patience would wait, a·p·exp(φ(t)) (Baccelli F, Hébuterne G 1981, *Performance '81*, 159-179): one who has as much
//! patience is answered with density n·p·exp(φ) + d/dt p·exp(φ), and the integral of exp(φ) from t on is an incomplete gamma
//! function, whose series of positive terms is exp(φ(t))/n times S at the lower load.
//!
//! Sums carry their scale as a logarithm, so that an overload neither overflows nor loses its small shares.

use super::{Offered, Target, check_seconds, fewest, loss};
use crate::statistics::Undefined;

/// Terms of a sum are left off when those after them change nothing.
const NEGLIGIBLE: f64 = 1e-17;
/// Patience of more than this many handling times is endless: Erlang C.
const MOST_PATIENCE: f64 = 1e12;
/// An overload of people with all but endless patience would take more.
const MOST_TERMS: u32 = 10_000_000;
/// Sums are scaled down when they pass this.
const LARGE: f64 = 1e200;

/// A load and its handlers, in the long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// Share of calls that wait at all.
    pub waiting_share: f64,
    /// Share of calls that are given up before they are answered.
    pub abandoned_share: f64,
    load: Load,
    patience_seconds: f64,
    handling_seconds: f64,
    /// p times e to the power of `ln_scale`; 0 without handlers.
    weight: f64,
    ln_scale: f64,
}

/// In units of the mean handling time.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Load {
    erlangs: f64,
    handlers: f64,
    /// Handling time over patience.
    giving_up: f64,
}

/// Sums over the number waiting, each times e to the power of -`ln_scale`.
struct Sums {
    /// Σ r(k) over k from 1.
    plain: f64,
    /// Σ k·r(k).
    weighted: f64,
    ln_scale: f64,
}

/// The queue of a load before so many `handlers`, in which callers wait for `patience_seconds` on average before they give
/// up. It is steady whatever the load.
///
/// # Errors
/// [`Undefined::NegativeTime`] or [`Undefined::NotFinite`] for a patience that is not above 0 and finite;
/// [`Undefined::OutOfRange`] for a patience without measure, or one of days before a load above the handlers.
pub fn queue(offered: Offered, patience_seconds: f64, handlers: u32) -> Result<Queue, Undefined> {
    if !patience_seconds.is_finite() {
        return Err(Undefined::NotFinite);
    }
    let giving_up = offered.handling_seconds / patience_seconds;
    if giving_up <= 0.0 || !giving_up.is_finite() {
        return Err(Undefined::NegativeTime);
    }
    if giving_up * MOST_PATIENCE < 1.0 {
        return Err(Undefined::OutOfRange);
    }
    let load = Load { erlangs: offered.erlangs(), handlers: f64::from(handlers), giving_up };
    let nobody = Queue {
        waiting_share: 1.0,
        abandoned_share: 1.0,
        load,
        patience_seconds,
        handling_seconds: offered.handling_seconds,
        weight: 0.0,
        ln_scale: 0.0,
    };
    let Some(others) = handlers.checked_sub(1) else { return Ok(nobody) };
    let sums = load.sums(load.erlangs)?;
    let one = (-sums.ln_scale).exp();
    let all_busy = loss(load.erlangs, others);
    let per_handler = load.erlangs / load.handlers;
    let weight = all_busy / (one + per_handler * (one + sums.plain) * all_busy);
    Ok(Queue {
        waiting_share: per_handler * (one + sums.plain) * weight,
        abandoned_share: giving_up / load.handlers * sums.weighted * weight,
        weight,
        ln_scale: sums.ln_scale,
        ..nobody
    })
}

/// The least number of handlers that answer the target's share of all calls in time; a call that is given up is not
/// answered.
///
/// # Errors
/// As [`queue`] and [`super::c::handlers_needed`].
pub fn handlers_needed(offered: Offered, patience_seconds: f64, target: Target) -> Result<u32, Undefined> {
    fewest(target, |handlers| {
        Ok(queue(offered, patience_seconds, handlers)?.service_level(target.seconds)? >= target.share)
    })
}

impl Queue {
    /// Share of all calls that are answered within `seconds`; those given up sooner are not.
    ///
    /// # Errors
    /// [`Undefined::NegativeTime`] or [`Undefined::NotFinite`].
    pub fn service_level(self, seconds: f64) -> Result<f64, Undefined> {
        check_seconds(seconds)?;
        let Load { erlangs, handlers, giving_up } = self.load;
        let t = seconds / self.handling_seconds;
        let patient = (-giving_up * t).exp();
        let later = if self.weight > 0.0 && patient > 0.0 {
            let sums = self.load.sums(erlangs * patient)?;
            let exponent = -(erlangs / giving_up) * (-giving_up * t).exp_m1() - handlers * t;
            self.weight * sums.plain * (exponent + sums.ln_scale - self.ln_scale).exp()
        } else {
            0.0
        };
        // Rounding alone passes the ends.
        Ok((1.0 - self.abandoned_share - later).clamp(0.0, 1.0))
    }

    /// Mean wait of all calls, whether answered at once, answered or given up.
    pub fn mean_wait_seconds(self) -> f64 {
        self.abandoned_share * self.patience_seconds
    }

    /// Share of their time that handlers are busy; `None` without handlers.
    pub fn occupancy(self) -> Option<f64> {
        let Load { erlangs, handlers, .. } = self.load;
        (handlers > 0.0).then(|| erlangs * (1.0 - self.abandoned_share) / handlers)
    }
}

impl Load {
    /// Sums with `erlangs` in the place of the load. Terms rise while the load exceeds what leaves, then fall ever faster.
    fn sums(self, erlangs: f64) -> Result<Sums, Undefined> {
        let mut sums = Sums { plain: 0.0, weighted: 0.0, ln_scale: 0.0 };
        let mut term = 1.0;
        for k in 1..=MOST_TERMS {
            let waiting = f64::from(k);
            let ratio = erlangs / (self.handlers + waiting * self.giving_up);
            term *= ratio;
            sums.plain += term;
            sums.weighted += waiting * term;
            let still = 1.0 - ratio;
            if still > 0.0 && term * (waiting + 1.0 / still) <= NEGLIGIBLE * sums.weighted * still {
                return Ok(sums);
            }
            if sums.weighted > LARGE {
                term /= LARGE;
                sums.plain /= LARGE;
                sums.weighted /= LARGE;
                sums.ln_scale += LARGE.ln();
            }
        }
        Err(Undefined::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(calls_per_hour: f64, handling_seconds: f64) -> Offered {
        Offered::new(calls_per_hour, handling_seconds).unwrap()
    }

    fn near(found: f64, expected: f64, rounding: f64) {
        assert!((found - expected).abs() <= rounding, "found {found}, expected {expected}");
    }

    /// 48 calls a minute of a minute each, 50 handlers, patience of 2 minutes: by Erlang C a mean wait of 20.8 seconds and
    /// an occupancy of 96%; by Erlang A 3.1% give up, 3.7 seconds and 93% (the example of Garnett, Mandelbaum and Reiman 2002).
    #[test]
    fn what_a_little_impatience_does() {
        let load = offered(2880.0, 60.0);
        let patient = super::super::c::queue(load, 50).unwrap();
        near(patient.mean_wait_seconds(), 20.8, 5e-2);
        near(patient.occupancy(), 0.96, 1e-12);
        let impatient = queue(load, 120.0, 50).unwrap();
        near(impatient.abandoned_share, 0.031, 5e-4);
        near(impatient.mean_wait_seconds(), 3.7, 5e-2);
        near(impatient.occupancy().unwrap(), 0.93, 5e-3);
    }

    /// By hand: one handler, a load of 1, and patience as long as the handling. The calls present are Poisson: e⁻¹ find the
    /// handler free, and 1 - 1 + e⁻¹ wait on average, which is the share that gives up.
    #[test]
    fn patience_as_long_as_the_handling() {
        let queue = queue(offered(6.0, 600.0), 600.0, 1).unwrap();
        let free = (-1.0_f64).exp();
        near(queue.waiting_share, 1.0 - free, 1e-15);
        near(queue.abandoned_share, free, 1e-15);
        near(queue.service_level(0.0).unwrap(), free, 1e-15);
        near(queue.service_level(f64::INFINITY).unwrap(), 1.0 - free, 1e-15);
    }

    /// An overload whose sums pass every number a float can hold. With patience as long as the handling the calls present are
    /// Poisson(1,000); who finds k waiting waits a sum of exponential times, of which e to the power of -wait is
    /// Beta(10, k + 1). Worked from these with 40 digits (mpmath).
    #[test]
    fn an_overload_keeps_its_small_shares() {
        let queue = queue(offered(60_000.0, 60.0), 60.0, 10).unwrap();
        near(queue.waiting_share, 1.0, 1e-12);
        near(queue.abandoned_share, 0.99, 1e-12);
        near(queue.service_level(276.0).unwrap(), 0.005_765_548_679_898_368, 1e-12);
    }
}
