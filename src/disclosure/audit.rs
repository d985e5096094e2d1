//! Finds what must be withheld so that every withheld cell keeps its range, and the worlds that show it.

mod part;
mod reach;

use std::collections::BTreeSet;

use super::Unmet;
use super::system::{Need, Openness, System};
use part::Part;

pub(super) struct Audited {
    /// Cells of this build withheld for another's sake.
    pub withheld: BTreeSet<String>,
    pub unmet: Vec<Unmet>,
}

/// Takes the parts of the system that no relation ties one by one.
pub(super) fn audit(system: &System) -> Audited {
    let mut audited = Audited { withheld: BTreeSet::new(), unmet: Vec::new() };
    for members in tied(system) {
        if members.iter().all(|at| system.unknowns[*at].need == Need::Nothing) {
            continue;
        }
        let mut part = Part::of(system, &members);
        part.protect();
        part.give_back();
        audited.withheld.extend(part.given_up().map(|unknown| unknown.id.clone()));
        audited.unmet.extend(part.unmet());
    }
    audited
}

/// The unknowns in groups that relations tie, each ascending, by their first.
fn tied(system: &System) -> Vec<Vec<usize>> {
    let mut rows_of = vec![Vec::new(); system.unknowns.len()];
    for (row, terms) in system.rows.iter().enumerate() {
        for (at, _) in terms {
            rows_of[*at].push(row);
        }
    }
    let mut seen = vec![false; system.unknowns.len()];
    let mut row_seen = vec![false; system.rows.len()];
    let mut groups = Vec::new();
    for first in 0..system.unknowns.len() {
        if seen[first] || system.unknowns[first].openness == Openness::Shown {
            continue;
        }
        seen[first] = true;
        let (mut group, mut open) = (Vec::new(), vec![first]);
        while let Some(at) = open.pop() {
            group.push(at);
            for row in &rows_of[at] {
                if std::mem::replace(&mut row_seen[*row], true) {
                    continue;
                }
                for (other, _) in &system.rows[*row] {
                    if !std::mem::replace(&mut seen[*other], true) {
                        open.push(*other);
                    }
                }
            }
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups
}
