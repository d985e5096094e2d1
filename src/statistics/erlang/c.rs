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
