//! The counts of a public table as cells of disclosure control, and what is shown of them.

use super::content::{Counts, UnitCounts, count};
use crate::disclosure::{Cell, Disclosed, Fault, Loss, Protection, Rate, Relation, Role, Table, protect};
use crate::domain::{Level, UNALLOCATED};

/// A unit's part of a table, as its cells name it. `part` is a metric, or one of the words below.
pub(super) fn id(counts: &Counts<'_>, unit: &UnitCounts<'_>, part: &str) -> String {
    let (kind, start, _) = counts.period;
    // Metrics of one denominator have one cell for it, whatever the table is called.
    let denominator_of = counts.metrics.first().map_or("", |metric| metric.id.as_str());
    [denominator_of, part, unit.level.name(), unit.unit, kind.name(), &start.to_string()].join("|")
}

pub(super) const DENOMINATOR: &str = "denominator";
/// What no metric of the table counts.
const REST: &str = "rest";

/// Decides what is shown of all tables at once, beside all that earlier packs disclosed.
///
/// Each unit's denominator is the sum of its parts and a rest; each part of the force is the sum of its areas' parts and of what
/// is allocated to none.
///
/// # Errors
/// A mistake of this code: cells that contradict each other.
pub(in crate::publish::packs) fn protected(tables: &[Counts<'_>], earlier: &Disclosed) -> Result<Protection, Fault> {
    let mut all = Table::default();
    for counts in tables {
        add(counts, &mut all);
    }
    protect(&all, earlier)
}

fn add(counts: &Counts<'_>, table: &mut Table) {
    let metrics: Vec<&str> = counts.metrics.iter().map(|metric| metric.id.as_str()).collect();
    let parts: Vec<&str> = std::iter::once(DENOMINATOR).chain(metrics.iter().copied()).chain([REST]).collect();
    for unit in &counts.units {
        for part in &parts {
            let role = if *part == REST { Role::Inner } else { Role::Offered(loss(unit)) };
            table.cells.push(Cell { id: id(counts, unit, part), count: part_count(unit, &metrics, part), role });
        }
        let of_unit = parts[1..].iter().map(|part| id(counts, unit, part));
        table.relations.push(Relation::sum(&id(counts, unit, DENOMINATOR), of_unit));
        for metric in &metrics {
            let part = id(counts, unit, metric);
            let denominator = id(counts, unit, DENOMINATOR);
            table.rates.push(Rate { id: part.clone(), denominator, rests_on: vec![part] });
        }
    }
    let Some((force, areas)) = counts.units.split_first().filter(|(force, _)| force.level == Level::Force) else {
        return;
    };
    for part in &parts {
        let whole = part_count(force, &metrics, part);
        let sum: u64 = areas.iter().map(|area| part_count(area, &metrics, part)).sum();
        // An area without a figure is in the force and in no row.
        let elsewhere = whole.checked_sub(sum);
        let Some(elsewhere) = elsewhere.filter(|_| !areas.is_empty()) else { continue };
        let mut ids: Vec<String> = areas.iter().map(|area| id(counts, area, part)).collect();
        if elsewhere > 0 {
            let outside = UnitCounts { level: Level::Area, unit: "\u{2013}", denominator: 0, figures: Vec::new() };
            let outside = id(counts, &outside, part);
            table.cells.push(Cell { id: outside.clone(), count: elsewhere, role: Role::Inner });
            ids.push(outside);
        }
        table.relations.push(Relation::sum(&id(counts, force, part), ids));
    }
}

fn loss(unit: &UnitCounts<'_>) -> Loss {
    match (unit.level, unit.unit) {
        (Level::Force, _) => Loss::Total,
        (_, UNALLOCATED) => Loss::Unallocated,
        _ => Loss::Part,
    }
}

fn part_count(unit: &UnitCounts<'_>, metrics: &[&str], part: &str) -> u64 {
    let of = |at: usize| unit.figures.get(at).copied().flatten().and_then(|f| count(f.numerator)).unwrap_or(0);
    match part {
        DENOMINATOR => unit.denominator,
        REST => unit.denominator.saturating_sub((0..metrics.len()).map(of).sum()),
        metric => metrics.iter().position(|id| *id == metric).map_or(0, of),
    }
}
