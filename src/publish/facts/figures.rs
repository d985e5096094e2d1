//! Rows of `metric_values`, `comparisons` and `spc` in scope `all`, at every level that is open to everybody.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::ScorecardLine;
use crate::domain::{Level, PeriodType, Scope, SolvedSet, Status};
use crate::tables::comparison::{COMPARISONS, Comparator};
use crate::tables::over_time::SPC;
use crate::tables::published::METRIC_VALUES;
use crate::tables::reading::{ReadingError, Row, each_row_with};

/// A figure of a unit in one of the periods that a publication shows.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFigure {
    pub level: Level,
    pub unit: String,
    pub period_type: PeriodType,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: f64,
    pub lower_95: Option<f64>,
    pub upper_95: Option<f64>,
    /// The same unit a year before.
    pub last_year: Option<LastYear>,
}

/// First and last day. Years to date have one first day and many last ones.
pub type Days = (NaiveDate, NaiveDate);

impl UnitFigure {
    pub fn days(&self) -> Days {
        (self.period_start, self.period_end)
    }
}

/// The row of `comparisons` that sets a figure beside the same period last year.
#[derive(Clone, Debug, PartialEq)]
pub struct LastYear {
    pub value: f64,
    pub verdict: String,
    pub method: Option<String>,
}

/// A month of a unit on its chart.
#[derive(Clone, Debug, PartialEq)]
pub struct SpcMonth {
    pub month: NaiveDate,
    pub value: Option<f64>,
    pub centre: Option<f64>,
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub rule: Option<String>,
    pub class: Option<String>,
}

/// Level and unit.
type Unit = (Level, String);

#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// By metric: in each type of period the newest that is final for the force, by level, unit and type of period.
    pub of_metric: BTreeMap<String, Vec<UnitFigure>>,
    /// By metric, level and unit: months in order.
    pub months: BTreeMap<String, BTreeMap<Unit, Vec<SpcMonth>>>,
}

impl Figures {
    pub fn months(&self, metric: &str, level: Level, unit: &str) -> &[SpcMonth] {
        let of_unit = self.months.get(metric).and_then(|units| units.get(&(level, unit.to_owned())));
        of_unit.map_or(&[], Vec::as_slice)
    }
}

const LEVELS: [Level; 4] = [Level::Force, Level::Area, Level::Department, Level::Team];

fn level(row: &Row<'_>) -> Result<Option<Level>, ReadingError> {
    let name = row.text("level")?;
    Ok(LEVELS.into_iter().find(|level| level.name() == name))
}

fn period_type(row: &Row<'_>) -> Result<Option<PeriodType>, ReadingError> {
    let name = row.text("period_type")?;
    Ok(PeriodType::ALL.into_iter().find(|period| period.name() == name))
}

pub(super) fn read(
    build: &Path,
    force: &str,
    solved_set: SolvedSet,
    lines: &[ScorecardLine],
) -> Result<Figures, ReadingError> {
    let mut of_metric = figures(build, force, solved_set)?;
    for (metric, figures) in &mut of_metric {
        let line = lines.iter().find(|line| line.metric == *metric);
        keep_newest(figures, line);
        figures.sort_by(|a, b| (a.level, &a.unit, a.period_type).cmp(&(b.level, &b.unit, b.period_type)));
    }
    last_year(build, force, &mut of_metric)?;
    Ok(Figures { of_metric, months: months(build, force)? })
}

fn figures(
    build: &Path,
    force: &str,
    solved_set: SolvedSet,
) -> Result<BTreeMap<String, Vec<UnitFigure>>, ReadingError> {
    const COLUMNS: [&str; 15] = [
        "metric",
        "force",
        "level",
        "unit",
        "scope",
        "period_type",
        "period_start",
        "period_end",
        "numerator",
        "denominator",
        "value",
        "lower_95",
        "upper_95",
        "solved_set",
        "status",
    ];
    let mut found: BTreeMap<String, Vec<UnitFigure>> = BTreeMap::new();
    each_row_with(&build.join(METRIC_VALUES.path()), &COLUMNS, ("scope", Scope::ALL), |row| {
        let own = row.text("force")? == force && row.text("status")? == Status::Final.name();
        if !own || row.optional_text("solved_set")?.is_some_and(|set| set != solved_set.name()) {
            return Ok(());
        }
        let (Some(level), Some(period_type), Some(period_start), Some(period_end), Some(value)) = (
            level(&row)?,
            period_type(&row)?,
            row.date("period_start")?,
            row.date("period_end")?,
            row.number("value")?,
        ) else {
            return Ok(());
        };
        let figure = UnitFigure {
            level,
            unit: row.text("unit")?.to_owned(),
            period_type,
            period_start,
            period_end,
            numerator: row.number("numerator")?,
            denominator: row.number("denominator")?,
            value,
            lower_95: row.number("lower_95")?,
            upper_95: row.number("upper_95")?,
            last_year: None,
        };
        found.entry(row.text("metric")?.to_owned()).or_default().push(figure);
        Ok::<(), ReadingError>(())
    })?;
    Ok(found)
}

