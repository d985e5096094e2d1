//! From counts to graded rows: each check by force, area, department and team, the checks of a dimension together, and the worst grade.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::checks::{Check, Checks};
use super::counts::{Count, Counts, Place};
use super::words;
use crate::definitions::Quality;
use crate::domain::{civil_date, long_date};
use crate::tables::quality::{Dimension, QualityLevel, QualityRow};

/// One force's rows of an extract.
pub struct ForceRows<'a> {
    pub checks: &'a Checks<'a>,
    pub counts: &'a Counts,
    pub force: Arc<str>,
    /// The extract's rows at level `extract`: their grades count towards the force's worst.
    pub records: &'a [QualityRow],
}

/// A force's rows at levels force, area, department and team.
pub fn rows(of: &ForceRows<'_>) -> Vec<QualityRow> {
    let nothing = vec![Count::default(); of.checks.checks.len()];
    let sums = |unit: fn(&Place) -> &Arc<str>| -> BTreeMap<&Arc<str>, Vec<Count>> {
        let mut sums = BTreeMap::new();
        for (place, counts) in of.counts.of_force(&of.force) {
            let sum: &mut Vec<Count> = sums.entry(unit(place)).or_insert_with(|| nothing.clone());
            sum.iter_mut().zip(counts).for_each(|(sum, count)| sum.add(*count));
        }
        sums
    };
    let whole = sums(|place| &place.force).into_values().next().unwrap_or_else(|| nothing.clone());
    let mut found = of.unit(QualityLevel::Force, &of.force, whole);
    type UnitOf = fn(&Place) -> &Arc<str>;
    let levels: [(QualityLevel, UnitOf); 3] = [
        (QualityLevel::Area, |place| &place.area),
        (QualityLevel::Department, |place| &place.department),
        (QualityLevel::Team, |place| &place.team),
    ];
    for (level, unit) in levels {
        for (unit, counts) in sums(unit).into_iter().filter(|(unit, _)| !unit.is_empty()) {
            found.extend(of.unit(level, unit, counts));
        }
    }
    found
}

/// The row with its grade, or with the reason why it has none.
pub fn graded(quality: &Quality, mut row: QualityRow) -> QualityRow {
    let limits = quality.limits(&row.extract, row.column.as_deref(), row.dimension);
    let asked = row.denominator.unwrap_or(0);
    if asked == 0 {
        row.reason = Some("there is nothing to look at".to_owned());
    } else if asked < quality.least_rows {
        row.reason = Some(few_rows(quality));
    } else {
        row.grade = limits.zip(row.share()).map(|(limits, share)| limits.of_share(share));
    }
    row
}

fn few_rows(quality: &Quality) -> String {
    format!("fewer than {} rows", quality.least_rows)
}

/// The checks of one dimension.
#[derive(Default)]
struct Together {
    cells: Count,
    /// Rows that the check with the most rows asked.
    most_rows: u64,
}

