//! What is withheld is attacked: random tables, and chains of builds of them, by a reader who enumerates.
//!
//! With `DISCLOSURE_TABLES` naming a folder, all that was drawn and decided is written there for
//! `tests/independent/disclosure.py`, whose reader is an integer programme.

mod draw;
mod reader;

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use draw::Shape;
use reader::{Fates, Reader};

/// Tables one build after the other, what was shown of them, and what the last build could not protect.
struct Case {
    builds: Vec<(Table, Fates)>,
    unmet: Vec<Unmet>,
}

/// What was drawn and what became of it. Not a truth, but the loss: a change of it is read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    offered: usize,
    primary: usize,
    /// Secondary, or kept from an earlier build.
    others: usize,
    unmet: usize,
    /// Of these, those that a reader has exactly.
    exposed: usize,
}

/// Protects the tables one after the other.
fn protected(tables: Vec<Table>, seen: &mut Seen) -> Case {
    let mut disclosed = Disclosed::default();
    let mut case = Case { builds: Vec::new(), unmet: Vec::new() };
    for table in tables {
        let protection = protect(&table, &disclosed).unwrap();
        let fates = || protection.cells.values().filter(|fate| **fate != Fate::Inner);
        seen.offered += fates().count();
        seen.primary += fates().filter(|fate| **fate == Fate::Primary).count();
        seen.others += fates().filter(|fate| matches!(fate, Fate::Secondary | Fate::Kept)).count();
        case.builds.push((table, protection.cells));
        (disclosed, case.unmet) = (protection.disclosed, protection.unmet);
    }
    seen.unmet += case.unmet.len();
    seen.exposed += case.unmet.iter().filter(|unmet| unmet.lowest == unmet.highest).count();
    case
}

/// Has the reader try each withheld cell of all builds.
fn attack(case: &Case) {
    let reader = Reader::of(&case.builds);
    for (at, secret) in reader.secrets.iter().enumerate().filter(|(_, secret)| !secret.shown) {
        let name = || format!("{} {} of\n{}", secret.id, secret.count, told(&case.builds));
        let whole = |count: u64| i64::try_from(count).unwrap();
        let unmet = case.unmet.iter().find(|unmet| unmet.id == secret.id && whole(unmet.count) == secret.count);
        if let Some(unmet) = unmet {
            // It says no more than is so.
            for end in [unmet.lowest, unmet.highest] {
                assert!(reader.possible(at, whole(end)), "{}: cannot be {end}", name());
            }
        } else if secret.count < 5 && secret.withheld {
            (0..5).for_each(|count| assert!(reader.possible(at, count), "{}: cannot be {count}", name()));
        } else if secret.count < 5 || secret.withheld {
            assert!(reader.apart(at, 4), "{}: no counts 4 apart", name());
        }
    }
}

/// How many counts under 5 the reader has exactly, by bounds alone.
fn recovered(builds: &[(Table, Fates)]) -> usize {
    let reader = Reader::of(builds);
    let secrets = reader.secrets.iter().enumerate().filter(|(_, secret)| secret.withheld && secret.count < 5);
    secrets.filter(|(at, secret)| reader.left(*at) == (secret.count, secret.count)).count()
}

/// The builds, a line each.
fn told(builds: &[(Table, Fates)]) -> String {
    let line = |(table, fates): &(Table, Fates)| {
        let cells = table.cells.iter().map(|cell| format!("{} {} {:?}", cell.id, cell.count, fates[&cell.id]));
        cells.collect::<Vec<_>>().join(", ")
    };
    builds.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Leaves the cases for the second reader.
fn leave(name: &str, cases: &[Case]) {
    let Some(folder) = std::env::var_os("DISCLOSURE_TABLES") else { return };
    let build = |(table, fates): &(Table, Fates)| {
        let cell = |cell: &Cell| {
            let fate = fates[&cell.id];
            serde_json::json!({"id": cell.id, "count": cell.count, "inner": fate == Fate::Inner, "shown": fate.is_shown()})
        };
        let terms = table.relations.iter().map(|relation| &relation.terms);
        let cells = table.cells.iter().map(cell);
        serde_json::json!({"cells": cells.collect::<Vec<_>>(), "relations": terms.collect::<Vec<_>>()})
    };
    let unmet = |unmet: &Unmet| serde_json::json!([unmet.id, unmet.count]);
    let case = |case: &Case| {
        let builds: Vec<_> = case.builds.iter().map(build).collect();
        serde_json::json!({"builds": builds, "unmet": case.unmet.iter().map(unmet).collect::<Vec<_>>()})
    };
    let text = serde_json::Value::from(cases.iter().map(case).collect::<Vec<_>>()).to_string();
    std::fs::write(std::path::Path::new(&folder).join(format!("{name}.json")), text).unwrap();
}

fn drawn(rng: &mut ChaCha8Rng, kind: usize) -> Shape {
    if kind.is_multiple_of(2) { draw::two_margins(rng) } else { draw::levels(rng) }
}

fn tables(rng: &mut ChaCha8Rng, kind: usize, builds: usize) -> Vec<Table> {
    let shape = drawn(rng, kind);
    let mut counts = draw::counts(rng, &shape);
    let mut tables = vec![shape.table(&counts)];
    for _ in 1..builds {
        draw::revise(rng, &mut counts);
        tables.push(shape.table(&counts));
    }
    tables
}

fn growing(rng: &mut ChaCha8Rng) -> Vec<Table> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let grown = (3..6).map(|months| {
        draw::revise(rng, &mut counts);
        let shape = draw::periods(months);
        for (id, _) in &shape.leaves {
            counts.entry(id.clone()).or_insert_with(|| draw::count(rng));
        }
        shape.table(&counts)
    });
    grown.collect()
}

