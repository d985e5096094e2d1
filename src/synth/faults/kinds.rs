//! The kinds of fault: one line each.

use Action::{
    Blank, Copy, CopyChanged, CopyUpdated, DropField, ExtraField, LeadingZero, Orphan, Pad, Set, Shift, Spelling,
    SpringGap,
};
use Extract::{Calls, Crimes, Incidents, Surveys, VictimContacts};
use Fate::{Accepted, Duplicate, Quarantined};

use super::super::extract::Extract;

/// Where a record with the fault ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Kept, with a finding or none.
    Accepted,
    Duplicate,
    Quarantined,
}

impl Fate {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Quarantined => "quarantined",
        }
    }
}

#[derive(Debug, PartialEq)]
pub struct FaultKind {
    pub extract: Extract,
    /// Its name in the parameters.
    pub name: &'static str,
    /// The rule it breaks; for one that is not a rule of quarantine, a name for what is found.
    pub rule: &'static str,
    /// The column it is in; empty if it is the row's.
    pub column: &'static str,
    pub fate: Fate,
    pub action: Action,
    pub what: &'static str,
}

/// What is done to a row.
#[derive(Debug, PartialEq)]
pub enum Action {
    DropField,
    ExtraField,
    /// The column is emptied.
    Blank,
    /// The column takes one of these in turn.
    Set(&'static [&'static str]),
    /// The column takes a reference with this start that no row has, each time another.
    Orphan(&'static str),
    /// The column becomes another column's time and so many seconds; other columns are emptied.
    Shift {
        from: &'static str,
        seconds: i64,
        emptied: &'static [&'static str],
    },
    /// A time of the night of the change, from 02:00 to the end of `last_hour`, in the hour that clocks skip.
    SpringGap {
        last_hour: u32,
    },
    /// Upper case with spaces around; a flag as a word.
    Spelling,
    /// Spaces around.
    Pad,
    LeadingZero,
    /// The row twice.
    Copy,
    /// The row twice, the second with another value of the column.
    CopyChanged(&'static [&'static str]),
    /// The same, `updated_at` of the second so many days later or earlier.
    CopyUpdated {
        values: &'static [&'static str],
        days: i64,
    },
}

impl FaultKind {
    /// Extract and kind, as in the parameters: `calls.line_blank`.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.extract.name(), self.name)
    }

    pub fn needs_spring_gap(&self) -> bool {
        matches!(self.action, SpringGap { .. })
    }
}

const fn kind(
    extract: Extract,
    name: &'static str,
    (rule, column, fate): (&'static str, &'static str, Fate),
    action: Action,
    what: &'static str,
) -> FaultKind {
    FaultKind { extract, name, rule, column, fate, action, what }
}

/// After the last day of any period that can be made.
const FUTURE: &[&str] = &["2099-05-17 09:00:00"];
const UNREADABLE: &[&str] = &["31/02/2025 10:00", "not known", "2025-13-01 10:00:00"];
const OTHER_CODES: &[&str] = &["Contact record", "Concern for safety"];

const RAGGED: (&str, &str, Fate) = ("ragged_row", "", Quarantined);
const COPIED: (&str, &str, Fate) = ("exact_duplicate", "", Duplicate);

const fn missing_key(column: &'static str) -> (&'static str, &'static str, Fate) {
    ("missing_key", column, Quarantined)
}

const fn unparsable(column: &'static str) -> (&'static str, &'static str, Fate) {
    ("unparsable_time", column, Quarantined)
}

const fn future(column: &'static str) -> (&'static str, &'static str, Fate) {
    ("future_time", column, Quarantined)
}

const fn found(rule: &'static str, column: &'static str) -> (&'static str, &'static str, Fate) {
    (rule, column, Accepted)
}

const fn shift(from: &'static str, seconds: i64) -> Action {
    Shift { from, seconds, emptied: &[] }
}

