//! What holds of every chart, over made-up series.

use super::super::xmr::Screening;
use super::*;
use proptest::prelude::*;

/// A chart of (numerator, denominator) pairs.
type OfCounts = fn(&[(f64, f64)], &Baseline) -> Result<Phase, Undefined>;
/// A chart of values.
type OfValues = fn(&[f64], &Baseline) -> Result<Phase, Undefined>;

const OF_COUNTS: [(&str, OfCounts); 6] = [
    ("p", p),
    ("u", u),
    ("p'", |counts, baseline| p_prime(counts, baseline, Screening::On)),
    ("p' unscreened", |counts, baseline| p_prime(counts, baseline, Screening::Off)),
    ("u'", |counts, baseline| u_prime(counts, baseline, Screening::On)),
    ("u' unscreened", |counts, baseline| u_prime(counts, baseline, Screening::Off)),
];

const OF_VALUES: [(&str, OfValues); 5] = [
    ("run", run),
    ("i", |values, baseline| individuals(values, baseline, Screening::On)),
    ("mr", moving_range),
    ("t", |values, baseline| time_between(values, baseline, Screening::On)),
    ("c", c),
];

/// What every charted phase has to be: finite, the centre inside both limits, the inner inside the outer.
fn assert_sound(name: &str, phase: &Phase, points: usize) {
    assert_eq!(phase.points.len(), points, "{name}");
    assert!(phase.centre.is_finite() && phase.sigma_z.is_none_or(|z| z.is_finite() && z >= 0.0), "{name} {phase:?}");
    for point in &phase.points {
        assert!(point.value.is_none_or(f64::is_finite), "{name} {point:?}");
        assert_eq!(point.limits_2_sigma.is_some(), point.limits_3_sigma.is_some(), "{name} {point:?}");
        let Some((two, three)) = point.limits_2_sigma.zip(point.limits_3_sigma) else { continue };
        assert!(two.contains(phase.centre) && three.contains(phase.centre), "{name} {} {point:?}", phase.centre);
        assert!(three.contains(two.lower) && three.contains(two.upper), "{name} {point:?}");
        assert!(three.lower.is_finite() && three.upper.is_finite(), "{name} {point:?}");
        let outside = point.value.is_some_and(|value| !three.contains(value));
        assert!(name == "t" || point.is_outside == outside, "{name} {point:?}");
    }
    if let Some(runs) = phase.runs {
        assert!(runs.longest_run + runs.crossings <= runs.useful_points && runs.useful_points <= points, "{name}");
    }
}

fn pairs() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let pair = (0_u32..2_000, 0_u32..2_000).prop_map(|(x, more)| (f64::from(x), f64::from(x + more)));
    let none = Just((0.0, 0.0));
    prop::collection::vec(prop_oneof![9 => pair, 1 => none], 0..40)
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0_u32..400_000).prop_map(|thousandths| f64::from(thousandths) / 1_000.0), 0..40)
}

/// Any number, and often one that is awkward.
fn number() -> impl Strategy<Value = f64> {
    let awkward = [0.0, -0.0, 1.0, -1.0, 0.1, 1e-320, 1e-160, 1e9, 1e160, f64::MAX, f64::INFINITY, f64::NAN];
    prop_oneof![1 => any::<f64>(), 1 => 0.0..10.0, 4 => prop::sample::select(awkward.to_vec())]
}

fn settings() -> impl Strategy<Value = (Option<usize>, Vec<usize>)> {
    (prop::option::of(0_usize..45), prop::collection::vec(0_usize..45, 0..5))
}

