//! Pure statistics over numbers and slices: one method a file, each with its source and its literal tests.
//!
//! | file | method | used for |
//! |---|---|---|
//! | [`wilson`] | Wilson score interval, also on an effective base | proportions |
//! | [`byars`], [`poisson`] | Byar and exact Poisson intervals | counts, rates, closed-basis ratios |
//! | [`student_t`] | Student's t interval | means |
//! | [`quantile`] | type 7 quantile, order-statistic interval | medians, percentiles |
//! | [`xmr`] | XmR limits, rules, assurance | values over time |
//! | [`control_charts`] | run, I, moving range, t, c, p, u, p' and u' charts, Anhøj rules, the test that chooses | values over time |
//! | [`comparison`] | own minus comparator, its variance, test and verdict | peers, nation, target, own past |
//! | [`between_forces`] | variance between units | the headline verdict, the over-dispersed funnel |
//! | [`rank`] | rank with a simulated interval | place in the group |
//! | [`funnel`] | funnel limits and positions | the funnel chart |
//! | [`standardise`] | indirect and direct standardisation | case-mix, age structure |
//! | [`quantile_groups`] | n-quantile groups | fifths and tenths of areas |
//! | [`multiple_comparisons`] | Bonferroni, Holm, Benjamini-Hochberg | many verdicts at once |
//! | [`two_proportions`], [`two_poisson_rates`] | score and exact tests of two samples | two periods or two units, small counts |
//! | [`proportion_trend`] | Cochran-Armitage test | a proportion over a few periods |
//! | [`interrupted_series`] | segmented regression: Newey-West, Poisson, quasi-Poisson | evaluation of an intervention |
//! | [`power`] | power of the level change and of two proportions | how many months more until we can tell |
//! | [`seasonality`] | F test of calendar months, effects and adjusted values | values over time |
//! | [`forecast`] | seasonal naive with a prediction interval | the months ahead, the total of a year |
//! | [`cumulative_incidence`] | Aalen-Johansen with competing causes | maturity curves: how many are solved by day d |
//! | [`between_cohorts`] | variance between cohorts, test of a further one | whether new crimes are solved as others were |
//! | [`nowcast`], [`beta_binomial`] | ends to come from the chances at each age; prediction interval | the share of a fresh month that will be solved |
//! | [`erlang`] | Erlang C and Erlang A | call handlers needed for an answering target |
//! | [`shrinkage`] | empirical Bayes, beta-binomial and gamma-Poisson | values of officers and teams, with their reliability |
//!
//! Nothing here reads a clock, a file or a random source: a simulation takes its seed as an argument. A value that does
//! not exist is `None` or [`Undefined`] with its reason, never NaN. `tests/statistics` holds answers worked elsewhere.

pub mod beta_binomial;
pub mod between_cohorts;
pub mod between_forces;
mod binomial;
pub mod byars;
pub mod comparison;
mod confidence;
pub mod control_charts;
pub mod cumulative_incidence;
pub mod erlang;
mod estimate;
pub mod forecast;
pub mod funnel;
pub mod interrupted_series;
pub mod multiple_comparisons;
#[cfg(test)]
mod names;
mod normal;
pub mod nowcast;
mod orthogonal;
pub mod poisson;
mod polarity;
pub mod power;
#[cfg(test)]
mod properties;
pub mod proportion_trend;
pub mod quantile;
pub mod quantile_groups;
pub mod rank;
pub mod seasonality;
pub mod shrinkage;
pub mod standardise;
pub mod student_t;
pub mod two_poisson_rates;
pub mod two_proportions;
mod unit_value;
pub mod wilson;
pub mod xmr;

pub use confidence::{Confidence, Interval};
pub use estimate::{Estimate, Method, Undefined};
pub use polarity::Polarity;
pub use unit_value::UnitValue;
