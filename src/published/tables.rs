//! The tables that only the published pipeline makes.

use crate::tables::spec::ColumnType::{Date, Flag, Integer, Text};
use crate::tables::spec::{TableSpec, column, optional};

/// Crimes by force, month, crime type and outcome.
pub const OUTCOME_MIX: TableSpec = TableSpec {
    name: "outcome_mix",
    description: "Street-level crimes of data.police.uk by force, month, crime type and last outcome. Anti-social \
                  behaviour is in street_months. Not to be reconciled with the Home Office tables.",
    restricted: false,
    columns: &[
        column("force", Text, "force id, as in dim_force"),
        column("month", Date, "first day of the month in which the crimes are published"),
        column("crime_type", Text, "crime type as published"),
        optional("outcome", Text, "last outcome category as published; null where the row names none"),
        column(
            "outcome_group",
            Text,
            "Home Office outcome group that the category stands for, by convention; unmapped where the reference lacks it",
        ),
        optional(
            "outcome_types",
            Text,
            "Home Office outcome types that it stands for, by convention; null where unmapped or none",
        ),
        optional(
            "crimes",
            Integer,
            "crimes, each Crime ID once in a force's month; null where the month was not reported whole",
        )
        .in_unit("crimes"),
        column(
            "complete",
            Flag,
            "false where the force is known not to have reported the month whole, or its file has under half the rows of its first month",
        ),
        column(
            "status",
            Text,
            "provisional: outcomes change until a case ends; not_available where the month was not reported whole",
        ),
        column("reason", Text, "why the status is not final, and why the month is not complete"),
    ],
};

/// Twelve-month totals of the old flat file.
pub const RECORDED_CRIME_YEARS: TableSpec = TableSpec {
    name: "recorded_crime_years",
    description: "Recorded crime of each force over twelve months, from the old Home Office file by police force area, beside the \
                  table of financial years where that gives the same twelve months. In no metric.",
    restricted: false,
    columns: &[
        column("force", Text, "force id, as in dim_force"),
        column("period_start", Date, "first day of the twelve months"),
        column("period_end", Date, "last day of the twelve months"),
        column("recorded_crime", Integer, "all offences of the file").in_unit("crimes"),
        column("fraud", Integer, "of them, fraud: recorded by a national body since 2013").in_unit("crimes"),
        column("counts_below_zero", Integer, "offences with a count below zero, which lower the total")
            .in_unit("counts"),
        optional("in_financial_years", Integer, "the same twelve months in the table of financial years")
            .in_unit("crimes"),
        optional("difference", Integer, "this file less the other, which was revised later").in_unit("crimes"),
        column("file", Text, "file name"),
    ],
};

/// What each street file holds.
pub const STREET_MONTHS: TableSpec = TableSpec {
    name: "street_months",
    description: "Each street-level file of data.police.uk: its crimes, its anti-social behaviour, and how far it can be relied on.",
    restricted: false,
    columns: &[
        column("force", Text, "force id, as in dim_force"),
        column("month", Date, "first day of the month"),
        column("file", Text, "file name"),
        column("records", Integer, "records below the header").in_unit("records"),
        column("crimes", Integer, "crimes, each Crime ID once").in_unit("crimes"),
        column("antisocial_behaviour", Integer, "incidents of anti-social behaviour, every row one")
            .in_unit("incidents"),
        column("crimes_without_id", Integer, "crimes without a Crime ID, all counted").in_unit("crimes"),
        column("repeated_rows", Integer, "further rows of a crime with the same crime type and outcome")
            .in_unit("records"),
        column(
            "conflicting_rows",
            Integer,
            "further rows of a crime with another crime type or outcome, in restricted/quarantine",
        )
        .in_unit("records"),
        column(
            "complete",
            Flag,
            "false where the force is known not to have reported the month whole, or its file has under half the rows of its first month",
        ),
        optional("reason", Text, "why it is not complete"),
    ],
};
