//! A linear programme in exact fractions, started at a point that is known to be feasible.
//!
//! Dantzig's simplex method with upper bounds (Chvátal V 1983, *Linear Programming*, W H Freeman, chapters 3 and 8): by
//! the greatest gain at first, and where that takes long by Bland's rule, which cannot cycle (Bland RG 1977, *Mathematics of
//! Operations Research* 2:103-107). The programmes here are
//! about moves away from the true table, so that not moving is always feasible and no first phase is needed. Whatever
//! fractions of 128 bits do not hold, and whatever takes more pivots than a programme of this size should, is answered by
//! `None`: the caller then takes the move to be impossible, which is the safe side.

use std::cmp::Ordering;

use super::fraction::Fraction;

/// Minimise `Σ cost·x` where `Σ coefficient·x = 0` for each row and `0 ≤ x ≤ most`.
#[derive(Clone, Debug, Default)]
pub(super) struct Programme {
    pub cost: Vec<i64>,
    /// `None` is no upper bound.
    pub most: Vec<Option<i64>>,
    /// Each by variable, ascending, each variable once.
    pub rows: Vec<Vec<(usize, i64)>>,
}

const MOST_PIVOTS: usize = 20_000;
const PIVOTS_BY_GAIN: usize = 1_000;

type Row = Vec<(usize, Fraction)>;

impl Programme {
    /// The values of the variables at a vertex of least cost.
    pub fn solve(&self) -> Option<Vec<Fraction>> {
        let mut tableau = Tableau::start(self)?;
        for pivot in 0..MOST_PIVOTS {
            if !tableau.step(pivot < PIVOTS_BY_GAIN)? {
                return tableau.values();
            }
        }
        None
    }
}

/// Each row: its basic variable, which has coefficient 1 there and 0 elsewhere, what else is in it, and the value.
struct Tableau {
    basic: Vec<usize>,
    rows: Vec<Row>,
    values: Vec<Fraction>,
    cost: Vec<Fraction>,
    most: Vec<Option<Fraction>>,
    /// A variable counted down from its upper bound.
    flipped: Vec<bool>,
}

impl Tableau {
    /// Solves each row for a variable of its own; a row that the others imply falls away.
    fn start(programme: &Programme) -> Option<Self> {
        let cost = programme.cost.iter().map(|c| Fraction::whole(*c)).collect();
        let most: Vec<_> = programme.most.iter().map(|most| most.map(Fraction::whole)).collect();
        let flipped = vec![false; most.len()];
        let mut tableau = Self { basic: Vec::new(), rows: Vec::new(), values: Vec::new(), cost, most, flipped };
        for row in &programme.rows {
            let mut row: Row = row.iter().map(|(j, a)| (*j, Fraction::whole(*a))).collect();
            for (basic, solved) in tableau.basic.iter().zip(&tableau.rows) {
                row = minus(&row, coefficient(&row, *basic), solved)?;
            }
            let Some((own, _)) = row.first().copied() else { continue };
            tableau.basic.push(own);
            tableau.rows.push(row);
            tableau.values.push(Fraction::ZERO);
            tableau.pivot(tableau.rows.len() - 1, own)?;
        }
        Some(tableau)
    }

    /// One move along an edge that costs less; false where none does.
    fn step(&mut self, by_gain: bool) -> Option<bool> {
        let enters = |j: &usize| self.cost[*j].is_negative() && self.most[*j] != Some(Fraction::ZERO);
        let mut entering = (0..self.cost.len()).filter(enters);
        let Some(mut best) = entering.next() else { return Some(false) };
        for other in entering.take_while(|_| by_gain) {
            if self.cost[other].compared(self.cost[best])? == Ordering::Less {
                best = other;
            }
        }
        let entering = best;
        let mut way = self.most[entering];
        let mut leaving: Option<(usize, bool)> = None;
        for (i, row) in self.rows.iter().enumerate() {
            let a = coefficient(row, entering);
            if a.is_zero() {
                continue;
            }
            let at_upper = a.is_negative();
            let room = if at_upper {
                let Some(most) = self.most[self.basic[i]] else { continue };
                self.values[i].minus(Fraction::ONE, most)?.over(a)?
            } else {
                self.values[i].over(a)?
            };
            let shorter = match way {
                None => Ordering::Less,
                Some(way) => room.compared(way)?,
            };
            let before = leaving.is_some_and(|(other, _)| self.basic[i] < self.basic[other]);
            if shorter == Ordering::Less || (shorter == Ordering::Equal && before) {
                (way, leaving) = (Some(room), Some((i, at_upper)));
            }
        }
        // Without a bound there is no least cost; every programme here has one.
        way?;
        match leaving {
            None => self.flip_outside(entering)?,
            Some((row, at_upper)) => {
                if at_upper {
                    self.flip_basic(row)?;
                }
                self.pivot(row, entering)?;
            }
        }
        Some(true)
    }

    /// A variable outside the basis goes to its other bound.
    fn flip_outside(&mut self, variable: usize) -> Option<()> {
        let most = self.most[variable]?;
        for (row, value) in self.rows.iter_mut().zip(&mut self.values) {
            if let Ok(at) = row.binary_search_by_key(&variable, |(j, _)| *j) {
                *value = value.minus(row[at].1, most)?;
                row[at].1 = row[at].1.negated()?;
            }
        }
        self.cost[variable] = self.cost[variable].negated()?;
        self.flipped[variable] = !self.flipped[variable];
        Some(())
    }

