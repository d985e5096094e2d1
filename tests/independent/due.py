"""What falls due in a build once more, and its local figures, from the extracts and docs/methods.md alone.

    python due.py EXTRACTS BUILD --force gloucestershire

DuckDB finds the open crimes and when something of theirs is due; counts are counted from those rows. Local figures are made
from the build's metric_values and officer_values, which compare.py holds to the extracts: estimates and reliabilities in
plain Python, tests by SciPy. Compares every row of restricted/due.parquet, tables/due_counts.parquet,
tables/local_figures.parquet and restricted/officer_local.parquet; exit 1 if a cell differs.
"""

import argparse
import math
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb
from scipy import stats

import clock
import conform
import fates
import recompute
from maturity import compare, plus

DAYS_AHEAD, DAYS_OVERDUE = 14, 28
KINDS = ("time_limit", "bail", "victim_update", "review")
LEAST_RELIABILITY = 0.7
# By month of recording, without a number of days after it.
FOLLOWED_WITHOUT_END = ("charge_rate_recorded", "no_suspect_rate", "not_assigned_rate", "out_of_court_rate_recorded",
                        "solved_rate_recorded", "victim_not_supporting_rate")


def due_rows(con, force):
    """Open crimes with what is due: crime, units, kind, civil day, civil time; a row without a kind for each crime."""
    con.execute("""
        CREATE TABLE open_crimes AS
        SELECT c.crime_ref, c.area, c.department, c.team, c.supervisor, c.officer, CAST(c.recorded_civil AS DATE) AS recorded_day,
            a.review_due_at, a.bail_until, a.limit_at
        FROM crimes c JOIN accepted_crimes a ON a.force = c.force AND a.crime_ref = c.crime_ref
        WHERE c.force = $1 AND c.net AND c.outcome_type IS NULL""", [force])
    con.execute("""
        CREATE TABLE due AS
        WITH timed AS (
            SELECT *, london(first_reading(limit_at)) AS civil, 'time_limit' AS kind FROM open_crimes
            UNION ALL SELECT *, london(first_reading(bail_until)), 'bail' FROM open_crimes
            UNION ALL SELECT *, london(first_reading(review_due_at)), 'review' FROM open_crimes),
        numbered AS (
            SELECT o.*, w.number + CASE WHEN COALESCE(flag(v.enhanced), false) THEN 1 ELSE 5 END AS number
            FROM open_crimes o JOIN accepted_victim_contacts v ON v.force = $1 AND v.crime_ref = o.crime_ref
            JOIN working_days w ON w.day = o.recorded_day
            WHERE NOT bad_flag(v.enhanced) AND NOT unreadable(v.first_update_at)
                AND NOT COALESCE(happened(first_reading(v.first_update_at)), false)),
        updates AS (SELECT n.*, w.day FROM numbered n JOIN working_days w ON w.working AND w.number = n.number)
        SELECT crime_ref, area, department, team, supervisor, officer, kind, CAST(civil AS DATE) AS due_on, civil AS due_at
        FROM timed WHERE civil IS NOT NULL
        UNION ALL
        SELECT crime_ref, area, department, team, supervisor, officer, 'victim_update', day, NULL FROM updates""", [force])


def listed(con, data_date):
    rows = con.execute("""
        SELECT crime_ref, kind, area, department, team, supervisor, officer, due_on, due_at, due_on - $1::DATE
        FROM due WHERE due_on BETWEEN $1::DATE - $2 AND $1::DATE + $3""", [data_date, DAYS_OVERDUE, DAYS_AHEAD]).fetchall()
    return {row[:2]: (*row[2:], "overdue" if row[-1] < 0 else "due") for row in rows}


def counts(con, force, data_date):
    units = {("force", force, None, None)}
    open_of, found = defaultdict(int), defaultdict(lambda: [0] * 5)

    def of(area, department, team):
        return (("force", force, None, None), ("area", area, area, None), ("department", department, None, department),
                ("team", team, None, None), ("team_in_area", team, area, None),
                ("team_in_department", team, None, department))

    for place in con.execute("SELECT area, department, team FROM open_crimes").fetchall():
        for unit in of(*place):
            units.add(unit)
            open_of[unit] += 1
    for *place, kind, due_on in con.execute("SELECT area, department, team, kind, due_on FROM due").fetchall():
        left = (due_on - data_date).days
        is_in = (True, left < -DAYS_OVERDUE, -DAYS_OVERDUE <= left < 0, 0 <= left <= 7, 0 <= left <= DAYS_AHEAD)
        for unit in of(*place):
            found[unit, kind] = [n + i for n, i in zip(found[unit, kind], is_in)]
    return {(*unit, kind): (open_of[unit], *found[unit, kind]) for unit in units for kind in KINDS}


