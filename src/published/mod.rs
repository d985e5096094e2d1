//! The published pipeline: real published tables in, yearly figures of 43 forces and the monthly outcome mix out.
//!
//! | in | read by | out |
//! |---|---|---|
//! | Home Office force outcomes, recorded crime | `year_table` | [`PublishedFigures`]: force and national level |
//! | Home Office national outcomes | `year_table` | [`NationalCheck`]: equals the sum of the forces |
//! | Home Office outcomes workbook | `open_data` | the same yearly counts as the force outcomes, added up |
//! | Home Office recorded crime by police force area, old | `crime_pfa` | a table of its own |
//! | ONS population by force | `populations` | what is wrong with the reference that rates per head use |
//! | data.police.uk street files | `street` | [`Street`]: outcome mix by force and month |
//!
//! The Home Office tables are few, small and official: a row that cannot be read, a force that is not known, a total
//! that does not add up or a column that is new stops the build, with every such fault listed. A wrong row of a street
//! file goes to quarantine. `N/A` in a table is a missing value and never 0, and so is what a force did not report whole by
//! `references/not_reported.csv`, whatever a table gives for it.

mod computable;
mod crime_pfa;
mod error;
mod figures;
mod financial_year;
mod findings;
mod force_names;
mod home_office;
mod left_out;
mod national_check;
mod not_reported;
mod open_data;
mod populations;
mod street;
mod tables;
mod text_table;
mod year_table;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::DataFrame;

use crate::definitions::{Definitions, OthersTable, PublishedShape};
use crate::tables::accepted::{Findings, Quarantined, Reconciliation};
use crime_pfa::RecordedCrime;
pub use error::{Fault, PublishedError};
pub use figures::PublishedFigures;
use figures::YearTables;
pub use financial_year::FinancialYear;
pub use findings::{InFiles, PublishedFinding, in_files};
pub use left_out::LeftOut;
pub use national_check::NationalCheck;
use open_data::OpenData;
use populations::Populations;
pub use street::Street;
use street::StreetFiles;
pub use tables::{OUTCOME_MIX, RECORDED_CRIME_YEARS, STREET_MONTHS};
use text_table::{Columns, FileMark, TextTable};
use year_table::{Layout, YearTable};

/// The street files in the books and at the gates.
pub const STREET_EXTRACT: &str = PublishedShape::PoliceUkStreet.name();

/// Everything that the published tables of a pipeline say.
#[derive(Clone, Debug)]
pub struct Published {
    /// Nothing later is in any figure.
    pub data_date: NaiveDate,
    pub figures: PublishedFigures,
    pub street: Street,
    /// Columns of [`RECORDED_CRIME_YEARS`], by force and period; `None` where the pipeline reads no such file.
    pub recorded_crime_years: Option<DataFrame>,
    /// A row per file, by table and file. `accepted` includes what [`Published::left_out`] lists.
    pub reconciliation: Vec<Reconciliation>,
    pub quarantined: Vec<Quarantined>,
    pub findings: Findings,
    pub left_out: Vec<LeftOut>,
    /// What is wrong with the tables and stops nothing, sorted.
    pub noted: Vec<PublishedFinding>,
    /// In the order of the reconciliation.
    pub files: Vec<PublishedFile>,
}

/// A file that was read, for the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFile {
    /// Name of the table's shape.
    pub extract: &'static str,
    pub file: Arc<str>,
    pub bytes: u64,
    /// Of the file as it lies on the disk, hexadecimal.
    pub blake3: String,
    /// Attribution that the licence asks for.
    pub source: String,
}

/// Reads every published table of the pipeline and computes what they give.
///
/// The data date is `as_at`, or the last day of the newest financial year in the force outcome tables, or of the newest
/// month of the street files where there are no such tables. Years and months that end later are read and left out.
///
/// # Errors
/// All faults of all files together; no data date.
pub fn run(definitions: &Definitions, as_at: Option<NaiveDate>) -> Result<Published, PublishedError> {
    let mut reader = Reader { definitions, faults: Vec::new(), files: Vec::new() };
    let mut outcomes = reader.year_table(home_office::FORCE_OUTCOMES)?;
    let open_data = reader.open_data(&mut outcomes)?;
    let mut nation = reader.year_table(home_office::NATIONAL_OUTCOMES)?;
    let mut crime = reader.year_table(home_office::FORCE_CRIME)?;
    let mut crime_pfa = reader.crime_pfa()?;
    let populations = reader.populations()?;
    let street = reader.street();
    let Reader { mut faults, mut files, .. } = reader;
    let references = &definitions.references;
    // Before any year is cut off: a wrong table is wrong as a whole.
    let all_checks = national_check::national_checks(&outcomes, &nation, references, &mut faults);
    if !faults.is_empty() {
        faults.sort();
        return Err(PublishedError::Faults(faults));
    }
    let newest_month = street.newest_month().max(crime_pfa.newest_month());
    let newest = outcomes.newest_year().map(FinancialYear::last_day).or(newest_month.map(|month| month.last_day()));
    let data_date = as_at.or(newest).ok_or(PublishedError::NoDataDate)?;
    let mut noted = Vec::new();
    let mut reconciliation: Vec<Reconciliation> =
        [&mut outcomes, &mut nation, &mut crime].into_iter().flat_map(|table| table.up_to(data_date)).collect();
    reconciliation.extend(open_data.iter().map(|file| file.account(data_date)));
    open_data.iter().for_each(|file| file.findings(&mut noted));
    reconciliation.extend(populations.iter().map(|file| file.account(data_date)));
    for file in &populations {
        file.findings(references, &mut noted)?;
    }
    let (fates, fraud_bodies) = crime_pfa.up_to(data_date);
    reconciliation.extend(fates);
    crime_pfa.findings(&crime, &mut noted);
    findings::repeated_years(&crime, &mut noted);
    let recorded_crime_years = crime_pfa.frame(&crime)?;
    let not_reported = [(OthersTable::Outcomes, &mut outcomes), (OthersTable::RecordedCrime, &mut crime)]
        .map(|(of, table)| not_reported::withhold(references, of, table));
    let [no_outcomes, no_crime] = not_reported;
    no_outcomes.findings(&outcomes, &mut noted);
    no_crime.findings(&crime, &mut noted);
    let tables = YearTables { outcomes, crime, no_outcomes, no_crime, data_date };
    let mut figures = figures::figures(definitions, &tables);
    figures.national_checks = all_checks.into_iter().filter(|check| check.year.last_day() <= data_date).collect();
    let mut left_out = left_out::left_out(definitions, &tables, &nation, &figures.national_checks);
    left_out.extend(open_data.iter().flat_map(|file| file.left_out(data_date)).chain(fraud_bodies));
    let (street, account) = street.tables(data_date, references)?;
    reconciliation.extend(account.reconciliation);
    noted.extend(account.noted);
    noted.sort();
    reconciliation.sort_by(|a, b| (&a.extract, &a.file).cmp(&(&b.extract, &b.file)));
    files.sort_by(|a, b| (a.extract, &a.file).cmp(&(b.extract, &b.file)));
    let (quarantined, findings) = (account.quarantined, account.findings);
    Ok(Published {
        data_date,
        figures,
        street,
        recorded_crime_years,
        reconciliation,
        quarantined,
        findings,
        left_out,
        noted,
        files,
    })
}

