use super::super::sample::{Changed, OWN, definitions, figure, intervention, month};
use super::*;
use crate::definitions::Definitions;
use crate::domain::Kind;
use crate::tables::evaluation::{Evaluated, EvaluationMethod};
use crate::tables::figure::Figure;

const SHARE: &str = "answered_999_under_10_seconds";
const NEUTRAL: &str = "crimes_recorded";

/// Shares out of 1,000 from April 2023 on; `None` leaves a month out.
fn shares(values: impl IntoIterator<Item = Option<f64>>) -> Vec<Figure> {
    let of = |(i, value): (usize, Option<f64>)| {
        let month = month("2023-04").plus(i as i32).to_string();
        value.map(|value| figure(Kind::Proportion, value * 1_000.0, Some(1_000.0)).in_month(&month))
    };
    values.into_iter().enumerate().filter_map(of).collect()
}

fn counts(values: impl IntoIterator<Item = f64>) -> Vec<Figure> {
    let of = |(i, value): (usize, f64)| {
        figure(Kind::Count, value, None).in_month(&month("2023-04").plus(i as i32).to_string())
    };
    values.into_iter().enumerate().map(of).collect()
}

fn in_area(figures: Vec<Figure>, area: &str) -> Vec<Figure> {
    figures.into_iter().map(|f| f.of_unit(Level::Area, area)).collect()
}

/// + - - + and again: the same from either end, so that neither a trend nor a step is in it, whatever the autocorrelation.
fn balanced(at: usize) -> f64 {
    if matches!(at % 4, 0 | 3) { 1.0 } else { -1.0 }
}

fn evaluated(metric: &str, entries: Vec<Intervention>, own: &[Figure]) -> Vec<Evaluated> {
    let definitions = Definitions { interventions: entries, ..definitions() };
    let metric = definitions.metric(metric).unwrap();
    evaluations(&Input { definitions: &definitions, metric, own, peers: &[] })
}

fn entry(areas: &[&str], comparison_areas: &[&str]) -> Intervention {
    let names = |areas: &[&str]| areas.iter().map(|area| (*area).to_owned()).collect();
    let entry = intervention("pilot", "2024-04-01", SHARE);
    Intervention { areas: names(areas), comparison_areas: names(comparison_areas), ..entry }
}

/// Twelve months about 80% and twelve about 90%, beside areas with a season that both have.
#[test]
fn a_step_beside_comparison_areas() {
    let season = |at: usize| 0.05 * (at as f64 * std::f64::consts::TAU / 12.0).sin();
    let own = |at: usize| 0.80 + 0.01 * balanced(at) + season(at) + if at >= 12 { 0.10 } else { 0.0 };
    let mut figures = in_area(shares((0..24).map(|at| Some(own(at)))), "Stroud");
    figures.extend(in_area(shares((0..24).map(|at| Some(0.70 + season(at)))), "Cotswold"));
    figures.extend(shares((0..24).map(|_| Some(0.75))));
    let found = &evaluated(SHARE, vec![entry(&["Stroud"], &["Cotswold"])], &figures)[0];
    let effect = found.row.effect.as_ref().unwrap();
    assert!((effect.change - 0.10).abs() < 1e-9, "{effect:?}");
    // The season sums to zero over a year.
    assert!((effect.observed - 0.90).abs() < 1e-9 && (effect.expected - 0.80).abs() < 1e-9, "{effect:?}");
    assert!(effect.interval_95.unwrap().lower > 0.0 && effect.p_value.unwrap() < 0.001 && !effect.seasonal);
    let row = &found.row;
    assert_eq!((row.verdict, row.needed), (Some(EvaluationVerdict::Better), None));
    assert_eq!((row.months_before, row.months_after), (12, 12));
    assert_eq!(row.months, Some((month("2023-04"), month("2025-03"))));
    assert_eq!((&*row.unit, row.comparison_unit.as_deref(), row.level), ("Stroud", Some("Cotswold"), Level::Area));
    let last = found.months.last().unwrap();
    assert!(last.is_after && !found.months[11].is_after && found.months.len() == 24);
    assert!((last.fitted - last.without - 0.10).abs() < 1e-9 && last.comparison == Some(0.70 + season(23)));
}

#[test]
fn areas_are_taken_together_by_their_counts() {
    let share = |numerator: f64, denominator: f64, area: &str| -> Vec<Figure> {
        let of = |i: i32| {
            figure(Kind::Proportion, numerator + f64::from(i % 2), Some(denominator))
                .in_month(&month("2023-04").plus(i).to_string())
                .of_unit(Level::Area, area)
        };
        (0..18).map(of).collect()
    };
    let mut figures = [share(90.0, 100.0, "Stroud"), share(30.0, 50.0, "Cotswold")].concat();
    figures.extend(shares((0..18).map(|_| Some(0.8))));
    let found = &evaluated(SHARE, vec![entry(&["Stroud", "Cotswold"], &[])], &figures)[0];
    assert_eq!(&*found.row.unit, "Stroud; Cotswold");
    assert_eq!((found.months[0].value, found.months[1].value), (120.0 / 150.0, 122.0 / 150.0));
}

