"""Sets a build beside the independent recomputation, cell by cell. Exit 1 on any difference.

    python compare.py output/current values.parquet

OURS is a build folder: tables/metric_values.parquet and restricted/officer_values.parquet, and where
they are there restricted/tallies.parquet and tables/reconciliation.parquet. THEIRS is the file that
recompute.py wrote; its .tallies and .reconciliation lie beside it.

Whole numbers, nulls and words must be equal, fractions to a relative 1e-9. Rows of forces that are
not in THEIRS (published comparators, the nation) are counted and not compared. A row that is
not_available and has no numbers at all (a column is absent) is compared by metric, force and level: the
documents do not say which periods it has.
"""

import argparse
import sys
from pathlib import Path

import duckdb

KEY = ("metric", "force", "level", "unit", "scope", "period_type", "period_start", "period_end", "solved_set")
STATED_KEY = KEY[:-2]  # the key as metrics.md states it
NUMBERS = ("numerator", "denominator", "value")
WORDS = ("basis", "status")
TALLY_KEY = ("metric", "force", "level", "unit", "scope", "month")
FATE_KEY = ("extract", "file")
FATES = ("records_read", "accepted", "out_of_window", "quarantined", "duplicates")
ABSENT = "status = 'not_available' AND numerator IS NULL AND denominator IS NULL"
SCOPE_KIND = """CASE WHEN scope IN ('all', 'domestic_abuse', 'hate_crime', 'unmapped') THEN scope
    WHEN scope LIKE 'subgroup: %' THEN 'subgroup' ELSE 'group' END"""


def source(path: Path) -> str:
    return f"read_parquet('{path}')" if path.suffix == ".parquet" else f"read_csv('{path}')"


def columns_of(con, path: Path) -> set[str]:
    return {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source(path)}").fetchall()}


def load(con, name: str, paths: list[Path], key, numbers, words) -> None:
    """A table with the key as text, numbers as DOUBLE and words as text; an absent column is null."""
    selects = []
    for path in paths:
        there = columns_of(con, path)
        def cast(column, form):
            return f"CAST({column if column in there else 'NULL'} AS {form}) AS {column}"
        parts = [cast(c, "VARCHAR") for c in (*key, *words)] + [cast(c, "DOUBLE") for c in numbers]
        selects.append(f"SELECT {', '.join(parts)} FROM {source(path)}")
    con.execute(f"CREATE OR REPLACE TABLE {name} AS {' UNION ALL '.join(selects)}")


def differs(column: str) -> str:
    """Whole numbers exactly, fractions to 1e-9, null only as null; NaN and infinity never equal a number."""
    a, b = f"o.{column}", f"t.{column}"
    return f"""(({a} IS NULL) <> ({b} IS NULL) OR ({a} IS NOT NULL AND {a} <> {b} AND NOT (
        ({a} <> trunc({a}) OR {b} <> trunc({b})) AND abs({a} - {b}) <= 1e-9 * greatest(abs({a}), abs({b})))))"""


def repeated_keys(con, table: str, key) -> int:
    return con.execute(f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY {', '.join(key)} HAVING count(*) > 1)").fetchone()[0]


def set_side_by_side(con, key, numbers, words) -> None:
    """Table `findings`: a row for each key that is missing, extra or different, with what differs."""
    joined = " AND ".join(f"o.{c} IS NOT DISTINCT FROM t.{c}" for c in key)
    keys = ", ".join(f"CASE WHEN o.here THEN o.{c} ELSE t.{c} END AS {c}" for c in key)
    tests = [(c, differs(c)) for c in numbers] + [(c, f"o.{c} IS DISTINCT FROM t.{c}") for c in words]
    differing = " || ".join(f"CASE WHEN {test} THEN '{c} ' ELSE '' END" for c, test in tests)
    shown = lambda side: " || ', ' || ".join(  # noqa: E731
        f"'{c} ' || COALESCE(CAST({side}.{c} AS VARCHAR), 'null')" for c in (*numbers, *words))
    con.execute(f"""
        CREATE OR REPLACE TABLE findings AS
        SELECT * FROM (
            SELECT {keys},
                CASE WHEN t.here IS NULL THEN 'extra' WHEN o.here IS NULL THEN 'missing' ELSE trim({differing}) END AS finding,
                {shown("o")} AS ours, {shown("t")} AS theirs
            FROM (SELECT true AS here, * FROM ours) o FULL JOIN (SELECT true AS here, * FROM theirs) t ON {joined})
        WHERE finding <> ''""")


def show(con, key, groups, limit: int) -> None:
    """What differs, a line for each metric (or extract) and kind of finding, and where; then examples."""
    first, *others = groups
    places = ", ".join(f"'{name.split(' ')[-1]}: ' || string_agg(DISTINCT {name.split(' AS ')[0]}, ' ')" for name in others)
    rows = con.execute(f"""SELECT {first}, finding, count(*), {places} FROM findings
        GROUP BY {first}, finding ORDER BY {first}, finding""").fetchall()
    for name, finding, cells, *where in rows:
        print(f"  {name} | {finding} | {cells} | {' | '.join(where)}")
    print(f"  the first {limit} of them, one of each kind before a second:")
    rows = con.execute(f"""
        SELECT finding, {', '.join(key)}, ours, theirs FROM findings
        ORDER BY row_number() OVER (PARTITION BY finding, {key[0]} ORDER BY {', '.join(key)}), finding, {', '.join(key)}
        LIMIT {limit}""").fetchall()
    for finding, *names, ours, theirs in rows:
        print(f"    {finding}: {' | '.join(str(n) for n in names if n is not None)}\n        ours   {ours}\n        theirs {theirs}")


