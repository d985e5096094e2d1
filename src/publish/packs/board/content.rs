//! What the board is told, from the tables of a build: typed once, shown by the deck and by the report.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::definitions::{Definitions, Metric};
use crate::domain::{Level, capitalised};
use crate::publish::cells::{counts, interval, rank};
use crate::publish::charts::ChartUnit;
use crate::publish::facts::{ExtractState, Facts, ListedLine, ScorecardLine, SpcMonth, UnitFigure};
use crate::publish::lists::{self, List};
use crate::publish::marked::{Marked, RowKey};
use crate::publish::metric_charts::chart_unit;
use crate::publish::packs::area_chart;
use crate::publish::packs::mix_chart::{self, Mix};
use crate::publish::steps::{self, Journey, Step};
use crate::publish::words;

/// The lists whose lines need the board; the other two say what does not.
const NEEDS_THE_BOARD: [&str; 3] = ["escalate", "watch", "celebrate"];

pub(in crate::publish::packs) struct Board<'a> {
    /// How many lines stand in each list, in words.
    pub summary: Marked,
    pub lists: Vec<List>,
    pub by_chance: Option<Marked>,
    pub journey: Option<Journey>,
    pub mix: Option<Mix<'a>>,
    pub themes: Vec<Theme<'a>>,
    /// Every line of the scorecard, in the order of the journey.
    pub annex: Vec<Row>,
    pub extracts: Vec<(String, Marked)>,
}

/// The lines of one owner.
pub(in crate::publish::packs) struct Theme<'a> {
    pub title: String,
    pub strategic_lead: Option<String>,
    pub analyst_spoc: Option<String>,
    /// Those that need the board, in the order of the lists.
    pub items: Vec<Item<'a>>,
    pub rows: Vec<Row>,
}

/// A line that needs the board.
pub(in crate::publish::packs) struct Item<'a> {
    pub line: &'a ScorecardLine,
    pub metric: &'a Metric,
    /// The finding, as a title.
    pub finding: String,
    pub why: Marked,
    pub comparisons: Vec<[Marked; 4]>,
    pub data_quality: Marked,
    /// All that the line says.
    pub sentences: Vec<Marked>,
    pub months: &'a [SpcMonth],
    pub areas: Vec<&'a UnitFigure>,
    pub area_rows: Vec<[Marked; 5]>,
}

impl Item<'_> {
    /// The figure, why it is listed, what moved, and how good the data are. Each is said once.
    pub fn in_short(&self) -> impl Iterator<Item = Marked> {
        let changed = words::changed(self.line, chart_unit(self.metric.unit)).into_iter();
        let changed = changed.map(|said| said.of_row(&self.line.row()));
        let changed = changed.filter(|said| !self.why.plain().contains(&said.plain()));
        self.sentences
            .first()
            .cloned()
            .into_iter()
            .chain([self.why.clone()])
            .chain(changed)
            .chain([self.data_quality.clone()])
    }
}

/// Below the chart of outcomes.
pub(in crate::publish::packs) const MIX_NOTE: &str =
    ", by the outcome that is known on the data date. What is left of each bar has any other outcome.";

/// What the words and signs of a pack mean.
pub(in crate::publish::packs) const METHOD: [&str; 4] = [
    "A verdict is a test at 95%: better, similar or worse where one direction is better, else higher, similar or lower. \
     Beside other forces it allows for how much forces differ from each other.",
    "Over time, a month is a special cause when it lies outside its limits or fires a rule of the control chart; else it is \
     common-cause variation, which needs no explanation.",
    "Data quality is graded A to D by the worst of what the line counts.",
    "Every number is a cell of the build's tables; the list beside this document names each.",
];

/// A line in a table: what it is, then a cell for each of [`COLUMNS`] after the first.
pub(in crate::publish::packs) type Row = [Marked; 8];

