//! Rows as the template reads them: every number already in words.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::practice::sentence;
use super::super::rows::is_worse;
use super::super::words;
use super::PageInput;
use super::trend::{Trend, grade_before, trend};
use crate::definitions::{GradeLimits, PublishedShape};
use crate::domain::{ForceId, Status, capitalised, long_date};
use crate::tables::quality::{Dimension, Grade, PracticeMonth, QualityLevel, QualityRow};

/// Measures under "What to mend first".
const MENDED_FIRST: usize = 12;
/// Places of quarantined records that are shown of each extract.
const PLACES_SHOWN: usize = 10;

/// The dimensions of the overview and of the tables of units.
const ACROSS: [Dimension; 6] = [
    Dimension::Completeness,
    Dimension::Validity,
    Dimension::Uniqueness,
    Dimension::Consistency,
    Dimension::Timeliness,
    Dimension::LinkRate,
];

#[derive(Serialize)]
pub(super) struct Page {
    force: String,
    data_date: String,
    synthetic: bool,
    source: String,
    first_build: bool,
    earlier: usize,
    across: Vec<&'static str>,
    extracts: Vec<Extract>,
    mend_first: Vec<Line>,
    /// What all of a file's records together are called.
    whole: &'static str,
    /// There is a table of examples.
    examples: bool,
    signals: Vec<Signal>,
    grades: Vec<Limits>,
    least_rows: u64,
    break_months: usize,
}

/// A grade as letter, word and shape.
#[derive(Clone, Serialize)]
struct Badge {
    letter: &'static str,
    word: &'static str,
}

