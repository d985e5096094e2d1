//! Rank of a unit in its group, with an interval by simulation (Goldstein H, Spiegelhalter DJ 1996, *JRSS A*
//! 159:385-443): each unit's value is drawn again from a normal distribution about it with its sampling variance, the
//! group is ranked anew, and the middle 95% of the unit's ranks is its interval.
//!
//! The draws come from a seed alone: the SplitMix64 generator (Steele GL, Lea D, Flood CH 2014, *OOPSLA*, 453-472)
//! through the inverse normal distribution, unit by unit in the order given. Same seed and inputs, same interval.

use super::{Polarity, UnitValue, normal};

/// Simulated rankings behind an interval.
pub const DRAWS: usize = 2_000;

/// A unit's place in its group, 1 the best (the highest where neither direction is better).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// One more than the number of units strictly better; ties share a rank.
    pub rank: usize,
    /// Lower end of the 95% interval.
    pub lower: usize,
    /// Upper end of the 95% interval.
    pub upper: usize,
    /// Units in the group, the own one among them.
    pub group_size: usize,
}

/// Ranks `own` among itself and `others`.
///
/// The interval always holds the rank itself: repeated drawing pulls the ranks of the first and the last unit inwards,
/// and "1st, could be 2nd to 5th" would be no sentence. `None` where a value or variance is not finite, or a variance is
/// negative.
pub fn rank(own: UnitValue, others: &[UnitValue], polarity: Polarity, seed: u64) -> Option<Rank> {
    let usable = |unit: &UnitValue| {
        unit.value.is_finite() && unit.sampling_variance.is_finite() && unit.sampling_variance >= 0.0
    };
    if !usable(&own) || !others.iter().all(usable) {
        return None;
    }
    let better = |other: f64, own: f64| match polarity {
        Polarity::LowerIsBetter => other < own,
        Polarity::HigherIsBetter | Polarity::Neutral => other > own,
    };
    let rank = 1 + others.iter().filter(|other| better(other.value, own.value)).count();

    let spreads: Vec<(f64, f64)> = others.iter().map(|unit| (unit.value, unit.sampling_variance.sqrt())).collect();
    let own_error = own.sampling_variance.sqrt();
    let mut draws = NormalDraws { state: seed };
    let mut tally = vec![0_usize; others.len() + 1];
    for _ in 0..DRAWS {
        let drawn = own.value + own_error * draws.next_draw();
        let above = spreads.iter().filter(|(value, error)| better(value + error * draws.next_draw(), drawn)).count();
        tally[above] += 1;
    }
    Some(Rank {
        rank,
        lower: rank_at(&tally, DRAWS / 40).min(rank),
        upper: rank_at(&tally, DRAWS - DRAWS / 40).max(rank),
        group_size: others.len() + 1,
    })
}

/// The least rank that `draws` of the drawn ranks do not exceed; `tally[i]` counts the rank i + 1.
fn rank_at(tally: &[usize], draws: usize) -> usize {
    let mut reached = 0;
    let below = tally.iter().take_while(|count| {
        reached += **count;
        reached < draws
    });
    below.count() + 1
}

/// Standard normal draws from SplitMix64.
struct NormalDraws {
    state: u64,
}

