//! Everything a control chart says in words: headline, key, notes, alternative text.

use std::collections::BTreeSet;

use super::super::frame::{Headline, KeyEntry, MARGIN, WIDTH, room};
use super::super::marks::Mark;
use super::super::palette::MID_GREY;
use super::super::scale::{Axis, drawable};
use super::super::text::{clean, opening, shorten, synthetic_sentence};
use super::super::unit::grouped;
use super::super::{ChartError, ChartMonth, ChartUnit};
use super::annotations::MOST_SHOWN;
use super::series::{Drawn, Series};
use super::{Assurance, PointClass, SpcChart, SpcRule, Variation, Y_LABEL};

/// Gaps listed by name in a note.
const MOST_GAPS: usize = 6;

/// What the vertical axis measures, with the unit that its ticks leave out.
pub(super) fn y_label(input: &SpcChart) -> Result<String, ChartError> {
    let label = input.unit.label(&clean(&input.y_label));
    shorten(&label, room(Y_LABEL, WIDTH - 2.0 * MARGIN, 1))
}

/// The latest final figure, its month, and the counts behind it.
pub(super) fn headline(series: &Series) -> Option<Headline> {
    let latest = series.latest()?;
    let provisional = if latest.point.provisional { ", provisional" } else { "" };
    let mut captions = vec![format!("{}{provisional}", latest.point.month)];
    captions.extend(counts(series.input.unit, &latest));
    Some(Headline { figure: series.input.unit.format(latest.value), captions })
}

/// `1,234 of 1,443` for a proportion, `3,748 in 30 days` for events a day, the base for a time.
fn counts(unit: ChartUnit, latest: &Drawn) -> Option<String> {
    let whole = |value: f64| grouped(value, usize::from(value.fract() != 0.0));
    let denominator = latest.point.denominator.and_then(drawable);
    match unit {
        ChartUnit::Percent => {
            let numerator = latest.point.numerator.and_then(drawable)?;
            Some(format!("{} of {}", whole(numerator), whole(denominator?)))
        }
        ChartUnit::PerDay => {
            let numerator = latest.point.numerator.and_then(drawable)?;
            Some(format!("{} in {} days", whole(numerator), whole(denominator?)))
        }
        ChartUnit::Seconds | ChartUnit::Minutes | ChartUnit::Days => Some(format!("n = {}", whole(denominator?))),
        ChartUnit::Count | ChartUnit::Rate => None,
    }
}

/// The marks in use, if there is more than the ordinary one.
pub(super) fn key(series: &Series) -> Vec<KeyEntry> {
    let meanings = [
        (PointClass::Common, "Common-cause variation"),
        (PointClass::Improving, "Special cause: improvement"),
        (PointClass::Concerning, "Special cause: concern"),
        (PointClass::High, "Special cause: high"),
        (PointClass::Low, "Special cause: low"),
    ];
    let judged = series.input.phases.iter().any(|phase| phase.lower.is_some() || phase.upper.is_some());
    let mut entries: Vec<KeyEntry> = meanings
        .into_iter()
        .filter(|(class, _)| series.drawn().any(|d| !d.point.provisional && d.point.class == *class))
        .map(|(class, meaning)| {
            let (mark, colour) = class.mark();
            let meaning = if class == PointClass::Common && !judged { "Final month" } else { meaning };
            KeyEntry { mark, colour, meaning }
        })
        .collect();
    if series.drawn().any(|drawn| drawn.point.provisional) {
        entries.push(KeyEntry { mark: Mark::Hollow, colour: MID_GREY, meaning: "Provisional, not judged" });
    }
    if entries.len() > 1 || entries.iter().any(|entry| entry.mark != Mark::Disc) { entries } else { Vec::new() }
}

/// What the chart must say beyond the caller's own notes, then those.
pub(super) fn notes(series: &Series, axis: &Axis) -> Vec<String> {
    let mut sentences = Vec::new();
    let final_points = series.drawn().filter(|drawn| !drawn.point.provisional);
    let fired: BTreeSet<SpcRule> = final_points.filter_map(|drawn| drawn.point.rule).collect();
    if !fired.is_empty() {
        let rules: Vec<&str> = fired.into_iter().map(rule_in_words).collect();
        sentences.push(format!("Signals: {}.", rules.join("; ")));
    }
    sentences.extend(gaps(series));
    if axis.low > 0.0 && !series.is_empty() {
        sentences.push("The vertical axis does not start at zero.".to_owned());
    }
    let left_out = series.input.annotations.len().saturating_sub(MOST_SHOWN);
    if left_out > 0 {
        sentences.push(format!("Remarks not shown: {left_out}."));
    }
    let own = if sentences.is_empty() { None } else { Some(sentences.join(" ")) };
    own.into_iter().chain(series.input.notes.iter().cloned()).collect()
}