def shrink(counts, model):
    """Mean of the level, and estimate and reliability of each unit by the method of moments."""
    total = sum(n for _, n in counts.values())
    mean = sum(x for x, _ in counts.values()) / total
    spread = sum(n * (x / n - mean) ** 2 for x, n in counts.values())
    free, divisor = len(counts) - 1, total - sum(n * n for _, n in counts.values()) / total
    if model == "beta_binomial_moments":
        variance = mean * (1 - mean)
        gamma = (spread - variance * free) / (variance * (divisor - free)) if variance else 0
        signal = min(max(gamma, 0), 1)
        noise = 1 - signal
    else:
        signal, noise = max((spread - mean * free) / divisor, 0), mean
    found = {}
    for unit, (x, n) in counts.items():
        reliability = n * signal / (n * signal + noise) if signal else 0.0
        found[unit] = mean + reliability * (x / n - mean), reliability
    return mean, found


def tested(kind, own, other):
    """Method and two-sided p-value of two counts over their denominators."""
    (x1, n1), (x2, n2) = own, other
    if kind == "proportion":
        events, trials = x1 + x2, n1 + n2
        if min(events, trials - events) * min(n1, n2) / trials < 5:
            return "fisher_exact", stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]])[1]

        def variance(x, n):
            share = x / n if 0 < x < n else (x + 0.5) / (n + 1)
            return share * (1 - share) / n
    else:
        if (x1 + x2) * min(n1, n2) / (n1 + n2) < 5:
            if not x1 + x2:
                return "poisson_exact", 1.0
            return "poisson_exact", stats.binomtest(round(x1), round(x1 + x2), n1 / (n1 + n2)).pvalue

        def variance(x, n):
            return (x or 0.5) / n**2
    z = (x1 / n1 - x2 / n2) / math.sqrt(variance(x1, n1) + variance(x2, n2))
    return "normal_sampling", 2 * stats.norm.sf(abs(z))


def weighted_test(*sides):
    """Two shares of weights, each with the effective base that its 95% Wilson interval has."""
    z, variances = stats.norm.isf(0.025), []
    for share, lower, upper in sides:
        base = z**2 / ((share**2 + (1 - share) ** 2) / (lower * upper + (1 - lower) * (1 - upper)) - 1)
        inner = share if 0 < share < 1 else (share * base + 0.5) / (base + 1)
        variances.append(inner * (1 - inner) / base)
    z = (sides[0][0] - sides[1][0]) / math.sqrt(sum(variances))
    return "normal_sampling", 2 * stats.norm.sf(abs(z))


def figures(con, build, force):
    """By metric, level and unit: the figures that local rows may be of, in scope all and the pipeline's solved set."""
    con.execute(f"""
        CREATE TABLE figures AS
        SELECT v.metric, v.level, v.unit, v.period_type, v.period_start, v.period_end, v.numerator, v.denominator, v.value,
            v.method = 'wilson_effective_base' AS weighted, v.lower_95, v.upper_95, v.status, m.kind, m.polarity
        FROM (SELECT * FROM '{build}/tables/metric_values.parquet' UNION ALL
            SELECT * FROM '{build}/restricted/officer_values.parquet') v
        JOIN '{build}/tables/dim_metric.parquet' m ON m.metric = v.metric
        WHERE v.force = $1 AND "scope" = 'all' AND (v.solved_set IS NULL OR v.solved_set = 'positive_excluding_tic')
            AND m.kind IN ('proportion', 'stock', 'ratio', 'rate')""", [force])
    periods = con.execute("""
        SELECT metric, arg_min(period_type, place), arg_min(period_start, place) FROM (
            SELECT *, (CASE period_type WHEN 'rolling_12_months' THEN 0 WHEN 'financial_year' THEN 1 ELSE 2 END) * 1e6
                - epoch(period_end::TIMESTAMP) / 86400 AS place
            FROM figures WHERE level = 'force' AND status = 'final'
                AND period_type IN ('rolling_12_months', 'financial_year', 'month'))
        GROUP BY metric""").fetchall()
    for metric, period_type, start in periods:
        rows = con.execute("""SELECT level, unit, period_start, numerator, denominator, value, weighted, status, kind, polarity, lower_95, upper_95
            FROM figures WHERE metric = $1 AND period_type = $2 AND period_start IN ($3::DATE, $4::DATE)""",
                           [metric, period_type, start, plus(start, -12)]).fetchall()
        now = {row[:2]: row[3:] for row in rows if row[2] == start}
        before = {row[:2]: row[3:] for row in rows if row[2] != start}
        yield metric, start, now, before


def verdict(p, own, other, polarity):
    if p > 0.05 or own == other:
        return "similar"
    words = {"higher": ("better", "worse"), "lower": ("worse", "better")}.get(polarity, ("higher", "lower"))
    return words[0] if own > other else words[1]


