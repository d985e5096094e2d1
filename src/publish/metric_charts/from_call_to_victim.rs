//! The journey of twelve months' calls: how its steps are named, and the title that they give.

use chrono::NaiveDate;

use super::super::charts::journey::{self, JourneyChart, Step};
use super::super::charts::{Chart, ChartError, ChartUnit};
use super::{solved_words, source_words};
use crate::definitions::Definitions;
use crate::tables::journey::{JourneyStep, JourneyYear};

/// The force that the chart is for.
pub struct JourneyChartInput<'a> {
    pub definitions: &'a Definitions,
    pub force: &'a str,
    pub data_date: NaiveDate,
    pub synthetic: bool,
    /// Where the figures are from.
    pub source: &'a str,
    /// Of any force, in the order of the steps.
    pub rows: &'a [JourneyYear],
}

const LINKS: &str = "A step starts from the distinct records that the one before leads to: several calls may lead to one \
    incident. A record leads on if the next one names it: where a reference was not entered, it does not. Crimes that no call \
    leads to are not here.";
const CRIMES: &str =
    "Solved and surveyed start from the same crimes. Times are from the record to the earliest that it leads to.";

/// The chart with its file name; `None` where the force has no journey.
///
/// # Errors
/// A fault of drawing.
pub fn journey_chart(input: &JourneyChartInput<'_>) -> Result<Option<(String, Chart)>, ChartError> {
    let own: Vec<&JourneyYear> = input.rows.iter().filter(|row| &*row.force == input.force).collect();
    let Some(first) = own.first() else { return Ok(None) };
    let force = input.definitions.references.force_name(input.force).unwrap_or(input.force);
    let chart = journey::chart(&JourneyChart {
        title: title(&own),
        subtitle: format!("{force}: from call to victim, as far as records are linked"),
        steps: own.iter().map(|row| step(row, &own)).collect(),
        period: format!("12 months to {}", first.last.first_day().format("%B %Y")),
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes: vec![
            LINKS.to_owned(),
            CRIMES.to_owned(),
            format!(
                "Solved: {}; no such set is an official label.",
                solved_words(input.definitions.pipeline.solved_set)
            ),
        ],
    })?;
    Ok(Some(("journey".to_owned(), chart)))
}

/// How far crimes come that began as calls, or else calls.
fn title(own: &[&JourneyYear]) -> String {
    let rate = |step: JourneyStep| own.iter().find(|row| row.step == step).and_then(|row| row.rate());
    let format = |share: f64| ChartUnit::Percent.format(share);
    if let Some(share) = rate(JourneyStep::CrimeToSolved) {
        return format!("{} of crimes that began with a call are solved", format(share));
    }
    match rate(JourneyStep::CallToIncident) {
        Some(share) => format!("{} of calls led to an incident", format(share)),
        None => "From call to victim".to_owned(),
    }
}

fn step(row: &JourneyYear, own: &[&JourneyYear]) -> Step {
    use JourneyStep::{CallToIncident, CrimeToSolved, CrimeToSurvey, IncidentToCrime, SurveyToSatisfied};
    let (records, left_behind, after) = match row.step {
        CallToIncident => ("calls", "without an incident", None),
        IncidentToCrime => ("incidents", "without a crime", Some(CallToIncident)),
        CrimeToSolved => ("crimes", "not solved", Some(IncidentToCrime)),
        CrimeToSurvey => ("crimes", "not surveyed", Some(IncidentToCrime)),
        SurveyToSatisfied => ("surveyed crimes", "not satisfied, or no answer", Some(CrimeToSurvey)),
    };
    let unit = if row.step.is_timed_in_minutes() { ChartUnit::Minutes } else { ChartUnit::Days };
    Step {
        name: row.step.words().to_owned(),
        records: records.to_owned(),
        left_behind: left_behind.to_owned(),
        from: row.upstream,
        on: row.linked,
        // A satisfied answer is part of the survey itself.
        median: row.median_time.filter(|_| row.step != SurveyToSatisfied).map(|time| (time, unit)),
        after: after.and_then(|before| own.iter().position(|other| other.step == before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Month;

    fn row(step: JourneyStep, upstream: u64, linked: u64) -> JourneyYear {
        let month = |text| Month::parse(text).unwrap();
        let (first, last) = (month("2025-07"), month("2026-06"));
        JourneyYear { force: "f".into(), first, last, step, upstream, linked, median_time: Some(2.5) }
    }

    #[test]
    fn the_title_tells_how_far_crimes_come_and_fewer_steps_tell_less() {
        use JourneyStep::{CallToIncident, CrimeToSolved, IncidentToCrime};
        let rows = [row(CallToIncident, 1000, 640), row(IncidentToCrime, 500, 100), row(CrimeToSolved, 90, 9)];
        let of = |rows: &[JourneyYear]| title(&rows.iter().collect::<Vec<_>>());
        assert_eq!(of(&rows), "10.0% of crimes that began with a call are solved");
        assert_eq!(of(&rows[..2]), "64.0% of calls led to an incident");
        assert_eq!(of(&[row(CrimeToSolved, 0, 0)]), "From call to victim");
    }

    #[test]
    fn a_step_stands_after_the_one_that_it_starts_from() {
        use JourneyStep::{CallToIncident, CrimeToSolved, CrimeToSurvey, IncidentToCrime, SurveyToSatisfied};
        let steps = [CallToIncident, IncidentToCrime, CrimeToSolved, CrimeToSurvey, SurveyToSatisfied];
        let rows = steps.map(|of| row(of, 10, 5));
        let own: Vec<&JourneyYear> = rows.iter().collect();
        let made: Vec<Step> = own.iter().map(|row| step(row, &own)).collect();
        let after: Vec<Option<usize>> = made.iter().map(|step| step.after).collect();
        assert_eq!(after, [None, Some(0), Some(1), Some(1), Some(3)]);
        assert_eq!(made[0].median, Some((2.5, ChartUnit::Minutes)));
        assert_eq!(made[2].median, Some((2.5, ChartUnit::Days)));
        assert_eq!(made[4].median, None, "no time passes from an answer to itself");
    }
}