fn close(left: f64, right: f64, scale: f64) -> bool {
    (left - right).abs() <= 1e-9 * scale.abs().max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_chart_is_sound_or_has_a_reason(pairs in pairs(), values in values(), (freeze_after, excluded) in settings()) {
        let baseline = Baseline { freeze_after, excluded: &excluded };
        for (name, chart) in OF_COUNTS {
            if let Ok(phase) = chart(&pairs, &baseline) {
                assert_sound(name, &phase, pairs.len());
            } else {
                let used = (0..pairs.len()).filter(|i| baseline.makes_limits(*i) && pairs[*i].1 > 0.0).count();
                prop_assert!(used < 2, "{name} {pairs:?}");
            }
        }
        for (name, chart) in OF_VALUES {
            if let Ok(phase) = chart(&values, &baseline) {
                assert_sound(name, &phase, values.len());
            } else {
                let used = (0..values.len()).filter(|i| baseline.makes_limits(*i)).count();
                prop_assert!(used < 2, "{name} {values:?}");
            }
        }
    }

    #[test]
    fn individuals_and_ranges_follow_scale_and_shift(values in values(), scale in 0.01..100.0, shift in -1e4..1e4) {
        let moved: Vec<f64> = values.iter().map(|value| value * scale + shift).collect();
        let size = 400.0 * scale + shift;
        let baseline = Baseline::default();
        for screening in [Screening::On, Screening::Off] {
            let (plain, moved) = (individuals(&values, &baseline, screening), individuals(&moved, &baseline, screening));
            let Ok(plain) = plain else { continue };
            let moved = moved.unwrap();
            prop_assert!(close(moved.centre, plain.centre * scale + shift, size));
            // A range on the screen itself may fall on either side of it once scaled.
            prop_assume!(screening == Screening::Off || !on_screen(&values));
            let (plain, moved) = (plain.points[0].limits_3_sigma.unwrap(), moved.points[0].limits_3_sigma.unwrap());
            prop_assert!(close(moved.lower, plain.lower * scale + shift, size * 10.0));
            prop_assert!(close(moved.upper, plain.upper * scale + shift, size * 10.0));
        }
        if let Ok(plain) = moving_range(&values, &baseline) {
            let moved = moving_range(&moved, &baseline).unwrap();
            prop_assert!(close(moved.centre, plain.centre * scale, size));
            for (moved, plain) in moved.points.iter().zip(&plain.points).skip(1) {
                prop_assert!(close(moved.value.unwrap(), plain.value.unwrap() * scale, size));
                let upper = plain.limits_3_sigma.unwrap().upper * scale;
                prop_assert!(close(moved.limits_3_sigma.unwrap().upper, upper, size * 10.0));
            }
        }
    }

    /// A rate per 1,000 instead of per one, and waits in hours instead of days.
    #[test]
    fn the_unit_does_not_matter(pairs in pairs(), values in values()) {
        let baseline = Baseline::default();
        let thousands: Vec<(f64, f64)> = pairs.iter().map(|(x, n)| (*x, n / 1_000.0)).collect();
        if let Ok(phase) = u(&pairs, &baseline) {
            let (scaled, other) = (phase.times(1_000.0), u(&thousands, &baseline).unwrap());
            prop_assert!(close(scaled.centre, other.centre, scaled.centre));
            for (a, b) in scaled.points.iter().zip(&other.points) {
                let (Some(a), Some(b)) = (a.limits_3_sigma, b.limits_3_sigma) else { continue };
                prop_assert!(close(a.lower, b.lower, a.upper) && close(a.upper, b.upper, a.upper));
            }
        }
        let hours: Vec<f64> = values.iter().map(|days| days * 24.0).collect();
        if let Ok(phase) = time_between(&values, &baseline, Screening::Off) {
            let (scaled, other) = (phase.times(24.0), time_between(&hours, &baseline, Screening::Off).unwrap());
            prop_assert!(close(scaled.centre, other.centre, scaled.centre));
            let (a, b) = (scaled.points[0].limits_3_sigma.unwrap(), other.points[0].limits_3_sigma.unwrap());
            prop_assert!(close(a.lower, b.lower, a.upper) && close(a.upper, b.upper, a.upper));
        }
    }

    #[test]
    fn the_centre_does_not_know_the_order(pairs in pairs().prop_shuffle(), values in values().prop_shuffle()) {
        let (mut sorted_pairs, mut sorted) = (pairs.clone(), values.clone());
        sorted_pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        sorted.sort_by(f64::total_cmp);
        let baseline = Baseline::default();
        for (name, chart) in OF_COUNTS {
            let (one, other) = (chart(&pairs, &baseline), chart(&sorted_pairs, &baseline));
            prop_assert_eq!(one.map(|phase| phase.centre), other.map(|phase| phase.centre), "{}", name);
        }
        for (name, chart) in OF_VALUES.into_iter().filter(|(name, _)| *name != "mr") {
            let (one, other) = (chart(&values, &baseline), chart(&sorted, &baseline));
            prop_assert_eq!(one.is_ok(), other.is_ok());
            let Ok((one, other)) = one.and_then(|one| Ok((one, other?))) else { continue };
            prop_assert!(close(one.centre, other.centre, one.centre), "{} {} {}", name, one.centre, other.centre);
        }
        let kinds = [CountKind::Proportion, CountKind::Rate];
        for (one, other) in kinds.map(|kind| (choose(kind, &pairs), choose(kind, &sorted_pairs))) {
            prop_assert_eq!(one.map(|choice| choice.chart), other.map(|choice| choice.chart));
        }
    }

    /// Counts of a billion and more, over little and over much.
    #[test]
    fn large_counts_are_sound(counts in prop::collection::vec((0.0..2e9_f64, 1.0..4e9_f64), 2..30)) {
        let counts: Vec<(f64, f64)> = counts.iter().map(|(x, n)| (x.floor(), n.ceil())).collect();
        let proportions: Vec<(f64, f64)> = counts.iter().map(|(x, n)| (*x, x + n)).collect();
        for (name, chart) in OF_COUNTS {
            assert_sound(name, &chart(&proportions, &Baseline::default()).unwrap(), counts.len());
        }
        assert_sound("u", &u(&counts, &Baseline::default()).unwrap(), counts.len());
        let events: Vec<f64> = counts.iter().map(|(x, _)| *x).collect();
        for (name, chart) in OF_VALUES {
            assert_sound(name, &chart(&events, &Baseline::default()).unwrap(), counts.len());
        }
        for kind in [CountKind::Proportion, CountKind::Rate] {
            let choice = choose(kind, &proportions).unwrap();
            let sound = |test: Dispersion| test.chi_squared.is_finite() && (0.0..=1.0).contains(&test.p_value);
            prop_assert!(choice.dispersion.is_none_or(sound), "{choice:?}");
        }
    }

    /// Whatever is put in: a reason or a sound chart.
    #[test]
    fn no_number_makes_a_nan(numbers in prop::collection::vec((number(), number()), 0..6)) {
        for (name, chart) in OF_COUNTS {
            if let Ok(phase) = chart(&numbers, &Baseline::default()) {
                prop_assert!(is_number(&phase), "{name} {phase:?}");
            }
        }
        let values: Vec<f64> = numbers.iter().map(|(value, _)| *value).collect();
        for (name, chart) in OF_VALUES {
            if let Ok(phase) = chart(&values, &Baseline::default()) {
                prop_assert!(is_number(&phase), "{name} {phase:?}");
            }
        }
        for kind in [CountKind::Proportion, CountKind::Rate] {
            if let Ok(test) = dispersion(kind, &numbers) {
                prop_assert!(test.chi_squared.is_finite() && (0.0..=1.0).contains(&test.p_value), "{test:?}");
            }
        }
    }
}

