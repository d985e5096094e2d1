//! A part of the system that its relations hold together: what is withheld in it, and the worlds found so far.

use std::cmp::Reverse;

use super::super::system::{Need, Openness, System, Unknown};
use super::super::{PROTECTION, Unmet};
use super::reach::{Mover, reach};

const APART: i64 = PROTECTION as i64;

/// Relations away from a cell in which others are looked for first: its own, and those of what stands in these.
const NEAR: usize = 2;

/// How many cells are tried again. Safety does not hang on it, and each try audits its part anew.
const MOST_GIVEN_BACK: usize = 32;

pub(super) struct Part {
    unknowns: Vec<Unknown>,
    rows: Vec<Vec<(usize, i64)>>,
    rows_of: Vec<Vec<usize>>,
    /// Moves from the true table to other worlds.
    worlds: Vec<Vec<i64>>,
    /// Cells withheld for another's sake, in the order in which they were, with their costs.
    given_up: Vec<(usize, i64)>,
    /// Needs that nothing can meet any more.
    hopeless: Vec<bool>,
}

impl Part {
    pub fn of(system: &System, members: &[usize]) -> Self {
        let mut place = vec![None; system.unknowns.len()];
        for (at, member) in members.iter().enumerate() {
            place[*member] = Some(at);
        }
        let unknowns: Vec<Unknown> = members.iter().map(|member| system.unknowns[*member].clone()).collect();
        let inside = |row: &Vec<(usize, i64)>| {
            row.iter().map(|(at, factor)| Some((place[*at]?, *factor))).collect::<Option<Vec<_>>>()
        };
        let rows: Vec<Vec<(usize, i64)>> = system.rows.iter().filter_map(inside).collect();
        let mut rows_of = vec![Vec::new(); unknowns.len()];
        for (row, terms) in rows.iter().enumerate() {
            for (at, _) in terms {
                rows_of[*at].push(row);
            }
        }
        let hopeless = vec![false; unknowns.len()];
        Self { unknowns, rows, rows_of, worlds: Vec::new(), given_up: Vec::new(), hopeless }
    }

    /// Withholds until every need is met, or nothing more can be done for it.
    pub fn protect(&mut self) {
        while let Some(at) = (0..self.unknowns.len()).find(|at| !self.hopeless[*at] && !self.is_met(*at)) {
            if !self.meet_with_hidden(at) && !self.meet_by_withholding(at) {
                self.hopeless[at] = true;
            }
        }
    }

    /// Shows again, the dearest first and not without end, what the others protect without it.
    pub fn give_back(&mut self) {
        let mut dearest = self.given_up.clone();
        dearest.sort_by_key(|(at, cost)| (Reverse(*cost), *at));
        let ranges: Vec<_> = (0..self.unknowns.len()).map(|at| self.range(at)).collect();
        for (at, cost) in dearest.into_iter().take(MOST_GIVEN_BACK) {
            let worlds = std::mem::take(&mut self.worlds);
            self.worlds = worlds.iter().filter(|world| world[at] == 0).cloned().collect();
            let (hidden, need) = (self.unknowns[at].openness, self.unknowns[at].need);
            (self.unknowns[at].openness, self.unknowns[at].need) = (Openness::Offered(cost), Need::Nothing);
            let safe = (0..self.unknowns.len()).all(|other| {
                let as_before = |part: &Self| part.hopeless[other] && part.range(other) == ranges[other];
                self.is_met(other) || self.meet_with_hidden(other) || as_before(self)
            });
            if safe {
                self.given_up.retain(|(given_up, _)| *given_up != at);
            } else {
                (self.unknowns[at].openness, self.unknowns[at].need) = (hidden, need);
                self.worlds = worlds;
            }
        }
    }

    pub fn given_up(&self) -> impl Iterator<Item = &Unknown> {
        self.given_up.iter().map(|(at, _)| &self.unknowns[*at])
    }

    pub fn unmet(&self) -> impl Iterator<Item = Unmet> {
        (0..self.unknowns.len()).filter(|at| !self.is_met(*at)).map(|at| {
            let (down, up) = self.range(at);
            let unknown = &self.unknowns[at];
            let count = |moved: i64| u64::try_from(unknown.count + moved).unwrap_or_default();
            Unmet { id: unknown.id.clone(), count: count(0), lowest: count(down), highest: count(up) }
        })
    }

