//! What holds of every method that it makes sense for, over made-up numbers. Charts have theirs in `control_charts::tests`,
//! models beside their code.

use super::between_forces::{WINSORISED_SHARE, between_forces};
use super::comparison::{Variant, against_group, against_own_past};
use super::two_poisson_rates::{Events, compare, ratio_interval};
use super::two_proportions::{Sample, difference, newcombe_interval, risk_ratio};
use super::xmr::{self, Rule, Screening};
use super::*;
use proptest::prelude::*;

/// A count and a denominator that is not smaller, from none of one to billions.
fn counts() -> impl Strategy<Value = (f64, f64)> {
    let number = prop_oneof![4 => 0_u64..60, 2 => 0_u64..100_000, 1 => 999_999_990_u64..2_000_000_000];
    (number.clone(), number).prop_map(|(one, other)| (one.min(other) as f64, one.max(other).max(1) as f64))
}

fn values(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![-100.0..100.0_f64, Just(0.0), Just(7.5)], length)
}

fn unit_values() -> impl Strategy<Value = Vec<UnitValue>> {
    let unit = (1.0..200.0_f64, 0.0..9.0_f64, 1.0..1e6_f64);
    let unit =
        unit.prop_map(|(value, sampling_variance, denominator)| UnitValue { value, sampling_variance, denominator });
    prop::collection::vec(unit, 3..12)
}

fn close(found: f64, expected: f64, size: f64) -> bool {
    (found - expected).abs() <= 1e-9 * size.abs().max(1e-9)
}

fn within(outer: Interval, inner: Interval) -> bool {
    outer.lower <= inner.lower && inner.upper <= outer.upper
}

