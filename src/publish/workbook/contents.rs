//! What of a build is in the workbook: the rows of each sheet, of the pipeline's own force alone.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::columns::{unit, unit_words};
use super::records::{Cell, Record, records};
use super::sheets::{SHEETS, Sheet, Subject};
use super::{WorkbookError, WorkbookInput};
use crate::domain::{Level, PeriodType, Scope};
use crate::publish::dimensions::DIM_METRIC;
use crate::publish::scorecard::SCORECARD;
use crate::tables::attention::ATTENTION;
use crate::tables::case_mix::CASE_MIX;
use crate::tables::comparison::{COMPARISONS, Comparator};
use crate::tables::demand::DEMAND;
use crate::tables::evaluation::EVALUATION;
use crate::tables::forecast::FORECAST;
use crate::tables::nowcast::NOWCAST;
use crate::tables::over_time::SPC;
use crate::tables::published::{DATA_QUALITY, JOURNEY, METRIC_VALUES};
use crate::tables::reading::{ReadingError, Row};
use crate::tables::spec::TableSpec;
use crate::tables::staffing::STAFFING;

/// A sheet and its rows.
pub(super) struct Filled {
    pub sheet: &'static Sheet,
    pub rows: Vec<Record>,
}

/// The period of a metric's line.
type Lines = BTreeMap<String, (String, NaiveDate, NaiveDate)>;

/// What of `metric_values` is shown.
struct Figures {
    months: Vec<Record>,
    units: Vec<Record>,
    groups: Vec<Record>,
}

/// Reads the build's tables.
struct Reader<'a> {
    input: &'a WorkbookInput<'a>,
    force: &'a str,
    lines: Lines,
}

/// Every sheet that has a row, in the order of the workbook; none where no line is of the pipeline's own force.
pub(super) fn contents(input: &WorkbookInput<'_>) -> Result<Vec<Filled>, WorkbookError> {
    let force = input.definitions.pipeline.force.as_str();
    let scorecard = records(input.build, &SCORECARD, |row| Ok(row.text("force")? == force))?;
    if scorecard.is_empty() {
        return Ok(Vec::new());
    }
    let line = |r: &Record| {
        let period = (r.text("period_type").to_owned(), r.day("period_start")?, r.day("period_end")?);
        Some((r.text("metric").to_owned(), period))
    };
    let lines = scorecard.iter().filter_map(line).collect();
    let reader = Reader { input, force, lines };
    let mut rows = reader.rows(scorecard)?;
    let measures = Measures::new(rows.remove(&Subject::Measures).unwrap_or_default());
    let mut filled = Vec::new();
    for &sheet in SHEETS {
        let mut rows = match sheet.subject {
            Subject::Measures => measures.rows.clone(),
            subject => rows.remove(&subject).unwrap_or_default(),
        };
        rows.iter_mut().for_each(|row| measures.name(row));
        if !sheet.order.is_empty() {
            rows.sort_by_cached_key(|row| {
                sheet.order.iter().map(|column| measures.place(row, column)).collect::<Vec<_>>()
            });
        }
        if !rows.is_empty() {
            filled.push(Filled { sheet, rows });
        }
    }
    Ok(filled)
}

