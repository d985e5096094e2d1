//! Anhøj's rules: whether points lie about the centre as chance would have them.
//!
//! Anhøj J, Olesen AV (2014), *PLoS ONE* 9:e113825; Anhøj J (2015), *PLoS ONE* 10:e0121349. Of the n points that do not
//! lie on the centre line, a shift is told by
//!
//! ```text
//! longest run > round(log2 n) + 3        or        crossings < the 5% quantile of binomial(n - 1, 1/2)
//! ```
//!
//! A run is unbroken on one side; a crossing is a change of side.

use super::super::binomial;

/// The share of random series that have fewer crossings than the limit, at most.
const FEWER_CROSSINGS: f64 = 0.05;

/// Runs and crossings of a phase, with the limits that chance sets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// Points that do not lie on the centre line.
    pub useful_points: usize,
    /// Points in the longest run.
    pub longest_run: usize,
    /// A longer run than this is a signal.
    pub longest_run_limit: usize,
    /// Changes of side.
    pub crossings: usize,
    /// Fewer crossings than this are a signal.
    pub crossings_limit: usize,
}

impl Runs {
    /// Runs about `centre`; `None` where every value lies on it.
    pub(super) fn about(centre: f64, values: impl Iterator<Item = f64>) -> Option<Self> {
        let sides: Vec<bool> = values.filter(|value| *value != centre).map(|value| value > centre).collect();
        let runs = || sides.chunk_by(|a, b| a == b).map(<[bool]>::len);
        let longest_run = runs().max()?;
        let useful_points = sides.len();
        let steps = useful_points as u64 - 1;
        Some(Self {
            useful_points,
            longest_run,
            longest_run_limit: (useful_points as f64).log2().round() as usize + 3,
            crossings: runs().count() - 1,
            crossings_limit: binomial::quantile(FEWER_CROSSINGS, steps, 0.5) as usize,
        })
    }

    /// True where either rule tells a shift.
    pub const fn is_shift(&self) -> bool {
        self.longest_run > self.longest_run_limit || self.crossings < self.crossings_limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `+` above, `-` below, `0` on the centre.
    fn runs(signs: &str) -> Option<Runs> {
        let value = |sign| match sign {
            '+' => 2.5,
            '-' => 0.5,
            _ => 1.5,
        };
        Runs::about(1.5, signs.chars().map(value))
    }

    #[test]
    fn points_on_the_centre_are_stepped_over() {
        for (signs, expected) in [
            ("+", Some((1, 1, 0))),
            ("++--+", Some((5, 2, 2))),
            ("+0+00+-0-", Some((5, 3, 1))),
            ("0-0+0-0", Some((3, 1, 2))),
            ("000", None),
            ("", None),
        ] {
            let found = runs(signs).map(|runs| (runs.useful_points, runs.longest_run, runs.crossings));
            assert_eq!(found, expected, "{signs}");
        }
    }

    /// Both limits by number of useful points: base-2 logarithms by hand, crossings from scipy 1.17.1
    /// `binom.ppf(0.05, n - 1, 0.5)`.
    #[test]
    fn limits_by_number_of_points() {
        for (n, longest, crossings) in [
            (1, 3, 0),
            (2, 4, 0),
            (5, 5, 0),
            (6, 6, 1),
            (11, 6, 2),
            (12, 7, 3),
            (17, 7, 5),
            (22, 7, 7),
            (23, 8, 7),
            (24, 8, 8),
            (45, 8, 17),
            (46, 9, 17),
            (90, 9, 37),
            (91, 10, 37),
            (1_000, 13, 474),
        ] {
            let runs = runs(&"+".repeat(n)).unwrap();
            assert_eq!((runs.longest_run_limit, runs.crossings_limit), (longest, crossings), "{n}");
        }
    }

    /// 24 points: a run of 8 and 8 crossings are chance; one more, or one fewer, is not.
    #[test]
    fn a_shift_is_beyond_a_limit() {
        for (signs, longest, crossings, shift) in [
            ("++++++++--+-+-+---+++---", 8, 9, false),
            ("+++++++++-+-+-+---+++---", 9, 9, true),
            ("++++++---+---++++-++--+-", 6, 9, false),
            ("++++++---+---++++-++--++", 6, 8, false),
            ("++++++---+---++++-++----", 6, 7, true),
        ] {
            let runs = runs(signs).unwrap();
            let found = (runs.useful_points, runs.longest_run, runs.crossings, runs.is_shift());
            assert_eq!(found, (24, longest, crossings, shift), "{signs}");
        }
    }
}
