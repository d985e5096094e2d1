//! How far a cell can be moved, and what moves with it.

use super::super::fraction::Fraction;
use super::super::simplex::Programme;
use super::super::system::Unknown;

/// How often a move that is no whole number is tried again with a tighter bound.
const TRIES: usize = 12;

/// What one step of the cell that is to move is worth beside the costs of all others: more than they can come to.
const WORTH: i64 = 1 << 44;

/// A cell that may move, at a cost for each step that it does.
pub(super) struct Mover {
    pub at: usize,
    pub cost: i64,
}

/// A move of whole numbers, by unknown, that keeps every row and bound and takes `target` as far towards `by` as may be, at
/// least cost; `None` where none was found.
pub(super) fn reach(
    unknowns: &[Unknown],
    rows: &[Vec<(usize, i64)>],
    movers: &[Mover],
    target: usize,
    by: i64,
) -> Option<Vec<i64>> {
    let mut column = vec![None; unknowns.len()];
    let mut programme = Programme::default();
    for (place, Mover { at, cost }) in movers.iter().enumerate() {
        column[*at] = Some(place);
        // Up and down are a variable each; the target has one way to go.
        let (up, down) =
            (unknowns[*at].most.map(|most| most - unknowns[*at].count), unknowns[*at].count - unknowns[*at].least);
        if *at == target {
            programme.cost.extend(if by > 0 { [-WORTH, 0] } else { [0, -WORTH] });
            programme.most.extend([Some(by.max(0).min(up.unwrap_or(i64::MAX))), Some((-by).max(0).min(down))]);
        } else {
            programme.cost.extend([*cost; 2]);
            programme.most.extend([up, Some(down)]);
        }
    }
    for row in rows {
        let terms = row.iter().filter_map(|(at, factor)| Some((column[*at]?, *factor)));
        let terms: Vec<_> = terms.flat_map(|(place, factor)| [(2 * place, factor), (2 * place + 1, -factor)]).collect();
        if !terms.is_empty() {
            programme.rows.push(terms);
        }
    }
    for _ in 0..TRIES {
        let values = programme.solve()?;
        if let Some(broken) = values.iter().position(|value| value.as_whole().is_none()) {
            programme.most[broken] = values[broken].floor();
            continue;
        }
        return confirmed(&values, unknowns, rows, movers).filter(|moved| moved[target] != 0);
    }
    None
}

/// The move in whole numbers, if these keep every row and bound.
fn confirmed(
    values: &[Fraction],
    unknowns: &[Unknown],
    rows: &[Vec<(usize, i64)>],
    movers: &[Mover],
) -> Option<Vec<i64>> {
    let mut moved = vec![0; unknowns.len()];
    for (pair, mover) in values.chunks_exact(2).zip(movers) {
        moved[mover.at] = pair[0].as_whole()?.checked_sub(pair[1].as_whole()?)?;
    }
    let within = |(unknown, moved): (&Unknown, &i64)| {
        let count = unknown.count.saturating_add(*moved);
        count >= unknown.least && unknown.most.is_none_or(|most| count <= most)
    };
    let kept = |row: &Vec<(usize, i64)>| {
        row.iter().map(|(at, factor)| i128::from(moved[*at]) * i128::from(*factor)).sum::<i128>() == 0
    };
    (unknowns.iter().zip(&moved).all(within) && rows.iter().all(kept)).then_some(moved)
}
