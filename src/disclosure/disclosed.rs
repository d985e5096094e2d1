//! What builds have disclosed so far, as rows that a caller can keep in a table.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cells::{Fault, GREATEST};
use super::{Fate, Table};

/// Cells and relations of all builds so far. It holds withheld counts, so it is as restricted as the records themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosed {
    /// Each cell with each count that it ever had, by id and count.
    pub cells: Vec<DisclosedCell>,
    /// Relations with something in them that was not shown: `Σ factor·count = 0`.
    pub relations: Vec<Vec<Term>>,
}

/// A cell with a count that it had in at least one build.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DisclosedCell {
    pub id: String,
    pub count: u64,
    pub standing: Standing,
}

/// How much readers have been told of a count: the most of any build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing: it was not for publication.
    Inner,
    /// That it is withheld.
    Withheld,
    /// The count.
    Shown,
}

/// A cell with the count that it had in the build of the relation, and its factor there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Term {
    pub id: String,
    pub count: u64,
    pub factor: i64,
}

impl Disclosed {
    /// The cells that any build withheld, whatever their counts then.
    pub(super) fn withheld(&self) -> BTreeSet<&str> {
        let withheld = self.cells.iter().filter(|cell| cell.standing == Standing::Withheld);
        withheld.map(|cell| cell.id.as_str()).collect()
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        let mut known = BTreeSet::new();
        for cell in &self.cells {
            if cell.count > GREATEST {
                return Err(Fault::TooGreat(cell.id.clone()));
            }
            if !known.insert((cell.id.as_str(), cell.count)) {
                return Err(Fault::CellTwice(cell.id.clone()));
            }
        }
        for relation in &self.relations {
            let mut sum = 0;
            for term in relation {
                if !known.contains(&(term.id.as_str(), term.count)) {
                    return Err(Fault::NoCell(term.id.clone()));
                }
                sum += i128::from(term.factor) * i128::from(term.count);
            }
            if sum != 0 {
                return Err(Fault::Untrue(relation.first().map(|term| term.id.clone()).unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// The record after a build has shown and withheld what `fates` says.
    pub(super) fn with(&self, table: &Table, fates: &BTreeMap<String, Fate>) -> Self {
        let known = self.cells.iter().map(|cell| ((cell.id.clone(), cell.count), cell.standing));
        let mut cells: BTreeMap<(String, u64), Standing> = known.collect();
        for cell in &table.cells {
            let standing = match fates.get(&cell.id) {
                Some(Fate::Shown) => Standing::Shown,
                Some(Fate::Primary | Fate::Secondary | Fate::Kept) => Standing::Withheld,
                Some(Fate::Inner) | None => Standing::Inner,
            };
            let most = cells.entry((cell.id.clone(), cell.count)).or_insert(standing);
            *most = standing.max(*most);
        }
        let shown = |term: &Term| cells.get(&(term.id.clone(), term.count)) == Some(&Standing::Shown);
        let all = self.relations.iter().cloned().chain(relations(table));
        let relations: BTreeSet<Vec<Term>> = all.filter(|relation| !relation.iter().all(shown)).collect();
        let cells = cells.into_iter().map(|((id, count), standing)| DisclosedCell { id, count, standing }).collect();
        Self { cells, relations: relations.into_iter().collect() }
    }
}

/// The relations of a table, each in one way: a cell once, by id, the first factor above 0.
pub(super) fn relations(table: &Table) -> Vec<Vec<Term>> {
    let counts: BTreeMap<&str, u64> = table.cells.iter().map(|cell| (cell.id.as_str(), cell.count)).collect();
    let one_way = |terms: &[(String, i64)]| {
        let mut factors: BTreeMap<&str, i64> = BTreeMap::new();
        for (id, factor) in terms {
            *factors.entry(id).or_default() += factor;
        }
        factors.retain(|_, factor| *factor != 0);
        let sign = factors.values().next().map_or(1, |factor| factor.signum());
        let term = |(id, factor): (&str, i64)| {
            let count = counts.get(id).copied().unwrap_or_default();
            Term { id: id.to_owned(), count, factor: sign * factor }
        };
        factors.into_iter().map(term).collect::<Vec<Term>>()
    };
    let all: BTreeSet<Vec<Term>> = table.relations.iter().map(|relation| one_way(&relation.terms)).collect();
    all.into_iter().filter(|relation| !relation.is_empty()).collect()
}
