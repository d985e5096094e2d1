//! Mid-year populations of police force areas, a column per force: held against references/populations.csv, which the rates
//! per head use, and against the regions that the forces make up.
//!
//! A column that is too high throughout grows like its neighbours, so nothing within the file betrays it. The sum over a
//! region does: every region whose forces are all there must have the residents that are published for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::PolarsResult;

use super::error::{Fault, PublishedError};
use super::findings::PublishedFinding;
use super::force_names::{Body, ForceNames};
use super::text_table::{Columns, TextTable};
use crate::definitions::{Force, PublishedShape, References};
use crate::domain::ForceId;
use crate::tables::accepted::Reconciliation;
use crate::tables::quality::Dimension;

pub(super) const COLUMNS: Columns<'static> = Columns::Wide(YEAR);
const YEAR: &str = "year";
const EXTRACT: &str = PublishedShape::OnsPopulationByForce.name();
const REGIONS_FILE: &str = "references/region_populations.csv";
const REGIONS: &[u8] = include_bytes!("../../pipelines/references/region_populations.csv");

/// With fewer residents, those who come to work and visit are most of the people: a rate per resident means nothing.
const FEWEST_RESIDENTS: u64 = 100_000;

type Regions = BTreeMap<(String, NaiveDate), u64>;

/// One file.
pub(super) struct Populations {
    file: Arc<str>,
    by_date: BTreeMap<NaiveDate, BTreeMap<ForceId, u64>>,
}

impl Populations {
    /// Reads a file; every column and cell that cannot be read is a fault.
    pub fn read(table: &TextTable, references: &References, faults: &mut Vec<Fault>) -> PolarsResult<Self> {
        let (names, file) = (ForceNames::new(&references.forces), table.mark.file.clone());
        faults.extend(table.ragged.iter().map(|r| {
            Fault::of_record(&file, r.record, format!("has {} fields, another number than the header", r.fields))
        }));
        let mut columns = Vec::new();
        for column in table.columns().into_iter().filter(|column| column != YEAR) {
            match names.get(&column) {
                Some(Body::Force(force)) => columns.push((force, column)),
                _ => faults.push(Fault::of_cell(&file, 1, &column, "is no force of references/forces.csv")),
            }
        }
        let mut by_date: BTreeMap<NaiveDate, BTreeMap<ForceId, u64>> = BTreeMap::new();
        for at in 0..table.height() {
            let record = table.record(at);
            let year = table.column(YEAR)?.get(at).unwrap_or_default().trim().to_owned();
            let date =
                year.parse().ok().filter(|y| (1900..2200).contains(y)).and_then(|y| NaiveDate::from_ymd_opt(y, 6, 30));
            let Some(date) = date.filter(|date| !by_date.contains_key(date)) else {
                faults.push(Fault::of_cell(&file, record, YEAR, format!("`{year}` is no year, or stands twice")));
                continue;
            };
            let mut residents = BTreeMap::new();
            for (force, column) in &columns {
                let cell = table.column(column)?.get(at).unwrap_or_default().trim();
                match cell.parse() {
                    Ok(count) => drop(residents.insert(force.clone(), count)),
                    Err(_) => {
                        faults.push(Fault::of_cell(&file, record, column, format!("`{cell}` is no whole number")))
                    }
                }
            }
            by_date.insert(date, residents);
        }
        Ok(Self { file, by_date })
    }

    pub fn account(&self, data_date: NaiveDate) -> Reconciliation {
        let over = self.by_date.keys().filter(|date| **date <= data_date).count() as u64;
        let read = self.by_date.len() as u64;
        Reconciliation {
            extract: EXTRACT.to_owned(),
            file: self.file.to_string(),
            records_read: read,
            accepted: over,
            out_of_window: read - over,
            ..Reconciliation::default()
        }
    }

    /// # Errors
    /// A reference of regions that cannot be read.
    pub fn findings(&self, references: &References, found: &mut Vec<PublishedFinding>) -> Result<(), PublishedError> {
        let Some((newest, residents)) = self.by_date.iter().next_back() else { return Ok(()) };
        let forces: Vec<&Force> = references.forces.values().filter(|force| force.territorial).collect();
        let missing: Vec<&str> =
            forces.iter().filter(|f| !residents.contains_key(&f.id)).map(|f| f.name.as_str()).collect();
        let mut note = |dimension, force: Option<&ForceId>, affected: usize, of: usize, words: String| {
            found.push(PublishedFinding {
                extract: EXTRACT,
                file: self.file.to_string(),
                column: String::new(),
                dimension,
                force: force.cloned(),
                affected: affected as u64,
                of: Some(of as u64),
                words,
            });
        };
        if !missing.is_empty() {
            let words = format!("no column for {}: no rate per head for them", missing.join(", "));
            note(Dimension::Completeness, None, missing.len(), forces.len(), words);
        }
        for (force, count) in residents.iter().filter(|(_, count)| **count < FEWEST_RESIDENTS) {
            let words = format!("{count} residents at {newest}: too few for any rate per head");
            note(Dimension::Validity, Some(force), self.by_date.len(), self.by_date.len(), words);
        }
        let (differing, cells) = self.against_reference(references);
        if differing > 0 {
            let words = "populations are not those of references/populations.csv".to_owned();
            note(Dimension::Consistency, None, differing, cells, words);
        }
        let regions = regions()?;
        for (date, residents) in &self.by_date {
            let off = off_by(&forces, residents, *date, &regions);
            for (region, difference) in &off {
                let own: Vec<&&Force> = forces.iter().filter(|force| force.region == *region).collect();
                let mut suspect = own.iter().filter(|force| is_suspect(references, &force.id, *date));
                let suspect = suspect.next().map(|force| &force.id).filter(|_| *difference > 0);
                let names: Vec<&str> = own.iter().map(|force| force.name.as_str()).collect();
                let mut words = format!(
                    "at {date} the forces of {region} ({}) add up to {} {} than the region",
                    names.join(", "),
                    difference.abs(),
                    if *difference > 0 { "more" } else { "fewer" }
                );
                if let Some((other, _)) = off.iter().find(|(_, d)| **d == -difference) {
                    words += &format!(
                        ", by as much as {other} is out the other way, as if a district stood in the wrong column"
                    );
                }
                if suspect.is_some() {
                    words += "; references/populations.csv marks this force as suspect";
                }
                note(Dimension::Consistency, suspect, own.len(), own.len(), words);
            }
        }
        Ok(())
    }