/// Every kind, in the order of the extracts.
#[rustfmt::skip]
pub const KINDS: &[FaultKind] = &[
    kind(Crimes, "field_missing", RAGGED, DropField, "the last field is missing"),
    kind(Crimes, "field_extra", RAGGED, ExtraField, "a field too many"),
    kind(Crimes, "key_blank", missing_key("crime_ref"), Blank, "no crime reference"),
    kind(Crimes, "recorded_blank", unparsable("recorded_at"), Blank, "no time of recording"),
    kind(Crimes, "recorded_unreadable", unparsable("recorded_at"), Set(UNREADABLE), "a time of recording that is none"),
    kind(Crimes, "recorded_in_the_future", future("recorded_at"), Set(FUTURE), "recorded in a year to come"),
    kind(Crimes, "copied_exactly", COPIED, Copy, "the row above once more"),
    kind(Crimes, "copied_with_later_update", ("conflicting_duplicate", "offence_code", Duplicate), CopyUpdated { values: &["46", "45"], days: 1 }, "the row below has the same key, another offence and a later update"),
    kind(Crimes, "copied_with_earlier_update", ("conflicting_duplicate", "offence_code", Duplicate), CopyUpdated { values: &["46", "45"], days: -1 }, "the row above has the same key, another offence and a later update"),
    kind(Crimes, "recorded_in_spring_gap", found("nonexistent_local_time", "recorded_at"), SpringGap { last_hour: 6 }, "recorded in the hour that clocks skip"),
    kind(Crimes, "offence_code_unknown", found("unmapped_offence_code", "offence_code"), Set(&["999X", "8ZZ", "GLOS12"]), "an offence code of no table"),
    kind(Crimes, "offence_code_blank", found("unmapped_offence_code", "offence_code"), Blank, "no offence code"),
    kind(Crimes, "outcome_type_unknown", found("unmapped_outcome_type", "outcome_type"), Set(&["77", "NFA"]), "an outcome type of no table"),
    kind(Crimes, "outcome_without_time", found("outcome_without_time", "outcome_at"), Blank, "an outcome with no time"),
    kind(Crimes, "outcome_time_unreadable", found("unparsable_optional_time", "outcome_at"), Set(&["tbc", "2025-02-30 10:00:00"]), "a time of outcome that is none"),
    kind(Crimes, "outcome_before_recording", found("outcome_before_recording", "outcome_at"), shift("recorded_at", -259_200), "an outcome three days before the recording"),
    kind(Crimes, "cancelled_before_recording", found("cancelled_before_recording", "cancelled_at"), shift("recorded_at", -172_800), "cancelled two days before the recording"),
    kind(Crimes, "incident_orphan", found("orphan_link", "incident_ref"), Orphan("IN9901-"), "an incident that is in no extract"),
    kind(Crimes, "flag_unreadable", found("unreadable_flag", "domestic_abuse"), Set(&["maybe", "?"]), "a flag that is neither yes nor no"),
    kind(Crimes, "victim_type_unknown", found("unknown_code", "victim_type"), Set(&["charity"]), "a type of victim not in the list"),
    kind(Crimes, "spelling_varied", found("spelling", "victim_type"), Spelling, "upper case and spaces around; reads as usual"),
    kind(Crimes, "flag_as_word", found("spelling", "domestic_abuse"), Spelling, "yes or no as a word with a space; reads as usual"),
    kind(Crimes, "area_padded", found("spelling", "area"), Pad, "spaces around an area's name; reads as usual"),
    kind(Crimes, "outcome_type_with_leading_zero", found("spelling", "outcome_type"), LeadingZero, "a leading zero; reads as usual"),
    kind(Crimes, "team_like_a_formula", found("text_like_a_formula", "team"), Set(&["=1+1 Response", "@SUM(A1:A9)", "+44 Response", "-1 Response"]), "a team's name that a spreadsheet would take for a formula"),
    kind(Crimes, "officer_like_markup", found("text_like_markup", "officer"), Set(&["<b>0417</b>", "&lt;0417"]), "an officer's number that a page would take for markup"),

    kind(Incidents, "field_missing", RAGGED, DropField, "the last field is missing"),
    kind(Incidents, "field_extra", RAGGED, ExtraField, "a field too many"),
    kind(Incidents, "key_blank", missing_key("incident_ref"), Blank, "no incident reference"),
    kind(Incidents, "opened_unreadable", unparsable("opened_at"), Set(UNREADABLE), "a time of opening that is none"),
    kind(Incidents, "opened_in_the_future", future("opened_at"), Set(FUTURE), "opened in a year to come"),
    kind(Incidents, "grade_unknown", ("unknown_grade", "grade", Quarantined), Set(&["grade 9", "routine"]), "a grade not in the list"),
    kind(Incidents, "grade_blank", ("unknown_grade", "grade", Quarantined), Blank, "no grade"),
    kind(Incidents, "copied_exactly", COPIED, Copy, "the row above once more"),
    kind(Incidents, "copied_with_later_update", ("conflicting_duplicate", "closing_code", Duplicate), CopyUpdated { values: OTHER_CODES, days: 1 }, "the row below has the same key, another closing code and a later update"),
    kind(Incidents, "opened_in_spring_gap", found("nonexistent_local_time", "opened_at"), SpringGap { last_hour: 2 }, "opened in the hour that clocks skip"),
    kind(Incidents, "arrival_shortly_before_opening", found("arrival_before_opening_within_60_minutes", "first_arrived_at"), Shift { from: "opened_at", seconds: -900, emptied: &["first_dispatched_at"] }, "arrived 15 minutes before the opening: already at the scene"),
    kind(Incidents, "arrival_long_before_opening", found("arrival_before_opening", "first_arrived_at"), Shift { from: "opened_at", seconds: -7_200, emptied: &["first_dispatched_at"] }, "arrived two hours before the opening: invalid"),
    kind(Incidents, "dispatch_after_arrival", found("dispatch_after_arrival", "first_dispatched_at"), shift("first_arrived_at", 600), "sent ten minutes after the arrival"),
    kind(Incidents, "closed_before_opening", found("closed_before_opening", "closed_at"), shift("opened_at", -1_800), "closed half an hour before the opening"),
    kind(Incidents, "setting_unknown", found("unknown_code", "setting"), Set(&["coastal"]), "a setting not in the list"),
    kind(Incidents, "spelling_varied", found("spelling", "grade"), Spelling, "upper case and spaces around; reads as usual"),
    kind(Incidents, "code_like_a_formula", found("text_like_a_formula", "closing_code"), Set(&["=HYPERLINK(\"https://example.invalid\")", "+1", "-1+2"]), "a code that a spreadsheet would take for a formula"),
    kind(Incidents, "code_with_line_break", found("text_with_line_break", "closing_code"), Set(&["Resolved \"at scene\",\nno further action"]), "a line break, a comma and quotes within one field"),

    kind(Calls, "field_missing", RAGGED, DropField, "the last field is missing"),
    kind(Calls, "field_extra", RAGGED, ExtraField, "a field too many"),
    kind(Calls, "key_blank", missing_key("call_ref"), Blank, "no call reference"),
    kind(Calls, "received_unreadable", unparsable("received_at"), Set(UNREADABLE), "a time of receipt that is none"),
    kind(Calls, "received_in_the_future", future("received_at"), Set(FUTURE), "received in a year to come"),
    kind(Calls, "line_unknown", ("unknown_line", "line", Quarantined), Set(&["112", "switchboard"]), "a line not in the list"),
    kind(Calls, "line_blank", ("unknown_line", "line", Quarantined), Blank, "no line"),
    kind(Calls, "copied_exactly", COPIED, Copy, "the row above once more"),
    kind(Calls, "copied_with_change", ("conflicting_duplicate", "line", Quarantined), CopyChanged(&["999", "101"]), "two rows of one key on different lines, and no time of update to choose by"),
    kind(Calls, "received_in_spring_gap", found("nonexistent_local_time", "received_at"), SpringGap { last_hour: 2 }, "received in the hour that clocks skip"),
    kind(Calls, "answered_before_received", found("answered_before_received", "answered_at"), shift("received_at", -5), "answered five seconds before it was received"),
    kind(Calls, "incident_orphan", found("orphan_link", "incident_ref"), Orphan("IN9901-"), "an incident that is in no extract"),
    kind(Calls, "spelling_varied", found("spelling", "line"), Pad, "spaces around; reads as usual"),

    kind(Surveys, "field_missing", RAGGED, DropField, "the last field is missing"),
    kind(Surveys, "key_blank", missing_key("response_ref"), Blank, "no response reference"),
    kind(Surveys, "surveyed_unreadable", unparsable("surveyed_at"), Set(UNREADABLE), "a time of survey that is none"),
    kind(Surveys, "surveyed_in_the_future", future("surveyed_at"), Set(FUTURE), "surveyed in a year to come"),
    kind(Surveys, "copied_exactly", COPIED, Copy, "the row above once more"),
    kind(Surveys, "copied_with_change", ("conflicting_duplicate", "overall", Quarantined), CopyChanged(&["1", "7"]), "two rows of one key with different answers, and no time of update to choose by"),
    kind(Surveys, "answer_off_the_scale", found("invalid_answer", "overall"), Set(&["8", "0", "-1"]), "an answer that is not 1 to 7"),
    kind(Surveys, "answer_as_free_text", found("invalid_answer", "informed"), Set(&["they never rang back"]), "an answer in words that no mapping covers"),
    kind(Surveys, "crime_orphan", found("orphan_link", "crime_ref"), Orphan("CR9901-"), "a crime that is in no extract"),
    kind(Surveys, "crime_blank", found("no_link", "crime_ref"), Blank, "no crime reference"),
    kind(Surveys, "weight_unreadable", found("unreadable_number", "weight"), Set(&["n/a"]), "a weight that is no number"),
    kind(Surveys, "spelling_varied", found("spelling", "treatment"), Pad, "spaces around; reads as usual"),

    kind(VictimContacts, "field_missing", RAGGED, DropField, "the last field is missing"),
    kind(VictimContacts, "field_extra", RAGGED, ExtraField, "a field too many"),
    kind(VictimContacts, "key_blank", missing_key("crime_ref"), Blank, "no crime reference"),
    kind(VictimContacts, "copied_exactly", COPIED, Copy, "the row above once more"),
    kind(VictimContacts, "copied_with_change", ("conflicting_duplicate", "enhanced", Quarantined), CopyChanged(&["Y", "N"]), "two rows of one key that differ, and no time of update to choose by"),
    kind(VictimContacts, "crime_orphan", found("orphan_link", "crime_ref"), Orphan("CR9901-"), "a crime that is in no extract"),
    kind(VictimContacts, "update_before_recording", found("update_before_recording", "first_update_at"), shift("first_update_at", -34_560_000), "an update long before the crime was recorded; counts as on time"),
    kind(VictimContacts, "update_unreadable", found("unparsable_optional_time", "first_update_at"), Set(UNREADABLE), "a time of update that is none"),
    kind(VictimContacts, "enhanced_unreadable", found("unreadable_flag", "enhanced"), Set(&["maybe"]), "a flag that is neither yes nor no"),
];
