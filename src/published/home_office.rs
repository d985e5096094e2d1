//! The Home Office tables: which columns they have, and what must hold between them.
//!
//! Outcome type 0 (not yet assigned) has no column and is in no total, and the rows "of which" (1A, 2A, 3A) are inside
//! types 1, 2 and 3. A column for either would be one that is not known, and stops the reading.

use super::year_table::{Layout, YearRow};
use crate::definitions::PublishedShape;
use crate::domain::Basis;

/// Outcome types with a column of their own.
pub(super) const OUTCOME_TYPES: [&str; 7] = ["1", "2", "3", "6", "7", "8", "22"];

/// `closed`: outcomes of investigations closed in the year; `recorded`: outcomes of offences recorded in the year.
pub(super) const OUTCOME_COLUMNS: [&str; 20] = [
    "closed_all_t1",
    "closed_all_t2",
    "closed_all_t3",
    "closed_all_t6",
    "closed_all_t7",
    "closed_all_t8",
    "closed_all_t22",
    "closed_all_oocd",
    "closed_all_positive",
    "closed_all_assigned",
    "recorded_all_t1",
    "recorded_all_t2",
    "recorded_all_t3",
    "recorded_all_t6",
    "recorded_all_t7",
    "recorded_all_t8",
    "recorded_all_t22",
    "recorded_all_oocd",
    "recorded_all_positive",
    "recorded_all_assigned",
];

/// Crimes recorded in the year, fraud bodies apart.
pub(super) const RECORDED_CRIME: &str = "recorded_crime";

pub(super) const FORCE_OUTCOMES: Layout = Layout {
    shape: PublishedShape::HomeOfficeForceOutcomes,
    by_force: true,
    counts: &OUTCOME_COLUMNS,
    check: does_not_add_up,
};

pub(super) const NATIONAL_OUTCOMES: Layout = Layout {
    shape: PublishedShape::HomeOfficeNationalOutcomes,
    by_force: false,
    counts: &OUTCOME_COLUMNS,
    check: does_not_add_up,
};

pub(super) const FORCE_CRIME: Layout = Layout {
    shape: PublishedShape::HomeOfficeRecordedCrime,
    by_force: true,
    counts: &[RECORDED_CRIME],
    check: |_| None,
};

/// The column of an outcome type that has one.
pub(super) fn column(basis: Basis, outcome_type: &str) -> Option<&'static str> {
    let name = format!("{}_all_t{outcome_type}", basis.name());
    OUTCOME_COLUMNS.into_iter().find(|column| *column == name)
}

/// Each total must be the sum of its types, and no more than all outcomes that were assigned. A row that lacks one of
/// the counts is not checked for it.
fn does_not_add_up(row: &YearRow) -> Option<String> {
    Basis::ALL.iter().find_map(|basis| {
        let name = |count: &str| format!("{}_all_{count}", basis.name());
        let sum = |counts: &[&str]| counts.iter().map(|count| row.count(&name(count))).sum::<Option<u64>>();
        for (total, parts) in [("oocd", &["t2", "t3", "t6", "t7", "t8", "t22"][..]), ("positive", &["t1", "oocd"])] {
            if let (Some(stated), Some(sum)) = (row.count(&name(total)), sum(parts))
                && stated != sum
            {
                return Some(format!("{} is {stated}, and {} add up to {sum}", name(total), parts.join(" + ")));
            }
        }
        let (positive, assigned) = (row.count(&name("positive"))?, row.count(&name("assigned"))?);
        (positive > assigned)
            .then(|| format!("{} is {positive}, more than all {assigned} outcomes assigned", name("positive")))
    })
}
