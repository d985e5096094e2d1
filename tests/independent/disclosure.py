"""A second reader against disclosure control: an integer programme over what the public knows.

    DISCLOSURE_TABLES=FOLDER cargo test --lib disclosure::attack
    python disclosure.py FOLDER

Each file holds cases; a case is builds, one after the other, of cells (id, count, inner, shown) and relations (terms of id and
factor that add up to 0). The reader knows what is shown, the relations, that counts are whole and not negative, and which cells a
build has revised. HiGHS (scipy.optimize.milp) gives the least and the greatest that each withheld cell may be. Exit 1 if one
is narrower than promised: 0 to 4 for a withheld count under 5; 4 apart for other withheld counts, and for inner ones under 5.
Counts are read for two things only: to know what was revised, and to judge the answer.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

LEAST_SHOWN = 5
APART = 4
# Guessed of a revision of a count of 5 or more that had been shown: as far as it went, and so much more.
MARGIN = 4
# Far beyond any count of the cases; a programme needs an end.
GREATEST = 10_000


class Secret:
    def __init__(self, cell_id, count):
        self.id, self.count, self.shown, self.offered = cell_id, count, False, False


def system(builds):
    """The secrets of all builds, and the relations among them as rows."""
    secrets, latest, rows = [], {}, set()
    for build in builds:
        for cell in build["cells"]:
            at = latest.get(cell["id"])
            if at is None or secrets[at].count != cell["count"]:
                at = len(secrets)
                secrets.append(Secret(cell["id"], cell["count"]))
                latest[cell["id"]] = at
            secrets[at].shown |= cell["shown"]
            secrets[at].offered |= not cell["inner"]
        for terms in build["relations"]:
            rows.add(tuple(sorted((latest[name], factor) for name, factor in terms)))
    return secrets, sorted(rows)


def bounds(secrets):
    low, high = np.zeros(len(secrets)), np.full(len(secrets), float(GREATEST))
    for at, secret in enumerate(secrets):
        if secret.shown:
            low[at] = high[at] = secret.count
            continue
        shown = [other.count for other in secrets if other.id == secret.id and other.shown]
        if secret.count >= LEAST_SHOWN and shown:
            nearest = min(shown, key=lambda count: (abs(count - secret.count), count))
            margin = abs(nearest - secret.count) + MARGIN
            low[at], high[at] = max(0, nearest - margin), nearest + margin
    return low, high


def reader(builds):
    """For each secret that is not shown: itself, and the least and greatest that it may be."""
    secrets, rows = system(builds)
    low, high = bounds(secrets)
    entries = [(row, at, factor) for row, terms in enumerate(rows) for at, factor in terms]
    row, at, factor = zip(*entries)
    matrix = csr_array((factor, (row, at)), shape=(len(rows), len(secrets)))
    fulfilled = LinearConstraint(matrix, 0, 0)
    for target, secret in enumerate(secrets):
        if secret.shown:
            continue
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(secrets))
            cost[target] = sign
            answer = milp(cost, constraints=fulfilled, bounds=Bounds(low, high), integrality=np.ones(len(secrets)))
            if answer.status != 0:
                raise SystemExit(f"no answer for {secret.id}: {answer.message}")
            ends.append(round(answer.x[target]))
        yield secret, ends[0], ends[1]


def main(folder):
    files = sorted(Path(folder).glob("*.json"))
    if not files:
        raise SystemExit(f"no tables in {folder}")
    wrong = 0
    for path in files:
        seen = Counter()
        for number, case in enumerate(json.loads(path.read_text())):
            seen["cases"] += 1
            unmet = {(name, count) for name, count in case["unmet"]}
            for secret, least, greatest in reader(case["builds"]):
                small = secret.count < LEAST_SHOWN
                if not small and not secret.offered:
                    continue
                seen["small" if small and secret.offered else "others"] += 1
                safe = least == 0 and greatest >= 4 if small and secret.offered else greatest - least >= APART
                if (secret.id, secret.count) in unmet:
                    seen["unmet"] += 1
                    seen["unmet and recovered"] += least == greatest
                elif not safe:
                    wrong += 1
                    print(f"{path.name} case {number}: {secret.id} is {secret.count}, from {least} to {greatest}")
        print(path.name, dict(seen))
    print(f"{wrong} narrower than promised")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
