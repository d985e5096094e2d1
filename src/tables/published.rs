//! The tables of a build: `tables/` for everybody, `restricted/` for those who may see officers and records.

use super::spec::ColumnType::{Date, Flag, Integer, Number, Text, Time};
use super::spec::{ColumnSpec, TableSpec, column, optional};

const METRIC: ColumnSpec = column("metric", Text, "metric id, as in dim_metric");
const FORCE: ColumnSpec = column("force", Text, "force id, as in dim_force; england-and-wales for the nation");
const LEVEL: ColumnSpec = column("level", Text, "national, force, area, department, team, supervisor or officer");
const UNIT: ColumnSpec = column("unit", Text, "name of the unit at that level; the force's id at force level");
const SCOPE: ColumnSpec =
    column("scope", Text, "all, domestic_abuse, hate_crime, an offence group, or `subgroup: ` and its name");

const VALUE_COLUMNS: &[ColumnSpec] = &[
    METRIC,
    FORCE,
    LEVEL,
    UNIT,
    SCOPE,
    column("period_type", Text, "month, quarter, financial_year, financial_year_to_date or rolling_12_months"),
    column("period_start", Date, "first day of the period"),
    column("period_end", Date, "last day of the period, or the data date if that is earlier"),
    optional("numerator", Number, "events counted, or the sum of a mean; null for a quantile"),
    optional("denominator", Number, "what they are a share of; null for a count"),
    optional("value", Number, "the figure; a proportion is 0 to 1; null with a reason where there is none")
        .in_unit("of the metric, as in dim_metric"),
    optional("lower_95", Number, "lower end of the 95% interval").in_unit("of the value"),
    optional("upper_95", Number, "upper end of the 95% interval").in_unit("of the value"),
    optional("lower_998", Number, "lower end of the 99.8% interval").in_unit("of the value"),
    optional("upper_998", Number, "upper end of the 99.8% interval").in_unit("of the value"),
    optional("method", Text, "how the intervals were made"),
    optional(
        "basis",
        Text,
        "recorded: the cohort recorded in the period; closed: outcomes given in it over crimes recorded in it",
    ),
    optional(
        "solved_set",
        Text,
        "outcome types that count as solved, where the metric asks; none is an official label",
    ),
    column("status", Text, "final, provisional, not_available or suppressed"),
    optional("reason", Text, "why the status is not final"),
];

pub const METRIC_VALUES: TableSpec = TableSpec {
    name: "metric_values",
    description: "Every metric by unit, scope and period, levels national to team.",
    restricted: false,
    columns: VALUE_COLUMNS,
};

pub const OFFICER_VALUES: TableSpec = TableSpec {
    name: "officer_values",
    description: "Every metric by supervisor and officer. Never a league table: see docs/caveats.md.",
    restricted: true,
    columns: VALUE_COLUMNS,
};

/// Figures that the pipeline's own extracts did not give: other forces, from the comparator table.
pub const COMPARATOR_VALUES: TableSpec = TableSpec {
    name: "comparator_values",
    description: "The metrics of other forces and of the nation, from the pipeline's comparator table, by period.",
    restricted: false,
    columns: VALUE_COLUMNS,
};

pub const TALLIES: TableSpec = TableSpec {
    name: "tallies",
    description: "Numerators and denominators by unit, scope and month, before intervals and longer periods.",
    restricted: true,
    columns: &[
        METRIC,
        FORCE,
        LEVEL,
        UNIT,
        SCOPE,
        column("month", Date, "first day of the month"),
        optional("numerator", Number, "events counted, or the sum of a mean; null for a quantile"),
        optional("denominator", Number, "what they are a share of; null for a count or a rate"),
        optional("value", Number, "the figure of the month").in_unit("of the metric, as in dim_metric"),
    ],
};

pub const QUARANTINE: TableSpec = TableSpec {
    name: "quarantine",
    description: "Records that no figure counts, each with its place, the rule it broke and what to do.",
    restricted: true,
    columns: &[
        column("extract", Text, "the extract"),
        column("file", Text, "file name"),
        column("record", Integer, "number of the record in its file; the header is 1"),
        optional("byte_offset", Integer, "where it starts in the decompressed text; null for Parquet").in_unit("bytes"),
        column("raw", Text, "the record as it stands"),
        column("rule", Text, "the first rule that it broke"),
        column("column", Text, "the column"),
        column("expected", Text, "what the column should hold"),
        column("found", Text, "what it holds"),
        column("hint", Text, "what to do"),
    ],
};

