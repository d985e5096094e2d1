//! Everything a funnel says in words: headline, key, notes, alternative text.

use super::super::ChartError;
use super::super::frame::{Headline, KeyEntry, MARGIN, WIDTH, room};
use super::super::text::{after_comma, clean, opening, shorten, synthetic_sentence};
use super::super::unit::grouped;
use super::{BASE_TICK, FunnelChart, FunnelForce, FunnelPlace, LABEL};

pub(super) fn value_label(input: &FunnelChart) -> Result<String, ChartError> {
    shorten(&input.unit.label(&clean(&input.value_label)), room(LABEL, WIDTH - 2.0 * MARGIN, 1))
}

pub(super) fn base_label(input: &FunnelChart) -> Result<String, ChartError> {
    shorten(&clean(&input.base_label), room(BASE_TICK, WIDTH / 2.0, 1))
}

fn own(input: &FunnelChart) -> Option<&FunnelForce> {
    input.forces.iter().find(|force| force.own)
}

/// The own force's figure, and where it lies.
pub(super) fn headline(input: &FunnelChart) -> Option<Headline> {
    let own = own(input)?;
    let captions = vec![clean(&own.name), clean(&input.own_in_words)];
    Some(Headline { figure: input.unit.format(own.value), captions })
}

/// The marks in use.
pub(super) fn key(forces: &[&FunnelForce]) -> Vec<KeyEntry> {
    let meanings = [
        (FunnelPlace::Within, "In the ordinary range"),
        (FunnelPlace::Better, "Better than it"),
        (FunnelPlace::Worse, "Worse than it"),
        (FunnelPlace::High, "Above it"),
        (FunnelPlace::Low, "Below it"),
    ];
    let used = meanings.into_iter().filter(|(place, _)| forces.iter().any(|force| force.place == *place));
    used.map(|(place, meaning)| {
        let (mark, colour) = place.mark();
        KeyEntry { mark, colour, meaning }
    })
    .collect()
}

pub(super) fn notes(input: &FunnelChart, logarithmic: bool) -> Vec<String> {
    let mut sentences = Vec::new();
    let period = clean(&input.period);
    if !period.is_empty() {
        sentences.push(format!("Period: {}.", period.trim_end_matches('.')));
    }
    sentences.push(
        "Band and solid lines: the ordinary range of forces, 95% and 99.8%; marks go by the solid lines. Dotted: 99.8% by \
         sampling alone."
            .to_owned(),
    );
    if logarithmic {
        sentences.push("The horizontal axis is logarithmic.".to_owned());
    }
    std::iter::once(sentences.join(" ")).chain(input.notes.iter().cloned()).collect()
}

/// The finding, the own figure and where it lies, what all forces give, and who is outside.
pub(super) fn alt_text(input: &FunnelChart) -> String {
    let format = |value: f64| input.unit.format_in_words(value);
    let mut parts = Vec::new();
    match own(input) {
        Some(force) => parts.push(format!(
            "{} {}, over a denominator of {}, {}",
            clean(&force.name),
            format(force.value),
            grouped(force.denominator, usize::from(force.denominator.fract() != 0.0)),
            clean(&input.own_in_words)
        )),
        None => parts.push("no figure for the own force".to_owned()),
    }
    parts.push(format!("all forces together {}", format(input.centre)));
    let outside = input.forces.iter().filter(|force| force.place != FunnelPlace::Within).count();
    parts.push(match outside {
        0 => "no force outside the ordinary range".to_owned(),
        1 => "1 force outside the ordinary range".to_owned(),
        count => format!("{count} forces outside the ordinary range"),
    });
    let finding = opening(&input.title);
    let period = after_comma(&input.period);
    let synthetic = synthetic_sentence(input.synthetic);
    format!(
        "{finding}Funnel of {} for {} forces{period}: {}.{synthetic}",
        clean(&input.value_label),
        input.forces.len(),
        parts.join("; ")
    )
}
