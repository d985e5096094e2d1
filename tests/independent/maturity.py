"""The curves of maturity and the nowcasts of a build once more, from the extracts and docs/methods.md alone.

    python maturity.py EXTRACTS BUILD --force gloucestershire

DuckDB counts crimes by month of recording and by day; the curves, the variance between cohorts and the nowcasts are worked
from those counts in plain Python. Compares every row of tables/maturity.parquet and tables/nowcast.parquet but for
the ends of intervals and p-values, whose distributions have cases of their own; exit 1 if a cell differs.
"""

import argparse
import math
import sys
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import duckdb

import clock
import conform
import fates
import recompute
from definitions import SOLVED_SETS

GRID = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 75, 90, 105, 120, 135, 150, 180, 210, 240, 270, 300, 330, 365, 450,
        540, 730)
HORIZONS = (365, 180, 90)
PROVISIONAL_DAYS = 90


def crimes(con, force, solved_set):
    """Level, unit, scope, month, day of the end, cause, age on the data date; a row for each kind of crime, with a count.
    A cause without a day is an outcome whose day is not known; neither is a crime that stands open."""
    rows = con.execute(f"""
        WITH net AS (
            SELECT area, offence_group, month, outcome_type,
                CASE WHEN outcome_civil IS NOT NULL THEN
                    greatest(date_diff('day', CAST(recorded_civil AS DATE), CAST(outcome_civil AS DATE)), 0) END AS day,
                date_diff('day', CAST(recorded_civil AS DATE), getvariable('data_date')) AS age,
                CASE WHEN outcome_type IS NULL THEN NULL
                    WHEN outcome_parent IN {SOLVED_SETS[solved_set]} THEN 'solved'
                    WHEN outcome_type IN ('14', '16') THEN 'victim_not_supporting' ELSE 'otherwise' END AS cause
            FROM crimes WHERE force = $1 AND net),
        cut AS (
            SELECT 'force' AS level, $1 AS unit, 'all' AS scope, * FROM net
            UNION ALL SELECT 'force', $1, offence_group, * FROM net
            UNION ALL SELECT 'area', area, 'all', * FROM net)
        SELECT level, unit, scope, month, day, cause, age, count(*) FROM cut GROUP BY ALL""", [force]).fetchall()
    series = defaultdict(lambda: defaultdict(list))
    for level, unit, scope, month, *crime in rows:
        series[level, unit, scope][month].append(tuple(crime))
    return series


def plus(month, months):
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def last_day(month):
    return plus(month, 1) - timedelta(days=1)


