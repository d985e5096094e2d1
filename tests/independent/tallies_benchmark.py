"""The speed yardstick: the same tallies from the same CSV files, as fast as DuckDB gives them.

    python tallies_benchmark.py EXTRACTS [--threads 2] [--references DIR] [--out tallies.parquet]

Reads the five canonical extracts (comma, UTF-8; a crime's outcome in its own columns) of every
force, applies the same row rules (ragged rows, keys, dates, codes, keys that occur twice, clock
changes), measures every metric at every level and writes one Parquet file. Prints the wall seconds
of each step, peak resident memory and the row count. The answer equals recompute.py's tallies; what
was set aside is not recorded.
"""

import argparse
import resource
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

import clock
import conform
from definitions import (CRIME_LEVELS, DEFAULT_SET, EXTRACTS, METRICS, OUT_OF_COURT, SCOPES,
                         SOLVED_SETS, SURVEY_QUESTIONS)
from recompute import REFERENCES, reference_finder

# clock.py's macros are exact for every text and year. These take a short way for the usual shape
# `YYYY-MM-DD HH:MM:SS` and for the months that hold no clock change. A time column `t` is staged: `t_plain` is
# its clock reading if it has that shape, `t_utc` its first reading, so that nothing is read twice.
FAST_CLOCK = [
    "CREATE MACRO quiet_summer(u) AS month(u) BETWEEN 4 AND 9 AND year(u) >= 1972",
    "CREATE MACRO quiet_winter(u) AS month(u) IN (1, 2, 11, 12) AND year(u) >= 1972",
    """CREATE MACRO plain(t) AS CASE WHEN length(t) = 19 AND substr(t, 17, 1) = ':' AND substr(t, 12, 2) < '24'
        THEN TRY_CAST(t AS TIMESTAMP) END""",
    """CREATE MACRO utc(t, t_plain) AS CASE WHEN t IS NULL THEN NULL WHEN t_plain IS NULL THEN first_reading(t)
        WHEN quiet_summer(t_plain) THEN t_plain - INTERVAL 1 HOUR WHEN quiet_winter(t_plain) THEN t_plain
        WHEN london(t_plain - INTERVAL 1 HOUR) = t_plain THEN t_plain - INTERVAL 1 HOUR ELSE t_plain END""",
    "CREATE MACRO utc_after(t, t_utc, predecessor) AS CASE WHEN t_utc < predecessor THEN second_reading(t) ELSE t_utc END",
    """CREATE MACRO civil(u) AS CASE WHEN quiet_summer(u) THEN u + INTERVAL 1 HOUR
        WHEN quiet_winter(u) THEN u ELSE london(u) END""",
    "CREATE MACRO day_of(u) AS CAST(civil(u) AS DATE)",
    "CREATE MACRO first_of_month(c) AS CAST(date_trunc('month', c) AS DATE)",
    "CREATE MACRO by_data_date(u) AS day_of(u) <= getvariable('data_date')",
    "CREATE MACRO bad_time(t, t_utc) AS t IS NOT NULL AND t_utc IS NULL",
]

