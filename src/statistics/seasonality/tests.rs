use super::Model::{Additive, Multiplicative};
use super::*;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal};

fn whole(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn close(found: f64, expected: f64, size: f64) -> bool {
    (found - expected).abs() <= 1e-9 * size.abs().max(1.0)
}

/// Three years of 10, January 34: its mean is 24 above the others', and 24/12 goes on the average of all. The middle year
/// is one higher or lower by turns: 2·12 in squares about three means of 0, 1, 0 is 12·2/3 = 8; with n - 13 = 23.
#[test]
fn three_years_by_hand() {
    let value = |t: usize| {
        let moved = [0.0, if t.is_multiple_of(2) { 1.0 } else { -1.0 }, 0.0][t / 12];
        moved + if t.is_multiple_of(12) { 34.0 } else { 10.0 }
    };
    let values: Vec<f64> = (0..36).map(value).collect();
    let found = seasonality(&whole(&values), 1, Additive).unwrap();
    // The middle year moves effects by a third of one, up and down; the slope stays 0, and both months 0 and 1 to 11 have
    // squares of ⅔ left over.
    let effects = found.adjustment.unwrap().effects;
    for (month, expected) in [(0, 22.0 + 1.0 / 3.0), (1, -2.0 - 1.0 / 3.0), (2, -2.0 + 1.0 / 3.0)] {
        assert!(close(effects[month], expected, 1.0), "{effects:?}");
    }
    // R1 = 12·⅔ = 8. Σ s² over the 36 months is 3·(22⅓² + 5·1⅔² + 6·2⅓²) = 1,636; a line alone takes up some of it, as
    // Σ s·(t - 17½) = -402 and Σ (t - 17½)² = 3,885.
    let f = (1_636.0 - 402.0 * 402.0 / 3_885.0) / 11.0 / (8.0 / 23.0);
    assert_eq!(found.test.residual_degrees_of_freedom, 23);
    assert!(close(found.test.f.unwrap(), f, f), "{:?} {f}", found.test);
}

/// Twice the trend in January, the same every year: on a level trend the factors are 24/13 and 12/13.
#[test]
fn factors_by_hand() {
    let values: Vec<f64> = (0..48_u32).map(|t| if (t + 9).is_multiple_of(12) { 20.0 } else { 10.0 }).collect();
    let found = seasonality(&whole(&values), 10, Multiplicative).unwrap();
    assert_eq!((found.test.f, found.test.p_value), (None, 0.0));
    let adjustment = found.adjustment.unwrap();
    assert!(close(adjustment.effects[0], 24.0 / 13.0, 1.0) && close(adjustment.effects[9], 12.0 / 13.0, 1.0));
    assert!(adjustment.adjusted.iter().flatten().all(|value| close(*value, 130.0 / 12.0, 1.0)), "{adjustment:?}");
}

#[test]
fn without_variation_or_on_a_line_there_is_no_season() {
    for slope in [0.0, 0.25, -3.0, 1e8] {
        for level in [0.0, 0.1, 1.0 / 3.0, 1e9] {
            let values: Vec<f64> = (0..40).map(|t| level + slope * f64::from(t)).collect();
            let found = seasonality(&whole(&values), 5, Additive).unwrap();
            let test = Test { f: None, residual_degrees_of_freedom: 27, p_value: 1.0 };
            assert_eq!(found, Seasonality { test, adjustment: None }, "{level} {slope}");
        }
    }
}

#[test]
fn what_cannot_be_adjusted_has_a_reason() {
    let season = |t: usize| if t.is_multiple_of(12) { 90.0 } else { 10.0 + (t % 5) as f64 };
    let series = |months: usize| whole(&(0..months).map(season).collect::<Vec<_>>());
    let with = |changes: &[(usize, Option<f64>)]| {
        let mut values = series(40);
        for (at, value) in changes {
            values[*at] = *value;
        }
        values
    };
    let never: Vec<(usize, Option<f64>)> = [3, 15, 27, 39].map(|at| (at, Some(0.0))).to_vec();
    for (name, values, first, additive, multiplicative) in [
        ("short", series(35), 1, Err(Undefined::TooFewObservations), Err(Undefined::TooFewObservations)),
        ("enough", series(36), 1, Ok(()), Ok(())),
        ("nothing", vec![None; 90], 1, Err(Undefined::TooFewObservations), Err(Undefined::TooFewObservations)),
        (
            "gaps count for nothing",
            with(&[(1, None), (2, None), (14, None), (26, None), (38, None)]),
            1,
            Err(Undefined::TooFewObservations),
            Err(Undefined::TooFewObservations),
        ),
        ("two of a month", with(&[(4, None)]), 1, Ok(()), Ok(())),
        (
            "one of a month",
            with(&[(4, None), (16, None)]),
            1,
            Err(Undefined::TooFewObservations),
            Err(Undefined::TooFewObservations),
        ),
        ("no month", series(36), 0, Err(Undefined::OutOfRange), Err(Undefined::OutOfRange)),
        ("no month", series(36), 13, Err(Undefined::OutOfRange), Err(Undefined::OutOfRange)),
        ("not finite", with(&[(4, Some(f64::NAN))]), 1, Err(Undefined::NotFinite), Err(Undefined::NotFinite)),
        ("too large", with(&[(4, Some(1e200))]), 1, Err(Undefined::NotFinite), Err(Undefined::NotFinite)),
        ("below zero", with(&[(4, Some(-1.0))]), 12, Ok(()), Err(Undefined::NegativeCount)),
        ("a month without events", with(&never), 1, Ok(()), Err(Undefined::NoFiniteEstimate)),
    ] {
        let found =
            |model| seasonality(&values, first, model).map(|found| assert!(found.adjustment.is_some(), "{name}"));
        assert_eq!((found(Additive), found(Multiplicative)), (additive, multiplicative), "{name}");
    }
    let bottomed = |t: usize| (100.0 - 4.0 * t as f64).max(0.0) + if t.is_multiple_of(12) { 60.0 } else { 0.0 };
    let bottomed = whole(&(0..60).map(bottomed).collect::<Vec<_>>());
    assert!(seasonality(&bottomed, 1, Additive).unwrap().adjustment.is_some());
    assert_eq!(
        seasonality(&bottomed, 1, Multiplicative),
        Err(Undefined::NoFiniteEstimate),
        "the trend falls below zero"
    );
}

/// An effect is by its place in the calendar, wherever the series begins and whatever is missing.
#[test]
fn the_season_is_by_calendar_month() {
    for first in 1..=12_u32 {
        let value =
            |t: usize| [9.0, 1.0, 2.0, 3.0, 1.0, 0.0, 5.0, 4.0, 2.0, 7.0, 1.0, 1.0][(first as usize - 1 + t) % 12];
        let mut values: Vec<Option<f64>> = (0..47).map(|t| Some(20.0 + 0.5 * t as f64 + value(t))).collect();
        (values[7], values[30]) = (None, None);
        let adjustment = seasonality(&values, first, Additive).unwrap().adjustment.unwrap();
        for (found, expected) in
            adjustment.effects.iter().zip([6.0, -2.0, -1.0, 0.0, -2.0, -3.0, 2.0, 1.0, -1.0, 4.0, -2.0, -2.0])
        {
            assert!(close(*found, expected, 1.0), "{first}: {:?}", adjustment.effects);
        }
        for (t, adjusted) in adjustment.adjusted.iter().enumerate() {
            assert_eq!(adjusted.is_none(), t == 7 || t == 30);
            assert!(adjusted.is_none_or(|adjusted| close(adjusted, 23.0 + 0.5 * t as f64, 50.0)), "{first} {t}");
        }
    }
}

/// Effects in April and May alone; a gap stays one.
#[test]
fn counts_without_their_season() {
    let of = |model, effects: [f64; 2]| {
        let mut all = [f64::from(u8::from(model == Multiplicative)); 12];
        all[3..5].copy_from_slice(&effects);
        Adjustment { model, effects: all, adjusted: Vec::new() }
    };
    let counts = [(6.0, 30.0), (9.0, 40.0), (5.0, 20.0), (0.0, 0.0)];
    let factors = of(Multiplicative, [0.5, 1.5]);
    assert_eq!(factors.counts(&counts, 4), Some(vec![(6.0, 15.0), (9.0, 60.0), (5.0, 20.0), (0.0, 0.0)]));
    let effects = of(Additive, [-0.25, 0.125]);
    assert_eq!(effects.counts(&counts, 4), Some(vec![(13.5, 30.0), (4.0, 40.0), (5.0, 20.0), (0.0, 0.0)]));
    // 3 of 4 and a quarter more is all of them; 3 of 3 is more than all. 1 of 8 less an eighth is none; 0 of 8 less still.
    assert_eq!(effects.counts(&[(3.0, 4.0), (1.0, 8.0)], 4), Some(vec![(4.0, 4.0), (0.0, 8.0)]));
    assert_eq!(effects.counts(&[(3.0, 3.0)], 4), None);
    assert_eq!(effects.counts(&[(5.0, 9.0), (0.0, 8.0)], 4), None);
    // December and January.
    assert_eq!(effects.counts(&[(1.0, 2.0); 6], 12).map(|found| found[5]), Some((0.75, 2.0)));
    assert_eq!((effects.counts(&counts, 0), effects.counts(&counts, 13)), (None, None));
}

/// The values of the adjusted counts are the adjusted values.
#[test]
fn adjusted_counts_have_the_adjusted_values() {
    let counts: Vec<(f64, f64)> =
        (0..40_u32).map(|t| (f64::from(90 + t % 12 * 9 + t % 5), f64::from(400 + t % 7))).collect();
    let values: Vec<f64> = counts.iter().map(|(numerator, denominator)| numerator / denominator).collect();
    for model in [Additive, Multiplicative] {
        let adjustment = seasonality(&whole(&values), 9, model).unwrap().adjustment.unwrap();
        let adjusted = adjustment.counts(&counts, 9).unwrap();
        for ((numerator, denominator), value) in adjusted.iter().zip(adjustment.adjusted.iter().flatten()) {
            assert!(close(numerator / denominator, *value, 1.0));
        }
    }
}

#[test]
fn one_per_cent_is_no_season() {
    let is_seasonal = |p_value| Test { f: None, residual_degrees_of_freedom: 23, p_value }.is_seasonal();
    assert_eq!([0.0, 0.009_99, 0.01, 1.0].map(is_seasonal), [true, true, false, false]);
}

/// 2,000 series without a season: about 1% pass, three standard errors (13) either side of 20, where months are normal, few
/// events, or vary ten times as much as counts do.
#[test]
fn series_without_a_season_pass_as_often_as_stated() {
    type Draw = fn(&mut ChaCha8Rng) -> f64;
    let draws: [(&str, Draw); 3] = [
        ("normal", |random| StandardNormal.sample(random)),
        ("few", |random| Poisson::new(5.0).unwrap().sample(random)),
        ("over-dispersed", |random| Poisson::new(Gamma::new(4.0, 9.0).unwrap().sample(random)).unwrap().sample(random)),
    ];
    for (name, draw) in draws {
        let mut random = ChaCha8Rng::seed_from_u64(20_261_107);
        let passed = (0..2_000).filter(|_| {
            let values: Vec<Option<f64>> = (0..36).map(|_| Some(draw(&mut random))).collect();
            seasonality(&values, 4, Additive).unwrap().test.is_seasonal()
        });
        let passed = passed.count();
        assert!((7..=33).contains(&passed), "{name}: {passed}");
    }
}

/// Whole years, or a few months more.
fn series() -> impl Strategy<Value = Vec<f64>> {
    (36_usize..80, prop::collection::vec(0.0..60.0_f64, 12), prop::collection::vec(0.0..40.0_f64, 80))
        .prop_map(|(months, season, noise)| (0..months).map(|t| 50.0 + season[t % 12] + noise[t]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn it_follows_scale_and_shift(
        values in series(),
        first in 1..=12_u32,
        scale in prop::sample::select(vec![-3.0, 1e-6, 2.0, 1e7]),
        shift in prop::sample::select(vec![0.0, -1e3, 1e3]),
    ) {
        let moved: Vec<f64> = values.iter().map(|value| scale * (value + shift)).collect();
        let before = seasonality(&whole(&values), first, Additive).unwrap();
        let after = seasonality(&whole(&moved), first, Additive).unwrap();
        let near = |found: f64, expected: f64| (found - expected).abs() <= 1e-8 * expected.abs().max(1e-3);
        prop_assert!(near(after.test.f.unwrap(), before.test.f.unwrap()) && near(after.test.p_value, before.test.p_value));
        let Some((before, after)) = before.adjustment.zip(after.adjustment) else { return Ok(()) };
        for (after, before) in after.effects.iter().zip(&before.effects) {
            prop_assert!(close(after / scale, *before, 1e3));
        }
        for (after, before) in after.adjusted.iter().flatten().zip(before.adjusted.iter().flatten()) {
            prop_assert!(close(after / scale - shift, *before, 1e3));
        }
        // Factors know no unit.
        let scaled: Vec<f64> = values.iter().map(|value| scale.abs() * value).collect();
        let factors = |values: &[f64]| seasonality(&whole(values), first, Multiplicative).unwrap().adjustment.unwrap();
        let (before, after) = (factors(&values), factors(&scaled));
        prop_assert!(before.effects.iter().zip(&after.effects).all(|(a, b)| close(*a, *b, 1.0)));
        prop_assert!(before.adjusted.iter().flatten().zip(after.adjusted.iter().flatten()).all(|(a, b)| close(b / scale.abs(), *a, 1e3)));
    }

    /// Effects add up to 0 and factors to 12; adding a line changes neither test nor effects.
    #[test]
    fn effects_are_about_the_trend(values in series(), first in 1..=12_u32, slope in -1e3..1e3_f64) {
        let before = seasonality(&whole(&values), first, Additive).unwrap();
        let tilted: Vec<f64> = values.iter().enumerate().map(|(t, value)| value + slope * t as f64).collect();
        let after = seasonality(&whole(&tilted), first, Additive).unwrap();
        let (f, tilted_f) = (before.test.f.unwrap(), after.test.f.unwrap());
        prop_assert!((f - tilted_f).abs() <= 1e-7 * (1.0 + f), "{} {}", f, tilted_f);
        if let Some((before, after)) = before.adjustment.zip(after.adjustment) {
            prop_assert!(close(before.effects.iter().sum(), 0.0, 1e3));
            prop_assert!(before.effects.iter().zip(&after.effects).all(|(a, b)| close(*a, *b, 1e5)));
        }
        if let Some(adjustment) = seasonality(&whole(&values), first, Multiplicative).unwrap().adjustment {
            prop_assert!(close(adjustment.effects.iter().sum(), 12.0, 12.0));
            prop_assert!(adjustment.effects.iter().all(|factor| *factor > 0.0));
        }
    }

    /// Years of one mean have no trend, and any order of them is the same evidence.
    #[test]
    fn years_of_one_level_may_come_in_any_order(
        years in prop::collection::vec(prop::collection::vec(0.0..100.0_f64, 12), 3..7),
        season in prop::collection::vec(0.0..80.0_f64, 12),
        shift in 1_usize..6,
    ) {
        let level = |year: &Vec<f64>| {
            let mean = year.iter().sum::<f64>() / 12.0;
            year.iter().zip(&season).map(|(value, season)| 100.0 + value - mean + season).collect::<Vec<f64>>()
        };
        let mut years: Vec<Vec<f64>> = years.iter().map(level).collect();
        let before = seasonality(&whole(&years.concat()), 4, Additive).unwrap();
        let count = years.len();
        years.rotate_left(shift % count);
        years.swap(0, 1);
        let after = seasonality(&whole(&years.concat()), 4, Additive).unwrap();
        prop_assert!((before.test.p_value - after.test.p_value).abs() <= 1e-9);
        if let Some((before, after)) = before.adjustment.zip(after.adjustment) {
            prop_assert!(before.effects.iter().zip(&after.effects).all(|(a, b)| close(*a, *b, 1e3)));
        }
    }

    /// Whatever is put in: a reason or numbers.
    #[test]
    fn no_number_makes_a_nan(
        values in prop::collection::vec(prop_oneof![
            5 => 0.0..10.0_f64, 1 => Just(0.0), 1 => Just(1e9), 1 => Just(-1.0), 1 => Just(1e-300), 1 => Just(1e150),
        ], 36..50),
        largest in prop::sample::select(vec![1.0, 1e9, 1e150, 1e200, f64::INFINITY]),
        first in 0..=13_u32,
    ) {
        let values: Vec<Option<f64>> = values.into_iter().map(|value| Some(value).filter(|value| *value <= largest)).collect();
        for model in [Additive, Multiplicative] {
            if let Ok(found) = seasonality(&values, first, model) {
                prop_assert!((0.0..=1.0).contains(&found.test.p_value) && found.test.f.is_none_or(|f| f.is_finite() && f >= 0.0));
                if let Some(adjustment) = found.adjustment {
                    let adjusted = adjustment.adjusted.iter().flatten();
                    prop_assert!(adjustment.effects.iter().chain(adjusted).all(|value| value.is_finite()));
                }
            }
        }
    }
}

/// Counts of a billion: a season of a hundredth of a per cent, drawn as counts are.
#[test]
fn counts_of_a_billion() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut value =
        |t: usize| 1e9 * (1.0 + if t.is_multiple_of(12) { 2e-4 } else { 0.0 }) + 3e4 * draw_normal(&mut random);
    let values: Vec<Option<f64>> = (0..60).map(|t| Some(value(t))).collect();
    for model in [Additive, Multiplicative] {
        let found = seasonality(&values, 1, model).unwrap();
        let january = found.adjustment.unwrap().effects[0];
        let effect = if model == Additive { january } else { (january - 1.0) * 1e9 };
        // 2·10⁵·11/12, and a standard error of about 3·10⁴/√5.
        assert!((effect - 183_333.0).abs() < 60_000.0, "{effect}");
    }
}

fn draw_normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}