impl NormalDraws {
    fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn next_draw(&mut self) -> f64 {
        // The middle of one of 2^53 equal parts, so never 0 or 1.
        let uniform = ((self.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        normal::quantile(uniform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(value: f64, standard_error: f64) -> UnitValue {
        UnitValue { value, sampling_variance: standard_error * standard_error, denominator: 1.0 }
    }

    /// The generator's published first outputs for seed 1234567.
    #[test]
    fn splitmix64_reference_outputs() {
        let mut draws = NormalDraws { state: 1_234_567 };
        for expected in [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423_u64] {
            assert_eq!(draws.next_u64(), expected);
        }
    }

    #[test]
    fn draws_are_standard_normal() {
        let mut draws = NormalDraws { state: 7 };
        let sample: Vec<f64> = (0..20_000).map(|_| draws.next_draw()).collect();
        let mean = sample.iter().sum::<f64>() / 20_000.0;
        let square = sample.iter().map(|draw| draw * draw).sum::<f64>() / 20_000.0;
        // Five standard errors: 1/sqrt(20000) and sqrt(2/20000).
        assert!(mean.abs() < 0.036 && (square - 1.0).abs() < 0.05, "{mean} {square}");
    }

    #[test]
    fn rank_by_polarity_with_ties() {
        let others = [unit(3.0, 0.0), unit(5.0, 0.0), unit(5.0, 0.0), unit(9.0, 0.0)];
        for (value, polarity, expected) in [
            (5.0, Polarity::HigherIsBetter, 2),
            (5.0, Polarity::LowerIsBetter, 2),
            (4.0, Polarity::HigherIsBetter, 4),
            (4.0, Polarity::LowerIsBetter, 2),
            (10.0, Polarity::Neutral, 1),
            (1.0, Polarity::Neutral, 5),
        ] {
            let found = rank(unit(value, 0.0), &others, polarity, 1).unwrap();
            // Without error there is nothing else it could be.
            assert_eq!(found, Rank { rank: expected, lower: expected, upper: expected, group_size: 5 }, "{value}");
        }
    }

    /// Two equal units with equal error: each is first half of the time, so both ranks are in the interval.
    /// Four standard errors of the difference apart the second place has probability 3e-5, outside it.
    #[test]
    fn the_interval_follows_the_error() {
        let equal = rank(unit(5.0, 1.0), &[unit(5.0, 1.0)], Polarity::HigherIsBetter, 42).unwrap();
        assert_eq!((equal.rank, equal.lower, equal.upper), (1, 1, 2));
        let apart = rank(unit(5.0 + 32.0_f64.sqrt(), 1.0), &[unit(5.0, 1.0)], Polarity::HigherIsBetter, 42).unwrap();
        assert_eq!((apart.rank, apart.lower, apart.upper), (1, 1, 1));
    }

    /// 0 without error among ten at 1 and ten at -1, each with an error of 1: of the ten each is above with probability
    /// 0.841, of the others 0.159. SciPy 1.17.1, convolution of the two binomials: 6 or fewer above 1.5%, 7 or fewer 6.0%; 12
    /// or fewer 94.0%, 13 or fewer 98.5%: more than three standard errors of 2,000 draws from 2.5% and 97.5%.
    #[test]
    fn the_interval_is_that_of_two_binomials() {
        let others: Vec<UnitValue> = (0..20).map(|i| unit(if i < 10 { 1.0 } else { -1.0 }, 1.0)).collect();
        for polarity in [Polarity::HigherIsBetter, Polarity::LowerIsBetter] {
            let found = rank(unit(0.0, 0.0), &others, polarity, 3).unwrap();
            assert_eq!(found, Rank { rank: 11, lower: 8, upper: 14, group_size: 21 });
        }
    }

    #[test]
    fn a_rank_is_reached_with_its_last_draw() {
        for (draws, expected) in [(49, 1), (50, 1), (51, 2), (1_950, 2), (1_951, 3), (2_000, 3)] {
            assert_eq!(rank_at(&[50, 1_900, 50], draws), expected, "{draws}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_interval_and_it_holds_the_rank() {
        let others: Vec<UnitValue> = (0..7).map(|i| unit(f64::from(i) * 0.3, 0.7)).collect();
        for seed in 0..20 {
            let own = unit(2.0, 0.7);
            let found = rank(own, &others, Polarity::HigherIsBetter, seed).unwrap();
            assert_eq!(Some(found), rank(own, &others, Polarity::HigherIsBetter, seed));
            assert!(found.lower <= found.rank && found.rank <= found.upper && found.upper <= 8, "{found:?}");
            assert!(found.upper > found.lower, "{found:?}");
        }
        assert_eq!(rank(unit(f64::NAN, 1.0), &others, Polarity::Neutral, 1), None);
        let alone = rank(unit(1.0, 1.0), &[], Polarity::Neutral, 1).unwrap();
        assert_eq!((alone.rank, alone.lower, alone.upper, alone.group_size), (1, 1, 1, 1));
    }
}
