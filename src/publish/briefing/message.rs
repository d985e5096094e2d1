//! One force-wide message and one good thing. A test that has been made selects the words.

use super::content::{BriefingUnit, RowOf, Section, Words};
use super::facts::{Attention, LineTest, LocalLine};
use super::{BriefingInput, local, words};
use crate::tables::attention::ATTENTION;

const GETTING_WORSE: &str = "getting_worse";

/// What the pipeline states, else the first line that the scorecard escalates, else the first whose month is a concern.
pub(super) fn force_wide(input: &BriefingInput<'_>) -> Section {
    let stated = input.definitions.pipeline.packs.briefing.message.as_deref().map(Words::of);
    let escalated = || first_of(input, |line| line.list == "escalate").map(|line| listed(input, line));
    let watched = || {
        let line = first_of(input, |line| line.list == "watch" && line.why == GETTING_WORSE)?;
        Some(Words::of("To watch: ").then(listed(input, line)))
    };
    let said = stated
        .or_else(escalated)
        .or_else(watched)
        .unwrap_or_else(|| Words::of("No line of the scorecard is escalated."));
    section("message", "For the whole force", said)
}

/// The unit's surest improvement on its own past, else its surest figure that is better than the rest of the force, else
/// what the force has to celebrate.
pub(super) fn one_good_thing(input: &BriefingInput<'_>, unit: &BriefingUnit) -> Section {
    let lines = local::lines(input, unit);
    let improved = surest(&lines, |line| line.last_year.as_ref()).map(|(line, test)| improvement(input, line, test));
    let better = || surest(&lines, |line| line.rest.as_ref()).map(|(line, test)| better_than_rest(input, line, test));
    let celebrated = || {
        let line = first_of(input, |line| line.list == "celebrate")?;
        Some(Words::of("Of the force: ").then(listed(input, line)))
    };
    let said = improved
        .or_else(better)
        .or_else(celebrated)
        .unwrap_or_else(|| Words::of("No test has flagged a figure of this unit or of the force as better."));
    section("good", "One good thing", said)
}

fn section(id: &'static str, title: &str, said: Words) -> Section {
    Section { id, title: title.to_owned(), said: vec![said], grids: Vec::new(), notes: Vec::new() }
}

/// The first line, in the order of the lists.
fn first_of<'a>(input: &BriefingInput<'a>, is_wanted: impl Fn(&Attention) -> bool) -> Option<&'a Attention> {
    input.facts.attention.iter().find(|line| is_wanted(line))
}

