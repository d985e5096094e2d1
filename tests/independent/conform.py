"""Stage 3: accepted rows -> one table of facts for each subject.

A facts table has a row for each event with the unit and scope columns, `month`, and numeric
columns that are counted or summed. A null in a column means: this row is in no part of that
measure. A quantile is taken over the values of its column that are not null.
"""

from datetime import date
from pathlib import Path

from definitions import OUT_OF_COURT, SOLVED_SETS, SURVEY_QUESTIONS

CELL = ("force, area, department, team, supervisor, officer, domestic_abuse, hate_crime,"
        " offence_group, offence_subgroup")

FLAG_MACROS = [
    """CREATE MACRO flag(t) AS CASE WHEN lower(t) IN ('y', 'yes', 'true', '1') THEN true
        WHEN lower(t) IN ('n', 'no', 'false', '0') THEN false END""",
    "CREATE MACRO bad_flag(t) AS t IS NOT NULL AND flag(t) IS NULL",
    # Has it happened by the data date? `u` is a resolved time, the data date a variable.
    "CREATE MACRO happened(u) AS civil_day(u) <= getvariable('data_date')",
    # A strand's name counts as yes.
    "CREATE MACRO hate_flag(t) AS t IS NOT NULL AND COALESCE(flag(t), true)",
    "CREATE MACRO organisation(t) AS COALESCE(t, 'unallocated')",
]


def load_references(con, find, data_date: date) -> None:
    """`find` gives the path of a reference file."""
    for macro in FLAG_MACROS:
        con.execute(macro)
    con.execute(f"SET VARIABLE data_date = DATE '{data_date}'")
    con.execute(f"""CREATE TABLE offences AS
        SELECT upper(trim(offence_code)) AS code, trim(offence_group) AS offence_group,
            trim(subgroup_current_guess) AS offence_subgroup
        FROM read_csv('{find("offence_groups.csv")}', all_varchar = true)""")
    con.execute(f"""CREATE TABLE outcome_types AS
        SELECT upper(trim(outcome_type)) AS type, record_level_parent AS parent, row_number() OVER () AS place
        FROM read_csv('{find("outcome_types.csv")}', all_varchar = true, parallel = false)
        WHERE outcome_type <> '0'""")
    con.execute(f"""CREATE TABLE holidays AS
        SELECT DISTINCT CAST(date AS DATE) AS day FROM read_csv('{find("bank_holidays.csv")}', all_varchar = true)
        WHERE division = 'england-and-wales'""")
    load_populations(con, find("populations.csv"))


def load_populations(con, path: Path | None) -> None:
    con.execute("CREATE TABLE populations (force VARCHAR, estimate_date DATE, residents BIGINT, suspect BOOLEAN)")
    if path:
        con.execute(f"""INSERT INTO populations
            SELECT lower(trim(force)), CAST(estimate_date AS DATE), CAST(residents AS BIGINT), COALESCE(flag(suspect), false)
            FROM read_csv('{path}', all_varchar = true)""")


def conform_incidents(con) -> None:
    """An arrival up to 60 minutes before opening is 0 minutes; earlier, or unreadable, is bad."""
    con.execute("""
        CREATE TABLE incidents AS
        SELECT force, incident_ref, time_utc AS opened_utc, month_of(time_utc) AS month,
            organisation(area) AS area, lower(grade) AS grade, lower(COALESCE(setting, 'urban')) AS setting,
            unreadable(first_arrived_at) AS arrival_unreadable,
            reading_after(first_arrived_at, time_utc) AS arrived_utc
        FROM accepted_incidents""")
    con.execute("""
        CREATE TABLE facts_incidents AS
        WITH timed AS (
            SELECT *, epoch(arrived_utc - opened_utc) / 60 AS minutes_after FROM incidents),
        judged AS (
            SELECT *,
                COALESCE(arrival_unreadable OR minutes_after < -60, false) AS arrival_bad,
                CASE WHEN minutes_after >= -60 AND happened(arrived_utc) THEN greatest(minutes_after, 0) END AS minutes
            FROM timed)
        SELECT force, area, month,
            CASE WHEN grade = 'immediate' AND setting IN ('urban', 'rural') AND minutes IS NOT NULL
                THEN CAST(minutes <= CASE setting WHEN 'rural' THEN 20 ELSE 15 END AS INTEGER) END AS in_target,
            in_target * 0 + 1 AS in_target_base,
            CASE WHEN grade = 'immediate' AND NOT arrival_bad THEN CAST(minutes IS NULL AS INTEGER) END AS unattended,
            unattended * 0 + 1 AS unattended_base,
            CASE WHEN grade = 'immediate' THEN minutes END AS immediate_minutes,
            CASE WHEN grade = 'priority' AND minutes IS NOT NULL THEN CAST(minutes <= 60 AS INTEGER) END AS priority_in_60,
            priority_in_60 * 0 + 1 AS priority_attended
        FROM judged""")


