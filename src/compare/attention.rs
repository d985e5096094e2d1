//! The four lists: which lines of a scorecard ask for attention, and by which rule.
//!
//! A line is judged by its headline comparison, adjusted for all the headlines of the scorecard, and by the latest final
//! month of its chart. The first rule that holds puts it in a list; within a list lines stand in the order of the rules:
//!
//! | list | rule |
//! |---|---|
//! | escalate | flagged worse, and the month a concern |
//! | | flagged worse, and the month no improvement |
//! | watch | paired measures of the same basis and month diverge: one improves, the other is a concern |
//! | | the month is a concern, whatever the comparison |
//! | | flagged worse, but the month an improvement |
//! | | by its limits the target is never met |
//! | | neither direction is better: flagged, or the month a special cause |
//! | celebrate | flagged better, the month an improvement |
//! | | flagged better |
//! | leave alone | nothing flagged, and the month within common-cause variation |
//!
//! What is not flagged and improves stands in no list: it is neither a worry nor yet a finding. Those to leave alone come
//! by how far the month lies from the one before, in widths of the limits: they are what a comparison of this month with
//! last month would make most of. Each list holds eight lines at most.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::definitions::Metric;
use crate::domain::Month;
use crate::statistics::comparison::Verdict;
use crate::statistics::xmr::{Assurance, Class};
use crate::tables::attention::{List, Listed, Why};
use crate::tables::comparison::Comparison;
use crate::tables::over_time::{PointClass, SpcPoint};

/// Lines in a list.
const MOST: usize = 8;

/// What a line is judged by.
#[derive(Clone, Debug)]
pub struct Standing {
    pub force: Arc<str>,
    pub metric: Metric,
    /// The comparison in the family of tests.
    headline: Option<Comparison>,
    /// The latest month that was judged, and the value of the one before.
    latest: Option<SpcPoint>,
    month_before: Option<f64>,
    tests: usize,
}

impl Standing {
    /// Of a force's comparisons and points of one metric, all at force level and in scope `all`.
    pub fn new(force: &str, metric: &Metric, comparisons: &[Comparison], points: &[SpcPoint], tests: usize) -> Self {
        let mut judged = points.iter().rev().filter(|p| matches!(p.class, Some(PointClass::Tested(_))));
        Self {
            force: force.into(),
            metric: metric.clone(),
            headline: comparisons.iter().find(|c| c.q_value.is_some()).cloned(),
            latest: judged.next().cloned(),
            month_before: judged.next().and_then(|p| p.value),
            tests,
        }
    }

    fn class(&self) -> Option<Class> {
        match self.latest.as_ref()?.class? {
            PointClass::Tested(class) => Some(class),
            PointClass::Provisional => None,
        }
    }

    /// The headline's verdict, where it is flagged.
    fn flagged(&self) -> Option<Verdict> {
        self.headline.as_ref().filter(|c| c.flagged == Some(true)).map(|c| c.verdict_95)
    }

    fn q_value(&self) -> Option<f64> {
        self.headline.as_ref()?.q_value
    }

    /// How far the month lies from the one before, in widths of its limits.
    fn step(&self) -> f64 {
        let step = |latest: &SpcPoint| {
            let limits = latest.limits?;
            let change = (latest.value? - self.month_before?).abs() / (limits.upper - limits.lower);
            change.is_finite().then_some(change)
        };
        self.latest.as_ref().and_then(step).unwrap_or(0.0)
    }

    fn why(&self, partner: Option<&Standing>) -> Option<Why> {
        let (verdict, class) = (self.flagged(), self.class());
        let assurance = self.latest.as_ref().and_then(|p| p.assurance);
        if verdict == Some(Verdict::Worse) && class != Some(Class::Improving) {
            let worsens = class == Some(Class::Concerning);
            return Some(if worsens { Why::WorseAndGettingWorse } else { Why::Worse });
        }
        if partner.is_some_and(|partner| self.diverges_from(partner)) {
            return Some(Why::PairDiverges);
        }
        match (verdict, class) {
            (_, Some(Class::Concerning)) => Some(Why::GettingWorse),
            (Some(Verdict::Worse), _) => Some(Why::WorseButImproving),
            (Some(Verdict::Higher | Verdict::Lower), _) | (_, Some(Class::High | Class::Low)) => Some(Why::Unusual),
            _ if assurance == Some(Assurance::NeverPassed) => Some(Why::TargetOutOfReach),
            (Some(Verdict::Better), Some(Class::Improving)) => Some(Why::BetterAndImproving),
            (Some(Verdict::Better), _) => Some(Why::Better),
            (_, Some(Class::CommonCause)) => Some(Why::CommonCause),
            _ => None,
        }
    }

    fn diverges_from(&self, partner: &Standing) -> bool {
        let same_month = self.month().is_some() && self.month() == partner.month();
        let classes = (self.class(), partner.class());
        let diverge = matches!(
            classes,
            (Some(Class::Improving), Some(Class::Concerning)) | (Some(Class::Concerning), Some(Class::Improving))
        );
        same_month && self.metric.basis == partner.metric.basis && diverge
    }

    fn month(&self) -> Option<Month> {
        self.latest.as_ref().map(|p| p.month)
    }
}

/// The lists of every force, by force, list and position. The order of the standings changes nothing.
pub fn attention(standings: &[Standing]) -> Vec<Listed> {
    let by_key: BTreeMap<(&str, &str), &Standing> =
        standings.iter().map(|s| ((&*s.force, s.metric.id.as_str()), s)).collect();
    let mut lists: BTreeMap<(&str, List), Vec<(Why, &Standing)>> = BTreeMap::new();
    for standing in by_key.values() {
        let partner = partner(standing, &by_key);
        if let Some(why) = standing.why(partner) {
            lists.entry((&standing.force, why.list())).or_default().push((why, standing));
        }
    }
    let mut rows = Vec::new();
    for mut lines in lists.into_values() {
        lines.sort_by(|(why, a), (other, b)| {
            let q = |s: &Standing| s.q_value().unwrap_or(f64::INFINITY);
            let by_step =
                if *why == Why::CommonCause { b.step().total_cmp(&a.step()) } else { std::cmp::Ordering::Equal };
            why.cmp(other).then(by_step).then(q(a).total_cmp(&q(b))).then_with(|| a.metric.id.cmp(&b.metric.id))
        });
        let list_size = lines.len();
        rows.extend(lines.into_iter().take(MOST).enumerate().map(|(i, (why, standing))| {
            let partner = partner(standing, &by_key);
            Listed {
                force: standing.force.clone(),
                metric: standing.metric.id.as_str().into(),
                why,
                position: i + 1,
                list_size,
                basis: standing.metric.basis,
                headline: standing.headline.clone(),
                latest: standing.latest.clone(),
                month_before: standing.month_before,
                partner: standing.metric.partner.as_ref().map(|id| id.as_str().into()),
                partner_variation: partner
                    .filter(|partner| partner.month() == standing.month())
                    .and_then(|partner| partner.latest.as_ref()?.class),
                tests: standing.tests,
            }
        }));
    }
    rows
}

fn partner<'s>(standing: &Standing, by_key: &BTreeMap<(&str, &str), &'s Standing>) -> Option<&'s Standing> {
    let id = standing.metric.partner.as_ref()?;
    by_key.get(&(&*standing.force, id.as_str())).copied()
}

#[cfg(test)]
mod tests;
