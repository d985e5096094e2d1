//! Stages 5 and 6, metric by metric: figures in, comparisons, limits, scorecard lines and charts on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::BuildError;
use super::figures::Figures;
use crate::build_folder::{BuildFolder, BuildFolderError};
use crate::comparators::ComparatorTable;
use crate::compare::{self, Compared, Family, Headline, Input, Standing};
use crate::definitions::{Definitions, Metric};
use crate::domain::{Level, Provenance, Scope};
use crate::publish::charts::{Chart, ChartError, rasterise};
use crate::publish::{self, AcrossMetrics, ChartInput, ForecastChartInput, Line, SCORECARD};
use crate::tables::attention::{ATTENTION, Listed};
use crate::tables::case_mix::{CASE_MIX, CaseMix};
use crate::tables::comparison::{COMPARISONS, Comparison};
use crate::tables::evaluation::{EVALUATION, EVALUATION_MONTHS, Evaluated, EvaluationMonth};
use crate::tables::figure::{self, Figure};
use crate::tables::forecast::{self, FORECAST};
use crate::tables::funnel::{FUNNEL, FunnelPoint};
use crate::tables::over_time::{SPC, SpcPoint};
use crate::tables::published::COMPARATOR_VALUES;
use crate::tables::quality::LineQualities;
use crate::tables::store::TableWriter;

/// What all judgements of a build share.
pub(super) struct Court<'a> {
    pub definitions: &'a Definitions,
    pub data_date: NaiveDate,
    pub provenance: Provenance,
    /// Where the figures are from, for the foot of a chart.
    pub source: String,
    /// The force that charts are drawn for.
    pub own_force: &'a str,
    /// Other forces' counts, of the same provenance as the figures.
    pub table: Option<ComparatorTable>,
    pub draw: bool,
    /// What each line says of the data behind it.
    pub line_qualities: LineQualities,
}

/// The tables that judgements are written to.
pub(super) struct Verdicts {
    comparisons: TableWriter,
    case_mix: TableWriter,
    funnel: TableWriter,
    spc: TableWriter,
    evaluation: TableWriter,
    evaluation_months: TableWriter,
    forecast: TableWriter,
    comparator_values: Option<TableWriter>,
    lines: Vec<Line>,
    standings: Vec<Standing>,
    /// The own force's figures by metric, for the charts of several metrics together.
    drawn: BTreeMap<String, Vec<Figure>>,
}

fn at_force(level: Level, scope: &str) -> bool {
    matches!(level, Level::Force | Level::National) && scope == Scope::all().as_str()
}

fn at_area(level: Level, scope: &str, of: &str, force: &str) -> bool {
    level == Level::Area && scope == Scope::all().as_str() && of == force
}

