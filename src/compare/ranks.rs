//! The place of a force in its most similar group, and among all forces.
//!
//! The latest comparison of each type of period is ranked, and every financial year: with the group in every scope; with
//! the nation, where the rank is among all territorial forces that reported, for a year in scope `all`. Draws are seeded
//! from the key of the row.

use std::collections::{BTreeMap, BTreeSet};

use super::forces::{CITY_OF_LONDON, territorial};
use super::{Comparer, period};
use crate::domain::{Kind, PeriodType, Scope};
use crate::statistics::{UnitValue, rank};
use crate::tables::comparison::{Comparator, ComparatorVariant, Comparison};
use crate::tables::key;

/// A force, the others that it is ranked with, and whether the forces gave their sampling error.
type Field = (UnitValue, Vec<UnitValue>, bool);

impl Comparer<'_> {
    /// Sets the ranks of the latest comparisons, and of every financial year.
    pub(super) fn rank_rows(&self, rows: &mut [Comparison]) {
        let mut latest: BTreeMap<(Comparator, &str, &str, PeriodType), usize> = BTreeMap::new();
        let mut ranked: BTreeSet<usize> = BTreeSet::new();
        for (index, row) in rows.iter().enumerate().filter(|(_, row)| self.is_ranked(row)) {
            if row.period_type == PeriodType::FinancialYear {
                ranked.insert(index);
            }
            let place = latest.entry((row.comparator, &row.force, &row.scope, row.period_type)).or_insert(index);
            if rows[*place].period_end < row.period_end {
                *place = index;
            }
        }
        ranked.extend(latest.into_values());
        for index in ranked {
            self.rank(&mut rows[index]);
        }
    }

    fn is_ranked(&self, row: &Comparison) -> bool {
        // Few live in the City of London: a rate per head is ranked without it.
        let among_all = match self.metric.kind {
            Kind::Rate => ComparatorVariant::NationalWithoutCityOfLondon,
            _ => ComparatorVariant::National,
        };
        let a_year = matches!(row.period_type, PeriodType::Rolling12Months | PeriodType::FinancialYear);
        match row.comparator {
            Comparator::MostSimilarGroup => true,
            Comparator::National => {
                row.comparator_variant == Some(among_all) && a_year && &*row.scope == Scope::all().as_str()
            }
            Comparator::Target | Comparator::SamePeriodLastYear => false,
        }
    }

    fn rank(&self, row: &mut Comparison) {
        let field = match row.comparator {
            Comparator::National => self.all_forces(row),
            _ => self.fellow_members(row),
        };
        let Some((own, others, sampling_known)) = field else { return };
        let (start, end) = (row.period_start.to_string(), row.period_end.to_string());
        let parts = [row.comparator.name(), &row.force, &row.unit, &row.scope, row.period_type.name(), &start, &end];
        let seed = key::candidate(&row.metric, parts.into_iter());
        let Some(found) = rank::rank(own, &others, self.polarity(&row.scope), seed) else { return };
        row.rank = Some(found.rank);
        if sampling_known {
            (row.rank_lower, row.rank_upper) = (Some(found.lower), Some(found.upper));
        }
    }

    fn fellow_members(&self, row: &Comparison) -> Option<Field> {
        let months = period(row.period_type, row.period_start, row.period_end);
        let group = self.group_of(&row.force, &row.scope, months, row.period_end)?;
        Some((group.own, group.others, group.slice.sampling_known))
    }

    fn all_forces(&self, row: &Comparison) -> Option<Field> {
        let slice = self.forces.slice(&row.scope, period(row.period_type, row.period_start, row.period_end))?;
        let own = slice.own(&row.force)?;
        let per_head = self.metric.kind == Kind::Rate;
        let others = territorial(self.definitions, self.metric)
            .map(|id| id.as_str())
            .filter(|id| *id != &*row.force && !(per_head && *id == CITY_OF_LONDON))
            .filter_map(|id| slice.own(id));
        Some((own, others.collect(), slice.sampling_known))
    }
}
