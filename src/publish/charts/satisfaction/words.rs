//! Everything a chart of satisfaction says in words: headline, notes, alternative text.

use super::super::ChartUnit;
use super::super::frame::Headline;
use super::super::scale::drawable;
use super::super::text::{after_comma, clean, opening, synthetic_sentence};
use super::super::unit::grouped;
use super::{Question, SatisfactionChart, asked};

/// Questions named in a note as having no share.
const MOST_MISSING: usize = 6;

/// The question about the whole.
pub(super) fn headline(input: &SatisfactionChart) -> Option<Headline> {
    let (question, share) = asked(input).find(|(question, _)| question.overall)?;
    let answers = question.answers.and_then(drawable).map(|answers| format!("of {} answers", grouped(answers, 0)));
    let captions = std::iter::once("satisfied, overall".to_owned()).chain(answers).collect();
    Some(Headline { figure: ChartUnit::Percent.format(share), captions })
}

pub(super) fn notes(input: &SatisfactionChart) -> Vec<String> {
    let mut sentences = Vec::new();
    let period = clean(&input.period);
    if !period.is_empty() {
        sentences.push(format!("Period: {}.", period.trim_end_matches('.')));
    }
    if asked(input).any(|(question, _)| question.lower.is_some() && question.upper.is_some()) {
        sentences.push("Whiskers: 95% intervals of the share satisfied.".to_owned());
    }
    let missing: Vec<&Question> = input.questions.iter().filter(|question| question.share().is_none()).collect();
    if !missing.is_empty() {
        let named = missing.iter().take(MOST_MISSING).map(|question| {
            let why = question.missing_reason.as_deref().map(clean).unwrap_or_default();
            let name = clean(&question.name);
            if why.is_empty() { name } else { format!("{name} ({why})") }
        });
        let more = missing.len().saturating_sub(MOST_MISSING);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        sentences.push(format!("No figure: {}{more}.", named.collect::<Vec<_>>().join("; ")));
    }
    let drawn = asked(input).count() + missing.len();
    if drawn < input.questions.len() {
        sentences.push(format!("Questions not shown: {}.", input.questions.len() - drawn));
    }
    std::iter::once(sentences.join(" ")).chain(input.notes.iter().cloned()).collect()
}

/// The finding, then each question's share with its interval and answers.
pub(super) fn alt_text(input: &SatisfactionChart) -> String {
    let format = |share: f64| ChartUnit::Percent.format(share);
    let mut parts: Vec<String> = asked(input)
        .map(|(question, share)| {
            let interval = question.lower.and_then(drawable).zip(question.upper.and_then(drawable));
            let interval = interval.map_or_else(String::new, |(lower, upper)| {
                format!(", 95% interval {} to {}", format(lower), format(upper))
            });
            let answers = question.answers.and_then(drawable);
            let answers = answers.map_or_else(String::new, |answers| format!(", {} answers", grouped(answers, 0)));
            format!("{} {}{interval}{answers}", clean(&question.name), format(share))
        })
        .collect();
    if parts.is_empty() {
        parts.push("no figures to show".to_owned());
    }
    let (finding, period) = (opening(&input.title), after_comma(&input.period));
    let synthetic = synthetic_sentence(input.synthetic);
    format!("{finding}Share of victims satisfied by question{period}: {}.{synthetic}", parts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::super::sample_inputs::satisfaction_chart;
    use super::super::super::satisfaction;
    use super::*;

    #[test]
    fn alt_text_states_every_share_with_interval_and_answers() {
        let mut input = satisfaction_chart(3);
        input.questions[1].satisfied = None;
        let expected = "Seven in ten victims are satisfied. Share of victims satisfied by question, 12 months to Jun 2026: \
            Question 1 62.0%, 95% interval 58.0% to 66.0%, 1,100 answers; Whole experience 72.0%, 95% interval 68.0% to \
            76.0%, 1,300 answers. Synthetic data.";
        let chart = satisfaction::chart(&input).unwrap();
        assert_eq!(chart.alt_text, expected);
        assert!(chart.svg.contains("No figure: Question 2 (no valid answer)."));
        // What the two bars of a row say adds up: 62.0 and 38.0, 72.0 and 28.0.
        for share in [">62.0%<", ">38.0%<", ">72.0%<", ">28.0%<"] {
            assert!(chart.svg.contains(share), "{share}");
        }
    }

    #[test]
    fn a_share_beyond_what_there_can_be_is_missing() {
        for share in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            let mut input = satisfaction_chart(1);
            input.questions[0].satisfied = Some(share);
            let chart = satisfaction::chart(&input).unwrap();
            assert!(chart.svg.contains("No figures to show"), "{share}");
            assert_eq!(headline(&input), None);
        }
    }
}
