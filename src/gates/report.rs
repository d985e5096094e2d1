//! Why nothing was published: a page that needs no build to be read, and the same for machines.

use chrono::NaiveDate;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;

use super::verdict::{GateRule, GateVerdict};
use crate::domain::{long_date, parse_iso_date};
use crate::tables::accepted::{Quarantined, Rule};

/// Places shown for each extract and rule; all of them are in quarantine.parquet.
const PLACES_SHOWN: usize = 5;

/// What a stopped build leaves. Nothing of a row is in it.
#[derive(Clone, Debug, Serialize)]
pub struct StopReport {
    pub version: &'static str,
    /// The pipeline's title.
    pub title: String,
    pub pipeline: String,
    pub force: String,
    /// Where the extracts are from: synthetic, published or force.
    pub provenance: &'static str,
    /// The day that the build would have stood on, where it can be told.
    pub data_date: Option<NaiveDate>,
    /// What is still published.
    pub last_good: Option<LastGood>,
    pub stops: Vec<GateVerdict>,
    pub warnings: Vec<GateVerdict>,
    pub extracts: Vec<ExtractState>,
    /// The first places of each extract and rule, where rows were quarantined by then.
    pub places: Vec<PlacesOf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastGood {
    /// Name of its folder under `builds/`.
    pub build: String,
    /// ISO date.
    pub data_date: String,
}

/// What was known of an extract when the build stopped.
#[derive(Clone, Debug, Serialize)]
pub struct ExtractState {
    pub extract: String,
    pub files: Vec<String>,
    /// `None`: its file cannot be read.
    pub records_read: Option<u64>,
    /// `None`: not looked at yet.
    pub quarantined: Option<u64>,
    pub newest_row: Option<NaiveDate>,
    pub days_behind: Option<i64>,
}

/// The records of an extract that broke a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlacesOf {
    pub extract: String,
    pub rule: &'static str,
    pub records: u64,
    pub first: Vec<Place>,
}

/// Where a quarantined record stands, and what should stand there; never what does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    pub file: String,
    /// The header is 1.
    pub record: u64,
    /// In the decompressed text; `None` where the file is no text.
    pub byte_offset: Option<u64>,
    pub column: String,
    pub expected: String,
}

impl PlacesOf {
    /// From quarantined records in the order of their extracts, files and numbers.
    pub fn of(quarantined: &[Quarantined]) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for one in quarantined {
            let rule = one.rule.name();
            let at = found.iter().position(|p| p.extract == one.extract && p.rule == rule).unwrap_or_else(|| {
                found.push(Self { extract: one.extract.clone(), rule, records: 0, first: Vec::new() });
                found.len() - 1
            });
            let places = &mut found[at];
            places.records += 1;
            if places.first.len() < PLACES_SHOWN {
                places.first.push(Place::of(one));
            }
        }
        found.sort_by(|a, b| (&a.extract, b.records, a.rule).cmp(&(&b.extract, a.records, b.rule)));
        found
    }
}

impl Place {
    fn of(one: &Quarantined) -> Self {
        // What a conflicting record should hold is what the other one holds.
        let expected =
            if one.rule == Rule::ConflictingDuplicate { "one record for each key" } else { one.expected.as_str() };
        Self {
            file: one.file.to_string(),
            record: one.record,
            byte_offset: one.byte_offset,
            column: one.column.clone(),
            expected: expected.to_owned(),
        }
    }
}

impl StopReport {
    /// The page, complete in itself.
    ///
    /// # Errors
    /// A fault of the template.
    pub fn html(&self) -> Result<String, minijinja::Error> {
        let mut environment = Environment::new();
        environment.add_filter("day", |iso: String| parse_iso_date(&iso).map_or(iso, long_date));
        environment.add_filter("count", grouped);
        environment.add_filter("words", |name: String| name.replace('_', " "));
        environment.add_filter("heading", |name: String| {
            GateRule::ALL.into_iter().find(|rule| rule.name() == name).map_or(name, |rule| rule.title().to_owned())
        });
        environment.add_template("report.html", include_str!("report.html"))?;
        environment.get_template("report.html")?.render(context! { report => Serde(self) })
    }

    /// The same for machines.
    ///
    /// # Errors
    /// None that is known: every part of it can be written as JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
