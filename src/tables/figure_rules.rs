//! Rules that every figure follows, whichever stage makes it: its estimate from its counts, and its status by date.

use chrono::{Days, NaiveDate};

use crate::domain::{Kind, Month, Status};
use crate::statistics::{Estimate, Undefined, poisson, wilson};

/// The value of unweighted counts with its intervals.
///
/// A mean comes without interval, as two sums do not tell the spread. The denominator of a count is not read.
///
/// # Errors
/// Why there is no value. A quantile is not made of counts: [`Undefined::NoObservations`].
pub fn estimate_of(kind: Kind, numerator: f64, denominator: Option<f64>) -> Result<Estimate, Undefined> {
    let base = denominator.unwrap_or(0.0);
    match kind {
        Kind::Count => poisson::count(numerator),
        Kind::Proportion | Kind::Stock => wilson::proportion(numerator, base),
        Kind::Ratio => poisson::ratio(numerator, base),
        Kind::Rate => poisson::rate(numerator, base),
        Kind::Mean if base > 0.0 => Ok(Estimate::without_interval(numerator / base)),
        Kind::Mean | Kind::Quantile => Err(Undefined::NoObservations),
    }
}

/// What a metric waits for before a period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    pub data_date: NaiveDate,
    /// A period is provisional until its end plus this many days has passed.
    pub matures_after_days: Option<u32>,
    /// A month is left out until its end plus this many days has passed.
    pub complete_after_days: Option<u32>,
}

impl Timing {
    /// The newest month that has a figure: the month of the data date, or the last one that has had its time.
    pub fn newest_month(self) -> Month {
        let Some(days) = self.complete_after_days else { return Month::of(self.data_date) };
        let date = self.data_date.checked_sub_days(Days::new(days.into())).unwrap_or_default();
        let month = Month::of(date);
        if month.last_day() == date { month } else { month.plus(-1) }
    }

    /// The status of a figure of the period that ends with `last`, and why it is not final. Whether the data cover the
    /// period's start is the caller's to say.
    pub fn status(self, last: Month) -> (Status, Option<&'static str>) {
        let end = last.last_day();
        if end > self.data_date {
            return (Status::Provisional, Some("the period is not over"));
        }
        let ripe = self.matures_after_days.and_then(|days| end.checked_add_days(Days::new(days.into())));
        if ripe.is_some_and(|ripe| ripe > self.data_date) {
            return (Status::Provisional, Some("the cohort has had less than its time"));
        }
        (Status::Final, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Method;

    #[test]
    fn estimates_by_kind() {
        for (kind, numerator, denominator, value, method) in [
            (Kind::Count, 12.0, None, 12.0, Method::ByarPoisson),
            (Kind::Proportion, 3.0, Some(12.0), 0.25, Method::Wilson),
            (Kind::Stock, 3.0, Some(12.0), 0.25, Method::Wilson),
            (Kind::Ratio, 15.0, Some(12.0), 1.25, Method::ByarPoissonOverFixedDenominator),
            (Kind::Rate, 6.0, Some(12.0), 0.5, Method::ExactPoisson),
            (Kind::Mean, 60.0, Some(12.0), 5.0, Method::None),
        ] {
            let estimate = estimate_of(kind, numerator, denominator).unwrap();
            assert_eq!((estimate.value, estimate.method), (value, method), "{kind:?}");
        }
        assert_eq!(estimate_of(Kind::Proportion, 13.0, Some(12.0)), Err(Undefined::ProportionAboveOne));
        assert_eq!(estimate_of(Kind::Ratio, 3.0, Some(0.0)), Err(Undefined::ZeroDenominator));
        assert_eq!(estimate_of(Kind::Rate, 3.0, None), Err(Undefined::ZeroDenominator));
        assert_eq!(estimate_of(Kind::Mean, 3.0, Some(0.0)), Err(Undefined::NoObservations));
        assert_eq!(estimate_of(Kind::Quantile, 3.0, Some(1.0)), Err(Undefined::NoObservations));
    }

    #[test]
    fn status_by_date() {
        let date: NaiveDate = "2026-09-30".parse().unwrap();
        let month = |text| Month::parse(text).unwrap();
        for (matures, last, status) in [
            (None, "2026-09", Status::Final),
            (None, "2026-10", Status::Provisional),
            // 30 June and 92 days are 30 September; and 93 are the day after.
            (Some(92), "2026-06", Status::Final),
            (Some(93), "2026-06", Status::Provisional),
        ] {
            let timing = Timing { data_date: date, matures_after_days: matures, complete_after_days: None };
            assert_eq!(timing.status(month(last)).0, status, "{matures:?} {last}");
        }
    }

    #[test]
    fn a_month_that_waits_is_left_out_until_then() {
        let month = |text| Month::parse(text).unwrap();
        for (date, days, newest) in [
            ("2026-09-30", None, "2026-09"),
            ("2026-09-10", None, "2026-09"),
            ("2026-09-28", Some(90), "2026-06"),
            ("2026-09-27", Some(90), "2026-05"),
        ] {
            let timing =
                Timing { data_date: date.parse().unwrap(), matures_after_days: None, complete_after_days: days };
            assert_eq!(timing.newest_month(), month(newest), "{date} {days:?}");
        }
    }
}
