//! The charts of a series, with and without its season, and what their rules say of each month.

use super::processes::{FIRST_CALENDAR_MONTH, Series};
use scorecard::statistics::Undefined;
use scorecard::statistics::control_charts::{
    Baseline, Chart, CountKind, Phase, c, choose, individuals, moving_range, p, p_prime, run, time_between, u, u_prime,
};
use scorecard::statistics::seasonality::{FEWEST_MONTHS, Model, seasonality};
use scorecard::statistics::xmr::{self, Rule, Screening};

/// What a chart says of a series.
pub struct Charted {
    /// The rule of each month; `None` on a chart that is not judged by them.
    pub rules: Option<Vec<Rule>>,
    /// Whether only the outside points of the chart are a rule.
    pub outside_alone: bool,
    /// Anhøj's rules, which are of the whole series.
    pub shift: Option<bool>,
}

const ALL: Baseline = Baseline { freeze_after: None, excluded: &[] };

/// Every chart of a series by its name, in the order of the table.
pub fn all(series: &Series) -> Vec<(&'static str, Charted)> {
    match series {
        Series::Counts(kind, counts) => of_counts(*kind, counts),
        Series::Values(values) => of_values(values),
        Series::Waits(days) => vec![("t", judged(time_between(days, &ALL, Screening::On)))],
    }
}

fn of_counts(kind: CountKind, counts: &[(f64, f64)]) -> Vec<(&'static str, Charted)> {
    let values: Vec<f64> = counts.iter().map(|(x, n)| x / n).collect();
    let mut charts = vec![("XmR", individual(&values)), ("run", runs(&values))];
    match kind {
        CountKind::Rate => {
            let events: Vec<f64> = counts.iter().map(|(events, _)| *events).collect();
            charts.push(("c", judged(c(&events, &ALL))));
            charts.push(("u", judged(u(counts, &ALL))));
            charts.push(("u'", judged(u_prime(counts, &ALL, Screening::On))));
        }
        CountKind::Proportion => {
            charts.push(("p", judged(p(counts, &ALL))));
            charts.push(("p'", judged(p_prime(counts, &ALL, Screening::On))));
        }
    }
    charts.push(("as chosen", chosen(kind, counts)));
    if counts.len() >= FEWEST_MONTHS {
        let without = without_season(kind, counts, &values);
        let daily: Vec<f64> = without.iter().map(|(x, n)| x / n).collect();
        charts.push(("XmR, without season", individual(&daily)));
        charts.push(("as chosen, without season", chosen(kind, &without)));
    }
    charts
}

fn of_values(values: &[f64]) -> Vec<(&'static str, Charted)> {
    let ranges = Charted { outside_alone: true, ..judged(moving_range(values, &ALL)) };
    let mut charts = vec![
        ("XmR", individual(values)),
        ("run", runs(values)),
        ("I", judged(individuals(values, &ALL, Screening::Off))),
        ("moving range", Charted { shift: None, ..ranges }),
    ];
    if values.len() >= FEWEST_MONTHS {
        let with: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let adjustment = seasonality(&with, FIRST_CALENDAR_MONTH, Model::Additive).unwrap().adjustment;
        let without = adjustment.map_or(values.to_vec(), |found| found.adjusted.into_iter().flatten().collect());
        charts.push(("XmR, without season", individual(&without)));
    }
    charts
}

/// The counts without their season where one is found: a rate's season multiplies, a share's adds.
fn without_season(kind: CountKind, counts: &[(f64, f64)], values: &[f64]) -> Vec<(f64, f64)> {
    let model = if kind == CountKind::Rate { Model::Multiplicative } else { Model::Additive };
    let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
    let found = seasonality(&values, FIRST_CALENDAR_MONTH, model).unwrap().adjustment;
    found.and_then(|found| found.counts(counts, FIRST_CALENDAR_MONTH)).unwrap_or_else(|| counts.to_vec())
}

fn individual(values: &[f64]) -> Charted {
    let rules = xmr::phase(values, None, Screening::On).map(|phase| phase.rules);
    Charted { rules: Some(rules.unwrap()), outside_alone: false, shift: None }
}

fn runs(values: &[f64]) -> Charted {
    Charted { rules: None, ..judged(run(values, &ALL)) }
}

fn chosen(kind: CountKind, counts: &[(f64, f64)]) -> Charted {
    judged(match choose(kind, counts).unwrap().chart {
        Chart::P => p(counts, &ALL),
        Chart::PPrime => p_prime(counts, &ALL, Screening::On),
        Chart::U => u(counts, &ALL),
        Chart::UPrime => u_prime(counts, &ALL, Screening::On),
        // Neither is judged; no process here is short or rare.
        Chart::Line | Chart::TimeBetween => panic!("a line"),
    })
}

fn judged(phase: Result<Phase, Undefined>) -> Charted {
    let phase = phase.unwrap();
    let shift = phase.runs.map(|runs| runs.is_shift());
    Charted { rules: Some(rules(&phase)), outside_alone: false, shift }
}

pub fn rules(phase: &Phase) -> Vec<Rule> {
    let points = phase.points.iter().zip(phase.limits());
    let (values, limits): (Vec<f64>, Vec<_>) = points.filter_map(|(point, limits)| point.value.zip(limits)).unzip();
    xmr::rules(&values, &limits)
}
