//! The published national row against the sum of the forces: the 43 territorial ones and British Transport Police.

use super::FinancialYear;
use super::error::Fault;
use super::home_office::OUTCOME_COLUMNS;
use super::year_table::{YearRow, YearTable};
use crate::definitions::References;
use crate::domain::ForceId;

/// One column of one year in which the forces and the nation agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NationalCheck {
    pub year: FinancialYear,
    pub column: &'static str,
    /// The published national row, and the sum over all forces.
    pub national: u64,
    /// The territorial forces alone, as national figures count them.
    pub territorial: u64,
}

/// Adds up every column of every year for which the force tables hold all forces of references/forces.csv, and the year
/// is in the national table. A sum that differs is a fault.
pub(super) fn national_checks(
    forces: &YearTable,
    nation: &YearTable,
    references: &References,
    faults: &mut Vec<Fault>,
) -> Vec<NationalCheck> {
    let mut checks = Vec::new();
    for ((_, year), national) in &nation.rows {
        let row = |force: &ForceId| forces.rows.get(&(force.clone(), *year));
        let rows: Option<Vec<(bool, &YearRow)>> =
            references.forces.values().map(|force| Some((force.territorial, row(&force.id)?))).collect();
        let Some(rows) = rows else { continue };
        for column in OUTCOME_COLUMNS {
            let sum = |keep: fn(bool) -> bool| -> Option<u64> {
                rows.iter().filter(|(territorial, _)| keep(*territorial)).map(|(_, row)| row.count(column)).sum()
            };
            let (Some(stated), Some(sum_of_all), Some(territorial)) =
                (national.count(column), sum(|_| true), sum(|t| t))
            else {
                continue;
            };
            if stated == sum_of_all {
                checks.push(NationalCheck { year: *year, column, national: stated, territorial });
            } else {
                let problem =
                    format!("the {} forces add up to {sum_of_all} in {year}, and this row says {stated}", rows.len());
                faults.push(Fault::of_cell(&national.file, national.record, column, problem));
            }
        }
    }
    checks
}
