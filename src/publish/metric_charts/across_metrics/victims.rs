//! What victims say: which questions are shown, of which period.

use super::super::super::charts::ChartUnit;
use super::super::super::charts::satisfaction::{Question, SatisfactionChart};
use super::super::{period_words, source_words};
use super::{AcrossMetrics, newest, same_period};
use crate::definitions::Metric;
use crate::domain::Status;
use crate::statistics::Method;
use crate::tables::figure::Figure;

/// The question about the whole; the others share its period.
const OVERALL: &str = "satisfied_overall";
/// How the ids and titles of such metrics begin.
const QUESTION: &str = "satisfied_";
const TITLE: &str = "Satisfied with ";

const WHO: &str = "Satisfied: completely, very or fairly, answers 1 to 3 of 7. Not satisfied: every other valid answer, the \
    middle one among them.";
const WEIGHTED: &str = "Shares are weighted by the survey's weights; answers are counted unweighted.";
const ANSWERED: &str = "Those who answer differ from those who do not.";

pub(super) fn input(input: &AcrossMetrics<'_>) -> Option<SatisfactionChart> {
    let overall = newest(input.of(OVERALL))?;
    let share = overall.value?;
    let questions = input.definitions.metrics.iter().filter(|metric| metric.id.as_str().starts_with(QUESTION));
    let questions: Vec<(&Metric, Option<&Figure>)> =
        questions.map(|metric| (metric, same_period(input.of(metric.id.as_str()), overall))).collect();
    let effective = Some(Method::WilsonEffectiveBase.name());
    let is_weighted = questions.iter().filter_map(|(_, figure)| *figure).any(|f| f.method.as_deref() == effective);
    let mut notes = vec![WHO.to_owned()];
    notes.push(if is_weighted { format!("{WEIGHTED} {ANSWERED}") } else { ANSWERED.to_owned() });
    if overall.status != Status::Final {
        notes.push("The period is provisional.".to_owned());
    }
    Some(SatisfactionChart {
        title: format!("{} of victims are satisfied with the whole experience", ChartUnit::Percent.format(share)),
        subtitle: format!("{}: victims surveyed, by what they were asked about", input.force_name()),
        questions: questions.into_iter().map(|(metric, figure)| question(metric, figure)).collect(),
        period: period_words(overall.period_type, overall.period_start, overall.period_end),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes,
    })
}

fn question(metric: &Metric, figure: Option<&Figure>) -> Question {
    let of = |pick: fn(&Figure) -> Option<f64>| figure.and_then(pick);
    Question {
        name: name(&metric.title),
        satisfied: of(|f| f.value),
        lower: of(|f| f.lower_95),
        upper: of(|f| f.upper_95),
        answers: of(|f| f.denominator),
        overall: metric.id.as_str() == OVERALL,
        missing_reason: match figure {
            None => Some("no figure for the period".to_owned()),
            Some(figure) => figure.reason.as_ref().map(|reason| reason.to_string()),
        },
    }
}

/// What it is about: `Ease of contact`.
fn name(title: &str) -> String {
    let about = title.strip_prefix(TITLE).unwrap_or(title);
    let mut letters = about.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_named_by_what_they_are_about() {
        for (title, expected) in [
            ("Satisfied with ease of contact", "Ease of contact"),
            ("Satisfied with the whole experience", "The whole experience"),
            ("Victims kept informed", "Victims kept informed"),
            ("", ""),
        ] {
            assert_eq!(name(title), expected);
        }
    }
}
