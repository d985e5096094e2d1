//! The extracts that are written, their columns, and their rows as text.

use super::clock;
use super::faults::{PendingFault, Planted};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extract {
    Crimes,
    Incidents,
    Calls,
    Surveys,
    VictimContacts,
}

impl Extract {
    pub const ALL: [Self; 5] = [Self::Crimes, Self::Incidents, Self::Calls, Self::Surveys, Self::VictimContacts];

    /// The extract's name, and that of its file without `.csv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crimes => "crimes",
            Self::Incidents => "incidents",
            Self::Calls => "calls",
            Self::Surveys => "surveys",
            Self::VictimContacts => "victim_contacts",
        }
    }

    /// Every column, required and optional, by its canonical name.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Crimes => &[
                "crime_ref",
                "recorded_at",
                "offence_code",
                "incident_ref",
                "force",
                "reported_at",
                "occurred_from",
                "occurred_to",
                "area",
                "department",
                "team",
                "officer",
                "supervisor",
                "victim_ref",
                "victim_type",
                "domestic_abuse",
                "hate_crime",
                "repeat_victim",
                "cancelled_at",
                "outcome_type",
                "outcome_at",
                "review_due_at",
                "bail_until",
                "limit_at",
                "updated_at",
            ],
            Self::Incidents => &[
                "incident_ref",
                "opened_at",
                "grade",
                "force",
                "area",
                "setting",
                "opening_code",
                "closing_code",
                "first_dispatched_at",
                "first_arrived_at",
                "closed_at",
                "domestic_abuse",
                "updated_at",
            ],
            Self::Calls => &["call_ref", "line", "received_at", "answered_at", "ended_at", "incident_ref", "force"],
            Self::Surveys => &[
                "response_ref",
                "surveyed_at",
                "crime_ref",
                "force",
                "contact",
                "action",
                "informed",
                "treatment",
                "overall",
                "weight",
            ],
            Self::VictimContacts => &[
                "crime_ref",
                "force",
                "enhanced",
                "needs_assessed_at",
                "first_update_at",
                "statement_offered_at",
                "outcome_informed_at",
            ],
        }
    }

    pub fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|c| *c == name)
    }

    pub fn header(self) -> String {
        self.columns().join(",") + "\n"
    }
}

/// The rows of one extract from one block, as CSV text without a header.
#[derive(Debug)]
pub struct ExtractText {
    pub extract: Extract,
    pub bytes: Vec<u8>,
    /// Records in `bytes`.
    pub records: u64,
    /// Faults still to be planted here.
    pub pending: Vec<PendingFault>,
    /// Faults planted, by record of this text counted from 0.
    pub planted: Vec<Planted>,
}

impl ExtractText {
    pub fn new(extract: Extract, pending: Vec<PendingFault>) -> Self {
        Self { extract, bytes: Vec::new(), records: 0, pending, planted: Vec::new() }
    }

    /// Adds the row of `day` that `write` fills, with a fault where one is due.
    pub fn row(&mut self, day: i32, write: impl FnOnce(&mut RowText<'_>)) {
        let start = self.bytes.len();
        write(&mut RowText { out: &mut self.bytes, start });
        self.bytes.push(b'\n');
        self.records += 1;
        if self.pending.iter().any(|fault| fault.from_day <= day) {
            self.plant_in_last_row(start, day);
        }
    }
}

/// One row being written. Fields are written in the order of the columns and hold no comma, quote or line break.
pub struct RowText<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
}

impl RowText<'_> {
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.separate();
        self.out.extend_from_slice(text.as_bytes());
        self
    }

    /// Civil time of an instant, or blank.
    pub fn time(&mut self, instant: Option<i64>) -> &mut Self {
        self.separate();
        if let Some(instant) = instant {
            clock::write(instant, self.out);
        }
        self
    }

    /// A reference, or blank.
    pub fn reference(&mut self, reference: Option<Reference>) -> &mut Self {
        self.separate();
        if let Some(Reference { prefix, year_month, number }) = reference {
            self.out.extend_from_slice(prefix.as_bytes());
            self.out.extend_from_slice(&year_month);
            let digits = number.to_string();
            self.out.extend(std::iter::repeat_n(b'0', 6_usize.saturating_sub(digits.len())));
            self.out.extend_from_slice(digits.as_bytes());
        }
        self
    }

    fn separate(&mut self) {
        if self.out.len() > self.start {
            self.out.push(b',');
        }
    }
}

/// A row's reference: two letters, year and month, a running number within the month. Other forces use the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    pub prefix: &'static str,
    /// `yymm-`.
    pub year_month: [u8; 5],
    pub number: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_fields_with_commas_between() {
        let mut text = ExtractText::new(Extract::Calls, Vec::new());
        let reference = Reference { prefix: "CA", year_month: *b"2604-", number: 1_234_567 };
        text.row(0, |row| {
            row.reference(Some(reference)).text("999").time(Some(1_775_000_000)).time(None).text("");
        });
        assert_eq!(String::from_utf8(text.bytes).unwrap(), "CA2604-1234567,999,2026-04-01 00:33:20,,\n");
    }
}
