//! Sums of one level by unit, scope and month.

use polars::prelude::PlHashMap;

use super::blocks::{Block, NONE};
use super::names::{NameId, Names};
use super::parts::Parts;
use crate::domain::{Level, Scope, ScopeKind};

/// Unit, scope and month in one number: 32, 16 and 16 bits of positions, or of ranks once sorted.
pub(super) type CellKey = u64;

pub(super) fn cell_key(unit: u32, scope: u32, month: u32) -> CellKey {
    u64::from(unit) << 32 | u64::from(scope) << 16 | u64::from(month)
}

/// A unit of a level: the names of its force and of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct UnitName {
    pub force: NameId,
    pub unit: NameId,
}

/// One level while it is added up.
pub(super) struct LevelCells {
    pub level: Level,
    kinds: Vec<ScopeKind>,
    units: PlHashMap<UnitName, u32>,
    unit_names: Vec<UnitName>,
    scopes: PlHashMap<NameId, u32>,
    scope_names: Vec<NameId>,
    cells: PlHashMap<CellKey, u32>,
    /// Which part has which column in `rows` (counted rows) or `amounts`.
    row_columns: Vec<Option<usize>>,
    amount_columns: Vec<Option<usize>>,
    row_width: usize,
    amount_width: usize,
    rows: Vec<u32>,
    amounts: Vec<i64>,
    samples: Vec<Vec<(CellKey, f64)>>,
}

/// The names of the scopes that are not classes of offence.
#[derive(Clone, Copy)]
pub(super) struct ScopeNames {
    pub all: NameId,
    pub domestic_abuse: NameId,
    pub hate_crime: NameId,
    pub nation: NameId,
}

impl ScopeNames {
    pub fn new(names: &mut Names) -> Self {
        Self {
            all: names.id(Scope::all().as_str()),
            domestic_abuse: names.id(Scope::domestic_abuse().as_str()),
            hate_crime: names.id(Scope::hate_crime().as_str()),
            nation: names.id(crate::domain::ENGLAND_AND_WALES),
        }
    }
}

impl LevelCells {
    /// `wanted` says which parts the level keeps.
    pub fn new(
        level: Level,
        kinds: &[ScopeKind],
        parts: &Parts,
        wanted: impl Fn(usize) -> bool,
        samples: usize,
    ) -> Self {
        let (mut row_columns, mut amount_columns) = (Vec::new(), Vec::new());
        let (mut row_width, mut amount_width) = (0, 0);
        for (i, part) in parts.0.iter().enumerate() {
            let (rows, amount) = match (wanted(i), part.amount().is_some()) {
                (false, _) => (None, None),
                (true, false) => (Some(row_width), None),
                (true, true) => (None, Some(amount_width)),
            };
            row_width += usize::from(rows.is_some());
            amount_width += usize::from(amount.is_some());
            row_columns.push(rows);
            amount_columns.push(amount);
        }
        Self {
            level,
            kinds: kinds.to_vec(),
            units: PlHashMap::default(),
            unit_names: Vec::new(),
            scopes: PlHashMap::default(),
            scope_names: Vec::new(),
            cells: PlHashMap::default(),
            row_columns,
            amount_columns,
            row_width,
            amount_width,
            rows: Vec::new(),
            amounts: Vec::new(),
            samples: vec![Vec::new(); samples],
        }
    }

    /// Adds a block. `part_months` and `sample_months` say which month column each part and sample goes by.
    pub fn add(&mut self, block: &Block, scopes: ScopeNames, part_months: &[usize], sample_months: &[usize]) {
        let units = self.unit_positions(block, scopes);
        let mut by_month: Vec<Vec<u64>> = vec![vec![0; block.counts.len()]; block.months.len()];
        for (part, month) in part_months.iter().enumerate() {
            if self.row_columns[part].is_some() || self.amount_columns[part].is_some() {
                by_month[*month][part / 64] |= 1 << (part % 64);
            }
        }
        for kind in self.kinds.clone() {
            let row_scopes = self.scope_positions(block, kind, scopes);
            for (months, parts) in block.months.iter().zip(&by_month) {
                for row in 0..block.rows {
                    let (scope, month) = (row_scopes.at(row), months[row]);
                    if scope != NONE && month != NONE {
                        self.add_row(block, row, cell_key(units[row], scope, month), parts);
                    }
                }
            }
            for (sample, month) in sample_months.iter().enumerate() {
                for (row, value) in &block.samples[sample] {
                    let row = *row as usize;
                    let (scope, month) = (row_scopes.at(row), block.months[*month][row]);
                    if scope != NONE && month != NONE {
                        self.samples[sample].push((cell_key(units[row], scope, month), *value));
                    }
                }
            }
        }
    }

    fn add_row(&mut self, block: &Block, row: usize, key: CellKey, parts: &[u64]) {
        if block.counts.iter().zip(parts).all(|(counts, parts)| counts[row] & parts == 0) {
            return;
        }
        let cell = match self.cells.get(&key) {
            Some(cell) => *cell as usize,
            None => {
                let cell = self.cells.len();
                self.cells.insert(key, cell as u32);
                self.rows.resize((cell + 1) * self.row_width, 0);
                self.amounts.resize((cell + 1) * self.amount_width, 0);
                cell
            }
        };
        for (word, (counts, parts)) in block.counts.iter().zip(parts).enumerate() {
            let mut left = counts[row] & parts;
            while left != 0 {
                let part = word * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                if let Some(column) = self.row_columns[part] {
                    self.rows[cell * self.row_width + column] += 1;
                } else if let Some(column) = self.amount_columns[part] {
                    self.amounts[cell * self.amount_width + column] += block.amounts[part][row];
                }
            }
        }
    }

