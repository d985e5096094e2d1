"""Stage 4: facts -> numerators, denominators and values for every period.

period_type, period_start: the first day that the figure covers; last_day: the last day of the
period as the calendar has it; period_end: that, or the data date if it is earlier.
"""

from datetime import date

from definitions import DEFAULT_SET, FACTS, SCOPES

KEY = "level, force, unit, scope, period_type, period_start, period_end, last_day"


def make_periods(con, months_only: bool) -> None:
    """Each month from the first that any facts table holds to the data date's."""
    spine = " UNION ALL ".join(f"SELECT min(month) AS month FROM facts_{name}" for name in FACTS)
    con.execute(f"""
        CREATE TABLE spine AS
        WITH first AS (SELECT min(month) AS month FROM ({spine}))
        SELECT CAST(m AS DATE) AS month, last_day(CAST(m AS DATE)) AS last_day,
            CAST(date_trunc('quarter', m) AS DATE) AS quarter,
            make_date(CAST(year(m) AS INTEGER) - CASE WHEN month(m) < 4 THEN 1 ELSE 0 END, 4, 1) AS year_start
        FROM first, generate_series(month, getvariable('data_date'), INTERVAL 1 MONTH) s(m)""")
    longer = """
        UNION SELECT 'quarter', quarter, last_day(CAST(quarter + INTERVAL 2 MONTH AS DATE)) FROM spine
        UNION SELECT 'financial_year', year_start, last_day(CAST(year_start + INTERVAL 11 MONTH AS DATE)) FROM spine
        UNION SELECT 'financial_year_to_date', year_start, last_day FROM spine
        UNION SELECT 'rolling_12_months', CAST(month - INTERVAL 11 MONTH AS DATE), last_day FROM spine"""
    con.execute(f"""
        CREATE TABLE periods AS
        SELECT *, least(last_day, getvariable('data_date')) AS period_end FROM (
            SELECT 'month' AS period_type, month AS period_start, last_day FROM spine
            {"" if months_only else longer})""")
    con.execute("""CREATE TABLE period_months AS
        SELECT p.*, s.month FROM periods p JOIN spine s ON s.month BETWEEN p.period_start AND p.last_day""")


def first_months(con, extracts) -> None:
    """Each extract's first month, and whether its first accepted row is later than the month's first
    day (then the month is partial)."""
    for extract in extracts:
        con.execute(f"""INSERT INTO coverage
            SELECT '{extract}', CAST(date_trunc('month', min(civil_day(time_utc))) AS DATE),
                day(min(civil_day(time_utc))) > 1 FROM accepted_{extract}""")


def rows_in_scope(facts: str, columns: str) -> str:
    """The facts once for each level and scope that the catalogue gives them."""
    levels, _ = FACTS[facts]
    parts = []
    for level, scopes in levels.items():
        for scope in scopes:
            text, condition = SCOPES[scope]
            parts.append(f"""SELECT '{level}' AS level, force, {level} AS unit, {text} AS scope, month, {columns}
                FROM facts_{facts} WHERE {condition}""")
    return " UNION ALL ".join(parts)


def in_periods(facts: str) -> str:
    """Which periods a row of a month is in, as a join condition: longer periods stand for every level
    in `all`, and for force and area in every scope; rolling ones only over whole months of the extract."""
    _, dated_by = FACTS[facts]
    return f"""JOIN period_months p ON r.month = p.month
            AND (p.period_type = 'month' OR r.scope = 'all' OR r.level IN ('force', 'area'))
        JOIN coverage v ON v.extract = '{dated_by}'
            AND (p.period_type <> 'rolling_12_months' OR (
                p.period_start >= v.first_month AND NOT (v.partial AND p.period_start = v.first_month)
                AND p.last_day <= getvariable('data_date')))"""


def count_measures(con, facts: str, metrics) -> None:
    """Sums of every column that a metric names, by month and then by period."""
    names = set()
    for metric in metrics:
        names |= {n for n in (metric.numerator, metric.denominator, *(metric.weights or ())) if n}
    columns = ", ".join(sorted(names))
    sums = ", ".join(f"sum({name}) AS {name}" for name in sorted(names))
    con.execute(f"""CREATE TABLE monthly_{facts} AS
        SELECT level, force, unit, scope, month, {sums} FROM ({rows_in_scope(facts, columns)})
        GROUP BY level, force, unit, scope, month""")
    con.execute(f"""CREATE TABLE periodic_{facts} AS
        SELECT {KEY}, {sums} FROM monthly_{facts} r {in_periods(facts)} GROUP BY {KEY}""")
    for metric in metrics:
        denominator = f"COALESCE({metric.denominator}, 0)" if metric.denominator else "NULL"
        top, bottom = metric.weights or (metric.numerator, metric.denominator or "NULL")
        value = metric.numerator if metric.kind == "count" else f"COALESCE({top}, 0) / NULLIF({bottom}, 0)"
        insert(con, metric, f"COALESCE({metric.numerator}, 0)", denominator, value, f"periodic_{facts}")


def insert(con, metric, numerator: str, denominator: str, value: str, source: str) -> None:
    solved_set = f"'{metric.solved_set}'" if metric.solved_set else "NULL"
    basis = f"'{metric.basis}'" if metric.basis else "NULL"
    only_force = "AND level = 'force'" if metric.solved_set not in (None, DEFAULT_SET) else ""
    con.execute(f"""INSERT INTO results
        SELECT '{metric.id}', {solved_set}, {basis}, '{metric.kind}', '{FACTS[metric.facts][1]}', {KEY},
            {numerator}, {denominator}, CAST({value} AS DOUBLE)
        FROM {source} WHERE (COALESCE({numerator}, 0) > 0 OR COALESCE({denominator}, 0) > 0) {only_force}""")


