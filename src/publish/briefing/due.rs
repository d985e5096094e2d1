//! What falls due: counts of the unit, then by team for an area or department, crime by crime for a team.

use super::content::{BriefingUnit, Grid, GridColumn, Key, ROWS, RowOf, Section, Words, shares};
use super::facts::{DueItem, DueTally, OVERDUE, TALLIED, WITHIN_PERIOD};
use super::{BriefingInput, words};
use crate::tables::due::{DUE, DUE_COUNTS, DueKind};

/// Rows of what is due, and of what is overdue: more would not fit on two pages.
const MOST_DUE: usize = 20;
const MOST_OVERDUE: usize = 5;
const MOST_TEAMS: usize = 18;

pub(super) fn section(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Section {
    let mut section = Section {
        id: "due",
        title: "What falls due".to_owned(),
        said: Vec::new(),
        grids: vec![of_unit(input, unit)],
        notes: reasons(input),
    };
    match unit {
        BriefingUnit::Supervisor(_) | BriefingUnit::Officer(_) => {}
        BriefingUnit::Area(_) | BriefingUnit::Department(_) => by_team(input, unit, &mut section),
        BriefingUnit::Team(team) => {
            let items = input.facts.due.iter().filter(|item| item.team == *team).collect();
            lists(items, ("team", team), &mut section);
            section.notes.push(Words::of(
                "Time limits and bail stand first, as they cannot be made good; then by day. What is due on the data date has 0 days left.",
            ));
        }
    }
    section
}

pub(super) fn tally_key(row: &DueTally) -> Key {
    let mut key = vec![("level", row.level.clone()), ("unit", row.unit.clone()), ("kind", row.kind.name().to_owned())];
    key.extend(row.area.iter().map(|area| ("area", area.clone())));
    key.extend(row.department.iter().map(|department| ("department", department.clone())));
    key
}

fn tally(row: &DueTally) -> RowOf {
    RowOf { table: DUE_COUNTS.name, key: tally_key(row) }
}

fn count(row: &DueTally, place: usize) -> Words {
    match row.numbers {
        Some(numbers) => Words::default().count(&tally(row), TALLIED[place], numbers[place]),
        None => Words::of("not known"),
    }
}

fn of_kind<'a>(rows: &[&'a DueTally], kind: DueKind) -> Option<&'a DueTally> {
    rows.iter().copied().find(|row| row.kind == kind)
}