/// The value in its 95% interval, and that in the 99.8% one, within rounding of the value.
fn assert_holds_its_value(what: &str, estimate: &Estimate) {
    let Some(at_95) = estimate.interval_95 else { panic!("{what}: no interval: {estimate:?}") };
    let rounding = 1e-12 * estimate.value.abs();
    let widened = Interval { lower: at_95.lower - rounding, upper: at_95.upper + rounding };
    assert!(widened.contains(estimate.value), "{what}: {estimate:?}");
    assert!(estimate.interval_998.is_none_or(|at_998| within(at_998, at_95)), "{what}: {estimate:?}");
    assert!(at_95.lower.is_finite() && at_95.upper.is_finite(), "{what}: {estimate:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn an_interval_holds_its_value((x, n) in counts(), spread in 0.0..1e3_f64, observations in 2_u64..2_000_000_000) {
        assert_holds_its_value("proportion", &wilson::proportion(x, n).unwrap());
        assert_holds_its_value("weighted", &wilson::weighted_proportion(x / n, n / 1.7).unwrap());
        assert_holds_its_value("count", &poisson::count(x).unwrap());
        assert_holds_its_value("rate", &poisson::rate(x, n).unwrap());
        assert_holds_its_value("ratio", &poisson::ratio(n, x.max(1.0)).unwrap());
        assert_holds_its_value("mean", &student_t::mean(observations, x - n / 2.0, spread).unwrap());
        let stratum = standardise::Stratum { count: x, denominator: n, reference_count: n + 1.0, reference_denominator: 2.0 * n + 2.0 };
        assert_holds_its_value("standardised", &standardise::indirect(&[stratum]).unwrap().ratio);
        if x >= 10.0 {
            let stratum = standardise::WeightedStratum { count: x, denominator: n, weight: 5.0 };
            assert_holds_its_value("directly standardised", &standardise::direct(&[stratum, stratum]).unwrap());
        }
    }

    #[test]
    fn a_quantile_lies_in_its_interval(mut values in values(40..90), probability in 0.1..0.9_f64) {
        values.sort_by(f64::total_cmp);
        let found = quantile::quantile(&values, probability).unwrap();
        prop_assert!(found.interval_95.is_none_or(|ends| ends.contains(found.value)), "{found:?}");
        if let Some((at_95, at_998)) = found.interval_95.zip(found.interval_998) {
            prop_assert!(within(at_998, at_95), "{found:?}");
        }
    }

    /// What is no success is one of the other kind.
    #[test]
    fn wilson_of_the_complement_is_the_complement((x, n) in counts()) {
        for confidence in Confidence::BOTH {
            let (found, other) = (wilson::interval(x, n, confidence).unwrap(), wilson::interval(n - x, n, confidence).unwrap());
            prop_assert!(close(found.lower, 1.0 - other.upper, 1.0) && close(found.upper, 1.0 - other.lower, 1.0));
        }
    }

    /// First and second changed over: differences change their sign, ratios turn round, p-values stay.
    #[test]
    fn two_samples_may_change_places((x, n) in counts(), (y, m) in counts()) {
        let (one, other) = (Sample { successes: x, trials: n }, Sample { successes: y, trials: m });
        let (there, back) = (difference(one, other).unwrap(), difference(other, one).unwrap());
        prop_assert!(close(there.difference, -back.difference, 1.0));
        prop_assert!(there.p_value.is_none() == back.p_value.is_none());
        prop_assert!(there.p_value.zip(back.p_value).is_none_or(|(a, b)| close(a, b, 1.0) && (0.0..=1.0).contains(&a)));
        for confidence in Confidence::BOTH {
            let there = newcombe_interval(one, other, confidence).unwrap();
            let back = newcombe_interval(other, one, confidence).unwrap();
            prop_assert!(close(there.lower, -back.upper, 1.0) && close(there.upper, -back.lower, 1.0));
            prop_assert!(there.lower <= x / n - y / m + 1e-12 && x / n - y / m <= there.upper + 1e-12, "{there:?}");
            if let Some((there, back)) = risk_ratio(one, other, confidence).zip(risk_ratio(other, one, confidence)) {
                let Some((ends, turned)) = there.interval.zip(back.interval) else { continue };
                prop_assert!(close(there.ratio * back.ratio, 1.0, 1.0) && ends.contains(there.ratio));
                prop_assert!(close(ends.lower * turned.upper, 1.0, 1.0) && close(ends.upper * turned.lower, 1.0, 1.0));
            }
        }
    }

    #[test]
    fn two_rates_may_change_places(x in 0_u64..3_000, y in 0_u64..3_000, one in 0.5..400.0_f64, other in 0.5..400.0_f64) {
        let (first, second) = (Events { count: x, exposure: one }, Events { count: y, exposure: other });
        let (there, back) = (compare(first, second).unwrap(), compare(second, first).unwrap());
        prop_assert!((0.0..=1.0).contains(&there.p_value_exact));
        prop_assert!(close(there.p_value_exact, back.p_value_exact, 1.0), "{there:?} {back:?}");
        prop_assert!(there.z.zip(back.z).is_none_or(|(a, b)| close(a, -b, a)));
        if let Some((there, back)) = there.ratio.zip(back.ratio) {
            prop_assert!(close(there * back, 1.0, 1.0));
            let (ends, turned) = (ratio_interval(first, second, Confidence::P95), ratio_interval(second, first, Confidence::P95));
            let (ends, turned) = (ends.unwrap(), turned.unwrap());
            prop_assert!(ends.contains(there), "{ends:?} {there}");
            prop_assert!((ends.lower * turned.upper - 1.0).abs() < 1e-6 && (ends.upper * turned.lower - 1.0).abs() < 1e-6);
        }
    }

    /// Limits and rules follow the unit; upside down, up is down.
    #[test]
    fn xmr_follows_scale_and_shift(values in values(13..40), scale in prop::sample::select(vec![0.125, 4.0, 1024.0]), shift in -64_i32..64) {
        // Powers of two and whole shifts of values in eighths are exact, so that ties stay ties.
        let values: Vec<f64> = values.iter().map(|value| (value * 8.0).round() / 8.0).collect();
        let moved: Vec<f64> = values.iter().map(|value| scale * (value + f64::from(shift))).collect();
        let turned: Vec<f64> = values.iter().map(|value| -value).collect();
        for screening in [Screening::On, Screening::Off] {
            let plain = xmr::phase(&values, None, screening).unwrap();
            let (after, down) = (xmr::phase(&moved, None, screening).unwrap(), xmr::phase(&turned, None, screening).unwrap());
            let ends = |limits: xmr::Limits| [limits.lower, limits.near_lower, limits.centre, limits.near_upper, limits.upper];
            for (plain, after) in ends(plain.limits).into_iter().zip(ends(after.limits)) {
                prop_assert!(close(after, scale * (plain + f64::from(shift)), scale * 1e3));
            }
            for (plain, down) in ends(plain.limits).into_iter().zip(ends(down.limits).into_iter().rev()) {
                prop_assert!(close(down, -plain, 1e3));
            }
            // A value on a limit or the mean to rounding may fall on either side.
            let on_a_line = values.iter().any(|value| ends(plain.limits).iter().any(|end| close(*value, *end, 1e3)));
            if !on_a_line {
                prop_assert_eq!(&plain.rules, &after.rules);
                prop_assert_eq!(plain.rules, down.rules.into_iter().map(upside_down).collect::<Vec<_>>());
            }
        }
    }

    /// The order in which units are given is no information.
    #[test]
    fn units_may_come_in_any_order(units in unit_values(), by in 1_usize..9) {
        let mut others = units[1..].to_vec();
        let turn = by % others.len();
        others.rotate_left(turn);
        for variant in Variant::ALL {
            let (one, other) = (against_group(units[0], &units[1..], variant).unwrap(), against_group(units[0], &others, variant).unwrap());
            prop_assert!(close(one.comparator, other.comparator, 200.0) && close(one.sampling_variance, other.sampling_variance, 200.0));
            prop_assert!(close(one.between_weight, other.between_weight, 1.0));
        }
        let mut all = units.clone();
        all.rotate_left(by % units.len());
        let both = [&units, &all].map(|units| between_forces(units, 100.0, WINSORISED_SHARE));
        if let [Some(one), Some(other)] = both {
            prop_assert!(close(one.tau_squared, other.tau_squared, 1e4) && close(one.dispersion, other.dispersion, one.dispersion));
        } else {
            prop_assert_eq!(both[0].is_none(), both[1].is_none());
        }
        let place = rank::rank(units[0], &units[1..], Polarity::HigherIsBetter, 5).unwrap();
        prop_assert_eq!(place.rank, rank::rank(units[0], &others, Polarity::HigherIsBetter, 5).unwrap().rank);
        let turned = rank::rank(units[0], &others, Polarity::LowerIsBetter, 5).unwrap();
        let ties = others.iter().filter(|other| other.value == units[0].value).count();
        prop_assert_eq!(place.rank + turned.rank + ties, units.len() + 1);
    }

    #[test]
    fn tests_and_strata_may_come_in_any_order(
        p_values in prop::collection::vec(prop_oneof![0.0..=1.0_f64, Just(0.05), Just(0.0)], 1..20),
        strata in prop::collection::vec(counts(), 1..6),
        by in 0_usize..20,
    ) {
        let turned = |of: &[f64]| { let mut of = of.to_vec(); of.rotate_left(by % p_values.len()); of };
        for adjust in [multiple_comparisons::bonferroni, multiple_comparisons::holm, multiple_comparisons::benjamini_hochberg] {
            let adjusted = adjust(&p_values);
            prop_assert_eq!(turned(&adjusted), adjust(&turned(&p_values)));
            for (adjusted, p_value) in adjusted.iter().zip(&p_values) {
                prop_assert!(*adjusted >= p_value * (1.0 - 1e-12) && *adjusted <= 1.0);
            }
        }
        let stratum = |(x, n): &(f64, f64)| standardise::WeightedStratum { count: x + 10.0, denominator: n + 10.0, weight: n.sqrt() };
        let mut strata: Vec<standardise::WeightedStratum> = strata.iter().map(stratum).collect();
        let one = standardise::direct(&strata).unwrap();
        strata.reverse();
        let other = standardise::direct(&strata).unwrap();
        prop_assert!(close(one.value, other.value, 1.0));
        let (one, other) = (one.interval_95.unwrap(), other.interval_95.unwrap());
        prop_assert!(close(one.lower, other.lower, 1.0) && close(one.upper, other.upper, 1.0));
    }

    /// Periods run backwards: the trend turns.
    #[test]
    fn a_trend_turns_with_time(mut periods in prop::collection::vec(counts(), 2..9)) {
        let there = proportion_trend::proportion_trend(&periods);
        periods.reverse();
        let back = proportion_trend::proportion_trend(&periods);
        prop_assert_eq!(there.is_none(), back.is_none());
        if let Some((there, back)) = there.zip(back) {
            // A denominator of a billion beside one of dozens leaves seven digits.
            let digits = 1e3;
            prop_assert!(close(there.z, -back.z, digits * there.z.abs().max(1e-3)));
            prop_assert!(close(there.p_value, back.p_value, digits));
        }
    }
}