def quarter_of(month):
    return date(month.year, (month.month - 1) // 3 * 3 + 1, 1)


def reference_period(first_day, data_date):
    """Horizon and first months of the quarters: four to eight, whole, all of them followed to the horizon."""
    for horizon in HORIZONS:
        quarter, found = quarter_of(data_date), []
        while quarter >= first_day and len(found) < 8:
            if last_day(plus(quarter, 2)) + timedelta(days=horizon) <= data_date:
                found.append(quarter)
            quarter = plus(quarter, -3)
        if len(found) >= 4:
            return horizon, sorted(found)
    return None


def dated(pool):
    return [(day, cause, age, n) for day, cause, age, n in pool if cause is None or day is not None]


def total(pool):
    return sum(crime[-1] for crime in pool)


def curve(pool):
    """The product-limit estimate with competing causes, day by day: at risk, then the shares by the end of the day."""
    pool = dated(pool)
    ends, left = defaultdict(int), defaultdict(int)
    for day, cause, age, n in pool:
        ends[(age, None) if cause is None else (day, cause)] += n
    for (day, cause), n in ends.items():
        left[day] += n
    at_risk, open_share = total(pool), 1.0
    shares = dict.fromkeys(("solved", "victim_not_supporting", "otherwise"), 0.0)
    states = []
    for day in range(max(left, default=-1) + 1):
        here = at_risk
        ended = sum(ends[day, cause] for cause in shares)
        if here:
            for cause in shares:
                shares[cause] += open_share * ends[day, cause] / here
            open_share *= (here - ended) / here
        at_risk -= left[day]
        states.append((here, open_share, dict(shares)))
    return states


def solved_by(pool, day):
    return sum(n for end, cause, _, n in dated(pool) if cause == "solved" and end <= day)


def between(cohorts):
    """Centre, tau squared, sum of squared weights, of cohorts given as size, share and variance."""
    number, size = len(cohorts), sum(c[0] for c in cohorts)
    weights = [c[0] / size for c in cohorts]
    centre = sum(w * c[1] for w, c in zip(weights, cohorts))
    squares = sum(w * w for w in weights)
    chance = sum(c[2] * (1 - 2 * w) for w, c in zip(weights, cohorts)) + number * sum(w * w * c[2] for w, c in zip(weights, cohorts))
    spread = sum((c[1] - centre) ** 2 for c in cohorts)
    return centre, max(0.0, (spread - chance) / (number - 2 + number * squares)), squares


def curve_rows(series, data_date, period):
    rows = {}
    for (level, unit, scope), months in series.items():
        quarters = defaultdict(list)
        for month, pool in months.items():
            quarters[quarter_of(month)].extend(pool)
        reference = None
        if period:
            members = [quarters[q] for q in period[1] if total(dated(quarters.get(q, [])))]
            pooled = [crime for q in period[1] for crime in quarters.get(q, [])]
            if len(members) >= 4 and total(dated(pooled)) >= 100:
                reference = pooled, members
        wanted = [("quarter", q, plus(q, 2), pool) for q, pool in quarters.items()]
        if reference:
            wanted.append(("reference", period[1][0], plus(period[1][-1], 2), reference[0]))
        for kind, first, last, pool in wanted:
            states, size = curve(pool), total(dated(pool))
            for day in GRID:
                followed = sum(n for _, _, age, n in dated(pool) if age >= day)
                ran_out = day >= len(states) and (not states or states[-1][1] > 0)
                if 2 * followed < size or not size or ran_out:
                    break
                here, open_share, shares = states[day] if day < len(states) else (0, *states[-1][1:])
                beside = None
                if kind == "quarter" and reference and first > period[1][-1] and day <= period[0]:
                    beside = solved_by(reference[0], day) / total(dated(reference[0]))
                undated = [c for c in pool if c[1] is not None and c[0] is None]
                rows[level, unit, scope, kind, first, day] = (
                    min(last_day(last), data_date), total(pool), followed, here, shares["solved"],
                    shares["victim_not_supporting"], shares["otherwise"], open_share, total(undated),
                    total([c for c in undated if c[1] == "solved"]), beside,
                    None if beside is None else shares["solved"] - beside)
    return rows


def open_and_to_come(pool, age, horizon):
    """Of crimes followed to the horizon: open at the end of the day, and of them solved by the horizon."""
    still = [(end, cause, n) for end, cause, _, n in dated(pool) if cause is None or end > age]
    return sum(c[-1] for c in still), sum(n for end, cause, n in still if cause == "solved" and end <= horizon)


def nowcast(pool, reference, horizon):
    """What is to come of the open crimes, with the three standard deviations; None where there are too few to read from."""
    members = [month for month in reference if total(dated(month))]
    pooled = [crime for month in members for crime in month]
    now = defaultdict(int)
    for _, cause, age, n in pool:
        if cause is None and age < horizon:
            now[age] += n
    chances = {}
    for age in sorted(now):
        n, x = open_and_to_come(pooled, age, horizon)
        if not chances and x < 10:
            return None
        each = [c for c in (open_and_to_come(month, age, horizon) for month in members) if c[0]]
        if len(each) < 2:
            return None
        p = x / n
        _, tau, squares = between([(m, y / m, p * (1 - p) / m) for m, y in each])
        chances[age] = p, n, math.sqrt(tau * (1 + squares))
    expected = sum(k * chances[a][0] for a, k in now.items())
    chance = sum(k * chances[a][0] * (1 - chances[a][0]) for a, k in now.items())
    estimate = 0.0
    for a, k in now.items():
        for b, l in now.items():
            p, n = chances[max(a, b)][0], chances[min(a, b)][1]
            estimate += k * l * p * (1 - p) / n
    spread = sum(k * chances[a][2] for a, k in now.items())
    return expected, math.sqrt(chance), math.sqrt(estimate), spread


def nowcast_rows(series, data_date, period):
    rows = {}
    month = date(data_date.year, data_date.month, 1)
    while last_day(plus(month, -1)) + timedelta(days=PROVISIONAL_DAYS) > data_date:
        month = plus(month, -1)
    first = plus(month, -6)
    for (level, unit, scope), months in series.items():
        reference, horizon = None, math.inf
        if period:
            horizon = period[0]
            members = [months.get(plus(q, m), []) for q in period[1] for m in range(3)]
            pooled = [crime for pool in members for crime in pool]
            quarters = sum(1 for i in range(0, len(members), 3) if total(dated(sum(members[i:i + 3], []))))
            undated = total([c for c in pooled if c[1] is not None and c[0] is None])
            ended = total([c for c in dated(pooled) if c[1] is not None])
            if quarters >= 4 and total(dated(pooled)) >= 100 and undated <= 0.1 * (undated + ended):
                reference = members
        for month, pool in months.items():
            if month < first or period and last_day(month) + timedelta(days=horizon) <= data_date:
                continue
            undated = [c for c in pool if c[1] is not None and c[0] is None]
            solved = solved_by(pool, horizon) + total([c for c in undated if c[1] == "solved"])
            still_open = sum(n for _, cause, age, n in pool if cause is None and age < horizon)
            made = reference and nowcast(pool, reference, horizon)
            value = (solved + made[0]) / total(pool) if made else None
            rows[level, unit, scope, month] = (
                total(pool), solved, solved / total(pool), still_open, total(undated), *(made or (None,) * 4), value)
    return rows


def near(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


def compare(what, theirs, mine) -> int:
    def differ(key):
        a, b = theirs.get(key), mine.get(key)
        return a is None or b is None or not all(map(near, a, b))

    wrong = [key for key in theirs.keys() | mine.keys() if differ(key)]
    for key in sorted(wrong, key=str)[:20]:
        print(f"  {key}: the build has {theirs.get(key)}, the second engine {mine.get(key)}")
    print(f"{what}: {len(theirs)} rows of the build, {len(mine)} recomputed, {len(wrong)} differ")
    return len(wrong) + (not theirs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracts", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--force", default="gloucestershire")
    parser.add_argument("--solved-set", default="positive_excluding_tic", choices=SOLVED_SETS)
    parser.add_argument("--as-at", type=date.fromisoformat)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        con = duckdb.connect(str(Path(scratch) / "work.duckdb"), config={"threads": 2})
        clock.add_macros(con)
        recompute.read_all(con, arguments.extracts, Path(scratch))
        data_date, _ = fates.settle(con, list(recompute.EXTRACTS), arguments.force, arguments.as_at)
        conform.load_references(con, recompute.reference_finder([recompute.REFERENCES]), data_date)
        conform.conform_incidents(con)
        conform.choose_outcomes(con, history=False)
        conform.conform_posts(con)
        conform.conform_crimes(con, has_incidents=True)
        first_day = con.execute("SELECT CAST(min(recorded_civil) AS DATE) FROM crimes").fetchone()[0]
        series = crimes(con, arguments.force, arguments.solved_set)
        period = reference_period(first_day, data_date)
        print(f"data date {data_date}, reference {period[0]} days, quarters from {period[1][0]}" if period else "no reference")
        build = arguments.build / "tables"
        rows = con.execute(f"""SELECT level, unit, "scope", cohort, period_start, day, period_end, crimes, followed, at_risk,
            solved, victim_not_supporting, closed_otherwise, still_open, undated, undated_solved, comparator_value, difference
            FROM '{build}/maturity.parquet' WHERE force = ?""", [arguments.force]).fetchall()
        wrong = compare("maturity", {row[:6]: row[6:] for row in rows}, curve_rows(series, data_date, period))
        rows = con.execute(f"""SELECT level, unit, "scope", period_start, crimes, solved, share_to_date, still_open, undated,
            further_solved, sd_chance, sd_estimate, sd_between_cohorts, value
            FROM '{build}/nowcast.parquet' WHERE force = ?""", [arguments.force]).fetchall()
        wrong += compare("nowcast", {row[:4]: row[4:] for row in rows}, nowcast_rows(series, data_date, period))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
