//! Which checks an extract's rows go through.

use std::sync::Arc;

use crate::definitions::{ColumnKind, ColumnQuality, Definitions, Expected, Extract, Order, Timely};
use crate::tables::conformed::{LINKS, Link};
use crate::tables::quality::Dimension;

/// One question asked of rows.
#[derive(Clone, Debug)]
pub struct Check {
    pub(super) column: Arc<str>,
    pub(super) dimension: Dimension,
    pub(super) test: Test,
    /// What is counted over what.
    pub(super) basis: Arc<str>,
}

#[derive(Clone, Debug)]
pub(super) enum Test {
    Filled(Expected),
    /// Readable, or one of the column's codes.
    Readable,
    ListedOffence,
    ListedOutcome,
    InOrder(Order),
    Linked(&'static Link),
    Timely(Timely),
}

/// A check that cannot be made, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMade {
    pub(super) column: Arc<str>,
    pub(super) dimension: Dimension,
    pub(super) reason: String,
}

/// The checks of one extract.
#[derive(Clone, Debug)]
pub struct Checks<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) extract: &'a Extract,
    /// Days since 1970-01-01.
    pub(super) data_day: i32,
    /// The force whose rows count; `None`: all.
    pub(super) measured: Option<&'a str>,
    pub(super) checks: Vec<Check>,
    pub(super) not_made: Vec<NotMade>,
}

impl<'a> Checks<'a> {
    /// The checks that can be made of an extract. `has` says whether an extract is there and has a column; a blank column
    /// asks for the extract alone.
    pub fn new(
        definitions: &'a Definitions,
        extract: &'a Extract,
        data_day: i32,
        measured: Option<&'a str>,
        has: &dyn Fn(&str, &str) -> bool,
    ) -> Self {
        let mut checks = Self { definitions, extract, data_day, measured, checks: Vec::new(), not_made: Vec::new() };
        let asked = definitions.quality.extracts.get(&extract.id);
        for column in asked.into_iter().flat_map(|quality| &quality.columns) {
            checks.ask(column, has);
        }
        checks
    }

    fn ask(&mut self, column: &ColumnQuality, has: &dyn Fn(&str, &str) -> bool) {
        let name = column.name.as_str();
        if let Some(expected) = &column.expected {
            let other = match expected {
                Expected::Always => None,
                Expected::Where { column, .. } => Some(column.as_str()),
            };
            self.add(column, Dimension::Completeness, Test::Filled(expected.clone()), other, has);
        }
        let validity = match (self.extract.id.as_str(), name, self.extract.column(name).map(|c| &c.kind)) {
            ("crimes", "offence_code", _) => Some(Test::ListedOffence),
            (_, _, Some(ColumnKind::OutcomeType)) => Some(Test::ListedOutcome),
            // Any text is a valid one.
            (_, _, Some(ColumnKind::Text) | None) => None,
            // What cannot be read of a required column keeps the record out, and is counted with the records.
            _ if self.extract.column(name).is_some_and(|c| c.required) => None,
            _ => Some(Test::Readable),
        };
        if let Some(test) = validity {
            self.add(column, Dimension::Validity, test, None, has);
        }
        if let Some(order) = &column.order {
            let (Order::NotBefore { column: other, .. } | Order::NotAfter { column: other }) = order;
            self.add(column, Dimension::Consistency, Test::InOrder(order.clone()), Some(other), has);
        }
        let link = LINKS.iter().find(|l| l.extract == self.extract.id && l.column == name);
        if let (Some(_), Some(link)) = (&column.links_to, link) {
            self.add(column, Dimension::LinkRate, Test::Linked(link), None, has);
        }
        if let Some(timely) = column.timely {
            let other = (timely == Timely::Within24HoursOfTheIncident).then_some("incident_ref");
            self.add(column, Dimension::Timeliness, Test::Timely(timely), other, has);
        }
    }

    fn add(
        &mut self,
        column: &ColumnQuality,
        dimension: Dimension,
        test: Test,
        other: Option<&str>,
        has: &dyn Fn(&str, &str) -> bool,
    ) {
        let id = self.extract.id.as_str();
        let target = match &test {
            Test::Linked(link) => Some(link.to),
            Test::Timely(Timely::Within24HoursOfTheIncident) => Some("incidents"),
            Test::Timely(_) => Some("crimes"),
            _ => None,
        };
        let name: Arc<str> = column.name.as_str().into();
        let lacking = [Some(column.name.as_str()), other].into_iter().flatten().find(|c| !has(id, c));
        let reason = match (lacking, target.filter(|to| !has(to, ""))) {
            (Some(lacking), _) => Some(format!("the {id} extract has no column {lacking}")),
            (None, Some(absent)) => Some(format!("there is no extract of {absent}")),
            (None, None) => None,
        };
        match reason {
            Some(reason) => self.not_made.push(NotMade { column: name, dimension, reason }),
            None => {
                let basis = basis(&column.name, &test).into();
                self.checks.push(Check { column: name, dimension, test, basis });
            }
        }
    }
}

/// What a check counts over what.
fn basis(column: &str, test: &Test) -> String {
    match test {
        Test::Filled(Expected::Always) => format!("rows with {column}, of all rows"),
        Test::Filled(Expected::Where { column: other, any_of }) if any_of.is_empty() => {
            format!("rows with {column}, of rows with {other}")
        }
        Test::Filled(Expected::Where { column: other, any_of }) => {
            format!("rows with {column}, of rows whose {other} is {}", any_of.join(" or "))
        }
        Test::Readable => format!("rows whose {column} can be read, of rows with {column}"),
        Test::ListedOffence => "rows whose code is in offence_groups.csv, of rows with one".to_owned(),
        Test::ListedOutcome => "rows whose type is in outcome_types.csv, of rows with one".to_owned(),
        Test::InOrder(Order::NotBefore { column: other, early_minutes: 0 }) => {
            format!("rows whose {column} is not before {other}, of rows with both by the data date")
        }
        Test::InOrder(Order::NotBefore { column: other, early_minutes }) => format!(
            "rows whose {column} is at most {early_minutes} minutes before {other}, of rows with both by the data date"
        ),
        Test::InOrder(Order::NotAfter { column: other }) => {
            format!("rows whose {column} is not after {other}, of rows with both by the data date")
        }
        Test::Linked(link) => format!("rows whose {column} leads to one of {}, of rows with {column}", link.to),
        Test::Timely(Timely::Within24HoursOfTheIncident) => {
            "crimes recorded no later than 24 hours after their incident was opened, of crimes with an incident"
                .to_owned()
        }
        Test::Timely(Timely::Within12WeeksOfRecording) => {
            "responses no later than 84 days after their crime was recorded, of responses with a crime".to_owned()
        }
        Test::Timely(Timely::ByTheDayItIsDue) => {
            "contacts updated by the end of the due day, of contacts of crimes not cancelled whose update is due"
                .to_owned()
        }
    }
}