impl Court<'_> {
    pub fn open(&self, folder: &BuildFolder) -> Result<Verdicts, BuildError> {
        let path = folder.path();
        let values = self.table.as_ref().map(|_| TableWriter::create(path, COMPARATOR_VALUES)).transpose()?;
        Ok(Verdicts {
            comparisons: TableWriter::create(path, COMPARISONS)?,
            case_mix: TableWriter::create(path, CASE_MIX)?,
            funnel: TableWriter::create(path, FUNNEL)?,
            spc: TableWriter::create(path, SPC)?,
            evaluation: TableWriter::create(path, EVALUATION)?,
            evaluation_months: TableWriter::create(path, EVALUATION_MONTHS)?,
            forecast: TableWriter::create(path, FORECAST)?,
            comparator_values: values,
            lines: Vec::new(),
            standings: Vec::new(),
            drawn: BTreeMap::new(),
        })
    }

    fn peers(&self, metric: &Metric, own: &[Figure]) -> Vec<Figure> {
        self.table.as_ref().map(|t| t.figures(self.definitions, metric, self.data_date, own)).unwrap_or_default()
    }

    /// A metric's entries in the family of tests, from figures at force level in scope `all`.
    pub fn headlines(&self, metric: &Metric, own: &[Figure]) -> Vec<Headline> {
        let peers = self.peers(metric, own);
        compare::headlines(&Input { definitions: self.definitions, metric, own, peers: &peers })
    }

    /// Judges one metric and writes what comes of it. `others` are measured figures of other forces and the nation; the
    /// nation's own rows and the funnel are written only where `with_nation` says so, once for a metric.
    pub fn judge(
        &self,
        metric: &Metric,
        own: &[Figure],
        others: &[Figure],
        with_nation: bool,
        family: &Family,
        verdicts: &mut Verdicts,
    ) -> Result<Vec<(String, Chart)>, BuildError> {
        let mut peers = self.peers(metric, own);
        if let (Some(writer), false) = (&mut verdicts.comparator_values, peers.is_empty()) {
            writer.write_arrays(figure::arrays(metric.id.as_str(), &peers))?;
        }
        peers.extend_from_slice(others);
        let input = Input { definitions: self.definitions, metric, own, peers: &peers };
        let Compared { mut comparisons, mut spc, case_mix } = compare::compare(&input, family);
        comparisons.retain(|c| with_nation || c.level != Level::National);
        spc.retain(|p| with_nation || p.level != Level::National);
        verdicts.comparisons.write_arrays(Comparison::arrays(&comparisons))?;
        verdicts.case_mix.write_arrays(CaseMix::arrays(&case_mix))?;
        verdicts.spc.write_arrays(SpcPoint::arrays(&spc))?;
        let evaluated = compare::evaluations(&input);
        for Evaluated { row, months } in &evaluated {
            let finding = publish::evaluation_finding(metric, row);
            verdicts.evaluation.write_arrays(row.arrays(&finding))?;
            verdicts.evaluation_months.write_arrays(EvaluationMonth::arrays(row, months))?;
        }
        let forecasts = compare::forecasts(&input);
        for forecasted in &forecasts {
            verdicts.forecast.write_arrays(forecast::arrays(&forecasted.rows))?;
        }
        let forces: BTreeSet<&str> = own.iter().filter(|f| f.level == Level::Force).map(|f| &*f.force).collect();
        let is_drawn = self.draw && forces.contains(self.own_force);
        let funnel = if with_nation || is_drawn { compare::funnel(&input) } else { Vec::new() };
        if with_nation {
            verdicts.funnel.write_arrays(FunnelPoint::arrays(&funnel))?;
        }
        let mut drawn = Vec::new();
        for force in forces {
            let at = |level: Level, scope: &str, of: &str| {
                level == Level::Force && of == force && scope == Scope::all().as_str()
            };
            let figures: Vec<Figure> =
                own.iter().filter(|f| at(f.level, &f.scope, &f.force) && self.in_own_set(f)).cloned().collect();
            let rows: Vec<Comparison> =
                comparisons.iter().filter(|c| at(c.level, &c.scope, &c.force)).cloned().collect();
            let points: Vec<SpcPoint> = spc.iter().filter(|p| at(p.level, &p.scope, &p.force)).cloned().collect();
            let line = Line::new(self.definitions, metric, force, self.data_date, &figures, &rows, &points);
            verdicts.lines.push(line.with_case_mix(&case_mix));
            verdicts.standings.push(Standing::new(force, metric, &rows, &points, family.tests(force)));
            if self.draw && force == self.own_force {
                let everybody: Vec<Figure> = own
                    .iter()
                    .chain(&peers)
                    .filter(|f| at_force(f.level, &f.scope) && self.in_own_set(f))
                    .cloned()
                    .collect();
                let of_areas: Vec<Figure> = own
                    .iter()
                    .filter(|f| at_area(f.level, &f.scope, &f.force, force) && self.in_own_set(f))
                    .cloned()
                    .collect();
                let spc_of_areas: Vec<SpcPoint> =
                    spc.iter().filter(|p| at_area(p.level, &p.scope, &p.force, force)).cloned().collect();
                drawn = publish::metric_charts(&ChartInput {
                    definitions: self.definitions,
                    metric,
                    data_date: self.data_date,
                    synthetic: self.provenance.is_synthetic(),
                    source: &self.source,
                    own: &figures,
                    spc: &points,
                    of_areas: &of_areas,
                    spc_of_areas: &spc_of_areas,
                    comparisons: &rows,
                    funnel: &funnel,
                    others: &everybody,
                    evaluations: &evaluated,
                })?;
                for forecasted in forecasts.iter().filter(|f| f.rows.first().is_some_and(|row| &*row.force == force)) {
                    drawn.extend(publish::forecast_chart(&ForecastChartInput {
                        definitions: self.definitions,
                        metric,
                        force,
                        data_date: self.data_date,
                        synthetic: self.provenance.is_synthetic(),
                        source: &self.source,
                        forecasted,
                    })?);
                }
                verdicts.drawn.insert(metric.id.to_string(), figures);
            }
        }
        Ok(drawn)
    }

    fn in_own_set(&self, figure: &Figure) -> bool {
        figure.solved_set.is_none_or(|set| set == self.definitions.pipeline.solved_set)
    }

    /// Writes the scorecard, the charts' pictures and their alt texts.
    pub fn close(
        &self,
        folder: &BuildFolder,
        mut verdicts: Verdicts,
        mut charts: Vec<(String, Chart)>,
        lacking: Vec<Line>,
        figures: &mut Figures,
    ) -> Result<(), BuildError> {
        verdicts.comparisons.finish()?;
        verdicts.case_mix.finish()?;
        verdicts.funnel.finish()?;
        verdicts.spc.finish()?;
        verdicts.evaluation.finish()?;
        verdicts.evaluation_months.finish()?;
        verdicts.forecast.finish()?;
        if let Some(writer) = verdicts.comparator_values {
            writer.finish()?;
        }
        verdicts.lines.extend(lacking);
        let columns =
            publish::scorecard(self.definitions, self.provenance.name(), &self.line_qualities, &mut verdicts.lines);
        super::accounts::table(folder, SCORECARD, columns)?;
        let listed = compare::attention(&verdicts.standings);
        super::accounts::table(folder, ATTENTION, Listed::arrays(&listed))?;
        charts.extend(publish::across_metrics(&AcrossMetrics {
            definitions: self.definitions,
            force: self.own_force,
            data_date: self.data_date,
            synthetic: self.provenance.is_synthetic(),
            source: &self.source,
            figures: &verdicts.drawn,
        })?);
        let folder = folder.path().join("charts");
        figures.charts = charts.len() as u64;
        charts.par_iter().try_for_each(|(name, chart)| draw(&folder, name, chart))?;
        let mut alt_texts: Vec<(Arc<str>, String)> =
            charts.into_iter().map(|(name, chart)| (name.into(), chart.alt_text)).collect();
        alt_texts.sort();
        if !alt_texts.is_empty() {
            write(&folder.join("alt_texts.tsv"), publish::alt_texts(&alt_texts).as_bytes())?;
        }
        Ok(())
    }
}

fn draw(folder: &Path, name: &str, chart: &Chart) -> Result<(), BuildError> {
    let png = rasterise(&chart.svg)?;
    write(&folder.join(format!("{name}.svg")), chart.svg.as_bytes())?;
    write(&folder.join(format!("{name}.png")), &png)
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    std::fs::write(path, bytes)
        .map_err(|source| BuildError::Folder(BuildFolderError::Io { doing: "write", path: path.to_owned(), source }))
}

impl From<ChartError> for BuildError {
    fn from(error: ChartError) -> Self {
        Self::Chart(error.to_string())
    }
}