/// A row for each kind.
fn of_unit(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Grid {
    let is_units = |row: &&DueTally| row.level == unit.level() && row.unit == unit.name();
    let rows = input.facts.counts.iter().filter(is_units);
    let terms = &input.definitions.pipeline.packs.briefing;
    let (ahead, overdue) = (terms.days_ahead, terms.days_overdue);
    let title = |place: usize| match place {
        0 => "Open crimes".to_owned(),
        1 => "With a date".to_owned(),
        2 => format!("Overdue over {overdue} days"),
        OVERDUE => format!("Overdue up to {overdue} days"),
        4 => "Due in 7 days".to_owned(),
        _ => format!("Due in {ahead} days"),
    };
    let numbers = (0..TALLIED.len()).map(|place| GridColumn::number(&title(place)));
    let row = |row: &DueTally| {
        let heading = Words::of(words::kind(row.kind));
        std::iter::once(heading).chain((0..TALLIED.len()).map(|place| count(row, place))).collect()
    };
    Grid {
        caption: "Open crimes with something due, in numbers".to_owned(),
        columns: std::iter::once(GridColumn::text("What")).chain(numbers).collect(),
        rows: rows.map(row).collect(),
    }
}

/// Why a kind is not known: an empty row would read as nothing due.
pub(super) fn reasons(input: &BriefingInput<'_>) -> Vec<Words> {
    let of_force = input.facts.counts.iter().filter(|row| row.level == "force");
    let reason = |row: &DueTally| {
        let reason = row.reason.as_deref()?;
        Some(Words::of(words::kind(row.kind)).text(" is not known: ").text(reason).text("."))
    };
    of_force.filter_map(reason).collect()
}

/// The teams with crimes of an area or department, those with most to do first.
fn by_team(input: &BriefingInput<'_>, unit: &BriefingUnit, section: &mut Section) {
    let (level, of) = (format!("team_in_{}", unit.level()), unit.name());
    let is_of = |row: &&DueTally| row.level == level && row.area.as_deref().or(row.department.as_deref()) == Some(of);
    let rows: Vec<&DueTally> = input.facts.counts.iter().filter(is_of).collect();
    let mut teams: Vec<&str> = rows.iter().map(|row| &*row.unit).collect();
    teams.dedup();
    let mut of_teams: Vec<(u64, &str, Vec<&DueTally>)> = teams
        .into_iter()
        .map(|team| {
            let mine: Vec<&DueTally> = rows.iter().copied().filter(|row| row.unit == team).collect();
            let to_do = mine.iter().filter_map(|row| row.numbers).map(|n| n[OVERDUE] + n[WITHIN_PERIOD]).sum();
            (to_do, team, mine)
        })
        .filter(|(to_do, ..)| *to_do > 0)
        .collect();
    of_teams.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
    let (shown, all) = (of_teams.len().min(MOST_TEAMS), of_teams.len());
    let columns = DueKind::ALL.iter().flat_map(|kind| {
        ["overdue", "due"].map(|state| GridColumn::number(&format!("{}: {state}", words::short_kind(*kind))))
    });
    let grid = Grid {
        caption: format!("By team, crimes of {of}: overdue and due as above"),
        columns: std::iter::once(GridColumn::text("Team")).chain(columns).collect(),
        rows: of_teams.iter().take(shown).map(|(_, team, mine)| team_row(team, mine)).collect(),
    };
    section.grids.push(grid);
    if shown < all {
        let said = Words::of("Shown are the ").shown(shown).text(" teams with most to do; all teams stand in ");
        section.notes.push(said.text(&format!("tables/due_counts.parquet, level {level}.")));
    }
}

fn team_row(team: &str, mine: &[&DueTally]) -> Vec<Words> {
    let cells = DueKind::ALL.iter().flat_map(|kind| {
        [OVERDUE, WITHIN_PERIOD].map(|place| of_kind(mine, *kind).map_or_else(Words::default, |row| count(row, place)))
    });
    std::iter::once(Words::of(words::name(team, "No team recorded"))).chain(cells).collect()
}

/// What is due and what is overdue, each in a list; `of` is the column and the unit that the items have in common.
pub(super) fn lists(items: Vec<&DueItem>, of: (&'static str, &str), section: &mut Section) {
    let (column, unit) = of;
    let (overdue, due): (Vec<&DueItem>, Vec<&DueItem>) = items.into_iter().partition(|item| item.days_left < 0);
    for (state, title, mut items, most) in
        [("due", "Falls due", due, MOST_DUE), ("overdue", "Overdue", overdue, MOST_OVERDUE)]
    {
        // The nearest first: in what is overdue, what has just become so.
        items.sort_by_key(|item| (item.kind, item.days_left.abs(), &item.crime_ref));
        let of = |kind: DueKind| items.iter().copied().filter(move |item| item.kind == kind);
        let counts = DueKind::ALL.map(|kind| of(kind).count());
        let shown = shares(&counts, most);
        let rows: Vec<Vec<Words>> =
            DueKind::ALL.iter().zip(&shown).flat_map(|(kind, most)| of(*kind).take(*most)).map(item_row).collect();
        if rows.is_empty() {
            section.notes.push(Words::of(title).text(": nothing that is known."));
            continue;
        }
        if rows.len() < items.len() {
            let all = RowOf { table: DUE.name, key: vec![(column, unit.to_owned()), ("state", state.to_owned())] };
            let said = Words::of(title).text(": ").shown(rows.len()).text(" of ");
            let said = said.count(&all, ROWS, items.len() as u64);
            section.notes.push(said.text(" are listed; all stand in restricted/due.parquet."));
        }
        let columns = ["Crime", "What", "Officer", "Area", "Day"].map(GridColumn::text);
        let columns = columns.into_iter().chain([GridColumn::number("Days left")]).collect();
        section.grids.push(Grid { caption: title.to_owned(), columns, rows });
    }
}

fn item_row(item: &DueItem) -> Vec<Words> {
    let key = vec![("crime_ref", item.crime_ref.clone()), ("kind", item.kind.name().to_owned())];
    let row = RowOf { table: DUE.name, key };
    vec![
        Words::of(&item.crime_ref),
        Words::of(words::kind(item.kind)),
        Words::of(words::name(&item.officer, "none recorded")),
        Words::of(words::name(&item.area, "none recorded")),
        Words::default().short_day(&row, "due_on", item.due_on),
        Words::default().number(
            &row,
            "days_left",
            item.days_left as f64,
            &item.days_left.to_string().replace('-', "−"),
        ),
    ]
}