def local_rows(con, build, force):
    """Rows of both tables; tests carry their q-values once all of a unit's are known."""
    rows, tests = {}, defaultdict(list)
    for metric, start, now, before in figures(con, build, force):
        whole = next(cells for (level, _), cells in now.items() if level == "force")
        kind = "proportion" if whole[5] in ("proportion", "stock") else "ratio"
        model = "beta_binomial_moments" if kind == "proportion" else "gamma_poisson_moments"
        for level in ("area", "department", "team", "supervisor", "officer"):
            units = {unit: cells for (of, unit), cells in now.items() if of == level}
            counted = {unit: c[:2] for unit, c in units.items()
                       if unit != "unallocated" and not c[3] and c[4] == "final" and c[1]}
            mean, found = shrink(counted, model) if len(counted) > 1 else (None, {})
            for unit, (x, n, value, weighted, status, _, polarity, *ends) in units.items():
                estimate, reliability = found.get(unit, (None, None))
                shown = (model, mean, estimate, reliability) if unit in found else (None,) * 4
                if level in ("supervisor", "officer"):
                    if reliability is not None and reliability < LEAST_RELIABILITY:
                        shown = (model, mean, None, reliability)
                    rows[metric, level, unit] = [start, n, whole[2], len(counted), *shown]
                    continue
                row = [start, x, n, value, whole[2], len(counted), *shown]
                rest = (whole[0] - x, whole[1] - n) if not whole[3] and None not in (x, n) else (0, 0)
                # A cohort of a year before has been followed for a year longer.
                last = before.get((level, unit)) if metric not in FOLLOWED_WITHOUT_END else None
                pairs = [rest if rest[1] > 0 and status == "final" else None]
                pairs.append((*last[:3], *last[7:]) if last and last[4] == status == "final" else None)
                for other in pairs:
                    row += [None, None, None, None, "not_available"]
                    if other is None or value is None:
                        continue
                    other_value = other[2] if len(other) > 2 else other[0] / other[1]
                    if weighted:
                        method, p = weighted_test((value, *ends), other[2:])
                    else:
                        method, p = tested(kind, (x, n), other[:2])
                    row[-5:] = [other_value, method, p, None, verdict(p, value, other_value, polarity)]
                    tests[level, unit].append((p, row, len(row) - 2))
                rows[metric, level, unit] = row
    for family in tests.values():
        for q, (_, row, at) in zip(stats.false_discovery_control([p for p, _, _ in family]), family):
            row[at] = float(q)
    return {key: tuple(row) for key, row in rows.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracts", type=Path)
    parser.add_argument("build", type=Path)
    parser.add_argument("--force", default="gloucestershire")
    parser.add_argument("--as-at", type=date.fromisoformat)
    arguments = parser.parse_args()
    build, force = arguments.build, arguments.force
    with tempfile.TemporaryDirectory() as scratch:
        con = duckdb.connect(str(Path(scratch) / "work.duckdb"), config={"threads": 2})
        clock.add_macros(con)
        present = recompute.read_all(con, arguments.extracts, Path(scratch))
        data_date, _ = fates.settle(con, list(recompute.EXTRACTS), force, arguments.as_at)
        conform.load_references(con, recompute.reference_finder([recompute.REFERENCES]), data_date)
        recompute.make_facts(con, present)
        due_rows(con, force)
        theirs = con.execute(f"""SELECT crime_ref, kind, area, department, team, supervisor, officer, due_on, due_at,
            days_left, state FROM '{build}/restricted/due.parquet' WHERE force = ?""", [force]).fetchall()
        wrong = compare("due", {row[:2]: row[2:] for row in theirs}, listed(con, data_date))
        theirs = con.execute(f"""SELECT level, unit, area, department, kind, "open", dated, overdue_longer, overdue, within_7_days,
            within_period FROM '{build}/tables/due_counts.parquet' WHERE force = ?""", [force]).fetchall()
        wrong += compare("due counts", {row[:5]: row[5:] for row in theirs}, counts(con, force, data_date))
        theirs = con.execute(f"""SELECT metric, level, unit, period_start, numerator, denominator, value, force_value, units,
            shrinkage, level_mean, estimate, reliability, comparator_value, method, p_value, q_value, verdict_95,
            last_year_value, last_year_method, last_year_p_value, last_year_q_value, last_year_verdict_95
            FROM '{build}/tables/local_figures.parquet' WHERE force = ?""", [force]).fetchall()
        theirs += con.execute(f"""SELECT metric, level, unit, period_start, denominator, force_value, units, shrinkage,
            level_mean, estimate, reliability FROM '{build}/restricted/officer_local.parquet' WHERE force = ?""",
                              [force]).fetchall()
        wrong += compare("local figures", {row[:3]: row[3:] for row in theirs}, local_rows(con, build, force))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
