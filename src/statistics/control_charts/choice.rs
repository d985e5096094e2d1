//! Which chart a series of counts by month asks for, with the test that says so.
//!
//! In this order:
//! 1. fewer than 13 months: a line without limits;
//! 2. a median of fewer than two events a month: the t chart, on the waits between the events themselves;
//! 3. the test of [`super::dispersion`] passes, p ≥ 0.05: p or u;
//! 4. else, also where the test cannot be made: p' or u'.
//!
//! Values that are no counts over denominators have nothing to test: means, quantiles and events per day go on XmR.

use super::super::xmr::MINIMUM_POINTS_FOR_LIMITS;
use super::super::{Undefined, quantile};
use super::count_kind::CountKind;
use super::dispersion::{Dispersion, dispersion};

/// With a lower median of events a month than this they are rare.
pub const RARE_BELOW_MEDIAN_EVENTS: f64 = 2.0;
/// Below this p-value the dispersion is not that of counting alone.
const SIGNIFICANT_BELOW: f64 = 0.05;

/// A kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chart {
    /// The values joined, without limits.
    Line,
    /// [`super::time_between`].
    TimeBetween,
    /// [`super::p`].
    P,
    /// [`super::p_prime`].
    PPrime,
    /// [`super::u`].
    U,
    /// [`super::u_prime`].
    UPrime,
}

impl Chart {
    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::TimeBetween => "t",
            Self::P => "p",
            Self::PPrime => "p_prime",
            Self::U => "u",
            Self::UPrime => "u_prime",
        }
    }
}

/// Why a chart was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Fewer than 13 months have a denominator.
    FewMonths,
    /// The median month has fewer than two events.
    RareEvents,
    /// The months vary as counting alone makes them.
    DispersionOfCounts,
    /// They vary more.
    OverDispersed,
    /// They vary less.
    UnderDispersed,
    /// The test cannot be made: a month is expected to have less than one event, or non-event.
    DispersionUntested,
}

impl Reason {
    /// The snake_case name written in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FewMonths => "few_months",
            Self::RareEvents => "rare_events",
            Self::DispersionOfCounts => "dispersion_of_counts",
            Self::OverDispersed => "over_dispersed",
            Self::UnderDispersed => "under_dispersed",
            Self::DispersionUntested => "dispersion_untested",
        }
    }
}

/// The chart of a series, and what it was chosen by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// The chart.
    pub chart: Chart,
    /// Why.
    pub reason: Reason,
    /// Months that have a denominator.
    pub months: usize,
    /// Median number of events in them.
    pub median_events: f64,
    /// The test; `None` where an earlier rule chose, or it cannot be made.
    pub dispersion: Option<Dispersion>,
}

