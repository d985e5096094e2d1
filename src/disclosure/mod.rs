//! Statistical disclosure control: which counts of a table may be shown to the public.
//!
//! In come cells (counts), the relations that everybody knows to hold among them, and what earlier builds disclosed. Out
//! comes a [`Fate`] for each cell, and the record to hand to the next build. The rule, in the words of the field:
//!
//! - **Primary.** A count of 0 to 4 is withheld. A zero is a count under 5; one that everybody knows is [`Role::Known`].
//! - **Secondary.** More cells are withheld until nothing withheld can be had back by subtraction. A reader who knows all
//!   that was ever shown, every relation, and that counts are whole and not negative must find possible, for a primary
//!   cell, all from 0 to 4; for every other withheld cell, counts that lie [`PROTECTION`] apart.
//! - **Inner.** A count that is not published but stands in a relation (a month of a rolling year, the denominator without
//!   its numerator) is held to that distance too where it is under 5, for subtraction gives it away as well.
//! - **Rates.** A rounded rate of a known denominator tells its numerator, so a [`Rate`] is shown where all that it rests on
//!   is shown, and its denominator is 50 or more.
//!
//! **Worlds.** The audit trusts no bound of a solver. For each withheld cell it keeps worlds: whole tables of whole numbers
//! that fulfil every relation and agree in all that was ever shown, one with the cell at the low end of what must be
//! possible and one at the high end. A linear programme proposes a world; it counts when integer arithmetic has confirmed
//! it. Whoever sees what is public cannot tell the true table from a world, so no argument leads from what is public to
//! a narrower range. Where no world is found with what is withheld so far, the cheapest move that also changes shown cells
//! is sought, and these are withheld. Every step withholds one cell more or is the last for a cell, so it ends; at worst all
//! is withheld. What cannot be protected even so, as earlier builds have shown too much, is in [`Protection::unmet`].
//!
//! **Builds.** What was published stays published. A cell may be revised from one build to the next, so it is one unknown
//! from each revision to the next: the reader is granted that he knows which cells a build has revised, and what it has not is
//! the same number as before. All builds are one system, in which all that was ever withheld is still to be protected, and worlds are worlds of all
//! builds at once. What ties periods (a rolling year is twelve months; the year to date grows by a month) is a relation
//! like any other. Two more rules are for readers who guess that a revision was small:
//!
//! - A cell that was withheld once stays withheld as long as its period is published. What is withheld only grows in a
//!   relation, so a move of withheld cells that an earlier build allows can be made in each later build as well, and leaves
//!   every shown value and every revision as it is, known or not, down to the zero that no count may pass.
//! - A cell that was shown, is revised and is now withheld for another's sake is taken to be known within a margin of its
//!   last shown value: as far as the revision went, and [`PROTECTION`] more. No world moves it farther.

mod audit;
mod cells;
mod disclosed;
mod fraction;
mod simplex;
mod system;

pub use cells::{Cell, Fault, Loss, Rate, Relation, Role, Table};
pub use disclosed::{Disclosed, DisclosedCell, Standing, Term};

use std::collections::{BTreeMap, BTreeSet};

use audit::Audited;

/// Counts below this are withheld.
pub const LEAST_SHOWN: u64 = 5;
/// How far apart possible counts must lie for a withheld cell: as far as 0 and 4.
pub const PROTECTION: u64 = LEAST_SHOWN - 1;
/// Rates with a smaller denominator are not shown.
pub const LEAST_DENOMINATOR: u64 = 50;

/// What becomes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Shown,
    /// Under 5.
    Primary,
    /// Would reveal another cell.
    Secondary,
    /// An earlier build withheld it.
    Kept,
    /// Never for publication.
    Inner,
}

impl Fate {
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Shown)
    }

    /// What stands in a public table in place of the count. Why it is withheld is not said: that would narrow it down.
    pub const fn shorthand(self) -> Option<&'static str> {
        if self.is_shown() { None } else { Some(SUPPRESSED) }
    }
}

/// What becomes of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateFate {
    Shown,
    /// Something that it rests on is withheld.
    Suppressed,
    /// Its denominator, which is shown, is under 50.
    SmallDenominator,
}

impl RateFate {
    pub const fn shorthand(self) -> Option<&'static str> {
        match self {
            Self::Shown => None,
            Self::Suppressed => Some(SUPPRESSED),
            Self::SmallDenominator => Some(NOT_AVAILABLE),
        }
    }
}

/// Shorthand for a value that is withheld so that nobody is identified.
pub const SUPPRESSED: &str = "[c]";
/// Shorthand for a value that there is not.
pub const NOT_AVAILABLE: &str = "[x]";

/// A withheld cell, of this build or an earlier one, whose range is narrower than promised whatever is withheld now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    pub id: String,
    pub count: u64,
    /// The range for which worlds were found.
    pub lowest: u64,
    pub highest: u64,
}

/// What may be shown of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    pub cells: BTreeMap<String, Fate>,
    pub rates: BTreeMap<String, RateFate>,
    /// Empty unless earlier builds, or what is known anyway, have shown too much. Not for the public.
    pub unmet: Vec<Unmet>,
    /// For the next build. It holds the withheld counts: not for the public.
    pub disclosed: Disclosed,
}

/// Decides for each cell and rate of a table whether it is shown, beside all that earlier builds disclosed.
///
/// The answer depends on no order, of cells, of relations or within one.
///
/// # Errors
/// [`Fault`], where the table contradicts itself: a cell twice or missing, a relation that its counts do not fulfil.
pub fn protect(table: &Table, earlier: &Disclosed) -> Result<Protection, Fault> {
    table.check()?;
    earlier.check()?;
    let system = system::System::new(table, earlier);
    let Audited { withheld, unmet } = audit::audit(&system);
    let kept = earlier.withheld();
    let fates = table.cells.iter().map(|cell| (cell.id.clone(), fate(cell, &kept, &withheld)));
    let cells: BTreeMap<String, Fate> = fates.collect();
    let counts: BTreeMap<&str, u64> = table.cells.iter().map(|cell| (cell.id.as_str(), cell.count)).collect();
    let rates = table.rates.iter().map(|rate| (rate.id.clone(), rate_fate(rate, &counts, &cells))).collect();
    let disclosed = earlier.with(table, &cells);
    Ok(Protection { cells, rates, unmet, disclosed })
}

fn fate(cell: &Cell, kept: &BTreeSet<&str>, withheld: &BTreeSet<String>) -> Fate {
    match cell.role {
        Role::Inner => Fate::Inner,
        Role::Known => Fate::Shown,
        Role::Offered(_) if cell.count < LEAST_SHOWN => Fate::Primary,
        Role::Offered(_) if kept.contains(cell.id.as_str()) => Fate::Kept,
        Role::Offered(_) if withheld.contains(&cell.id) => Fate::Secondary,
        Role::Offered(_) => Fate::Shown,
    }
}

fn rate_fate(rate: &Rate, counts: &BTreeMap<&str, u64>, cells: &BTreeMap<String, Fate>) -> RateFate {
    let shown = |id: &String| cells.get(id).is_some_and(|fate| fate.is_shown());
    let denominator = counts.get(rate.denominator.as_str()).copied().unwrap_or_default();
    if !shown(&rate.denominator) || !rate.rests_on.iter().all(shown) {
        RateFate::Suppressed
    } else if denominator < LEAST_DENOMINATOR {
        RateFate::SmallDenominator
    } else {
        RateFate::Shown
    }
}

#[cfg(test)]
mod attack;
#[cfg(test)]
mod tests;
