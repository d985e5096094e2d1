//! Stages 4 to 6, metric by metric: conformed tables in, tallies, figures, comparisons and charts on the disk.

use std::sync::Arc;

use polars::prelude::{DataType, Expr, LazyFrame, PolarsResult, col, lit};
use serde_json::json;

use super::accounts;
use super::demand::{self, Countable};
use super::judging::Court;
use super::maturity;
use super::metric_tables::MetricTables;
use super::records::Records;
use super::run_log::RunLog;
use super::{BuildError, BuildRequest, Forces, Progress, Until};
use crate::build_folder::BuildFolder;
use crate::compare;
use crate::definitions::{Definitions, Extract, Metric};
use crate::domain::{Level, Month, PeriodType, Scope, SolvedSet, Status};
use crate::measure::{Coverage, DemandInput, FigureMaker, JourneyInput, MeasureInput, Series, Tallied, first_day};
use crate::publish::charts::Chart;
use crate::publish::{self, Line};
use crate::tables::conformed;
use crate::tables::demand::Subject;
use crate::tables::figure::Figure;

/// What a build made.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub tallies: u64,
    pub values: u64,
    pub officer_values: u64,
    pub charts: u64,
    /// Metric and reason.
    pub not_available: Vec<(String, String)>,
}

pub(super) fn compute(
    definitions: &Definitions,
    request: &BuildRequest,
    court: &Court<'_>,
    records: &Records,
    folder: &BuildFolder,
    progress: &dyn Progress,
    log: &mut RunLog,
) -> Result<Figures, BuildError> {
    let mut figures = Figures::default();
    accounts::books(&records.books, folder)?;
    let mut tables = MetricTables::create(folder, request.until)?;
    let work = Work { definitions, request, records, progress };
    let mut metrics_done = 0;
    let mut measured = Vec::new();
    let mut lacking_lines = Vec::new();
    for extract in &definitions.extracts {
        let metrics: Vec<&Metric> = definitions.metrics.iter().filter(|m| m.extract == extract.id).collect();
        if metrics.is_empty() {
            continue; // it is there for what others take from it
        }
        let (metrics, lacking): (Vec<_>, Vec<_>) = metrics.into_iter().partition(|m| work.lacks(extract, m).is_none());
        for metric in lacking {
            let reason = work.lacks(extract, metric).unwrap_or_default();
            for force in work.forces()? {
                tables.not_available(metric, work.not_available(metric, &force, &reason), &mut figures)?;
                lacking_lines.push(Line::not_available(metric, &force, &reason));
            }
            figures.not_available.push((metric.id.to_string(), reason));
        }
        let Some(tallied) = work.tally(extract, &metrics)? else { continue };
        log.step(&format!("tally {}", extract.id), json!({}))?;
        for (metric, set) in tallied.metrics() {
            metrics_done += 1;
            progress.advance(metrics_done, definitions.metrics.len() as u64);
            if set.is_none_or(|s| s == definitions.pipeline.solved_set) {
                figures.tallies += tables.tallies(&tallied, metric, set)?;
            }
            if request.until >= Until::Tables {
                tables.values(&tallied, metric, set, &mut figures)?;
            }
        }
        log.step(&format!("measure {}", extract.id), json!({}))?;
        if request.until >= Until::Tables {
            measured.push(tallied);
        }
    }
    let seen = tables.finish()?;
    if request.until >= Until::Tables {
        progress.stage("Following the journey");
        let mut drawn = super::journey::write(court, &work.journey_input()?, work.first_month_of_calls()?, folder)?;
        log.step("journey", json!({}))?;
        progress.stage("Judging");
        drawn.extend(work.maturity(court, folder)?);
        log.step("maturity", json!({}))?;
        let forces: Vec<Arc<str>> = work.forces()?.into_iter().map(Arc::from).collect();
        drawn.extend(demand::write(court, &work.countable()?, &forces, folder)?);
        log.step("demand", json!({}))?;
        super::due::write(definitions, records, work.forces()?, work.due_rows()?, folder)?;
        log.step("due", json!({}))?;
        super::local::write(&measured, definitions, folder)?;
        log.step("local figures", json!({}))?;
        work.judge(court, &measured, lacking_lines, drawn, folder, &mut figures)?;
        log.step("judge", json!({"charts": figures.charts}))?;
        for (table, arrays) in publish::dimensions(definitions, records.books.data_date, &seen) {
            accounts::table(folder, table, arrays)?;
        }
        super::organisation::write(request, records, folder)?;
        log.step("dimensions", json!({}))?;
    }
    Ok(figures)
}