/// Chooses the chart of (numerator, denominator) pairs, one a month, in any order. A month of 0 of 0 is a gap.
///
/// # Errors
/// [`Undefined::NoObservations`] where no month has a denominator; as [`super::p`] or [`super::u`] for a pair that is
/// none.
pub fn choose(kind: CountKind, counts: &[(f64, f64)]) -> Result<Choice, Undefined> {
    let mut events: Vec<f64> = kind.check(counts)?.into_iter().flatten().map(|(numerator, _)| numerator).collect();
    events.sort_by(f64::total_cmp);
    let months = events.len();
    let median_events = quantile::type_7(&events, 0.5).ok_or(Undefined::NoObservations)?;
    let without_test = |chart, reason| Choice { chart, reason, months, median_events, dispersion: None };
    if months < MINIMUM_POINTS_FOR_LIMITS {
        return Ok(without_test(Chart::Line, Reason::FewMonths));
    }
    if median_events < RARE_BELOW_MEDIAN_EVENTS {
        return Ok(without_test(Chart::TimeBetween, Reason::RareEvents));
    }
    let (plain, prime) = match kind {
        CountKind::Proportion => (Chart::P, Chart::PPrime),
        CountKind::Rate => (Chart::U, Chart::UPrime),
    };
    let tested = match dispersion(kind, counts) {
        Err(Undefined::TooFewEvents) => return Ok(without_test(prime, Reason::DispersionUntested)),
        tested => tested?,
    };
    let (chart, reason) = if tested.p_value >= SIGNIFICANT_BELOW {
        (plain, Reason::DispersionOfCounts)
    } else if tested.ratio > 1.0 {
        (prime, Reason::OverDispersed)
    } else {
        (prime, Reason::UnderDispersed)
    };
    Ok(Choice { chart, reason, months, median_events, dispersion: Some(tested) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirteen months from a pattern of numerators, each over `denominator`.
    fn year(pattern: &[f64], denominator: f64) -> Vec<(f64, f64)> {
        pattern.iter().cycle().take(13).map(|numerator| (*numerator, denominator)).collect()
    }

    /// X² of a pattern of 13 about its mean m: Σ(x - m)²/m, against chi-square(12): 4.40 and 23.34 bound the middle 95%.
    #[test]
    fn each_rule() {
        use CountKind::{Proportion, Rate};
        for (name, kind, counts, chart, reason) in [
            ("as counted", Rate, year(&[80.0, 100.0, 90.0, 110.0, 100.0], 7.0), Chart::U, Reason::DispersionOfCounts),
            ("as counted", Proportion, year(&[80.0, 100.0, 90.0], 900.0), Chart::P, Reason::DispersionOfCounts),
            ("over", Rate, year(&[50.0, 150.0], 7.0), Chart::UPrime, Reason::OverDispersed),
            ("over", Proportion, year(&[50.0, 150.0], 900.0), Chart::PPrime, Reason::OverDispersed),
            ("under", Rate, year(&[100.0, 101.0], 7.0), Chart::UPrime, Reason::UnderDispersed),
            ("under", Proportion, year(&[100.0], 900.0), Chart::PPrime, Reason::UnderDispersed),
            ("rare", Rate, year(&[1.0, 4.0, 0.0], 7.0), Chart::TimeBetween, Reason::RareEvents),
            ("never", Proportion, year(&[0.0], 7.0), Chart::TimeBetween, Reason::RareEvents),
            ("always", Proportion, year(&[7.0], 7.0), Chart::PPrime, Reason::DispersionUntested),
            ("short", Rate, year(&[50.0, 150.0], 7.0)[1..].to_vec(), Chart::Line, Reason::FewMonths),
        ] {
            let choice = choose(kind, &counts).unwrap();
            assert_eq!((choice.chart, choice.reason), (chart, reason), "{name} {choice:?}");
            let tested = matches!(chart, Chart::P | Chart::U) || reason.name().ends_with("dispersed");
            assert_eq!(choice.dispersion.is_some(), tested, "{name}");
        }
    }

    /// scipy 1.17.1: two-sided p-values of 0.074 and 0.024.
    #[test]
    fn five_per_cent_parts_plain_from_prime() {
        let chart = |low, high| choose(CountKind::Rate, &year(&[low, high], 7.0)).unwrap().chart;
        assert_eq!(chart(87.0, 113.0), Chart::U);
        assert_eq!(chart(86.0, 114.0), Chart::UPrime);
    }

    #[test]
    fn a_median_of_two_is_not_rare_and_a_gap_is_no_month() {
        let mut counts = year(&[1.0, 2.0, 3.0], 7.0);
        counts.push((0.0, 0.0));
        let choice = choose(CountKind::Rate, &counts).unwrap();
        assert_eq!((choice.months, choice.median_events, choice.chart), (13, 2.0, Chart::U));
        assert_eq!(choose(CountKind::Rate, &counts[1..]).unwrap().reason, Reason::FewMonths);
    }

    #[test]
    fn what_is_no_series_says_why() {
        assert_eq!(choose(CountKind::Rate, &[]), Err(Undefined::NoObservations));
        assert_eq!(choose(CountKind::Rate, &[(0.0, 0.0)]), Err(Undefined::NoObservations));
        assert_eq!(choose(CountKind::Proportion, &[(2.0, 1.0)]), Err(Undefined::ProportionAboveOne));
    }

    #[test]
    fn names_are_snake_case() {
        assert_eq!(Chart::PPrime.name(), "p_prime");
        assert_eq!(Reason::OverDispersed.name(), "over_dispersed");
    }
}
