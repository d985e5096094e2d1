//! Processes that do not change, as a force's figures come from them: counts by month, shares, values, waits.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Binomial, Distribution, Exp, Gamma, LogNormal, Poisson, StandardNormal};
use scorecard::statistics::control_charts::CountKind;

/// Series begin with the year of the police.
pub const FIRST_CALENDAR_MONTH: u32 = 4;
/// Days of the months from April.
const DAYS: [f64; 12] = [30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 28.0, 31.0];

/// What is charted.
pub enum Series {
    /// Numerators and denominators; of a rate the denominators are the days of the month.
    Counts(CountKind, Vec<(f64, f64)>),
    /// Means or medians.
    Values(Vec<f64>),
    /// Days from each event to the next.
    Waits(Vec<f64>),
}

pub struct Process {
    pub name: &'static str,
    /// What is drawn, for the reader of the table.
    pub words: &'static str,
    pub lengths: &'static [usize],
    pub draw: fn(&mut ChaCha8Rng, usize) -> Series,
}

pub const ALL: &[Process] = &[
    Process {
        name: "counts",
        words: "Poisson, 40 in a month of 30.4 days",
        lengths: &[24, 36],
        draw: |random, months| counts(random, months, 40.0, None, 0.0),
    },
    Process {
        name: "small counts",
        words: "Poisson, 6 in a month",
        lengths: &[24, 36],
        draw: |random, months| counts(random, months, 6.0, None, 0.0),
    },
    Process {
        name: "over-dispersed counts",
        words: "negative binomial, 40 in a month, three times the variance of counting",
        lengths: &[24, 36],
        draw: |random, months| counts(random, months, 40.0, Some(20.0), 0.0),
    },
    Process {
        name: "shares",
        words: "binomial, 15% of 150 to 250",
        lengths: &[24, 36],
        draw: |random, months| shares(random, months, 200, None, 0.0),
    },
    Process {
        name: "over-dispersed shares",
        words: "beta-binomial, 15% of 150 to 250, three times the variance of counting",
        lengths: &[24, 36],
        draw: |random, months| shares(random, months, 200, Some(98.5), 0.0),
    },
    Process {
        name: "seasonal counts",
        words: "Poisson, 200 in a month, a wave of a fifth: most in April, least in October; series end in March",
        lengths: &[24, 36, 60],
        draw: |random, months| counts(random, months, 200.0, None, 0.2),
    },
    Process {
        name: "seasonal over-dispersed counts",
        words: "the same, three times the variance of counting",
        lengths: &[24, 36, 60],
        draw: |random, months| counts(random, months, 200.0, Some(100.0), 0.2),
    },
    Process {
        name: "seasonal shares",
        words: "binomial, 15% of 450 to 750, a wave of a fifth: most in April, least in October; series end in March",
        lengths: &[24, 36, 60],
        draw: |random, months| shares(random, months, 600, None, 0.2),
    },
    Process {
        name: "values",
        words: "normal",
        lengths: &[24, 36],
        draw: |random, months| Series::Values((0..months).map(|_| StandardNormal.sample(random)).collect()),
    },
    Process {
        name: "skewed values",
        words: "log-normal, standard deviation of the logarithm 0.5",
        lengths: &[24, 36],
        draw: |random, months| {
            let drawn = LogNormal::new(3.0, 0.5).unwrap();
            Series::Values((0..months).map(|_| drawn.sample(random)).collect())
        },
    },
    Process {
        name: "values like their neighbours",
        words: "normal, correlation of 0.5 with the month before",
        lengths: &[24, 36],
        draw: |random, months| Series::Values(neighbours(random, months, 0.5)),
    },
    Process {
        name: "waits",
        words: "exponential, 20 days on average from one event to the next, in whole days; a wait for a month",
        lengths: &[24, 36],
        draw: |random, waits| {
            let drawn = Exp::new(1.0 / 20.0).unwrap();
            Series::Waits((0..waits).map(|_| f64::floor(drawn.sample(random))).collect())
        },
    },
];

/// One year's wave: highest in the first month.
fn wave(month: usize, size: f64) -> f64 {
    1.0 + size * (std::f64::consts::TAU * month as f64 / 12.0).cos()
}

/// Of a gamma shape k the variance is mean + mean²/k.
fn counts(random: &mut ChaCha8Rng, months: usize, monthly: f64, shape: Option<f64>, season: f64) -> Series {
    let pair = |month: usize| {
        let days = DAYS[month % 12];
        let mean = monthly * days / (365.0 / 12.0) * wave(month, season);
        let mean = shape.map_or(mean, |shape| Gamma::new(shape, mean / shape).unwrap().sample(random));
        (Poisson::new(mean).unwrap().sample(random), days)
    };
    Series::Counts(CountKind::Rate, (0..months).map(pair).collect())
}

/// Of a beta with a + b = s the variance is that of counting times 1 + (n - 1)/(s + 1).
fn shares(random: &mut ChaCha8Rng, months: usize, size: u64, sum: Option<f64>, season: f64) -> Series {
    let pair = |month: usize| {
        let number = random.random_range(size * 3 / 4..=size * 5 / 4);
        let share = 0.15 * wave(month, season);
        let share = sum.map_or(share, |sum| Beta::new(share * sum, (1.0 - share) * sum).unwrap().sample(random));
        (Binomial::new(number, share).unwrap().sample(random) as f64, number as f64)
    };
    Series::Counts(CountKind::Proportion, (0..months).map(pair).collect())
}

fn neighbours(random: &mut ChaCha8Rng, months: usize, correlation: f64) -> Vec<f64> {
    let own = (1.0 - correlation * correlation).sqrt();
    let mut value: f64 = StandardNormal.sample(random);
    let next = |_| {
        let drawn: f64 = StandardNormal.sample(random);
        value = correlation * value + own * drawn;
        value
    };
    (0..months).map(next).collect()
}
