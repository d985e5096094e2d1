//! Rows that were read and are in no figure, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::figures::YearTables;
use super::national_check::NationalCheck;
use super::year_table::YearTable;
use crate::definitions::Definitions;

/// Rows of one file that no figure uses, though nothing is wrong with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// As in the reconciliation, where these rows are among the accepted.
    pub extract: &'static str,
    pub file: Arc<str>,
    pub reason: &'static str,
    pub rows: u64,
}

/// By table, file and reason.
pub(super) fn left_out(
    definitions: &Definitions,
    tables: &YearTables,
    nation: &YearTable,
    checks: &[NationalCheck],
) -> Vec<LeftOut> {
    let territorial = |force| definitions.references.forces.get(force).is_some_and(|f| f.territorial);
    let mut rows: BTreeMap<(&'static str, Arc<str>, &'static str), u64> = BTreeMap::new();
    let mut add = |table: &YearTable, file: &Arc<str>, reason: &'static str| {
        *rows.entry((table.layout.shape.name(), file.clone(), reason)).or_default() += 1;
    };
    for ((force, _), row) in &tables.outcomes.rows {
        if !territorial(force) && tables.outcomes.holds(row) {
            add(&tables.outcomes, &row.file, "no territorial force: in the check of the national table alone");
        }
    }
    for (key, row) in &tables.crime.rows {
        if !territorial(&key.0) {
            add(&tables.crime, &row.file, "no territorial force");
        } else if !tables.outcomes.rows.contains_key(key) {
            add(&tables.crime, &row.file, "the outcome tables do not hold this force and year");
        }
    }
    for (table, withheld) in [(&tables.outcomes, &tables.no_outcomes), (&tables.crime, &tables.no_crime)] {
        withheld.files.iter().for_each(|file| add(table, file, "not reported whole: references/not_reported.csv"));
    }
    for ((_, year), row) in &nation.rows {
        if !checks.iter().any(|check| check.year == *year) {
            add(
                nation,
                &row.file,
                "the force tables do not hold every force of this year, so the sum cannot be checked",
            );
        }
    }
    rows.into_iter().map(|((extract, file, reason), rows)| LeftOut { extract, file, reason, rows }).collect()
}
