//! Monthly counts of 43 synthetic forces, as forces would publish them, so that every metric has a comparator.
//!
//! They are drawn from the same conditions as rows are, without drawing the rows.

mod crimes;
mod demand;
mod outcome_ages;
mod victims;

use std::fmt::Write as _;

use rayon::prelude::*;

use super::conditions::Conditions;
use super::plan::{self, Ratios};
use super::random::{Purpose, Stream, stream};
use super::world::{ForceSetting, World};
use crate::domain::{Month, civil_date};
use outcome_ages::OutcomeAges;

/// Metrics in the order in which they are written, all by the ids of the metric catalogue.
pub const METRICS: [&str; 35] = [
    "calls_999",
    "calls_101",
    "answered_999_under_10_seconds",
    "answer_time_999_mean_seconds",
    "answer_time_999_p90_seconds",
    "abandoned_999_rate",
    "abandoned_101_rate",
    "answer_time_101_mean_seconds",
    "immediate_attended_in_target",
    "immediate_unattended",
    "immediate_attendance_median_minutes",
    "priority_attended_in_60_minutes",
    "crimes_recorded",
    "crimes_per_1000",
    "crimes_cancelled",
    "recorded_within_24h",
    "solved_rate_closed",
    "solved_rate_recorded",
    "solved_within_90_days",
    "charge_rate_closed",
    "charge_rate_recorded",
    "out_of_court_rate_closed",
    "out_of_court_rate_recorded",
    "no_suspect_rate",
    "victim_not_supporting_rate",
    "not_assigned_rate",
    "days_to_solved_median",
    "open_over_90_days",
    "satisfied_contact",
    "satisfied_action",
    "satisfied_informed",
    "satisfied_treatment",
    "satisfied_overall",
    "updated_on_time",
    "needs_assessed",
];

/// Columns of the table.
pub const HEADER: &str = "metric,force,scope,month,numerator,denominator,value\n";

/// One row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub metric: &'static str,
    /// `all`, an offence group, or `subgroup: ` and a subgroup.
    pub scope: String,
    pub month: Month,
    pub figure: Figure,
}

/// What a metric's month is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    Count(u64),
    /// A proportion or ratio.
    Share {
        numerator: u64,
        denominator: u64,
    },
    /// Events over thousands of residents.
    Rate {
        numerator: u64,
        thousands: f64,
    },
    /// Sum of seconds over the events that have them.
    Mean {
        seconds: u64,
        events: u64,
    },
    /// A quantile and the number of events that it is of.
    Quantile {
        value: f64,
        events: u64,
    },
}

/// A force's months, each with its conditions and its numbers of rows; months before the period come first, for
/// outcomes of crimes recorded then.
pub struct History {
    pub months: Vec<HistoryMonth>,
    /// How many of the months lie before the period.
    pub before: usize,
}

pub struct HistoryMonth {
    pub month: Month,
    pub conditions: Conditions,
    /// Expected or planned; whole numbers within the period.
    pub rows: plan::Rows,
    /// Share of the month's crimes in each subgroup, over the areas.
    pub demand_shares: Vec<f64>,
    /// Shares of the classes of outcome in the end, by subgroup, over the areas.
    pub outcome_shares: Vec<[f64; 9]>,
}

impl HistoryMonth {
    /// `rows` gives the month's numbers of rows under its conditions.
    fn new(world: &World, force: &ForceSetting, month: Month, rows: impl Fn(&Conditions) -> plan::Rows) -> Self {
        let conditions = Conditions::new(world, force, month);
        let of = |subgroup: usize| conditions.areas.iter().map(|area| area.demand[subgroup]).sum::<f64>();
        let demand: Vec<f64> = (0..world.subgroups.len()).map(of).collect();
        let outcome_shares = demand.iter().enumerate().map(|(subgroup, total)| {
            let areas = conditions.areas.iter().map(|area| (area.demand[subgroup] / total, area.outcomes[subgroup]));
            areas.fold([0.0; 9], |sum, (share, outcomes)| std::array::from_fn(|at| sum[at] + share * outcomes[at]))
        });
        Self {
            month,
            rows: rows(&conditions),
            outcome_shares: outcome_shares.collect(),
            demand_shares: demand.iter().map(|d| d / conditions.demand()).collect(),
            conditions,
        }
    }
}

