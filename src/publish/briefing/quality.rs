//! Data that the unit's people can put right: the checks that most of its rows fail.

use super::BriefingInput;
use super::content::{BriefingUnit, Grid, GridColumn, RowOf, Section, Words};
use super::facts::Fix;
use crate::tables::published::DATA_QUALITY;

const MOST_FIXES: usize = 4;
const MOST_EXAMPLES: usize = 3;

pub(super) fn section(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Section {
    let is_units = |fix: &&Fix| fix.level == unit.level() && fix.unit == unit.name();
    let mut fixes: Vec<&Fix> = input.facts.fixes.iter().filter(is_units).collect();
    fixes.sort_by_key(|fix| (std::cmp::Reverse(fix.affected), &fix.extract, &fix.column, &fix.dimension));
    let mut section = Section {
        id: "data-quality",
        title: "Data to put right".to_owned(),
        said: Vec::new(),
        grids: Vec::new(),
        notes: Vec::new(),
    };
    if fixes.is_empty() {
        section.said.push(Words::of("No check of this unit's rows found any to put right."));
        return section;
    }
    let shown = fixes.len().min(MOST_FIXES);
    if shown < fixes.len() {
        let said = Words::of("Shown are the ").shown(shown).text(" checks with most rows; ");
        section.notes.push(said.text("all stand in tables/data_quality.parquet and data_quality.html."));
    }
    let examples: Vec<Words> = fixes.iter().take(shown).map(|fix| examples(input, unit, fix)).collect();
    let has_examples = examples.iter().any(|words| !words.0.spans().is_empty());
    let mut columns =
        vec![GridColumn::text("What is wrong"), GridColumn::number("Rows to put right"), GridColumn::number("Of")];
    columns.extend(has_examples.then(|| GridColumn::text("For example")));
    let rows = fixes.iter().zip(examples).map(|(fix, examples)| {
        let row = RowOf { table: DATA_QUALITY.name, key: key(fix) };
        let mut cells = vec![
            Words::of(&what(input, fix)),
            Words::default().count(&row, "affected", fix.affected),
            Words::default().count(&row, "denominator", fix.denominator),
        ];
        cells.extend(has_examples.then_some(examples));
        cells
    });
    section.grids.push(Grid {
        caption: "Checks with most rows to put right".to_owned(),
        columns,
        rows: rows.collect(),
    });
    section
}

fn key(fix: &Fix) -> super::Key {
    vec![
        ("extract", fix.extract.clone()),
        ("column", fix.column.clone()),
        ("dimension", fix.dimension.clone()),
        ("level", fix.level.clone()),
        ("unit", fix.unit.clone()),
    ]
}

fn what(input: &BriefingInput<'_>, fix: &Fix) -> String {
    let extract = input.definitions.extract(&fix.extract).map_or(&*fix.extract, |extract| &*extract.title);
    let wrong = match fix.dimension.as_str() {
        "completeness" => "is blank",
        "validity" => "cannot be read, or is in no list",
        "consistency" => "is out of order with the times around it",
        _ => "leads to no record",
    };
    format!("{extract}: {} {wrong}", fix.column)
}

/// References of the team's rows among those that are kept; none for others, whose briefings have no reference.
fn examples(input: &BriefingInput<'_>, unit: &BriefingUnit, fix: &Fix) -> Words {
    let BriefingUnit::Team(team) = unit else { return Words::default() };
    let of = |example: &&super::facts::FixExample| {
        (&example.extract, &example.column, &example.dimension) == (&fix.extract, &fix.column, &fix.dimension)
            && example.team == *team
    };
    let found: Vec<&str> = input.facts.examples.iter().filter(of).map(|e| &*e.key).take(MOST_EXAMPLES).collect();
    if found.is_empty() { Words::default() } else { Words::of(&found.join(", ")) }
}