/// Reads the pipeline's tables, and gathers what is wrong with them.
struct Reader<'a> {
    definitions: &'a Definitions,
    faults: Vec<Fault>,
    files: Vec<PublishedFile>,
}

impl Reader<'_> {
    fn year_table(&mut self, layout: Layout) -> Result<YearTable, PublishedError> {
        let paths = self.paths(layout.shape);
        let forces = &self.definitions.references.forces;
        let (table, read) = YearTable::read(layout, &paths, forces, &mut self.faults)?;
        self.note(layout.shape, &read);
        Ok(table)
    }

    /// Reads the outcomes workbooks and puts their yearly counts among the outcomes.
    fn open_data(&mut self, outcomes: &mut YearTable) -> Result<Vec<OpenData>, PublishedError> {
        let shape = PublishedShape::HomeOfficeOutcomesOpenData;
        let mut read = Vec::new();
        for table in self.tables(shape, open_data::SHEET, Columns::Named(&open_data::COLUMNS)) {
            let data = OpenData::read(&table, &self.definitions.references, &mut self.faults)?;
            data.add_to(outcomes, &mut self.faults);
            read.push(data);
        }
        Ok(read)
    }

    fn crime_pfa(&mut self) -> Result<RecordedCrime, PublishedError> {
        let shape = PublishedShape::HomeOfficeRecordedCrimePfa;
        let mut read = RecordedCrime::default();
        for table in self.tables(shape, "", Columns::Exactly(&crime_pfa::COLUMNS)) {
            read.add(&table, &self.definitions.references.forces, &mut self.faults)?;
        }
        Ok(read)
    }

    fn populations(&mut self) -> Result<Vec<Populations>, PublishedError> {
        let tables = self.tables(PublishedShape::OnsPopulationByForce, "", populations::COLUMNS);
        let references = &self.definitions.references;
        let read = tables.iter().map(|table| Populations::read(table, references, &mut self.faults));
        Ok(read.collect::<Result<_, _>>()?)
    }

    /// Every file of a shape that can be read; of a workbook the sheet whose name starts with `sheet`.
    fn tables(&mut self, shape: PublishedShape, sheet: &str, columns: Columns<'_>) -> Vec<TextTable> {
        let mut tables = Vec::new();
        for path in self.paths(shape) {
            match TextTable::read(&path, sheet, columns) {
                Ok(table) => tables.push(table),
                Err(fault) => self.faults.push(fault),
            }
        }
        let marks: Vec<FileMark> = tables.iter().map(|table| table.mark.clone()).collect();
        self.note(shape, &marks);
        tables
    }

    fn street(&mut self) -> StreetFiles {
        let paths = self.paths(PublishedShape::PoliceUkStreet);
        let files = StreetFiles::read(&paths, &self.definitions.references.forces, &mut self.faults);
        self.note(PublishedShape::PoliceUkStreet, &files.marks);
        files
    }

    /// All files of a shape, by name.
    fn paths(&self, shape: PublishedShape) -> Vec<PathBuf> {
        let inputs = self.definitions.pipeline.published.iter().filter(|input| input.shape == shape);
        let mut paths: Vec<PathBuf> = inputs.flat_map(|input| input.files.clone()).collect();
        paths.sort_by(|a, b| (a.file_name(), a).cmp(&(b.file_name(), b)));
        paths
    }

    fn note(&mut self, shape: PublishedShape, read: &[FileMark]) {
        let mut sources: BTreeMap<String, &str> = BTreeMap::new();
        for input in self.definitions.pipeline.published.iter().filter(|input| input.shape == shape) {
            let names = input.files.iter().filter_map(|path| path.file_name());
            sources.extend(names.map(|name| (name.to_string_lossy().into_owned(), input.source.as_str())));
        }
        self.files.extend(read.iter().map(|mark| PublishedFile {
            extract: shape.name(),
            file: mark.file.clone(),
            bytes: mark.bytes,
            blake3: mark.blake3.clone(),
            source: sources.get(&*mark.file).map_or_else(String::new, |source| (*source).to_owned()),
        }));
    }
}