impl Reader<'_> {
    fn rows(&self, scorecard: Vec<Record>) -> Result<BTreeMap<Subject, Vec<Record>>, WorkbookError> {
        let build = self.input.build;
        let of_force = |row: &Row<'_>| Ok::<bool, ReadingError>(row.text("force")? == self.force);
        let read = |table: &TableSpec| records(build, table, of_force);
        let mut rows = BTreeMap::from([
            (Subject::Lists, read(&ATTENTION)?),
            (Subject::CaseMix, read(&CASE_MIX)?),
            (Subject::Journey, read(&JOURNEY)?),
            (
                Subject::Demand,
                records(build, &DEMAND, |row| Ok(of_force(row)? && row.text("level")? == Level::Force.name()))?,
            ),
            (Subject::Forecast, read(&FORECAST)?),
            (Subject::Handlers, read(&STAFFING)?),
            (Subject::Interventions, read(&EVALUATION)?),
            (Subject::Nowcast, read(&NOWCAST)?),
            (Subject::Limits, records(build, &SPC, |row| self.whole_force(row))?),
            (Subject::DataQuality, records(build, &DATA_QUALITY, |row| Ok(of_force(row)? && above_units(row)?))?),
        ]);
        rows.insert(Subject::Measures, self.measures(&scorecard)?);
        let (comparisons, own_past) = self.comparisons()?;
        rows.insert(Subject::Comparisons, comparisons);
        let Figures { months, units, groups } = self.figures()?;
        rows.insert(Subject::Months, months);
        rows.insert(Subject::OffenceGroups, groups);
        rows.insert(Subject::Units, beside(units, &scorecard, &own_past));
        rows.insert(Subject::Scorecard, scorecard);
        Ok(rows)
    }

    fn measures(&self, scorecard: &[Record]) -> Result<Vec<Record>, ReadingError> {
        records(self.input.build, &DIM_METRIC, |row| {
            let metric = row.text("metric")?;
            Ok(scorecard.iter().any(|line| line.text("metric") == metric))
        })
    }

    fn whole_force(&self, row: &Row<'_>) -> Result<bool, ReadingError> {
        Ok(row.text("level")? == Level::Force.name()
            && row.text("scope")? == Scope::ALL
            && row.text("force")? == self.force)
    }

    /// Whether a row is of the period of its metric's line.
    fn of_line(&self, row: &Row<'_>) -> Result<bool, ReadingError> {
        let Some((period_type, start, end)) = self.lines.get(row.text("metric")?) else { return Ok(false) };
        Ok(row.text("period_type")? == period_type
            && row.date("period_start")? == Some(*start)
            && row.date("period_end")? == Some(*end))
    }

    /// Comparisons of the force, and those of its units with their own past.
    fn comparisons(&self) -> Result<(Vec<Record>, Vec<Record>), ReadingError> {
        let all = records(self.input.build, &COMPARISONS, |row| {
            let level = row.text("level")?;
            let own_past = row.text("comparator")? == Comparator::SamePeriodLastYear.name();
            Ok((level == Level::Force.name() || (is_unit(level) && own_past))
                && row.text("scope")? == Scope::ALL
                && row.text("force")? == self.force
                && self.of_line(row)?)
        })?;
        Ok(all.into_iter().partition(|row| row.text("level") == Level::Force.name()))
    }

    /// Months of the force, units and offence groups, from one pass over the figures.
    fn figures(&self) -> Result<Figures, ReadingError> {
        let set = self.input.definitions.pipeline.solved_set.name();
        let kept = records(self.input.build, &METRIC_VALUES, |row| {
            let (level, scope) = (row.text("level")?, row.text("scope")?);
            let force = level == Level::Force.name();
            let month = force && scope == Scope::ALL && row.text("period_type")? == PeriodType::Month.name();
            let of_line = || self.of_line(row);
            let wanted =
                month || (((force && is_group(scope)) || (is_unit(level) && scope == Scope::ALL)) && of_line()?);
            Ok(wanted && row.text("force")? == self.force && row.optional_text("solved_set")?.is_none_or(|s| s == set))
        })?;
        let (of_force, units): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|r| r.text("level") == Level::Force.name());
        let (months, groups) = of_force.into_iter().partition(|r| r.text("scope") == Scope::ALL);
        Ok(Figures { months, units, groups })
    }
}

fn is_unit(level: &str) -> bool {
    [Level::Area, Level::Department, Level::Team].iter().any(|l| l.name() == level)
}

fn is_group(scope: &str) -> bool {
    let other = [Scope::all(), Scope::domestic_abuse(), Scope::hate_crime()];
    !scope.starts_with(Scope::SUBGROUP_PREFIX) && other.iter().all(|s| s.as_str() != scope)
}

/// The extracts and the force: areas, departments and teams have thousands of rows, on the page of data quality.
fn above_units(row: &Row<'_>) -> Result<bool, ReadingError> {
    Ok(!is_unit(row.text("level")?))
}

/// Units with the force's figure and their own year before.
fn beside(mut units: Vec<Record>, scorecard: &[Record], own_past: &[Record]) -> Vec<Record> {
    let key = |r: &Record| (r.text("metric").to_owned(), r.text("level").to_owned(), r.text("unit").to_owned());
    let past: BTreeMap<_, &Record> = own_past.iter().map(|r| (key(r), r)).collect();
    let lines: BTreeMap<&str, &Record> = scorecard.iter().map(|line| (line.text("metric"), line)).collect();
    for unit in &mut units {
        if let Some(line) = lines.get(unit.text("metric")) {
            unit.take("force_value", line, "value");
        }
        if let Some(year) = past.get(&key(unit)) {
            unit.take("last_year_value", year, "comparator_value");
            unit.take("last_year_period_end", year, "comparator_period_end");
            unit.take("last_year_verdict", year, "verdict_95");
            unit.take("last_year_method", year, "method");
        }
    }
    units
}

/// What each metric is, in the order of the scorecard.
struct Measures {
    rows: Vec<Record>,
    places: BTreeMap<String, usize>,
}

impl Measures {
    fn new(rows: Vec<Record>) -> Self {
        let places = rows.iter().enumerate().map(|(i, row)| (row.text("metric").to_owned(), i)).collect();
        Self { rows, places }
    }

    /// Adds what the metric of a row is called, and its unit.
    fn name(&self, row: &mut Record) {
        let Some(metric) = self.places.get(row.text("metric")).and_then(|&place| self.rows.get(place)) else { return };
        row.take("measure", metric, "title");
        row.take("measure_unit_name", metric, "unit");
        if let Some(unit) = unit(row) {
            row.add("measure_unit", Cell::Text(unit_words(unit).to_owned()));
        }
    }

    /// Where a row belongs by one of its columns.
    fn place(&self, row: &Record, column: &str) -> String {
        match row.cell(column) {
            Cell::Text(metric) if column == "metric" => {
                format!("{:06}", self.places.get(metric).copied().unwrap_or(self.places.len()))
            }
            Cell::Text(text) => text.clone(),
            Cell::Whole(count) => format!("{count:020}"),
            Cell::Day(day) => day.to_string(),
            Cell::Number(_) | Cell::Flag(_) | Cell::Missing => String::new(),
        }
    }
}
