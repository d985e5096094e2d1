//! Tables drawn at random: two margins, levels of units with numerators, periods that grow; and builds after builds of them.

use std::collections::BTreeMap;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::super::{Cell, Loss, Relation, Role, Table};

/// What is counted, and what it adds up to.
#[derive(Clone, Default)]
pub struct Shape {
    pub leaves: Vec<(String, Role)>,
    /// Each after its parts. A whole that is named again has to be the same sum.
    pub sums: Vec<(String, Vec<String>, Role)>,
}

impl Shape {
    fn leaf(&mut self, id: impl Into<String>, role: Role) {
        self.leaves.push((id.into(), role));
    }

    fn sum(&mut self, id: impl Into<String>, parts: Vec<String>, role: Role) {
        self.sums.push((id.into(), parts, role));
    }

    pub fn table(&self, counts: &BTreeMap<String, u64>) -> Table {
        let mut known = BTreeMap::new();
        let mut table = Table::default();
        for (id, role) in &self.leaves {
            known.insert(id.clone(), counts[id]);
            table.cells.push(Cell { id: id.clone(), count: counts[id], role: *role });
        }
        for (id, parts, role) in &self.sums {
            let count = parts.iter().map(|part| known[part]).sum();
            match known.insert(id.clone(), count) {
                None => table.cells.push(Cell { id: id.clone(), count, role: *role }),
                Some(before) => assert_eq!(before, count, "{id}"),
            }
            table.relations.push(Relation::sum(id, parts.clone()));
        }
        table
    }
}

const PART: Role = Role::Offered(Loss::Part);
const SUBTOTAL: Role = Role::Offered(Loss::Subtotal);
const TOTAL: Role = Role::Offered(Loss::Total);

/// Mostly small, as in a force's rarer crimes.
pub fn count(rng: &mut ChaCha8Rng) -> u64 {
    match rng.random_range(0..10) {
        0..5 => rng.random_range(0..5),
        5..8 => rng.random_range(5..13),
        _ => rng.random_range(13..60),
    }
}

pub fn counts(rng: &mut ChaCha8Rng, shape: &Shape) -> BTreeMap<String, u64> {
    shape.leaves.iter().map(|(id, _)| (id.clone(), count(rng))).collect()
}

/// A revision: some counts go up or down by a few.
pub fn revise(rng: &mut ChaCha8Rng, counts: &mut BTreeMap<String, u64>) {
    for count in counts.values_mut() {
        if rng.random_range(0..4) == 0 {
            *count = (*count + rng.random_range(0..7)).saturating_sub(3);
        }
    }
}

/// Rows and columns with all their margins.
pub fn two_margins(rng: &mut ChaCha8Rng) -> Shape {
    let (rows, columns) = (rng.random_range(2..5), rng.random_range(2..5));
    let mut shape = Shape::default();
    let cell = |row: usize, column: usize| format!("r{row}c{column}");
    for row in 0..rows {
        (0..columns).for_each(|column| shape.leaf(cell(row, column), PART));
        shape.sum(format!("r{row}"), (0..columns).map(|column| cell(row, column)).collect(), SUBTOTAL);
    }
    for column in 0..columns {
        shape.sum(format!("c{column}"), (0..rows).map(|row| cell(row, column)).collect(), SUBTOTAL);
    }
    shape.sum("all", (0..rows).map(|row| format!("r{row}")).collect(), TOTAL);
    shape.sum("all", (0..columns).map(|column| format!("c{column}")).collect(), TOTAL);
    shape
}

/// Force, areas and teams, with what is not allocated; for each a numerator, what is not in it, and a denominator.
pub fn levels(rng: &mut ChaCha8Rng) -> Shape {
    let parts: &[&str] = if rng.random_range(0..2) == 0 { &["n", "rest"] } else { &[""] };
    let areas: Vec<usize> = (0..rng.random_range(2..4)).map(|_| rng.random_range(1..4)).collect();
    units(parts, &areas)
}

