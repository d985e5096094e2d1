//! Stage 6: one metric's figures and its comparators in, comparisons and points over time out; all forces in one funnel.
//!
//! In: the figures that the pipeline measured (`own`, of one force or of many, at any level, scope and period) and those
//! that it did not (`peers`: other forces and the nation, from a comparator or a published table). Out: rows of tables
//! `comparisons`, `case_mix` and `spc`, sorted by their key. Nothing is drawn at random but from a seed made of the key, and forces
//! enter every sum in the order of their ids, so the order of the input changes nothing.
//!
//! What is compared, and with what:
//!
//! | level | most similar group | national | target | same period last year |
//! |---|---|---|---|---|
//! | national | | | | yes |
//! | force | yes | yes | scope `all` | yes |
//! | area, department, team | | | scope `all` | yes |
//!
//! - Both sides are final, of the same period (or a year apart), scope and basis, and in the pipeline's solved set. So
//!   the newest row is of the latest period that both sides have. A figure that is provisional, or final but short
//!   because the extract begins within its period, is compared with nothing.
//! - A count is set beside its own past and a target alone, as forces differ in size; `crimes_per_1000` is there for it.
//! - A rate per head is compared for 12-month periods alone, and City of London, where few live, is neither compared
//!   nor among the comparators; the nation stands with and without it.
//! - The previous 12 months are the same period last year of `rolling_12_months`, so they have no rows of their own.
//! - A group stands where half of its other members or more have a figure; `group_size` says how many do.
//! - A share or ratio of crimes stands beside the nation and the group once more with its mix of offences taken out
//!   (`case_mix`).
//! - The variance between forces needs [`FEWEST_FORCES`] forces; with fewer there is no headline verdict against
//!   a group or the nation, and the one by sampling alone still stands.
//!
//! Real and synthetic figures are never compared: the caller gives `peers` only where their provenance matches.

mod attention;
mod case_mix;
mod evaluation;
mod forces;
mod forecast;
mod funnel;
mod group;
mod headline;
mod judgement;
mod local;
mod maturity;
mod monthly;
mod nation;
mod own_past;
mod ranks;
mod spc;
mod staffing;
mod target;
mod unit_value;

#[cfg(test)]
mod own_past_tests;
#[cfg(test)]
mod published_check;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::definitions::{Definitions, Metric, PeerGroup};
use crate::domain::{self, Kind, Level, Month, Period, PeriodType, Scope, SolvedSet, Status};
use crate::statistics::Polarity;
use crate::tables::case_mix::CaseMix;
use crate::tables::comparison::{Comparator, Comparison};
use crate::tables::figure::Figure;
use crate::tables::over_time::SpcPoint;
use forces::Forces;
use judgement::Judgement;
use own_past::Past;

pub use attention::{Standing, attention};
pub use evaluation::evaluations;
pub use forces::FEWEST_FORCES;
pub use forecast::forecasts;
pub use funnel::funnel;
pub use headline::{Family, Headline, family};
pub use local::{adjust_local, local_figures, local_period};
pub use maturity::{Maturity, MaturityInput, maturity};
pub use staffing::{StaffingInput, staffing};

/// One metric, compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// Sorted by force, level, unit, scope, period, comparator and variant.
    pub comparisons: Vec<Comparison>,
    /// Sorted by force, level, unit, scope and month.
    pub spc: Vec<SpcPoint>,
    /// Sorted by force, period and comparator.
    pub case_mix: Vec<CaseMix>,
}

/// One metric's figures and what they are compared with.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub definitions: &'a Definitions,
    pub metric: &'a Metric,
    /// Measured by the pipeline. A force that is here is not looked for among the peers.
    pub own: &'a [Figure],
    /// Levels force and national.
    pub peers: &'a [Figure],
}

/// The metric's entries in the family of tests that [`family`] adjusts together: one for each measured force.
pub fn headlines(input: &Input<'_>) -> Vec<Headline> {
    let rows = Comparer::new(input).rows(|f| f.level == Level::Force && &*f.scope == Scope::all().as_str());
    headline::indices(&rows).into_iter().filter_map(|index| Headline::of(&rows[index])).collect()
}

/// Compares one metric; `family` holds the headlines of every metric of the build, this one's among them.
pub fn compare(input: &Input<'_>, family: &Family) -> Compared {
    let comparer = Comparer::new(input);
    let mut comparisons = comparer.rows(|_| true);
    for index in headline::indices(&comparisons) {
        let row = &mut comparisons[index];
        row.q_value = family.q_value(&row.force, &row.metric);
        row.flagged = row.q_value.map(headline::is_flagged);
    }
    comparer.rank_rows(&mut comparisons);
    Compared { comparisons, spc: spc::points(input), case_mix: comparer.case_mix(input) }
}