/// 95% intervals against no effect and a worthwhile one of 2 either way.
#[test]
fn verdicts_go_by_the_interval() {
    use EvaluationVerdict::{Better, CannotTellYet, Higher, Lower, NoWorthwhileChange, Worse};
    use Polarity::{HigherIsBetter, LowerIsBetter, Neutral};
    for (lower, upper, higher, lower_is_better, neutral) in [
        (0.1, 5.0, Better, Worse, Higher),
        (-5.0, -0.1, Worse, Better, Lower),
        (-1.0, 3.0, CannotTellYet, NoWorthwhileChange, CannotTellYet),
        (-3.0, 1.0, NoWorthwhileChange, CannotTellYet, CannotTellYet),
        (-1.0, 1.0, NoWorthwhileChange, NoWorthwhileChange, NoWorthwhileChange),
        (-3.0, 3.0, CannotTellYet, CannotTellYet, CannotTellYet),
        (0.0, 1.0, NoWorthwhileChange, NoWorthwhileChange, NoWorthwhileChange),
        (0.0, 2.0, CannotTellYet, NoWorthwhileChange, CannotTellYet),
    ] {
        for (polarity, expected) in [(HigherIsBetter, higher), (LowerIsBetter, lower_is_better), (Neutral, neutral)] {
            let found = verdict(Interval { lower, upper }, Worth { up: 2.0, down: -2.0 }, polarity);
            assert_eq!(found, expected, "{lower} to {upper}, {polarity:?}");
        }
    }
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    let months = |count: usize| shares((0..count).map(|at| Some(0.8 + 0.01 * balanced(at))));
    let areas = |area: &str| [months(24), in_area(months(24), area)].concat();
    let constant = || shares((0..24).map(|_| Some(0.8)));
    let gap = || shares((0..24).map(|at| (at != 7).then_some(0.8 + 0.01 * balanced(at))));
    let early = || Intervention { date: "2024-03-01".parse().unwrap(), ..entry(&[], &[]) };
    for (case, entry, figures, reason) in [
        ("twelve before", entry(&[], &[]), months(15), None),
        ("eleven before", early(), months(24), Some("fewer than 12 final months before it")),
        ("two since", entry(&[], &[]), months(14), Some("fewer than 3 final months since")),
        ("not begun", entry(&[], &[]), months(12), Some("fewer than 3 final months since")),
        ("misspelt", entry(&["Strood"], &[]), areas("Stroud"), Some("Strood has no final month")),
        (
            "a second area misspelt",
            entry(&["Stroud", "Strood"], &[]),
            areas("Stroud"),
            Some("Strood has no final month"),
        ),
        ("misspelt beside", entry(&["Stroud"], &["Strood"]), areas("Stroud"), Some("Strood has no final month")),
        ("a gap", entry(&[], &[]), gap(), Some("2023-11 has no figure")),
        (
            "constant",
            entry(&[], &[]),
            constant(),
            Some("the months lie on one line, so that there is no error to test by"),
        ),
    ] {
        let found = &evaluated(SHARE, vec![entry], &figures)[0];
        assert_eq!(found.row.reason.as_deref(), reason, "{case}");
        assert_eq!(found.row.verdict.is_some(), reason.is_none(), "{case}");
        assert_eq!(found.months.is_empty(), reason.is_some(), "{case}");
    }
    let needed = |figures: &[Figure]| evaluated(SHARE, vec![entry(&[], &[])], figures)[0].row.needed;
    assert_eq!(needed(&months(14)), Some(MonthsNeeded { months: Some(1), power: None }));
    assert_eq!(needed(&months(12)), Some(MonthsNeeded { months: Some(3), power: None }));
}

#[test]
fn medians_of_several_areas_are_not_taken_together() {
    const MEDIAN: &str = "immediate_attendance_median_minutes";
    let minutes = |area: &str| -> Vec<Figure> {
        let of = |i: i32| {
            let figure = figure(Kind::Count, 30.0, None).in_month(&month("2023-04").plus(i).to_string());
            let value = Some(9.0 + 0.5 * balanced(i as usize));
            Figure { numerator: None, denominator: Some(30.0), value, ..figure.of_unit(Level::Area, area) }
        };
        (0..24).map(of).collect()
    };
    let own = [minutes("Stroud"), minutes("Cotswold"), counts([30.0])].concat();
    let entry = |areas: &[&str]| Intervention {
        metrics: [(crate::domain::MetricId::new(MEDIAN).unwrap(), 1.0)].into(),
        ..entry(areas, &[])
    };
    let reason = |areas: &[&str]| evaluated(MEDIAN, vec![entry(areas)], &own)[0].row.reason.clone();
    assert_eq!(reason(&["Stroud"]), None);
    let expected = "medians and percentiles of several areas cannot be taken together from figures";
    assert_eq!(reason(&["Stroud", "Cotswold"]).as_deref(), Some(expected));
}