pub const RECONCILIATION: TableSpec = TableSpec {
    name: "reconciliation",
    description: "Where every record ended up: records_read = accepted + out_of_window + quarantined + duplicates.",
    restricted: false,
    columns: &[
        column("extract", Text, "the extract"),
        column("file", Text, "file name"),
        column("records_read", Integer, "counted by the structural pass, which does not share the parser")
            .in_unit("records"),
        column("accepted", Integer, "measured").in_unit("records"),
        column("out_of_window", Integer, "after the data date: kept, not measured").in_unit("records"),
        column("quarantined", Integer, "kept with their reason in restricted/quarantine").in_unit("records"),
        column("duplicates", Integer, "exact copies, and older versions").in_unit("records"),
    ],
};

pub const DATA_QUALITY: TableSpec = TableSpec {
    name: "data_quality",
    description: "How good the data are, by extract, column and dimension, graded A to D. See docs/methods.md, Data quality.",
    restricted: false,
    columns: &[
        column("extract", Text, "the extract, or the published table"),
        optional("column", Text, "the column; null for the extract as a whole"),
        column(
            "dimension",
            Text,
            "completeness, validity, uniqueness, consistency, timeliness, freshness, link_rate or overall",
        ),
        column("force", Text, "force id, as in dim_force; at level extract the pipeline's own"),
        column("level", Text, "extract (all records of its files), force, area, department or team"),
        column(
            "unit",
            Text,
            "name of the unit at that level; the extract's id at level extract; unallocated where blank",
        ),
        optional(
            "numerator",
            Integer,
            "rows, or cells of several columns, that are as they should be; null where nothing is counted",
        ),
        optional("denominator", Integer, "rows or cells that were looked at"),
        optional(
            "affected",
            Integer,
            "rows or cells that are not as they should be, or that a finding is about; for freshness, days between the newest row and the data date",
        ),
        optional("share", Number, "numerator over denominator").in_unit("0 to 1"),
        optional("grade", Text, "A, B, C or D by the limits of quality.toml; null with a reason"),
        optional("reason", Text, "why there is no grade"),
        optional("finding", Text, "what was noticed, in words"),
        optional("basis", Text, "what is counted over what"),
        optional("owner", Text, "who answers for it: a key of the pipeline's owners"),
    ],
};

/// Examples of what falls short, for whoever mends it.
pub const DATA_QUALITY_EXAMPLES: TableSpec = TableSpec {
    name: "data_quality_examples",
    description: "The first five rows, by key, that fall short in each measure of data_quality.",
    restricted: true,
    columns: &[
        column("extract", Text, "the extract"),
        column("column", Text, "the column"),
        column("dimension", Text, "as in data_quality"),
        FORCE,
        column("area", Text, "area; unallocated where blank or not known"),
        column("team", Text, "team; unallocated where blank or not known"),
        column("key", Text, "the row's reference"),
        column("what", Text, "what was expected of it"),
    ],
};

pub const RECORDING_PRACTICE: TableSpec = TableSpec {
    name: "recording_practice",
    description: "Signals of how crimes are recorded, month by month: a break in one can move a metric without anything having changed on the street.",
    restricted: false,
    columns: &[
        column("signal", Text, "signal id, as in quality.toml"),
        FORCE,
        column("level", Text, "force, area, department or team"),
        UNIT,
        column("month", Date, "first day of the month in which the crimes were recorded"),
        column("numerator", Integer, "rows that show the practice"),
        column("denominator", Integer, "rows that could"),
        optional("value", Number, "numerator over denominator; null where too few rows could").in_unit("0 to 1"),
        column("status", Text, "final or provisional; provisional months are in no limit and no rule"),
        optional("centre", Number, "mean of the final months; null without limits").in_unit("0 to 1"),
        optional("lower", Number, "lower process limit; may lie below 0").in_unit("0 to 1"),
        optional("upper", Number, "upper process limit; may lie above 1").in_unit("0 to 1"),
        optional("rule", Text, "as in spc; null where no rule is applied"),
        column("is_break", Flag, "one of the latest final months, and a rule fired"),
        column("moves", Text, "metrics that it can move, ids joined by a comma and a blank"),
    ],
};

