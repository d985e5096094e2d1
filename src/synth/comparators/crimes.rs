//! Recorded crimes and outcomes of one month, in all and by subgroup and group of offences.

use std::collections::BTreeMap;

use super::super::outcomes::OutcomeClass;
use super::super::random::{Duration, Stream, binomial, multinomial, poisson};
use super::super::world::{ForceSetting, World};
use super::demand::quantile;
use super::outcome_ages::OutcomeAges;
use super::{Figure, History, HistoryMonth, Row};
use crate::domain::days_since_epoch;

/// Start of the scope of a subgroup.
const SUBGROUP: &str = "subgroup: ";

/// Numbers of one subgroup in one month. They add up over subgroups.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    gross: u64,
    cancelled: u64,
    /// Of crimes recorded in the month, by the end of the period.
    charged: u64,
    out_of_court: u64,
    no_suspect: u64,
    no_support: u64,
    assigned: u64,
    solved_within_90_days: u64,
    /// Outcomes given in the month.
    charged_closed: u64,
    out_of_court_closed: u64,
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            gross: self.gross + other.gross,
            cancelled: self.cancelled + other.cancelled,
            charged: self.charged + other.charged,
            out_of_court: self.out_of_court + other.out_of_court,
            no_suspect: self.no_suspect + other.no_suspect,
            no_support: self.no_support + other.no_support,
            assigned: self.assigned + other.assigned,
            solved_within_90_days: self.solved_within_90_days + other.solved_within_90_days,
            charged_closed: self.charged_closed + other.charged_closed,
            out_of_court_closed: self.out_of_court_closed + other.out_of_court_closed,
        }
    }

    fn net(self) -> u64 {
        self.gross - self.cancelled
    }

    fn over_net(self, numerator: u64) -> Figure {
        Figure::Share { numerator, denominator: self.net() }
    }
}

/// Adds the month's rows of recording, investigation and outcome metrics.
pub fn add(
    world: &World,
    force: &ForceSetting,
    history: &History,
    at: usize,
    ages: &OutcomeAges,
    rng: &mut Stream,
    rows: &mut Vec<Row>,
) {
    let month = &history.months[at];
    let expected = Expected::new(history, at, ages);
    let counts = draw(world, month, ages, &expected, rng);
    let total = counts.iter().fold(Counts::default(), |sum, c| sum.plus(*c));
    let mut push =
        |metric, scope: &str, figure| rows.push(Row { metric, scope: scope.to_owned(), month: month.month, figure });
    for (scope, counts) in scopes(world, &counts) {
        push("crimes_recorded", &scope, Figure::Count(counts.net()));
        // By subgroup the table would be half as large again; case mix is adjusted on the recorded basis.
        if !scope.starts_with(SUBGROUP) {
            push("solved_rate_closed", &scope, counts.over_net(counts.charged_closed + counts.out_of_court_closed));
        }
        push("solved_rate_recorded", &scope, counts.over_net(counts.charged + counts.out_of_court));
    }
    all(world, force, month, total, rng, &mut push);
    let solved = total.charged_closed + total.out_of_court_closed;
    push("days_to_solved_median", "all", quantile(rng, &expected.solved_mixture(world), 0.5, solved));
    let open = poisson(rng, expected.open);
    let old = binomial(rng, open, expected.open_over_90_days / expected.open.max(1e-9));
    if at >= history.before + 12 {
        push("open_over_90_days", "all", Figure::Share { numerator: old, denominator: open });
    }
}

