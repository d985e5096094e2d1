//! The months ahead of a count: monthly figures of a force in scope `all` in, twelve months with prediction intervals out.
//!
//! Events a day are forecast, as months differ in length, by the season of the last year (`statistics::forecast`). It is
//! made from the final months without a gap up to the newest, 24 or more; with fewer, or where no year changed anything,
//! there is one row that says why.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;

use super::Input;
use crate::domain::{Kind, Level, Month, PeriodType, Scope, Status};
use crate::statistics::forecast::{FEWEST_MONTHS, SeasonalNaive, seasonal_naive};
use crate::statistics::seasonality::{Model, seasonality};
use crate::statistics::{Confidence, Interval};
use crate::tables::figure::Figure;
use crate::tables::forecast::{ExpectedMonth, Forecast, Forecasted};

const MONTHS_AHEAD: usize = 12;

/// Of a metric that is no count, nothing; else of each measured force, by its id.
pub fn forecasts(input: &Input<'_>) -> Vec<Forecasted> {
    if input.metric.kind != Kind::Count {
        return Vec::new();
    }
    let mut forces: BTreeMap<&Arc<str>, Vec<&Figure>> = BTreeMap::new();
    for figure in input.own {
        let counts = figure.level == Level::Force
            && &*figure.scope == Scope::all().as_str()
            && figure.period_type == PeriodType::Month;
        if counts {
            forces.entry(&figure.force).or_default().push(figure);
        }
    }
    forces.into_iter().filter_map(|(force, figures)| of_force(input.metric.id.as_str(), force, &figures)).collect()
}

/// `None` without a final month.
fn of_force(metric: &str, force: &Arc<str>, figures: &[&Figure]) -> Option<Forecasted> {
    let history = without_a_gap(figures);
    let (first, last) = (history.first()?.0, history.last()?.0);
    let basis = figures.first()?.basis;
    let row = |ahead: usize, expected| Forecast {
        metric: metric.into(),
        force: force.clone(),
        month: last.plus(ahead as i32),
        made_from: Some((first, last)),
        expected,
        basis,
    };
    let daily: Vec<f64> = history.iter().map(|(month, count)| count / days(*month)).collect();
    let rows: Vec<Forecast> = match seasonal_naive(&daily) {
        Ok(found) => (1..=MONTHS_AHEAD).map_while(|n| Some(row(n, Ok(expected(&found, n, last)?)))).collect(),
        Err(_) => Vec::new(),
    };
    if rows.is_empty() {
        let reason = if history.len() < FEWEST_MONTHS {
            format!("there are fewer than {FEWEST_MONTHS} final months without a gap")
        } else {
            "no month differs from the same month a year before".to_owned()
        };
        return Some(Forecasted { rows: vec![row(1, Err(reason.into()))], history, peak: None });
    }
    let values: Vec<Option<f64>> = daily.iter().copied().map(Some).collect();
    let seasonal = seasonality(&values, first.number(), Model::Multiplicative).is_ok_and(|s| s.test.is_seasonal());
    let highest = rows.iter().max_by(|a, b| count(a).total_cmp(&count(b)));
    let peak = highest.filter(|_| seasonal).map(|row| row.month);
    Some(Forecasted { rows, history, peak })
}

fn count(row: &Forecast) -> f64 {
    row.expected.as_ref().map_or(0.0, |expected| expected.value)
}

/// A month ahead, in whole-month counts; `None` where there is no interval.
fn expected(found: &SeasonalNaive, ahead: usize, last: Month) -> Option<ExpectedMonth> {
    let forecast = found.month(ahead, Confidence::P95)?;
    let length = days(last.plus(ahead as i32));
    let whole = |interval: Interval| Interval { lower: interval.lower * length, upper: interval.upper * length };
    Some(ExpectedMonth {
        value: forecast.value * length,
        interval_80: whole(found.month_interval_80(ahead)?),
        interval_95: whole(forecast.interval?),
    })
}

/// Final months with a count, up to the newest and back to the first gap.
fn without_a_gap(figures: &[&Figure]) -> Vec<(Month, f64)> {
    let months: BTreeMap<Month, f64> = figures
        .iter()
        .filter(|f| f.status == Status::Final)
        .filter_map(|f| Some((Month::of(f.period_start), f.value?)))
        .collect();
    let mut found: Vec<(Month, f64)> = Vec::new();
    for (month, count) in months.into_iter().rev() {
        if found.last().is_some_and(|(next, _)| month.plus(1) != *next) {
            break;
        }
        found.push((month, count));
    }
    found.reverse();
    found
}

