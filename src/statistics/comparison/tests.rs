//! Expected values are worked by hand from the definition Var(y) + Var(c) - 2·Cov(y, c), not from the coefficients.

use super::*;

fn unit(value: f64, sampling_variance: f64, denominator: f64) -> UnitValue {
    UnitValue { value, sampling_variance, denominator }
}

/// Own unit 0.30 (variance 0.004, n 100); three others.
fn group() -> (UnitValue, [UnitValue; 3]) {
    (unit(0.30, 0.004, 100.0), [unit(0.20, 0.002, 200.0), unit(0.10, 0.001, 300.0), unit(0.24, 0.003, 400.0)])
}

fn assert_comparison(found: Option<Comparison>, comparator: f64, variance: f64, between_weight: f64) {
    let found = found.unwrap();
    assert!((found.comparator - comparator).abs() < 1e-15, "{found:?}");
    assert!((found.difference - (0.30 - comparator)).abs() < 1e-15, "{found:?}");
    assert!((found.sampling_variance - variance).abs() < 1e-15, "{found:?} {variance}");
    assert!((found.between_weight - between_weight).abs() < 1e-15, "{found:?} {between_weight}");
}

/// Mean of four: 0.84/4 = 0.21. Var(mean) = 0.010/16 = 0.000625; Cov = 0.004/4 = 0.001.
/// 0.004 + 0.000625 - 0.002 = 0.002625. With τ² for each unit: 1 + 4/16 - 2/4 = 3/4.
#[test]
fn mean_of_rates_including_self() {
    let (own, others) = group();
    assert_comparison(against_group(own, &others, Variant::MeanOfRatesIncludingSelf), 0.21, 0.002_625, 0.75);
}

/// Mean of the three others: 0.54/3 = 0.18, no covariance: 0.004 + 0.006/9. With τ²: 1 + 3/9 = 4/3.
#[test]
fn excluding_self() {
    let (own, others) = group();
    assert_comparison(against_group(own, &others, Variant::ExcludingSelf), 0.18, 0.004 + 0.006 / 9.0, 4.0 / 3.0);
}

/// Weights 0.1, 0.2, 0.3, 0.4: 0.03 + 0.04 + 0.03 + 0.096 = 0.196.
/// Var(c) = 0.01·0.004 + 0.04·0.002 + 0.09·0.001 + 0.16·0.003 = 0.00069; Cov = 0.1·0.004 = 0.0004.
/// 0.004 + 0.00069 - 0.0008 = 0.00389. With τ²: 1 + 0.30 - 0.2 = 1.1.
#[test]
fn pooled() {
    let (own, others) = group();
    assert_comparison(against_group(own, &others, Variant::Pooled), 0.196, 0.003_89, 1.1);
}

/// The pooled comparator is all numerators over all denominators.
#[test]
fn pooled_equals_sums_of_counts() {
    let own = UnitValue::proportion(30.0, 100.0).unwrap();
    let others = [UnitValue::proportion(44.0, 200.0).unwrap(), UnitValue::proportion(17.0, 301.0).unwrap()];
    let pooled = against_group(own, &others, Variant::Pooled).unwrap();
    assert!((pooled.comparator - 91.0 / 601.0).abs() < 1e-15);
}

#[test]
fn the_own_unit_in_or_out_of_the_mean_gives_the_same_z() {
    let (own, others) = group();
    for variance in [Variance::Sampling, Variance::SamplingAndBetween { tau_squared: 0.003 }] {
        let z = |variant| against_group(own, &others, variant).unwrap().test(variance).unwrap().z;
        let (included, excluded) = (z(Variant::MeanOfRatesIncludingSelf), z(Variant::ExcludingSelf));
        assert!((included - excluded).abs() < 1e-12, "{included} {excluded}");
    }
}

