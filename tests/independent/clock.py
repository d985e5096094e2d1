"""Civil time in London and the absolute time line, as SQL macros.

A time is held as a TIMESTAMP that reads in UTC. `london(u)` is what a London clock shows at u.
"""

DAY = r"(\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4})"
CLOCK = r"((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.]\d{1,9})?)?)"
OFFSET = r"(Z|[+-]\d{2}(?::?\d{2})?)"
TIME = f"^{DAY}(?:[ T]{CLOCK} ?{OFFSET}?)?$"

MACROS = [
    "SET TimeZone = 'UTC'",
    "CREATE MACRO london(u) AS timezone('Europe/London', timezone('UTC', u))",
    f"CREATE MACRO time_parts(t) AS regexp_extract(t, '{TIME}', ['day', 'clock', 'offset'])",
    # 25/12/2025 -> 2025-12-25
    """CREATE MACRO iso_day(d) AS CASE WHEN d LIKE '%/%'
        THEN substr(d, 7, 4) || '-' || substr(d, 4, 2) || '-' || substr(d, 1, 2) ELSE d END""",
    # The clock as it is written, wherever that clock hangs. Null when it cannot be read.
    """CREATE MACRO written(t) AS TRY_CAST(iso_day(time_parts(t).day) || ' '
        || CASE WHEN time_parts(t).clock = '' THEN '00:00' ELSE time_parts(t).clock END AS TIMESTAMP)""",
    # Seconds east of UTC; null without an offset.
    """CREATE MACRO offset_seconds(t) AS CASE time_parts(t).offset WHEN '' THEN NULL WHEN 'Z' THEN 0 ELSE
        (CASE WHEN time_parts(t).offset LIKE '-%' THEN -1 ELSE 1 END)
        * (3600 * TRY_CAST(substr(time_parts(t).offset, 2, 2) AS INTEGER)
           + 60 * COALESCE(TRY_CAST(NULLIF(right(replace(time_parts(t).offset, ':', ''), -3), '') AS INTEGER), 0))
        END""",
    # Without an offset: summer time if a London clock shows the written time one hour before that
    # time in UTC (in autumn that is the first reading), else winter time (in spring's gap that is
    # the offset before the change).
    """CREATE MACRO first_reading(t) AS CASE
        WHEN offset_seconds(t) IS NOT NULL THEN written(t) - to_seconds(offset_seconds(t))
        WHEN london(written(t) - INTERVAL 1 HOUR) = written(t) THEN written(t) - INTERVAL 1 HOUR
        ELSE written(t) END""",
    # Autumn's second reading; for a time that is not ambiguous, its only reading.
    """CREATE MACRO second_reading(t) AS CASE
        WHEN offset_seconds(t) IS NULL AND london(written(t)) = written(t) THEN written(t)
        ELSE first_reading(t) END""",
    # An event is the first reading unless that puts it before its predecessor.
    """CREATE MACRO reading_after(t, predecessor) AS CASE
        WHEN first_reading(t) < predecessor THEN second_reading(t) ELSE first_reading(t) END""",
    "CREATE MACRO civil_day(u) AS CAST(london(u) AS DATE)",
    "CREATE MACRO month_of(u) AS CAST(date_trunc('month', london(u)) AS DATE)",
    "CREATE MACRO unreadable(t) AS t IS NOT NULL AND written(t) IS NULL",
]


def add_macros(con) -> None:
    for macro in MACROS:
        con.execute(macro)