/// With so many areas, each of so many teams.
fn units(parts: &[&str], areas: &[usize]) -> Shape {
    let role = |part: &str, role| if part == "rest" { Role::Inner } else { role };
    let mut shape = Shape::default();
    for part in parts {
        for (area, teams) in areas.iter().enumerate() {
            let names: Vec<String> = (0..*teams).map(|team| format!("a{area}t{team}{part}")).collect();
            names.iter().for_each(|name| shape.leaf(name.clone(), role(part, PART)));
            shape.sum(format!("a{area}{part}"), names, role(part, SUBTOTAL));
        }
        shape.leaf(format!("u{part}"), role(part, Role::Offered(Loss::Unallocated)));
        let areas = (0..areas.len()).map(|area| format!("a{area}{part}"));
        shape.sum(format!("f{part}"), areas.chain([format!("u{part}")]).collect(), role(part, TOTAL));
    }
    if parts.len() == 2 {
        let units: Vec<(String, Role)> = (0..areas.len())
            .flat_map(|area| (0..areas[area]).map(move |team| (format!("a{area}t{team}"), PART)))
            .chain([("u".to_owned(), Role::Offered(Loss::Unallocated))])
            .collect();
        for (unit, role) in units {
            shape.sum(unit.clone(), vec![format!("{unit}n"), format!("{unit}rest")], role);
        }
        for (area, teams) in areas.iter().enumerate() {
            let sides = |unit: String| vec![format!("{unit}n"), format!("{unit}rest")];
            shape.sum(format!("a{area}"), sides(format!("a{area}")), SUBTOTAL);
            shape.sum(format!("a{area}"), (0..*teams).map(|team| format!("a{area}t{team}")).collect(), SUBTOTAL);
        }
        shape.sum("f", vec!["fn".to_owned(), "frest".to_owned()], TOTAL);
        let areas = (0..areas.len()).map(|area| format!("a{area}"));
        shape.sum("f", areas.chain(["u".to_owned()]).collect(), TOTAL);
    }
    shape
}

/// A force with areas and what is not allocated; of each a numerator, what is not in it, and a denominator.
pub fn force(areas: usize) -> Shape {
    let mut shape = Shape::default();
    let names = (0..areas).map(|area| format!("a{area}")).chain(["u".to_owned()]);
    let names: Vec<(String, Role)> =
        names.map(|name| (name.clone(), if name == "u" { Role::Offered(Loss::Unallocated) } else { PART })).collect();
    for (side, inner) in [("n", false), ("rest", true)] {
        let role = |role| if inner { Role::Inner } else { role };
        names.iter().for_each(|(name, part)| shape.leaf(format!("{name}{side}"), role(*part)));
        shape.sum(format!("f{side}"), names.iter().map(|(name, _)| format!("{name}{side}")).collect(), role(TOTAL));
    }
    for (name, role) in names.iter().cloned().chain([("f".to_owned(), TOTAL)]) {
        shape.sum(name.clone(), vec![format!("{name}n"), format!("{name}rest")], role);
    }
    shape.sum("f", names.into_iter().map(|(name, _)| name).collect(), TOTAL);
    shape
}

/// Months of a force and its two areas, not for publication; of each the sum of three months and the year to date, for
/// each month so far.
pub fn periods(months: usize) -> Shape {
    let mut shape = Shape::default();
    let units = [("a", PART), ("b", PART), ("f", TOTAL)];
    for (unit, role) in units {
        for month in 0..months {
            let name = format!("{unit}m{month}");
            match unit {
                "f" => shape.sum(name, vec![format!("am{month}"), format!("bm{month}")], Role::Inner),
                _ => shape.leaf(name, Role::Inner),
            }
        }
        for month in 0..months {
            let this = format!("{unit}m{month}");
            let before = if month == 0 { Vec::new() } else { vec![format!("{unit}y{}", month - 1)] };
            shape.sum(format!("{unit}y{month}"), before.into_iter().chain([this]).collect(), role);
        }
        for month in 2..months {
            shape.sum(format!("{unit}q{month}"), (month - 2..=month).map(|m| format!("{unit}m{m}")).collect(), role);
        }
    }
    for period in (0..months).map(|month| format!("y{month}")).chain((2..months).map(|month| format!("q{month}"))) {
        shape.sum(format!("f{period}"), vec![format!("a{period}"), format!("b{period}")], TOTAL);
    }
    shape
}