# The times that are measured, and what is kept of each extract's rows, over the extract's columns,
# the staged times, time_utc (of the required time) and key_hash.
TIMES = {
    "calls": ("received_at", "answered_at"),
    "incidents": ("opened_at", "first_arrived_at"),
    "crimes": ("recorded_at", "cancelled_at", "outcome_at"),
    "surveys": ("surveyed_at",),
    "victim_contacts": ("first_update_at", "needs_assessed_at"),
}
KEPT = {
    "calls": """force, line, time_utc, bad_time(answered_at, answered_at_utc) AS answer_bad,
        utc_after(answered_at, answered_at_utc, time_utc) AS answered_utc""",
    "incidents": """force, incident_ref, time_utc, first_of_month(civil(time_utc)) AS month, area, lower(grade) AS grade,
        lower(COALESCE(setting, 'urban')) AS setting, bad_time(first_arrived_at, first_arrived_at_utc) AS arrival_bad,
        utc_after(first_arrived_at, first_arrived_at_utc, time_utc) AS arrived_utc""",
    "crimes": """force, crime_ref, incident_ref, upper(offence_code) AS code, area, department, team, supervisor, officer,
        COALESCE(flag(domestic_abuse), false) AS domestic_abuse, hate_flag(hate_crime) AS hate_crime,
        CASE WHEN month(time_utc) = 10 THEN recorded_at END AS recorded_text, time_utc, civil(time_utc) AS recorded_civil,
        CASE WHEN bad_time(cancelled_at, cancelled_at_utc) THEN NULL
            ELSE (cancelled_at IS NULL OR NOT by_data_date(cancelled_at_utc)) END AS net,
        CASE WHEN outcome_at_utc IS NULL OR by_data_date(outcome_at_utc)
            THEN NULLIF(ltrim(upper(outcome_type), '0'), '') END AS outcome_type,
        bad_time(outcome_at, outcome_at_utc) AS outcome_at_bad, civil(outcome_at_utc) AS outcome_written""",
    "surveys": "force, crime_ref, contact, action, informed, treatment, overall, weight, time_utc",
    "victim_contacts": """force, crime_ref, bad_flag(enhanced) AS enhanced_bad, COALESCE(flag(enhanced), false) AS enhanced,
        bad_time(first_update_at, first_update_at_utc) AS update_bad, first_update_at_utc AS update_utc,
        bad_time(needs_assessed_at, needs_assessed_at_utc) AS needs_bad, needs_assessed_at_utc AS needs_utc""",
}
UNITS = ("area", "department", "team", "supervisor", "officer")


def rows_that_pass(con, folder: Path, extract: str, dated: bool) -> str:
    """SQL: trimmed rows of the file that pass every rule before that on repeated keys; without `dated`
    the rules on the data date and on codes are left for later."""
    spec = EXTRACTS[extract]
    path = next(folder / f"{extract}{suffix}" for suffix in (".csv", ".csv.gz", ".csv.zst") if (folder / f"{extract}{suffix}").exists())
    source = f"""read_csv('{path}', all_varchar = true, header = true, delim = ',',
        quote = '"', escape = '"', ignore_errors = true)"""
    names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]

    def text(name):
        if name == "force":
            return f"COALESCE({'lower(NULLIF(trim(force), $$$$))' if 'force' in names else 'NULL'}, getvariable('own_force'))"
        value = f"NULLIF(trim({name}), '')" if name in names else "CAST(NULL AS VARCHAR)"
        return f"COALESCE({value}, 'unallocated')" if name in UNITS else value

    columns = ", ".join(f"{text(name)} AS {name}" for name in spec.columns)
    content = ", ".join(f"COALESCE(trim({name}), '')" for name in names)
    times = TIMES[extract]
    plain = ", ".join(f"plain({t}) AS {t}_plain" for t in times)
    utc = ", ".join(f"utc({t}, {t}_plain) AS {t}_utc" for t in times)
    time_utc = f"{spec.time}_utc" if spec.time else "CAST(NULL AS TIMESTAMP)"
    tests = [f"{name} IS NOT NULL" for name in spec.key] + (["time_utc IS NOT NULL"] if spec.time else [])
    if dated:
        tests += ["by_data_date(time_utc)"] if spec.time else []
        tests += [f"lower({spec.code}) IN {spec.code_values}"] if spec.code else []
    return f"""SELECT *, {time_utc} AS time_utc, hash({", ".join(spec.key)}) AS key_hash
        FROM (SELECT *, {utc} FROM (SELECT *, {plain} FROM (
            SELECT {columns}, concat_ws(chr(31), {content}) AS content FROM {source}))) WHERE {" AND ".join(tests)}"""


