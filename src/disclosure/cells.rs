//! A table to be protected: its cells, what is known to hold among them, and the rates that rest on them.

use std::collections::{BTreeMap, BTreeSet};

/// A count of a metric, unit and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Names metric, unit and period, and part of a rate; the same in every build.
    pub id: String,
    pub count: u64,
    pub role: Role,
}

/// What a cell is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// For publication, unless it must be withheld.
    Offered(Loss),
    /// Known to everybody whatever is published: a population, a structural zero, what another body has published.
    Known,
    /// Not for publication, but in a relation with what is.
    Inner,
}

/// What a reader loses with a cell that is withheld for another's sake. The least is given up first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// What could not be allocated to a unit.
    Unallocated,
    /// A unit.
    Part,
    /// A sum of units that is part of a greater one.
    Subtotal,
    /// The force.
    Total,
}

impl Loss {
    /// What to withhold a cell costs, small counts less than great ones: its level, times the binary digits of its count.
    pub(super) fn cost(self, count: u64) -> i64 {
        let level = match self {
            Self::Unallocated => 1,
            Self::Part => 4,
            Self::Subtotal => 64,
            Self::Total => 4_096,
        };
        level * (1 + i64::from(u64::BITS - count.leading_zeros()))
    }
}

/// A sum that everybody knows to be 0: `Σ factor·count`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    pub terms: Vec<(String, i64)>,
}

impl Relation {
    /// A whole is the sum of its parts: force and areas, denominator and what is in and not in the numerator, a rolling year
    /// and its months, this year to date and the last with what came between.
    pub fn sum<I, S>(whole: &str, parts: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        let parts = parts.into_iter().map(|part| (part.into(), -1));
        Self { terms: std::iter::once((whole.to_owned(), 1)).chain(parts).collect() }
    }
}

/// A rate, mean or percentile. It tells of the counts behind it, so it is shown only where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    pub id: String,
    /// The cell that it is divided by, or the number of records behind a mean or percentile.
    pub denominator: String,
    /// Every other cell that it may be worked back to: the numerator of a rate; for a mean, the numbers of records of
    /// the units that make up the same whole, as means and numbers of the others give the mean of the one left out.
    pub rests_on: Vec<String>,
}

/// What one build would publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub cells: Vec<Cell>,
    pub relations: Vec<Relation>,
    pub rates: Vec<Rate>,
}

/// A table that contradicts itself: a mistake of the code that made it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the cell {0} is there twice")]
    CellTwice(String),
    #[error("the count of the cell {0} is too great")]
    TooGreat(String),
    #[error("a relation or rate names the cell {0}, which is not there")]
    NoCell(String),
    #[error("the counts do not fulfil the relation of {0}")]
    Untrue(String),
}

/// Beyond this no count of a force is one; sums of such counts stay far inside 64 bits.
pub(super) const GREATEST: u64 = 1 << 40;

impl Table {
    pub(super) fn check(&self) -> Result<(), Fault> {
        let mut counts = BTreeMap::new();
        for cell in &self.cells {
            if cell.count > GREATEST {
                return Err(Fault::TooGreat(cell.id.clone()));
            }
            if counts.insert(cell.id.as_str(), cell.count).is_some() {
                return Err(Fault::CellTwice(cell.id.clone()));
            }
        }
        for relation in &self.relations {
            let mut sum = 0;
            for (id, factor) in &relation.terms {
                let count = counts.get(id.as_str()).ok_or_else(|| Fault::NoCell(id.clone()))?;
                sum += i128::from(*factor) * i128::from(*count);
            }
            if sum != 0 {
                return Err(Fault::Untrue(relation.terms.iter().map(|(id, _)| id.clone()).next().unwrap_or_default()));
            }
        }
        let named: BTreeSet<&String> =
            self.rates.iter().flat_map(|rate| rate.rests_on.iter().chain([&rate.denominator])).collect();
        named
            .into_iter()
            .find(|id| !counts.contains_key(id.as_str()))
            .map_or(Ok(()), |id| Err(Fault::NoCell(id.clone())))
    }
}