#[test]
fn no_table_gives_a_withheld_cell_away() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_401);
    let mut seen = Seen::default();
    let cases: Vec<Case> = (0..1_000).map(|kind| protected(tables(rng, kind, 1), &mut seen)).collect();
    cases.iter().for_each(attack);
    leave("tables", &cases);
    assert_eq!(seen, Seen { offered: 15_113, primary: 4_482, others: 2_711, unmet: 0, exposed: 0 });
}

#[test]
fn no_chain_of_builds_gives_a_withheld_cell_away() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_402);
    let mut seen = Seen::default();
    let chain = |kind| {
        let builds = rng.random_range(2..5);
        protected(tables(rng, kind, builds), &mut seen)
    };
    let cases: Vec<Case> = (0..300).map(chain).collect();
    cases.iter().for_each(attack);
    leave("chains", &cases);
    assert_eq!(seen, Seen { offered: 13_573, primary: 4_142, others: 3_659, unmet: 4, exposed: 0 });
}

#[test]
fn no_growing_period_gives_a_withheld_cell_away() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_403);
    let mut seen = Seen::default();
    let cases: Vec<Case> = (0..60).map(|_| protected(growing(rng), &mut seen)).collect();
    cases.iter().for_each(attack);
    leave("periods", &cases);
    assert_eq!(seen, Seen { offered: 3_240, primary: 269, others: 1_366, unmet: 1, exposed: 0 });
}

/// The reader can do it: he has the counts back where only what is small is withheld, and where each build is protected
/// as if it were the first.
#[test]
fn half_a_protection_is_broken() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_405);
    let (mut primary, mut secondary, mut alone, mut together) = (0, 0, 0, 0);
    for kind in 0..200 {
        let tables = tables(rng, kind, 3);
        let first = |table: &Table| (table.clone(), protect(table, &Disclosed::default()).unwrap().cells);
        let builds: Vec<(Table, Fates)> = tables.iter().map(first).collect();
        let mut small_only = builds[..1].to_vec();
        small_only[0].1.values_mut().filter(|fate| **fate == Fate::Secondary).for_each(|fate| *fate = Fate::Shown);
        primary += recovered(&small_only);
        secondary += recovered(&builds[..1]);
        alone += recovered(&builds);
        together += recovered(&protected(tables, &mut Seen::default()).builds);
    }
    assert!(primary > 300 && alone > 50, "{primary} {alone}");
    assert_eq!((secondary, together), (0, 0));
}

/// 35 metrics of a force, five areas and what is not allocated, each with its numerator, from rare to frequent.
#[test]
fn a_table_of_a_force_keeps_its_totals() {
    let rng = &mut ChaCha8Rng::seed_from_u64(20_250_406);
    let mut table = Table::default();
    for metric in 0..35 {
        let shape = draw::force(5);
        let often = [3, 10, 40, 200, 2_000][metric % 5];
        let counts = shape.leaves.iter().map(|(id, _)| (id.clone(), rng.random_range(0..often)));
        let one = shape.table(&counts.collect());
        let named = |id: String| format!("{metric} {id}");
        table.cells.extend(one.cells.into_iter().map(|cell| Cell { id: named(cell.id), ..cell }));
        table.relations.extend(one.relations.into_iter().map(|relation| Relation {
            terms: relation.terms.into_iter().map(|(id, factor)| (named(id), factor)).collect(),
        }));
    }
    let protection = protect(&table, &Disclosed::default()).unwrap();
    assert_eq!(protection.unmet, []);
    let count = |fate| protection.cells.values().filter(|is| **is == fate).count();
    assert_eq!((count(Fate::Primary), count(Fate::Secondary), count(Fate::Shown)), (121, 17, 352));
    let total = |cell: &&Cell| cell.role == Role::Offered(Loss::Total);
    let lost = table.cells.iter().filter(total).filter(|cell| protection.cells[&cell.id] == Fate::Secondary);
    assert_eq!(lost.count(), 0);
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