/// Of each type of period the newest of the force, and the scorecard line's own of its type: other units are shown in the
/// same one, or not at all. Teams are shown in the line's alone.
fn keep_newest(figures: &mut Vec<UnitFigure>, line: Option<&ScorecardLine>) {
    let mut newest: BTreeMap<PeriodType, Days> = BTreeMap::new();
    for figure in figures.iter().filter(|figure| figure.level == Level::Force) {
        let days = newest.entry(figure.period_type).or_insert(figure.days());
        *days = figure.days().max(*days);
    }
    let headline = line.and_then(|line| Some((line.period_type.as_deref()?, (line.period_start?, line.period_end?))));
    if let Some((name, days)) = headline {
        newest.extend(PeriodType::ALL.into_iter().filter(|p| p.name() == name).map(|p| (p, days)));
    }
    figures.retain(|figure| {
        let is_headline = headline == Some((figure.period_type.name(), figure.days()));
        newest.get(&figure.period_type) == Some(&figure.days()) && (is_headline || figure.level != Level::Team)
    });
}

fn last_year(build: &Path, force: &str, of_metric: &mut BTreeMap<String, Vec<UnitFigure>>) -> Result<(), ReadingError> {
    const COLUMNS: [&str; 12] = [
        "metric",
        "force",
        "level",
        "unit",
        "scope",
        "period_type",
        "period_start",
        "period_end",
        "comparator",
        "comparator_value",
        "verdict_95",
        "method",
    ];
    each_row_with(&build.join(COMPARISONS.path()), &COLUMNS, ("scope", Scope::ALL), |row| {
        let own = row.text("force")? == force && row.text("comparator")? == Comparator::SamePeriodLastYear.name();
        let Some(figures) = of_metric.get_mut(row.text("metric")?).filter(|_| own) else { return Ok(()) };
        let (Some(level), Some(period_type)) = (level(&row)?, period_type(&row)?) else { return Ok(()) };
        let (unit, days) = (row.text("unit")?, row.date("period_start")?.zip(row.date("period_end")?));
        let place = figures.binary_search_by(|f| (f.level, &*f.unit, f.period_type).cmp(&(level, unit, period_type)));
        let Some(figure) = place.ok().map(|at| &mut figures[at]).filter(|f| Some(f.days()) == days) else {
            return Ok(());
        };
        if let Some(value) = row.number("comparator_value")? {
            let method = row.optional_text("method")?.map(str::to_owned);
            figure.last_year = Some(LastYear { value, verdict: row.text("verdict_95")?.to_owned(), method });
        }
        Ok::<(), ReadingError>(())
    })
}

fn months(build: &Path, force: &str) -> Result<BTreeMap<String, BTreeMap<Unit, Vec<SpcMonth>>>, ReadingError> {
    const COLUMNS: [&str; 12] =
        ["metric", "force", "level", "unit", "scope", "month", "value", "centre", "lower", "upper", "rule", "class"];
    let mut found: BTreeMap<String, BTreeMap<Unit, Vec<SpcMonth>>> = BTreeMap::new();
    each_row_with(&build.join(SPC.path()), &COLUMNS, ("scope", Scope::ALL), |row| {
        let (Some(level), Some(month), true) = (level(&row)?, row.date("month")?, row.text("force")? == force) else {
            return Ok(());
        };
        let units = found.entry(row.text("metric")?.to_owned()).or_default();
        units.entry((level, row.text("unit")?.to_owned())).or_default().push(SpcMonth {
            month,
            value: row.number("value")?,
            centre: row.number("centre")?,
            lower: row.number("lower")?,
            upper: row.number("upper")?,
            rule: row.optional_text("rule")?.map(str::to_owned),
            class: row.optional_text("class")?.map(str::to_owned),
        });
        Ok::<(), ReadingError>(())
    })?;
    Ok(found)
}