impl ForceRows<'_> {
    fn quality(&self) -> &Quality {
        &self.checks.definitions.quality
    }

    /// All rows of one unit, the worst grade last.
    fn unit(&self, level: QualityLevel, unit: &Arc<str>, counts: Vec<Count>) -> Vec<QualityRow> {
        let mut rows = Vec::new();
        let mut together: BTreeMap<Dimension, Together> = BTreeMap::new();
        for (check, count) in self.checks.checks.iter().zip(counts) {
            if level != QualityLevel::Force && (count.asked == 0 || self.is_of_the_link(check)) {
                continue;
            }
            let sum = together.entry(check.dimension).or_default();
            sum.cells.add(count);
            sum.most_rows = sum.most_rows.max(count.asked);
            rows.push(self.row(level, unit, Some(&check.column), check.dimension, count, check.basis.clone()));
        }
        if level == QualityLevel::Force {
            rows.extend(self.not_made(unit));
            rows.extend(self.freshness(unit));
        }
        let worst = self.overall(level, unit, &rows);
        for (dimension, sum) in together {
            let basis = format!("all columns that are asked for {}, together", words::dimension(dimension));
            let row = self.row(level, unit, None, dimension, sum.cells, basis.into());
            // Cells of a few rows are many, and still of a few rows.
            let few = sum.most_rows < self.quality().least_rows && row.grade.is_some();
            rows.push(if few {
                QualityRow { grade: None, reason: Some(few_rows(self.quality())), ..row }
            } else {
                row
            });
        }
        rows.push(worst);
        rows
    }

    /// Rows without a link are in no area, department or team, so the share of links says nothing there.
    fn is_of_the_link(&self, check: &Check) -> bool {
        check.dimension == Dimension::LinkRate && self.checks.extract.column("area").is_none()
    }

    fn blank_row(&self, level: QualityLevel, unit: &Arc<str>, dimension: Dimension) -> QualityRow {
        let extract = self.checks.extract.id.as_str();
        let owner = self.quality().extracts.get(extract).map(|e| e.owner.as_str().into());
        QualityRow { owner, ..QualityRow::blank(extract, dimension, &self.force, level, unit) }
    }

    fn row(
        &self,
        level: QualityLevel,
        unit: &Arc<str>,
        column: Option<&Arc<str>>,
        dimension: Dimension,
        count: Count,
        basis: Arc<str>,
    ) -> QualityRow {
        let row = QualityRow {
            column: column.cloned(),
            numerator: Some(count.met),
            denominator: Some(count.asked),
            affected: Some(count.asked - count.met),
            basis: Some(basis),
            ..self.blank_row(level, unit, dimension)
        };
        graded(self.quality(), row)
    }

    fn not_made(&self, unit: &Arc<str>) -> impl Iterator<Item = QualityRow> {
        self.checks.not_made.iter().map(|lacking| QualityRow {
            column: Some(lacking.column.clone()),
            reason: Some(lacking.reason.clone()),
            ..self.blank_row(QualityLevel::Force, unit, lacking.dimension)
        })
    }

    /// How old the newest row is.
    fn freshness(&self, unit: &Arc<str>) -> Option<QualityRow> {
        let time = self.checks.extract.time.as_deref()?;
        let blank = self.blank_row(QualityLevel::Force, unit, Dimension::Freshness);
        let Some(newest) = self.counts.newest_day.get(&self.force) else {
            return Some(QualityRow { reason: Some("there is nothing to look at".to_owned()), ..blank });
        };
        let days = (self.checks.data_day - newest).unsigned_abs();
        let limits = self.quality().limits(&blank.extract, None, Dimension::Freshness);
        Some(QualityRow {
            affected: Some(days.into()),
            grade: limits.map(|limits| limits.of_days(days.into())),
            finding: Some(format!("the newest row is of {}", long_date(civil_date(*newest)))),
            basis: Some(format!("days from the newest {time} to the data date").into()),
            ..blank
        })
    }

    /// The worst grade of a unit's measures; at force level the extract's records count too.
    fn overall(&self, level: QualityLevel, unit: &Arc<str>, rows: &[QualityRow]) -> QualityRow {
        let records = self.records.iter().filter(|_| level == QualityLevel::Force);
        overall(self.blank_row(level, unit, Dimension::Overall), rows.iter().chain(records))
    }
}

/// The row of a unit with the worst grade of its measures.
pub fn overall<'r>(blank: QualityRow, measures: impl Iterator<Item = &'r QualityRow>) -> QualityRow {
    let graded = measures.filter(|row| row.grade.is_some());
    let worst = graded.reduce(|worst, row| if is_worse(row, worst) { row } else { worst });
    let blank = QualityRow { basis: Some("the worst grade of its measures".into()), ..blank };
    match worst {
        Some(row) => QualityRow { grade: row.grade, finding: Some(format!("worst: {}", words::measure(row))), ..blank },
        None => QualityRow { reason: Some("no measure has a grade".to_owned()), ..blank },
    }
}

/// By grade, then by share; what comes first stays where nothing tells them apart.
pub(super) fn is_worse(row: &QualityRow, than: &QualityRow) -> bool {
    match row.grade.cmp(&than.grade) {
        std::cmp::Ordering::Equal => row.share().unwrap_or(1.0) < than.share().unwrap_or(1.0),
        order => order.is_gt(),
    }
}
