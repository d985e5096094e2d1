//! How fresh and how sound each extract is, as a table.

use super::spec::ColumnType::{Date, Integer, Number, Text};
use super::spec::{TableSpec, column, optional};

/// What a comparison with the last good build found is not in it, so that the same extracts give the same bytes whatever
/// was built before them; that stands in the run's log.
pub const GATES: TableSpec = TableSpec {
    name: "gates",
    description: "How fresh and how sound each extract is, by what it holds alone; comparisons with the build before \
                  stand in log.jsonl.",
    restricted: false,
    columns: &[
        column("extract", Text, "the extract"),
        column("state", Text, "good; warned; let_pass, where a stop was let pass by hand; absent"),
        optional("newest_row", Date, "day of the newest row that is no mistake; null without a column of time"),
        optional("expected_day", Date, "day that it ought to reach: the data date, or later if another extract does"),
        optional("days_behind", Integer, "from newest_row to expected_day, 0 where it is later").in_unit("days"),
        optional("warn_after_days", Integer, "more of them warn").in_unit("days"),
        optional("stop_after_days", Integer, "more of them stop a build").in_unit("days"),
        optional("records_read", Integer, "by the structural pass").in_unit("records"),
        optional("quarantined", Integer, "of them, in quarantine").in_unit("records"),
        optional("quarantined_share", Number, "quarantined over records_read; null without a record").in_unit("0 to 1"),
        optional("warn_above_share", Number, "a larger share warns").in_unit("0 to 1"),
        optional("stop_above_share", Number, "a larger share stops a build").in_unit("0 to 1"),
        optional("warnings", Text, "what was said of it, one a line"),
    ],
};
