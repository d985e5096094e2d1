//! Rows counted by unit, block by block. Blocks may come in any order: the sums and the examples are the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use polars::prelude::{DataFrame, PolarsResult, StringChunked};

use super::checks::Checks;
use super::evaluate::Block;
use crate::domain::UNALLOCATED;
use crate::tables::accepted::Rows;
use crate::tables::quality::QualityExample;

/// Examples kept of each check.
const EXAMPLES_KEPT: usize = 5;

/// Where a row is counted. Blank where the extract does not know the level.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub force: Arc<str>,
    pub area: Arc<str>,
    pub department: Arc<str>,
    pub team: Arc<str>,
}

/// Rows that one check asked, and those that were as they should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub asked: u64,
    pub met: u64,
}

impl Count {
    pub fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.met += other.met;
    }
}

/// A row that falls short: force, key, area, team.
type Example = (String, String, String, String);

/// What the checks of one extract found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By place; a count for each check, in their order.
    pub(super) places: BTreeMap<Place, Vec<Count>>,
    /// Newest day of the required time, days since 1970-01-01, by force.
    pub(super) newest_day: BTreeMap<Arc<str>, i32>,
    /// By check: the first rows by key that fall short.
    examples: Vec<BTreeSet<Example>>,
}

impl Counts {
    /// Counts the rows of a block that are in the window and of a measured force.
    ///
    /// # Errors
    /// A column that the definition of the extract promises and the block lacks.
    pub fn of(checks: &Checks<'_>, rows: &Rows, frame: &DataFrame) -> PolarsResult<Self> {
        let block = Block { rows, frame };
        let units = Units::of(checks, rows, frame)?;
        let mut counted = vec![vec![Count::default(); checks.checks.len()]; units.places.len()];
        let keys = checks.extract.key.iter().find(|k| *k != "force").map(|k| rows.text(k)).transpose()?;
        let mut examples = vec![BTreeSet::new(); checks.checks.len()];
        for (i, check) in checks.checks.iter().enumerate() {
            let kept = &mut examples[i];
            checks.evaluate(check, &block, |row, met| {
                let Some(unit) = units.of_row[row] else { return };
                let count = &mut counted[unit as usize][i];
                count.asked += 1;
                count.met += u64::from(met);
                if !met && let Some(key) = keys.and_then(|k| k.get(row)) {
                    keep(kept, &units.places[unit as usize], key);
                }
            })?;
        }
        let newest_day = newest(checks, rows, &units)?;
        Ok(Self { places: units.places.into_iter().zip(counted).collect(), newest_day, examples })
    }

    /// The forces whose rows were counted.
    pub fn forces(&self) -> impl Iterator<Item = Arc<str>> {
        self.places.keys().map(|place| place.force.clone())
    }

    /// The places of one force.
    pub(super) fn of_force(&self, force: &Arc<str>) -> impl Iterator<Item = (&Place, &Vec<Count>)> {
        let first = Place { force: force.clone(), ..Place::default() };
        self.places.range(first..).take_while(move |(place, _)| place.force == *force)
    }

    /// Adds what another block found under the same checks.
    pub fn merge(&mut self, other: Self) {
        for (place, counts) in other.places {
            match self.places.get_mut(&place) {
                Some(mine) => mine.iter_mut().zip(counts).for_each(|(mine, more)| mine.add(more)),
                None => {
                    self.places.insert(place, counts);
                }
            }
        }
        for (force, day) in other.newest_day {
            let newest = self.newest_day.entry(force).or_insert(day);
            *newest = day.max(*newest);
        }
        self.examples.resize(self.examples.len().max(other.examples.len()), BTreeSet::new());
        for (mine, more) in self.examples.iter_mut().zip(other.examples) {
            mine.extend(more);
            while mine.len() > EXAMPLES_KEPT {
                mine.pop_last();
            }
        }
    }

    /// The examples of every check, in the order of their table.
    pub fn examples(&self, checks: &Checks<'_>) -> Vec<QualityExample> {
        let extract: Arc<str> = checks.extract.id.as_str().into();
        let each = checks.checks.iter().zip(&self.examples);
        let mut examples: Vec<QualityExample> = each
            .flat_map(|(check, rows)| rows.iter().map(move |row| (check, row)))
            .map(|(check, (force, key, area, team))| QualityExample {
                extract: extract.clone(),
                column: check.column.clone(),
                dimension: check.dimension,
                force: force.clone(),
                area: area.clone(),
                team: team.clone(),
                key: key.clone(),
                what: format!("not among {}", check.basis).into(),
            })
            .collect();
        examples.sort();
        examples
    }
}

fn keep(kept: &mut BTreeSet<Example>, place: &Place, key: &str) {
    let beyond = |last: &Example| (last.0.as_str(), last.1.as_str()) < (&*place.force, key);
    if kept.len() == EXAMPLES_KEPT && kept.last().is_some_and(beyond) {
        return;
    }
    let known = |unit: &str| if unit.is_empty() { UNALLOCATED.to_owned() } else { unit.to_owned() };
    kept.insert((place.force.to_string(), key.to_owned(), known(&place.area), known(&place.team)));
    if kept.len() > EXAMPLES_KEPT {
        kept.pop_last();
    }
}

/// The places of a block, and which one each row belongs to; `None` for a row that does not count.
struct Units {
    places: Vec<Place>,
    of_row: Vec<Option<u32>>,
}

impl Units {
    fn of(checks: &Checks<'_>, rows: &Rows, frame: &DataFrame) -> PolarsResult<Self> {
        let column = |name: &str| -> PolarsResult<Option<&StringChunked>> {
            frame.column(name).ok().map(|column| column.str()).transpose()
        };
        let (areas, departments, teams) = (column("area")?, column("department")?, column("team")?);
        let mut units = Self { places: Vec::new(), of_row: Vec::with_capacity(rows.len()) };
        let mut known: HashMap<[&str; 4], u32> = HashMap::new();
        for row in 0..rows.len() {
            let force = rows.force.get(row).unwrap_or_default();
            if !rows.in_window[row] || checks.measured.is_some_and(|measured| measured != force) {
                units.of_row.push(None);
                continue;
            }
            let [area, department, team] =
                [areas, departments, teams].map(|units| units.and_then(|units| units.get(row)).unwrap_or_default());
            let next = units.places.len() as u32;
            let id = *known.entry([force, area, department, team]).or_insert(next);
            if id == next {
                let [force, area, department, team] = [force, area, department, team].map(Arc::from);
                units.places.push(Place { force, area, department, team });
            }
            units.of_row.push(Some(id));
        }
        Ok(units)
    }
}

fn newest(checks: &Checks<'_>, rows: &Rows, units: &Units) -> PolarsResult<BTreeMap<Arc<str>, i32>> {
    let Some(time) = checks.extract.time.as_deref() else { return Ok(BTreeMap::new()) };
    let times = rows.times(time)?;
    let mut newest: BTreeMap<Arc<str>, i32> = BTreeMap::new();
    let mut by_unit: Vec<Option<i32>> = vec![None; units.places.len()];
    for (unit, time) in units.of_row.iter().zip(times) {
        if let (Some(unit), Some(time)) = (unit, time.at()) {
            let day = &mut by_unit[*unit as usize];
            *day = (*day).max(Some(time.day()));
        }
    }
    for (place, day) in units.places.iter().zip(by_unit) {
        let Some(day) = day else { continue };
        let force = newest.entry(place.force.clone()).or_insert(day);
        *force = day.max(*force);
    }
    Ok(newest)
}
