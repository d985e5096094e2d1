//! Seeded streams of random numbers, and the few distributions that rows are drawn from.
//!
//! Each force, month and purpose has a stream of its own, so that nothing depends on which thread works first.

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Poisson, StandardNormal};
use serde::Deserialize;
use statrs::function::erf::{erfc, erfc_inv};

pub type Stream = ChaCha8Rng;

/// What a stream is for. Streams of different purposes never share numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Force = 1,
    Month = 2,
    Plan = 3,
    Organisation = 4,
    Rows = 5,
    Faults = 6,
    Comparators = 7,
}

/// The stream of `purpose` for one force and one index, such as a month or the first day of a block.
pub fn stream(seed: u64, purpose: Purpose, force: usize, index: i32) -> Stream {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    stream.set_stream((purpose as u64) << 48 | (force as u64) << 32 | u64::from(index.cast_unsigned()));
    stream
}

pub fn normal(rng: &mut Stream) -> f64 {
    StandardNormal.sample(rng)
}

/// True with probability `share`.
pub fn happens(rng: &mut Stream, share: f64) -> bool {
    rng.random::<f64>() < share
}

/// Even between `low` and `high`.
pub fn between(rng: &mut Stream, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

/// A Poisson count; 0 where `mean` is not above 0.
pub fn poisson(rng: &mut Stream, mean: f64) -> u64 {
    Poisson::new(mean).map_or(0, |d| d.sample(rng) as u64)
}

/// A binomial count, `share` taken into 0 to 1.
pub fn binomial(rng: &mut Stream, trials: u64, share: f64) -> u64 {
    Binomial::new(trials, share.clamp(0.0, 1.0)).map_or(0, |d| d.sample(rng))
}

/// `trials` over the classes of `shares`, which add up to 1 at most; the rest is in no class.
pub fn multinomial(rng: &mut Stream, trials: u64, shares: &[f64]) -> Vec<u64> {
    let (mut left, mut left_share) = (trials, 1.0);
    let mut counts = Vec::with_capacity(shares.len());
    for share in shares {
        let conditional = if left_share > 1e-12 { share / left_share } else { 0.0 };
        let count = binomial(rng, left, conditional);
        counts.push(count);
        left -= count;
        left_share -= share;
    }
    counts
}

/// One of several things by weight.
#[derive(Clone, Debug)]
pub struct Choice {
    cumulative: Vec<f64>,
}

impl Choice {
    /// Weights need not add up to 1. Negative ones count as 0.
    pub fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut total = 0.0;
        let cumulative = weights.into_iter().map(|w| {
            total += w.max(0.0);
            total
        });
        Self { cumulative: cumulative.collect() }
    }

    /// The index of the thing drawn; 0 if there is nothing to choose from.
    pub fn draw(&self, rng: &mut Stream) -> usize {
        let Some(total) = self.cumulative.last() else { return 0 };
        let at = rng.random::<f64>() * total;
        self.cumulative.partition_point(|c| *c <= at).min(self.cumulative.len() - 1)
    }
}

/// A log-normal duration: `median` in the unit that the name of the field states, `spread` the standard deviation of
/// its logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    pub median: f64,
    pub spread: f64,
}

impl Duration {
    pub fn times(self, factor: f64) -> Self {
        Self { median: self.median * factor, spread: self.spread }
    }

    pub fn draw(self, rng: &mut Stream) -> f64 {
        self.median * (self.spread * normal(rng)).exp()
    }

    /// The share of durations up to `limit`.
    pub fn share_within(self, limit: f64) -> f64 {
        if limit <= 0.0 { 0.0 } else { normal_share_below((limit / self.median).ln() / self.spread) }
    }

    pub fn mean(self) -> f64 {
        self.median * (self.spread * self.spread / 2.0).exp()
    }

    pub fn standard_deviation(self) -> f64 {
        self.mean() * (self.spread * self.spread).exp_m1().sqrt()
    }
}

/// The standard normal distribution function.
pub fn normal_share_below(z: f64) -> f64 {
    0.5 * erfc(-z / std::f64::consts::SQRT_2)
}

/// The inverse of [`normal_share_below`].
pub fn normal_quantile(share: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_their_own() {
        let first = |purpose, force, index| stream(1, purpose, force, index).random::<u64>();
        let seen: std::collections::BTreeSet<u64> = [
            first(Purpose::Rows, 0, 0),
            first(Purpose::Rows, 1, 0),
            first(Purpose::Rows, 0, 1),
            first(Purpose::Rows, 0, -1),
            first(Purpose::Plan, 0, 0),
            stream(2, Purpose::Rows, 0, 0).random(),
        ]
        .into();
        assert_eq!(seen.len(), 6);
        assert_eq!(first(Purpose::Rows, 3, 9), first(Purpose::Rows, 3, 9));
    }

    /// Quantiles of the standard normal distribution: Abramowitz and Stegun (1964), table 26.1.
    #[test]
    fn normal_distribution() {
        for (z, share) in [(0.0, 0.5), (1.0, 0.841_344_746), (1.96, 0.975_002_105), (-1.0, 0.158_655_254)] {
            assert!((normal_share_below(z) - share).abs() < 1e-8, "{z}");
            assert!((normal_quantile(share) - z).abs() < 1e-7, "{z}");
        }
    }

    #[test]
    fn a_drawn_duration_has_the_stated_median_and_share() {
        let duration = Duration { median: 8.0, spread: 0.9 };
        let mut rng = stream(7, Purpose::Rows, 0, 0);
        let mut drawn: Vec<f64> = (0..20_000).map(|_| duration.draw(&mut rng)).collect();
        drawn.sort_by(f64::total_cmp);
        assert!((drawn[10_000] / 8.0 - 1.0).abs() < 0.03);
        let within = drawn.partition_point(|d| *d <= 10.0) as f64 / 20_000.0;
        assert!((within - duration.share_within(10.0)).abs() < 0.015);
    }

    #[test]
    fn a_multinomial_keeps_its_total() {
        let mut rng = stream(7, Purpose::Rows, 0, 0);
        assert_eq!(multinomial(&mut rng, 1000, &[0.2, 0.3, 0.5]).iter().sum::<u64>(), 1000);
        assert_eq!(multinomial(&mut rng, 1000, &[0.0, 1.0]), vec![0, 1000]);
        assert_eq!(Choice::new([0.0, 1.0, 0.0]).draw(&mut rng), 1);
    }
}