/// 0.30 against 0.21: z = 0.09/sqrt(0.002625) = 1.7566; with τ² = 0.001 and weight 3/4: 0.09/sqrt(0.003375) = 1.5492.
/// Against a known 0.21 the funnel's s² + τ²: 0.09/sqrt(0.005) = 1.2728.
#[test]
fn tests_worked_by_hand() {
    let (own, others) = group();
    let group = against_group(own, &others, Variant::MeanOfRatesIncludingSelf).unwrap();
    let target = against_target(own, 0.21).unwrap();
    let between = Variance::SamplingAndBetween { tau_squared: 0.001 };
    for (comparison, variance, z, p_value) in [
        (group, Variance::Sampling, 1.756_620_131_5, 0.078_983),
        (group, between, 1.549_193_338_5, 0.121_335),
        (target, between, 1.272_792_206_1, 0.203_092),
    ] {
        let test = comparison.test(variance).unwrap();
        assert!((test.z - z).abs() < 1e-9, "{test:?}");
        assert!((test.p_value - p_value).abs() < 1e-6, "{test:?}");
    }
}

/// The sampling variances of both periods add up; the unit's own level cancels.
#[test]
fn own_past() {
    let comparison = against_own_past(unit(0.30, 0.004, 100.0), unit(0.20, 0.002, 200.0));
    assert_comparison(comparison, 0.20, 0.006, 0.0);
}

#[test]
fn without_a_usable_variance_there_is_no_verdict() {
    let exact = against_target(unit(0.30, 0.0, 1.0), 0.20).unwrap();
    assert_eq!(exact.test(Variance::Sampling), None);
    assert!(exact.test(Variance::SamplingAndBetween { tau_squared: 0.01 }).is_some());
    let equal = against_target(unit(0.20, 0.0, 1.0), 0.20).unwrap();
    assert_eq!(equal.test(Variance::Sampling), Some(Test { z: 0.0, p_value: 1.0 }));
    let (own, others) = group();
    assert_eq!(against_group(own, &[], Variant::Pooled), None);
    assert_eq!(against_group(unit(f64::NAN, 0.1, 1.0), &others, Variant::ExcludingSelf), None);
    assert_eq!(against_group(own, &[unit(0.2, 0.1, 0.0)], Variant::Pooled), None);
    assert_eq!(exact.test(Variance::SamplingAndBetween { tau_squared: f64::NAN }), None);
}

#[test]
fn verdicts_by_polarity_and_level() {
    use Polarity::{HigherIsBetter, LowerIsBetter, Neutral};
    use Verdict::{Better, Higher, Lower, NotAvailable, Similar, Worse};
    for (z, polarity, at_95, at_998) in [
        (2.5, HigherIsBetter, Better, Similar),
        (2.5, LowerIsBetter, Worse, Similar),
        (2.5, Neutral, Higher, Similar),
        (-3.5, HigherIsBetter, Worse, Worse),
        (-3.5, LowerIsBetter, Better, Better),
        (-3.5, Neutral, Lower, Lower),
        (1.9, Neutral, Similar, Similar),
    ] {
        let test = Some(Test { z, p_value: normal::two_sided_p_value(z) });
        assert_eq!(Verdict::of_test(test, polarity, Confidence::P95), at_95, "{z} {polarity:?}");
        assert_eq!(Verdict::of_test(test, polarity, Confidence::P998), at_998, "{z} {polarity:?}");
    }
    assert_eq!(Verdict::of_test(None, Neutral, Confidence::P95), NotAvailable);

    let interval = Some(Interval { lower: 0.2, upper: 0.3 });
    for (target, verdict) in [(0.19, Better), (0.2, Similar), (0.3, Similar), (0.31, Worse)] {
        assert_eq!(Verdict::of_interval(interval, target, HigherIsBetter), verdict, "{target}");
    }
    assert_eq!(Verdict::of_interval(None, 0.2, Neutral), NotAvailable);
}

/// A difference of exactly 1.96 standard errors, as of exactly 3.09, is not beyond it.
#[test]
fn on_the_edge_of_a_level_is_similar() {
    for confidence in Confidence::BOTH {
        let verdict = |z| Verdict::of_test(Some(Test { z, p_value: 0.5 }), Polarity::Neutral, confidence);
        let z = confidence.z();
        assert_eq!([verdict(z), verdict(-z)], [Verdict::Similar; 2]);
        assert_eq!([verdict(z + 1e-9), verdict(-z - 1e-9)], [Verdict::Higher, Verdict::Lower]);
    }
}
