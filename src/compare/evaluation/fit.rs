//! The regression of an evaluation, and its results in the unit of the metric.

use chrono::Datelike;

use super::series::Series;
use super::{FEWEST_AFTER, Worth};
use crate::domain::Kind;
use crate::statistics::interrupted_series::autoregressive::{self, AutoregressiveFit};
use crate::statistics::interrupted_series::poisson;
use crate::statistics::interrupted_series::{Design, Term};
use crate::statistics::power::level_change::{Plan, months_still_needed};
use crate::statistics::{Confidence, Interval, Polarity, Undefined};
use crate::tables::evaluation::{Effect, EvaluationMethod, EvaluationMonth, MonthsNeeded};

/// With this many events a month and more the logarithm of a count is as good as normal.
const LOG_FROM_EVENTS: f64 = 10.0;
/// Months from which yearly waves are fitted.
const SEASON_FROM: usize = 24;
const SEASONAL_PAIRS: u32 = 2;
/// Months after the change from which it is asked whether the effect grows.
const SLOPE_FROM: usize = 2 * FEWEST_AFTER;
/// The power that is usual, and, where the months have it and still do not tell, one that leaves an interval too short to
/// hold both no effect and a worthwhile one.
const POWERS: [f64; 2] = [0.8, 0.975];
/// How far ahead a number of months is looked for.
const MOST_MONTHS: usize = 60;

/// An estimate, on the scale of the regression and in the unit of the metric.
pub(super) struct Fitted {
    pub effect: Effect,
    /// 95%, on the scale of the regression.
    pub interval: Interval,
    scale: Scale,
    /// The change is filled in when months are asked for.
    plan: Plan,
    /// With and without the change, in the unit of the metric, a pair a month.
    lines: Vec<(f64, f64)>,
}

/// What a month's value is on the scale of the regression.
#[derive(Clone, Copy, PartialEq)]
enum Scale {
    /// The value less that of the comparison areas.
    Difference,
    /// The logarithm of the events for each day, or for each event of the comparison areas.
    Logarithm,
}

/// Fits the regression that the kind of figure asks for.
///
/// # Errors
/// In words, where it cannot be fitted.
pub(super) fn fit(kind: Kind, series: &Series) -> Result<Fitted, String> {
    if kind != Kind::Count {
        return hanging_together(series, Scale::Difference);
    }
    let few = |values: &[f64]| values.iter().any(|value| *value < LOG_FROM_EVENTS);
    match series.comparison.as_deref() {
        Some(others) if few(&series.own) || few(others) => {
            Err(format!("fewer than {LOG_FROM_EVENTS} events in a month, too few for comparison areas"))
        }
        None if few(&series.own) => few_events(series),
        _ => hanging_together(series, Scale::Logarithm),
    }
}

fn design(series: &Series) -> Design {
    // The comparison areas have the same season.
    let seasonal = series.comparison.is_none() && series.own.len() >= SEASON_FROM;
    Design {
        months_before: series.months_before,
        slope_change: false,
        seasonal_pairs: if seasonal { SEASONAL_PAIRS } else { 0 },
    }
}

fn days(series: &Series) -> Vec<f64> {
    (0..series.own.len()).map(|at| f64::from(series.month(at).last_day().day())).collect()
}

fn cannot_be_fitted(reason: Undefined) -> String {
    format!("the regression cannot be fitted: {reason}")
}

const NOTHING_VARIES: &str = "the months lie on one line, so that there is no error to test by";

fn hanging_together(series: &Series, scale: Scale) -> Result<Fitted, String> {
    let design = design(series);
    let base = match (&series.comparison, scale) {
        (Some(others), _) => others.clone(),
        (None, Scale::Difference) => vec![0.0; series.own.len()],
        (None, Scale::Logarithm) => days(series),
    };
    let response = |(own, base): (&f64, &f64)| match scale {
        Scale::Difference => own - base,
        Scale::Logarithm => (own / base).ln(),
    };
    let back = |eta: f64, at: usize| match scale {
        Scale::Difference => eta + base[at],
        Scale::Logarithm => eta.exp() * base[at],
    };
    let values: Vec<f64> = series.own.iter().zip(&base).map(response).collect();
    let fit = autoregressive::fit(&values, &design).map_err(cannot_be_fitted)?;
    let level = fit.effect(0, Confidence::P95);
    let interval = level.interval.ok_or(NOTHING_VARIES)?;
    let variance_ratio = fit.variance_ratio(Confidence::P95).ok_or(NOTHING_VARIES)?;
    let line = |at: usize| {
        let (with, without) = design.with_and_without(&fit.coefficients, at);
        (back(with, at), back(without, at))
    };
    let effect = Effect {
        p_value: level.p_value,
        autocorrelation: Some(fit.autocorrelation),
        slope_change: slope_change(&values, &design, series.months_after()),
        ..effect(series, &design, scale, level.estimate, interval)
    };
    Ok(Fitted {
        effect,
        interval,
        scale,
        plan: Plan {
            design,
            change: 0.0,
            residual_standard_deviation: fit.independent.residual_standard_deviation,
            variance_ratio,
        },
        lines: (0..values.len()).map(line).collect(),
    })
}

