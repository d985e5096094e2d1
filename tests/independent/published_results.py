"""Gloucestershire among the 43 forces, from the Home Office tables of sample_data/published as they lie there.

    python published_results.py --out ../suite/published_results.csv     # what the suite expects of a build
    python published_results.py ../../target/published/current           # a build beside it; exit 1 if a cell differs

One row for each basis, financial year and comparator. Recorded 2025/26 has none: its cohort is provisional.
"""

import argparse
import csv
import sys
from pathlib import Path

import judgement

FOLDER = Path(__file__).resolve().parents[2]
PUBLISHED = FOLDER / "sample_data" / "published"
OWN = "gloucestershire"
YEARS = {"closed": ("2024/25", "2025/26"), "recorded": ("2024/25",)}
WORDS = ("verdict_95", "verdict_998", "verdict_sampling", "sensitivity", "rank", "group_size", "position",
         "wide_position", "forces")
NUMBERS = ("numerator", "denominator", "value", "comparator_value", "difference", "p_value", "centre", "lower_95",
           "upper_998", "wide_lower_95")
RANKS = ("rank_lower", "rank_upper")


def read(name):
    with open(PUBLISHED / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def slug(row):
    return {"metropolitan-police": "metropolitan", "british-transport-police": "btp"}.get(row["slug"], row["slug"])


def counts(basis, year):
    """Solved outcomes and recorded crimes by force."""
    crimes = {slug(r): int(r["recorded_crime"]) for r in read("force_recorded_crime_by_year_2012-13_to_2025-26.csv")
              if r["fy"] == year}
    outcomes = {slug(r): r for r in read("force_outcomes_by_year_2024-25_to_2025-26.csv") if r["fy"] == year}
    types = ("1", "2", "3", "6", "7", "8", "22")
    return {force: (sum(int(row[f"{basis}_all_t{t}"]) for t in types), crimes[force])
            for force, row in outcomes.items() if force != "btp"}


def members():
    with open(FOLDER / "pipelines" / "references" / "peer_groups.csv", newline="", encoding="utf-8") as file:
        return [r["member"] for r in csv.DictReader(file) if r["force"] == OWN and r["group"] == "illustrative"]


def rows():
    for basis, years in YEARS.items():
        unit = judgement.ratio if basis == "closed" else judgement.share
        for year in years:
            found = counts(basis, year)
            assert len(found) == 43
            units = {force: unit(*found[force]) for force in sorted(found)}
            tau = judgement.between(list(units.values()), judgement.pooled(units.values()))
            own = units.pop(OWN)
            everybody = [own, *units.values()]
            for comparator, others, variant in (
                ("national", list(units.values()), "pooled"),
                ("most_similar_group", [units[m] for m in sorted(members())], "mean_of_rates_including_self"),
            ):
                place, lower, upper = judgement.rank(own, others)
                group = comparator == "most_similar_group"
                row = {"basis": basis, "year": year, "comparator": comparator, "numerator": found[OWN][0],
                       "denominator": found[OWN][1], "value": own[0], **judgement.judged(own, others, variant, tau)}
                row |= {"sensitivity": judgement.sensitivity(own, others, variant, tau) if group else "",
                        "rank": place, "rank_lower": lower, "rank_upper": upper, "group_size": len(others) + 1}
                row |= judgement.funnel(own, everybody, tau, basis == "closed") | {"forces": len(everybody)}
                yield {key: repr(float(v)) if key in NUMBERS else str(v) for key, v in row.items()}


def built(build, expected):
    """The build's cells of an expected row."""
    import duckdb

    first = f"{expected['year'][:4]}-04-01"
    where = f"""WHERE metric = 'solved_rate_{expected['basis']}' AND force = '{OWN}' AND level = 'force'
        AND scope = 'all' AND period_type = 'financial_year' AND period_start = DATE '{first}'"""
    table = lambda name: f"read_parquet('{build}/tables/{name}.parquet')"
    query = f"""SELECT m.numerator, m.denominator, c.*, f.centre, f.lower_95, f.upper_998, f.wide_lower_95, f.position,
        f.wide_position, f.forces
        FROM (SELECT * FROM {table('comparisons')} {where} AND comparator = '{expected['comparator']}') c,
             (SELECT * FROM {table('funnel')} {where}) f,
             (SELECT * FROM {table('metric_values')} {where} AND solved_set = 'positive_excluding_tic') m"""
    found = duckdb.sql(query)
    return [dict(zip(found.columns, row)) for row in found.fetchall()]


def compare(build):
    differ = cells = 0
    for expected in rows():
        found = built(build, expected)
        if len(found) != 1:
            print(f"{expected['basis']} {expected['year']} {expected['comparator']}: {len(found)} rows")
            differ += 1
            continue
        for column in (*NUMBERS, *WORDS, *RANKS):
            ours, theirs = found[0][column], expected[column]
            if column in NUMBERS:
                agree = abs(ours - float(theirs)) <= 1e-9 * abs(float(theirs))
            elif column in RANKS:
                agree = abs(ours - int(theirs)) <= 1  # two simulations
            else:
                agree = str(ours if ours is not None else "") == theirs
            cells += 1
            if not agree:
                differ += 1
                print(f"{expected['basis']} {expected['year']} {expected['comparator']} {column}: {ours}, not {theirs}")
    print(f"published results: {cells} cells, {differ} differ")
    return differ


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.out:
        found = list(rows())
        with open(arguments.out, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, found[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
    if arguments.build:
        sys.exit(min(1, compare(arguments.build)))


if __name__ == "__main__":
    main()
