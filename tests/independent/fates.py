"""Stage 2: every record ends in exactly one place, and the data date.

judged_<extract> holds each record with `rule` (why it is quarantined) and `fate`;
accepted_<extract> holds the accepted rows with `time_utc`, the first reading of the required time.
"""

from datetime import date, timedelta

from definitions import EXTRACTS


def _listed(values) -> str:
    return ", ".join(f"'{value}'" for value in values)


def judge_identity(con, extract: str, own_force: str) -> None:
    """The rules that need no data date: ragged_row, missing_key, unparsable_time."""
    spec = EXTRACTS[extract]
    key_columns = [name for name in spec.key if name != "force"]
    missing = " OR ".join(f"{name} IS NULL" for name in key_columns)
    time = f"first_reading({spec.time})" if spec.time else "CAST(NULL AS TIMESTAMP)"
    unparsable = "WHEN time_utc IS NULL THEN 'unparsable_time'" if spec.time else ""
    con.execute(f"""
        CREATE TABLE judged_{extract} AS
        SELECT * REPLACE (COALESCE(lower(force), '{own_force}') AS force),
            {time} AS time_utc,
            CASE WHEN ragged THEN 'ragged_row' WHEN {missing} THEN 'missing_key' {unparsable} END AS rule,
            CAST(NULL AS VARCHAR) AS fate
        FROM raw_{extract}""")


def horizon(con, extracts) -> date | None:
    """The newest day with at least 10% of the median daily rows that follows seven days which all
    hold rows; in calls, else incidents, else crimes. Days without rows are not in the median."""
    for extract in ("calls", "incidents", "crimes"):
        if extract not in extracts:
            continue
        found = con.execute(f"""
            WITH days AS (
                SELECT civil_day(time_utc) AS day, count(*) AS records
                FROM judged_{extract} WHERE rule IS NULL GROUP BY day),
            typical AS (SELECT median(records) AS records FROM days),
            followed AS (
                SELECT d.day, d.records, count(e.day) AS earlier
                FROM days d LEFT JOIN days e ON e.day BETWEEN d.day - 7 AND d.day - 1
                GROUP BY d.day, d.records)
            SELECT max(followed.day) FROM followed, typical
            WHERE earlier = 7 AND followed.records >= 0.1 * typical.records""").fetchone()[0]
        if found:
            return found
    return None


def data_date_and_horizon(con, extracts, as_at: date | None) -> tuple[date, date]:
    last = horizon(con, extracts)
    if as_at is None and last is None:
        raise SystemExit("no horizon can be found in the extracts: state --as-at")
    data_date = as_at or last - timedelta(days=1)
    return data_date, last or data_date


def judge_dates_and_codes(con, extract: str, data_date: date, last: date) -> None:
    """future_time, unknown_grade, unknown_line; then out_of_window."""
    spec = EXTRACTS[extract]
    limit = date.max if spec.may_lie_ahead else max(data_date, last)
    window = date.max if spec.may_lie_ahead else data_date
    con.execute(f"""UPDATE judged_{extract} SET rule = 'future_time'
        WHERE rule IS NULL AND civil_day(time_utc) > DATE '{limit}'""")
    if spec.code:
        con.execute(f"""UPDATE judged_{extract} SET rule = '{spec.code_rule}'
            WHERE rule IS NULL AND (lower({spec.code}) IN ({_listed(spec.code_values)})) IS NOT TRUE""")
    con.execute(f"""UPDATE judged_{extract} SET fate = CASE
            WHEN rule IS NOT NULL THEN 'quarantined'
            WHEN civil_day(time_utc) > DATE '{window}' THEN 'out_of_window' END""")