/// True where a moving range lies on the screen to rounding.
fn on_screen(values: &[f64]) -> bool {
    let ranges: Vec<f64> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let screen = 3.267 * ranges.iter().sum::<f64>() / ranges.len() as f64;
    ranges.iter().any(|range| close(*range, screen, screen))
}

fn is_number(phase: &Phase) -> bool {
    let ends = |limits: Option<Interval>| limits.is_none_or(|ends| ends.lower <= ends.upper && ends.upper.is_finite());
    let points = |point: &Point| {
        point.value.is_none_or(f64::is_finite) && ends(point.limits_2_sigma) && ends(point.limits_3_sigma)
    };
    phase.centre.is_finite() && phase.sigma_z.is_none_or(f64::is_finite) && phase.points.iter().all(points)
}

/// The same at every point: limits hold it, nothing is outside, and no side is taken.
#[test]
fn a_constant_series_has_no_signal() {
    for n in [2, 13, 40] {
        for pair in [(0.0, 5.0), (5.0, 5.0), (1.0, 3.0), (7.0, 11.0), (1e9, 3e9)] {
            for (name, chart) in OF_COUNTS {
                let phase = chart(&vec![pair; n], &Baseline::default()).unwrap();
                assert_sound(name, &phase, n);
                assert!(phase.runs.is_none() && phase.points.iter().all(|point| !point.is_outside), "{name} {pair:?}");
            }
        }
        for value in [0.0, 0.1, 1.0 / 3.0, 17.0, 1e9] {
            for (name, chart) in OF_VALUES {
                let phase = chart(&vec![value; n], &Baseline::default()).unwrap();
                assert_sound(name, &phase, n);
                assert!(phase.runs.is_none() && phase.points.iter().all(|point| !point.is_outside), "{name} {value}");
            }
        }
    }
}