def conform_calls(con) -> None:
    """answered: at or after the call, by the data date. Answered before received: no wait and not
    abandoned, but offered. Unreadable: in no measure that needs the answer."""
    lines = ", ".join(f"""
        CASE WHEN line = '{line}' THEN 1 END AS offered_{line},
        CASE WHEN line = '{line}' AND wait >= 0 THEN 1 END AS answered_{line},
        CASE WHEN line = '{line}' AND wait >= 0 THEN wait END AS wait_{line},
        CASE WHEN line = '{line}' AND wait >= 0 THEN CAST(wait < 10 AS INTEGER) END AS under_10_{line},
        CASE WHEN line = '{line}' AND NOT answer_unreadable THEN CAST(wait IS NULL AS INTEGER) END AS abandoned_{line},
        CASE WHEN line = '{line}' AND NOT answer_unreadable THEN 1 END AS abandoned_base_{line}"""
                      for line in ("999", "101"))
    con.execute(f"""
        CREATE TABLE facts_calls AS
        WITH answers AS (
            SELECT force, line, time_utc AS received_utc, unreadable(answered_at) AS answer_unreadable,
                reading_after(answered_at, time_utc) AS answered_utc
            FROM accepted_calls),
        waits AS (
            SELECT *, CASE WHEN happened(answered_utc) THEN epoch(answered_utc - received_utc) END AS wait FROM answers)
        SELECT force, month_of(received_utc) AS month, {lines} FROM waits""")


def choose_outcomes(con, history: bool) -> None:
    """The one outcome of each crime: the latest by the data date, on a tie the earlier in the list of
    types (an unknown type comes last). Also the first outcome's time, for the stock of open crimes."""
    if history:
        source = """SELECT force, crime_ref, outcome_type, outcome_at FROM accepted_outcomes"""
    else:
        source = """SELECT force, crime_ref, outcome_type, outcome_at FROM accepted_crimes"""
    con.execute(f"""
        CREATE TABLE outcomes AS
        WITH given AS (
            SELECT force, crime_ref, ltrim(upper(outcome_type), '0') AS type,
                unreadable(outcome_at) AS time_bad, first_reading(outcome_at) AS outcome_utc
            FROM ({source})),
        happened_by_then AS (
            SELECT * FROM given
            WHERE type <> '' AND (outcome_utc IS NULL OR happened(outcome_utc))),
        ranked AS (
            SELECT g.*, t.parent, row_number() OVER (
                PARTITION BY g.force, g.crime_ref
                ORDER BY outcome_utc DESC NULLS LAST, t.place NULLS LAST, g.type) AS place_in_crime,
                min(london(outcome_utc)) OVER (PARTITION BY g.force, g.crime_ref) AS first_outcome_civil
            FROM happened_by_then g LEFT JOIN outcome_types t ON t.type = g.type)
        SELECT force, crime_ref, type, COALESCE(parent, 'unmapped') AS parent, time_bad,
            london(outcome_utc) AS outcome_civil, first_outcome_civil
        FROM ranked WHERE place_in_crime = 1""")


