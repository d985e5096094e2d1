//! Reference tables: from `references/*.csv` to checked ones.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::checker::Checker;
use super::csv_text::{Cell, Row, Table};
use super::fault::{DefinitionFault, SourceFile};
use crate::definitions::{
    BankHolidays, Force, NotReported, Offence, OthersTable, OutcomeType, PeerGroup, Population, References,
};
use crate::domain::{ForceId, Month, SolvedSet, parse_iso_date};

/// The reference tables, beside the pipeline file, in the order in which they are read.
pub const NAMES: [&str; 7] = [
    "references/forces.csv",
    "references/offence_groups.csv",
    "references/outcome_types.csv",
    "references/bank_holidays.csv",
    "references/populations.csv",
    "references/peer_groups.csv",
    "references/not_reported.csv",
];

/// The bank holidays that count: those of England and Wales.
const DIVISION: &str = "england-and-wales";
/// "Not yet assigned an outcome" is no outcome.
const NOT_ASSIGNED: &str = "0";

/// All tables, as far as they can be read.
pub(super) fn references(files: &[SourceFile], faults: &mut Vec<DefinitionFault>) -> References {
    let mut references = References::default();
    for name in NAMES {
        let Some(file) = files.iter().find(|file| file.name == name) else { continue };
        let mut checker = Checker::new(file, faults);
        match name {
            "references/forces.csv" => references.forces = forces(&mut checker),
            "references/offence_groups.csv" => references.offences = offences(&mut checker),
            "references/outcome_types.csv" => references.outcome_types = outcome_types(&mut checker),
            "references/bank_holidays.csv" => references.bank_holidays = bank_holidays(&mut checker),
            "references/populations.csv" => references.populations = populations(&mut checker, &references.forces),
            "references/peer_groups.csv" => references.peer_groups = peer_groups(&mut checker, &references.forces),
            _ => references.not_reported = not_reported(&mut checker, &references.forces),
        }
    }
    references
}

type Forces = BTreeMap<ForceId, Force>;

fn forces(checker: &mut Checker<'_>) -> Forces {
    let columns = ["data_police_uk_slug", "canonical_name", "region", "ons_code"];
    let mut forces = BTreeMap::new();
    for row in table(checker, &columns).iter().flat_map(Table::rows) {
        let slug = row.cell("data_police_uk_slug");
        let Some(id) = ForceId::new(&slug.text) else {
            fault(checker, slug, format!("`{}` is no force id", slug.text))
                .expected("expected lower-case letters, digits and hyphens");
            continue;
        };
        let ons_code = row.text("ons_code").to_owned();
        let name = filled(checker, &row, "canonical_name");
        let (region, territorial) = (row.text("region").to_owned(), !ons_code.is_empty());
        let force = Force { id: id.clone(), name, region, ons_code, territorial };
        if forces.insert(id, force).is_some() {
            fault(checker, slug, format!("force `{}` stands twice", slug.text));
        }
    }
    forces
}

fn offences(checker: &mut Checker<'_>) -> BTreeMap<String, Offence> {
    let columns = ["offence_code", "offence_description", "offence_group", "subgroup_current_guess"];
    let mut offences = BTreeMap::new();
    for row in table(checker, &columns).iter().flat_map(Table::rows) {
        let code = filled(checker, &row, "offence_code").to_uppercase();
        let offence = Offence {
            description: row.text("offence_description").to_owned(),
            group: filled(checker, &row, "offence_group"),
            subgroup: filled(checker, &row, "subgroup_current_guess"),
        };
        if offences.insert(code, offence).is_some() {
            let cell = row.cell("offence_code");
            fault(checker, cell, format!("offence code `{}` stands twice", cell.text));
        }
    }
    offences
}

