"""Demand of a build once more, from the extracts and docs/methods.md alone.

    python demand.py EXTRACTS BUILD --force gloucestershire

DuckDB counts calls by line and incidents by grade by weekday and hour of the London clock. How often each hour came is
counted on the absolute time line, minute by minute. Handlers are tried from one upwards: Erlang C from the Poisson
distribution, Erlang A from its birth-death chain, state by state. Forecasts are made from the build's monthly counts, which
compare.py holds to the extracts. Compares every row of tables/demand.parquet, staffing.parquet and forecast.parquet; exit 1
if a cell differs.
"""

import argparse
import calendar
import math
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
from scipy import stats

import clock
import conform
import fates
import recompute
from maturity import compare, last_day, plus


def periods(first_day, data_date):
    """First months of the newest 12 whole months and of the 12 before, where the extract covers them."""
    month = data_date.replace(day=1)
    newest = month if last_day(month) <= data_date else plus(month, -1)
    return [first for first in (plus(newest, -11), plus(newest, -23)) if first >= first_day]


def shown(con, first):
    """Days of each weekday, and hours that the clock showed, of the 12 months from `first` on."""
    end = plus(first, 12)
    days = {}
    for n in range((end - first).days):
        weekday = (first + timedelta(days=n)).isoweekday()
        days[weekday] = days.get(weekday, 0) + 1
    hours = con.execute("""
        SELECT isodow(l), hour(l), count(*) / 60 FROM (
            SELECT london(unnest(generate_series($1::TIMESTAMP - INTERVAL 1 DAY, $2::TIMESTAMP + INTERVAL 1 DAY,
                INTERVAL 1 MINUTE))) AS l)
        WHERE l >= $1::TIMESTAMP AND l < $2::TIMESTAMP GROUP BY ALL""", [first, end]).fetchall()
    return days, {(weekday, hour): minutes for weekday, hour, minutes in hours}


def events(con, force):
    """One row an event: subject, class, level, unit, when by the clock, seconds to its answer."""
    con.execute("""
        CREATE TABLE events AS
        SELECT 'calls' AS subject, line AS class, 'force' AS level, force AS unit, london(time_utc) AS civil,
            CASE WHEN happened(reading_after(answered_at, time_utc)) AND reading_after(answered_at, time_utc) >= time_utc
                THEN epoch(reading_after(answered_at, time_utc) - time_utc) END AS wait
        FROM accepted_calls WHERE force = $1
        UNION ALL
        SELECT 'incidents', lower(grade), 'force', force, london(time_utc), NULL FROM accepted_incidents WHERE force = $1
        UNION ALL
        SELECT 'incidents', lower(grade), 'area', organisation(area), london(time_utc), NULL
        FROM accepted_incidents WHERE force = $1""", [force])


def rows(con, force, data_date):
    events(con, force)
    found = {}
    for subject in ("calls", "incidents"):
        first_day = con.execute(f"SELECT CAST(min(london(time_utc)) AS DATE) FROM accepted_{subject}").fetchone()[0]
        starts = periods(first_day, data_date)
        units = set()
        counted = {}
        for start in starts:
            counts = con.execute("""
                SELECT class, level, unit, isodow(civil), hour(civil), count(*), count(wait), avg(wait),
                    avg(CAST(wait < 10 AS INTEGER))
                FROM events WHERE subject = $1 AND civil >= $2::TIMESTAMP AND civil < $3::TIMESTAMP GROUP BY ALL""",
                                 [subject, start, plus(start, 12)]).fetchall()
            for cls, level, unit, weekday, hour, *cells in counts:
                units.add((cls, level, unit))
                counted[cls, level, unit, start, weekday, hour] = cells
        for start in starts:
            days, hours = shown(con, start)
            for unit in units:
                for weekday in range(1, 8):
                    for hour in range(24):
                        n, answered, mean, share = counted.get((*unit, start, weekday, hour), (0, 0, None, None))
                        often = hours[weekday, hour]
                        found[subject, *unit, start, weekday, hour] = (
                            last_day(plus(start, 11)), n, days[weekday], float(often), n / often,
                            answered if subject == "calls" else None, mean, share)
    return found


