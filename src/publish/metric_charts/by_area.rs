//! A figure by month in each area of the force: what the small charts show.

use super::super::charts::ChartUnit;
use super::super::charts::areas::{AreasChart, ForceLine};
use super::super::charts::spc::{SpcChart, Variation};
use super::over_time::{drawn_unit, last_tested, phases, points, variation};
use super::{ChartInput, basis_words, force_name, source_words};
use crate::definitions::Metric;
use crate::tables::figure::Figure;
use crate::tables::over_time::SpcPoint;

/// `None` where there are not two areas to set side by side.
pub(super) fn input(input: &ChartInput<'_>) -> Option<AreasChart> {
    let metric = input.metric;
    let unit = drawn_unit(metric, input.spc_of_areas);
    let areas: Vec<&[SpcPoint]> = input.spc_of_areas.chunk_by(|a, b| a.unit == b.unit).collect();
    if areas.len() < 2 {
        return None;
    }
    let force = input.spc.first().map(|p| force_name(input, &p.unit)).unwrap_or_default();
    let mut areas: Vec<SpcChart> = areas.into_iter().map(|months| area(metric, unit, months, input.of_areas)).collect();
    areas.sort_by(|a, b| a.title.cmp(&b.title));
    Some(AreasChart {
        title: format!("{}: {}", metric.title, finding(&areas)),
        subtitle: format!("Areas of {force}, by month{}", basis_words(metric)),
        value_label: metric.title.clone(),
        unit,
        areas,
        // A force's count is on another scale than that of an area.
        force: (!matches!(unit, ChartUnit::Count | ChartUnit::PerDay))
            .then(|| ForceLine { name: force.clone(), points: points(metric, unit, input.spc, input.own) })
            .filter(|line| !line.points.is_empty()),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: vec!["An area's verdict is that of its own chart, at its last final month.".to_owned()],
    })
}

/// One area's months, in the unit of them all.
fn area(metric: &Metric, unit: ChartUnit, months: &[SpcPoint], figures: &[Figure]) -> SpcChart {
    let name = months.first().map(|p| p.unit.to_string()).unwrap_or_default();
    let own: Vec<Figure> = figures.iter().filter(|f| *f.unit == *name).cloned().collect();
    SpcChart {
        points: points(metric, unit, months, &own),
        phases: phases(unit, months),
        variation: variation(last_tested(months)),
        title: name,
        ..SpcChart::bare(unit)
    }
}

/// What the areas' verdicts come to, counted.
fn finding(areas: &[SpcChart]) -> String {
    let count = |of: &[Variation]| areas.iter().filter(|area| of.contains(&area.variation)).count();
    let kinds = [
        (count(&[Variation::ConcerningHigh, Variation::ConcerningLow]), "getting worse"),
        (count(&[Variation::ImprovingHigh, Variation::ImprovingLow]), "improving"),
        (count(&[Variation::High]), "unusually high"),
        (count(&[Variation::Low]), "unusually low"),
    ];
    let found: Vec<String> = kinds
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .enumerate()
        .map(|(i, (number, words))| {
            let of = if i == 0 { format!(" of {} areas", areas.len()) } else { String::new() };
            format!("{number}{of} {words}")
        })
        .collect();
    let judged = areas.iter().any(|area| area.variation != Variation::NotAssessed);
    match (found.is_empty(), judged) {
        (false, _) => found.join(", "),
        (true, true) => "no significant change in any area".to_owned(),
        (true, false) => "area by area".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_counts_the_verdicts_of_the_areas() {
        use Variation::{
            CommonCause, ConcerningHigh, ConcerningLow, High, ImprovingLow, Low, NoVariation, NotAssessed,
        };
        let cases: [(&[Variation], &str); 7] = [
            (&[CommonCause, CommonCause], "no significant change in any area"),
            (&[CommonCause, NotAssessed, NoVariation], "no significant change in any area"),
            (&[NotAssessed, NotAssessed], "area by area"),
            (&[ConcerningLow, CommonCause, CommonCause], "1 of 3 areas getting worse"),
            (&[ConcerningLow, ConcerningHigh, ImprovingLow], "2 of 3 areas getting worse, 1 improving"),
            (&[ImprovingLow, CommonCause], "1 of 2 areas improving"),
            (&[High, Low, High], "2 of 3 areas unusually high, 1 unusually low"),
        ];
        for (verdicts, expected) in cases {
            let area = |variation: &Variation| SpcChart { variation: *variation, ..SpcChart::bare(ChartUnit::Percent) };
            assert_eq!(finding(&verdicts.iter().map(area).collect::<Vec<_>>()), expected, "{verdicts:?}");
        }
    }
}