/// A share with its grade, or why there is none.
#[derive(Clone, Serialize)]
struct Cell {
    share: Option<String>,
    grade: Option<Badge>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Extract {
    id: String,
    title: String,
    overall: Option<Cell>,
    worst: Option<String>,
    before: Option<String>,
    across: Vec<Option<Cell>>,
    newest: Option<String>,
    newest_grade: Option<Badge>,
    read: Option<String>,
    fates: Option<String>,
    owner: Option<String>,
    lead: Option<String>,
    analyst: Option<String>,
    lines: Vec<Line>,
    units: Vec<Units>,
    places: Vec<Place>,
    rules: Vec<(&'static str, String)>,
    not_shown: usize,
}

/// A measure of a column, or of an extract as a whole.
#[derive(Clone, Serialize)]
struct Line {
    extract: String,
    /// Where the page shows several.
    force: Option<String>,
    column: Option<String>,
    dimension: &'static str,
    cell: Cell,
    affected: Option<String>,
    asked: Option<String>,
    /// What was noticed, and what is counted over what.
    counted: String,
    owner: Option<String>,
    trend: Option<Trend>,
}

/// The areas, departments or teams of an extract.
#[derive(Serialize)]
struct Units {
    level: &'static str,
    across: Vec<&'static str>,
    rows: Vec<UnitRow>,
}

#[derive(Serialize)]
struct UnitRow {
    unit: String,
    overall: Option<Cell>,
    worst: Option<String>,
    across: Vec<Option<Cell>>,
}

#[derive(Serialize)]
struct Place {
    file: String,
    record: String,
    rule: &'static str,
    column: String,
}

#[derive(Serialize)]
struct Signal {
    title: String,
    month: Option<String>,
    value: Option<String>,
    usual: Option<String>,
    says: String,
    is_break: bool,
    moves: String,
    /// Breaks of areas, departments and teams.
    units: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Limits {
    of: String,
    a: String,
    b: String,
    c: String,
}

const fn badge(grade: Grade) -> Badge {
    let word = match grade {
        Grade::A => "good",
        Grade::B => "fair",
        Grade::C => "weak",
        Grade::D => "poor",
    };
    Badge { letter: grade.name(), word }
}

fn cell(row: &QualityRow) -> Cell {
    Cell { share: row.share().map(words::percent), grade: row.grade.map(badge), reason: row.reason.clone() }
}

pub(super) fn of(input: &PageInput<'_>) -> Page {
    let rows: Vec<&QualityRow> =
        input.rows.iter().filter(|r| r.level == QualityLevel::Extract || is_shown(input, &r.force)).collect();
    let quality = &input.definitions.quality;
    Page {
        force: input.force.map_or_else(|| "published tables".to_owned(), |force| force_name(input, force)),
        data_date: long_date(input.data_date),
        synthetic: input.synthetic,
        source: input.source.to_owned(),
        first_build: input.earlier.is_empty(),
        earlier: input.earlier.len(),
        across: ACROSS.map(words::dimension).to_vec(),
        extracts: extract_names(input, &rows).into_iter().map(|id| extract(input, &rows, &id)).collect(),
        mend_first: mend_first(input, &rows),
        whole: if input.force.is_some() { "whole extract" } else { "whole table" },
        examples: input.force.is_some(),
        signals: signals(input),
        grades: grades(input),
        least_rows: quality.least_rows,
        break_months: quality.break_months,
    }
}

fn is_shown(input: &PageInput<'_>, force: &str) -> bool {
    input.force.is_none_or(|shown| shown == force)
}

fn force_name(input: &PageInput<'_>, id: &str) -> String {
    let known = ForceId::new(id).and_then(|id| input.definitions.references.forces.get(&id));
    known.map_or_else(|| id.to_owned(), |force| force.name.clone())
}

/// Extracts in the order of the definitions, then any other by name.
fn extract_names(input: &PageInput<'_>, rows: &[&QualityRow]) -> Vec<String> {
    let mut left: BTreeSet<String> = rows.iter().map(|row| row.extract.to_string()).collect();
    let mut names: Vec<String> = input.definitions.extracts.iter().map(|e| e.id.clone()).collect();
    names.retain(|name| left.remove(name));
    names.extend(left);
    names
}

fn title(input: &PageInput<'_>, extract: &str) -> String {
    let known = input.definitions.extract(extract);
    let published = || PublishedShape::ALL.into_iter().find(|shape| shape.name() == extract);
    let named = known.map(|extract| extract.title.clone()).or_else(|| Some(published()?.title().to_owned()));
    named.unwrap_or_else(|| extract.to_owned())
}

fn line(input: &PageInput<'_>, row: &QualityRow) -> Line {
    let of_many = input.force.is_none() && row.level == QualityLevel::Force;
    Line {
        extract: title(input, &row.extract),
        force: of_many.then(|| force_name(input, &row.force)),
        column: row.column.as_deref().map(str::to_owned),
        dimension: words::dimension(row.dimension),
        cell: cell(row),
        affected: row.affected.filter(|_| row.dimension != Dimension::Freshness).map(words::thousands),
        asked: row.denominator.map(words::thousands),
        counted: counted(row),
        owner: owner(input, row).map(|owner| owner.analyst_spoc.clone()),
        // Earlier builds are read for one force.
        trend: if of_many { None } else { trend(row, input.earlier, input.data_date) },
    }
}

fn counted(row: &QualityRow) -> String {
    let parts: Vec<&str> = row.finding.as_deref().into_iter().chain(row.basis.as_deref()).collect();
    capitalised(&parts.join("; "))
}

fn owner<'a>(input: &PageInput<'a>, row: &QualityRow) -> Option<&'a crate::definitions::Owner> {
    input.definitions.pipeline.owners.get(&**row.owner.as_ref()?)
}

fn whole(row: &QualityRow) -> bool {
    matches!(row.level, QualityLevel::Force | QualityLevel::Extract)
}

/// Graded C or D, the worst first; where grades are equal, the more rows.
fn mend_first(input: &PageInput<'_>, rows: &[&QualityRow]) -> Vec<Line> {
    // All columns of a force together only repeat what each of them says; findings about published tables repeat nothing.
    let repeats = |row: &QualityRow| {
        let together = row.column.is_none() && row.level == QualityLevel::Force;
        together && row.dimension != Dimension::Freshness && input.force.is_some()
    };
    let poor = |row: &&&QualityRow| {
        whole(row)
            && row.grade.is_some_and(|grade| grade >= Grade::C)
            && row.dimension != Dimension::Overall
            && !repeats(row)
    };
    let mut poor: Vec<&QualityRow> = rows.iter().filter(poor).copied().collect();
    poor.sort_by_key(|row| std::cmp::Reverse((row.grade, row.affected)));
    poor.into_iter().take(MENDED_FIRST).map(|row| line(input, row)).collect()
}

fn extract(input: &PageInput<'_>, rows: &[&QualityRow], id: &str) -> Extract {
    let own: Vec<&QualityRow> = rows.iter().filter(|row| &*row.extract == id).copied().collect();
    let find = |dimension: Dimension| {
        let at = |level| own.iter().find(move |r| r.column.is_none() && r.dimension == dimension && r.level == level);
        let of_force = at(QualityLevel::Force).filter(|_| input.force.is_some());
        of_force.or_else(|| at(QualityLevel::Extract)).copied()
    };
    let (overall, newest) = (find(Dimension::Overall), find(Dimension::Freshness));
    let owners = own.first().and_then(|row| owner(input, row));
    let files: Vec<_> = input.reconciliation.iter().filter(|r| r.extract == id).collect();
    let sum = |of: fn(&crate::tables::accepted::Reconciliation) -> u64| -> u64 { files.iter().map(|r| of(r)).sum() };
    let fates = || {
        let [accepted, after, held, copies] =
            [sum(|r| r.accepted), sum(|r| r.out_of_window), sum(|r| r.quarantined), sum(|r| r.duplicates)]
                .map(words::thousands);
        format!("{accepted} accepted, {after} after the data date, {held} quarantined, {copies} duplicates")
    };
    let mut lines: Vec<&QualityRow> =
        own.iter().filter(|row| whole(row) && row.dimension != Dimension::Overall).copied().collect();
    lines.sort_by_key(|row| (row.column.clone(), row.level, row.dimension));
    let (places, rules) = quarantine(input, id);
    Extract {
        id: id.to_owned(),
        title: title(input, id),
        overall: overall.map(cell),
        worst: overall.and_then(|row| row.finding.clone()),
        before: overall.and_then(|row| grade_before(row, input.earlier)),
        across: ACROSS.map(|dimension| find(dimension).map(cell)).to_vec(),
        newest: newest.and_then(|row| row.finding.as_deref()?.strip_prefix("the newest row is of ").map(str::to_owned)),
        newest_grade: newest.and_then(|row| row.grade).map(badge),
        read: (!files.is_empty()).then(|| words::thousands(sum(|r| r.records_read))),
        fates: (!files.is_empty()).then(fates),
        owner: own.first().and_then(|row| row.owner.as_deref().map(str::to_owned)),
        lead: owners.map(|owner| owner.strategic_lead.clone()),
        analyst: owners.map(|owner| owner.analyst_spoc.clone()),
        lines: lines.into_iter().map(|row| line(input, row)).collect(),
        units: UNIT_LEVELS.iter().filter_map(|level| units(&own, *level)).collect(),
        not_shown: input.quarantined.iter().filter(|q| q.extract == id).count() - places.len(),
        places,
        rules,
    }
}

/// Levels of units below the force.
const UNIT_LEVELS: [QualityLevel; 3] = [QualityLevel::Area, QualityLevel::Department, QualityLevel::Team];

/// The units of a level, the worst first.
fn units(own: &[&QualityRow], level: QualityLevel) -> Option<Units> {
    let mut by_unit: BTreeMap<&str, BTreeMap<Dimension, &QualityRow>> = BTreeMap::new();
    for row in own.iter().filter(|row| row.level == level && row.column.is_none()) {
        by_unit.entry(&row.unit).or_default().insert(row.dimension, row);
    }
    let across: Vec<Dimension> =
        ACROSS.into_iter().filter(|d| by_unit.values().any(|rows| rows.contains_key(d))).collect();
    let mut sorted: Vec<(&str, BTreeMap<Dimension, &QualityRow>)> = by_unit.into_iter().collect();
    sorted.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.get(&Dimension::Overall).and_then(|row| row.grade)));
    let rows: Vec<UnitRow> = sorted
        .into_iter()
        .map(|(unit, rows)| UnitRow {
            unit: unit.to_owned(),
            overall: rows.get(&Dimension::Overall).map(|row| cell(row)),
            worst: worst(own, level, unit),
            across: across.iter().map(|d| rows.get(d).map(|row| cell(row))).collect(),
        })
        .collect();
    (!rows.is_empty()).then(|| Units {
        level: level.name(),
        across: across.into_iter().map(words::dimension).collect(),
        rows,
    })
}

