//! The dimension tables: what the codes in the other tables mean.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray};
use chrono::NaiveDate;

use crate::definitions::{Definitions, Metric};
use crate::domain::{Basis, Level, PeriodType, days_since_epoch, long_date};
use crate::tables::figure::Figure;
use crate::tables::spec::ColumnType::{Date, Flag, Integer, Number, Text};
use crate::tables::spec::{TableSpec, column, optional};

pub(super) const DIM_METRIC: TableSpec = TableSpec {
    name: "dim_metric",
    description: "Every metric: what it says, how it is counted, who answers for it.",
    restricted: false,
    columns: &[
        column("metric", Text, "metric id"),
        column("title", Text, "as a heading shows it"),
        column("stage", Text, "stage of the journey"),
        column("position", Integer, "order within the stage"),
        column("kind", Text, "count, proportion, ratio, rate, mean, quantile or stock"),
        column("unit", Text, "unit of the value; a proportion is 0 to 1"),
        column("polarity", Text, "which way is better: higher, lower or neutral"),
        optional("basis", Text, "recorded or closed, where outcomes play a part"),
        column("extract", Text, "extract that it is computed from"),
        column("rule", Text, "how it is counted, in words"),
        column("meaning", Text, "what it says"),
        column("caveats", Text, "how it misleads, one a line"),
        optional("partner", Text, "metric to read it with"),
        optional("target", Number, "target on the data date").in_unit("of the value"),
        optional("target_source", Text, "where the target is from"),
        column("owner", Text, "theme"),
        optional("strategic_lead", Text, "accountable"),
        optional("analyst_spoc", Text, "analyst to ask"),
    ],
};

const DIM_UNIT: TableSpec = TableSpec {
    name: "dim_unit",
    description: "Every unit that a figure stands for, levels national to team.",
    restricted: false,
    columns: &[
        column("force", Text, "force id"),
        column("level", Text, "national, force, area, department or team"),
        column("unit", Text, "as in metric_values"),
        column("name", Text, "as a page shows it"),
    ],
};

const DIM_PERIOD: TableSpec = TableSpec {
    name: "dim_period",
    description: "Every period that a figure stands for.",
    restricted: false,
    columns: &[
        column("period_type", Text, "as in metric_values"),
        column("period_start", Date, "first day"),
        column("period_end", Date, "last day, or the data date if that is earlier"),
        column("label", Text, "as a page shows it"),
    ],
};

const DIM_OFFENCE: TableSpec = TableSpec {
    name: "dim_offence",
    description: "Home Office offence codes with group and subgroup.",
    restricted: false,
    columns: &[
        column("offence_code", Text, "Home Office offence code"),
        column("description", Text, "of the offence"),
        column("offence_group", Text, "scope of metric_values"),
        column("offence_subgroup", Text, "scope of metric_values, behind `subgroup: `"),
    ],
};

const DIM_FORCE: TableSpec = TableSpec {
    name: "dim_force",
    description: "Police forces, their populations and the most similar group of the pipeline.",
    restricted: false,
    columns: &[
        column("force", Text, "force id"),
        column("name", Text, "of the force"),
        column("region", Text, "of England, or Wales"),
        column("ons_code", Text, "Office for National Statistics code of the police force area"),
        column("territorial", Flag, "one of the 43 of England and Wales"),
        optional("residents", Integer, "latest mid-year estimate by the data date").in_unit("people"),
        optional("residents_date", Date, "date of that estimate"),
        optional("residents_suspect", Flag, "the estimate is known to look wrong, and no rate uses it"),
        column("peer", Flag, "in the pipeline's most similar group on the data date"),
        optional("peer_source", Text, "where the membership is from"),
    ],
};

/// Units and periods that stand in the figures of a build.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    units: BTreeSet<(Arc<str>, Level, Arc<str>)>,
    periods: BTreeSet<(PeriodType, NaiveDate, NaiveDate)>,
}

impl Seen {
    pub fn note(&mut self, figures: &[Figure]) {
        for f in figures {
            self.periods.insert((f.period_type, f.period_start, f.period_end));
            self.units.insert((f.force.clone(), f.level, f.unit.clone()));
        }
    }
}

/// Every dimension table with its columns.
pub fn dimensions(definitions: &Definitions, data_date: NaiveDate, seen: &Seen) -> Vec<(TableSpec, Vec<ArrayRef>)> {
    vec![
        (DIM_METRIC, metrics(definitions, data_date)),
        (DIM_UNIT, units(definitions, seen)),
        (DIM_PERIOD, periods(seen)),
        (DIM_OFFENCE, offences(definitions)),
        (DIM_FORCE, forces(definitions, data_date)),
    ]
}

fn text<'t>(values: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn owned(values: impl Iterator<Item = Option<String>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn days(values: impl Iterator<Item = Option<NaiveDate>>) -> ArrayRef {
    Arc::new(values.map(|d| d.map(days_since_epoch)).collect::<Date32Array>())
}