def compare_values(con, arguments, words) -> bool:
    build = arguments.ours
    paths = [build / "tables" / "metric_values.parquet", build / "restricted" / "officer_values.parquet"]
    load(con, "ours", [p for p in paths if p.exists()], KEY, NUMBERS, ("basis", "status"))
    load(con, "theirs", [arguments.theirs], KEY, NUMBERS, ("basis", "status"))
    for table in ("ours", "theirs"):
        print(f"{table}: {con.execute(f'SELECT count(*) FROM {table}').fetchone()[0]} rows, "
              f"{repeated_keys(con, table, KEY)} keys that occur twice "
              f"({repeated_keys(con, table, STATED_KEY)} by the key without period_end and solved_set)")
    left_out = con.execute("""SELECT level, count(*), count(DISTINCT force) FROM ours
        WHERE force NOT IN (SELECT force FROM theirs) GROUP BY level ORDER BY level""").fetchall()
    for level, rows, forces in left_out:
        print(f"not compared: {rows} rows of level {level} of {forces} forces that the recomputation does not have")
    con.execute("DELETE FROM ours WHERE force NOT IN (SELECT force FROM theirs)")
    unavailable = con.execute(f"""SELECT * FROM (
            SELECT 'ours alone' AS side, * FROM (SELECT metric, force, level FROM ours WHERE {ABSENT}
                EXCEPT SELECT metric, force, level FROM theirs WHERE {ABSENT})
            UNION ALL SELECT 'theirs alone', * FROM (SELECT metric, force, level FROM theirs WHERE {ABSENT}
                EXCEPT SELECT metric, force, level FROM ours WHERE {ABSENT})) ORDER BY ALL""").fetchall()
    for row in unavailable:
        print("not_available in", " | ".join(row))
    for table in ("ours", "theirs"):
        con.execute(f"DELETE FROM {table} WHERE {ABSENT}")
    set_side_by_side(con, KEY, NUMBERS, words)
    groups = ["metric", "level", f"{SCOPE_KIND} AS scope", "period_type"]
    return report(con, "metric values", KEY, groups, arguments.show) and not unavailable


def compare_tallies(con, arguments) -> bool:
    ours, theirs = arguments.ours / "restricted" / "tallies.parquet", beside(arguments.theirs, "tallies")
    if not (ours.exists() and theirs.exists()):
        print("tallies: not compared, a file is not there")
        return True
    load(con, "ours", [ours], TALLY_KEY, NUMBERS, ())
    load(con, "theirs", [theirs], TALLY_KEY, NUMBERS, ())
    con.execute("DELETE FROM ours WHERE force NOT IN (SELECT force FROM theirs)")
    set_side_by_side(con, TALLY_KEY, NUMBERS, ())
    return report(con, "tallies", TALLY_KEY, ["metric", "level", f"{SCOPE_KIND} AS scope"], arguments.show)


def compare_fates(con, arguments) -> bool:
    ours, theirs = arguments.ours / "tables" / "reconciliation.parquet", beside(arguments.theirs, "reconciliation")
    if not (ours.exists() and theirs.exists()):
        print("reconciliation: not compared, a file is not there")
        return True
    for name, path in (("ours", ours), ("theirs", theirs)):
        load(con, name, [path], FATE_KEY, FATES, ())
        con.execute(f"UPDATE {name} SET file = parse_filename(file)")
    con.execute("DELETE FROM ours WHERE extract NOT IN (SELECT extract FROM theirs)")
    set_side_by_side(con, FATE_KEY, FATES, ())
    return report(con, "reconciliation", FATE_KEY, ["extract", "file"], arguments.show)


def beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}.{name}{path.suffix}")


def report(con, what: str, key, groups, limit: int) -> bool:
    compared, count = con.execute("SELECT (SELECT count(*) FROM theirs), (SELECT count(*) FROM findings)").fetchone()
    print(f"{what}: {compared} rows of the recomputation compared, {count} differ")
    if count:
        show(con, key, groups, limit)
    return count == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours", type=Path)
    parser.add_argument("theirs", type=Path)
    parser.add_argument("--ignore", action="append", default=[], choices=WORDS, help="a column that is not compared")
    parser.add_argument("--show", type=int, default=20, help="differences printed for each table")
    arguments = parser.parse_args()
    con = duckdb.connect(config={"threads": 2})
    words = tuple(word for word in WORDS if word not in arguments.ignore)
    equal = [compare_values(con, arguments, words), compare_tallies(con, arguments), compare_fates(con, arguments)]
    sys.exit(0 if all(equal) else 1)


if __name__ == "__main__":
    main()