/// The worst measure of a unit, without its extract: `completeness of officer, 88.2%`.
fn worst(own: &[&QualityRow], level: QualityLevel, unit: &str) -> Option<String> {
    let of_unit =
        own.iter().filter(|r| r.level == level && &*r.unit == unit && r.column.is_some() && r.grade.is_some());
    let row = of_unit.reduce(|worst, row| if is_worse(row, worst) { row } else { worst })?;
    let column = row.column.as_deref()?;
    Some(format!("{} of {column}, {}", words::dimension(row.dimension), words::percent(row.share()?)))
}

/// The first places of an extract's quarantined records, and how many broke each rule.
fn quarantine(input: &PageInput<'_>, id: &str) -> (Vec<Place>, Vec<(&'static str, String)>) {
    let held = || input.quarantined.iter().filter(|q| q.extract == id);
    let mut rules: BTreeMap<&'static str, u64> = BTreeMap::new();
    held().for_each(|q| *rules.entry(q.rule.name()).or_default() += 1);
    let place = |q: &crate::tables::accepted::Quarantined| Place {
        file: q.file.to_string(),
        record: words::thousands(q.record),
        rule: q.rule.name(),
        column: q.column.clone(),
    };
    (held().take(PLACES_SHOWN).map(place).collect(), rules.into_iter().map(|(r, n)| (r, words::thousands(n))).collect())
}