/// Whether the effect grows, asked where there are months enough.
fn slope_change(values: &[f64], design: &Design, months_after: usize) -> Option<(f64, Option<f64>)> {
    if months_after < SLOPE_FROM {
        return None;
    }
    let fit: AutoregressiveFit = autoregressive::fit(values, &Design { slope_change: true, ..*design }).ok()?;
    let slope = fit.slope_change(Confidence::P95)?;
    Some((slope.estimate, slope.p_value))
}

fn few_events(series: &Series) -> Result<Fitted, String> {
    let (design, days) = (design(series), days(series));
    let counts: Vec<u64> = series.own.iter().map(|count| *count as u64).collect();
    let fit = poisson::fit(&counts, &days, &design).map_err(cannot_be_fitted)?;
    let level = fit.careful_rate_ratio(0, Confidence::P95).ok_or(NOTHING_VARIES)?;
    let ends = level.interval.ok_or(NOTHING_VARIES)?;
    let interval = Interval { lower: ends.lower.ln(), upper: ends.upper.ln() };
    let coefficients: Vec<f64> = fit.coefficients.iter().map(|coefficient| coefficient.estimate).collect();
    let line = |at: usize| {
        let (with, without) = design.with_and_without(&coefficients, at);
        (with.exp() * days[at], without.exp() * days[at])
    };
    let mean = mean(&series.own);
    let effect = Effect {
        method: EvaluationMethod::QuasiPoisson,
        p_value: level.p_value,
        ..effect(series, &design, Scale::Logarithm, level.ratio.ln(), interval)
    };
    Ok(Fitted {
        effect,
        interval,
        scale: Scale::Logarithm,
        // The logarithm of a count of mean m and variance φm varies by φ/m.
        plan: Plan {
            design,
            change: 0.0,
            residual_standard_deviation: (fit.dispersion.max(1.0) / mean).sqrt(),
            variance_ratio: 1.0,
        },
        lines: (0..counts.len()).map(line).collect(),
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// From the scale of the regression to the unit of the metric: what was seen, and what of it the change is.
fn effect(series: &Series, design: &Design, scale: Scale, estimate: f64, interval: Interval) -> Effect {
    let observed = mean(&series.own[series.months_before..]);
    let expected = match scale {
        Scale::Difference => observed - estimate,
        Scale::Logarithm => observed * (-estimate).exp(),
    };
    let change = |end: f64| match scale {
        Scale::Difference => end,
        Scale::Logarithm => expected * end.exp_m1(),
    };
    Effect {
        method: match scale {
            Scale::Difference => EvaluationMethod::Autoregressive,
            Scale::Logarithm => EvaluationMethod::AutoregressiveLog,
        },
        observed,
        expected,
        change: observed - expected,
        interval_95: Some(Interval { lower: change(interval.lower), upper: change(interval.upper) }),
        p_value: None,
        autocorrelation: None,
        slope_change: None,
        seasonal: design.terms().contains(&Term::Cosine(1)),
    }
}

impl Fitted {
    /// A change worth having, from the unit of the metric to the scale of the regression.
    pub fn worth(&self, worthwhile: f64) -> Worth {
        match self.scale {
            Scale::Difference => Worth { up: worthwhile, down: -worthwhile },
            Scale::Logarithm => {
                let share = worthwhile / self.effect.expected;
                // More events than there are cannot be had less of: that is never left out.
                Worth { up: share.ln_1p(), down: if share < 1.0 { (-share).ln_1p() } else { f64::NEG_INFINITY } }
            }
        }
    }

    /// How many more months would show a worthwhile change.
    pub fn needed(&self, series: &Series, worth: Worth, polarity: Polarity) -> MonthsNeeded {
        let change = match polarity {
            Polarity::HigherIsBetter => worth.up,
            Polarity::LowerIsBetter => worth.down,
            Polarity::Neutral => worth.up.min(-worth.down),
        };
        let plan = Plan { change, ..self.plan };
        for power in POWERS {
            match months_still_needed(&plan, series.months_after(), power, Confidence::P95, MOST_MONTHS) {
                Ok(Some(0)) => {}
                found => return MonthsNeeded { months: found.ok().flatten(), power: Some(power) },
            }
        }
        // Just short of telling.
        MonthsNeeded { months: Some(1), power: Some(POWERS[1]) }
    }

    pub fn months(&self, series: &Series) -> Vec<EvaluationMonth> {
        let month = |(at, (fitted, without)): (usize, &(f64, f64))| EvaluationMonth {
            month: series.month(at),
            value: series.own[at],
            comparison: series.comparison.as_ref().map(|others| others[at]),
            fitted: *fitted,
            without: *without,
            is_after: at >= series.months_before,
        };
        self.lines.iter().enumerate().map(month).collect()
    }
}
