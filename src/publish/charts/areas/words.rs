//! Everything a chart of areas says in words: verdicts, key, notes, alternative text.

use super::super::ChartError;
use super::super::frame::{KeyEntry, MARGIN, WIDTH, room};
use super::super::marks::Mark;
use super::super::palette::MID_GREY;
use super::super::scale::{Axis, drawable};
use super::super::spc::series::Series;
use super::super::spc::{PointClass, SpcChart, Variation};
use super::super::text::{clean, opening, shorten, synthetic_sentence};
use super::{AreasChart, LABEL, has_class};

/// Characters of an area's name that an alternative text repeats.
const MOST_NAME: usize = 100;

pub(super) fn value_label(input: &AreasChart) -> Result<String, ChartError> {
    shorten(&input.unit.label(&clean(&input.value_label)), room(LABEL, WIDTH - 2.0 * MARGIN, 1))
}

/// The latest figure of an area, its month, and what its chart makes of it.
pub(super) fn verdict(series: &Series) -> String {
    let Some(latest) = series.latest() else { return "no figures".to_owned() };
    let provisional = if latest.point.provisional { ", provisional" } else { "" };
    let figure = series.input.unit.format(latest.value);
    let words = variation(series.input.variation);
    format!("{figure} in {}{provisional}{words}", latest.point.month)
}

fn variation(variation: Variation) -> &'static str {
    match variation {
        Variation::CommonCause => ": no significant change",
        Variation::ImprovingHigh | Variation::ImprovingLow => ": improving",
        Variation::ConcerningHigh | Variation::ConcerningLow => ": getting worse",
        Variation::High => ": unusually high",
        Variation::Low => ": unusually low",
        Variation::NoVariation => ": no variation",
        Variation::NotAssessed => ", not judged",
    }
}

/// The marks in use.
pub(super) fn key(areas: &[SpcChart]) -> Vec<KeyEntry> {
    let meanings = [
        (PointClass::Improving, "Special cause: improvement"),
        (PointClass::Concerning, "Special cause: concern"),
        (PointClass::High, "Special cause: high"),
        (PointClass::Low, "Special cause: low"),
    ];
    let used = meanings.into_iter().filter(|(class, _)| has_class(areas, *class));
    let mut entries: Vec<KeyEntry> = used
        .map(|(class, meaning)| {
            let (mark, colour) = class.mark();
            KeyEntry { mark, colour, meaning }
        })
        .collect();
    let provisional =
        |area: &SpcChart| area.points.iter().any(|p| p.provisional && p.value.and_then(drawable).is_some());
    if areas.iter().any(provisional) {
        entries.push(KeyEntry { mark: Mark::Hollow, colour: MID_GREY, meaning: "Provisional, not judged" });
    }
    entries
}

pub(super) fn notes(input: &AreasChart, shown: &[SpcChart], axis: &Axis) -> Vec<String> {
    let mut sentences = Vec::new();
    if !shown.is_empty() {
        sentences.push(match &input.force {
            Some(force) => format!("Bold line: the area. Thin grey line: {}, in every panel.", clean(&force.name)),
            None => "Bold line: the area.".to_owned(),
        });
        sentences.push("All panels are on one scale; the band lies between an area's own limits.".to_owned());
        if axis.low > 0.0 {
            sentences.push("The vertical axis does not start at zero.".to_owned());
        }
    }
    let beyond = |limit: Option<f64>| limit.and_then(drawable).is_some_and(|l| l > axis.high || l < axis.low);
    if shown.iter().flat_map(|area| &area.phases).any(|phase| beyond(phase.lower) || beyond(phase.upper)) {
        sentences.push("Limits beyond the scale are cut off.".to_owned());
    }
    let more = input.areas.len() - shown.len();
    if more > 0 {
        sentences.push(format!("Areas not shown: {more}."));
    }
    let own = (!sentences.is_empty()).then(|| sentences.join(" "));
    own.into_iter().chain(input.notes.iter().cloned()).collect()
}

/// An area's name, cut where it is no name: alternative texts must not grow without bound.
fn name(title: &str) -> String {
    let name = clean(title);
    match name.char_indices().nth(MOST_NAME) {
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
        None => name,
    }
}

/// The finding, then each area's latest figure with its verdict.
pub(super) fn alt_text(input: &AreasChart, shown: &[SpcChart]) -> String {
    let mut parts: Vec<String> =
        shown.iter().map(|area| format!("{} {}", name(&area.title), verdict(&Series::new(area)))).collect();
    if parts.is_empty() {
        parts.push("no figures to show".to_owned());
    }
    let (finding, label) = (opening(&input.title), clean(&input.value_label));
    let synthetic = synthetic_sentence(input.synthetic);
    format!("{finding}Small control charts of {label} by area and month. {}.{synthetic}", parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::super::sample_inputs::areas_chart;
    use super::super::super::{ChartUnit, areas};
    use super::*;

    #[test]
    fn alt_text_states_each_areas_figure_and_verdict() {
        let mut input = areas_chart(3, 14, ChartUnit::Percent);
        for area in &mut input.areas {
            area.points[13].value = Some(0.812);
        }
        input.areas[1].variation = Variation::ConcerningLow;
        input.areas[2].points.iter_mut().for_each(|point| point.value = None);
        let expected = "One area is getting worse. Small control charts of Crimes solved by area and month. Area 0 81.2% in \
            Nov 2023: no significant change; Area 1 81.2% in Nov 2023: getting worse; Area 2 no figures. Synthetic data.";
        let chart = areas::chart(&input).unwrap();
        assert_eq!(chart.alt_text, expected);
        for words in [">81.2% in Nov 2023: getting worse<", ">no figures<", "Thin grey line: Northshire"] {
            assert!(chart.svg.contains(words), "{words}");
        }
    }

    #[test]
    fn what_is_cut_off_is_said() {
        let mut input = areas_chart(2, 14, ChartUnit::Percent);
        assert!(!areas::chart(&input).unwrap().svg.contains("cut off"));
        input.areas[0].phases[0].lower = Some(0.0001);
        assert!(areas::chart(&input).unwrap().svg.contains("Limits beyond the scale are cut off."));
        let many = areas::chart(&areas_chart(33, 3, ChartUnit::Percent)).unwrap();
        assert!(many.svg.contains("Areas not shown: 3."));
    }
    #[test]
    fn the_scale_of_shares_ends_at_all_of_them() {
        let mut input = areas_chart(2, 14, ChartUnit::Percent);
        input.areas[0].phases[0].upper = Some(1.02);
        let svg = areas::chart(&input).unwrap().svg;
        assert!(svg.contains(">100%<") && !svg.contains(">120%<") && svg.contains("cut off"), "{svg}");
    }
}
