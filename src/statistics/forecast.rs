//! Forecast of a monthly series with a prediction interval: seasonal naive (Hyndman RJ, Athanasopoulos G 2021,
//! *Forecasting: Principles and Practice*, 3rd edition, sections 5.2 and 5.5).
//!
//! A month is forecast as the same month of the last year. What a year changes is drawn anew for every calendar month,
//! with variance σ² about zero, estimated from the n - 12 year-on-year changes of the series. With q whole years and r
//! months in the h months ahead:
//!
//! ```text
//! σ² = Σ (y(t) - y(t - 12))² / (n - 12)
//! variance of month h             σ²·(⌊(h - 1)/12⌋ + 1)
//! variance of the total of h      σ²·(r·S(q + 1) + (12 - r)·S(q)), S(c) = 1² + 2² + ... + c²
//! interval                        ± t(1 - α/2; n - 12)
//! ```
//!
//! The interval is exact where normal changes add up from year to year. Where the season is fixed and months scatter about
//! it, neighbouring changes share a month, and a 95% interval from four years holds about 94%.
//!
//! It keeps the season, adds no trend, and pays for a trend in the past with a wider interval. It has nothing to tune,
//! so that it says the same every night. The interval is not cut at zero.

use super::{Confidence, Interval, Undefined, student_t};

/// Months in a season.
const MONTHS: usize = 12;

/// Two whole years: every calendar month has changed once.
pub const FEWEST_MONTHS: usize = 2 * MONTHS;

/// What a series says of the months after it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonalNaive {
    last_year: Vec<f64>,
    variance: f64,
    degrees_of_freedom: usize,
}

/// A forecast, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// The value.
    pub value: f64,
    /// The interval that holds what comes with the probability asked for; `None` where no year changed anything, which
    /// gives no measure of what the next may do.
    pub interval: Option<Interval>,
}

/// Reads the `values` of months without a gap, oldest first.
///
/// # Errors
/// [`Undefined::TooFewObservations`] below [`FEWEST_MONTHS`], [`Undefined::NotFinite`] for a value that is no finite
/// number or too large to square.
pub fn seasonal_naive(values: &[f64]) -> Result<SeasonalNaive, Undefined> {
    if values.len() < FEWEST_MONTHS {
        return Err(Undefined::TooFewObservations);
    }
    let changes = values.windows(MONTHS + 1).map(|year| year[MONTHS] - year[0]);
    let degrees_of_freedom = values.len() - MONTHS;
    let variance = changes.map(|change| change * change).sum::<f64>() / degrees_of_freedom as f64;
    let last_year = values[degrees_of_freedom..].to_vec();
    if !(variance.is_finite() && last_year.iter().sum::<f64>().is_finite()) {
        return Err(Undefined::NotFinite);
    }
    Ok(SeasonalNaive { last_year, variance, degrees_of_freedom })
}

impl SeasonalNaive {
    /// Standard deviation of a year-on-year change of a month, in the unit of the series.
    pub fn standard_deviation(&self) -> f64 {
        self.variance.sqrt()
    }

    /// The month `months_ahead` after the last one. `None` for 0, which is known.
    pub fn month(&self, months_ahead: usize, confidence: Confidence) -> Option<Forecast> {
        let before = months_ahead.checked_sub(1)?;
        let variances = (before / MONTHS + 1) as f64;
        Some(self.forecast(self.last_year[before % MONTHS], variances, confidence))
    }

    /// The 80% interval of the month `months_ahead` after the last one: the inner band of a fan. `None` for 0, and where
    /// no year changed anything.
    pub fn month_interval_80(&self, months_ahead: usize) -> Option<Interval> {
        let before = months_ahead.checked_sub(1)?;
        let t = student_t::quantile(self.degrees_of_freedom as f64, 0.1)?;
        let half = t * (self.variance * (before / MONTHS + 1) as f64).sqrt();
        let value = self.last_year[before % MONTHS];
        (half > 0.0 && half.is_finite()).then_some(Interval { lower: value - half, upper: value + half })
    }

    /// The total of the next `months`, such as those left in a year; over `months` it is their mean.
    /// `None` for 0, whose total is known.
    pub fn total(&self, months: usize, confidence: Confidence) -> Option<Forecast> {
        if months == 0 {
            return None;
        }
        let (years, rest) = ((months / MONTHS) as f64, months % MONTHS);
        let value = years * self.last_year.iter().sum::<f64>() + self.last_year[..rest].iter().sum::<f64>();
        let squares = |count: f64| count * (count + 1.0) * (2.0 * count + 1.0) / 6.0;
        let variances = rest as f64 * squares(years + 1.0) + (MONTHS - rest) as f64 * squares(years);
        Some(self.forecast(value, variances, confidence))
    }

