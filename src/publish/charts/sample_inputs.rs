//! Inputs that the tests of several files draw.

use super::areas::{AreasChart, ForceLine};
use super::evaluation::{EvaluatedMonth, EvaluationChart};
use super::forecast::{ExpectedMonth, ForecastChart};
use super::funnel::{FunnelChart, FunnelForce, FunnelPlace};
use super::hours::{HoursChart, HoursLine};
use super::journey::{JourneyChart, Step};
use super::maturity::{MaturityChart, MaturityCurve};
use super::outcome_mix::{MixPeriod, OutcomeMixChart};
use super::ranked::{GroupVariant, Rank, RankOrder, RankedChart, RankedMember, ReferenceLine};
use super::satisfaction::{Question, SatisfactionChart};
use super::sparkline::{SparklineInput, SparklinePoint};
use super::spc::{Assurance, PointClass, SpcChart, SpcPhase, SpcPoint, Variation};
use super::week::WeekChart;
use super::{ChartMonth, ChartUnit};

pub(super) fn month(index: i32) -> ChartMonth {
    ChartMonth::new(2022 + (index + 9) / 12, ((index + 9) % 12 + 1) as u8).unwrap()
}

pub(super) fn control_chart(values: &[Option<f64>], unit: ChartUnit) -> SpcChart {
    let point = |(i, value): (usize, &Option<f64>)| SpcPoint {
        month: month(i as i32),
        value: *value,
        class: PointClass::Common,
        rule: None,
        provisional: false,
        numerator: Some(1234.0),
        denominator: Some(5678.0),
    };
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let mean = present.iter().sum::<f64>() / present.len().max(1) as f64;
    let phase = SpcPhase {
        start: month(0),
        end: month(values.len().max(1) as i32 - 1),
        centre: Some(mean),
        lower: Some(0.8 * mean),
        upper: Some(1.2 * mean),
    };
    SpcChart {
        title: "Fewer emergency calls are answered within ten seconds".to_owned(),
        subtitle: "Northshire, monthly".to_owned(),
        y_label: "999 calls answered".to_owned(),
        unit,
        points: values.iter().enumerate().map(point).collect(),
        phases: vec![phase],
        target: Some(1.01 * mean),
        annotations: Vec::new(),
        variation: Variation::ConcerningLow,
        assurance: Assurance::HitAndMiss,
        source: "call extract".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

pub(super) fn group_chart(values: &[Option<f64>], unit: ChartUnit) -> RankedChart {
    let member = |(i, value): (usize, &Option<f64>)| RankedMember {
        name: format!("Force {i}"),
        value: *value,
        lower: value.map(|v| 0.95 * v),
        upper: value.map(|v| 1.05 * v),
        own: i == 1,
        missing_reason: None,
    };
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let mean = present.iter().sum::<f64>() / present.len().max(1) as f64;
    let line = |label: &str, value: f64| Some(ReferenceLine { label: label.to_owned(), value });
    RankedChart {
        title: "Satisfaction is similar to that of the group".to_owned(),
        subtitle: "Northshire and its most similar forces".to_owned(),
        value_label: "Victims satisfied".to_owned(),
        unit,
        members: values.iter().enumerate().map(member).collect(),
        order: RankOrder::HighestFirst,
        group_mean: line("Group mean", mean),
        national: line("England and Wales", 1.02 * mean),
        rank: Some(Rank { rank: 2, lower: 1, upper: 3, of: 8 }),
        group_variant: GroupVariant::MeanOfRatesIncludingSelf,
        group_date: "1 April 2024".to_owned(),
        period: "12 months to Sep 2026".to_owned(),
        source: "victim survey".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// Forces about a share of a half, the largest `ratio` times the smallest; the third is the own one.
pub(super) fn funnel_chart(count: usize, ratio: f64) -> FunnelChart {
    let places =
        [FunnelPlace::Within, FunnelPlace::Within, FunnelPlace::Better, FunnelPlace::Worse, FunnelPlace::Within];
    let force = |i: usize| {
        let denominator = 900.0 * ratio.powf(i as f64 / count.max(2) as f64);
        let reach = 3.0 * (0.25 / denominator).sqrt();
        let value = 0.5 + 0.14 * ((i * 7 % 11) as f64 / 5.0 - 1.0);
        FunnelForce {
            name: format!("Force {i}"),
            denominator,
            value,
            own: i == 2,
            place: places[i % places.len()],
            sampling: (0.5 - reach, 0.5 + reach),
            ordinary_95: (0.42 - reach / 9.0, 0.58 + reach / 9.0),
            ordinary_998: (0.38 - reach / 9.0, 0.62 + reach / 9.0),
        }
    };
    FunnelChart {
        title: "Satisfaction is in the ordinary range".to_owned(),
        subtitle: "Northshire among the forces".to_owned(),
        value_label: "Victims satisfied".to_owned(),
        base_label: "Denominator: surveys".to_owned(),
        unit: ChartUnit::Percent,
        forces: (0..count).map(force).collect(),
        centre: 0.5,
        own_in_words: "in the ordinary range".to_owned(),
        period: "12 months to Sep 2026".to_owned(),
        source: "victim survey".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// So many months, the last third of them after a step of a tenth.
pub(super) fn evaluation_chart(values: &[Option<f64>], unit: ChartUnit) -> EvaluationChart {
    let step_from = values.len() - values.len() / 3;
    let of = |(i, value): (usize, &Option<f64>)| {
        let value = (*value)?;
        let after = i >= step_from;
        let without = value + 0.02 * value.abs();
        Some(EvaluatedMonth {
            month: month(i as i32),
            value,
            comparison: (i % 2 == 0).then_some(0.9 * value),
            fitted: if after { 1.1 * without } else { without },
            without,
            after,
        })
    };
    EvaluationChart {
        title: "Victims satisfied: better since the change".to_owned(),
        subtitle: "Northtown, by month".to_owned(),
        value_label: "Victims satisfied".to_owned(),
        unit,
        months: values.iter().enumerate().filter_map(of).collect(),
        intervention: "Victim care unit, 1 April 2024".to_owned(),
        comparison: Some("Southtown".to_owned()),
        signed_effect: "+8.0 points".to_owned(),
        effect: "8.0 points higher".to_owned(),
        interval: "2.0 to 14.0 points higher".to_owned(),
        source: "victim survey".to_owned(),
        synthetic: true,
        notes: vec!["Better since the change.".to_owned()],
    }
}

/// Earlier crimes and newer quarters that end half as far each; the last is tested.
pub(super) fn maturity_chart(cohorts: usize, horizon: u32) -> MaturityChart {
    let curve = |name: String, end: u32, share: f64| MaturityCurve {
        name,
        points: [0, 30, 90, 180, 365]
            .into_iter()
            .filter(|d| *d <= end)
            .map(|d| (d, day_share(d, end, share)))
            .collect(),
    };
    let cohort = |i: usize| curve(format!("Quarter {i}"), 180 >> i.min(4), 0.10 - 0.02 * i.min(4) as f64);
    let reference = curve("Earlier crimes".to_owned(), 365, 0.12);
    MaturityChart {
        title: "Crimes are solved as fast as before".to_owned(),
        subtitle: "Northshire, recorded basis".to_owned(),
        value_label: "Crimes solved".to_owned(),
        horizon_days: horizon,
        band: reference.points.iter().map(|(day, share)| (*day, 0.9 * share, 1.1 * share)).collect(),
        reference: Some(reference),
        cohorts: (0..cohorts).map(cohort).collect(),
        tested: cohorts.checked_sub(1),
        in_words: "similar to earlier crimes at 90 days".to_owned(),
        period: "crimes recorded October 2023 to September 2026".to_owned(),
        source: "crime extract".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// Up to `share` at day `end`, ever more slowly.
fn day_share(day: u32, end: u32, share: f64) -> f64 {
    share * (f64::from(day) / f64::from(end.max(1))).sqrt()
}

/// So many areas of so many months, and the force behind them.
pub(super) fn areas_chart(areas: usize, months: usize, unit: ChartUnit) -> AreasChart {
    let area = |i: usize| SpcChart {
        title: format!("Area {i}"),
        target: None,
        variation: Variation::CommonCause,
        ..control_chart(&values(months, 0.8 + 0.01 * i as f64), unit)
    };
    AreasChart {
        title: "One area is getting worse".to_owned(),
        subtitle: "Northshire by area, recorded basis".to_owned(),
        value_label: "Crimes solved".to_owned(),
        unit,
        areas: (0..areas).map(area).collect(),
        force: Some(ForceLine {
            name: "Northshire".to_owned(),
            points: control_chart(&values(months + 5, 0.7)[5..], unit).points,
        }),
        source: "crime extract".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// Steps each of which takes half of what is left: 60% lead on from the first, a fifth from the others.
pub(super) fn journey_chart(steps: usize, calls: u64) -> JourneyChart {
    let mut from = calls;
    let step = |i: usize| {
        let on = if i == 0 { from / 10 * 6 } else { from / 5 };
        let median = if i == 0 { (2.0, ChartUnit::Minutes) } else { (30.0 * i as f64, ChartUnit::Minutes) };
        let made = Step {
            name: format!("Step {i} that led on"),
            records: format!("records {i}"),
            left_behind: "without a link".to_owned(),
            from,
            on,
            median: Some(median),
            after: i.checked_sub(1),
        };
        // Some records lead to the same one.
        from = if i == 0 { on / 6 * 5 } else { on };
        made
    };
    JourneyChart {
        title: "One crime in five that began as a call is solved".to_owned(),
        subtitle: "Northshire, records that links lead to".to_owned(),
        steps: (0..steps).map(step).collect(),
        period: "12 months to Jun 2026".to_owned(),
        source: "call, incident and crime extracts".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// Six outcomes in so many years, the last to Jun 2026; shares change a percent a year. Crimes are a multiple of `scale`.
pub(super) fn outcome_mix_chart(periods: usize, scale: u64) -> OutcomeMixChart {
    let outcomes = [
        "Charged or summonsed",
        "Out of court",
        "No suspect identified",
        "Victim does not support action",
        "Other outcomes",
        "No outcome yet",
    ];
    let period = |i: usize| {
        let newer = i as f64 / 100.0;
        let shares = [0.08 + newer, 0.05, 0.40 - newer, 0.22, 0.17 - newer, 0.08 + newer];
        MixPeriod {
            name: format!("12 months to Jun {}", 2027 - periods + i),
            crimes: ((30_000 + 1_000 * i as u64) * scale) as f64,
            shares: shares.map(Some).to_vec(),
            provisional: false,
        }
    };
    OutcomeMixChart {
        title: "Two in five crimes close without a suspect".to_owned(),
        subtitle: "Northshire, crimes recorded, recorded basis".to_owned(),
        outcomes: outcomes.map(str::to_owned).to_vec(),
        periods: (0..periods).map(period).collect(),
        source: "crime extract".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// So many questions, the last of them about the whole.
pub(super) fn satisfaction_chart(questions: usize) -> SatisfactionChart {
    let question = |i: usize| {
        let overall = i + 1 == questions;
        let share = if overall { 0.72 } else { 0.62 + 0.03 * (i % 8) as f64 };
        Question {
            name: if overall { "Whole experience".to_owned() } else { format!("Question {}", i + 1) },
            satisfied: Some(share),
            lower: Some(share - 0.04),
            upper: Some(share + 0.04),
            answers: Some(if overall { 1300.0 } else { 1100.0 }),
            overall,
            missing_reason: Some("no valid answer".to_owned()),
        }
    };
    SatisfactionChart {
        title: "Seven in ten victims are satisfied".to_owned(),
        subtitle: "Northshire, share satisfied and not satisfied".to_owned(),
        questions: (0..questions).map(question).collect(),
        period: "12 months to Jun 2026".to_owned(),
        source: "victim survey".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// Final months of common cause within limits a quarter above and below their first.
pub(super) fn sparkline(values: &[Option<f64>]) -> SparklineInput {
    let level = values.iter().flatten().next().copied().unwrap_or(1.0);
    let point = |(i, value): (usize, &Option<f64>)| SparklinePoint {
        month: month(i as i32),
        value: *value,
        lower: Some(0.75 * level),
        upper: Some(1.25 * level),
        class: PointClass::Common,
        provisional: false,
    };
    SparklineInput { points: values.iter().enumerate().map(point).collect() }
}

/// Values that go up and down about `level`.
pub(super) fn values(count: usize, level: f64) -> Vec<Option<f64>> {
    (0..count).map(|i| Some(level * (1.0 + 0.1 * ((i * 7 % 11) as f64 / 5.0 - 1.0)))).collect()
}

/// Every hour of the week at `level`.
pub(super) fn week_chart(level: f64) -> WeekChart {
    WeekChart {
        title: "Half of 999 calls come between 14:00 and 22:00".to_owned(),
        subtitle: "Northshire".to_owned(),
        value_label: "Mean 999 calls an hour".to_owned(),
        cells: vec![[Some(level); 24]; 7],
        period: "12 months to September 2026".to_owned(),
        source: "call extract".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// A day that rises to `level`, and a year before that was a tenth lower.
pub(super) fn hours_chart(level: f64) -> HoursChart {
    let line = |name: &str, level: f64| HoursLine {
        name: name.to_owned(),
        values: std::array::from_fn(|hour| Some(level * (1.0 - (hour as f64 - 17.0).abs() / 24.0))),
    };
    HoursChart {
        title: "999 calls peak at 17:00, as a year ago".to_owned(),
        subtitle: "Northshire".to_owned(),
        value_label: "Mean 999 calls an hour".to_owned(),
        this_year: line("12 months to September 2026", level),
        last_year: Some(line("12 months before", 0.9 * level)),
        source: "call extract".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}

/// Months that have been, and months ahead that are expected to be like the last.
pub(super) fn forecast_chart(past: usize, ahead: usize, level: f64) -> ForecastChart {
    let expected = |i: usize| ExpectedMonth {
        month: month((past + i) as i32),
        value: level,
        interval_80: (0.9 * level, 1.1 * level),
        interval_95: (0.8 * level, 1.2 * level),
    };
    ForecastChart {
        title: "999 calls: highest expected in July 2027".to_owned(),
        subtitle: "Northshire".to_owned(),
        value_label: "999 calls received, by month".to_owned(),
        history: values(past, level).into_iter().flatten().enumerate().map(|(i, v)| (month(i as i32), v)).collect(),
        ahead: (0..ahead).map(expected).collect(),
        source: "call extract".to_owned(),
        synthetic: true,
        notes: Vec::new(),
    }
}