/// Headers of a table, and their widths beside each other.
pub(in crate::publish::packs) type Columns<const N: usize> = ([&'static str; N], [f64; N]);

pub(in crate::publish::packs) const COLUMNS: Columns<8> = (
    [
        "Line",
        "Figure (95% interval)",
        "Counts",
        "Most similar forces",
        "England and Wales",
        "A year before",
        "Over time",
        "Data",
    ],
    [3.0, 2.4, 1.9, 2.8, 1.7, 1.5, 1.4, 0.8],
);
pub(in crate::publish::packs) const COMPARISON_COLUMNS: Columns<4> =
    (["Beside", "Figure", "Verdict", "Period or rank"], [1.7, 1.1, 1.0, 1.9]);
pub(in crate::publish::packs) const AREA_COLUMNS: Columns<5> =
    (["Area", "Figure (95% interval)", "Counts", "A year before", "Over time"], [1.6, 2.2, 1.7, 1.5, 1.3]);
pub(in crate::publish::packs) const JOURNEY_COLUMNS: Columns<5> =
    (["Step", "Began", "Went on", "Share", "Median time"], [3.2, 1.2, 1.2, 1.0, 1.5]);

impl Board<'_> {
    /// The steps of the journey as rows.
    pub fn steps(&self) -> Vec<[Marked; 5]> {
        let steps = self.journey.iter().flat_map(|journey| &journey.steps);
        let row = |step: &Step| {
            let or_none = |cell: &Option<Marked>| cell.clone().unwrap_or_else(none);
            let title = Marked::new().text(step.title);
            [title, step.upstream.clone(), step.linked.clone(), or_none(&step.rate), or_none(&step.time)]
        };
        steps.map(row).collect()
    }
}

impl Theme<'_> {
    /// Who answers for it.
    pub fn who(&self) -> Vec<String> {
        let lead = self.strategic_lead.as_ref().map(|lead| format!("Strategic lead: {lead}"));
        let analyst = self.analyst_spoc.as_ref().map(|analyst| format!("Analyst: {analyst}"));
        lead.into_iter().chain(analyst).collect()
    }
}

pub(in crate::publish::packs) fn board<'a>(definitions: &'a Definitions, force: &str, facts: &'a Facts) -> Board<'a> {
    Board {
        summary: summary(facts),
        lists: lists::lists(facts),
        by_chance: lists::by_chance(facts),
        journey: steps::journey(&facts.journey),
        mix: mix_chart::mix(facts),
        themes: themes(definitions, force, facts),
        annex: facts.lines.iter().filter_map(|line| Some(row(line, definitions.metric(&line.metric)?))).collect(),
        extracts: facts.extracts.iter().map(|state| extract(definitions, state)).collect(),
    }
}

/// `3 lines to escalate, 5 to watch, 2 to celebrate.`
fn summary(facts: &Facts) -> Marked {
    let mut said = Marked::new();
    for (list, words) in [("escalate", "to escalate"), ("watch", "to watch"), ("celebrate", "to celebrate")] {
        let listed = facts.listed.iter().find(|listed| listed.list == list);
        let lead = if said.spans().is_empty() { "" } else { ", " };
        said = match listed {
            Some(one) => {
                let count = Marked::new().count("list_size", one.list_size, &one.list_size.to_string());
                said.text(lead).then(&count.of_row(&one.row()))
            }
            None => said.text(lead).text("none"),
        };
        said = said.text(" ").text(words);
    }
    said.text(".").capitalised()
}

/// By owner, in the order in which the journey first meets them.
fn themes<'a>(definitions: &'a Definitions, force: &str, facts: &'a Facts) -> Vec<Theme<'a>> {
    let mut owners: Vec<&str> = Vec::new();
    for line in &facts.lines {
        if !owners.contains(&line.owner.as_str()) {
            owners.push(&line.owner);
        }
    }
    owners.into_iter().map(|owner| theme(definitions, force, facts, owner)).collect()
}