/// The metrics that are written for all crimes only.
fn all(
    world: &World,
    force: &ForceSetting,
    month: &HistoryMonth,
    total: Counts,
    rng: &mut Stream,
    push: &mut impl FnMut(&'static str, &str, Figure),
) {
    let net = total.net();
    let residents_are_known = !world.parameters.comparators.without_residents.contains(&force.slug);
    if let Some(residents) = force.residents.filter(|_| residents_are_known) {
        push("crimes_per_1000", "all", Figure::Rate { numerator: net, thousands: residents / 1_000.0 });
    }
    push("crimes_cancelled", "all", Figure::Share { numerator: total.cancelled, denominator: total.gross });
    let crimes = &world.parameters.crimes;
    let linked = binomial(rng, net, crimes.from_an_incident);
    let delay = |hours: Duration| hours.times(month.conditions.recording_delay).share_within(24.0);
    let prompt = (1.0 - crimes.recorded_late) * delay(crimes.recording_prompt_hours)
        + crimes.recorded_late * delay(crimes.recording_late_hours);
    let prompt = binomial(rng, linked, prompt);
    push("recorded_within_24h", "all", Figure::Share { numerator: prompt, denominator: linked });
    if days_since_epoch(month.month.last_day()) + 90 <= world.period.last_day {
        push("solved_within_90_days", "all", total.over_net(total.solved_within_90_days));
    }
    push("charge_rate_closed", "all", total.over_net(total.charged_closed));
    push("charge_rate_recorded", "all", total.over_net(total.charged));
    push("out_of_court_rate_closed", "all", total.over_net(total.out_of_court_closed));
    push("out_of_court_rate_recorded", "all", total.over_net(total.out_of_court));
    push("no_suspect_rate", "all", total.over_net(total.no_suspect));
    push("victim_not_supporting_rate", "all", total.over_net(total.no_support));
    push("not_assigned_rate", "all", total.over_net(net - total.assigned));
}

/// Counts by scope: all, each group, each subgroup.
fn scopes(world: &World, counts: &[Counts]) -> BTreeMap<String, Counts> {
    let mut scopes: BTreeMap<String, Counts> = BTreeMap::new();
    let subgroups = world.parameters.subgroup.iter().zip(&world.subgroups).zip(counts);
    for ((subgroup, choices), counts) in subgroups {
        for scope in ["all".to_owned(), choices.group.clone(), format!("{SUBGROUP}{}", subgroup.name)] {
            let sum = scopes.entry(scope).or_default();
            *sum = sum.plus(*counts);
        }
    }
    scopes.retain(|_, counts| counts.gross > 0 || counts.charged_closed + counts.out_of_court_closed > 0);
    scopes
}

fn draw(world: &World, month: &HistoryMonth, ages: &OutcomeAges, expected: &Expected, rng: &mut Stream) -> Vec<Counts> {
    let gross = multinomial(rng, month.rows.crimes, &month.demand_shares);
    let days = f64::from(world.period.last_day - days_since_epoch(month.month.first_day()) - 15).max(1.0);
    let cancelled = month.conditions.cancelled * world.parameters.crimes.cancelled_days.share_within(days);
    let by_subgroup = gross.into_iter().enumerate().map(|(subgroup, gross)| {
        let cancelled = binomial(rng, gross, cancelled);
        let shares = month.outcome_shares[subgroup];
        let given: Vec<f64> = (0..9)
            .map(|class| shares[class] * ages.given_by(subgroup, class, month.month, world.period.last_day))
            .collect();
        let outcomes = multinomial(rng, gross - cancelled, &given);
        let sum = |of: fn(OutcomeClass) -> bool| {
            outcomes.iter().zip(OutcomeClass::ALL).filter(|(_, class)| of(*class)).map(|(n, _)| n).sum::<u64>()
        };
        let solved = |share: &dyn Fn(usize) -> f64| {
            (0..9).filter(|class| OutcomeClass::ALL[*class].is_solved()).map(|class| shares[class] * share(class)).sum()
        };
        let by_now: f64 = solved(&|class| ages.given_by(subgroup, class, month.month, world.period.last_day));
        let by_90_days: f64 = solved(&|class| ages.within_days(subgroup, class, 90));
        let (charged, out_of_court) = (sum(|c| c == OutcomeClass::Charge), sum(OutcomeClass::is_out_of_court));
        Counts {
            gross,
            cancelled,
            charged,
            out_of_court,
            no_suspect: sum(|c| c == OutcomeClass::NoSuspect),
            no_support: sum(OutcomeClass::is_no_support),
            assigned: sum(|_| true),
            solved_within_90_days: binomial(rng, charged + out_of_court, by_90_days / by_now.max(1e-9)),
            charged_closed: poisson(rng, expected.closed(subgroup, |c| c == OutcomeClass::Charge)),
            out_of_court_closed: poisson(rng, expected.closed(subgroup, OutcomeClass::is_out_of_court)),
        }
    });
    by_subgroup.collect()
}

/// Expected outcomes given in one month, and crimes open at its end, from this and all earlier months of the history.
struct Expected {
    /// By subgroup and class.
    closed: Vec<[f64; 9]>,
    open: f64,
    open_over_90_days: f64,
}

impl Expected {
    fn new(history: &History, at: usize, ages: &OutcomeAges) -> Self {
        let end = days_since_epoch(history.months[at].month.last_day());
        let start = days_since_epoch(history.months[at].month.first_day()) - 1;
        let subgroups = history.months[at].demand_shares.len();
        let mut expected = Self { closed: vec![[0.0; 9]; subgroups], open: 0.0, open_over_90_days: 0.0 };
        for (position, cohort) in history.months[..=at].iter().enumerate() {
            // An extract knows of the open crimes that were recorded within it, and of no older ones.
            let within = if position >= history.before { 1.0 } else { 0.0 };
            let kept = cohort.rows.crimes as f64 * (1.0 - cohort.conditions.cancelled);
            let old = share_recorded_before(cohort, end - 90);
            for (subgroup, share) in cohort.demand_shares.iter().enumerate() {
                for (class, outcome) in cohort.outcome_shares[subgroup].into_iter().enumerate() {
                    let crimes = kept * share * outcome;
                    let given = ages.given_by(subgroup, class, cohort.month, end);
                    let earlier = ages.given_by(subgroup, class, cohort.month, start);
                    expected.closed[subgroup][class] += crimes * (given - earlier);
                    expected.open += within * crimes * (1.0 - given);
                    expected.open_over_90_days += within * crimes * (1.0 - given) * old;
                }
            }
        }
        expected
    }

    fn closed(&self, subgroup: usize, of: impl Fn(OutcomeClass) -> bool) -> f64 {
        self.closed[subgroup].iter().zip(OutcomeClass::ALL).filter(|(_, class)| of(*class)).map(|(n, _)| n).sum()
    }

    /// Days to solved outcomes, by subgroup and class.
    fn solved_mixture(&self, world: &World) -> Vec<(f64, Duration)> {
        let mut mixture = Vec::new();
        for (closed, choices) in self.closed.iter().zip(&world.subgroups) {
            for class in OutcomeClass::ALL.into_iter().filter(|class| class.is_solved()) {
                mixture.push((closed[class as usize], choices.days[class as usize]));
            }
        }
        mixture
    }
}

/// Share of a month's days before `day`.
fn share_recorded_before(month: &HistoryMonth, day: i32) -> f64 {
    let first = days_since_epoch(month.month.first_day());
    let days = days_since_epoch(month.month.last_day()) - first + 1;
    f64::from((day - first).clamp(0, days)) / f64::from(days)
}