TARGET_SHARE, TARGET_SECONDS = 0.9, 10
FEWEST_ABANDONED = 100


def waits(con, force, start):
    """Mean handling time and patience of 999 calls: answer to end, and all time waited over those given up."""
    talk, waited, gave_up = con.execute("""
        WITH answers AS (
            SELECT time_utc, reading_after(answered_at, time_utc) AS answer, answered_at, ended_at FROM accepted_calls
            WHERE force = $1 AND line = '999' AND london(time_utc) >= $2::TIMESTAMP AND london(time_utc) < $3::TIMESTAMP),
        known AS (
            SELECT time_utc, CASE WHEN happened(answer) THEN answer END AS answer,
                COALESCE(NOT happened(answer), answered_at IS NULL) AS no_answer, ended_at FROM answers),
        ended AS (
            SELECT *, reading_after(ended_at, COALESCE(answer, time_utc)) AS over FROM known)
        SELECT avg(CASE WHEN over >= answer AND happened(over) THEN epoch(over - answer) END),
            COALESCE(sum(CASE WHEN answer >= time_utc THEN epoch(answer - time_utc) END), 0)
                + COALESCE(sum(CASE WHEN no_answer AND over >= time_utc AND happened(over) THEN epoch(over - time_utc) END), 0),
            count(CASE WHEN no_answer AND over >= time_utc AND happened(over) THEN 1 END)
        FROM ended""", [force, start, plus(start, 12)]).fetchone()
    return talk, waited / gave_up if gave_up >= FEWEST_ABANDONED else None


def erlang_c(load, handling, n):
    """Share answered in time; 0 where the queue has no end."""
    if load >= n:
        return 0.0
    blocked = stats.poisson.pmf(n, load) / stats.poisson.cdf(n, load)
    waiting = blocked / (1 - load / n * (1 - blocked))
    return 1 - waiting * math.exp(-(n - load) * TARGET_SECONDS / handling)


def erlang_a(load, handling, patience, n):
    """Shares answered in time and given up, from the chain of calls present and one of those before a caller."""
    states = n + 400
    weights = [1.0]
    for state in range(1, states):
        weights.append(weights[-1] * load / (min(state, n) + max(0, state - n) * handling / patience))
    present = np.array(weights) / sum(weights)
    queue = np.arange(states - n) @ present[n:]
    given_up = queue * handling / patience / load if load else 0.0
    leave = n / handling + np.arange(states - n) / patience
    rate, ahead = leave[-1] + 1 / patience, present[n:].copy()
    mean, answered, found, seen, step = rate * TARGET_SECONDS, 0.0, 0.0, 0.0, 0
    weight = math.exp(-mean)
    while seen < 1 - 1e-13 and step < 5_000:
        found, seen, step = found + weight * answered, seen + weight, step + 1
        weight *= mean / step
        answered += ahead[0] * leave[0] / rate
        stay = ahead * (1 - (leave + 1 / patience) / rate)
        stay[:-1] += ahead[1:] * leave[1:] / rate
        ahead = stay
    return present[:n].sum() + found, given_up


def least(level):
    n = 1
    while level(n) < TARGET_SHARE:
        n += 1
    return n


def staffing_rows(con, force, data_date):
    first_day = con.execute("SELECT CAST(min(london(time_utc)) AS DATE) FROM accepted_calls").fetchone()[0]
    starts = periods(first_day, data_date)
    if not starts:
        return {}
    start = starts[0]
    handling, patience = waits(con, force, start)
    _, hours = shown(con, start)
    counts = con.execute("""
        SELECT isodow(civil), hour(civil), minute(civil) // 30, count(*) FROM events WHERE class = '999'
            AND civil >= $1::TIMESTAMP AND civil < $2::TIMESTAMP GROUP BY ALL""", [start, plus(start, 12)]).fetchall()
    counts = {tuple(row[:3]): row[3] for row in counts}
    found = {}
    for weekday in range(1, 8):
        for hour in range(24):
            for half in range(2):
                # A clock change takes or brings whole hours, so half hours came as often as their hour.
                calls, often = counts.get((weekday, hour, half), 0), hours[weekday, hour]
                an_hour = 2 * calls / often
                load = an_hour * handling / 3600
                by_c = least(lambda n: erlang_c(load, handling, n))
                row = [calls, int(often), an_hour, handling, patience, load, by_c, erlang_c(load, handling, by_c)]
                if patience:
                    by_a = least(lambda n: erlang_a(load, handling, patience, n)[0])
                    row += [by_a, *erlang_a(load, handling, patience, by_a)]
                else:
                    row += [None, None, None]
                found[weekday, f"{hour:02}:{half * 30:02}"] = tuple(map(plain, row))
    return found


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


