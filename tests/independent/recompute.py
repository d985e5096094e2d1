"""An independent recomputation of the metric catalogue from canonical extracts.

    python recompute.py EXTRACTS --force gloucestershire --out values.parquet

Written from the design documents alone, in DuckDB, to be set beside a build of the pipeline with
compare.py. Beside FILE it writes FILE's stem with .tallies (months only), .reconciliation (row
counts for each file) and .rows (every record that was not accepted). With `--only tallies` FILE
itself holds the tallies. Where the documents leave room, READINGS.md says what is done here.
"""

import argparse
import tempfile
from datetime import date
from pathlib import Path

import duckdb

import clock
import conform
import fates
import measure
from definitions import EXTRACTS, METRICS
from read_extracts import read_extract

REFERENCES = Path(__file__).resolve().parents[2] / "pipelines" / "references"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extracts", type=Path)
    parser.add_argument("--force", default="all", help="the force that is measured, or all")
    parser.add_argument("--own-force", default="gloucestershire", help="the force of rows that name none")
    parser.add_argument("--as-at", type=date.fromisoformat, help="the data date")
    parser.add_argument("--references", type=Path, action="append", help="folders, the first that has a file gives it")
    parser.add_argument("--out", type=Path, required=True, help="FILE.csv or FILE.parquet")
    parser.add_argument("--only", choices=["tallies"])
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def reference_finder(folders):
    def find(name: str) -> Path | None:
        path = next((folder / name for folder in folders if (folder / name).exists()), None)
        if path is None and name != "populations.csv":
            raise SystemExit(f"no {name} in {', '.join(map(str, folders))}")
        return path

    return find


def read_all(con, folder: Path, scratch: Path) -> dict[str, set[str]]:
    """Columns present by extract. An absent extract is an empty table and is not in the answer."""
    present = {}
    for extract in EXTRACTS:
        columns = read_extract(con, folder, extract, scratch)
        if columns is not None:
            present[extract] = columns
        else:
            fields = ", ".join(f"{name} VARCHAR" for name in EXTRACTS[extract].columns)
            con.execute(
                f"CREATE TABLE raw_{extract} (file VARCHAR, record BIGINT, ragged BOOLEAN, content VARCHAR, {fields})")
    if not present:
        raise SystemExit(f"no extract in {folder}")
    return present


def absent_columns(metric, present) -> list[str]:
    """The columns that a metric needs and the extracts do not have."""
    own = {"stock": "crimes", "contacts": "victim_contacts"}.get(metric.facts, metric.facts)
    if own not in present:
        return [own]
    absent = []
    for need in metric.needs:
        extract, column = need.split(".")
        if column in ("outcome_type", "outcome_at") and "outcomes" in present:
            extract = "outcomes"
        if column not in present.get(extract, ()):
            absent.append(need)
    return absent


def keep_force(con, force: str) -> None:
    """Rows of other forces are accepted and reconciled, and not measured."""
    tables = ("facts_calls", "facts_incidents", "facts_crimes", "facts_stock", "facts_surveys", "facts_contacts")
    union = " UNION ".join(f"SELECT force FROM {table}" for table in tables)
    if force == "all":
        con.execute(f"CREATE TABLE measured_forces AS {union}")
        return
    con.execute("CREATE TABLE measured_forces AS SELECT ? AS force", [force])
    for table in tables:
        con.execute(f"DELETE FROM {table} WHERE force <> ?", [force])


def make_facts(con, present) -> None:
    conform.conform_incidents(con)
    conform.conform_calls(con)
    conform.choose_outcomes(con, history="outcomes" in present)
    conform.conform_posts(con)
    conform.conform_crimes(con, has_incidents="incidents" in present)
    conform.crime_facts(con)
    con.execute("CREATE TABLE coverage (extract VARCHAR, first_month DATE, partial BOOLEAN)")
    measure.first_months(con, ["calls", "incidents", "crimes", "surveys"])
    first = con.execute("SELECT first_month FROM coverage WHERE extract = 'crimes'").fetchone()[0]
    conform.stock_facts(con, first or date(9000, 1, 1))
    conform.survey_facts(con, weighted="weight" in present.get("surveys", ()))
    conform.number_working_days(con)
    conform.contact_facts(con)


def copy(con, query: str, path: Path) -> None:
    form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
    con.execute(f"COPY ({query}) TO '{path}' ({form})")


def write(con, out: Path, only: str | None, extracts) -> None:
    def beside(name: str) -> Path:
        return out.with_name(f"{out.stem}.{name}{out.suffix}")

    if only == "tallies":
        copy(con, "SELECT * FROM tallies", out)
    else:
        copy(con, "SELECT * FROM metric_values ORDER BY ALL", out)
        copy(con, "SELECT * FROM tallies", beside("tallies"))
    copy(con, fates.reconciliation_sql(extracts), beside("reconciliation"))
    copy(con, fates.rows_sql(extracts), beside("rows"))


def main() -> None:
    arguments = parse_arguments()
    with tempfile.TemporaryDirectory() as scratch:
        con = duckdb.connect(str(Path(scratch) / "work.duckdb"), config={"threads": arguments.threads})
        clock.add_macros(con)
        present = read_all(con, arguments.extracts, Path(scratch))
        data_date, horizon = fates.settle(con, list(EXTRACTS), arguments.own_force, arguments.as_at)
        conform.load_references(con, reference_finder(arguments.references or [REFERENCES]), data_date)
        make_facts(con, present)
        keep_force(con, arguments.force)
        measure.make_periods(con, months_only=arguments.only == "tallies")
        absent = {m.id: absent_columns(m, present) for m in METRICS}
        measure.measure(con, [m for m in METRICS if not absent[m.id]])
        measure.write_values(con)
        for metric, columns in absent.items():
            if columns:
                measure.add_absent(con, metric, ", ".join(columns), data_date)
        measure.make_tallies(con)
        write(con, arguments.out, arguments.only, list(present))
        counts = [con.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("metric_values", "tallies")]
        print(f"data date {data_date}, horizon {horizon}: {counts[0]} metric values, {counts[1]} tallies")


if __name__ == "__main__":
    main()
