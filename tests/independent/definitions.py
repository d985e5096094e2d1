"""What the catalogue says, as data: extracts, levels, scopes and metrics.

Written from the design documents alone. Nothing here is read from the Rust
sources or from the metric files that the pipeline itself reads.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Extract:
    """One kind of extract. `time` is a required time, or None; a row after the data date is kept out by
    it unless `may_lie_ahead`."""

    columns: tuple[str, ...]
    required: tuple[str, ...]
    key: tuple[str, ...]
    time: str | None
    code: str | None = None
    code_values: tuple[str, ...] = ()
    code_rule: str | None = None
    may_lie_ahead: bool = False


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


EXTRACTS = {
    "crimes": Extract(
        columns=_columns(
            "crime_ref recorded_at offence_code incident_ref force reported_at occurred_from occurred_to"
            " area department team officer supervisor victim_ref victim_type domestic_abuse hate_crime"
            " repeat_victim cancelled_at outcome_type outcome_at review_due_at bail_until limit_at updated_at"
        ),
        required=("crime_ref", "recorded_at"),
        key=("force", "crime_ref"),
        time="recorded_at",
    ),
    "outcomes": Extract(
        columns=_columns("crime_ref outcome_type outcome_at force officer"),
        required=("crime_ref", "outcome_type", "outcome_at"),
        key=("force", "crime_ref", "outcome_type", "outcome_at"),
        time="outcome_at",
    ),
    "incidents": Extract(
        columns=_columns(
            "incident_ref opened_at grade force area setting opening_code closing_code first_dispatched_at"
            " first_arrived_at closed_at domestic_abuse updated_at"
        ),
        required=("incident_ref", "opened_at", "grade"),
        key=("force", "incident_ref"),
        time="opened_at",
        code="grade",
        code_values=("immediate", "priority", "scheduled", "no attendance"),
        code_rule="unknown_grade",
    ),
    "calls": Extract(
        columns=_columns("call_ref line received_at answered_at ended_at incident_ref force"),
        required=("call_ref", "line", "received_at"),
        key=("force", "call_ref"),
        time="received_at",
        code="line",
        code_values=("999", "101"),
        code_rule="unknown_line",
    ),
    "surveys": Extract(
        columns=_columns(
            "response_ref surveyed_at crime_ref force contact action informed treatment overall weight"
        ),
        required=("response_ref", "surveyed_at"),
        key=("force", "response_ref"),
        time="surveyed_at",
    ),
    "victim_contacts": Extract(
        columns=_columns(
            "crime_ref force enhanced needs_assessed_at first_update_at statement_offered_at outcome_informed_at"
        ),
        required=("crime_ref",),
        key=("force", "crime_ref"),
        time=None,
    ),
    "people": Extract(
        columns=_columns("officer team valid_from force valid_to department area supervisor"),
        required=("officer", "team", "valid_from"),
        key=("force", "officer", "valid_from"),
        time="valid_from",
        may_lie_ahead=True,
    ),
}

# Level -> the column that names the unit.
UNIT_COLUMNS = ("force", "area", "department", "team", "supervisor", "officer")

# Scope kind -> (scope text, row condition), both SQL over a facts table.
SCOPES = {
    "all": ("'all'", "true"),
    "domestic_abuse": ("'domestic_abuse'", "domestic_abuse"),
    "hate_crime": ("'hate_crime'", "hate_crime"),
    "group": ("offence_group", "offence_group IS NOT NULL"),
    "subgroup": ("'subgroup: ' || offence_subgroup", "offence_subgroup IS NOT NULL"),
}

EVERY_SCOPE = tuple(SCOPES)
# "Crime and victim metrics: force and area in every scope; department and team in all, the
# groups and domestic_abuse; supervisor and officer in all."
CRIME_LEVELS = {
    "force": EVERY_SCOPE,
    "area": EVERY_SCOPE,
    "department": ("all", "group", "domestic_abuse"),
    "team": ("all", "group", "domestic_abuse"),
    "supervisor": ("all",),
    "officer": ("all",),
}
INCIDENT_LEVELS = {"force": ("all",), "area": ("all",)}
CALL_LEVELS = {"force": ("all",)}

DEFAULT_SET = "positive_excluding_tic"
SOLVED_SETS = {
    DEFAULT_SET: ("1", "2", "3", "6", "7", "8", "22"),
    "legacy": ("1", "2", "3", "4", "6", "7", "8"),
    "sanction_detection": ("1", "2", "3", "4", "6", "7"),
}
OUT_OF_COURT = ("2", "3", "6", "7", "8", "22")  # 2A and 3A come in by their parent

SURVEY_QUESTIONS = ("contact", "action", "informed", "treatment", "overall")


@dataclass(frozen=True)
class Metric:
    """`numerator` and `denominator` name columns of the facts table `facts`; for a quantile,
    `numerator` is the quantile and `denominator` the column whose rows it is taken over."""

    id: str
    kind: str
    facts: str
    numerator: str | float
    denominator: str | None = None
    needs: tuple[str, ...] = ()
    basis: str | None = None
    solved_set: str | None = None
    weights: tuple[str, str] | None = None


def _solved(metric, kind, numerator, denominator, basis, needs):
    """One metric for each solved set."""
    return [
        Metric(metric, kind, "crimes", numerator.format(set=name), denominator, needs, basis, name)
        for name in SOLVED_SETS
    ]


TYPE = ("crimes.outcome_type",)
TYPE_AND_TIME = ("crimes.outcome_type", "crimes.outcome_at")
ANSWERED = ("calls.answered_at",)
ARRIVED = ("incidents.first_arrived_at",)

METRICS = [
    Metric("calls_999", "count", "calls", "offered_999"),
    Metric("calls_101", "count", "calls", "offered_101"),
    Metric("answered_999_under_10_seconds", "proportion", "calls", "under_10_999", "answered_999", ANSWERED),
    Metric("answer_time_999_mean_seconds", "mean", "calls", "wait_999", "answered_999", ANSWERED),
    Metric("answer_time_999_p90_seconds", "quantile", "calls", 0.9, "wait_999", ANSWERED),
    Metric("abandoned_999_rate", "proportion", "calls", "abandoned_999", "abandoned_base_999", ANSWERED),
    Metric("abandoned_101_rate", "proportion", "calls", "abandoned_101", "abandoned_base_101", ANSWERED),
    Metric("answer_time_101_mean_seconds", "mean", "calls", "wait_101", "answered_101", ANSWERED),
    Metric("immediate_attended_in_target", "proportion", "incidents", "in_target", "in_target_base", ARRIVED),
    Metric("immediate_unattended", "proportion", "incidents", "unattended", "unattended_base", ARRIVED),
    Metric("immediate_attendance_median_minutes", "quantile", "incidents", 0.5, "immediate_minutes", ARRIVED),
    Metric("priority_attended_in_60_minutes", "proportion", "incidents", "priority_in_60", "priority_attended", ARRIVED),
    Metric("crimes_recorded", "count", "crimes", "net"),
    Metric("crimes_per_1000", "rate", "crimes", "net"),
    Metric("crimes_cancelled", "proportion", "crimes", "cancelled", "gross", ("crimes.cancelled_at",)),
    Metric("recorded_within_24h", "proportion", "crimes", "within_24h", "linked",
           ("crimes.incident_ref", "incidents.opened_at")),
    *_solved("solved_rate_closed", "ratio", "closed_{set}", "net_closed_base", "closed", TYPE_AND_TIME),
    *_solved("solved_rate_recorded", "proportion", "recorded_{set}", "net", "recorded", TYPE),
    *_solved("solved_within_90_days", "proportion", "within_90_{set}", "within_90_base", "recorded", TYPE_AND_TIME),
    Metric("charge_rate_closed", "ratio", "crimes", "closed_charge", "net_closed_base", TYPE_AND_TIME, "closed"),
    Metric("charge_rate_recorded", "proportion", "crimes", "recorded_charge", "net", TYPE, "recorded"),
    Metric("out_of_court_rate_closed", "ratio", "crimes", "closed_out_of_court", "net_closed_base", TYPE_AND_TIME, "closed"),
    Metric("out_of_court_rate_recorded", "proportion", "crimes", "recorded_out_of_court", "net", TYPE, "recorded"),
    Metric("no_suspect_rate", "proportion", "crimes", "no_suspect", "net", TYPE, "recorded"),
    Metric("victim_not_supporting_rate", "proportion", "crimes", "victim_not_supporting", "net", TYPE, "recorded"),
    Metric("not_assigned_rate", "proportion", "crimes", "not_assigned", "net", TYPE, "recorded"),
    *[
        Metric("days_to_solved_median", "quantile", "crimes", 0.5, f"days_{name}", TYPE_AND_TIME, "closed", name)
        for name in SOLVED_SETS
    ],
    Metric("open_over_90_days", "stock", "stock", "over_90", "open", TYPE_AND_TIME),
    *[
        Metric(f"satisfied_{q}", "proportion", "surveys", f"satisfied_{q}", f"valid_{q}", (f"surveys.{q}",),
               weights=(f"satisfied_weight_{q}", f"valid_weight_{q}"))
        for q in SURVEY_QUESTIONS
    ],
    Metric("updated_on_time", "proportion", "contacts", "updated_in_time", "update_due",
           ("victim_contacts.first_update_at",)),
    Metric("needs_assessed", "proportion", "contacts", "needs_assessed", "needs_base",
           ("victim_contacts.needs_assessed_at",)),
]

# Facts table -> (levels and scopes, the extract whose rows date its months).
FACTS = {
    "calls": (CALL_LEVELS, "calls"),
    "incidents": (INCIDENT_LEVELS, "incidents"),
    "crimes": (CRIME_LEVELS, "crimes"),
    "stock": (CRIME_LEVELS, "crimes"),
    "surveys": (CRIME_LEVELS, "surveys"),
    "contacts": (CRIME_LEVELS, "crimes"),
}
