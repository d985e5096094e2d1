//! What one row of a comparator table must be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Counts;
use super::fault::ComparatorFault;
use super::read::{Record, Row};
use crate::definitions::{Definitions, Measure, Metric};
use crate::domain::{ForceId, Kind, Month, Scope, UNMAPPED};

/// How far a written value may lie from its counts: a share in percent is far off, a rounded one is not.
const ROUNDING: f64 = 0.005;

pub(super) struct RowChecks<'a> {
    definitions: &'a Definitions,
    scopes: BTreeSet<String>,
    /// One copy of each force and scope.
    texts: BTreeMap<String, Arc<str>>,
}

impl<'a> RowChecks<'a> {
    pub fn new(definitions: &'a Definitions) -> Self {
        let fixed = [Scope::all(), Scope::domestic_abuse(), Scope::hate_crime(), Scope::offence_group(UNMAPPED)];
        let mut scopes: BTreeSet<String> = fixed.iter().map(|scope| scope.as_str().to_owned()).collect();
        for offence in definitions.references.offences.values() {
            scopes.insert(Scope::offence_group(&offence.group).as_str().to_owned());
            scopes.insert(Scope::offence_subgroup(&offence.subgroup).as_str().to_owned());
        }
        Self { definitions, scopes, texts: BTreeMap::new() }
    }

    /// The row, or `None` where it holds nothing: counts of 0.
    pub fn row(&mut self, record: &Record<'_>) -> Result<Option<Row>, ComparatorFault> {
        let [metric, force, scope, month, ..] = record.cells;
        let fault = |column, expected: &str, found: &str| {
            let (expected, found) = (expected.to_owned(), format!("`{found}`"));
            ComparatorFault { record: Some(record.number), column, expected, found }
        };
        let known = self.definitions.metric(metric);
        let known = known.ok_or_else(|| fault("metric", "a metric of pipelines/metrics", metric))?;
        let territorial = ForceId::new(force).and_then(|id| self.definitions.references.forces.get(&id));
        if territorial.is_none_or(|force| !force.territorial) {
            return Err(fault("force", "a territorial force of references/forces.csv", force));
        }
        if !self.scopes.contains(scope) {
            return Err(fault(
                "scope",
                "all, domestic_abuse, hate_crime, an offence group or `subgroup: ` and its name",
                scope,
            ));
        }
        let month = Month::parse(month).ok_or_else(|| fault("month", "a month such as 2026-03", month))?;
        let counts = counts(known, record)?;
        // An empty month of scope `all` still says that the force covers it.
        let empty = counts.numerator == 0.0 && counts.denominator == 0.0 && scope != Scope::all().as_str();
        let (force, scope) = (self.one(force), self.one(scope));
        Ok((!empty).then(|| Row { metric: metric.to_owned(), force, scope, month, counts }))
    }

    fn one(&mut self, text: &str) -> Arc<str> {
        self.texts.entry(text.to_owned()).or_insert_with(|| text.into()).clone()
    }
}

/// The numbers that the metric's kind asks for.
fn counts(metric: &Metric, record: &Record<'_>) -> Result<Counts, ComparatorFault> {
    let [.., numerator, denominator, value] = record.cells;
    let number = |column, text: &str, expected: &str, fits: fn(f64) -> bool| {
        let parsed: Option<f64> = text.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0 && fits(*n));
        let found = if text.is_empty() { "a blank".to_owned() } else { format!("`{text}`") };
        parsed.ok_or_else(|| ComparatorFault {
            record: Some(record.number),
            column,
            expected: expected.to_owned(),
            found,
        })
    };
    let whole = |column, text: &str| number(column, text, "a whole number of 0 or more", |n| n.fract() == 0.0);
    let any = |column, text: &str| number(column, text, "a number of 0 or more", |_| true);
    let mut counts = Counts { record: record.number, ..Counts::default() };
    match metric.kind {
        Kind::Count | Kind::Rate => counts.numerator = whole("numerator", numerator)?,
        Kind::Proportion | Kind::Ratio | Kind::Stock => {
            counts.numerator = whole("numerator", numerator)?;
            counts.denominator = whole("denominator", denominator)?;
        }
        Kind::Mean => {
            counts.numerator = any("numerator", numerator)?;
            counts.denominator = whole("denominator", denominator)?;
        }
        Kind::Quantile => {
            counts.denominator = whole("denominator", denominator)?;
            if counts.denominator > 0.0 {
                counts.value = Some(any("value", value)?);
            }
        }
    }
    agrees(metric, record, counts)
}

/// Refuses a proportion above 1, and a written value that its counts do not give.
fn agrees(metric: &Metric, record: &Record<'_>, counts: Counts) -> Result<Counts, ComparatorFault> {
    let fault = |column, expected: String, found: &str| {
        Err(ComparatorFault { record: Some(record.number), column, expected, found: format!("`{found}`") })
    };
    let [.., numerator, denominator, value] = record.cells;
    let part = matches!(metric.kind, Kind::Proportion | Kind::Stock);
    if part && counts.numerator > counts.denominator {
        return fault("numerator", format!("at most the denominator, {denominator}"), numerator);
    }
    let weighted = matches!(metric.measure, Measure::Share { weight: Some(_), .. });
    let checked = matches!(metric.kind, Kind::Proportion | Kind::Ratio | Kind::Stock | Kind::Mean) && !weighted;
    if !checked || value.is_empty() || counts.denominator == 0.0 {
        return Ok(counts);
    }
    let computed = counts.numerator / counts.denominator;
    let near = |value: f64| (value - computed).abs() <= ROUNDING * computed.abs().max(0.1);
    match value.parse().is_ok_and(near) {
        true => Ok(counts),
        false => fault("value", format!("numerator over denominator, {computed}"), value),
    }
}
