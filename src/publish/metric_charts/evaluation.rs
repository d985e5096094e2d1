//! What an intervention did to a figure: what the chart of an evaluation shows.

use super::super::charts::evaluation::{EvaluatedMonth, EvaluationChart};
use super::super::evaluation_words::{change, finding, interval, signed, verdict};
use super::{ChartInput, basis_words, chart_month, chart_unit, force_name, source_words};
use crate::domain::{Level, long_date};
use crate::tables::evaluation::{Evaluated, Evaluation, EvaluationMonth};

/// `None` where there is no estimate to show.
pub(super) fn input(input: &ChartInput<'_>, evaluated: &Evaluated) -> Option<EvaluationChart> {
    let Evaluated { row, months } = evaluated;
    let (metric, effect) = (input.metric, row.effect.as_ref()?);
    let unit = chart_unit(metric.unit);
    let month = |m: &EvaluationMonth| {
        Some(EvaluatedMonth {
            month: chart_month(m.month)?,
            value: m.value,
            comparison: m.comparison,
            fitted: m.fitted,
            without: m.without,
            after: m.is_after,
        })
    };
    let place = if row.level == Level::Force { force_name(input, &row.unit) } else { row.unit.replace(';', ",") };
    Some(EvaluationChart {
        title: format!("{}: {}", metric.title, verdict(row.verdict?)),
        subtitle: format!("{place}, by month{}", basis_words(metric)),
        value_label: metric.title.clone(),
        unit,
        months: months.iter().filter_map(month).collect(),
        intervention: format!("{}, {}", row.name, long_date(row.date)),
        comparison: row.comparison_unit.as_ref().map(|areas| areas.replace(';', ",")),
        signed_effect: signed(unit, effect.change),
        effect: change(unit, effect.change),
        interval: interval(unit, effect),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: notes(input, row),
    })
}

fn notes(input: &ChartInput<'_>, row: &Evaluation) -> Vec<String> {
    let mut notes = vec![finding(input.metric, row)];
    if let Some(effect) = &row.effect {
        let season = if effect.seasonal { ", months of the year allowed for" } else { "" };
        let months = format!("{} months before and {} after", row.months_before, row.months_after);
        notes.push(format!("{}{season}: {months}; a test of this metric by itself.", effect.method.words()));
    }
    if let Some(areas) = &row.comparison_unit {
        notes.push(format!("Comparison areas: {}.", areas.replace(';', ",")));
    }
    if let Some(others) = &row.others {
        let name = |id: &str| input.definitions.intervention(id).map_or(id.to_owned(), |i| i.name.clone());
        let names: Vec<String> = others.split("; ").map(name).collect();
        notes.push(format!("Also changed in these months: {}.", names.join(", ")));
    }
    notes
}
