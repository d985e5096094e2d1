//! A line of the page: its row in the table, and what opens below it.

use minijinja::value::Value;
use serde::Serialize;

use super::PageInput;
use super::units::{self, UnitTable};
use crate::definitions::Metric;
use crate::domain::Level;
use crate::publish::cells::{counts, interval, rank};
use crate::publish::evaluation_words::change;
use crate::publish::facts::ScorecardLine;
use crate::publish::marked::Marked;
use crate::publish::metric_charts::chart_unit;
use crate::publish::words;

/// A verdict as a word and a shape.
#[derive(Serialize)]
pub(super) struct Verdict {
    /// The name of the shape's style.
    pub class: String,
    pub word: String,
}

impl Verdict {
    /// Beside a value that is shown whether it was tested or not.
    pub fn beside_value(name: &str) -> Self {
        Self { class: name.to_owned(), word: words::verdict(Some(name)).to_lowercase() }
    }
}

/// A picture with the word that says the same.
#[derive(Serialize)]
pub(super) struct Icon {
    pub picture: &'static str,
    pub word: &'static str,
}

#[derive(Serialize)]
pub(super) struct Line {
    pub id: String,
    pub title: String,
    pub meaning: String,
    pub caveats: Vec<String>,
    pub rules: Vec<String>,
    pub basis: Option<&'static str>,
    pub better: &'static str,
    pub lead: Option<String>,
    pub analyst: Option<String>,
    /// Lists and states that the filter knows, with spaces between.
    pub marks: String,
    pub reason: Option<String>,
    pub figure: Option<Value>,
    pub interval: Option<Value>,
    pub counts: Option<Value>,
    pub period: Option<Value>,
    pub sparkline: Option<Value>,
    pub variation: Option<Icon>,
    pub variation_month: Option<Value>,
    pub target: Option<Value>,
    pub target_gap: Option<Value>,
    pub assurance: Option<Icon>,
    pub group: Option<Value>,
    pub group_rank: Option<Value>,
    pub group_verdict: Option<Verdict>,
    pub sensitive: bool,
    pub nation: Option<Value>,
    pub nation_adjusted: Option<Value>,
    pub nation_verdict: Option<Verdict>,
    pub grade: Option<String>,
    pub grade_basis: Option<String>,
    pub caution: Option<String>,
    pub methods: Vec<String>,
    pub sentences: Vec<Value>,
    pub evaluations: Vec<Evaluation>,
    pub charts: Vec<Value>,
    pub units: Vec<UnitTable>,
}

#[derive(Serialize)]
pub(super) struct Evaluation {
    pub intervention: String,
    pub name: String,
    pub unit: String,
    pub finding: String,
}

/// The chart files of a line, in the order in which they are shown.
fn charts(input: &PageInput<'_>, metric: &Metric) -> Vec<Value> {
    let id = metric.id.as_str();
    let kinds = ["spc", "most_similar", "funnel", "maturity"].map(|kind| format!("{id}_{kind}"));
    let ahead = format!("demand_forecast_{id}");
    let evaluations = input.facts.evaluations.iter().filter(|e| e.metric == id);
    let evaluations = evaluations.map(|e| crate::tables::evaluation::chart_name(id, &e.intervention));
    kinds
        .into_iter()
        .chain(evaluations)
        .chain([ahead])
        .filter_map(|name| input.charts.get(&name))
        .map(|svg| Value::from_safe_string(svg.clone()))
        .collect()
}

pub(super) fn line(input: &PageInput<'_>, metric: &Metric, row: &ScorecardLine) -> Line {
    let unit = chart_unit(metric.unit);
    let number = |column: &'static str, value: Option<f64>| {
        value.map(|v| Marked::new().number(column, v, &unit.format(v)).value())
    };
    Line {
        id: row.metric.clone(),
        title: row.title.clone(),
        meaning: metric.meaning.trim().to_owned(),
        caveats: metric.caveats.iter().map(|caveat| caveat.trim().to_owned()).collect(),
        rules: metric.measure.in_words().into_iter().map(|(part, words)| format!("{part}: {words}")).collect(),
        basis: metric.basis.map(crate::domain::Basis::name),
        better: metric.polarity.name(),
        lead: row.strategic_lead.clone(),
        analyst: row.analyst_spoc.clone(),
        marks: marks(input, row),
        reason: row.value.is_none().then(|| row.reason.clone().unwrap_or_else(|| "no final figure yet".to_owned())),
        figure: number("value", row.value),
        interval: interval(unit, row.lower_95, row.upper_95).map(|m| m.value()),
        counts: counts(unit, row.numerator, row.denominator).map(|m| m.value()),
        period: row
            .period_type
            .as_deref()
            .zip(row.period_start)
            .zip(row.period_end)
            .map(|((kind, start), end)| words::period(kind, start, end).value()),
        sparkline: super::sparkline(input, metric, Level::Force, input.force),
        variation: row.variation.as_deref().map(|class| {
            let (picture, word) = words::variation(class, row.variation_rule.as_deref());
            Icon { picture, word }
        }),
        variation_month: row
            .variation_month
            .map(|day| Marked::new().day_as("variation_month", day, &day.format("%b %Y").to_string()).value()),
        target: number("target", row.target),
        target_gap: row.target_gap.map(|gap| Marked::new().number("target_gap", gap, &change(unit, gap)).value()),
        assurance: row.assurance.as_deref().map(words::assurance).map(|(picture, word)| Icon { picture, word }),
        group: number("group_value", row.group_value),
        group_rank: rank(row).map(|m| m.value()),
        group_verdict: row.group_value.and(row.group_verdict.as_deref()).map(Verdict::beside_value),
        sensitive: row.sensitivity.as_deref().is_some_and(|s| s != "none"),
        nation: number("national_value", row.national_value),
        nation_adjusted: number("national_adjusted_value", row.national_adjusted_value),
        nation_verdict: row.national_value.and(row.national_verdict.as_deref()).map(Verdict::beside_value),
        grade: row.data_quality.clone(),
        grade_basis: row.data_quality_basis.clone(),
        caution: row.caution.clone(),
        methods: methods(row),
        sentences: words::sentences(row, unit).iter().map(Marked::value).collect(),
        evaluations: input
            .facts
            .evaluations
            .iter()
            .filter(|e| e.metric == row.metric)
            .map(|e| Evaluation {
                intervention: e.intervention.clone(),
                name: e.name.clone(),
                unit: e.unit.clone(),
                finding: e.finding.clone(),
            })
            .collect(),
        charts: charts(input, metric),
        units: units::tables(input, metric),
    }
}

/// What the filter asks for.
fn marks(input: &PageInput<'_>, row: &ScorecardLine) -> String {
    let lists = input.facts.listed.iter().filter(|l| l.metric == row.metric).map(|l| l.list.as_str());
    let mut marks: Vec<&str> = lists.collect();
    marks.extend(row.variation.as_deref());
    marks.extend(row.flagged.filter(|flagged| *flagged).map(|_| "flagged"));
    marks.extend(row.value.is_none().then_some("missing"));
    marks.join(" ")
}

/// The test behind each verdict of the line.
fn methods(row: &ScorecardLine) -> Vec<String> {
    [
        ("Most similar forces", &row.group_method),
        ("England and Wales", &row.national_method),
        ("A year before", &row.last_year_method),
        ("Over time", &row.variation_chart),
    ]
    .into_iter()
    .filter_map(|(what, method)| Some(format!("{what}: {}", method.as_deref()?.replace('_', " "))))
    .collect()
}