fn theme<'a>(definitions: &'a Definitions, force: &str, facts: &'a Facts, owner: &str) -> Theme<'a> {
    let lines = || facts.lines.iter().filter(move |line| line.owner == owner);
    let first = lines().next();
    let items = NEEDS_THE_BOARD.into_iter().flat_map(|list| facts.listed.iter().filter(move |l| l.list == list));
    let items = items.filter_map(|listed| {
        let line = lines().find(|line| line.metric == listed.metric)?;
        item(definitions, force, facts, listed, line)
    });
    Theme {
        title: capitalised(&owner.replace('_', " ")),
        strategic_lead: first.and_then(|line| line.strategic_lead.clone()),
        analyst_spoc: first.and_then(|line| line.analyst_spoc.clone()),
        items: items.collect(),
        rows: lines().filter_map(|line| Some(row(line, definitions.metric(&line.metric)?))).collect(),
    }
}

fn item<'a>(
    definitions: &'a Definitions,
    force: &str,
    facts: &'a Facts,
    listed: &ListedLine,
    line: &'a ScorecardLine,
) -> Option<Item<'a>> {
    let metric = definitions.metric(&line.metric)?;
    let unit = chart_unit(metric.unit);
    let partner = listed.partner.as_ref().and_then(|id| facts.lines.iter().find(|line| line.metric == *id));
    let row = line.row();
    let figures = facts.figures.of_metric.get(&line.metric).map_or(&[][..], Vec::as_slice);
    let period = line.period_type.as_deref().zip(line.period_start).zip(line.period_end);
    let areas = period.map_or(Vec::new(), |((kind, start), end)| area_chart::areas(figures, (kind, start, end)));
    Some(Item {
        line,
        metric,
        finding: format!("{}: {}", line.title, words::finding(&listed.why)),
        why: words::why(listed, line, partner.map(|line| line.title.as_str())).of_row(&row),
        comparisons: comparisons(line, unit).map(|cells| cells.map(|cell| cell.of_row(&row))).collect(),
        data_quality: data_quality(line),
        sentences: words::sentences(line, unit).into_iter().map(|said| said.of_row(&row)).collect(),
        months: facts.figures.months(&line.metric, Level::Force, force),
        area_rows: areas.iter().map(|figure| area(&line.metric, unit, facts, figure)).collect(),
        areas,
    })
}

/// Name, figure with interval, counts, a year before, over time.
fn area(metric: &str, unit: ChartUnit, facts: &Facts, figure: &UnitFigure) -> [Marked; 5] {
    let row = area_chart::row(metric, figure, Some(&figure.unit));
    let mut value = Marked::new().number("value", figure.value, &unit.format(figure.value));
    if let Some(interval) = interval(unit, figure.lower_95, figure.upper_95) {
        value = value.text(" (").then(&interval).text(")");
    }
    let counts = counts(unit, figure.numerator, figure.denominator).unwrap_or_else(none);
    let last_year = figure.last_year.as_ref().map_or_else(none, |last| {
        let mut key = RowKey::clone(&row);
        key.table = "comparisons";
        key.key.push(("comparator", "same_period_last_year".to_owned()));
        let said = Marked::new().number("comparator_value", last.value, &unit.format(last.value));
        said.text(" ").text(&words::verdict(Some(&last.verdict)).to_lowercase()).of_row(&Arc::new(key))
    });
    let months = facts.figures.months(metric, figure.level, &figure.unit);
    let judged = months.iter().rev().find(|m| m.class.as_deref().is_some_and(|class| class != "provisional"));
    let over_time = judged.and_then(|m| Some(words::variation(m.class.as_deref()?, m.rule.as_deref()).1));
    [
        Marked::new().text(words::unit_name(&figure.unit)),
        value.of_row(&row),
        counts.of_row(&row),
        last_year,
        over_time.map_or_else(none, |word| Marked::new().text(word)),
    ]
}

/// In the place of what there is not.
fn none() -> Marked {
    Marked::new().text("\u{2013}")
}

