//! The published pipeline: real published tables in, yearly figures of 43 forces and the monthly outcome mix out.
//!
//! | in | read by | out |
//! |---|---|---|
//! | Home Office force outcomes, recorded crime | `year_table` | [`PublishedFigures`]: force and national level |
//! | Home Office national outcomes | `year_table` | [`NationalCheck`]: equals the sum of the forces |
//! | data.police.uk street files | `street` | [`Street`]: outcome mix by force and month |
//!
//! The Home Office tables are few, small and official: a row that cannot be read, a force that is not known, a total
//! that does not add up or a column that is new stops the build, with every such fault listed. A wrong row of a street
//! file goes to quarantine. `N/A` in a table is a missing value and never 0.

mod computable;
mod error;
mod figures;
mod financial_year;
mod home_office;
mod left_out;
mod national_check;
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

use crate::definitions::{Definitions, PublishedShape};
use crate::tables::accepted::{Findings, Quarantined, Reconciliation};
pub use error::{Fault, PublishedError};
pub use figures::PublishedFigures;
use figures::YearTables;
pub use financial_year::FinancialYear;
pub use left_out::LeftOut;
pub use national_check::NationalCheck;
pub use street::Street;
use street::StreetFiles;
pub use tables::{OUTCOME_MIX, STREET_MONTHS};
use text_table::FileMark;
use year_table::{Layout, YearTable};

/// The street files in the books and at the gates.
pub const STREET_EXTRACT: &str = year_table::name(PublishedShape::PoliceUkStreet);

/// Everything that the published tables of a pipeline say.
#[derive(Clone, Debug)]
pub struct Published {
    /// Nothing later is in any figure.
    pub data_date: NaiveDate,
    pub figures: PublishedFigures,
    pub street: Street,
    /// A row per file, by table and file. `accepted` includes what [`Published::left_out`] lists.
    pub reconciliation: Vec<Reconciliation>,
    pub quarantined: Vec<Quarantined>,
    pub findings: Findings,
    pub left_out: Vec<LeftOut>,
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
    let mut nation = reader.year_table(home_office::NATIONAL_OUTCOMES)?;
    let mut crime = reader.year_table(home_office::FORCE_CRIME)?;
    let street = reader.street();
    let Reader { mut faults, mut files, .. } = reader;
    let references = &definitions.references;
    // Before any year is cut off: a wrong table is wrong as a whole.
    let all_checks = national_check::national_checks(&outcomes, &nation, references, &mut faults);
    if !faults.is_empty() {
        faults.sort();
        return Err(PublishedError::Faults(faults));
    }
    let newest =
        outcomes.newest_year().map(FinancialYear::last_day).or(street.newest_month().map(|month| month.last_day()));
    let data_date = as_at.or(newest).ok_or(PublishedError::NoDataDate)?;
    let mut reconciliation: Vec<Reconciliation> =
        [&mut outcomes, &mut nation, &mut crime].into_iter().flat_map(|table| table.up_to(data_date)).collect();
    let tables = YearTables { outcomes, crime, data_date };
    let mut figures = figures::figures(definitions, &tables);
    figures.national_checks = all_checks.into_iter().filter(|check| check.year.last_day() <= data_date).collect();
    let left_out = left_out::left_out(definitions, &tables, &nation, &figures.national_checks);
    let (street, account) = street.tables(data_date)?;
    reconciliation.extend(account.reconciliation);
    reconciliation.sort_by(|a, b| (&a.extract, &a.file).cmp(&(&b.extract, &b.file)));
    files.sort_by(|a, b| (a.extract, &a.file).cmp(&(b.extract, &b.file)));
    let (quarantined, findings) = (account.quarantined, account.findings);
    Ok(Published { data_date, figures, street, reconciliation, quarantined, findings, left_out, files })
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
            extract: year_table::name(shape),
            file: mark.file.clone(),
            bytes: mark.bytes,
            blake3: mark.blake3.clone(),
            source: sources.get(&*mark.file).map_or_else(String::new, |source| (*source).to_owned()),
        }));
    }
}