fn upside_down(rule: Rule) -> Rule {
    match rule {
        Rule::AboveUpperLimit => Rule::BelowLowerLimit,
        Rule::BelowLowerLimit => Rule::AboveUpperLimit,
        Rule::Rising => Rule::Falling,
        Rule::Falling => Rule::Rising,
        Rule::NearUpperLimit => Rule::NearLowerLimit,
        Rule::NearLowerLimit => Rule::NearUpperLimit,
        Rule::ShiftAbove => Rule::ShiftBelow,
        Rule::ShiftBelow => Rule::ShiftAbove,
        Rule::CommonCause => Rule::CommonCause,
    }
}

#[test]
fn nothing_below_the_line_has_a_reason() {
    for x in [0.0, 1.0, 1e9] {
        let of_nothing = [
            ("proportion", wilson::proportion(x, 0.0).map(|found| found.value)),
            ("rate", poisson::rate(x, 0.0).map(|found| found.value)),
            ("ratio", poisson::ratio(x, 0.0).map(|found| found.value)),
        ];
        for (what, found) in of_nothing {
            assert_eq!(found, Err(Undefined::ZeroDenominator), "{what} {x}");
        }
        assert_eq!((UnitValue::proportion(x, 0.0), UnitValue::rate(x, 0.0)), (None, None));
        let (some, none) = (Sample { successes: 1.0, trials: 2.0 }, Sample { successes: x, trials: 0.0 });
        assert_eq!((difference(some, none), difference(none, some)), (None, None));
        assert_eq!(newcombe_interval(some, none, Confidence::P95), None);
        assert_eq!(risk_ratio(none, some, Confidence::P95), None);
        let (some, none) = (Events { count: 1, exposure: 2.0 }, Events { count: x as u64, exposure: 0.0 });
        assert_eq!((compare(some, none), compare(none, some)), (None, None));
        assert_eq!(ratio_interval(some, none, Confidence::P95), None);
    }
    assert_eq!(wilson::weighted_proportion(0.5, 0.0), Err(Undefined::ZeroDenominator));
    assert_eq!(standardise::direct(&[]).map(|_| ()), Err(Undefined::ZeroDenominator));
    assert_eq!(funnel::proportion_limits(0.5, 0.0, Confidence::P95), None);
    assert_eq!(proportion_trend::proportion_trend(&[(1.0, 0.0), (1.0, 2.0)]), None);
}

