"""Every row of a build's case_mix once more, from the recomputed figures and the comparator table. Exit 1 if a cell differs.

    python case_mix.py output/current values.parquet ../../sample_data/comparators.csv.gz --force gloucestershire

`values.parquet` is what recompute.py wrote: the own force's counts come from the extracts, those of the others from the
table. Written from docs/methods.md: a force beside what the pooled comparator, itself included, would have had with its
offences.
"""

import argparse
import csv
import gzip
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
from scipy import stats

import judgement

REFERENCES = Path(__file__).resolve().parents[2] / "pipelines" / "references"
KEY = ("metric", "force", "period_type", "period_start", "comparator")
NUMBERS = ("numerator", "denominator", "value", "comparator_value", "difference", "unclassed", "expected", "ratio",
           "adjusted_value", "adjusted_lower_95", "adjusted_upper_95", "adjusted_lower_998", "adjusted_upper_998",
           "adjusted_difference", "mix_difference", "mix_share", "p_value", "variance_between_forces")
WORDS = ("strata", "strata_used", "verdict_95", "verdict_998", "verdict_sampling", "forces", "basis", "interval_method")


def reference(name):
    with open(REFERENCES / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


GROUPS = {row["offence_group"] for row in reference("offence_groups.csv")}


def kind(scope):
    if scope.startswith("subgroup: "):
        return "offence_subgroup"
    return "offence_group" if scope in GROUPS else scope


def months(start, end):
    """Months from one date to another, as 2026-03."""
    first, last = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    return [f"{m // 12}-{m % 12 + 1:02}" for m in range(first, last + 1)]


def peers(path, metrics, own):
    """metric -> force -> scope -> month -> (numerator, denominator)."""
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["metric"] in metrics and row["force"] != own and kind(row["scope"]) != "unmapped":
                counts = float(row["numerator"]), float(row["denominator"])
                found[row["metric"]][row["force"]][row["scope"]][row["month"]] = counts
    return found


def summed(by_month, wanted):
    there = [by_month[m] for m in wanted if m in by_month]
    return (sum(n for n, _ in there), sum(d for _, d in there)) if there else None


def mixes(figures, peer, period, strata):
    """force -> (whole, strata) of every force that gives them for the period."""
    start, end = period
    wanted, found = months(start, end), {}
    for force, scopes in peer.items():
        if all(m in scopes["all"] for m in wanted):
            parts = {s: summed(by, wanted) for s, by in scopes.items() if kind(s) == strata}
            found[force] = summed(scopes["all"], wanted), {s: c for s, c in parts.items() if c}
    own = {scope: counts for scope, counts in figures.items() if kind(scope) == strata}
    return found | {"own": (figures["all"], own)}


def add(forces):
    total, parts = np.zeros(2), defaultdict(lambda: np.zeros(2))
    for whole, strata in forces:
        total += whole
        for scope, counts in strata.items():
            parts[scope] += counts
    return total, parts


def expected(force, whole, parts):
    """Events by the reference's rates, and the denominator without any."""
    (_, denominator), strata = force
    crude = whole[0] / whole[1]
    known = {s: d for s, (_, d) in strata.items() if d > 0 and parts[s][1] > 0}
    rest = denominator - sum(known.values())
    return sum(d * parts[s][0] / parts[s][1] for s, d in known.items()) + rest * crude, rest


def interval(events, tail):
    """Exact below 10 events, Byar's from 10."""
    if events < 10:
        return (stats.chi2.ppf(tail, 2 * events) / 2 if events else 0.0), stats.chi2.isf(tail, 2 * events + 2) / 2
    z, more = stats.norm.isf(tail), events + 1
    return events * (1 - 1 / (9 * events) - z / (3 * events**0.5)) ** 3, more * (1 - 1 / (9 * more) + z / (3 * more**0.5)) ** 3


def row(found, others, basis, strata, tau):
    own = found["own"]
    pool = {"own": own} | {force: found[force] for force in others}
    whole, parts = add(pool.values())
    crude = whole[0] / whole[1]
    units = {f: judgement.ratio(m[0][0], expected(m, whole, parts)[0] / crude) for f, m in pool.items()}
    mine = units.pop("own")
    tau = None if tau is None else tau * crude**2
    (events, denominator), (fit, rest) = own[0], expected(own, whole, parts)
    value, adjusted = events / denominator, events / fit * crude
    said = judgement.judged(mine, list(units.values()), "pooled", tau, stated=crude)
    said["adjusted_difference"] = said.pop("difference")
    mix, gap = value - adjusted, value - crude
    mix_share = mix / gap if gap else None
    ends = {level: [x / fit * crude for x in interval(events, tail)] for level, tail in (("95", 0.025), ("998", 0.001))}
    return said | {
        "numerator": events, "denominator": denominator, "value": value, "difference": gap,
        "unclassed": rest, "expected": fit, "ratio": events / fit, "adjusted_value": adjusted, "mix_difference": mix,
        "mix_share": mix_share if mix_share is not None and 0 <= mix_share <= 1 else None,
        "adjusted_lower_95": ends["95"][0], "adjusted_upper_95": ends["95"][1], "adjusted_lower_998": ends["998"][0],
        "adjusted_upper_998": ends["998"][1], "variance_between_forces": tau, "strata": strata,
        "strata_used": sum(d > 0 for _, d in own[1].values()), "forces": len(pool), "basis": basis,
        "interval_method": "exact_poisson" if events < 10 else "byar_poisson",
    }


def between(found):
    whole, parts = add(found.values())
    return judgement.between([judgement.ratio(m[0][0], expected(m, whole, parts)[0]) for m in found.values()], 1)


def rows(values, table, own):
    con = duckdb.connect()
    figures = con.sql(f"""SELECT metric, period_type, period_start, period_end, scope, status, basis, numerator, denominator
        FROM '{values}' WHERE force = '{own}' AND level = 'force'
        AND (solved_set IS NULL OR solved_set = 'positive_excluding_tic')""").fetchall()
    by_period = defaultdict(dict)
    for metric, period_type, start, end, scope, status, basis, numerator, denominator in figures:
        start, end = (d if isinstance(d, date) else date.fromisoformat(str(d)[:10]) for d in (start, end))
        by_period[metric, period_type, start, end][scope] = status, basis, (numerator, denominator)
    territorial = set()
    with gzip.open(table, "rt", newline="", encoding="utf-8") as file:
        in_strata = set()
        for line in csv.DictReader(file):
            territorial.add(line["force"])
            if kind(line["scope"]).startswith("offence_") and line["denominator"]:
                in_strata.add(line["metric"])
    peer = peers(table, in_strata, own)
    groups = [r for r in reference("peer_groups.csv") if r["force"] == own and r["group"] == "illustrative"]
    for (metric, period_type, start, end), scopes in by_period.items():
        if metric not in in_strata or scopes.get("all", ("",))[0] != "final":
            continue
        counts = {scope: of for scope, (_, _, of) in scopes.items() if None not in of}
        members = {r["member"] for r in groups if date.fromisoformat(r["valid_from"]) <= end
                   and (not r["valid_to"] or end <= date.fromisoformat(r["valid_to"]))}
        for comparator, wanted in (("national", territorial - {own}), ("most_similar_group", members)):
            for strata in ("offence_subgroup", "offence_group"):
                found = mixes(counts, peer[metric], (start, end), strata)
                found = {force: mix for force, mix in found.items() if mix[1]}
                there = sorted(wanted & set(found))
                enough = len(there) == len(wanted) if comparator == "national" else 2 * len(there) >= len(wanted)
                if "own" in found and there and enough:
                    key = metric, own, period_type, str(start), comparator
                    yield key, row(found, there, scopes["all"][1], strata, between(found))
                    break


def differ(ours, theirs, column):
    if column in NUMBERS:
        if ours is None or theirs is None:
            return ours is not theirs
        return abs(ours - theirs) > 1e-9 * abs(theirs) + 1e-12
    return ours != theirs


def scorecard(build, force, expected_rows):
    """The scorecard's lines say what the rows of their period say of the nation; a line without a row says nothing."""
    lines = duckdb.sql(f"""SELECT metric, period_type, period_start, national_adjusted_value, national_mix_difference,
        national_adjusted_verdict FROM '{build}/tables/scorecard.parquet' WHERE force = '{force}'""").fetchall()
    faults = []
    for metric, period_type, start, *ours in lines:
        row = expected_rows.get((metric, force, period_type, str(start), "national"), {})
        theirs = [row.get(c) for c in ("adjusted_value", "mix_difference", "verdict_95")]
        for column, a, b in zip(("adjusted_value", "mix_difference", "verdict_95"), ours, theirs):
            if differ(a, b, column):
                faults.append(f"scorecard {metric} {column}: {a}, not {b}")
    if not any(line[3] is not None for line in lines):
        faults.append("scorecard: no line has an adjusted value")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("values", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument("--force", default="gloucestershire")
    arguments = parser.parse_args()
    expected_rows = dict(rows(arguments.values, arguments.table, arguments.force))
    built = duckdb.sql(f"SELECT * FROM '{arguments.build}/tables/case_mix.parquet' WHERE force = '{arguments.force}'")
    found = [dict(zip(built.columns, line)) for line in built.fetchall()]
    found = {tuple(str(line[c]) for c in KEY): line for line in found}
    faults = [f"{key}: only in the {'build' if key in found else 'recomputation'}" for key in found.keys() ^ expected_rows.keys()]
    for key in found.keys() & expected_rows.keys():
        for column in (*NUMBERS, *WORDS):
            ours, theirs = found[key][column], expected_rows[key][column]
            if differ(ours, theirs, column):
                faults.append(f"{key} {column}: {ours}, not {theirs}")
    faults += scorecard(arguments.build, arguments.force, expected_rows)
    print(*sorted(faults)[:20], sep="\n")
    print(f"case mix: {len(expected_rows)} rows, {len(expected_rows) * len(NUMBERS + WORDS)} cells, {len(faults)} differ")
    if faults or not expected_rows:
        sys.exit(1)


if __name__ == "__main__":
    main()