    /// How far the worlds found take a cell, down and up.
    fn range(&self, at: usize) -> (i64, i64) {
        let moves = self.worlds.iter().map(|world| world[at]);
        moves.fold((0, 0), |(down, up), moved| (down.min(moved), up.max(moved)))
    }

    /// What is lacking of a need, as moves: down or up, and for cells that need two counts apart, either.
    fn lacking(&self, at: usize) -> (i64, i64) {
        let (down, up) = self.range(at);
        match self.unknowns[at].need {
            Need::Nothing => (0, 0),
            Need::FromZero => {
                let count = self.unknowns[at].count;
                (if down > -count { -count } else { 0 }, if up < APART - count { APART - count } else { 0 })
            }
            Need::Apart if up - down >= APART => (0, 0),
            Need::Apart => (-(APART - up), APART + down),
        }
    }

    fn is_met(&self, at: usize) -> bool {
        self.lacking(at) == (0, 0)
    }

    /// Looks for worlds in which only what is withheld is otherwise.
    fn meet_with_hidden(&mut self, at: usize) -> bool {
        for up in [true, false] {
            let (down, by) = self.lacking(at);
            let by = if up { by } else { down };
            if by != 0 {
                let movers = self.movers(at, false, usize::MAX);
                self.worlds.extend(reach(&self.unknowns, &self.rows, &movers, at, by));
            }
        }
        self.is_met(at)
    }

    /// Looks for the cheapest worlds in which what would be shown is otherwise too, near the cell at first, and withholds
    /// that. One world at a time: what it takes is free for the next.
    fn meet_by_withholding(&mut self, at: usize) -> bool {
        while !self.is_met(at) {
            let near = self.cheapest(at, NEAR).filter(|(short, _, _)| !short);
            let Some((_, _, world)) = near.or_else(|| self.cheapest(at, usize::MAX)) else { return false };
            self.withhold(world);
        }
        true
    }

    /// The cheapest world that takes a cell farther than those found: whether it falls short, its cost, the move.
    fn cheapest(&self, at: usize, within: usize) -> Option<(bool, i64, Vec<i64>)> {
        let (down, up) = self.lacking(at);
        let movers = self.movers(at, true, within);
        let range = self.range(at);
        let found = [up, down].into_iter().filter(|by| *by != 0).filter_map(|by| {
            let world = reach(&self.unknowns, &self.rows, &movers, at, by)?;
            let farther = world[at] < range.0 || world[at] > range.1;
            farther.then(|| (world[at] != by, self.cost(&world), world))
        });
        found.min_by_key(|(short, cost, _)| (*short, *cost))
    }

    fn cost(&self, world: &[i64]) -> i64 {
        let moved = self.unknowns.iter().zip(world).filter(|(_, moved)| **moved != 0);
        moved.map(|(unknown, _)| if let Openness::Offered(cost) = unknown.openness { cost } else { 0 }).sum()
    }

    fn withhold(&mut self, world: Vec<i64>) {
        for (at, moved) in world.iter().enumerate() {
            if let (Openness::Offered(cost), true) = (self.unknowns[at].openness, *moved != 0) {
                (self.unknowns[at].openness, self.unknowns[at].need) = (Openness::Hidden, Need::Apart);
                self.given_up.push((at, cost));
            }
        }
        self.worlds.push(world);
    }

    /// What can move with a cell: all that is tied to it by so many relations and cells that may move themselves.
    fn movers(&self, target: usize, with_offered: bool, within: usize) -> Vec<Mover> {
        let mut seen = vec![false; self.unknowns.len()];
        seen[target] = true;
        let mut row_seen = vec![false; self.rows.len()];
        let mut edge = vec![target];
        for _ in 0..within {
            let rows: Vec<usize> = edge.iter().flat_map(|at| &self.rows_of[*at]).copied().collect();
            edge.clear();
            for row in rows {
                if std::mem::replace(&mut row_seen[row], true) {
                    continue;
                }
                for (other, _) in &self.rows[row] {
                    let may = with_offered || self.unknowns[*other].openness == Openness::Hidden;
                    if may && !std::mem::replace(&mut seen[*other], true) {
                        edge.push(*other);
                    }
                }
            }
            if edge.is_empty() {
                break;
            }
        }
        let movers = (0..self.unknowns.len()).filter(|at| seen[*at]);
        let cost = |at: usize| if let Openness::Offered(cost) = self.unknowns[at].openness { cost } else { 0 };
        movers.map(|at| Mover { at, cost: cost(at) }).collect()
    }
}