/// The table's text for the forces in the reference table's order, without its header. `crimes_factor` makes forces as
/// much smaller or larger than real ones as those of the extracts are.
pub fn table(world: &World, ratios: Ratios, crimes_factor: f64) -> String {
    let ages = OutcomeAges::new(world);
    let forces: Vec<String> = (0..world.reference.forces.len())
        .into_par_iter()
        .map(|ordinal| {
            let force = world.force(ordinal, &world.reference.forces[ordinal]);
            let history = History::new(world, &force, ratios, crimes_factor);
            text(&force.slug, &rows(world, &force, &history, &ages))
        })
        .collect();
    forces.concat()
}

/// All rows of one force.
pub fn rows(world: &World, force: &ForceSetting, history: &History, ages: &OutcomeAges) -> Vec<Row> {
    let mut rng: Stream = stream(world.seed, Purpose::Comparators, force.ordinal, 0);
    let mut rows = Vec::new();
    for at in history.before..history.months.len() {
        demand::add(world, force, &history.months[at], &mut rng, &mut rows);
        crimes::add(world, force, history, at, ages, &mut rng, &mut rows);
        victims::add(world, force, history, at, ages, &mut rng, &mut rows);
    }
    let position = |metric: &str| METRICS.iter().position(|m| *m == metric);
    // Metrics of one scope and month stand together and share their denominators: the file compresses better.
    rows.sort_by(|a, b| (&a.scope, a.month, position(a.metric)).cmp(&(&b.scope, b.month, position(b.metric))));
    rows
}

impl History {
    pub fn new(world: &World, force: &ForceSetting, ratios: Ratios, crimes_factor: f64) -> Self {
        let months: Vec<Month> = world.period.months().collect();
        let (first, before) = (world.period.first_month(), months.len());
        let crimes = force.crimes_per_year * world.period.years() * crimes_factor;
        let days = plan::days(world, force, crimes.round() as u64, ratios);
        let planned = |month: Month| {
            let days = days.iter().filter(|d| d.day <= world.period.last_day && Month::of(civil_date(d.day)) == month);
            days.fold(plan::Rows::default(), |sum, day| sum.plus(day.rows))
        };
        let typical = crimes / world.period.years() / 12.0;
        let crimes_only = |conditions: &Conditions| {
            let crimes = (typical * conditions.demand()).round() as u64;
            plan::Rows { crimes, incidents: 0, calls: 0 }
        };
        let earlier = (1..=before as i32).rev().map(|back| first.plus(-back));
        let earlier = earlier.map(|month| HistoryMonth::new(world, force, month, crimes_only));
        let within = months.iter().map(|month| HistoryMonth::new(world, force, *month, |_| planned(*month)));
        Self { months: earlier.chain(within).collect(), before }
    }
}

fn text(force: &str, rows: &[Row]) -> String {
    let mut out = String::new();
    for Row { metric, scope, month, figure } in rows {
        let [numerator, denominator, value] = figure.fields();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{metric},{force},{scope},{month},{numerator},{denominator},{value}");
    }
    out
}

impl Figure {
    /// Numerator, denominator, value; blank is null.
    fn fields(self) -> [String; 3] {
        let over = |numerator: u64, denominator: f64| {
            if denominator > 0.0 { decimal(numerator as f64 / denominator) } else { String::new() }
        };
        match self {
            Self::Count(count) => [count.to_string(), String::new(), count.to_string()],
            Self::Share { numerator, denominator } | Self::Mean { seconds: numerator, events: denominator } => {
                [numerator.to_string(), denominator.to_string(), over(numerator, denominator as f64)]
            }
            Self::Rate { numerator, thousands } => {
                [numerator.to_string(), decimal(thousands), over(numerator, thousands)]
            }
            Self::Quantile { value, events } => [String::new(), events.to_string(), decimal(value)],
        }
    }
}

/// Six decimals at most.
fn decimal(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
