//! What is new, odd or missing in a build beside the one whose packs are in use, for an analyst who lets packs go out or
//! holds them.

use std::collections::BTreeSet;

use super::cells::interval;
use super::charts::ChartUnit;
use super::facts::{Facts, ScorecardLine, Unread};
use super::lists;
use super::metric_charts::chart_unit;
use crate::definitions::Definitions;
use crate::domain::{long_date, visible_start};

/// Something to look at before packs go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// A figure, a line, an extract or a document that was there.
    Missing,
    /// What moved further than chance moves it, or is worse known.
    Odd,
    /// What the packs say for the first time.
    New,
}

impl Note {
    pub const ALL: [Self; 3] = [Self::Missing, Self::Odd, Self::New];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Missing => "Missing",
            Self::Odd => "Odd",
            Self::New => "New",
        }
    }
}

/// A build's facts, what of its extracts could not be read, and the names of the documents in its packs.
pub struct Rehearsed<'a> {
    pub facts: &'a Facts,
    pub unread: &'a [Unread],
    pub documents: &'a BTreeSet<String>,
}

/// The state of an extract that is not there.
const ABSENT: &str = "absent";
const LONGEST_REASON: usize = 200;
/// Unreadable values more than before from which it is no stray one.
const MANY_MORE: u64 = 10;

/// The notes, in order: by kind, then in the order of the scorecard. `before` is `None` when no packs are in use yet.
pub fn digest(definitions: &Definitions, now: &Rehearsed<'_>, before: Option<&Rehearsed<'_>>) -> Vec<(Note, String)> {
    let mut notes = extracts(now.facts);
    notes.extend(now.facts.lines.iter().filter_map(no_figure));
    if let Some(before) = before {
        notes.extend(gone(now, before));
        for line in &now.facts.lines {
            let unit = definitions.metric(&line.metric).map_or(ChartUnit::Count, |metric| chart_unit(metric.unit));
            match before.facts.lines.iter().find(|b| b.metric == line.metric) {
                Some(earlier) => notes.extend(of_line(line, earlier, unit)),
                None => notes.push((Note::New, format!("{}: a new line", line.title))),
            }
        }
        notes.extend(listed(now.facts, before.facts));
        notes.extend(now.unread.iter().filter_map(|column| read_worse(column, before.unread)));
        let new: Vec<&String> = now.documents.difference(before.documents).collect();
        match before.documents.is_empty() {
            true => notes.push((Note::New, "the build before has no packs: these are the first".to_owned())),
            false => notes.extend(new.iter().map(|name| (Note::New, format!("{name}: a new document")))),
        }
    }
    notes.sort_by_key(|(note, _)| *note);
    notes
}

fn extracts(now: &Facts) -> Vec<(Note, String)> {
    let mut notes = Vec::new();
    for state in &now.extracts {
        let name = &state.extract;
        if state.state == ABSENT {
            notes.push((Note::Missing, format!("{name}: the extract is not there")));
        }
        match state.newest_row {
            Some(day) if state.days_behind.is_some_and(|days| days > 0) => {
                notes.push((Note::Odd, format!("{name}: its newest row is of {}", long_date(day))));
            }
            _ => {}
        }
        let warnings = state.warnings.as_deref().unwrap_or_default().lines();
        notes.extend(warnings.map(|w| (Note::Odd, format!("{name}: {}", visible_start(w, LONGEST_REASON)))));
    }
    notes
}

fn no_figure(line: &ScorecardLine) -> Option<(Note, String)> {
    let reason = line.reason.as_deref().unwrap_or("no final figure yet");
    line.value.is_none().then(|| (Note::Missing, format!("{}: {reason}", line.title)))
}

/// Lines and documents that are not there any more.
fn gone(now: &Rehearsed<'_>, before: &Rehearsed<'_>) -> Vec<(Note, String)> {
    let lines = before.facts.lines.iter().filter(|b| !now.facts.lines.iter().any(|line| line.metric == b.metric));
    let lines = lines.map(|line| format!("{}: the line is gone", line.title));
    let documents = before.documents.difference(now.documents).map(|name| format!("{name}: the document is gone"));
    lines.chain(documents).map(|said| (Note::Missing, said)).collect()
}

fn of_line(line: &ScorecardLine, before: &ScorecardLine, unit: ChartUnit) -> Vec<(Note, String)> {
    let mut notes = Vec::new();
    if let (Some(value), Some(was)) = (line.value, before.value) {
        let outside = line.lower_95.zip(line.upper_95).is_some_and(|(low, high)| was < low || was > high);
        if outside {
            let beside = interval(unit, line.lower_95, line.upper_95).map_or(String::new(), |said| said.plain());
            let (value, was) = (unit.format(value), unit.format(was));
            notes.push((Note::Odd, format!("{}: {value}, was {was}, outside the interval {beside}", line.title)));
        }
    }
    for (what, is, was) in [
        ("most similar forces", &line.group_verdict, &before.group_verdict),
        ("England and Wales", &line.national_verdict, &before.national_verdict),
        ("over time", &line.variation, &before.variation),
        ("its target", &line.assurance, &before.assurance),
    ] {
        if is != was {
            let words = |name: &Option<String>| name.as_deref().unwrap_or("not judged").replace('_', " ");
            notes.push((Note::New, format!("{}, {what}: {}, was {}", line.title, words(is), words(was))));
        }
    }
    // A comes before D.
    if line.data_quality > before.data_quality {
        let words = |grade: &Option<String>| grade.clone().unwrap_or_else(|| "not graded".to_owned());
        let (is, was) = (words(&line.data_quality), words(&before.data_quality));
        notes.push((Note::Odd, format!("{}: data quality {is}, was {was}", line.title)));
    }
    notes
}

/// A column that both builds have, with more values that cannot be read, such as codes that no list has: some where there were
/// none, or many more than there were.
fn read_worse(column: &Unread, before: &[Unread]) -> Option<(Note, String)> {
    let was = before.iter().find(|b| (&b.extract, &b.column) == (&column.extract, &column.column))?;
    let share = |column: &Unread| column.values as f64 / column.of.max(1) as f64;
    let many = column.values >= was.values + MANY_MORE && share(column) > 2.0 * share(was);
    let note = match was.values {
        _ if many => Note::Odd,
        0 if column.values > 0 => Note::New,
        _ => return None,
    };
    let [values, of, was] = [column.values, column.of, was.values].map(|count| ChartUnit::Count.format(count as f64));
    let (extract, name) = (&column.extract, &column.column);
    Some((note, format!("{extract}, {name}: {values} of {of} values cannot be read or are in no list, was {was}")))
}

/// Lines that joined or left a list that the board acts on.
fn listed(now: &Facts, before: &Facts) -> Vec<(Note, String)> {
    let of = |facts: &Facts| -> BTreeSet<(String, String)> {
        facts.listed.iter().filter(|l| l.list != "leave_alone").map(|l| (l.list.clone(), l.metric.clone())).collect()
    };
    let (is, was) = (of(now), of(before));
    let title = |facts: &Facts, metric: &str| {
        facts.lines.iter().find(|line| line.metric == metric).map_or(metric.to_owned(), |line| line.title.clone())
    };
    let joined = is.difference(&was).map(|(list, metric)| format!("{}: {}", lists::title(list), title(now, metric)));
    let left = was
        .difference(&is)
        .map(|(list, metric)| format!("{}: {} is not in it any more", lists::title(list), title(before, metric)));
    joined.chain(left).map(|said| (Note::New, said)).collect()
}

#[cfg(test)]
mod tests;