fn rule_in_words(rule: SpcRule) -> &'static str {
    match rule {
        SpcRule::OutsideLimits => "beyond a limit",
        SpcRule::Shift => "seven or more months on one side of the mean",
        SpcRule::Trend => "seven or more months rising or falling",
        SpcRule::TwoOfThreeNearLimit => "two of three months near a limit",
    }
}

/// The months between the first and the last that have no figure, as a sentence.
fn gaps(series: &Series) -> Option<String> {
    let with_value: BTreeSet<i32> = series.drawn().map(|drawn| drawn.month).collect();
    if with_value.is_empty() {
        return None;
    }
    let mut stretches: Vec<(i32, i32)> = Vec::new();
    let mut next = series.first;
    for month in with_value.into_iter().chain([series.last + 1]) {
        if month > next {
            stretches.push((next, month - 1));
        }
        next = month + 1;
    }
    let name = |month: i32| format!("{} {}", ChartMonth::name_of(month), ChartMonth::year_of(month));
    let named = stretches
        .iter()
        .take(MOST_GAPS)
        .map(|&(from, to)| if from == to { name(from) } else { format!("{} to {}", name(from), name(to)) });
    let named: Vec<String> = named.collect();
    let more = stretches.len().saturating_sub(MOST_GAPS);
    let more = if more > 0 { format!(" and {more} more stretches") } else { String::new() };
    (!named.is_empty()).then(|| format!("No figure: {}{more}.", named.join(", ")))
}

/// The finding, then level, limits, latest value and verdicts in one sentence; and that the data is synthetic, if it is.
pub(super) fn alt_text(series: &Series) -> String {
    let input = series.input;
    let finding = opening(&input.title);
    let mut parts = Vec::new();
    match series.latest() {
        Some(latest) => {
            let counts = counts(input.unit, &latest).map(|counts| format!(", {counts}")).unwrap_or_default();
            let provisional = if latest.point.provisional { ", provisional" } else { "" };
            let figure = input.unit.format_in_words(latest.value);
            parts.push(format!("latest {figure} ({}{provisional}{counts})", latest.point.month));
        }
        None => parts.push("no figures to show".to_owned()),
    }
    parts.extend(levels(series));
    parts.extend(variation_in_words(input.variation).map(|words| signal(series, words)));
    parts.extend(assurance_in_words(input.assurance).map(str::to_owned));
    let opening = match (finding.is_empty(), period(series)) {
        (true, period) => format!("Control chart{period}"),
        (false, period) => format!("{finding}Control chart of {}{period}", subject(input)),
    };
    let synthetic = synthetic_sentence(input.synthetic);
    format!("{opening}: {}.{synthetic}", parts.join("; "))
}

fn subject(input: &SpcChart) -> String {
    let label = clean(&input.y_label);
    if label.is_empty() { "the figure".to_owned() } else { label }
}

fn period(series: &Series) -> String {
    match (series.points.first(), series.points.last()) {
        (Some(first), Some(last)) if first.month == last.month => format!(", {}", last.month),
        (Some(first), Some(last)) => format!(" by month, {} to {}", first.month, last.month),
        _ => String::new(),
    }
}

/// Mean, limits and target, as far as they are there.
fn levels(series: &Series) -> Vec<String> {
    let format = |value: f64| series.input.unit.format_in_words(value);
    let mut parts = Vec::new();
    if !series.is_empty() {
        let phase = series.last_phase();
        let line = |pick: fn(&super::SpcPhase) -> Option<f64>| phase.and_then(pick).and_then(drawable);
        let (centre, lower, upper) = (line(|p| p.centre), line(|p| p.lower), line(|p| p.upper));
        parts.extend(centre.map(|centre| format!("mean {}", format(centre))));
        parts.push(match (lower, upper) {
            (Some(lower), Some(upper)) => format!("limits {} to {}", format(lower), format(upper)),
            (Some(lower), None) => format!("lower limit {}", format(lower)),
            (None, Some(upper)) => format!("upper limit {}", format(upper)),
            (None, None) => "no limits".to_owned(),
        });
    }
    parts.extend(series.input.target.and_then(drawable).map(|target| format!("target {}", format(target))));
    parts
}

/// The verdict with the rule behind it, if the latest point carries one.
fn signal(series: &Series, verdict: &str) -> String {
    match series.latest().and_then(|latest| latest.point.rule) {
        Some(rule) => format!("{verdict} ({})", rule_in_words(rule)),
        None => verdict.to_owned(),
    }
}

