//! A force beside its most similar group.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::forces::{CITY_OF_LONDON, Slice};
use super::judgement::{Judgement, headline_test};
use super::{Comparer, period, period_of};
use crate::definitions;
use crate::domain::{Kind, PeriodType};
use crate::statistics::comparison::{Variant, Verdict, against_group};
use crate::statistics::{Confidence, Polarity, UnitValue, rank};
use crate::tables::comparison::{Comparator, ComparatorVariant, Comparison, Sensitivity};
use crate::tables::figure::Figure;
use crate::tables::key;

/// A force and the members of its group that have a figure.
struct Group<'s, 'a> {
    slice: &'s Slice<'a>,
    own: UnitValue,
    others: Vec<UnitValue>,
}

impl<'a> Comparer<'a> {
    /// The figure beside its group by the pipeline's variant. `None` without a group, or where fewer than half of its
    /// other members have a figure.
    pub(super) fn group(&self, figure: &Figure) -> Option<Comparison> {
        let group = self.group_of(&figure.force, &figure.scope, period_of(figure), figure.period_end)?;
        let polarity = self.polarity(&figure.scope);
        let variant = statistical(self.definitions.pipeline.comparators.variant);
        let comparison = against_group(group.own, &group.others, variant)?;
        let judgement = Judgement::among_forces(group.own.value, &comparison, group.slice, polarity);
        Some(Comparison {
            comparator_variant: Some(ComparatorVariant::Group(variant)),
            sensitivity: group.sensitivity(variant, judgement.verdict_95, polarity),
            group_size: Some(group.others.len() + 1),
            ..self.row(figure, Comparator::MostSimilarGroup, judgement)
        })
    }

    /// Sets the rank of the latest comparison with the group, for each force, scope and type of period. The draws are
    /// seeded from metric, unit, scope and period.
    pub(super) fn rank_latest(&self, rows: &mut [Comparison]) {
        let mut latest: HashMap<(&str, &str, PeriodType), usize> = HashMap::new();
        for (index, row) in rows.iter().enumerate().filter(|(_, r)| r.comparator == Comparator::MostSimilarGroup) {
            let place = latest.entry((&row.force, &row.scope, row.period_type)).or_insert(index);
            if rows[*place].period_end < row.period_end {
                *place = index;
            }
        }
        for index in latest.into_values().collect::<Vec<_>>() {
            self.rank(&mut rows[index]);
        }
    }

    fn rank(&self, row: &mut Comparison) {
        let months = period(row.period_type, row.period_start, row.period_end);
        let Some(group) = self.group_of(&row.force, &row.scope, months, row.period_end) else { return };
        let (start, end) = (row.period_start.to_string(), row.period_end.to_string());
        let parts = [&*row.force, &*row.unit, &*row.scope, row.period_type.name(), &start, &end];
        let seed = key::candidate(&row.metric, parts.into_iter());
        let Some(found) = rank::rank(group.own, &group.others, self.polarity(&row.scope), seed) else { return };
        row.rank = Some(found.rank);
        if group.slice.sampling_known {
            (row.rank_lower, row.rank_upper) = (Some(found.lower), Some(found.upper));
        }
    }

    fn group_of(
        &self,
        force: &str,
        scope: &str,
        months: crate::domain::Period,
        on: NaiveDate,
    ) -> Option<Group<'_, 'a>> {
        if self.metric.kind == Kind::Rate && force == CITY_OF_LONDON {
            return None;
        }
        let slice = self.forces.slice(scope, months)?;
        let own = slice.own(force)?;
        let members: Vec<&str> = self.members(force, on).collect();
        let others: Vec<UnitValue> = slice.forces.iter().filter(|f| members.contains(&f.id)).map(|f| f.unit).collect();
        (!others.is_empty() && 2 * others.len() >= members.len()).then_some(Group { slice, own, others })
    }

    /// The other members of the force's group on a date.
    fn members(&self, force: &str, on: NaiveDate) -> impl Iterator<Item = &'a str> {
        let per_head = self.metric.kind == Kind::Rate;
        let rows = self.peer_groups.get(force).into_iter().flatten();
        let valid = rows.filter(move |g| g.valid_from <= on && g.valid_to.is_none_or(|to| on <= to));
        valid.map(|g| g.member.as_str()).filter(move |member| !per_head || *member != CITY_OF_LONDON)
    }
}

impl Group<'_, '_> {
    /// Whether the verdict at 95% differs under another variant, or changes when a member is left out. `None` where
    /// there is no verdict.
    fn sensitivity(&self, variant: Variant, verdict: Verdict, polarity: Polarity) -> Option<Sensitivity> {
        if verdict == Verdict::NotAvailable {
            return None;
        }
        let differs = |others: &[UnitValue], variant| self.verdict(others, variant, polarity) != Some(verdict);
        let by_variant = Variant::ALL.iter().any(|other| differs(&self.others, *other));
        let by_member = self.others.len() > 1
            && (0..self.others.len()).any(|left_out| {
                let mut others = self.others.clone();
                others.remove(left_out);
                differs(&others, variant)
            });
        Some(match (by_variant, by_member) {
            (false, false) => Sensitivity::None,
            (true, false) => Sensitivity::Variant,
            (false, true) => Sensitivity::Member,
            (true, true) => Sensitivity::VariantAndMember,
        })
    }

    fn verdict(&self, others: &[UnitValue], variant: Variant, polarity: Polarity) -> Option<Verdict> {
        let comparison = against_group(self.own, others, variant)?;
        let (test, _) = headline_test(&comparison, self.slice);
        Some(Verdict::of_test(test, polarity, Confidence::P95))
    }
}

const fn statistical(variant: definitions::Variant) -> Variant {
    match variant {
        definitions::Variant::MeanOfRatesIncludingSelf => Variant::MeanOfRatesIncludingSelf,
        definitions::Variant::Pooled => Variant::Pooled,
        definitions::Variant::ExcludingSelf => Variant::ExcludingSelf,
    }
}