#[test]
fn nothing_and_one_point_have_a_reason_or_a_sound_chart() {
    let baseline = Baseline::default();
    for (name, chart) in OF_COUNTS {
        let expected = if name.contains('\'') { Err(Undefined::TooFewPoints) } else { Ok(0.25) };
        assert_eq!(chart(&[(1.0, 4.0)], &baseline).map(|phase| phase.centre), expected, "{name}");
        for none in [&[][..], &[(0.0, 0.0)]] {
            assert_eq!(chart(none, &baseline), Err(Undefined::NoObservations), "{name}");
        }
        assert_eq!(chart(&[(1.0, 0.0)], &baseline), Err(Undefined::ZeroDenominator), "{name}");
    }
    for (name, chart) in OF_VALUES {
        let median_or_mean = matches!(name, "run" | "c");
        let reason = if median_or_mean { Undefined::NoObservations } else { Undefined::TooFewPoints };
        assert_eq!(chart(&[], &baseline), Err(reason), "{name}");
        let expected = if median_or_mean { Ok(4.0) } else { Err(reason) };
        assert_eq!(chart(&[4.0], &baseline).map(|phase| phase.centre), expected, "{name}");
    }
}

/// p = 0.2; sigma at n = 100: 0.04, at n = 25: 0.08, whose lower limits are cut. A gap has no limits, nor has a run chart.
#[test]
fn limits_for_the_rules_are_those_of_each_point() {
    let counts = [(20.0, 100.0), (0.0, 0.0), (12.0, 25.0), (18.0, 125.0)];
    let limits = p(&counts, &Baseline::default()).unwrap().limits();
    let ends = |at: usize| {
        let Limits { centre, lower, upper, near_lower, near_upper } = limits[at]?;
        Some([centre, lower, upper, near_lower, near_upper].map(|end| (end * 1e9).round() / 1e9))
    };
    assert_eq!(limits.len(), 4);
    assert_eq!((ends(0), ends(1)), (Some([0.2, 0.08, 0.32, 0.12, 0.28]), None));
    assert_eq!(ends(2), Some([0.2, 0.0, 0.44, 0.04, 0.36]));
    assert_eq!(run(&[1.0, 2.0], &Baseline::default()).unwrap().limits(), [None, None]);
}

/// An upper limit of 0.85·10³⁰⁸ + 1.06·10³⁰⁸ is no number; one of 2·10²⁰⁰ + 5·10²⁰⁰ is.
#[test]
fn limits_too_large_for_a_number_are_refused() {
    let chart = |values: [f64; 2]| individuals(&values, &Baseline::default(), Screening::Off).map(|phase| phase.centre);
    assert_eq!(chart([0.65e308, 1.05e308]), Err(Undefined::NotFinite));
    assert_eq!(chart([1e200, 3e200]), Ok(2e200));
}
