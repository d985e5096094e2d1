//! What builds have disclosed so far, as rows that a caller can keep in a table.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cells::{Fault, GREATEST};
use super::{Fate, Table};

/// Cells and relations of all builds so far. It holds withheld counts, so it is as restricted as the records themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosed {
    /// Each cell once for each time that its count was revised, by id and revision.
    pub cells: Vec<DisclosedCell>,
    /// Relations with something in them that was not shown: `Σ factor·count = 0`.
    pub relations: Vec<Vec<Term>>,
}

/// A cell between two of its revisions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DisclosedCell {
    pub id: String,
    /// 0 for the first count that a build had, and 1 more for each build whose count was another than the one before.
    pub revision: u32,
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

/// A cell as it was in the build of the relation, and its factor there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Term {
    pub id: String,
    pub revision: u32,
    pub factor: i64,
}

impl Disclosed {
    /// The cells that any build withheld, whatever their counts then.
    pub(super) fn withheld(&self) -> BTreeSet<&str> {
        let withheld = self.cells.iter().filter(|cell| cell.standing == Standing::Withheld);
        withheld.map(|cell| cell.id.as_str()).collect()
    }

    /// The revision of each cell of a table: its last, if it still has that count, or the next.
    pub(super) fn revisions<'a>(&self, table: &'a Table) -> BTreeMap<&'a str, u32> {
        let mut last: BTreeMap<&str, (u32, u64)> = BTreeMap::new();
        for cell in &self.cells {
            let known = last.entry(&cell.id).or_insert((cell.revision, cell.count));
            *known = (*known).max((cell.revision, cell.count));
        }
        let revision = |id: &str, now| match last.get(id) {
            None => 0,
            Some((revision, count)) if *count == now => *revision,
            Some((revision, _)) => revision + 1,
        };
        table.cells.iter().map(|cell| (cell.id.as_str(), revision(&cell.id, cell.count))).collect()
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        let mut known = BTreeMap::new();
        for cell in &self.cells {
            if cell.count > GREATEST {
                return Err(Fault::TooGreat(cell.id.clone()));
            }
            if known.insert((cell.id.as_str(), cell.revision), cell.count).is_some() {
                return Err(Fault::CellTwice(cell.id.clone()));
            }
        }
        for relation in &self.relations {
            let mut sum = 0;
            for term in relation {
                let count = known.get(&(term.id.as_str(), term.revision));
                let count = count.ok_or_else(|| Fault::NoCell(term.id.clone()))?;
                sum += i128::from(term.factor) * i128::from(*count);
            }
            if sum != 0 {
                return Err(Fault::Untrue(relation.first().map(|term| term.id.clone()).unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// The record after a build has shown and withheld what `fates` says.
    pub(super) fn with(&self, table: &Table, fates: &BTreeMap<String, Fate>) -> Self {
        let revisions = self.revisions(table);
        let mut cells: BTreeMap<(&str, u32), (u64, Standing)> = BTreeMap::new();
        for cell in &self.cells {
            cells.insert((&cell.id, cell.revision), (cell.count, cell.standing));
        }
        for cell in &table.cells {
            let standing = match fates.get(&cell.id) {
                Some(Fate::Shown) => Standing::Shown,
                Some(Fate::Primary | Fate::Secondary | Fate::Kept) => Standing::Withheld,
                Some(Fate::Inner) | None => Standing::Inner,
            };
            let revision = revisions.get(cell.id.as_str()).copied().unwrap_or_default();
            let (_, most) = cells.entry((&cell.id, revision)).or_insert((cell.count, standing));
            *most = standing.max(*most);
        }
        let shown = |term: &Term| {
            cells.get(&(term.id.as_str(), term.revision)).is_some_and(|(_, standing)| *standing == Standing::Shown)
        };
        let all = self.relations.iter().cloned().chain(relations(table, &revisions));
        let relations: BTreeSet<Vec<Term>> = all.filter(|relation| !relation.iter().all(shown)).collect();
        let row = |((id, revision), (count, standing)): (&(&str, u32), &(u64, Standing))| DisclosedCell {
            id: (*id).to_owned(),
            revision: *revision,
            count: *count,
            standing: *standing,
        };
        Self { cells: cells.iter().map(row).collect(), relations: relations.into_iter().collect() }
    }
}

/// The relations of a table, each in one way: a cell once, by id, the first factor above 0.
pub(super) fn relations(table: &Table, revisions: &BTreeMap<&str, u32>) -> Vec<Vec<Term>> {
    let one_way = |terms: &[(String, i64)]| {
        let mut factors: BTreeMap<&str, i64> = BTreeMap::new();
        for (id, factor) in terms {
            *factors.entry(id).or_default() += factor;
        }
        factors.retain(|_, factor| *factor != 0);
        let sign = factors.values().next().map_or(1, |factor| factor.signum());
        let term = |(id, factor): (&str, i64)| {
            let revision = revisions.get(id).copied().unwrap_or_default();
            Term { id: id.to_owned(), revision, factor: sign * factor }
        };
        factors.into_iter().map(term).collect::<Vec<Term>>()
    };
    let all: BTreeSet<Vec<Term>> = table.relations.iter().map(|relation| one_way(&relation.terms)).collect();
    all.into_iter().filter(|relation| !relation.is_empty()).collect()
}