def conform_posts(con) -> None:
    """Table `posts`: for each accepted crime whose officer held a post on the civil day of recording, the
    units of that post. Both the day of valid_from and that of valid_to are days of the post. Of several
    posts on a day, the one that began last; where those that began last do not agree, or the end of one
    of them is unreadable or before its start, nothing is known and the units are unallocated."""
    con.execute("""
        CREATE TABLE posts AS
        WITH stated AS (
            SELECT force, officer, london(time_utc) AS begins, civil_day(time_utc) AS first_day,
                civil_day(first_reading(valid_to)) AS stated_last,
                unreadable(valid_to) OR COALESCE(stated_last < first_day, false) AS end_bad,
                CASE WHEN NOT end_bad THEN stated_last END AS last_day,
                organisation(area) AS area, organisation(department) AS department,
                organisation(team) AS team, organisation(supervisor) AS supervisor
            FROM accepted_people),
        on_the_day AS (
            SELECT c.force, c.crime_ref, s.* EXCLUDE (force)
            FROM accepted_crimes c JOIN stated s ON s.force = c.force AND s.officer = c.officer
                AND civil_day(c.time_utc) >= s.first_day
                AND (s.last_day IS NULL OR civil_day(c.time_utc) <= s.last_day)),
        latest AS (
            SELECT * FROM on_the_day QUALIFY begins = max(begins) OVER (PARTITION BY force, crime_ref))
        SELECT force, crime_ref,
            bool_or(end_bad) OR count(DISTINCT (area, department, team, supervisor)) > 1 AS unknown,
            CASE WHEN unknown THEN 'unallocated' ELSE min(area) END AS area,
            CASE WHEN unknown THEN 'unallocated' ELSE min(department) END AS department,
            CASE WHEN unknown THEN 'unallocated' ELSE min(team) END AS team,
            CASE WHEN unknown THEN 'unallocated' ELSE min(supervisor) END AS supervisor
        FROM latest GROUP BY force, crime_ref""")


def conform_crimes(con, has_incidents: bool) -> None:
    """Each accepted crime with its units, classes, link and outcome. `net` is null where the
    cancellation cannot be read."""
    opened = "CAST(NULL AS TIMESTAMP) AS opened_utc"
    link = ""
    if has_incidents:
        opened = "i.opened_utc"
        link = "LEFT JOIN incidents i ON i.force = c.force AND i.incident_ref = c.incident_ref"
    con.execute(f"""
        CREATE TABLE crimes AS
        SELECT c.force, c.crime_ref,
            organisation(COALESCE(c.area, p.area)) AS area,
            organisation(COALESCE(c.department, p.department)) AS department,
            organisation(COALESCE(c.team, p.team)) AS team,
            organisation(COALESCE(c.supervisor, p.supervisor)) AS supervisor, organisation(c.officer) AS officer,
            COALESCE(flag(c.domestic_abuse), false) AS domestic_abuse, hate_flag(c.hate_crime) AS hate_crime,
            COALESCE(o.offence_group, 'unmapped') AS offence_group, o.offence_subgroup,
            c.recorded_at, c.time_utc AS recorded_utc, london(c.time_utc) AS recorded_civil, month_of(c.time_utc) AS month,
            CASE WHEN unreadable(c.cancelled_at) THEN NULL
                ELSE (c.cancelled_at IS NULL OR NOT happened(first_reading(c.cancelled_at))) END AS net,
            {opened},
            u.type AS outcome_type, u.parent AS outcome_parent, u.outcome_civil, u.first_outcome_civil,
            COALESCE(u.time_bad, false) AS outcome_time_bad
        FROM accepted_crimes c
        LEFT JOIN offences o ON o.code = upper(c.offence_code)
        LEFT JOIN outcomes u ON u.force = c.force AND u.crime_ref = c.crime_ref
        LEFT JOIN posts p ON p.force = c.force AND p.crime_ref = c.crime_ref
        {link}""")


