//! A force beside England and Wales.

use super::forces::{CITY_OF_LONDON, Slice};
use super::judgement::Judgement;
use super::{Comparer, period_of};
use crate::domain::Kind;
use crate::statistics::UnitValue;
use crate::statistics::comparison::{Comparison as Difference, Variant, against_group};
use crate::tables::comparison::{Comparator, ComparatorVariant, Comparison};
use crate::tables::figure::Figure;

impl Comparer<'_> {
    /// The figure beside the nation: one row, or for a rate per head one with and one without City of London.
    pub(super) fn nation(&self, figure: &Figure) -> Vec<Comparison> {
        let Some(slice) = self.forces.slice(&figure.scope, period_of(figure)) else { return Vec::new() };
        if self.metric.kind != Kind::Rate {
            return self.whole_nation(figure, slice).into_iter().collect();
        }
        if &*figure.force == CITY_OF_LONDON {
            return Vec::new();
        }
        [self.whole_nation(figure, slice), self.without_city(figure, slice)].into_iter().flatten().collect()
    }

    /// The nation's own figure where there is one, else the forces pooled. The variance of the difference is that of
    /// the forces pooled, so without every force there is no test.
    fn whole_nation(&self, figure: &Figure, slice: &Slice<'_>) -> Option<Comparison> {
        let value = figure.value?;
        let national = slice.nation.and_then(|f| f.value);
        let (judgement, size) = match self.pooled(figure, slice, |_| true) {
            Some((mut comparison, size)) => {
                comparison.comparator = national.unwrap_or(comparison.comparator);
                comparison.difference = value - comparison.comparator;
                (Judgement::among_forces(value, &comparison, slice, self.polarity(&figure.scope)), Some(size))
            }
            None => (Judgement::untested(value, national?), None),
        };
        Some(Comparison {
            comparator_variant: Some(ComparatorVariant::National),
            group_size: size,
            ..self.row(figure, Comparator::National, judgement)
        })
    }

    fn without_city(&self, figure: &Figure, slice: &Slice<'_>) -> Option<Comparison> {
        let (comparison, size) = self.pooled(figure, slice, |force| force != CITY_OF_LONDON)?;
        let judgement = Judgement::among_forces(figure.value?, &comparison, slice, self.polarity(&figure.scope));
        Some(Comparison {
            comparator_variant: Some(ComparatorVariant::NationalWithoutCityOfLondon),
            group_size: Some(size),
            ..self.row(figure, Comparator::National, judgement)
        })
    }

    /// The difference from the territorial forces that `of` takes, pooled, and their number; `None` where one of them
    /// has no figure.
    fn pooled(&self, figure: &Figure, slice: &Slice<'_>, of: impl Fn(&str) -> bool) -> Option<(Difference, usize)> {
        let own = slice.own(&figure.force)?;
        let territorial = self.definitions.references.forces.values().filter(|f| f.territorial && of(f.id.as_str()));
        let there: Option<Vec<(&str, UnitValue)>> =
            territorial.map(|f| Some((f.id.as_str(), slice.own(f.id.as_str())?))).collect();
        let there = there?;
        let others: Vec<UnitValue> =
            there.iter().filter(|(id, _)| *id != &*figure.force).map(|(_, unit)| *unit).collect();
        Some((against_group(own, &others, Variant::Pooled)?, there.len()))
    }
}
