//! The words that tables hold. Whoever reads a table depends on them, so that they are written here a second time.

use super::comparison::{Variance, Variant, Verdict};
use super::control_charts::{Chart, Reason};
use super::funnel::Position;
use super::xmr::{Assurance, Class, Rule};
use super::{Method, Undefined};

#[test]
fn words_of_the_tables() {
    let check = |what: &str, words: &[(&str, &str)]| {
        for (found, expected) in words {
            assert_eq!(found, expected, "{what}");
        }
    };
    check(
        "method",
        &[
            (Method::Wilson.name(), "wilson"),
            (Method::WilsonEffectiveBase.name(), "wilson_effective_base"),
            (Method::ExactPoisson.name(), "exact_poisson"),
            (Method::ByarPoisson.name(), "byar_poisson"),
            (Method::ExactPoissonOverFixedDenominator.name(), "exact_poisson_over_fixed_denominator"),
            (Method::ByarPoissonOverFixedDenominator.name(), "byar_poisson_over_fixed_denominator"),
            (Method::StudentT.name(), "student_t"),
            (Method::OrderStatistic.name(), "order_statistic"),
            (Method::DobsonByar.name(), "dobson_byar"),
            (Method::None.name(), "none"),
        ],
    );
    check(
        "rule",
        &[
            (Rule::AboveUpperLimit.name(), "above_upper_limit"),
            (Rule::BelowLowerLimit.name(), "below_lower_limit"),
            (Rule::Rising.name(), "rising"),
            (Rule::Falling.name(), "falling"),
            (Rule::NearUpperLimit.name(), "near_upper_limit"),
            (Rule::NearLowerLimit.name(), "near_lower_limit"),
            (Rule::ShiftAbove.name(), "shift_above"),
            (Rule::ShiftBelow.name(), "shift_below"),
            (Rule::CommonCause.name(), "common_cause"),
        ],
    );
    check(
        "class and assurance",
        &[
            (Class::CommonCause.name(), "common_cause"),
            (Class::Improving.name(), "improving"),
            (Class::Concerning.name(), "concerning"),
            (Class::High.name(), "high"),
            (Class::Low.name(), "low"),
            (Assurance::AlwaysPassed.name(), "always_passed"),
            (Assurance::NeverPassed.name(), "never_passed"),
            (Assurance::HitAndMiss.name(), "hit_and_miss"),
        ],
    );
    check(
        "chart and reason",
        &[
            (Chart::Line.name(), "line"),
            (Chart::TimeBetween.name(), "t"),
            (Chart::P.name(), "p"),
            (Chart::PPrime.name(), "p_prime"),
            (Chart::U.name(), "u"),
            (Chart::UPrime.name(), "u_prime"),
            (Reason::FewMonths.name(), "few_months"),
            (Reason::RareEvents.name(), "rare_events"),
            (Reason::DispersionOfCounts.name(), "dispersion_of_counts"),
            (Reason::OverDispersed.name(), "over_dispersed"),
            (Reason::UnderDispersed.name(), "under_dispersed"),
            (Reason::DispersionUntested.name(), "dispersion_untested"),
        ],
    );
    check(
        "comparison",
        &[
            (Variant::MeanOfRatesIncludingSelf.name(), "mean_of_rates_including_self"),
            (Variant::Pooled.name(), "pooled"),
            (Variant::ExcludingSelf.name(), "excluding_self"),
            (Variance::Sampling.name(), "normal_sampling"),
            (Variance::SamplingAndBetween { tau_squared: 0.0 }.name(), "normal_sampling_and_between_forces"),
            (Verdict::Better.name(), "better"),
            (Verdict::Similar.name(), "similar"),
            (Verdict::Worse.name(), "worse"),
            (Verdict::Higher.name(), "higher"),
            (Verdict::Lower.name(), "lower"),
            (Verdict::NotAvailable.name(), "not_available"),
        ],
    );
    check(
        "position",
        &[
            (Position::Below998.name(), "below_998"),
            (Position::Below95.name(), "below_95"),
            (Position::Within.name(), "within"),
            (Position::Above95.name(), "above_95"),
            (Position::Above998.name(), "above_998"),
        ],
    );
}

#[test]
fn a_reason_is_a_sentence_of_its_own() {
    use Undefined::*;
    let all = [
        ZeroDenominator,
        NoObservations,
        ProportionAboveOne,
        NegativeCount,
        NegativeTime,
        TooFewEvents,
        TooFewPoints,
        NotFinite,
        TooFewObservations,
        LengthsDiffer,
        NotAscending,
        OutOfRange,
        SingularDesign,
        NoFiniteEstimate,
        QueueGrows,
    ];
    let reasons: std::collections::BTreeSet<String> = all.iter().map(Undefined::to_string).collect();
    assert_eq!(reasons.len(), all.len());
    assert_eq!(ZeroDenominator.to_string(), "the denominator is zero");
    assert!(reasons.iter().all(|reason| reason.len() > 10), "{reasons:?}");
}
