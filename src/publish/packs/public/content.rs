//! What the public tables hold before anything is withheld: one year's counts of units and parts.

use chrono::NaiveDate;

use crate::definitions::{Definitions, Metric, PublicTable};
use crate::domain::{Kind, Level, PeriodType, UNALLOCATED};
use crate::publish::facts::{Facts, UnitFigure};

/// A table of units and the shares of one denominator.
pub(in crate::publish::packs) struct Counts<'a> {
    pub title: &'a str,
    pub period: (PeriodType, NaiveDate, NaiveDate),
    pub metrics: Vec<&'a Metric>,
    /// The force first, then its areas by name, then what is allocated to none.
    pub units: Vec<UnitCounts<'a>>,
}

pub(in crate::publish::packs) struct UnitCounts<'a> {
    pub level: Level,
    pub unit: &'a str,
    pub denominator: u64,
    /// For each metric; `None` where it has no figure here.
    pub figures: Vec<Option<&'a UnitFigure>>,
}

/// A count of a table, whole.
pub(super) fn count(value: Option<f64>) -> Option<u64> {
    value.filter(|v| v.fract() == 0.0 && (0.0..9e15).contains(v)).map(|v| v as u64)
}

/// The tables that the pipeline names, in its order. One without a final year, or whose metrics do not count out of one
/// denominator, is left out with the reason.
pub(in crate::publish::packs) fn tables<'a>(
    definitions: &'a Definitions,
    facts: &'a Facts,
) -> (Vec<Counts<'a>>, Vec<String>) {
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for table in &definitions.pipeline.packs.public {
        match counts(definitions, facts, table) {
            Ok(counts) => found.push(counts),
            Err(reason) => left_out.push(format!("{}: {reason}.", table.title)),
        }
    }
    (found, left_out)
}

fn counts<'a>(
    definitions: &'a Definitions,
    facts: &'a Facts,
    table: &'a PublicTable,
) -> Result<Counts<'a>, &'static str> {
    let metrics: Vec<&Metric> = table.metrics.iter().filter_map(|id| definitions.metric(id)).collect();
    let of = |metric: &Metric| -> Vec<&'a UnitFigure> {
        let figures = facts.figures.of_metric.get(metric.id.as_str()).map_or(&[][..], Vec::as_slice);
        let year = |f: &&UnitFigure| f.period_type == PeriodType::FinancialYear;
        figures.iter().filter(year).filter(|f| matches!(f.level, Level::Force | Level::Area)).collect()
    };
    let figures: Vec<Vec<&UnitFigure>> = metrics.iter().map(|metric| of(metric)).collect();
    let first = figures.first().ok_or("no metric of it is in this build")?;
    let force = first.iter().find(|f| f.level == Level::Force).ok_or("no financial year is final")?;
    if metrics.iter().any(|metric| metric.kind != Kind::Proportion) {
        return Err("a metric of it is no share of what it counts");
    }
    let period = (force.period_type, force.period_start, force.period_end);
    let mut units = Vec::new();
    for own in first.iter().filter(|f| f.days() == force.days()) {
        let same = |f: &&&UnitFigure| f.level == own.level && f.unit == own.unit && f.days() == force.days();
        let of_unit: Vec<Option<&UnitFigure>> =
            figures.iter().map(|figures| figures.iter().find(same).copied()).collect();
        let denominator = count(own.denominator).ok_or("its counts are weighted")?;
        let alike = of_unit.iter().flatten().all(|f| count(f.denominator) == Some(denominator));
        if !alike || of_unit.iter().flatten().any(|f| count(f.numerator).is_none()) {
            return Err("its metrics are no shares of one denominator");
        }
        units.push(UnitCounts { level: own.level, unit: &own.unit, denominator, figures: of_unit });
    }
    units.sort_by_key(|u| (u.level != Level::Force, u.unit == UNALLOCATED, u.unit));
    Ok(Counts { title: &table.title, period, metrics, units })
}
