//! The old flat file of recorded crime, `rec-crime-pfa.csv`: twelve-month totals by police force area and offence.
//!
//! Its totals are in a table of their own, beside those of the financial-year table where both give a year. They enter no
//! metric: later releases revised them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsResult, Series, df};

use super::FinancialYear;
use super::error::Fault;
use super::findings::PublishedFinding;
use super::force_names::{Body, ForceNames};
use super::home_office::RECORDED_CRIME;
use super::left_out::LeftOut;
use super::text_table::TextTable;
use super::year_table::YearTable;
use crate::definitions::{Force, PublishedShape};
use crate::domain::{ForceId, Month, days_since_epoch};
use crate::tables::accepted::Reconciliation;
use crate::tables::quality::Dimension;

pub(super) const COLUMNS: [&str; 5] = [PERIOD, "PFA", "Region", "Offence", COUNT];
const PERIOD: &str = "12 months ending";
const COUNT: &str = "Rolling year total number of offences";
const FRAUD: &str = "Fraud offences";
const EXTRACT: &str = PublishedShape::HomeOfficeRecordedCrimePfa.name();

/// Twelve months of one force.
#[derive(Clone, Debug, Default)]
struct Total {
    crimes: i64,
    fraud: i64,
    below_zero: u64,
    file: Arc<str>,
}

/// All files of the shape.
#[derive(Default)]
pub(super) struct RecordedCrime {
    files: u64,
    /// By force, then last month.
    totals: BTreeMap<(ForceId, Month), Total>,
    /// Records of each file by last month, and how many of them are of no force.
    records: BTreeMap<Arc<str>, BTreeMap<Month, (u64, u64)>>,
    findings: Vec<PublishedFinding>,
}

impl RecordedCrime {
    /// Adds a file; every record that cannot be read is a fault.
    pub fn add(
        &mut self,
        table: &TextTable,
        forces: &BTreeMap<ForceId, Force>,
        faults: &mut Vec<Fault>,
    ) -> PolarsResult<()> {
        let (names, file) = (ForceNames::new(forces), table.mark.file.clone());
        faults.extend(table.ragged.iter().map(|r| {
            let problem = format!("has {} fields where the header has {}", r.fields, COLUMNS.len());
            Fault::of_record(&file, r.record, problem)
        }));
        let [periods, areas, offences, counts] = [PERIOD, "PFA", "Offence", COUNT].map(|name| table.column(name));
        let (periods, areas, offences, counts) = (periods?, areas?, offences?, counts?);
        let (mut seen, mut below, mut least) = (HashSet::new(), 0, 0);
        // By what is written: the day, and how many records write it.
        let mut mistyped: BTreeMap<&str, (Month, u64)> = BTreeMap::new();
        let mut month_ends = HashSet::new();
        for at in 0..table.height() {
            let record = table.record(at);
            let mut fault = |column, problem: String| faults.push(Fault::of_cell(&file, record, column, problem));
            let written = text(periods, at);
            let Some(day) = NaiveDate::parse_from_str(written, "%d-%m-%Y").ok() else {
                fault(PERIOD, format!("`{written}` is no day, such as 31-03-2018"));
                continue;
            };
            let month = Month::of(day);
            if month.last_day() == day {
                month_ends.insert(month);
            } else if month.last_day().day() - day.day() > 1 {
                fault(PERIOD, format!("`{written}` is not the end of a month"));
                continue;
            } else {
                mistyped.entry(written).or_insert((month, 0)).1 += 1;
            }
            let Some(body) = names.get(text(areas, at)) else {
                fault("PFA", format!("`{}` is no force of references/forces.csv", text(areas, at)));
                continue;
            };
            let Ok(count) = text(counts, at).parse::<i64>() else {
                fault(COUNT, format!("`{}` is no whole number", text(counts, at)));
                continue;
            };
            let offence = text(offences, at);
            if !seen.insert((month, text(areas, at), offence)) {
                fault("Offence", format!("`{offence}` stands in the file already, for this area and period"));
                continue;
            }
            let records = self.records.entry(file.clone()).or_default().entry(month).or_default();
            records.0 += 1;
            if count < 0 {
                (below, least) = (below + 1, least.min(count));
            }
            let Body::Force(force) = body else {
                records.1 += 1;
                continue;
            };
            let total = self
                .totals
                .entry((force.clone(), month))
                .or_insert_with(|| Total { file: file.clone(), ..Total::default() });
            if total.file != file {
                fault("PFA", format!("{force} in {month} stands in {} already", total.file));
                continue;
            }
            total.crimes += count;
            total.fraud += if offence == FRAUD { count } else { 0 };
            total.below_zero += u64::from(count < 0);
        }
        self.mistyped(&file, &mistyped, &month_ends, table.records, faults);
        if below > 0 {
            let words = format!(
                "counts below zero, down to {least}: crimes recorded earlier and cancelled since, kept in the totals"
            );
            self.note(&file, COUNT, Dimension::Validity, (below, table.records), words);
        }
        self.files += 1;
        Ok(())
    }

