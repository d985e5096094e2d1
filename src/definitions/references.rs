//! Reference tables: codes, forces, groups, populations, bank holidays. Each row carries its source.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::{ForceId, Month, SolvedSet};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct References {
    /// By offence code as written in offence_groups.csv, upper-cased.
    pub offences: BTreeMap<String, Offence>,
    /// In the order of outcome_types.csv; `0` (not yet assigned) is not among them.
    pub outcome_types: Vec<OutcomeType>,
    /// The 43 territorial forces and others, by id.
    pub forces: BTreeMap<ForceId, Force>,
    pub peer_groups: Vec<PeerGroup>,
    /// By force, oldest first.
    pub populations: BTreeMap<ForceId, Vec<Population>>,
    pub bank_holidays: BankHolidays,
    /// What forces did not report.
    pub not_reported: Vec<NotReported>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offence {
    pub description: String,
    pub group: String,
    pub subgroup: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeType {
    pub code: String,
    pub name: String,
    pub group: String,
    /// Sets that count it as solved. `1A`, `2A` and `3A` take those of `1`, `2` and `3`.
    pub solved_in: BTreeSet<SolvedSet>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Force {
    pub id: ForceId,
    pub name: String,
    pub region: String,
    pub ons_code: String,
    /// One of the 43; British Transport Police is not.
    pub territorial: bool,
}

/// One member of one force's most similar group, for a span of dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerGroup {
    pub group: String,
    pub force: ForceId,
    pub member: ForceId,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// Where the membership was read; printed on every figure that uses it.
    pub source: String,
    pub illustrative: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    pub estimate_date: NaiveDate,
    pub residents: u64,
    /// Known to look wrong: the force's rate is then missing.
    pub suspect: bool,
    pub source: String,
}

/// Months that a force did not report, or not whole, in a table of others. They are missing there, whatever it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotReported {
    pub force: ForceId,
    pub table: OthersTable,
    pub first: Month,
    pub last: Month,
    pub what: String,
    pub source: String,
}

/// A table that others publish or gather.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OthersTable {
    /// Home Office outcomes.
    Outcomes,
    /// Home Office recorded crime.
    RecordedCrime,
    /// Street files of data.police.uk.
    Street,
    /// The pipeline's comparator table.
    Comparators,
}

impl OthersTable {
    pub const ALL: [Self; 4] = [Self::Outcomes, Self::RecordedCrime, Self::Street, Self::Comparators];

    /// The text in references/not_reported.csv.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outcomes => "outcomes",
            Self::RecordedCrime => "recorded_crime",
            Self::Street => "street",
            Self::Comparators => "comparators",
        }
    }
}

/// Bank holidays of England and Wales.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankHolidays {
    pub dates: BTreeSet<NaiveDate>,
}

impl References {
    /// Residents of a force by the latest estimate dated on or before `date`: `None` without one, or where it is known to
    /// look wrong. No older estimate steps in.
    pub fn residents(&self, force: &str, date: NaiveDate) -> Option<u64> {
        let estimates = self.populations.get(&ForceId::new(force)?)?;
        let latest = estimates.iter().rev().find(|p| p.estimate_date <= date)?;
        (!latest.suspect).then_some(latest.residents)
    }

    /// Why a force is missing from a table in some month from `first` to `last`, if it is.
    pub fn not_reported(&self, force: &str, table: OthersTable, first: Month, last: Month) -> Option<&NotReported> {
        let of = |row: &&NotReported| row.force.as_str() == force && row.table == table;
        self.not_reported.iter().filter(of).find(|row| row.first <= last && first <= row.last)
    }

    /// A force's name by its id.
    pub fn force_name(&self, id: &str) -> Option<&str> {
        self.forces.get(&ForceId::new(id)?).map(|f| f.name.as_str())
    }
}