struct Work<'a> {
    definitions: &'a Definitions,
    request: &'a BuildRequest,
    records: &'a Records,
    progress: &'a dyn Progress,
}

impl<'a> Work<'a> {
    /// Why a metric cannot be measured, if so: the extract or column that is not there.
    fn lacks(&self, extract: &Extract, metric: &Metric) -> Option<String> {
        let structures = &self.records.structures;
        if !structures.contains_key(&extract.id) {
            return Some(format!("there is no extract of {}", extract.id));
        }
        let needs = metric.fields().into_iter().filter_map(|f| conformed::find(&extract.id, f)).flat_map(|f| f.needs);
        needs.copied().find_map(|need| {
            let (id, column) = need.split_once('.').unwrap_or((&extract.id, need));
            let there = structures.get(id).is_some_and(|s| s.has_column(column));
            (!there).then(|| format!("the {id} extract has no column {column}"))
        })
    }

    fn tally(&self, extract: &'a Extract, metrics: &[&'a Metric]) -> Result<Option<Tallied<'a>>, BuildError> {
        self.progress.stage(&format!("Measuring {}", extract.title.to_lowercase()));
        let Some(input) = self.measure_input(extract)? else { return Ok(None) };
        Ok(Some(Tallied::new(self.definitions, &input, metrics)?))
    }

    /// The conformed rows of an extract that are measured; `None` without rows.
    fn measure_input(&self, extract: &'a Extract) -> PolarsResult<Option<MeasureInput<'a>>> {
        let Some(rows) = self.records.scan(&extract.id)? else { return Ok(None) };
        let keep = self.kept();
        let kept = rows.clone().filter(keep.clone());
        let Some(first_day) = self.first_day(extract)? else { return Ok(None) };
        let coverage = Coverage { first_day, data_day: self.records.data_day };
        let national = self.request.forces == Forces::All && self.all_forces_there(&kept)?;
        let height = height(&rows)?;
        Ok(Some(MeasureInput { extract, rows, height, keep, coverage, national }))
    }

    /// Curves of maturity and nowcasts, where the crimes have outcomes with their days; the charts drawn.
    fn maturity(&self, court: &Court<'_>, folder: &BuildFolder) -> Result<Vec<(String, Chart)>, BuildError> {
        let Some(causes) = maturity::causes(self.definitions) else { return Ok(Vec::new()) };
        let Some(extract) = self.definitions.extract(&causes.solved.extract) else { return Ok(Vec::new()) };
        let has_days = self.records.structures.get(&extract.id).is_some_and(|s| s.has_column(maturity::DAY_COLUMN));
        if !has_days || self.lacks(extract, causes.solved).is_some() {
            return Ok(Vec::new());
        }
        let Some(input) = self.measure_input(extract)? else { return Ok(Vec::new()) };
        maturity::write(court, causes, &input, folder)
    }

    /// The extracts of which demand is counted.
    fn countable(&self) -> PolarsResult<Vec<Countable>> {
        let mut extracts = Vec::new();
        for subject in Subject::ALL {
            let structure = self.records.structures.get(subject.name());
            let (Some(extract), Some(structure)) = (self.definitions.extract(subject.name()), structure) else {
                extracts.push((subject, Err(format!("there is no extract of {}", subject.name()))));
                continue;
            };
            let Some(measured) = self.measure_input(extract)? else {
                extracts.push((subject, Err(format!("the {} extract has no row in the window", extract.id))));
                continue;
            };
            let has = |column: &str| structure.has_column(column);
            let no_answers = (subject == Subject::Calls && !has("answered_at"))
                .then(|| "the calls extract has no column answered_at".into());
            let input = DemandInput {
                subject,
                rows: measured.rows.filter(measured.keep),
                coverage: measured.coverage,
                levels: extract.levels.iter().map(|l| l.level).collect(),
                no_answers,
            };
            extracts.push((subject, Ok(input)));
        }
        Ok(extracts)
    }

    /// The forces that are measured.
    fn forces(&self) -> PolarsResult<Vec<String>> {
        if let Forces::One(force) = &self.request.forces {
            return Ok(vec![force.clone()]);
        }
        let mut forces = std::collections::BTreeSet::new();
        let measured = |id: &&String| self.definitions.metrics.iter().any(|metric| metric.extract == **id);
        for id in self.records.conformed.keys().filter(measured) {
            let Some(rows) = self.records.scan(id)? else { continue };
            let found = rows.filter(col("in_window")).group_by([col("force")]).agg([]).collect()?;
            forces.extend(found.column("force")?.str()?.iter().flatten().map(str::to_owned));
        }
        Ok(forces.into_iter().collect())
    }

    /// Sets every metric beside its comparators, force by force, and draws the own force's charts.
    fn judge(
        &self,
        court: &Court<'_>,
        measured: &[Tallied<'_>],
        lacking: Vec<Line>,
        drawn: Vec<(String, Chart)>,
        folder: &BuildFolder,
        figures: &mut Figures,
    ) -> Result<(), BuildError> {
        let mut headlines = Vec::new();
        for (tallied, metric, set) in own_metrics(self.definitions, measured) {
            headlines
                .extend(court.headlines(metric, &figures_of(tallied, metric, set, at_force, |s| &**s.scope == "all")));
        }
        let family = compare::family(&headlines);
        let (mut verdicts, mut charts) = (court.open(folder)?, drawn);
        for (tallied, metric, set) in own_metrics(self.definitions, measured) {
            let forces = figures_of(tallied, metric, set, at_force, |_| true);
            let mut names: Vec<Arc<str>> =
                forces.iter().filter(|f| f.level == Level::Force).map(|f| f.force.clone()).collect();
            names.dedup();
            for (i, force) in names.into_iter().enumerate() {
                let own = figures_of(tallied, metric, set, |l| !l.is_restricted(), |s| **s.force == *force);
                let others: Vec<Figure> = forces.iter().filter(|f| f.force != force).cloned().collect();
                charts.extend(court.judge(metric, &own, &others, i == 0, &family, &mut verdicts)?);
            }
        }
        court.close(folder, verdicts, charts, lacking, figures)
    }

    /// The one row of a metric that cannot be measured: the force's month of the data date, without a value.
    fn not_available(&self, metric: &Metric, force: &str, reason: &str) -> Figure {
        let data_date = self.records.books.data_date;
        let force: Arc<str> = force.into();
        Figure {
            force: force.clone(),
            level: Level::Force,
            unit: force,
            scope: Scope::all().as_str().into(),
            period_type: PeriodType::Month,
            period_start: Month::of(data_date).first_day(),
            period_end: data_date,
            numerator: None,
            denominator: None,
            value: None,
            lower_95: None,
            upper_95: None,
            lower_998: None,
            upper_998: None,
            method: None,
            basis: metric.basis,
            solved_set: metric.uses_solved_set().then_some(self.definitions.pipeline.solved_set),
            status: Status::NotAvailable,
            reason: Some(reason.into()),
        }
    }

    /// The extract's first day, whoever's rows it holds; of the crimes for an extract that has no time of its own.
    fn first_day(&self, extract: &Extract) -> PolarsResult<Option<i32>> {
        let (id, time) = extract.time.as_deref().map_or(("crimes", "recorded_at"), |time| (&extract.id, time));
        let Some(rows) = self.records.scan(id)? else { return Ok(None) };
        first_day(rows.filter(col("in_window")), time)
    }

    /// Rows that are measured: in the window, of the forces at hand.
    fn kept(&self) -> Expr {
        match &self.request.forces {
            Forces::One(force) => col("in_window").and(col("force").eq(lit(force.clone()))),
            Forces::All => col("in_window"),
        }
    }

    /// The first month that the calls cover whole; `None` without calls.
    fn first_month_of_calls(&self) -> PolarsResult<Option<Month>> {
        let Some(calls) = self.definitions.extract("calls") else { return Ok(None) };
        let first_day = self.first_day(calls)?;
        Ok(first_day.map(|first_day| Coverage { first_day, data_day: self.records.data_day }.first_whole_month()))
    }

    /// Conformed crimes and contacts that are looked through for what falls due.
    fn due_rows(&self) -> PolarsResult<(Option<LazyFrame>, Option<LazyFrame>)> {
        Ok((self.kept_rows("crimes")?, self.kept_rows("victim_contacts")?))
    }

    fn kept_rows(&self, extract: &str) -> PolarsResult<Option<LazyFrame>> {
        Ok(self.records.scan(extract)?.map(|rows| rows.filter(self.kept())))
    }

    fn journey_input(&self) -> PolarsResult<JourneyInput> {
        Ok(JourneyInput {
            calls: self.kept_rows("calls")?,
            incidents: self.kept_rows("incidents")?,
            crimes: self.kept_rows("crimes")?,
            surveys: self.kept_rows("surveys")?,
        })
    }

    /// Whether the extract holds every territorial force of England and Wales.
    fn all_forces_there(&self, rows: &LazyFrame) -> PolarsResult<bool> {
        let found = rows.clone().group_by([col("force")]).agg([]).collect()?;
        let found = found.column("force")?.str()?.clone();
        let there = |force: &str| found.iter().any(|f| f == Some(force));
        Ok(self.definitions.references.forces.values().filter(|f| f.territorial).all(|f| there(f.id.as_str())))
    }
}

/// The metrics in the pipeline's own solved set, each with the extract it is made from, in the catalogue's order.
pub(super) fn own_metrics<'t, 'a>(
    definitions: &'a Definitions,
    measured: &'t [Tallied<'a>],
) -> impl Iterator<Item = (&'t Tallied<'a>, &'a Metric, Option<SolvedSet>)> {
    definitions.metrics.iter().filter_map(|metric| {
        measured.iter().find_map(|tallied| {
            let (_, set) = tallied.metrics().find(|(m, _)| m.id == metric.id)?;
            Some((tallied, metric, set))
        })
    })
}

fn at_force(level: Level) -> bool {
    matches!(level, Level::Force | Level::National)
}

fn figures_of<'t>(
    tallied: &'t Tallied<'t>,
    metric: &'t Metric,
    set: Option<SolvedSet>,
    levels: impl Fn(Level) -> bool,
    keep: impl Fn(&Series<'_>) -> bool,
) -> Vec<Figure> {
    let mut maker = FigureMaker::new(tallied, metric, set);
    let mut figures = Vec::new();
    let made: Result<(), std::convert::Infallible> = tallied.each_series(metric, set, levels, |series| {
        if keep(&series) {
            figures.extend(maker.figures(&series));
        }
        Ok(())
    });
    match made {
        Ok(()) => figures,
    }
}

/// How many rows a frame has.
fn height(rows: &LazyFrame) -> PolarsResult<u64> {
    let counted = rows.clone().select([polars::prelude::len().alias("rows")]).collect()?;
    let rows = counted.column("rows")?.cast(&DataType::Int64)?;
    Ok(rows.i64()?.get(0).and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}
