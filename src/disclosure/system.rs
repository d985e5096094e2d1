//! All builds as one system of unknowns and relations.

use std::collections::{BTreeMap, BTreeSet};

use super::disclosed::{Disclosed, Standing, relations};
use super::{LEAST_SHOWN, PROTECTION, Role, Table};

/// A cell between two of its revisions: the same number in every build in which it was not revised.
#[derive(Clone, Debug)]
pub(super) struct Unknown {
    pub id: String,
    pub count: i64,
    pub openness: Openness,
    pub need: Need,
    /// What readers take it to lie between.
    pub least: i64,
    pub most: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Openness {
    /// Readers know it.
    Shown,
    /// Readers do not know it.
    Hidden,
    /// It would be shown; to withhold it costs so much.
    Offered(i64),
}

/// What readers must find possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Nothing,
    /// All from 0 to 4.
    FromZero,
    /// Counts that lie 4 apart.
    Apart,
}

pub(super) struct System {
    /// By id and revision.
    pub unknowns: Vec<Unknown>,
    /// Without what readers know, each by unknown.
    pub rows: Vec<Vec<(usize, i64)>>,
}

impl System {
    pub fn new(table: &Table, earlier: &Disclosed) -> Self {
        let mut shown: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for cell in earlier.cells.iter().filter(|cell| cell.standing == Standing::Shown) {
            shown.entry(&cell.id).or_default().push(cell.count);
        }
        let withheld = earlier.withheld();
        let revisions = earlier.revisions(table);
        let mut told: BTreeSet<(&str, u32)> = BTreeSet::new();
        let mut all: BTreeMap<(&str, u32), Unknown> = BTreeMap::new();
        for cell in &earlier.cells {
            let (openness, need) = match cell.standing {
                Standing::Shown => (Openness::Shown, Need::Nothing),
                Standing::Withheld => (Openness::Hidden, need_of_withheld(cell.count)),
                Standing::Inner => (Openness::Hidden, need_of_inner(cell.count)),
            };
            if cell.standing != Standing::Inner {
                told.insert((&cell.id, cell.revision));
            }
            all.insert((&cell.id, cell.revision), unknown(&cell.id, cell.count, openness, need, &shown));
        }
        for cell in &table.cells {
            let (openness, need) = match cell.role {
                Role::Known => (Openness::Shown, Need::Nothing),
                Role::Inner => (Openness::Hidden, need_of_inner(cell.count)),
                Role::Offered(_) if cell.count < LEAST_SHOWN => (Openness::Hidden, Need::FromZero),
                Role::Offered(_) if withheld.contains(cell.id.as_str()) => (Openness::Hidden, Need::Apart),
                Role::Offered(loss) => (Openness::Offered(loss.cost(cell.count)), Need::Nothing),
            };
            let new = unknown(&cell.id, cell.count, openness, need, &shown);
            // What was shown is known, what was withheld stays so; what was inner is now what this build makes of it.
            let key = (cell.id.as_str(), revisions.get(cell.id.as_str()).copied().unwrap_or_default());
            if new.openness == Openness::Shown || !told.contains(&key) {
                all.insert(key, new);
            }
        }
        let places: BTreeMap<(&str, u32), usize> = all.keys().enumerate().map(|(at, key)| (*key, at)).collect();
        let unknowns: Vec<Unknown> = all.values().cloned().collect();
        let mut rows = BTreeSet::new();
        for relation in earlier.relations.iter().chain(&relations(table, &revisions)) {
            let place = |id: &str, revision| places.get(&(id, revision)).copied();
            let terms = relation.iter().filter_map(|term| Some((place(&term.id, term.revision)?, term.factor)));
            let mut row: Vec<_> = terms.filter(|(at, _)| unknowns[*at].openness != Openness::Shown).collect();
            row.sort_unstable();
            if !row.is_empty() {
                rows.insert(row);
            }
        }
        Self { unknowns, rows: rows.into_iter().collect() }
    }
}

const fn need_of_withheld(count: u64) -> Need {
    if count < LEAST_SHOWN { Need::FromZero } else { Need::Apart }
}

const fn need_of_inner(count: u64) -> Need {
    if count < LEAST_SHOWN { Need::Apart } else { Need::Nothing }
}

/// A count of 5 or more that was revised after it had been shown is taken to be known within a margin of the nearest
/// count shown: as far as the revision went, and [`PROTECTION`] more.
fn unknown(id: &str, count: u64, openness: Openness, need: Need, shown: &BTreeMap<&str, Vec<u64>>) -> Unknown {
    let (mut least, mut most) = (0, None);
    let others = shown.get(id).into_iter().flatten().copied();
    let nearest = others.min_by_key(|other| (other.abs_diff(count), *other));
    if let Some(nearest) = nearest.filter(|_| count >= LEAST_SHOWN) {
        let margin = nearest.abs_diff(count) + PROTECTION;
        (least, most) = (nearest.saturating_sub(margin), Some(nearest + margin));
    }
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Unknown { id: id.to_owned(), count: whole(count), openness, need, least: whole(least), most: most.map(whole) }
}
