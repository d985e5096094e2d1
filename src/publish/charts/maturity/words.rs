//! Everything a maturity chart says in words: headline, notes, alternative text.

use super::super::frame::{Headline, MARGIN, WIDTH, room};
use super::super::text::{after_comma, clean, opening, shorten, synthetic_sentence};
use super::super::{ChartError, ChartUnit};
use super::{LABEL, MaturityChart, MaturityCurve};

pub(super) fn value_label(input: &MaturityChart) -> Result<String, ChartError> {
    let label = ChartUnit::Percent.label(&clean(&input.value_label));
    shorten(&label, room(LABEL, WIDTH - 2.0 * MARGIN, 1))
}

/// The curve that the finding is of, with its last day and share.
fn tested(input: &MaturityChart) -> Option<(&MaturityCurve, u32, f64)> {
    let curve = input.cohorts.get(input.tested?)?;
    let (day, share) = *curve.drawn(input.horizon_days).last()?;
    Some((curve, day, share))
}

pub(super) fn headline(input: &MaturityChart) -> Option<Headline> {
    let (curve, day, share) = tested(input)?;
    let captions = vec![format!("{}, by day {day}", clean(&curve.name)), clean(&input.in_words)];
    Some(Headline { figure: ChartUnit::Percent.format(share), captions })
}

pub(super) fn notes(input: &MaturityChart) -> Vec<String> {
    let mut sentences = Vec::new();
    let period = clean(&input.period);
    if !period.is_empty() {
        sentences.push(format!("Period: {}.", period.trim_end_matches('.')));
    }
    if !input.band.is_empty() {
        sentences.push("Band: where a further quarter of ordinary size is expected, at 95%.".to_owned());
    }
    if !input.cohorts.is_empty() {
        sentences.push("A curve ends where fewer than half of its crimes have been followed further.".to_owned());
    }
    std::iter::once(sentences.join(" ")).chain(input.notes.iter().cloned()).collect()
}

/// The finding, the tested cohort, the reference, and where each other curve ends.
pub(super) fn alt_text(input: &MaturityChart) -> String {
    let format = |share: f64| ChartUnit::Percent.format_in_words(share);
    let mut parts = Vec::new();
    match tested(input) {
        Some((curve, day, share)) => {
            parts.push(format!("{} {} by day {day}, {}", clean(&curve.name), format(share), clean(&input.in_words)))
        }
        None => parts.push("no newer quarter is old enough to be tested".to_owned()),
    }
    let ends = |curve: &MaturityCurve| {
        let (day, share) = *curve.drawn(input.horizon_days).last()?;
        Some(format!("{} {} by day {day}", clean(&curve.name), format(share)))
    };
    parts.extend(input.reference.as_ref().and_then(ends));
    let others = input.cohorts.iter().enumerate().filter(|(i, _)| Some(*i) != input.tested);
    parts.extend(others.filter_map(|(_, curve)| ends(curve)));
    let finding = opening(&input.title);
    let period = after_comma(&input.period);
    let synthetic = synthetic_sentence(input.synthetic);
    format!(
        "{finding}Curves of {} by days since recording{period}: {}.{synthetic}",
        clean(&input.value_label),
        parts.join("; ")
    )
}