pub const JOURNEY: TableSpec = TableSpec {
    name: "journey",
    description: "From the call to the victim, by month of the call: how many records of each step lead to the next.",
    restricted: false,
    columns: &[
        FORCE,
        column("month", Date, "first day of the month of the call"),
        column(
            "step",
            Text,
            "call_to_incident, incident_to_crime, crime_to_solved, crime_to_survey or survey_to_satisfied",
        ),
        column("upstream", Integer, "distinct records that the step starts from").in_unit("records"),
        column("linked", Integer, "of them, with at least one link").in_unit("records"),
        column("unlinked", Integer, "of them, without a link").in_unit("records"),
        optional("rate", Number, "linked over upstream").in_unit("0 to 1"),
        optional("median_time", Number, "to the earliest link").in_unit("as time_unit says"),
        column("time_unit", Text, "minutes or days"),
    ],
};

const CONFORMED_CRIMES: &[ColumnSpec] = &[
    FORCE,
    column("crime_ref", Text, "the crime's reference"),
    optional("incident_ref", Text, "reference of the incident it came from"),
    column("area", Text, "area; unallocated where blank"),
    column("department", Text, "department; unallocated where blank"),
    column("team", Text, "team; unallocated where blank"),
    column("supervisor", Text, "supervisor; unallocated where blank"),
    column("officer", Text, "officer; unallocated where blank"),
    optional("offence_code", Text, "as recorded"),
    column("offence_group", Text, "by reference; unmapped where the code is not listed"),
    optional("offence_subgroup", Text, "by reference"),
    optional("victim_type", Text, "person, business or state"),
    optional("domestic_abuse", Flag, "flag; null is not known"),
    optional("hate_crime", Flag, "flag; null is not known"),
    column("recorded_at", Time, "civil London time"),
    optional("cancelled", Flag, "on or before the data date; null cannot be read"),
    optional("cancelled_at", Time, "by the data date"),
    optional("outcome_type", Text, "as known on the data date"),
    optional("outcome_at", Time, "when that outcome was given"),
    column("outcome_at_invalid", Flag, "the outcome's time is written but cannot be read"),
    optional("days_to_outcome", Number, "civil days from recording; 0 where the outcome came before").in_unit("days"),
    column("has_incident", Flag, "linked to an incident in the extract"),
    optional("recording_delay_hours", Number, "from the incident's opening, on the absolute time line")
        .in_unit("hours"),
    optional("report_to_recording_hours", Number, "from the report, on the absolute time line; null without one")
        .in_unit("hours"),
    optional("review_due_at", Time, "when the next review falls due; civil, as are the next two"),
    optional("bail_until", Time, "when police bail ends"),
    optional("limit_at", Time, "when the time limit for a prosecution ends"),
    column("in_window", Flag, "recorded on or before the data date"),
];

const CONFORMED_INCIDENTS: &[ColumnSpec] = &[
    FORCE,
    column("incident_ref", Text, "the incident's reference"),
    column("area", Text, "area; unallocated where blank"),
    column("grade", Text, "immediate, priority, scheduled or no attendance"),
    optional("setting", Text, "urban or rural; urban where blank, null where it cannot be read"),
    optional("domestic_abuse", Flag, "flag; null is not known"),
    column("opened_at", Time, "civil London time"),
    optional("first_arrived_at", Time, "first arrival by the data date"),
    optional("attended", Flag, "arrived by the data date; null where the arrival is invalid"),
    optional("arrival_minutes", Number, "from opening, on the absolute time line").in_unit("minutes"),
    column("in_window", Flag, "opened on or before the data date"),
];

const CONFORMED_CALLS: &[ColumnSpec] = &[
    FORCE,
    column("call_ref", Text, "the call's reference"),
    column("line", Text, "999 or 101"),
    optional("incident_ref", Text, "incident that the call led to"),
    column("received_at", Time, "civil London time"),
    optional("answered", Flag, "by the data date; null where the answer is invalid"),
    optional("answer_seconds", Number, "from receipt, on the absolute time line").in_unit("seconds"),
    optional("talk_seconds", Number, "from answer to end, on the absolute time line").in_unit("seconds"),
    optional("abandoned_seconds", Number, "from receipt to the end of a call without an answer").in_unit("seconds"),
    column("has_incident", Flag, "linked to an incident in the extract"),
    column("in_window", Flag, "received on or before the data date"),
];

