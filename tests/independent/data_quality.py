"""The data-quality counts of a build once more, from the extracts and docs/methods.md alone.

    python data_quality.py EXTRACTS BUILD --force gloucestershire

Compares every numerator and denominator of tables/data_quality.parquet and tables/recording_practice.parquet with the
second engine's; exit 1 if a cell differs or a row stands on one side alone. Grades and words are not recomputed.
"""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb

import clock
import conform
import fates
import recompute

PERSON, VICTIM = "lower(victim_type) = 'person'", "lower(victim_type) IN ('person', 'business')"
WORDS = {
    "victim_type": ("person", "business", "state"),
    "setting": ("urban", "rural"),
}
SCORES = ("contact", "action", "informed", "treatment", "overall")
NO_ANSWER = "lower({0}) NOT IN ('don''t know', 'refused', 'not applicable')"


def filled(column, where="true"):
    return column, "completeness", where, f"{column} IS NOT NULL"


def readable(column, met):
    return column, "validity", f"{column} IS NOT NULL", met


def time(column):
    return readable(column, f"NOT unreadable({column})")


def flag(column):
    return readable(column, f"NOT bad_flag({column})")


def code(column):
    return readable(column, f"lower({column}) IN {WORDS[column]}")


def score(column):
    answer = conform._answer_sql(column)
    return column, "validity", f"{column} IS NOT NULL AND {NO_ANSWER.format(column)}", f"({answer}) IS NOT NULL"


def by_then(column):
    return f"COALESCE(happened(first_reading({column})), false)"


def civil_order(named, earlier, later):
    """On the clock readings."""
    asked = f"{by_then(earlier)} AND {by_then(later)}"
    return named, "consistency", asked, f"london(first_reading({later})) >= london(first_reading({earlier}))"


def line_order(named, earlier, later, minutes=0):
    """On the absolute time line, both after the row's first event."""
    asked = f"{by_then(earlier)} AND {by_then(later)}"
    placed = f"reading_after({later}, time_utc) >= reading_after({earlier}, time_utc)"
    return named, "consistency", asked, f"{placed} - INTERVAL {minutes} MINUTE"