    fn unit_positions(&mut self, block: &Block, scopes: ScopeNames) -> Vec<u32> {
        let column = |name: &str| super::blocks::UNIT_COLUMNS.iter().position(|c| *c == name);
        let own = column(self.level.name()).map(|c| &block.units[c]);
        let forces = &block.units[0];
        let mut last: Option<(UnitName, u32)> = None;
        (0..block.rows)
            .map(|row| {
                let name = match self.level {
                    Level::National => UnitName { force: scopes.nation, unit: scopes.nation },
                    _ => UnitName { force: forces[row], unit: own.map_or(forces[row], |units| units[row]) },
                };
                if let Some((known, position)) = last
                    && known == name
                {
                    return position;
                }
                let next = self.unit_names.len() as u32;
                let position = *self.units.entry(name).or_insert(next);
                if position == next {
                    self.unit_names.push(name);
                }
                last = Some((name, position));
                position
            })
            .collect()
    }

    fn scope_position(&mut self, name: NameId) -> u32 {
        let next = self.scope_names.len() as u32;
        let position = *self.scopes.entry(name).or_insert(next);
        if position == next {
            self.scope_names.push(name);
        }
        position
    }

    fn scope_positions(&mut self, block: &Block, kind: ScopeKind, scopes: ScopeNames) -> RowScopes {
        let mut flagged = |name, flags: &[bool]| {
            let position = self.scope_position(name);
            RowScopes::Each(flags.iter().map(|f| if *f { position } else { NONE }).collect())
        };
        match kind {
            ScopeKind::All => RowScopes::Same(self.scope_position(scopes.all)),
            ScopeKind::DomesticAbuse => flagged(scopes.domestic_abuse, &block.flags[0]),
            ScopeKind::HateCrime => flagged(scopes.hate_crime, &block.flags[1]),
            ScopeKind::OffenceGroup => self.class_positions(&block.classes[0]),
            ScopeKind::OffenceSubgroup => self.class_positions(&block.classes[1]),
        }
    }

    fn class_positions(&mut self, classes: &[u32]) -> RowScopes {
        RowScopes::Each(classes.iter().map(|c| if *c == NONE { NONE } else { self.scope_position(*c) }).collect())
    }

    /// Puts units, scopes and months in the order of their names.
    pub fn sorted(self, names: &Names) -> SortedCells {
        let unit_order = order(&self.unit_names, |u| (names.text(u.force).clone(), names.text(u.unit).clone()));
        let scope_order = order(&self.scope_names, |s| names.text(*s).clone());
        let (unit_rank, scope_rank) = (ranks(&unit_order), ranks(&scope_order));
        let ranked = |key: CellKey| {
            let (unit, scope) = ((key >> 32) as usize, (key >> 16 & 0xffff) as usize);
            cell_key(unit_rank[unit], scope_rank[scope], (key & 0xffff) as u32)
        };
        let mut cells: Vec<(CellKey, u32)> = self.cells.iter().map(|(key, cell)| (ranked(*key), *cell)).collect();
        cells.sort_unstable();
        let samples = self.samples.into_iter().map(|mut sample| {
            sample.iter_mut().for_each(|(key, _)| *key = ranked(*key));
            sample.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            sample
        });
        SortedCells {
            level: self.level,
            units: unit_order.iter().map(|at| self.unit_names[*at]).collect(),
            scopes: scope_order.iter().map(|at| self.scope_names[*at]).collect(),
            samples: samples.collect(),
            cells,
            row_columns: self.row_columns,
            amount_columns: self.amount_columns,
            row_width: self.row_width,
            amount_width: self.amount_width,
            rows: self.rows,
            amounts: self.amounts,
        }
    }
}

enum RowScopes {
    Same(u32),
    Each(Vec<u32>),
}

impl RowScopes {
    fn at(&self, row: usize) -> u32 {
        match self {
            Self::Same(scope) => *scope,
            Self::Each(scopes) => scopes[row],
        }
    }
}

fn order<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_cached_key(|at| key(&items[*at]));
    order
}

fn ranks(order: &[usize]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, at) in order.iter().enumerate() {
        ranks[*at] = rank as u32;
    }
    ranks
}

/// One level, added up: cells in the order of force, unit, scope and month.
pub(super) struct SortedCells {
    pub level: Level,
    pub units: Vec<UnitName>,
    pub scopes: Vec<NameId>,
    /// Key of ranks, and where the sums are.
    pub cells: Vec<(CellKey, u32)>,
    /// By quantile metric: values with their keys, sorted.
    pub samples: Vec<Vec<(CellKey, f64)>>,
    row_columns: Vec<Option<usize>>,
    amount_columns: Vec<Option<usize>>,
    row_width: usize,
    amount_width: usize,
    rows: Vec<u32>,
    amounts: Vec<i64>,
}

impl SortedCells {
    /// The integer sum of a part in a cell.
    pub fn sum(&self, cell: u32, part: usize) -> i64 {
        let cell = cell as usize;
        match (self.row_columns[part], self.amount_columns[part]) {
            (Some(column), _) => i64::from(self.rows[cell * self.row_width + column]),
            (_, Some(column)) => self.amounts[cell * self.amount_width + column],
            (None, None) => 0,
        }
    }
}