const LINKED: [ColumnSpec; 10] = [
    column("area", Text, "of the linked crime"),
    column("department", Text, "of the linked crime"),
    column("team", Text, "of the linked crime"),
    column("supervisor", Text, "of the linked crime"),
    column("officer", Text, "of the linked crime"),
    optional("offence_group", Text, "of the linked crime"),
    optional("offence_subgroup", Text, "of the linked crime"),
    optional("domestic_abuse", Flag, "of the linked crime"),
    optional("hate_crime", Flag, "of the linked crime"),
    column("crime_found", Flag, "linked to a crime in the extract"),
];

const CONFORMED_SURVEYS: &[ColumnSpec] = &[
    FORCE,
    column("response_ref", Text, "the response's reference"),
    optional("crime_ref", Text, "the crime's reference"),
    column("surveyed_at", Time, "civil London time"),
    optional("contact", Number, "ease of contact").in_unit("1 to 7"),
    optional("action", Number, "actions taken").in_unit("1 to 7"),
    optional("informed", Number, "kept informed").in_unit("1 to 7"),
    optional("treatment", Number, "treatment").in_unit("1 to 7"),
    optional("overall", Number, "whole experience").in_unit("1 to 7"),
    optional("weight", Number, "survey weight, 1 where none is stated; null where it cannot be one"),
    column("in_window", Flag, "surveyed on or before the data date"),
    LINKED[0],
    LINKED[1],
    LINKED[2],
    LINKED[3],
    LINKED[4],
    LINKED[5],
    LINKED[6],
    LINKED[7],
    LINKED[8],
    LINKED[9],
];

const CONFORMED_CONTACTS: &[ColumnSpec] = &[
    FORCE,
    column("crime_ref", Text, "the crime's reference"),
    optional("enhanced", Flag, "the victim has enhanced rights"),
    optional("first_update_at", Time, "first update by the data date"),
    optional("needs_assessed", Flag, "by the data date; null where the time cannot be read"),
    optional("recorded_at", Time, "of the linked crime"),
    column("counts", Flag, "linked to a crime that is not cancelled"),
    optional("update_due_on", Date, "the day by whose end the first update is due"),
    optional("update_due", Flag, "the due day has ended by the data date"),
    optional("updated_on_time", Flag, "first update by the end of the due day"),
    column("in_window", Flag, "always: contacts have no time of their own"),
    LINKED[0],
    LINKED[1],
    LINKED[2],
    LINKED[3],
    LINKED[4],
    LINKED[5],
    LINKED[6],
    LINKED[7],
    LINKED[8],
    LINKED[9],
];

const CONFORMED_PEOPLE: &[ColumnSpec] = &[
    FORCE,
    column("officer", Text, "collar number"),
    column("valid_from", Time, "civil London time; the post holds from that day on"),
    optional("valid_to", Time, "the post holds to that day; null where none is stated or it cannot be used"),
    column("valid_to_invalid", Flag, "the end is written but cannot be read, or comes before the start"),
    column("area", Text, "area; unallocated where blank"),
    column("department", Text, "department; unallocated where blank"),
    column("team", Text, "team; unallocated where blank"),
    column("supervisor", Text, "supervisor; unallocated where blank"),
    column("in_window", Flag, "always: a post may lie ahead of the data date"),
];

const fn conformed(name: &'static str, description: &'static str, columns: &'static [ColumnSpec]) -> TableSpec {
    TableSpec { name, description, restricted: true, columns }
}

/// The conformed table of an extract.
pub fn conformed_table(extract: &str) -> Option<TableSpec> {
    let tables = [
        conformed("conformed/crimes", "Recorded crimes, classified and linked.", CONFORMED_CRIMES),
        conformed("conformed/incidents", "Incidents with their attendance.", CONFORMED_INCIDENTS),
        conformed("conformed/calls", "Calls with their answer.", CONFORMED_CALLS),
        conformed("conformed/people", "Posts of officers and staff, as they are stated.", CONFORMED_PEOPLE),
        conformed("conformed/surveys", "Survey responses with their crime's units and classes.", CONFORMED_SURVEYS),
        conformed(
            "conformed/victim_contacts",
            "Victims' Code contacts with their crime's units and classes.",
            CONFORMED_CONTACTS,
        ),
    ];
    tables.into_iter().find(|t| t.name.strip_prefix("conformed/") == Some(extract))
}
