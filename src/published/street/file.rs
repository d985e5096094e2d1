//! One street file: a force's month of data.police.uk, every record accounted for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use polars::prelude::PolarsResult;

use crate::definitions::{Force, PublishedShape};
use crate::domain::{ForceId, Month};
use crate::published::error::Fault;
use crate::published::text_table::{Columns, FileMark, TextTable};
use crate::published::year_table::known_force;
use crate::tables::accepted::{Quarantined, Rule};
use crate::tables::raw::RaggedRecord;

pub(super) const COLUMNS: [&str; 12] = [
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
];

/// Incidents, not crimes: without id and outcome, and many of them alike though each happened.
const ANTISOCIAL_BEHAVIOUR: &str = "Anti-social behaviour";

/// What stands in the place of a street where none is published.
const NO_LOCATION: &str = "No Location";

/// Crimes by crime type and by outcome category, which a crime may lack.
pub(super) type Mix = BTreeMap<(String, Option<String>), u64>;

/// What one file says of one force's month.
#[derive(Clone, Debug)]
pub(super) struct StreetMonth {
    pub force: ForceId,
    pub month: Month,
    pub file: Arc<str>,
    /// Forces that the rows name.
    pub reported_by: BTreeSet<String>,
    pub records: u64,
    pub antisocial_behaviour: u64,
    /// Rows at `No Location`, which have neither place nor LSOA.
    pub without_place: u64,
    /// Crimes without a Crime ID, which nothing can show to be repeated.
    pub without_id: u64,
    /// Further rows of a crime, with its crime type and outcome.
    pub repeated: u64,
    /// Further rows of a crime, with another crime type or outcome. They are in quarantine.
    pub conflicting: u64,
    pub mix: Mix,
    pub quarantined: Vec<Quarantined>,
}

impl StreetMonth {
    pub fn crimes(&self) -> u64 {
        self.mix.values().sum()
    }

    /// Reads one file.
    ///
    /// # Errors
    /// What makes the file as a whole useless: another name or header, or rows of another month or of two forces.
    pub fn read(path: &Path, forces: &BTreeMap<ForceId, Force>) -> Result<(Self, FileMark), Vec<Fault>> {
        let table = TextTable::read(path, "", Columns::Exactly(&COLUMNS)).map_err(|fault| vec![fault])?;
        let of_file = |problem: String| vec![Fault::of_file(&table.mark.file, problem)];
        let (force, month) = force_and_month(&table.mark.file, forces).map_err(of_file)?;
        let mut month = Self::empty(force, month, &table);
        let mut faults = Vec::new();
        month.add(&table, &mut faults).map_err(|error| of_file(error.to_string()))?;
        if month.reported_by.len() > 1 {
            let forces: Vec<&str> = month.reported_by.iter().map(String::as_str).collect();
            faults.extend(of_file(format!("has rows reported by {}", forces.join(" and by "))));
        }
        if faults.is_empty() { Ok((month, table.mark)) } else { Err(faults) }
    }

    fn empty(force: ForceId, month: Month, table: &TextTable) -> Self {
        Self {
            force,
            month,
            file: table.mark.file.clone(),
            reported_by: BTreeSet::new(),
            records: table.records,
            antisocial_behaviour: 0,
            without_place: 0,
            without_id: 0,
            repeated: 0,
            conflicting: 0,
            mix: Mix::new(),
            quarantined: ragged(table),
        }
    }

    fn add(&mut self, table: &TextTable, faults: &mut Vec<Fault>) -> PolarsResult<()> {
        let (ids, months, reporters) =
            (table.column("Crime ID")?, table.column("Month")?, table.column("Reported by")?);
        let (types, outcomes) = (table.column("Crime type")?, table.column("Last outcome category")?);
        let places = table.column("Location")?;
        let own_month = self.month.to_string();
        let mut first_rows: HashMap<&str, Crime<'_>> = HashMap::new();
        for row in 0..table.height() {
            let (month, crime_type) = (filled(months.get(row)), filled(types.get(row)));
            let (Some(month), Some(crime_type)) = (month, crime_type) else {
                let (column, expected) =
                    if month.is_none() { ("Month", own_month.as_str()) } else { ("Crime type", "a crime type") };
                self.quarantined.push(set_aside(table, row, Rule::MissingKey, column, expected, ""));
                continue;
            };
            if month != own_month {
                let problem = format!("`{month}` in the file of {own_month}");
                faults.push(Fault::of_cell(&table.mark.file, table.record(row), "Month", problem));
            }
            let reporter = reporters.get(row).unwrap_or_default().trim();
            if !self.reported_by.contains(reporter) {
                self.reported_by.insert(reporter.to_owned());
            }
            self.without_place += u64::from(places.get(row).is_some_and(|place| place.trim() == NO_LOCATION));
            if crime_type == ANTISOCIAL_BEHAVIOUR {
                self.antisocial_behaviour += 1;
                continue;
            }
            let crime = Crime { crime_type, outcome: filled(outcomes.get(row)) };
            self.count(table, row, crime, filled(ids.get(row)), &mut first_rows);
        }
        Ok(())
    }

