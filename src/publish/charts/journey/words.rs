//! Everything a journey says in words: notes, alternative text.

use super::super::ChartUnit;
use super::super::text::{after_comma, clean, opening, synthetic_sentence};
use super::super::unit::grouped;
use super::{JourneyChart, Step, drawn};

pub(super) fn notes(input: &JourneyChart) -> Vec<String> {
    let mut sentences = Vec::new();
    let period = clean(&input.period);
    if !period.is_empty() {
        sentences.push(format!("Period of the calls: {}.", period.trim_end_matches('.')));
    }
    let steps = drawn(input);
    if !steps.is_empty() {
        sentences
            .push("Dark: records that lead on. Grey: those that do not, or whose link is not recorded.".to_owned());
    }
    let more = input.steps.len().saturating_sub(steps.len());
    if more > 0 && !steps.is_empty() {
        sentences.push(format!("Steps not shown: {more}."));
    }
    std::iter::once(sentences.join(" ")).chain(input.notes.iter().cloned()).collect()
}

/// The finding, then each step's counts, share and time.
pub(super) fn alt_text(input: &JourneyChart) -> String {
    let count = |records: u64| grouped(records as f64, 0);
    let of = |step: &Step| {
        let share = step.share().map_or("no figure".to_owned(), |share| ChartUnit::Percent.format(share));
        let time = step.median.filter(|(time, _)| time.is_finite());
        let time = time.map_or_else(String::new, |(time, unit)| format!(", median {}", unit.format_in_words(time)));
        let records = clean(&step.records);
        format!("{}: {share}, {} of {} {records}{time}", clean(&step.name), count(step.on), count(step.from))
    };
    let mut parts: Vec<String> = drawn(input).iter().map(of).collect();
    if parts.is_empty() {
        parts.push("no figures to show".to_owned());
    }
    let (finding, period) = (opening(&input.title), after_comma(&input.period));
    let synthetic = synthetic_sentence(input.synthetic);
    format!("{finding}Steps from call to victim{period}. {}.{synthetic}", parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::super::journey;
    use super::super::super::sample_inputs::journey_chart;

    #[test]
    fn alt_text_states_each_steps_counts_share_and_time() {
        let mut input = journey_chart(3, 100_000);
        input.steps[2].median = None;
        let expected = "One crime in five that began as a call is solved. Steps from call to victim, 12 months to Jun 2026. \
            Step 0 that led on: 60.0%, 60,000 of 100,000 records 0, median 2.0 minutes; Step 1 that led on: 20.0%, 10,000 of \
            50,000 records 1, median 30.0 minutes; Step 2 that led on: 20.0%, 2,000 of 10,000 records 2. Synthetic data.";
        let chart = journey::chart(&input).unwrap();
        assert_eq!(chart.alt_text, expected);
        for words in [">60,000 of 100,000 records 0<", ">40,000 without a link<", ">20.0%<"] {
            assert!(chart.svg.contains(words), "{words}");
        }
    }

    #[test]
    fn without_records_there_is_no_share() {
        let mut input = journey_chart(3, 100_000);
        (input.steps[1].from, input.steps[1].on) = (0, 0);
        let chart = journey::chart(&input).unwrap();
        assert!(chart.alt_text.contains("Step 1 that led on: no figure, 0 of 0 records 1"), "{}", chart.alt_text);
        input.steps.iter_mut().for_each(|step| (step.from, step.on) = (0, 0));
        let chart = journey::chart(&input).unwrap();
        assert!(chart.svg.contains("No figures to show") && chart.alt_text.contains("no figures to show"));
    }
}
