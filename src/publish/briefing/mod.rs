//! The fortnightly briefing of an area, a department or a team: what falls due, what to mend in the data, local figures beside the force,
//! one force-wide message, one good thing. Two pages, printed.
//!
//! Everything in it stands in the build's tables, read by [`BriefingFacts`]; nothing is computed but which rows are shown.
//! [`briefing`] gives typed content that each renderer shows; [`html`] is one. An area's or a department's is for supervisors:
//! counts by team, no crime reference, no officer. A team's has references, and the officer in the case where something falls due;
//! it never has a figure of an officer.
//! A supervisor's or officer's own is made when it is asked for.

mod content;
mod due;
mod facts;
mod html;
mod local;
mod message;
mod person;
mod quality;
mod words;

pub use content::{Briefing, BriefingUnit, Grid, GridColumn, Key, ROWS, Section, Words};
pub use facts::BriefingFacts;
pub use html::{BriefingError, html};

use std::collections::BTreeSet;

use content::RowOf;

use crate::definitions::Definitions;
use crate::domain::UNALLOCATED;
use crate::tables::due::DUE_COUNTS;

/// What briefings of a force are made from.
#[derive(Clone, Copy)]
pub struct BriefingInput<'a> {
    pub definitions: &'a Definitions,
    pub force: &'a str,
    pub force_name: &'a str,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    pub facts: &'a BriefingFacts,
}

/// The areas, departments and teams that have open crimes or figures, in this order, by name. What is `unallocated` is
/// briefed to nobody.
pub fn units(facts: &BriefingFacts) -> Vec<BriefingUnit> {
    let counted = facts.counts.iter().map(|row| (&*row.level, &*row.unit));
    let named = counted.chain(facts.local.iter().map(|row| (&*row.level, &*row.unit)));
    let unit = |(level, name): (&str, &str)| match level {
        "area" => Some(BriefingUnit::Area(name.to_owned())),
        "department" => Some(BriefingUnit::Department(name.to_owned())),
        "team" => Some(BriefingUnit::Team(name.to_owned())),
        _ => None,
    };
    named.filter(|(_, name)| *name != UNALLOCATED).filter_map(unit).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The supervisor or officer of this name, for a view of their own.
pub fn person(input: &BriefingInput<'_>, name: &str) -> Option<BriefingUnit> {
    person::of_name(input, name)
}

/// One unit's briefing.
pub fn briefing(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Briefing {
    let level = unit.level();
    Briefing {
        unit: unit.clone(),
        title: format!("Fortnightly briefing: {} ({level})", unit.name()),
        force: input.force.to_owned(),
        force_name: input.force_name.to_owned(),
        period: period(input),
        synthetic: input.synthetic,
        source: input.source.to_owned(),
        sections: match unit {
            BriefingUnit::Supervisor(_) | BriefingUnit::Officer(_) => person::sections(input, unit),
            BriefingUnit::Area(_) | BriefingUnit::Department(_) | BriefingUnit::Team(_) => vec![
                message::force_wide(input),
                message::one_good_thing(input, unit),
                due::section(input, unit),
                quality::section(input, unit),
                local::section(input, unit),
            ],
        },
    }
}

/// `As known at the end of 30 September 2026. What falls due is to 14 October 2026.`
fn period(input: &BriefingInput<'_>) -> Words {
    let Some(row) = input.facts.counts.iter().find(|row| row.level == "force") else { return Words::default() };
    let of = RowOf { table: DUE_COUNTS.name, key: due::tally_key(row) };
    Words::of("As known at the end of ")
        .day(&of, "data_date", row.data_date)
        .text("; what falls due, to ")
        .day(&of, "period_end", row.period_end)
        .text(".")
}