    /// Rows with one Crime ID are one crime, counted by its first row.
    fn count<'t>(
        &mut self,
        table: &TextTable,
        row: usize,
        crime: Crime<'t>,
        id: Option<&'t str>,
        first_rows: &mut HashMap<&'t str, Crime<'t>>,
    ) {
        let Some(id) = id else {
            self.without_id += 1;
            return self.add_crime(crime);
        };
        match first_rows.get(id) {
            None => {
                first_rows.insert(id, crime);
                self.add_crime(crime);
            }
            Some(first) if *first == crime => self.repeated += 1,
            Some(first) => {
                self.conflicting += 1;
                self.quarantined.push(conflict(table, row, *first, crime));
            }
        }
    }

    fn add_crime(&mut self, crime: Crime<'_>) {
        *self.mix.entry((crime.crime_type.to_owned(), crime.outcome.map(str::to_owned))).or_default() += 1;
    }
}

/// What makes two rows with one Crime ID the same: the place may differ.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Crime<'t> {
    crime_type: &'t str,
    outcome: Option<&'t str>,
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Of `2024-01-gloucestershire-street.csv.gz`: the force and the month.
fn force_and_month(file: &str, forces: &BTreeMap<ForceId, Force>) -> Result<(ForceId, Month), String> {
    let stem = file.strip_suffix(".gz").unwrap_or(file).strip_suffix("-street.csv");
    let parts = stem.and_then(|stem| Some((Month::parse(stem.get(..7)?)?, stem.get(7..)?.strip_prefix('-')?)));
    let (month, slug) =
        parts.ok_or("is not named after its month and force, such as 2024-01-gloucestershire-street.csv.gz")?;
    let force = known_force(slug, forces)
        .ok_or_else(|| format!("is named after `{slug}`, no force of references/forces.csv"))?;
    Ok((force, month))
}

fn conflict(table: &TextTable, row: usize, first: Crime<'_>, found: Crime<'_>) -> Quarantined {
    let (column, expected, found) = if first.crime_type == found.crime_type {
        ("Last outcome category", first.outcome.unwrap_or_default(), found.outcome.unwrap_or_default())
    } else {
        ("Crime type", first.crime_type, found.crime_type)
    };
    set_aside(table, row, Rule::ConflictingDuplicate, column, expected, found)
}

fn set_aside(table: &TextTable, row: usize, rule: Rule, column: &str, expected: &str, found: &str) -> Quarantined {
    let place = table.place(row);
    let hint = match rule {
        Rule::ConflictingDuplicate => {
            "An earlier row has this Crime ID: the crime is counted by that row. See the force's own record."
        }
        _ => "Compare the row with the file at data.police.uk.",
    };
    Quarantined {
        extract: PublishedShape::PoliceUkStreet.name().to_owned(),
        file: table.mark.file.clone(),
        record: place.record,
        byte_offset: place.byte_offset,
        raw: place.raw,
        rule,
        column: column.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
        hint: hint.to_owned(),
    }
}

fn ragged(table: &TextTable) -> Vec<Quarantined> {
    let one = |ragged: &RaggedRecord| Quarantined {
        extract: PublishedShape::PoliceUkStreet.name().to_owned(),
        file: table.mark.file.clone(),
        record: ragged.record,
        byte_offset: ragged.byte_offset,
        raw: ragged.raw.clone(),
        rule: Rule::RaggedRow,
        column: String::new(),
        expected: format!("{} fields", COLUMNS.len()),
        found: format!("{} fields", ragged.fields),
        hint: "Download the file again: it may be cut off.".to_owned(),
    };
    table.ragged.iter().map(one).collect()
}
