//! What each scorecard line says of the data behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::practice::sentence;
use super::rows::is_worse;
use super::words;
use crate::definitions::{Definitions, Metric};
use crate::tables::conformed;
use crate::tables::quality::{Dimension, Grade, LineQualities, LineQuality, PracticeMonth, QualityLevel, QualityRow};

/// For each force and metric: the worst grade of the columns that it reads, of its extract's records and of its newest
/// row, and the breaks in recording practice that can move it.
///
/// Timeliness is left out: that a crime was recorded late is what `recorded_within_24h` measures, and no doubt about the
/// row that says so.
pub fn line_qualities(
    definitions: &Definitions,
    forces: &[Arc<str>],
    rows: &[QualityRow],
    months: &[PracticeMonth],
) -> LineQualities {
    let mut lines = LineQualities::new();
    let of_records: Vec<&QualityRow> = rows.iter().filter(|row| row.level == QualityLevel::Extract).collect();
    let mut of_forces: BTreeMap<&Arc<str>, Vec<&QualityRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.level == QualityLevel::Force) {
        of_forces.entry(&row.force).or_default().push(row);
    }
    for metric in &definitions.metrics {
        let columns = columns_read(metric);
        for force in forces {
            let of_force = of_forces.get(force).into_iter().flatten().chain(&of_records).copied();
            let behind = of_force.filter(|row| is_behind(row, metric, &columns));
            let (grade, basis) = worst(behind);
            let caution = caution(definitions, metric, force, months);
            lines.insert((force.clone(), metric.id.as_str().into()), LineQuality { grade, basis, caution });
        }
    }
    lines
}

/// Extract and column of everything that a metric's fields are made from.
fn columns_read(metric: &Metric) -> BTreeSet<(&str, &str)> {
    metric.fields().into_iter().flat_map(|field| conformed::columns_read(&metric.extract, field)).collect()
}

/// Of rows of the force or of the files' records.
fn is_behind(row: &QualityRow, metric: &Metric, columns: &BTreeSet<(&str, &str)>) -> bool {
    match (&row.column, row.dimension) {
        (_, Dimension::Overall | Dimension::Timeliness) => false,
        (Some(column), _) => columns.contains(&(&*row.extract, &**column)),
        (None, Dimension::Freshness) => *row.extract == *metric.extract,
        (None, _) => row.level == QualityLevel::Extract && *row.extract == *metric.extract,
    }
}

fn worst<'r>(rows: impl Iterator<Item = &'r QualityRow>) -> (Option<Grade>, Option<String>) {
    let graded = rows.filter(|row| row.grade.is_some());
    match graded.reduce(|worst, row| if is_worse(row, worst) { row } else { worst }) {
        Some(row) => (row.grade, Some(words::measure(row))),
        None => (None, Some("no measure of the data has a grade".to_owned())),
    }
}

/// The latest break of each signal that can move the metric, at force level.
fn caution(definitions: &Definitions, metric: &Metric, force: &str, months: &[PracticeMonth]) -> Option<String> {
    let moving = definitions.quality.signals.iter().filter(|s| s.moves.iter().any(|id| id == metric.id.as_str()));
    let broken = moving.filter_map(|signal| {
        let of_force = |m: &&PracticeMonth| m.level == QualityLevel::Force && &*m.force == force && m.is_break;
        let month = months.iter().filter(of_force).filter(|m| *m.signal == *signal.id).max_by_key(|m| m.month)?;
        Some(format!("{}: {}", signal.title, sentence(month)?))
    });
    let sentences: Vec<String> = broken.collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