    /// Cells that the reference gives otherwise or not at all, and all cells.
    fn against_reference(&self, references: &References) -> (usize, usize) {
        let cells = || self.by_date.iter().flat_map(|(date, row)| row.iter().map(move |(f, n)| (f, *date, *n)));
        let same = |force: &ForceId, date, count| {
            let known = references.populations.get(force).into_iter().flatten();
            known.filter(|p| p.estimate_date == date).any(|p| p.residents == count)
        };
        (cells().filter(|(force, date, count)| !same(force, *date, *count)).count(), cells().count())
    }
}

fn is_suspect(references: &References, force: &ForceId, date: NaiveDate) -> bool {
    let known = references.populations.get(force).into_iter().flatten();
    known.filter(|p| p.estimate_date == date).any(|p| p.suspect)
}

/// Regions whose forces are all there and do not add up, with how many residents they have too many.
fn off_by(
    forces: &[&Force],
    residents: &BTreeMap<ForceId, u64>,
    date: NaiveDate,
    regions: &Regions,
) -> BTreeMap<String, i64> {
    let mut sums: BTreeMap<&str, Option<u64>> = BTreeMap::new();
    for force in forces {
        let sum = sums.entry(force.region.as_str()).or_insert(Some(0));
        *sum = sum.zip(residents.get(&force.id)).map(|(sum, count)| sum + count);
    }
    let off = sums.into_iter().filter_map(|(region, sum)| {
        let known = regions.get(&(region.to_owned(), date))?;
        let difference = i64::try_from(sum?).ok()? - i64::try_from(*known).ok()?;
        (difference != 0).then(|| (region.to_owned(), difference))
    });
    off.collect()
}

fn regions() -> Result<Regions, PublishedError> {
    let columns = Columns::Exactly(&["region", "estimate_date", "residents", "source"]);
    let read = TextTable::parse(REGIONS_FILE, REGIONS.to_vec(), None, columns);
    let table = read.map_err(|fault| PublishedError::Faults(vec![fault]))?;
    let mut regions = Regions::new();
    for at in 0..table.height() {
        let cell = |name: &str| table.column(name).map(|cells| cells.get(at).unwrap_or_default().trim());
        if let (Ok(date), Ok(residents)) = (cell("estimate_date")?.parse(), cell("residents")?.parse()) {
            regions.insert((cell("region")?.to_owned(), date), residents);
        }
    }
    Ok(regions)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn findings(text: &str) -> Vec<(String, String, String)> {
        let references = crate::definitions::load(Path::new("pipelines/published.toml")).unwrap().references;
        let table = TextTable::parse("p.csv", text.as_bytes().to_vec(), None, COLUMNS).unwrap();
        let mut faults = Vec::new();
        let read = Populations::read(&table, &references, &mut faults).unwrap();
        assert_eq!(faults, []);
        let mut found = Vec::new();
        read.findings(&references, &mut found).unwrap();
        let force = |f: &PublishedFinding| f.force.as_ref().map_or_else(String::new, ToString::to_string);
        found.iter().map(|f| (f.dimension.name().to_owned(), force(f), f.words.clone())).collect()
    }

    /// ONS, mid-2019: the North East's three forces are the region; one in two columns is not.
    #[test]
    fn forces_are_held_against_their_region_and_the_reference() {
        assert_eq!(findings("year,Cleveland,Durham,Northumbria\n2019,569141,636897,1463903\n").len(), 1);
        let off = findings("year,Cleveland,Durham,Northumbria\n2019,569141,636897,1463904\n");
        assert_eq!(off[1].2, "populations are not those of references/populations.csv");
        assert_eq!(
            off[2].2,
            "at 2019-06-30 the forces of North East (Cleveland, Durham, Northumbria) add up to 1 more than the region"
        );
        assert_eq!(off.len(), 3);
    }

    #[test]
    fn what_is_no_force_year_or_count_is_a_fault() {
        let references = crate::definitions::load(Path::new("pipelines/published.toml")).unwrap().references;
        let text = "year,Kent,Avon\n2019,1,1\n2019,2,2\n20x,3,3\n2018,many,4\n";
        let table = TextTable::parse("p.csv", text.as_bytes().to_vec(), None, COLUMNS).unwrap();
        let mut faults = Vec::new();
        Populations::read(&table, &references, &mut faults).unwrap();
        let shown: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "p.csv, record 1, Avon: is no force of references/forces.csv",
                "p.csv, record 3, year: `2019` is no year, or stands twice",
                "p.csv, record 4, year: `20x` is no year, or stands twice",
                "p.csv, record 5, Kent: `many` is no whole number",
            ]
        );
    }
}
