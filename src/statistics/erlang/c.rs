//! Erlang C, the queue M/M/n in which nobody gives up (Erlang AK 1917, as cited above; Cooper RB 1981, *Introduction to
//! Queueing Theory*, 2nd edition, section 3.4). With load a below n, ρ = a/n and mean handling time h:
//!
//! ```text
//! waits                C = 1 / (ρ + (1 - ρ)/B(n))
//! answered within t    1 - C·exp(-(n - a)·t/h)
//! mean wait            C·h/(n - a), over all calls
//! ```

use super::{Offered, Target, check_seconds, fewest, loss};
use crate::statistics::Undefined;

/// A load and its handlers, in the long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// Share of calls that wait at all.
    pub waiting_share: f64,
    /// Handlers that the load leaves free, on average.
    spare: f64,
    handling_seconds: f64,
    handlers: u32,
}

/// The queue of a load before so many `handlers`.
///
/// # Errors
/// [`Undefined::QueueGrows`] where the load is no less than the handlers: the wait has no limit, and the service level
/// comes to nothing.
pub fn queue(offered: Offered, handlers: u32) -> Result<Queue, Undefined> {
    let (erlangs, n) = (offered.erlangs(), f64::from(handlers));
    if erlangs >= n {
        return Err(Undefined::QueueGrows);
    }
    let busy = erlangs / n;
    let waiting_share = 1.0 / (busy + (1.0 - busy) / loss(erlangs, handlers));
    Ok(Queue { waiting_share, spare: n - erlangs, handling_seconds: offered.handling_seconds, handlers })
}

/// The least number of handlers that answer the target's share in time.
///
/// # Errors
/// [`Undefined::OutOfRange`] for a share not between 0 and 1, or beyond [`super::MOST_HANDLERS`]; [`Undefined::NegativeTime`]
/// or [`Undefined::NotFinite`] for the target's seconds.
pub fn handlers_needed(offered: Offered, target: Target) -> Result<u32, Undefined> {
    fewest(target, |handlers| match queue(offered, handlers) {
        Ok(queue) => Ok(queue.service_level(target.seconds)? >= target.share),
        Err(Undefined::QueueGrows) => Ok(false),
        Err(other) => Err(other),
    })
}

impl Queue {
    /// Share of calls that are answered within `seconds`.
    ///
    /// # Errors
    /// [`Undefined::NegativeTime`] or [`Undefined::NotFinite`].
    pub fn service_level(self, seconds: f64) -> Result<f64, Undefined> {
        check_seconds(seconds)?;
        Ok(1.0 - self.waiting_share * (-self.spare * seconds / self.handling_seconds).exp())
    }

    /// Mean speed of answer over all calls, those answered at once among them.
    pub fn mean_wait_seconds(self) -> f64 {
        self.waiting_share * self.handling_seconds / self.spare
    }

    /// Share of their time that handlers are busy.
    pub fn occupancy(self) -> f64 {
        1.0 - self.spare / f64::from(self.handlers)
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

    /// The worked example of call-centre textbooks: 100 calls in half an hour of three minutes each, 80% in 20 seconds. 14
    /// handlers, 17.4% wait, 88.8% in time, 7.8 seconds (Call Centre Helper, *Erlang C formula*; pyworkforce 0.5.1).
    #[test]
    fn a_hundred_calls_in_half_an_hour() {
        let load = offered(200.0, 180.0);
        assert_eq!(load.erlangs(), 10.0);
        assert_eq!(handlers_needed(load, Target { share: 0.8, seconds: 20.0 }), Ok(14));
        let queue = queue(load, 14).unwrap();
        near(queue.waiting_share, 0.174, 5e-4);
        near(queue.service_level(20.0).unwrap(), 0.888, 5e-4);
        near(queue.mean_wait_seconds(), 7.8, 5e-2);
        near(queue.occupancy(), 10.0 / 14.0, 1e-12);
    }

    /// By hand: with one handler the calls present are geometric, and C is the load.
    #[test]
    fn one_handler_waits_as_often_as_it_is_busy() {
        let queue = queue(offered(6.0, 480.0), 1).unwrap();
        near(queue.waiting_share, 0.8, 1e-15);
        near(queue.mean_wait_seconds(), 1920.0, 1e-9);
    }
}