MEASURES = {
    "incidents": [
        filled("area"), filled("setting"), filled("opening_code"), filled("closing_code", "closed_at IS NOT NULL"),
        filled("domestic_abuse"), filled("updated_at"),
        code("setting"), flag("domestic_abuse"), time("first_dispatched_at"), time("first_arrived_at"), time("closed_at"),
        time("updated_at"),
        line_order("first_dispatched_at", "first_dispatched_at", "first_arrived_at"),
        line_order("first_arrived_at", "opened_at", "first_arrived_at", 60),
        line_order("closed_at", "opened_at", "closed_at"),
    ],
    "calls": [
        filled("ended_at"), time("answered_at"), time("ended_at"),
        line_order("answered_at", "received_at", "answered_at"), line_order("ended_at", "answered_at", "ended_at"),
        ("incident_ref", "link_rate", "incident_ref IS NOT NULL",
         "(force, incident_ref) IN (SELECT (force, incident_ref) FROM accepted_incidents)"),
    ],
    "crimes": [
        *[filled(c) for c in ("offence_code", "reported_at", "occurred_from", "area", "department", "team", "officer",
                              "supervisor", "victim_type", "domestic_abuse", "hate_crime", "updated_at")],
        filled("victim_ref", VICTIM), filled("repeat_victim", PERSON),
        filled("outcome_at", "ltrim(upper(outcome_type), '0') <> ''"),
        readable("offence_code", "upper(offence_code) IN (SELECT code FROM offences)"),
        ("outcome_type", "validity", "ltrim(upper(outcome_type), '0') <> ''",
         "ltrim(upper(outcome_type), '0') IN (SELECT type FROM outcome_types)"),
        *[time(c) for c in ("reported_at", "occurred_from", "occurred_to", "cancelled_at", "outcome_at", "updated_at")],
        code("victim_type"), flag("repeat_victim"), flag("domestic_abuse"), readable("hate_crime", "true"),
        civil_order("reported_at", "reported_at", "recorded_at"),
        civil_order("occurred_from", "occurred_from", "reported_at"),
        civil_order("occurred_to", "occurred_from", "occurred_to"),
        civil_order("cancelled_at", "recorded_at", "cancelled_at"),
        civil_order("outcome_at", "recorded_at", "outcome_at"),
        civil_order("updated_at", "recorded_at", "updated_at"),
        ("incident_ref", "link_rate", "incident_ref IS NOT NULL", "opened_utc IS NOT NULL"),
        ("recorded_at", "timeliness", "opened_utc IS NOT NULL",
         "reading_after(recorded_at, opened_utc) <= opened_utc + INTERVAL 24 HOUR"),
    ],
    "people": [filled("department"), time("valid_to"), civil_order("valid_to", "valid_from", "valid_to")],
    "surveys": [
        filled("crime_ref"), *[score(c) for c in SCORES],
        readable("weight", "TRY_CAST(weight AS DOUBLE) IS NOT NULL AND isfinite(TRY_CAST(weight AS DOUBLE))"),
        ("crime_ref", "link_rate", "crime_ref IS NOT NULL", "recorded_civil IS NOT NULL"),
        ("surveyed_at", "timeliness", "recorded_civil IS NOT NULL",
         "london(time_utc) - recorded_civil <= INTERVAL 84 DAY"),
    ],
    "victim_contacts": [
        filled("enhanced"), flag("enhanced"),
        *[time(c) for c in ("first_update_at", "needs_assessed_at", "statement_offered_at", "outcome_informed_at")],
        ("crime_ref", "link_rate", "crime_ref IS NOT NULL", "recorded_civil IS NOT NULL"),
        ("first_update_at", "timeliness", "update_due = 1", "updated_in_time = 1"),
    ],
}
REQUIRED = {
    "incidents": {"incident_ref": "text", "opened_at": "time", "grade": "code"},
    "calls": {"call_ref": "text", "line": "code", "received_at": "time"},
    "crimes": {"crime_ref": "text", "recorded_at": "time"},
    "surveys": {"response_ref": "text", "surveyed_at": "time"},
    "victim_contacts": {"crime_ref": "text"},
    "people": {"officer": "text", "valid_from": "time", "team": "text"},
}
BROKEN = {"text": ("missing_key",), "time": ("unparsable_time", "future_time"), "code": ("unknown_grade", "unknown_line")}
TIMES = {"incidents": "opened_at", "calls": "received_at", "crimes": "recorded_at", "surveys": "surveyed_at"}
PRACTICE = {
    "crimes_cancelled": ("crimes", "net IS NOT NULL", "NOT net"),
    **{f"outcome_{t}_same_day": ("crimes", "net AND NOT outcome_time_unreadable",
                                 f"type = '{t}' AND CAST(outcome_civil AS DATE) = CAST(recorded_civil AS DATE)")
       for t in (14, 15, 16, 18)},
    "recorded_late": ("crimes", "written(reported_at) IS NOT NULL",
                      "reading_after(recorded_at, first_reading(reported_at)) > first_reading(reported_at) + INTERVAL 24 HOUR"),
    "outcome_without_update": ("victim_contacts", "update_due = 1 AND type IS NOT NULL",
                               "NOT COALESCE(happened(first_reading(first_update_at)), false)"),
}


