//! A supervisor's or an officer's own view, for the audience `team`: what falls due, how many open things they have, and
//! estimates that are reliable. Never a figure of one officer beside another's.

use super::content::{BriefingUnit, Grid, GridColumn, ROWS, RowOf, Section, Words};
use super::facts::{DueItem, PersonLine, Post};
use super::{BriefingInput, due, words};
use crate::tables::due::{DUE, DueKind};
use crate::tables::local::OFFICER_LOCAL;
use crate::tables::organisation::ORGANISATION;

/// Who of this name there is: an officer before a supervisor.
pub(super) fn of_name(input: &BriefingInput<'_>, name: &str) -> Option<BriefingUnit> {
    let facts = input.facts;
    let is = |level: &str| facts.people.iter().any(|line| line.level == level && line.unit == name);
    let is_officer = is("officer") || facts.due.iter().any(|item| item.officer == name);
    let is_supervisor = is("supervisor") || facts.due.iter().any(|item| item.supervisor == name);
    match (is_officer, is_supervisor) {
        (true, _) => Some(BriefingUnit::Officer(name.to_owned())),
        (false, true) => Some(BriefingUnit::Supervisor(name.to_owned())),
        (false, false) => None,
    }
}

pub(super) fn sections(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Vec<Section> {
    let mut sections: Vec<Section> = posts(input, unit).into_iter().collect();
    sections.extend([work(input, unit), estimates(input, unit)]);
    sections
}

/// The column of `due` that names the person.
fn column(unit: &BriefingUnit) -> &'static str {
    unit.level()
}

fn is_theirs(unit: &BriefingUnit, item: &DueItem) -> bool {
    match unit {
        BriefingUnit::Officer(name) => item.officer == *name,
        _ => item.supervisor == unit.name(),
    }
}

/// The post on the data date; of a supervisor, the officers who have them for one.
fn posts(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Option<Section> {
    let theirs = |post: &&Post| match unit {
        BriefingUnit::Officer(name) => post.officer == *name,
        _ => post.supervisor == unit.name(),
    };
    let mut posts: Vec<&Post> = input.facts.posts.iter().filter(theirs).collect();
    posts.sort_by(|a, b| a.officer.cmp(&b.officer));
    if posts.is_empty() {
        return None;
    }
    let row = |post: &&Post| {
        let of = RowOf { table: ORGANISATION.name, key: vec![("officer", post.officer.clone())] };
        let names = [&post.officer, &post.team, &post.department, &post.area];
        let names = names.map(|name| Words::of(words::name(name, "none recorded")));
        names.into_iter().chain([Words::default().day(&of, "valid_from", post.valid_from)]).collect()
    };
    let columns = ["Officer", "Team", "Department", "Area", "Since"].map(GridColumn::text);
    let grid = Grid {
        caption: "Posts on the data date".to_owned(),
        columns: columns.into(),
        rows: posts.iter().map(row).collect(),
    };
    Some(Section { id: "posts", title: "Posts".to_owned(), said: Vec::new(), grids: vec![grid], notes: Vec::new() })
}

/// How many open things are due and overdue by kind, then each.
fn work(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Section {
    let items: Vec<&DueItem> = input.facts.due.iter().filter(|item| is_theirs(unit, item)).collect();
    let count = |kind: DueKind, state: &'static str| {
        let rows = items.iter().filter(|item| item.kind == kind && item.state() == state).count();
        let key =
            vec![(column(unit), unit.name().to_owned()), ("kind", kind.name().to_owned()), ("state", state.to_owned())];
        Words::default().count(&RowOf { table: DUE.name, key }, ROWS, rows as u64)
    };
    let row = |kind: DueKind| vec![Words::of(words::kind(kind)), count(kind, "overdue"), count(kind, "due")];
    let columns = vec![GridColumn::text("What"), GridColumn::number("Overdue"), GridColumn::number("Due")];
    let grid = Grid {
        caption: "Open crimes with something due, in numbers".to_owned(),
        columns,
        rows: DueKind::ALL.map(row).into(),
    };
    let mut section = Section {
        id: "due",
        title: "What falls due".to_owned(),
        said: Vec::new(),
        grids: vec![grid],
        notes: due::reasons(input),
    };
    due::lists(items, (column(unit), unit.name()), &mut section);
    section
}

/// Estimates drawn towards the mean of all of the level; none where chance would have too great a part in it.
fn estimates(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Section {
    let lines = input.facts.people.iter().filter(|line| line.level == unit.level() && line.unit == unit.name());
    let (shown, hidden): (Vec<&PersonLine>, Vec<&PersonLine>) = lines.partition(|line| line.estimate.is_some());
    let mut section = Section {
        id: "local",
        title: "Estimates".to_owned(),
        said: Vec::new(),
        grids: Vec::new(),
        notes: vec![Words::of(
            "An estimate draws the own figure towards the mean of all, as far as chance could have made it; it is shown where its \
             reliability is 0.7 or more. Cases differ: it is where a conversation begins, and no judgement.",
        )],
    };
    if !hidden.is_empty() {
        section.notes.push(Words::of("Other figures rest on too few cases for an estimate."));
    }
    if shown.is_empty() {
        section.said.push(Words::of("No figure is reliable enough to be shown."));
        return section;
    }
    let row = |line: &&PersonLine| {
        let key = vec![("metric", line.metric.clone()), ("level", line.level.clone()), ("unit", line.unit.clone())];
        let row = RowOf { table: OFFICER_LOCAL.name, key };
        let (title, unit) = words::metric(input.definitions, &line.metric);
        let number = |column, value: Option<f64>, shown: fn(crate::publish::charts::ChartUnit, f64) -> String| {
            value.map_or_else(|| Words::of("\u{2013}"), |v| Words::default().number(&row, column, v, &shown(unit, v)))
        };
        let period = words::period(&row, &line.period_type, line.period_start, line.period_end);
        vec![
            Words::of(title).text(", ").then(period),
            number("estimate", line.estimate, |unit, v| unit.format(v)),
            number("reliability", line.reliability, |_, v| format!("{v:.2}")),
            number("force_value", line.force_value, |unit, v| unit.format(v)),
        ]
    };
    let columns = vec![
        GridColumn::text("Figure"),
        GridColumn::number("Estimate"),
        GridColumn::number("Reliability"),
        GridColumn::number("Force"),
    ];
    let rows = shown.iter().map(row).collect();
    section.grids.push(Grid { caption: "Estimates that are reliable".to_owned(), columns, rows });
    section
}