def forecast_rows(con, build, force):
    """The season of the last year, in events a day, with t intervals from how far years have differed."""
    figures = con.execute(f"""SELECT metric, period_start, value FROM '{build}/metric_values.parquet'
        WHERE force = ? AND level = 'force' AND "scope" = 'all' AND period_type = 'month' AND status = 'final'
            AND metric IN ('calls_999', 'calls_101', 'crimes_recorded') ORDER BY metric, period_start""", [force]).fetchall()
    found = {}
    for metric in sorted({row[0] for row in figures}):
        months = {month: value for name, month, value in figures if name == metric and value is not None}
        last = max(months)
        series = []
        while plus(last, -len(series)) in months:
            month = plus(last, -len(series))
            series.append(months[month] / calendar.monthrange(month.year, month.month)[1])
        series.reverse()
        if len(series) < 24:
            continue
        changes = [b - a for a, b in zip(series, series[12:])]
        deviation = math.sqrt(sum(change * change for change in changes) / len(changes))
        for ahead in range(12):
            month = plus(last, ahead + 1)
            days = calendar.monthrange(month.year, month.month)[1]
            value = series[len(series) - 12 + ahead] * days
            half = [stats.t.isf(tail, len(changes)) * deviation * days for tail in (0.1, 0.025)]
            ends = [value - half[0], value + half[0], value - half[1], value + half[1]]
            found[metric, month] = (value, *map(plain, ends), plus(last, 1 - len(series)), last_day(last), len(series))
    return found


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
        recompute.read_all(con, arguments.extracts, Path(scratch))
        data_date, _ = fates.settle(con, list(recompute.EXTRACTS), arguments.force, arguments.as_at)
        conform.load_references(con, recompute.reference_finder([recompute.REFERENCES]), data_date)
        theirs = con.execute(f"""SELECT subject, kind, level, unit, period_start, weekday, "hour", period_end, "count",
            days, hours, mean_an_hour, answered, mean_answer_seconds, under_10_seconds_share
            FROM '{arguments.build}/tables/demand.parquet' WHERE force = ? AND weekday IS NOT NULL""", [arguments.force]).fetchall()
        wrong = compare("demand", {row[:7]: row[7:] for row in theirs}, rows(con, arguments.force, data_date))
        theirs = con.execute(f"""SELECT weekday, half_hour, calls, half_hours, calls_an_hour, handling_seconds, patience_seconds,
            erlangs, handlers_erlang_c, service_level_erlang_c, handlers_erlang_a, service_level_erlang_a,
            abandoned_share_erlang_a FROM '{arguments.build}/tables/staffing.parquet' WHERE force = ? AND weekday IS NOT NULL""",
                             [arguments.force]).fetchall()
        wrong += compare("staffing", {row[:2]: row[2:] for row in theirs}, staffing_rows(con, arguments.force, data_date))
        theirs = con.execute(f"""SELECT metric, month, value, lower_80, upper_80, lower_95, upper_95, made_from_start,
            made_from_end, made_from_months FROM '{arguments.build}/tables/forecast.parquet' WHERE force = ?""",
                             [arguments.force]).fetchall()
        mine = forecast_rows(con, arguments.build / "tables", arguments.force)
        wrong += compare("forecast", {row[:2]: row[2:] for row in theirs}, mine)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