def settle_repeats(con, folder: Path, extract: str) -> None:
    """Keys are checked by hash. The few that repeat are read again with all their fields, and the rows
    of those keys give way to their winners."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE repeats AS SELECT key_hash FROM {extract} GROUP BY key_hash HAVING count(*) > 1")
    if con.execute("SELECT count(*) FROM repeats").fetchone()[0] == 0:
        return
    spec = EXTRACTS[extract]
    key = ", ".join(spec.key)
    updated = "NULL"
    if "updated_at" in spec.columns:
        updated = "CASE WHEN by_data_date(first_reading(updated_at)) THEN first_reading(updated_at) END"
    con.execute(f"""CREATE OR REPLACE TEMP TABLE winners AS
        WITH again AS (SELECT * FROM ({rows_that_pass(con, folder, extract, dated=True)})
            WHERE key_hash IN (SELECT key_hash FROM repeats)),
        versions AS (SELECT DISTINCT ON ({key}, content) *, CAST({updated} AS TIMESTAMP) AS updated FROM again)
        SELECT * EXCLUDE (updated) FROM versions
        QUALIFY count(*) OVER (PARTITION BY {key}) = 1
            OR (rank() OVER (PARTITION BY {key} ORDER BY updated DESC NULLS LAST) = 1
                AND count(*) OVER (PARTITION BY {key}, updated) = 1)""")
    con.execute(f"DELETE FROM {extract} WHERE key_hash IN (SELECT key_hash FROM repeats)")
    con.execute(f"INSERT INTO {extract} SELECT {KEPT[extract]}, key_hash FROM winners")


def load(con, folder: Path, extract: str) -> None:
    passed = rows_that_pass(con, folder, extract, dated=True)
    con.execute(f"CREATE TABLE {extract} AS SELECT {KEPT[extract]}, key_hash FROM ({passed})")
    settle_repeats(con, folder, extract)


def load_calls(con, folder: Path, as_at: date | None) -> date:
    """Calls first, for they give the horizon; then the rules that need the data date."""
    passed = rows_that_pass(con, folder, "calls", dated=False)
    con.execute(f"CREATE TABLE calls AS SELECT {KEPT['calls']}, key_hash FROM ({passed})")
    horizon = con.execute("""
        WITH days AS (SELECT day_of(time_utc) AS day, count(*) AS records FROM calls GROUP BY day)
        SELECT max(day) FROM days d WHERE records >= 0.1 * (SELECT median(records) FROM days)
            AND (SELECT count(*) FROM days e WHERE e.day BETWEEN d.day - 7 AND d.day - 1) = 7""").fetchone()[0]
    data_date = as_at or horizon - timedelta(days=1)
    con.execute(f"SET VARIABLE data_date = DATE '{data_date}'")
    con.execute("DELETE FROM calls WHERE NOT by_data_date(time_utc) OR line NOT IN ('999', '101')")
    settle_repeats(con, folder, "calls")
    return data_date


def call_facts(con) -> None:
    lines = ", ".join(f"""
        sum(CAST(line = '{n}' AS INTEGER)) AS offered_{n}, sum(CAST(line = '{n}' AND wait >= 0 AS INTEGER)) AS answered_{n},
        sum(CASE WHEN line = '{n}' AND wait >= 0 THEN wait END) AS wait_{n},
        sum(CAST(line = '{n}' AND wait >= 0 AND wait < 10 AS INTEGER)) AS under_10_{n},
        sum(CAST(line = '{n}' AND NOT answer_bad AND wait IS NULL AS INTEGER)) AS abandoned_{n},
        sum(CAST(line = '{n}' AND NOT answer_bad AS INTEGER)) AS abandoned_base_{n}""" for n in ("999", "101"))
    con.execute(f"""CREATE TABLE wide_calls AS
        SELECT 'force' AS level, force, force AS unit, 'all' AS scope, first_of_month(civil(time_utc)) AS month, {lines},
            quantile_cont(CASE WHEN line = '999' AND wait >= 0 THEN wait END, 0.9) AS quantile_wait_999,
            answered_999 AS count_wait_999
        FROM (SELECT *, CASE WHEN by_data_date(answered_utc) THEN epoch(answered_utc - time_utc) END AS wait FROM calls)
        GROUP BY ALL""")


def incident_facts(con) -> None:
    con.execute("""CREATE TABLE facts_incidents AS
        WITH timed AS (SELECT *, epoch(arrived_utc - time_utc) / 60 AS after FROM incidents WHERE grade IN ('immediate', 'priority'))
        SELECT force, area, month, grade = 'immediate' AS immediate,
            CASE WHEN after >= -60 AND by_data_date(arrived_utc) THEN greatest(after, 0) END AS minutes,
            arrival_bad OR COALESCE(after < -60, false) AS bad, setting,
            minutes <= CASE setting WHEN 'rural' THEN 20 ELSE 15 END AS prompt
        FROM timed""")
    sums = """
        count(*) FILTER (immediate AND setting IN ('urban', 'rural') AND prompt) AS in_target,
        count(*) FILTER (immediate AND setting IN ('urban', 'rural') AND minutes IS NOT NULL) AS in_target_base,
        count(*) FILTER (immediate AND NOT bad AND minutes IS NULL) AS unattended,
        count(*) FILTER (immediate AND NOT bad) AS unattended_base,
        count(*) FILTER (NOT immediate AND minutes <= 60) AS priority_in_60,
        count(*) FILTER (NOT immediate AND minutes IS NOT NULL) AS priority_attended,
        quantile_cont(minutes, 0.5) FILTER (immediate) AS quantile_immediate_minutes,
        count(*) FILTER (immediate AND minutes IS NOT NULL) AS count_immediate_minutes"""
    con.execute(f"""CREATE TABLE wide_incidents AS
        SELECT 'force' AS level, force, force AS unit, 'all' AS scope, month, {sums} FROM facts_incidents GROUP BY ALL
        UNION ALL SELECT 'area', force, area, 'all', month, {sums} FROM facts_incidents GROUP BY ALL""")


def crime_facts(con) -> None:
    """crime_rows: each crime with its classes. facts_crimes: what is counted by the month of recording, and
    in rows of their own by the month of the outcome."""
    con.execute("""CREATE TABLE crime_rows AS
        SELECT c.* EXCLUDE (code, key_hash), first_of_month(recorded_civil) AS month,
            COALESCE(o.offence_group, 'unmapped') AS offence_group, o.offence_subgroup, COALESCE(t.parent, c.outcome_type) AS parent,
            CASE WHEN c.outcome_type IS NOT NULL THEN outcome_written END AS outcome_civil,
            outcome_at_bad AND c.outcome_type IS NOT NULL AS outcome_time_bad, i.time_utc AS opened_utc
        FROM crimes c LEFT JOIN offences o ON o.code = c.code LEFT JOIN outcome_types t ON t.type = c.outcome_type
        LEFT JOIN incidents i ON i.force = c.force AND i.incident_ref = c.incident_ref""")
    solved, court = f"parent IN {SOLVED_SETS[DEFAULT_SET]}", f"parent IN {OUT_OF_COURT}"

    def whether(condition):
        return f"CAST(net AND COALESCE({condition}, false) AS INTEGER)"

    timely = "NOT outcome_time_bad"
    con.execute(f"""CREATE TABLE facts_crimes AS
        SELECT {conform.CELL}, month, 1 AS gross,
            CAST(net AS INTEGER) AS net, CAST(NOT net AS INTEGER) AS cancelled, {whether("opened_utc IS NOT NULL")} AS linked,
            {whether('''CASE WHEN recorded_text IS NULL OR time_utc >= opened_utc THEN time_utc ELSE second_reading(recorded_text) END
                <= opened_utc + INTERVAL 24 HOUR''')} AS within_24h,
            {whether("parent = '1'")} AS recorded_charge, {whether(court)} AS recorded_out_of_court,
            {whether("outcome_type = '18'")} AS no_suspect, {whether("outcome_type IN ('14', '16')")} AS victim_not_supporting,
            {whether("outcome_type IS NULL")} AS not_assigned, {whether(timely)} AS net_closed_base,
            {whether(timely)} AS within_90_base, {whether(solved)} AS recorded_{DEFAULT_SET},
            {whether(f"{solved} AND {timely} AND outcome_civil <= recorded_civil + INTERVAL 90 DAY")} AS within_90_{DEFAULT_SET}
        FROM crime_rows WHERE net IS NOT NULL
        UNION ALL BY NAME
        SELECT {conform.CELL}, first_of_month(outcome_civil) AS month,
            {whether("parent = '1'")} AS closed_charge, {whether(court)} AS closed_out_of_court,
            {whether(solved)} AS closed_{DEFAULT_SET},
            CASE WHEN {solved} THEN greatest(epoch(outcome_civil - recorded_civil) / 86400, 0) END AS days
        FROM crime_rows WHERE net AND outcome_civil IS NOT NULL AND ({solved} OR {court} OR parent = '1')""")


def stock_facts(con) -> None:
    """Changes by month: a crime comes into the open stock at the end of its month, into the stock over 90
    days at the first month's end more than 90 days later, and leaves both in its outcome's month."""
    con.execute("""CREATE TABLE month_ends AS
        SELECT CAST(m AS DATE) AS month, CAST(least(last_day(CAST(m AS DATE)), getvariable('data_date')) + 1 AS TIMESTAMP) AS ends
        FROM (SELECT min(month) AS first FROM crime_rows), generate_series(first, getvariable('data_date'), INTERVAL 1 MONTH) s(m)""")
    con.execute(f"""CREATE TABLE facts_stock AS
        WITH open AS (
            SELECT {conform.CELL}, c.month, first_of_month(outcome_civil) AS closed, a.month AS aged
            FROM crime_rows c ASOF LEFT JOIN (SELECT month, ends - INTERVAL 90 DAY AS before FROM month_ends) a
                ON c.recorded_civil < a.before
            WHERE net AND NOT outcome_time_bad AND (outcome_civil IS NULL OR first_of_month(outcome_civil) > c.month)),
        changes AS (
            SELECT {conform.CELL}, UNNEST([
                {{'month': month, 'open': 1, 'over_90': 0}},
                {{'month': CASE WHEN aged < COALESCE(closed, DATE '9999-01-01') THEN aged END, 'open': 0, 'over_90': 1}},
                {{'month': closed, 'open': -1, 'over_90': CASE WHEN aged < closed THEN -1 ELSE 0 END}}]) AS change FROM open)
        SELECT {conform.CELL}, change.month AS month, change.open AS open, change.over_90 AS over_90
        FROM changes WHERE change.month IS NOT NULL""")


def linked_facts(con) -> None:
    """Surveys and contacts with the units and classes of their crimes."""
    con.execute("CREATE VIEW accepted_surveys AS SELECT * FROM surveys")
    con.execute("""CREATE TABLE linked_crimes AS SELECT * FROM crime_rows SEMI JOIN (
        SELECT force, crime_ref FROM surveys UNION SELECT force, crime_ref FROM victim_contacts) USING (force, crime_ref)""")
    con.execute("ALTER TABLE crimes RENAME TO crimes_loaded")
    con.execute("ALTER TABLE linked_crimes RENAME TO crimes")
    conform.survey_facts(con, weighted=True)
    conform.number_working_days(con)
    con.execute(f"""CREATE TABLE facts_contacts AS
        WITH due AS (
            SELECT d.day, a.day AS due_day, b.day AS due_day_enhanced FROM working_days d
            JOIN working_days a ON a.working AND a.number = d.number + 5 JOIN working_days b ON b.working AND b.number = d.number + 1),
        contacts AS (
            SELECT *, CASE WHEN enhanced THEN due_day_enhanced ELSE due_day END AS due_by
            FROM victim_contacts JOIN crimes USING (force, crime_ref) JOIN due ON due.day = CAST(recorded_civil AS DATE)
            WHERE net)
        SELECT {conform.CELL}, month,
            CASE WHEN NOT enhanced_bad AND NOT update_bad AND due_by <= getvariable('data_date') THEN 1 END AS update_due,
            CASE WHEN update_due = 1 THEN CAST(COALESCE(day_of(update_utc) <= due_by, false) AS INTEGER) END AS updated_in_time,
            CASE WHEN NOT needs_bad THEN 1 END AS needs_base,
            CASE WHEN NOT needs_bad THEN CAST(COALESCE(by_data_date(needs_utc), false) AS INTEGER) END AS needs_assessed
        FROM contacts""")


def grouped(con, table: str, facts: str, sums: dict[str, str], whole_from_areas: bool) -> None:
    """Table `table`: the columns of `sums` for each level, unit, scope and month. Sums of a force are
    taken from those of its areas; a quantile is not."""
    selected = ", ".join(f"{form} AS {name}" for name, form in sums.items())
    parts = []
    for level, scopes in CRIME_LEVELS.items():
        if level == "force" and whole_from_areas:
            continue
        for scope in scopes:
            text, condition = SCOPES[scope]
            parts.append(f"""SELECT '{level}' AS level, force, {level} AS unit, {text} AS scope, month, {selected}
                FROM {facts} WHERE {condition} GROUP BY ALL""")
    con.execute(f"CREATE TABLE {table} AS {parts[0]}")
    for part in parts[1:]:
        con.execute(f"INSERT INTO {table} {part}")
    if whole_from_areas:
        again = ", ".join(f"sum({name})" for name in sums)
        con.execute(f"""INSERT INTO {table} SELECT 'force', force, force, scope, month, {again} FROM {table}
            WHERE level = 'area' GROUP BY ALL""")


def plain_sums(names) -> dict[str, str]:
    return {name: f"sum({name})" for name in names}


def make_wide(con) -> None:
    counted = [c[0] for c in con.execute("DESCRIBE facts_crimes").fetchall()][11:]
    counted.remove("days")
    days = {f"quantile_days_{DEFAULT_SET}": "quantile_cont(days, 0.5)", f"count_days_{DEFAULT_SET}": "count(days)"}
    grouped(con, "wide_crimes", "facts_crimes", plain_sums(counted) | days, False)
    grouped(con, "stock_changes", "facts_stock", plain_sums(["open", "over_90"]), True)
    con.execute("""CREATE TABLE stock_units AS
        SELECT level, force, unit, scope, min(month) AS first, row_number() OVER () AS id
        FROM stock_changes GROUP BY level, force, unit, scope""")
    con.execute("""CREATE TABLE wide_stock AS
        WITH changes AS (SELECT id, month, open, over_90 FROM stock_changes JOIN stock_units USING (level, force, unit, scope)),
        every AS (SELECT id, month FROM stock_units JOIN month_ends ON month >= first),
        stock AS (
            SELECT id, month, sum(open) OVER ends AS open, sum(over_90) OVER ends AS over_90
            FROM every LEFT JOIN changes USING (id, month) WINDOW ends AS (PARTITION BY id ORDER BY month))
        SELECT level, force, unit, scope, month, open, over_90 FROM stock JOIN stock_units USING (id)
        WHERE open > 0 AND month >= (SELECT min(month) + INTERVAL 12 MONTH FROM month_ends)""")
    survey_columns = [f"{part}_{q}" for q in SURVEY_QUESTIONS for part in ("valid", "satisfied", "valid_weight", "satisfied_weight")]
    grouped(con, "wide_surveys", "facts_surveys", plain_sums(survey_columns), True)
    grouped(con, "wide_contacts", "facts_contacts",
            plain_sums(["update_due", "updated_in_time", "needs_base", "needs_assessed"]), True)


def tally_sql(metric) -> str:
    """SELECT of one metric's tallies from its wide table."""
    table, where, top, bottom, value = f"wide_{metric.facts}", "true", metric.numerator, metric.denominator or "NULL", None
    if metric.kind == "quantile":
        top, bottom, value = "NULL", f"count_{metric.denominator}", f"quantile_{metric.denominator}"
    elif metric.kind == "count":
        value = top
    elif metric.kind == "rate":
        table = """(SELECT w.*, CASE WHEN NOT suspect THEN residents / 1000 END AS thousands FROM (FROM wide_crimes WHERE level = 'force') w
            ASOF LEFT JOIN (SELECT force AS of_force, * EXCLUDE (force) FROM populations) e ON of_force = w.force
                AND estimate_date <= least(last_day(w.month), getvariable('data_date')))"""
        bottom, where = "thousands", f"{top} > 0"
    elif metric.id == "solved_within_90_days":
        where = "last_day(month) + 90 <= getvariable('data_date')"
    if value is None:
        over, under = metric.weights or (top, bottom)
        value = f"COALESCE({over}, 0) / NULLIF({under}, 0)"
    numerator = "CAST(NULL AS DOUBLE)" if metric.kind == "quantile" else f"CAST(COALESCE({top}, 0) AS DOUBLE)"
    denominator = f"CAST({bottom} AS DOUBLE)" if metric.kind in ("count", "rate") else f"CAST(COALESCE({bottom}, 0) AS DOUBLE)"
    return f"""SELECT '{metric.id}' AS metric, force, level, unit, scope, month, {numerator} AS numerator,
        {denominator} AS denominator, CAST({value} AS DOUBLE) AS value
        FROM {table} WHERE ({where}) AND (COALESCE(numerator, 0) > 0 OR COALESCE(denominator, 0) > 0)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracts", type=Path)
    parser.add_argument("--own-force", default="gloucestershire")
    parser.add_argument("--as-at", type=date.fromisoformat)
    parser.add_argument("--references", type=Path, action="append")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sorted", action="store_true", help="rows in the order of their key")
    parser.add_argument("--out", type=Path, default=Path("tallies.parquet"))
    arguments = parser.parse_args()
    con = duckdb.connect(config={"threads": arguments.threads, "preserve_insertion_order": False})
    clock.add_macros(con)
    start = last = time.perf_counter()

    def step(name, run, *details):
        nonlocal last
        answer = run(con, *details)
        now = time.perf_counter()
        print(f"{now - last:8.2f} s  {name}", flush=True)
        last = now
        return answer

    def write(con):
        union = " UNION ALL ".join(tally_sql(m) for m in METRICS if m.solved_set in (None, DEFAULT_SET))
        order = "ORDER BY metric, force, level, unit, scope, month" if arguments.sorted else ""
        con.execute(f"COPY ({union} {order}) TO '{arguments.out}' (FORMAT parquet)")

    con.execute(f"SET VARIABLE own_force = '{arguments.own_force.lower()}'")
    conform.load_references(con, reference_finder(arguments.references or [REFERENCES]), date.max)
    for macro in FAST_CLOCK:
        con.execute(macro)
    data_date = step("calls: read, horizon, repeated keys", load_calls, arguments.extracts, arguments.as_at)
    for extract in ("incidents", "crimes", "surveys", "victim_contacts"):
        step(f"{extract}: read, repeated keys", lambda con, name=extract: load(con, arguments.extracts, name))
    for name, run in (("call measures", call_facts), ("incident measures", incident_facts), ("crimes classified and linked", crime_facts),
                      ("changes in the open stock", stock_facts), ("surveys and contacts linked", linked_facts),
                      ("counts by level, scope and month", make_wide), ("Parquet", write)):
        step(name, run)
    rows = con.execute(f"SELECT count(*) FROM read_parquet('{arguments.out}')").fetchone()[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.perf_counter() - start:8.2f} s  in all; data date {data_date}; {rows} rows; peak {peak:.0f} MB resident")


if __name__ == "__main__":
    main()