fn days(month: Month) -> f64 {
    f64::from(month.last_day().day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::load;

    fn figure(month: Month, value: f64, status: Status) -> Figure {
        Figure {
            force: "f".into(),
            level: Level::Force,
            unit: "f".into(),
            scope: "all".into(),
            period_type: PeriodType::Month,
            period_start: month.first_day(),
            period_end: month.last_day(),
            numerator: Some(value),
            denominator: None,
            value: Some(value),
            lower_95: None,
            upper_95: None,
            lower_998: None,
            upper_998: None,
            method: None,
            basis: None,
            solved_set: None,
            status,
            reason: None,
        }
    }

    fn of(metric: &str, figures: &[Figure]) -> Vec<Forecasted> {
        let pipeline = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/gloucestershire.toml");
        let definitions = load(&pipeline).unwrap();
        let metric = definitions.metric(metric).unwrap();
        forecasts(&Input { definitions: &definitions, metric, own: figures, peers: &[] })
    }

    fn months(first: &str, a_day: &[f64]) -> Vec<Figure> {
        let first = Month::parse(first).unwrap();
        let each = |(n, rate): (usize, &f64)| {
            let month = first.plus(n as i32);
            figure(month, rate * days(month), Status::Final)
        };
        a_day.iter().enumerate().map(each).collect()
    }

    /// By hand: 10 to 21 a day, then 12 to 23, so that every change is 2 a day and its standard deviation 2. February 2028
    /// has 29 days: 14 a day (of February 2027) are 406, t(0.975; 12) = 2.1788 and t(0.9; 12) = 1.3562 times 2 times 29.
    #[test]
    fn last_years_events_a_day_over_the_days_of_the_month_ahead() {
        let daily: Vec<f64> = (10..22).chain(12..24).map(f64::from).collect();
        let found = of("calls_999", &months("2025-12", &daily));
        let rows = &found[0].rows;
        assert_eq!(
            rows.iter().map(|r| r.month.to_string()).collect::<Vec<_>>()[..3],
            ["2027-12", "2028-01", "2028-02"]
        );
        assert_eq!(rows.len(), 12);
        let expected = rows[2].expected.as_ref().unwrap();
        for (found, by_hand) in [
            (expected.value, 14.0 * 29.0),
            (expected.interval_95.upper, 14.0 * 29.0 + 2.178_812_829_667_228 * 58.0),
            (expected.interval_80.lower, 14.0 * 29.0 - 1.356_217_334_023_205 * 58.0),
        ] {
            assert!((found - by_hand).abs() < 1e-6, "{found} {by_hand}");
        }
        assert_eq!(
            rows[2].made_from.map(|(a, b)| (a.to_string(), b.to_string())),
            Some(("2025-12".into(), "2027-11".into()))
        );
        // Two years cannot tell whether months differ.
        assert_eq!(found[0].peak, None);
    }

    #[test]
    fn what_cannot_be_forecast_says_why() {
        let daily: Vec<f64> = (0..36).map(f64::from).collect();
        let mut gap = months("2024-01", &daily);
        gap.remove(20);
        let mut unfinished = months("2024-01", &daily[..24]);
        unfinished[23].status = Status::Provisional;
        let too_few = "there are fewer than 24 final months without a gap";
        for (figures, month, reason) in [
            (gap, "2027-01", too_few),
            (unfinished, "2025-12", too_few),
            (months("2024-01", &[5.0; 24]), "2026-01", "no month differs from the same month a year before"),
        ] {
            let found = of("calls_999", &figures);
            let [row] = found[0].rows.as_slice() else { panic!("{found:?}") };
            assert_eq!(
                (row.month.to_string().as_str(), row.expected.as_ref().err().map(|r| &**r)),
                (month, Some(reason))
            );
        }
        assert_eq!(of("calls_999", &[]), []);
        // A share is no count.
        assert_eq!(of("answered_999_under_10_seconds", &months("2024-01", &daily)), []);
    }

    #[test]
    fn a_peak_is_named_where_months_differ() {
        let season = [9.0, 8.0, 10.0, 10.0, 11.0, 12.0, 14.0, 13.0, 11.0, 10.0, 9.0, 9.0];
        let daily: Vec<f64> = (0..36).map(|n| season[n % 12] + 0.1 * ((n * 7) % 5) as f64).collect();
        let found = of("calls_999", &months("2024-01", &daily));
        assert_eq!(found[0].peak.map(|m| m.to_string()), Some("2027-07".to_owned()));
        let flat: Vec<f64> = (0..36).map(|n| 10.0 + 0.1 * ((n * 7) % 5) as f64).collect();
        assert_eq!(of("calls_999", &months("2024-01", &flat))[0].peak, None);
    }
}