/// One observation, one unit, one period, one test.
#[test]
fn one_is_enough_or_has_a_reason() {
    assert_eq!(student_t::mean(1, 7.0, 0.0).map(|found| (found.value, found.interval_95)), Ok((7.0, None)));
    assert_eq!(quantile::quantile(&[7.0], 0.5).map(|found| (found.value, found.interval_95)), Ok((7.0, None)));
    assert_holds_its_value("none of one", &wilson::proportion(0.0, 1.0).unwrap());
    assert_holds_its_value("one of one", &wilson::proportion(1.0, 1.0).unwrap());
    assert_holds_its_value("one event", &poisson::rate(1.0, 1.0).unwrap());
    assert_eq!(xmr::phase(&[7.0], None, Screening::On), None);
    assert_eq!(proportion_trend::proportion_trend(&[(1.0, 2.0)]), None);
    assert_eq!(multiple_comparisons::benjamini_hochberg(&[0.3]), [0.3]);
    let unit = UnitValue { value: 3.0, sampling_variance: 1.0, denominator: 9.0 };
    assert_eq!(between_forces(&[unit], 3.0, 0.0), None);
    assert_eq!(against_group(unit, &[], Variant::ExcludingSelf), None);
    let alone = Sample { successes: 1.0, trials: 1.0 };
    assert_eq!(difference(alone, alone).map(|found| (found.difference, found.p_value)), Some((0.0, None)));
}

/// Nothing varies: nothing is exceptional, and no test is made of no variation.
#[test]
fn a_constant_series_is_no_finding() {
    for value in [0.0, 0.1, 1.0 / 3.0, 1e9] {
        let unit = UnitValue { value, sampling_variance: 0.0, denominator: 9.0 };
        assert_eq!(against_own_past(unit, unit).map(|found| found.difference), Some(0.0));
        assert_eq!(quantile::type_7(&[value; 9], 0.3), Some(value));
        let rank = rank::rank(unit, &[unit; 4], Polarity::HigherIsBetter, 1).unwrap();
        assert_eq!((rank.rank, rank.lower, rank.upper), (1, 1, 1));
    }
    for pair in [(0.0, 5.0), (5.0, 5.0)] {
        assert_eq!(proportion_trend::proportion_trend(&[pair; 6]), None);
    }
    let level = proportion_trend::proportion_trend(&[(1.0, 4.0); 6]).unwrap();
    assert!(level.z.abs() < 1e-9 && (level.p_value - 1.0).abs() < 1e-9, "{level:?}");
}

/// R 4.2.2, square root of the statistic of `prop.test(c(1.001e9, 1e9), c(2e9, 2e9), correct = FALSE)`. The widths of
/// intervals of so many are twice z times the standard errors √(p(1 - p)/n), √x and s/√n.
#[test]
fn counts_of_a_billion() {
    let (one, other) = (Sample { successes: 1.001e9, trials: 2e9 }, Sample { successes: 1e9, trials: 2e9 });
    assert!(close(difference(one, other).unwrap().z.unwrap(), 31.622_780_554_531_6, 32.0));
    let z = Confidence::P95.z();
    for (ends, width) in [
        (wilson::proportion(1e9, 2e9).unwrap().interval_95, 2.0 * z * (0.25_f64 / 2e9).sqrt()),
        (poisson::count(1e9).unwrap().interval_95, 2.0 * z * 1e9_f64.sqrt()),
        (student_t::mean(1_000_000_000, 5.0, 2.0).unwrap().interval_95, 2.0 * z * 2.0 / 1e9_f64.sqrt()),
    ] {
        let ends = ends.unwrap();
        assert!(((ends.upper - ends.lower) / width - 1.0).abs() < 1e-4, "{ends:?} {width}");
    }
}