    fn forecast(&self, value: f64, variances: f64, confidence: Confidence) -> Forecast {
        let half_width = student_t::t(self.degrees_of_freedom as f64, confidence)
            .map(|t| t * (self.variance * variances).sqrt())
            .filter(|half| *half > 0.0 && half.is_finite());
        Forecast { value, interval: half_width.map(|half| Interval { lower: value - half, upper: value + half }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};

    /// A year of 1 to 12 and one of 3 to 14: every change is 2. The total of 14 months takes the year, 102, and the
    /// first two again, 7; two months have 1 + 4 variances, ten have 1.
    #[test]
    fn two_years_by_hand() {
        let values: Vec<f64> = (1..=12).chain(3..=14).map(f64::from).collect();
        let found = seasonal_naive(&values).unwrap();
        assert_eq!(found.standard_deviation(), 2.0);
        let t = student_t::t(12.0, Confidence::P95).unwrap();
        for (forecast, value, half) in [
            (found.month(1, Confidence::P95), 3.0, 2.0 * t),
            (found.month(12, Confidence::P95), 14.0, 2.0 * t),
            (found.month(13, Confidence::P95), 3.0, 8.0_f64.sqrt() * t),
            (found.total(12, Confidence::P95), 102.0, 48.0_f64.sqrt() * t),
            (found.total(14, Confidence::P95), 109.0, 80.0_f64.sqrt() * t),
        ] {
            let forecast = forecast.unwrap();
            assert_eq!(forecast.value, value);
            assert!((forecast.interval.unwrap().upper - value - half).abs() < 1e-12, "{forecast:?}");
        }
        assert_eq!((found.month(0, Confidence::P95), found.total(0, Confidence::P95)), (None, None));
        // scipy 1.17.1 `t.isf(0.1, 12)`.
        let inner = found.month_interval_80(13).unwrap();
        let half = 8.0_f64.sqrt() * 1.356_217_334_023_205;
        assert!((inner.upper - 3.0 - half).abs() < 1e-9 && (3.0 - half - inner.lower).abs() < 1e-9, "{inner:?}");
        assert_eq!(found.month_interval_80(0), None);
    }

    #[test]
    fn a_constant_series_has_no_interval() {
        for value in [0.0, 0.1, 1e9] {
            let found = seasonal_naive(&[value; 24]).unwrap();
            assert_eq!(found.month(5, Confidence::P998), Some(Forecast { value, interval: None }));
            assert_eq!(found.month_interval_80(5), None);
        }
    }

    #[test]
    fn what_cannot_be_forecast_has_a_reason() {
        for (values, expected) in [
            (vec![], Undefined::TooFewObservations),
            (vec![1.0; 23], Undefined::TooFewObservations),
            (vec![f64::NAN; 24], Undefined::NotFinite),
            ([vec![1e200; 12], vec![0.0; 12]].concat(), Undefined::NotFinite),
            (vec![1e308; 24], Undefined::NotFinite),
        ] {
            assert_eq!(seasonal_naive(&values), Err(expected), "{values:?}");
        }
    }

    /// Shares of 4,000 series of four years whose interval holds what comes, within three standard errors (0.01): of
    /// series whose changes add up, and of series that scatter about a fixed season.
    #[test]
    fn nineteen_in_twenty_intervals_hold_the_month_and_the_total() {
        for (changes_add_up, fewest, most) in [(true, 3_760, 3_840), (false, 3_720, 3_840)] {
            let mut random = ChaCha8Rng::seed_from_u64(20_261_105);
            let (mut months_held, mut totals_held) = (0, 0);
            for _ in 0..4_000 {
                let series = drawn(54, changes_add_up, &mut random);
                let (values, next) = series.split_at(48);
                let found = seasonal_naive(values).unwrap();
                let holds =
                    |forecast: Option<Forecast>, value: f64| forecast.unwrap().interval.unwrap().contains(value);
                months_held += i32::from(holds(found.month(6, Confidence::P95), next[5]));
                totals_held += i32::from(holds(found.total(6, Confidence::P95), next.iter().sum()));
            }
            for held in [months_held, totals_held] {
                assert!((fewest..=most).contains(&held), "{changes_add_up}: {months_held} {totals_held}");
            }
        }
    }

    fn drawn(months: usize, changes_add_up: bool, random: &mut ChaCha8Rng) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::new();
        for t in 0..months {
            let noise: f64 = StandardNormal.sample(random);
            let season = 50.0 + 9.0 * (t % MONTHS) as f64;
            let base = if changes_add_up && t >= MONTHS { values[t - MONTHS] } else { season };
            values.push(base + noise);
        }
        values
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn a_forecast_scales_and_shifts_with_its_values(
            values in prop::collection::vec(0.0..1e9_f64, 24..80),
            ahead in 1_usize..40,
            scale in prop::sample::select(vec![-2.0, 1e-6, 3.0]),
            shift in -1e9..1e9_f64,
        ) {
            let before = seasonal_naive(&values).unwrap().month(ahead, Confidence::P95).unwrap();
            let moved: Vec<f64> = values.iter().map(|value| scale * value + shift).collect();
            let after = seasonal_naive(&moved).unwrap().month(ahead, Confidence::P95).unwrap();
            let near = |found: f64, expected: f64| (found - expected).abs() <= 1e-5;
            prop_assert!(near(after.value, scale * before.value + shift));
            let (before, after) = (before.interval.unwrap(), after.interval.unwrap());
            let width = |interval: Interval| interval.upper - interval.lower;
            prop_assert!(near(width(after), scale.abs() * width(before)));
        }
    }
}