fn signals(input: &PageInput<'_>) -> Vec<Signal> {
    let quality = &input.definitions.quality;
    let metric = |id: &String| input.definitions.metric(id).map_or_else(|| id.clone(), |m| m.title.clone());
    let of = |id: &str, level: QualityLevel| -> Vec<&PracticeMonth> {
        let here = |m: &&PracticeMonth| *m.signal == *id && m.level == level && is_shown(input, &m.force);
        input.months.iter().filter(here).collect()
    };
    let one = |signal: &crate::definitions::Signal| {
        let months = of(&signal.id, QualityLevel::Force);
        let last = months.iter().rfind(|m| m.status == Status::Final && m.value.is_some());
        let broken = months.iter().rfind(|m| m.is_break);
        let says = match (broken.and_then(|m| sentence(m)), last) {
            (Some(said), _) => said,
            (None, None) => "Not measured: its columns or months are not there.".to_owned(),
            (None, Some(month)) if month.limits.is_none() => "Too few final months, or events, for limits.".to_owned(),
            (None, Some(_)) => "No break.".to_owned(),
        };
        Signal {
            title: signal.title.clone(),
            month: last.map(|m| words::month(m.month)),
            value: last.and_then(|m| m.value).map(words::percent),
            usual: last.and_then(|m| m.limits).map(words::usual_range),
            says,
            is_break: broken.is_some(),
            moves: signal.moves.iter().map(metric).collect::<Vec<_>>().join("; "),
            units: UNIT_LEVELS.iter().flat_map(|l| breaks(&of(&signal.id, *l))).collect(),
        }
    };
    // A build without months has nothing to say about any signal.
    if input.months.is_empty() { Vec::new() } else { quality.signals.iter().map(one).collect() }
}

/// Each unit's latest break: its name and the sentence.
fn breaks(months: &[&PracticeMonth]) -> Vec<(String, String)> {
    let mut latest: BTreeMap<&str, &PracticeMonth> = BTreeMap::new();
    months.iter().filter(|m| m.is_break).for_each(|m| {
        latest.insert(&m.unit, m);
    });
    latest.into_iter().filter_map(|(unit, month)| Some((unit.to_owned(), sentence(month)?))).collect()
}

fn grades(input: &PageInput<'_>) -> Vec<Limits> {
    let quality = &input.definitions.quality;
    let row = |of: String, dimension: Dimension, limits: GradeLimits| {
        let text = |limit: f64| match dimension {
            Dimension::Freshness => format!("{limit} {} at most", if limit == 1.0 { "day" } else { "days" }),
            _ => format!("{}% or more", (100_000.0 * limit).round() / 1000.0),
        };
        Limits { of, a: text(limits.a), b: text(limits.b), c: text(limits.c) }
    };
    let general = quality.grades.iter().map(|(d, limits)| row(words::dimension(*d).to_owned(), *d, *limits));
    let special = quality.exceptions.iter().map(|e| {
        let of = e.column.as_ref().map_or_else(|| e.extract.clone(), |column| format!("{}.{column}", e.extract));
        row(format!("{} of {of}", words::dimension(e.dimension)), e.dimension, e.limits)
    });
    general.chain(special).collect()
}
