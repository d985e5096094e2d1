//! Whether calendar months differ, and a monthly series without that difference.
//!
//! With t the month counted from the first, gaps included, and m its calendar month:
//!
//! ```text
//! y(t) = a + b·t + s(m) + e(t)        s(1) + ... + s(12) = 0        by least squares
//! F = ((R0 - R1) / 11) / (R1 / (n - 13))        R1, R0: residual sums of squares with s and without it
//! ```
//!
//! F with 11 and n - 13 degrees of freedom is the test of stable seasonality (Lothian J, Morry M 1978, *A test for the
//! presence of identifiable seasonality when using the X-11-ARIMA program*, Statistics Canada). It takes the variance from
//! the series itself, so counts that vary more than counting makes them are not taken for a season, and one extraordinary
//! month, or a step, widens what the season is compared with. Kruskal and Wallis's test is not made: with three values a
//! month its chi-square rejects 3 of 10,000 series where 1% is meant, and finds a fifth of the seasons that F finds.
//!
//! A season is taken out only where p < 0.01: some hundred series are tested a night, and a season that is not there
//! costs a chart eleven parameters.
//!
//! Additive: the effect s(m) is subtracted. Multiplicative: the value is divided by the factor of its month, its mean
//! ratio to the trend a + b·t, the twelve brought to an average of 1 (the ratio-to-trend method: Croxton FE, Cowden DJ,
//! Klein S 1967, *Applied General Statistics*, 3rd ed., chapter 14). A month that is extraordinary moves the effect of its
//! calendar month by its share of the years.

use super::{Undefined, orthogonal};
use nalgebra::{DMatrix, DVector};
use statrs::function::beta;

/// Three whole years.
pub const FEWEST_MONTHS: usize = 36;
/// Below this p-value a season is taken out.
pub const SIGNIFICANT_BELOW: f64 = 0.01;

/// Calendar months.
const MONTHS: usize = 12;
/// With fewer values a calendar month's effect is that of one year.
const FEWEST_OF_A_CALENDAR_MONTH: usize = 2;
/// Level, slope, and the effects of eleven months, which give the twelfth.
const TERMS: usize = 2 + MONTHS - 1;

/// How a season acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// It adds the same every year: values of any size and sign.
    Additive,
    /// It multiplies by the same every year: counts and rates, which are above zero.
    Multiplicative,
}

/// The test whether calendar months differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// F; `None` where trend and season leave nothing over to compare with.
    pub f: Option<f64>,
    /// n - 13, those of the residuals; the season has 11.
    pub residual_degrees_of_freedom: usize,
    /// The probability of so large an F, or a larger one, where calendar months do not differ.
    pub p_value: f64,
}

impl Test {
    /// True where a season is to be taken out.
    pub fn is_seasonal(&self) -> bool {
        self.p_value < SIGNIFICANT_BELOW
    }
}

/// The season of a series and the series without it.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    /// How the season acts.
    pub model: Model,
    /// By calendar month, January first. Additive: what the month adds, in the unit of the values, adding up to 0.
    /// Multiplicative: what it multiplies by, averaging 1.
    pub effects: [f64; MONTHS],
    /// The values without the season, in their unit; gaps stay gaps. They may leave the range of the values: a share may
    /// pass 0 or 1.
    pub adjusted: Vec<Option<f64>>,
}

impl Adjustment {
    /// (numerator, denominator) pairs whose values are the adjusted ones, for a chart of counts: `counts` as given to the
    /// test, one a month from the same first calendar month, 0 of 0 for a gap.
    ///
    /// A factor goes to the denominator, so that the numerator stays the count that it is and varies as counts do. An
    /// effect times the denominator is taken off the numerator. `None` where that would leave a numerator below zero or
    /// above its denominator, and for a month that is not on the calendar.
    pub fn counts(&self, counts: &[(f64, f64)], first_calendar_month: u32) -> Option<Vec<(f64, f64)>> {
        let first = first_calendar_month.checked_sub(1).filter(|first| *first < MONTHS as u32)? as usize;
        let without = |(t, (numerator, denominator)): (usize, &(f64, f64))| {
            let effect = self.effects[(first + t) % MONTHS];
            match self.model {
                Model::Multiplicative => Some((*numerator, denominator * effect)),
                Model::Additive => {
                    let numerator = numerator - denominator * effect;
                    (0.0..=*denominator).contains(&numerator).then_some((numerator, *denominator))
                }
            }
        };
        counts.iter().enumerate().map(without).collect()
    }
}