def quantile_measure(con, metric) -> None:
    """Over the rows of the period: linear interpolation between order statistics (type 7)."""
    column = metric.denominator
    rows = rows_in_scope(metric.facts, f"{column} AS x")
    con.execute(f"""CREATE OR REPLACE TEMP TABLE quantiles AS
        SELECT {KEY}, count(*) AS n, quantile_cont(CAST(x AS DOUBLE), {metric.numerator}) AS q
        FROM (SELECT * FROM ({rows}) WHERE x IS NOT NULL) r {in_periods(metric.facts)} GROUP BY {KEY}""")
    insert(con, metric, "CAST(NULL AS DOUBLE)", "n", "q", "quantiles")


def stock_measure(con, metric) -> None:
    """The value at the period's end: that of its last month, or of the data date's."""
    rows = rows_in_scope("stock", f"{metric.numerator} AS top, {metric.denominator} AS bottom")
    con.execute(f"""CREATE TABLE monthly_stock AS
        SELECT level, force, unit, scope, month, sum(top) AS top, sum(bottom) AS bottom FROM ({rows})
        GROUP BY level, force, unit, scope, month""")
    con.execute(f"""CREATE TABLE periodic_stock AS
        SELECT {KEY}, sum(top) AS top, sum(bottom) AS bottom
        FROM monthly_stock r {in_periods("stock")} AND r.month = CAST(date_trunc('month', p.period_end) AS DATE)
        GROUP BY {KEY}""")
    insert(con, metric, "top", "bottom", "top / bottom", "periodic_stock")


def rate_measure(con, metric) -> None:
    """Over residents / 1000 by the latest estimate dated on or before period_end; force level only."""
    con.execute(f"""CREATE TABLE per_head AS
        SELECT {KEY}, r.{metric.numerator} AS n, CASE WHEN NOT suspect THEN residents / 1000 END AS thousands
        FROM (SELECT * FROM periodic_{metric.facts} WHERE level = 'force' AND {metric.numerator} > 0) r
        ASOF LEFT JOIN (SELECT force AS of_force, * EXCLUDE (force) FROM populations) e
            ON e.of_force = r.force AND e.estimate_date <= r.period_end""")
    insert(con, metric, "n", "thousands", "n / thousands", "per_head")


def measure(con, metrics) -> None:
    con.execute("""CREATE TABLE results (metric VARCHAR, solved_set VARCHAR, basis VARCHAR, kind VARCHAR,
        extract VARCHAR, level VARCHAR, force VARCHAR, unit VARCHAR, scope VARCHAR, period_type VARCHAR, period_start DATE,
        period_end DATE, last_day DATE, numerator DOUBLE, denominator DOUBLE, value DOUBLE)""")
    for facts in FACTS:
        counted = [m for m in metrics if m.facts == facts and m.kind in ("count", "proportion", "ratio", "mean")]
        if counted:
            count_measures(con, facts, counted)
    for metric in metrics:
        if metric.kind == "quantile":
            quantile_measure(con, metric)
        elif metric.kind == "stock":
            stock_measure(con, metric)
        elif metric.kind == "rate":
            rate_measure(con, metric)


# solved_within_90_days: only months whose last day + 90 days is by the data date; a longer period when
# every month is, which is when its last one is.
MATURE = """(metric <> 'solved_within_90_days' OR last_day + 90 <= getvariable('data_date'))"""

# A null value (denominator 0, no usable population) is "missing with its reason", and so not_available.
STATUS = """CASE
    WHEN value IS NULL THEN 'not_available'
    WHEN last_day > getvariable('data_date') THEN 'provisional'
    WHEN basis = 'recorded' AND period_end + 90 > getvariable('data_date') THEN 'provisional'
    WHEN period_type = 'month' AND v.partial AND period_start = v.first_month THEN 'provisional'
    ELSE 'final' END"""


def write_values(con) -> None:
    con.execute(f"""CREATE TABLE metric_values AS
        SELECT metric, force, level, unit, scope, period_type, period_start, period_end, numerator, denominator,
            value, solved_set, basis, {STATUS} AS status
        FROM results JOIN coverage v USING (extract)
        WHERE {MATURE}
        ORDER BY ALL""")


def add_absent(con, metric: str, reason: str, data_date: date) -> None:
    """A metric that cannot be made: one row for each force, at force level, for the data date's month."""
    con.execute(f"""INSERT INTO metric_values
        SELECT '{metric}', force, 'force', force, 'all', 'month', DATE '{data_date.replace(day=1)}', DATE '{data_date}',
            NULL, NULL, NULL, NULL, NULL, 'not_available' FROM measured_forces""")


def make_tallies(con) -> None:
    con.execute(f"""CREATE TABLE tallies AS
        SELECT metric, force, level, unit, scope, period_start AS month, numerator, denominator, value
        FROM metric_values
        WHERE period_type = 'month' AND COALESCE(solved_set, '{DEFAULT_SET}') = '{DEFAULT_SET}'
            AND (numerator IS NOT NULL OR denominator IS NOT NULL)
        ORDER BY ALL""")