/// The flags of a set stand with the parent: `1A` is printed without them, as a row "of which" of `1`.
fn outcome_types(checker: &mut Checker<'_>) -> Vec<OutcomeType> {
    let sets = [
        ("counts_positive_excluding_tic", SolvedSet::PositiveExcludingTic),
        ("counts_legacy_1to8", SolvedSet::Legacy),
        ("counts_sanction_detection", SolvedSet::SanctionDetection),
    ];
    let columns = ["outcome_type", "short_name", "home_office_outcome_group", "record_level_parent"];
    let columns: Vec<&str> = columns.into_iter().chain(sets.map(|(column, _)| column)).collect();
    let Some(table) = table(checker, &columns) else { return Vec::new() };
    let mut solved: BTreeMap<String, BTreeSet<SolvedSet>> = BTreeMap::new();
    for row in table.rows() {
        let code = filled(checker, &row, "outcome_type").to_uppercase();
        let counts = sets.iter().filter(|(column, _)| yes(checker, row.cell(column))).map(|&(_, set)| set).collect();
        if solved.insert(code, counts).is_some() {
            let cell = row.cell("outcome_type");
            fault(checker, cell, format!("outcome type `{}` stands twice", cell.text));
        }
    }
    let mut types = Vec::new();
    for row in table.rows().filter(|row| row.text("outcome_type") != NOT_ASSIGNED) {
        let parent = row.cell("record_level_parent");
        let Some(solved_in) = solved.get(&parent.text.to_uppercase()) else {
            fault(checker, parent, format!("`{}` is no outcome type", parent.text))
                .expected("the type that it counts with");
            continue;
        };
        types.push(OutcomeType {
            code: row.text("outcome_type").to_uppercase(),
            name: filled(checker, &row, "short_name"),
            group: filled(checker, &row, "home_office_outcome_group"),
            solved_in: solved_in.clone(),
        });
    }
    types
}

fn bank_holidays(checker: &mut Checker<'_>) -> BankHolidays {
    let mut dates = BTreeSet::new();
    for row in table(checker, &["date", "division"]).iter().flat_map(Table::rows) {
        let day = date(checker, row.cell("date"));
        if row.text("division") == DIVISION {
            dates.extend(day);
        }
    }
    BankHolidays { dates }
}

fn populations(checker: &mut Checker<'_>, forces: &Forces) -> BTreeMap<ForceId, Vec<Population>> {
    let mut populations: BTreeMap<ForceId, Vec<Population>> = BTreeMap::new();
    for row in
        table(checker, &["force", "estimate_date", "residents", "suspect", "source"]).iter().flat_map(Table::rows)
    {
        let force = force(checker, row.cell("force"), forces);
        let estimate_date = date(checker, row.cell("estimate_date"));
        let count = row.cell("residents");
        let residents = count.text.parse().ok().filter(|&residents: &u64| residents > 0);
        if residents.is_none() {
            fault(checker, count, format!("`{}` is no number of residents", count.text))
                .expected("expected a whole number above 0");
        }
        let suspect = yes(checker, row.cell("suspect"));
        let source = filled(checker, &row, "source");
        let (Some(force), Some(estimate_date), Some(residents)) = (force, estimate_date, residents) else { continue };
        let estimates = populations.entry(force).or_default();
        if estimates.iter().any(|estimate| estimate.estimate_date == estimate_date) {
            fault(checker, row.cell("estimate_date"), format!("two estimates are dated {estimate_date}"));
        }
        estimates.push(Population { estimate_date, residents, suspect, source });
    }
    for estimates in populations.values_mut() {
        estimates.sort_by_key(|estimate| estimate.estimate_date);
    }
    populations
}

fn peer_groups(checker: &mut Checker<'_>, forces: &Forces) -> Vec<PeerGroup> {
    let columns = ["group", "force", "member", "valid_from", "valid_to", "illustrative", "source"];
    let mut members: Vec<PeerGroup> = Vec::new();
    for row in table(checker, &columns).iter().flat_map(Table::rows) {
        let group = filled(checker, &row, "group");
        let (own, member) = (force(checker, row.cell("force"), forces), force(checker, row.cell("member"), forces));
        let valid_from = date(checker, row.cell("valid_from"));
        let end = row.cell("valid_to");
        let valid_to = if end.text.is_empty() { None } else { date(checker, end) };
        let illustrative = yes(checker, row.cell("illustrative"));
        let source = filled(checker, &row, "source");
        let (Some(force), Some(member), Some(valid_from)) = (own, member, valid_from) else { continue };
        if member == force {
            fault(checker, row.cell("member"), "a force is no member of its own group")
                .hint("a variant says if it is counted");
        }
        if valid_to.is_some_and(|valid_to| valid_to < valid_from) {
            fault(checker, end, "this ends before it begins").expected(format!("{valid_from} or later, or blank"));
        }
        let new = PeerGroup { group, force, member, valid_from, valid_to, source, illustrative };
        if members.iter().any(|old| overlap(old, &new)) {
            fault(checker, row.cell("member"), format!("`{}` is a member twice on the same day", new.member));
        }
        members.push(new);
    }
    members
}