def prepare(con) -> None:
    """checked_<extract>: accepted rows with the units and whatever of their links the measures ask for."""
    conform.conform_incidents(con)
    conform.choose_outcomes(con, history=False)
    conform.conform_posts(con)
    conform.conform_crimes(con, has_incidents=True)
    conform.number_working_days(con)
    con.execute("CREATE VIEW checked_incidents AS SELECT * REPLACE (organisation(area) AS area), area AS own_area, '' AS team FROM accepted_incidents")
    units = ", ".join(f"organisation({unit}) AS {unit}" for unit in ("area", "department", "team"))
    con.execute(f"CREATE VIEW checked_people AS SELECT * REPLACE ({units}) FROM accepted_people")
    con.execute("CREATE VIEW checked_calls AS SELECT *, '' AS area, '' AS team FROM accepted_calls")
    con.execute("""CREATE TABLE checked_crimes AS
        SELECT a.*, c.opened_utc, c.recorded_civil, c.net, c.outcome_type AS type, c.outcome_civil,
            unreadable(a.outcome_at) AS outcome_time_unreadable, c.month,
            c.area AS unit_area, c.department AS unit_department, c.team AS unit_team
        FROM accepted_crimes a JOIN crimes c USING (force, crime_ref)""")
    for extract in ("surveys", "victim_contacts"):
        con.execute(f"""CREATE TABLE checked_{extract} AS
            WITH linked AS (
                SELECT a.*, c.recorded_civil, c.net, c.outcome_type AS type, c.month, organisation(c.area) AS unit_area,
                    organisation(c.department) AS unit_department, organisation(c.team) AS unit_team
                FROM accepted_{extract} a LEFT JOIN crimes c ON c.force = a.force AND c.crime_ref = a.crime_ref)
            SELECT * FROM linked""")
    con.execute("""CREATE TABLE due_contacts AS
        SELECT v.force, v.crime_ref, CASE WHEN d.day <= getvariable('data_date') THEN 1 END AS update_due,
            CAST(COALESCE(civil_day(first_reading(v.first_update_at)) <= d.day
                AND happened(first_reading(v.first_update_at)), false) AS INTEGER) AS updated_in_time
        FROM checked_victim_contacts v
        JOIN working_days w ON w.day = CAST(v.recorded_civil AS DATE)
        JOIN working_days d ON d.working AND d.number = w.number + CASE WHEN COALESCE(flag(v.enhanced), false) THEN 1 ELSE 5 END
        WHERE v.net AND NOT bad_flag(v.enhanced) AND NOT unreadable(v.first_update_at)""")
    con.execute("""CREATE OR REPLACE TABLE checked_victim_contacts AS
        SELECT v.*, d.update_due, d.updated_in_time
        FROM checked_victim_contacts v LEFT JOIN due_contacts d USING (force, crime_ref)""")


UNITS = {
    "incidents": {"force": "force", "area": "organisation(area)"},
    "calls": {"force": "force"},
    "people": {"force": "force", "area": "area", "department": "department", "team": "team"},
    **{e: {"force": "force", "area": "unit_area", "department": "unit_department", "team": "unit_team"}
       for e in ("crimes", "surveys", "victim_contacts")},
}
SOURCE = {"incidents": "accepted_incidents", "calls": "accepted_calls"}


def unit_rows(con, force):
    rows = {}
    for extract, measures in MEASURES.items():
        source = SOURCE.get(extract, f"checked_{extract}")
        counts = ", ".join(
            f"count(*) FILTER (({asked}) AND ({met})), count(*) FILTER ({asked})" for _, _, asked, met in measures)
        for level, unit in UNITS[extract].items():
            query = f"SELECT {unit}, {counts} FROM {source} WHERE force = ? GROUP BY 1"
            for name, *found in con.execute(query, [force]).fetchall():
                together = {}
                for (column, dimension, _, _), met, asked in zip(measures, found[::2], found[1::2]):
                    by_link = dimension == "link_rate" and extract in ("surveys", "victim_contacts")
                    if level != "force" and (asked == 0 or by_link):
                        continue
                    rows[extract, column, dimension, level, name] = (met, asked)
                    m, a = together.get(dimension, (0, 0))
                    together[dimension] = (m + met, a + asked)
                for dimension, sums in together.items():
                    rows[extract, None, dimension, level, name] = sums
    return rows


