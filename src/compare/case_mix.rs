//! A force beside the nation and its group, its mix of offences taken out.
//!
//! The comparator's value in each stratum is laid on the force's own denominators: what it would have had with the
//! comparator's work on its own offences (`statistics::standardise`). The comparator is always pooled and holds the own
//! force, so its own adjusted value is its crude one, and what is compared is a force with a reference, never two
//! adjusted forces: each of those would stand on offences of its own.
//!
//! Strata are offence subgroups where enough forces give them for the comparator to stand, else offence groups. Crimes of no
//! stratum (`unmapped`) say nothing of the mix and are expected at the comparator's crude value.
//!
//! The variance between forces is that of the ratios of observed to expected events of all forces of England and Wales
//! that give the strata, times the square of the comparator's value.

use std::collections::{BTreeMap, BTreeSet};

use super::forces::{FEWEST_FORCES, Slice, territorial};
use super::judgement::Judgement;
use super::unit_value::is_weighted;
use super::{Comparer, Input, is_comparable, period_of, solved_set};
use crate::domain::{Kind, Level, Period, Scope, UNMAPPED};
use crate::statistics::comparison::{Variant, against_group};
use crate::statistics::standardise::{self, Standardised, Stratum};
use crate::statistics::{UnitValue, between_forces};
use crate::tables::case_mix::{CaseMix, Strata};
use crate::tables::comparison::{Comparator, ComparatorVariant};
use crate::tables::figure::Figure;

/// Events and denominator.
type Counts = (f64, f64);

/// A force's figure in scope `all`, and its counts by stratum.
struct Mixed<'a> {
    whole: &'a Figure,
    counts: Counts,
    strata: BTreeMap<&'a str, Counts>,
}

/// Forces added up.
#[derive(Default)]
struct Reference<'a> {
    counts: Counts,
    strata: BTreeMap<&'a str, Counts>,
}

/// The forces of one period that give strata of one kind, by id.
struct Field<'a> {
    strata: Strata,
    forces: BTreeMap<&'a str, Mixed<'a>>,
    /// τ² of the ratios of observed to expected events; `None` with too few forces.
    between_ratios: Option<f64>,
}