def crime_facts(con) -> None:
    """Two rows for a crime: by the month of recording, and by the month of its outcome."""
    in_set = {name: f"outcome_parent IN {types}" for name, types in SOLVED_SETS.items()}
    charge, out_of_court = "outcome_parent IN ('1')", f"outcome_parent IN {OUT_OF_COURT}"

    def one_if(condition, where="net"):
        return f"CASE WHEN {where} THEN CAST(COALESCE({condition}, false) AS INTEGER) END"

    timely = "net AND NOT outcome_time_bad"
    recorded = [
        "CASE WHEN net IS NOT NULL THEN 1 END AS gross",
        "CASE WHEN net THEN 1 END AS net",
        "CASE WHEN net IS NOT NULL THEN CAST(NOT net AS INTEGER) END AS cancelled",
        one_if("reading_after(recorded_at, opened_utc) <= opened_utc + INTERVAL 24 HOUR", "net AND opened_utc IS NOT NULL")
        + " AS within_24h",
        "CASE WHEN net AND opened_utc IS NOT NULL THEN 1 END AS linked",
        one_if(charge) + " AS recorded_charge",
        one_if(out_of_court) + " AS recorded_out_of_court",
        one_if("outcome_type = '18'") + " AS no_suspect",
        one_if("outcome_type IN ('14', '16')") + " AS victim_not_supporting",
        one_if("outcome_type IS NULL") + " AS not_assigned",
        f"CASE WHEN {timely} THEN 1 END AS net_closed_base",
        f"CASE WHEN {timely} THEN 1 END AS within_90_base",
    ]
    closed = [
        f"CASE WHEN {charge} THEN 1 END AS closed_charge",
        f"CASE WHEN {out_of_court} THEN 1 END AS closed_out_of_court",
    ]
    for name, condition in in_set.items():
        recorded.append(one_if(condition) + f" AS recorded_{name}")
        recorded.append(
            one_if(f"{condition} AND outcome_civil <= recorded_civil + INTERVAL 90 DAY", timely) + f" AS within_90_{name}")
        closed.append(f"CASE WHEN {condition} THEN 1 END AS closed_{name}")
        closed.append(
            f"CASE WHEN {condition} THEN greatest(epoch(outcome_civil - recorded_civil) / 86400, 0) END AS days_{name}")
    con.execute(f"""
        CREATE TABLE facts_crimes AS
        SELECT {CELL}, month, {", ".join(recorded)} FROM crimes
        UNION ALL BY NAME
        SELECT {CELL}, CAST(date_trunc('month', outcome_civil) AS DATE) AS month, {", ".join(closed)}
        FROM crimes WHERE net AND outcome_type IS NOT NULL AND outcome_civil IS NOT NULL""")


def stock_facts(con, first_month: date) -> None:
    """A row for each net crime and each month at whose end it had no outcome, from the extract's 13th
    month on. The end of a month is midnight after its last day, or after the data date."""
    con.execute(f"""
        CREATE TABLE facts_stock AS
        WITH months AS (
            SELECT CAST(m AS DATE) AS month,
                CAST(least(last_day(CAST(m AS DATE)), getvariable('data_date')) + 1 AS TIMESTAMP) AS ends
            FROM generate_series(DATE '{first_month}' + INTERVAL 12 MONTH, getvariable('data_date'), INTERVAL 1 MONTH) s(m))
        SELECT {CELL}, months.month, 1 AS open,
            CAST(recorded_civil < months.ends - INTERVAL 90 DAY AS INTEGER) AS over_90
        FROM crimes JOIN months ON recorded_civil < months.ends
        WHERE net AND NOT outcome_time_bad AND (first_outcome_civil IS NULL OR first_outcome_civil >= months.ends)""")


SATISFACTION_LABELS = {
    "completely satisfied": 1,
    "very satisfied": 2,
    "fairly satisfied": 3,
    "neither satisfied nor dissatisfied": 4,
    "neither": 4,
    "fairly dissatisfied": 5,
    "very dissatisfied": 6,
    "completely dissatisfied": 7,
}


def _answer_sql(column: str) -> str:
    labels = " ".join(f"WHEN '{label}' THEN {score}" for label, score in SATISFACTION_LABELS.items())
    return f"""CASE lower({column}) {labels} ELSE
        CASE WHEN regexp_full_match({column}, '[1-7]([.]0+)?') THEN CAST(left({column}, 1) AS INTEGER) END END"""


