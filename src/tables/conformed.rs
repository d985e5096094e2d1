//! The conformed columns of each extract: what a metric's conditions may name.

/// What a conformed column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Flag,
    Number,
    /// A civil London time on or before the data date; a month can be taken of it.
    Time,
    OutcomeType,
}

/// One conformed column of one extract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub extract: &'static str,
    pub name: &'static str,
    pub kind: FieldKind,
    /// Optional source columns without which the field, and every metric that reads it, is not available. Columns of
    /// another extract are written `incidents.opened_at`.
    pub needs: &'static [&'static str],
    pub description: &'static str,
}

const fn field(
    extract: &'static str,
    name: &'static str,
    kind: FieldKind,
    needs: &'static [&'static str],
    description: &'static str,
) -> Field {
    Field { extract, name, kind, needs, description }
}

use FieldKind::{Flag, Number, OutcomeType, Text, Time};

/// Every field that a metric may read, in the order of the conformed tables.
pub const FIELDS: &[Field] = &[
    field("crimes", "recorded_at", Time, &[], "when the crime was recorded"),
    field(
        "crimes",
        "cancelled",
        Flag,
        &[],
        "cancelled on or before the data date; never, where the extract has no cancelled_at",
    ),
    field(
        "crimes",
        "cancelled_at",
        Time,
        &["cancelled_at"],
        "when the crime was cancelled, on or before the data date",
    ),
    field(
        "crimes",
        "has_incident",
        Flag,
        &["incident_ref", "incidents.opened_at"],
        "linked to an incident in the extract",
    ),
    field(
        "crimes",
        "recording_delay_hours",
        Number,
        &["incident_ref", "incidents.opened_at"],
        "hours from the linked incident's opening to the recording; negative when recorded before",
    ),
    field("crimes", "outcome_type", OutcomeType, &["outcome_type"], "outcome by the data date; blank is none"),
    field(
        "crimes",
        "outcome_at",
        Time,
        &["outcome_type", "outcome_at"],
        "when that outcome was given; blank if not stated",
    ),
    field(
        "crimes",
        "outcome_at_invalid",
        Flag,
        &["outcome_type", "outcome_at"],
        "the outcome's time is written but cannot be read; never blank",
    ),
    field(
        "crimes",
        "days_to_outcome",
        Number,
        &["outcome_type", "outcome_at"],
        "civil days from recording to that outcome, fractional; 0 where the outcome came before",
    ),
    field("incidents", "opened_at", Time, &[], "when the incident was opened"),
    field("incidents", "grade", Text, &[], "immediate, priority, scheduled or no attendance"),
    field("incidents", "setting", Text, &[], "urban or rural; blank is urban"),
    field(
        "incidents",
        "attended",
        Flag,
        &["first_arrived_at"],
        "a first arrival on or before the data date; blank where the arrival is invalid",
    ),
    field(
        "incidents",
        "arrival_minutes",
        Number,
        &["first_arrived_at"],
        "minutes from opening to first arrival, 0 at least",
    ),
    field("calls", "received_at", Time, &[], "when the call was received"),
    field("calls", "line", Text, &[], "999 or 101"),
    field(
        "calls",
        "answered",
        Flag,
        &["answered_at"],
        "answered on or before the data date; blank where the time of the answer cannot be read",
    ),
    field(
        "calls",
        "answer_seconds",
        Number,
        &["answered_at"],
        "seconds from receipt to answer; blank where the answer comes before the receipt",
    ),
    field(
        "calls",
        "talk_seconds",
        Number,
        &["answered_at", "ended_at"],
        "seconds from answer to end; blank where the end comes before the answer",
    ),
    field(
        "calls",
        "abandoned_seconds",
        Number,
        &["answered_at", "ended_at"],
        "seconds from receipt to the end of a call that was not answered",
    ),
    field("surveys", "surveyed_at", Time, &[], "when the victim was surveyed"),
    field(
        "surveys",
        "contact",
        Number,
        &["contact"],
        "ease of contact, 1 completely satisfied to 7 completely dissatisfied",
    ),
    field("surveys", "action", Number, &["action"], "actions taken, 1 to 7"),
    field("surveys", "informed", Number, &["informed"], "kept informed, 1 to 7"),
    field("surveys", "treatment", Number, &["treatment"], "treatment, 1 to 7"),
    field("surveys", "overall", Number, &["overall"], "whole experience, 1 to 7"),
    field("surveys", "weight", Number, &[], "survey weight; absent is 1, and blank where it cannot be one"),
    field("victim_contacts", "recorded_at", Time, &["crimes.recorded_at"], "when the linked crime was recorded"),
    field("victim_contacts", "counts", Flag, &["crimes.recorded_at"], "linked to a crime that is not cancelled"),
    field(
        "victim_contacts",
        "update_due",
        Flag,
        &["first_update_at"],
        "the due day of the first update has ended by the data date",
    ),
    field(
        "victim_contacts",
        "updated_on_time",
        Flag,
        &["first_update_at"],
        "first update by the end of the due day, or before the recording",
    ),
    field(
        "victim_contacts",
        "needs_assessed",
        Flag,
        &["needs_assessed_at"],
        "needs assessed on or before the data date",
    ),
];

/// Columns that fields are made from and can do without: extract, field, columns.
const ALSO_READ: [(&str, &str, &[&str]); 4] = [
    ("crimes", "cancelled", &["cancelled_at"]),
    ("victim_contacts", "counts", &["crime_ref", "crimes.cancelled_at"]),
    ("victim_contacts", "update_due", &["enhanced", "crimes.recorded_at"]),
    ("victim_contacts", "updated_on_time", &["enhanced", "crimes.recorded_at"]),
];

/// Extract and source column of everything that a field is made from. A field that is its column has its name.
pub fn columns_read<'n>(extract: &'n str, field: &'n str) -> impl Iterator<Item = (&'n str, &'n str)> {
    let needs = find(extract, field).map_or(&[][..], |f| f.needs);
    let also = ALSO_READ.iter().find(|(e, f, _)| *e == extract && *f == field).map_or(&[][..], |(.., also)| also);
    let named = needs.iter().chain(also).map(move |name| name.split_once('.').unwrap_or((extract, name)));
    std::iter::once((extract, field)).chain(named)
}

/// A reference that leads to a record of another extract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub extract: &'static str,
    pub column: &'static str,
    pub to: &'static str,
    /// The conformed column that says whether it leads anywhere.
    pub found: &'static str,
}

const fn link(extract: &'static str, column: &'static str, to: &'static str, found: &'static str) -> Link {
    Link { extract, column, to, found }
}

/// Every link between extracts.
pub const LINKS: [Link; 4] = [
    link("calls", "incident_ref", "incidents", "has_incident"),
    link("crimes", "incident_ref", "incidents", "has_incident"),
    link("surveys", "crime_ref", "crimes", "crime_found"),
    link("victim_contacts", "crime_ref", "crimes", "crime_found"),
];

/// The field of an extract by name.
pub fn find(extract: &str, name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|f| f.extract == extract && f.name == name)
}