/// The line whose flagged test says better with the smallest q-value; the first of the catalogue where they are the same.
fn surest<'a>(
    lines: &[&'a LocalLine],
    test: impl Fn(&'a LocalLine) -> Option<&'a LineTest>,
) -> Option<(&'a LocalLine, &'a LineTest)> {
    let better = lines.iter().filter_map(|line| Some((*line, test(line)?)));
    let better = better.filter(|(_, test)| test.flagged == Some(true) && test.verdict == "better");
    better.min_by(|a, b| a.1.q_value.unwrap_or(1.0).total_cmp(&b.1.q_value.unwrap_or(1.0)))
}

fn improvement(input: &BriefingInput<'_>, line: &LocalLine, test: &LineTest) -> Words {
    let row = local::row_of(line);
    let (_, unit) = words::metric(input.definitions, &line.metric);
    let said = figure(input, &row, line).text(", better than ");
    let said = said.number(&row, "last_year_value", test.comparator_value, &unit.format(test.comparator_value));
    sure(said.text(" a year before"), &row, "last_year_q_value", test)
}

fn better_than_rest(input: &BriefingInput<'_>, line: &LocalLine, test: &LineTest) -> Words {
    let row = local::row_of(line);
    let (_, unit) = words::metric(input.definitions, &line.metric);
    let said = figure(input, &row, line).text(", better than ");
    let said = said.number(&row, "comparator_value", test.comparator_value, &unit.format(test.comparator_value));
    sure(said.text(" in the rest of the force"), &row, "q_value", test)
}

/// `Crimes recorded within 24 hours: 95.6% in the 12 months to 30 September 2026`.
fn figure(input: &BriefingInput<'_>, row: &RowOf, line: &LocalLine) -> Words {
    let (title, unit) = words::metric(input.definitions, &line.metric);
    let value = line.value.unwrap_or_default();
    let said = Words::of(title).text(": ").number(row, "value", value, &unit.format(value)).text(" in the ");
    said.then(words::period(row, &line.period_type, line.period_start, line.period_end))
}

/// How sure it is, and by which test.
fn sure(said: Words, row: &RowOf, column: &'static str, test: &LineTest) -> Words {
    let said = match test.q_value {
        Some(q) => said.text(" (q = ").number(row, column, q, &words::probability(q)),
        None => said.text(" ("),
    };
    let method = test.method.as_deref().map_or("no test", words::method);
    said.text(", by ").text(method).text(").")
}

/// A line of the four lists beside its comparator.
fn listed(input: &BriefingInput<'_>, line: &Attention) -> Words {
    let row = RowOf { table: ATTENTION.name, key: vec![("list", line.list.clone()), ("metric", line.metric.clone())] };
    let (title, unit) = words::metric(input.definitions, &line.metric);
    let mut said = Words::of(title);
    let is = match line.why.as_str() {
        "worse" | "worse_and_getting_worse" => Some("worse"),
        "better" | "better_and_improving" => Some("better"),
        // It is not for its comparison that it is listed.
        _ => None,
    };
    let beside = line.value.zip(line.comparator_value).zip(line.comparator.as_deref());
    if let (Some(is), Some(((value, comparator_value), comparator))) = (is, beside) {
        said = said.text(": ").number(&row, "value", value, &unit.format(value));
        if let (Some(kind), Some(start), Some(end)) = (&line.period_type, line.period_start, line.period_end) {
            said = said.text(" in the ").then(words::period(&row, kind, start, end));
        }
        said = said.text(", ").text(is).text(" than ").text(words::comparator(comparator)).text(" (");
        said = said.number(&row, "comparator_value", comparator_value, &unit.format(comparator_value)).text(")");
    }
    if let (Some(_), Some(q)) = (is, line.q_value) {
        let method = line.method.as_deref().map_or("no test", words::method);
        said = said.text(", q = ").number(&row, "q_value", q, &words::probability(q)).text(" by ").text(method);
    }
    said = said.text(".");
    let month = line.month.zip(line.month_value);
    let moves = match line.why.as_str() {
        "worse_and_getting_worse" | GETTING_WORSE => " is a special cause for concern.",
        "better_and_improving" => " is a special-cause improvement.",
        _ => return said,
    };
    let Some((month, value)) = month else { return said };
    let said = said.text(" Its month from ").day(&row, "month", month).text(" (");
    said.number(&row, "month_value", value, &unit.format(value)).text(")").text(moves)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::BriefingFacts;
    use super::*;

    fn line(list: &str, metric: &str, why: &str) -> Attention {
        let day = |text: &str| text.parse().ok();
        Attention {
            list: list.to_owned(),
            metric: metric.to_owned(),
            why: why.to_owned(),
            period_type: Some("rolling_12_months".to_owned()),
            period_start: day("2025-10-01"),
            period_end: day("2026-09-30"),
            value: Some(0.85),
            comparator: Some("national".to_owned()),
            comparator_value: Some(0.90),
            method: Some("normal_sampling".to_owned()),
            q_value: Some(0.002),
            month: day("2026-09-01"),
            month_value: Some(0.82),
        }
    }

    #[test]
    fn what_is_escalated_comes_before_what_is_watched() {
        let mut definitions = crate::definitions::load(Path::new("pipelines/gloucestershire.toml")).unwrap();
        let escalated = line("escalate", "updated_on_time", "worse_and_getting_worse");
        let watched = line("watch", "needs_assessed", GETTING_WORSE);
        let out_of_reach = line("watch", "recorded_within_24h", "target_out_of_reach");
        let concern = "Its month from 1 September 2026 (82.0%) is a special cause for concern.";
        let worse = "Victims updated on time: 85.0% in the 12 months to 30 September 2026, worse than England and Wales \
                     (90.0%), q = 0.002 by a normal test of sampling error.";
        for (message, attention, expected) in [
            (None, vec![escalated.clone(), watched.clone()], format!("{worse} {concern}")),
            (
                None,
                vec![out_of_reach.clone(), watched],
                format!("To watch: Victims whose needs were assessed. {concern}"),
            ),
            (None, vec![out_of_reach], "No line of the scorecard is escalated.".to_owned()),
            (Some("Body-worn video: keep it on."), vec![escalated], "Body-worn video: keep it on.".to_owned()),
        ] {
            definitions.pipeline.packs.briefing.message = message.map(str::to_owned);
            let facts = BriefingFacts { attention, ..BriefingFacts::default() };
            let input = BriefingInput {
                definitions: &definitions,
                force: "gloucestershire",
                force_name: "Gloucestershire",
                synthetic: false,
                source: "",
                facts: &facts,
            };
            let said: Vec<String> = force_wide(&input).said.iter().map(Words::plain).collect();
            assert_eq!(said, [expected]);
        }
    }
}