    /// The basic variable of a row is counted from its upper bound.
    fn flip_basic(&mut self, row: usize) -> Option<()> {
        let variable = self.basic[row];
        self.values[row] = self.most[variable]?.minus(Fraction::ONE, self.values[row])?;
        for (j, a) in &mut self.rows[row] {
            if *j != variable {
                *a = a.negated()?;
            }
        }
        self.flipped[variable] = !self.flipped[variable];
        Some(())
    }

    fn pivot(&mut self, at: usize, entering: usize) -> Option<()> {
        let a = coefficient(&self.rows[at], entering);
        for (_, other) in &mut self.rows[at] {
            *other = other.over(a)?;
        }
        self.values[at] = self.values[at].over(a)?;
        self.basic[at] = entering;
        let (solved, value) = (self.rows[at].clone(), self.values[at]);
        for i in (0..self.rows.len()).filter(|i| *i != at) {
            let factor = coefficient(&self.rows[i], entering);
            if !factor.is_zero() {
                self.rows[i] = minus(&self.rows[i], factor, &solved)?;
                self.values[i] = self.values[i].minus(factor, value)?;
            }
        }
        let factor = self.cost[entering];
        if !factor.is_zero() {
            for (j, a) in &solved {
                self.cost[*j] = self.cost[*j].minus(factor, *a)?;
            }
        }
        Some(())
    }

    fn values(&self) -> Option<Vec<Fraction>> {
        let mut values = vec![Fraction::ZERO; self.most.len()];
        for (variable, value) in self.basic.iter().zip(&self.values) {
            values[*variable] = *value;
        }
        for (value, most) in values.iter_mut().zip(&self.most).zip(&self.flipped).filter(|(_, f)| **f).map(|(v, _)| v) {
            *value = most.as_ref()?.minus(Fraction::ONE, *value)?;
        }
        Some(values)
    }
}

fn coefficient(row: &Row, variable: usize) -> Fraction {
    row.binary_search_by_key(&variable, |(j, _)| *j).map_or(Fraction::ZERO, |at| row[at].1)
}

/// `row - factor · other`, without what cancels.
fn minus(row: &Row, factor: Fraction, other: &Row) -> Option<Row> {
    if factor.is_zero() {
        return Some(row.clone());
    }
    let mut result = Vec::with_capacity(row.len() + other.len());
    let (mut left, mut right) = (row.iter().peekable(), other.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return Some(result),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let (mut variable, mut value) = (0, Fraction::ZERO);
        if order != Ordering::Greater {
            (variable, value) = *left.next()?;
        }
        if order != Ordering::Less {
            let subtracted = right.next()?;
            variable = subtracted.0;
            value = value.minus(factor, subtracted.1)?;
        }
        if !value.is_zero() {
            result.push((variable, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solved(cost: &[i64], most: &[Option<i64>], rows: &[&[(usize, i64)]]) -> Option<Vec<(i64, bool)>> {
        let rows = rows.iter().map(|row| row.to_vec()).collect();
        let values = Programme { cost: cost.to_vec(), most: most.to_vec(), rows }.solve()?;
        values.into_iter().map(|value| Some((value.floor()?, value.as_whole().is_some()))).collect()
    }

    const WHOLE: bool = true;

    #[test]
    fn the_least_cost_is_found_at_a_bound() {
        // x0 up to 4 is worth 10 each; it is paid by x1 (at 3, no more than 2 of it) or x2 (at 5).
        let answer = solved(&[-10, 3, 5], &[Some(4), Some(2), None], &[&[(0, 1), (1, -1), (2, -1)]]);
        assert_eq!(answer, Some(vec![(4, WHOLE), (2, WHOLE), (2, WHOLE)]));
        // Nothing is gained: nothing moves.
        let answer = solved(&[-1, 3, 5], &[Some(4), Some(2), None], &[&[(0, 1), (1, -1), (2, -1)]]);
        assert_eq!(answer, Some(vec![(0, WHOLE); 3]));
        // A variable in no row goes to its bound; one without a bound has no least cost.
        assert_eq!(solved(&[-1], &[Some(7)], &[]), Some(vec![(7, WHOLE)]));
        assert_eq!(solved(&[-1], &[None], &[]), None);
    }

    #[test]
    fn rows_that_say_the_same_and_fractions_are_borne() {
        // x0 = 2·x1 twice over, x0 up to 3: x1 is one and a half.
        let rows: &[&[(usize, i64)]] = &[&[(0, 1), (1, -2)], &[(0, -2), (1, 4)]];
        assert_eq!(solved(&[-1, 0], &[Some(3), None], rows), Some(vec![(3, WHOLE), (1, false)]));
    }

    /// The example of Chvátal, page 31, on which the method cycles without a rule against it: 1 at x0 = 1, x2 = 1.
    #[test]
    fn a_degenerate_programme_ends() {
        let rows: &[&[(usize, i64)]] =
            &[&[(0, 1), (1, -11), (2, -5), (3, 18), (4, 2)], &[(0, 1), (1, -3), (2, -1), (3, 2), (5, 2)]];
        let most = [Some(1), None, None, None, None, None];
        let answer = solved(&[-10, 57, 9, 24, 0, 0], &most, rows);
        assert_eq!(answer, Some(vec![(1, WHOLE), (0, WHOLE), (1, WHOLE), (0, WHOLE), (2, WHOLE), (0, WHOLE)]));
    }
}