def judge_duplicates(con, extract: str, data_date: date) -> None:
    """Rows of one key. One content: the first row is accepted. Several: the latest updated_at wins
    and the others are duplicates; without one winner all of them are quarantined."""
    spec = EXTRACTS[extract]
    key = ", ".join(spec.key)
    # An update after the data date has not happened yet, so it cannot win.
    updated = "NULL"
    if "updated_at" in spec.columns:
        updated = f"CASE WHEN civil_day(first_reading(updated_at)) <= DATE '{data_date}' THEN first_reading(updated_at) END"
    con.execute(f"""
        CREATE TEMP TABLE repeated AS
        WITH repeats AS (
            SELECT file, record, content, ({key}) AS row_key, CAST({updated} AS TIMESTAMP) AS updated
            FROM judged_{extract} WHERE fate IS NULL
            QUALIFY count(*) OVER (PARTITION BY {key}) > 1),
        versions AS (SELECT DISTINCT row_key, content, updated FROM repeats),
        ranked AS (
            SELECT row_key, content,
                count(*) OVER (PARTITION BY row_key) AS versions,
                rank() OVER (PARTITION BY row_key ORDER BY updated DESC NULLS LAST) AS place,
                count(*) OVER (PARTITION BY row_key, updated) AS level_with
            FROM versions),
        winners AS (SELECT row_key, content FROM ranked WHERE versions = 1 OR (place = 1 AND level_with = 1))
        SELECT r.file, r.record,
            CASE WHEN w.content IS NULL THEN 'quarantined'
                WHEN r.content <> w.content THEN 'duplicate'
                WHEN row_number() OVER (PARTITION BY r.row_key, r.content ORDER BY r.file, r.record) = 1 THEN 'accepted'
                ELSE 'duplicate' END AS fate
        FROM repeats r LEFT JOIN winners w ON w.row_key = r.row_key""")
    con.execute(f"""UPDATE judged_{extract} j
        SET fate = r.fate, rule = CASE WHEN r.fate = 'quarantined' THEN 'conflicting_duplicate' END
        FROM repeated r WHERE r.file = j.file AND r.record = j.record""")
    con.execute("DROP TABLE repeated")
    con.execute(f"UPDATE judged_{extract} SET fate = 'accepted' WHERE fate IS NULL")
    con.execute(f"CREATE VIEW accepted_{extract} AS SELECT * FROM judged_{extract} WHERE fate = 'accepted'")


def settle(con, extracts, own_force: str, as_at: date | None) -> tuple[date, date]:
    """Runs the stage; gives the data date and the horizon."""
    for extract in extracts:
        judge_identity(con, extract, own_force)
    data_date, last = data_date_and_horizon(con, extracts, as_at)
    for extract in extracts:
        judge_dates_and_codes(con, extract, data_date, last)
        judge_duplicates(con, extract, data_date)
    return data_date, last


def reconciliation_sql(extracts) -> str:
    """extract, file, records_read, accepted, out_of_window, quarantined, duplicates, and each rule."""
    rules = ("ragged_row", "missing_key", "unparsable_time", "future_time", "unknown_grade", "unknown_line",
             "conflicting_duplicate")
    counts = ", ".join(f"count(*) FILTER (rule = '{rule}') AS {rule}" for rule in rules)
    return " UNION ALL ".join(
        f"""SELECT '{extract}' AS extract, file, count(*) AS records_read,
            count(*) FILTER (fate = 'accepted') AS accepted, count(*) FILTER (fate = 'out_of_window') AS out_of_window,
            count(*) FILTER (fate = 'quarantined') AS quarantined, count(*) FILTER (fate = 'duplicate') AS duplicates,
            {counts} FROM judged_{extract} GROUP BY file"""
        for extract in extracts
    ) + " ORDER BY extract, file"


def rows_sql(extracts) -> str:
    """Every record that was not accepted: extract, file, record, fate, rule."""
    return " UNION ALL ".join(
        f"SELECT '{extract}' AS extract, file, record, fate, rule FROM judged_{extract} WHERE fate <> 'accepted'"
        for extract in extracts
    ) + " ORDER BY extract, file, record"