/// What every comparison of a metric reads.
struct Comparer<'a> {
    definitions: &'a Definitions,
    metric: &'a Metric,
    id: Arc<str>,
    /// Own figures, and the nation's of the peers where it is not measured.
    subjects: Vec<&'a Figure>,
    forces: Forces<'a>,
    past: Past<'a>,
    /// The rows of the pipeline's peer group, by force.
    peer_groups: HashMap<&'a str, Vec<&'a PeerGroup>>,
}

impl<'a> Comparer<'a> {
    fn new(input: &Input<'a>) -> Self {
        let Input { definitions, metric, .. } = *input;
        let subjects: Vec<&Figure> = subjects(input).filter(|f| is_comparable(metric, f)).collect();
        let mut peer_groups: HashMap<&str, Vec<&PeerGroup>> = HashMap::new();
        for row in &definitions.references.peer_groups {
            if row.group == definitions.pipeline.comparators.peer_group && row.member != row.force {
                peer_groups.entry(row.force.as_str()).or_default().push(row);
            }
        }
        Self {
            definitions,
            metric,
            id: metric.id.as_str().into(),
            forces: Forces::new(input),
            past: Past::new(&subjects),
            subjects,
            peer_groups,
        }
    }

    /// The comparisons of the subjects that `of` takes, without q-values and ranks.
    fn rows(&self, of: impl Fn(&Figure) -> bool) -> Vec<Comparison> {
        let mut rows = Vec::new();
        for figure in self.subjects.iter().filter(|f| of(f)) {
            rows.extend(self.own_past(figure));
            if figure.level == Level::National {
                continue;
            }
            rows.extend(self.target(figure));
            if figure.level == Level::Force {
                rows.extend(self.group(figure));
                rows.extend(self.nation(figure));
            }
        }
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
        rows
    }

    fn row(&self, figure: &Figure, comparator: Comparator, judgement: Judgement) -> Comparison {
        Comparison {
            metric: self.id.clone(),
            force: figure.force.clone(),
            level: figure.level,
            unit: figure.unit.clone(),
            scope: figure.scope.clone(),
            period_type: figure.period_type,
            period_start: figure.period_start,
            period_end: figure.period_end,
            value: judgement.value,
            comparator,
            comparator_variant: None,
            comparator_period_end: Some(figure.period_end),
            comparator_value: judgement.comparator,
            difference: judgement.difference,
            method: judgement.method,
            basis: figure.basis,
            comparator_basis: figure.basis,
            p_value: judgement.p_value,
            q_value: None,
            flagged: None,
            verdict_95: judgement.verdict_95,
            verdict_998: judgement.verdict_998,
            verdict_sampling: judgement.verdict_sampling,
            sensitivity: None,
            rank: None,
            rank_lower: None,
            rank_upper: None,
            group_size: None,
        }
    }

    fn polarity(&self, scope: &str) -> Polarity {
        polarity(self.metric, scope)
    }
}

/// The figures that are judged: those measured, and the nation's of the peers where it is not measured.
fn subjects<'a>(input: &Input<'a>) -> impl Iterator<Item = &'a Figure> + use<'a> {
    let Input { definitions, metric, own, peers } = *input;
    let measured = own.iter().any(|f| f.level == Level::National);
    let nation = peers.iter().filter(move |f| !measured && f.level == Level::National);
    let set = solved_set(definitions, metric);
    own.iter().chain(nation).filter(move |f| !f.level.is_restricted() && f.solved_set == set)
}

/// The solved set that a metric is compared in: the pipeline's; `None` for a metric that asks for none.
fn solved_set(definitions: &Definitions, metric: &Metric) -> Option<SolvedSet> {
    metric.uses_solved_set().then_some(definitions.pipeline.solved_set)
}

/// Whether a figure may stand on either side of a comparison.
fn is_comparable(metric: &Metric, figure: &Figure) -> bool {
    let per_head = metric.kind == Kind::Rate;
    let a_year = matches!(figure.period_type, PeriodType::FinancialYear | PeriodType::Rolling12Months);
    // A final figure with a reason is short: the sum of what there is of a period that the extract covers in part.
    let whole = figure.status == Status::Final && figure.reason.is_none();
    whole && figure.value.is_some_and(f64::is_finite) && (a_year || !per_head)
}

/// The period of a figure, by its months.
fn period_of(figure: &Figure) -> Period {
    period(figure.period_type, figure.period_start, figure.period_end)
}

fn period(period_type: PeriodType, start: NaiveDate, end: NaiveDate) -> Period {
    Period { period_type, first: Month::of(start), last: Month::of(end) }
}

fn polarity(metric: &Metric, scope: &str) -> Polarity {
    match metric.polarity_in(scope) {
        domain::Polarity::Higher => Polarity::HigherIsBetter,
        domain::Polarity::Lower => Polarity::LowerIsBetter,
        domain::Polarity::Neutral => Polarity::Neutral,
    }
}

fn order(row: &Comparison) -> impl Ord + '_ {
    let period = (row.period_type.name(), row.period_start, row.period_end);
    (&row.force, row.level.name(), &row.unit, &row.scope, period, row.comparator.name(), row.comparator_variant)
}
