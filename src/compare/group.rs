//! A force beside its most similar group.

use chrono::NaiveDate;

use super::forces::{CITY_OF_LONDON, Slice};
use super::judgement::{Judgement, headline_test};
use super::{Comparer, period_of};
use crate::definitions;
use crate::domain::Kind;
use crate::statistics::comparison::{Variant, Verdict, against_group};
use crate::statistics::{Confidence, Polarity, UnitValue};
use crate::tables::comparison::{Comparator, ComparatorVariant, Comparison, Sensitivity};
use crate::tables::figure::Figure;

/// A force and the members of its group that have a figure.
pub(super) struct Group<'s, 'a> {
    pub slice: &'s Slice<'a>,
    pub own: UnitValue,
    pub others: Vec<UnitValue>,
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

    pub(super) fn group_of(
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
    pub(super) fn members(&self, force: &str, on: NaiveDate) -> impl Iterator<Item = &'a str> {
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
