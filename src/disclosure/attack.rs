//! What is withheld is attacked: random tables, and chains of builds of them, by a reader who enumerates.

mod draw;
mod reader;

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use draw::Shape;
use reader::{Fates, Reader};

/// What was drawn and what became of it.
#[derive(Debug, Default)]
struct Seen {
    cases: usize,
    offered: usize,
    primary: usize,
    secondary: usize,
    unmet: usize,
    exposed: usize,
}

/// Protects the tables one after the other, and has the reader try each withheld cell of all builds.
fn attacked(tables: Vec<Table>, seen: &mut Seen) -> Vec<(Table, Fates)> {
    let mut disclosed = Disclosed::default();
    let mut builds = Vec::new();
    let mut unmet: BTreeMap<(String, i64), Unmet> = BTreeMap::new();
    for table in tables {
        let protection = protect(&table, &disclosed).unwrap();
        disclosed = protection.disclosed;
        unmet = protection.unmet.into_iter().map(|u| ((u.id.clone(), i64::try_from(u.count).unwrap()), u)).collect();
        let fates = || protection.cells.values().filter(|fate| **fate != Fate::Inner);
        seen.offered += fates().count();
        seen.primary += fates().filter(|fate| **fate == Fate::Primary).count();
        seen.secondary += fates().filter(|fate| matches!(fate, Fate::Secondary | Fate::Kept)).count();
        builds.push((table, protection.cells));
    }
    seen.cases += 1;
    seen.unmet += unmet.len();
    seen.exposed += unmet.values().filter(|unmet| unmet.lowest == unmet.highest).count();
    let reader = Reader::of(&builds);
    for (at, secret) in reader.secrets.iter().enumerate().filter(|(_, secret)| !secret.shown) {
        let name = || format!("{} {} of\n{}", secret.id, secret.count, told(&builds));
        if let Some(unmet) = unmet.get(&(secret.id.clone(), secret.count)) {
            // It says no more than is so.
            for end in [unmet.lowest, unmet.highest] {
                assert!(reader.possible(at, i64::try_from(end).unwrap()), "{}: cannot be {end}", name());
            }
        } else if secret.count < 5 && secret.withheld {
            (0..5).for_each(|count| assert!(reader.possible(at, count), "{}: cannot be {count}", name()));
        } else if secret.count < 5 || secret.withheld {
            assert!(reader.apart(at, 4), "{}: no counts 4 apart", name());
        }
    }
    builds
}

/// The builds, a line each.
fn told(builds: &[(Table, Fates)]) -> String {
    let line = |(table, fates): &(Table, Fates)| {
        let cells = table.cells.iter().map(|cell| format!("{} {} {:?}", cell.id, cell.count, fates[&cell.id]));
        cells.collect::<Vec<_>>().join(", ")
    };
    builds.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn drawn(rng: &mut ChaCha8Rng, kind: usize) -> Shape {
    if kind % 2 == 0 { draw::two_margins(rng) } else { draw::levels(rng) }
}

#[test]
fn no_table_gives_a_withheld_cell_away() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_401);
    let mut seen = Seen::default();
    for kind in 0..1_000 {
        let shape = drawn(rng, kind);
        let counts = draw::counts(rng, &shape);
        attacked(vec![shape.table(&counts)], &mut seen);
    }
    eprintln!("{seen:?}");
    assert_eq!(seen.unmet, 0);
}

#[test]
fn no_chain_of_builds_gives_a_withheld_cell_away() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_402);
    let mut seen = Seen::default();
    for kind in 0..500 {
        let shape = drawn(rng, kind);
        let mut counts = draw::counts(rng, &shape);
        let mut tables = vec![shape.table(&counts)];
        for _ in 0..rng.random_range(1..4) {
            draw::revise(rng, &mut counts);
            tables.push(shape.table(&counts));
        }
        attacked(tables, &mut seen);
    }
    eprintln!("{seen:?}");
}

#[test]
fn no_growing_period_gives_a_withheld_cell_away() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_403);
    let mut seen = Seen::default();
    for _ in 0..200 {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let tables = (3..6).map(|months| {
            draw::revise(rng, &mut counts);
            let shape = draw::periods(months);
            for (id, _) in &shape.leaves {
                counts.entry(id.clone()).or_insert_with(|| draw::count(rng));
            }
            shape.table(&counts)
        });
        attacked(tables.collect(), &mut seen);
    }
    eprintln!("{seen:?}");
}

#[test]
fn the_order_of_a_table_is_nothing() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_404);
    for kind in 0..100 {
        let shape = drawn(rng, kind);
        let mut counts = draw::counts(rng, &shape);
        let first = protect(&shape.table(&counts), &Disclosed::default()).unwrap();
        draw::revise(rng, &mut counts);
        let table = shape.table(&counts);
        let expected = protect(&table, &first.disclosed).unwrap();
        let (mut table, mut disclosed) = (table, first.disclosed);
        table.cells.shuffle(rng);
        table.relations.shuffle(rng);
        for relation in &mut table.relations {
            relation.terms.shuffle(rng);
            if rng.random_range(0..2) == 0 {
                relation.terms.iter_mut().for_each(|(_, factor)| *factor = -*factor);
            }
        }
        disclosed.cells.shuffle(rng);
        disclosed.relations.shuffle(rng);
        disclosed.relations.iter_mut().for_each(|relation| relation.shuffle(rng));
        let shuffled = protect(&table, &disclosed).unwrap();
        assert_eq!(shuffled.cells, expected.cells);
        assert_eq!(shuffled.unmet, expected.unmet);
    }
}
