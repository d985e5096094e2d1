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
    let nothing =
        || Words::of("No line of the scorecard is escalated, and no month of one is a special cause for concern.");
    let said = stated.or_else(escalated).or_else(watched).unwrap_or_else(nothing);
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