impl Comparer<'_> {
    /// The rows of the own forces, by force, period and comparator; of shares and ratios alone.
    pub(super) fn case_mix(&self, input: &Input<'_>) -> Vec<CaseMix> {
        if !matches!(self.metric.kind, Kind::Proportion | Kind::Ratio) {
            return Vec::new();
        }
        let own: BTreeSet<&str> = input.own.iter().filter(|f| f.level == Level::Force).map(|f| &*f.force).collect();
        let mut rows = Vec::new();
        for (period, figures) in self.by_period(input, &own) {
            let fields = Strata::ALL.map(|strata| self.field(strata, &figures));
            for force in &own {
                for comparator in [Comparator::MostSimilarGroup, Comparator::National] {
                    rows.extend(fields.iter().find_map(|field| self.row_of(field, force, comparator, period)));
                }
            }
        }
        let key =
            |r: &CaseMix| (r.force.clone(), r.period_type.name(), r.period_start, r.period_end, r.comparator.name());
        rows.sort_by_key(key);
        rows
    }

    /// Figures at force level by period: own ones, and those of peers that are not measured.
    fn by_period<'i>(&self, input: &Input<'i>, own: &BTreeSet<&str>) -> BTreeMap<Period, Vec<&'i Figure>> {
        let set = solved_set(self.definitions, self.metric);
        let peers = input.peers.iter().filter(|f| !own.contains(&*f.force));
        let mut found: BTreeMap<Period, Vec<&Figure>> = BTreeMap::new();
        for figure in input.own.iter().chain(peers) {
            if figure.level == Level::Force && figure.solved_set == set && !is_weighted(figure) {
                found.entry(period_of(figure)).or_default().push(figure);
            }
        }
        found
    }

    fn field<'i>(&self, strata: Strata, figures: &[&'i Figure]) -> Field<'i> {
        let groups: BTreeSet<&str> = self.definitions.references.offences.values().map(|o| o.group.as_str()).collect();
        let is_stratum = |scope: &str| match strata {
            Strata::OffenceSubgroup => scope.starts_with(Scope::SUBGROUP_PREFIX),
            Strata::OffenceGroup => scope != UNMAPPED && groups.contains(scope),
        };
        let mut forces: BTreeMap<&str, Mixed<'_>> = BTreeMap::new();
        for figure in figures.iter().filter(|f| &*f.scope == Scope::ALL && is_comparable(self.metric, f)) {
            if let Some(counts) = figure.numerator.zip(figure.denominator) {
                forces.insert(&figure.force, Mixed { whole: figure, counts, strata: BTreeMap::new() });
            }
        }
        for figure in figures.iter().filter(|f| is_stratum(&f.scope)) {
            let counts = figure.numerator.zip(figure.denominator);
            if let (Some(force), Some(counts)) = (forces.get_mut(&*figure.force), counts) {
                force.strata.insert(&figure.scope, counts);
            }
        }
        forces.retain(|_, force| !force.strata.is_empty());
        let mut field = Field { strata, forces, between_ratios: None };
        field.between_ratios = self.between_ratios(&field);
        field
    }

    fn between_ratios(&self, field: &Field<'_>) -> Option<f64> {
        let judged: Vec<&Mixed<'_>> =
            territorial(self.definitions, self.metric).filter_map(|id| field.forces.get(id.as_str())).collect();
        if judged.len() < FEWEST_FORCES {
            return None;
        }
        let reference = Reference::of(&judged);
        let ratio = |force: &&Mixed<'_>| {
            let found = reference.standardise(force)?;
            UnitValue::rate(found.observed, found.expected)
        };
        let ratios: Option<Vec<UnitValue>> = judged.iter().map(ratio).collect();
        between_forces::between_forces(&ratios?, 1.0, between_forces::WINSORISED_SHARE).map(|found| found.tau_squared)
    }

    /// The other forces of a comparator that give strata; `None` where one of the nation's, or more than half of the
    /// group's, does not.
    fn others<'f, 'i>(
        &self,
        field: &'f Field<'i>,
        own: &Mixed<'_>,
        comparator: Comparator,
    ) -> Option<Vec<&'f Mixed<'i>>> {
        let force = &*own.whole.force;
        let ids: Vec<&str> = match comparator {
            Comparator::National => {
                let all: Vec<&str> = territorial(self.definitions, self.metric).map(|id| id.as_str()).collect();
                if !all.contains(&force) {
                    return None;
                }
                all.into_iter().filter(|id| *id != force).collect()
            }
            _ => self.members(force, own.whole.period_end).collect(),
        };
        let there: Vec<&Mixed<'_>> = ids.iter().filter_map(|id| field.forces.get(*id)).collect();
        let enough = match comparator {
            Comparator::National => there.len() == ids.len(),
            _ => 2 * there.len() >= ids.len(),
        };
        (enough && !there.is_empty()).then_some(there)
    }

    fn row_of(&self, field: &Field<'_>, force: &str, comparator: Comparator, period: Period) -> Option<CaseMix> {
        let own = field.forces.get(force)?;
        let others = self.others(field, own, comparator)?;
        let mut forces = others.clone();
        forces.push(own);
        forces.sort_by(|a, b| a.whole.force.cmp(&b.whole.force));
        let reference = Reference::of(&forces);
        let found = reference.standardise(own)?;
        let crude = found.reference_rate;
        let unit = |found: Standardised| UnitValue::rate(found.observed, found.expected / crude);
        let others: Option<Vec<UnitValue>> = others.iter().map(|f| unit(reference.standardise(f)?)).collect();
        let mut comparison = against_group(unit(found)?, &others?, Variant::Pooled)?;
        // The adjusted values pooled give the crude one but for what is in no stratum.
        comparison.comparator = crude;
        comparison.difference = found.rate.value - crude;
        let between = field.between_ratios.map(|tau_squared| tau_squared * crude * crude);
        let slice = Slice { sampling_known: true, between, ..Slice::default() };
        let judgement = Judgement::among_forces(found.rate.value, &comparison, &slice, self.polarity(Scope::ALL));
        let (numerator, denominator) = own.counts;
        Some(CaseMix {
            metric: self.id.clone(),
            force: own.whole.force.clone(),
            period_type: period.period_type,
            period_start: own.whole.period_start,
            period_end: own.whole.period_end,
            numerator,
            denominator,
            value: numerator / denominator,
            comparator,
            comparator_variant: match comparator {
                Comparator::National => ComparatorVariant::National,
                _ => ComparatorVariant::Group(Variant::Pooled),
            },
            comparator_value: crude,
            strata: field.strata,
            strata_used: own.strata.values().filter(|(_, denominator)| *denominator > 0.0).count(),
            unclassed: found.unclassed,
            expected: found.expected,
            ratio: found.ratio.value,
            adjusted: found.rate,
            method: judgement.method,
            p_value: judgement.p_value,
            verdict_95: judgement.verdict_95,
            verdict_998: judgement.verdict_998,
            verdict_sampling: judgement.verdict_sampling,
            variance_between_forces: between,
            forces: forces.len(),
            basis: own.whole.basis,
        })
    }
}

impl<'a> Reference<'a> {
    /// Sums of whole numbers, in the order of the forces.
    fn of(forces: &[&Mixed<'a>]) -> Self {
        let mut sum = Self::default();
        for force in forces {
            add(&mut sum.counts, force.counts);
            for (stratum, counts) in &force.strata {
                add(sum.strata.entry(stratum).or_default(), *counts);
            }
        }
        sum
    }

    /// `None` where nothing is expected of the force.
    fn standardise(&self, force: &Mixed<'_>) -> Option<Standardised> {
        let with = |(count, denominator): Counts, reference: Counts| Stratum {
            count,
            denominator,
            reference_count: reference.0,
            reference_denominator: reference.1,
        };
        let of = |stratum: &str| self.strata.get(stratum).copied().unwrap_or_default();
        let strata: Vec<Stratum> = force.strata.iter().map(|(stratum, counts)| with(*counts, of(stratum))).collect();
        standardise::indirect_in_part(&strata, with(force.counts, self.counts)).ok()
    }
}

fn add(sum: &mut Counts, counts: Counts) {
    sum.0 += counts.0;
    sum.1 += counts.1;
}

#[cfg(test)]
mod tests;