fn not_reported(checker: &mut Checker<'_>, forces: &Forces) -> Vec<NotReported> {
    let columns = ["force", "table", "first_month", "last_month", "what", "source"];
    let mut rows = Vec::new();
    for row in table(checker, &columns).iter().flat_map(Table::rows) {
        let force = force(checker, row.cell("force"), forces);
        let written = row.cell("table");
        let table = OthersTable::ALL.into_iter().find(|table| table.name() == written.text);
        if table.is_none() {
            let names = OthersTable::ALL.map(OthersTable::name);
            fault(checker, written, format!("`{}` is no table of others", written.text))
                .expected(format!("expected {}", names.join(", ")));
        }
        let (first, last) = (month(checker, row.cell("first_month")), month(checker, row.cell("last_month")));
        let (what, source) = (filled(checker, &row, "what"), filled(checker, &row, "source"));
        let (Some(force), Some(table), Some(first), Some(last)) = (force, table, first, last) else { continue };
        if last < first {
            fault(checker, row.cell("last_month"), "this ends before it begins").expected(format!("{first} or later"));
        }
        rows.push(NotReported { force, table, first, last, what, source });
    }
    rows
}

/// Whether two rows say the same membership for some day.
fn overlap(a: &PeerGroup, b: &PeerGroup) -> bool {
    let ends = |row: &PeerGroup| row.valid_to.unwrap_or(NaiveDate::MAX);
    let same = (&a.group, &a.force, &a.member) == (&b.group, &b.force, &b.member);
    same && a.valid_from <= ends(b) && b.valid_from <= ends(a)
}

fn table(checker: &mut Checker<'_>, columns: &[&str]) -> Option<Table> {
    Table::read(checker.file, columns, checker.faults)
}

fn fault<'c>(checker: &'c mut Checker<'_>, cell: &Cell, message: impl Into<String>) -> &'c mut DefinitionFault {
    checker.fault(cell.span.clone(), message)
}

/// The text of a cell that may not be blank.
fn filled(checker: &mut Checker<'_>, row: &Row<'_>, column: &str) -> String {
    let cell = row.cell(column);
    if cell.text.is_empty() {
        fault(checker, cell, format!("`{column}` is blank"));
    }
    cell.text.clone()
}

fn date(checker: &mut Checker<'_>, cell: &Cell) -> Option<NaiveDate> {
    let date = parse_iso_date(&cell.text);
    if date.is_none() {
        fault(checker, cell, format!("`{}` is no date", cell.text)).expected("expected a day, such as 2026-04-01");
    }
    date
}

fn month(checker: &mut Checker<'_>, cell: &Cell) -> Option<Month> {
    let month = Month::parse(&cell.text);
    if month.is_none() {
        fault(checker, cell, format!("`{}` is no month", cell.text)).expected("expected a month, such as 2026-04");
    }
    month
}

fn yes(checker: &mut Checker<'_>, cell: &Cell) -> bool {
    match cell.text.as_str() {
        "yes" | "1" => true,
        "no" | "0" => false,
        other => {
            fault(checker, cell, format!("`{other}` is neither yes nor no")).expected("expected yes or no");
            false
        }
    }
}

fn force(checker: &mut Checker<'_>, cell: &Cell, forces: &Forces) -> Option<ForceId> {
    let id = ForceId::new(&cell.text).filter(|id| forces.contains_key(id));
    if id.is_none() && !forces.is_empty() {
        fault(checker, cell, format!("unknown force `{}`", cell.text))
            .expected("expected a `data_police_uk_slug` of forces.csv")
            .did_you_mean(&cell.text, forces.keys().map(ForceId::as_str));
    }
    id
}