/// How a metric is counted, a line for each of its parts.
fn rule(metric: &Metric) -> String {
    let lines = metric.measure.in_words().into_iter().map(|(part, words)| format!("{part}: {words}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn metrics(definitions: &Definitions, data_date: NaiveDate) -> Vec<ArrayRef> {
    let all = &definitions.metrics;
    let one = |of: fn(&Metric) -> Option<&str>| text(all.iter().map(of));
    let owner = |m: &Metric| definitions.pipeline.owners.get(&m.owner);
    vec![
        one(|m| Some(m.id.as_str())),
        one(|m| Some(&m.title)),
        one(|m| Some(m.stage.name())),
        Arc::new(all.iter().map(|m| Some(i64::from(m.position))).collect::<Int64Array>()),
        one(|m| Some(m.kind.name())),
        one(|m| Some(m.unit.name())),
        one(|m| Some(m.polarity.name())),
        one(|m| m.basis.map(Basis::name)),
        one(|m| Some(&m.extract)),
        owned(all.iter().map(|m| Some(rule(m)))),
        one(|m| Some(m.meaning.trim())),
        owned(all.iter().map(|m| Some(m.caveats.join("\n")))),
        one(|m| m.partner.as_ref().map(|p| p.as_str())),
        Arc::new(all.iter().map(|m| m.target_on(data_date).map(|t| t.value)).collect::<Float64Array>()),
        text(all.iter().map(|m| m.target_on(data_date).map(|t| t.source.as_str()))),
        one(|m| Some(&m.owner)),
        text(all.iter().map(|m| owner(m).map(|o| o.strategic_lead.as_str()))),
        text(all.iter().map(|m| owner(m).map(|o| o.analyst_spoc.as_str()))),
    ]
}

fn units(definitions: &Definitions, seen: &Seen) -> Vec<ArrayRef> {
    let name = |level: Level, unit: &str| match level {
        Level::National => "England and Wales".to_owned(),
        Level::Force => definitions.references.force_name(unit).unwrap_or(unit).to_owned(),
        _ => unit.to_owned(),
    };
    vec![
        text(seen.units.iter().map(|(force, ..)| Some(&**force))),
        text(seen.units.iter().map(|(_, level, _)| Some(level.name()))),
        text(seen.units.iter().map(|(.., unit)| Some(&**unit))),
        owned(seen.units.iter().map(|(_, level, unit)| Some(name(*level, unit)))),
    ]
}

fn periods(seen: &Seen) -> Vec<ArrayRef> {
    let label = |(period_type, start, end): &(PeriodType, NaiveDate, NaiveDate)| match period_type {
        PeriodType::Month => start.format("%B %Y").to_string(),
        PeriodType::FinancialYear => {
            format!("{}/{}", start.format("%Y"), (*start + chrono::Months::new(12)).format("%y"))
        }
        _ => format!("{} to {}", long_date(*start), long_date(*end)),
    };
    vec![
        text(seen.periods.iter().map(|(period_type, ..)| Some(period_type.name()))),
        days(seen.periods.iter().map(|(_, start, _)| Some(*start))),
        days(seen.periods.iter().map(|(.., end)| Some(*end))),
        owned(seen.periods.iter().map(|p| Some(label(p)))),
    ]
}

fn offences(definitions: &Definitions) -> Vec<ArrayRef> {
    let all = &definitions.references.offences;
    vec![
        text(all.keys().map(|code| Some(code.as_str()))),
        text(all.values().map(|o| Some(o.description.as_str()))),
        text(all.values().map(|o| Some(o.group.as_str()))),
        text(all.values().map(|o| Some(o.subgroup.as_str()))),
    ]
}

fn forces(definitions: &Definitions, data_date: NaiveDate) -> Vec<ArrayRef> {
    let references = &definitions.references;
    let all: Vec<_> = references.forces.values().collect();
    let latest = |force: &crate::definitions::Force| {
        references.populations.get(&force.id)?.iter().rev().find(|p| p.estimate_date <= data_date)
    };
    let group = definitions.pipeline.peers_on(references, data_date);
    let peer = |force: &crate::definitions::Force| group.iter().find(|p| p.member == force.id);
    vec![
        text(all.iter().map(|f| Some(f.id.as_str()))),
        text(all.iter().map(|f| Some(f.name.as_str()))),
        text(all.iter().map(|f| Some(f.region.as_str()))),
        text(all.iter().map(|f| Some(f.ons_code.as_str()))),
        Arc::new(all.iter().map(|f| Some(f.territorial)).collect::<BooleanArray>()),
        Arc::new(all.iter().map(|f| latest(f).map(|p| p.residents as i64)).collect::<Int64Array>()),
        days(all.iter().map(|f| latest(f).map(|p| p.estimate_date))),
        Arc::new(all.iter().map(|f| latest(f).map(|p| p.suspect)).collect::<BooleanArray>()),
        Arc::new(all.iter().map(|f| Some(peer(f).is_some())).collect::<BooleanArray>()),
        text(all.iter().map(|f| peer(f).map(|p| p.source.as_str()))),
    ]
}