/// What it is beside, the figure there, the verdict, and its period or rank.
fn comparisons(line: &ScorecardLine, unit: ChartUnit) -> impl Iterator<Item = [Marked; 4]> {
    let verdict = |name: &Option<String>| Marked::new().text(&words::verdict(name.as_deref()));
    let to =
        |column, day: Option<NaiveDate>| day.map_or(Marked::new(), |day| Marked::new().text("to ").day(column, day));
    let value = |column, value: f64| Marked::new().number(column, value, &unit.format(value));
    let group = line.group_value.map(|v| {
        let place = rank(line).unwrap_or_else(|| to("group_period_end", line.group_period_end));
        [Marked::new().text("Most similar forces"), value("group_value", v), verdict(&line.group_verdict), place]
    });
    let nation = line.national_value.map(|v| {
        let to = to("national_period_end", line.national_period_end);
        [Marked::new().text("England and Wales"), value("national_value", v), verdict(&line.national_verdict), to]
    });
    let last_year = line.last_year_value.map(|v| {
        let to = to("last_year_period_end", line.last_year_period_end);
        [Marked::new().text("A year before"), value("last_year_value", v), verdict(&line.last_year_verdict), to]
    });
    let target = line.target.map(|v| {
        let (met, words) = match line.assurance.as_deref() {
            Some(name) => (words::assurance(name).1, "by its limits"),
            None => ("", ""),
        };
        [Marked::new().text("Target"), value("target", v), Marked::new().text(met), Marked::new().text(words)]
    });
    [group, nation, last_year, target].into_iter().flatten()
}

fn row(line: &ScorecardLine, metric: &Metric) -> Row {
    let unit = chart_unit(metric.unit);
    let beside = |column, value: Option<f64>, verdict: &Option<String>| {
        let value = value.map(|v| Marked::new().number(column, v, &unit.format(v)));
        value.map_or_else(none, |said| match words::verdict(verdict.as_deref()) {
            word if word.is_empty() => said,
            word => said.text(" ").text(&word.to_lowercase()),
        })
    };
    let figure = match line.value {
        Some(value) => {
            let said = Marked::new().number("value", value, &unit.format(value));
            match interval(unit, line.lower_95, line.upper_95) {
                Some(interval) => said.text(" (").then(&interval).text(")"),
                None => said,
            }
        }
        None => Marked::new().text(line.reason.as_deref().unwrap_or("no final figure yet")),
    };
    let mut group = beside("group_value", line.group_value, &line.group_verdict);
    if let (Some(_), Some(rank)) = (line.group_value, rank(line)) {
        group = group.text(", ").then(&rank);
    }
    let over_time = line.variation.as_deref().map(|class| words::variation(class, line.variation_rule.as_deref()).1);
    let row = line.row();
    [
        Marked::new().text(&line.title),
        figure,
        counts(unit, line.numerator, line.denominator).filter(|_| line.value.is_some()).unwrap_or_else(none),
        group,
        beside("national_value", line.national_value, &line.national_verdict),
        beside("last_year_value", line.last_year_value, &line.last_year_verdict),
        over_time.map_or_else(none, |word| Marked::new().text(word)),
        line.data_quality.as_deref().map_or_else(none, |grade| Marked::new().text(grade)),
    ]
    .map(|cell| cell.of_row(&row))
}

fn data_quality(line: &ScorecardLine) -> Marked {
    let mut said = Marked::new().text("Data quality: ");
    said = match (&line.data_quality, &line.data_quality_basis) {
        (Some(grade), Some(basis)) => said.text(grade).text(", by ").text(basis).text("."),
        (Some(grade), None) => said.text(grade).text("."),
        _ => said.text("not graded."),
    };
    match &line.caution {
        Some(caution) => said.text(" ").text(caution),
        None => said,
    }
}

/// An extract by its title, and how fresh it is.
fn extract(definitions: &Definitions, state: &ExtractState) -> (String, Marked) {
    let title = definitions.extract(&state.extract).map_or(state.extract.as_str(), |extract| &extract.title);
    let said = match state.newest_row {
        Some(day) => Marked::new().text("newest row ").day("newest_row", day),
        None => Marked::new().text(&state.state.replace('_', " ")),
    };
    (title.to_owned(), said.of_row(&state.row()))
}