    /// A period that ends a day before its month does is that month's, if no record gives the month's real end.
    fn mistyped(
        &mut self,
        file: &str,
        mistyped: &BTreeMap<&str, (Month, u64)>,
        month_ends: &HashSet<Month>,
        of: u64,
        faults: &mut Vec<Fault>,
    ) {
        for (written, (month, records)) in mistyped {
            let end = month.last_day().format("%d-%m-%Y");
            if month_ends.contains(month) {
                faults
                    .push(Fault::of_file(file, format!("gives `{written}` beside {end} as the end of twelve months")));
                continue;
            }
            let words = format!(
                "records give the period as `{written}`, which ends no month; no record gives {end}, so it is read as that"
            );
            self.note(file, PERIOD, Dimension::Validity, (*records, of), words);
        }
    }

    fn note(&mut self, file: &str, column: &str, dimension: Dimension, (affected, of): (u64, u64), words: String) {
        let (extract, file, column) = (EXTRACT, file.to_owned(), column.to_owned());
        let of = Some(of);
        self.findings.push(PublishedFinding { extract, file, column, dimension, force: None, affected, of, words });
    }

    pub fn newest_month(&self) -> Option<Month> {
        self.totals.keys().map(|(_, month)| *month).max()
    }

    /// Takes out what ends after the data date, and says where every record is.
    pub fn up_to(&mut self, data_date: NaiveDate) -> (Vec<Reconciliation>, Vec<LeftOut>) {
        let over = |month: &Month| month.last_day() <= data_date;
        self.totals.retain(|(_, month), _| over(month));
        let (mut fates, mut left_out) = (Vec::new(), Vec::new());
        for (file, months) in &self.records {
            let sum = |keep: bool| months.iter().filter(|(m, _)| over(m) == keep).map(|(_, n)| n.0).sum::<u64>();
            let rows = months.iter().filter(|(month, _)| over(month)).map(|(_, n)| n.1).sum();
            fates.push(Reconciliation {
                extract: EXTRACT.to_owned(),
                file: file.to_string(),
                records_read: months.values().map(|n| n.0).sum(),
                accepted: sum(true),
                out_of_window: sum(false),
                ..Reconciliation::default()
            });
            if rows > 0 {
                let reason = "a national body for fraud: no force";
                left_out.push(LeftOut { extract: EXTRACT, file: file.clone(), reason, rows });
            }
        }
        (fates, left_out)
    }

    /// What the file says of itself, and how it differs from the table of financial years.
    pub fn findings(&self, years: &YearTable, found: &mut Vec<PublishedFinding>) {
        found.extend(self.findings.iter().cloned());
        let both: Vec<(&(ForceId, Month), i64, i64)> =
            self.totals.iter().filter_map(|(key, total)| Some((key, total.crimes, in_years(years, key)?))).collect();
        let differ = || both.iter().filter(|(_, here, there)| here != there);
        if let Some(((force, month), here, there)) = differ().max_by_key(|(_, here, there)| (here - there).abs()) {
            let words = format!(
                "totals differ from the table of financial years, most of all {force} in the year to {month}: {here} here, \
                 {there} there; revised since, so the two are not mixed",
            );
            let file = self.totals.values().next().map_or_else(String::new, |total| total.file.to_string());
            found.push(PublishedFinding {
                extract: EXTRACT,
                file,
                column: COUNT.to_owned(),
                dimension: Dimension::Consistency,
                force: None,
                affected: differ().count() as u64,
                of: Some(both.len() as u64),
                words,
            });
        }
    }

    /// Columns of [`super::RECORDED_CRIME_YEARS`]; `None` where no file was read.
    pub fn frame(&self, years: &YearTable) -> PolarsResult<Option<DataFrame>> {
        if self.files == 0 {
            return Ok(None);
        }
        let rows: Vec<(&(ForceId, Month), &Total)> = self.totals.iter().collect();
        let number = |of: fn(&Total) -> i64| rows.iter().map(|(_, total)| of(total)).collect::<Vec<i64>>();
        let there: Vec<Option<i64>> = rows.iter().map(|(key, _)| in_years(years, key)).collect();
        let differences: Vec<Option<i64>> =
            rows.iter().zip(&there).map(|((_, total), there)| there.map(|there| total.crimes - there)).collect();
        let mut frame = df!(
            "force" => rows.iter().map(|((force, _), _)| force.as_str()).collect::<Vec<_>>(),
            "recorded_crime" => number(|total| total.crimes),
            "fraud" => number(|total| total.fraud),
            "counts_below_zero" => number(|total| total.below_zero as i64),
            "in_financial_years" => there,
            "difference" => differences,
            "file" => rows.iter().map(|(_, total)| &*total.file).collect::<Vec<_>>(),
        )?;
        let days = |of: fn(Month) -> NaiveDate| rows.iter().map(|((_, m), _)| days_since_epoch(of(*m))).collect();
        frame.with_column(dates("period_start", days(|month| month.plus(-11).first_day()))?)?;
        frame.with_column(dates("period_end", days(Month::last_day))?)?;
        Ok(Some(frame))
    }
}

fn text(cells: &polars::prelude::StringChunked, at: usize) -> &str {
    cells.get(at).unwrap_or_default().trim()
}

fn dates(name: &str, days: Vec<i32>) -> PolarsResult<Column> {
    Series::new(name.into(), days).cast(&DataType::Date).map(IntoColumn::into_column)
}

/// The recorded crime of the same twelve months in the table of financial years.
fn in_years(years: &YearTable, (force, month): &(ForceId, Month)) -> Option<i64> {
    let year = FinancialYear::ending(month.last_day())?;
    let count = years.rows.get(&(force.clone(), year))?.count(RECORDED_CRIME)?;
    i64::try_from(count).ok()
}

#[cfg(test)]
mod tests;
