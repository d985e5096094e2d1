//! What became of the crimes of each year: which metrics are set side by side, and what is left over.

use chrono::Datelike;

use super::super::super::charts::ChartUnit;
use super::super::super::charts::outcome_mix::{MOST_PERIODS, MixPeriod, OutcomeMixChart};
use super::super::{period_words, source_words};
use super::{AcrossMetrics, newest, same_period};
use crate::domain::Status;
use crate::tables::figure::Figure;

/// An outcome of the mix.
struct Outcome {
    /// A share of all recorded crimes. No two of them count the same outcome type; a test holds the definitions to that.
    metric: &'static str,
    name: &'static str,
    /// Behind its share: "38.0% of crimes ...".
    finding: &'static str,
}

const OUTCOMES: [Outcome; 5] = [
    Outcome { metric: "charge_rate_recorded", name: "Charged or summonsed", finding: "led to a charge or summons" },
    Outcome { metric: "out_of_court_rate_recorded", name: "Out of court", finding: "were dealt with out of court" },
    Outcome {
        metric: "victim_not_supporting_rate",
        name: "Victim does not support action",
        finding: "lacked the victim's support",
    },
    Outcome { metric: "no_suspect_rate", name: "No suspect identified", finding: "closed with no suspect identified" },
    Outcome { metric: "not_assigned_rate", name: "No outcome yet", finding: "have no outcome yet" },
];
/// The metrics of the mix with what each counts.
pub const OUTCOME_SHARES: [(&str, &str); 5] = {
    let [a, b, c, d, e] = OUTCOMES;
    [(a.metric, a.name), (b.metric, b.name), (c.metric, c.name), (d.metric, d.name), (e.metric, e.name)]
};
/// Where the remainder stands among the rows: before the crimes without an outcome.
const REMAINDER_ROW: usize = 4;
const REMAINDER: &str = "Any other outcome";
const REMAINDER_FINDING: &str = "have another outcome";
const REMAINDER_NOTE: &str = "Any other outcome: what is left of all crimes, among them suspects identified where the victim \
    supports action but evidence is short (type 15), action not in the public interest, and crimes passed to another body.";

pub(super) fn input(input: &AcrossMetrics<'_>) -> Option<OutcomeMixChart> {
    let newest = newest(input.of(OUTCOMES[0].metric))?;
    let mut periods = Vec::new();
    for years in (0..MOST_PERIODS as i32).rev() {
        let start = newest.period_start.with_year(newest.period_start.year() - years)?;
        let first = input.of(OUTCOMES[0].metric).iter();
        let mut first = first.filter(|f| f.period_type == newest.period_type && f.period_start == start);
        periods.extend(first.next().and_then(|figure| period(input, figure)));
    }
    let title = title(periods.iter().rfind(|period| !period.provisional).or(periods.last())?)?;
    let mut outcomes: Vec<String> = OUTCOMES.iter().map(|outcome| outcome.name.to_owned()).collect();
    outcomes.insert(REMAINDER_ROW, REMAINDER.to_owned());
    let mut notes = vec![REMAINDER_NOTE.to_owned()];
    notes.push("Older years have had longer to be dealt with. Outcomes are those known on the data date.".to_owned());
    Some(OutcomeMixChart {
        title,
        subtitle: format!("{}: crimes recorded in each period, recorded basis", input.force_name()),
        outcomes,
        periods,
        source: source_words(input.source, input.data_date),
        synthetic: input.synthetic,
        notes,
    })
}

/// The mix of a period; `None` where a share is missing, is of other crimes than the rest, or where they are more than all.
fn period(input: &AcrossMetrics<'_>, first: &Figure) -> Option<MixPeriod> {
    let figures = OUTCOMES.iter().map(|outcome| same_period(input.of(outcome.metric), first));
    let figures: Vec<&Figure> = figures.collect::<Option<_>>()?;
    // A year that the extract does not cover whole is no year.
    if figures.iter().any(|f| f.status == Status::Final && f.reason.is_some()) {
        return None;
    }
    let counts: Vec<(f64, f64)> = figures.iter().map(|f| f.numerator.zip(f.denominator)).collect::<Option<_>>()?;
    let crimes = first.denominator?;
    let rest = crimes - counts.iter().map(|(numerator, _)| numerator).sum::<f64>();
    if crimes <= 0.0 || rest < 0.0 || counts.iter().any(|(_, denominator)| *denominator != crimes) {
        return None;
    }
    let mut shares: Vec<Option<f64>> = figures.iter().map(|figure| figure.value).collect();
    shares.insert(REMAINDER_ROW, Some(rest / crimes));
    Some(MixPeriod {
        name: period_words(first.period_type, first.period_start, first.period_end),
        crimes,
        shares,
        provisional: figures.iter().any(|f| f.status != Status::Final),
    })
}

/// The largest share of the newest final period.
fn title(period: &MixPeriod) -> Option<String> {
    let mut findings: Vec<&str> = OUTCOMES.iter().map(|outcome| outcome.finding).collect();
    findings.insert(REMAINDER_ROW, REMAINDER_FINDING);
    let shares = period.shares.iter().zip(findings).filter_map(|(share, finding)| Some(((*share)?, finding)));
    let (share, finding) = shares.reduce(|largest, next| if next.0 > largest.0 { next } else { largest })?;
    Some(format!("{} of crimes {finding}", ChartUnit::Percent.format(share)))
}

#[cfg(test)]
mod tests;
