//! How many call handlers answer a load of calls in time: Erlang C ([`c`], nobody gives up) and Erlang A ([`a`], those who
//! wait give up after a time).
//!
//! Calls arrive at random (Poisson) at a steady rate, each is handled for an exponential time by one of n like handlers, and
//! those who wait are taken in turn. The load offered, in erlangs, is calls in a unit of time times the mean handling time:
//! as many handlers as would be busy at once if there were no end of them (Erlang AK 1917, *Elektroteknikeren* 13:5-13).
//!
//! Both start from Erlang's loss formula B(n), the share of time that all of n handlers are busy where nobody waits, by the
//! recursion that has no factorials (Jagerman DL 1974, *Bell System Technical Journal* 53:525-551):
//!
//! ```text
//! 1/B(0) = 1,   1/B(n) = 1 + (n/a)·1/B(n - 1)
//! ```
//!
//! Every term is positive, so that loads of thousands of erlangs lose no digits.

pub mod a;
pub mod c;

use super::Undefined;

/// More handlers than this are looked for nowhere.
pub const MOST_HANDLERS: u32 = 1 << 20;

const SECONDS_PER_HOUR: f64 = 3600.0;

/// What comes in, and how long each call is handled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offered {
    calls_per_hour: f64,
    handling_seconds: f64,
}

/// The share of calls to be answered within a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Above 0 and below 1.
    pub share: f64,
    /// 0 or more.
    pub seconds: f64,
}

impl Offered {
    /// `calls_per_hour`, each handled for `handling_seconds` on average: talk and what is done after it.
    ///
    /// # Errors
    /// [`Undefined::NotFinite`], [`Undefined::NegativeCount`], or [`Undefined::NegativeTime`] for a handling time not above 0.
    pub fn new(calls_per_hour: f64, handling_seconds: f64) -> Result<Self, Undefined> {
        let offered = Self { calls_per_hour, handling_seconds };
        if !(calls_per_hour.is_finite() && handling_seconds.is_finite() && offered.erlangs().is_finite()) {
            Err(Undefined::NotFinite)
        } else if calls_per_hour < 0.0 {
            Err(Undefined::NegativeCount)
        } else if handling_seconds <= 0.0 {
            Err(Undefined::NegativeTime)
        } else {
            Ok(offered)
        }
    }

    /// The load, in erlangs.
    pub fn erlangs(self) -> f64 {
        self.calls_per_hour * self.handling_seconds / SECONDS_PER_HOUR
    }
}

/// Erlang's loss formula B(n), 1 without handlers and 0 without load.
fn loss(erlangs: f64, handlers: u32) -> f64 {
    let inverse = (1..=handlers).fold(1.0, |inverse, n| 1.0 + f64::from(n) / erlangs * inverse);
    1.0 / inverse
}

/// The least number of handlers, one or more, that `reach`es the target, where one handler more never reaches less.
fn fewest(target: Target, reaches: impl Fn(u32) -> Result<bool, Undefined>) -> Result<u32, Undefined> {
    if !(target.share > 0.0 && target.share < 1.0) {
        return Err(Undefined::OutOfRange);
    }
    // As many as `few` are too few, `enough` are not.
    let (mut few, mut enough) = (0, 1);
    while !reaches(enough)? {
        if enough >= MOST_HANDLERS {
            return Err(Undefined::OutOfRange);
        }
        (few, enough) = (enough, 2 * enough);
    }
    while enough - few > 1 {
        let middle = few.midpoint(enough);
        if reaches(middle)? { enough = middle } else { few = middle }
    }
    Ok(enough)
}

fn check_seconds(seconds: f64) -> Result<(), Undefined> {
    if seconds.is_nan() {
        Err(Undefined::NotFinite)
    } else if seconds < 0.0 {
        Err(Undefined::NegativeTime)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
