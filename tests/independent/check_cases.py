"""Holds recompute.py against the cells in cases/*/expected_by_hand.csv and expected_fates.csv.

    python check_cases.py [--references DIR]

A case folder is a folder of extracts; its own references/ goes before DIR, and arguments.txt holds
more arguments for recompute.py. Exit 1 on a difference.
"""

import argparse
import csv
import math
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEY = ("metric", "force", "level", "unit", "scope", "period_type", "period_start", "period_end")
USES_SOLVED_SET = ("solved_rate_closed", "solved_rate_recorded", "solved_within_90_days", "days_to_solved_median")
FATES = ("records_read", "accepted", "out_of_window", "quarantined", "duplicates")


def read(path: Path) -> list[dict]:
    with open(path, newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def key_of(row: dict) -> tuple:
    solved_set = row["solved_set"]
    if row["metric"] in USES_SOLVED_SET:
        solved_set = solved_set or "positive_excluding_tic"
    return (*(row[name] for name in KEY), solved_set)


def same(expected: str, found: str) -> bool:
    if expected == "" or found == "":
        return expected == found
    return math.isclose(float(expected), float(found), rel_tol=1e-12)


def check_values(case: Path, out: Path) -> list[str]:
    found = {key_of(row): row for row in read(out)}
    faults = []
    for row in read(case / "expected_by_hand.csv"):
        key = key_of(row)
        got = found.get(key)
        if row["status"] == "no_row":
            if got:
                faults.append(f"{key}: a row is there that should not be ({row['why']})")
        elif got is None:
            faults.append(f"{key}: no row ({row['why']})")
        else:
            for name in ("numerator", "denominator", "value"):
                if not same(row[name], got[name]):
                    faults.append(f"{key} {name}: {row[name]} by hand, {got[name]} found ({row['why']})")
            if row["status"] != got["status"]:
                faults.append(f"{key} status: {row['status']} by hand, {got['status']} found ({row['why']})")
    return faults


def check_fates(case: Path, out: Path) -> list[str]:
    found = {row["extract"]: row for row in read(out.with_name("out.reconciliation.csv"))}
    return [
        f"{row['extract']} {name}: {row[name]} by hand, {found[row['extract']][name]} found"
        for row in read(case / "expected_fates.csv")
        for name in FATES
        if row[name] != found[row["extract"]][name]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--references", default=str(HERE.parents[1] / "pipelines" / "references"))
    arguments = parser.parse_args()
    failed = False
    for case in sorted(path.parent for path in HERE.glob("cases/*/expected_by_hand.csv")):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out.csv"
            options = case / "arguments.txt"
            more = options.read_text().split() if options.exists() else []
            subprocess.run(
                [sys.executable, HERE / "recompute.py", case, "--out", out, *more,
                 "--references", case / "references", "--references", arguments.references], check=True)
            faults = check_values(case, out) + check_fates(case, out)
        cells = len(read(case / "expected_by_hand.csv"))
        print(f"{case.name}: {cells} cells by hand, {len(faults)} differences")
        print("\n".join(faults))
        failed = failed or bool(faults)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