fn variation_in_words(variation: Variation) -> Option<&'static str> {
    match variation {
        Variation::CommonCause => Some("common-cause variation"),
        Variation::ImprovingHigh => Some("special cause, improving, high"),
        Variation::ImprovingLow => Some("special cause, improving, low"),
        Variation::ConcerningHigh => Some("special cause, concerning, high"),
        Variation::ConcerningLow => Some("special cause, concerning, low"),
        Variation::High => Some("special cause, high"),
        Variation::Low => Some("special cause, low"),
        Variation::NoVariation => Some("no variation"),
        Variation::NotAssessed => None,
    }
}

fn assurance_in_words(assurance: Assurance) -> Option<&'static str> {
    match assurance {
        Assurance::AlwaysPasses => Some("expected to pass the target every month"),
        Assurance::HitAndMiss => Some("expected to hit and miss the target"),
        Assurance::AlwaysFails => Some("expected to fail the target every month"),
        Assurance::NotAssessed => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample_inputs::{control_chart, values};
    use super::super::super::spc;
    use super::*;

    fn sample() -> SpcChart {
        let mut input = control_chart(&values(14, 0.8), ChartUnit::Percent);
        input.phases[0].centre = Some(0.8);
        input.phases[0].lower = Some(0.7123);
        input.phases[0].upper = Some(0.8877);
        input.target = Some(0.9);
        input.points[13].value = Some(0.6512);
        input.points[13].rule = Some(SpcRule::OutsideLimits);
        input
    }

    #[test]
    fn alt_text_states_finding_level_limits_and_latest_value() {
        let expected = "Fewer emergency calls are answered within ten seconds. Control chart of 999 calls answered by \
            month, Oct 2022 to Nov 2023: latest 65.1% (Nov 2023, 1,234 of 5,678); mean 80.0%; limits 71.2% to 88.8%; \
            target 90.0%; special cause, concerning, low (beyond a limit); expected to hit and miss the target. \
            Synthetic data.";
        let chart = spc::chart(&sample()).unwrap();
        assert_eq!(chart.alt_text, expected);
        assert!(chart.svg.contains(&format!("<desc>{expected}</desc>")));
    }

    #[test]
    fn alt_text_says_what_is_not_there() {
        let mut input = sample();
        input.synthetic = false;
        input.title = "Answer times <rose>.".to_owned();
        input.unit = ChartUnit::Seconds;
        input.phases.clear();
        input.target = None;
        input.variation = Variation::NotAssessed;
        input.assurance = Assurance::NotAssessed;
        input.points.truncate(1);
        input.points[0].value = Some(4.5);
        input.points[0].provisional = true;
        let expected = "Answer times <rose>. Control chart of 999 calls answered, Oct 2022: latest 4.5 seconds (Oct 2022, \
            provisional, n = 5,678); no limits.";
        assert_eq!(spc::chart(&input).unwrap().alt_text, expected);
        input.points[0].value = None;
        let expected = "Answer times <rose>. Control chart of 999 calls answered, Oct 2022: no figures to show.";
        assert_eq!(spc::chart(&input).unwrap().alt_text, expected);
    }

    #[test]
    fn synthetic_data_is_named_three_times() {
        let mut input = sample();
        let chart = spc::chart(&input).unwrap();
        assert!(chart.svg.contains(">Synthetic data</text>"), "tag");
        assert!(chart.svg.contains("Source: call extract. Synthetic data: not real figures.</text>"), "source");
        assert!(chart.alt_text.ends_with("Synthetic data."), "alternative text");
        input.synthetic = false;
        let chart = spc::chart(&input).unwrap();
        assert!(!chart.svg.contains("Synthetic") && !chart.alt_text.contains("Synthetic"));
    }

    #[test]
    fn notes_name_rules_gaps_and_a_cut_axis() {
        let mut input = sample();
        input.points[3].rule = Some(SpcRule::Shift);
        input.points[6].value = None;
        input.points.drain(9..11);
        input.notes = vec!["Grade B.".to_owned()];
        let series = Series::new(&input);
        let expected = "Signals: beyond a limit; seven or more months on one side of the mean. No figure: Apr 2023, \
            Jul 2023 to Aug 2023. The vertical axis does not start at zero.";
        assert_eq!(notes(&series, &series.value_axis()), [expected, "Grade B."]);
    }

    #[test]
    fn the_key_shows_only_what_is_drawn() {
        let mut input = sample();
        let meanings = |input: &SpcChart| key(&Series::new(input)).iter().map(|e| e.meaning).collect::<Vec<_>>();
        assert!(meanings(&input).is_empty());
        input.points[13].class = PointClass::Concerning;
        input.points[12].provisional = true;
        let expected = ["Common-cause variation", "Special cause: concern", "Provisional, not judged"];
        assert_eq!(meanings(&input), expected);
    }
}