/// What the test says, and the adjustment where it passes.
#[derive(Debug, Clone, PartialEq)]
pub struct Seasonality {
    /// The test.
    pub test: Test,
    /// `None` where calendar months do not differ beyond chance.
    pub adjustment: Option<Adjustment>,
}

/// Tests `values`, one a month in the order of time, `None` for a gap; the first is of `first_calendar_month`, 1 to 12.
///
/// # Errors
/// [`Undefined::TooFewObservations`] below [`FEWEST_MONTHS`] values, or two of each calendar month;
/// [`Undefined::OutOfRange`] for a month that is not on the calendar; [`Undefined::NotFinite`] for a value that is no
/// finite number or too large to square. Of a season that multiplies: [`Undefined::NegativeCount`] for a value below zero, and
/// [`Undefined::NoFiniteEstimate`] where the trend falls to zero or a calendar month has no event in any year.
pub fn seasonality(values: &[Option<f64>], first_calendar_month: u32, model: Model) -> Result<Seasonality, Undefined> {
    let series = Series::new(values, first_calendar_month)?;
    if model == Model::Multiplicative && series.values.iter().any(|value| *value < 0.0) {
        return Err(Undefined::NegativeCount);
    }
    let fitted = series.fit(TERMS)?;
    let test = test(fitted.residual_sum, series.fit(2)?.residual_sum, series.values.len() - TERMS)?;
    if !test.is_seasonal() {
        return Ok(Seasonality { test, adjustment: None });
    }
    let (effects, without): (_, fn(f64, f64) -> f64) = match model {
        Model::Additive => (fitted.effects(), |value, effect| value - effect),
        Model::Multiplicative => (series.factors(&fitted)?, |value, factor| value / factor),
    };
    let calendar_month = |t: usize| series.calendar_month(t);
    let adjusted: Vec<Option<f64>> = values
        .iter()
        .enumerate()
        .map(|(t, value)| value.map(|value| without(value, effects[calendar_month(t)])))
        .collect();
    if !adjusted.iter().flatten().all(|value| value.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    Ok(Seasonality { test, adjustment: Some(Adjustment { model, effects, adjusted }) })
}

/// The values that there are, with their months.
struct Series {
    /// Months from the first of the series, gaps counted.
    times: Vec<usize>,
    values: Vec<f64>,
    /// From 0.
    first_calendar_month: usize,
}

/// A least-squares fit about the mean of the values.
struct Fit {
    /// The mean of the values, taken off before the fit.
    mean: f64,
    /// Level, slope and, in the longer fit, the effects of January to November.
    coefficients: Vec<f64>,
    residual_sum: f64,
}

impl Series {
    fn new(values: &[Option<f64>], first_calendar_month: u32) -> Result<Self, Undefined> {
        if !(1..=MONTHS as u32).contains(&first_calendar_month) {
            return Err(Undefined::OutOfRange);
        }
        let (times, values): (Vec<usize>, Vec<f64>) =
            values.iter().enumerate().filter_map(|(t, value)| Some((t, (*value)?))).unzip();
        if !values.iter().map(|value| value * value).sum::<f64>().is_finite() {
            return Err(Undefined::NotFinite);
        }
        let series = Self { times, values, first_calendar_month: first_calendar_month as usize - 1 };
        let of_each = |month: usize| series.times.iter().filter(|t| series.calendar_month(**t) == month).count();
        if series.values.len() < FEWEST_MONTHS || (0..MONTHS).any(|month| of_each(month) < FEWEST_OF_A_CALENDAR_MONTH) {
            return Err(Undefined::TooFewObservations);
        }
        Ok(series)
    }

    /// January is 0.
    fn calendar_month(&self, t: usize) -> usize {
        (self.first_calendar_month + t) % MONTHS
    }

    /// The first two terms are level and slope. An effect has 1 in its month and -1 in December, so that the twelve add
    /// up to zero.
    fn term(&self, t: usize, term: usize) -> f64 {
        let month = self.calendar_month(t);
        match term {
            0 => 1.0,
            1 => t as f64,
            _ if month == term - 2 => 1.0,
            _ if month == MONTHS - 1 => -1.0,
            _ => 0.0,
        }
    }

    fn fit(&self, terms: usize) -> Result<Fit, Undefined> {
        let number = self.values.len();
        let mean = self.values.iter().sum::<f64>() / number as f64;
        let about_mean = DVector::from_iterator(number, self.values.iter().map(|value| value - mean));
        let design = DMatrix::from_fn(number, terms, |row, term| self.term(self.times[row], term));
        let coefficients = orthogonal::solve(design.clone(), &about_mean)?.coefficients;
        let residuals = &about_mean - design * DVector::from_column_slice(&coefficients);
        // What is left of values that the terms give exactly is rounding, of the values and not of their differences.
        let rounding =
            number as f64 * f64::EPSILON * self.values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        let is_rounding = residuals.iter().all(|residual| residual.abs() <= rounding);
        let residual_sum = if is_rounding { 0.0 } else { residuals.norm_squared() };
        Ok(Fit { mean, coefficients, residual_sum })
    }

    /// Mean ratio to the trend by calendar month, brought to an average of 1.
    fn factors(&self, fitted: &Fit) -> Result<[f64; MONTHS], Undefined> {
        let (mut sums, mut numbers) = ([0.0; MONTHS], [0.0; MONTHS]);
        for (t, value) in self.times.iter().zip(&self.values) {
            let trend = fitted.trend(*t);
            if trend <= 0.0 {
                return Err(Undefined::NoFiniteEstimate);
            }
            sums[self.calendar_month(*t)] += value / trend;
            numbers[self.calendar_month(*t)] += 1.0;
        }
        let ratios: [f64; MONTHS] = std::array::from_fn(|month| sums[month] / numbers[month]);
        if ratios.contains(&0.0) {
            return Err(Undefined::NoFiniteEstimate);
        }
        let average = ratios.iter().sum::<f64>() / MONTHS as f64;
        Ok(ratios.map(|ratio| ratio / average))
    }
}

impl Fit {
    fn trend(&self, t: usize) -> f64 {
        self.mean + self.coefficients[0] + self.coefficients[1] * t as f64
    }

    fn effects(&self) -> [f64; MONTHS] {
        let mut effects = [0.0; MONTHS];
        effects[..MONTHS - 1].copy_from_slice(&self.coefficients[2..]);
        effects[MONTHS - 1] = -self.coefficients[2..].iter().sum::<f64>();
        effects
    }
}

/// F by the residual sums of squares with the season and without it.
fn test(with: f64, without: f64, residual_degrees_of_freedom: usize) -> Result<Test, Undefined> {
    let (season, residual) = ((MONTHS - 1) as f64, residual_degrees_of_freedom as f64);
    if without == 0.0 {
        return Ok(Test { f: None, residual_degrees_of_freedom, p_value: 1.0 });
    }
    if with == 0.0 {
        return Ok(Test { f: None, residual_degrees_of_freedom, p_value: 0.0 });
    }
    // The tail of F is the incomplete beta function of the share left over (Abramowitz M, Stegun IA 1964, *Handbook of
    // Mathematical Functions*, 26.6.2), which keeps its digits far out.
    let share = (with / without).min(1.0);
    let p_value = beta::checked_beta_reg(residual / 2.0, season / 2.0, share).map_err(|_| Undefined::NotFinite)?;
    let f = (1.0 / share - 1.0) * residual / season;
    Ok(Test { f: Some(f), residual_degrees_of_freedom, p_value })
}

#[cfg(test)]
mod tests;