/// Thousands of events: a third more, by the logarithm of events a day; and as many with five a month, by counting.
#[test]
fn counts_by_their_size() {
    let step = |at: usize, level: f64, wave: f64| {
        let days = f64::from(chrono::Datelike::day(&month("2023-04").plus(at as i32).last_day()));
        days * level * (1.0 + wave * balanced(at)) * if at >= 12 { 4.0 / 3.0 } else { 1.0 }
    };
    let entry = || Intervention {
        metrics: [(crate::domain::MetricId::new(NEUTRAL).unwrap(), 400.0)].into(),
        ..entry(&[], &[])
    };
    let many: Vec<f64> = (0..24).map(|at| step(at, 100.0, 0.01)).collect();
    let found = &evaluated(NEUTRAL, vec![entry()], &counts(many.iter().copied()))[0].row;
    let effect = found.effect.as_ref().unwrap();
    assert_eq!((effect.method, found.verdict), (EvaluationMethod::AutoregressiveLog, Some(EvaluationVerdict::Higher)));
    let observed = many[12..].iter().sum::<f64>() / 12.0;
    assert!((effect.observed / observed - 1.0).abs() < 1e-12);
    assert!((effect.observed / effect.expected - 4.0 / 3.0).abs() < 0.02, "{effect:?}");
    assert!((effect.observed - effect.expected - effect.change).abs() < 1e-9);
    let few = (0..24).map(|at| (step(at, 0.2, 0.2)).round());
    let found = &evaluated(NEUTRAL, vec![entry()], &counts(few))[0].row;
    let effect = found.effect.as_ref().unwrap();
    assert_eq!((effect.method, effect.autocorrelation), (EvaluationMethod::QuasiPoisson, None));
    assert!(effect.interval_95.unwrap().contains(effect.change), "{effect:?}");
}

/// Three months about a step of nothing, in a series that is too noisy to tell 2 points from none.
#[test]
fn too_few_months_say_how_many_more() {
    let noisy = |count: usize| shares((0..count).map(|at| Some(0.8 + 0.03 * balanced(at))));
    let needed = |count: usize| {
        let row = evaluated(SHARE, vec![entry(&[], &[])], &noisy(count))[0].row.clone();
        assert_eq!(row.verdict, Some(EvaluationVerdict::CannotTellYet), "{row:?}");
        row.needed.unwrap()
    };
    // A large change is seen sooner.
    let large = |worthwhile: f64| {
        let mut entry = entry(&[], &[]);
        entry.metrics.values_mut().for_each(|worth| *worth = worthwhile);
        evaluated(SHARE, vec![entry], &noisy(16))[0].row.needed.and_then(|needed| needed.months)
    };
    assert_eq!(needed(16).power, Some(0.8));
    assert!(large(0.08).unwrap() < large(0.06).unwrap(), "{:?} {:?}", large(0.08), large(0.06));
    assert_eq!(needed(16).months, None);
}

#[test]
fn other_entries_in_the_same_months_are_named() {
    let of = |id: &str, date: &str, areas: &[&str]| Intervention {
        id: id.to_owned(),
        date: date.parse().unwrap(),
        ..entry(areas, &[])
    };
    let own = |at: usize| Some(0.8 + 0.01 * balanced(at));
    let figures = [shares((0..24).map(own)), in_area(shares((0..24).map(own)), "Stroud")].concat();
    let entries = vec![
        of("long-ago", "2020-04-01", &[]),
        of("elsewhere", "2024-01-01", &["Cotswold"]),
        of("same-area", "2024-06-01", &["Stroud"]),
        entry(&["Stroud"], &[]),
        of("whole-force", "2024-09-01", &[]),
    ];
    let found = evaluated(SHARE, entries, &figures);
    let pilot = found.iter().find(|found| &*found.row.intervention == "pilot").unwrap();
    assert_eq!(pilot.row.others.as_deref(), Some("same-area; whole-force"));
}

#[test]
fn the_register_is_of_the_pipelines_own_force() {
    let figures: Vec<Figure> =
        shares((0..24).map(|at| Some(0.8 + 0.01 * balanced(at)))).into_iter().map(|f| f.of_force("kent")).collect();
    assert!(evaluated(SHARE, vec![entry(&[], &[])], &figures).is_empty());
    let other_metric = intervention("pilot", "2024-04-01", NEUTRAL);
    let own = shares((0..24).map(|at| Some(0.8 + 0.01 * balanced(at))));
    assert!(evaluated(SHARE, vec![other_metric], &own).is_empty());
    assert_eq!(evaluated(SHARE, vec![entry(&[], &[])], &own)[0].row.unit.as_ref(), OWN);
}

/// The newer crimes have had less time: a fall would be seen whatever was done.
#[test]
fn crimes_followed_without_end_are_not_evaluated() {
    let steady = shares((0..24).map(|at| Some(0.2 + 0.01 * balanced(at))));
    for (metric, expected) in [(SHARE, true), ("solved_rate_recorded", false), ("victim_not_supporting_rate", false)] {
        let entry = intervention("pilot", "2024-04-01", metric);
        let found = &evaluated(metric, vec![entry], &steady)[0];
        assert_eq!(found.row.verdict.is_some(), expected, "{metric}: {:?}", found.row.reason);
        assert_eq!(found.row.reason.as_deref().is_some_and(|why| why.contains("less time")), !expected, "{metric}");
    }
}