def survey_facts(con, weighted: bool) -> None:
    """A blank weight is 1; one that is no number above 0 takes its row out of every question."""
    weight = "1.0"
    if weighted:
        weight = """CASE WHEN s.weight IS NULL THEN 1.0 WHEN TRY_CAST(s.weight AS DOUBLE) > 0
            AND isfinite(TRY_CAST(s.weight AS DOUBLE)) THEN TRY_CAST(s.weight AS DOUBLE) END"""
    answers = ", ".join(f"{_answer_sql('s.' + q)} AS score_{q}" for q in SURVEY_QUESTIONS)
    columns = ", ".join(f"""
        CASE WHEN w > 0 AND score_{q} IS NOT NULL THEN 1 END AS valid_{q},
        CASE WHEN w > 0 THEN CAST(score_{q} <= 3 AS INTEGER) END AS satisfied_{q},
        CASE WHEN score_{q} IS NOT NULL THEN w END AS valid_weight_{q},
        CASE WHEN score_{q} <= 3 THEN w END AS satisfied_weight_{q}""" for q in SURVEY_QUESTIONS)
    con.execute(f"""
        CREATE TABLE facts_surveys AS
        WITH linked AS (
            SELECT s.force, organisation(c.area) AS area, organisation(c.department) AS department,
                organisation(c.team) AS team, organisation(c.supervisor) AS supervisor,
                organisation(c.officer) AS officer, COALESCE(c.domestic_abuse, false) AS domestic_abuse,
                COALESCE(c.hate_crime, false) AS hate_crime, c.offence_group, c.offence_subgroup,
                month_of(s.time_utc) AS month, {weight} AS w, {answers}
            FROM accepted_surveys s LEFT JOIN crimes c ON c.force = s.force AND c.crime_ref = s.crime_ref)
        SELECT {CELL}, month, {columns} FROM linked""")


def number_working_days(con) -> None:
    """Each day from the first crime's on, with the number of working days up to and including it."""
    con.execute("""
        CREATE TABLE working_days AS
        WITH bounds AS (SELECT CAST(min(recorded_civil) AS DATE) AS first, CAST(max(recorded_civil) AS DATE) AS last FROM crimes),
        days AS (
            SELECT CAST(d AS DATE) AS day FROM bounds, generate_series(first, last + 31, INTERVAL 1 DAY) s(d))
        SELECT day, isodow(day) <= 5 AND day NOT IN (SELECT day FROM holidays) AS working,
            sum(CAST(isodow(day) <= 5 AND day NOT IN (SELECT day FROM holidays) AS INTEGER)) OVER (ORDER BY day) AS number
        FROM days""")


def contact_facts(con) -> None:
    """Due at the end of the 5th working day after the civil day of recording; the 1st if enhanced."""
    con.execute(f"""
        CREATE TABLE facts_contacts AS
        WITH contacts AS (
            SELECT {", ".join("c." + name.strip() for name in CELL.split(","))}, c.month,
                CAST(c.recorded_civil AS DATE) AS recorded_day,
                bad_flag(v.enhanced) AS enhanced_bad, COALESCE(flag(v.enhanced), false) AS enhanced,
                unreadable(v.first_update_at) AS update_bad, first_reading(v.first_update_at) AS update_utc,
                unreadable(v.needs_assessed_at) AS needs_bad, first_reading(v.needs_assessed_at) AS needs_utc
            FROM accepted_victim_contacts v JOIN crimes c ON c.force = v.force AND c.crime_ref = v.crime_ref
            WHERE c.net),
        numbered AS (
            SELECT c.*, w.number + CASE WHEN enhanced THEN 1 ELSE 5 END AS due_number
            FROM contacts c JOIN working_days w ON w.day = c.recorded_day),
        due AS (
            SELECT n.*, w.day AS due_day FROM numbered n JOIN working_days w ON w.working AND w.number = n.due_number)
        SELECT {CELL}, month,
            CASE WHEN NOT enhanced_bad AND NOT update_bad AND due_day <= getvariable('data_date') THEN 1 END AS update_due,
            CASE WHEN update_due = 1 THEN CAST(COALESCE(civil_day(update_utc) <= due_day, false) AS INTEGER) END
                AS updated_in_time,
            CASE WHEN NOT needs_bad THEN 1 END AS needs_base,
            CASE WHEN NOT needs_bad THEN CAST(COALESCE(happened(needs_utc), false) AS INTEGER) END AS needs_assessed
        FROM due""")
