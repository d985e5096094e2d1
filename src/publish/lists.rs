//! The four lists at the top, and the sentence that sums them up.

use serde::Serialize;

use super::facts::Facts;
use super::marked::Marked;
use super::words;

#[derive(Serialize)]
pub struct List {
    pub name: &'static str,
    pub title: &'static str,
    /// What its rules ask for.
    pub says: &'static str,
    pub items: Vec<Item>,
    /// Lines beyond the eighth.
    pub not_shown: u64,
    /// What is shown of how many, where that is not all.
    pub shown: Option<Marked>,
}

#[derive(Serialize)]
pub struct Item {
    pub metric: String,
    pub title: String,
    pub why: Marked,
}

const LISTS: [(&str, &str, &str); 4] = [
    ("escalate", "Escalate", "Worse than the comparator after adjustment, and not improving."),
    ("watch", "Watch", "A concern over time, a pair that diverges, or a target out of reach."),
    ("celebrate", "Celebrate", "Better than the comparator after adjustment."),
    ("leave_alone", "Leave alone", "Ordinary variation: nothing to explain. Those that moved most come first."),
];

/// A list's title by its name; an unknown one has none.
pub fn title(list: &str) -> &'static str {
    LISTS.iter().find(|(name, ..)| *name == list).map_or("", |(_, title, _)| title)
}

pub fn lists(facts: &Facts) -> Vec<List> {
    LISTS
        .into_iter()
        .map(|(name, title, says)| {
            let of_list = || facts.listed.iter().filter(|listed| listed.list == name);
            let items = of_list().filter_map(|listed| {
                let line = facts.lines.iter().find(|line| line.metric == listed.metric)?;
                let partner = listed.partner.as_ref().and_then(|id| facts.lines.iter().find(|line| line.metric == *id));
                let why = words::why(listed, line, partner.map(|line| line.title.as_str()));
                Some(Item { metric: line.metric.clone(), title: line.title.clone(), why: why.of_row(&line.row()) })
            });
            let items: Vec<Item> = items.collect();
            let first = of_list().next();
            let not_shown = first.map_or(0, |listed| listed.list_size) - of_list().count() as u64;
            let shown = first.filter(|_| not_shown > 0).map(|listed| {
                let size = Marked::new().count("list_size", listed.list_size, &listed.list_size.to_string());
                Marked::new().text("The first eight of ").then(&size.of_row(&listed.row())).text(".")
            });
            List { name, title, says, items, not_shown, shown }
        })
        .collect()
}

/// How many comparisons were tested, and how many of them chance alone would call different.
pub fn by_chance(facts: &Facts) -> Option<Marked> {
    let one = facts.listed.first()?;
    let expected = one.expected_by_chance?;
    let said = Marked::new()
        .text("Of ")
        .count("tests", one.tests, &one.tests.to_string())
        .text(" comparisons, about ")
        .number("expected_by_chance", expected, &format!("{expected:.1}"))
        .text(" would be called different at 95% if nothing differed at all. So a line stands in escalate or celebrate only if its difference holds after adjustment for the number of comparisons (Benjamini-Hochberg, 5%).");
    Some(said.of_row(&one.row()))
}