def record_rows(con):
    rows = {}
    for extract, required in REQUIRED.items():
        def count(where):
            return con.execute(f"SELECT count(*) FROM judged_{extract} WHERE {where}").fetchone()[0]

        read, held = count("true"), count("fate = 'quarantined'")
        copies = count("fate = 'duplicate'") + count("rule = 'conflicting_duplicate'")
        rows[extract, None, "validity", "extract", extract] = (read - held, read)
        rows[extract, None, "uniqueness", "extract", extract] = (read - copies, read)
        whole = count("NOT ragged")
        for column, kind in required.items():
            broke = f"NOT ragged AND rule IN {BROKEN[kind] + ('',)}"
            blank = count(f"{broke} AND {column} IS NULL")
            rows[extract, column, "completeness", "extract", extract] = (whole - blank, whole)
            if kind != "text":
                wrong = count(f"{broke} AND {column} IS NOT NULL")
                rows[extract, column, "validity", "extract", extract] = (whole - blank - wrong, whole - blank)
    return rows


def practice_rows(con, force):
    rows = {}
    for signal, (extract, could, shows) in PRACTICE.items():
        for level, unit in UNITS[extract].items():
            query = f"""SELECT {unit}, month, count(*) FILTER (COALESCE({shows}, false)), count(*) FROM checked_{extract}
                WHERE force = ? AND COALESCE({could}, false) GROUP BY 1, 2"""
            for name, month, numerator, denominator in con.execute(query, [force]).fetchall():
                rows[signal, level, name, month] = (numerator, denominator)
    return rows


def compare(what, theirs, mine) -> int:
    wrong = [(key, theirs.get(key), mine.get(key)) for key in theirs.keys() | mine.keys() if theirs.get(key) != mine.get(key)]
    for key, build, second in sorted(wrong, key=str)[:20]:
        print(f"  {key}: the build has {build}, the second engine {second}")
    print(f"{what}: {len(theirs)} rows of the build, {len(mine)} recomputed, {len(wrong)} differ")
    return len(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracts", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--force", default="gloucestershire")
    parser.add_argument("--as-at", type=date.fromisoformat)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        con = duckdb.connect(str(Path(scratch) / "work.duckdb"), config={"threads": 2})
        clock.add_macros(con)
        present = recompute.read_all(con, arguments.extracts, Path(scratch))
        data_date, _ = fates.settle(con, list(recompute.EXTRACTS), arguments.force, arguments.as_at)
        conform.load_references(con, recompute.reference_finder([recompute.REFERENCES]), data_date)
        prepare(con)
        mine = unit_rows(con, arguments.force) | record_rows(con)
        # A column that an extract lacks is asked nothing: such rows of the build have no denominator.
        table = f"'{arguments.build}/tables/data_quality.parquet'"
        rows = con.execute(f"""SELECT extract, "column", dimension, level, unit, numerator, denominator FROM {table}
            WHERE dimension NOT IN ('overall', 'freshness') AND denominator IS NOT NULL""").fetchall()
        theirs = {tuple(row[:5]): tuple(row[5:]) for row in rows}
        absent = {(e, c) for e, c in con.execute(
            f"""SELECT extract, "column" FROM {table} WHERE denominator IS NULL AND "column" IS NOT NULL""").fetchall()}
        if absent:
            print(f"not made, and not compared with sums over columns: {sorted(absent)}")
            mine = {k: v for k, v in mine.items() if (k[0], k[1]) not in absent and k[1] is not None or k[3] == "extract"}
            theirs = {k: v for k, v in theirs.items() if k[1] is not None or k[3] == "extract"}
        wrong = compare("data_quality", theirs, mine)
        newest = {e: con.execute(f"SELECT date_diff('day', max(civil_day(time_utc)), DATE '{data_date}') FROM accepted_{e} "
                                 f"WHERE force = '{arguments.force}'").fetchone() for e in TIMES if e in present}
        days = con.execute(f"SELECT extract, affected FROM {table} WHERE dimension = 'freshness'").fetchall()
        wrong += compare("freshness", {(e,): (d,) for e, d in days}, {(e,): d for e, d in newest.items()})
        months = con.execute(f"""SELECT signal, level, unit, month, numerator, denominator
            FROM '{arguments.build}/tables/recording_practice.parquet'""").fetchall()
        theirs = {tuple(row[:4]): tuple(row[4:]) for row in months}
        wrong += compare("recording_practice", theirs, practice_rows(con, arguments.force))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
